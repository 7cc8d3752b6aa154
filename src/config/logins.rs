//! A domain's list of login names that no template gives: lines of a local part and its login name.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::Path;

use md5::{Digest, Md5};
use memchr::memchr_iter;

use super::file::is_utf_16;
use super::problem::{Problem, cut, hidden_character};
use crate::address::{Address, Domain};

/// A login name, and the line of the list that gives it.
#[derive(Debug, PartialEq, Eq)]
pub struct Login {
    pub name: String,
    pub line: usize,
    /// Whose it is, where only a digest of the address was known: the local part.
    pub local: Option<String>,
}

/// The longest list that is read, in bytes: some hundred thousand mailboxes.
const LONGEST: usize = 8 << 20;
/// The longest line, in bytes; a local part has at most 64 of them.
const LONGEST_LINE: usize = 4096;
/// How many lines, from the first, can be found by a digest: each costs 0.5 µs, or 0.9 µs where the domain has two forms.
pub const MOST_DIGESTED: usize = 60_000;
/// How much is read at once, in bytes.
const BLOCK: usize = 64 << 10;

/// The login name of a local part in any case: that of the first line for it, None when there is no line.
///
/// Lines for others are not judged.
pub fn login(path: &Path, list: impl Read, local: &str) -> Result<Option<Login>, Problem> {
    let wanted: Vec<char> = folded(local).collect();
    let found = lines(path, list, |number, line| {
        if !is_for(line, &wanted) {
            return None;
        }
        match entry(line) {
            Ok(None) => None,
            Ok(Some((_, name))) => {
                Some(Ok(Login { name: name.to_owned(), line: number, local: None }))
            }
            Err(wrong) => Some(Err(wrong.at(path, number))),
        }
    })?;
    found.transpose()
}

/// The login name of the address with that digest, and the address: that of the first line for it.
///
/// The digest is the MD5 of the address in lower case, with the domain in either of its forms.
/// Lines for others are not judged, and no line after the first [`MOST_DIGESTED`] is found.
pub fn digested(
    path: &Path,
    list: impl Read,
    domain: &Domain,
    digest: &[u8; 16],
) -> Result<Option<Login>, Problem> {
    let domains = [Some(format!("@{domain}")), domain.unicode().map(|name| format!("@{name}"))];
    let mut lower = String::new();
    let found = lines(path, list, |number, line| {
        if number > MOST_DIGESTED {
            return Some(None);
        }
        // A line that is not UTF-8 is a fault for the one whose local part it has.
        let valid = str::from_utf8(line).unwrap_or_else(|error| {
            str::from_utf8(&line[..error.valid_up_to()]).unwrap_or_default()
        });
        let (local, _) = first_field(valid.trim_start_matches(BLANKS));
        let cut = valid.len() < line.len() && valid.ends_with(local);
        if local.is_empty() || local.starts_with('#') || cut {
            return None;
        }
        lower.clear();
        if local.is_ascii() {
            lower.push_str(local);
            lower.make_ascii_lowercase();
        } else {
            lower.extend(local.chars().flat_map(char::to_lowercase));
        }
        let end = lower.len();
        let fits = |domain: &String| {
            lower.truncate(end);
            lower.push_str(domain);
            Md5::digest(&lower).as_slice() == digest
        };
        if !domains.iter().flatten().any(fits) {
            return None;
        }
        match entry(line) {
            Ok(None) => None,
            Ok(Some((local, name))) => {
                let local = Some(local.to_owned());
                Some(Some(Ok(Login { name: name.to_owned(), line: number, local })))
            }
            Err(wrong) => Some(Some(Err(wrong.at(path, number)))),
        }
    })?;
    found.flatten().transpose()
}

/// What there is to say of a list.
#[derive(Debug, Default)]
pub struct Judged {
    /// How many login names it gives.
    pub count: usize,
    pub problems: Vec<Problem>,
    /// What is valid and probably not meant.
    pub warnings: Vec<Problem>,
}

/// Judges every line, the valid ones by `lint`; at most `most` problems, and as many warnings.
pub fn judge(
    path: &Path,
    list: impl Read,
    most: usize,
    lint: impl Fn(&str, &str) -> Option<String>,
) -> Judged {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut judged = Judged::default();
    let read = lines(path, list, |number, line| {
        match visible(line).and_then(|()| entry(line)) {
            Ok(None) => {}
            Ok(Some((local, login))) => {
                let wrong = |text| Wrong { column: column(line, local), text }.at(path, number);
                let first = *known.entry(folded(local).collect()).or_insert(number);
                if first != number {
                    judged.problems.push(wrong(format!(
                        "duplicate entry for '{local}' (first on line {first}) is ignored; remove it"
                    )));
                } else if judged.warnings.len() < most {
                    judged.warnings.extend(lint(local, login).map(wrong));
                }
            }
            Err(wrong) => judged.problems.push(wrong.at(path, number)),
        }
        (judged.problems.len() >= most).then_some(())
    });
    judged.problems.extend(read.err());
    judged.count = known.len();
    judged
}

/// Whether all of a line can be seen: what cannot be seen in a local part keeps it from being found.
fn visible(line: &[u8]) -> Result<(), Wrong> {
    let text = str::from_utf8(line).unwrap_or_default();
    let text = text.split('#').next().unwrap_or_default().trim_matches([' ', '\t', '\r']);
    let Some((hidden, at)) = hidden_character(&text.replace(|c: char| c.is_ascii_control(), " "))
    else {
        return Ok(());
    };
    Err(Wrong { column: column(line, &text[at..]), text: format!("{hidden}; remove it") })
}

/// Calls `line` with the number and the text of each line, until it has a result.
fn lines<T>(
    path: &Path,
    mut list: impl Read,
    mut line: impl FnMut(usize, &[u8]) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let mut block = vec![0; BLOCK];
    let (mut kept, mut total, mut number) = (0, 0, 0);
    let problem = |line, text: &str| Err(Wrong { column: 1, text: text.to_owned() }.at(path, line));
    loop {
        let count = match list.read(&mut block[kept..]) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let reason = error.to_string();
                return Err(Problem::cannot_be_read(path, &reason, "mend or move it"));
            }
        };
        total += count;
        if total > LONGEST {
            return Err(Problem::cannot_be_read(path, "it is longer than 8 MiB", "shorten it"));
        }
        let bytes = &block[..kept + count];
        let last = (count == 0 && kept > 0).then_some(bytes.len());
        let mut start = 0;
        for end in memchr_iter(b'\n', bytes).chain(last) {
            number += 1;
            let mut text = &bytes[start..end];
            start = end + 1;
            if text.len() > LONGEST_LINE {
                return problem(number, "the line is longer than 4096 bytes; shorten it");
            }
            // In UTF-16 a letter of ASCII has a NUL beside it, and so has a line feed.
            if number <= 2 && (is_utf_16(text) || text.contains(&0)) {
                return Err(Problem::cannot_be_read(path, "it is UTF-16", "save it as UTF-8"));
            }
            if number == 1 {
                text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
            }
            if let Some(found) = line(number, text) {
                return Ok(Some(found));
            }
        }
        if count == 0 {
            return Ok(None);
        }
        let filled = bytes.len();
        kept = filled - start;
        if kept > LONGEST_LINE {
            return problem(number + 1, "the line is longer than 4096 bytes; shorten it");
        }
        block.copy_within(start..filled, 0);
    }
}

/// The characters without their case; the small sigma at the end of a word is one of its two forms.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c })
}

/// Whether the local part of the line is that one, which is folded.
fn is_for(line: &[u8], wanted: &[char]) -> bool {
    let line = line.trim_ascii_start();
    // The first byte rules nearly every line out; letters beyond ASCII can fold into it.
    let (Some(byte), Some(first)) = (line.first(), wanted.first()) else { return false };
    if byte.is_ascii() && char::from(byte.to_ascii_lowercase()) != *first {
        return false;
    }
    // Every character of the wanted one comes from at most four bytes.
    let head = &line[..line.len().min(4 * (wanted.len() + 1))];
    let valid = match str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    };
    let mut characters = folded(valid);
    wanted.iter().all(|want| characters.next() == Some(*want))
        && match characters.next() {
            Some(after) => after.is_ascii_whitespace(),
            None => valid.len() == line.len(),
        }
}

/// What is wrong with a line.
struct Wrong {
    column: usize,
    text: String,
}

impl Wrong {
    fn at(self, path: &Path, line: usize) -> Problem {
        Problem { line, column: self.column, ..Problem::of(path, self.text) }
    }
}

/// The local part and the login name of a line; None when it is blank or a comment.
fn entry(line: &[u8]) -> Result<Option<(&str, &str)>, Wrong> {
    let wrong = |place: &str, text: String| Err(Wrong { column: column(line, place), text });
    let text = match str::from_utf8(line) {
        Ok(text) => text.strip_suffix('\r').unwrap_or(text),
        Err(error) => {
            let valid = &line[..error.valid_up_to()];
            let column = String::from_utf8_lossy(valid).chars().count() + 1;
            return Err(Wrong { column, text: "the line is not UTF-8; save it as UTF-8".into() });
        }
    };
    let text = text.trim_matches(BLANKS);
    if text.is_empty() || text.starts_with('#') {
        return Ok(None);
    }
    if let Some(at) = text.find(|c: char| c.is_control() && c != '\t') {
        return wrong(&text[at..], "a control character; remove it".to_owned());
    }
    let (local, rest) = first_field(text);
    let (login, more) = first_field(rest);
    let quoted = cut(local);
    if Address::new(&format!("{local}@example.org")).is_none() {
        let text = if local.contains('@') {
            format!("'{quoted}' is an address; write what stands before its @")
        } else {
            format!("'{quoted}' must be what stands before the @ of an address")
        };
        return wrong(local, text);
    }
    if login.is_empty() || login.starts_with('#') {
        let text = format!("'{quoted}' has no login name; write it after a space");
        return wrong(local, text);
    }
    if login.starts_with('"') && (login.len() == 1 || !login.ends_with('"')) {
        return wrong(login, "a quote that is not closed; close or remove it".to_owned());
    }
    if login.contains('\t') {
        return wrong(login, "a tab in the login name; remove it".to_owned());
    }
    if !more.is_empty() && !more.starts_with('#') {
        let more_quoted = cut(more);
        let text =
            format!("'{more_quoted}' stands after the login name; a login name has no space");
        return wrong(more, text);
    }
    Ok(Some((local, login)))
}

const BLANKS: [char; 2] = [' ', '\t'];

/// What stands before the first blank outside quotes, and what comes after the blanks.
fn first_field(text: &str) -> (&str, &str) {
    let (mut quoted, mut escaped) = (false, false);
    let quoting = text.starts_with('"');
    let end = text.find(|character: char| {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if quoting => quoted = !quoted,
            _ => return !quoted && BLANKS.contains(&character),
        }
        false
    });
    let (field, rest) = text.split_at(end.unwrap_or(text.len()));
    (field, rest.trim_start_matches(BLANKS))
}

/// The column of a part of the line, in characters from 1.
fn column(line: &[u8], part: &str) -> usize {
    let before = part.as_ptr().addr().saturating_sub(line.as_ptr().addr()).min(line.len());
    String::from_utf8_lossy(&line[..before]).chars().count() + 1
}

#[cfg(test)]
#[path = "../../tests/it/logins.rs"]
mod tests;

//! A domain's list of login names that no template gives: lines of a local part and its login name.

use std::collections::HashMap;
use std::io::{self, Read};

use memchr::memchr_iter;

use crate::address::Address;

/// A login name, and the line of the list that gives it.
#[derive(Debug, PartialEq, Eq)]
pub struct Login {
    pub name: String,
    pub line: usize,
}

/// Why a list cannot be used.
#[derive(Debug)]
pub enum Trouble {
    Unreadable(io::Error),
    Flaw(Flaw),
}

/// Something wrong in a list; line and column from 1, the column in characters.
#[derive(Debug, PartialEq, Eq)]
pub struct Flaw {
    pub line: usize,
    pub column: usize,
    /// What is wrong; what would be right.
    pub text: String,
}

/// The longest list that is read, in bytes: some two million mailboxes.
const LONGEST: usize = 64 << 20;
/// The longest line, in bytes; a local part has at most 64 of them.
const LONGEST_LINE: usize = 4096;
/// How much is read at once, in bytes.
const BLOCK: usize = 64 << 10;

/// The login name of a local part in any case: that of the first line for it, None when there is no line.
///
/// Lines for others are not judged.
pub fn login(list: impl Read, local: &str) -> Result<Option<Login>, Trouble> {
    let wanted = local.to_lowercase();
    let found = lines(list, |number, line| {
        if may_begin_with(line, wanted.as_bytes()) {
            entry_for(line, number, &wanted)
        } else {
            None
        }
    })?;
    found.transpose().map_err(Trouble::Flaw)
}

/// The login name of a line for that local part, which is in lower case.
// Kept out of the loop, which nearly every line leaves before this.
#[inline(never)]
fn entry_for(line: &[u8], number: usize, wanted: &str) -> Option<Result<Login, Flaw>> {
    match entry(line) {
        Ok(Some((local, name))) => (local.to_lowercase() == wanted)
            .then(|| Ok(Login { name: name.to_owned(), line: number })),
        Ok(None) => None,
        Err(wrong) => {
            let text = String::from_utf8_lossy(line);
            let (local, _) = first_field(text.trim());
            (local.to_lowercase() == wanted).then(|| Err(wrong.flaw(number)))
        }
    }
}

/// How many login names the list gives, and everything that is wrong in it.
pub fn judge(list: impl Read) -> Result<(usize, Vec<Flaw>), Trouble> {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut flaws = Vec::new();
    lines(list, |number, line| {
        match entry(line) {
            Ok(None) => {}
            Ok(Some((local, _))) => {
                let first = *known.entry(local.to_lowercase()).or_insert(number);
                if first != number {
                    let text = format!(
                        "'{local}' again, which is ignored: line {first} has it; remove one"
                    );
                    flaws.push(Wrong { column: column(line, local), text }.flaw(number));
                }
            }
            Err(wrong) => flaws.push(wrong.flaw(number)),
        }
        None::<()>
    })?;
    Ok((known.len(), flaws))
}

/// Whether the text is the name of a file in the same folder.
pub fn check_name(name: &str) -> Result<(), String> {
    let why = match name {
        "" => "is empty",
        "." | ".." => "is a folder",
        _ if name.contains('/') => "is a path",
        _ if name.chars().any(char::is_control) => "has a control character",
        // The web server hides files by this ending.
        _ if !name.ends_with(".logins") => "does not end in .logins",
        _ => return Ok(()),
    };
    Err(format!("{why}; name a file beside this one, like \"example.org.logins\""))
}

/// Calls `line` with the number and the text of each line, until it has a result.
fn lines<T>(
    mut list: impl Read,
    mut line: impl FnMut(usize, &[u8]) -> Option<T>,
) -> Result<Option<T>, Trouble> {
    let mut block = vec![0; BLOCK];
    let (mut kept, mut total, mut number) = (0, 0, 0);
    let too_long = |line, text: &str| {
        Err(Trouble::Flaw(Flaw { line, column: 1, text: format!("{text}; shorten it") }))
    };
    loop {
        let count = match list.read(&mut block[kept..]) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Trouble::Unreadable(error)),
        };
        total += count;
        if total > LONGEST {
            return too_long(number + 1, "the list is longer than 64 MiB");
        }
        let bytes = &block[..kept + count];
        let last = (count == 0 && kept > 0).then_some(bytes.len());
        let mut start = 0;
        for end in memchr_iter(b'\n', bytes).chain(last) {
            number += 1;
            let mut text = &bytes[start..end];
            start = end + 1;
            if text.len() > LONGEST_LINE {
                return too_long(number, "the line is longer than 4096 bytes");
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
            return too_long(number + 1, "the line is longer than 4096 bytes");
        }
        block.copy_within(start..filled, 0);
    }
}

/// Whether the line can be for that local part, which is in lower case; the first byte rules most lines out.
fn may_begin_with(line: &[u8], wanted: &[u8]) -> bool {
    for (index, want) in wanted.iter().enumerate() {
        match line.get(index) {
            Some(byte) if byte.to_ascii_lowercase() == *want => {}
            // Letters beyond ASCII have lower case of their own, and blanks may come first.
            Some(byte) => return !byte.is_ascii() || (index == 0 && *byte <= b' '),
            None => return false,
        }
    }
    line.get(wanted.len()).is_none_or(|byte| !byte.is_ascii() || *byte <= b' ')
}

/// What is wrong with a line.
struct Wrong {
    column: usize,
    text: String,
}

impl Wrong {
    fn flaw(self, line: usize) -> Flaw {
        Flaw { line, column: self.column, text: self.text }
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
    if Address::new(&format!("{local}@example.org")).is_none() {
        let text = if local.contains('@') {
            format!("'{local}' is an address; write what stands before its @")
        } else {
            format!("'{local}' is no local part; write what stands before the @ of an address")
        };
        return wrong(local, text);
    }
    if login.is_empty() || login.starts_with('#') {
        let text = format!("'{local}' has no login name; write it after a space");
        return wrong(local, text);
    }
    if login.starts_with('"') && (login.len() == 1 || !login.ends_with('"')) {
        return wrong(login, "a quote that is not closed; close or remove it".to_owned());
    }
    if login.contains('\t') {
        return wrong(login, "a tab in the login name; remove it".to_owned());
    }
    if !more.is_empty() && !more.starts_with('#') {
        let text = format!("'{more}' stands after the login name; a login name has no space");
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
mod tests {
    use super::*;

    #[track_caller]
    fn found(list: &str, local: &str, expected: Option<(&str, usize)>) {
        let login = login(list.as_bytes(), local).unwrap();
        assert_eq!(login.as_ref().map(|login| (login.name.as_str(), login.line)), expected);
    }

    #[track_caller]
    fn flaws(list: &[u8], expected: &[(usize, usize, &str)]) {
        let (_, flaws) = judge(list).unwrap();
        let flaws: Vec<_> = flaws.iter().map(|f| (f.line, f.column, f.text.as_str())).collect();
        assert_eq!(flaws, expected);
    }

    #[test]
    fn a_line_gives_the_login_name() {
        let list = "# mail\n\nada web1p1\r\n\t Grace \t web1p2  # later\n";
        found(list, "ada", Some(("web1p1", 3)));
        found(list, "ADA", Some(("web1p1", 3)));
        found(list, "grace", Some(("web1p2", 4)));
        for absent in ["ad", "adas", "web1p1", "#", "linus"] {
            found(list, absent, None);
        }
    }

    #[test]
    fn the_last_line_needs_no_end() {
        found("ada a1", "ada", Some(("a1", 1)));
        found("\u{feff}ada a1", "ada", Some(("a1", 1)));
        found("", "ada", None);
    }

    #[test]
    fn letters_beyond_ascii_have_no_case_either() {
        found("ДЕД d1\nstraße s1\nKay k1\n", "дед", Some(("d1", 1)));
        found("ДЕД d1\nstraße s1\n", "STRAßE", Some(("s1", 2)));
        // The sign for kelvin, whose lower case is a plain k.
        found("\u{212a}ay k1\n", "kay", Some(("k1", 1)));
    }

    #[test]
    fn a_quoted_local_part_may_hold_blanks() {
        found("\"a \\\" b\" q1\nb b1\n", "\"A \\\" b\"", Some(("q1", 1)));
    }

    #[test]
    fn the_first_of_two_lines_counts() {
        found("ada a1\nAda a2\n", "ada", Some(("a1", 1)));
        let text = "'Ada' again, which is ignored: line 1 has it; remove one";
        flaws(b"ada a1\nAda a2\n", &[(2, 1, text)]);
    }

    #[test]
    fn a_block_may_end_anywhere() {
        for length in BLOCK - 40..BLOCK + 40 {
            let comment = format!("#{}\n", "x".repeat(1022));
            let mut list = comment.repeat(length / 1024);
            list.push_str(&"#".repeat(length % 1024));
            list.push_str("\nada a1\nbob b1\n");
            found(&list, "bob", Some(("b1", length / 1024 + 3)));
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        flaws(b"ada\n", &[(1, 1, "'ada' has no login name; write it after a space")]);
        flaws(b" \xd0\xb4 # x\n", &[(1, 2, "'д' has no login name; write it after a space")]);
        let text = "'b c' stands after the login name; a login name has no space";
        flaws("д a b c\n".as_bytes(), &[(1, 5, text)]);
        flaws(b"\nad\xff a\n", &[(2, 3, "the line is not UTF-8; save it as UTF-8")]);
        flaws(b"ada a\x1b\n", &[(1, 6, "a control character; remove it")]);
        let text = "a quote that is not closed; close or remove it";
        flaws(b"ada \"a b\nbob \"\n", &[(1, 5, text), (2, 5, text)]);
        flaws(b"ada \"a\tb\"\n", &[(1, 5, "a tab in the login name; remove it")]);
        let text = "'ada@example.org' is an address; write what stands before its @";
        flaws(b"ada@example.org a\n", &[(1, 1, text)]);
        let text = "'ada:' is no local part; write what stands before the @ of an address";
        flaws(b"ada: a\n", &[(1, 1, text)]);
    }

    #[test]
    fn only_the_line_that_is_asked_for_is_judged() {
        found("bob\nad\u{1}\nada a1\n", "ada", Some(("a1", 3)));
        assert!(matches!(login(&b"ada a\xff\n"[..], "ada"), Err(Trouble::Flaw(_))));
        assert!(matches!(login(&b"ada\n"[..], "ada"), Err(Trouble::Flaw(_))));
    }

    #[test]
    fn lines_have_a_bound() {
        let list = format!("a a\n{} x\n", "y".repeat(LONGEST_LINE));
        let Err(Trouble::Flaw(flaw)) = judge(list.as_bytes()) else { panic!("no flaw") };
        assert_eq!((flaw.line, flaw.column), (2, 1));
        assert!(matches!(judge(&[b'x'; BLOCK][..]), Err(Trouble::Flaw(_))));
    }

    #[test]
    fn lists_have_a_bound() {
        let line = format!("#{}\n", "x".repeat(LONGEST_LINE - 1));
        let list = line.repeat(LONGEST / line.len() + 1);
        assert!(matches!(login(list.as_bytes(), "x"), Err(Trouble::Flaw(_))));
    }

    #[test]
    fn a_name_stays_in_its_folder() {
        for name in ["", ".", "..", "../x", "a/b", "/etc/passwd", "a\0b"] {
            assert!(check_name(name).is_err(), "{name}");
        }
        assert_eq!(check_name("example.org.logins"), Ok(()));
    }
}

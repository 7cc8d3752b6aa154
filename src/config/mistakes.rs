//! Reads a file key by key: what it says, or every mistake with its place and what would be right.

use std::ops::Range;

use memchr::memchr;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, Error, ValueDeserializer};

use super::keys::{self, KEYS, Key, Scope, Settings, TABLES, Table, Takes, WITH_LOGIN_URL};
use super::problem::{cut, hidden_character};
use crate::address::is_invisible;

/// A byte offset, and what is wrong there.
pub type Mistake = (usize, String);

/// Tables and keys with a mistake; the key is empty when it is unknown.
pub type Wrong = Vec<(&'static str, &'static str)>;

/// The most mistakes that are reported of a file.
pub const MOST: usize = 100;

/// What is left of a file when its mistakes are taken out.
pub struct Judged {
    pub settings: Settings,
    /// In the order of the text; one more than `MOST` when there are more.
    pub mistakes: Vec<Mistake>,
    /// The valid values that are text.
    pub texts: Vec<Text>,
    /// None when some of the text could not be read.
    pub wrong: Option<Wrong>,
}

/// A value of a file, or an element of a list, that is text.
pub struct Text {
    /// Empty above the first header.
    pub table: &'static str,
    pub key: &'static Key,
    pub at: usize,
    pub value: String,
}

/// What a text says, or its first mistake.
pub fn read(scope: Scope, text: &str) -> Result<Settings, Mistake> {
    let first = |error| {
        unreadable(&DeTable::parse_recoverable(text).1, text)
            .into_iter()
            .next()
            .unwrap_or_else(|| syntax(&error, text))
    };
    let tree = DeTable::parse(text).map_err(first)?;
    let mut judge = Judge { scope, text, mistakes: Vec::new(), texts: None, wrong: Vec::new() };
    let settings = judge.file(tree.into_inner());
    judge.mistakes.into_iter().next().map_or(Ok(settings), Err)
}

/// All mistakes of a text, and what is right in it.
pub fn all(scope: Scope, text: &str) -> Judged {
    let (mut tree, mut errors) = DeTable::parse_recoverable(text);
    let mended = mended(text, &errors);
    if let Some(mended) = &mended {
        let (rest, further) = DeTable::parse_recoverable(mended);
        tree = rest;
        errors.extend(further);
    }
    let unreadable = unreadable(&errors, text);
    let mut judge =
        Judge { scope, text, mistakes: Vec::new(), texts: Some(Vec::new()), wrong: Vec::new() };
    let settings = judge.file(tree.into_inner());
    // What stands where the text cannot be read may be the consequence of that.
    let lost: Vec<Range<usize>> = unreadable.iter().map(|mistake| lost(text, mistake)).collect();
    let is_whole = unreadable.is_empty() && judge.mistakes.len() <= MOST;
    let mut mistakes = judge.mistakes;
    mistakes.retain(|(at, _)| !lost.iter().any(|lost| lost.contains(at)));
    let mut texts = judge.texts.unwrap_or_default();
    texts.retain(|text| !lost.iter().any(|lost| lost.contains(&text.at)));
    mistakes.extend(unreadable);
    mistakes.sort_by_key(|(at, _)| *at);
    mistakes.truncate(MOST + 1);
    let wrong = is_whole.then_some(judge.wrong);
    Judged { settings, mistakes, texts, wrong }
}

/// The line of a syntax error; for a header all lines below it, which seem to stand elsewhere,
/// and for a conflict or an open list all that follows.
fn lost(text: &str, (at, what): &Mistake) -> Range<usize> {
    if text[*at..].starts_with(CONFLICT) || what == OPEN_LIST {
        return *at..text.len();
    }
    let start = text[..*at].rfind('\n').map_or(0, |newline| newline + 1);
    let is_header = |line: &str| {
        line.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c)).starts_with('[')
    };
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let below = lines.take_while(|line| is_header(first) && !is_header(line));
    start..start + first.len() + below.map(str::len).sum::<usize>()
}

/// The text without the lines at which the parser gives up, none of which has a value after `=`;
/// all that is left stands where it stood. None when it does not give up.
fn mended(text: &str, errors: &[Error]) -> Option<String> {
    if errors.is_empty() {
        return None;
    }
    let mut starts: Vec<usize> = errors.iter().map(|error| start(error, text)).collect();
    starts.sort_unstable();
    let mut starts = starts.into_iter().peekable();
    let mut mended = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let end = mended.len() + line.len();
        let wrong = starts.next_if(|start| *start < end).is_some();
        while starts.next_if(|start| *start < end).is_some() {}
        match line.split_once(':') {
            Some((key, value)) if wrong && colon(line).is_some() => {
                mended.extend([key, "=", value]);
            }
            _ if wrong && !line.contains('=') && !line.trim_start().starts_with('[') => {
                mended.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            }
            _ => mended.push_str(line),
        }
    }
    Some(mended)
}

/// Where an error begins.
fn start(error: &Error, text: &str) -> usize {
    error.span().map_or(text.len(), |span| span.start)
}

/// Reads each key by itself, so that one that is wrong hides no other.
struct Judge<'t> {
    scope: Scope,
    text: &'t str,
    mistakes: Vec<Mistake>,
    /// The valid values that are text, where all mistakes are wanted; else the first is enough.
    texts: Option<Vec<Text>>,
    wrong: Wrong,
}

type Name<'t> = Spanned<DeString<'t>>;
type Value<'t> = Spanned<DeValue<'t>>;

impl<'t> Judge<'t> {
    /// What is right in the file.
    fn file(&mut self, tree: DeTable<'t>) -> Settings {
        let mut settings = Settings::default();
        for (name, value) in in_order(tree) {
            let span = value.span();
            match (keys::table(name.get_ref()), value.into_inner()) {
                (Some(known), DeValue::Table(entries)) => {
                    let mut table = Box::<Table>::default();
                    table.start = span.start;
                    for (key, value) in in_order(entries) {
                        self.value(known, &mut table, &key, value);
                    }
                    settings.insert(known, table);
                }
                (known, value) => {
                    self.wrong.extend(known.map(|table| (table, "")));
                    self.value("", &mut settings.top, &name, Spanned::new(span, value));
                }
            }
        }
        settings
    }

    /// Reads a value into its table, when its key takes it.
    fn value(&mut self, place: &'static str, table: &mut Table, name: &Name<'t>, value: Value<'t>) {
        if self.has_enough() {
            return;
        }
        let Some(key) = keys::row(self.scope, place, name.get_ref()) else {
            let (at, text) = self.unknown(place, name, &value);
            return self.report(place, "", at, text);
        };
        let at = value.span().start;
        let found = value.get_ref().type_str();
        if !key.takes.type_names().contains(&found) {
            return self.report(place, key.name, at, wrong_type(key, found));
        }
        // Each element by itself, so that one that is wrong hides no other.
        let before = self.mistakes.len();
        if let DeValue::Array(elements) = value.get_ref() {
            let mut domains = Vec::new();
            for element in elements {
                let at = element.span().start;
                let one: Result<(), Error> = match key.takes {
                    _ if self.has_enough() => break,
                    _ if !element.get_ref().is_str() => {
                        let text = format!("'{}' must hold text in quotes", key.name);
                        self.report(place, key.name, at, text);
                        Ok(())
                    }
                    Takes::Domains => {
                        let element = ValueDeserializer::from(element.clone());
                        Deserialize::deserialize(element).map(|pattern| domains.push((pattern, at)))
                    }
                    _ => Table::default().set(key.name, element.clone()),
                };
                self.note(place, key, element, one);
            }
            if key.takes == Takes::Domains {
                return table.set_domains(domains, at);
            }
        }
        if self.mistakes.len() != before {
            return;
        }
        let kept = if self.texts.is_some() {
            value.clone()
        } else {
            Spanned::new(value.span(), DeValue::Boolean(true))
        };
        let has_login = key.takes == Takes::Url
            && value.get_ref().as_str().is_some_and(|url| url.contains("{login}"));
        let read = table.set(key.name, value);
        self.note(place, key, &kept, read);
        if has_login && !(key.name == "url" && WITH_LOGIN_URL.contains(&place)) {
            let tables = WITH_LOGIN_URL.join("], [");
            let text = format!("'{}' has {{login}}, which may stand in [{tables}] only", key.name);
            self.report(place, key.name, at, text);
        }
        let list = table.logins().filter(|_| key.takes == Takes::ListName);
        if self.scope == Scope::Common && list.is_some_and(|list| !list.is_of_domain()) {
            let text = "'logins' is for all domains here; write \"{domain}.logins\", \
                        or the list of one domain in domains/NAME.toml";
            self.report(place, key.name, at, text.to_owned());
            table.forget_logins();
        }
    }

    fn has_enough(&self) -> bool {
        self.mistakes.len() > if self.texts.is_some() { MOST } else { 0 }
    }

    fn report(&mut self, table: &'static str, key: &'static str, at: usize, text: String) {
        self.wrong.push((table, key));
        self.mistakes.push((at, text));
    }

    /// Notes why a value was not read, or keeps it when it is text.
    fn note(
        &mut self,
        table: &'static str,
        key: &'static Key,
        value: &Value,
        read: Result<(), Error>,
    ) {
        let at = value.span().start;
        match (read, value.get_ref().as_str(), &mut self.texts) {
            (Err(error), ..) => {
                let what = match key.takes {
                    Takes::Port | Takes::Hours | Takes::Days => {
                        format!("must be {}", key.takes.words())
                    }
                    _ => error.message().to_owned(),
                };
                self.report(table, key.name, at, format!("'{}' {what}", key.name));
            }
            (Ok(()), Some(text), Some(texts)) => {
                texts.push(Text { table, key, at, value: text.to_owned() });
            }
            _ => {}
        }
    }

    /// What to say of a key that means nothing where it stands.
    fn unknown(&self, table: &str, name: &Name, value: &Value) -> Mistake {
        let (at, name) = (name.span().start, &**name.get_ref());
        let quoted = cut(name);
        if keys::table(name).is_some() && table.is_empty() {
            if value.get_ref().is_array() && self.text[value.span().start..].starts_with("[[") {
                return (at, format!("[[{name}]] must be [{name}], and stand once"));
            }
            return (at, format!("'{name}' must be a table; write [{name}] and its keys below"));
        }
        let known_elsewhere = |key: &&Key| key.name == name && key.tables != [table];
        let what = match name {
            _ if keys::row(Scope::Common, table, name).is_some() => {
                format!("'{name}' is for all domains; write it in autodiscover.toml")
            }
            _ if table.is_empty() && value.get_ref().is_table() => {
                let names: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
                let hint = meant(name, &names, TABLE_SYNONYMS);
                let hint = hint.unwrap_or_else(|| format!("valid tables: {}", names.join(", ")));
                format!("unknown table '{quoted}'; {hint}")
            }
            _ => {
                let place = if table.is_empty() { String::new() } else { format!(" in [{table}]") };
                let elsewhere = KEYS.iter().find(known_elsewhere);
                let synonym = SYNONYMS.iter().find(|(theirs, _)| *theirs == name);
                let names: Vec<&str> = keys::rows(self.scope, table).map(|key| key.name).collect();
                let hint = match (synonym, elsewhere) {
                    (Some((_, ours)), _) if !table.is_empty() => format!("write {ours}"),
                    (_, Some(key)) if key.tables == [""] => {
                        "move it above the first [table]".to_owned()
                    }
                    (_, Some(key)) => {
                        let tables: Vec<String> =
                            key.tables.iter().map(|table| format!("[{table}]")).collect();
                        format!("write it below {}", tables.join(" or "))
                    }
                    _ => meant(name, &names, &[])
                        .unwrap_or_else(|| format!("valid keys: {}", names.join(", "))),
                };
                format!("unknown key '{quoted}'{place}; {hint}")
            }
        };
        (at, what)
    }
}

/// The entries in the order of the text; a tree has them by name.
fn in_order(table: DeTable) -> Vec<(Name, Value)> {
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

fn wrong_type(key: &Key, found: &str) -> String {
    let article = if found.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("'{}' must be {}, not {article} {found}", key.name, key.takes.words())
}

/// Keys that others have where we have another, and what to write.
const SYNONYMS: &[(&str, &str)] = &[
    ("ssl", "encryption = \"ssl\""),
    ("tls", "encryption = \"ssl\""),
    ("starttls", "encryption = \"starttls\""),
    ("security", "encryption = \"ssl\" or \"starttls\""),
    ("host", "'server'"),
    ("hostname", "'server'"),
    ("user", "'login_name'"),
    ("username", "'login_name'"),
    ("login", "'login_name'"),
];

/// Tables of ours that others have by another name.
const TABLE_SYNONYMS: &[(&str, &str)] = &[
    ("pop", "pop3"),
    ("submission", "smtp"),
    ("oauth", "oauth2"),
    ("sieve", "managesieve"),
    ("activesync", "mobilesync"),
    ("eas", "mobilesync"),
    ("calendar", "caldav"),
    ("contacts", "carddav"),
];

/// The name that was probably meant.
fn meant(name: &str, names: &[&str], synonyms: &[(&str, &str)]) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let synonym = synonyms.iter().find(|(theirs, _)| *theirs == lower).map(|(_, ours)| *ours);
    let near = names
        .iter()
        .filter(|_| name.len() < 40)
        .map(|known| (strsim::damerau_levenshtein(&lower, known), *known))
        .filter(|(distance, known)| *distance <= known.len().min(lower.len()) / 3)
        .min()
        .map(|(_, known)| known);
    synonym.or(near).map(|meant| format!("did you mean '{meant}'?"))
}

/// The mistakes that keep the text from being read; of those in a line the first.
fn unreadable(errors: &[Error], text: &str) -> Vec<Mistake> {
    // All that follows the first mark of a conflict is its consequence.
    let conflict = Some(0).filter(|_| text.starts_with(CONFLICT));
    let conflict = conflict.or(text.find(&format!("\n{CONFLICT}")).map(|at| at + 1));
    if let (Some(at), false) = (conflict, errors.is_empty()) {
        let what = "a mark of a merge conflict; keep one of the two versions and remove the marks";
        return vec![(at, what.to_owned())];
    }
    let mut errors: Vec<(usize, &Error)> =
        errors.iter().map(|error| (start(error, text), error)).collect();
    errors.sort_by_key(|(at, _)| *at);
    // In an array that is never closed, all that follows is taken for its elements.
    let starts = |words: &'static str| {
        move |(_, error): &(usize, &Error)| error.message().starts_with(words)
    };
    if let (Some(start), Some(end)) = (
        errors.iter().position(starts("missing comma")),
        errors.iter().rposition(starts("unclosed")),
    ) && start < end
    {
        let is_header = text[errors[start].0..].trim_start().starts_with('[');
        errors.drain(start + 1..end + usize::from(is_header));
    }
    let mut mistakes = Vec::new();
    let mut line_end = 0;
    for (at, error) in errors {
        if at >= line_end && mistakes.len() <= MOST {
            mistakes.push(syntax(error, text));
            let rest = &text.as_bytes()[at..];
            line_end = at + memchr(b'\n', rest).unwrap_or(rest.len()) + 1;
        }
    }
    mistakes
}

/// All that follows such a list seems to be in it.
const OPEN_LIST: &str = "the list before this line is not closed; write ] at its end";
/// How git marks two versions of the same lines.
const CONFLICT: &str = "<<<<<<<";

/// The parser's words, and ours where it speaks of a number or a date because text has no quotes.
fn syntax(error: &Error, text: &str) -> Mistake {
    let span = error.span().unwrap_or(text.len()..text.len());
    let mut at = text.floor_char_boundary(span.start);
    if text[..at].ends_with('\r') {
        at -= 1;
    }
    let rest = &text[at..];
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[line_start..at];
    let word = rest.split([',', ']', '}', '#', '\n', '\r']).next().unwrap_or_default().trim_end();
    let line = text[line_start..].lines().next().unwrap_or_default().trim_start();
    let message = error.message();
    let what = if let Some(switch) = switch(word) {
        format!("{word} must be {switch}, or in double quotes")
    } else if message == "duplicate key" {
        let name = cut(&text[at..text.floor_char_boundary(span.end)]);
        if before.trim_start().starts_with('[') {
            at = line_start + before.len() - before.trim_start().len();
            format!("duplicate table '{name}'; merge the two")
        } else {
            format!("duplicate key '{name}'; remove one")
        }
    } else if let Some((hidden, 0)) = hidden_character(rest.trim_start_matches(['\r', '\n', '\t']))
    {
        format!("{hidden}; remove it")
    } else if let Some(mark) =
        [";", "//", "--", "/*", "<!--"].iter().find(|mark| line.starts_with(**mark))
    {
        format!("a comment begins with #; write # instead of {mark}")
    } else if line.starts_with('<') {
        format!("{} belongs to no configuration; remove the line", cut(line.trim_end()))
    } else if message.starts_with("missing comma") && line.starts_with('[') {
        OPEN_LIST.to_owned()
    } else if let Some(number) = digits(word).map(|number| number.trim_start_matches('0')) {
        format!(
            "a number has no leading zero; write {}",
            if number.is_empty() { "0" } else { number }
        )
    } else if rest.starts_with('\r') && !rest.starts_with("\r\n") {
        "a carriage return without a line feed; end lines with a line feed, or with both".to_owned()
    } else if rest.starts_with(['“', '”', '„', '‘', '’', '‚', '«', '»']) {
        "a typographic quote; write \" instead".to_owned()
    } else if let Some(key) = colon(&text[line_start..]) {
        // The parser tells of the colon, and of the value behind it.
        at = line_start + text[line_start..].find(':').unwrap_or_default();
        format!("a colon after '{key}'; write {key} = and the value")
    } else if word.is_empty() && before.trim_end().ends_with('=') {
        "there is no value; write one after the '='".to_owned()
    } else if word.starts_with(|first: char| first.is_alphanumeric())
        && before.trim_end().ends_with(['=', '[', ','])
    {
        format!("{} must be in double quotes", cut(word))
    } else if message.contains("escape") {
        "a lone backslash; write two, or single quotes around the value".to_owned()
    } else if message.contains("recurs") {
        "nested too deep; write 'key = value' below a [table]".to_owned()
    } else {
        message.replacen(", expected ", "; expected ", 1).replace('`', "'")
    };
    (at, what)
}

/// A number with a zero before it.
fn digits(word: &str) -> Option<&str> {
    let right = word.len() > 1 && word.starts_with('0') && word.bytes().all(|b| b.is_ascii_digit());
    right.then_some(word)
}

/// The switch that a word of another language stands for.
fn switch(word: &str) -> Option<&'static str> {
    match word {
        "True" | "TRUE" | "yes" | "Yes" | "on" | "On" => Some("true"),
        "False" | "FALSE" | "no" | "No" | "off" | "Off" => Some("false"),
        _ => None,
    }
}

/// The key of a line that gives its value after a colon.
fn colon(line: &str) -> Option<&str> {
    let line = line.lines().next()?;
    let (key, _) = line.split_once(':')?;
    let key = key.trim();
    let bare =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    bare.then_some(key)
}

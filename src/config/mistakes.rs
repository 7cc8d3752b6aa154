//! Every mistake of a file, with its place and what would be right; nothing here runs for a file without one.

use memchr::memchr;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, Error, ValueDeserializer};

use super::keys::{self, KEYS, Key, Scope, Settings, TABLES, Table, Takes};
use super::problem::cut;

/// A byte offset, and what is wrong there.
pub type Mistake = (usize, String);

/// The most mistakes that are told of a file.
pub const MOST: usize = 100;

/// What is left of a file when its mistakes are taken out.
pub struct Judged {
    pub settings: Settings,
    /// In the order of the text; one more than `MOST` when there are more.
    pub mistakes: Vec<Mistake>,
    /// Whether some of it was not read at all, so that keys may be missing in the settings.
    pub broken: bool,
}

/// What a text says, or its first mistake.
pub fn read(scope: Scope, text: &str) -> Result<Settings, Mistake> {
    let tree = DeTable::parse(text).map_err(|error| syntax(&error, text))?;
    let mut judge = Judge { scope, text, mistakes: Vec::new(), most: 1 };
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
    let mut judge = Judge { scope, text, mistakes: unreadable(&errors, text), most: MOST + 1 };
    let settings = judge.file(tree.into_inner());
    let mut mistakes = judge.mistakes;
    mistakes.sort_by_key(|(at, _)| *at);
    // What is wrong in two ways at one place is told once, the way that keeps it from being read first.
    mistakes.dedup_by_key(|(at, _)| *at);
    Judged { settings, broken: !errors.is_empty() || mistakes.len() > MOST, mistakes }
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
    /// How many mistakes are enough.
    most: usize,
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
                    for (key, value) in in_order(entries) {
                        self.value(known, &mut table, &key, value);
                    }
                    settings.insert(known, table);
                }
                (_, value) => {
                    self.value("", &mut settings.top, &name, Spanned::new(span, value));
                }
            }
        }
        settings
    }

    /// Reads a value into its table, when its key takes it.
    fn value(&mut self, place: &str, table: &mut Table, name: &Name<'t>, value: Value<'t>) {
        if self.mistakes.len() >= self.most {
            return;
        }
        let Some(key) = keys::row(self.scope, place, name.get_ref()) else {
            let mistake = self.unknown(place, name, &value);
            return self.mistakes.push(mistake);
        };
        let at = value.span().start;
        let found = value.get_ref().type_str();
        if !key.takes.type_names().contains(&found) {
            return self.mistakes.push((at, wrong_type(key, found)));
        }
        // Each element by itself, so that one that is wrong hides no other.
        let told = self.mistakes.len();
        if let DeValue::Array(elements) = value.get_ref() {
            let mut domains = Vec::new();
            for element in elements {
                let one: Result<(), Error> = match key.takes {
                    _ if self.mistakes.len() >= self.most => Ok(()),
                    _ if !element.get_ref().is_str() => {
                        let text = format!("'{}' must hold text in quotes", key.name);
                        self.mistakes.push((element.span().start, text));
                        Ok(())
                    }
                    Takes::Domains => {
                        let element = ValueDeserializer::from(element.clone());
                        Deserialize::deserialize(element).map(|pattern| domains.push(pattern))
                    }
                    _ => Table::default().set(key.name, element.clone()),
                };
                self.told(key, element.span().start, one);
            }
            if key.takes == Takes::Domains {
                table.domains = Some(domains);
                return;
            }
        }
        if self.mistakes.len() == told {
            let read = table.set(key.name, value);
            self.told(key, at, read);
        }
        if self.scope == Scope::Common && key.takes == Takes::ListName {
            table.logins = table.logins.take().filter(|list| {
                let right = list.is_of_domain();
                if !right {
                    let text = "'logins' is for all domains here; write \"{domain}.logins\", \
                                or the list of one domain in domains/NAME.toml";
                    self.mistakes.push((at, text.to_owned()));
                }
                right
            });
        }
    }

    /// Notes why a value was not read.
    fn told(&mut self, key: &Key, at: usize, read: Result<(), Error>) {
        if let Err(error) = read {
            self.mistakes.push((at, format!("'{}' {}", key.name, error.message())));
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
                let names = TABLES.iter().map(|(name, _)| *name);
                format!("unknown table '{quoted}'; {}", known(name, names, TABLE_SYNONYMS))
            }
            _ => {
                let place = if table.is_empty() { String::new() } else { format!(" in [{table}]") };
                let elsewhere = KEYS.iter().find(known_elsewhere);
                let synonym = SYNONYMS.iter().find(|(theirs, _)| *theirs == name);
                let hint = match (synonym, elsewhere) {
                    (Some((_, ours)), _) if !table.is_empty() => format!("write {ours}; "),
                    (_, Some(key)) if key.tables == [""] => {
                        "move it above the first [table]; ".to_owned()
                    }
                    (_, Some(key)) => {
                        let tables: Vec<String> =
                            key.tables.iter().map(|table| format!("[{table}]")).collect();
                        format!("write it below {}; ", tables.join(" or "))
                    }
                    _ => String::new(),
                };
                let names = keys::rows(self.scope, table).map(|key| key.name);
                let hint = hint + &known(name, names, &[]);
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

/// The names that are known, after the one that was probably meant.
fn known<'n>(
    name: &str,
    names: impl Iterator<Item = &'n str>,
    synonyms: &[(&str, &'n str)],
) -> String {
    let names: Vec<&str> = names.collect();
    let lower = name.to_ascii_lowercase();
    let synonym = synonyms.iter().find(|(theirs, _)| *theirs == lower).map(|(_, ours)| *ours);
    let near = names
        .iter()
        .filter(|_| name.len() < 40)
        .map(|known| (strsim::damerau_levenshtein(&lower, known), *known))
        .filter(|(distance, known)| *distance <= known.len().min(lower.len()) / 3)
        .min()
        .map(|(_, known)| known);
    let meant = synonym.or(near).map(|near| format!("did you mean '{near}'? "));
    format!("{}known are {}", meant.unwrap_or_default(), names.join(", "))
}

/// The mistakes that keep the text from being read; of those in a line the first.
fn unreadable(errors: &[Error], text: &str) -> Vec<Mistake> {
    let mut errors: Vec<(usize, &Error)> =
        errors.iter().map(|error| (start(error, text), error)).collect();
    errors.sort_by_key(|(at, _)| *at);
    // In an array that is never closed, all that follows is taken for its elements.
    let place = |words: &str| errors.iter().position(|(_, e)| e.message().starts_with(words));
    if let (Some(start), Some(end)) = (place("missing comma"), place("unclosed"))
        && start < end
    {
        errors.drain(start + 1..end);
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
    let message = error.message();
    let what = if let Some(switch) = switch(word) {
        format!("{word} must be {switch}, or in double quotes")
    } else if message == "duplicate key" {
        let name = cut(&text[at..text.floor_char_boundary(span.end)]);
        if before.trim_start().starts_with('[') {
            at = line_start + before.len() - before.trim_start().len();
            format!("table '{name}' again; merge the two")
        } else {
            format!("key '{name}' again; remove one of the two")
        }
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

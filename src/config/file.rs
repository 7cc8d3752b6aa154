//! One configuration file as written: which keys there are, what values they take, and where each stands.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::num::NonZeroU16;

use memchr::memchr_iter;
use toml_parser::decoder::{Encoding as Quoting, ScalarKind};
use toml_parser::lexer::{Token, TokenKind};
use toml_parser::parser::{EventReceiver, parse_document};
use toml_parser::{ErrorSink, ParseError, Raw, Source, Span};

use crate::account::{Encryption, MailProtocol};
use crate::address::Domain;
use crate::config::{logins, template};

/// A file, read whole and checked key by key; what depends on other keys is judged later.
#[derive(Debug, Default)]
pub struct File {
    /// Where it was read, for messages.
    pub path: String,
    /// The file itself, for messages: offsets below are those of its bytes.
    pub text: String,
    /// In the order of the file, each key once.
    pub entries: Vec<Entry>,
    /// Each table that has a header or a key, with the byte offset of its first mention.
    pub tables: Vec<(Table, usize)>,
    /// What is wrong with it, in the order of the file.
    pub flaws: Vec<Flaw>,
    /// Whether some of it could not be read at all, so that keys may be missing above.
    pub broken: bool,
}

/// Whom a file speaks for; some keys mean something in one of the two only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// `autodiscover.toml`: every domain.
    #[default]
    Common,
    /// A file in `domains/`: one domain.
    Domain,
}

/// A key with its value.
#[derive(Debug)]
pub struct Entry {
    pub table: Table,
    pub key: Key,
    pub value: Value,
    /// The byte offset of the value.
    pub at: usize,
}

/// Something wrong in the file, at a byte offset of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Flaw {
    pub at: usize,
    /// What is wrong; what would be right.
    pub text: String,
}

/// A value that has passed the checks of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Port(NonZeroU16),
    Hours(u32),
    Switch(bool),
    Encryption(Encryption),
    Incoming(Incoming),
    Domains(Vec<Pattern>),
    /// Something that the key does not take; a flaw of the file says so.
    Rejected,
}

/// Which incoming server a client should prefer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incoming {
    Imap,
    Pop3,
}

/// An entry of `domains`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// `*`
    Every,
    /// `*.example.org`: any depth below, not the domain itself.
    Below(Domain),
    /// `example.org`
    Exactly(Domain),
}

impl Pattern {
    /// Whether the domain is answered because of this entry.
    pub fn matches(&self, domain: &Domain) -> bool {
        match self {
            Pattern::Every => true,
            Pattern::Exactly(exactly) => exactly == domain,
            Pattern::Below(parent) => domain
                .as_str()
                .strip_suffix(parent.as_str())
                .is_some_and(|below| below.len() > 1 && below.ends_with('.')),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Pattern::Every => formatter.write_str("*"),
            Pattern::Below(parent) => write!(formatter, "*.{parent}"),
            Pattern::Exactly(exactly) => write!(formatter, "{exactly}"),
        }
    }
}

/// Defines an enum whose variants have a name in the file.
macro_rules! named {
    ($(#[$meta:meta])* $kind:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind { $($variant),+ }

        impl $kind {
            /// Every variant, in the order of the documentation.
            pub const ALL: &[$kind] = &[$($kind::$variant),+];

            /// The spelling in the file.
            pub fn name(self) -> &'static str {
                match self { $($kind::$variant => $name),+ }
            }

            fn named(name: &str) -> Option<$kind> {
                match name { $($name => Some($kind::$variant),)+ _ => None }
            }
        }
    };
}

named! {
    /// The tables of a file; `Top` is what stands before the first header.
    Table {
        Top = "",
        Imap = "imap",
        Pop3 = "pop3",
        Smtp = "smtp",
        MobileSync = "mobilesync",
        WebMail = "webmail",
        CalDav = "caldav",
        CardDav = "carddav",
        Redirect = "redirect",
        Provider = "provider",
    }
}

named! {
    /// The keys of all tables; `kind` says which table takes which.
    Key {
        Domains = "domains",
        LoginName = "login_name",
        DisplayName = "display_name",
        Prefer = "prefer",
        Logins = "logins",
        Enabled = "enabled",
        Server = "server",
        Port = "port",
        Encryption = "encryption",
        Spa = "spa",
        AuthRequired = "auth_required",
        DomainRequired = "domain_required",
        DomainName = "domain_name",
        Ttl = "ttl",
        UsePopAuth = "use_pop_auth",
        SmtpLast = "smtp_last",
        Url = "url",
        Address = "address",
        Name = "name",
        ShortName = "short_name",
        Documentation = "documentation",
    }
}

/// What a key's value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Text with `{email}`, `{local}` and `{domain}`.
    Template,
    /// A host name in which `{domain}` may stand.
    Host,
    /// An absolute http or https URL; placeholders may stand in it.
    Url,
    /// A mail address made of placeholders.
    Address,
    Port,
    Hours,
    Switch,
    Encryption,
    Incoming,
    Domains,
    /// The name of a file in the same folder.
    Logins,
}

/// What the key takes in that table; None where it has no meaning.
fn kind(scope: Scope, table: Table, key: Key) -> Option<Kind> {
    Some(match (table, key) {
        (Table::Top, Key::Domains) if scope == Scope::Common => Kind::Domains,
        (Table::Top, Key::LoginName | Key::DisplayName) => Kind::Template,
        (Table::Top, Key::Prefer) => Kind::Incoming,
        (Table::Top, Key::Logins) if scope == Scope::Domain => Kind::Logins,
        (Table::Top, _) => return None,

        (Table::Provider, Key::Name | Key::ShortName) => Kind::Template,
        (Table::Provider, Key::Documentation) => Kind::Url,
        (Table::Provider, _) => return None,

        (_, Key::Enabled) => Kind::Switch,

        (Table::Imap | Table::Pop3 | Table::Smtp, _) => match key {
            Key::Server => Kind::Host,
            Key::Port => Kind::Port,
            Key::Encryption => Kind::Encryption,
            Key::LoginName | Key::DomainName => Kind::Template,
            Key::Spa | Key::AuthRequired | Key::DomainRequired => Kind::Switch,
            Key::Ttl => Kind::Hours,
            Key::UsePopAuth | Key::SmtpLast if table == Table::Smtp => Kind::Switch,
            _ => return None,
        },

        (Table::MobileSync, Key::Name) => Kind::Template,
        (Table::CalDav | Table::CardDav, Key::LoginName) => Kind::Template,
        (Table::Redirect, Key::Address) => Kind::Address,
        (_, Key::Url) => Kind::Url,
        _ => return None,
    })
}

impl Table {
    /// The table that configures the server of a protocol.
    pub fn of(protocol: MailProtocol) -> Table {
        match protocol {
            MailProtocol::Imap => Table::Imap,
            MailProtocol::Pop3 => Table::Pop3,
            MailProtocol::Smtp => Table::Smtp,
        }
    }

    /// The table that a header names.
    fn headed(name: &str) -> Option<Table> {
        Table::named(name).filter(|table| *table != Table::Top)
    }
}

/// The offset of the first carriage return without a line feed, which is no line end in TOML.
///
/// It may stand in a comment, and would make one of all that follows.
fn lone_carriage_return(text: &str) -> Option<usize> {
    memchr_iter(b'\r', text.as_bytes()).find(|at| text.as_bytes().get(at + 1) != Some(&b'\n'))
}

const LONE_CARRIAGE_RETURN: &str =
    "a carriage return without a line feed; end lines with a line feed, or with both";

impl File {
    /// Reads a file; everything that is wrong in it is in `flaws`.
    pub fn read(scope: Scope, path: String, text: String) -> File {
        let mut reading = Reading { scope, text: &text, ..Reading::default() };
        let mut errors: Vec<ParseError> = Vec::new();
        // Most of a file is comments; the parser does not need them.
        let spoken =
            |token: &Token| !matches!(token.kind(), TokenKind::Comment | TokenKind::Whitespace);
        let mut tokens = Vec::with_capacity(128);
        tokens.extend(Source::new(&text).lex().filter(spoken));
        parse_document(&tokens, &mut reading, &mut errors);
        let Reading { entries, tables, flaws: meaning, .. } = reading;
        let mut flaws = meaning;
        flaws.extend(errors.iter().map(|error| syntax_flaw(error, &text)));
        let lone = lone_carriage_return(&text);
        flaws.extend(lone.map(|at| Flaw { at, text: LONE_CARRIAGE_RETURN.to_owned() }));
        flaws.sort_by_key(|flaw| flaw.at);
        // What is wrong in two ways at one place is told once.
        flaws.dedup_by_key(|flaw| flaw.at);
        File { path, text, entries, tables, flaws, broken: lone.is_some() || !errors.is_empty() }
    }

    pub fn entry(&self, table: Table, key: Key) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.table == table && entry.key == key)
    }

    /// The byte offset at which the table is first mentioned.
    pub fn table(&self, table: Table) -> Option<usize> {
        self.tables.iter().find(|(known, _)| *known == table).map(|(_, at)| *at)
    }
}

/// The line and column of a byte offset, both from 1, the column in characters.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let at = text.floor_char_boundary(at);
    let before = &text[..at];
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count() + 1)
}

/// The reader's state between two events of the TOML parser.
#[derive(Default)]
struct Reading<'t> {
    scope: Scope,
    text: &'t str,
    entries: Vec<Entry>,
    tables: Vec<(Table, usize)>,
    flaws: Vec<Flaw>,
    /// The keys of the header above.
    header: Vec<Name<'t>>,
    /// Whether the header is being read, and where it began.
    header_open: Option<usize>,
    /// Whether the header above is wrong, so that its keys are passed over.
    astray: bool,
    /// The keys of the value that is being read, and how many of them each open inline table has.
    path: Vec<Name<'t>>,
    inline: Vec<usize>,
    /// The elements of the array that is being read, its offset, and how many arrays are open.
    array: Vec<(Scalar<'t>, usize)>,
    array_at: usize,
    arrays: usize,
}

/// A bare or quoted key.
struct Name<'t> {
    text: Cow<'t, str>,
    at: usize,
}

/// A value as TOML types it.
enum Scalar<'t> {
    String(Cow<'t, str>),
    Integer(Option<i64>),
    Boolean(bool),
    Array(Vec<(Scalar<'t>, usize)>),
    Other,
}

impl Scalar<'_> {
    fn type_name(&self) -> &'static str {
        match self {
            Scalar::String(_) => "a string",
            Scalar::Integer(_) => "an integer",
            Scalar::Boolean(_) => "a boolean",
            Scalar::Array(_) => "an array",
            Scalar::Other => "a value of another type",
        }
    }
}

impl<'t> EventReceiver for Reading<'t> {
    fn std_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.header.clear();
        self.header_open = Some(span.start());
    }

    fn std_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        let at = self.header_open.take().unwrap_or_default();
        self.astray = true;
        let [name] = self.header.as_slice() else {
            return self.unknown_table();
        };
        match Table::headed(&name.text) {
            Some(table) if self.is_mentioned(table) => {
                let text = format!("table '{}' again; merge the two", name.text);
                self.flaws.push(Flaw { at, text });
            }
            Some(table) => {
                self.astray = false;
                self.mention(table, at);
            }
            None => self.unknown_table(),
        }
    }

    fn array_table_open(&mut self, span: Span, error: &mut dyn ErrorSink) {
        self.std_table_open(span, error);
    }

    fn array_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        let at = self.header_open.take().unwrap_or_default();
        self.astray = true;
        let names: Vec<&str> = self.header.iter().map(|name| &*name.text).collect();
        let name = names.join(".");
        let text = format!("'[[{name}]]' is an array of tables; write [{name}], and once");
        self.flaws.push(Flaw { at, text });
    }

    fn inline_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        if self.arrays > 0 {
            self.array.push((Scalar::Other, span.start()));
            return false;
        }
        if let (true, [name]) = (self.header.is_empty(), self.path.as_slice())
            && let Some(table) = Table::headed(&name.text)
        {
            if self.is_mentioned(table) {
                let text = format!("table '{}' again; merge the two", name.text);
                self.flaws.push(Flaw { at: name.at, text });
            }
            self.mention(table, name.at);
        }
        self.inline.push(self.path.len());
        true
    }

    fn inline_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        if self.arrays == 0 {
            self.inline.pop();
            self.value_ends();
        }
    }

    fn array_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.arrays += 1;
        if self.arrays == 1 {
            self.array_at = span.start();
            return true;
        }
        self.array.push((Scalar::Array(Vec::new()), span.start()));
        false
    }

    fn array_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.arrays = self.arrays.saturating_sub(1);
        if self.arrays == 0 {
            let elements = std::mem::take(&mut self.array);
            self.assign(Scalar::Array(elements), self.array_at);
        }
    }

    fn simple_key(&mut self, span: Span, quoting: Option<Quoting>, errors: &mut dyn ErrorSink) {
        if self.arrays > 0 {
            return;
        }
        let mut text = Cow::Borrowed("");
        self.raw(span, quoting).decode_key(&mut text, errors);
        let name = Name { text, at: span.start() };
        if self.header_open.is_some() {
            self.header.push(name);
        } else {
            self.path.push(name);
        }
    }

    fn scalar(&mut self, span: Span, quoting: Option<Quoting>, errors: &mut dyn ErrorSink) {
        let mut text = Cow::Borrowed("");
        let raw = self.raw(span, quoting);
        let mut error: Option<ParseError> = None;
        let kind = raw.decode_scalar(&mut text, &mut error);
        if let Some(error) = error {
            if quoting.is_some() {
                errors.report_error(error);
            } else {
                // The parser's own words speak of the number or date that it took the text for.
                let text = match raw.as_str() {
                    "" => "there is no value; write one after the '='".to_owned(),
                    text => format!("{text} is no value; put text in double quotes"),
                };
                self.flaws.push(Flaw { at: span.start(), text });
            }
        }
        let scalar = match kind {
            ScalarKind::String => Scalar::String(text),
            ScalarKind::Boolean(boolean) => Scalar::Boolean(boolean),
            ScalarKind::Integer(radix) => {
                Scalar::Integer(i64::from_str_radix(&text, radix.value()).ok())
            }
            _ => Scalar::Other,
        };
        if self.arrays > 0 {
            self.array.push((scalar, span.start()));
        } else {
            self.assign(scalar, span.start());
        }
    }
}

impl<'t> Reading<'t> {
    fn raw(&self, span: Span, quoting: Option<Quoting>) -> Raw<'t> {
        let text = self.text.get(span.start()..span.end()).unwrap_or_default();
        Raw::new_unchecked(text, quoting, span)
    }

    fn is_mentioned(&self, table: Table) -> bool {
        self.tables.iter().any(|(known, _)| *known == table)
    }

    fn mention(&mut self, table: Table, at: usize) {
        if !self.is_mentioned(table) {
            self.tables.push((table, at));
        }
    }

    fn unknown_table(&mut self) {
        let names: Vec<&str> = self.header.iter().map(|name| &*name.text).collect();
        let at = self.header.first().map_or(0, |name| name.at);
        let known: Vec<&str> =
            Table::ALL.iter().map(|table| table.name()).filter(|name| !name.is_empty()).collect();
        let text = format!("unknown table '{}'; known are {}", names.join("."), known.join(", "));
        self.flaws.push(Flaw { at, text });
    }

    /// Stores a whole value under the keys that lead to it.
    fn assign(&mut self, scalar: Scalar, at: usize) {
        if !self.astray {
            match self.target() {
                Ok((table, key, kind, key_at)) => match self.value(kind, key, &scalar) {
                    _ if self.entries.iter().any(|e| e.table == table && e.key == key) => {
                        let text = format!("key '{}' again; remove one of the two", key.name());
                        self.flaws.push(Flaw { at: key_at, text });
                    }
                    judged => {
                        if table != Table::Top {
                            self.mention(table, key_at);
                        }
                        let value = judged.unwrap_or_else(|text| {
                            self.flaws.push(Flaw { at, text });
                            Value::Rejected
                        });
                        self.entries.push(Entry { table, key, value, at });
                    }
                },
                Err(flaw) => self.flaws.push(flaw),
            }
        }
        self.value_ends();
    }

    /// The checked value; of a list the members that are right, and a flaw for each other.
    fn value(&mut self, kind: Kind, key: Key, scalar: &Scalar) -> Result<Value, String> {
        let (Kind::Domains, Scalar::Array(members)) = (kind, scalar) else {
            return value(kind, key, scalar);
        };
        let mut patterns = Vec::with_capacity(members.len());
        for (member, at) in members {
            match pattern(member) {
                Ok(pattern) => patterns.push(pattern),
                Err(text) => self.flaws.push(Flaw { at: *at, text }),
            }
        }
        Ok(Value::Domains(patterns))
    }

    /// Forgets the keys of the value that ends here, up to the inline table it stands in.
    fn value_ends(&mut self) {
        self.path.truncate(self.inline.last().copied().unwrap_or(0));
    }

    /// What the keys of the current value name, and the offset of the last of them.
    fn target(&self) -> Result<(Table, Key, Kind, usize), Flaw> {
        let mut names = self.header.iter().chain(&self.path);
        let (first, second, more) = (names.next(), names.next(), names.next());
        let at = self.path.first().map_or(0, |name| name.at);
        let (table, name) = match (first, second, more) {
            (Some(key), None, _) => (Table::Top, key),
            (Some(table), Some(key), None) => match Table::headed(&table.text) {
                Some(known) => (known, key),
                None => {
                    let text = format!("unknown table '{}'", table.text);
                    return Err(Flaw { at: table.at, text });
                }
            },
            _ => {
                let text = "keys are nested too deep; write 'key = value' below a [table]";
                return Err(Flaw { at, text: text.to_owned() });
            }
        };
        let key = Key::named(&name.text);
        if let Some((key, kind)) = key.and_then(|key| Some((key, kind(self.scope, table, key)?))) {
            return Ok((table, key, kind, name.at));
        }
        Err(Flaw { at: name.at, text: unknown_key(self.scope, table, &name.text) })
    }
}

fn unknown_key(scope: Scope, table: Table, name: &str) -> String {
    if (table, name) == (Table::Top, Key::Logins.name()) {
        return format!("'{name}' is for one domain; write it in domains/NAME.toml");
    }
    if (table, name) == (Table::Top, Key::Domains.name()) {
        return format!("'{name}' is not for one domain; write it in autodiscover.toml");
    }
    let mut text = format!("unknown key '{name}'");
    if table != Table::Top {
        let _ = write!(text, " in [{}]", table.name());
    } else if Table::headed(name).is_some() {
        return format!("'{name}' is a table; write [{name}] and its keys below");
    }
    let known = Key::ALL.iter().filter(|key| kind(scope, table, **key).is_some());
    let known: Vec<&str> = known.map(|key| key.name()).collect();
    let _ = write!(text, "; known are {}", known.join(", "));
    text
}

/// The checked value, or what is wrong with it.
fn value(kind: Kind, key: Key, scalar: &Scalar) -> Result<Value, String> {
    let name = key.name();
    let wrong =
        |expected: &str| Err(format!("'{name}' is {}; it takes {expected}", scalar.type_name()));
    let judged = |result: Result<(), String>, value: Value| match result {
        Ok(()) => Ok(value),
        Err(text) => Err(format!("'{name}' {text}")),
    };
    match (kind, scalar) {
        (Kind::Template, Scalar::String(text)) => {
            judged(template::check(text), Value::Text(text.to_string()))
        }
        (Kind::Host, Scalar::String(text)) => {
            judged(template::check_host(text), Value::Text(text.to_string()))
        }
        (Kind::Url, Scalar::String(text)) => {
            judged(template::check_url(text), Value::Text(text.to_string()))
        }
        (Kind::Address, Scalar::String(text)) => {
            judged(template::check_address(text), Value::Text(text.to_string()))
        }
        (Kind::Logins, Scalar::String(text)) => {
            judged(logins::check_name(text), Value::Text(text.to_string()))
        }
        (Kind::Template | Kind::Host | Kind::Url | Kind::Address | Kind::Logins, _) => {
            wrong("a string")
        }

        (Kind::Port, Scalar::Integer(number)) => {
            let port = number.and_then(|n| u16::try_from(n).ok()).and_then(NonZeroU16::new);
            port.map(Value::Port).ok_or_else(|| format!("'{name}' is no port; it takes 1 to 65535"))
        }
        (Kind::Port, _) => wrong("a number from 1 to 65535"),

        (Kind::Hours, Scalar::Integer(number)) => number
            .and_then(|n| u32::try_from(n).ok())
            .map(Value::Hours)
            .ok_or_else(|| format!("'{name}' is no number of hours; it takes 0 to {}", u32::MAX)),
        (Kind::Hours, _) => wrong("a number of hours"),

        (Kind::Switch, Scalar::Boolean(switch)) => Ok(Value::Switch(*switch)),
        (Kind::Switch, _) => wrong("true or false"),

        (Kind::Encryption, Scalar::String(text)) => match &**text {
            "ssl" => Ok(Value::Encryption(Encryption::Ssl)),
            "starttls" => Ok(Value::Encryption(Encryption::StartTls)),
            "none" => Ok(Value::Encryption(Encryption::None)),
            _ => Err(format!("'{name}' is \"{text}\"; it takes \"ssl\", \"starttls\" or \"none\"")),
        },
        (Kind::Encryption, _) => wrong("\"ssl\", \"starttls\" or \"none\""),

        (Kind::Incoming, Scalar::String(text)) => match &**text {
            "imap" => Ok(Value::Incoming(Incoming::Imap)),
            "pop3" => Ok(Value::Incoming(Incoming::Pop3)),
            _ => Err(format!("'{name}' is \"{text}\"; it takes \"imap\" or \"pop3\"")),
        },
        (Kind::Incoming, _) => wrong("\"imap\" or \"pop3\""),

        (Kind::Domains, _) => wrong("an array of domains"),
    }
}

fn pattern(scalar: &Scalar) -> Result<Pattern, String> {
    let Scalar::String(text) = scalar else {
        return Err(format!("a domain is {}; it takes a string", scalar.type_name()));
    };
    let pattern = match text.strip_prefix("*.") {
        _ if text == "*" => Some(Pattern::Every),
        Some(parent) => Domain::new(parent).map(Pattern::Below),
        None => Domain::new(text).map(Pattern::Exactly),
    };
    pattern.ok_or_else(|| {
        let example = "\"example.org\", \"*.example.org\" or \"*\"";
        format!("'{text}' is no domain; write {example}")
    })
}

/// The parser's own words, with what it would have liked to see.
fn syntax_flaw(error: &ParseError, text: &str) -> Flaw {
    let at = error.unexpected().or(error.context()).map_or(text.len(), |span| span.start());
    let mut sentence = error.description().to_owned();
    let expected: Vec<String> = error
        .expected()
        .unwrap_or_default()
        .iter()
        .map(|expected| match expected {
            toml_parser::Expected::Literal(literal) => format!("'{}'", literal.escape_debug()),
            toml_parser::Expected::Description(description) => (*description).to_owned(),
            other => format!("{other:?}"),
        })
        .collect();
    if !expected.is_empty() {
        let _ = write!(sentence, "; expected {}", expected.join(" or "));
    }
    Flaw { at, text: sentence }
}

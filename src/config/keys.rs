//! What the files may say: a field and a type for each key, and a row with all that people need to know of it.

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeValue, Error, ValueDeserializer};

use super::placeholders::{AddressTemplate, Host, Issuer, OAuth2Url, Template, UrlTemplate};
use super::values::{
    Days, HostName, Hours, Incoming, ListName, LogoSource, Pattern, Plain, Port, Separator,
};
use crate::account::{Authentications, Encryption};
use crate::color::Color;

/// Declares every key once: `Table` is what one file says in a table, `Both` what two files say.
macro_rules! keys {
    ($($name:ident: $type:ty),+ $(,)?) => {
        /// What a file says in one table; which table takes which key, `KEYS` says.
        #[derive(Debug, Default)]
        pub struct Table {
            /// The byte offset of its first mention.
            pub start: usize,
            $($name: Option<($type, usize)>),+
        }

        impl Table {
            $(pub fn $name(&self) -> Option<&$type> {
                self.$name.as_ref().map(|(value, _)| value)
            })+

            /// Reads the value of a key.
            pub fn set(&mut self, name: &str, value: Spanned<DeValue>) -> Result<(), Error> {
                let at = value.span().start;
                let value = ValueDeserializer::from(value);
                match name {
                    $(stringify!($name) => {
                        self.$name = Some((Deserialize::deserialize(value)?, at));
                    })+
                    _ => {}
                }
                Ok(())
            }

            /// The byte offset of the value of a key.
            fn at(&self, name: &str) -> Option<usize> {
                match name {
                    $(stringify!($name) => self.$name.as_ref().map(|(_, at)| *at),)+
                    _ => None,
                }
            }
        }

        /// A table of two files: each key as the domain's own file has it, else as the common one does.
        #[derive(Debug, Default)]
        pub struct Both<'a> {
            $(pub $name: Option<&'a $type>),+
        }

        impl<'a> Both<'a> {
            pub fn of(own: Option<&'a Table>, main: Option<&'a Table>) -> Both<'a> {
                Both {
                    $($name: own
                        .and_then(Table::$name)
                        .or_else(|| main.and_then(Table::$name))),+
                }
            }
        }

        #[cfg(test)]
        const FIELDS: &[&str] = &[$(stringify!($name)),+];
    };
}

keys! {
    domains: Vec<(Pattern, usize)>,
    host: HostName,
    logins: ListName,
    login_name: Template,
    address_extension: Separator,
    display_name: Template,
    prefer: Incoming,
    authentication: Authentications,
    enabled: bool,
    server: Host,
    encryption: Encryption,
    port: Port,
    spa: bool,
    auth_required: bool,
    domain_required: bool,
    domain_name: Template,
    ttl: Hours,
    leave_on_server: bool,
    days: Days,
    use_pop_auth: bool,
    smtp_last: bool,
    url: UrlTemplate,
    issuer: Issuer,
    auth_url: OAuth2Url,
    token_url: OAuth2Url,
    scope: Plain,
    client_id: Plain,
    address: AddressTemplate,
    name: Template,
    short_name: Template,
    documentation: UrlTemplate,
    imprint: UrlTemplate,
    logo: LogoSource,
    color: Color,
}

/// What a whole file says.
#[derive(Debug, Default)]
pub struct Settings {
    /// Above the first header.
    pub top: Table,
    tables: Vec<(&'static str, Box<Table>)>,
}

impl Table {
    pub fn set_domains(&mut self, domains: Vec<(Pattern, usize)>, at: usize) {
        self.domains = Some((domains, at));
    }

    /// Forgets a list whose name is not right for this file.
    pub fn forget_logins(&mut self) {
        self.logins = None;
    }
}

impl Settings {
    /// The table of that name, if the file has it; the one without a name is that above the first header.
    pub fn table(&self, name: &str) -> Option<&Table> {
        if name.is_empty() {
            return Some(&self.top);
        }
        self.tables.iter().find(|(known, _)| *known == name).map(|(_, table)| &**table)
    }

    /// The byte offset of a key's value, or of a table's first mention when the key is empty.
    pub fn at(&self, table: &str, key: &str) -> Option<usize> {
        let table = self.table(table)?;
        if key.is_empty() { Some(table.start) } else { table.at(key) }
    }

    /// The entries of `domains`.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.top.domains().into_iter().flatten().map(|(pattern, _)| pattern)
    }

    pub fn insert(&mut self, name: &'static str, table: Box<Table>) {
        self.tables.push((name, table));
    }
}

/// Which file a key may appear in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `autodiscover.toml`: every domain.
    Common,
    /// A file in `domains/`: one domain.
    Domain,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Switch,
    Port,
    Hours,
    Days,
    Encryption,
    Incoming,
    /// Ways to log in: a list, or one word.
    Authentications,
    /// Text without placeholders.
    Plain,
    /// One mark.
    Separator,
    /// Text with `{email}`, `{local}` and `{domain}`.
    Text,
    /// A host name in which `{domain}` may stand.
    Host,
    /// A host name without placeholders.
    HostName,
    /// An absolute http or https URL; placeholders may stand in it.
    Url,
    /// A mail address made of placeholders.
    Address,
    Domains,
    /// The name of a file in the same directory.
    ListName,
    Logo,
    Color,
}

/// What there is to know of a key.
#[derive(Debug)]
pub struct Key {
    /// The tables that have it; `""` is what stands above the first header.
    pub tables: &'static [&'static str],
    pub name: &'static str,
    pub takes: Takes,
    /// As it would be written, or what it means to leave the key out.
    pub default: &'static str,
    pub meaning: &'static str,
    /// The only kind of file that takes it.
    pub scope: Option<Scope>,
}

/// The tables in the order of the documentation, with what each is for.
pub const TABLES: &[(&str, &str)] = &[
    ("imap", "The IMAP server."),
    ("pop3", "The POP3 server."),
    ("smtp", "The server that takes mail for sending."),
    ("mobilesync", "The Exchange ActiveSync server, for telephones."),
    ("webmail", "The webmail."),
    ("caldav", "The CalDAV server, for calendars."),
    ("carddav", "The CardDAV server, for contacts."),
    ("jmap", "The JMAP server, for mail, calendars and contacts."),
    ("managesieve", "The ManageSieve server, for the filters of mail."),
    ("oauth2", "The server that gives tokens to those who log in by \"oauth2\"."),
    ("redirect", "Where the domain has moved; an address or a URL, not both."),
    ("provider", "Who offers all this, for people to read."),
];

const TOP: &[&str] = &[""];
const SERVERS: &[&str] = &["imap", "pop3", "smtp"];
const POP3: &[&str] = &["pop3"];
const SMTP: &[&str] = &["smtp"];
const MOBILESYNC: &[&str] = &["mobilesync"];
const WITH_HOST: &[&str] = &["imap", "pop3", "smtp", "managesieve"];
const WITH_LOGIN: &[&str] = &["imap", "pop3", "smtp", "caldav", "carddav", "jmap", "managesieve"];
const OAUTH2: &[&str] = &["oauth2"];
const REDIRECT: &[&str] = &["redirect"];
const PROVIDER: &[&str] = &["provider"];
/// The tables in whose URL the login name may stand.
pub const WITH_LOGIN_URL: &[&str] = &["webmail", "caldav", "carddav", "jmap"];
const SERVICES: &[&str] = &[
    "imap",
    "pop3",
    "smtp",
    "mobilesync",
    "webmail",
    "caldav",
    "carddav",
    "jmap",
    "managesieve",
    "redirect",
];

/// Every key, in the order of the documentation.
pub const KEYS: &[Key] = &[
    Key {
        scope: Some(Scope::Common),
        ..key(
            TOP,
            "domains",
            Takes::Domains,
            "those with a file in domains/ only",
            "The domains that are answered besides those with a file in domains/: \
             \"example.org\", \"*.example.org\" (any depth below, not example.org itself), or \"*\".",
        )
    },
    Key {
        scope: Some(Scope::Common),
        ..key(
            TOP,
            "host",
            Takes::HostName,
            "autodiscover. and the first domain in domains, else of the files in domains/",
            "The web server's own name, on which the records, the virtual host and the certificate \
             of all domains are built.",
        )
    },
    key(
        TOP,
        "logins",
        Takes::ListName,
        "no list",
        "A file in domains/ with lines \"local-part login-name\", for users whose login name no template \
         gives; in autodiscover.toml the name has {domain} in it, and domains without the file have no list.",
    ),
    key(
        TOP,
        "login_name",
        Takes::Text,
        "\"{email}\"",
        "The name that users log in with; services may have one of their own. Thunderbird changes a name \
         that JavaScript reads as a number: 0012345 becomes 12345, 12e3 becomes 12000.",
    ),
    key(
        TOP,
        "address_extension",
        Takes::Separator,
        "none",
        "What begins an extension in an address, like \"+\" in ada+list@example.org: lists and login names \
         are those of ada@example.org.",
    ),
    key(
        TOP,
        "display_name",
        Takes::Text,
        "nothing is sent",
        "The sender's name; Outlook overwrites with it what the user typed.",
    ),
    key(TOP, "prefer", Takes::Incoming, "\"imap\"", "Which incoming server comes first."),
    key(
        TOP,
        "authentication",
        Takes::Authentications,
        "[\"password\"]",
        "The ways to log in, the preferred one first: \"oauth2\", \"password\", \"encrypted-password\" \
         (CRAM-MD5; Digest for CalDAV and CardDAV), \"kerberos\" and \"client-certificate\"; services may \
         have their own. Autodiscover for Outlook has no word for any of them.",
    ),
    key(
        SERVICES,
        "enabled",
        Takes::Switch,
        "true",
        "Set to false to switch the service off for this domain.",
    ),
    key(WITH_HOST, "server", Takes::Host, "required", "The host name of the server."),
    key(
        WITH_HOST,
        "encryption",
        Takes::Encryption,
        "\"ssl\"; \"starttls\" for ManageSieve",
        "\"ssl\" is TLS from the first byte, \"starttls\" begins in the clear, \"none\" stays so.",
    ),
    key(
        WITH_HOST,
        "port",
        Takes::Port,
        "the usual one of protocol and encryption",
        "The port of the server; it must fit the encryption.",
    ),
    key(
        WITH_LOGIN,
        "login_name",
        Takes::Text,
        "login_name above the first table",
        "The name that users log in with at this server.",
    ),
    key(
        WITH_LOGIN,
        "authentication",
        Takes::Authentications,
        "authentication above the first table",
        "The ways to log in to this server.",
    ),
    key(SERVERS, "spa", Takes::Switch, "false", "Secure Password Authentication (NTLM)."),
    key(SERVERS, "auth_required", Takes::Switch, "true", "Whether to log in at all."),
    key(
        SERVERS,
        "domain_required",
        Takes::Switch,
        "false",
        "Whether the server wants a Windows domain with the login name.",
    ),
    key(SERVERS, "domain_name", Takes::Text, "nothing is sent", "The Windows domain."),
    key(
        SERVERS,
        "ttl",
        Takes::Hours,
        "nothing is sent",
        "Hours until Outlook asks again; 0 is never.",
    ),
    key(
        POP3,
        "leave_on_server",
        Takes::Switch,
        "nothing is sent",
        "Whether fetched mail stays on the server; Thunderbird does as told. \
         Without this key it keeps its own default, which leaves mail there for 14 days.",
    ),
    key(
        POP3,
        "days",
        Takes::Days,
        "for ever, where leave_on_server is true",
        "For how many days mail stays on the server.",
    ),
    key(SMTP, "use_pop_auth", Takes::Switch, "false", "Log in as at the incoming server."),
    key(SMTP, "smtp_last", Takes::Switch, "false", "Fetch mail before sending."),
    key(&["mobilesync"], "url", Takes::Url, "required", "The URL of the server."),
    key(
        WITH_LOGIN_URL,
        "url",
        Takes::Url,
        "required",
        "The URL of the server; {login} in it is the login name.",
    ),
    key(MOBILESYNC, "name", Takes::Text, "the URL", "The name of the server, for people."),
    key(
        OAUTH2,
        "issuer",
        Takes::Url,
        "required",
        "The https URL that names the server, without query and fragment; \
         /.well-known/oauth-authorization-server there says more to clients.",
    ),
    key(OAUTH2, "auth_url", Takes::Url, "required", "Where the user's browser logs in."),
    key(OAUTH2, "token_url", Takes::Url, "required", "Where clients get their tokens."),
    key(
        OAUTH2,
        "scope",
        Takes::Plain,
        "required",
        "What tokens are asked for: words that stand for all services, with spaces between them.",
    ),
    key(
        OAUTH2,
        "client_id",
        Takes::Plain,
        "clients register themselves (RFC 7591)",
        "By which name any mail program is let in; there is no secret.",
    ),
    key(
        REDIRECT,
        "address",
        Takes::Address,
        "none",
        "The address to ask for instead, like \"{local}@mail.example.com\".",
    ),
    key(REDIRECT, "url", Takes::Url, "none", "The autodiscover.xml to ask instead."),
    key(PROVIDER, "name", Takes::Text, "the domain", "The name of the provider."),
    key(
        PROVIDER,
        "short_name",
        Takes::Text,
        "the name",
        "A shorter name: mail programs have room for 12 characters.",
    ),
    key(
        PROVIDER,
        "documentation",
        Takes::Url,
        "none",
        "A page that says how to set up a mail program.",
    ),
    key(PROVIDER, "imprint", Takes::Url, "none", "The page that says who is responsible."),
    key(
        PROVIDER,
        "logo",
        Takes::Logo,
        "an envelope",
        "The picture on the page: its https URL, or a PNG or SVG file of at most 64 KiB \
         beside autodiscover.toml.",
    ),
    key(
        PROVIDER,
        "color",
        Takes::Color,
        "\"#0b6670\"",
        "The colour of buttons and links on the page, as #rrggbb; \
         it is made darker or lighter where it could not be read.",
    ),
];

const fn key(
    tables: &'static [&'static str],
    name: &'static str,
    takes: Takes,
    default: &'static str,
    meaning: &'static str,
) -> Key {
    Key { tables, name, takes, default, meaning, scope: None }
}

/// The key of that name in a table of such a file.
pub fn row(scope: Scope, table: &str, name: &str) -> Option<&'static Key> {
    // Names differ more than tables do.
    KEYS.iter().find(|key| {
        key.name == name
            && key.tables.contains(&table)
            && key.scope.is_none_or(|only| only == scope)
    })
}

/// The keys of a table of such a file.
pub fn rows(scope: Scope, table: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| {
        key.tables.contains(&table) && key.scope.is_none_or(|only| only == scope)
    })
}

/// The name of a table of ours.
pub fn table(name: &str) -> Option<&'static str> {
    TABLES.iter().map(|(table, _)| *table).find(|table| *table == name)
}

impl Takes {
    /// What to write, for whoever wrote something else.
    pub fn words(self) -> &'static str {
        match self {
            Takes::Switch => "true or false",
            Takes::Port => "1 to 65535",
            Takes::Hours => "0 to 4294967295 hours",
            Takes::Days => "1 to 65535 days",
            Takes::Encryption => "\"ssl\", \"starttls\" or \"none\"",
            Takes::Incoming => "\"imap\" or \"pop3\"",
            Takes::Authentications => "a list of ways, like [\"oauth2\", \"password\"]",
            Takes::Text | Takes::Plain => "text in quotes",
            Takes::Separator => "one mark in quotes",
            Takes::Host | Takes::HostName => "a host name in quotes",
            Takes::Url => "a URL in quotes",
            Takes::Address => "a mail address in quotes",
            Takes::Domains => "a list of domains, like [\"example.org\"]",
            Takes::ListName => "the name of a file in quotes",
            Takes::Logo => "an https URL or the name of a file in quotes",
            Takes::Color => "a colour like \"#0b6670\"",
        }
    }

    /// The types that TOML has for it, in the words of its specification.
    pub fn type_names(self) -> &'static [&'static str] {
        match self {
            Takes::Switch => &["boolean"],
            Takes::Port | Takes::Hours | Takes::Days => &["integer"],
            Takes::Domains => &["array"],
            Takes::Authentications => &["array", "string"],
            _ => &["string"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value that the key takes.
    fn example(takes: Takes) -> &'static str {
        match takes {
            Takes::Switch => "true",
            Takes::Port => "1993",
            Takes::Hours => "24",
            Takes::Days => "14",
            Takes::Encryption => "'starttls'",
            Takes::Incoming => "'pop3'",
            Takes::Authentications => "['password', 'kerberos']",
            Takes::Plain => "'imap smtp'",
            Takes::Separator => "'+'",
            Takes::Text => "'{email}'",
            Takes::Host => "'mail.{domain}'",
            Takes::HostName => "'web.example.org'",
            Takes::Url => "'https://mail.{domain}/'",
            Takes::Address => "'{local}@mail.{domain}'",
            Takes::Domains => "['*.example.org']",
            Takes::ListName => "'{domain}.logins'",
            Takes::Logo => "'logo.svg'",
            Takes::Color => "'#0b6670'",
        }
    }

    #[test]
    fn every_row_is_a_field_of_its_type() {
        // The entries of `domains` are read one by one.
        for key in KEYS.iter().filter(|key| key.takes != Takes::Domains) {
            let text = format!("x = {}", example(key.takes));
            let tree = toml::de::DeTable::parse(&text).unwrap().into_inner();
            let (_, value) = tree.into_iter().next().unwrap();
            Table::default().set(key.name, value).unwrap();
            assert!(FIELDS.contains(&key.name), "{}", key.name);
        }
    }

    #[test]
    fn every_field_has_a_row() {
        for name in FIELDS {
            assert!(KEYS.iter().any(|key| key.name == *name), "{name}");
        }
    }
}

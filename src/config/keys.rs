//! What the files may say: a struct for each table, and one row for each key with all that people need to know of it.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::placeholders::{AddressTemplate, Host, Issuer, OAuth2Url, Template, UrlTemplate};
use super::values::{Days, Hours, Incoming, ListName, LogoSource, Pattern, Plain, Port};
use crate::account::{Authentications, Encryption};
use crate::color::Color;

/// A whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub domains: Option<Vec<Pattern>>,
    pub logins: Option<ListName>,
    pub login_name: Option<Template>,
    pub display_name: Option<Template>,
    pub prefer: Option<Incoming>,
    pub authentication: Option<Authentications>,
    #[serde(default, deserialize_with = "table")]
    pub imap: Option<Server>,
    #[serde(default, deserialize_with = "table")]
    pub pop3: Option<Server>,
    #[serde(default, deserialize_with = "table")]
    pub smtp: Option<Server>,
    #[serde(default, deserialize_with = "table")]
    pub mobilesync: Option<MobileSync>,
    #[serde(default, deserialize_with = "table")]
    pub webmail: Option<WebMail>,
    #[serde(default, deserialize_with = "table")]
    pub caldav: Option<Dav>,
    #[serde(default, deserialize_with = "table")]
    pub carddav: Option<Dav>,
    #[serde(default, deserialize_with = "table")]
    pub jmap: Option<Box<Dav>>,
    #[serde(default, deserialize_with = "table")]
    pub managesieve: Option<Box<Server>>,
    #[serde(default, deserialize_with = "table")]
    pub oauth2: Option<Box<OAuth2>>,
    #[serde(default, deserialize_with = "table")]
    pub redirect: Option<Redirect>,
    #[serde(default, deserialize_with = "table")]
    pub provider: Option<Provider>,
}

/// `[imap]`, `[pop3]`, `[smtp]` and `[managesieve]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub enabled: Option<bool>,
    pub server: Option<Host>,
    pub encryption: Option<Encryption>,
    pub port: Option<Port>,
    pub login_name: Option<Template>,
    pub spa: Option<bool>,
    pub auth_required: Option<bool>,
    pub domain_required: Option<bool>,
    pub domain_name: Option<Template>,
    pub ttl: Option<Hours>,
    pub use_pop_auth: Option<bool>,
    pub smtp_last: Option<bool>,
    pub authentication: Option<Authentications>,
    pub leave_on_server: Option<bool>,
    pub days: Option<Days>,
}

/// `[mobilesync]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MobileSync {
    pub enabled: Option<bool>,
    pub url: Option<UrlTemplate>,
    pub name: Option<Template>,
}

/// `[webmail]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebMail {
    pub enabled: Option<bool>,
    pub url: Option<UrlTemplate>,
}

/// `[caldav]`, `[carddav]` and `[jmap]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dav {
    pub enabled: Option<bool>,
    pub url: Option<UrlTemplate>,
    pub login_name: Option<Template>,
    pub authentication: Option<Authentications>,
}

/// `[oauth2]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth2 {
    pub issuer: Option<Issuer>,
    pub auth_url: Option<OAuth2Url>,
    pub token_url: Option<OAuth2Url>,
    pub scope: Option<Plain>,
    pub client_id: Option<Plain>,
}

/// `[redirect]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    pub enabled: Option<bool>,
    pub address: Option<AddressTemplate>,
    pub url: Option<UrlTemplate>,
}

/// `[provider]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    pub name: Option<Template>,
    pub short_name: Option<Template>,
    pub documentation: Option<UrlTemplate>,
    pub imprint: Option<UrlTemplate>,
    pub logo: Option<LogoSource>,
    pub color: Option<Color>,
}

impl Settings {
    /// Whether some key stands where it means nothing, although its table has it: `row` finds none for it.
    pub fn is_misplaced(&self, scope: Scope) -> bool {
        let sends = |server: &Server| server.use_pop_auth.is_some() || server.smtp_last.is_some();
        let keeps = |server: &Server| server.leave_on_server.is_some() || server.days.is_some();
        let serves_mail = |server: &Server| {
            server.spa.is_some()
                || server.auth_required.is_some()
                || server.domain_required.is_some()
                || server.domain_name.is_some()
                || server.ttl.is_some()
        };
        let elsewhere = match scope {
            Scope::Common => self.logins.as_ref().is_some_and(|list| !list.is_of_domain()),
            Scope::Domain => self.domains.is_some(),
        };
        elsewhere
            || self.imap.as_ref().is_some_and(|server| sends(server) || keeps(server))
            || self.pop3.as_ref().is_some_and(sends)
            || self.smtp.as_ref().is_some_and(keeps)
            || self
                .managesieve
                .as_deref()
                .is_some_and(|server| sends(server) || keeps(server) || serves_mail(server))
    }
}

/// Reads a table; of itself serde takes an array for one, too.
fn table<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    struct Table<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Table<T> {
        type Value = T;

        fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
            formatter.write_str("a table")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(Table(PhantomData)).map(Some)
}

/// Whom a file speaks for; some keys mean something in one of the two only.
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
    /// Text with `{email}`, `{local}` and `{domain}`.
    Text,
    /// A host name in which `{domain}` may stand.
    Host,
    /// An absolute http or https URL; placeholders may stand in it.
    Url,
    /// A mail address made of placeholders.
    Address,
    Domains,
    /// The name of a file in the same folder.
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
const WITH_URL: &[&str] = &["mobilesync", "webmail", "caldav", "carddav", "jmap"];
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
        "The name that users log in with; services may have one of their own.",
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
        "The ways to log in, the preferred one first: \"oauth2\", \"password\", \"kerberos\" and \
         \"client-certificate\"; services may have their own.",
    ),
    key(SERVICES, "enabled", Takes::Switch, "true", "False takes the service away again."),
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
        "Whether fetched mail stays on the server; Thunderbird does as told.",
    ),
    key(POP3, "days", Takes::Days, "nothing is sent", "For how many days it stays there."),
    key(SMTP, "use_pop_auth", Takes::Switch, "false", "Log in as at the incoming server."),
    key(SMTP, "smtp_last", Takes::Switch, "false", "Fetch mail before sending."),
    key(WITH_URL, "url", Takes::Url, "required", "The URL of the server."),
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
    key(PROVIDER, "short_name", Takes::Text, "the name", "The name in at most 20 characters."),
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
    rows(scope, table).find(|key| key.name == name)
}

/// The keys of a table of such a file.
pub fn rows(scope: Scope, table: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| {
        key.tables.contains(&table) && key.scope.is_none_or(|only| only == scope)
    })
}

pub fn is_table(name: &str) -> bool {
    TABLES.iter().any(|(table, _)| *table == name)
}

impl Takes {
    /// What to write, for whoever wrote something else.
    pub fn words(self) -> &'static str {
        match self {
            Takes::Switch => "true or false",
            Takes::Port => "a number from 1 to 65535",
            Takes::Hours => "a number of hours",
            Takes::Days => "a number of days",
            Takes::Encryption => "\"ssl\", \"starttls\" or \"none\"",
            Takes::Incoming => "\"imap\" or \"pop3\"",
            Takes::Authentications => "a list of ways, like [\"oauth2\", \"password\"]",
            Takes::Text | Takes::Plain => "text in quotes",
            Takes::Host => "a host name in quotes",
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
            Takes::Text => "'{email}'",
            Takes::Host => "'mail.{domain}'",
            Takes::Url => "'https://mail.{domain}/'",
            Takes::Address => "'{local}@mail.{domain}'",
            Takes::Domains => "['*.example.org']",
            Takes::ListName => "'{domain}.logins'",
            Takes::Logo => "'logo.svg'",
            Takes::Color => "'#0b6670'",
        }
    }

    #[test]
    fn every_row_is_a_key_of_the_structs() {
        for key in KEYS {
            for table in key.tables {
                let header = if table.is_empty() { String::new() } else { format!("[{table}]\n") };
                let text = format!("{header}{} = {}", key.name, example(key.takes));
                let settings: Result<Settings, _> = toml::from_str(&text);
                let settings = settings.unwrap_or_else(|error| panic!("{text}: {error}"));
                for scope in [Scope::Common, Scope::Domain] {
                    let there = row(scope, table, key.name).is_some();
                    assert_eq!(settings.is_misplaced(scope), !there, "{text}");
                }
            }
        }
    }

    /// serde lists the keys of a struct when it meets one that is none of them.
    #[test]
    fn every_key_of_the_structs_has_a_row() {
        let fields = |text: &str| -> Vec<String> {
            let error = toml::from_str::<Settings>(text).unwrap_err();
            let message = error.message().to_owned();
            message.split('`').skip(3).step_by(2).map(str::to_owned).collect()
        };
        for name in fields("x = 1") {
            let top = KEYS.iter().any(|key| key.tables == TOP && key.name == name);
            assert!(top || is_table(&name), "{name}");
        }
        for (table, _) in TABLES {
            let names = fields(&format!("[{table}]\nx = 1"));
            assert!(!names.is_empty());
            for name in names {
                let other =
                    SERVERS.iter().any(|server| row(Scope::Common, server, &name).is_some());
                let of_another = WITH_HOST.contains(table) && other;
                assert!(
                    of_another || row(Scope::Common, table, &name).is_some(),
                    "[{table}] has no row for {name}"
                );
            }
        }
    }
}

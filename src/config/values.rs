//! What keys take besides text with placeholders: numbers, words, and names of domains and files.

use std::fmt;
use std::num::NonZeroU16;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use super::problem::{cut, hidden_character};
use crate::account::{Authentication, Authentications, Encryption};
use crate::address::Domain;
use crate::color::Color;
use crate::url::Url;

/// The port of a server.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(try_from = "i64")]
pub struct Port(pub NonZeroU16);

impl TryFrom<i64> for Port {
    type Error = &'static str;

    fn try_from(number: i64) -> Result<Port, &'static str> {
        let port = u16::try_from(number).ok().and_then(NonZeroU16::new);
        port.map(Port).ok_or("no port")
    }
}

/// How many hours an answer holds; 0 is for ever.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(try_from = "i64")]
pub struct Hours(pub u32);

impl TryFrom<i64> for Hours {
    type Error = &'static str;

    fn try_from(number: i64) -> Result<Hours, &'static str> {
        u32::try_from(number).map(Hours).map_err(|_| "no hours")
    }
}

/// How many days mail stays on a server.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(try_from = "i64")]
pub struct Days(pub NonZeroU16);

impl TryFrom<i64> for Days {
    type Error = &'static str;

    fn try_from(number: i64) -> Result<Days, &'static str> {
        let days = u16::try_from(number).ok().and_then(NonZeroU16::new);
        days.map(Days).ok_or("no days")
    }
}

impl<'de> Deserialize<'de> for Encryption {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Encryption, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "ssl" => Ok(Encryption::Ssl),
            "starttls" => Ok(Encryption::StartTls),
            "none" => Ok(Encryption::None),
            _ => Err(D::Error::custom(must_be("\"ssl\", \"starttls\" or \"none\"", &text))),
        }
    }
}

const AUTHENTICATIONS: &[Authentication] = &[
    Authentication::OAuth2,
    Authentication::Password,
    Authentication::EncryptedPassword,
    Authentication::Kerberos,
    Authentication::ClientCertificate,
];

fn authentication<E: Error>(text: &str) -> Result<Authentication, E> {
    let found = AUTHENTICATIONS.iter().find(|known| known.name() == text);
    let known =
        "\"oauth2\", \"password\", \"encrypted-password\", \"kerberos\" or \"client-certificate\"";
    found.copied().ok_or_else(|| E::custom(must_be(known, text)))
}

/// As a list or as one word.
impl<'de> Deserialize<'de> for Authentications {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Authentications, D::Error> {
        struct Ways;

        impl<'de> Visitor<'de> for Ways {
            type Value = Authentications;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("a word or a list of words")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Authentications, E> {
                let way = authentication(text)?;
                Authentications::new(&[way]).ok_or_else(|| E::custom("is empty"))
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut list: A,
            ) -> Result<Authentications, A::Error> {
                let mut ways = Vec::new();
                while let Some(text) = list.next_element::<String>()? {
                    let way = authentication(&text)?;
                    if ways.contains(&way) {
                        return Err(A::Error::custom(format!("has \"{text}\" twice; remove one")));
                    }
                    ways.push(way);
                }
                let empty = || A::Error::custom("is empty; write [\"password\"], or remove it");
                Authentications::new(&ways).ok_or_else(empty)
            }
        }

        deserializer.deserialize_any(Ways)
    }
}

/// Text that stays as it is: a scope of OAuth 2.0 or the identifier of a client (RFC 6749, appendix A).
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Plain(pub String);

impl TryFrom<String> for Plain {
    type Error = String;

    fn try_from(text: String) -> Result<Plain, String> {
        let visible = |word: &str| {
            !word.is_empty()
                && word.bytes().all(|b| b.is_ascii_graphic() && !b"\"\\{}".contains(&b))
        };
        if text.split(' ').all(visible) {
            return Ok(Plain(text));
        }
        let what =
            "words of ASCII without quotes, backslashes and braces, with one space between two";
        Err(must_be(what, &text))
    }
}

/// A sentence for people.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Sentence(pub String);

impl Sentence {
    const LONGEST: usize = 200;
}

impl TryFrom<String> for Sentence {
    type Error = String;

    fn try_from(text: String) -> Result<Sentence, String> {
        let count = text.chars().count();
        if text.trim().is_empty() || count > Sentence::LONGEST || text.contains(char::is_control) {
            let what = format!("a sentence of at most {} characters", Sentence::LONGEST);
            return Err(must_be(&what, &text));
        }
        Ok(Sentence(text))
    }
}

/// What separates an extension from the mailbox in a local part: `+` in `ada+list@example.org`.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Separator(pub char);

impl TryFrom<String> for Separator {
    type Error = String;

    fn try_from(text: String) -> Result<Separator, String> {
        match text.as_bytes() {
            // The marks of an atom (RFC 5322, 3.2.3) that no placeholder needs, and the dot.
            [mark] if b"!#$%&'*+-/=?^_`|~.".contains(mark) => Ok(Separator(char::from(*mark))),
            _ => Err(must_be("one mark like \"+\" or \"-\"", &text)),
        }
    }
}

/// Which incoming server comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum Incoming {
    Imap,
    Pop3,
}

impl TryFrom<String> for Incoming {
    type Error = String;

    fn try_from(text: String) -> Result<Incoming, String> {
        match text.as_str() {
            "imap" => Ok(Incoming::Imap),
            "pop3" => Ok(Incoming::Pop3),
            _ => Err(must_be("\"imap\" or \"pop3\"", &text)),
        }
    }
}

/// The name of a file in `domains/`, in which `{domain}` may stand.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct ListName(pub String);

impl TryFrom<String> for ListName {
    type Error = String;

    fn try_from(name: String) -> Result<ListName, String> {
        // The web server hides files by this ending.
        let plain = name.replacen(DOMAIN, "", 1);
        let right = plain.ends_with(".logins")
            && !plain.contains(['/', '{', '}'])
            && !plain.chars().any(char::is_control);
        if right {
            return Ok(ListName(name));
        }
        Err(must_be("the name of a file in domains/, like \"example.org.logins\"", &name))
    }
}

const DOMAIN: &str = "{domain}";

impl ListName {
    /// Whether the name differs from domain to domain.
    pub fn is_of_domain(&self) -> bool {
        self.0.contains(DOMAIN)
    }

    /// The name of a domain's file.
    pub fn of(&self, domain: &Domain) -> String {
        self.0.replacen(DOMAIN, domain.as_str(), 1)
    }

    /// The domain whose file has this name.
    pub fn domain(&self, name: &str) -> Option<Domain> {
        let (before, after) = self.0.split_once(DOMAIN)?;
        let text = name.strip_prefix(before)?.strip_suffix(after)?;
        Domain::new(text).filter(|domain| domain.as_str() == text)
    }
}

/// Where the logo of a provider is.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum LogoSource {
    Url(Url),
    /// The name of a file beside `autodiscover.toml`.
    File(String),
}

impl TryFrom<String> for LogoSource {
    type Error = String;

    fn try_from(text: String) -> Result<LogoSource, String> {
        if let Some(url) = Url::new(&*text).filter(|url| url.is_https() && Url::is_valid(url)) {
            return Ok(LogoSource::Url(url));
        }
        let name = text.to_ascii_lowercase();
        let picture = name.ends_with(".png") || name.ends_with(".svg");
        if picture && !text.contains('/') && !text.chars().any(char::is_control) {
            return Ok(LogoSource::File(text));
        }
        let what = "an https URL, or the name of a .png or .svg file beside autodiscover.toml";
        Err(must_be(what, &text))
    }
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Color, D::Error> {
        let text = String::deserialize(deserializer)?;
        Color::new(&text)
            .ok_or_else(|| D::Error::custom(must_be("a colour like \"#0b6670\"", &text)))
    }
}

/// An entry of `domains`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum Pattern {
    /// `*`
    Every,
    /// `*.example.org`: any depth below, not the domain itself.
    Below(Domain),
    /// `example.org`
    Exactly(Domain),
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Pattern, String> {
        let pattern = match text.strip_prefix("*.") {
            _ if text == "*" => Some(Pattern::Every),
            Some(parent) => Domain::new(parent).map(Pattern::Below),
            None => Domain::new(&text).map(Pattern::Exactly),
        };
        pattern.ok_or_else(|| {
            let examples = "\"example.org\", \"*.example.org\" or \"*\"";
            must_be(&format!("names like {examples}"), &text).replacen("must be", "must hold", 1)
        })
    }
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

/// The name of a host, without placeholders.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct HostName(pub Domain);

impl TryFrom<String> for HostName {
    type Error = String;

    fn try_from(text: String) -> Result<HostName, String> {
        let name = Domain::new(&text).filter(|name| !Domain::is_numeric(name.as_str()));
        name.map(HostName)
            .ok_or_else(|| must_be("a host name like \"autodiscover.example.org\"", &text))
    }
}

/// What to say of a text that is not valid.
pub fn must_be(what: &str, text: &str) -> String {
    match hidden_character(text) {
        Some((hidden, _)) => format!("has {hidden}; remove it"),
        None => format!("must be {what}, not \"{}\"", cut(text)),
    }
}

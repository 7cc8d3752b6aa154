//! What keys take besides text with placeholders: numbers, words, and names of domains and files.

use std::fmt;
use std::num::NonZeroU16;

use serde::de::{Deserialize, Deserializer, Error};

use super::problem::cut;
use crate::account::Encryption;
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
        port.map(Port).ok_or("must be 1 to 65535")
    }
}

/// How many hours an answer holds; 0 is for ever.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(try_from = "i64")]
pub struct Hours(pub u32);

impl TryFrom<i64> for Hours {
    type Error = &'static str;

    fn try_from(number: i64) -> Result<Hours, &'static str> {
        u32::try_from(number).map(Hours).map_err(|_| "must be 0 to 4294967295 hours")
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

/// The name of a file beside the one that names it.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct ListName(pub String);

impl TryFrom<String> for ListName {
    type Error = String;

    fn try_from(name: String) -> Result<ListName, String> {
        // The web server hides files by this ending.
        let right =
            name.ends_with(".logins") && !name.contains('/') && !name.chars().any(char::is_control);
        if right {
            return Ok(ListName(name));
        }
        Err(must_be("the name of a file beside this one, like \"example.org.logins\"", &name))
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
            format!("must hold names like {examples}, not \"{}\"", cut(&text))
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

fn must_be(what: &str, text: &str) -> String {
    format!("must be {what}, not \"{}\"", cut(text))
}

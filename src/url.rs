//! URLs: taken apart once, and the two encodings that text needs to stand in one.

use core::net::Ipv6Addr;
use std::fmt;
use std::ops::{Deref, Range};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use crate::address::Domain;

/// An absolute http or https URL with a host, taken apart.
///
/// What follows the host may hold a placeholder that only the reader can fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    text: String,
    https: bool,
    host: Range<usize>,
    port: Option<u16>,
    /// Where the path begins, or the query where there is no path.
    path: usize,
}

impl Url {
    /// The URL; None for another scheme, for user information, and without a host or with a port that is none.
    pub fn new(text: impl Into<String>) -> Option<Url> {
        let text = text.into();
        let scheme = text.find("://")?;
        let https = text[..scheme].eq_ignore_ascii_case("https");
        if !https && !text[..scheme].eq_ignore_ascii_case("http") {
            return None;
        }
        let start = scheme + "://".len();
        let path = text[start..].find(['/', '?', '#']).map_or(text.len(), |at| start + at);
        let authority = &text[start..path];
        // An IPv6 address has colons of its own, within brackets.
        let host = match authority.find(']') {
            Some(bracket) => &authority[..=bracket],
            None => authority.split(':').next().unwrap_or_default(),
        };
        let port = match authority[host.len()..].strip_prefix(':') {
            Some("") | None => None,
            Some(digits) => Some(digits.parse().ok().filter(|port| *port != 0)?),
        };
        let host = start..start + host.len();
        let named = Domain::is_name(&text[host.clone()]) || text[host.clone()].starts_with('[');
        named.then_some(Url { https, host, port, path, text })
    }

    /// Whether the text is a URL in every character (RFC 3986).
    pub fn is_valid(text: &str) -> bool {
        let Some(url) = Url::new(text) else { return false };
        let address = url.host().strip_prefix('[').map(|host| host.trim_end_matches(']').parse());
        let (path, fragment) = text[url.path..].split_once('#').unwrap_or((&text[url.path..], ""));
        let digits = |code: &str| {
            code.as_bytes().get(..2).is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit))
        };
        let legal = |part: &str| {
            part.split('%').skip(1).all(digits)
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&b))
        };
        address.is_none_or(|address: Result<Ipv6Addr, _>| address.is_ok())
            && legal(path)
            && legal(fragment)
    }

    pub fn is_https(&self) -> bool {
        self.https
    }

    /// The host; an IPv6 address has its brackets.
    pub fn host(&self) -> &str {
        &self.text[self.host.clone()]
    }

    /// The host as a name of DNS; None for an IP address.
    pub fn domain(&self) -> Option<Domain> {
        Domain::new(self.host()).filter(|host| !Domain::is_numeric(host.as_str()))
    }

    /// The port, where the URL has one.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The port that the scheme has by itself (RFC 9110, 4.2).
    pub fn usual_port(&self) -> u16 {
        if self.https { 443 } else { 80 }
    }

    /// What a client asks the host for: the path and the query; `/` when the URL has neither.
    pub fn target(&self) -> &str {
        match self.text[self.path..].split('#').next() {
            None | Some("") => "/",
            Some(target) => target,
        }
    }

    /// The path, without query and fragment; `/` when the URL has none.
    pub fn path(&self) -> &str {
        match self.text[self.path..].split(['?', '#']).next() {
            None | Some("") => "/",
            Some(path) => path,
        }
    }
}

impl Deref for Url {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self)
    }
}

/// What a parameter's value may hold unencoded (RFC 3986, 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What an address may hold unencoded in the middle of a URL: the above and its `@` (RFC 3986, 3.3).
const IN_URL: &AsciiSet = &UNRESERVED.remove(b'@');

/// The text as the value of a parameter.
pub fn parameter_value(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, UNRESERVED)
}

/// The text as a part of a path or a query.
pub fn part(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, IN_URL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let url = Url::new("HTTPS://Mail.example.org:8443/dav/%EMAILADDRESS%/?a=/b#c").unwrap();
        assert_eq!(
            (url.host(), url.port(), url.path()),
            ("Mail.example.org", Some(8443), "/dav/%EMAILADDRESS%/")
        );
        assert_eq!(url.domain(), Domain::new("mail.example.org"));
        let url = Url::new("http://[2001:db8::1]:80").unwrap();
        assert_eq!((url.host(), url.port(), url.path()), ("[2001:db8::1]", Some(80), "/"));
        assert_eq!(url.domain(), None);
        assert_eq!(Url::new("https://example.org:").unwrap().port(), None);
    }

    #[test]
    fn nothing_else_is_a_url() {
        for text in [
            "",
            "example.org",
            "ftp://example.org/",
            "https:///path",
            "https://a b/",
            "https://user@example.org/",
            "https://example.org:0/",
            "https://example.org:65536/",
            "https://example.org:x/",
        ] {
            assert_eq!(Url::new(text), None, "{text}");
        }
        assert!(!Url::is_valid("https://example.org/a b"));
        assert!(Url::is_valid("https://example.org/a%20b"));
    }
}

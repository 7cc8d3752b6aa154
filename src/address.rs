//! E-mail addresses and domains, checked more strictly than the grammar of addresses alone would.

use std::fmt;

use email_address::{EmailAddress, Options};
use idna::AsciiDenyList;

/// A host name in lower-case A-labels: letters, digits, hyphens and dots, no empty label, at most 253 bytes.
///
/// The only way from a client's text to a file name: `/`, NUL and `..` cannot be in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Domain(String);

impl Domain {
    /// The longest name that DNS can hold, in bytes (RFC 1035, 2.3.4).
    pub const LONGEST: usize = 253;

    /// The domain in any spelling: upper case, U-labels or A-labels (RFC 5891).
    ///
    /// None when it is not a host name.
    pub fn new(text: &str) -> Option<Domain> {
        let plain = text.is_ascii() && !text.to_ascii_lowercase().contains("xn--");
        let name = if plain {
            text.to_ascii_lowercase()
        } else {
            idna::domain_to_ascii_cow(text.as_bytes(), AsciiDenyList::STD3).ok()?.into_owned()
        };
        Domain::is_name(&name).then_some(Domain(name))
    }

    /// Whether the text has the form of a host name; case is not looked at.
    pub fn is_name(text: &str) -> bool {
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        text.len() <= Domain::LONGEST && text.split('.').all(label)
    }

    /// The host of a `Host` header or of `SERVER_NAME`, without its port; None for an IP address.
    pub fn of_host(host: &str) -> Option<Domain> {
        let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
        let domain = Domain::new(name.strip_suffix('.').unwrap_or(name))?;
        let right =
            !Domain::is_numeric(domain.as_str()) && port.bytes().all(|byte| byte.is_ascii_digit());
        right.then_some(domain)
    }

    /// Whether a name is an IPv4 address: no name in DNS ends in a number (RFC 1123, 2.1).
    pub fn is_numeric(name: &str) -> bool {
        name.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The domain one label up; None for the last label.
    pub fn parent(&self) -> Option<Domain> {
        let (_, parent) = self.0.split_once('.')?;
        Some(Domain(parent.to_owned()))
    }

    /// As people read it: in U-labels.
    pub fn for_people(&self) -> String {
        if self.0.starts_with("xn--") || self.0.contains(".xn--") {
            idna::domain_to_unicode(&self.0).0
        } else {
            self.0.clone()
        }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A mail address as the client wrote it, with its domain in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    email: String,
    at: usize,
    domain: Domain,
}

impl Address {
    /// The longest local part, in bytes (RFC 5321, 4.5.3.1.1).
    const LONGEST_LOCAL: usize = 64;

    /// The address, trimmed; None when it is not one.
    ///
    /// Display text and domain literals are refused: neither can be configured.
    /// A local part may be quoted (RFC 5321) and need not be ASCII (RFC 6531).
    pub fn new(text: &str) -> Option<Address> {
        let (local, written) = text.trim().rsplit_once('@')?;
        let domain = Domain::new(written)?;
        // The replacement character stands for what was no UTF-8: that address is not known.
        if local.len() > Address::LONGEST_LOCAL || local.contains(char::REPLACEMENT_CHARACTER) {
            return None;
        }
        // The library refuses much of what RFC 6531, 3.3 allows beyond ASCII, such as emoji.
        let ascii = local.chars().map(|c| if c.is_ascii() { c } else { 'x' });
        let stand_in = ascii.chain(['@']).chain(domain.as_str().chars()).collect::<String>();
        let options = Options::default().without_display_text().without_domain_literal();
        EmailAddress::parse_with_options(&stand_in, options).ok()?;
        Some(Address {
            email: format!("{local}@{}", written.to_lowercase()),
            at: local.len(),
            domain,
        })
    }

    /// The whole address.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// What stands before the last `@`, with its quotes if it has any.
    pub fn local(&self) -> &str {
        &self.email[..self.at]
    }

    pub fn domain(&self) -> &Domain {
        &self.domain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn domain(text: &str, expected: Option<&str>) {
        assert_eq!(Domain::new(text).as_ref().map(Domain::as_str), expected);
    }

    #[track_caller]
    fn address(text: &str, expected: Option<(&str, &str)>) {
        let address = Address::new(text);
        assert_eq!(address.as_ref().map(|a| (a.email(), a.domain().as_str())), expected);
    }

    #[test]
    fn domains_are_lower_case_a_labels() {
        domain("Example.ORG", Some("example.org"));
        domain("Ü.example", Some("xn--tda.example"));
        domain("XN--TDA.example", Some("xn--tda.example"));
        domain("localhost", Some("localhost"));
    }

    #[test]
    fn nothing_else_is_a_domain() {
        for text in ["", ".", "a..b", "a.", "../etc", "a/b", "a\0b", "a_b", "-a", "a-", "[1.2.3.4]"]
        {
            domain(text, None);
        }
        domain(&"a.".repeat(127), None);
        domain(&format!("{}.org", "a".repeat(64)), None);
    }

    #[test]
    fn hosts_lose_their_port() {
        assert_eq!(Domain::of_host("Mail.example.org:8443"), Domain::new("mail.example.org"));
        assert_eq!(Domain::of_host("example.org."), Domain::new("example.org"));
        assert_eq!(Domain::of_host("[::1]:443"), None);
        assert_eq!(Domain::of_host("192.0.2.1:443"), None);
        assert_eq!(Domain::of_host("example.org:https"), None);
        assert_eq!(Domain::of_host("a\"b"), None);
    }

    #[test]
    fn addresses_keep_their_local_part() {
        address(" Ada@Example.ORG\n", Some(("Ada@example.org", "example.org")));
        address("ada@Ü.example", Some(("ada@ü.example", "xn--tda.example")));
        address("\"a@b\"@example.org", Some(("\"a@b\"@example.org", "example.org")));
        address("дед@example.org", Some(("дед@example.org", "example.org")));
        address("😀@u\u{308}.example", Some(("😀@u\u{308}.example", "xn--tda.example")));
        address("a&b@example.org", Some(("a&b@example.org", "example.org")));
    }

    #[test]
    fn nothing_else_is_an_address() {
        for text in ["", "ada", "@example.org", "ada@", "a@b@example.org", "Ada <ada@example.org>"]
        {
            address(text, None);
        }
        address("a\u{FFFD}@example.org", None);
        for text in ["ada@[192.0.2.1]", "ada@b/c", "ada@..", "a b@example.org", "<ada@example.org>"]
        {
            address(text, None);
        }
    }
}

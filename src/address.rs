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
        // Four bytes for each character that could be one of DNS: IDNA takes its time with what is longer.
        if text.len() > 4 * Domain::LONGEST {
            return None;
        }
        let plain = text.is_ascii() && !text.to_ascii_lowercase().contains("xn--");
        let name = if plain {
            text.to_ascii_lowercase()
        } else {
            let name = idna::domain_to_ascii_cow(text.as_bytes(), AsciiDenyList::STD3).ok()?;
            // RFC 5891, 4.2.3.1: no U-label has a hyphen at its ends, nor two as an A-label has.
            let misplaced = |label: &str| {
                let two = label
                    .char_indices()
                    .nth(2)
                    .is_some_and(|(at, _)| label[at..].starts_with("--"));
                label.starts_with('-') || label.ends_with('-') || (two && !label.is_ascii())
            };
            if idna::domain_to_unicode(&name).0.split('.').any(misplaced) {
                return None;
            }
            name.into_owned()
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

    /// Whether the domain can have mail: it is no IP address, and the names of discovery fit below it.
    pub fn can_be_discovered(&self) -> bool {
        !Domain::is_numeric(&self.0)
            && "_autodiscover._tcp.".len() + self.0.len() <= Domain::LONGEST
    }

    /// The mail domain that a host answers for: without the names that discovery puts before it.
    pub fn of_discovery(self) -> Option<Domain> {
        let names = ["autoconfig.", "autodiscover.", "ua-auto-config."];
        match names.iter().find_map(|name| self.0.strip_prefix(name)) {
            Some(domain) => Domain::new(domain),
            None => Some(self),
        }
    }

    /// Whether the host is the other one, or stands below it.
    pub fn is_at_or_below(&self, parent: &Domain) -> bool {
        let above = self.0.strip_suffix(parent.as_str());
        above.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// The domain as people read it, in U-labels (RFC 5890, 2.3.2.1); None when it has none.
    pub fn unicode(&self) -> Option<String> {
        if !self.0.contains("xn--") {
            return None;
        }
        let (unicode, valid) = idna::domain_to_unicode(&self.0);
        (valid.is_ok() && unicode != self.0).then_some(unicode)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The domain one label up; None for the last label.
    pub fn parent(&self) -> Option<Domain> {
        let (_, parent) = self.0.split_once('.')?;
        Some(Domain(parent.to_owned()))
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A mail address as the client wrote it, with its domain after IDNA's mapping: in lower case, without what nobody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    email: String,
    at: usize,
    domain: Domain,
}

impl Address {
    /// The longest local part, in bytes (RFC 5321, 4.5.3.1.1).
    const LONGEST_LOCAL: usize = 64;
    /// The longest address, in bytes (RFC 5321, 4.5.3.1.3: a path without its brackets).
    const LONGEST: usize = 254;

    /// The address, without blanks and invisible characters around it; None when it is not one.
    ///
    /// Display text and domain literals are refused: neither can be configured.
    /// A local part may be quoted (RFC 5321) and need not be ASCII (RFC 6531). Its dots may stand anywhere:
    /// Docomo gave its customers addresses such as `a..b@` and `a.@`. No domain of an address ends in a number.
    pub fn new(text: &str) -> Option<Address> {
        let text = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
        let (local, written) = text.rsplit_once('@')?;
        let domain = Domain::new(written).filter(|domain| !Domain::is_numeric(domain.as_str()))?;
        // The replacement character stands for what was no UTF-8: that address is not known.
        let refused = |c: char| {
            let blank = c.is_whitespace() && c != ' ';
            c == char::REPLACEMENT_CHARACTER || blank || is_invisible(c)
        };
        if local.len() > Address::LONGEST_LOCAL || local.chars().any(refused) {
            return None;
        }
        // The library refuses dots in a row, some quoted pairs, an empty quoted string (RFC 5321, 4.1.2), and much
        // of what RFC 6531, 3.3 allows beyond ASCII, such as emoji.
        let quoted = local.starts_with('"');
        let mut stand_in = String::with_capacity(text.len() + 1);
        let mut characters = local.chars();
        while let Some(character) = characters.next() {
            stand_in.push(match character {
                '.' if !quoted => 'x',
                '\\' if quoted => {
                    characters.next().filter(|c| matches!(c, ' '..='~')).map(|_| 'x')?
                }
                character if character.is_ascii() => character,
                _ => 'x',
            });
        }
        if stand_in == "\"\"" {
            stand_in.insert(1, 'x');
        }
        stand_in.push('@');
        stand_in.push_str(domain.as_str());
        let options = Options::default().without_display_text().without_domain_literal();
        EmailAddress::parse_with_options(&stand_in, options).ok()?;
        let mapped = if written.is_ascii() {
            written.to_ascii_lowercase()
        } else {
            idna::domain_to_unicode(written).0
        };
        let email = format!("{local}@{mapped}");
        (email.len() <= Address::LONGEST).then_some(Address { email, at: local.len(), domain })
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

    /// The address of the mailbox, without what the separator begins in the local part; None when it begins nothing.
    pub fn without_extension(&self, separator: char) -> Option<Address> {
        let at =
            self.local().find(separator).filter(|at| *at > 0 && !self.email.starts_with('"'))?;
        let email = format!("{}{}", &self.email[..at], &self.email[self.at..]);
        Some(Address { email, at, domain: self.domain.clone() })
    }
}

/// Whether nobody sees the character (Unicode's Default_Ignorable_Code_Point): copied text is full of them.
pub fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
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
        address("😀@u\u{308}.example", Some(("😀@ü.example", "xn--tda.example")));
        address("ada@xn--TDA.example", Some(("ada@xn--tda.example", "xn--tda.example")));
        address("a..b@example.org", Some(("a..b@example.org", "example.org")));
        address("a.@example.org", Some(("a.@example.org", "example.org")));
        address("a&b@example.org", Some(("a&b@example.org", "example.org")));
    }

    #[test]
    fn quoted_strings_are_those_of_rfc_5321() {
        for local in
            ["\"\"", "\"Fred\\ Bloggs\"", "\"\\\"\"", "\"\\\\\"", "\"a.b\"", "\".\"", "\"\\a\""]
        {
            let text = format!("{local}@example.org");
            address(&text, Some((&text, "example.org")));
        }
        for local in [
            "\"",
            "\"\\\"",
            "\"\\",
            "\"a\"b\"",
            "\"a\"b",
            "a\"b\"",
            "\"\\\u{e4}\"",
            "a\\b",
            "\"\\\u{7f}\"",
        ] {
            address(&format!("{local}@example.org"), None);
        }
    }

    #[test]
    fn no_domain_of_an_address_is_a_number_or_has_a_hyphen_at_an_end() {
        for domain in [
            "127.0.0.1",
            "iana.123",
            "1",
            "-\u{fc}.example",
            "\u{fc}-.example",
            "xn----eha.example",
            "ab--\u{fc}.example",
        ] {
            address(&format!("ada@{domain}"), None);
        }
        address("ada@123.example", Some(("ada@123.example", "123.example")));
        address("ada@ab--c.example", Some(("ada@ab--c.example", "ab--c.example")));
    }

    #[test]
    fn what_nobody_sees_is_lost() {
        address("\u{FEFF}ada@example.org\u{200B}\u{A0}", Some(("ada@example.org", "example.org")));
        address("ada@exam\u{AD}ple.org", Some(("ada@example.org", "example.org")));
        address("ada@example\u{3002}org", Some(("ada@example.org", "example.org")));
        address("ada@ｅｘａｍｐｌｅ.org", Some(("ada@example.org", "example.org")));
        address("a\u{200D}da@example.org", None);
        address("a\u{202E}da@example.org", None);
        for blank in "\t\n\u{85}\u{A0}\u{1680}\u{2000}\u{2003}\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}".chars() {
            address(&format!("a{blank}da@example.org"), None);
            address(&format!("\"a{blank}da\"@example.org"), None);
        }
        address("\"a da\"@example.org", Some(("\"a da\"@example.org", "example.org")));
        address("a da@example.org", None);
    }

    #[test]
    fn an_address_has_at_most_254_bytes() {
        let domain = format!("{}org", "a.".repeat(90));
        address(
            &format!("{}@{domain}", "x".repeat(64)),
            Some((&format!("{}@{domain}", "x".repeat(64)), &domain)),
        );
        let domain = format!("{}org", "a.".repeat(94));
        address(&format!("{}@{domain}", "x".repeat(64)), None);
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

//! How the parts of an HTTP request say what a client asks for.

use percent_encoding::percent_decode_str;

use crate::address::{Address, Domain};
use crate::http::Received;
use crate::refusal::Refusal;

/// The parameter of Thunderbird, which profiles and the page share.
pub const EMAILADDRESS: &str = "emailaddress";

/// The address in the query; None without one, refused when it is something else.
pub fn address_parameter(received: &Received, name: &str) -> Result<Option<Address>, Refusal> {
    match parameter(&received.query, name) {
        Some(text) if !text.trim().is_empty() => {
            Address::new(&text).map(Some).ok_or(Refusal::InvalidRequest)
        }
        _ => Ok(None),
    }
}

/// The first parameter of that name, whatever its case, percent-decoded.
///
/// A plus sign stays one: many clients send that of `ada+tag@example.org` as it is,
/// and an address has no use for the space that HTML forms mean by it.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    encoded_parameter(query, name).map(decoded)
}

/// The same where a browser filled in a form: it sends a blank as a plus sign, and a plus sign encoded.
///
/// So a plus sign at either end is a blank that was typed; inside, it may come from a link that somebody wrote.
pub fn form_parameter(query: &str, name: &str) -> Option<String> {
    encoded_parameter(query, name).map(|value| decoded(value.trim_matches('+')))
}

fn encoded_parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn decoded(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}

/// The mail domain of the host that was asked: without the names that discovery puts before it.
pub fn domain_of_host(received: &Received) -> Option<Domain> {
    Domain::of_host(&received.host)?.of_discovery()
}

/// The host that was asked, with its port if it has one; None when it could not stand in a URL.
pub fn authority(host: &str) -> Option<String> {
    let Some((name, port)) = host.split_once(':') else {
        return Some(Domain::of_host(host)?.to_string());
    };
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let port: u16 = port.parse().ok().filter(|port| digits && *port != 0)?;
    Some(format!("{}:{port}", Domain::of_host(name)?))
}

/// Which of the languages an `Accept-Language` header weighs most (RFC 9110, 12.5.4); of equals the one named first.
///
/// None when it names none of them, or leaves the choice to us.
pub fn preferred_language<'k>(accept_language: &str, known: &[&'k str]) -> Option<&'k str> {
    let (mut best, mut heaviest) = (None, 0);
    for range in accept_language.split(',') {
        let (tag, weight) = match range.split_once(';') {
            Some((tag, weight)) => (tag, thousandths(weight).unwrap_or(0)),
            None => (range, 1000),
        };
        let named = lookup(tag.trim(), known);
        if weight > heaviest && (named.is_some() || tag.trim() == "*") {
            (best, heaviest) = (named, weight);
        }
    }
    best
}

/// The language of a range: what is more special than we know is cut off, subtag by subtag (RFC 4647, 3.4).
fn lookup<'k>(mut range: &str, known: &[&'k str]) -> Option<&'k str> {
    loop {
        let named = known.iter().find(|tag| range.eq_ignore_ascii_case(tag));
        match (named, range.rsplit_once('-')) {
            (None, Some((less_special, _))) => range = less_special,
            _ => return named.copied(),
        }
    }
}

/// A weight such as `q=0.8` in thousandths (RFC 9110, 12.4.2); None when it is something else.
fn thousandths(weight: &str) -> Option<u16> {
    let (name, value) = weight.split_once('=')?;
    let (whole, decimals) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    let digits = decimals.bytes().all(|byte| byte.is_ascii_digit());
    if !name.trim().eq_ignore_ascii_case("q") || !digits || decimals.len() > 3 {
        return None;
    }
    match whole {
        "0" => format!("{decimals:0<3}").parse().ok(),
        "1" => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn accepted(header: &str, tag: &str) {
        let known = &["de", "en", "pt", "pt-BR"];
        assert_eq!(preferred_language(header, known).unwrap_or("en"), tag, "{header}");
    }

    #[test]
    fn the_heaviest_wins() {
        accepted("de", "de");
        accepted("de-AT, en;q=0.9", "de");
        accepted("en;q=0.8, DE-de;q=0.85", "de");
        accepted("fr-FR, de ; q=0.5, en;q=0.4", "de");
        accepted("de;q=0.001", "de");
        accepted("en, de", "en");
        accepted("de;q=0.5, en;q=1.000", "en");
        accepted("*, de;q=0.5", "en");
        accepted("pt-BR,pt;q=0.9", "pt-BR");
        accepted("PT-br-1990", "pt-BR");
        accepted("pt-AO, de;q=0.9", "pt");
    }

    #[test]
    fn what_is_unknown_refused_or_broken_weighs_nothing() {
        for header in ["", "fr", "den", "de;q=0", "de;q=0.000", "de;q=2", "de;q=0.5000", "de;q=-1"]
        {
            accepted(header, "en");
        }
        for header in ["de;q=", "de;q=0,9", "de;v=1", "d\u{e9}", ",;,=", "de\0"] {
            accepted(header, "en");
        }
    }

    #[test]
    fn a_host_stands_in_a_url_only_when_it_is_one() {
        for (host, expected) in [
            ("Mail.example.org", Some("mail.example.org")),
            ("mail.example.org:8443", Some("mail.example.org:8443")),
            ("mail.example.org:080", Some("mail.example.org:80")),
        ] {
            assert_eq!(authority(host).as_deref(), expected);
        }
        for host in [
            "",
            "a b",
            "a\"b",
            "a:",
            "a:+80",
            "a:65536",
            "a:80:80",
            "a@b",
            "a/b",
            "[::1]:443",
            "127.0.0.1",
        ] {
            assert_eq!(authority(host), None, "{host}");
        }
    }
}

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

/// The first parameter of that name that has a value, whatever the case of the name, percent-decoded;
/// empty when none has one.
///
/// A plus sign stays one: many clients send that of `ada+tag@example.org` as it is,
/// and an address has no use for the space that HTML forms mean by it.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    let mut found = None;
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let named = key.eq_ignore_ascii_case(name)
            || percent_decode_str(key).decode_utf8_lossy().eq_ignore_ascii_case(name);
        if named {
            let value = percent_decode_str(value).decode_utf8_lossy();
            if !value.trim().is_empty() {
                return Some(value.into_owned());
            }
            found.get_or_insert_with(|| value.into_owned());
        }
    }
    found
}

/// Whether an `Accept` header names HTML, and does not refuse it (RFC 9110, 12.5.1).
pub fn accepts_html(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';');
        let html = parts.next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/html"));
        html && parts.find_map(thousandths) != Some(0)
    })
}

/// The mail domain of the host that was asked: without the names that discovery puts before it.
pub fn domain_of_host(received: &Received) -> Option<Domain> {
    Domain::of_host(&received.host)?.of_discovery()
}

/// The host that was asked, with its port if HTTP and HTTPS have it not by themselves; None when it could
/// not stand in a URL.
pub fn authority(host: &str) -> Option<String> {
    let Some((name, port)) = host.split_once(':') else {
        return Some(Domain::of_host(host)?.to_string());
    };
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let port: u16 = port.parse().ok().filter(|port| digits && *port != 0)?;
    let name = Domain::of_host(name)?;
    Some(if matches!(port, 80 | 443) { name.to_string() } else { format!("{name}:{port}") })
}

/// Which of the languages an `Accept-Language` header weighs most (RFC 9110, 12.5.4); of equals the one named first.
///
/// The fallback when it names none of them; also where it leaves the choice to us, unless it refuses that one.
pub fn preferred_language<'k>(
    accept_language: &str,
    known: &[&'k str],
    fallback: &'k str,
) -> &'k str {
    let (mut best, mut heaviest) = (None, 0);
    let mut refused = Vec::new();
    for range in accept_language.split(',') {
        let (tag, weight) = match range.split_once(';') {
            Some((tag, weight)) => (tag, thousandths(weight).unwrap_or(0)),
            None => (range, 1000),
        };
        let named = lookup(tag.trim(), known);
        refused.extend(named.filter(|_| weight == 0));
        if weight > heaviest && (named.is_some() || tag.trim() == "*") {
            (best, heaviest) = (named, weight);
        }
    }
    let others = || known.iter().copied().find(|tag| heaviest > 0 && !refused.contains(tag));
    let ours = || if refused.contains(&fallback) { others() } else { None };
    best.or_else(ours).unwrap_or(fallback)
}

/// The language of a range: what is more special than we know is cut off, subtag by subtag (RFC 4647, 3.4).
pub fn lookup<'k>(mut range: &str, known: &[&'k str]) -> Option<&'k str> {
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
        assert_eq!(preferred_language(header, known, "en"), tag, "{header}");
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
        accepted("en;q=0, *", "de");
        accepted("*;q=0.5, en;q=0, de;q=0", "pt");
        accepted("en;q=0", "en");
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
    fn html_is_accepted_where_it_is_not_refused() {
        for accept in ["text/html", "*/*, TEXT/HTML;level=1;q=0.1", "a/b;q=0 , text/html ; q=1"] {
            assert!(accepts_html(accept), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "text/html;q=0",
            "text/html;level=1; Q=0.000",
            "text/htmlx",
            "a;b=text/html",
        ] {
            assert!(!accepts_html(accept), "{accept}");
        }
    }

    /// URL Standard, application/x-www-form-urlencoded parsing.
    #[test]
    fn a_parameter_is_found_by_its_name() {
        for query in [
            "emailaddress=a",
            "x=b&EMailAddress=a&emailaddress=c",
            "%65mail%41ddress=a",
            "emailaddress=&&emailaddress=a",
            "emailaddress&emailaddress=%20&emailaddress=a",
        ] {
            assert_eq!(parameter(query, EMAILADDRESS).as_deref(), Some("a"), "{query}");
        }
        assert_eq!(parameter("emailaddress=", EMAILADDRESS).as_deref(), Some(""));
        for query in ["", "&", "=a", "emailaddresses=a", "%zzemailaddress=a"] {
            assert_eq!(parameter(query, EMAILADDRESS), None, "{query}");
        }
    }

    #[test]
    fn a_host_stands_in_a_url_only_when_it_is_one() {
        for (host, expected) in [
            ("Mail.example.org", Some("mail.example.org")),
            ("mail.example.org:8443", Some("mail.example.org:8443")),
            ("mail.example.org:080", Some("mail.example.org")),
            ("mail.example.org:443", Some("mail.example.org")),
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

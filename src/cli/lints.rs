//! Suspicious but valid settings: what `check` warns of, value by value and in lists of login names.

use crate::address::Domain;
use crate::audience::{Placeholders, is_address, survives_javascript};
use crate::color::{Color, DARK, LIGHT};
use crate::config::keys::Takes;
use crate::config::mistakes::Text;
use crate::config::placeholders::foreign_placeholder;
use crate::config::problem::{cut, hidden_character};

/// What is probably not meant in a value of a file.
pub fn of_value(Text { table, key, value, .. }: &Text) -> Vec<String> {
    let (takes, key, value) = (key.takes, key.name, value.as_str());
    let mut lints = Vec::new();
    let sample = || format!("'{key}' has \"{value}\", a name of the sample; write your own");
    if let Some((hidden, _)) = hidden_character(value) {
        lints.push(format!("'{key}' has {hidden}; remove it"));
    }
    if matches!(takes, Takes::Text | Takes::Url)
        && let Some(foreign) = foreign_placeholder(value)
    {
        lints.push(format!(
            "'{key}' has {}, a placeholder of another program; write {{email}}, {{local}} or {{domain}}",
            cut(foreign)
        ));
    } else if key == "login_name" && !value.contains(['{', '}']) {
        let what = match WORDS.contains(&value.to_ascii_lowercase().as_str()) {
            true => "is a word that stands for itself",
            false => "is the same for every user",
        };
        lints.push(format!("'login_name' {what}; write {{email}} or {{local}}"));
    }
    // The local part alone may be a number too, but no template helps there.
    let digit = Placeholders { email: "@", local: "1", domain: ".", login: "1" };
    if key == "login_name" && !survives_javascript(&digit.text(value)) {
        lints.push(format!(
            "'login_name' \"{value}\" gives a number where the local part is one: Thunderbird \
             writes it in another form; put a letter before it"
        ));
    }
    match key {
        "domains" if value == "*" => {
            lints.push("any domain is answered; list your own instead".to_owned());
        }
        "domains" if is_sample(value) => lints.push(sample()),
        "domains" if Domain::is_numeric(value) => lints.push(format!(
            "'domains' has \"{value}\", an IP address, and no mail address has it; write the domain"
        )),
        "domains" if !value.contains('.') => lints
            .push(format!("'domains' has \"{value}\", which has no dot; write the whole domain")),
        "display_name" if is_address(value) => lints.push(
            "'display_name' is the address, and Outlook writes it over the name that the user \
             typed; remove it"
                .to_owned(),
        ),
        "prefer" if value == "pop3" => lints.push(
            "'prefer' is \"pop3\": Geary, FairEmail and SnappyMail then find no IMAP; \
             write \"imap\", unless you want that"
                .to_owned(),
        ),
        "server" | "host" => {
            lints.extend(is_sample(value).then(sample));
            lints.extend(private(value).map(|why| format!("'{key}' is \"{value}\": {why}")));
        }
        "address" if value.rsplit_once('@').is_some_and(|(_, host)| is_sample(host)) => {
            lints.push(sample());
        }
        "color" => {
            let color = Color::new(value);
            let light = color.is_some_and(|color| color.readable_on(LIGHT) != color);
            let dark = color.is_some_and(|color| color.readable_on(DARK) != color);
            if light && dark {
                lints.push(format!(
                    "'color' is {value}, which can be read neither on a light nor on a dark page: \
                     the page takes other shades of it; choose a darker or lighter one"
                ));
            }
        }
        _ if takes == Takes::Url => {
            let host = host_of_url(value);
            lints.extend(is_sample(host).then(sample));
            lints.extend(private(host).map(|why| format!("'{key}' has \"{host}\": {why}")));
            if value.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:")) {
                let why = if *table == "redirect" {
                    "clients do not follow it"
                } else {
                    "others on the way can read and change what is sent"
                };
                lints.push(format!("'{key}' of [{table}] is http: {why}; write https"));
            }
        }
        _ => {}
    }
    lints
}

/// What `check` refuses in a value that requests take.
pub fn refused(Text { key, value, .. }: &Text) -> Option<String> {
    let by_url = matches!(key.takes, Takes::Url | Takes::Logo);
    let ipv6 = by_url && value.split_once("://").is_some_and(|(_, rest)| rest.starts_with('['));
    // Nor can a Content-Security-Policy name it, in which the page names the logo.
    ipv6.then(|| {
        let name = key.name;
        format!("'{name}' has an IPv6 address, and certificates are for names; write the name of the server")
    })
}

/// The host of a URL in which placeholders may stand, without its port.
pub fn host_of_url(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.split(':').next().unwrap_or_default()
}

/// Whether the host is one of those that the sample and the documentation use (RFC 2606, 3).
pub fn is_sample(host: &str) -> bool {
    ["example.org", "example.com", "example.net"].iter().any(|sample| {
        host.strip_suffix(sample).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Why a host is of no use to somebody elsewhere.
pub fn private(host: &str) -> Option<&'static str> {
    if host == "localhost" || host.ends_with(".localhost") {
        return Some("to a client that is its own computer; write the name of the server");
    }
    if Domain::is_numeric(host) {
        return Some("certificates are for names; write the name of the server");
    }
    let one_label = !host.is_empty() && !host.contains(['.', '{', '[']);
    one_label.then_some("a name without a dot is found in your network only; write the whole name")
}

/// Words that others write where we have a placeholder.
const WORDS: [&str; 9] =
    ["email", "emailaddress", "mail", "address", "user", "username", "login", "local", "localpart"];

/// What is probably not meant in a line of a list of login names.
pub fn of_login(local: &str, login: &str) -> Option<String> {
    let inner = |text: &str| Some(text.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    let marks = [':', ',', ';', '='];
    let plain = inner(local).filter(|inner| {
        inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    });
    if let Some(plain) = plain {
        Some(format!("the quotes around '{}' are part of the address; remove them", cut(&plain)))
    } else if local.ends_with(marks) {
        Some(format!("'{}' ends with a mark; write a space instead of it", cut(local)))
    } else if login.starts_with(marks) {
        Some(format!("login name '{}' begins with a mark; remove it", cut(login)))
    } else if inner(login).is_some() || inner(&login.replace('\'', "\"")).is_some() {
        Some(format!("login name '{}' has quotes, which are sent; remove them", cut(login)))
    } else if !survives_javascript(login) {
        Some(format!(
            "login name '{login}' is a number to JavaScript: Thunderbird writes it in another \
             form; let users type it"
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_list_that_are_meant_otherwise() {
        for (local, login) in [
            ("\"ada\"", "a"),
            ("ada=", "a"),
            ("ada", ":a"),
            ("ada", "=a"),
            ("ada", "\"web1p1\""),
            ("ada", "'web1p1'"),
            ("ada", "0012345"),
            ("ada", "12e3"),
            ("ada", "0x1F"),
            ("ada", "1.50"),
            ("ada", "12345678901234567890"),
            ("ada", "TRUE"),
        ] {
            assert!(of_login(local, login).is_some(), "{local} {login}");
        }
        for (local, login) in [
            ("ada", "web1p1"),
            ("\"a b\"", "x"),
            ("ada", "12345"),
            ("ada", "1234567890123456"),
            ("ada", "0x"),
            ("a", "e"),
        ] {
            assert_eq!(of_login(local, login), None, "{local} {login}");
        }
    }
}

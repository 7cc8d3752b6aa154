//! Values with `{email}`, `{local}` and `{domain}` in them: checked when read, filled in when answered.

use std::ops::Deref;

use serde::Deserialize;

use super::problem::cut;
use super::values::must_be;
use crate::address::{Address, Domain};
use crate::audience::{Placeholders, is_of_user};
use crate::url::Url;

/// Text with placeholders.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Template(String);

/// A host name in which `{domain}` may stand.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Host(String);

/// An absolute http or https URL, with the same host for every user of a domain.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct UrlTemplate(String);

/// The URL of a server of OAuth 2.0: https, the same for every user, and without a fragment (RFC 6749, 3).
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct OAuth2Url(UrlTemplate);

/// The issuer of an authorization server: as above, and without a query (RFC 8414, 2).
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Issuer(UrlTemplate);

/// A mail address, for every user.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct AddressTemplate(String);

/// Stand-ins under which a template must already be right.
const SAMPLE: Placeholders = Placeholders { email: "x@x", local: "x", domain: "x", login: "" };
/// The same for a URL, in which the login name may stand.
const URL_SAMPLE: Placeholders = Placeholders { login: "x", ..SAMPLE };

/// A label that IDNA leaves as it is, in the place of `{domain}`.
const STAND_IN: &str = "domain-of-the-user";

/// Whether every brace belongs to a known placeholder and no control character is in the text.
fn check(template: &str, sample: &Placeholders) -> Result<(), String> {
    if template.is_empty() {
        return Err("is empty; give it a value or remove it".to_owned());
    }
    if template.chars().any(char::is_control) {
        return Err("has a control character; remove it".to_owned());
    }
    if let Some(foreign) = FOREIGN.iter().find(|foreign| template.contains(foreign.0)) {
        let (theirs, ours) = foreign;
        return Err(format!("must have {ours} instead of {theirs}"));
    }
    let mut rest = template;
    while let Some(brace) = rest.find(['{', '}']) {
        let name = rest[brace..].strip_prefix('{').and_then(|rest| rest.split_once('}'));
        match name {
            Some((name, after)) if sample.value(name).is_some() => rest = after,
            _ => {
                let text = cut(template);
                return Err(format!("has an unknown placeholder in \"{text}\"; {KNOWN}"));
            }
        }
    }
    Ok(())
}

const KNOWN: &str = "valid placeholders: {email}, {local}, {domain}";

/// Placeholders of Thunderbird's files, and ours for each.
const FOREIGN: [(&str, &str); 3] =
    [("%EMAILADDRESS%", "{email}"), ("%EMAILLOCALPART%", "{local}"), ("%EMAILDOMAIN%", "{domain}")];

/// A placeholder in the way of Thunderbird, Dovecot, Exim, Python, a shell or a manual.
pub fn foreign_placeholder(text: &str) -> Option<&str> {
    let word = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        end.unwrap_or(text.len())
    };
    // What stands before and after a word, and whether the word may have one letter.
    const AROUND: [(&str, &str); 6] =
        [("%(", ")s"), ("%", "%"), ("<", ">"), ("[", "]"), ("@", "@"), ("__", "__")];
    text.char_indices().find_map(|(at, _)| {
        let rest = &text[at..];
        let around = AROUND.iter().find_map(|(start, end)| {
            let inner = rest.strip_prefix(start)?;
            // An underscore is part of the word.
            let length = if *end == "__" { inner.find("__")? } else { word(inner) };
            let whole = start.len() + length + end.len();
            // A URL has digits after its percent signs.
            let letters = inner[..length].bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
            (letters && length > 1 && inner[length..].starts_with(end)).then(|| &rest[..whole])
        });
        let dollar = rest.strip_prefix('$').and_then(|inner| match inner.strip_prefix('{') {
            Some(braced) => Some(&rest[..braced.find('}')? + 3]),
            None => Some(&rest[..=word(inner)]).filter(|found| found.len() > 1),
        });
        // Dovecot's letters, and L for lower case before them.
        let percent = rest.strip_prefix('%').and_then(|inner| {
            let name = &inner[..word(inner)];
            let letter = name.strip_prefix(['L', 'U']).unwrap_or(name);
            matches!(letter, "u" | "n" | "d" | "s").then(|| &rest[..=name.len()])
        });
        around.or(dollar).or(percent)
    })
}

/// What to say of a text that is not valid.
fn invalid(what: &str, text: &str) -> String {
    match foreign_placeholder(text) {
        Some(foreign) => {
            format!("must have {{email}}, {{local}} or {{domain}} instead of {}", cut(foreign))
        }
        None => must_be(what, text),
    }
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(text: String) -> Result<Template, String> {
        check(&text, &SAMPLE)?;
        Ok(Template(text))
    }
}

impl TryFrom<String> for Host {
    type Error = String;

    fn try_from(text: String) -> Result<Host, String> {
        check(&text, &SAMPLE)?;
        if is_of_user(&text) {
            return Err("depends on the user; only {domain} may stand in a host name".to_owned());
        }
        if Domain::is_name(&SAMPLE.text(&text)) {
            return Ok(Host(text));
        }
        let like = match Domain::new(&text.replace("{domain}", STAND_IN)) {
            Some(name) => format!("\"{}\"", name.as_str().replace(STAND_IN, "{domain}")),
            None => "a host name like \"imap.example.org\"".to_owned(),
        };
        Err(invalid(&like, &text))
    }
}

impl TryFrom<String> for UrlTemplate {
    type Error = String;

    fn try_from(text: String) -> Result<UrlTemplate, String> {
        check(&text, &URL_SAMPLE)?;
        let host = text.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
        if host.is_some_and(is_of_user) {
            return Err("has a host of the user's; only {domain} may stand in a host".to_owned());
        }
        if Url::is_valid(&URL_SAMPLE.encoded(&text)) {
            return Ok(UrlTemplate(text));
        }
        Err(invalid("a URL like \"https://mail.example.org/\"", &text))
    }
}

impl TryFrom<String> for OAuth2Url {
    type Error = String;

    fn try_from(text: String) -> Result<OAuth2Url, String> {
        of_oauth2(text, &['#'], "https://login.example.org/token").map(OAuth2Url)
    }
}

impl TryFrom<String> for Issuer {
    type Error = String;

    fn try_from(text: String) -> Result<Issuer, String> {
        of_oauth2(text, &['?', '#'], "https://login.example.org").map(Issuer)
    }
}

fn of_oauth2(text: String, parts: &[char], like: &str) -> Result<UrlTemplate, String> {
    let url = UrlTemplate::try_from(text)?;
    let https = url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    let what = match parts {
        _ if is_of_user(&url) => "must be the same for every user",
        _ if !https => "must be https",
        ['#'] if url.contains(parts) => "must have no fragment",
        _ if url.contains(parts) => "must have no query and no fragment",
        _ => return Ok(url),
    };
    Err(format!("{what}, like \"{like}\", not \"{}\"", cut(&url)))
}

impl TryFrom<String> for AddressTemplate {
    type Error = String;

    fn try_from(text: String) -> Result<AddressTemplate, String> {
        check(&text, &SAMPLE)?;
        // A local part may be quoted, and may be as long as one can be: nothing fits beside it.
        let (local, domain) = text.rsplit_once('@').unwrap_or((&text, ""));
        let alone = local == "{local}" || !local.contains('{');
        let like = "like \"{local}@mail.example.org\"";
        if !alone || is_of_user(domain) {
            return Err(format!("must fit every user, {like}, not \"{}\"", cut(&text)));
        }
        if Address::new(&SAMPLE.text(&text)).is_some() {
            return Ok(AddressTemplate(text));
        }
        Err(invalid(&format!("an address {like}"), &text))
    }
}

/// Dereferences to the text.
macro_rules! text {
    ($($kind:ident),+) => {$(
        impl Deref for $kind {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }
    )+};
}

text!(Template, Host, UrlTemplate, AddressTemplate);

/// Dereferences to the URL.
macro_rules! url {
    ($($kind:ident),+) => {$(
        impl Deref for $kind {
            type Target = UrlTemplate;

            fn deref(&self) -> &UrlTemplate {
                &self.0
            }
        }
    )+};
}

url!(OAuth2Url, Issuer);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_other_programs_are_found() {
        for (text, expected) in [
            ("%EMAIL%", "%EMAIL%"),
            ("x%USERID%", "%USERID%"),
            ("%USERNAME%@a", "%USERNAME%"),
            ("%u", "%u"),
            ("%Lu", "%Lu"),
            ("%n@%d", "%n"),
            ("${email}", "${email}"),
            ("${local_part}", "${local_part}"),
            ("$user", "$user"),
            ("$1", "$1"),
            ("%(email)s", "%(email)s"),
            ("[email]", "[email]"),
            ("<user>", "<user>"),
            ("@email@", "@email@"),
            ("__EMAIL__", "__EMAIL__"),
            ("https://a.test/%u/", "%u"),
        ] {
            assert_eq!(foreign_placeholder(text), Some(expected), "{text}");
        }
    }

    /// Hosts have such login names.
    #[test]
    fn marks_beside_our_placeholders_are_none() {
        for text in [
            "{local}%{domain}",
            "{local}#{domain}",
            "wp12%{local}",
            "EXAMPLE\\{local}",
            "{local}+{domain}",
            "a_{local}",
            "web1p1",
            "$",
            "100%",
            "https://a.test/%20x%2Fy",
        ] {
            assert_eq!(foreign_placeholder(text), None, "{text}");
        }
    }
}

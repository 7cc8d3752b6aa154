//! Values with placeholders: `{email}`, `{local}` and `{domain}`, checked when read and filled in when answered.

use crate::address::{Address, Domain};
use crate::url::{self, Url};

/// What the placeholders stand for.
#[derive(Clone, Debug, Default)]
pub struct Values<'a> {
    pub email: &'a str,
    pub local: &'a str,
    /// In lower-case A-labels, wherever it stands.
    pub domain: &'a str,
    /// The login name where no template gives it.
    pub login: Option<&'a str>,
    /// Whether a URL takes the values as they are: the client fills in placeholders of its own.
    pub verbatim: bool,
}

impl<'a> Values<'a> {
    pub fn of(address: &'a Address) -> Values<'a> {
        Values {
            email: address.email(),
            local: address.local(),
            domain: address.domain().as_str(),
            ..Values::default()
        }
    }

    /// Thunderbird's placeholders, which stand for whoever reads the answer.
    pub fn autoconfig(domain: &'a Domain) -> Values<'a> {
        Values {
            email: "%EMAILADDRESS%",
            local: "%EMAILLOCALPART%",
            domain: domain.as_str(),
            verbatim: true,
            ..Values::default()
        }
    }

    /// For answers that no user has a part in: what depends on the user stays a template,
    /// and is known by its brace, which `check` lets stand nowhere else.
    pub fn of_domain(domain: &'a Domain) -> Values<'a> {
        Values {
            email: "{email}",
            local: "{local}",
            domain: domain.as_str(),
            verbatim: true,
            ..Values::default()
        }
    }

    /// The text with its placeholders filled in, each value first passed through `encode`.
    fn filled(&self, template: &str, encode: fn(&mut String, &str)) -> String {
        let mut text = String::with_capacity(template.len() + self.email.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            encode(&mut text, self.named(name).unwrap_or_default());
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn named(&self, name: &str) -> Option<&'a str> {
        match name {
            "email" => Some(self.email),
            "local" => Some(self.local),
            "domain" => Some(self.domain),
            _ => None,
        }
    }

    /// The text for a place where any character may stand.
    pub fn text(&self, template: &str) -> String {
        self.filled(template, |text, value| text.push_str(value))
    }

    /// The text for a URL: what an address may hold beyond RFC 3986, 2.3 is percent-encoded.
    pub fn url(&self, template: &str) -> String {
        if self.verbatim {
            return self.text(template);
        }
        self.filled(template, |text, value| text.extend(url::part(value)))
    }
}

/// Stand-ins under which a template must already be right.
const SAMPLE: Values =
    Values { email: "x@x", local: "x", domain: "x", login: None, verbatim: false };

/// Whether every brace belongs to a known placeholder and no control character is in the text.
pub fn check(template: &str) -> Result<(), String> {
    if template.is_empty() {
        return Err("is empty; give it a value or remove it".to_owned());
    }
    if template.chars().any(char::is_control) {
        return Err("has a control character; remove it".to_owned());
    }
    let mut rest = template;
    while let Some(brace) = rest.find(['{', '}']) {
        let name = rest[brace..].strip_prefix('{').and_then(|rest| rest.split_once('}'));
        match name {
            Some((name, after)) if SAMPLE.named(name).is_some() => rest = after,
            _ => return Err(format!("has an unknown placeholder in \"{template}\"; {KNOWN}")),
        }
    }
    Ok(())
}

const KNOWN: &str = "known are {email}, {local} and {domain}";

/// Whether the text is a host name once `{domain}` is filled in.
pub fn check_host(template: &str) -> Result<(), String> {
    check(template)?;
    if template.contains("{email}") || template.contains("{local}") {
        return Err("depends on the user; only {domain} may stand in a host name".to_owned());
    }
    let name = SAMPLE.text(template);
    if Domain::is_name(&name) {
        return Ok(());
    }
    Err(match Domain::new(&name) {
        Some(domain) => format!("\"{template}\" is no host name; write \"{domain}\""),
        None => format!("\"{template}\" is no host name; write one like \"imap.example.org\""),
    })
}

/// Whether the text is an absolute http or https URL with a host once its placeholders are filled in.
///
/// The host is the same for every user.
pub fn check_url(template: &str) -> Result<(), String> {
    check(template)?;
    let host = template.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
    if host.is_some_and(|host| host.contains("{email}") || host.contains("{local}")) {
        return Err("has a host of the user's; only {domain} may stand in a host".to_owned());
    }
    let text = SAMPLE.url(template);
    if Url::is_valid(&text) {
        return Ok(());
    }
    Err(format!("\"{template}\" is no URL; write one like \"https://mail.example.org/\""))
}

/// Whether the text is a mail address once its placeholders are filled in, for every user.
pub fn check_address(template: &str) -> Result<(), String> {
    check(template)?;
    // A local part may be quoted, and may be as long as one can be: nothing fits beside it.
    let (local, domain) = template.rsplit_once('@').unwrap_or((template, ""));
    let apart = local == "{local}" || !local.contains('{');
    if !apart || domain.contains("{local}") || domain.contains("{email}") {
        return Err(format!(
            "\"{template}\" does not fit every user; write \"{{local}}@mail.example.org\", or one address"
        ));
    }
    if Address::new(&SAMPLE.text(template)).is_some() {
        return Ok(());
    }
    Err(format!("\"{template}\" is no address; write one like \"{{local}}@mail.example.org\""))
}

//! For whom an answer is: what stands for the user in it, how the user logs in, and for whom else it holds.

use crate::address::{Address, Domain};
use crate::url::{self, Url};

/// What is asked, whoever asks it.
#[derive(Debug, Clone)]
pub struct Question {
    /// The domain whose configuration is wanted.
    pub domain: Domain,
    pub user: User,
    /// The domain of the host that was asked, where it may answer too.
    pub host: Option<Domain>,
    /// Whether only a host of the domain, or the one that stands for all, may show it to people.
    pub own_host: bool,
    /// Whether login names are wanted; else no list of them is read.
    pub login: bool,
    /// Whether the logo is shown; else no file with it is read.
    pub logo: bool,
    /// Whether the settings at the address are wanted to which the domain has moved, if they are here.
    pub follows: bool,
    /// Whether the signed profile of the domain is wanted; else it is not read.
    pub signed: bool,
    /// What is wanted of the protocol, in the client's words: an `AcceptableResponseSchema`, a `Protocol`.
    pub wanted: Option<String>,
}

impl Question {
    pub fn new(domain: Domain, user: User) -> Question {
        let (host, own_host, login, logo) = (None, false, true, false);
        let (follows, signed, wanted) = (false, false, None);
        Question { domain, user, host, own_host, login, logo, follows, signed, wanted }
    }

    /// About the owner of an address.
    pub fn named(address: Address) -> Question {
        Question::new(address.domain().clone(), User::Named(address))
    }
}

/// The user whom a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum User {
    /// The owner of the address.
    Named(Address),
    /// Somebody whose client fills in the address: Thunderbird's placeholders stand for it.
    ///
    /// What no placeholder can say is filled in from the address, if the client sent it.
    Hidden(Option<Address>),
    /// The same, by the digest of the address: MD5 of its UTF-8 in lower case, as Evolution sends it.
    Digested([u8; 16]),
    /// Somebody whose domain has moved to that of this address; its local part is the placeholder
    /// that the client fills in.
    Moved(Address),
    /// All users of the domain: what depends on the user stays as it is written.
    Everyone,
}

/// By what a list of login names finds a user.
#[derive(Debug, Clone, Copy)]
pub enum Key<'a> {
    Address(&'a Address),
    Digest(&'a [u8; 16]),
}

impl User {
    /// None where no list can know the user.
    pub fn key(&self) -> Option<Key<'_>> {
        match self {
            User::Named(address) | User::Hidden(Some(address)) => Some(Key::Address(address)),
            User::Digested(digest) => Some(Key::Digest(digest)),
            User::Hidden(None) | User::Moved(_) | User::Everyone => None,
        }
    }

    /// The user at the address to which the domain has moved.
    pub fn moved(target: Address) -> User {
        match target.local() {
            HIDDEN_LOCAL | EVERY_LOCAL => User::Moved(target),
            _ => User::Named(target),
        }
    }
}

/// What stands for `{local}` where the client fills it in (draft-ietf-mailmaint-autoconfig, `username`).
const HIDDEN_LOCAL: &str = "%EMAILLOCALPART%";
/// What stands for it where the answer is for all users.
const EVERY_LOCAL: &str = "{local}";

/// For whom an account holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// For every user of the domain.
    Domain,
    /// For every user to whom the list of the domain gives no other login name.
    Unlisted,
    /// For the user who asked: it must not be stored for others.
    User,
}

/// A user, as seen by the domain that answers.
#[derive(Debug)]
pub struct Audience<'a> {
    /// The domain whose configuration answers.
    pub domain: &'a Domain,
    user: &'a User,
    placeholders: Placeholders<'a>,
    /// The login name that a list gives the user.
    listed: Option<&'a str>,
    /// The address of the user's mailbox, where the user's own has an extension.
    mailbox: Option<Address>,
    /// Whose digest it is, where a list knows it.
    owner: Option<&'a Address>,
    /// Whether the domain is that of the host that was asked, which serves the mail of the user's domain.
    guest: bool,
    reach: Reach,
}

impl<'a> Audience<'a> {
    pub fn new(user: &'a User, domain: &'a Domain) -> Audience<'a> {
        let (reach, email, local) = match user {
            User::Named(address) => (Reach::User, address.email(), address.local()),
            User::Hidden(_) | User::Digested(_) => (Reach::Domain, "%EMAILADDRESS%", HIDDEN_LOCAL),
            User::Moved(target) => (Reach::Domain, target.email(), target.local()),
            User::Everyone => (Reach::Domain, "{email}", EVERY_LOCAL),
        };
        let placeholders = Placeholders { email, local, domain: domain.as_str(), login: "" };
        let (listed, mailbox, owner) = (None, None, None);
        Audience { domain, user, placeholders, listed, mailbox, owner, guest: false, reach }
    }

    /// With the login name that a list gives the user; it comes before every template.
    pub fn listed(self, listed: Option<&'a str>) -> Audience<'a> {
        Audience { listed, ..self }
    }

    /// With what separates an extension from the mailbox in a local part.
    pub fn extended_by(self, separator: Option<char>) -> Audience<'a> {
        let mailbox = match self.user {
            User::Named(address) | User::Hidden(Some(address)) => {
                separator.and_then(|separator| address.without_extension(separator))
            }
            _ => None,
        };
        Audience { mailbox, ..self }
    }

    /// With the address of which the user sent the digest.
    pub fn owner(self, owner: Option<&'a Address>) -> Audience<'a> {
        Audience { owner, ..self }
    }

    /// With a user of another domain, whose mail this one serves.
    pub fn guest(self) -> Audience<'a> {
        Audience { guest: true, ..self }
    }

    /// For whom what has been filled in so far holds.
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// The address of the user.
    pub fn email(&self) -> &'a str {
        self.placeholders.email
    }

    /// A text for programs.
    pub fn text(&self, template: &str) -> String {
        self.placeholders.text(template)
    }

    /// An address of the user's in another domain.
    pub fn address(&self, template: &str) -> String {
        match self.user {
            User::Hidden(Some(address)) => {
                let (email, local) = (address.email(), address.local());
                Placeholders { email, local, ..self.placeholders }.text(template)
            }
            _ => self.text(template),
        }
    }

    /// A URL for programs; never `None` for a validated template.
    pub fn url(&self, template: &str) -> Option<Url> {
        self.url_with(template, "")
    }

    /// A URL in which the login name may stand.
    pub fn url_with(&self, template: &str, login: &str) -> Option<Url> {
        let encoded;
        Url::new(match self.user {
            User::Named(_) => Placeholders { login, ..self.placeholders }.encoded(template),
            // Whoever fills in the placeholders encodes; a name that is filled in already is none.
            _ => {
                encoded = match login.contains(['%', '{']) {
                    true => login.to_owned(),
                    false => url::part(login).to_string(),
                };
                Placeholders { login: &encoded, ..self.placeholders }.text(template)
            }
        })
    }

    /// A name that people read, in which no placeholder may be left.
    pub fn name_for_people(&mut self, template: &str) -> Option<String> {
        match self.user {
            User::Hidden(Some(address)) if is_of_user(template) => {
                Some(self.personal(address, self.domain, template))
            }
            User::Named(_) => Some(self.text(template)),
            _ => (!is_of_user(template)).then(|| self.text(template)),
        }
    }

    /// A URL that people open; clients fill in their user only where they log in.
    pub fn url_for_people(&self, template: &str, login: &str) -> Option<Url> {
        let complete = matches!(self.user, User::Named(_)) || !is_of_user(template);
        complete.then(|| self.url_with(template, login)).flatten()
    }

    /// The name of the domain where the provider has no other.
    pub fn domain_for_people(&self) -> String {
        let unicode = match self.user {
            User::Everyone => None,
            _ => self.domain.unicode(),
        };
        unicode.unwrap_or_else(|| self.domain.to_string())
    }

    /// The name to log in with: that of the list, else by the template.
    pub fn login_name(&mut self, template: &str) -> String {
        let placeholders = self.placeholders;
        // No client takes the extension away when it fills in a placeholder.
        if let Some(mailbox) = self.mailbox.clone().filter(|_| self.differs(template)) {
            return match self.listed {
                Some(listed) => {
                    self.reach = Reach::User;
                    listed.to_owned()
                }
                None => self.personal(&mailbox, mailbox.domain(), template),
            };
        }
        match (self.user, self.listed) {
            (User::Hidden(Some(address)), Some(listed)) => self.listed_name(address, listed),
            (_, Some(listed)) => match self.owner {
                Some(owner) => self.listed_name(owner, listed),
                None => listed.to_owned(),
            },
            (User::Named(_), None) => self.text(template),
            (_, None) if is_address(template) => placeholders.email.to_owned(),
            (User::Everyone, None) => self.text(template),
            (_, None) if template == "{local}" => placeholders.local.to_owned(),
            (User::Hidden(Some(address)), None) if self.differs(template) => {
                let filled = self.personal(address, address.domain(), template);
                if survives_javascript(&filled) { filled } else { self.hidden(template) }
            }
            (_, None) => self.hidden(template),
        }
    }

    /// The template with the placeholders that the client fills in.
    fn hidden(&self, template: &str) -> String {
        let domain = if self.guest { "%EMAILDOMAIN%" } else { self.placeholders.domain };
        Placeholders { domain, ..self.placeholders }.text(template)
    }

    /// A login name of a list: as a placeholder where one says the same, since some clients know only those.
    fn listed_name(&mut self, address: &Address, listed: &str) -> String {
        let in_full = listed.rsplit_once('@').is_some_and(|(local, domain)| {
            local == address.local() && domain == address.domain().as_str()
        });
        if in_full || listed == address.email() {
            self.placeholders.email.to_owned()
        } else if listed == address.local() {
            self.placeholders.local.to_owned()
        } else {
            self.reach = Reach::User;
            listed.to_owned()
        }
    }

    /// Whether a login name differs from user to user.
    fn differs(&self, template: &str) -> bool {
        is_of_user(template) || (self.guest && template.contains("{domain}"))
    }

    /// The template filled in from the address, which the client was to fill in.
    fn personal(&mut self, address: &Address, domain: &Domain, template: &str) -> String {
        self.reach = Reach::User;
        let (email, local) = (address.email(), address.local());
        Placeholders { email, local, domain: domain.as_str(), login: "" }.text(template)
    }
}

/// Whether Thunderbird and Mustang read the name as it is written: what JavaScript takes for a number or
/// a truth value becomes one, and is written anew (JXON.sys.mjs: `isFinite`, then `parseFloat`).
///
/// `0012345` becomes 12345, `12e3` 12000, `0x1F` 0; and 0 is no name.
pub fn survives_javascript(name: &str) -> bool {
    let text = name.trim().to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        let digits = text.strip_prefix(prefix).unwrap_or_default();
        if !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix)) {
            return false;
        }
    }
    match text.parse::<f64>() {
        // Beyond these JavaScript writes an exponent.
        Ok(number) if number.is_finite() => {
            (1e-6..1e21).contains(&number.abs()) && number.to_string() == name
        }
        _ => text != "true" && text != "false",
    }
}

/// What stands for `{email}`, `{local}`, `{domain}` and `{login}`.
#[derive(Clone, Copy, Debug)]
pub struct Placeholders<'a> {
    pub email: &'a str,
    pub local: &'a str,
    /// In lower-case A-labels, wherever it stands.
    pub domain: &'a str,
    /// The login name of a service, for its URL alone; elsewhere empty, and then no placeholder.
    pub login: &'a str,
}

impl<'a> Placeholders<'a> {
    /// The value of a placeholder; None when there is no such placeholder.
    pub fn value(&self, name: &str) -> Option<&'a str> {
        match name {
            "email" => Some(self.email),
            "local" => Some(self.local),
            "domain" => Some(self.domain),
            "login" => Some(self.login).filter(|login| !login.is_empty()),
            _ => None,
        }
    }

    /// The template for a place where any character may stand.
    pub fn text(&self, template: &str) -> String {
        self.filled(template, |text, value| text.push_str(value))
    }

    /// The template of a URL: what an address may hold beyond RFC 3986, 2.3 is percent-encoded.
    pub fn encoded(&self, template: &str) -> String {
        self.filled(template, |text, value| text.extend(url::part(value)))
    }

    /// The template with its placeholders filled in, each value first passed through `encode`.
    fn filled(&self, template: &str, encode: fn(&mut String, &str)) -> String {
        let mut text = String::with_capacity(template.len() + self.email.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            encode(&mut text, self.value(name).unwrap_or_default());
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

/// Whether the template differs from user to user.
pub fn is_of_user(template: &str) -> bool {
    let placeholders = ["{email}", "{local}", "{login}"];
    template.contains('{') && placeholders.iter().any(|placeholder| template.contains(placeholder))
}

/// Whether the template says no more than the address of the user.
pub fn is_address(template: &str) -> bool {
    matches!(template, "{email}" | "{local}@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ECMA-262, 7.1.4.1 and 6.1.6.1.20, and JXON.sys.mjs; 0 and false are no names to Thunderbird.
    #[test]
    fn javascript_writes_some_numbers_anew() {
        for name in [
            "12345",
            "1234567890123456",
            "web1",
            "12.5",
            "-5",
            "1e400",
            "0x",
            "0xG",
            "1_0",
            "e3",
            "NaN",
        ] {
            assert!(survives_javascript(name), "{name}");
        }
        for name in [
            "0012345",
            "12e3",
            "1E3",
            "0x1F",
            "0b1",
            "0O7",
            "0",
            "-0",
            "+5",
            "1.50",
            ".5",
            "5.",
            "12345678901234567890",
            "1e21",
            "0.0000001",
            "true",
            "FALSE",
        ] {
            assert!(!survives_javascript(name), "{name}");
        }
    }
}

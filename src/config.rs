//! The configuration of one domain: the common file and the domain's own, complete and checked, as an account.

pub mod file;
pub mod load;
pub mod logins;
pub mod template;

use crate::address::{Address, Domain};
use file::{Encryption, Entry, File, Incoming, Key, Table, Value};
use template::Values;

/// Everything that the answers say of one address, with its placeholders filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub email: String,
    pub domain: Domain,
    /// Only when configured: Outlook overwrites with it what the user typed.
    pub display_name: Option<String>,
    /// IMAP and POP3 as far as configured, the preferred one first.
    pub incoming: Vec<MailServer>,
    pub smtp: Option<MailServer>,
    pub mobilesync: Option<MobileSync>,
    pub webmail: Option<String>,
    pub caldav: Option<Dav>,
    pub carddav: Option<Dav>,
    pub redirect: Option<Redirect>,
    pub provider: Provider,
    /// Whether a list gives some users of the domain other login names.
    pub has_logins: bool,
}

/// The mail protocols, by the names that Autodiscover gives them (MS-OXDSCLI 2.2.4.1.1.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Imap,
    Pop3,
    Smtp,
}

impl Protocol {
    /// The table that configures its server.
    pub fn table(self) -> Table {
        match self {
            Protocol::Imap => Table::Imap,
            Protocol::Pop3 => Table::Pop3,
            Protocol::Smtp => Table::Smtp,
        }
    }
}

/// One mail server and how to log in to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    pub protocol: Protocol,
    pub server: String,
    pub port: u16,
    pub encryption: Encryption,
    pub login_name: String,
    pub domain_required: bool,
    pub domain_name: Option<String>,
    /// Secure Password Authentication, Microsoft's name for NTLM.
    pub spa: bool,
    pub auth_required: bool,
    /// Hours until the client should ask again; 0 is never.
    pub ttl: Option<u32>,
    /// SMTP only: log in as at the incoming server.
    pub use_pop_auth: bool,
    /// SMTP only: fetch mail before sending (POP before SMTP).
    pub smtp_last: bool,
}

/// An Exchange ActiveSync server (MS-ASCMD 2.2.3.157).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MobileSync {
    pub url: String,
    pub name: String,
    pub login_name: String,
}

/// A CalDAV or CardDAV server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dav {
    pub url: String,
    pub login_name: String,
}

/// Where a domain has moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redirect {
    Address(String),
    Url(String),
}

/// Who offers the service, for people to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    pub name: String,
    pub short_name: String,
    pub documentation: Option<String>,
}

/// The files that speak for a domain: its own over the common one, key by key.
#[derive(Debug)]
pub struct Layers {
    pub main: File,
    /// `domains/NAME.toml`; that it exists means that the domain is served.
    pub own: Option<File>,
}

/// A value with the file that it comes from.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    pub file: &'a File,
    pub entry: &'a Entry,
}

/// Something wrong in a file, for the person who wrote it.
#[derive(Debug)]
pub struct Problem<'a> {
    pub file: Option<&'a File>,
    pub at: usize,
    pub text: String,
}

impl Layers {
    /// The files, in the order in which they are asked: the domain's own before the common one.
    fn files(&self) -> impl Iterator<Item = &File> {
        self.own.iter().chain([&self.main])
    }

    /// A key, with the file that gives it.
    pub fn written(&self, table: Table, key: Key) -> Option<Written<'_>> {
        self.files().find_map(|file| file.entry(table, key).map(|entry| Written { file, entry }))
    }

    /// The value of a key.
    pub fn value(&self, table: Table, key: Key) -> Option<&Value> {
        self.written(table, key).map(|written| &written.entry.value)
    }

    /// Whether the domain is answered at all.
    pub fn serve(&self, domain: &Domain) -> bool {
        self.own.is_some()
            || match self.main.entry(Table::Top, Key::Domains).map(|entry| &entry.value) {
                Some(Value::Domains(patterns)) => {
                    patterns.iter().any(|pattern| pattern.matches(domain))
                }
                _ => false,
            }
    }

    fn switch(&self, table: Table, key: Key, default: bool) -> bool {
        match self.value(table, key) {
            Some(Value::Switch(switch)) => *switch,
            _ => default,
        }
    }

    /// Whether the table is there and not switched off.
    pub fn enabled(&self, table: Table) -> bool {
        self.files().any(|file| file.table(table).is_some())
            && self.switch(table, Key::Enabled, true)
    }

    /// The account of whoever `values` stand for, with everything that is wrong once both files are merged.
    pub fn account(&self, domain: &Domain, values: &Values) -> (Account, Vec<Problem<'_>>) {
        let mut merging = Merging { layers: self, values, problems: Vec::new() };
        let imap = merging.mail_server(Protocol::Imap);
        let pop3 = merging.mail_server(Protocol::Pop3);
        let incoming = match self.value(Table::Top, Key::Prefer) {
            Some(Value::Incoming(Incoming::Pop3)) => [pop3, imap],
            _ => [imap, pop3],
        };
        let name = merging.text(Table::Provider, Key::Name);
        let name = name.unwrap_or_else(|| domain.to_string());
        let account = Account {
            email: values.email.to_owned(),
            domain: domain.clone(),
            display_name: merging.text(Table::Top, Key::DisplayName),
            incoming: incoming.into_iter().flatten().collect(),
            smtp: merging.mail_server(Protocol::Smtp),
            mobilesync: merging.url_of(Table::MobileSync).map(|url| MobileSync {
                name: merging.text(Table::MobileSync, Key::Name).unwrap_or_else(|| url.clone()),
                login_name: merging.login_name(Table::MobileSync),
                url,
            }),
            webmail: merging.url_of(Table::WebMail),
            caldav: merging.dav(Table::CalDav),
            carddav: merging.dav(Table::CardDav),
            redirect: merging.redirect(domain),
            provider: Provider {
                short_name: merging
                    .text(Table::Provider, Key::ShortName)
                    .unwrap_or_else(|| name.clone()),
                name,
                documentation: merging.url(Table::Provider, Key::Documentation),
            },
            has_logins: self.value(Table::Top, Key::Logins).is_some(),
        };
        (account, merging.problems)
    }
}

/// Both files on their way to an account.
struct Merging<'a, 'v> {
    layers: &'a Layers,
    values: &'v Values<'v>,
    problems: Vec<Problem<'a>>,
}

impl<'a> Merging<'a, '_> {
    fn raw_text(&self, table: Table, key: Key) -> Option<&'a str> {
        match self.layers.value(table, key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn text(&self, table: Table, key: Key) -> Option<String> {
        self.raw_text(table, key).map(|text| self.values.text(text))
    }

    fn url(&self, table: Table, key: Key) -> Option<String> {
        self.raw_text(table, key).map(|text| self.values.url(text))
    }

    fn switch(&self, table: Table, key: Key, default: bool) -> bool {
        self.layers.switch(table, key, default)
    }

    fn enabled(&self, table: Table) -> bool {
        self.layers.enabled(table)
    }

    /// Reports a table that lacks what it cannot be without.
    fn lacking(&mut self, table: Table, what: &str) {
        let place = self.layers.files().find_map(|file| file.table(table).map(|at| (file, at)));
        let (file, at) = place.map_or((None, 0), |(file, at)| (Some(file), at));
        let text = format!("[{}] has no {what}; add it, or 'enabled = false'", table.name());
        self.problems.push(Problem { file, at, text });
    }

    fn login_name(&self, table: Table) -> String {
        if let Some(login) = self.values.login {
            return login.to_owned();
        }
        self.text(table, Key::LoginName)
            .or_else(|| self.text(Table::Top, Key::LoginName))
            .unwrap_or_else(|| self.values.email.to_owned())
    }

    fn mail_server(&mut self, protocol: Protocol) -> Option<MailServer> {
        let table = protocol.table();
        if !self.enabled(table) {
            return None;
        }
        let server = self.text(table, Key::Server);
        if server.is_none() && self.layers.value(table, Key::Server).is_none() {
            self.lacking(table, "'server'");
        }
        let (port, encryption) = self.port_and_encryption(protocol, table);
        Some(MailServer {
            protocol,
            server: server?,
            port,
            encryption,
            login_name: self.login_name(table),
            domain_required: self.switch(table, Key::DomainRequired, false),
            domain_name: self.text(table, Key::DomainName),
            spa: self.switch(table, Key::Spa, false),
            auth_required: self.switch(table, Key::AuthRequired, true),
            ttl: match self.layers.value(table, Key::Ttl) {
                Some(Value::Hours(hours)) => Some(*hours),
                _ => None,
            },
            use_pop_auth: self.switch(table, Key::UsePopAuth, false),
            smtp_last: self.switch(table, Key::SmtpLast, false),
        })
    }

    /// Port and encryption, which decide each other's meaning to Outlook: with STARTTLS announced on
    /// a port of implicit TLS it waits for a greeting that never comes, and the reverse.
    fn port_and_encryption(&mut self, protocol: Protocol, table: Table) -> (u16, Encryption) {
        let encryption = self.layers.written(table, Key::Encryption);
        let port = self.layers.written(table, Key::Port);
        let chosen = match encryption.map(|written| &written.entry.value) {
            Some(Value::Encryption(encryption)) => *encryption,
            _ => Encryption::Ssl,
        };
        let number = match port.map(|written| &written.entry.value) {
            Some(Value::Port(port)) => port.get(),
            _ => return (default_port(protocol, chosen), chosen),
        };
        let implicit = matches!(number, 465 | 993 | 995);
        let explicit = matches!(number, 25 | 110 | 143 | 587);
        let right = match chosen {
            _ if encryption.is_some_and(|written| written.entry.value == Value::Rejected) => {
                return (number, chosen);
            }
            Encryption::Ssl if explicit => "starttls",
            Encryption::StartTls | Encryption::None if implicit => "ssl",
            _ => return (number, chosen),
        };
        let own = |written: &Written| {
            self.layers.own.as_ref().is_some_and(|own| std::ptr::eq(own, written.file))
        };
        let places = [port, encryption];
        let place = places.into_iter().flatten().find(own).or(port);
        self.problems.push(Problem {
            file: place.map(|written| written.file),
            at: place.map_or(0, |written| written.entry.at),
            text: format!(
                "[{}] has port {number} with encryption \"{}\"; write \"{right}\", or port {}",
                table.name(),
                encryption_name(chosen),
                default_port(protocol, chosen),
            ),
        });
        (number, chosen)
    }

    fn url_of(&mut self, table: Table) -> Option<String> {
        if !self.enabled(table) {
            return None;
        }
        let url = self.url(table, Key::Url);
        if url.is_none() && self.layers.value(table, Key::Url).is_none() {
            self.lacking(table, "'url'");
        }
        url
    }

    fn dav(&mut self, table: Table) -> Option<Dav> {
        let url = self.url_of(table)?;
        Some(Dav { url, login_name: self.login_name(table) })
    }

    /// The domain's own redirect as a whole, else the common one: an address and a URL exclude each other.
    fn redirect(&mut self, domain: &Domain) -> Option<Redirect> {
        if !self.enabled(Table::Redirect) {
            return None;
        }
        let keys = [Key::Address, Key::Url];
        let found = self
            .layers
            .files()
            .map(|file| (file, keys.map(|key| file.entry(Table::Redirect, key))))
            .find(|(_, entries)| entries.iter().any(Option::is_some));
        match found {
            Some((file, [Some(address), Some(url)])) => {
                let text = "[redirect] has both 'address' and 'url'; keep one".to_owned();
                self.problems.push(Problem { file: Some(file), at: address.at.max(url.at), text });
                None
            }
            Some((_, [None, Some(_)])) => self.url(Table::Redirect, Key::Url).map(Redirect::Url),
            Some((file, [Some(entry), None])) => {
                let address = self.text(Table::Redirect, Key::Address)?;
                let text = match Address::new(&address) {
                    Some(target) if target.domain() != domain => {
                        return Some(Redirect::Address(address));
                    }
                    Some(_) => format!(
                        "[redirect] leads '{domain}' back to itself; name an address elsewhere"
                    ),
                    None => format!(
                        "[redirect] gives '{domain}' no address; name one that fits its length"
                    ),
                };
                self.problems.push(Problem { file: Some(file), at: entry.at, text });
                None
            }
            _ => {
                self.lacking(Table::Redirect, "'address' or 'url'");
                None
            }
        }
    }
}

/// The ports of RFC 8314 (implicit TLS), and of RFC 6409, RFC 9051 and RFC 1939.
pub fn default_port(protocol: Protocol, encryption: Encryption) -> u16 {
    match (protocol, encryption) {
        (Protocol::Imap, Encryption::Ssl) => 993,
        (Protocol::Imap, _) => 143,
        (Protocol::Pop3, Encryption::Ssl) => 995,
        (Protocol::Pop3, _) => 110,
        (Protocol::Smtp, Encryption::Ssl) => 465,
        (Protocol::Smtp, Encryption::StartTls) => 587,
        (Protocol::Smtp, Encryption::None) => 25,
    }
}

/// The spelling in the file.
pub fn encryption_name(encryption: Encryption) -> &'static str {
    match encryption {
        Encryption::Ssl => "ssl",
        Encryption::StartTls => "starttls",
        Encryption::None => "none",
    }
}

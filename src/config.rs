//! The configuration of one domain: the common file and the domain's own, complete and checked, as an account.

pub mod file;
pub mod load;
pub mod logins;
pub mod template;

pub use load::Place;

use crate::account::{
    Account, Dav, Encryption, MailProtocol, MailServer, MobileSync, Provider, Redirect,
};
use crate::address::{Address, Domain};
use crate::url::Url;
use file::{Entry, File, Incoming, Key, Table, Value};
use template::Values;

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
        let imap = merging.mail_server(MailProtocol::Imap);
        let pop3 = merging.mail_server(MailProtocol::Pop3);
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
            smtp: merging.mail_server(MailProtocol::Smtp),
            mobilesync: merging.url_of(Table::MobileSync).map(|url| MobileSync {
                name: merging.text(Table::MobileSync, Key::Name).unwrap_or_else(|| url.to_string()),
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
            personal: false,
            host_is_served: false,
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

    fn url(&self, table: Table, key: Key) -> Option<Url> {
        self.raw_text(table, key).and_then(|text| Url::new(self.values.url(text)))
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

    fn mail_server(&mut self, protocol: MailProtocol) -> Option<MailServer> {
        let table = Table::of(protocol);
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
    fn port_and_encryption(&mut self, protocol: MailProtocol, table: Table) -> (u16, Encryption) {
        let encryption = self.layers.written(table, Key::Encryption);
        let port = self.layers.written(table, Key::Port);
        let chosen = match encryption.map(|written| &written.entry.value) {
            Some(Value::Encryption(encryption)) => *encryption,
            _ => Encryption::Ssl,
        };
        let number = match port.map(|written| &written.entry.value) {
            Some(Value::Port(port)) => port.get(),
            _ => return (protocol.default_port(chosen), chosen),
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
                chosen.name(),
                protocol.default_port(chosen),
            ),
        });
        (number, chosen)
    }

    fn url_of(&mut self, table: Table) -> Option<Url> {
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
        let template = self.raw_text(table, Key::Url).unwrap_or_default();
        let url_of_user = template.contains("{email}") || template.contains("{local}");
        Some(Dav { url, login_name: self.login_name(table), url_of_user })
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

//! `explain`: where each value of an answer comes from, and which client asks which URL for it.

use std::fmt::{self, Write as _};
use std::process::ExitCode;

use crate::account::{Account, MailProtocol, MailServer, Redirect};
use crate::address::{Address, Domain};
use crate::config::file::{Key, Table, Value, line_and_column};
use crate::config::load::{Configured, Fault, Place};
use crate::config::logins::Login;
use crate::config::template::Values;
use crate::config::{Layers, Written};
use crate::url::parameter_value;

/// Says where each value comes from, and which client asks which URL
///
/// Prints every value of the answer for an address with the file and line that it comes from,
/// then the URLs that mail clients ask for that address, in their order.
#[derive(clap::Args)]
pub struct Explain {
    /// The mail address of a user; the mailbox need not exist
    address: String,
}

pub fn run(command: &Explain, place: &Place) -> ExitCode {
    match explanation(&command.address, place) {
        Ok(text) => super::print(text.as_bytes()),
        Err(reason) => super::complain(&reason),
    }
}

fn explanation(text: &str, place: &Place) -> Result<String, Reason> {
    let address = Address::new(text).ok_or_else(|| Reason::NoAddress(text.to_owned()))?;
    let domain = address.domain();
    let Some(Configured { layers, login }) = place.configured(domain, Some(address.local()))?
    else {
        return Err(Reason::NotServed(domain.clone()));
    };
    let name = login.as_ref().map(|login| login.name.as_str());
    let values = Values { login: name, ..Values::of(&address) };
    let account = layers.sound_account(domain, &values)?;
    let values = Origins { layers: &layers, place, login: login.as_ref() }.rows(&account);

    let mut text = format!("{}\n\nServed: {}\n", address.email(), served(&layers, domain, place));
    match &account.redirect {
        Some(Redirect::Address(target)) => {
            let _ = writeln!(text, "Moved: clients are told to ask again for {target}");
        }
        Some(Redirect::Url(url)) => {
            let _ = writeln!(text, "Moved: clients are told to ask {url}");
        }
        None => {}
    }
    text += "\nValues\n";
    text += &aligned(&values);
    text += "\nClients, and what they ask in their order\n";
    for Client { name, steps } in clients(&address) {
        let _ = writeln!(text, "\n{name}");
        for (number, (method, url, note)) in (1..).zip(steps) {
            let _ = write!(text, "  {number}  {method:<4}  {url}");
            text += &if note.is_empty() { "\n".to_owned() } else { format!("  ({note})\n") };
        }
    }
    Ok(text)
}

/// Why there is nothing to explain.
enum Reason {
    NoAddress(String),
    NotServed(Domain),
    Fault(Fault),
}

impl From<Fault> for Reason {
    fn from(fault: Fault) -> Reason {
        Reason::Fault(fault)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Reason::NoAddress(text) => {
                let text = text.escape_debug();
                write!(formatter, "'{text}' is no address; write one like 'ada@example.org'")
            }
            Reason::NotServed(domain) => write!(
                formatter,
                "'{domain}' is not served; add it to 'domains', or create domains/{domain}.toml"
            ),
            Reason::Fault(fault) => write!(formatter, "{fault}"),
        }
    }
}

/// Why the domain is served.
fn served(layers: &Layers, domain: &Domain, place: &Place) -> String {
    if let Some(own) = &layers.own {
        return format!("it has a file of its own, {}", own.path);
    }
    let entry = layers.main.entry(Table::Top, Key::Domains);
    let pattern = entry.and_then(|entry| match &entry.value {
        Value::Domains(patterns) => patterns.iter().find(|pattern| pattern.matches(domain)),
        _ => None,
    });
    match (entry, pattern) {
        (Some(entry), Some(pattern)) => {
            let at = origin(Written { file: &layers.main, entry }, place);
            format!("'domains' has \"{pattern}\", {at}")
        }
        _ => "no".to_owned(),
    }
}

/// Where a value is written.
fn origin(Written { file, entry }: Written, place: &Place) -> String {
    match place {
        Place::Text { .. } => file.path.clone(),
        Place::File(_) => format!("{}:{}", file.path, line_and_column(&file.text, entry.at).0),
    }
}

/// Where the values of an account come from.
struct Origins<'a> {
    layers: &'a Layers,
    place: &'a Place,
    login: Option<&'a Login>,
}

/// A key, its value and where that comes from.
type Row = [String; 3];

impl Origins<'_> {
    /// The values in the order of the answer.
    fn rows(&self, account: &Account) -> Vec<Row> {
        let mut rows = Vec::new();
        match &account.redirect {
            // What else is configured is told to nobody.
            Some(Redirect::Address(address)) => {
                return vec![self.row(Table::Redirect, Key::Address, address)];
            }
            Some(Redirect::Url(url)) => return vec![self.row(Table::Redirect, Key::Url, url)],
            None => {}
        }
        if let Some(name) = &account.display_name {
            rows.push(self.row(Table::Top, Key::DisplayName, name));
        }
        if let [first, _] = account.incoming.as_slice() {
            rows.push(self.row(Table::Top, Key::Prefer, Table::of(first.protocol).name()));
        }
        for server in account.incoming.iter().chain(&account.smtp) {
            self.mail_server(server, &mut rows);
        }
        if let Some(mobilesync) = &account.mobilesync {
            rows.push(self.row(Table::MobileSync, Key::Url, &mobilesync.url));
            rows.push(self.row(Table::MobileSync, Key::Name, &mobilesync.name));
            rows.push(self.login_name(Table::MobileSync, &mobilesync.login_name));
        }
        if let Some(url) = &account.webmail {
            rows.push(self.row(Table::WebMail, Key::Url, url));
        }
        for (table, dav) in [(Table::CalDav, &account.caldav), (Table::CardDav, &account.carddav)] {
            if let Some(dav) = dav {
                rows.push(self.row(table, Key::Url, &dav.url));
                rows.push(self.login_name(table, &dav.login_name));
            }
        }
        rows.push(self.row(Table::Provider, Key::Name, &account.provider.name));
        rows.push(self.row(Table::Provider, Key::ShortName, &account.provider.short_name));
        if let Some(url) = &account.provider.documentation {
            rows.push(self.row(Table::Provider, Key::Documentation, url));
        }
        let off = |table: &Table| {
            let written = self.layers.written(*table, Key::Enabled)?;
            (written.entry.value == Value::Switch(false))
                .then(|| self.row(*table, Key::Enabled, "false"))
        };
        rows.extend(Table::ALL.iter().filter_map(off));
        rows
    }

    fn mail_server(&self, server: &MailServer, rows: &mut Vec<Row>) {
        let table = Table::of(server.protocol);
        rows.push(self.row(table, Key::Server, &server.server));
        rows.push(self.row(table, Key::Port, &server.port.to_string()));
        rows.push(self.row(table, Key::Encryption, server.encryption.name()));
        rows.push(self.login_name(table, &server.login_name));
        let mut switch = |key, value: bool| rows.push(self.row(table, key, &value.to_string()));
        switch(Key::DomainRequired, server.domain_required);
        switch(Key::Spa, server.spa);
        switch(Key::AuthRequired, server.auth_required);
        if server.protocol == MailProtocol::Smtp {
            switch(Key::UsePopAuth, server.use_pop_auth);
            switch(Key::SmtpLast, server.smtp_last);
        }
        if let Some(name) = &server.domain_name {
            rows.push(self.row(table, Key::DomainName, name));
        }
        if let Some(hours) = server.ttl {
            rows.push(self.row(table, Key::Ttl, &hours.to_string()));
        }
    }

    fn row(&self, table: Table, key: Key, value: &str) -> Row {
        self.row_from(table, key, value, self.layers.written(table, key))
    }

    fn row_from(&self, table: Table, key: Key, value: &str, from: Option<Written>) -> Row {
        let key = match table {
            Table::Top => key.name().to_owned(),
            _ => format!("{}.{}", table.name(), key.name()),
        };
        let origin =
            from.map_or_else(|| "default".to_owned(), |written| origin(written, self.place));
        [key, value.to_owned(), origin]
    }

    /// A list comes before every template, the service's template before the common one.
    fn login_name(&self, table: Table, value: &str) -> Row {
        let from = self
            .layers
            .written(table, Key::LoginName)
            .or_else(|| self.layers.written(Table::Top, Key::LoginName));
        let mut row = self.row_from(table, Key::LoginName, value, from);
        if let (Some(login), Some(path)) = (self.login, self.place.logins(self.layers)) {
            row[2] = format!("{}:{}", path.display(), login.line);
        }
        row
    }
}

/// The rows with their columns one below the other; control characters are escaped.
fn aligned(rows: &[Row]) -> String {
    let clean = |cell: &String| -> String {
        let escape = |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.into() };
        cell.chars().map(escape).collect()
    };
    let rows: Vec<Row> = rows.iter().map(|row| row.each_ref().map(clean)).collect();
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let (first, second) = (width(0), width(1));
    let mut text = String::new();
    for [a, b, c] in &rows {
        let line = format!("  {a:<first$}  {b:<second$}  {c}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// A client, and what it asks: the method or DNS record, the URL or name, and a remark.
struct Client {
    name: &'static str,
    steps: Vec<(&'static str, String, &'static str)>,
}

/// Apple's spelling of the path.
const CAPITALISED: &str = "/Autodiscover/Autodiscover.xml";

/// The clients that are known to ask, each with its steps in its order.
///
/// What Microsoft's and Apple's ask is known from logs of servers, the rest from the clients' source.
fn clients(address: &Address) -> Vec<Client> {
    let domain = address.domain().as_str();
    let email = parameter_value(address.email());
    let pox =
        |scheme_and_host: &str| format!("{scheme_and_host}{domain}/autodiscover/autodiscover.xml");
    let (pox_here, pox_host) = (pox("https://"), pox("https://autodiscover."));
    let pox_plain = pox("http://autodiscover.");
    let json = |protocol: &str| {
        format!(
            "https://autodiscover.{domain}/autodiscover/autodiscover.json\
             ?Email={email}&Protocol={protocol}&RedirectCount=1"
        )
    };
    let host = |scheme: &str| format!("{scheme}://autoconfig.{domain}/mail/config-v1.1.xml");
    let here =
        |scheme: &str| format!("{scheme}://{domain}/.well-known/autoconfig/mail/config-v1.1.xml");
    let with_email = |url: String| format!("{url}?emailaddress={email}");
    vec![
        Client {
            name: "Outlook 2007 to 2019 and classic Outlook of Microsoft 365, full wizard",
            steps: vec![
                ("POST", pox_here.clone(), ""),
                ("POST", pox_host.clone(), ""),
                ("GET", pox_plain.clone(), "follows a redirect to https, nothing else"),
                ("SRV", format!("_autodiscover._tcp.{domain}"), "asks the user, then POST there"),
            ],
        },
        Client {
            name: "Outlook 2016 and later, short wizard; takes Exchange from it, seldom IMAP",
            steps: vec![
                ("GET", json("Autodiscoverv1"), ""),
                ("POST", pox_host.clone(), "the URL that the answer names"),
            ],
        },
        Client {
            name: "New Outlook, Outlook for Mac and for phones; Microsoft's AutoDetect asks for them",
            steps: vec![
                ("GET", here("https"), ""),
                ("GET", json("ActiveSync"), ""),
                ("POST", pox_host.clone(), "for ActiveSync"),
            ],
        },
        Client {
            name: "Thunderbird; asks all at once, the first in this order counts",
            steps: vec![
                ("GET", with_email(host("https")), ""),
                ("GET", with_email(here("https")), ""),
                ("GET", with_email(host("http")), ""),
                ("GET", with_email(here("http")), ""),
                ("GET", "the database of Thunderbird's makers".to_owned(), ""),
                (
                    "MX",
                    domain.to_owned(),
                    "then GET https at autoconfig. of the mail server's domain",
                ),
                ("POST", pox_host.clone(), "with the user's password"),
                ("POST", pox_here.clone(), "with the user's password"),
                ("POST", pox_plain.clone(), "without a password"),
            ],
        },
        Client {
            name: "Thunderbird for Android and K-9 Mail; IMAP only",
            steps: vec![
                ("GET", host("https"), "with or without the address"),
                ("GET", here("https"), "with or without the address"),
                ("GET", host("http"), "with or without the address"),
            ],
        },
        Client {
            name: "Apple Mail on iPhone, iPad and Mac, for an Exchange account",
            steps: vec![
                ("GET", json("EWS"), ""),
                ("POST", format!("https://{domain}{CAPITALISED}"), "for ActiveSync"),
                ("POST", format!("https://autodiscover.{domain}{CAPITALISED}"), "for ActiveSync"),
            ],
        },
        Client {
            name: "Apple Mail on iPhone, iPad and Mac, for IMAP: the user opens a profile in Safari",
            steps: vec![(
                "GET",
                with_email(format!("https://autodiscover.{domain}/mail/{domain}.mobileconfig")),
                "",
            )],
        },
        Client {
            name: "Android's Exchange account, Gmail for Android",
            steps: vec![
                ("POST", pox_here.clone(), "for ActiveSync"),
                ("POST", pox_host.clone(), "for ActiveSync"),
                ("GET", pox_plain, "follows a redirect, nothing else"),
            ],
        },
        Client {
            name: "eM Client; reads CalDAV and CardDAV too, order of the hosts not known",
            steps: vec![("POST", pox_here, ""), ("POST", pox_host, "")],
        },
        Client {
            name: "KMail",
            steps: vec![
                ("GET", "the database of Thunderbird's makers".to_owned(), ""),
                ("GET", host("http"), "without the address"),
                ("GET", here("http"), "without the address"),
            ],
        },
        Client {
            name: "Evolution; hides the user, so that a list of login names is of no use to it",
            steps: vec![(
                "GET",
                format!("{}?emailaddress=EVOLUTIONUSER%40{domain}&emailmd5=...", host("https")),
                "",
            )],
        },
        Client {
            name: "Clients of PACC, a draft: Himalaya",
            steps: vec![
                (
                    "GET",
                    format!(
                        "https://ua-auto-config.{domain}/.well-known/user-agent-configuration.json"
                    ),
                    "",
                ),
                ("TXT", format!("_ua-auto-config.{domain}"), "the digest of that answer"),
            ],
        },
    ]
}

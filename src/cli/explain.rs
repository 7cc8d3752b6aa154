//! `explain`: where each value of an answer comes from, and which client asks which URL for it.

use std::fmt::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::account::{
    Authentication, Authentications, Logo, MailProtocol, MailServer, Redirect, Served,
};
use crate::address::{Address, Domain};
use crate::audience::{Audience, User};
use crate::config::file::File;
use crate::config::keys::KEYS;
use crate::config::logins::Login;
use crate::config::problem::line_and_column;
use crate::config::{Config, Layers, Place, Problem};
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
    let user = User::Named(address.clone());
    let config = Config::of(place);
    let not_served = || Reason::NotServed(super::not_served(domain, &config));
    let layers = config.layers(domain)?.ok_or_else(not_served)?;
    let login = place.login(&layers, domain, &user)?;
    let listed = login.as_ref().map(|login| login.name.as_str());
    let served = layers.valid(Audience::new(&user, domain).listed(listed))?;
    if !served.offers_something() {
        return Err(not_served());
    }
    let values = Origins { layers: &layers, place, domain, login: login.as_ref() }.rows(&served);

    let mut text =
        format!("{}\n\nServed: {}\n", address.email(), why_served(&layers, domain, place));
    match &served.moved {
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
    let email = parameter_value(address.email()).to_string();
    text.push('\n');
    text += &CLIENTS.replace("{domain}", domain.as_str()).replace("{email}", &email);
    Ok(text)
}

/// Why there is nothing to explain.
enum Reason {
    NoAddress(String),
    NotServed(String),
    Fault(Problem),
}

impl From<Problem> for Reason {
    fn from(problem: Problem) -> Reason {
        Reason::Fault(problem)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Reason::NoAddress(text) => {
                let text = super::shown(text);
                write!(formatter, "'{text}' must be an address like 'ada@example.org'")
            }
            Reason::NotServed(text) => formatter.write_str(text),
            Reason::Fault(fault) => write!(formatter, "{fault}"),
        }
    }
}

/// Why the domain is served.
fn why_served(layers: &Layers, domain: &Domain, place: &Place) -> String {
    if let Some(own) = &layers.own {
        return format!("it has a file of its own, {}", own.path);
    }
    let pattern = layers.main.settings.patterns().find(|pattern| pattern.matches(domain));
    match (layers.main.settings.at("", "domains"), pattern) {
        (Some(at), Some(pattern)) => {
            format!("'domains' has \"{pattern}\", {}", origin((layers.main, at), place))
        }
        _ => "no".to_owned(),
    }
}

/// Where a value is written.
fn origin((file, at): (&File, usize), place: &Place) -> String {
    match place.path() {
        None => file.path.clone(),
        Some(_) => format!("{}:{}", file.path, line_and_column(&file.text, at).0),
    }
}

/// The keys at the top that show in the rows of the services, or in the way to them.
const SHOWN: [&str; 5] = ["domains", "logins", "login_name", "authentication", "prefer"];

/// A value as a file has it, without its quotes.
fn written(text: &str) -> &str {
    let value = match text.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next(),
        None => text.split(['\n', '\r', '#', ',', '}']).next(),
    };
    value.unwrap_or_default().trim()
}

/// Where the values of an account come from.
struct Origins<'a> {
    layers: &'a Layers<'a>,
    place: &'a Place,
    domain: &'a Domain,
    login: Option<&'a Login>,
}

/// A key, its value and where that comes from.
type Row = [String; 3];

impl Origins<'_> {
    /// The values in the order of the answer.
    fn rows(&self, Served { account, moved, .. }: &Served) -> Vec<Row> {
        let mut rows = Vec::new();
        match moved {
            // What else is configured is told to nobody.
            Some(Redirect::Address(address)) => {
                return vec![self.row("redirect", "address", address)];
            }
            Some(Redirect::Url(url)) => return vec![self.row("redirect", "url", url)],
            None => {}
        }
        if let Some(name) = &account.display_name {
            rows.push(self.row("", "display_name", name));
        }
        if let [first, _] = account.incoming.as_slice() {
            rows.push(self.row("", "prefer", first.protocol.name()));
        }
        let first = account.incoming.first().map(|server| server.protocol.name());
        for server in account.incoming.iter().chain(&account.smtp) {
            self.mail_server(server, first, &mut rows);
        }
        if let Some(mobilesync) = &account.mobilesync {
            rows.push(self.row("mobilesync", "url", &mobilesync.url));
            rows.push(self.row("mobilesync", "name", &mobilesync.name));
            rows.push(self.login_name("mobilesync", &mobilesync.login_name));
        }
        if let Some(url) = &account.webmail {
            rows.push(self.row("webmail", "url", url));
        }
        for (table, dav) in [
            ("caldav", account.caldav.as_ref()),
            ("carddav", account.carddav.as_ref()),
            ("jmap", account.jmap.as_deref()),
        ] {
            if let Some(dav) = dav {
                rows.push(self.row(table, "url", &dav.url));
                rows.push(self.login_name(table, &dav.login_name));
                rows.push(self.authentication(table, dav.authentication));
            }
        }
        if let Some(server) = &account.managesieve {
            const TABLE: &str = "managesieve";
            rows.push(self.row(TABLE, "server", &server.server));
            rows.push(self.row(TABLE, "port", &server.port.to_string()));
            rows.push(self.row(TABLE, "encryption", server.encryption.name()));
            rows.push(self.login_name(TABLE, &server.login_name));
            rows.push(self.authentication(TABLE, server.authentication));
        }
        if let Some(server) = &account.oauth2 {
            rows.push(self.row("oauth2", "issuer", &server.issuer));
            rows.push(self.row("oauth2", "auth_url", &server.auth_url));
            rows.push(self.row("oauth2", "token_url", &server.token_url));
            rows.push(self.row("oauth2", "scope", &server.scope));
            let id = server.client_id.iter();
            rows.extend(id.map(|id| self.row("oauth2", "client_id", id)));
        }
        rows.push(self.row("provider", "name", &account.provider.name));
        rows.push(self.row("provider", "short_name", &account.provider.short_name));
        if let Some(url) = &account.provider.documentation {
            rows.push(self.row("provider", "documentation", url));
        }
        if let Some(url) = &account.provider.imprint {
            rows.push(self.row("provider", "imprint", url));
        }
        match &account.provider.logo {
            Some(Logo::Url(url)) => rows.push(self.row("provider", "logo", url)),
            Some(Logo::File(name)) => rows.push(self.row("provider", "logo", name)),
            Some(Logo::Inline(_)) | None => {}
        }
        if let Some(color) = account.provider.color {
            rows.push(self.row("provider", "color", &color.to_string()));
        }
        self.add_others(&mut rows);
        rows
    }

    /// Adds what else the files say, so that no key is forgotten here.
    fn add_others(&self, rows: &mut Vec<Row>) {
        for (key, table) in
            KEYS.iter().flat_map(|key| key.tables.iter().map(move |table| (key, table)))
        {
            // What stands at the top for all services is told of each.
            let told = match *table {
                "" => SHOWN.contains(&key.name),
                table => (key.name == "enabled") == self.layers.service(table).is_some(),
            };
            let Some((file, at)) = self.layers.place(table, key.name).filter(|_| !told) else {
                continue;
            };
            let row = self.row(table, key.name, written(&file.text[at..]));
            if rows.iter().all(|[name, ..]| *name != row[0]) {
                rows.push(row);
            }
        }
    }

    fn mail_server(&self, server: &MailServer, first: Option<&str>, rows: &mut Vec<Row>) {
        let table = server.protocol.name();
        rows.push(self.row(table, "server", &server.server));
        rows.push(self.row(table, "port", &server.port.to_string()));
        rows.push(self.row(table, "encryption", server.encryption.name()));
        // With `use_pop_auth` it is that of the incoming server.
        let giver = first.filter(|_| server.use_pop_auth).unwrap_or(table);
        rows.push(self.login_name_from(table, giver, &server.login_name));
        rows.push(self.authentication(table, server.authentication));
        let mut switch = |key, value: bool| rows.push(self.row(table, key, &value.to_string()));
        switch("domain_required", server.domain_required);
        switch("spa", server.spa);
        switch("auth_required", server.auth_required);
        if server.protocol == MailProtocol::Smtp {
            switch("use_pop_auth", server.use_pop_auth);
            switch("smtp_last", server.smtp_last);
        }
        if let Some(leave) = server.leave_on_server {
            rows.push(self.row(table, "leave_on_server", &leave.to_string()));
        }
        if let Some(days) = server.days {
            rows.push(self.row(table, "days", &days.to_string()));
        }
        if let Some(name) = &server.domain_name {
            rows.push(self.row(table, "domain_name", name));
        }
        if let Some(hours) = server.ttl {
            rows.push(self.row(table, "ttl", &hours.to_string()));
        }
    }

    fn row(&self, table: &str, key: &str, value: &str) -> Row {
        self.row_from(table, key, value, self.layers.place(table, key))
    }

    fn row_from(&self, table: &str, key: &str, value: &str, from: Option<(&File, usize)>) -> Row {
        let key = match table {
            "" => key.to_owned(),
            table => format!("{table}.{key}"),
        };
        let origin = from.map_or_else(|| "default".to_owned(), |from| origin(from, self.place));
        [key, value.to_owned(), origin]
    }

    /// The ways of the service come before the common ones.
    fn authentication(&self, table: &str, ways: Authentications) -> Row {
        let place = |table| self.layers.place(table, "authentication");
        let words: Vec<&str> = ways.ways().map(Authentication::name).collect();
        self.row_from(
            table,
            "authentication",
            &words.join(", "),
            place(table).or_else(|| place("")),
        )
    }

    fn list(&self) -> Option<PathBuf> {
        self.place.list(self.layers, self.domain)
    }

    /// A list comes before every template, the template of the service before the common one.
    fn login_name(&self, table: &str, value: &str) -> Row {
        self.login_name_from(table, table, value)
    }

    /// The login name of a service that another service gives.
    fn login_name_from(&self, table: &str, giver: &str, value: &str) -> Row {
        let place = |table| self.layers.place(table, "login_name");
        let mut row = self.row_from(table, "login_name", value, place(giver).or_else(|| place("")));
        if let (Some(login), Some(path)) = (self.login, self.list()) {
            row[2] = format!("{}:{}", path.display(), login.line);
        }
        row
    }
}

/// The rows with their columns one below the other, safe to print.
fn aligned(rows: &[Row]) -> String {
    let clean = |cell: &String| super::shown(cell);
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

/// What each client asks, in its order, with `{domain}` and `{email}` for those of the user.
///
/// `tests/server/clients.py` makes the file from the readers of `apache/probe/clients`, which name their sources.
const CLIENTS: &str = include_str!("clients.txt");

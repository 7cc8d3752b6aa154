//! `check`: every problem of every file at once; when there is none, what is served.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::reader::{Access, Reader};
use crate::account::{
    Account, Authentication, Encryption, MailProtocol, MailServer, Redirect, Served,
};
use crate::address::{Address, Domain};
use crate::audience::{Audience, User, is_address};
use crate::color::{Color, DARK, LIGHT};
use crate::config::file::{File, Written};
use crate::config::keys::Scope;
use crate::config::load::{absent, names, open, picture, text};
use crate::config::mistakes::{self, MOST};
use crate::config::values::{Incoming, LogoSource, Pattern};
use crate::config::{Config, Layers, Place, Problem, logins};

/// Reports every problem in every file
///
/// Reads autodiscover.toml, every file in domains/ and every list of login names, and looks at
/// whether the web server's user may read them.
/// Problems go to standard error, one a line, as path:line:column, what is wrong, and what would be right.
/// A warning is about something that works but is probably not intended.
/// Without a problem, standard output says what is served.
#[derive(clap::Args)]
pub struct Check {
    /// The user that the web server runs the program as
    ///
    /// Left out, it is whoever runs this command; for root it is www-data, apache or nobody,
    /// the first that exists.
    #[arg(long = "as", value_name = "USER")]
    user: Option<String>,
}

pub fn run(command: &Check, place: &Place) -> ExitCode {
    let mut findings = Findings::default();
    match Reader::find(command.user.as_deref()) {
        Ok(reader) => findings.reader = reader,
        Err(text) => return super::complain(&text),
    }
    findings.place(place);
    let remarks: String =
        findings.remarks.iter().map(|(problem, _)| format!("{problem}\n")).collect();
    // When nobody listens any more, the exit status still tells.
    let _ = io::stderr().write_all(remarks.as_bytes());
    if findings.remarks.iter().any(|(_, kind)| *kind == Kind::Error) {
        return ExitCode::FAILURE;
    }
    super::print(findings.summary(place).as_bytes())
}

/// How bad a remark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Error,
    Warning,
}

/// All that is found out about a configuration.
#[derive(Default)]
struct Findings {
    /// Whose eyes the files are looked at with; None when they are the own ones.
    reader: Option<Reader>,
    /// In the order in which they are printed; what several domains have from the common file is here once.
    remarks: BTreeSet<(Problem, Kind)>,
    /// How many files the reader may not read.
    hidden: usize,
    /// Domains with the same services: their names, and the services as the summary has them.
    groups: Vec<(Vec<String>, String)>,
    group_of: HashMap<String, usize>,
    /// Whether some domain has a service.
    anybody: bool,
    /// How many domains `domains` lists, and how many have a file.
    listed: usize,
    files: usize,
    /// The lists of login names that some file names, with the number of their names.
    lists: HashMap<PathBuf, usize>,
}

impl Findings {
    fn place(&mut self, place: &Place) {
        if matches!(place, Place::Text { .. }) {
            let text = "there is no autodiscover.toml, so every domain is answered with \
                        imap.DOMAIN and smtp.DOMAIN; create one";
            self.warn(Problem::of(Path::new(""), text));
        }
        let read = place.main_text();
        let is_read = read.is_ok();
        let (name, text) = read.unwrap_or_else(|problem| {
            self.error(problem);
            Default::default()
        });
        if let Some(path) = place.path() {
            self.check_access(path, Access::Read);
        }
        let (main, whole) = self.file(Scope::Common, name, text.into_owned());
        self.logo(place, &main);
        let whole = whole && is_read;
        let mut layers = Layers { main: &main, own: None };
        let names = place.folder().map_or_else(Vec::new, |folder| {
            // A request looks into it for every domain, whatever is in it.
            if folder.is_dir() {
                self.check_access(&folder, Access::Search);
            }
            self.names(&folder)
        });
        if whole {
            self.listed(&layers, &names);
        }
        self.folder(place, &mut layers, &names, whole);
        if let (true, Ok(Some(host))) = (whole, several_without_host(&Config::of(place))) {
            let at = main.at("", "domains").unwrap_or_default();
            let text = format!(
                "several domains are served, and 'host' is not set: records, virtual host and \
                 certificate are built on {host}; write host = \"{host}\""
            );
            self.warn(main.problem(at, text));
        }
        let sound = self.remarks.iter().all(|(_, kind)| *kind == Kind::Warning);
        if sound && !self.anybody {
            let example = "domains = [\"example.org\"]";
            let text = format!("no domain is served; write '{example}', or a file in domains/");
            self.error(layers.main.problem(0, text));
        }
    }

    fn error(&mut self, problem: Problem) {
        self.remarks.insert((problem, Kind::Error));
    }

    fn warn(&mut self, problem: Problem) {
        let text = format!("warning: {}", problem.text);
        self.remarks.insert((Problem { text, ..problem }, Kind::Warning));
    }

    /// Whether the web server's user can get at a file: at every folder on the way to it, and at the file.
    fn check_access(&mut self, path: &Path, what: Access) {
        let Some(reader) = &self.reader else { return };
        if let Some(problem) = reader.obstacle(path, what) {
            self.hidden += 1;
            match self.hidden {
                ..=MOST => self.error(problem),
                _ => self.error(Problem::of(path.parent().unwrap_or(path), "and more")),
            }
        }
    }

    /// A file with what is right in it, and whether that is all; what it shows by itself is remarked.
    fn file(&mut self, scope: Scope, name: String, text: String) -> (File, bool) {
        let judged = mistakes::all(scope, &text);
        let file = File::new(name, text, judged.settings);
        for (number, (at, what)) in judged.mistakes.iter().enumerate() {
            let what = if number < MOST { what } else { "and more" };
            self.error(file.problem(*at, what));
        }
        let wrong: HashSet<usize> = judged.mistakes.iter().map(|(at, _)| *at).collect();
        let mut sampled = false;
        for written in file.written().iter().filter(|written| !wrong.contains(&written.at)) {
            let Some(value) = written.text.as_deref() else { continue };
            // One name of the sample says enough of a list.
            let of_list = written.key == "domains";
            if of_list && is_sample(value) && std::mem::replace(&mut sampled, true) {
                continue;
            }
            for what in doubts(written, value) {
                if !(of_list && value == "*" && file.path == "built-in default") {
                    self.warn(file.problem(written.at, what));
                }
            }
        }
        (file, !judged.broken)
    }

    /// The picture that a file names.
    fn logo(&mut self, place: &Place, file: &File) {
        let provider = file.settings.table("provider");
        let Some(LogoSource::File(name)) = provider.and_then(|table| table.logo.as_ref()) else {
            return;
        };
        let Some(path) = place.beside(name) else { return };
        self.check_access(&path, Access::Read);
        if let Err(problem) = picture(&path) {
            self.error(problem);
        }
    }

    /// The domains of `domains` that have no file.
    fn listed(&mut self, layers: &Layers, names: &[String]) {
        let patterns = layers.main.settings.top.domains.as_deref().unwrap_or_default();
        let names: HashSet<&str> = names.iter().map(String::as_str).collect();
        self.listed = patterns.len();
        for pattern in patterns {
            let one_of_them = match pattern {
                Pattern::Exactly(domain) if names.contains(format!("{domain}.toml").as_str()) => {
                    continue;
                }
                Pattern::Exactly(domain) => Some(domain.clone()),
                Pattern::Below(parent) => Domain::new(&format!("x.{parent}")),
                Pattern::Every => Domain::new("x"),
            };
            if let Some(domain) = one_of_them {
                self.domain(layers, &domain, pattern.to_string(), "");
            }
        }
    }

    /// The names in a folder, sorted.
    fn names(&mut self, folder: &Path) -> Vec<String> {
        let mut sorted = Vec::new();
        for name in names(folder).unwrap_or_else(|problem| {
            self.error(problem);
            Vec::new()
        }) {
            match name.into_string() {
                Ok(name) => sorted.push(name),
                Err(name) => {
                    let text = "the name is not UTF-8; name the file after a domain";
                    self.error(name_of(&folder.join(name), text));
                }
            }
        }
        sorted.sort();
        sorted
    }

    /// Everything in `domains/`.
    fn folder(&mut self, place: &Place, layers: &mut Layers, names: &[String], merge: bool) {
        let Some(folder) = place.folder() else { return };
        let (files, others): (Vec<&String>, Vec<&String>) =
            names.iter().partition(|name| name.ends_with(".toml") && !name.starts_with('.'));
        for name in files {
            let path = folder.join(name);
            let stem = name.strip_suffix(".toml").unwrap_or(name);
            let domain = Domain::new(stem.trim_matches(['.', ' ']));
            if let Some(text) = misnamed(stem, domain.as_ref()) {
                self.error(name_of(&path, text));
            }
            self.check_access(&path, Access::Read);
            let text = match text(&path) {
                Ok(Some(text)) => text,
                // It has gone in the meantime.
                Ok(None) => continue,
                Err(problem) => {
                    self.error(problem);
                    continue;
                }
            };
            let (own, whole) = self.file(Scope::Domain, path.display().to_string(), text);
            self.logo(place, &own);
            layers.own = Some(own);
            self.files += 1;
            let list = domain.as_ref().and_then(|domain| place.list(layers, domain));
            let count = list.map(|path| (self.list(&path), path));
            if let (true, Some(domain)) = (merge && whole, domain) {
                let list = count.map_or_else(String::new, |(count, path)| {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    line("logins", &format!("{name}, {count} login names"))
                });
                self.domain(layers, &domain, domain.to_string(), &list);
            }
        }
        layers.own = None;
        let common = layers.main.settings.top.logins.as_ref();
        for name in &others {
            // A domain with a file of its own has been here.
            let domain = common.and_then(|list| list.domain(name));
            let domain = domain.filter(|domain| layers.serve(domain));
            if domain.is_some_and(|domain| !names.contains(&format!("{domain}.toml"))) {
                self.list(&folder.join(name));
            }
        }
        for name in others {
            self.other(&folder.join(name), name);
        }
    }

    /// A file in `domains/` that is no domain's.
    fn other(&mut self, path: &Path, name: &str) {
        if self.lists.contains_key(path) || name.starts_with('.') {
            // Hidden files are the web server's, the editor's or the transfer's.
        } else if name.ends_with(".logins") {
            let text = format!("no domain has this list; write 'logins = \"{name}\"' in its file");
            self.warn(name_of(path, text));
        } else {
            let lower = name.to_ascii_lowercase();
            let text = match lower.strip_suffix(".toml").and_then(Domain::new) {
                Some(domain) => format!("is not read; rename it '{domain}.toml'"),
                None => "is not read; name a domain's file NAME.toml, or move it away".to_owned(),
            };
            self.error(name_of(path, text));
        }
    }

    /// A list of login names, judged once; how many names it has.
    fn list(&mut self, path: &Path) -> usize {
        if let Some(count) = self.lists.get(path) {
            return *count;
        }
        self.check_access(path, Access::Read);
        let opened = open(path).and_then(|list| list.ok_or_else(|| absent(path)));
        let (count, mut problems) = match opened {
            Ok((list, _)) => logins::judge(path, list, MOST + 1),
            Err(problem) => (0, vec![problem]),
        };
        if let Some(last) = problems.get_mut(MOST) {
            last.text = "and more".to_owned();
        }
        problems.into_iter().for_each(|problem| self.error(problem));
        self.lists.insert(path.to_owned(), count);
        count
    }

    /// What shows only once both files of a domain are merged.
    fn domain(&mut self, layers: &Layers, domain: &Domain, title: String, list: &str) {
        let Some(address) = Address::new(&format!("user@{domain}")) else { return };
        let user = User::Named(address);
        let (served, problems) = layers.served(Audience::new(&user, domain));
        self.anybody |= served.offers_something() || !problems.is_empty();
        problems.into_iter().for_each(|problem| self.error(problem));
        let Served { account, moved, .. } = served;
        if layers.service("redirect").is_none() {
            if layers.service("imap").is_none() && layers.service("pop3").is_none() {
                self.lacking(layers, &["imap", "pop3"], "no incoming server; add [imap]");
            }
            if layers.service("smtp").is_none() {
                self.lacking(layers, &["smtp"], "no server for sending; add [smtp]");
            }
            self.servers(layers, &account);
            self.authentications(layers, &account);
        }
        self.provider(layers, &account);
        let services = services(layers, moved.as_ref()) + list;
        let count = self.groups.len();
        let group = *self.group_of.entry(services.clone()).or_insert(count);
        match self.groups.get_mut(group) {
            Some((titles, _)) => titles.push(title),
            None => self.groups.push((vec![title], services)),
        }
    }

    /// What works with the mail servers of a domain and is hardly meant.
    fn servers(&mut self, layers: &Layers, account: &Account) {
        for MailServer { protocol, encryption, .. } in account.incoming.iter().chain(&account.smtp)
        {
            let table = protocol.name();
            if let (Encryption::None, Some((file, at))) =
                (encryption, layers.place(table, "encryption"))
            {
                let text = format!(
                    "[{table}] has no encryption: others on the way can read passwords; \
                     write \"ssl\" or \"starttls\""
                );
                self.warn(file.problem(at, text));
            }
        }
        let (Some(incoming), Some(smtp)) = (account.incoming.first(), &account.smtp) else {
            return;
        };
        if smtp.auth_required && smtp.login_name != incoming.login_name {
            let place = layers
                .place("smtp", "login_name")
                .or_else(|| layers.place(incoming.protocol.name(), "login_name"));
            if let Some((file, at)) = place {
                let text = format!(
                    "[smtp] has another login name than [{}]: many mail programs ask for one only; \
                     give both the same",
                    incoming.protocol.name()
                );
                self.warn(file.problem(at, text));
            }
        }
    }

    /// What is hardly meant with other ways to log in than the password.
    fn authentications(&mut self, layers: &Layers, account: &Account) {
        for taken in account.incoming.iter().chain(&account.smtp) {
            // What is wrong there does not count, so the common ways do.
            let table = taken.protocol.name();
            let own = layers.service(table).is_some_and(|table| table.authentication.is_some());
            let table = if own { table } else { "" };
            let Some((file, at)) = layers.place(table, "authentication") else { continue };
            let rank = |way| taken.authentication.ways().position(|known| known == way);
            let text = match (rank(Authentication::Password), rank(Authentication::OAuth2)) {
                (None, _) if !taken.auth_required => continue,
                (None, Some(_)) => {
                    "'authentication' is without \"password\": Thunderbird drops settings with \
                     OAuth2 alone for every host but those that it knows by itself; \
                     add \"password\" if the servers take one"
                }
                (None, None) => {
                    "'authentication' is without \"password\": Thunderbird for Android drops \
                     settings without password and OAuth2; add \"password\" if the servers take one"
                }
                (Some(password), Some(token)) if password < token => {
                    "'authentication' has \"oauth2\" after \"password\": KMail takes OAuth2 all the \
                     same; leave it out unless KMail's users can log in by it"
                }
                _ => continue,
            };
            self.warn(file.problem(at, text));
        }
    }

    /// Names that mail programs have hardly room for (draft-ietf-mailmaint-autoconfig, `displayName`).
    fn provider(&mut self, layers: &Layers, account: &Account) {
        let provider = &account.provider;
        for (key, name, longest) in
            [("name", &provider.name, 30), ("short_name", &provider.short_name, 12)]
        {
            let count = name.chars().count();
            if let (true, Some((file, at))) = (count > longest, layers.place("provider", key)) {
                let text = format!(
                    "'{key}' has {count} characters, and mail programs have room for {longest}; \
                     shorten it"
                );
                self.warn(file.problem(at, text));
            }
        }
    }

    /// Warns that none of the tables is in use, at the file that decides it.
    fn lacking(&mut self, layers: &Layers, tables: &[&str], text: &str) {
        let off = tables.iter().find_map(|table| layers.place(table, "enabled"));
        // What is there and wrong is told already.
        let there = |table: &&str| layers.place("", table).or(layers.place(table, "")).is_some();
        if off.is_none() && tables.iter().any(there) {
            return;
        }
        let (file, at) = off.unwrap_or((layers.main, 0));
        self.warn(file.problem(at, text));
    }

    fn summary(&self, place: &Place) -> String {
        let mut text = match place.path() {
            Some(path) => format!("Configuration: {}\n", path.display()),
            None => "Configuration: built-in default\n".to_owned(),
        };
        let _ = writeln!(
            text,
            "Domains: {} listed in 'domains', {} with a file in domains/",
            self.listed, self.files
        );
        for (titles, services) in self.groups.iter().take(MOST_GROUPS) {
            let _ = write!(text, "\n{}", titles[..titles.len().min(MOST_TITLES)].join(", "));
            if titles.len() > MOST_TITLES {
                let _ = write!(text, " and {} more", titles.len() - MOST_TITLES);
            }
            let _ = write!(text, "\n{services}");
        }
        let rest = self.groups.iter().skip(MOST_GROUPS);
        let rest: usize = rest.map(|(titles, _)| titles.len()).sum();
        if rest > 0 {
            let _ = writeln!(text, "\n{rest} more domains with services of their own");
        }
        text
    }
}

/// The name of the web server, where another domain may come first one day.
fn several_without_host(config: &Config) -> Result<Option<Domain>, Problem> {
    let unsettled = config.named_host()?.is_none() && config.domains()?.len() > 1;
    if unsettled { config.host() } else { Ok(None) }
}

/// How many kinds of domains the summary shows, and how many domains of each.
const MOST_GROUPS: usize = 20;
const MOST_TITLES: usize = 5;

/// A problem with the name of a file; whatever jumps to it lands at its beginning.
fn name_of(path: &Path, text: impl Into<String>) -> Problem {
    Problem { line: 1, column: 1, ..Problem::of(path, text) }
}

/// What makes one doubt that a value is meant as it is.
fn doubts(Written { table, key, .. }: &Written, value: &str) -> Vec<String> {
    let mut doubts = Vec::new();
    let sample = || format!("'{key}' has \"{value}\", a name of the sample; write your own");
    match key.as_str() {
        "domains" if value == "*" => doubts.push(
            "'domains' has \"*\": domains of strangers are answered too; list your own".to_owned(),
        ),
        "domains" if is_sample(value) => doubts.push(sample()),
        "display_name" if is_address(value) => doubts.push(
            "'display_name' is the address, and Outlook writes it over the name that the user \
             typed; remove it"
                .to_owned(),
        ),
        "prefer" if value == "pop3" => doubts.push(
            "'prefer' is \"pop3\": Geary, FairEmail and SnappyMail then find no IMAP; \
             write \"imap\", unless you want that"
                .to_owned(),
        ),
        "login_name" => {
            if let Some(foreign) = foreign_placeholder(value) {
                doubts.push(format!(
                    "'login_name' has {foreign}, which is sent as it stands; \
                     write {{email}}, {{local}} or {{domain}}"
                ));
            }
        }
        "server" => {
            doubts.extend(is_sample(value).then(sample));
            doubts.extend(private(value).map(|why| format!("'{key}' is \"{value}\": {why}")));
        }
        "address" if value.rsplit_once('@').is_some_and(|(_, host)| is_sample(host)) => {
            doubts.push(sample());
        }
        "color" => {
            let color = Color::new(value);
            let light = color.is_some_and(|color| color.readable_on(LIGHT) != color);
            let dark = color.is_some_and(|color| color.readable_on(DARK) != color);
            if light && dark {
                doubts.push(format!(
                    "'color' is {value}, which can be read neither on a light nor on a dark page: \
                     the page takes other shades of it; choose a darker or lighter one"
                ));
            }
        }
        "url" | "documentation" | "imprint" | "issuer" | "auth_url" | "token_url" => {
            let (scheme, rest) = value.split_once("://").unwrap_or(("", value));
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let host = authority.split(':').next().unwrap_or_default();
            doubts.extend(is_sample(host).then(sample));
            doubts.extend(private(host).map(|why| format!("'{key}' has \"{host}\": {why}")));
            if scheme.eq_ignore_ascii_case("http") {
                let why = if table == "redirect" {
                    "clients do not follow it"
                } else {
                    "others on the way can read and change what is sent"
                };
                doubts.push(format!("'{key}' of [{table}] is http: {why}; write https"));
            }
        }
        _ => {}
    }
    doubts
}

/// Whether the host is one of those that the sample and the documentation use (RFC 2606, 3).
fn is_sample(host: &str) -> bool {
    ["example.org", "example.com", "example.net"].iter().any(|sample| {
        host.strip_suffix(sample).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Why a host is of no use to somebody elsewhere.
fn private(host: &str) -> Option<&'static str> {
    if host == "localhost" || host.ends_with(".localhost") {
        return Some("to a client that is its own computer; write the name of the server");
    }
    Domain::is_numeric(host).then_some("certificates are for names; write the name of the server")
}

/// A placeholder in the way of Dovecot, of a shell or of a manual.
fn foreign_placeholder(text: &str) -> Option<&str> {
    let letters = |from: usize| {
        let rest = &text[from..];
        from + rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())
    };
    text.char_indices().find_map(|(at, character)| {
        let end = letters(at + character.len_utf8());
        let name = text.get(at + 1..end).unwrap_or_default();
        let found = match character {
            '%' => matches!(name, "u" | "n" | "d" | "s"),
            '$' => !name.is_empty(),
            '<' => !name.is_empty() && text[end..].starts_with('>'),
            _ => false,
        };
        let end = if character == '<' { end + 1 } else { end };
        found.then(|| &text[at..end])
    })
}

/// What is wrong with the name of a domain's file, given the domain that it comes near.
fn misnamed(stem: &str, domain: Option<&Domain>) -> Option<String> {
    match domain {
        Some(domain) if domain.as_str() == stem => None,
        Some(domain) => Some(format!("no address leads to this name; rename it '{domain}.toml'")),
        None if stem.len() > Domain::LONGEST || stem.split('.').any(|label| label.len() > 63) => {
            let text = "is longer than a domain can be; a name has at most 63 bytes between dots";
            Some(text.to_owned())
        }
        None => {
            let text = "is not named after a domain; write one like 'example.org.toml'";
            Some(text.to_owned())
        }
    }
}

/// The services of a domain, a line each, with placeholders as they are written.
///
/// A domain that has moved has none: clients are only told where to.
fn services(layers: &Layers, redirect: Option<&Redirect>) -> String {
    if redirect.is_some() {
        let table = layers.files().find_map(|file| {
            let table = file.settings.table("redirect")?;
            table.address.as_deref().or(table.url.as_deref())
        });
        return line("redirect", table.unwrap_or_default());
    }
    let top = layers.table("").unwrap_or_default();
    let mut protocols = [MailProtocol::Imap, MailProtocol::Pop3, MailProtocol::Smtp];
    if top.prefer == Some(&Incoming::Pop3) {
        protocols.swap(0, 1);
    }
    let mut lines = String::new();
    for protocol in protocols {
        let Some(table) = layers.service(protocol.name()) else { continue };
        let Some(name) = table.server else { continue };
        let encryption = table.encryption.copied().unwrap_or_default();
        let port = table.port.map_or(protocol.default_port(encryption), |port| port.0.get());
        let login_name = table.login_name.or(top.login_name).map_or("{email}", |name| name);
        let encryption = match encryption {
            Encryption::None => "no encryption",
            other => other.name(),
        };
        let text = format!("{}:{port}, {encryption}, login {login_name}", &**name);
        lines += &line(protocol.name(), &text);
    }
    for name in ["mobilesync", "webmail", "caldav", "carddav", "jmap"] {
        if let Some(url) = layers.service(name).and_then(|table| table.url) {
            lines += &line(name, url);
        }
    }
    if let Some(server) = layers.service("managesieve").and_then(|table| table.server) {
        lines += &line("managesieve", server);
    }
    if lines.is_empty() { "  no service\n".to_owned() } else { lines }
}

/// A line of the summary.
fn line(name: &str, text: &str) -> String {
    format!("  {name:<11} {text}\n")
}

//! `check`: every problem of every file at once; when there is none, what is served.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::account::{Account, Encryption, MailServer, Redirect};
use crate::address::Domain;
use crate::config::file::{File, Key, Pattern, Scope, Table, Value};
use crate::config::load::{Fault, Place, file, open, unreadable};
use crate::config::logins::{self, Trouble};
use crate::config::template::Values;
use crate::config::{Layers, Problem};

/// Reports every problem in every file
///
/// Reads autodiscover.toml, every file in domains/ and every list of login names.
/// Problems go to standard error, one a line, as path:line:column, what is wrong, and what would be right.
/// A warning is about something that works but is probably not intended.
/// Without a problem, standard output says what is served.
#[derive(clap::Args)]
pub struct Check {}

pub fn run(_: &Check, place: &Place) -> ExitCode {
    let findings = Findings::of(place);
    let remarks: String =
        findings.remarks.iter().map(|remark| format!("{}\n", remark.text)).collect();
    // When nobody listens any more, the exit status still tells.
    let _ = io::stderr().write_all(remarks.as_bytes());
    if findings.remarks.iter().any(|remark| !remark.warning) {
        return ExitCode::FAILURE;
    }
    super::print(findings.summary(place).as_bytes())
}

/// A line for the administrator, in the order in which they are printed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Remark {
    path: String,
    line: usize,
    column: usize,
    text: String,
    warning: bool,
}

/// All that is found out about a configuration.
#[derive(Default)]
struct Findings {
    /// What several domains have from the common file is here once.
    remarks: BTreeSet<Remark>,
    /// Domains with the same services: their names, and the services as the summary has them.
    groups: Vec<(Vec<String>, String)>,
    group_of: HashMap<String, usize>,
    /// How many domains `domains` lists, and how many have a file.
    listed: usize,
    files: usize,
    /// The lists of login names that some file names, with the number of their names.
    lists: HashMap<PathBuf, usize>,
}

impl Findings {
    fn of(place: &Place) -> Findings {
        let mut findings = Findings::default();
        let main = match place.main() {
            Ok(main) => Some(main),
            Err(fault) => {
                findings.fault("", fault);
                None
            }
        };
        // What a broken file lacks may stand where the reader lost its way.
        let merge = main.as_ref().is_some_and(|main| !main.broken);
        let mut layers = Layers { main: main.unwrap_or_default(), own: None };
        findings.file(&layers.main);
        let names = place.folder().map_or_else(Vec::new, |folder| findings.names(&folder));
        if merge {
            findings.listed(&layers, &names);
        }
        findings.folder(place, &mut layers, &names, merge);
        if merge && findings.groups.is_empty() {
            let example = "domains = [\"example.org\"]";
            let text = format!("no domain is served; write '{example}', or a file in domains/");
            findings.warn(&layers.main, 0, &text);
        }
        findings
    }

    fn remark(&mut self, warning: bool, problem: Problem) {
        let path = problem.file.map_or_else(String::new, |file| file.path.clone());
        let (line, column) = problem.line_and_column();
        let text = Fault::from(problem).to_string();
        self.remarks.insert(Remark { path, line, column, text, warning });
    }

    fn warn(&mut self, file: &File, at: usize, text: &str) {
        self.remark(true, Problem { file: Some(file), at, text: format!("warning: {text}") });
    }

    /// Something that has no place in a file.
    fn fault(&mut self, path: &str, fault: Fault) {
        let (path, text) = (path.to_owned(), fault.to_string());
        self.remarks.insert(Remark { path, line: 0, column: 0, text, warning: false });
    }

    /// Something about a file that is not read, or about its name.
    fn about(&mut self, path: &Path, warning: bool, text: String) {
        let path = path.display().to_string();
        let file = File { path, ..File::default() };
        let text = if warning { format!("warning: {text}") } else { text };
        self.remark(warning, Problem { file: Some(&file), at: 0, text });
    }

    /// What a file shows by itself.
    fn file(&mut self, file: &File) {
        for flaw in &file.flaws {
            self.remark(false, flaw.in_file(file));
        }
        for entry in &file.entries {
            let (key, table) = (entry.key.name(), entry.table.name());
            match (entry.key, &entry.value) {
                (Key::Domains, Value::Domains(patterns)) => {
                    let sample = patterns.iter().map(Pattern::to_string).find(|p| is_sample(p));
                    if let Some(sample) = sample {
                        self.sample(file, entry.at, key, &sample);
                    }
                }
                (Key::DisplayName, Value::Text(text))
                    if text == "{email}" || text == "{local}@{domain}" =>
                {
                    let text = "'display_name' is the address, and Outlook writes it over the name \
                                that the user typed; remove it";
                    self.warn(file, entry.at, text);
                }
                (Key::Server, Value::Text(text)) if is_sample(text) => {
                    self.sample(file, entry.at, key, text);
                }
                (Key::Address, Value::Text(text))
                    if text.rsplit_once('@').is_some_and(|(_, host)| is_sample(host)) =>
                {
                    self.sample(file, entry.at, key, text);
                }
                (Key::Url | Key::Documentation, Value::Text(text)) => {
                    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
                    if rest.split(['/', ':', '?', '#']).next().is_some_and(is_sample) {
                        self.sample(file, entry.at, key, text);
                    }
                    if scheme.eq_ignore_ascii_case("http") {
                        let why = if entry.table == Table::Redirect {
                            "clients do not follow it"
                        } else {
                            "others on the way can read and change what is sent"
                        };
                        let text = format!("'{key}' of [{table}] is http: {why}; write https");
                        self.warn(file, entry.at, &text);
                    }
                }
                _ => {}
            }
        }
    }

    fn sample(&mut self, file: &File, at: usize, key: &str, value: &str) {
        let text = format!("'{key}' has \"{value}\", a name of the sample; write your own");
        self.warn(file, at, &text);
    }

    /// The domains of `domains` that have no file.
    fn listed(&mut self, layers: &Layers, names: &[String]) {
        let entry = layers.main.entry(Table::Top, Key::Domains);
        let Some(Value::Domains(patterns)) = entry.map(|entry| &entry.value) else { return };
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
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                let text = "is no folder; make it one, for the files of domains".to_owned();
                self.about(folder, false, text);
                return Vec::new();
            }
            Err(error) => {
                self.fault(&folder.display().to_string(), unreadable(folder, &error));
                return Vec::new();
            }
            Ok(entries) => entries,
        };
        let mut names = Vec::new();
        for entry in entries {
            match entry.map(|entry| entry.file_name().into_string()) {
                Ok(Ok(name)) => names.push(name),
                Ok(Err(name)) => {
                    let text = "the name is not UTF-8; name the file after a domain".to_owned();
                    self.about(&folder.join(name), false, text);
                }
                Err(error) => {
                    self.fault(&folder.display().to_string(), unreadable(folder, &error));
                }
            }
        }
        names.sort();
        names
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
                self.about(&path, false, text);
            }
            let own = match file(Scope::Domain, &path) {
                Ok(Some(own)) => own,
                Ok(None) => {
                    let absent = io::Error::from(io::ErrorKind::NotFound);
                    self.fault(&path.display().to_string(), unreadable(&path, &absent));
                    continue;
                }
                Err(fault) => {
                    self.fault(&path.display().to_string(), fault);
                    continue;
                }
            };
            self.file(&own);
            let merge = merge && !own.broken;
            layers.own = Some(own);
            self.files += 1;
            let list = place.logins(layers);
            let count = list.map(|path| (self.list(&path), path));
            if let (true, Some(domain)) = (merge, domain) {
                let list = count.map_or_else(String::new, |(count, path)| {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    line(Key::Logins.name(), &format!("{name}, {count} login names"))
                });
                self.domain(layers, &domain, domain.to_string(), &list);
            }
        }
        layers.own = None;
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
            self.about(path, true, text);
        } else {
            let lower = name.to_ascii_lowercase();
            let text = match lower.strip_suffix(".toml").and_then(Domain::new) {
                Some(domain) => format!("is not read; rename it '{domain}.toml'"),
                None => "is not read; name a domain's file NAME.toml, or move it away".to_owned(),
            };
            self.about(path, false, text);
        }
    }

    /// A list of login names, judged once; how many names it has.
    fn list(&mut self, path: &Path) -> usize {
        if let Some(count) = self.lists.get(path) {
            return *count;
        }
        let judged = open(path).map_err(Trouble::Unreadable).and_then(logins::judge);
        let (count, flaws) = match judged {
            Ok((count, flaws)) => (count, flaws),
            Err(Trouble::Flaw(flaw)) => (0, vec![flaw]),
            Err(trouble) => {
                self.fault(&path.display().to_string(), trouble.in_list(path));
                (0, Vec::new())
            }
        };
        for flaw in flaws {
            let (line, column) = (flaw.line, flaw.column);
            let text = Trouble::Flaw(flaw).in_list(path).to_string();
            let path = path.display().to_string();
            self.remarks.insert(Remark { path, line, column, text, warning: false });
        }
        self.lists.insert(path.to_owned(), count);
        count
    }

    /// What shows only once both files of a domain are merged.
    fn domain(&mut self, layers: &Layers, domain: &Domain, title: String, list: &str) {
        let email = format!("user@{domain}");
        let values =
            Values { email: &email, local: "user", domain: domain.as_str(), ..Values::default() };
        let (account, problems) = layers.account(domain, &values);
        for problem in problems {
            self.remark(false, problem);
        }
        if !layers.enabled(Table::Redirect) {
            self.lacking(layers, &[Table::Imap, Table::Pop3], "no incoming server; add [imap]");
            self.lacking(layers, &[Table::Smtp], "no server for sending; add [smtp]");
        }
        for server in account.incoming.iter().chain(&account.smtp) {
            let table = Table::of(server.protocol);
            let written = layers.written(table, Key::Encryption);
            if let (Encryption::None, Some(written)) = (server.encryption, written) {
                let text = format!(
                    "[{}] has no encryption: others on the way can read passwords; \
                     write \"ssl\" or \"starttls\"",
                    table.name()
                );
                self.warn(written.file, written.entry.at, &text);
            }
        }
        let services = services(layers, domain, account.redirect.as_ref()) + list;
        let count = self.groups.len();
        let group = *self.group_of.entry(services.clone()).or_insert(count);
        match self.groups.get_mut(group) {
            Some((titles, _)) => titles.push(title),
            None => self.groups.push((vec![title], services)),
        }
    }

    /// Warns where none of the tables is in use, at the file that decides it.
    fn lacking(&mut self, layers: &Layers, tables: &[Table], text: &str) {
        if tables.iter().any(|table| layers.enabled(*table)) {
            return;
        }
        let off = tables.iter().find_map(|table| layers.written(*table, Key::Enabled));
        match off {
            Some(written) => self.warn(written.file, written.entry.at, text),
            None => self.warn(&layers.main, 0, text),
        }
    }

    fn summary(&self, place: &Place) -> String {
        let mut text = match place {
            Place::File(path) => format!("Configuration: {}\n", path.display()),
            Place::Text { .. } => "Configuration: built-in default\n".to_owned(),
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

/// How many kinds of domains the summary shows, and how many domains of each.
const MOST_GROUPS: usize = 20;
const MOST_TITLES: usize = 5;

impl Problem<'_> {
    fn line_and_column(&self) -> (usize, usize) {
        self.file.map_or((0, 0), |file| crate::config::file::line_and_column(&file.text, self.at))
    }
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

/// Whether the host is one of those that the sample and the documentation use (RFC 2606, 3).
fn is_sample(host: &str) -> bool {
    ["example.org", "example.com", "example.net"].iter().any(|sample| {
        host.strip_suffix(sample).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// The services of a domain, a line each, with placeholders as they are written.
///
/// A domain that has moved has none: clients are only told where to.
fn services(layers: &Layers, domain: &Domain, redirect: Option<&Redirect>) -> String {
    if let Some(redirect) = redirect {
        let key = match redirect {
            Redirect::Address(_) => Key::Address,
            Redirect::Url(_) => Key::Url,
        };
        let target = match layers.value(Table::Redirect, key) {
            Some(Value::Text(text)) => text,
            _ => "",
        };
        return line(Table::Redirect.name(), target);
    }
    let values = Values {
        email: "{email}",
        local: "{local}",
        domain: "{domain}",
        verbatim: true,
        ..Values::default()
    };
    let (account, _) = layers.account(domain, &values);
    let mut lines = String::new();
    let Account { incoming, smtp, mobilesync, webmail, caldav, carddav, .. } = account;
    for MailServer { protocol, server, port, encryption, login_name, .. } in
        incoming.iter().chain(&smtp)
    {
        let encryption = match encryption {
            Encryption::None => "no encryption",
            other => other.name(),
        };
        let text = format!("{server}:{port}, {encryption}, login {login_name}");
        lines += &line(protocol.name(), &text);
    }
    let urls = [
        (Table::MobileSync, mobilesync.map(|mobilesync| mobilesync.url)),
        (Table::WebMail, webmail),
        (Table::CalDav, caldav.map(|caldav| caldav.url)),
        (Table::CardDav, carddav.map(|carddav| carddav.url)),
    ];
    for (table, url) in urls {
        lines += &url.map_or_else(String::new, |url| line(table.name(), &url));
    }
    if lines.is_empty() { "  no service\n".to_owned() } else { lines }
}

/// A line of the summary.
fn line(name: &str, text: &str) -> String {
    format!("  {name:<10}  {text}\n")
}

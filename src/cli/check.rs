//! `check`: every problem of every file at once; when there is none, what is served.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};

use super::lints;
use super::reader::{Access, Reader};
use crate::account::{
    Account, Authentication, Encryption, MailProtocol, MailServer, Redirect, Served,
};
use crate::address::{Address, Domain};
use crate::audience::{Audience, User};
use crate::config::file::File;
use crate::config::keys::{KEYS, Scope, TABLES, Table, Takes};
use crate::config::load::{absent, names, open, picture, text};
use crate::config::mistakes::{self, MOST, Wrong};
use crate::config::placeholders::UrlTemplate;
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
    /// How to report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How `check` reports.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A line for each problem, and a summary
    Text,
    /// One line for Icinga, Nagios and cron; the exit status is 0, 1 for warnings, 2 for problems, 3 for wrong usage
    Nagios,
}

pub fn run(command: &Check, place: &Place) -> ExitCode {
    let mut findings = Findings::default();
    match Reader::find(command.user.as_deref()) {
        Ok(reader) => findings.reader = reader,
        Err(text) if command.format == Format::Nagios => {
            super::print(format!("AUTODISCOVER UNKNOWN - {text}\n").as_bytes());
            process::exit(3);
        }
        Err(text) => return super::complain(&text),
    }
    findings.place(place);
    if command.format == Format::Nagios {
        findings.for_nagios();
    }
    let remarks: String =
        findings.remarks.iter().map(|(problem, _)| format!("{problem}\n")).collect();
    // Where standard error is closed, the exit status still tells.
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
    /// The user whose access is checked; None when reading the files shows it.
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
    /// The lists of login names that some file names, with the number of their names and the first such file.
    lists: HashMap<PathBuf, (usize, Option<Domain>)>,
    /// Whether it has been told what makes Thunderbird for iOS drop all settings.
    dropped_by_ios: bool,
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
            self.writers(path);
        }
        self.beside(place);
        let (main, wrong) = self.file(Scope::Common, name, text.into_owned());
        self.logo(place, &main);
        let whole = is_read && wrong.is_some();
        let mut layers =
            Layers { main: &main, own: None, wrong: wrong.clone().unwrap_or_default() };
        let names = place.directory().map_or_else(Vec::new, |directory| {
            // A request looks into it for every domain, whatever is in it.
            if directory.is_dir() {
                self.check_access(&directory, Access::Search);
            }
            self.names(&directory)
        });
        if whole {
            self.listed(place, &layers, &names);
        }
        self.directory(place, &mut layers, &names, whole);
        if let (Some([]), Ok(Some(host))) =
            (wrong.as_deref(), several_without_host(&Config::of(place)))
        {
            let at = main.settings.at("", "domains").unwrap_or_default();
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

    /// Whether the web server's user can get at a file: at every directory on the way to it, and at the file.
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

    /// Parses a file, reports its mistakes, and returns its valid settings, and the tables with a mistake;
    /// None instead of these when some of it could not be read.
    fn file(&mut self, scope: Scope, name: String, text: String) -> (File, Option<Wrong>) {
        let judged = mistakes::all(scope, &text);
        let file = File { path: name, text, settings: judged.settings };
        for (number, (at, what)) in judged.mistakes.iter().enumerate() {
            let what = if number < MOST { what } else { "and more" };
            self.error(file.problem(*at, what));
        }
        let (mut sampled, mut warnings) = (false, 0);
        for text in &judged.texts {
            if warnings >= MOST {
                break;
            }
            // One name of the sample says enough of a list.
            let of_list = text.key.takes == Takes::Domains;
            if of_list && lints::is_sample(&text.value) && std::mem::replace(&mut sampled, true) {
                continue;
            }
            if let Some(what) = lints::refused(text) {
                self.error(file.problem(text.at, what));
            }
            for what in lints::of_value(text) {
                if !(of_list && text.value == "*" && file.path == "built-in default") {
                    self.warn(file.problem(text.at, what));
                    warnings += 1;
                }
            }
        }
        (file, judged.wrong)
    }

    /// Whether others may write to a file.
    fn writers(&mut self, path: &Path) {
        if fs::metadata(path).is_ok_and(|metadata| metadata.mode() & 0o002 != 0) {
            let text =
                format!("any user can write to this file; run: chmod o-w {}", path.display());
            self.warn(Problem::of(path, text));
        }
    }

    /// What lies beside `autodiscover.toml` under a name that is nearly right.
    fn beside(&mut self, place: &Place) {
        let executable =
            || env::current_exe().ok().map(|path| path.with_file_name("autodiscover.toml"));
        let Some(main) = place.path().map(Path::to_owned).or_else(executable) else { return };
        let own = main.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // A directory that cannot be listed may be read all the same.
        for name in main.parent().and_then(|directory| names(directory).ok()).unwrap_or_default() {
            let (path, name) = (main.with_file_name(&name), name.to_string_lossy().into_owned());
            let lower = name.to_ascii_lowercase();
            let domain = lower.strip_suffix(".toml").and_then(Domain::new);
            let text = match lower.as_str() {
                "domain" | "domains" if name != "domains" && path.is_dir() => {
                    "this directory is not read; rename it domains".to_owned()
                }
                _ if name == format!("{own}.txt") => format!("is not read; rename it {own}"),
                _ if domain.is_some_and(|domain| domain.as_str().contains('.')) && name != own => {
                    format!("is not read; move it to domains/{lower}")
                }
                _ => continue,
            };
            self.warn(name_of(&path, text));
        }
    }

    /// The picture that a file names.
    fn logo(&mut self, place: &Place, file: &File) {
        let provider = file.settings.table("provider");
        let Some(LogoSource::File(name)) = provider.and_then(Table::logo) else {
            return;
        };
        let Some(path) = place.beside(name) else { return };
        self.check_access(&path, Access::Read);
        if let Err(problem) = picture(&path) {
            self.error(problem);
        }
    }

    /// The domains of `domains` that have no file.
    fn listed(&mut self, place: &Place, layers: &Layers, names: &[String]) {
        let names: HashSet<&str> = names.iter().map(String::as_str).collect();
        let (mut seen, mut twice) = (HashSet::new(), 0);
        for (pattern, at) in layers.main.settings.top.domains().into_iter().flatten() {
            self.listed += 1;
            if !seen.insert(pattern.to_string()) {
                twice += 1;
                if twice > MOST {
                    continue;
                }
                let text = format!("'domains' has \"{pattern}\" twice; remove one");
                self.warn(layers.main.problem(*at, text));
                continue;
            }
            let one_of_them = match pattern {
                Pattern::Exactly(domain) if names.contains(format!("{domain}.toml").as_str()) => {
                    continue;
                }
                Pattern::Exactly(domain) => Some(domain.clone()),
                Pattern::Below(parent) => Domain::new(&format!("x.{parent}")),
                Pattern::Every => Domain::new("x"),
            };
            if let Some(domain) = one_of_them {
                let list = match pattern {
                    Pattern::Exactly(_) => self.list_of(place, layers, &domain),
                    _ => String::new(),
                };
                self.domain(place, layers, &domain, pattern.to_string(), &list);
            }
        }
    }

    /// The names in a directory, sorted.
    fn names(&mut self, directory: &Path) -> Vec<String> {
        let mut sorted = Vec::new();
        for name in names(directory).unwrap_or_else(|problem| {
            self.error(problem);
            Vec::new()
        }) {
            match name.into_string() {
                Ok(name) => sorted.push(name),
                Err(name) => {
                    let text = "the name is not UTF-8; name the file after a domain";
                    self.error(name_of(&directory.join(name), text));
                }
            }
        }
        sorted.sort();
        sorted
    }

    /// Everything in `domains/`.
    fn directory(&mut self, place: &Place, layers: &mut Layers, names: &[String], merge: bool) {
        let Some(directory) = place.directory() else { return };
        let (files, others): (Vec<&String>, Vec<&String>) =
            names.iter().partition(|name| name.ends_with(".toml") && !name.starts_with('.'));
        for name in files {
            let path = directory.join(name);
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
            let (own, wrong) = self.file(Scope::Domain, path.display().to_string(), text);
            self.logo(place, &own);
            layers.own = Some(own);
            self.files += 1;
            let Some(domain) = domain else { continue };
            if !domain.as_str().contains('.') {
                let text =
                    "no mail address has a domain without a dot; name the file after a domain";
                self.warn(name_of(&path, text));
            }
            let list = self.list_of(place, layers, &domain);
            if let (true, Some(wrong)) = (merge, wrong) {
                let common = layers.wrong.len();
                layers.wrong.extend(wrong);
                self.domain(place, layers, &domain, domain.to_string(), &list);
                layers.wrong.truncate(common);
            }
        }
        layers.own = None;
        let common = layers.main.settings.top.logins();
        for name in &others {
            // A domain with a file of its own has been here.
            let domain = common.and_then(|list| list.domain(name));
            let domain = domain.filter(|domain| layers.serve(domain));
            if domain.is_some_and(|domain| !names.contains(&format!("{domain}.toml"))) {
                self.list(&directory.join(name), None);
            }
        }
        for name in others {
            self.other(&directory.join(name), name);
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

    /// The list of a domain, as a line of the summary.
    fn list_of(&mut self, place: &Place, layers: &Layers, domain: &Domain) -> String {
        let Some(path) = place.list(layers, domain) else { return String::new() };
        let count = self.list(&path, Some(domain));
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some((_, Some(first))) = self.lists.get(&path)
            && first != domain
            && let Some((file, at)) = layers.place("", "logins")
        {
            let text = format!(
                "{first} has the same list: its users get the login names of {domain}'s, and the \
                 reverse; give each domain a list of its own"
            );
            self.warn(file.problem(at, text));
        }
        line("logins", &format!("{name}, {count} login names"))
    }

    /// A list of login names, judged once; how many names it has.
    fn list(&mut self, path: &Path, domain: Option<&Domain>) -> usize {
        if let Some((count, _)) = self.lists.get(path) {
            return *count;
        }
        self.check_access(path, Access::Read);
        let opened = open(path).and_then(|list| list.ok_or_else(|| absent(path)));
        let mut judged = match opened {
            Ok((list, _)) => logins::judge(path, list, MOST + 1, lints::of_login),
            Err(problem) => logins::Judged { problems: vec![problem], ..Default::default() },
        };
        for found in [&mut judged.problems, &mut judged.warnings] {
            if let Some(last) = found.get_mut(MOST) {
                last.text = "and more".to_owned();
            }
        }
        if judged.count == 0 && judged.problems.is_empty() {
            self.warn(name_of(path, "the list is empty; write lines \"local-part login-name\""));
        }
        if judged.count > logins::MOST_DIGESTED {
            self.warn(name_of(path, format!(
                "the list has {} login names: Evolution's users are found in the first {} lines only",
                judged.count,
                logins::MOST_DIGESTED
            )));
        }
        judged.problems.into_iter().for_each(|problem| self.error(problem));
        judged.warnings.into_iter().for_each(|problem| self.warn(problem));
        self.lists.insert(path.to_owned(), (judged.count, domain.cloned()));
        judged.count
    }

    /// What shows only once both files of a domain are merged.
    fn domain(
        &mut self,
        place: &Place,
        layers: &Layers,
        domain: &Domain,
        title: String,
        list: &str,
    ) {
        let Some(address) = Address::new(&format!("user@{domain}")) else { return };
        let user = User::Named(address);
        let (served, problems) = layers.served(Audience::new(&user, domain));
        self.anybody |= served.offers_something() || !problems.is_empty();
        problems.into_iter().for_each(|problem| self.error(problem));
        // What else seems to be missing may be wrong.
        if !layers.wrong.is_empty() {
            return;
        }
        let Served { account, moved, .. } = served;
        if let Some(moved) = &moved {
            self.redirect(place, layers, domain, moved);
        }
        self.filled_hosts(layers, domain);
        self.without_effect(layers);
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

    /// A redirect that leads back to where it began: clients give up after some ten steps.
    fn redirect(&mut self, place: &Place, layers: &Layers, domain: &Domain, moved: &Redirect) {
        let config = Config::of(place);
        let mut way = vec![domain.clone()];
        let mut next = match moved {
            Redirect::Address(address) => Address::new(address),
            Redirect::Url(url) => {
                let host = url.domain();
                let is_own = config.host().is_ok_and(|own| own == host && host.is_some())
                    || host.and_then(Domain::of_discovery).as_ref() == Some(domain);
                let text = if is_own {
                    "'url' leads back to this domain; name the server that it has moved to"
                } else if url.path() == "/" {
                    "'url' has no path; write https://HOST/autodiscover/autodiscover.xml"
                } else {
                    return;
                };
                if let Some((file, at)) = layers.place("redirect", "url") {
                    self.error(file.problem(at, text));
                }
                return;
            }
        };
        while let Some(target) = next {
            let domain = target.domain().clone();
            let Ok(Some(there)) = config.layers(&domain) else { return };
            let user = User::Named(target);
            let (served, problems) = there.served(Audience::new(&user, &domain));
            // A pattern that covers its own target is a fault for the addresses there.
            let covered = there.own.is_none() && served.moved.is_none() && !problems.is_empty();
            if covered {
                way.clear();
            }
            let ends = covered || way.contains(&domain);
            if let (true, Some((file, at))) = (ends, layers.place("redirect", "address")) {
                let way: Vec<String> = way.iter().map(Domain::to_string).collect();
                let text = if way.is_empty() {
                    format!(
                        "[redirect] covers its own target, {domain}; list the domains that it is for"
                    )
                } else {
                    format!(
                        "[redirect] never ends: it leads from {} to {domain} again; name an address elsewhere",
                        way.join(" to ")
                    )
                };
                return self.error(file.problem(at, text));
            }
            way.push(domain);
            next = match served.moved {
                Some(Redirect::Address(address)) => Address::new(&address),
                _ => None,
            };
        }
    }

    /// Hosts that are none once the domain is filled in.
    fn filled_hosts(&mut self, layers: &Layers, domain: &Domain) {
        for (table, _) in TABLES {
            let Some(both) = layers.service(table) else { continue };
            let url = |url: Option<&UrlTemplate>| url.map(|url| lints::host_of_url(url).to_owned());
            for (key, host) in [
                ("server", both.server.map(|host| host.to_string())),
                ("url", url(both.url)),
                ("documentation", url(both.documentation)),
                ("imprint", url(both.imprint)),
                ("issuer", url(both.issuer.map(|url| &**url))),
                ("auth_url", url(both.auth_url.map(|url| &**url))),
                ("token_url", url(both.token_url.map(|url| &**url))),
            ] {
                let host = host.unwrap_or_default();
                let filled = host.replace("{domain}", domain.as_str());
                if filled == host || Domain::is_name(&filled) {
                    continue;
                }
                if let Some((file, at)) = layers.place(table, key) {
                    let text = format!(
                        "'{key}' of [{table}] gives '{domain}' a host that is too long: a name has at \
                         most 253 bytes, and 63 between dots; write another"
                    );
                    self.warn(file.problem(at, text));
                }
            }
        }
    }

    /// Keys of a domain's file that the common file leaves without effect.
    fn without_effect(&mut self, layers: &Layers) {
        let Some(own) = &layers.own else { return };
        let main = &layers.main.settings;
        for name in ["login_name", "authentication"] {
            let Some(at) = own.settings.at("", name) else { continue };
            let tables = KEYS.iter().filter(|key| key.name == name).flat_map(|key| key.tables);
            let overridden = |table: &&&str| {
                !table.is_empty()
                    && layers.service(table).is_some()
                    && own.settings.at(table, name).is_none()
                    && main.at(table, name).is_some()
            };
            for table in tables.filter(overridden) {
                let text = format!(
                    "'{name}' has no effect on [{table}], which has its own in autodiscover.toml; \
                     write it below [{table}]"
                );
                self.warn(own.problem(at, text));
            }
        }
        for (name, _) in TABLES {
            if let (Some(table), Some(common)) = (own.settings.table(name), main.table(name))
                && common.enabled() == Some(&false)
                && table.enabled().is_none()
            {
                let text = format!(
                    "[{name}] has no effect, because autodiscover.toml switches it off; \
                     add 'enabled = true'"
                );
                self.warn(own.problem(table.start, text));
            }
        }
    }

    /// Suspicious but valid settings of the mail servers of a domain.
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
        for server in account.incoming.iter().chain(&account.smtp) {
            let table = server.protocol.name();
            let port = server.port;
            let owner = PORTS.iter().find(|(_, ports)| ports.contains(&port));
            let text = match owner {
                Some((owner, _)) if *owner != table => {
                    format!(
                        "port {port} is one of {owner}, not of [{table}]; write another, or none"
                    )
                }
                None if USUALLY_STARTTLS.contains(&port)
                    && layers.place(table, "encryption").is_none() =>
                {
                    format!(
                        "port {port} is used with encryption \"ssl\", the default, and most servers \
                         have STARTTLS there; write the encryption"
                    )
                }
                _ => continue,
            };
            if let Some((file, at)) = layers.place(table, "port") {
                self.warn(file.problem(at, text));
            }
        }
        if let (Some((file, at)), None) = (layers.place("", "prefer"), layers.service("pop3"))
            && layers.table("").is_some_and(|top| top.prefer == Some(&Incoming::Pop3))
        {
            let text = "'prefer' is \"pop3\", but there is no [pop3]; remove it, or add the table";
            self.warn(file.problem(at, text));
        }
        let (Some(incoming), Some(smtp)) = (account.incoming.first(), &account.smtp) else {
            return;
        };
        let plain = |server: &MailServer| server.encryption == Encryption::None;
        if account.incoming.iter().all(plain) != plain(smtp) {
            let (file, at) = layers.place("smtp", "").unwrap_or((layers.main, 0));
            let text = "[smtp] and the incoming servers must both have encryption, or neither: \
                        Thunderbird and all that read autoconfig get nothing";
            self.warn(file.problem(at, text));
        }
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

    /// Suspicious but valid ways to log in.
    fn authentications(&mut self, layers: &Layers, account: &Account) {
        let place = |table| {
            let own = layers.place(table, "authentication");
            own.or_else(|| layers.place("", "authentication"))
        };
        if layers.table("oauth2").is_none() {
            let by_token = |table: &&&str| {
                let ways = layers.service(table).and_then(|service| service.authentication);
                let ways = ways.or(layers.table("").and_then(|top| top.authentication));
                layers.service(table).is_some()
                    && ways.is_some_and(|ways| ways.have(Authentication::OAuth2))
            };
            let tables = KEYS.iter().filter(|key| key.name == "authentication");
            let table = tables.flat_map(|key| key.tables).find(by_token);
            if let Some((file, at)) = table.and_then(|table| place(table)) {
                let text = "'authentication' has \"oauth2\", but there is no [oauth2]: only mail \
                            programs that know the provider use it, and PACC leaves it out; add the table";
                self.warn(file.problem(at, text));
            }
        }
        for taken in account.incoming.iter().chain(&account.smtp) {
            let table = taken.protocol.name();
            if let Some((word, place)) =
                dropped_by_ios(taken, layers).filter(|_| !self.dropped_by_ios)
            {
                self.dropped_by_ios = true;
                let (file, at) = place;
                let text = format!(
                    "Thunderbird for iOS drops all settings over the word '{word}', which this makes of \
                     autoconfig; its users type them"
                );
                self.warn(file.problem(at, text));
            }
            let Some((file, at)) = place(table) else { continue };
            let rank = |way| taken.authentication.ways().position(|known| known == way);
            let encrypted = rank(Authentication::EncryptedPassword);
            let text = match (rank(Authentication::Password), rank(Authentication::OAuth2)) {
                (None, _) if !taken.auth_required => continue,
                (None, _) if encrypted.is_some() => {
                    "'authentication' has \"encrypted-password\" without \"password\": Thunderbird, also \
                     for Android and iOS, Evolution, KMail, Mustang and Apple's devices know the word, \
                     and others send the password as it is; add \"password\" if the servers take one"
                }
                (password, _) if encrypted.is_some() && password < encrypted => {
                    "'authentication' has \"encrypted-password\" after \"password\": Evolution and \
                     KMail take CRAM-MD5 all the same; leave it out unless their users can log in by it"
                }
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
        let (file, at) = off.unwrap_or((layers.main, 0));
        self.warn(file.problem(at, text));
    }

    /// One line, and the exit status, as the guidelines of Nagios' plugins have it.
    fn for_nagios(&self) -> ! {
        let count = |kind| self.remarks.iter().filter(|(_, other)| *other == kind).count();
        let (errors, warnings) = (count(Kind::Error), count(Kind::Warning));
        let (word, status) = match (errors, warnings) {
            (0, 0) => ("OK", 0),
            (0, _) => ("WARNING", 1),
            _ => ("CRITICAL", 2),
        };
        let worst = if errors > 0 { Kind::Error } else { Kind::Warning };
        let first = self.remarks.iter().find(|(_, kind)| *kind == worst);
        // A bar would begin performance data.
        let first = first.map(|(problem, _)| format!("; {problem}").replace('|', "/"));
        let line = format!(
            "AUTODISCOVER {word} - problems: {errors}, warnings: {warnings}{}\n",
            first.unwrap_or_default()
        );
        super::print(line.as_bytes());
        process::exit(status)
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

/// The usual ports of each protocol, at which another one is hardly meant.
const PORTS: [(&str, &[u16]); 4] = [
    ("imap", &[143, 993]),
    ("pop3", &[110, 995]),
    ("smtp", &[25, 465, 587]),
    ("managesieve", &[4190]),
];
/// Ports without a standard at which servers usually have STARTTLS.
const USUALLY_STARTTLS: [u16; 2] = [26, 2525];

/// A word of autoconfig that Thunderbird for iOS does not know, and where it comes from.
fn dropped_by_ios<'l>(
    server: &MailServer,
    layers: &'l Layers,
) -> Option<(&'static str, (&'l File, usize))> {
    let table = server.protocol.name();
    let has = |way| server.authentication.have(way);
    let (word, key) = match server {
        MailServer { encryption: Encryption::None, .. } => ("plain", "encryption"),
        MailServer { spa: true, .. } => ("NTLM", "spa"),
        MailServer { auth_required: false, protocol: MailProtocol::Smtp, .. } => {
            ("none", "auth_required")
        }
        _ if has(Authentication::Kerberos) => ("GSSAPI", "authentication"),
        _ if has(Authentication::ClientCertificate) => ("TLS-client-cert", "authentication"),
        _ => return None,
    };
    Some((word, layers.place(table, key).or_else(|| layers.place("", key))?))
}

/// A problem with the name of a file; whatever jumps to it lands at its beginning.
fn name_of(path: &Path, text: impl Into<String>) -> Problem {
    Problem { line: 1, column: 1, ..Problem::of(path, text) }
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
            table.address().map(|address| &**address).or(table.url().map(|url| &**url))
        });
        return line("redirect", table.unwrap_or_default());
    }
    let top = layers.table("").unwrap_or_default();
    let mut names: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
    if top.prefer == Some(&Incoming::Pop3) {
        names.swap(0, 1);
    }
    let mut first = None;
    let mut lines = String::new();
    for name in names {
        let Some(table) = layers.service(name) else { continue };
        let text = match (MailProtocol::named(name), table.server, table.url) {
            (Some(protocol), Some(server), _) => {
                let encryption = table.encryption.copied().unwrap_or_default();
                let port =
                    table.port.map_or(protocol.default_port(encryption), |port| port.0.get());
                let own = table.login_name.or(top.login_name).map_or("{email}", |name| name);
                let as_incoming = first.filter(|_| table.use_pop_auth == Some(&true));
                let login_name = as_incoming.unwrap_or(own);
                first = first.or(Some(own));
                let encryption = match encryption {
                    Encryption::None => "no encryption",
                    other => other.name(),
                };
                format!("{}:{port}, {encryption}, login {login_name}", &**server)
            }
            (_, Some(server), _) => server.to_string(),
            (_, _, Some(url)) => url.to_string(),
            _ => continue,
        };
        lines += &line(name, &text);
    }
    if lines.is_empty() { "  no service\n".to_owned() } else { lines }
}

/// A line of the summary.
fn line(name: &str, text: &str) -> String {
    format!("  {name:<11} {text}\n")
}

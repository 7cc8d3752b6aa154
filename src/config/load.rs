//! Finds and reads the configuration files: at most two for a request, however many domains there are.

use std::collections::BTreeSet;
use std::env;
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::file::{File, Flaw, Key, Pattern, Scope, Table, Value, line_and_column};
use super::logins::{self, Login, Trouble};
use super::template::Values;
use super::{Layers, Problem as Wrong};
use crate::account::{Account, User};
use crate::address::{Address, Domain};

/// Our fault, or the administrator's: one line for the log, nothing of it for the client.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        // A path or a value may hold anything; the log gets one line.
        self.0.chars().try_for_each(|character| match character {
            control if control.is_control() => write!(formatter, "{}", control.escape_debug()),
            other => write!(formatter, "{other}"),
        })
    }
}

impl From<Wrong<'_>> for Fault {
    fn from(problem: Wrong) -> Fault {
        let Wrong { file, at, text } = problem;
        Fault(match file {
            Some(file) => {
                let (line, column) = line_and_column(&file.text, at);
                format!("{}:{line}:{column}: {text}", file.path)
            }
            None => text,
        })
    }
}

/// The longest configuration file that is read, in bytes.
const LONGEST: u64 = 1 << 20;

impl Place {
    pub fn account(
        &self,
        domain: &Domain,
        user: &User,
        host: Option<&Domain>,
    ) -> Result<Option<Account>, Fault> {
        let (local, values) = match user {
            User::Named(address) => (Some(address.local()), Values::of(address)),
            User::Hidden(address) => (
                address
                    .as_ref()
                    .map(Address::local)
                    .filter(|l| !l.eq_ignore_ascii_case("EVOLUTIONUSER")),
                Values::autoconfig(domain),
            ),
            User::WithoutLogin(address) => (None, Values::of(address)),
            User::Everyone => (None, Values::of_domain(domain)),
        };
        let Some(Configured { layers, login }) = self.configured(domain, local)? else {
            return match host {
                Some(host) if matches!(user, User::Hidden(_)) && host != domain => {
                    self.account(host, &User::Hidden(None), None)
                }
                _ => Ok(None),
            };
        };
        let login = login.as_ref().map(|login| login.name.as_str());
        let mut account = layers.sound_account(domain, &Values { login, ..values })?;
        if let (Some(incoming), Some(smtp)) = (account.incoming.first(), &mut account.smtp)
            && smtp.use_pop_auth
        {
            smtp.login_name.clone_from(&incoming.login_name);
        }
        let in_full = format!("{}@{domain}", account.local());
        let logins =
            account.incoming.iter_mut().chain(&mut account.smtp).map(|s| &mut s.login_name);
        let of_dav =
            account.caldav.iter_mut().chain(&mut account.carddav).map(|d| &mut d.login_name);
        for login in logins
            .chain(of_dav)
            .filter(|login| **login == in_full || **login == format!("{{local}}@{domain}"))
        {
            login.clone_from(&account.email);
        }
        let of_user = |text: &str| {
            !matches!(user, User::Named(_)) && (text.contains('{') || text.contains("%EMAIL"))
        };
        account.webmail = account.webmail.filter(|url| !of_user(url));
        let provider = &mut account.provider;
        provider.documentation = provider.documentation.take().filter(|url| !of_user(url));
        if of_user(&provider.name) {
            provider.name = domain.to_string();
        }
        if of_user(&provider.short_name) {
            provider.short_name.clone_from(&provider.name);
        }
        account.host_is_served =
            matches!(user, User::WithoutLogin(_)) && host.is_some_and(|host| layers.serve(host));
        Ok(Some(account).filter(Account::offers_something))
    }
}

/// What is answered where nothing is configured.
const BUILT_IN: &str = "\
domains = [\"*\"]
[imap]
server = \"imap.{domain}\"
[smtp]
server = \"smtp.{domain}\"
";

/// Where the configuration is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The path of `autodiscover.toml`; `domains/` is beside it.
    File(PathBuf),
    /// The text of the common file, and of the file of every domain; the default is built in.
    Text { main: String, own: Option<String> },
}

impl Place {
    /// The named file, else that of `AUTODISCOVER_CONFIG`, else the first that exists of those
    /// beside the executable and in `/etc`.
    pub fn find(named: Option<PathBuf>) -> Place {
        let named = named.or_else(|| env::var_os("AUTODISCOVER_CONFIG").map(PathBuf::from));
        if let Some(path) = named.filter(|path| !path.as_os_str().is_empty()) {
            return Place::File(path);
        }
        let beside = executable().map(|path| path.with_file_name("autodiscover.toml"));
        let system = PathBuf::from("/etc/autodiscover/autodiscover.toml");
        let found = beside.into_iter().chain([system]).find(|path| {
            // A file that is there but cannot be examined is a fault to report, not a reason to go on.
            !matches!(fs::symlink_metadata(path), Err(error) if is_absent(&error))
        });
        found.map_or_else(|| Place::Text { main: BUILT_IN.to_owned(), own: None }, Place::File)
    }

    /// The path of `autodiscover.toml`, where there is a file.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Place::File(path) => Some(path),
            Place::Text { .. } => None,
        }
    }

    /// All domains that are configured by name: listed as they are, or with a file of their own.
    pub fn domains(&self) -> Result<Vec<Domain>, Fault> {
        let main = self.main()?;
        if let Some(flaw) = main.flaws.first() {
            return Err(flaw.in_file(&main).into());
        }
        let mut domains = BTreeSet::new();
        if let Some(Value::Domains(patterns)) =
            main.entry(Table::Top, Key::Domains).map(|entry| &entry.value)
        {
            let listed = patterns.iter().filter_map(|pattern| match pattern {
                Pattern::Exactly(domain) => Some(domain.clone()),
                _ => None,
            });
            domains.extend(listed);
        }
        let folder = self.folder().unwrap_or_default();
        let names = match fs::read_dir(&folder) {
            Err(error) if is_absent(&error) => return Ok(domains.into_iter().collect()),
            names => names.map_err(|error| unreadable(&folder, &error))?,
        };
        for name in names {
            let name = name.map_err(|error| unreadable(&folder, &error))?.file_name();
            let stem = name.to_str().and_then(|name| name.strip_suffix(".toml"));
            let domain = stem.and_then(Domain::new);
            // A name in another spelling is never opened.
            domains.extend(domain.filter(|domain| Some(domain.as_str()) == stem));
        }
        Ok(domains.into_iter().collect())
    }

    /// The common file.
    pub fn main(&self) -> Result<File, Fault> {
        match self {
            Place::Text { main, .. } => {
                Ok(File::read(Scope::Common, "built-in default".to_owned(), main.clone()))
            }
            Place::File(path) => file(Scope::Common, path)?
                .ok_or_else(|| cannot_be_read(path, &"no such file", "create it")),
        }
    }

    /// The folder of the domains' own files; None with the built-in default.
    pub fn folder(&self) -> Option<PathBuf> {
        match self {
            Place::Text { .. } => None,
            Place::File(path) => Some(path.with_file_name("domains")),
        }
    }

    /// The domain's own file, if it has one.
    pub fn own(&self, domain: &Domain) -> Result<Option<File>, Fault> {
        let folder = self.folder();
        folder
            .map_or(Ok(None), |folder| file(Scope::Domain, &folder.join(format!("{domain}.toml"))))
    }

    /// Both files of a domain; None when it is not served, a fault when one of them cannot be used.
    pub fn layers(&self, domain: &Domain) -> Result<Option<Layers>, Fault> {
        let layers = Layers { main: self.main()?, own: self.own(domain)? };
        for file in [&layers.main].into_iter().chain(&layers.own) {
            if let Some(flaw) = file.flaws.first() {
                return Err(flaw.in_file(file).into());
            }
        }
        Ok(layers.serve(domain).then_some(layers))
    }

    /// The files of a domain, and the login name of one of its users where a list gives it.
    pub fn configured(
        &self,
        domain: &Domain,
        local: Option<&str>,
    ) -> Result<Option<Configured>, Fault> {
        let Some(layers) = self.layers(domain)? else { return Ok(None) };
        let login = match (local, self.logins(&layers)) {
            (Some(local), Some(path)) => login(&path, local)?,
            _ => None,
        };
        Ok(Some(Configured { layers, login }))
    }

    /// The list of login names of the domain's own file.
    pub fn logins(&self, layers: &Layers) -> Option<PathBuf> {
        match &layers.own.as_ref()?.entry(Table::Top, Key::Logins)?.value {
            Value::Text(name) => Some(self.folder()?.join(name)),
            _ => None,
        }
    }
}

/// The program's own path; without /proc, the path that it was called by.
fn executable() -> Option<PathBuf> {
    env::current_exe()
        .ok()
        .or_else(|| env::args_os().next().map(PathBuf::from).filter(|path| path.is_absolute()))
}

/// All that is configured for a user of a domain that is served.
#[derive(Debug)]
pub struct Configured {
    pub layers: Layers,
    /// None when the templates give it.
    pub login: Option<Login>,
}

/// The login name of a local part in that list.
fn login(path: &Path, local: &str) -> Result<Option<Login>, Fault> {
    let list = open(path).map_err(|error| unreadable(path, &error))?;
    logins::login(list, local).map_err(|trouble| trouble.in_list(path))
}

impl Trouble {
    pub fn in_list(self, path: &Path) -> Fault {
        match self {
            Trouble::Unreadable(error) => unreadable(path, &error),
            Trouble::Flaw(logins::Flaw { line, column, text }) => {
                Fault(format!("{}:{line}:{column}: {text}", path.display()))
            }
        }
    }
}

impl Flaw {
    pub fn in_file<'a>(&self, file: &'a File) -> Wrong<'a> {
        Wrong { file: Some(file), at: self.at, text: self.text.clone() }
    }
}

impl Layers {
    /// The account, or the first thing that is wrong with it.
    pub fn sound_account(&self, domain: &Domain, values: &Values) -> Result<Account, Fault> {
        let (account, problems) = self.account(domain, values);
        problems.into_iter().next().map_or(Ok(account), |problem| Err(problem.into()))
    }
}

/// A file, or None when there is none.
pub fn file(scope: Scope, path: &Path) -> Result<Option<File>, Fault> {
    let mut bytes = Vec::with_capacity(4 << 10);
    match contents(path, &mut bytes) {
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(unreadable(path, &error)),
        Ok(length) if length as u64 > LONGEST => {
            return Err(cannot_be_read(path, &"it is longer than 1 MiB", "shorten it"));
        }
        Ok(_) => {}
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    let name = path.display().to_string();
    Ok(Some(match String::from_utf8(bytes) {
        Ok(text) => File::read(scope, name, text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let flaw = Flaw { at, text: "the file is not UTF-8; save it as UTF-8".to_owned() };
            File { path: name, text, flaws: vec![flaw], broken: true, ..File::default() }
        }
    }))
}

/// Reads a file, and not much more than is allowed.
fn contents(path: &Path, bytes: &mut Vec<u8>) -> io::Result<usize> {
    let mut file = open(path)?;
    let length = file.by_ref().take(LONGEST + 1).read_to_end(bytes)?;
    // A pipe that nobody writes to looks like an empty file, and an empty file means something.
    if length == 0 && file.metadata()?.file_type().is_fifo() {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    Ok(length)
}

/// Opens a file for reading; never waits for a pipe, which would block.
pub fn open(path: &Path) -> io::Result<fs::File> {
    let nonblock = OFlags::NONBLOCK.bits().cast_signed();
    fs::File::options().read(true).custom_flags(nonblock).open(path)
}

/// What the system says, in the administrator's words.
pub fn unreadable(path: &Path, error: &io::Error) -> Fault {
    match error.kind() {
        _ if is_absent(error) => cannot_be_read(path, &"no such file", "create it"),
        io::ErrorKind::PermissionDenied => {
            cannot_be_read(path, &"permission denied", "let the web server's user read it")
        }
        io::ErrorKind::IsADirectory => {
            cannot_be_read(path, &"it is a folder", "name the file in it")
        }
        io::ErrorKind::WouldBlock => {
            cannot_be_read(path, &"it is a pipe", "put a file in its place")
        }
        _ => cannot_be_read(path, &error, "mend or move it"),
    }
}

fn cannot_be_read(path: &Path, reason: &dyn fmt::Display, remedy: &str) -> Fault {
    Fault(format!("{}: cannot be read: {reason}; {remedy}", path.display()))
}

/// Whether the error says that there is no such file; a name too long for the disk is on no disk.
fn is_absent(error: &io::Error) -> bool {
    let kind = error.kind();
    matches!(
        kind,
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename
    )
}

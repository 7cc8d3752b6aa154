//! Finds and reads the configuration files: at most two for a request, and a list, however many domains there are.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

use super::Layers;
use super::file::{File, is_utf_16};
use super::keys::Scope;
use super::logins::{self, Login};
use super::problem::Problem;
use super::values::{ListName, Pattern};
use crate::account::{Account, Logo, Redirect, Served};
use crate::address::{Address, Domain};
use crate::audience::{Audience, Key, Question, Reach, User};
use crate::logo;

/// The longest configuration file that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// What is answered where nothing is configured.
const BUILT_IN: &str = "\
domains = [\"*\"]
[imap]
server = \"imap.{domain}\"
[smtp]
server = \"smtp.{domain}\"
";

/// How many redirects of domains are followed, one after the other.
const MOST_MOVES: usize = 5;

/// The variable that names `autodiscover.toml`.
const VARIABLE: &str = "AUTODISCOVER_CONFIG";
/// What each internal redirect of a web server puts before every variable.
const REDIRECT: &str = "REDIRECT_";
/// How many of them are expected: .htaccess leads to the program, by way of an `Action` on some hosts.
const MOST_REDIRECTS: usize = 2;

/// Where the configuration is.
#[derive(Debug, Clone)]
pub enum Place {
    /// The path of `autodiscover.toml`; `domains/` is beside it.
    File(PathBuf),
    /// The text of `autodiscover.toml`, and that of the file of every domain.
    Text { main: Cow<'static, str>, own: Option<String> },
    /// It cannot be found out where it is.
    Unknown(Problem),
}

impl Place {
    /// The named file, else that of `AUTODISCOVER_CONFIG`, else the first that exists of those
    /// beside the executable and in `/etc`, else the built-in default.
    ///
    /// `called` tells by which path the program was called.
    pub fn find(named: Option<PathBuf>, called: impl FnOnce() -> Option<OsString>) -> Place {
        match named.map_or_else(configured, |path| Ok(Some(path))) {
            Ok(Some(path)) => return Place::File(path),
            Ok(None) => {}
            Err(problem) => return Place::Unknown(problem),
        }
        let Some(executable) = executable(called) else {
            let text = format!(
                "the place of the configuration cannot be found out without /proc; \
                 set {VARIABLE} to the path of autodiscover.toml"
            );
            return Place::Unknown(Problem::of(Path::new(""), text));
        };
        let beside = executable.with_file_name("autodiscover.toml");
        let system = PathBuf::from("/etc/autodiscover/autodiscover.toml");
        let found = [beside, system].into_iter().find(|path| is_there(path));
        found.map_or(Place::built_in(), Place::File)
    }

    /// What is answered where nothing is configured.
    pub fn built_in() -> Place {
        Place::Text { main: BUILT_IN.into(), own: None }
    }

    /// The path of `autodiscover.toml`, where there is a file.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Place::File(path) => Some(path),
            Place::Text { .. } | Place::Unknown(_) => None,
        }
    }

    /// The directory of the domains' own files.
    pub fn directory(&self) -> Option<PathBuf> {
        self.path().map(|path| path.with_file_name("domains"))
    }

    /// The path of a domain's own file, which need not exist.
    fn own_path(&self, domain: &Domain) -> Option<PathBuf> {
        self.directory().map(|directory| directory.join(format!("{domain}.toml")))
    }

    /// The name of the common file for messages, and its text.
    pub fn main_text(&self) -> Result<(String, Cow<'static, str>), Problem> {
        match self {
            Place::Text { main, .. } => Ok(("built-in default".to_owned(), main.clone())),
            Place::File(path) => match text(path)? {
                Some(text) => Ok((path.display().to_string(), text.into())),
                None => Err(absent(path)),
            },
            Place::Unknown(problem) => Err(problem.clone()),
        }
    }

    /// The domain's own file, if it has one.
    fn own(&self, domain: &Domain) -> Result<Option<File>, Problem> {
        let (name, text) = match (self, self.own_path(domain)) {
            (Place::Text { own: Some(own), .. }, _) => {
                (format!("built-in file of {domain}"), own.clone())
            }
            (_, Some(path)) => match text(&path)? {
                Some(text) => (path.display().to_string(), text),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        File::read(Scope::Domain, name, text).map(Some)
    }

    /// The list of login names of a domain: that which its own file names must exist, a common name need not.
    pub fn list(&self, layers: &Layers, domain: &Domain) -> Option<PathBuf> {
        let path = |list: &ListName| Some(self.directory()?.join(list.of(domain)));
        match layers.own.as_ref().and_then(|own| own.settings.top.logins()) {
            Some(own) => path(own),
            None => path(layers.main.settings.top.logins()?).filter(|path| is_there(path)),
        }
    }

    /// What the list of the domain says of a user whose address is known, or its digest.
    ///
    /// By a digest, the address is found too.
    pub fn login(
        &self,
        layers: &Layers,
        domain: &Domain,
        user: &User,
    ) -> Result<Option<Login>, Problem> {
        let Some(key) = user.key() else { return Ok(None) };
        let Some(path) = self.list(layers, domain) else { return Ok(None) };
        let (list, _) = open(&path)?.ok_or_else(|| absent(&path))?;
        match key {
            Key::Address(address) => {
                let mailbox = layers.extension().and_then(|mark| address.without_extension(mark));
                logins::login(&path, list, mailbox.as_ref().unwrap_or(address).local())
            }
            Key::Digest(digest) => logins::digested(&path, list, domain, digest),
        }
    }

    /// The profile of a domain that the administrator has signed; None when there is none.
    pub fn signed(&self, domain: &Domain) -> Result<Option<Vec<u8>>, Problem> {
        let Some(directory) = self.directory() else { return Ok(None) };
        let path = directory.join(format!("{domain}.mobileconfig"));
        let Some((file, length)) = open(&path)? else { return Ok(None) };
        if length > LONGEST {
            return Err(Problem::cannot_be_read(&path, "it is longer than 1 MiB", "shorten it"));
        }
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes).map_err(|error| unreadable(&path, &error))?;
        Ok(Some(bytes))
    }

    /// The path of a file beside `autodiscover.toml`.
    pub fn beside(&self, name: &str) -> Option<PathBuf> {
        self.path().map(|path| path.with_file_name(name))
    }

    /// Whether the domain is configured: listed, by a pattern only where patterns count, or by a file of its own.
    fn knows(&self, main: &File, domain: &Domain, patterns: bool) -> bool {
        let counts = |pattern: &&Pattern| patterns || matches!(pattern, Pattern::Exactly(_));
        main.settings.patterns().filter(counts).any(|pattern| pattern.matches(domain))
            || match self {
                Place::Text { own, .. } => own.is_some(),
                _ => self.own_path(domain).is_some_and(|path| path.exists()),
            }
    }

    /// The domains with a file of their own, sorted.
    fn with_files(&self) -> Result<Vec<Domain>, Problem> {
        let Some(directory) = self.directory() else { return Ok(Vec::new()) };
        let domain = |name: OsString| {
            let stem = name.to_str()?.strip_suffix(".toml")?;
            // A name in another spelling is never opened.
            Domain::new(stem).filter(|domain| domain.as_str() == stem)
        };
        let mut domains: Vec<_> = names(&directory)?.into_iter().filter_map(domain).collect();
        domains.sort();
        Ok(domains)
    }
}

/// The configuration, of which no file is read before it is needed, and the common one only once.
#[derive(Debug)]
pub struct Config<'p> {
    pub place: &'p Place,
    main: OnceCell<Result<File, Problem>>,
}

impl<'p> Config<'p> {
    pub fn of(place: &'p Place) -> Config<'p> {
        Config { place, main: OnceCell::new() }
    }

    /// The common file.
    fn main(&self) -> Result<&File, Problem> {
        let read = || {
            let (name, text) = self.place.main_text()?;
            File::read(Scope::Common, name, text.into_owned())
        };
        self.main.get_or_init(read).as_ref().map_err(Problem::clone)
    }

    /// The domains that `domains` names, in its order.
    fn listed(&self) -> Result<impl Iterator<Item = &Domain>, Problem> {
        Ok(self.main()?.settings.patterns().filter_map(|pattern| match pattern {
            Pattern::Exactly(domain) => Some(domain),
            _ => None,
        }))
    }

    /// All domains that are configured by name: listed as they are, or with a file of their own.
    pub fn domains(&self) -> Result<BTreeSet<Domain>, Problem> {
        Ok(self.listed()?.cloned().chain(self.place.with_files()?).collect())
    }

    /// The key `host`, if it is set.
    pub fn named_host(&self) -> Result<Option<&Domain>, Problem> {
        Ok(self.main()?.settings.top.host().map(|host| &host.0))
    }

    /// The one name on which records, virtual host and certificate are built: the key `host`, else
    /// that of the first domain that has something to offer; None when patterns alone are configured.
    pub fn host(&self) -> Result<Option<Domain>, Problem> {
        if let Some(host) = self.named_host()? {
            return Ok(Some(host.clone()));
        }
        // One whose files are faulty keeps its place.
        let serves = |domain: &Domain| {
            let question = Question::new(domain.clone(), User::Everyone);
            domain.can_be_discovered() && !matches!(self.served(&question), Ok(None))
        };
        let domain = match self.listed()?.find(|domain| serves(domain)) {
            Some(domain) => Some(domain.clone()),
            None => self.place.with_files()?.into_iter().find(serves),
        };
        Ok(domain.and_then(|domain| Domain::new(&format!("autodiscover.{domain}"))))
    }

    /// Whether the domain of a host is another one that is configured by name, and its host does not stand for all.
    pub fn is_anothers(&self, host: &Domain, domain: &Domain) -> Result<bool, Problem> {
        Ok(host != domain
            && self.place.knows(self.main()?, host, false)
            && self.host()?.and_then(Domain::of_discovery).as_ref() != Some(host))
    }

    /// Both files of a domain; None when it is not served, a problem when one of them cannot be used.
    pub fn layers(&self, domain: &Domain) -> Result<Option<Layers<'_>>, Problem> {
        let layers = Layers { main: self.main()?, own: self.place.own(domain)?, wrong: Vec::new() };
        Ok(layers.serve(domain).then_some(layers))
    }

    /// What a user gets; None when the domain is not served or has nothing to offer.
    ///
    /// Where the host that was asked serves the mail of a domain that is not configured, its own account
    /// is the answer for those whose client fills in the address.
    pub fn served(&self, question: &Question) -> Result<Option<Served>, Problem> {
        let served = match (self.layers(&question.domain)?, &question.user, &question.host) {
            (Some(layers), ..) => {
                let served = self.served_by(&layers, question)?;
                Some(if question.follows { self.followed(question, served)? } else { served })
            }
            (None, User::Hidden(_) | User::Digested(_), Some(host)) => {
                self.served_by_host(&question.user, host)?
            }
            _ => None,
        };
        let Some(mut served) = served.filter(Served::offers_something) else { return Ok(None) };
        if question.signed {
            served.signed = self.place.signed(&question.domain)?;
        }
        if question.logo
            && let Some(Logo::File(name)) = &served.account.provider.logo
            && let Some(path) = self.place.beside(name)
        {
            served.account.provider.logo = Some(Logo::Inline(picture(&path)?));
        }
        Ok(Some(served))
    }

    fn served_by(&self, layers: &Layers, question: &Question) -> Result<Served, Problem> {
        let Question { domain, user, host, .. } = question;
        let login = if question.login { self.place.login(layers, domain, user)? } else { None };
        let listed = login.as_ref().map(|login| login.name.as_str());
        let owner = login.as_ref().and_then(|login| login.local.as_ref());
        let owner = owner.and_then(|local| Address::new(&format!("{local}@{domain}")));
        let audience = Audience::new(user, domain).listed(listed).owner(owner.as_ref());
        let mut served = layers.valid(audience)?;
        if served.reach == Reach::Domain && self.place.list(layers, domain).is_some() {
            let looked_at = question.login && user.key().is_some();
            served.reach = if looked_at { Reach::User } else { Reach::Unlisted };
        }
        if let (User::Named(_), Some(host)) = (user, host) {
            let own = layers.main.settings.top.host();
            let is_own = own.and_then(|own| own.0.clone().of_discovery()).as_ref() == Some(host);
            served.host_is_served = is_own || self.place.knows(layers.main, host, true);
        }
        Ok(served)
    }

    /// The settings at the address to which the domain has moved, under the address that was asked.
    ///
    /// The redirect itself where that domain is not configured by name: a pattern covers domains of others too.
    fn followed(&self, question: &Question, served: Served) -> Result<Served, Problem> {
        let mut redirect = served.moved.clone();
        for _ in 0..MOST_MOVES {
            let Some(Redirect::Address(address)) = redirect else { break };
            let Some(target) = Address::new(&address) else { break };
            let domain = target.domain().clone();
            if !self.place.knows(self.main()?, &domain, false) {
                break;
            }
            // A mistake in the configuration of that domain is its own: this one has moved all the same.
            let Ok(Some(layers)) = self.layers(&domain) else { break };
            let user = User::moved(target);
            let question = Question { login: question.login, ..Question::new(domain, user) };
            let Ok(there) = self.served_by(&layers, &question) else { break };
            if there.moved.is_none() && there.offers_something() {
                let Account { email, domain, .. } = served.account;
                return Ok(Served { account: Account { email, domain, ..there.account }, ..there });
            }
            redirect = there.moved;
        }
        Ok(served)
    }

    /// What the domain of the host says that serves a guest's mail, or of the first domain above it
    /// that is configured by name.
    fn served_by_host(&self, user: &User, host: &Domain) -> Result<Option<Served>, Problem> {
        let main = self.main()?;
        let mut candidate = Some(host.clone());
        while let Some(domain) = candidate {
            if self.place.knows(main, &domain, false) {
                let layers = Layers { main, own: self.place.own(&domain)?, wrong: Vec::new() };
                return layers.valid(Audience::new(user, &domain).guest()).map(Some);
            }
            candidate = domain.parent();
        }
        Ok(None)
    }
}

/// The path that the environment names, also after internal redirects of the web server.
///
/// More redirects than a shipped layout has are a fault: ignored, they would let the default answer.
fn configured() -> Result<Option<PathBuf>, Problem> {
    let mut name = VARIABLE.to_owned();
    for _ in 0..=MOST_REDIRECTS {
        if let Some(path) = env::var_os(&name).filter(|path| !path.is_empty()) {
            return Ok(Some(path.into()));
        }
        name.insert_str(0, REDIRECT);
    }
    let is_longer = |name: &str| {
        name.strip_suffix(VARIABLE).is_some_and(|redirects| {
            redirects.len() > MOST_REDIRECTS * REDIRECT.len()
                && redirects.trim_start_matches(REDIRECT).is_empty()
        })
    };
    let longer = env::vars_os().filter(|(_, path)| !path.is_empty());
    let mut longer = longer.filter_map(|(name, _)| name.into_string().ok());
    if longer.any(|name| is_longer(&name)) {
        let text = format!(
            "{VARIABLE} has more than {MOST_REDIRECTS} times {REDIRECT} before it; \
             set it where the web server runs the program"
        );
        return Err(Problem::of(Path::new(""), text));
    }
    Ok(None)
}

/// The program's own path; without /proc that by which it was called, or that which the web server names.
fn executable(called: impl FnOnce() -> Option<OsString>) -> Option<PathBuf> {
    if let Ok(path) = env::current_exe() {
        return Some(path);
    }
    let named = [called(), env::var_os("SCRIPT_FILENAME")];
    named.into_iter().flatten().map(PathBuf::from).find(|path| path.is_absolute())
}

/// The names in a directory; none when there is no directory.
pub fn names(directory: &Path) -> Result<Vec<OsString>, Problem> {
    let unread = |error| unreadable(directory, &error);
    match fs::read_dir(directory) {
        Ok(entries) => {
            entries.map(|entry| entry.map(|entry| entry.file_name()).map_err(unread)).collect()
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(unread(error)),
        Err(error) => match absence(directory) {
            Some(problem) => Err(problem),
            None if is_absent(&error) => Ok(Vec::new()),
            None => Err(unread(error)),
        },
    }
}

/// The text of a file; None when there is none.
pub fn text(path: &Path) -> Result<Option<String>, Problem> {
    let Some((file, length)) = open(path)? else { return Ok(None) };
    if length > LONGEST {
        return Err(Problem::cannot_be_read(path, "it is longer than 1 MiB", "shorten it"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    // No more than it had: a look for more would be one more system call.
    file.take(length).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if is_utf_16(&bytes) {
        return Err(Problem::cannot_be_read(path, "it is UTF-16", "save it as UTF-8"));
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        let name = path.display().to_string();
        Problem::at(&name, &text, at, "the file is not UTF-8; save it as UTF-8")
    })
}

/// Opens a regular file for reading, with its length in bytes; None when there is none.
///
/// Nothing else is opened: a pipe would block, and opening a device may do something.
pub fn open(path: &Path) -> Result<Option<(fs::File, u64)>, Problem> {
    let regular = |metadata: fs::Metadata| match metadata.is_file() {
        true => Ok(metadata.len()),
        false if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        false => Err(io::ErrorKind::Unsupported.into()),
    };
    match fs::metadata(path).and_then(regular) {
        Ok(_) => {}
        Err(error) if is_absent(&error) => return absence(path).map_or(Ok(None), Err),
        Err(error) => return Err(unreadable(path, &error)),
    }
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = rustix::fs::open(path, flags, Mode::empty());
    let file = file.map_err(|error| unreadable(path, &error.into())).map(fs::File::from)?;
    // It may be another one by now.
    let length = file.metadata().and_then(regular).map_err(|error| unreadable(path, &error))?;
    Ok(Some((file, length)))
}

/// Why something seems to be absent that is not: a dangling symlink, here or one directory above.
fn absence(path: &Path) -> Option<Problem> {
    let directory = path.parent().unwrap_or(path);
    let dangles = |path: &&Path| {
        fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
            && matches!(fs::metadata(path), Err(error) if is_absent(&error))
    };
    if let Some(link) = [path, directory].into_iter().find(dangles) {
        return Some(Problem::cannot_be_read(link, "dangling symlink", "fix or remove it"));
    }
    let blocked = fs::metadata(directory).is_ok_and(|metadata| !metadata.is_dir());
    blocked.then(|| unreadable(directory, &io::ErrorKind::NotADirectory.into()))
}

/// A file or directory that cannot be read, with what the system says in the administrator's words.
fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let (reason, remedy) = match error.kind() {
        io::ErrorKind::NotFound => ("no such file", "create it"),
        io::ErrorKind::PermissionDenied => {
            ("permission denied", "let the web server's user read it")
        }
        io::ErrorKind::IsADirectory => ("it is a directory", "name the file in it"),
        io::ErrorKind::NotADirectory => {
            return Problem::of(path, "must be a directory, for the files of domains");
        }
        io::ErrorKind::Unsupported => {
            ("it is a pipe, a socket or a device", "put a file in its place")
        }
        _ => return Problem::cannot_be_read(path, &error.to_string(), "mend or move it"),
    };
    Problem::cannot_be_read(path, reason, remedy)
}

/// The picture in a file, as a `data:` URL.
pub fn picture(path: &Path) -> Result<String, Problem> {
    let (file, length) = open(path)?.ok_or_else(|| absent(path))?;
    let mut bytes = Vec::new();
    // One byte more tells that it is too long.
    let most = length.min(logo::LONGEST as u64 + 1);
    file.take(most).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    logo::data_url(&bytes).map_err(|what| Problem::of(path, what))
}

/// Reports a required file that does not exist.
pub fn absent(path: &Path) -> Problem {
    unreadable(path, &io::ErrorKind::NotFound.into())
}

/// Whether there is something at a path. An unreadable path counts as present, so that the error is reported.
fn is_there(path: &Path) -> bool {
    !matches!(fs::symlink_metadata(path), Err(error) if is_absent(&error))
}

/// Whether the error says that there is no such file. ENAMETOOLONG: such a file cannot exist.
fn is_absent(error: &io::Error) -> bool {
    let kind = error.kind();
    matches!(
        kind,
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename
    )
}

//! `export`: writes the answers that are the same for all users of a domain as files, for a server or CDN without the program.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::directory::Directory;
use super::discovery::{document, pacc, received};
use super::{complain, print, warn};
use crate::Problem;
use crate::address::Domain;
use crate::audience::{Question, Reach, User};
use crate::config::{Config, Place};
use crate::protocol::{AUTOCONFIG, Language, profile};
use crate::request::domain_of_host;

/// Writes what does not depend on the user as files, for a CDN
///
/// For every domain that is configured by name: the answers of autoconfig to clients that keep the
/// address to themselves, and of PACC, byte for byte as the program gives them, in a directory for each
/// host; with --flat as the files HOST.xml and HOST.json. A file is replaced by renaming and only when it
/// changes. What an earlier export wrote and what is no longer answered is removed, but nothing as long as
/// the configuration has a problem. Use one DIR for one configuration.
///
/// Rules for the server that hands them out: HTTPS; the query is no part of the cache's key (it has
/// the address, which these files do not need; in front of the program itself it belongs to the key); GET and HEAD only; Content-Type is text/xml for .xml
/// and application/json for .json; Cache-Control: public, max-age=3600. On autoconfig.DOMAIN the paths
/// /v1.1/mail/config-v1.1.xml (Nine) and /.well-known/mail-v1.xml (GNOME) lead to the file of
/// /mail/config-v1.1.xml. A host or path without a file is a 404. Autodiscover, profiles and the page
/// depend on the user: let the hosts autodiscover.DOMAIN and the path /autodiscover/ lead to the program.
/// The page export.md has ready configurations.
///
/// With --profile nothing is written: the profile of a domain for Apple's devices is printed, which has
/// neither an address nor login names, since the device asks. Signed, it is served to everybody as
/// /mail/signed.mobileconfig, if it lies in domains/ as DOMAIN.mobileconfig.
///
/// No file is written for a domain with a list of login names ('logins'), since its answer differs
/// from user to user, nor for a domain that only a pattern covers.
#[derive(clap::Args)]
pub struct Export {
    /// The directory for the files; it is created
    #[arg(value_name = "DIR", required_unless_present = "profile", conflicts_with = "profile")]
    directory: Option<PathBuf>,
    /// Write HOST.xml and HOST.json into DIR, without a directory for each host
    ///
    /// For object stores, and for many domains: each then has three files, and not eight directories
    /// besides.
    #[arg(long)]
    flat: bool,
    /// Print the profile of DOMAIN for all its users, to be signed
    #[arg(long, value_name = "DOMAIN", conflicts_with_all = ["flat", "force"])]
    profile: Option<String>,
    /// Remove files even if they are more than half of those that an earlier export wrote
    #[arg(long)]
    force: bool,
}

/// The names before the domain, and the paths, at which clients ask for the documents.
const AUTOCONFIG_FILES: [(&str, &str); 2] = [
    ("autoconfig.", "/mail/config-v1.1.xml"),
    ("", "/.well-known/autoconfig/mail/config-v1.1.xml"),
];
const PACC_FILE: (&str, &str) = ("ua-auto-config.", "/.well-known/user-agent-configuration.json");

/// The file in the directory that lists the domains of the last export.
const LIST: &str = ".autodiscover-export";
/// The most bytes of the list; other users may have written it.
const LONGEST_LIST: u64 = 1 << 30;
/// The first line of the list of a flat export; it is no domain.
const FLAT: &str = "# flat\n";

pub fn run(command: &Export, place: &Place) -> ExitCode {
    let done = match (&command.profile, &command.directory) {
        (Some(domain), _) => printed_profile(domain, place),
        (None, Some(directory)) => exported(command, directory, place),
        (None, None) => return ExitCode::from(2),
    };
    match done {
        Ok(status) => status,
        Err(reason) => complain(&reason),
    }
}

/// Prints the profile of a domain for all its users.
fn printed_profile(domain: &str, place: &Place) -> Result<ExitCode, String> {
    let shown = super::shown(domain);
    let domain = Domain::new(domain)
        .ok_or_else(|| format!("'{shown}' must be a domain, like 'example.org'"))?;
    let config = Config::of(place);
    match profile_of(&domain, &config).map_err(|problem| problem.to_string())? {
        Some(profile) => Ok(print(&profile)),
        None => Err(format!(
            "'{domain}' has no profile: it is not served, or lacks what a profile sets up"
        )),
    }
}

/// The profile of a domain for all its users; None where there is none.
pub fn profile_of(domain: &Domain, config: &Config) -> Result<Option<Vec<u8>>, Problem> {
    let question = Question::new(domain.clone(), User::Everyone);
    let served = config.served(&question)?.filter(|served| served.moved.is_none());
    Ok(served.and_then(|served| profile::document(&served.account, Language::accepted("")).ok()))
}

fn exported(command: &Export, path: &Path, place: &Place) -> Result<ExitCode, String> {
    let domains = Config::of(place).domains().map_err(|problem| problem.to_string())?;
    let domains: Vec<Domain> = domains.into_iter().collect();
    if domains.is_empty() && !path.join(LIST).exists() {
        return Err(
            "nothing can be exported: no domain is configured by name, and a pattern such as \
                    \"*\" names none; list each in 'domains', or create domains/NAME.toml"
                .to_owned(),
        );
    }
    let failed = |what: &str, error| format!("{}: cannot be {what}: {error}", path.display());
    let directory = Directory::create(path).map_err(|error| failed("written", error))?;
    let list = directory.read(LIST, LONGEST_LIST);
    let list =
        list.map_err(|error| format!("{}: {error}; remove it", path.join(LIST).display()))?;
    let list = String::from_utf8_lossy(&list.unwrap_or_default()).into_owned();
    if !list.is_empty() && list.starts_with(FLAT) != command.flat {
        let with = if command.flat { "without" } else { "with" };
        return Err(format!(
            "{}: was exported {with} --flat; use another directory",
            path.display()
        ));
    }
    let before: BTreeSet<Domain> = list.lines().filter_map(Domain::new).collect();
    let write_list = |domains: &BTreeSet<&Domain>| {
        let first = if command.flat { FLAT.to_owned() } else { String::new() };
        let list = domains.iter().fold(first, |list, domain| list + domain.as_str() + "\n");
        directory.replace(LIST, list.as_bytes()).map_err(|error| failed("written", error))
    };
    let is_ours = |stem: &str| stem == LIST || command.flat && Domain::new(stem).is_some();
    directory.remove_unfinished(is_ours).map_err(|error| failed("read", error))?;
    // Before the first file, so that an export that is cut short leaves none that is not listed.
    write_list(&domains.iter().chain(&before).collect())?;

    let config = Config::of(place);
    let mut files = Files::new(path, &directory, command.flat);
    for domain in &domains {
        if let Err(problem) = files.domain(domain, &config) {
            files.problems.push(problem.to_string());
        }
    }
    let configured: BTreeSet<&Domain> = domains.iter().collect();
    for domain in before.iter().filter(|domain| !configured.contains(domain)) {
        for file in AUTOCONFIG_FILES.iter().chain([&PACC_FILE]) {
            files.put(domain, *file, None);
        }
    }
    let (removed, earlier) = (files.unanswered.len(), files.unanswered.len() + files.kept);
    if files.problems.is_empty() && removed > files.kept && !command.force {
        let text =
            format!("{removed} of {earlier} files would be removed; if that is right, add --force");
        files.problems.push(format!("{}: {text}", path.display()));
    }
    if files.problems.is_empty() {
        files.remove_unanswered();
    }
    files.problems.iter().for_each(|problem| {
        complain(problem);
    });
    if !files.problems.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    if domains.is_empty() {
        directory.remove(LIST).map_err(|error| failed("written", error))?;
    } else {
        write_list(&configured)?;
    }
    let Files { count, changed, .. } = files;
    let summary =
        format!("{} domains, {count} files: {changed} written, {removed} removed\n", domains.len());
    Ok(print(summary.as_bytes()))
}

/// The files of an export.
struct Files<'e> {
    path: &'e Path,
    directory: &'e Directory,
    flat: bool,
    /// How many there are, how many of them have changed, and how many an earlier export has written.
    count: usize,
    changed: usize,
    kept: usize,
    /// Those of an earlier export that are no longer answered.
    unanswered: Vec<String>,
    problems: Vec<String>,
}

impl<'e> Files<'e> {
    fn new(path: &'e Path, directory: &'e Directory, flat: bool) -> Files<'e> {
        let (unanswered, problems) = (Vec::new(), Vec::new());
        Files { path, directory, flat, count: 0, changed: 0, kept: 0, unanswered, problems }
    }

    /// Writes the files of a domain, and notes those that are no longer answered.
    fn domain(&mut self, domain: &Domain, config: &Config) -> Result<(), Problem> {
        let question = Question::new(domain.clone(), User::Everyone);
        let served = config.served(&Question { follows: true, ..question })?;
        let has_logins = served.is_some_and(|served| served.reach == Reach::Unlisted);
        if has_logins {
            warn(&format_args!("{domain}: not exported, since it has a list of login names"));
        }
        let mut last: Option<(Domain, Option<Vec<u8>>)> = None;
        for file in AUTOCONFIG_FILES {
            let received = received("GET", &format!("{}{domain}", file.0), file.1, Vec::new());
            // The host of a domain such as autoconfig.example.org answers for another domain.
            let asked = domain_of_host(&received).unwrap_or_else(|| domain.clone());
            let document = match last.take() {
                _ if has_logins => None,
                Some((of, document)) if of == asked => document,
                _ => document(&AUTOCONFIG, &received, config)?,
            };
            self.put(domain, file, document.as_deref());
            last = Some((asked, document));
        }
        self.put(domain, PACC_FILE, pacc(domain, config)?.as_deref());
        Ok(())
    }

    /// Writes a file, or notes that it is there though nothing is answered any more.
    fn put(&mut self, domain: &Domain, (name, path): (&str, &str), document: Option<&[u8]>) {
        let file = match path.rsplit_once('.') {
            Some((_, extension)) if self.flat => format!("{name}{domain}.{extension}"),
            _ => format!("{name}{domain}{path}"),
        };
        let Some(bytes) = document else {
            match is_there(self.directory, &file) {
                Ok(true) => self.unanswered.push(file),
                Ok(false) => {}
                Err(error) => self.fail(&file, "read", &error),
            }
            return;
        };
        match replace(self.directory, &file, bytes, false) {
            Ok((existed, changed)) => {
                self.count += 1;
                self.kept += usize::from(existed);
                self.changed += usize::from(changed);
            }
            Err(error) => self.fail(&file, "written", &error),
        }
    }

    fn remove_unanswered(&mut self) {
        for file in std::mem::take(&mut self.unanswered) {
            if let Err(error) = remove(self.directory, &file, self.flat) {
                self.fail(&file, "removed", &error);
            }
        }
    }

    fn fail(&mut self, file: &str, what: &str, error: &io::Error) {
        self.problems
            .push(format!("{}: cannot be {what}: {error}", self.path.join(file).display()));
    }
}

/// Whether a file is there, by its path in the directory.
fn is_there(directory: &Directory, file: &str) -> io::Result<bool> {
    match file.split_once('/') {
        None => directory.has(file),
        Some((name, rest)) => match directory.enter(name)? {
            Some(inner) => is_there(&inner, rest),
            None => Ok(false),
        },
    }
}

/// Replaces a file as `Directory` does, with the directories on the way to it, of which an old one may have leftovers.
fn replace(
    directory: &Directory,
    file: &str,
    bytes: &[u8],
    is_old: bool,
) -> io::Result<(bool, bool)> {
    if let Some((name, rest)) = file.split_once('/') {
        let (inner, is_old) = directory.enter_or_create(name)?;
        return replace(&inner, rest, bytes, is_old);
    }
    if is_old {
        remove_unfinished(directory, file)?;
    }
    directory.replace(file, bytes)
}

/// Removes a file, with leftovers of it and the directories that are empty then.
fn remove(directory: &Directory, file: &str, flat: bool) -> io::Result<()> {
    let Some((name, rest)) = file.split_once('/') else {
        if !flat {
            remove_unfinished(directory, file)?;
        }
        return directory.remove(file).map(|_| ());
    };
    if let Some(inner) = directory.enter(name)? {
        remove(&inner, rest, flat)?;
        directory.remove_empty(name);
    }
    Ok(())
}

fn remove_unfinished(directory: &Directory, file: &str) -> io::Result<()> {
    let own = file.rsplit_once('.').map(|(stem, _)| stem);
    directory.remove_unfinished(|stem| Some(stem) == own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::PACC;

    #[test]
    fn the_paths_are_those_of_the_protocols() {
        for (_, path) in AUTOCONFIG_FILES {
            assert!(AUTOCONFIG.paths.contains(&path), "{path}");
        }
        assert_eq!([PACC_FILE.1], PACC.paths);
    }
}

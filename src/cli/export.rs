//! `export`: writes the answers that are the same for all users of a domain as files, for a server or CDN without the program.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::thread;

use super::discovery::{document, pacc, received};
use super::{complain, print, warn};
use crate::Problem;
use crate::address::Domain;
use crate::audience::{Question, Reach, User};
use crate::config::{Config, Place};
use crate::protocol::AUTOCONFIG;
use crate::request::domain_of_host;

/// Writes what does not depend on the user as files, for a CDN
///
/// For every domain that is configured by name: the answers of autoconfig to clients that keep the
/// address to themselves, and of PACC, byte for byte as the program gives them, in a folder for each
/// host. A file is replaced by renaming and only when it changes; what an earlier export wrote and
/// what is no longer answered is removed. Use one DIR for one configuration.
///
/// Rules for the server that hands them out: HTTPS; the query is no part of the cache's key (it has
/// the address, which these files do not need); GET and HEAD only; Content-Type is text/xml for .xml
/// and application/json for .json; Cache-Control: public, max-age=3600. On autoconfig.DOMAIN the paths
/// /v1.1/mail/config-v1.1.xml (Nine) and /.well-known/mail-v1.xml (GNOME) lead to the file of
/// /mail/config-v1.1.xml. A host or path without a file is a 404. Autodiscover, profiles and the page
/// depend on the user: let the hosts autodiscover.DOMAIN and the path /autodiscover/ lead to the program.
///
/// No file is written for a domain with a list of login names ('logins'), since its answer differs
/// from user to user, nor for a domain that only a pattern covers.
#[derive(clap::Args)]
pub struct Export {
    /// The folder for the tree; it is created
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// The names before the domain, and the paths, at which clients ask for the documents.
const AUTOCONFIG_FILES: [(&str, &str); 2] = [
    ("autoconfig.", "/mail/config-v1.1.xml"),
    ("", "/.well-known/autoconfig/mail/config-v1.1.xml"),
];
const PACC_FILE: (&str, &str) = ("ua-auto-config.", "/.well-known/user-agent-configuration.json");

/// The file in the folder that lists the domains of the last export.
const LIST: &str = ".autodiscover-export";

pub fn run(command: &Export, place: &Place) -> ExitCode {
    match exported(&command.folder, place) {
        Ok(status) => status,
        Err(reason) => complain(&reason),
    }
}

fn exported(folder: &Path, place: &Place) -> Result<ExitCode, String> {
    let domains = place.domains().map_err(|problem| problem.to_string())?;
    if domains.is_empty() {
        return Err("no domain is configured by name, so there is nothing to export".to_owned());
    }
    fs::create_dir_all(folder).map_err(unwritten(folder))?;
    let list = folder.join(LIST);
    let before = fs::read_to_string(&list).unwrap_or_default();
    let before: BTreeSet<Domain> = before.lines().filter_map(Domain::new).collect();
    // Before the first file, so that an export that is cut short leaves none that is not listed.
    let listed = domains.iter().chain(&before).collect::<BTreeSet<_>>();
    replace(&list, &lines(&listed)).map_err(unwritten(&list))?;

    let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let share = domains.len().div_ceil(workers);
    let mut done = Done::default();
    thread::scope(|scope| {
        let threads: Vec<_> = domains
            .chunks(share)
            .map(|share| scope.spawn(|| export(folder, share, place)))
            .collect();
        for thread in threads {
            // A thread ends without a result only by a panic, and this program aborts then.
            done.add(thread.join().unwrap_or_default());
        }
    });
    for domain in before.difference(&domains.iter().cloned().collect()) {
        for file in AUTOCONFIG_FILES.iter().chain([&PACC_FILE]) {
            done.remove(folder, domain, *file);
        }
    }
    done.problems.iter().for_each(|problem| {
        complain(problem);
    });
    done.left_out.iter().for_each(|remark| warn(remark));
    if !done.problems.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    replace(&list, &lines(&domains.iter().collect())).map_err(unwritten(&list))?;
    let Done { files, changed, removed, .. } = done;
    let summary =
        format!("{} domains, {files} files: {changed} written, {removed} removed\n", domains.len());
    Ok(print(summary.as_bytes()))
}

fn lines(domains: &BTreeSet<&Domain>) -> Vec<u8> {
    domains.iter().map(|domain| format!("{domain}\n")).collect::<String>().into_bytes()
}

/// The reason in the words of this program.
fn unwritten<E: Display>(path: &Path) -> impl Fn(E) -> String {
    move |error| format!("{}: cannot be written: {error}", path.display())
}

/// What has been done.
#[derive(Default)]
struct Done {
    files: usize,
    changed: usize,
    removed: usize,
    problems: Vec<String>,
    left_out: Vec<String>,
}

/// The files of some domains.
fn export(folder: &Path, domains: &[Domain], place: &Place) -> Done {
    let config = &Config::of(place);
    let mut done = Done::default();
    for domain in domains {
        if let Err(problem) = done.domain(folder, domain, config) {
            done.problems.push(problem.to_string());
        }
    }
    done
}

impl Done {
    fn add(&mut self, other: Done) {
        self.files += other.files;
        self.changed += other.changed;
        self.removed += other.removed;
        self.problems.extend(other.problems);
        self.left_out.extend(other.left_out);
    }

    fn domain(&mut self, folder: &Path, domain: &Domain, config: &Config) -> Result<(), Problem> {
        let served = config.served(&Question::new(domain.clone(), User::Everyone))?;
        let has_logins = served.is_some_and(|served| served.reach == Reach::Unlisted);
        if has_logins {
            self.left_out
                .push(format!("{domain}: not exported, since it has a list of login names"));
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
            match &document {
                Some(bytes) => self.write(folder, domain, file, bytes),
                None => self.remove(folder, domain, file),
            }
            last = Some((asked, document));
        }
        match pacc(domain, config)? {
            Some(bytes) => self.write(folder, domain, PACC_FILE, &bytes),
            None => self.remove(folder, domain, PACC_FILE),
        }
        Ok(())
    }

    fn write(&mut self, folder: &Path, domain: &Domain, file: (&str, &str), bytes: &[u8]) {
        let path = path(folder, domain, file);
        match replace_below(folder, &path, bytes) {
            Ok(changed) => {
                self.files += 1;
                self.changed += usize::from(changed);
            }
            Err(error) => self.problems.push(unwritten(&path)(error)),
        }
    }

    /// Removes what an earlier export wrote, with the folders that are empty then.
    fn remove(&mut self, folder: &Path, domain: &Domain, file: (&str, &str)) {
        let path = path(folder, domain, file);
        match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                self.problems.push(format!("{}: cannot be removed: {error}", path.display()));
            }
            Ok(()) => {
                self.removed += 1;
                let folders = path.ancestors().skip(1).take_while(|above| *above != folder);
                for above in folders {
                    if fs::remove_dir(above).is_err() {
                        break;
                    }
                }
            }
        }
    }
}

fn path(folder: &Path, domain: &Domain, (name, path): (&str, &str)) -> PathBuf {
    folder.join(format!("{name}{domain}{path}"))
}

/// Puts the bytes in the place of a file, unless it has them already; readers see the old file or the new one.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    put(path, bytes)?;
    Ok(true)
}

/// The same below a folder that may be new, where nothing needs to be looked for: that halves the calls.
fn replace_below(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let below = path.strip_prefix(folder).unwrap_or(path).parent().unwrap_or(Path::new(""));
    let mut inner = folder.to_owned();
    for (depth, name) in below.iter().enumerate() {
        inner.push(name);
        match fs::create_dir(&inner) {
            Err(error) if depth == 0 && error.kind() == io::ErrorKind::AlreadyExists => {
                return replace(path, bytes);
            }
            made => made?,
        }
    }
    put(path, bytes)?;
    Ok(true)
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension(format!("{}.new", process::id()));
    fs::write(&new, bytes)?;
    fs::rename(&new, path)
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

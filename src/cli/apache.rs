//! `apache`: prints the virtual host for some domains, or the `.htaccess` for web space without root.

use std::env;
use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;

use super::discovery::Discovery;
use super::{complain, distinct, domains, mail_domain, not_served, print, shown, warn};
use crate::address::Domain;
use crate::config::{Config, Place};

/// Prints an Apache virtual host
///
/// It answers autodiscover.DOMAIN, autoconfig.DOMAIN and, where PACC can say the settings,
/// ua-auto-config.DOMAIN for each domain, with this executable and the configuration that it finds.
/// Save it as /etc/apache2/sites-available/zz-autodiscover.conf; what you may want to change stands
/// at its top.
///
/// The order is: DNS for all of the names, then this virtual host, then one certificate for all of
/// them. The comments at the top have the command for each step.
#[derive(clap::Args)]
pub struct Apache {
    /// The mail domains [default: all that are configured by name]
    ///
    /// The first gives the virtual host and the certificate their name.
    #[arg(value_name = "DOMAIN", value_parser = mail_domain)]
    domains: Vec<Domain>,
    /// Print a virtual host and a certificate for each domain
    ///
    /// No certificate then tells which other domains are served, and one domain whose DNS is wrong
    /// does not keep the others from theirs.
    #[arg(long)]
    each: bool,
    /// Leave out the names of PACC, a draft that few clients know yet
    #[arg(long)]
    without_pacc: bool,
    /// For a server behind a proxy that has the certificate: answer on the plain port
    #[arg(long)]
    behind_proxy: bool,
    /// Print the .htaccess for web space without root instead; it is the same for all domains
    #[arg(long, conflicts_with_all = ["each", "without_pacc", "behind_proxy"])]
    htaccess: bool,
}

/// The most names that Let's Encrypt puts into a certificate.
const MOST_NAMES: usize = 100;

/// The shipped virtual host, which is that of example.org.
const VIRTUAL_HOST: &str = include_str!("../../apache/autodiscover.conf");
const HTACCESS: &str = include_str!("../../apache/htaccess");
/// The only name by which the shipped virtual host starts the executable.
const EXECUTABLE: &str = "autodiscover.cgi";

pub fn run(command: &Apache, place: &Place) -> ExitCode {
    if command.htaccess {
        return print(HTACCESS.as_bytes());
    }
    match virtual_hosts(command, place) {
        Ok(text) => print(text.as_bytes()),
        Err(reason) => complain(&reason),
    }
}

fn virtual_hosts(command: &Apache, place: &Place) -> Result<String, String> {
    let hosts = hosts(command, place)?;
    let (config, folder) = (config(place)?, folder()?);
    let site = |hosts| Site {
        hosts,
        folder: folder.as_deref(),
        config: config.as_deref(),
        behind_proxy: command.behind_proxy,
    };
    if command.each {
        let mut sites = hosts.chunks(1).map(|hosts| site(hosts).text());
        let first = sites.next().unwrap_or_default();
        // What the first says in comments holds for the others too.
        return Ok(sites.fold(first, |text, site| text + "\n" + &without_comments(&site)));
    }
    let names = hosts.iter().flatten().count();
    if names > MOST_NAMES && !command.behind_proxy {
        warn(&format_args!(
            "a certificate of Let's Encrypt holds {MOST_NAMES} names, not {names}; use --each, or lead \
             clients to one name as 'autodiscover dns --help' says of --mx and --srv"
        ));
    }
    Ok(site(&hosts).text())
}

/// The hosts of each domain.
fn hosts(command: &Apache, place: &Place) -> Result<Vec<Vec<String>>, String> {
    let wanted = |host: &String| !(command.without_pacc && host.starts_with("ua-auto-config."));
    let domains = domains(&command.domains, place)?;
    let config = Config::of(place);
    let hosts = distinct(&domains).into_iter().map(|domain| {
        let discovery = Discovery::of(domain, &config).map_err(|problem| problem.to_string())?;
        let discovery = discovery.ok_or_else(|| not_served(domain))?;
        Ok(discovery.hosts(domain).into_iter().filter(wanted).collect())
    });
    hosts.collect()
}

/// The folder from which the web server can start this executable; None is that of the shipped virtual host.
fn folder() -> Result<Option<String>, String> {
    let executable = env::current_exe().and_then(fs::canonicalize);
    let executable = executable.unwrap_or_else(|_| PathBuf::from("autodiscover"));
    let folder = executable.parent().unwrap_or(Path::new(""));
    if folder.join(EXECUTABLE).is_file() {
        return path(folder).map(Some);
    }
    let installed = Path::new(shipped(FOLDER)).join(EXECUTABLE);
    if !installed.is_file() {
        warn(&format_args!(
            "the virtual host starts {}, which does not exist; install {} there",
            installed.display(),
            shown(&executable.to_string_lossy()),
        ));
    }
    Ok(None)
}

/// The path of the configuration; None is that of the shipped virtual host.
fn config(place: &Place) -> Result<Option<String>, String> {
    let Some(file) = place.path() else {
        let file = shipped(CONFIG);
        warn(&format_args!("{file} does not exist; create it before Apache uses the virtual host"));
        return Ok(None);
    };
    let file = absolute(file).map_err(|error| format!("{}: {error}", file.display()))?;
    path(&file).map(Some)
}

/// A path as Apache's configuration takes it everywhere, also as a pattern and within quotes.
fn path(path: &Path) -> Result<String, String> {
    let special = |c: char| c.is_control() || "\"\\$*?[]".contains(c);
    match path.to_str() {
        Some(path) if !path.contains(special) => Ok(path.to_owned()),
        _ => Err(format!(
            "'{}' cannot stand in Apache's configuration; choose a path without any of \"\\$*?[]",
            shown(&path.to_string_lossy())
        )),
    }
}

/// Some domains that share a virtual host.
struct Site<'a> {
    /// The hosts of each domain.
    hosts: &'a [Vec<String>],
    folder: Option<&'a str>,
    config: Option<&'a str>,
    behind_proxy: bool,
}

/// How those lines of the shipped virtual host begin that differ from site to site.
const HOST: &str = "    Define AUTODISCOVER_HOST ";
const ALIASES: &str = "    Define AUTODISCOVER_ALIASES ";
const FOLDER: &str = "    Define AUTODISCOVER_FOLDER ";
const CONFIG: &str = "    Define AUTODISCOVER_CONFIG ";
const BEHIND_PROXY: &str = "    # Define AUTODISCOVER_BEHIND_PROXY";
const CERTIFICATE: &str = "#   certbot ";

/// What the shipped virtual host has on a line.
fn shipped(start: &str) -> &'static str {
    VIRTUAL_HOST.lines().find_map(|line| line.strip_prefix(start)).unwrap_or_default()
}

impl Site<'_> {
    /// The shipped virtual host, for this site.
    fn text(&self) -> String {
        VIRTUAL_HOST.lines().map(|line| self.line(line) + "\n").collect()
    }

    /// A line of the shipped virtual host, or what stands in its place.
    fn line(&self, line: &str) -> String {
        let path = |start: &str, path: Option<&str>| match path {
            Some(path) if path.contains([' ', '#', '\'']) => format!("{start}\"{path}\""),
            Some(path) => format!("{start}{path}"),
            None => line.to_owned(),
        };
        match line {
            _ if line.starts_with(HOST) => format!("{HOST}{}", self.name()),
            _ if line.starts_with(ALIASES) => format!("{ALIASES}\"{}\"", self.aliases()),
            _ if line.starts_with(FOLDER) => path(FOLDER, self.folder),
            _ if line.starts_with(CONFIG) => path(CONFIG, self.config),
            BEHIND_PROXY if self.behind_proxy => BEHIND_PROXY.replace("# ", ""),
            _ if line.starts_with(CERTIFICATE) => self.certificate(),
            _ => line.to_owned(),
        }
    }

    fn name(&self) -> &str {
        self.hosts.iter().flatten().next().map_or("", String::as_str)
    }

    /// All names but the first; that one again when there is no other, since httpd wants one.
    fn aliases(&self) -> String {
        let others = |(number, hosts): (usize, &Vec<String>)| {
            hosts.get(usize::from(number == 0)..).unwrap_or_default().join(" ")
        };
        let lines = self.hosts.iter().enumerate().map(others);
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        if lines.is_empty() {
            return self.name().to_owned();
        }
        // httpd joins the lines before it looks at the quotes.
        lines.join(" \\\n        ")
    }

    /// How to get the certificate for exactly these names.
    fn certificate(&self) -> String {
        let (name, names) = (self.name(), self.hosts.concat().join(","));
        if self.behind_proxy {
            return format!("#   at the proxy, for these names: {names}");
        }
        format!(
            "{CERTIFICATE}certonly --webroot --webroot-path {} --cert-name {name} \
             --deploy-hook \"apachectl graceful\" -d {names}",
            shipped("    Define AUTODISCOVER_WEBROOT "),
        )
    }
}

/// Only what Apache reads, and how to get the certificate.
fn without_comments(text: &str) -> String {
    let kept = |line: &&str| {
        let line = line.trim();
        !line.is_empty() && (!line.starts_with('#') || line.starts_with(CERTIFICATE))
    };
    text.lines().filter(kept).map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(domain: &str) -> Vec<String> {
        ["autodiscover", "autoconfig", "ua-auto-config"]
            .map(|name| format!("{name}.{domain}"))
            .into()
    }

    fn site(hosts: &[Vec<String>]) -> Site<'_> {
        Site { hosts, folder: None, config: None, behind_proxy: false }
    }

    #[test]
    fn what_is_shipped_is_that_of_example_org() {
        assert_eq!(site(&[hosts("example.org")]).text(), VIRTUAL_HOST);
    }

    #[test]
    fn nothing_of_example_org_is_left_for_another_domain() {
        let text = site(&[hosts("example.net"), hosts("example.com")]).text();
        assert!(!text.contains("example.org"), "{text}");
    }

    #[test]
    fn a_path_that_apache_would_read_otherwise_is_refused() {
        assert_eq!(path(Path::new("/srv/a b#c'd")), Ok("/srv/a b#c'd".to_owned()));
        for name in ["/a\"b", "/a$b", "/a\\b", "/a*", "/a?", "/[a]", "/a\nb"] {
            assert!(path(Path::new(name)).is_err(), "{name}");
        }
    }
}

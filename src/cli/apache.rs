//! `apache`: prints the virtual host for some domains, or the `.htaccess` for web space without root.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;

use super::discovery::Discovery;
use super::{
    NO_DOMAIN, complain, domains, mail_domain, not_served, print, shown, warn, warn_of_new_name,
};
use crate::address::Domain;
use crate::config::{Config, Place, Problem};

/// Prints an Apache virtual host
///
/// It answers autodiscover.DOMAIN, autoconfig.DOMAIN and, where PACC can say the settings,
/// ua-auto-config.DOMAIN for each domain, with this executable and the configuration that it finds.
/// Save it as /etc/apache2/sites-available/zz-autodiscover.conf, on Fedora and RHEL as
/// /etc/httpd/conf.d/zz-autodiscover.conf; what you may want to change stands at its top.
///
/// The order is: DNS for all of the names, then this virtual host, then one certificate for all of
/// them. The comments at the top have the command for each step.
#[derive(clap::Args)]
pub struct Apache {
    /// The mail domains [default: all that are configured by name]
    ///
    /// Virtual host and certificate have the name that the key 'host' gives, else that of the first
    /// DOMAIN, else that of the first in 'domains'.
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
        Ok(text) if is_red_hat() => print(for_red_hat(&text).as_bytes()),
        Ok(text) => print(text.as_bytes()),
        Err(reason) => complain(&reason),
    }
}

/// What differs where Apache's files lie as Fedora and RHEL have them: the start of a line, what it has of Debian, and
/// what stands for that there.
const RED_HAT: [(&str, &str, &str); 3] = [
    ("#", "/etc/apache2/sites-available/", "/etc/httpd/conf.d/"),
    ("#   ", "a2enmod", "dnf install mod_ssl && apachectl configtest && systemctl restart httpd"),
    (LOG_FOLDER, "/var/log/apache2", "/var/log/httpd"),
];

/// Whether Apache's files lie as Fedora and RHEL have them, and not as Debian has them.
fn is_red_hat() -> bool {
    Path::new("/etc/httpd/conf.d").is_dir() && !Path::new("/etc/apache2").exists()
}

fn for_red_hat(text: &str) -> String {
    let line = |line: &str| match RED_HAT
        .iter()
        .find(|row| line.starts_with(row.0) && line.contains(row.1))
    {
        // Of a command that line is the whole.
        Some((start, "a2enmod", there)) => format!("{start}{there}\n"),
        Some((_, here, there)) => line.replace(here, there) + "\n",
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

fn virtual_hosts(command: &Apache, place: &Place) -> Result<String, String> {
    let known = Config::of(place);
    let (hosts, name) = hosts(command, &known)?;
    let (config, folder) = (config(place)?, folder()?);
    let site = |hosts: &[Vec<String>], name: Option<&str>| Site {
        name: name
            .or(hosts.iter().flatten().next().map(String::as_str))
            .unwrap_or_default()
            .to_owned(),
        hosts: hosts.to_vec(),
        folder: folder.as_deref(),
        config: config.as_deref(),
        behind_proxy: command.behind_proxy,
    };
    if command.each {
        let mut sites = hosts.chunks(1).map(|hosts| site(hosts, None).text());
        let first = sites.next().unwrap_or_default();
        // What the first says in comments holds for the others too.
        return Ok(sites.fold(first, |text, site| text + "\n" + &without_comments(&site)));
    }
    let site = site(&hosts, Some(&name));
    if let (Some(config), Some(live)) = (site.config, site.live()) {
        let certificate = shipped(CERTIFICATE_FILE).replace("${AUTODISCOVER_HOST}", &site.name);
        if matches!(fs::metadata(&certificate), Err(error) if error.kind() == io::ErrorKind::NotFound)
        {
            warn(&format_args!(
                "{certificate} does not exist, and {} uses {config}: when Apache reloads with this \
                 virtual host, HTTPS ends for all names; get the certificate first",
                live.display()
            ));
        }
    }
    let names = site.names().len();
    if names > MOST_NAMES && !command.behind_proxy {
        warn(&format_args!(
            "a certificate of Let's Encrypt holds {MOST_NAMES} names, not {names}; use --each, or lead \
             clients to one name as 'autodiscover dns --help' says of --mx and --srv"
        ));
    }
    Ok(site.text())
}

/// The hosts of each domain, and the name of the virtual host.
fn hosts(command: &Apache, config: &Config) -> Result<(Vec<Vec<String>>, String), String> {
    let problem = |problem: Problem| problem.to_string();
    let wanted = |host: &String| !(command.without_pacc && host.starts_with("ua-auto-config."));
    let mut hosts: Vec<Vec<String>> = Vec::new();
    for domain in domains(&command.domains, config).map_err(problem)? {
        match Discovery::of(&domain, config).map_err(problem)? {
            Some(discovery) => {
                hosts.push(discovery.hosts(&domain).into_iter().filter(wanted).collect());
            }
            // One that is configured to offer nothing takes nothing from the others.
            None if command.domains.is_empty() => warn(&not_served(&domain, config)),
            None => return Err(not_served(&domain, config)),
        }
    }
    let named = config.named_host().map_err(problem)?;
    let first = hosts.iter().flatten().next();
    let name = match config.host().map_err(problem)? {
        Some(host) if named.is_some() || command.domains.is_empty() => host.to_string(),
        _ => first.ok_or(NO_DOMAIN)?.clone(),
    };
    if command.domains.is_empty() && !command.each {
        warn_of_new_name(config, &name).map_err(problem)?;
    }
    Ok((hosts, name))
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
    /// By which virtual host and certificate are called.
    name: String,
    /// The hosts of each domain.
    hosts: Vec<Vec<String>>,
    folder: Option<&'a str>,
    config: Option<&'a str>,
    behind_proxy: bool,
}

/// How those lines of the shipped virtual host begin that differ from site to site.
const HOST: &str = "    Define AUTODISCOVER_HOST ";
const ALIASES: &str = "    Define AUTODISCOVER_ALIASES ";
const FOLDER: &str = "    Define AUTODISCOVER_FOLDER ";
const CONFIG: &str = "    Define AUTODISCOVER_CONFIG ";
const CERTIFICATE_FILE: &str = "    Define AUTODISCOVER_CERTIFICATE ";
const LOG_FOLDER: &str = "    Define AUTODISCOVER_LOG_FOLDER ";
const BEHIND_PROXY: &str = "    # Define AUTODISCOVER_BEHIND_PROXY";
const CERTIFICATE: &str = "#   certbot ";

/// Where Apache reads its virtual hosts on Debian and on Red Hat.
const LIVE: [&str; 2] = ["/etc/apache2/sites-enabled", "/etc/httpd/conf.d"];

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
            _ if line.starts_with(HOST) => format!("{HOST}{}", self.name),
            _ if line.starts_with(ALIASES) => format!("{ALIASES}\"{}\"", self.aliases()),
            _ if line.starts_with(FOLDER) => path(FOLDER, self.folder),
            _ if line.starts_with(CONFIG) => path(CONFIG, self.config),
            BEHIND_PROXY if self.behind_proxy => BEHIND_PROXY.replace("# ", ""),
            _ if line.starts_with(CERTIFICATE) => self.certificate(),
            _ => line.to_owned(),
        }
    }

    /// All names, that of the virtual host first.
    fn names(&self) -> Vec<&str> {
        let others = self.hosts.iter().flatten().map(String::as_str);
        [&*self.name].into_iter().chain(others.filter(|host| *host != self.name)).collect()
    }

    /// The other names, a line for each domain; the first again when there is none, since httpd wants one.
    fn aliases(&self) -> String {
        let others = |hosts: &Vec<String>| {
            let others = hosts.iter().filter(|host| **host != self.name).map(String::as_str);
            others.collect::<Vec<_>>().join(" ")
        };
        let lines: Vec<String> =
            self.hosts.iter().map(others).filter(|line| !line.is_empty()).collect();
        if lines.is_empty() {
            return self.name.clone();
        }
        // httpd joins the lines before it looks at the quotes.
        lines.join(" \\\n        ")
    }

    /// The file of a running Apache that has a virtual host for the same configuration.
    fn live(&self) -> Option<PathBuf> {
        let line = self.line(CONFIG);
        let folders =
            LIVE.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let mut files = folders.map(|entry| entry.path());
        let uses = |path: &PathBuf| {
            fs::read_to_string(path).is_ok_and(|text| text.lines().any(|other| other == line))
        };
        files.find(uses).filter(|_| !self.behind_proxy)
    }

    /// How to get the certificate for exactly these names.
    fn certificate(&self) -> String {
        let (name, names) = (&self.name, self.names().join(","));
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
        let (name, hosts) = (hosts[0][0].clone(), hosts.to_vec());
        Site { name, hosts, folder: None, config: None, behind_proxy: false }
    }

    #[test]
    fn what_is_shipped_is_that_of_example_org() {
        assert_eq!(site(&[hosts("example.org")]).text(), VIRTUAL_HOST);
    }

    #[test]
    fn nothing_of_debian_is_left_for_fedora() {
        let text = for_red_hat(VIRTUAL_HOST);
        assert_eq!(text.lines().count(), VIRTUAL_HOST.lines().count());
        for word in ["a2en", "apache2", "sites-available"] {
            assert!(!text.contains(word), "{word}");
        }
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

//! `apache`: prints the virtual host for some domains, or the `.htaccess` for web space without root.

use std::process::ExitCode;

use super::{distinct, mail_domain, print};
use crate::address::Domain;

/// Prints an Apache virtual host
///
/// It answers autodiscover.DOMAIN, autoconfig.DOMAIN and ua-auto-config.DOMAIN for each domain.
/// Save it in /etc/apache2/sites-available/; what you may want to change stands at its top. The
/// certificate must hold all of the names.
#[derive(clap::Args)]
pub struct Apache {
    /// The mail domains; the first gives the virtual host and the certificate their name
    #[arg(value_name = "DOMAIN", value_parser = mail_domain, required_unless_present = "htaccess")]
    domains: Vec<Domain>,
    /// Print the .htaccess for web space without root instead; it is the same for all domains
    #[arg(long)]
    htaccess: bool,
}

pub fn run(command: &Apache) -> ExitCode {
    let domains = distinct(&command.domains);
    match domains.split_first() {
        Some((first, others)) if !command.htaccess => print(virtual_host(first, others).as_bytes()),
        _ => print(HTACCESS.as_bytes()),
    }
}

/// The shipped virtual host, which is that of example.org.
const VIRTUAL_HOST: &str = include_str!("../../apache/autodiscover.conf");
const HTACCESS: &str = include_str!("../../apache/htaccess");

/// The lines of the shipped virtual host that name domains.
const HOST: &str = "    Define AUTODISCOVER_HOST ";
const ALIASES: &str = "    Define AUTODISCOVER_ALIASES ";

fn virtual_host(first: &Domain, others: &[&Domain]) -> String {
    let mut aliases = format!("autoconfig.{first} ua-auto-config.{first}");
    for domain in others {
        // httpd joins the lines before it looks at the quotes.
        aliases += &format!(
            " \\\n        autodiscover.{domain} autoconfig.{domain} ua-auto-config.{domain}"
        );
    }
    let lines = VIRTUAL_HOST.split_inclusive('\n').map(|line| {
        if line.starts_with(HOST) {
            format!("{HOST}autodiscover.{first}\n")
        } else if line.starts_with(ALIASES) {
            format!("{ALIASES}\"{aliases}\"\n")
        } else {
            line.to_owned()
        }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_is_that_of_example_org() {
        let domain = Domain::new("example.org").unwrap();
        assert_eq!(virtual_host(&domain, &[]), VIRTUAL_HOST);
    }

    #[test]
    fn nothing_of_example_org_is_left_for_another_domain() {
        let [first, second] = ["example.net", "example.com"].map(|name| Domain::new(name).unwrap());
        let text = virtual_host(&first, &[&second]);
        assert!(!text.contains("example.org"), "{text}");
        for name in ["autodiscover", "autoconfig", "ua-auto-config"] {
            for domain in [&first, &second] {
                assert_eq!(text.matches(&format!("{name}.{domain}")).count(), 1, "{text}");
            }
        }
    }
}

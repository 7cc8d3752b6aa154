//! `dns`: prints the records by which clients find the web server and the mail servers, as lines of a zone file.

use std::process::ExitCode;

use super::show::{Format, not_served};
use super::{complain, domain, mail_domain, print};
use crate::Stop;
use crate::account::{Account, Dav, Encryption, MailProtocol, MailServer, Redirect, User};
use crate::address::{Address, Domain};
use crate::config::{Place, Problem};
use crate::protocol::digest;

/// Prints DNS records for a zone file
///
/// The lines can be pasted into the zone file of the domain: they are sorted, their names are
/// complete, and they have no TTL, so that of the zone holds. Lines that begin with a semicolon
/// are comments for you.
///
/// An SRV record with the target "." says that there is no such service (RFC 2782).
#[derive(clap::Args)]
pub struct Dns {
    /// A mail domain
    #[arg(value_parser = mail_domain)]
    domain: Domain,
    /// The host name of the web server where this program runs [default: www.DOMAIN]
    ///
    /// It must have address records (A, AAAA) of its own.
    #[arg(long, value_name = "NAME", value_parser = domain)]
    host: Option<Domain>,
    /// Lead Outlook to the host by SRV alone, without the names below DOMAIN
    ///
    /// For a web server whose certificate holds the name of the host and not those below DOMAIN.
    /// Outlook then asks the user for permission once. Other clients do not read this record:
    /// Thunderbird finds its settings only below DOMAIN.
    #[arg(long)]
    srv: bool,
}

pub fn run(command: &Dns, place: &Place) -> ExitCode {
    match zone(command, place) {
        Ok(Some(zone)) => print(zone.text(&command.domain).as_bytes()),
        Ok(None) => complain(&not_served(&command.domain)),
        Err(fault) => complain(&fault),
    }
}

/// One resource record; the order is that of the lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    owner: String,
    kind: &'static str,
    data: String,
}

/// The records of a domain, with what must be said about them.
#[derive(Debug, Default)]
struct Zone {
    records: Vec<Record>,
    notes: Vec<String>,
}

/// The records; None when the domain is not served.
fn zone(command: &Dns, place: &Place) -> Result<Option<Zone>, Problem> {
    let Dns { domain, host, srv } = command;
    let Some(postmaster) = Address::new(&format!("postmaster@{domain}")) else {
        return Ok(None);
    };
    let user = User::WithoutLogin(postmaster.clone());
    let Some(account) = place.account(domain, &user, None)? else {
        return Ok(None);
    };

    let mut zone = Zone::default();
    let host_name = host.as_ref().map_or_else(|| format!("www.{domain}"), Domain::to_string);
    if host.is_none() {
        zone.note(format!("{host_name} stands for your web server: --host names another."));
    }
    zone.discovery(domain, &host_name, *srv, account.redirect.as_ref());
    if account.redirect.is_none() {
        zone.mail(domain, &account);
        for (name, dav) in [("caldav", &account.caldav), ("carddav", &account.carddav)] {
            if let Some(dav) = dav {
                zone.dav(domain, name, dav);
            }
        }
        zone.jmap_and_sieve(domain, &account);
        match Format::Pacc.reply(&postmaster, place) {
            // Its clients insist on a certificate for a name below the domain.
            Ok(reply) if !srv => zone.pacc(domain, &host_name, &reply.body),
            Ok(_) | Err(Stop::Refused(_)) => {}
            Err(Stop::Faulty(problem)) => return Err(problem),
        }
    }
    zone.aliases_as_targets();
    zone.records.sort();
    Ok(Some(zone))
}

impl Zone {
    fn record(&mut self, owner: String, kind: &'static str, data: String) {
        self.records.push(Record { owner: format!("{owner}."), kind, data });
    }

    fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    /// An alias, unless the host has that very name: then it needs an address there.
    fn alias(&mut self, owner: String, host: &str) {
        if owner == host {
            self.note(format!("{owner} is the web server itself: give it an address record."));
        } else {
            self.record(owner, "CNAME", format!("{host}."));
        }
    }

    /// A service at a host (RFC 2782), or that there is no such service.
    fn service(&mut self, domain: &Domain, service: &str, target: Option<(u16, u16, u16, &str)>) {
        let data = match target {
            Some((priority, weight, port, host)) => format!("{priority} {weight} {port} {host}."),
            None => "0 0 0 .".to_owned(),
        };
        self.record(format!("_{service}._tcp.{domain}"), "SRV", data);
    }

    /// Autodiscover and autoconfig: the way to the web server.
    fn discovery(&mut self, domain: &Domain, host: &str, srv: bool, redirect: Option<&Redirect>) {
        self.service(domain, "autodiscover", Some((0, 0, 443, host)));
        self.note(
            "Names that SRV records lead to need address records: none may be a CNAME (RFC 2782).",
        );
        self.note(format!(
            "So Autodiscover's leads to https://{host}/autodiscover/autodiscover.xml:"
        ));
        self.note("this program must answer there too, with a certificate for that name.");
        let autodiscover = format!("autodiscover.{domain}");
        if !srv {
            self.alias(autodiscover, host);
        } else if autodiscover != host {
            self.note(format!("{autodiscover} must not exist, nor a wildcard that covers it:"));
            self.note("Outlook would ask there first.");
        }
        match redirect {
            // Autoconfig has no way to say that the domain has moved.
            Some(redirect) => {
                self.note(format!("{domain} has moved to {}:", target(redirect)));
                self.note("whoever serves it there publishes its mail servers and its autoconfig.");
            }
            None if srv => {}
            None => self.alias(format!("autoconfig.{domain}"), host),
        }
    }

    /// RFC 6186 and RFC 8314: IMAP, POP3 and submission.
    fn mail(&mut self, domain: &Domain, account: &Account) {
        for (protocol, implicit, explicit) in [
            (MailProtocol::Imap, "imaps", "imap"),
            (MailProtocol::Pop3, "pop3s", "pop3"),
            (MailProtocol::Smtp, "submissions", "submission"),
        ] {
            let mut servers = account.incoming.iter().chain(&account.smtp);
            let server = servers.find(|server| server.protocol == protocol);
            // RFC 6186, 3.4: of IMAP and POP3 the lower number is the preferred one.
            let second = account.incoming.get(1).is_some_and(|second| second.protocol == protocol);
            let priority = if second { 10 } else { 0 };
            let (there, absent) = match server {
                Some(MailServer { encryption: Encryption::Ssl, .. }) => (implicit, explicit),
                _ => (explicit, implicit),
            };
            self.service(domain, absent, None);
            match server {
                Some(server) if is_address(&server.server) => self.note(format!(
                    "_{there}._tcp is missing: {} is no host name. Give the server a name.",
                    server.server
                )),
                Some(server) => {
                    let name = server.server.to_ascii_lowercase();
                    self.service(domain, there, Some((priority, 1, server.port, &name)));
                }
                None => self.service(domain, there, None),
            }
        }
    }

    /// RFC 6764: CalDAV or CardDAV at a URL, which may be another one for another user.
    fn dav(&mut self, domain: &Domain, name: &str, dav: &Dav) {
        let (url, tls) = (&dav.url, format!("{name}s"));
        let Some(host) = url.domain() else {
            self.note(format!("_{tls}._tcp is missing: {url} has no host name."));
            return;
        };
        let (service, absent) =
            if url.is_https() { (tls.as_str(), name) } else { (name, tls.as_str()) };
        let port = url.port().unwrap_or(url.usual_port());
        self.service(domain, service, Some((0, 1, port, host.as_str())));
        self.service(domain, absent, None);
        if dav.url_of_user {
            self.note(format!(
                "_{service}._tcp has no path, because it differs from user to user:"
            ));
            self.note(format!("/.well-known/{name} on {host} must redirect to it (RFC 6764)."));
        } else {
            let text = format!("path={}", url.path());
            self.record(format!("_{service}._tcp.{domain}"), "TXT", strings(&text));
        }
    }

    /// RFC 8620, 2.2: JMAP at a host, which leads on to the session; RFC 5804, 1.8: ManageSieve.
    fn jmap_and_sieve(&mut self, domain: &Domain, account: &Account) {
        if let Some(jmap) = &account.jmap {
            match jmap.url.domain() {
                Some(host) if jmap.url.is_https() => {
                    let port = jmap.url.port().unwrap_or(jmap.url.usual_port());
                    self.service(domain, "jmap", Some((0, 1, port, host.as_str())));
                    if jmap.url.target() != WELL_KNOWN_JMAP {
                        self.note(format!("_jmap._tcp has no path: {WELL_KNOWN_JMAP} on {host}"));
                        self.note("must redirect to that of [jmap] (RFC 8620).");
                    }
                }
                Some(_) => self.note("_jmap._tcp is missing: its clients speak https alone."),
                None => {
                    self.note(format!("_jmap._tcp is missing: {} has no host name.", jmap.url));
                }
            }
        }
        if let Some(sieve) = &account.managesieve {
            let name = sieve.server.to_ascii_lowercase();
            if is_address(&name) {
                self.note(format!("_sieve._tcp is missing: {name} is no host name."));
            } else if sieve.encryption == Encryption::Ssl {
                self.note("_sieve._tcp is missing: its clients begin in the clear (RFC 5804).");
            } else {
                self.service(domain, "sieve", Some((0, 1, sieve.port, &name)));
            }
        }
    }

    /// PACC: the host, and the digest without which clients discard what it answers.
    fn pacc(&mut self, domain: &Domain, host: &str, document: &[u8]) {
        self.alias(format!("ua-auto-config.{domain}"), host);
        let owner = format!("_ua-auto-config.{domain}");
        self.note(format!("The digest at {owner} changes with what its document says:"));
        self.note("publish the new one beside the old one before you change the configuration.");
        self.record(owner, "TXT", strings(&digest(document)));
    }

    /// RFC 2782: the target of an SRV record must not be an alias.
    fn aliases_as_targets(&mut self) {
        let of = |kind| self.records.iter().filter(move |record| record.kind == kind);
        let wrong = of("SRV").filter_map(|Record { owner, data, .. }| {
            let target = data.rsplit(' ').next()?;
            of("CNAME").find(|alias| alias.owner == target)?;
            let [owner, target] = [owner, target].map(|name| name.trim_end_matches('.'));
            Some(format!("{owner} leads to {target}, which must not be a CNAME then."))
        });
        let wrong: Vec<String> = wrong.collect();
        self.notes.extend(wrong);
    }

    /// The lines, with the names as wide as the widest.
    fn text(&self, domain: &Domain) -> String {
        let width = self.records.iter().map(|record| record.owner.len()).max().unwrap_or_default();
        let notes = self.notes.iter().map(|note| format!("; {note}\n"));
        let records = self
            .records
            .iter()
            .map(|Record { owner, kind, data }| format!("{owner:width$} {kind} {data}\n"));
        format!(
            "; What mail clients look up for {domain}.\n{}{}",
            notes.collect::<String>(),
            records.collect::<String>()
        )
    }
}

/// Where every host of JMAP answers.
const WELL_KNOWN_JMAP: &str = "/.well-known/jmap";

/// The data of a TXT record: strings of at most 255 bytes (RFC 1035, 3.3), which readers join.
///
/// The text holds neither quotes nor backslashes, nor anything but ASCII: it is a URL's path or Base64.
fn strings(text: &str) -> String {
    let strings = text
        .as_bytes()
        .chunks(255)
        .map(|string| format!("\"{}\"", String::from_utf8_lossy(string)));
    strings.collect::<Vec<_>>().join(" ")
}

/// The domain or the host that a domain has moved to.
fn target(redirect: &Redirect) -> &str {
    let part = match redirect {
        Redirect::Address(address) => address.rsplit('@').next(),
        Redirect::Url(url) => Some(url.host()),
    };
    part.unwrap_or("another server")
}

/// Whether a server of the configuration is no name that DNS could hold.
fn is_address(server: &str) -> bool {
    Domain::is_numeric(server) || !Domain::is_name(server)
}

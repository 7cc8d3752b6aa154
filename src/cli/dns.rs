//! `dns`: prints the records by which clients find the web server and the mail servers, as lines of a zone file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::discovery::{Discovery, pacc};
use super::{
    NO_DOMAIN, complain, domain, domains, mail_domain, not_served, unwritten, warn,
    warn_of_new_name,
};
use crate::Problem;
use crate::account::{Account, Dav, Encryption, MailProtocol, MailServer, Redirect, Served};
use crate::address::Domain;
use crate::audience::{Question, User};
use crate::config::{Config, Place};
use crate::protocol::{DUMMY, digest};

/// Prints DNS records, for a zone file or another form
///
/// The lines can be pasted into the zone files of the domains: they are sorted, their names are
/// complete, and they have no TTL, so that of the zone holds. Lines that begin with a semicolon
/// are comments for you.
///
/// An SRV record with the target "." says that there is no such service (RFC 2782).
#[derive(clap::Args)]
pub struct Dns {
    /// The mail domains [default: all that are configured by name]
    #[arg(value_name = "DOMAIN", value_parser = mail_domain)]
    domains: Vec<Domain>,
    /// The host name of the web server where this program runs
    ///
    /// It must have address records (A, AAAA) of its own. Left out, it is the key 'host', else
    /// autodiscover. and the first domain in 'domains', as in the virtual host of 'autodiscover apache'.
    #[arg(long, value_name = "NAME", value_parser = domain)]
    host: Option<Domain>,
    /// Lead Outlook to the host by SRV alone, without the names below DOMAIN
    ///
    /// For a web server whose certificate holds the name of the host and not those below DOMAIN.
    /// Outlook then asks the user for permission once. Thunderbird asks too where the host is in
    /// another domain; SnappyMail, EmailEngine and exchangelib read the record as well. Others do
    /// not; those of autoconfig find a domain without such names by its MX record, as --mx says.
    #[arg(long)]
    srv: bool,
    /// As --srv, for domains whose MX record names this mail server
    ///
    /// Thunderbird (on phones too), Evolution 3.56, FairEmail, GNOME, Nextcloud and Mustang also ask
    /// autoconfig. and the domain of the mail server: autoconfig.hoster.example where that is
    /// mx1.hoster.example. This one name with one certificate serves all domains whose MX records
    /// lead there. They need no record of their own for it, and need not be configured where
    /// hoster.example is.
    #[arg(long, value_name = "SERVER", value_parser = domain)]
    mx: Option<Domain>,
    /// Print the digest of PACC for another autodiscover.toml beside
    ///
    /// A change of the configuration needs both digests for a while: publish both, then change the
    /// configuration, and when the TTL of the record is over publish the new digest alone.
    #[arg(long, value_name = "FILE")]
    and: Option<PathBuf>,
    /// The form of the output
    #[arg(long = "as", value_name = "FORM", value_enum, default_value_t = Form::Zone)]
    form: Form,
    /// The same as --as json
    #[arg(long, conflicts_with = "form")]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Lines of a zone file
    Zone,
    /// For programs: an array with an object for each domain
    Json,
    /// Commands for nsupdate (RFC 2136): they replace these records and no others
    Nsupdate,
    /// The YAML of one zone for octoDNS
    Octodns,
}

/// The time to live of a record where the form needs one, in seconds.
const TTL: u32 = 3600;

pub fn run(command: &Dns, place: &Place) -> ExitCode {
    printed(command, place).unwrap_or_else(|reason| complain(&reason))
}

/// Prints each zone as soon as it is known: there may be many.
fn printed(command: &Dns, place: &Place) -> Result<ExitCode, String> {
    let config = Config::of(place);
    let problem = |problem: Problem| problem.to_string();
    let domains = domains(&command.domains, &config).map_err(problem)?;
    if domains.is_empty() {
        return Err(NO_DOMAIN.to_owned());
    }
    let zones = Zones {
        host: host(command, &config).map_err(problem)?,
        is_guess: command.host.is_none() && config.named_host().map_err(problem)?.is_none(),
        other: command.and.clone().map(|file| Place::find(Some(file), || None)),
        command,
        config,
    };
    let form = if command.json { Form::Json } else { command.form };
    if form == Form::Octodns && domains.len() != 1 {
        return Err("--as octodns prints one zone; name one DOMAIN".to_owned());
    }
    let (start, between, end) = match form {
        Form::Json => ("[", ",\n", "]\n"),
        _ => ("", "\n", ""),
    };
    // What holds for all domains is said with the first.
    let mut said = BTreeSet::new();
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    let mut text = start.to_owned();
    let (mut status, mut first) = (ExitCode::SUCCESS, true);
    for domain in &domains {
        match zones.zone(domain) {
            Ok(Some(mut zone)) => {
                text += if first { "" } else { between };
                if form != Form::Json {
                    zone.notes.retain(|note| said.insert(note.clone()));
                }
                text += &match form {
                    Form::Zone => zone.text(domain),
                    Form::Json => zone.json(domain).to_string(),
                    Form::Nsupdate => zone.nsupdate(domain),
                    Form::Octodns => zone.octodns(domain),
                };
                first = false;
            }
            // One that is configured to offer nothing takes nothing from the others.
            Ok(None) if command.domains.is_empty() => warn(&not_served(domain, &zones.config)),
            Ok(None) => status = complain(&not_served(domain, &zones.config)),
            Err(problem) => status = complain(&problem),
        }
        stdout.write_all(text.as_bytes()).map_err(|error| unwritten(&error))?;
        text.clear();
    }
    stdout
        .write_all(end.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| unwritten(&error))?;
    Ok(status)
}

/// The host that answers.
fn host(command: &Dns, config: &Config) -> Result<String, Problem> {
    if let Some(host) = &command.host {
        if !host.as_str().contains('.') {
            warn(&format_args!(
                "'{host}' has no dot; name the whole host, like {host}.example.org"
            ));
        }
        return Ok(host.to_string());
    }
    let first = || command.domains.first().map(|domain| format!("autodiscover.{domain}"));
    let host = config.host()?.map(|host| host.to_string()).or_else(first).unwrap_or_default();
    warn_of_new_name(config, &host)?;
    Ok(host)
}

/// What the zones of all domains have in common.
struct Zones<'a> {
    host: String,
    /// Whether the name of the host is only a guess.
    is_guess: bool,
    /// The configuration that is to come, or that was.
    other: Option<Place>,
    command: &'a Dns,
    config: Config<'a>,
}

impl Zones<'_> {
    /// The records of a domain; None when it is not served.
    fn zone(&self, domain: &Domain) -> Result<Option<Zone>, Problem> {
        let mut zone = Zone::default();
        if self.is_guess {
            zone.note(format!("{} stands for your web server: --host names another.", self.host));
        }
        let mail_server = self.command.mx.as_ref();
        // The hoster's own domain has names below it, since its customers ask one of them.
        let hoster = mail_server.map(domain_of_mail_server);
        let below = !self.command.srv && hoster.is_none_or(|hoster| hoster == *domain);
        let Served { account, moved, .. } = match Discovery::of(domain, &self.config)? {
            Some(discovery) => {
                zone.discovery(domain, &self.host, &discovery, below);
                if below && discovery.served.moved.is_none() {
                    self.pacc(domain, &discovery, &mut zone)?;
                }
                if self.command.srv && mail_server.is_none() && discovery.autoconfig {
                    zone.mailconf(domain, &self.host);
                }
                discovery.served
            }
            None => match self.guest(domain)? {
                Some(served) => served,
                None => return Ok(None),
            },
        };
        if let Some(mail_server) = mail_server {
            zone.found_by_mx(domain, mail_server, &self.host);
        }
        if moved.is_none() {
            zone.mail(domain, &account);
            for (name, dav) in [("caldav", &account.caldav), ("carddav", &account.carddav)] {
                if let Some(dav) = dav {
                    zone.dav(domain, name, dav);
                }
            }
            zone.jmap_and_sieve(domain, &account);
        }
        zone.aliases_as_targets();
        zone.records.sort();
        Ok(Some(zone))
    }

    /// What the host says to a domain that is not configured, and that only its MX record leads here.
    fn guest(&self, domain: &Domain) -> Result<Option<Served>, Problem> {
        match &self.command.mx {
            Some(mail_server) => {
                let hoster = domain_of_mail_server(mail_server);
                let question = Question::new(domain.clone(), User::Hidden(None));
                self.config.served(&Question { host: Some(hoster), ..question })
            }
            None => Ok(None),
        }
    }

    /// PACC: the digests without which clients discard what it answers.
    fn pacc(&self, domain: &Domain, discovery: &Discovery, zone: &mut Zone) -> Result<(), Problem> {
        let other = match &self.other {
            Some(place) => pacc(domain, &Config::of(place))?,
            None => None,
        };
        if self.other.is_some() && other.is_none() {
            zone.note(format!("By the other configuration {domain} has no PACC."));
        }
        let owner = format!("_ua-auto-config.{domain}");
        let mut digests: Vec<String> =
            discovery.pacc.iter().chain(&other).map(|document| digest(document)).collect();
        digests.dedup();
        if self.other.is_none() && !digests.is_empty() {
            zone.note(format!("The digest at {owner} changes with what its document says:"));
            zone.note("before you change the configuration, --and prints the new one beside it.");
        }
        for digest in digests {
            zone.record(owner.clone(), Data::Txt(digest));
        }
        Ok(())
    }
}

/// The domain below which clients of autoconfig look for the settings of whoever has this mail server:
/// the name without its first label, as long as two are left.
fn domain_of_mail_server(mail_server: &Domain) -> Domain {
    let above = mail_server.as_str().split_once('.').map(|(_, above)| above);
    let above = above.filter(|above| above.contains('.')).and_then(Domain::new);
    above.unwrap_or_else(|| mail_server.clone())
}

/// One resource record; the order is that of the lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    /// A complete name, with its dot at the end.
    owner: String,
    data: Data,
}

/// The type of a record and what it says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Data {
    Cname(String),
    /// RFC 2782; the target `.` says that there is no such service.
    Srv {
        priority: u16,
        weight: u16,
        port: u16,
        target: String,
    },
    Txt(String),
}

/// The records of a domain, with what must be said about them.
#[derive(Debug, Default)]
struct Zone {
    records: Vec<Record>,
    notes: Vec<String>,
}

impl Zone {
    fn record(&mut self, owner: String, data: Data) {
        self.records.push(Record { owner: format!("{owner}."), data });
    }

    fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    /// An alias, unless the host has that very name: then it needs an address there.
    fn alias(&mut self, owner: String, host: &str) {
        if owner == host {
            self.note(format!(
                "{owner} is the web server itself: fill in its address, A and AAAA."
            ));
            self.note(format!("{owner}. A 192.0.2.1"));
        } else {
            self.record(owner, Data::Cname(format!("{host}.")));
        }
    }

    /// A service at a host (RFC 2782), or that there is no such service.
    fn service(&mut self, domain: &Domain, service: &str, target: Option<(u16, u16, u16, &str)>) {
        let (priority, weight, port, host) = target.unwrap_or((0, 0, 0, ""));
        let data = Data::Srv { priority, weight, port, target: format!("{host}.") };
        self.record(format!("_{service}._tcp.{domain}"), data);
    }

    /// The way to the web server, where wanted by names below the domain.
    fn discovery(&mut self, domain: &Domain, host: &str, discovery: &Discovery, below: bool) {
        self.service(domain, "autodiscover", Some((0, 0, 443, host)));
        self.note(
            "Names that SRV records lead to need address records: none may be a CNAME (RFC 2782).",
        );
        self.note("A web form asks for the four parts of SRV: priority, weight, port, target.");
        self.note(format!(
            "So Autodiscover's leads to https://{host}/autodiscover/autodiscover.xml:"
        ));
        self.note("this program must answer there too, with a certificate for that name.");
        let autodiscover = format!("autodiscover.{domain}");
        if below {
            discovery.hosts(domain).into_iter().for_each(|name| self.alias(name, host));
        } else if autodiscover == host {
            self.alias(autodiscover, host);
        } else {
            self.note(format!("{autodiscover} must not exist, nor a wildcard that covers it:"));
            self.note("Outlook would ask there first.");
        }
        if let Some(redirect) = &discovery.served.moved {
            self.note(format!("{domain} has moved to {}:", target(redirect)));
            self.note(if discovery.autoconfig {
                "autoconfig answers here with the settings there."
            } else {
                "whoever serves it there publishes its mail servers and its autoconfig."
            });
        }
    }

    /// Where autoconfig is without a name of its own (Himalaya and myl-discovery, 2026).
    fn mailconf(&mut self, domain: &Domain, host: &str) {
        self.note("Himalaya and myl find autoconfig by the TXT record with mailconf.");
        // Nobody's local part, so that no list is looked at.
        let path = format!("/mail/config-v1.1.xml?emailaddress={DUMMY}@{domain}");
        self.record(domain.to_string(), Data::Txt(format!("mailconf=https://{host}{path}")));
    }

    /// The way to autoconfig by the MX record (draft-ietf-mailmaint-autoconfig, «domain hosters»).
    fn found_by_mx(&mut self, domain: &Domain, mail_server: &Domain, host: &str) {
        let hoster = domain_of_mail_server(mail_server);
        let autoconfig = format!("autoconfig.{hoster}");
        self.note(format!("The MX record of {domain} must name {mail_server}."));
        self.note(format!("So clients ask https://{autoconfig}/mail/config-v1.1.xml:"));
        self.note("that one name needs a record and a certificate, for all such domains together.");
        let there = self.records.iter().any(|record| record.owner == format!("{autoconfig}."));
        if *domain == hoster && !there {
            self.alias(autoconfig, host);
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
                    "_{there}._tcp is missing: {} must be a host name. Give the server a name.",
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
            return;
        }
        let text = format!("path={}", url.path());
        if text.len() > LONGEST_PATH {
            self.note(format!(
                "_{service}._tcp has no path, because it is too long (RFC 6763, 6.1):"
            ));
            self.note(format!("/.well-known/{name} on {host} must redirect to it (RFC 6764)."));
        } else {
            self.record(format!("_{service}._tcp.{domain}"), Data::Txt(text));
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
                self.note(format!("_sieve._tcp is missing: {name} must be a host name."));
            } else if sieve.encryption == Encryption::Ssl {
                self.note("_sieve._tcp is missing: its clients begin in the clear (RFC 5804).");
            } else {
                self.service(domain, "sieve", Some((0, 1, sieve.port, &name)));
            }
        }
    }

    /// RFC 2782: the target of an SRV record must not be an alias.
    fn aliases_as_targets(&mut self) {
        let aliases: BTreeSet<&str> = self
            .records
            .iter()
            .filter(|record| matches!(record.data, Data::Cname(_)))
            .map(|record| record.owner.as_str())
            .collect();
        let wrong = self.records.iter().filter_map(|Record { owner, data }| match data {
            Data::Srv { target, .. } if aliases.contains(target.as_str()) => {
                let [owner, target] = [owner, target].map(|name| name.trim_end_matches('.'));
                Some(format!("{owner} leads to {target}, which must not be a CNAME then."))
            }
            _ => None,
        });
        let wrong: Vec<String> = wrong.collect();
        self.notes.extend(wrong);
    }

    /// The lines, with the names as wide as the widest.
    fn text(&self, domain: &Domain) -> String {
        let width = self.records.iter().map(|record| record.owner.len()).max().unwrap_or_default();
        let mut text = self.comments(domain, ';');
        let line = |Record { owner, data }: &Record| {
            format!("{owner:width$} {} {}\n", data.kind(), data.text())
        };
        text.extend(self.records.iter().map(line));
        text
    }

    /// The notes as comments, after this mark.
    fn comments(&self, domain: &Domain, mark: char) -> String {
        let notes = self.notes.iter().map(|note| format!("{mark} {note}\n"));
        format!("{mark} What mail clients look up for {domain}.\n") + &notes.collect::<String>()
    }

    /// Replaces each set of records by what it must be; at the domain's own name others have TXT records too.
    fn nsupdate(&self, domain: &Domain) -> String {
        let apex = format!("{domain}.");
        let mut text = self.comments(domain, ';');
        let sets: BTreeSet<_> =
            self.records.iter().map(|record| (&record.owner, record.data.kind())).collect();
        for (owner, kind) in sets.into_iter().filter(|(owner, _)| **owner != apex) {
            text += &format!("update delete {owner} {kind}\n");
        }
        for Record { owner, data } in &self.records {
            text += &format!("update add {owner} {TTL} {} {}\n", data.kind(), data.text());
        }
        text + "send\n"
    }

    /// A zone of octoDNS's YamlProvider; JSON is YAML too.
    fn octodns(&self, domain: &Domain) -> String {
        let mut names: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
        for Record { owner, data } in &self.records {
            let name = owner.trim_end_matches('.').strip_suffix(domain.as_str()).unwrap_or(owner);
            let kinds = names.entry(name.trim_end_matches('.')).or_default();
            let set = kinds
                .entry(data.kind())
                .or_insert_with(|| json!({ "ttl": TTL, "type": data.kind(), "values": [] }));
            let value = match data {
                Data::Cname(target) => {
                    *set = json!({ "ttl": TTL, "type": data.kind(), "value": target });
                    continue;
                }
                Data::Srv { priority, weight, port, target } => {
                    json!({ "port": port, "priority": priority, "target": target, "weight": weight })
                }
                // octoDNS takes a semicolon for the start of a comment.
                Data::Txt(text) => json!(text.replace(';', "\\;")),
            };
            if let Some(values) = set["values"].as_array_mut() {
                values.push(value);
            }
        }
        let sets = |kinds: BTreeMap<_, Value>| match kinds.len() {
            1 => kinds.into_values().next().unwrap_or_default(),
            _ => Value::Array(kinds.into_values().collect()),
        };
        let zone: BTreeMap<_, _> =
            names.into_iter().map(|(name, kinds)| (name, sets(kinds))).collect();
        format!("{}---\n{:#}\n", self.comments(domain, '#'), json!(zone))
    }

    /// The same for programs; hosts have their dot at the end, texts are in one piece.
    fn json(&self, domain: &Domain) -> Value {
        let records = self.records.iter().map(|Record { owner, data }| {
            let mut record = json!({ "name": owner, "type": data.kind(), "data": data.text() });
            match data {
                Data::Cname(target) => record["target"] = json!(target),
                Data::Srv { priority, weight, port, target } => {
                    record["priority"] = json!(priority);
                    record["weight"] = json!(weight);
                    record["port"] = json!(port);
                    record["target"] = json!(target);
                }
                Data::Txt(text) => record["text"] = json!(text),
            }
            record
        });
        json!({
            "domain": domain.as_str(),
            "records": records.collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }
}

impl Data {
    fn kind(&self) -> &'static str {
        match self {
            Data::Cname(_) => "CNAME",
            Data::Srv { .. } => "SRV",
            Data::Txt(_) => "TXT",
        }
    }

    /// As a zone file has it.
    fn text(&self) -> String {
        match self {
            Data::Cname(target) => target.clone(),
            Data::Srv { priority, weight, port, target } => {
                format!("{priority} {weight} {port} {target}")
            }
            Data::Txt(text) => strings(text),
        }
    }
}

/// The longest text of a record that readers take as one string, in bytes (RFC 6763, 6.1).
const LONGEST_PATH: usize = 250;

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

/// Whether a server of the configuration is something else than a name that DNS could hold.
fn is_address(server: &str) -> bool {
    Domain::is_numeric(server) || !Domain::is_name(server)
}

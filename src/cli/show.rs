//! `show`: prints what a client gets for an address, byte for byte as the web server would send it.

use std::process::ExitCode;

use clap::ValueEnum;
use quick_xml::escape::escape;

use super::{complain, discovery, not_served, print};
use crate::Stop;
use crate::address::Address;
use crate::audience::Question;
use crate::config::{Config, Place};
use crate::http::{Received, Reply};
use crate::protocol::{self, pox};
use crate::refusal::Refusal;
use crate::url::parameter_value;

/// Prints what a client would get
///
/// With --as it prints the body of the answer and nothing else, byte for byte as the web server
/// sends it. The output of --as outlook is also a file for Outlook's local XML method
/// (PreferLocalXML).
///
/// Without --as it prints every format under a heading, for reading.
#[derive(clap::Args)]
pub struct Show {
    /// A mail address, as a user would type it
    address: String,
    /// The format to print
    #[arg(long = "as", value_name = "FORMAT", value_enum, default_value_t = Format::All)]
    format: Format,
}

/// What can be asked for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Outlook, Thunderbird and eM Client: Autodiscover POX
    Outlook,
    /// Telephones with Exchange ActiveSync: Autodiscover POX
    Mobilesync,
    /// Outlook 2016 and later: Autodiscover V2, for the protocol AutodiscoverV1
    Json,
    /// Thunderbird, K-9, Evolution, KMail: config-v1.1.xml
    Autoconfig,
    /// iPhone, iPad and Mac: a configuration profile
    Mobileconfig,
    /// PACC: user-agent-configuration.json
    Pacc,
    /// The page for people
    Page,
    /// Each of these under a heading
    All,
}

pub fn run(command: &Show, place: &Place) -> ExitCode {
    let Some(address) = Address::new(&command.address) else {
        let text = super::shown(&command.address);
        return complain(&format_args!("'{text}' must be a mail address, like ada@example.org"));
    };
    let domain = address.domain();
    let config = &Config::of(place);
    match config.served(&Question { login: false, ..Question::named(address.clone()) }) {
        Ok(Some(_)) => {}
        Ok(None) => return complain(&not_served(domain, config)),
        Err(fault) => return complain(&fault),
    }
    if command.format == Format::All {
        return all(&address, config);
    }
    match command.format.reply(&address, config) {
        Ok(reply) => print(&reply.body),
        Err(Stop::Faulty(problem)) => complain(&problem),
        Err(Stop::Refused(refusal)) => {
            complain(&format_args!("{domain}: {}", command.format.reason(&refusal)))
        }
    }
}

fn all(address: &Address, config: &Config) -> ExitCode {
    let mut text = Vec::new();
    for format in Format::value_variants().iter().filter(|format| **format != Format::All) {
        let (method, host, target) = format.target(address);
        let name = format.to_possible_value();
        let name = name.as_ref().map_or("", |name| name.get_name());
        text.extend(format!("== {name}: {method} https://{host}{target}\n").bytes());
        match format.reply(address, config) {
            Ok(reply) => {
                if reply.status != 200 {
                    text.extend(format!("{} {}\n", reply.status, reply.reason()).bytes());
                }
                let locations = reply.headers.iter().filter(|(name, _)| *name == "Location");
                locations.for_each(|(name, url)| text.extend(format!("{name}: {url}\n").bytes()));
                text.extend(&reply.body);
                if !reply.body.ends_with(b"\n") {
                    text.push(b'\n');
                }
            }
            Err(Stop::Faulty(problem)) => return complain(&problem),
            Err(Stop::Refused(refusal)) => {
                text.extend(format!("nothing: {}\n", format.reason(&refusal)).bytes());
            }
        }
        text.push(b'\n');
    }
    // Between the formats, not after the last.
    text.pop();
    print(&text)
}

impl Format {
    /// What the web server would send to a client that asks for this format.
    pub fn reply(self, address: &Address, config: &Config) -> Result<Reply, Stop> {
        let received = self.received(address);
        crate::answer(protocol::asked(&received), &received, config)
    }

    /// The request as the web server would hand it over.
    fn received(self, address: &Address) -> Received {
        let (method, host, target) = self.target(address);
        let body = match self {
            Format::Outlook => posted(address, pox::OUTLOOK),
            Format::Mobilesync => posted(address, pox::MOBILESYNC),
            _ => Vec::new(),
        };
        let mut received = discovery::received(method, &host, &target, body);
        if self == Format::Page {
            received.accept = "text/html".to_owned();
        }
        received
    }

    /// Method, host and request target of the format.
    fn target(self, address: &Address) -> (&'static str, String, String) {
        let email = parameter_value(address.email());
        let domain = address.domain();
        let (method, name, target) = match self {
            Format::Outlook | Format::Mobilesync | Format::All => {
                ("POST", "autodiscover", "/autodiscover/autodiscover.xml".to_owned())
            }
            Format::Json => (
                "GET",
                "autodiscover",
                format!("/autodiscover/autodiscover.json?Email={email}&Protocol=AutodiscoverV1"),
            ),
            Format::Autoconfig => {
                ("GET", "autoconfig", format!("/mail/config-v1.1.xml?emailaddress={email}"))
            }
            Format::Mobileconfig => {
                ("GET", "autodiscover", format!("/mail/{domain}.mobileconfig?emailaddress={email}"))
            }
            Format::Pacc => {
                ("GET", "ua-auto-config", "/.well-known/user-agent-configuration.json".to_owned())
            }
            Format::Page => ("GET", "autodiscover", format!("/?emailaddress={email}")),
        };
        (method, format!("{name}.{domain}"), target)
    }

    /// Why there is nothing, and what would change that.
    fn reason(self, refusal: &Refusal) -> &'static str {
        match (refusal, self) {
            (Refusal::Moved, _) => "the domain has moved, and this format cannot say where to",
            (Refusal::ProviderUnavailable, Format::Outlook) => {
                "the domain has no mail server; configure [imap], [pop3] or [smtp]"
            }
            (Refusal::ProviderUnavailable, Format::Mobilesync) => {
                "the domain has no ActiveSync server; configure [mobilesync] if there is one"
            }
            (Refusal::ProviderUnavailable, Format::Autoconfig) => {
                "the format needs an incoming and an outgoing server, both with encryption or neither; configure [imap] or [pop3], and [smtp]"
            }
            (Refusal::ProviderUnavailable, Format::Mobileconfig) => {
                "there is nothing to set up; configure [imap] or [pop3] with [smtp], [mobilesync], [caldav] or [carddav], and let them take a password"
            }
            (Refusal::ProviderUnavailable, Format::Pacc) => {
                "the format needs an incoming and an outgoing server, with implicit TLS on the usual port, the address as login name, and \"password\" or \"oauth2\" for both"
            }
            _ => refusal.row().sentence,
        }
    }
}

/// The request of Outlook and of those who imitate it.
fn posted(address: &Address, schema: &str) -> Vec<u8> {
    let request = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006";
    let email = escape(address.email());
    format!(
        "<Autodiscover xmlns=\"{request}\"><Request><EMailAddress>{email}</EMailAddress>\
         <AcceptableResponseSchema>{schema}</AcceptableResponseSchema></Request></Autodiscover>"
    )
    .into_bytes()
}

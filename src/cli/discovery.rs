//! How clients find the program for a domain: the host names that they ask, and what it answers there.

use crate::Problem;
use crate::Stop;
use crate::account::Served;
use crate::address::{Address, Domain};
use crate::audience::Question;
use crate::cgi;
use crate::config::Config;
use crate::http::Received;
use crate::protocol::{PACC, Protocol};

/// What DNS and certificates must know of a domain.
pub struct Discovery {
    pub served: Served,
    /// Whether autoconfig answers: for a domain that has moved, only where its new address is served here.
    pub autoconfig: bool,
    /// The document of PACC; None where the configuration cannot be said in it.
    pub pacc: Option<Vec<u8>>,
}

impl Discovery {
    /// None when the domain is not served.
    pub fn of(domain: &Domain, config: &Config) -> Result<Option<Discovery>, Problem> {
        let Some(postmaster) = Address::new(&format!("postmaster@{domain}")) else {
            return Ok(None);
        };
        let question = Question { login: false, ..Question::named(postmaster) };
        let Some(served) = config.served(&question)? else { return Ok(None) };
        let there = match served.moved {
            Some(_) => config.served(&Question { follows: true, ..question })?,
            None => None,
        };
        let autoconfig = there.as_ref().unwrap_or(&served).moved.is_none();
        let pacc = pacc(domain, config)?;
        Ok(Some(Discovery { served, autoconfig, pacc }))
    }

    /// The hosts below the domain that clients ask: each needs a record in DNS and a certificate.
    pub fn hosts(&self, domain: &Domain) -> Vec<String> {
        let names = [
            (true, "autodiscover"),
            (self.autoconfig, "autoconfig"),
            (self.pacc.is_some(), "ua-auto-config"),
        ];
        let names = names.into_iter().filter(|(there, _)| *there);
        names.map(|(_, name)| format!("{name}.{domain}")).collect()
    }
}

/// The document of PACC for a domain; None when there is none.
pub fn pacc(domain: &Domain, config: &Config) -> Result<Option<Vec<u8>>, Problem> {
    let path = PACC.paths.first().copied().unwrap_or_default();
    let received = received("GET", &format!("ua-auto-config.{domain}"), path, Vec::new());
    document(&PACC, &received, config)
}

/// What a protocol answers to a request; None when it refuses.
pub fn document(
    protocol: &Protocol,
    received: &Received,
    config: &Config,
) -> Result<Option<Vec<u8>>, Problem> {
    match crate::answer(protocol, received, config) {
        Ok(reply) => Ok(Some(reply.body)),
        Err(Stop::Refused(_)) => Ok(None),
        Err(Stop::Faulty(problem)) => Err(problem),
    }
}

/// The request as a web server would hand it over.
pub fn received(method: &str, host: &str, target: &str, body: Vec<u8>) -> Received {
    let variable = |name: &str| match name {
        "REQUEST_URI" => Some(target.to_owned()),
        "HTTP_HOST" | "SERVER_NAME" => Some(host.to_owned()),
        _ => None,
    };
    cgi::described(variable, method.to_owned(), Ok(body))
}

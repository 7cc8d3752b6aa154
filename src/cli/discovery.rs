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
        let pacc = pacc(domain, config)?;
        Ok(Some(Discovery { served, pacc }))
    }

    /// The hosts below the domain that clients ask: each needs a record in DNS and a certificate.
    pub fn hosts(&self, domain: &Domain) -> Vec<String> {
        let names: &[&str] = match (&self.served.moved, &self.pacc) {
            // Neither autoconfig nor PACC has a way to say that the domain has moved.
            (Some(_), _) => &["autodiscover"],
            (None, None) => &["autodiscover", "autoconfig"],
            (None, Some(_)) => &["autodiscover", "autoconfig", "ua-auto-config"],
        };
        names.iter().map(|name| format!("{name}.{domain}")).collect()
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

//! The page of the program's own URL: that it runs, whether its configuration is sound, and what to try next.

use askama::Template;

use super::{GET, PROTOCOLS, Protocol};
use crate::account::{Account, User};
use crate::address::Domain;
use crate::http::{HTML, Received, Reply};
use crate::refusal::Refusal;
use crate::request::{Request, domain_of_host};

pub static SELF_TEST: Protocol = Protocol { paths: &[], methods: GET, read, answer, refuse };

#[derive(Template)]
#[template(path = "self_test.html", config = "src/protocol/page/askama.toml")]
struct SelfTest<'a> {
    version: &'static str,
    /// The domain of the host that was asked.
    domain: &'a str,
    state: State,
    /// What to try: every path that has no part of its own.
    paths: Vec<&'static str>,
    script: &'static str,
}

/// What the configuration says of the domain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Served,
    NotServed,
    Faulty,
}

const SCRIPT: &str = include_str!("self_test/self_test.js");

/// Our own script by its hash, which asks for the configuration as a stranger would, and nothing else (CSP level 3).
const POLICY: &str = "default-src 'none'; connect-src 'self'; \
    script-src 'sha256-RiknaNFA6wcfFmSP7uXiXiGrtnT+aQxxwcC2rJyGp7Q='; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Without a name in the host there is no domain to ask for; the configuration is read all the same.
fn read(received: &Received) -> Result<Request<'_>, Refusal> {
    let domain = domain_of_host(received).or_else(|| Domain::new("localhost"));
    let domain = domain.ok_or(Refusal::InvalidRequest)?;
    Ok(Request { domain, user: User::Everyone, host: None, wanted: None, received })
}

fn answer(request: &Request, _: Account) -> Result<Reply, Refusal> {
    Ok(page(request.received, State::Served))
}

fn refuse(received: &Received, refusal: &Refusal) -> Reply {
    match refusal {
        Refusal::NotServed => page(received, State::NotServed),
        Refusal::Fault => page(received, State::Faulty).refused(refusal),
        _ => Reply::sentence(refusal),
    }
}

/// No path and no value of the configuration is in it: whoever knows the URL may read it.
fn page(received: &Received, state: State) -> Reply {
    let domain = domain_of_host(received);
    let page = SelfTest {
        version: env!("CARGO_PKG_VERSION"),
        domain: domain.as_ref().map_or("", Domain::as_str),
        state,
        paths: PROTOCOLS.iter().flat_map(|protocol| protocol.paths).copied().collect(),
        script: SCRIPT,
    };
    // Writing to memory cannot fail.
    let text = page.render().unwrap_or_default();
    Reply::new(HTML, text.into_bytes()).header("Content-Security-Policy", POLICY)
}

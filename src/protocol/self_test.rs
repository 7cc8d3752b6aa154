//! The page of the program's own URL: that it runs, whether its configuration is sound, and what to try next.

use askama::Template;

use super::page::{Frame, MAIL};
use super::visitor::language::filled;
use super::{PROTOCOLS, Protocol, Request, Visitor};
use crate::account::{Account, Served};
use crate::address::Domain;
use crate::audience::{Question, User};
use crate::http::{Received, Reply};
use crate::refusal::Refusal;
use crate::request::EMAILADDRESS;
use crate::url::part;

pub static SELF_TEST: Protocol = Protocol {
    read,
    answer,
    moved: |request, account, _| Ok(page(request.visitor, State::Served, Some(account))),
    refuse,
    ..Protocol::DOCUMENT
};

#[derive(Template)]
#[template(path = "self_test.html", config = "src/protocol/page/askama.toml")]
struct SelfTest<'a> {
    frame: &'a Frame<'a>,
    version: &'static str,
    /// What the configuration says of the domain.
    sentence: String,
    /// Whether that is wrong.
    alarm: bool,
    /// What nobody may read, beside the program.
    files: String,
    /// What to try.
    links: Vec<String>,
}

/// What the configuration says of the domain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Served,
    NotServed,
    Faulty,
}

const SCRIPT: &str = include_str!("self_test/self_test.js");
/// The script asks for the configuration as a stranger would, and for the links.
const SCRIPT_SOURCE: &str =
    "connect-src 'self'; script-src 'sha256-XTw0i7ljbWhCLMm+uCDpgJAfgTx7L1hBZIv3crvCBHU='; ";

/// Without a name in the host there is no domain to ask for; the configuration is read all the same.
fn read(_: &Received, visitor: Visitor) -> Result<Question, Refusal> {
    let domain = visitor.domain().or_else(|| Domain::new("localhost"));
    let domain = domain.ok_or(Refusal::InvalidRequest)?;
    Ok(Question { logo: visitor.html(), ..Question::new(domain, User::Everyone) })
}

fn answer(request: &Request, Served { account, .. }: Served) -> Result<Reply, Refusal> {
    Ok(page(request.visitor, State::Served, Some(&account)))
}

fn refuse(visitor: Visitor, refusal: &Refusal, _: Option<&Account>) -> Reply {
    match refusal {
        Refusal::NotServed => page(visitor, State::NotServed, None),
        Refusal::Fault => page(visitor, State::Faulty, None).refused(refusal),
        _ => Reply::sentence(refusal),
    }
}

/// No path and no value of the configuration is in it but whose page it is: whoever knows the URL may read it.
fn page(visitor: Visitor, state: State, account: Option<&Account>) -> Reply {
    let frame = Frame::new(visitor, account);
    let domain = visitor.domain();
    let domain = domain.as_ref().map_or("", Domain::as_str);
    let texts = frame.texts;
    let (sentence, links) = match state {
        State::Served => (texts.valid_and_serves, links(domain)),
        State::NotServed if domain.is_empty() => (texts.no_domain, vec![MAIL.to_owned()]),
        State::NotServed => (texts.does_not_serve, vec![MAIL.to_owned()]),
        State::Faulty => (texts.faulty, Vec::new()),
    };
    let page = SelfTest {
        frame: &frame,
        version: env!("CARGO_PKG_VERSION"),
        sentence: filled(sentence, &[("domain", domain)]),
        alarm: state != State::Served,
        // A directory that does not list its files may still hand them out.
        files: format!("autodiscover.toml domains/ domains/{domain}.toml"),
        links,
    };
    frame.reply(&page, SCRIPT_SOURCE)
}

/// Every path of the table, asked as its clients do for an address of the domain.
fn links(domain: &str) -> Vec<String> {
    let address = format!("name@{domain}");
    let email = part(&address);
    let query = format!("{EMAILADDRESS}={email}&Email={email}&Protocol=AutodiscoverV1");
    let paths = PROTOCOLS.iter().flat_map(|protocol| protocol.paths);
    let links = paths.map(|path| match *path {
        "" => format!("/?{query}"),
        path => format!("{}?{query}", path.replace('*', &address)),
    });
    links.collect()
}

#[cfg(test)]
mod tests {
    use super::super::page::let_in;
    use super::*;

    #[test]
    fn the_policy_lets_the_script_in() {
        let_in(SCRIPT, SCRIPT_SOURCE);
    }
}

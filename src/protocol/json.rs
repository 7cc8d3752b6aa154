//! Autodiscover V2: says in JSON where a protocol is spoken; Microsoft's clients ask it first.

use serde_json::json;

use super::{Protocol, Request, Visitor, part};
use crate::account::{Account, Redirect, Served};
use crate::address::{Address, Domain};
use crate::audience::Question;
use crate::http::{self, Received, Reply};
use crate::refusal::Refusal;
use crate::request::{address_parameter, parameter};

pub static JSON: Protocol = Protocol {
    paths: &[
        "/autodiscover/autodiscover.json",
        // The form of the next without its address.
        "/autodiscover/autodiscover.json/v1.0",
        WITH_ADDRESS,
    ],
    read,
    answer,
    moved,
    refuse,
    ..Protocol::DOCUMENT
};

/// Outlook 2016 and later put the address into the path.
const WITH_ADDRESS: &str = "/autodiscover/autodiscover.json/v1.0/*";

fn read(received: &Received, visitor: Visitor) -> Result<Question, Refusal> {
    let path = received.path.as_deref().unwrap_or_default();
    let address = match part(WITH_ADDRESS, path.strip_suffix('/').unwrap_or(path)) {
        Some(address) => Address::new(address),
        None => address_parameter(received, "email")?,
    };
    let address = address.ok_or(Refusal::InvalidRequest)?;
    let host = visitor.domain();
    let wanted = parameter(&received.query, "protocol");
    Ok(Question { host, login: false, wanted, ..Question::named(address) })
}

fn answer(
    request: &Request,
    Served { account, host_is_served, .. }: Served,
) -> Result<Reply, Refusal> {
    let wanted = request.question.wanted.as_deref().unwrap_or_default();
    match &account.mobilesync {
        _ if wanted.eq_ignore_ascii_case(POX) => {
            Ok(found(POX, &pox_url(request, &account, host_is_served)))
        }
        Some(server) if wanted.eq_ignore_ascii_case(EAS) => Ok(found(EAS, &server.url)),
        _ => Err(unknown(wanted)),
    }
}

/// Only a redirect to a URL can be said, and only that of Autodiscover POX.
fn moved(request: &Request, _: &Account, redirect: &Redirect) -> Result<Reply, Refusal> {
    let wanted = request.question.wanted.as_deref().unwrap_or_default();
    match redirect {
        Redirect::Address(_) => Err(Refusal::Moved),
        Redirect::Url(url) if wanted.eq_ignore_ascii_case(POX) => {
            Ok(found(POX, url).outcome("redirected"))
        }
        Redirect::Url(_) => Err(unknown(wanted)),
    }
}

/// The two protocols that we answer.
const POX: &str = "AutodiscoverV1";
const EAS: &str = "ActiveSync";

fn found(protocol: &str, url: &str) -> Reply {
    let body = json!({ "Protocol": protocol, "Url": url }).to_string();
    Reply::new(http::JSON, body.into_bytes())
}

/// Only an alphanumeric name is echoed.
fn unknown(wanted: &str) -> Refusal {
    let word = !wanted.is_empty() && wanted.bytes().all(|b| b.is_ascii_alphanumeric());
    Refusal::InvalidProtocol(word.then(|| wanted.to_owned()))
}

/// Where Autodiscover POX is spoken: on the host that was asked, unless that looks like the inner host of a proxy.
fn pox_url(request: &Request, account: &Account, host_is_served: bool) -> String {
    let below = |host: &Domain| host.is_at_or_below(&account.domain);
    let host = match request.visitor.authority() {
        Some(host) if host_is_served || request.question.host.as_ref().is_some_and(below) => host,
        _ => format!("autodiscover.{}", account.domain),
    };
    format!("https://{host}/autodiscover/autodiscover.xml")
}

/// A refusal in the form of Exchange Online.
fn refuse(_: Visitor, refusal: &Refusal, _: Option<&Account>) -> Reply {
    let code = match refusal {
        Refusal::InvalidProtocol(_) => "InvalidProtocol",
        Refusal::NotServed | Refusal::Moved => "DomainNotFound",
        Refusal::MethodNotAllowed { .. } => "MethodNotAllowed",
        Refusal::Fault => "InternalServerError",
        _ => "InvalidRequest",
    };
    let message = match refusal {
        Refusal::InvalidProtocol(Some(protocol)) => {
            format!("The protocol '{protocol}' is not supported for this address.")
        }
        _ => refusal.row().sentence.to_owned(),
    };
    let body = json!({ "ErrorCode": code, "ErrorMessage": message }).to_string();
    Reply::new(http::JSON, body.into_bytes()).refused(refusal)
}

//! Autodiscover V2: says in JSON where a protocol is spoken; Microsoft's clients ask it first.

use serde_json::json;

use super::{GET, Protocol, part};
use crate::account::{Account, Redirect, User};
use crate::address::{Address, Domain};
use crate::http::{self, Received, Reply};
use crate::refusal::Refusal;
use crate::request::{Request, address_parameter, authority, domain_of_host, parameter};

pub static JSON: Protocol = Protocol {
    paths: &[
        "/autodiscover/autodiscover.json",
        // The form of the next without its address.
        "/autodiscover/autodiscover.json/v1.0",
        WITH_ADDRESS,
    ],
    methods: GET,
    read,
    answer,
    refuse,
};

/// Outlook 2016 and later put the address into the path.
const WITH_ADDRESS: &str = "/autodiscover/autodiscover.json/v1.0/*";

fn read(received: &Received) -> Result<Request<'_>, Refusal> {
    let path = received.path.as_deref().unwrap_or_default();
    let address = match part(WITH_ADDRESS, path.strip_suffix('/').unwrap_or(path)) {
        Some(address) => Address::new(address),
        None => address_parameter(received, "email")?,
    };
    let address = address.ok_or(Refusal::InvalidRequest)?;
    Ok(Request {
        domain: address.domain().clone(),
        user: User::WithoutLogin(address),
        host: domain_of_host(received),
        wanted: parameter(&received.query, "protocol"),
        received,
    })
}

fn answer(request: &Request, account: Account) -> Result<Reply, Refusal> {
    let wanted = request.wanted.as_deref().unwrap_or_default();
    let (protocol, url) = match (account.redirect.as_ref(), account.mobilesync.as_ref()) {
        (Some(Redirect::Address(_)), _) => return Err(Refusal::Moved),
        (Some(Redirect::Url(url)), _) if wanted.eq_ignore_ascii_case("AutodiscoverV1") => {
            ("AutodiscoverV1", url.to_string())
        }
        (None, _) if wanted.eq_ignore_ascii_case("AutodiscoverV1") => {
            ("AutodiscoverV1", pox_url(request, &account))
        }
        (None, Some(server)) if wanted.eq_ignore_ascii_case("ActiveSync") => {
            ("ActiveSync", server.url.to_string())
        }
        _ => {
            // Only echo the protocol if it is alphanumeric.
            let word = !wanted.is_empty() && wanted.bytes().all(|b| b.is_ascii_alphanumeric());
            return Err(Refusal::InvalidProtocol(word.then(|| wanted.to_owned())));
        }
    };
    let body = json!({ "Protocol": protocol, "Url": url }).to_string();
    let outcome = if account.redirect.is_some() { "redirected" } else { "answered" };
    Ok(Reply::new(http::JSON, body.into_bytes()).outcome(outcome))
}

/// Where Autodiscover POX is spoken: on the host that was asked, unless that looks like the inner host of a proxy.
fn pox_url(request: &Request, account: &Account) -> String {
    let below = |host: &Domain| host.is_at_or_below(&account.domain);
    let host = match authority(&request.received.host) {
        Some(host) if account.host_is_served || request.host.as_ref().is_some_and(below) => host,
        _ => format!("autodiscover.{}", account.domain),
    };
    format!("https://{host}/autodiscover/autodiscover.xml")
}

/// A refusal in the form of Exchange Online.
fn refuse(_: &Received, refusal: &Refusal, _: Option<&Account>) -> Reply {
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

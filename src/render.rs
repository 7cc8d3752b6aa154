//! Turns an answer into a reply: picks the renderer, the status and the headers.

mod autoconfig;
mod error;
mod json;
mod language;
mod mobileconfig;
mod mobilesync;
mod outlook;
mod page;
pub mod user_agent_configuration;
mod xml;

use std::time::SystemTime;

use crate::account::Redirect;
use crate::answer::Answer;
use crate::http::{ONE_HOUR, Received, Reply};
use crate::refusal::Refusal;
use crate::request::Route;

/// What differs between two servers and two moments.
#[derive(Clone)]
pub struct Stamp {
    /// `SERVER_NAME`; may be empty.
    pub server_name: String,
    pub clock: fn() -> SystemTime,
}

/// Thunderbird parses only what begins with `text/xml` or `application/xml`.
const XML: &str = "text/xml; charset=utf-8";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// The reply in the form of the route, for the client that `received` speaks of.
pub fn render(route: Route, answer: &Answer, received: &Received, stamp: &Stamp) -> Reply {
    match answer {
        Answer::Outlook(account) => Reply::new(XML, outlook::settings(account)),
        Answer::OutlookRedirect(redirect) => {
            let reply = Reply::new(XML, outlook::redirect(redirect));
            match redirect {
                // MS-OXDSCLI 3.2.5 prefers the status; Thunderbird knows nothing else.
                Redirect::Url(url) => reply.status(302).header("Location", url.to_string()),
                Redirect::Address(_) => reply,
            }
        }
        Answer::MobileSync { account, server } => {
            Reply::new(XML, mobilesync::settings(account, server))
        }
        Answer::MobileSyncRedirect { account, address } => {
            Reply::new(XML, mobilesync::redirect(account, address))
        }
        Answer::AutodiscoverJson { protocol, url } => Reply::new(JSON, json::answer(protocol, url)),
        Answer::Autoconfig(account) => {
            Reply::new(XML, autoconfig::document(account)).cache_control(ONE_HOUR)
        }
        Answer::MobileConfig { account, payloads } => mobileconfig::reply(account, payloads),
        Answer::UserAgentConfiguration { account, short_name } => {
            let document = user_agent_configuration::document(account, short_name.as_deref());
            Reply::new(JSON, document).cache_control(ONE_HOUR)
        }
        Answer::PageForm => page::form(received),
        Answer::Page { account, profile } => page::settings(account, *profile, received),
        Answer::PageMoved { email, redirect } => {
            page::moved(email, redirect, received).status(Refusal::Moved.status())
        }
        Answer::Refused(refusal) => refused(route, refusal, received, stamp),
        Answer::Fault => fault(route, stamp),
    }
}

fn refused(route: Route, refusal: &Refusal, received: &Received, stamp: &Stamp) -> Reply {
    let (code, message) = (refusal.error_code(), refusal.message());
    let reply = match (route, refusal) {
        // Clients read an error document only from a 200.
        (
            Route::Autodiscover,
            Refusal::InvalidRequest | Refusal::NotServed | Refusal::ProviderUnavailable,
        ) => return Reply::new(XML, error::document(code, message, stamp)),
        (Route::Autodiscover, Refusal::MethodNotAllowed { .. }) if received.accepts_html() => {
            page::explanation(received)
        }
        (Route::Autodiscover, _) => Reply::new(XML, error::document(code, message, stamp)),
        (Route::AutodiscoverJson, _) => Reply::new(JSON, json::refusal(refusal)),
        (Route::Page, _) => page::refusal(refusal, received),
        _ => text(refusal.sentence()),
    };
    let reply = reply.status(refusal.status());
    match refusal {
        Refusal::MethodNotAllowed { allow } => reply.header("Allow", *allow),
        _ => reply,
    }
}

/// A fault in the form of the route; what it is stands in the log alone.
fn fault(route: Route, stamp: &Stamp) -> Reply {
    match route {
        Route::Autodiscover => {
            Reply::new(XML, error::document(603, "Internal server error", stamp))
        }
        Route::AutodiscoverJson => Reply::new(JSON, json::fault()),
        _ => text("The server is not set up correctly."),
    }
    .status(500)
}

fn text(sentence: &str) -> Reply {
    Reply::new(TEXT, format!("{sentence}\n").into_bytes())
}

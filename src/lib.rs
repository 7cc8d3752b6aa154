//! Autodiscover: from a received request to the reply, with nothing of the outside world but what is passed in.

#![forbid(unsafe_code)]

mod account;
mod address;
mod answer;
pub mod cgi;
pub mod cli;
mod config;
mod http;
mod refusal;
mod render;
mod request;
mod schema;
mod url;

/// All keys of the configuration, for its manual and for editors.
pub use config::keys;

/// The inside, for the fuzz targets of `fuzz/`; no ordinary build has it.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;

#[cfg(test)]
mod properties;

use answer::Answer;
use config::{Place, Problem};
use http::{Received, Reply};
use refusal::Refusal;
use render::Stamp;
use request::Route;

/// The reply to a request, and our own fault if that is what it says.
fn reply(received: &Received, place: &Place, stamp: &Stamp) -> (Reply, Option<Problem>) {
    let (route, answer, fault) = decide(received, place);
    (render::render(route, &answer, received, stamp), fault)
}

/// What a request is to be told, the route that gives it its form, and our own fault if that is the answer.
fn decide(received: &Received, place: &Place) -> (Route, Answer, Option<Problem>) {
    let (route, request) = request::request(received);
    let request = match request {
        Ok(request) => request,
        Err(refusal) => return (route, Answer::Refused(refusal), None),
    };
    let Some(domain) = request.domain() else {
        return (route, Answer::PageForm, None);
    };
    let user = request.user();
    let account = match route {
        Route::AutodiscoverJson => place.account_without_list(domain, &user, None),
        _ => place.account(domain, &user, None),
    };
    match account {
        Ok(Some(account)) => (route, answer::answer(&request, account), None),
        Ok(None) => (route, Answer::Refused(Refusal::NotServed), None),
        Err(problem) => (route, Answer::Fault, Some(problem)),
    }
}

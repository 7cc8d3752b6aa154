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

/// The inside, for the fuzz targets of `fuzz/`; no ordinary build has it.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;

#[cfg(test)]
mod properties;

use address::Domain;
use answer::Answer;
use config::load::{Configured, Fault};
use config::template::Values;
use http::{Received, Reply};
use refusal::Refusal;
use render::Stamp;
use request::Route;

/// The reply to a request, and our own fault if that is what it says.
///
/// `configured` is asked for the domain, and for the login name of that local part if the answer tells it.
fn reply(
    received: &Received,
    configured: impl FnOnce(&Domain, Option<&str>) -> Result<Option<Configured>, Fault>,
    stamp: &Stamp,
) -> (Reply, Option<Fault>) {
    let (route, answer, fault) = decide(received, configured);
    (render::render(route, &answer, received, stamp), fault)
}

/// What a request is to be told, the route that gives it its form, and our own fault if that is the answer.
fn decide(
    received: &Received,
    configured: impl FnOnce(&Domain, Option<&str>) -> Result<Option<Configured>, Fault>,
) -> (Route, Answer, Option<Fault>) {
    let (route, request) = request::request(received);
    let answered = request.map_or_else(
        |refusal| Ok(Answer::Refused(refusal)),
        |request| {
            let Some(domain) = request.domain() else {
                return Ok(Answer::PageForm);
            };
            let Some(Configured { layers, login }) = configured(domain, request.local())? else {
                return Ok(Answer::Refused(Refusal::NotServed));
            };
            let login = login.as_ref().map(|login| login.name.as_str());
            let values = Values { login, ..request.values() };
            let account = layers.sound_account(domain, &values)?;
            Ok(answer::answer(&request, account))
        },
    );
    match answered {
        Ok(answer) => (route, answer, None),
        Err(fault) => (route, Answer::Fault, Some(fault)),
    }
}

//! Autodiscover: from a received request to the reply, with nothing of the outside world but what is passed in.

#![forbid(unsafe_code)]

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

#[cfg(test)]
mod properties;

use address::Domain;
use answer::Answer;
use config::Layers;
use config::load::Fault;
use http::{Received, Reply};
use refusal::Refusal;
use render::Stamp;

/// The reply to a request, and our own fault if that is what it says.
fn reply(
    received: &Received,
    layers: impl FnOnce(&Domain) -> Result<Option<Layers>, Fault>,
    stamp: &Stamp,
) -> (Reply, Option<Fault>) {
    let (route, request) = request::request(received);
    let answered = request.map_or_else(
        |refusal| Ok(Answer::Refused(refusal)),
        |request| {
            let Some(domain) = request.domain() else {
                return Ok(Answer::Page(None));
            };
            let Some(layers) = layers(domain)? else {
                return Ok(Answer::Refused(Refusal::NotServed));
            };
            let account = layers.sound_account(domain, &request.values())?;
            Ok(answer::answer(&request, account))
        },
    );
    let (answer, fault) = match answered {
        Ok(answer) => (answer, None),
        Err(fault) => (Answer::Fault, Some(fault)),
    };
    (render::render(route, &answer, received, stamp), fault)
}

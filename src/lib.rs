//! Autodiscover: from a received request to the reply, with nothing of the outside world but what is passed in.

#![forbid(unsafe_code)]

mod account;
mod address;
pub mod cgi;
pub mod cli;
mod config;
mod http;
mod protocol;
mod refusal;
mod request;
mod url;

/// The inside, for the fuzz targets; no ordinary build has it.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;

#[cfg(test)]
mod properties;

use config::{Place, Problem};
use http::{Received, Reply};
use protocol::Protocol;
use refusal::Refusal;

/// The reply to a request, and the problem of the configuration if there is one.
fn reply(received: &Received, place: &Place) -> (Reply, Option<Problem>) {
    let protocol = protocol::asked(received);
    match answer(protocol, received, place) {
        Ok(reply) => (reply, None),
        Err(Stop::Refused(refusal)) => ((protocol.refuse)(received, &refusal), None),
        Err(Stop::Faulty(problem)) => ((protocol.refuse)(received, &Refusal::Fault), Some(problem)),
    }
}

/// What a client gets that is not refused.
fn answer(protocol: &Protocol, received: &Received, place: &Place) -> Result<Reply, Stop> {
    let request = protocol.request(received)?;
    let account = place.account(&request.domain, &request.user, request.host.as_ref())?;
    Ok((protocol.answer)(&request, account.ok_or(Refusal::NotServed)?)?)
}

/// Why there is no answer.
enum Stop {
    Refused(Refusal),
    Faulty(Problem),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(refusal)
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Stop {
        Stop::Faulty(problem)
    }
}

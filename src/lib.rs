//! Autodiscover: from a received request to the reply, with nothing of the outside world but what is passed in.

#![forbid(unsafe_code)]

mod account;
mod address;
pub mod cgi;
pub mod cli;
mod color;
mod config;
mod http;
mod logo;
mod protocol;
mod refusal;
mod request;
mod url;

/// All keys of the configuration, for its manual and for editors.
pub use config::keys;

/// The inside, for the fuzz targets; no ordinary build has it.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;

#[cfg(test)]
mod properties;

use account::{Account, Logo, Served, User};
use config::{Place, Problem};
use http::{Received, Reply};
use protocol::Protocol;
use refusal::Refusal;
use request::{accepts_html, domain_of_host};

/// The reply to a request, and the problem of the configuration if there is one.
fn reply(received: &Received, place: &Place) -> (Reply, Option<Problem>) {
    let protocol = protocol::asked(received);
    match answer(protocol, received, place) {
        Ok(reply) => (reply, None),
        Err(Stop::Refused(refusal)) => {
            let host = host_of_reader(received, place);
            ((protocol.refuse)(received, &refusal, host.as_ref()), None)
        }
        Err(Stop::Faulty(problem)) => {
            ((protocol.refuse)(received, &Refusal::Fault, None), Some(problem))
        }
    }
}

/// Where a person reads a refusal: the account of everybody at the host, which says whose page it is.
fn host_of_reader(received: &Received, place: &Place) -> Option<Account> {
    let domain = domain_of_host(received).filter(|_| accepts_html(received))?;
    let served = place.served(&domain, &User::Everyone, None).ok()??;
    place.with_logo(served.account).ok()
}

/// What a client gets that is not refused.
fn answer(protocol: &Protocol, received: &Received, place: &Place) -> Result<Reply, Stop> {
    let request = protocol.request(received)?;
    let served = place.served(&request.domain, &request.user, request.host.as_ref())?;
    let Served { mut account, moved } = served.ok_or(Refusal::NotServed)?;
    if matches!(account.provider.logo, Some(Logo::File(_))) && accepts_html(received) {
        account = place.with_logo(account)?;
    }
    Ok(match moved {
        None => (protocol.answer)(&request, account),
        Some(redirect) => (protocol.moved)(&request, &account, &redirect),
    }?)
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

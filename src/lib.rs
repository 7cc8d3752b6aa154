//! Autodiscover: from a received request to the reply, with nothing of the outside world but what is passed in.
//!
//! Each module, in the order of the flow; arrows of `use` lead down this list, but for the rim:
//!
//! - `cgi`: the rim: environment and standard input to a request, a reply to standard output
//! - `cli`: the rim: the administrator's commands, a file each
//! - `protocol`: the table: who gets which answer on which path; a file each
//! - `config`: two files become the account of a user
//! - `request`: the parts of a request: parameters, addresses, languages
//! - `account`: what an answer says: servers, services, the provider
//! - `audience`: for whom it is: placeholders, the login name, who else may see it
//! - `http`: a received request and a reply, as types
//! - `refusal`: why a client gets no settings, a row each
//! - `logo`: a picture inside the page
//! - `color`: colours that can be read
//! - `url`: URLs, and encodings within them
//! - `address`: mail addresses and domains

#![forbid(unsafe_code)]

pub mod cgi;
pub mod cli;
mod protocol;
mod config;
mod request;
mod account;
mod audience;
mod http;
mod refusal;
mod logo;
mod color;
mod url;
mod address;

/// All keys of the configuration, for its manual and for editors.
pub use config::keys;

// Tests of what the public part does not show. Were it public for them, nothing would tell of code that is not used.
#[cfg(fuzzing)]
#[doc(hidden)]
#[path = "../tests/fuzz/fuzzing.rs"]
pub mod fuzzing;

#[cfg(test)]
#[path = "../tests/it/properties.rs"]
mod properties;

use account::Account;
use audience::{Question, User};
use config::{Config, Problem};
use http::{Received, Reply};
use protocol::{Protocol, Visitor};
use refusal::Refusal;

/// The reply to a request, and the problem of the configuration if there is one.
fn reply(received: &Received, config: &Config) -> (Reply, Option<Problem>) {
    let protocol = protocol::asked(received);
    match answer(protocol, received, config) {
        Ok(reply) => (reply, None),
        Err(Stop::Refused(refusal)) => {
            let visitor = Visitor::of(received);
            let host = host_of_page(visitor, config);
            ((protocol.refuse)(visitor, &refusal, host.as_ref()), None)
        }
        Err(Stop::Faulty(problem)) => {
            ((protocol.refuse)(Visitor::of(received), &Refusal::Fault, None), Some(problem))
        }
    }
}

/// Where a person reads a refusal: the account of everybody at the host, which says whose page it is.
fn host_of_page(visitor: Visitor, config: &Config) -> Option<Account> {
    let domain = visitor.domain().filter(|_| visitor.html())?;
    let question = Question { logo: true, ..Question::new(domain, User::Everyone) };
    Some(config.served(&question).ok()??.account)
}

/// What a client gets that is not refused.
fn answer(protocol: &Protocol, received: &Received, config: &Config) -> Result<Reply, Stop> {
    let request = protocol.request(received)?;
    let served = config.served(&request.question)?.ok_or(Refusal::NotServed)?;
    Ok(match &served.moved {
        None => (protocol.answer)(&request, served),
        Some(redirect) => (protocol.moved)(&request, &served.account, redirect),
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

//! Autodiscover POX (MS-OXDSCLI, MS-ASCMD): Outlook and whoever imitates it, and clients of Exchange ActiveSync.

mod body;
mod error;
mod mobilesync;
pub mod outlook;
mod wellformed;

use super::page;
use super::{POST, Protocol, Request, Visitor};
use crate::account::{Account, Redirect, Served};
use crate::address::Address;
use crate::audience::Question;
use crate::http::{Received, Reply, XML};
use crate::refusal::Refusal;

pub static POX: Protocol = Protocol {
    paths: &["/autodiscover/autodiscover.xml"],
    methods: POST,
    read,
    answer,
    moved,
    refuse,
};

/// The namespace of the envelope and of its errors (MS-OXDSCLI 2.2.4).
const RESPONSE: &str = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
/// The namespace of Outlook's settings, and the value that asks for them (MS-OXDSCLI 2.2.4).
pub const OUTLOOK: &str =
    "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";
/// The namespace of ActiveSync's settings, and the value that asks for them (MS-ASCMD 6.2).
pub const MOBILESYNC: &str =
    "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006";

/// Whether the bytes are a request.
#[cfg(fuzzing)]
pub fn is_request(body: &[u8]) -> bool {
    body::read(body).is_ok()
}

/// The two response schemas that we speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Schema {
    /// MS-OXDSCLI.
    Outlook,
    /// MS-ASCMD 2.2.1.1.
    MobileSync,
}

/// The schema that an `AcceptableResponseSchema` asks for; refused when we do not speak it.
///
/// A segment of its path tells: clients in the wild write `https` for `http`, `requestschema` for
/// `responseschema`, and `2006` for `2006a`.
/// MS-OXDSCLI requires the element; some who imitate Outlook leave it out and want Outlook's answer.
fn schema(wanted: Option<&str>) -> Result<Schema, Refusal> {
    let Some(wanted) = wanted else { return Ok(Schema::Outlook) };
    let has = |segment: &str| wanted.split('/').skip(1).any(|s| s.eq_ignore_ascii_case(segment));
    match (has("outlook"), has("mobilesync")) {
        (true, _) => Ok(Schema::Outlook),
        (_, true) => Ok(Schema::MobileSync),
        _ => Err(Refusal::ProviderUnavailable),
    }
}

fn read(received: &Received, _: Visitor) -> Result<Question, Refusal> {
    let bytes = received.body.as_ref().map_err(Refusal::clone)?;
    let body = body::read(bytes).map_err(|_| Refusal::InvalidRequest)?;
    let email = body.email.ok_or(Refusal::InvalidRequest)?;
    let address = Address::new(&email).ok_or(Refusal::InvalidRequest)?;
    Ok(Question { wanted: body.schema, ..Question::named(address) })
}

fn answer(request: &Request, Served { account, .. }: Served) -> Result<Reply, Refusal> {
    let document = match schema(request.question.wanted.as_deref())? {
        Schema::Outlook => outlook::settings(&account)?,
        Schema::MobileSync => mobilesync::settings(&account)?,
    };
    Ok(Reply::new(XML, document))
}

fn moved(request: &Request, account: &Account, redirect: &Redirect) -> Result<Reply, Refusal> {
    let document = match (schema(request.question.wanted.as_deref())?, redirect) {
        (Schema::MobileSync, Redirect::Address(address)) => mobilesync::redirect(account, address),
        _ => outlook::redirect(redirect),
    };
    let reply = Reply::new(XML, document).outcome("redirected");
    Ok(match redirect {
        // MS-OXDSCLI 3.2.5 prefers the status; Thunderbird knows nothing else.
        Redirect::Url(url) => reply.status(302).header("Location", url.to_string()),
        Redirect::Address(_) => reply,
    })
}

/// The error document; clients read it only from a 200, and go on to the next host after anything else.
///
/// So a domain that is not ours must not end their search: its mail may be somewhere else
/// (exchangelib 5.4 and EWS Managed API stop at a 200).
fn refuse(visitor: Visitor, refusal: &Refusal, host: Option<&Account>) -> Reply {
    if matches!(refusal, Refusal::MethodNotAllowed { .. }) && visitor.html() {
        return page::explanation(visitor, host).refused(refusal);
    }
    let reply = Reply::new(XML, error::document(refusal, visitor)).refused(refusal);
    match refusal {
        Refusal::InvalidRequest | Refusal::ProviderUnavailable => reply.status(200),
        _ => reply,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_names_the_schema() {
        assert_eq!(schema(None), Ok(Schema::Outlook));
        assert_eq!(schema(Some(OUTLOOK)), Ok(Schema::Outlook));
        assert_eq!(schema(Some(&format!("\n {MOBILESYNC}\t"))), Ok(Schema::MobileSync));
        assert_eq!(schema(Some(&OUTLOOK.to_uppercase())), Ok(Schema::Outlook));
        assert_eq!(schema(Some(&OUTLOOK.replace("http:", "https:"))), Ok(Schema::Outlook));
        let request = MOBILESYNC.replace("response", "request");
        assert_eq!(schema(Some(&request)), Ok(Schema::MobileSync));
        for wanted in ["", RESPONSE, "outlook", "http://x/outlooks/2006a"] {
            assert_eq!(schema(Some(wanted)), Err(Refusal::ProviderUnavailable), "{wanted}");
        }
    }
}

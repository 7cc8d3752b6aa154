//! Autodiscover POX (MS-OXDSCLI, MS-ASCMD): Outlook and whoever imitates it, and clients of Exchange ActiveSync.

mod body;
mod error;
mod mobilesync;
pub mod outlook;
mod wellformed;

use super::page;
use super::{POST, Protocol};
use crate::account::{Account, Redirect};
use crate::address::Address;
use crate::http::{Received, Reply, XML};
use crate::refusal::Refusal;
use crate::request::{Request, accepts_html};

pub static POX: Protocol =
    Protocol { paths: &["/autodiscover/autodiscover.xml"], methods: POST, read, answer, refuse };

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

/// The schema that an `AcceptableResponseSchema` asks for; None for one that we do not speak.
///
/// A segment of its path tells: clients in the wild write `https` for `http`, `requestschema` for
/// `responseschema`, and `2006` for `2006a`.
/// MS-OXDSCLI requires the element; some who imitate Outlook leave it out and want Outlook's answer.
fn schema(wanted: Option<&str>) -> Option<Schema> {
    let Some(wanted) = wanted else { return Some(Schema::Outlook) };
    let has = |segment: &str| wanted.split('/').skip(1).any(|s| s.eq_ignore_ascii_case(segment));
    match (has("outlook"), has("mobilesync")) {
        (true, _) => Some(Schema::Outlook),
        (_, true) => Some(Schema::MobileSync),
        _ => None,
    }
}

fn read(received: &Received) -> Result<Request<'_>, Refusal> {
    let bytes = received.body.as_ref().map_err(Refusal::clone)?;
    let body = body::read(bytes).map_err(|_| Refusal::InvalidRequest)?;
    let email = body.email.ok_or(Refusal::InvalidRequest)?;
    let address = Address::new(&email).ok_or(Refusal::InvalidRequest)?;
    Ok(Request { wanted: body.schema, ..Request::named(address, received) })
}

fn answer(request: &Request, account: Account) -> Result<Reply, Refusal> {
    let schema = schema(request.wanted.as_deref()).ok_or(Refusal::ProviderUnavailable)?;
    let document = match (schema, &account.redirect) {
        (Schema::MobileSync, Some(Redirect::Address(address))) => {
            let document = mobilesync::redirect(&account, address);
            return Ok(Reply::new(XML, document).outcome("redirected"));
        }
        (_, Some(redirect)) => return Ok(redirected(redirect)),
        (Schema::Outlook, None) => outlook::settings(&account)?,
        (Schema::MobileSync, None) => mobilesync::settings(&account)?,
    };
    Ok(Reply::new(XML, document))
}

fn redirected(redirect: &Redirect) -> Reply {
    let reply = Reply::new(XML, outlook::redirect(redirect)).outcome("redirected");
    match redirect {
        // MS-OXDSCLI 3.2.5 prefers the status; Thunderbird knows nothing else.
        Redirect::Url(url) => reply.status(302).header("Location", url.to_string()),
        Redirect::Address(_) => reply,
    }
}

/// The error document; clients read it only from a 200, and go on to the next host after anything else.
///
/// So a domain that is not ours must not end their search: its mail may be somewhere else
/// (exchangelib 5.4 and EWS Managed API stop at a 200).
fn refuse(received: &Received, refusal: &Refusal, host: Option<&Account>) -> Reply {
    if matches!(refusal, Refusal::MethodNotAllowed { .. }) && accepts_html(received) {
        return page::explanation(received, host).refused(refusal);
    }
    let reply = Reply::new(XML, error::document(refusal, received)).refused(refusal);
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
        assert_eq!(schema(None), Some(Schema::Outlook));
        assert_eq!(schema(Some(OUTLOOK)), Some(Schema::Outlook));
        assert_eq!(schema(Some(&format!("\n {MOBILESYNC}\t"))), Some(Schema::MobileSync));
        assert_eq!(schema(Some(&OUTLOOK.to_uppercase())), Some(Schema::Outlook));
        assert_eq!(schema(Some(&OUTLOOK.replace("http:", "https:"))), Some(Schema::Outlook));
        let request = MOBILESYNC.replace("response", "request");
        assert_eq!(schema(Some(&request)), Some(Schema::MobileSync));
        for wanted in ["", RESPONSE, "outlook", "http://x/outlooks/2006a"] {
            assert_eq!(schema(Some(wanted)), None, "{wanted}");
        }
    }
}

//! Autodiscover V2: where a protocol is spoken, or why that is not said.

use serde_json::json;

use crate::refusal::Refusal;

/// Where the protocol is spoken.
pub fn answer(protocol: &str, url: &str) -> Vec<u8> {
    json!({ "Protocol": protocol, "Url": url }).to_string().into_bytes()
}

/// Why there is no answer, in the form of Exchange Online.
pub fn refusal(refusal: &Refusal) -> Vec<u8> {
    match refusal {
        Refusal::InvalidProtocol(Some(protocol)) => error(
            "InvalidProtocol",
            &format!("The protocol '{protocol}' is not supported for this address."),
        ),
        Refusal::InvalidProtocol(None) => error("InvalidProtocol", refusal.sentence()),
        Refusal::NotServed | Refusal::Moved => error("DomainNotFound", refusal.sentence()),
        Refusal::MethodNotAllowed { .. } => error("MethodNotAllowed", refusal.sentence()),
        _ => error("InvalidRequest", refusal.sentence()),
    }
}

/// The configuration cannot be used.
pub fn fault() -> Vec<u8> {
    error("InternalServerError", "The server is not set up correctly.")
}

fn error(code: &str, message: &str) -> Vec<u8> {
    json!({ "ErrorCode": code, "ErrorMessage": message }).to_string().into_bytes()
}

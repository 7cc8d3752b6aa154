//! The error document of Autodiscover (MS-OXDSCLI 2.2.4.1.1.3), one for both schemas.

use std::time::{SystemTime, UNIX_EPOCH};

use super::super::Visitor;
use super::super::xml::Document;
use super::RESPONSE;
use crate::refusal::Refusal;

/// A refusal with the server's mark; `DebugData` stays empty, since the client has no use for it.
pub fn document(refusal: &Refusal, visitor: Visitor) -> Vec<u8> {
    let time = time_of_day(visitor.time());
    let id = id(visitor.server_name()).to_string();
    let (code, message) = refusal.row().error;
    let mut document = Document::new();
    document.parent("Autodiscover", &[("xmlns", RESPONSE)], |document| {
        document.parent("Response", &[], |document| {
            document.parent("Error", &[("Time", &time), ("Id", &id)], |error| {
                error.element("ErrorCode", code);
                error.element("Message", message);
                error.empty("DebugData", &[]);
            });
        });
    });
    document.into_bytes()
}

/// `HH:MM:SS.fffffff`, UTC.
fn time_of_day(time: SystemTime) -> String {
    let now = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let second = now.as_secs() % 86_400;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{hour:02}:{minute:02}:{second:02}.{:07}", now.subsec_nanos() / 100)
}

/// A stable number for the server: FNV-1a, 32 bits.
fn id(server_name: &str) -> u32 {
    server_name
        .bytes()
        .fold(2_166_136_261, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619))
}

//! The ActiveSync schema of Autodiscover (MS-ASCMD 2.2.1.1): settings and redirects.

use super::super::xml::Document;
use super::{MOBILESYNC, RESPONSE};
use crate::account::Account;
use crate::refusal::Refusal;

/// The settings of an account; refused where there is no ActiveSync server.
pub fn settings(account: &Account) -> Result<Vec<u8>, Refusal> {
    let server = account.mobilesync.as_ref().ok_or(Refusal::ProviderUnavailable)?;
    Ok(response(account, |action| {
        action.parent("Settings", &[], |settings| {
            settings.parent("Server", &[], |document| {
                // AOSP reads `Url` only after a `Type` that it knows.
                document.element("Type", "MobileSync");
                document.element("Url", &server.url);
                document.element("Name", &server.name);
            });
        });
    }))
}

/// Sends the client to another address (MS-ASCMD 2.2.3.147).
pub fn redirect(account: &Account, address: &str) -> Vec<u8> {
    response(account, |action| action.element("Redirect", address))
}

fn response(account: &Account, action: impl FnOnce(&mut Document)) -> Vec<u8> {
    let mut document = Document::new();
    document.parent("Autodiscover", &[("xmlns", RESPONSE)], |document| {
        document.parent("Response", &[("xmlns", MOBILESYNC)], |document| {
            // The colon is no slip (MS-ASCMD 2.2.3.38).
            document.element("Culture", "en:us");
            document.parent("User", &[], |user| {
                if let Some(name) = &account.display_name {
                    user.element("DisplayName", name);
                }
                user.element("EMailAddress", &account.email);
            });
            document.parent("Action", &[], action);
        });
    });
    document.into_bytes()
}

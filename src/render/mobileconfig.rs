//! Apple's configuration profile.

use crate::config::Account;
use crate::http::Reply;

/// The profile of an account, to download.
pub fn reply(account: &Account) -> Reply {
    Reply::new("application/x-apple-aspen-config", account.email.clone().into_bytes())
}

//! PACC (draft-ietf-mailmaint-pacc).

use crate::config::Account;

/// The document of a domain, byte-stable.
pub fn document(account: &Account) -> Vec<u8> {
    account.domain.to_string().into_bytes()
}

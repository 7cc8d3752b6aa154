//! An account as Thunderbird for Android scans it: the format of the desktop's «Export for Mobile», version 1.
//!
//! Source: `feature/migration/qrcode/qr-code-format.md` of github.com/thunderbird/thunderbird-android.

use serde_json::json;

use crate::account::{Account, Encryption, MailProtocol, MailServer};

/// The account without its password, which is asked for after the scan; None for what the format or its readers do not take.
pub fn export(account: &Account) -> Option<String> {
    let (incoming, smtp) = (account.incoming.first()?, account.smtp.as_ref()?);
    // «Currently only ASCII-only email addresses are allowed.» Whoever writes the domain in Unicode has one in A-labels.
    let email = format!("{}@{}", account.local(), account.domain);
    if !email.is_ascii() {
        return None;
    }
    let protocol = match incoming.protocol {
        MailProtocol::Imap => 0,
        MailProtocol::Pop3 => 1,
        MailProtocol::Smtp => return None,
    };
    let name = account.display_name.as_deref().unwrap_or_default();
    let first_of_one = [1, 1];
    let incoming = server(protocol, incoming, account, &email)?;
    let outgoing = [(server(0, smtp, account, &email)?, [email.as_str(), name])];
    Some(json!([1, first_of_one, incoming, outgoing]).to_string())
}

/// `IncomingServer` or `OutgoingServer`, as far as `Username`.
fn server(
    protocol: u8,
    server: &MailServer,
    account: &Account,
    email: &str,
) -> Option<serde_json::Value> {
    let security = match server.encryption {
        Encryption::None => 0,
        Encryption::StartTls => 2,
        Encryption::Ssl => 3,
    };
    let (authentication, login_name) = match (server.auth_required, server.spa) {
        (false, _) => (0, ""),
        // It takes OAuth2 for those hosts alone that it knows by itself.
        (true, _) if !server.takes_password() => return None,
        (true, false) => {
            let encrypted = server.authentication.encrypt_password();
            let as_address = server.login_name == account.email;
            let login_name = if as_address { email } else { server.login_name.as_str() };
            (if encrypted { 2 } else { 1 }, login_name)
        }
        // The format has a number for NTLM, and Thunderbird for Android refuses it with the whole code.
        (true, true) => return None,
    };
    Some(json!([protocol, server.server, server.port, security, authentication, login_name]))
}

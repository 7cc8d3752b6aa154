//! Thunderbird's autoconfig, version 1.1 (draft-ietf-mailmaint-autoconfig).

use super::xml::Document;
use crate::config::file::Encryption;
use crate::config::{Account, MailServer, Protocol};

/// The settings of a domain; the account's login names hold Thunderbird's placeholders.
pub fn document(account: &Account) -> Vec<u8> {
    let domain = account.domain.as_str();
    let mut document = Document::new();
    document.parent("clientConfig", &[("version", "1.1")], |document| {
        document.parent("emailProvider", &[("id", domain)], |document| {
            document.element("domain", domain);
            document.element("displayName", &account.provider.name);
            document.element("displayShortName", &account.provider.short_name);
            for server in &account.incoming {
                document.parent("incomingServer", &[("type", kind(server))], |document| {
                    mail_server(document, server);
                });
            }
            if let Some(server) = &account.smtp {
                document.parent("outgoingServer", &[("type", kind(server))], |document| {
                    mail_server(document, server);
                });
            }
        });
    });
    document.into_bytes()
}

fn kind(server: &MailServer) -> &'static str {
    match server.protocol {
        Protocol::Imap => "imap",
        Protocol::Pop3 => "pop3",
        Protocol::Smtp => "smtp",
    }
}

fn mail_server(document: &mut Document, server: &MailServer) {
    document.element("hostname", &server.server);
    document.element("port", &server.port.to_string());
    document.element(
        "socketType",
        match server.encryption {
            Encryption::Ssl => "SSL",
            Encryption::StartTls => "STARTTLS",
            Encryption::None => "plain",
        },
    );
    document.element(
        "authentication",
        if server.spa { "password-encrypted" } else { "password-cleartext" },
    );
    document.element("username", &server.login_name);
}

//! Thunderbird's autoconfig, version 1.1 (draft-ietf-mailmaint-autoconfig).

use super::xml::Document;
use crate::account::{Account, Dav, Encryption, MailProtocol, MailServer};

/// The settings of a domain; the account's login names hold Thunderbird's placeholders.
pub fn document(account: &Account) -> Vec<u8> {
    let mut document = Document::new();
    document.parent("clientConfig", &[("version", "1.1")], |document| {
        let id = account.domain.as_str();
        document.parent("emailProvider", &[("id", id)], |document| {
            email_provider(document, account);
        });
        // Of all clients only those of the draft read these, and they look below the root.
        for (name, kind, dav) in
            [("calendar", "caldav", &account.caldav), ("addressbook", "carddav", &account.carddav)]
        {
            if let Some(dav) = dav {
                document.parent(name, &[("type", kind)], |document| dav_server(document, dav));
            }
        }
        if let Some(url) = &account.webmail {
            document.parent("webMail", &[], |web| web.empty("loginPage", &[("url", url)]));
        }
    });
    document.into_bytes()
}

fn email_provider(document: &mut Document, account: &Account) {
    document.element("domain", account.domain.as_str());
    document.element("displayName", &account.provider.name);
    document.element("displayShortName", &account.provider.short_name);
    if let Some(url) = &account.provider.documentation {
        document.parent("documentation", &[("url", url)], |document| {
            document.element_with("descr", &[("lang", "en")], "Settings for mail programs");
            document.element_with("descr", &[("lang", "de")], "Einstellungen für Mailprogramme");
        });
    }
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
}

fn kind(server: &MailServer) -> &'static str {
    match server.protocol {
        MailProtocol::Imap => "imap",
        MailProtocol::Pop3 => "pop3",
        MailProtocol::Smtp => "smtp",
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
    // K-9 knows neither `NTLM` nor `none`, and drops the file over a server with nothing else.
    document.element(
        "authentication",
        if server.spa { "password-encrypted" } else { "password-cleartext" },
    );
    document.element("username", &server.login_name);
}

fn dav_server(document: &mut Document, dav: &Dav) {
    document.element("url", &dav.url);
    document.element_with("authentication", &[("system", "http")], "Basic");
    document.element("username", &dav.login_name);
}

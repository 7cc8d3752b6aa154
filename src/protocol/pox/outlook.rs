//! The Outlook schema of Autodiscover (MS-OXDSCLI 2.2.4): settings and redirects.

use super::super::xml::Document;
use super::{OUTLOOK, RESPONSE};
use crate::account::{Account, Dav, Encryption, MailProtocol, MailServer, Redirect};
use crate::refusal::Refusal;

/// The settings of an account; refused without a mail server, which is all that Outlook looks for.
pub fn settings(account: &Account) -> Result<Vec<u8>, Refusal> {
    if account.incoming.is_empty() && account.smtp.is_none() {
        return Err(Refusal::ProviderUnavailable);
    }
    Ok(response(|document| {
        if let Some(name) = &account.display_name {
            document.parent("User", &[], |user| user.element("DisplayName", name));
        }
        document.parent("Account", &[], |document| {
            document.element("AccountType", "email");
            document.element("Action", "settings");
            account.incoming.iter().chain(&account.smtp).for_each(|server| {
                document.parent("Protocol", &[], |document| mail_server(document, server));
            });
            if let Some(url) = &account.webmail {
                document.parent("Protocol", &[], |document| {
                    document.element("Type", "WEB");
                    document.element("Server", url);
                });
            }
            // Microsoft knows no such types and Outlook ignores them; eM Client reads them.
            for (name, dav) in [("CalDAV", &account.caldav), ("CardDAV", &account.carddav)] {
                if let Some(Dav { url, login_name, .. }) = dav {
                    document.parent("Protocol", &[], |document| {
                        document.element("Type", name);
                        document.element("Server", url);
                        document.element("LoginName", login_name);
                        document.element("DomainRequired", "off");
                    });
                }
            }
        });
    }))
}

/// Sends the client elsewhere: to another address, or to another server.
pub fn redirect(redirect: &Redirect) -> Vec<u8> {
    response(|document| {
        document.parent("Account", &[], |document| {
            document.element("AccountType", "email");
            match redirect {
                Redirect::Address(address) => {
                    document.element("Action", "redirectAddr");
                    document.element("RedirectAddr", address);
                }
                Redirect::Url(url) => {
                    document.element("Action", "redirectUrl");
                    document.element("RedirectUrl", url);
                }
            }
        });
    })
}

fn response(children: impl FnOnce(&mut Document)) -> Vec<u8> {
    let mut document = Document::new();
    document.parent("Autodiscover", &[("xmlns", RESPONSE)], |document| {
        document.parent("Response", &[("xmlns", OUTLOOK)], children);
    });
    document.into_bytes()
}

/// In the order of Microsoft's sample for service providers: some readers stream, and need `Type` first.
fn mail_server(document: &mut Document, server: &MailServer) {
    document.element(
        "Type",
        match server.protocol {
            MailProtocol::Imap => "IMAP",
            MailProtocol::Pop3 => "POP3",
            MailProtocol::Smtp => "SMTP",
        },
    );
    if let Some(hours) = server.ttl {
        document.element("TTL", &hours.to_string());
    }
    document.element("Server", &server.server);
    document.element("Port", &server.port.to_string());
    document.element("LoginName", &server.login_name);
    document.element("DomainRequired", on_off(server.domain_required));
    if let Some(name) = &server.domain_name {
        document.element("DomainName", name);
    }
    document.element("SPA", on_off(server.spa));
    // Thunderbird takes `SSL` off for plain text whatever `Encryption` says (its bug 1799635);
    // to Outlook `TLS` is STARTTLS, and `Encryption` overrides `SSL`.
    let (ssl, encryption) = match server.encryption {
        Encryption::Ssl => (true, "SSL"),
        Encryption::StartTls => (true, "TLS"),
        Encryption::None => (false, "None"),
    };
    document.element("SSL", on_off(ssl));
    document.element("Encryption", encryption);
    document.element("AuthRequired", on_off(server.auth_required));
    if server.protocol == MailProtocol::Smtp {
        document.element("UsePOPAuth", on_off(server.use_pop_auth));
        document.element("SMTPLast", on_off(server.smtp_last));
    }
}

/// The only spellings that Outlook takes.
fn on_off(switch: bool) -> &'static str {
    if switch { "on" } else { "off" }
}

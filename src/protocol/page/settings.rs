//! The settings of an account as people type them: one table for each service.

use super::language::Language;
use crate::account::{Account, Dav, Encryption, MailProtocol, MailServer};

/// One service of an account.
pub struct Service<'a> {
    pub title: &'static str,
    pub protocol: &'static str,
    pub rows: Vec<Row<'a>>,
}

/// One setting.
pub struct Row<'a> {
    pub name: &'static str,
    pub value: Value<'a>,
}

pub enum Value<'a> {
    /// To be chosen.
    Words(&'static str),
    /// To be typed, or copied.
    Literal(&'a str),
    Port(u16),
}

/// The preferred way in, then the way out, then what else there is.
pub fn services<'a>(texts: &Language, account: &'a Account) -> Vec<Service<'a>> {
    let mut incoming = account.incoming.iter().map(|server| mail_server(texts, server));
    let mut services: Vec<Service> = incoming.next().into_iter().collect();
    services.extend(account.smtp.iter().map(|server| mail_server(texts, server)));
    services.extend(incoming);
    let url = |url| Row { name: texts.url, value: Value::Literal(url) };
    let user_name = |name| Row { name: texts.user_name, value: Value::Literal(name) };
    for (title, protocol, dav) in
        [(texts.calendar, "CalDAV", &account.caldav), (texts.contacts, "CardDAV", &account.carddav)]
    {
        services.extend(dav.iter().map(|dav: &Dav| Service {
            title,
            protocol,
            rows: vec![url(&dav.url), user_name(&dav.login_name)],
        }));
    }
    services.extend(account.mobilesync.iter().map(|server| Service {
        title: texts.mobilesync,
        protocol: "ActiveSync",
        rows: vec![url(&server.url), user_name(&server.login_name)],
    }));
    services
}

fn mail_server<'a>(texts: &Language, server: &'a MailServer) -> Service<'a> {
    let (title, protocol) = match server.protocol {
        MailProtocol::Imap => (texts.incoming, "IMAP"),
        MailProtocol::Pop3 => (texts.incoming, "POP3"),
        MailProtocol::Smtp => (texts.outgoing, "SMTP"),
    };
    let encryption = match server.encryption {
        Encryption::Ssl => "SSL/TLS",
        Encryption::StartTls => "STARTTLS",
        Encryption::None => texts.unencrypted,
    };
    let authentication = match (server.auth_required, server.spa) {
        (true, true) => "NTLM",
        (true, false) => texts.password,
        (false, _) => texts.no_authentication,
    };
    let mut rows = vec![
        Row { name: texts.server, value: Value::Literal(&server.server) },
        Row { name: texts.port, value: Value::Port(server.port) },
        Row { name: texts.encryption, value: Value::Words(encryption) },
    ];
    if server.auth_required {
        rows.push(Row { name: texts.user_name, value: Value::Literal(&server.login_name) });
    }
    rows.push(Row { name: texts.authentication, value: Value::Words(authentication) });
    Service { title, protocol, rows }
}

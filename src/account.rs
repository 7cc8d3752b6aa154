//! What the answers say of one user: servers, services and the provider, complete and with every placeholder filled in.

use crate::address::{Address, Domain};
use crate::color::Color;
use crate::url::Url;

/// Everything that the answers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The address as the client wrote it; a placeholder where the client keeps it to itself.
    pub email: String,
    /// The domain whose configuration this is.
    pub domain: Domain,
    /// Only when configured: Outlook overwrites with it what the user typed.
    pub display_name: Option<String>,
    /// IMAP and POP3 as far as configured, the preferred one first.
    pub incoming: Vec<MailServer>,
    pub smtp: Option<MailServer>,
    pub mobilesync: Option<MobileSync>,
    pub webmail: Option<Url>,
    pub caldav: Option<Dav>,
    pub carddav: Option<Dav>,
    pub redirect: Option<Redirect>,
    pub provider: Provider,
    /// Whether a list gives some users of the domain other login names.
    pub has_logins: bool,
    /// Whether something in it belongs to this user alone, although the client fills in its address itself:
    /// such an answer must not be stored for others.
    pub personal: bool,
    /// Whether the host that was asked is one of a domain that is served.
    pub host_is_served: bool,
}

/// For whom an account is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum User {
    /// The owner of the address.
    Named(Address),
    /// Somebody whose client fills in the address: Thunderbird's placeholders stand for it.
    ///
    /// What no placeholder can say is filled in from the address, where the client sent one.
    Hidden(Option<Address>),
    /// The owner of the address, for an answer without a login name: no list is read for it.
    WithoutLogin(Address),
    /// Nobody in particular: what depends on the user keeps the braces of its template.
    Everyone,
}

/// The mail protocols, by the names that Autodiscover gives them (MS-OXDSCLI 2.2.4.1.1.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailProtocol {
    Imap,
    Pop3,
    Smtp,
}

/// How a connection to a server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// Implicit TLS (RFC 8314, 3).
    #[default]
    Ssl,
    /// TLS after `STARTTLS` (RFC 2595, RFC 3207).
    StartTls,
    /// No protection at all.
    None,
}

/// One mail server and how to log in to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    pub protocol: MailProtocol,
    pub server: String,
    pub port: u16,
    pub encryption: Encryption,
    pub login_name: String,
    pub domain_required: bool,
    pub domain_name: Option<String>,
    /// Secure Password Authentication, Microsoft's name for NTLM.
    pub spa: bool,
    pub auth_required: bool,
    /// Hours until the client should ask again; 0 is never.
    pub ttl: Option<u32>,
    /// SMTP only: log in as at the incoming server.
    pub use_pop_auth: bool,
    /// SMTP only: fetch mail before sending (POP before SMTP).
    pub smtp_last: bool,
}

/// An Exchange ActiveSync server (MS-ASCMD 2.2.3.157).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MobileSync {
    pub url: Url,
    pub name: String,
    pub login_name: String,
}

/// A CalDAV or CardDAV server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dav {
    pub url: Url,
    pub login_name: String,
    /// Whether the URL differs from user to user.
    pub url_of_user: bool,
}

/// Where a domain has moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redirect {
    Address(String),
    Url(Url),
}

/// Who offers the service, for people to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    pub name: String,
    pub short_name: String,
    pub documentation: Option<Url>,
    /// The page that says who is responsible for the service.
    pub imprint: Option<Url>,
    pub logo: Option<Logo>,
    /// The colour of buttons and links on the page.
    pub color: Option<Color>,
}

/// The picture that stands beside a provider's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logo {
    /// Where it lies, for the reader's browser to fetch.
    Url(Url),
    /// The picture itself, as a `data:` URL.
    Inline(String),
    /// The name of a file beside `autodiscover.toml`, which is read only for pages.
    File(String),
}

impl Account {
    /// What stands before the `@` of the address.
    pub fn local(&self) -> &str {
        self.email.rsplit_once('@').map_or(self.email.as_str(), |(local, _)| local)
    }

    /// Whether a client finds anything in it.
    pub fn offers_something(&self) -> bool {
        self.redirect.is_some()
            || !self.incoming.is_empty()
            || self.smtp.is_some()
            || self.mobilesync.is_some()
            || self.webmail.is_some()
            || self.caldav.is_some()
            || self.carddav.is_some()
    }
}

impl MailServer {
    /// Whether a client needs no more than the host name to use it (RFC 8314, 3).
    pub fn is_usual(&self) -> bool {
        self.encryption == Encryption::Ssl
            && self.port == self.protocol.default_port(Encryption::Ssl)
            && !self.spa
    }
}

impl MailProtocol {
    /// The name in lower case: that of the table which configures its server, and of autoconfig's `type`.
    pub fn name(self) -> &'static str {
        match self {
            MailProtocol::Imap => "imap",
            MailProtocol::Pop3 => "pop3",
            MailProtocol::Smtp => "smtp",
        }
    }

    /// The ports of RFC 8314 (implicit TLS), and of RFC 6409, RFC 9051 and RFC 1939.
    pub fn default_port(self, encryption: Encryption) -> u16 {
        match (self, encryption) {
            (MailProtocol::Imap, Encryption::Ssl) => 993,
            (MailProtocol::Imap, _) => 143,
            (MailProtocol::Pop3, Encryption::Ssl) => 995,
            (MailProtocol::Pop3, _) => 110,
            (MailProtocol::Smtp, Encryption::Ssl) => 465,
            (MailProtocol::Smtp, Encryption::StartTls) => 587,
            (MailProtocol::Smtp, Encryption::None) => 25,
        }
    }
}

impl Encryption {
    /// The spelling in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Encryption::Ssl => "ssl",
            Encryption::StartTls => "starttls",
            Encryption::None => "none",
        }
    }
}

//! What the answers say of one user: servers, services and the provider, complete and with every placeholder filled in.

use crate::address::Domain;
use crate::audience::Reach;
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
    /// Few have these: a box keeps the account small.
    pub jmap: Option<Box<Dav>>,
    pub managesieve: Option<Box<ManageSieve>>,
    /// Where tokens come from, for the services that take them.
    pub oauth2: Option<Box<OAuth2>>,
    pub provider: Provider,
}

/// What the configuration says of a domain that is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// For a domain that has moved it still says whose address and whose page it is.
    pub account: Account,
    /// Where the mail of the domain is now, if it has moved.
    pub moved: Option<Redirect>,
    /// For whom the account holds.
    pub reach: Reach,
    /// Whether the host that was asked is one of a domain that is served; looked up for named users.
    pub host_is_served: bool,
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

/// A way to prove to a server who one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// A token that the user's browser gets (RFC 7628).
    OAuth2,
    /// The password as it is, protected by TLS alone.
    Password,
    /// A digest of the password and of what the server sends: CRAM-MD5 (RFC 2195), or HTTP's `Digest` (RFC 7616).
    EncryptedPassword,
    /// RFC 4752.
    Kerberos,
    /// A certificate of the user's, shown to TLS (SASL EXTERNAL: RFC 4422, appendix A).
    ClientCertificate,
}

/// The ways that a service takes, the preferred one first; never none, and none twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authentications([Option<Authentication>; Authentication::COUNT]);

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
    pub authentication: Authentications,
    /// Hours until the client should ask again; 0 is never.
    pub ttl: Option<u32>,
    /// SMTP only: log in as at the incoming server.
    pub use_pop_auth: bool,
    /// SMTP only: fetch mail before sending (POP before SMTP).
    pub smtp_last: bool,
    /// POP3 only: whether fetched mail stays there.
    pub leave_on_server: Option<bool>,
    /// POP3 only: for how many days it stays; None where it does not, or for ever.
    pub days: Option<u16>,
}

/// An Exchange ActiveSync server (MS-ASCMD 2.2.3.157).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MobileSync {
    pub url: Url,
    pub name: String,
    pub login_name: String,
}

/// A CalDAV, CardDAV or JMAP server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dav {
    pub url: Url,
    pub login_name: String,
    /// Whether the URL differs from user to user.
    pub url_of_user: bool,
    pub authentication: Authentications,
}

/// A ManageSieve server (RFC 5804), where users keep the filters of their mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManageSieve {
    pub server: String,
    pub port: u16,
    pub encryption: Encryption,
    pub login_name: String,
    pub authentication: Authentications,
}

/// An authorization server of OAuth 2.0, for clients that keep no secret (draft-ietf-mailmaint-oauth-public-06).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth2 {
    /// The URL by which the server is told from others (RFC 8414, 2).
    pub issuer: Url,
    pub auth_url: Url,
    pub token_url: Url,
    /// Words between single spaces (RFC 6749, 3.3).
    pub scope: String,
    /// None where clients register themselves (RFC 7591).
    pub client_id: Option<String>,
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

impl Served {
    /// Whether a client finds anything in it.
    pub fn offers_something(&self) -> bool {
        self.moved.is_some() || self.account.offers_something()
    }
}

impl Account {
    /// What stands before the `@` of the address.
    pub fn local(&self) -> &str {
        self.email.rsplit_once('@').map_or(self.email.as_str(), |(local, _)| local)
    }

    fn offers_something(&self) -> bool {
        !self.incoming.is_empty()
            || self.smtp.is_some()
            || self.mobilesync.is_some()
            || self.webmail.is_some()
            || self.caldav.is_some()
            || self.carddav.is_some()
            || self.jmap.is_some()
            || self.managesieve.is_some()
    }

    /// The servers to fetch from and to send by that take a password: the preferred ones.
    pub fn mail_by_password(&self) -> Option<(&MailServer, &MailServer)> {
        let incoming = self.incoming.iter().find(|server| server.takes_password())?;
        let smtp = self.smtp.as_ref().filter(|smtp| smtp.takes_password())?;
        Some((incoming, smtp))
    }

    /// Everything that the services of the account take, in no order.
    pub fn authentications(&self) -> impl Iterator<Item = Authentication> {
        let mail = self.incoming.iter().chain(&self.smtp).map(|server| server.authentication);
        let urls = self.caldav.iter().chain(&self.carddav).chain(self.jmap.as_deref());
        let urls = urls.map(|server| server.authentication);
        let sieve = self.managesieve.iter().map(|server| server.authentication);
        mail.chain(urls).chain(sieve).flat_map(Authentications::ways)
    }
}

impl MailServer {
    /// Whether a client needs no more than the host name to use it (RFC 8314, 3).
    pub fn is_usual(&self) -> bool {
        self.encryption == Encryption::Ssl
            && self.port == self.protocol.default_port(Encryption::Ssl)
            && !self.spa
    }

    /// Whether a password, and nothing else, is enough to use it.
    pub fn takes_password(&self) -> bool {
        !self.auth_required || self.authentication.take_password()
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

    /// The protocol whose server that table configures.
    pub fn named(table: &str) -> Option<MailProtocol> {
        let all = [MailProtocol::Imap, MailProtocol::Pop3, MailProtocol::Smtp];
        all.into_iter().find(|protocol| protocol.name() == table)
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

impl Authentication {
    const COUNT: usize = 5;

    /// The spelling in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Authentication::OAuth2 => "oauth2",
            Authentication::Password => "password",
            Authentication::EncryptedPassword => "encrypted-password",
            Authentication::Kerberos => "kerberos",
            Authentication::ClientCertificate => "client-certificate",
        }
    }
}

impl Authentications {
    /// What is taken where nothing is configured.
    pub const PASSWORD: Authentications =
        Authentications([Some(Authentication::Password), None, None, None, None]);

    /// None where there is no way, or one that is there before.
    pub fn new(ways: &[Authentication]) -> Option<Authentications> {
        let mut all = [None; Authentication::COUNT];
        for (number, way) in ways.iter().enumerate() {
            if ways[..number].contains(way) {
                return None;
            }
            *all.get_mut(number)? = Some(*way);
        }
        all[0].map(|_| Authentications(all))
    }

    /// Whether a password, and nothing else, is enough to log in.
    pub fn take_password(self) -> bool {
        self.have(Authentication::Password) || self.have(Authentication::EncryptedPassword)
    }

    /// Whether the client should send a digest of the password: where that is taken, and preferred.
    pub fn encrypt_password(self) -> bool {
        let mut ways = self.ways();
        let way = |way: &Authentication| {
            matches!(way, Authentication::Password | Authentication::EncryptedPassword)
        };
        ways.find(way) == Some(Authentication::EncryptedPassword)
    }

    /// The ways in their order.
    pub fn ways(self) -> impl Iterator<Item = Authentication> {
        self.0.into_iter().flatten()
    }

    pub fn have(self, way: Authentication) -> bool {
        self.0.contains(&Some(way))
    }
}

impl ManageSieve {
    /// The port of RFC 5804, which knows STARTTLS only; who speaks TLS at once uses it, too.
    pub const PORT: u16 = 4190;
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

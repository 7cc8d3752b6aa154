//! Decides what a request gets: settings, a redirect or a refusal.

use crate::account::{Account, Dav, Encryption, MailServer, MobileSync, Redirect};
use crate::address::Domain;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::schema::Schema;
use crate::url::Url;

/// The decision; renderers print it and decide nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    Outlook(Account),
    MobileSync {
        account: Account,
        server: MobileSync,
    },
    OutlookRedirect(Redirect),
    /// The address asked for, and the one to ask for instead.
    MobileSyncRedirect {
        account: Account,
        address: String,
    },
    /// Autodiscover V2: the protocol in Microsoft's spelling, and where it is spoken.
    AutodiscoverJson {
        protocol: &'static str,
        url: String,
    },
    /// Has an incoming and an SMTP server.
    Autoconfig(Account),
    /// At least one payload; what they are made of is no longer in the account.
    MobileConfig {
        account: Account,
        payloads: Vec<Payload>,
    },
    /// Has only what PACC can express.
    UserAgentConfiguration {
        account: Account,
        /// Only when it differs from the name.
        short_name: Option<String>,
    },
    /// The page without an address: the form alone.
    PageForm,
    Page {
        account: Account,
        /// Whether there is an Apple profile to download.
        profile: bool,
    },
    /// The page for an address whose domain is served elsewhere.
    PageMoved {
        email: String,
        redirect: Redirect,
    },
    Refused(Refusal),
    /// The configuration cannot be used.
    Fault,
}

/// One of the accounts that an Apple profile sets up.
#[derive(Debug, PartialEq, Eq)]
pub enum Payload {
    Mail {
        incoming: MailServer,
        smtp: MailServer,
        /// Both servers know the user by the same name, so the device need ask only once.
        one_password: bool,
    },
    ActiveSync(MobileSync),
    CalDav(Dav),
    CardDav(Dav),
}

/// The answer for the account of a domain that is served.
pub fn answer(request: &Request, account: Account) -> Answer {
    match request {
        Request::Autodiscover { schema, .. } => match schema {
            None => Answer::Refused(Refusal::ProviderUnavailable),
            Some(schema) => autodiscover(*schema, account),
        },
        Request::AutodiscoverJson { protocol, host, .. } => {
            autodiscover_json(protocol, host.as_ref(), account)
        }
        Request::Page { .. } => page(with_pop_auth(account)),
        _ if account.redirect.is_some() => Answer::Refused(Refusal::Moved),
        Request::Autoconfig { .. } => autoconfig(with_pop_auth(account)),
        Request::MobileConfig { .. } => mobile_config(with_pop_auth(account)),
        Request::UserAgentConfiguration { .. } => user_agent_configuration(account),
    }
}

fn autodiscover(schema: Schema, mut account: Account) -> Answer {
    match (schema, account.redirect.take()) {
        (Schema::MobileSync, Some(Redirect::Address(address))) => {
            Answer::MobileSyncRedirect { account, address }
        }
        (_, Some(redirect)) => Answer::OutlookRedirect(redirect),
        (Schema::Outlook, None) if account.incoming.is_empty() && account.smtp.is_none() => {
            Answer::Refused(Refusal::ProviderUnavailable)
        }
        (Schema::Outlook, None) => Answer::Outlook(account),
        (Schema::MobileSync, None) => match account.mobilesync.take() {
            Some(server) => Answer::MobileSync { account, server },
            None => Answer::Refused(Refusal::ProviderUnavailable),
        },
    }
}

fn autodiscover_json(protocol: &str, host: Option<&Domain>, account: Account) -> Answer {
    let v1 = protocol.eq_ignore_ascii_case("AutodiscoverV1");
    match (account.redirect, account.mobilesync) {
        (Some(Redirect::Address(_)), _) => Answer::Refused(Refusal::Moved),
        (Some(Redirect::Url(url)), _) if v1 => {
            Answer::AutodiscoverJson { protocol: "AutodiscoverV1", url: url.to_string() }
        }
        (None, _) if v1 => {
            let host =
                host.map_or_else(|| format!("autodiscover.{}", account.domain), Domain::to_string);
            let url = format!("https://{host}/autodiscover/autodiscover.xml");
            Answer::AutodiscoverJson { protocol: "AutodiscoverV1", url }
        }
        (None, Some(server)) if protocol.eq_ignore_ascii_case("ActiveSync") => {
            Answer::AutodiscoverJson { protocol: "ActiveSync", url: server.url.to_string() }
        }
        _ => {
            // What is no word names no protocol, and is not worth repeating to whoever sent it.
            let word = !protocol.is_empty() && protocol.bytes().all(|b| b.is_ascii_alphanumeric());
            Answer::Refused(Refusal::InvalidProtocol(word.then(|| protocol.to_owned())))
        }
    }
}

/// Half a file makes Thunderbird drop it, and one `plain` server makes K-9 drop it whole.
fn autoconfig(mut account: Account) -> Answer {
    let encrypted = |server: &MailServer| server.encryption != Encryption::None;
    if account.incoming.iter().chain(&account.smtp).any(encrypted) {
        account.incoming.retain(encrypted);
        account.smtp = account.smtp.filter(encrypted);
    }
    if account.incoming.is_empty() || account.smtp.is_none() {
        return Answer::Refused(Refusal::ProviderUnavailable);
    }
    let provider = &mut account.provider;
    provider.name = shortened(&provider.name, LONGEST_NAME);
    provider.short_name = shortened(&provider.short_name, LONGEST_SHORT_NAME);
    // Clients fill in their user only where they log in.
    let for_all = |url: &Url| !url.contains("%EMAIL");
    provider.documentation = provider.documentation.take().filter(for_all);
    account.webmail = account.webmail.filter(for_all);
    Answer::Autoconfig(account)
}

/// The longest names of a provider, in characters: draft-ietf-mailmaint-autoconfig
/// (`displayName` and `displayShortName`) and draft-ietf-mailmaint-pacc agree.
const LONGEST_NAME: usize = 60;
const LONGEST_SHORT_NAME: usize = 20;

/// The text, or its beginning with an ellipsis when it has more characters than `longest`.
fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(longest - 1).collect();
    format!("{}…", beginning.trim_end())
}

/// A mail payload takes one incoming and one outgoing server, no more and no less.
///
/// ActiveSync brings mail, calendars and contacts at once, so it stands only where it is the way to the mail.
fn mobile_config(mut account: Account) -> Answer {
    if !offers_profile(&account) {
        return Answer::Refused(Refusal::ProviderUnavailable);
    }
    let incoming = std::mem::take(&mut account.incoming).into_iter().next();
    let mail = match (incoming, account.smtp.take(), account.mobilesync.take()) {
        (Some(incoming), Some(smtp), _) => {
            let one_password = incoming.login_name == smtp.login_name;
            Some(Payload::Mail { incoming, smtp, one_password })
        }
        (_, _, Some(server)) => Some(Payload::ActiveSync(server)),
        _ => None,
    };
    let caldav = account.caldav.take().map(Payload::CalDav);
    let carddav = account.carddav.take().map(Payload::CardDav);
    let payloads = mail.into_iter().chain(caldav).chain(carddav).collect();
    Answer::MobileConfig { account, payloads }
}

fn page(mut account: Account) -> Answer {
    match account.redirect.take() {
        Some(redirect) => Answer::PageMoved { email: account.email, redirect },
        None => Answer::Page { profile: offers_profile(&account), account },
    }
}

/// Whether a profile has something to set up.
fn offers_profile(account: &Account) -> bool {
    let mail = !account.incoming.is_empty() && account.smtp.is_some();
    mail || account.mobilesync.is_some() || account.caldav.is_some() || account.carddav.is_some()
}

/// PACC has no word for a port, an encryption or a login name: only the usual ones can be said.
fn user_agent_configuration(mut account: Account) -> Answer {
    let Account { mut incoming, smtp, caldav, carddav, .. } = account.clone();
    let in_full = format!("{{local}}@{}", account.domain);
    let by_address =
        |name: &str| !account.has_logins && (name == in_full || account.is_address(name));
    let usual = |server: &MailServer| server.is_usual() && by_address(&server.login_name);
    let dav = |dav: &Dav| has_context_path(dav) && by_address(&dav.login_name);
    incoming.retain(usual);
    let smtp = smtp.filter(usual);
    let (caldav, carddav) = (caldav.filter(dav), carddav.filter(dav));
    account = Account { incoming, smtp, caldav, carddav, ..account };
    if account.incoming.is_empty() || account.smtp.is_none() {
        return Answer::Refused(Refusal::ProviderUnavailable);
    }
    let provider = &mut account.provider;
    if provider.name.contains('{') {
        provider.name = account.domain.to_string();
    }
    if provider.short_name.contains('{') {
        provider.short_name.clone_from(&provider.name);
    }
    provider.documentation = provider.documentation.take().filter(|url| !url.contains('{'));
    // A short name that only repeats the name says nothing, and need not be there.
    let short_name = (provider.short_name != provider.name)
        .then(|| shortened(&provider.short_name, LONGEST_SHORT_NAME));
    provider.name = shortened(&provider.name, LONGEST_NAME);
    Answer::UserAgentConfiguration { account, short_name }
}

/// Whether PACC can name a DAV server by this URL: https, no port, and more than a bare origin.
fn has_context_path(dav: &Dav) -> bool {
    dav.url.is_https() && dav.url.port().is_none() && dav.url.path() != "/" && !dav.url_of_user
}

/// For formats that have no word for `UsePOPAuth`: the login name that it means.
fn with_pop_auth(mut account: Account) -> Account {
    if let (Some(incoming), Some(smtp)) = (account.incoming.first(), &mut account.smtp)
        && smtp.use_pop_auth
    {
        smtp.login_name.clone_from(&incoming.login_name);
    }
    account
}

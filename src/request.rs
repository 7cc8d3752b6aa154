//! Turns what was received into what was asked: the routes, and what each needs from its request.

pub mod xml;

use percent_encoding::percent_decode_str;

use crate::account::User;
use crate::address::{Address, Domain};
use crate::http::Received;
use crate::refusal::Refusal;
use crate::schema::Schema;

/// What a path answers; each has its own form, for refusals too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Autodiscover POX (MS-OXDSCLI, MS-ASCMD).
    Autodiscover,
    /// Autodiscover V2, which Microsoft's clients ask first.
    AutodiscoverJson,
    /// Thunderbird and those who follow draft-ietf-mailmaint-autoconfig.
    Autoconfig,
    /// An Apple configuration profile.
    MobileConfig,
    /// PACC (draft-ietf-mailmaint-pacc).
    UserAgentConfiguration,
    /// The page for people.
    Page,
    /// No path that we know.
    Unknown,
}

/// A complete question.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// Without a schema that we speak the domain may still be refused first.
    Autodiscover {
        address: Address,
        schema: Option<Schema>,
    },
    /// `protocol` as the client wrote it; `host` where it asked.
    AutodiscoverJson {
        address: Address,
        protocol: String,
        host: Option<Domain>,
    },
    /// The address only when the client sent one.
    Autoconfig {
        domain: Domain,
        address: Option<Address>,
    },
    MobileConfig {
        address: Address,
    },
    UserAgentConfiguration {
        domain: Domain,
    },
    /// Without an address there is only the form to show.
    Page {
        address: Option<Address>,
    },
}

impl Request {
    /// The domain whose configuration answers; none is needed for an empty form.
    pub fn domain(&self) -> Option<&Domain> {
        match self {
            Request::Autodiscover { address, .. }
            | Request::AutodiscoverJson { address, .. }
            | Request::MobileConfig { address } => Some(address.domain()),
            Request::Autoconfig { domain, .. } | Request::UserAgentConfiguration { domain } => {
                Some(domain)
            }
            Request::Page { address } => address.as_ref().map(Address::domain),
        }
    }

    /// For whom the answer is.
    pub fn user(&self) -> User {
        match self {
            Request::Autodiscover { address, .. }
            | Request::AutodiscoverJson { address, .. }
            | Request::MobileConfig { address }
            | Request::Page { address: Some(address) } => User::Named(address.clone()),
            Request::Autoconfig { address, .. } => User::Hidden(address.clone()),
            Request::UserAgentConfiguration { .. } | Request::Page { address: None } => {
                User::Everyone
            }
        }
    }
}

/// The methods of a route, as `Allow` lists them (RFC 9110, 10.2.1).
const POST: &str = "POST";
const GET: &str = "GET, HEAD";
const EVERY: &str = "GET, HEAD, POST";

/// Every path that we know, in lower case and without a slash at its end.
const ROUTES: &[(&str, Route)] = &[
    ("/autodiscover/autodiscover.xml", Route::Autodiscover),
    ("/autodiscover/autodiscover.json", Route::AutodiscoverJson),
    // The path form without its address.
    ("/autodiscover/autodiscover.json/v1.0", Route::AutodiscoverJson),
    ("/mail/config-v1.1.xml", Route::Autoconfig),
    ("/.well-known/autoconfig/mail/config-v1.1.xml", Route::Autoconfig),
    // Nine.
    ("/v1.1/mail/config-v1.1.xml", Route::Autoconfig),
    ("/.well-known/user-agent-configuration.json", Route::UserAgentConfiguration),
    ("", Route::Page),
    ("/mail", Route::Page),
];

/// Routes with a part that differs: what stands before it and after it.
const OPEN_ROUTES: &[(&str, &str, Route)] = &[
    (JSON_WITH_ADDRESS, "", Route::AutodiscoverJson),
    ("/mail/", ".mobileconfig", Route::MobileConfig),
];

/// Outlook 2016 and later put the address into the path.
const JSON_WITH_ADDRESS: &str = "/autodiscover/autodiscover.json/v1.0/";

/// The route of a path; case and one slash at the end do not matter.
fn route(path: &str) -> Route {
    let path = path.strip_suffix('/').unwrap_or(path);
    let known = ROUTES.iter().find(|(known, _)| known.eq_ignore_ascii_case(path));
    let open = || {
        OPEN_ROUTES.iter().find(|(before, after, _)| {
            between(path, before, after).is_some_and(|name| !name.is_empty())
        })
    };
    known
        .map(|(_, route)| *route)
        .or_else(|| open().map(|(_, _, route)| *route))
        .unwrap_or(Route::Unknown)
}

/// What stands between the two, which are compared without regard to case.
fn between<'p>(path: &'p str, before: &str, after: &str) -> Option<&'p str> {
    let end = path.len().checked_sub(after.len())?;
    let (start, rest) = path.split_at_checked(before.len())?;
    let name = rest.get(..end.checked_sub(before.len())?)?;
    (start.eq_ignore_ascii_case(before) && path.get(end..)?.eq_ignore_ascii_case(after))
        .then_some(name)
}

/// What was asked, and in which form to answer.
pub fn request(received: &Received) -> (Route, Result<Request, Refusal>) {
    let route = received.path.as_deref().map_or(Route::Unknown, route);
    let request = match (route, received.method.as_str()) {
        (Route::Autodiscover | Route::Unknown, "POST") => {
            return (Route::Autodiscover, autodiscover(received));
        }
        (Route::Autodiscover, _) => Err(Refusal::MethodNotAllowed { allow: POST }),
        (Route::Unknown, "GET" | "HEAD") => Err(Refusal::NotFound),
        (Route::Unknown, _) => Err(Refusal::MethodNotAllowed { allow: EVERY }),
        (Route::AutodiscoverJson, "GET" | "HEAD") => autodiscover_json(received),
        (Route::Autoconfig, "GET" | "HEAD") => autoconfig(received),
        (Route::MobileConfig, "GET" | "HEAD") => address_parameter(received, EMAILADDRESS)
            .and_then(|address| address.ok_or(Refusal::InvalidRequest))
            .map(|address| Request::MobileConfig { address }),
        (Route::UserAgentConfiguration, "GET" | "HEAD") => domain_of_host(received)
            .map(|domain| Request::UserAgentConfiguration { domain })
            .ok_or(Refusal::InvalidRequest),
        (Route::Page, "GET" | "HEAD") => {
            address_parameter(received, EMAILADDRESS).map(|address| Request::Page { address })
        }
        _ => Err(Refusal::MethodNotAllowed { allow: GET }),
    };
    (route, request)
}

/// The parameter of Thunderbird, which profiles and the page share.
const EMAILADDRESS: &str = "emailaddress";

/// What a person typed into the form, whether it is an address or not.
pub fn typed_address(received: &Received) -> Option<String> {
    parameter(&received.query, EMAILADDRESS)
}

fn autodiscover(received: &Received) -> Result<Request, Refusal> {
    let bytes = received.body.as_ref().map_err(Refusal::clone)?;
    let body = xml::body(bytes).map_err(|xml::NotARequest| Refusal::InvalidRequest)?;
    let address = body.email.as_deref().and_then(Address::new).ok_or(Refusal::InvalidRequest)?;
    // MS-OXDSCLI requires the element; Outlook's imitators leave it out and want Outlook's answer.
    let schema = body.schema.map_or(Some(Schema::Outlook), |text| Schema::named(&text));
    Ok(Request::Autodiscover { address, schema })
}

fn autodiscover_json(received: &Received) -> Result<Request, Refusal> {
    let path = received.path.as_deref().unwrap_or_default();
    let in_path = between(path, JSON_WITH_ADDRESS, "")
        .map(|name| name.strip_suffix('/').unwrap_or(name))
        .filter(|name| !name.is_empty());
    let address = match in_path {
        Some(name) => Address::new(name),
        None => address_parameter(received, "email")?,
    };
    let address = address.ok_or(Refusal::InvalidRequest)?;
    let protocol = parameter(&received.query, "protocol").unwrap_or_default();
    Ok(Request::AutodiscoverJson { address, protocol, host: Domain::of_host(&received.host) })
}

/// K-9, KMail and Geary send no address: the host says for which domain they ask.
fn autoconfig(received: &Received) -> Result<Request, Refusal> {
    let address = address_parameter(received, EMAILADDRESS)?;
    let domain = match &address {
        Some(address) => address.domain().clone(),
        None => domain_of_host(received).ok_or(Refusal::InvalidRequest)?,
    };
    Ok(Request::Autoconfig { domain, address })
}

/// The mail domain of the host that was asked: without the names that discovery puts before it.
fn domain_of_host(received: &Received) -> Option<Domain> {
    let host = Domain::of_host(&received.host)?;
    let names = ["autoconfig.", "autodiscover.", "ua-auto-config."];
    match names.iter().find_map(|name| host.as_str().strip_prefix(name)) {
        Some(domain) => Domain::new(domain),
        None => Some(host),
    }
}

/// The address in the query, if the parameter is there and not empty; refused when it is no address.
fn address_parameter(received: &Received, name: &str) -> Result<Option<Address>, Refusal> {
    parameter(&received.query, name)
        .filter(|text| !text.trim().is_empty())
        .map(|text| Address::new(&text).ok_or(Refusal::InvalidRequest))
        .transpose()
}

/// The first parameter of that name, whatever its case, percent-decoded.
///
/// A plus sign stays one: many clients send that of `ada+tag@example.org` as it is,
/// and an address has no use for the space that HTML forms mean by it.
fn parameter(query: &str, name: &str) -> Option<String> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned())
}

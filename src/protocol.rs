//! The table of protocols: which paths each has, and how it is read, answered and refused.

mod autoconfig;
mod json;
mod local_xml;
mod pacc;
pub mod page;
mod plain;
pub mod pox;
pub mod profile;
mod registry;
mod self_test;
mod visitor;
mod xml;

pub use autoconfig::{AUTOCONFIG, DUMMY};
pub use pacc::{PACC, digest};
pub use registry::registry_file;
pub use visitor::Visitor;
pub use visitor::language::{LANG, LANGUAGES, Language};

use crate::account::{Account, Redirect, Served};
use crate::audience::Question;
use crate::http::{Received, Reply};
use crate::refusal::Refusal;

/// What is asked, and who asks.
pub struct Request<'r> {
    pub question: Question,
    pub visitor: Visitor<'r>,
}

/// One way in which clients ask.
pub struct Protocol {
    /// In lower case, with a slash before and none behind; a `*` stands for one or more characters.
    pub paths: &'static [&'static str],
    /// The methods, as `Allow` lists them (RFC 9110, 10.2.1).
    pub methods: &'static str,
    /// What is asked; an error is the client's fault.
    pub read: fn(&Received, Visitor) -> Result<Question, Refusal>,
    /// What a client gets for a domain whose mail is here.
    pub answer: fn(&Request, Served) -> Result<Reply, Refusal>,
    /// What a client gets for a domain that has moved.
    pub moved: fn(&Request, &Account, &Redirect) -> Result<Reply, Refusal>,
    /// A refusal in the form that the protocol has for it; the account is that of the host, where a person reads.
    pub refuse: fn(Visitor, &Refusal, Option<&Account>) -> Reply,
}

impl Protocol {
    /// A document that cannot say where a domain has moved, and that has no form of its own for a refusal.
    const DOCUMENT: Protocol = Protocol {
        paths: &[],
        methods: GET,
        read: |_, _| Err(Refusal::NotFound),
        answer: |_, _| Err(Refusal::NotFound),
        moved: |_, _, _| Err(Refusal::Moved),
        refuse: |_, refusal, _| Reply::sentence(refusal),
    };
}

const GET: &str = "GET, HEAD";
const POST: &str = "POST";

/// Every protocol that we speak; a path belongs to the first that has it.
pub static PROTOCOLS: &[&Protocol] = &[
    &pox::POX,
    &json::JSON,
    &AUTOCONFIG,
    &profile::PROFILE,
    &PACC,
    &page::PAGE,
    &plain::PLAIN,
    &local_xml::LOCAL_XML,
    &registry::REGISTRY,
];

/// What answers on a path that no protocol has.
static UNKNOWN: Protocol = Protocol {
    methods: "GET, HEAD, POST",
    refuse: |visitor, refusal, host| {
        if visitor.html() { page::refuse(visitor, refusal, host) } else { Reply::sentence(refusal) }
    },
    ..Protocol::DOCUMENT
};

/// The protocol of a request; case, doubled slashes and one slash at the end of the path do not matter.
///
/// A POST to a path of our own or to one that we do not know is a request of Autodiscover too.
pub fn asked(received: &Received) -> &'static Protocol {
    let posted = received.method == "POST";
    let Some(path) = &received.path else {
        return if posted { &pox::POX } else { &UNKNOWN };
    };
    let path = path.strip_suffix('/').unwrap_or(path);
    for protocol in PROTOCOLS {
        if protocol.paths.iter().any(|pattern| part(pattern, path).is_some()) {
            return protocol;
        }
    }
    match () {
        () if posted => &pox::POX,
        () if received.path.as_deref() == Some(&received.script) => &self_test::SELF_TEST,
        () => &UNKNOWN,
    }
}

impl Protocol {
    /// What is asked; refused when the path does not take the method.
    pub fn request<'r>(&self, received: &'r Received) -> Result<Request<'r>, Refusal> {
        if self.methods.split(", ").any(|method| method == received.method) {
            let visitor = Visitor::of(received);
            Ok(Request { question: (self.read)(received, visitor)?, visitor })
        } else {
            Err(Refusal::MethodNotAllowed { allow: self.methods })
        }
    }
}

/// What stands in a path for the `*` of a pattern, or nothing when it has none; None when they do not match.
fn part<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    let Some((before, after)) = pattern.split_once('*') else {
        return pattern.eq_ignore_ascii_case(path).then_some("");
    };
    let (start, rest) = path.split_at_checked(before.len())?;
    let (part, end) = rest.split_at_checked(rest.len().checked_sub(after.len())?)?;
    let same = start.eq_ignore_ascii_case(before) && end.eq_ignore_ascii_case(after);
    (same && !part.is_empty()).then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_or_more_characters() {
        assert_eq!(part("/a.xml", "/A.XML"), Some(""));
        assert_eq!(part("/m/*.x", "/M/ü.X"), Some("ü"));
        assert_eq!(part("/v1.0/*", "/V1.0/ada@example.org"), Some("ada@example.org"));
        for (pattern, path) in [
            ("/a.xml", "/a.xm"),
            ("/m/*.x", "/m/.x"),
            ("/m/*.x", "/m/"),
            ("/m/*.x", "/ü"),
            ("", "/"),
        ] {
            assert_eq!(part(pattern, path), None, "{path}");
        }
    }
}

//! Why a client gets no settings, and what the protocols let us say of it.

/// The client's fault, the administrator's decision, or our own fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not a request, or no address in it.
    InvalidRequest,
    /// `CONTENT_LENGTH` is not a number, or the body ends before it.
    BadLength,
    /// The body did not arrive in time.
    TimedOut,
    /// The body is longer than we read.
    TooLarge,
    /// The domain of the address is not served here.
    NotServed,
    /// The domain has moved; only for answers that cannot say where to.
    Moved,
    /// A schema that we do not speak, or a service that the domain does not have.
    ProviderUnavailable,
    /// A `Protocol` of Autodiscover V2 that we do not answer; its name only when that is a word.
    InvalidProtocol(Option<String>),
    /// A path that we do not know.
    NotFound,
    /// A method that the path does not take; `allow` lists those that it takes.
    MethodNotAllowed { allow: &'static str },
    /// The configuration cannot be used; only the log says why.
    Fault,
}

/// What the protocols say of a refusal.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// `ErrorCode` and `Message` (MS-OXDSCLI 2.2.4.1.1.3.2), in the wording of Exchange.
    pub error: (&'static str, &'static str),
    /// The HTTP status where the protocol has no error document of its own.
    pub status: u16,
    /// The word for the web server's log.
    pub word: &'static str,
    /// A plain sentence for whoever looks at the answer.
    pub sentence: &'static str,
}

const NO_ADDRESS: (&str, &str) = ("500", "The email address can't be found.");
const INVALID: (&str, &str) = ("600", "Invalid Request");
const NO_PROVIDER: (&str, &str) = ("601", "Provider is not available");
const FAULT: (&str, &str) = ("603", "Internal server error");

impl Refusal {
    pub fn row(&self) -> Row {
        let row = |error, status, word, sentence| Row { error, status, word, sentence };
        match self {
            Refusal::InvalidRequest => {
                let sentence = "This address needs a valid e-mail address to answer.";
                row(INVALID, 400, "invalid-request", sentence)
            }
            Refusal::BadLength => {
                row(INVALID, 400, "invalid-request", "The length of the request is wrong.")
            }
            Refusal::TimedOut => {
                row(INVALID, 408, "timeout", "The request did not arrive in time.")
            }
            Refusal::TooLarge => row(INVALID, 413, "too-large", "The request is too long."),
            Refusal::NotServed => {
                row(NO_ADDRESS, 404, "not-served", "This server knows no settings for that domain.")
            }
            Refusal::Moved => {
                row(NO_ADDRESS, 404, "redirected", "The mail of that domain is served elsewhere.")
            }
            Refusal::ProviderUnavailable => {
                row(NO_PROVIDER, 404, "no-such-service", "That domain has no such service.")
            }
            Refusal::InvalidProtocol(_) => {
                row(INVALID, 400, "no-such-service", "That protocol is not supported here.")
            }
            Refusal::NotFound => {
                row(INVALID, 404, "invalid-request", "There is nothing at this address.")
            }
            Refusal::MethodNotAllowed { .. } => {
                row(INVALID, 405, "method", "This address does not take that method.")
            }
            Refusal::Fault => row(FAULT, 500, "fault", "The server is not set up correctly."),
        }
    }
}

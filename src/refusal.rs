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

impl Refusal {
    /// `ErrorCode` (MS-OXDSCLI 2.2.4.1.1.3.2).
    pub fn error_code(&self) -> u16 {
        match self {
            Refusal::NotServed | Refusal::Moved => 500,
            Refusal::ProviderUnavailable => 601,
            Refusal::Fault => 603,
            _ => 600,
        }
    }

    /// `Message`: the wording that Exchange uses.
    pub fn message(&self) -> &'static str {
        match self.error_code() {
            500 => "The email address can't be found.",
            601 => "Provider is not available",
            603 => "Internal server error",
            _ => "Invalid Request",
        }
    }

    /// The HTTP status where the protocol has no error document of its own.
    pub fn status(&self) -> u16 {
        match self {
            Refusal::InvalidRequest | Refusal::BadLength | Refusal::InvalidProtocol(_) => 400,
            Refusal::TimedOut => 408,
            Refusal::TooLarge => 413,
            Refusal::NotServed
            | Refusal::Moved
            | Refusal::ProviderUnavailable
            | Refusal::NotFound => 404,
            Refusal::MethodNotAllowed { .. } => 405,
            Refusal::Fault => 500,
        }
    }

    /// The word for the web server's log.
    pub fn word(&self) -> &'static str {
        match self {
            Refusal::InvalidRequest | Refusal::BadLength | Refusal::NotFound => "invalid-request",
            Refusal::TimedOut => "timeout",
            Refusal::TooLarge => "too-large",
            Refusal::NotServed => "not-served",
            Refusal::Moved => "redirected",
            Refusal::ProviderUnavailable | Refusal::InvalidProtocol(_) => "no-such-service",
            Refusal::MethodNotAllowed { .. } => "method",
            Refusal::Fault => "fault",
        }
    }

    /// A plain sentence for whoever looks at the answer.
    pub fn sentence(&self) -> &'static str {
        match self {
            Refusal::InvalidRequest => "This address needs a valid e-mail address to answer.",
            Refusal::BadLength => "The length of the request is wrong.",
            Refusal::TimedOut => "The request did not arrive in time.",
            Refusal::TooLarge => "The request is too long.",
            Refusal::NotServed => "This server knows no settings for that domain.",
            Refusal::Moved => "The mail of that domain is served elsewhere.",
            Refusal::ProviderUnavailable => "That domain has no such service.",
            Refusal::InvalidProtocol(_) => "That protocol is not supported here.",
            Refusal::NotFound => "There is nothing at this address.",
            Refusal::MethodNotAllowed { .. } => "This address does not take that method.",
            Refusal::Fault => "The server is not set up correctly.",
        }
    }
}

//! What an Autodiscover request asks (MS-OXDSCLI 2.2.3): the address, and the schema that the client can read.

use super::wellformed::{Document, Event, NotWellFormed, decoded};

/// What a body says, not yet judged.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The text of `EMailAddress`.
    pub email: Option<String>,
    /// The text of the first `AcceptableResponseSchema`.
    pub schema: Option<String>,
}

/// The longest text of an element that we read, in bytes; an address has at most 254.
const LONGEST_TEXT: usize = 2048;

/// The body is not well-formed, or not of the shape that MS-OXDSCLI 2.2.3 gives.
#[derive(Debug, PartialEq, Eq)]
pub struct NotARequest;

impl From<NotWellFormed> for NotARequest {
    fn from(_: NotWellFormed) -> NotARequest {
        NotARequest
    }
}

/// Reads `Autodiscover/Request/EMailAddress` and `AcceptableResponseSchema`.
///
/// Liberal where clients differ: child order, prefixes, namespaces, case of names, further elements.
pub fn read(bytes: &[u8]) -> Result<Body, NotARequest> {
    let decoded = decoded(bytes)?;
    let mut document = Document::new(&decoded);
    let mut body = Body::default();
    let mut place = Place::default();
    while let Some(event) = document.next()? {
        match event {
            Event::Start(start) => place.enter(start.local_name().as_ref(), &body)?,
            Event::Text(text) => place.text(&text)?,
            Event::End => place.leave(&mut body),
        }
    }
    Ok(body)
}

/// Where in the document the reader is.
#[derive(Default)]
struct Place {
    /// How many elements are open.
    depth: usize,
    /// Whether a `Request` has begun, and whether it is the open child of the root.
    request_seen: bool,
    in_request: bool,
    /// The leaf that is being read, with its text so far.
    leaf: Option<(Leaf, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaf {
    EMailAddress,
    AcceptableResponseSchema,
}

impl Place {
    fn enter(&mut self, name: &str, body: &Body) -> Result<(), NotARequest> {
        let named = |expected: &str| name.eq_ignore_ascii_case(expected);
        match self.depth {
            _ if self.leaf.is_some() => return Err(NotARequest),
            0 if !named("Autodiscover") => return Err(NotARequest),
            1 if named("Request") => {
                if self.request_seen {
                    return Err(NotARequest);
                }
                self.request_seen = true;
                self.in_request = true;
            }
            2 if self.in_request && named("EMailAddress") => {
                if body.email.is_some() {
                    return Err(NotARequest);
                }
                self.leaf = Some((Leaf::EMailAddress, String::new()));
            }
            2 if self.in_request && named("AcceptableResponseSchema") => {
                self.leaf = Some((Leaf::AcceptableResponseSchema, String::new()));
            }
            _ => {}
        }
        self.depth += 1;
        Ok(())
    }

    fn text(&mut self, content: &str) -> Result<(), NotARequest> {
        if let Some((_, text)) = &mut self.leaf {
            text.push_str(content);
            if text.len() > LONGEST_TEXT {
                return Err(NotARequest);
            }
        }
        Ok(())
    }

    fn leave(&mut self, body: &mut Body) {
        self.depth -= 1;
        match self.leaf.take() {
            Some((Leaf::EMailAddress, text)) => body.email = Some(text),
            Some((Leaf::AcceptableResponseSchema, text)) => {
                body.schema.get_or_insert(text);
            }
            None if self.depth == 1 => self.in_request = false,
            None => {}
        }
    }
}

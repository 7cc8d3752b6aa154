//! Reads an Autodiscover request body: the address and the schema, or the refusal that any strict reader would give.

use std::borrow::Cow;
use std::collections::BTreeSet;

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceResolver, QName, ResolveResult};

/// What a body says, not yet judged.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The text of `EMailAddress`.
    pub email: Option<String>,
    /// The text of the first `AcceptableResponseSchema`.
    pub schema: Option<String>,
}

/// The body is not a request: not well-formed, or not of the shape that MS-OXDSCLI 2.2.3 gives.
#[derive(Debug, PartialEq, Eq)]
pub struct NotARequest;

/// Attributes of one element that we read at most: comparing them takes quadratic time.
const MOST_ATTRIBUTES: usize = 64;

/// Reads `Autodiscover/Request/EMailAddress` and `AcceptableResponseSchema`.
///
/// Liberal where clients differ: child order, prefixes, namespaces, case of names, comments, CDATA,
/// white space, a BOM, UTF-16. Strict where XML is: DTDs, undeclared entities and prefixes, cut or
/// trailing content are refused.
pub fn body(bytes: &[u8]) -> Result<Body, NotARequest> {
    let (text, encoding) = decoded(bytes)?;
    // quick-xml would pass over a second byte order mark.
    if text.starts_with('\u{FEFF}') || !text.chars().all(is_char) {
        return Err(NotARequest);
    }
    let mut reader = NsReader::from_str(&text);
    reader.config_mut().check_comments = true;

    let mut body = Body::default();
    let mut place = Place::default();
    let mut first = true;
    loop {
        match reader.read_event().map_err(|_| NotARequest)? {
            Event::Start(start) => {
                check_start(&start, reader.resolver())?;
                place.enter(start.local_name().as_ref(), &body)?;
            }
            Event::Empty(start) => {
                check_start(&start, reader.resolver())?;
                place.enter(start.local_name().as_ref(), &body)?;
                place.leave(&mut body);
            }
            Event::End(_) => place.leave(&mut body),
            Event::Text(text) => {
                let content = text.xml10_content();
                if content.contains("]]>") {
                    return Err(NotARequest);
                }
                place.text(&content)?;
            }
            Event::CData(text) => {
                if place.depth == 0 {
                    return Err(NotARequest);
                }
                place.text(&text.xml10_content())?;
            }
            Event::GeneralRef(reference) => {
                if place.depth == 0 {
                    return Err(NotARequest);
                }
                place.text(character(&reference)?.encode_utf8(&mut [0; 4]))?;
            }
            Event::Decl(_) if first => check_declaration(&text, encoding)?,
            Event::PI(instruction) => {
                let target = instruction.target();
                if !is_name(target) || target.eq_ignore_ascii_case("xml") {
                    return Err(NotARequest);
                }
            }
            Event::Comment(_) => {}
            Event::Decl(_) | Event::DocType(_) => return Err(NotARequest),
            Event::Eof => break,
        }
        first = false;
    }
    if place.depth == 0 && place.root_seen { Ok(body) } else { Err(NotARequest) }
}

/// Where in the document the reader is.
#[derive(Default)]
struct Place {
    /// How many elements are open.
    depth: usize,
    /// Whether the root element has begun.
    root_seen: bool,
    /// Whether a `Request` has begun, and whether it is the open child of the root.
    request_seen: bool,
    in_request: bool,
    /// The leaf that is being read, with its text so far: quick-xml splits text at references.
    leaf: Option<(Leaf, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaf {
    EMailAddress,
    AcceptableResponseSchema,
}

impl Place {
    fn enter(&mut self, name: &str, body: &Body) -> Result<(), NotARequest> {
        if self.leaf.is_some() {
            return Err(NotARequest);
        }
        let named = |expected: &str| name.eq_ignore_ascii_case(expected);
        match self.depth {
            0 if self.root_seen || !named("Autodiscover") => return Err(NotARequest),
            0 => self.root_seen = true,
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

    fn text(&mut self, content: &str) -> Result<(), NotARequest> {
        if let Some((_, text)) = &mut self.leaf {
            text.push_str(content);
        } else if self.depth == 0 && !content.bytes().all(is_space) {
            return Err(NotARequest);
        }
        Ok(())
    }
}

/// The two encodings that we read; every XML processor must (XML 1.0, 4.3.3).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16,
}

/// The text without its byte order mark.
fn decoded(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), NotARequest> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units = pairs.iter().map(|pair| unit(*pair));
        let text = char::decode_utf16(units).collect::<Result<String, _>>();
        match text {
            Ok(text) if rest.is_empty() => Ok((Cow::Owned(text), Encoding::Utf16)),
            _ => Err(NotARequest),
        }
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => {
            let text = std::str::from_utf8(rest).map_err(|_| NotARequest)?;
            Ok((Cow::Borrowed(text), Encoding::Utf8))
        }
    }
}

/// XML 1.0, production 23; a byte order mark of UTF-16 outweighs what is declared (RFC 7303, 3).
fn check_declaration(text: &str, actual: Encoding) -> Result<(), NotARequest> {
    let rest = text.strip_prefix("<?xml").ok_or(NotARequest)?;
    let (version, rest) = pseudo_attribute(rest, "version").ok_or(NotARequest)?;
    let (encoding, rest) = optional(pseudo_attribute(rest, "encoding"), rest);
    let (standalone, rest) = optional(pseudo_attribute(rest, "standalone"), rest);
    let fits = encoding.is_none_or(|name| {
        name.eq_ignore_ascii_case("utf-8")
            || name.eq_ignore_ascii_case("us-ascii")
            || (name.eq_ignore_ascii_case("utf-16") && actual == Encoding::Utf16)
    });
    let right = version.strip_prefix("1.").is_some_and(is_number)
        && standalone.is_none_or(|word| word == "yes" || word == "no")
        && rest.trim_start_matches(SPACES).starts_with("?>");
    if fits && right { Ok(()) } else { Err(NotARequest) }
}

/// The value of the pseudo-attribute that comes next, if it has that name, and what follows it.
fn pseudo_attribute<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    let rest = text.strip_prefix(SPACES)?.trim_start_matches(SPACES).strip_prefix(name)?;
    let rest = rest.trim_start_matches(SPACES).strip_prefix('=')?.trim_start_matches(SPACES);
    let quote = if rest.starts_with('\'') { '\'' } else { '"' };
    rest.strip_prefix(quote)?.split_once(quote)
}

fn optional<'t>(
    found: Option<(&'t str, &'t str)>,
    otherwise: &'t str,
) -> (Option<&'t str>, &'t str) {
    found.map_or((None, otherwise), |(value, rest)| (Some(value), rest))
}

/// Names, prefixes and attributes of a start tag, which quick-xml leaves to its caller.
fn check_start(start: &BytesStart, resolver: &NamespaceResolver) -> Result<(), NotARequest> {
    let (namespace, _) = resolver.resolve_element(start.name());
    // No element may have this prefix (Namespaces in XML 1.0, 3).
    let reserved = start.name().prefix().is_some_and(|prefix| prefix.as_ref() == "xmlns");
    let unknown = matches!(namespace, ResolveResult::Unknown(_));
    if reserved || unknown || !is_qualified_name(start.name()) {
        return Err(NotARequest);
    }
    let mut expanded = BTreeSet::new();
    for (count, attribute) in start.attributes().enumerate() {
        let Attribute { key, value } = attribute.map_err(|_| NotARequest)?;
        if count == MOST_ATTRIBUTES || value.contains('<') || !is_qualified_name(key) {
            return Err(NotARequest);
        }
        if count == 1 && !are_apart(start.attributes_raw()) {
            return Err(NotARequest);
        }
        let value = Attribute { key, value }
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|_| NotARequest)?;
        // A prefix cannot be undeclared (Namespaces in XML 1.0, 5).
        let undeclares = value.is_empty() && key.prefix().is_some_and(|p| p.as_ref() == "xmlns");
        if undeclares || !value.chars().all(is_char) {
            return Err(NotARequest);
        }
        if key.prefix().is_some() && key.as_namespace_binding().is_none() {
            match resolver.resolve_attribute(key) {
                (ResolveResult::Bound(space), local) => {
                    let name = (space.as_ref().to_owned(), local.as_ref().to_owned());
                    if !expanded.insert(name) {
                        return Err(NotARequest);
                    }
                }
                _ => return Err(NotARequest),
            }
        }
    }
    Ok(())
}

/// Whether white space follows each attribute that is not the last (XML 1.0, production 40).
fn are_apart(attributes: &str) -> bool {
    let mut rest = attributes;
    while let Some((_, after)) = rest.split_once('=') {
        let value = after.trim_start_matches(SPACES);
        let quote = if value.starts_with('\'') { '\'' } else { '"' };
        let Some((_, after)) = value.strip_prefix(quote).and_then(|v| v.split_once(quote)) else {
            return false;
        };
        if !after.is_empty() && !after.starts_with(SPACES) {
            return false;
        }
        rest = after;
    }
    true
}

/// The character that a reference stands for: one of the five predefined entities, or by number.
fn character(reference: &BytesRef) -> Result<char, NotARequest> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) if is_char(character) => return Ok(character),
        Ok(None) => {}
        _ => return Err(NotARequest),
    }
    match &*reference.xml10_content() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(NotARequest),
    }
}

/// XML 1.0, production 3.
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

fn is_space(byte: u8) -> bool {
    SPACES.contains(&char::from(byte))
}

fn is_number(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// XML 1.0, production 2; surrogates are no `char`.
fn is_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// XML 1.0, production 5, taking every character beyond ASCII.
fn is_name(name: &str) -> bool {
    let name_start = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    name.starts_with(name_start)
        && name.chars().all(|c| name_start(c) || c.is_ascii_digit() || c == '-' || c == '.')
}

/// Namespaces in XML, production 7: one colon at most, with a name on either side.
fn is_qualified_name(name: QName) -> bool {
    name.prefix().is_none_or(|prefix| is_name(prefix.as_ref()))
        && is_name(name.local_name().as_ref())
}

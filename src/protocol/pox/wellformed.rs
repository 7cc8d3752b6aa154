//! Well-formedness that quick-xml leaves to its caller, each rule with its production of XML 1.0 (fifth edition).

use std::borrow::Cow;

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event as Read};
use quick_xml::name::{NamespaceResolver, QName, ResolveResult};

/// The text is not an XML document without a DTD, or exceeds the bounds below.
#[derive(Debug, PartialEq, Eq)]
pub struct NotWellFormed;

/// What a document is made of, as far as its meaning goes.
pub enum Event<'t> {
    Start(BytesStart<'t>),
    /// Text of an element; it may come in pieces.
    Text(Cow<'t, str>),
    End,
}

/// How many elements, attributes and namespaces a document may have; a request has four, one and one.
///
/// Attributes are compared with each other, and names are looked up among the namespaces, one by one.
const MOST_ELEMENTS: usize = 2048;
const MOST_ATTRIBUTES: usize = 256;
const MOST_NAMESPACES: usize = 64;
/// The longest name of an element, an attribute or a namespace, in bytes.
const LONGEST_NAME: usize = 1024;

/// A document that is read from its beginning to its end.
pub struct Document<'t> {
    decoded: &'t Decoded<'t>,
    reader: NsReader<&'t [u8]>,
    /// Whether something has been read.
    begun: bool,
    /// Whether the root element has begun, and how many elements are open.
    root_seen: bool,
    depth: usize,
    /// What has been seen so far.
    elements: usize,
    attributes: usize,
    namespaces: usize,
}

impl<'t> Document<'t> {
    pub fn new(decoded: &'t Decoded<'t>) -> Document<'t> {
        let mut reader = NsReader::from_str(&decoded.text);
        let config = reader.config_mut();
        config.check_comments = true;
        config.expand_empty_elements = true;
        Document {
            decoded,
            reader,
            begun: false,
            root_seen: false,
            depth: 0,
            elements: 0,
            attributes: 0,
            namespaces: 0,
        }
    }

    /// The next event; None at the end of a document that is complete.
    pub fn next(&mut self) -> Result<Option<Event<'t>>, NotWellFormed> {
        loop {
            let first = !std::mem::replace(&mut self.begun, true);
            match self.reader.read_event().map_err(|_| NotWellFormed)? {
                Read::Start(start) => return self.start(start).map(Some),
                Read::End(_) => {
                    self.depth -= 1;
                    return Ok(Some(Event::End));
                }
                Read::Text(text) => {
                    let content = text.xml10_content();
                    if content.contains("]]>") {
                        return Err(NotWellFormed);
                    }
                    if self.depth > 0 {
                        return Ok(Some(Event::Text(content)));
                    }
                    // Production 27: around the root there is white space, and no text.
                    if !content.bytes().all(is_space) {
                        return Err(NotWellFormed);
                    }
                }
                Read::CData(text) if self.depth > 0 => {
                    return Ok(Some(Event::Text(text.xml10_content())));
                }
                Read::GeneralRef(reference) if self.depth > 0 => {
                    return Ok(Some(Event::Text(character(&reference)?)));
                }
                Read::Decl(_) if first => check_declaration(self.decoded)?,
                Read::PI(instruction) => check_target(instruction.target())?,
                Read::Comment(_) => {}
                Read::Eof if self.depth == 0 && self.root_seen => return Ok(None),
                _ => return Err(NotWellFormed),
            }
        }
    }

    /// Productions 1 and 39: one root, whose start tag holds what a start tag may.
    fn start(&mut self, start: BytesStart<'t>) -> Result<Event<'t>, NotWellFormed> {
        self.elements += 1;
        if (self.depth == 0 && self.root_seen) || self.elements > MOST_ELEMENTS {
            return Err(NotWellFormed);
        }
        self.check_start(&start)?;
        self.root_seen = true;
        self.depth += 1;
        Ok(Event::Start(start))
    }

    /// Production 40, and Namespaces in XML 1.0.
    fn check_start(&mut self, start: &BytesStart) -> Result<(), NotWellFormed> {
        let resolver = self.reader.resolver();
        let (namespace, _) = resolver.resolve_element(start.name());
        // No element may have this prefix (Namespaces, 3).
        let reserved = start.name().prefix().is_some_and(|prefix| prefix.as_ref() == "xmlns");
        let unknown = matches!(namespace, ResolveResult::Unknown(_));
        if reserved || unknown || !is_qualified_name(start.name()) {
            return Err(NotWellFormed);
        }
        let mut prefixed = Vec::new();
        for (index, attribute) in start.attributes().enumerate() {
            let Attribute { key, value } = attribute.map_err(|_| NotWellFormed)?;
            self.attributes += 1;
            if self.attributes > MOST_ATTRIBUTES || value.contains('<') || !is_qualified_name(key) {
                return Err(NotWellFormed);
            }
            if index == 1 && !are_apart(start.attributes_raw()) {
                return Err(NotWellFormed);
            }
            let value = Attribute { key, value }
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| NotWellFormed)?;
            if !value.chars().all(is_char) {
                return Err(NotWellFormed);
            }
            if key.as_namespace_binding().is_some() {
                self.namespaces += 1;
                let long = value.len() > LONGEST_NAME || self.namespaces > MOST_NAMESPACES;
                // A prefix cannot be undeclared (Namespaces, 5).
                let undeclared = value.is_empty() && key.prefix().is_some();
                if long || undeclared || !may_be_bound(key, &value) {
                    return Err(NotWellFormed);
                }
            } else if key.prefix().is_some() {
                prefixed.push(key);
            }
        }
        if are_distinct(&prefixed, resolver) { Ok(()) } else { Err(NotWellFormed) }
    }
}

/// A text with what its bytes say of its encoding.
pub struct Decoded<'b> {
    text: Cow<'b, str>,
    is_utf_16: bool,
}

/// The text without its byte order mark, in one of the two encodings that every XML processor reads (4.3.3).
pub fn decoded(bytes: &[u8]) -> Result<Decoded<'_>, NotWellFormed> {
    let decoded = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes)?,
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => {
            let text = std::str::from_utf8(rest).map_err(|_| NotWellFormed)?;
            Decoded { text: Cow::Borrowed(text), is_utf_16: false }
        }
    };
    // quick-xml would pass over a second byte order mark.
    if decoded.text.starts_with('\u{FEFF}') || !decoded.text.chars().all(is_char) {
        return Err(NotWellFormed);
    }
    Ok(decoded)
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Decoded<'static>, NotWellFormed> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    match char::decode_utf16(units).collect::<Result<String, _>>() {
        Ok(text) if rest.is_empty() => Ok(Decoded { text: Cow::Owned(text), is_utf_16: true }),
        _ => Err(NotWellFormed),
    }
}

/// Production 23; a byte order mark of UTF-16 outweighs what is declared (RFC 7303, 3).
///
/// EWS clients write `utf8`. Whatever else is declared, such as `ISO-8859-1`, ASCII is ASCII in it.
fn check_declaration(decoded: &Decoded) -> Result<(), NotWellFormed> {
    let text = &*decoded.text;
    let rest = text.strip_prefix("<?xml").ok_or(NotWellFormed)?;
    let (version, rest) = pseudo_attribute(rest, "version").ok_or(NotWellFormed)?;
    let (encoding, rest) = optional_pseudo_attribute(rest, "encoding");
    let (standalone, rest) = optional_pseudo_attribute(rest, "standalone");
    let fits = match encoding {
        None => true,
        Some(name) if ["utf-8", "utf8"].iter().any(|utf| name.eq_ignore_ascii_case(utf)) => true,
        Some(name) if name.eq_ignore_ascii_case("utf-16") => decoded.is_utf_16,
        Some(name) => is_encoding_name(name) && text.is_ascii(),
    };
    let right = version.strip_prefix("1.").is_some_and(is_number)
        && standalone.is_none_or(|word| word == "yes" || word == "no")
        && rest.trim_start_matches(SPACES).starts_with("?>");
    if fits && right { Ok(()) } else { Err(NotWellFormed) }
}

/// The value of the pseudo-attribute that comes next, if it has that name, and what follows it.
fn pseudo_attribute<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    let rest = text.strip_prefix(SPACES)?.trim_start_matches(SPACES).strip_prefix(name)?;
    let rest = rest.trim_start_matches(SPACES).strip_prefix('=')?.trim_start_matches(SPACES);
    let quote = if rest.starts_with('\'') { '\'' } else { '"' };
    rest.strip_prefix(quote)?.split_once(quote)
}

fn optional_pseudo_attribute<'t>(text: &'t str, name: &str) -> (Option<&'t str>, &'t str) {
    match pseudo_attribute(text, name) {
        Some((value, rest)) => (Some(value), rest),
        None => (None, text),
    }
}

/// Whether a declaration leaves the two reserved namespaces alone (Namespaces, 3); quick-xml looks at prefixes only,
/// and at names as they are written, with their references.
fn may_be_bound(key: QName, namespace: &str) -> bool {
    let is_xml = key.prefix().is_some() && key.local_name().as_ref() == "xml";
    match namespace {
        "http://www.w3.org/XML/1998/namespace" => is_xml,
        "http://www.w3.org/2000/xmlns/" => false,
        _ => !is_xml,
    }
}

/// Whether no two attributes have one name in one namespace (Namespaces, 6.3).
fn are_distinct(prefixed: &[QName], resolver: &NamespaceResolver) -> bool {
    let mut names = Vec::with_capacity(prefixed.len());
    for key in prefixed {
        let (ResolveResult::Bound(namespace), local) = resolver.resolve_attribute(*key) else {
            return false;
        };
        // References in the name of a namespace are resolved before names are compared (Namespaces, 2.3).
        let value = Attribute { key: *key, value: namespace.into_inner().into() };
        let Ok(namespace) = value.normalized_value(XmlVersion::Implicit1_0) else { return false };
        names.push((local, namespace.into_owned()));
    }
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0] != pair[1])
}

/// Whether white space follows each attribute that is not the last (production 40).
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

/// Production 17: a processing instruction has a name, and `xml` is not one.
fn check_target(target: &str) -> Result<(), NotWellFormed> {
    if is_name(target) && !target.eq_ignore_ascii_case("xml") { Ok(()) } else { Err(NotWellFormed) }
}

/// Productions 66 and 68: the character that a reference stands for; without a DTD there are five entities.
fn character(reference: &BytesRef) -> Result<Cow<'static, str>, NotWellFormed> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) if is_char(character) => return Ok(Cow::Owned(character.into())),
        Ok(None) => {}
        _ => return Err(NotWellFormed),
    }
    Ok(Cow::Borrowed(match &*reference.xml10_content() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return Err(NotWellFormed),
    }))
}

/// Production 3.
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

fn is_space(byte: u8) -> bool {
    SPACES.contains(&char::from(byte))
}

/// Production 26, behind the point.
fn is_number(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Production 81.
fn is_encoding_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Production 2; a surrogate cannot be a `char`.
fn is_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// Production 5, taking every character beyond ASCII.
fn is_name(name: &str) -> bool {
    let name_start = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    name.len() <= LONGEST_NAME
        && name.starts_with(name_start)
        && name.chars().all(|c| name_start(c) || c.is_ascii_digit() || c == '-' || c == '.')
}

/// Namespaces in XML 1.0, production 7: one colon at most, with a name on either side.
fn is_qualified_name(name: QName) -> bool {
    name.prefix().is_none_or(|prefix| is_name(prefix.as_ref()))
        && is_name(name.local_name().as_ref())
}

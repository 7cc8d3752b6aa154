//! What every page for people has in common: whose it is, in which language and colours, and where its links lead.

use askama::Template;
use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};

use super::super::visitor::Visitor;
use super::super::visitor::device::{DEVICE, Device};
use super::super::visitor::language::{LANG, LANGUAGES, Language, filled};
use crate::account::{Account, Logo, Provider};
use crate::address::Domain;
use crate::color::{Color, DARK, LIGHT};
use crate::http::{HTML, Reply};
use crate::request::EMAILADDRESS;
use crate::url::parameter_value;

/// The style of every page; the Content-Security-Policy allows it by its hash.
const STYLE: &str = include_str!("page.css");
const STYLE_HASH: &str = "'sha256-6ACgWw6NDyHGKv696QDBAgQ1avagahqbx4PMbAq0dOY='";

/// The frame around what a page says.
pub struct Frame<'a> {
    pub texts: &'static Language,
    /// Whose page it is, where the host or the address says so.
    pub provider: Option<&'a Provider>,
    /// What is set in the provider's colour, as a style.
    pub accent: Option<String>,
    /// The path that the form and the links lead to; empty for the one that was asked.
    pub here: &'static str,
    /// The address in the links.
    pub email: String,
    /// What the visitor has chosen by a link, for the next link to keep.
    pub device: Option<Device>,
    pub lang: Option<&'static str>,
}

/// One of the languages that the reader may change to.
pub struct Choice {
    pub tag: &'static str,
    pub name: &'static str,
    pub link: String,
}

impl<'a> Frame<'a> {
    pub fn new(visitor: Visitor, account: Option<&'a Account>) -> Frame<'a> {
        let provider = account.map(|account| &account.provider);
        Frame {
            texts: visitor.language(),
            provider,
            accent: provider.and_then(|provider| provider.color).map(accent),
            here: "",
            email: visitor.typed(),
            device: visitor.chosen_device(),
            lang: visitor.chosen_language().map(|language| language.tag),
        }
    }

    /// A link to the page of an address, which keeps what the reader has chosen.
    pub fn link(&self, email: &str, device: Option<Device>, lang: Option<&str>) -> String {
        let mut link = self.here.to_owned();
        let values = [
            (EMAILADDRESS, Some(email).filter(|email| !email.is_empty())),
            (DEVICE, device.map(Device::name)),
            (LANG, lang),
        ];
        for (name, value) in values.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            link.push(if link.contains('?') { '&' } else { '?' });
            link += &format!("{name}={}", parameter_value(value));
        }
        if link.is_empty() { "?".to_owned() } else { link }
    }

    /// Every language, with the link that changes to it.
    pub fn languages(&self) -> Vec<Choice> {
        let choice = |language: &'static Language| Choice {
            tag: language.tag,
            name: language.language,
            link: self.link(&self.email, self.device, Some(language.tag)),
        };
        LANGUAGES.iter().map(choice).collect()
    }

    pub fn style(&self) -> &'static str {
        STYLE
    }

    /// The page without an address.
    pub fn home(&self) -> String {
        self.link("", self.device, self.lang)
    }

    /// The name of the provider in a link to its help.
    pub fn help(&self, provider: &Provider) -> String {
        filled(self.texts.help, &[("provider", &provider.name)])
    }

    /// Where the logo is.
    pub fn logo(&self) -> Option<&str> {
        match self.provider?.logo.as_ref()? {
            Logo::Url(url) => Some(url),
            Logo::Inline(url) => Some(url),
            Logo::File(_) => None,
        }
    }

    /// The colour of the icon, without its `#`, which would end the URL.
    pub fn icon(&self) -> String {
        let color = self.provider.and_then(|provider| provider.color);
        color.map_or("0b8590".to_owned(), |color| color.to_string()[1..].to_owned())
    }

    /// The page as an answer, with nothing let in but its own style, its script and its pictures (CSP level 3).
    pub fn reply(&self, page: &impl Template, script: &str) -> Reply {
        // Writing to memory cannot fail.
        let text = page.render().unwrap_or_default();
        let accent =
            self.accent.as_ref().map_or(String::new(), |style| format!(" {}", hash(style)));
        let logo = match self.provider.and_then(|provider| provider.logo.as_ref()) {
            // The policy has no form for an address of IPv6, and its brackets could hold anything.
            Some(Logo::Url(url)) if Domain::is_name(url.host()) => {
                format!(" https://{}:{}", url.host(), url.port().unwrap_or(url.usual_port()))
            }
            _ => String::new(),
        };
        let policy = format!(
            "default-src 'none'; style-src {STYLE_HASH}{accent}; {script}img-src data:{logo}; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        Reply::new(HTML, text.into_bytes())
            .header("Content-Security-Policy", policy)
            .header("Referrer-Policy", "no-referrer")
    }
}

/// The variables of the style in a provider's colour, as dark or light as it takes to be read.
fn accent(color: Color) -> String {
    let scheme = |ground: Color| {
        let accent = color.readable_on(ground);
        let (on_accent, tint) = (accent.opposite(), accent.tint_on(ground));
        format!(":root{{--accent:{accent};--on-accent:{on_accent};--tint:{tint}}}")
    };
    format!("{}@media (prefers-color-scheme:dark){{{}}}", scheme(LIGHT), scheme(DARK))
}

/// The source of a style or script for the policy.
fn hash(source: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(source)))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The source must name the hash of the style or script.
    #[track_caller]
    pub fn let_in(text: &str, source: &str) {
        let wanted = hash(text);
        assert!(source.contains(&wanted), "the policy should have {wanted}");
    }

    #[test]
    fn the_policy_lets_the_style_in() {
        let_in(STYLE, STYLE_HASH);
    }

    #[test]
    fn the_grounds_are_those_of_the_style() {
        assert!(STYLE.contains(&format!("--ground: {LIGHT};")));
        assert!(STYLE.contains(&format!("--sheet: {DARK};")));
    }
}

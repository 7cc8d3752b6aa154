//! What the pages say, in each language that they speak, and which of them a reader wants.
//!
//! The labels of programs are those that the programs have in the language. Thunderbird's are from
//! `mail/messenger/accountcreation/accountHub.ftl` and `mail/messenger/appmenu.ftl` of
//! github.com/thunderbird/thunderbird-l10n (August 2026), those of Thunderbird for Android and K-9 Mail from
//! `feature/onboarding/migration/thunderbird`, `feature/settings/import` and `feature/account` of
//! github.com/thunderbird/thunderbird-android (August 2026). Those of iOS, macOS, Windows, Outlook and Gmail
//! have no public source; they are written down from the programs as we know them.

mod dutch;
mod english;
mod french;
mod german;
mod italian;
mod polish;
mod portuguese;
mod spanish;

use crate::refusal::Refusal;
use crate::request::preferred_language;

/// Every text in one language; one more language is one more of these, and a place in `LANGUAGES`.
pub struct Language {
    /// The language tag (RFC 5646).
    pub tag: &'static str,
    /// What its speakers call it.
    pub name: &'static str,
    /// What the menu of languages is.
    pub languages: &'static str,

    pub heading: &'static str,
    pub lead: &'static str,
    pub address: &'static str,
    pub show: &'static str,
    pub no_password: &'static str,

    pub no_address: &'static str,
    /// Before a link to the address that was meant.
    pub did_you_mean: &'static str,
    pub not_served: &'static str,
    pub not_found: &'static str,
    pub wrong_method: &'static str,
    pub no_answer: &'static str,
    /// Before a link to the page of the address to use instead.
    pub moved_to_address: &'static str,
    /// Before a link to the page of the host that answers instead.
    pub moved_to_host: &'static str,

    pub works_here: &'static str,
    pub works_how: &'static str,
    pub to_the_settings: &'static str,

    pub which_device: &'static str,
    /// The choice of whoever types the settings.
    pub by_hand: &'static str,
    pub settings_by_hand: &'static str,
    pub if_in_doubt: &'static str,
    /// Before an address.
    pub settings_for: &'static str,
    pub nothing_offered: &'static str,
    pub another_address: &'static str,

    pub incoming: &'static str,
    pub outgoing: &'static str,
    pub calendar: &'static str,
    pub contacts: &'static str,
    pub mobilesync: &'static str,
    /// Where the user decides what becomes of incoming mail.
    pub filters: &'static str,
    pub webmail: &'static str,
    pub server: &'static str,
    pub port: &'static str,
    pub encryption: &'static str,
    pub unencrypted: &'static str,
    pub user_name: &'static str,
    /// The choices of authentication are called as in Thunderbird.
    pub authentication: &'static str,
    pub password: &'static str,
    pub certificate: &'static str,
    pub no_authentication: &'static str,
    /// The address of a service: its URL.
    pub url: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub send: &'static str,
    pub as_text: &'static str,

    pub apple_devices: &'static str,
    pub profile: &'static str,
    /// Where no server takes a password.
    pub no_profile: &'static str,
    pub download: &'static str,
    pub scan_profile: &'static str,
    pub profile_code: &'static str,
    pub iphone: Part,
    pub mac: Part,

    pub scan_account: &'static str,
    pub account_code: &'static str,
    /// Where the code is shown.
    pub android_scan: Part,
    pub android: Part,
    pub gmail: Part,

    pub outlook_classic: Part,
    pub outlook_new: Part,
    pub outlook_file: Part,
    pub settings_file: &'static str,
    pub registry_file: &'static str,

    pub thunderbird: Part,

    /// Before the provider's name.
    pub help_from: &'static str,
    pub imprint: &'static str,

    pub runs: &'static str,
    /// Before its number.
    pub version: &'static str,
    /// Before the domain of the host.
    pub sound_and_serves: &'static str,
    /// Before the domain of the host.
    pub does_not_serve: &'static str,
    pub no_domain: &'static str,
    pub faulty: &'static str,
    /// Before what can be downloaded.
    pub open: &'static str,
    pub closed: &'static str,
    pub untested: &'static str,
    pub try_next: &'static str,
    pub answers: &'static str,
    /// Before the status of whoever answered instead.
    pub goes_elsewhere: &'static str,
}

/// Steps in their order.
pub struct Part {
    pub heading: &'static str,
    pub steps: &'static [&'static str],
}

/// The first speaks to those whose languages we do not know.
pub static LANGUAGES: [&Language; 8] = [
    &english::ENGLISH,
    &german::GERMAN,
    &french::FRENCH,
    &spanish::SPANISH,
    &italian::ITALIAN,
    &dutch::DUTCH,
    &polish::POLISH,
    &portuguese::PORTUGUESE,
];

/// The parameter of the menu.
pub const LANG: &str = "lang";

impl Language {
    /// The language with that tag.
    pub fn tagged(tag: &str) -> Option<&'static Language> {
        LANGUAGES.into_iter().find(|language| language.tag == tag)
    }

    /// The language that an `Accept-Language` header weighs most.
    pub fn accepted(header: &str) -> &'static Language {
        let preferred = preferred_language(header, &LANGUAGES.map(|language| language.tag));
        let named = LANGUAGES.iter().find(|language| preferred == Some(language.tag));
        named.copied().unwrap_or(LANGUAGES[0])
    }

    /// Why there are no settings.
    pub fn sentence(&self, refusal: &Refusal) -> &'static str {
        match refusal {
            Refusal::InvalidRequest => self.no_address,
            Refusal::NotServed => self.not_served,
            Refusal::NotFound => self.not_found,
            Refusal::MethodNotAllowed { .. } => self.wrong_method,
            _ => self.no_answer,
        }
    }
}

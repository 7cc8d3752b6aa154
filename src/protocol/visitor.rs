//! Who asks: what a request says of its sender, whatever it asks for. The only place that reads it.

pub mod device;
pub mod language;

use std::time::SystemTime;

use crate::address::Domain;
use crate::http::Received;
use crate::request::{EMAILADDRESS, accepts_html, authority, domain_of_host, parameter};
use device::{DEVICE, Device, Screen};
use language::{LANG, Language};

/// The sender of a request; of the rest of the request nothing can be learnt from it.
#[derive(Clone, Copy)]
pub struct Visitor<'r> {
    received: &'r Received,
}

impl<'r> Visitor<'r> {
    pub fn of(received: &'r Received) -> Visitor<'r> {
        Visitor { received }
    }

    /// Whether a person reads the answer.
    pub fn html(self) -> bool {
        accepts_html(&self.received.accept)
    }

    /// The mail domain of the host that was asked.
    pub fn domain(self) -> Option<Domain> {
        domain_of_host(self.received)
    }

    /// The host that was asked, with its port; None when it could not stand in a URL.
    pub fn authority(self) -> Option<String> {
        authority(&self.received.host)
    }

    /// The address in the form, without control characters: HTML has no way to write a NUL.
    pub fn typed(self) -> String {
        self.value(EMAILADDRESS).unwrap_or_default().replace(char::is_control, "")
    }

    /// The language of the menu, else the one that `Accept-Language` weighs most.
    pub fn language(self) -> &'static Language {
        let accepted = || Language::accepted(&self.received.accept_language);
        self.chosen_language().unwrap_or_else(accepted)
    }

    /// The language of the menu, for the next link to keep.
    pub fn chosen_language(self) -> Option<&'static Language> {
        Language::tagged(&self.value(LANG)?)
    }

    /// The device of the menu.
    pub fn chosen_device(self) -> Option<Device> {
        Device::named(&self.value(DEVICE)?)
    }

    /// The device that the answer is read on.
    pub fn screen(self) -> Screen {
        Screen::of(&self.received.user_agent)
    }

    /// `SERVER_NAME`; may be empty.
    pub fn server_name(self) -> &'r str {
        &self.received.server_name
    }

    pub fn time(self) -> SystemTime {
        (self.received.clock)()
    }

    fn value(self, name: &str) -> Option<String> {
        parameter(&self.received.query, name)
    }
}

//! What leads a reader through: the devices to choose from, the steps for the chosen one, and all settings.

use askama::Template;

use super::super::visitor::Visitor;
use super::super::visitor::device::{DEVICE, Device, Screen};
use super::super::visitor::language::{LANG, Language, filled};
use super::super::{plain, profile};
use super::code::Code;
use super::settings::{self, Row, Service, Value, services};
use super::{Frame, Link, SCRIPT, example, export};
use crate::account::{Account, MailProtocol, MailServer};
use crate::request::EMAILADDRESS;
use crate::url::parameter_value;

/// The page of an address.
#[derive(Template)]
#[template(path = "guide.html", config = "src/protocol/page/askama.toml")]
pub struct Guide<'a> {
    /// Whether the administrator has signed a profile for all users of the domain.
    has_signed_profile: bool,
    frame: &'a Frame<'a>,
    visitor: Visitor<'a>,
    account: &'a Account,
    example: String,
    tiles: Vec<Tile>,
    /// Of the chosen device.
    title: &'static str,
    lead: Option<String>,
    download: Option<String>,
    code: Option<Code>,
    /// What the code for Thunderbird says, where one can be shown: the phone with the camera is another device.
    export: Option<String>,
    /// The first is shown, the others are folded.
    parts: Vec<Part<'a>>,
    services: Vec<Service<'a>>,
    /// Whether the services are not folded: no other way is shown.
    unfolded: bool,
    mailto: String,
    text: String,
}

/// A device or an app to choose.
struct Tile {
    title: &'static str,
    cost: &'static str,
    /// The path of an SVG of 24 by 24.
    icon: &'static str,
    link: String,
    chosen: bool,
}

/// One way to set up a device.
struct Part<'a> {
    heading: &'static str,
    steps: Vec<Step<'a>>,
    note: Option<&'static str>,
    files: Vec<Link>,
}

struct Step<'a> {
    text: String,
    /// Where to get what the step needs.
    links: &'static [(&'static str, &'static str)],
    /// What to type, and for which protocol.
    rows: Vec<Row<'a>>,
    protocol: &'static str,
}

const THUNDERBIRD: &[(&str, &str)] = &[("thunderbird.net", "https://www.thunderbird.net/")];
const THUNDERBIRD_FOR_ANDROID: &[(&str, &str)] = &[
    ("Google Play", "https://play.google.com/store/apps/details?id=net.thunderbird.android"),
    ("F-Droid", "https://f-droid.org/packages/net.thunderbird.android/"),
];
const DAVX5: &[(&str, &str)] = &[
    ("Google Play", "https://play.google.com/store/apps/details?id=at.bitfire.davdroid"),
    ("F-Droid", "https://f-droid.org/packages/at.bitfire.davdroid/"),
];

const GLOBE: &str =
    "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM4 12h16M12 4c-5 5-5 11 0 16 5-5 5-11 0-16";

impl<'a> Guide<'a> {
    pub fn new(
        frame: &'a Frame,
        visitor: Visitor<'a>,
        account: &'a Account,
        has_signed_profile: bool,
    ) -> Guide<'a> {
        let texts = frame.texts;
        let likely = visitor.screen().likely();
        let mut offered = offered(account);
        if likely != Device::Other {
            offered.sort_by_key(|device| *device != likely);
        }
        let wanted = frame.device.unwrap_or(likely);
        let chosen = offered.iter().find(|device| **device == wanted).or(offered.first()).copied();
        let mut guide = Guide {
            has_signed_profile,
            tiles: Vec::new(),
            title: chosen.map_or("", |device| title(texts, device)),
            lead: None,
            download: None,
            code: None,
            export: export::export(account).filter(|_| !visitor.screen().is_handheld()),
            parts: Vec::new(),
            services: services(texts, account),
            unfolded: false,
            example: example(texts, Some(account)),
            mailto: mailto(texts, account),
            text: frame.document(account, "txt"),
            frame,
            visitor,
            account,
        };
        for device in offered {
            guide.tiles.push(Tile {
                title: title(texts, device),
                cost: guide.cost(device),
                icon: icon(device),
                link: frame.link(&account.email, Some(device), frame.lang),
                chosen: chosen == Some(device),
            });
        }
        if let Some(url) = &account.webmail {
            let (title, cost) = (texts.webmail, texts.webmail_cost);
            let link = url.to_string();
            guide.tiles.push(Tile { title, cost, icon: GLOBE, link, chosen: false });
        }
        match chosen {
            Some(Device::Apple) => guide.apple(),
            Some(Device::Android) => guide.android(),
            Some(Device::Outlook) => guide.outlook(),
            Some(Device::Thunderbird) => guide.thunderbird(),
            Some(Device::Other) => guide.other(),
            None => {}
        }
        guide.unfolded = guide.parts.is_empty();
        guide
    }

    /// How long it takes to set up a device.
    fn cost(&self, device: Device) -> &'static str {
        let texts = self.frame.texts;
        match device {
            Device::Apple if profile::is_offered(self.account) => texts.automatic,
            Device::Thunderbird if self.by_password() => texts.automatic,
            Device::Android if self.export.is_some() => texts.automatic,
            Device::Android | Device::Outlook | Device::Thunderbird => texts.guided,
            Device::Apple | Device::Other => texts.manual,
        }
    }

    fn apple(&mut self) {
        let (texts, screen) = (self.frame.texts, self.visitor.screen());
        if !profile::is_offered(self.account) {
            self.lead = Some(self.without_password());
            return;
        }
        let path = self.frame.document(self.account, "mobileconfig");
        if !screen.is_handheld() {
            let code = Code::new(&self.absolute(&path), texts.scan_profile, texts.profile_code);
            self.code = code;
        }
        self.lead = Some(texts.profile.to_owned());
        self.download = Some(path);
        let download = filled(texts.iphone_1, &[("download", texts.download)]);
        let steps = vec![
            Step::new(download),
            Step::new(texts.iphone_2),
            Step::new(texts.iphone_3),
            Step::new(texts.iphone_4),
        ];
        let note = Some(texts.iphone_note);
        let iphone = Part { note, ..Part::new(texts.iphone, steps) };
        let steps = vec![
            Step::new(texts.mac_1),
            Step::new(texts.mac_2),
            Step::new(texts.mac_3),
            Step::new(texts.iphone_4),
        ];
        let mac = Part::new(texts.mac, steps);
        self.parts = match screen {
            Screen::IPhone => vec![iphone],
            Screen::Mac => vec![mac, iphone],
            _ => vec![iphone, mac],
        };
        if self.has_signed_profile {
            let url = format!("https://autodiscover.{}{}", self.account.domain, profile::SIGNED);
            let files = vec![Link { url, text: texts.download.to_owned() }];
            self.parts
                .push(Part { files, ..Part::new(texts.signed, vec![Step::new(texts.signed_1)]) });
        }
        if screen != Screen::IPhone && self.by_password() {
            let steps = vec![Step::new(texts.mac_mail_1), Step::new(texts.mac_mail_2)];
            self.parts.push(Part::new(texts.mac_mail, self.with_servers(steps)));
        }
    }

    fn android(&mut self) {
        let (texts, account) = (self.frame.texts, self.account);
        let install = Step { links: THUNDERBIRD_FOR_ANDROID, ..Step::new(texts.android_install) };
        let code = |text: &String| Code::new(text, texts.scan_account, texts.account_code);
        let code = self.export.as_ref().and_then(code);
        let steps = match &code {
            Some(_) => {
                vec![install, Step::new(texts.android_scan), Step::new(texts.android_import)]
            }
            None => vec![install, Step::new(texts.android_add), self.last_step()],
        };
        self.code = code.or_else(|| self.page_code());
        if !self.by_password() {
            self.lead = Some(self.without_password());
        }
        self.parts.push(Part::new("Thunderbird", steps));
        if let Some((incoming, _)) = account.mail_by_password() {
            let protocol = [("protocol", name(incoming))];
            let gmail = vec![Step::new(texts.gmail_1), Step::new(filled(texts.gmail_2, &protocol))];
            self.parts.push(Part::new("Gmail", self.with_servers(gmail)));
            let samsung = vec![Step::new(filled(texts.samsung_1, &protocol))];
            self.parts.push(Part::new("Samsung Email", self.with_servers(samsung)));
            self.parts.push(self.outlook_mobile(incoming));
        }
        if let Some(server) = account.caldav.as_ref().or(account.carddav.as_ref()) {
            let (rows, protocol) = (settings::dav(texts, server), "DAV");
            let steps = vec![
                Step { links: DAVX5, ..Step::new(texts.davx5_1) },
                Step { rows, protocol, ..Step::new(texts.davx5_2) },
                self.last_step(),
                Step::new(texts.davx5_3),
            ];
            self.parts.push(Part::new(texts.davx5, steps));
        }
    }

    fn outlook(&mut self) {
        let texts = self.frame.texts;
        // Outlook is offered only where passwords are accepted.
        let Some((incoming, _)) = self.account.mail_by_password() else { return };
        let steps = vec![
            Step::new(texts.outlook_classic_1),
            Step::new(texts.outlook_classic_2),
            Step::new(texts.outlook_classic_3),
            Step::new(texts.outlook_classic_4),
        ];
        let classic = Part::new(texts.outlook_classic, self.with_servers(steps));
        let protocol = [("protocol", name(incoming))];
        let steps =
            vec![Step::new(texts.outlook_new_1), Step::new(filled(texts.outlook_new_2, &protocol))];
        let note = Some(texts.through_microsoft);
        let new = Part { note, ..Part::new(texts.outlook_new, self.with_servers(steps)) };
        let mobile = self.outlook_mobile(incoming);
        let steps = vec![
            Step::new(texts.outlook_file_1),
            Step::new(texts.outlook_file_2),
            Step::new(texts.outlook_file_3),
        ];
        let file = |extension, text: &str| {
            let url = self.frame.document(self.account, extension);
            Link { url, text: text.to_owned() }
        };
        let files =
            vec![file("outlook.xml", texts.settings_file), file("reg", texts.registry_file)];
        let file = Part { files, ..Part::new(texts.outlook_file, steps) };
        self.parts = match self.visitor.screen() {
            Screen::Windows | Screen::Linux | Screen::Other => vec![classic, new, mobile, file],
            Screen::Mac => vec![new, mobile],
            Screen::IPhone | Screen::Android => vec![mobile, new],
        };
        self.code = self.page_code();
    }

    fn outlook_mobile(&self, incoming: &MailServer) -> Part<'a> {
        let texts = self.frame.texts;
        let protocol = [("protocol", name(incoming))];
        let steps = vec![
            Step::new(texts.outlook_mobile_1),
            Step::new(filled(texts.outlook_new_2, &protocol)),
        ];
        let note = Some(texts.through_microsoft);
        Part { note, ..Part::new(texts.outlook_mobile, self.with_servers(steps)) }
    }

    fn thunderbird(&mut self) {
        let texts = self.frame.texts;
        let mut steps = vec![
            Step { links: THUNDERBIRD, ..Step::new(texts.thunderbird_1) },
            Step::new(texts.thunderbird_2),
            Step::new(texts.thunderbird_3),
            self.last_step(),
        ];
        if self.by_password() {
            steps.push(Step::new(texts.thunderbird_4));
            steps = self.with_servers(steps);
        } else {
            self.lead = Some(self.without_password());
        }
        self.parts.push(Part::new("Thunderbird", steps));
    }

    fn other(&mut self) {
        self.lead = Some(self.frame.texts.other_app_1.to_owned());
        self.code = self.page_code();
    }

    /// The steps, and then those that type both servers.
    fn with_servers(&self, mut steps: Vec<Step<'a>>) -> Vec<Step<'a>> {
        let texts = self.frame.texts;
        if let Some((incoming, smtp)) = self.account.mail_by_password() {
            for (text, server) in [(texts.enter_incoming, incoming), (texts.enter_outgoing, smtp)] {
                let (rows, protocol) = (settings::typed(texts, server), name(server));
                steps.push(Step { rows, protocol, ..Step::new(text) });
            }
        }
        steps
    }

    /// How the user proves who it is.
    fn last_step(&self) -> Step<'a> {
        let texts = self.frame.texts;
        Step::new(if self.by_password() { texts.enter_password } else { texts.sign_in })
    }

    /// What to expect where no server accepts a password.
    fn without_password(&self) -> String {
        let texts = self.frame.texts;
        let ways = self.account.incoming.first().map(|server| server.authentication);
        let methods = ways.map_or_else(Default::default, |ways| settings::ways(texts, ways, false));
        filled(texts.no_password_accepted, &[("methods", &methods)])
    }

    /// A code that opens this page on a phone; none on a phone.
    fn page_code(&self) -> Option<Code> {
        let texts = self.frame.texts;
        let link = self.frame.link(&self.account.email, None, self.frame.lang);
        let path = format!("/mail/{link}");
        let phone = !self.visitor.screen().is_handheld();
        let code = || Code::new(&self.absolute(&path), texts.continue_on_phone, texts.page_code);
        phone.then(code).flatten()
    }

    /// A path as a URL of the host that was asked.
    fn absolute(&self, path: &str) -> String {
        let host = self.visitor.authority();
        let host = host.unwrap_or_else(|| format!("autodiscover.{}", self.account.domain));
        format!("https://{host}{path}")
    }

    /// Whether the mail servers accept a password.
    fn by_password(&self) -> bool {
        self.account.mail_by_password().is_some()
    }

    /// Whether a reader may wonder which way in to take.
    fn in_doubt(&self) -> bool {
        let protocols = self.account.incoming.iter().map(|server| server.protocol);
        protocols.eq([MailProtocol::Imap, MailProtocol::Pop3])
    }
}

impl<'a> Part<'a> {
    fn new(heading: &'static str, steps: Vec<Step<'a>>) -> Part<'a> {
        Part { heading, steps, note: None, files: Vec::new() }
    }
}

impl Step<'_> {
    fn new(text: impl Into<String>) -> Self {
        Step { text: text.into(), links: &[], rows: Vec::new(), protocol: "" }
    }
}

/// What apps call the protocol of a server.
fn name(server: &MailServer) -> &'static str {
    match server.protocol {
        MailProtocol::Imap => "IMAP",
        MailProtocol::Pop3 => "POP3",
        MailProtocol::Smtp => "SMTP",
    }
}

/// What can be set up by the account.
fn offered(account: &Account) -> Vec<Device> {
    let mail = !account.incoming.is_empty() && account.smtp.is_some();
    let by_hand = mail
        || !account.incoming.is_empty()
        || account.smtp.is_some()
        || account.mobilesync.is_some()
        || account.caldav.is_some()
        || account.carddav.is_some()
        || account.jmap.is_some()
        || account.managesieve.is_some();
    let offers = |device: &Device| match device {
        Device::Apple => profile::is_offered(account) || profile::lacks_password(account),
        // Outlook asks its makers' servers alone for tokens.
        Device::Outlook => account.mail_by_password().is_some(),
        Device::Android | Device::Thunderbird => mail,
        Device::Other => by_hand,
    };
    Device::ALL.into_iter().filter(offers).collect()
}

fn title(texts: &Language, device: Device) -> &'static str {
    match device {
        Device::Apple => texts.apple_devices,
        Device::Android => "Android",
        Device::Outlook => "Outlook",
        Device::Thunderbird => "Thunderbird",
        Device::Other => texts.other_app,
    }
}

fn icon(device: Device) -> &'static str {
    match device {
        Device::Apple => {
            "M12 20H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v2M15 10h4a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-4a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1z"
        }
        Device::Android => {
            "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2"
        }
        Device::Outlook => "M4 6h16v12H4zM4 7l8 6 8-6",
        Device::Thunderbird => "M4 5h16v11H4zM9 20h6M12 16v4",
        Device::Other => "M5 7h14M5 12h14M5 17h14M9 5v4M15 10v4M10 15v4",
    }
}

/// The settings as a message to oneself (RFC 6068, 5: its lines end in CRLF).
fn mailto(texts: &Language, account: &Account) -> String {
    let subject = format!("{} {}", texts.settings_for, account.email);
    let body = plain::text(texts, account).replace('\n', "\r\n");
    let mut url = String::with_capacity(4 << 10);
    url.push_str("mailto:?subject=");
    url.extend(parameter_value(&subject));
    url.push_str("&body=");
    url.extend(parameter_value(&body));
    url
}

impl Frame<'_> {
    /// The path of a document for the user of the account, in the language that the reader has chosen.
    fn document(&self, account: &Account, extension: &str) -> String {
        let email = parameter_value(&account.email);
        let lang = self.lang.map_or(String::new(), |lang| format!("&{LANG}={lang}"));
        format!("/mail/{}.{extension}?{EMAILADDRESS}={email}{lang}", account.domain)
    }
}

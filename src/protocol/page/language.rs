//! What the page says, in each language that it speaks, and which of them a reader wants.

use crate::refusal::Refusal;
use crate::request::preferred_language;

/// Every text of the page in one language; one more language is one more of these, and a place in `LANGUAGES`.
pub struct Language {
    /// The language tag (RFC 5646).
    pub tag: &'static str,
    pub heading: &'static str,
    pub lead: &'static str,
    pub address: &'static str,
    pub show: &'static str,
    pub no_password: &'static str,

    pub no_address: &'static str,
    pub not_served: &'static str,
    pub wrong_method: &'static str,
    pub no_answer: &'static str,
    /// Before the address to use instead.
    pub moved_to_address: &'static str,
    /// Before the URL that answers instead.
    pub moved_to_url: &'static str,

    pub works_here: &'static str,
    pub works_how: &'static str,
    pub to_the_settings: &'static str,

    /// Before an address.
    pub settings_for: &'static str,
    pub nothing_offered: &'static str,
    pub incoming: &'static str,
    pub outgoing: &'static str,
    pub calendar: &'static str,
    pub contacts: &'static str,
    pub mobilesync: &'static str,
    pub webmail: &'static str,
    pub server: &'static str,
    pub port: &'static str,
    pub encryption: &'static str,
    pub unencrypted: &'static str,
    pub user_name: &'static str,
    /// The choices of authentication are called as in Thunderbird.
    pub authentication: &'static str,
    pub password: &'static str,
    pub no_authentication: &'static str,
    /// The address of a service: its URL.
    pub url: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,

    pub step_by_step: &'static str,
    pub apple_devices: &'static str,
    pub profile: &'static str,
    pub download: &'static str,
    pub scan: &'static str,
    pub qr_code: &'static str,
    pub apple: Guide,
    pub outlook: Guide,
    pub thunderbird: Guide,
    pub android: Guide,
    /// Before the provider's name.
    pub help_from: &'static str,
}

/// How to set up one kind of device or program.
pub struct Guide {
    pub title: &'static str,
    pub parts: &'static [Part],
}

/// Steps in their order, under a heading where a guide has several parts.
pub struct Part {
    pub heading: Option<&'static str>,
    pub steps: &'static [&'static str],
}

/// The first speaks to those whose languages we do not know.
static LANGUAGES: [&Language; 2] = [&ENGLISH, &GERMAN];

static ENGLISH: Language = Language {
    tag: "en",
    heading: "Set up your e-mail",
    lead: "Enter your address to see the settings for your mail program.",
    address: "E-mail address",
    show: "Show settings",
    no_password: "You are never asked for your password here.",

    no_address: "This is no e-mail address. It should look like name@example.org.",
    not_served: "There are no settings for this domain here. Please check the spelling, or ask your provider.",
    wrong_method: "The form was not sent the way this page takes it. Please enter your address here.",
    no_answer: "The request could not be answered. Please try again.",
    moved_to_address: "The e-mail of this domain has moved. Please use this address:",
    moved_to_url: "The e-mail of this domain has moved. Mail programs are told its settings here:",

    works_here: "Autodiscover works here",
    works_how: "Mail programs send a request to this address and receive the settings of a mailbox. \
                A browser cannot ask that way, but there is a page for you.",
    to_the_settings: "To the settings",

    settings_for: "Settings for",
    nothing_offered: "There is nothing to set up for this domain.",
    incoming: "Incoming mail",
    outgoing: "Outgoing mail",
    calendar: "Calendar",
    contacts: "Contacts",
    mobilesync: "Mail, calendar and contacts",
    webmail: "Mail in the browser",
    server: "Server",
    port: "Port",
    encryption: "Encryption",
    unencrypted: "none",
    user_name: "User name",
    authentication: "Authentication",
    password: "Normal password",
    no_authentication: "No authentication",
    url: "Address",
    copy: "Copy",
    copied: "Copied",

    step_by_step: "Step by step",
    apple_devices: "iPhone, iPad and Mac",
    profile: "A profile brings all settings at once. Your device only asks for the password.",
    download: "Download profile",
    scan: "Or scan with an iPhone or iPad",
    qr_code: "QR code with the address of the profile",
    apple: Guide {
        title: "Install the profile on iPhone, iPad or Mac",
        parts: &[
            Part {
                heading: Some("iPhone and iPad"),
                steps: &[
                    "Scan the code with the camera, or open this page in Safari, and download the profile.",
                    "Open Settings, tap Profile Downloaded, then Install.",
                    "Enter the password of your mailbox when you are asked for it.",
                ],
            },
            Part {
                heading: Some("Mac"),
                steps: &[
                    "Download the profile and open it.",
                    "Open System Settings, search for Profiles, and install the profile there.",
                    "Enter the password of your mailbox when you are asked for it.",
                ],
            },
        ],
    },
    outlook: Guide {
        title: "Outlook",
        parts: &[
            Part {
                heading: Some("Classic Outlook for Windows"),
                steps: &[
                    "Close Outlook. Open the Control Panel of Windows, then Mail (Microsoft Outlook), \
                     Email Accounts, New.",
                    "Enter your name, your address and your password. This way Outlook asks this server \
                     and finds the settings.",
                    "If you use Add Account inside Outlook instead, it first asks a service of Microsoft, \
                     which may not know them. Then choose to set up the account manually and enter the \
                     settings above.",
                ],
            },
            Part {
                heading: Some("New Outlook, Outlook for Mac and for phones"),
                steps: &[
                    "Add an account and enter your address. These programs first ask a service of \
                     Microsoft instead of this server.",
                    "If it finds nothing, or other settings than those above, choose IMAP or POP and \
                     enter them yourself.",
                ],
            },
        ],
    },
    thunderbird: Guide {
        title: "Thunderbird",
        parts: &[Part {
            heading: None,
            steps: &[
                "Open the menu and choose New Account, then Email.",
                "Enter your name and your address. Thunderbird finds the settings by itself.",
                "If it does not, choose to configure manually and enter the settings above.",
            ],
        }],
    },
    android: Guide {
        title: "Android",
        parts: &[
            Part {
                heading: Some("Thunderbird and K-9 Mail"),
                steps: &[
                    "Add an account and enter your address. The program finds the settings by itself.",
                ],
            },
            Part {
                heading: Some("Gmail"),
                steps: &[
                    "Tap your picture, then Add another account, then Other.",
                    "Enter your address, choose IMAP or POP3, and enter your password.",
                    "Enter the server and the user name from above, first for incoming, then for outgoing \
                     mail.",
                ],
            },
        ],
    },
    help_from: "Help from",
};

static GERMAN: Language = Language {
    tag: "de",
    heading: "E-Mail einrichten",
    lead: "Geben Sie Ihre Adresse ein. Sie sehen dann die Einstellungen für Ihr E-Mail-Programm.",
    address: "E-Mail-Adresse",
    show: "Einstellungen zeigen",
    no_password: "Nach Ihrem Passwort werden Sie hier nie gefragt.",

    no_address: "Das ist keine E-Mail-Adresse. Sie sollte aussehen wie name@example.org.",
    not_served: "Für diese Domain gibt es hier keine Einstellungen. Bitte prüfen Sie die Schreibweise, \
                 oder fragen Sie Ihren Anbieter.",
    wrong_method: "Das Formular kam nicht so an, wie diese Seite es annimmt. Bitte geben Sie Ihre Adresse \
                   hier ein.",
    no_answer: "Die Anfrage konnte nicht beantwortet werden. Bitte versuchen Sie es noch einmal.",
    moved_to_address: "Die E-Mail dieser Domain ist umgezogen. Bitte verwenden Sie diese Adresse:",
    moved_to_url: "Die E-Mail dieser Domain ist umgezogen. E-Mail-Programme erfahren ihre Einstellungen hier:",

    works_here: "Autodiscover funktioniert hier",
    works_how: "E-Mail-Programme senden eine Anfrage an diese Adresse und erhalten die Einstellungen eines \
                Postfachs. Ein Browser kann so nicht fragen, aber es gibt eine Seite für Sie.",
    to_the_settings: "Zu den Einstellungen",

    settings_for: "Einstellungen für",
    nothing_offered: "Für diese Domain gibt es nichts einzurichten.",
    incoming: "Posteingang",
    outgoing: "Postausgang",
    calendar: "Kalender",
    contacts: "Kontakte",
    mobilesync: "E-Mail, Kalender und Kontakte",
    webmail: "E-Mail im Browser",
    server: "Server",
    port: "Port",
    encryption: "Verschlüsselung",
    unencrypted: "keine",
    user_name: "Benutzername",
    authentication: "Anmeldung",
    password: "Passwort, normal",
    no_authentication: "keine",
    url: "Adresse",
    copy: "Kopieren",
    copied: "Kopiert",

    step_by_step: "Schritt für Schritt",
    apple_devices: "iPhone, iPad und Mac",
    profile: "Ein Profil bringt alle Einstellungen auf einmal mit. Ihr Gerät fragt nur noch nach dem Passwort.",
    download: "Profil laden",
    scan: "Oder mit iPhone oder iPad scannen",
    qr_code: "QR-Code mit der Adresse des Profils",
    apple: Guide {
        title: "Profil auf iPhone, iPad oder Mac installieren",
        parts: &[
            Part {
                heading: Some("iPhone und iPad"),
                steps: &[
                    "Scannen Sie den Code mit der Kamera, oder öffnen Sie diese Seite in Safari, und laden \
                     Sie das Profil.",
                    "Öffnen Sie die Einstellungen, tippen Sie auf „Profil geladen“ und dann auf \
                     „Installieren“.",
                    "Geben Sie das Passwort Ihres Postfachs ein, wenn Sie danach gefragt werden.",
                ],
            },
            Part {
                heading: Some("Mac"),
                steps: &[
                    "Laden Sie das Profil und öffnen Sie es.",
                    "Öffnen Sie die Systemeinstellungen, suchen Sie nach „Profile“, und installieren Sie \
                     das Profil dort.",
                    "Geben Sie das Passwort Ihres Postfachs ein, wenn Sie danach gefragt werden.",
                ],
            },
        ],
    },
    outlook: Guide {
        title: "Outlook",
        parts: &[
            Part {
                heading: Some("Klassisches Outlook für Windows"),
                steps: &[
                    "Schließen Sie Outlook. Öffnen Sie die Systemsteuerung von Windows, dann „Mail \
                     (Microsoft Outlook)“, „E-Mail-Konten“, „Neu“.",
                    "Geben Sie Ihren Namen, Ihre Adresse und Ihr Passwort ein. Auf diesem Weg fragt Outlook \
                     diesen Server und findet die Einstellungen.",
                    "Wenn Sie das Konto statt dessen in Outlook selbst hinzufügen, fragt es zuerst einen \
                     Dienst von Microsoft, der sie vielleicht nicht kennt. Richten Sie das Konto dann \
                     manuell ein, mit den Einstellungen von oben.",
                ],
            },
            Part {
                heading: Some("Neues Outlook, Outlook für Mac und für Smartphones"),
                steps: &[
                    "Fügen Sie ein Konto hinzu und geben Sie Ihre Adresse ein. Diese Programme fragen \
                     zuerst einen Dienst von Microsoft statt dieses Servers.",
                    "Wenn er nichts findet, oder andere Einstellungen als die von oben, wählen Sie IMAP \
                     oder POP und geben Sie diese selbst ein.",
                ],
            },
        ],
    },
    thunderbird: Guide {
        title: "Thunderbird",
        parts: &[Part {
            heading: None,
            steps: &[
                "Öffnen Sie das Menü und wählen Sie „Neues Konto“, dann „E-Mail“.",
                "Geben Sie Ihren Namen und Ihre Adresse ein. Thunderbird findet die Einstellungen von selbst.",
                "Wenn nicht, wählen Sie „Manuell einrichten“ und geben Sie die Einstellungen von oben ein.",
            ],
        }],
    },
    android: Guide {
        title: "Android",
        parts: &[
            Part {
                heading: Some("Thunderbird und K-9 Mail"),
                steps: &[
                    "Fügen Sie ein Konto hinzu und geben Sie Ihre Adresse ein. Das Programm findet die \
                     Einstellungen von selbst.",
                ],
            },
            Part {
                heading: Some("Gmail"),
                steps: &[
                    "Tippen Sie auf Ihr Bild, dann auf „Weiteres Konto hinzufügen“, dann auf „Andere“.",
                    "Geben Sie Ihre Adresse ein, wählen Sie IMAP oder POP3, und geben Sie Ihr Passwort ein.",
                    "Geben Sie Server und Benutzernamen von oben ein, zuerst für den Posteingang, dann für \
                     den Postausgang.",
                ],
            },
        ],
    },
    help_from: "Hilfe von",
};

impl Language {
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
            Refusal::MethodNotAllowed { .. } => self.wrong_method,
            _ => self.no_answer,
        }
    }
}

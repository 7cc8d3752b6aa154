//! English.

use super::{Language, Part};

pub static ENGLISH: Language = Language {
    tag: "en",
    name: "English",
    languages: "Language",

    heading: "Set up your e-mail",
    lead: "Enter your address. Then you see how to set up your telephone or your mail program.",
    address: "E-mail address",
    show: "Continue",
    no_password: "You are never asked for your password here.",

    no_address: "This is not an e-mail address. It should look like name@example.org.",
    did_you_mean: "Did you mean this address?",
    not_served: "There are no settings for this domain here. Check the spelling; if it is right, ask whoever gave \
                 you the address.",
    not_found: "There is no page at this address. Enter your e-mail address to find your settings.",
    wrong_method: "The form was not sent the way this page takes it. Enter your address here.",
    no_answer: "The request could not be answered. Please try again.",
    moved_to_address: "The e-mail of this domain has moved. Use this address instead:",
    moved_to_host: "The e-mail of this domain has moved. You find your settings here:",

    works_here: "Autodiscover works here",
    works_how: "Mail programs send a request to this address and receive the settings of a mailbox. \
                A browser cannot ask that way, but there is a page for you.",
    to_the_settings: "To the settings",

    which_device: "Which device?",
    by_hand: "By hand",
    settings_by_hand: "Settings by hand",
    if_in_doubt: "If in doubt, take IMAP.",
    settings_for: "Settings for",
    nothing_offered: "There is nothing to set up for this domain.",
    another_address: "Another address",

    incoming: "Incoming mail",
    outgoing: "Outgoing mail",
    calendar: "Calendar",
    contacts: "Contacts",
    mobilesync: "Mail, calendar and contacts",
    filters: "Filters",
    webmail: "Mail in the browser",
    server: "Server",
    port: "Port",
    encryption: "Connection security",
    unencrypted: "None",
    user_name: "Username",
    authentication: "Authentication",
    password: "Normal password",
    certificate: "TLS certificate",
    no_authentication: "No authentication",
    url: "Address",
    copy: "Copy",
    copied: "Copied",
    send: "Send this to yourself",
    as_text: "As plain text",

    apple_devices: "iPhone, iPad, Mac",
    profile: "A profile brings all settings at once. Your device only asks for the password.",
    no_profile: "There is no profile: it can only set up servers that take a password, and these do not.",
    download: "Download profile",
    scan_profile: "Scan with the camera of an iPhone or iPad",
    profile_code: "QR code with the address of the profile",
    iphone: Part {
        heading: "iPhone and iPad",
        steps: &[
            "Download the profile, in Safari if another browser does not allow it.",
            "Open Settings, tap “Profile Downloaded”, then “Install”.",
            "Enter the password of your mailbox when you are asked for it.",
        ],
    },
    mac: Part {
        heading: "Mac",
        steps: &[
            "Download the profile and open it.",
            "Open System Settings, search for “Profiles”, and install the profile there.",
            "Enter the password of your mailbox when you are asked for it.",
        ],
    },

    scan_account: "Scan with Thunderbird for Android",
    account_code: "QR code with the settings for Thunderbird for Android",
    android_scan: Part {
        heading: "Thunderbird",
        steps: &[
            "Install Thunderbird on the telephone and open it.",
            "Tap “Import settings”, then “Scan QR code”, and point the camera at the code.",
            "Enter the password of your mailbox.",
        ],
    },
    android: Part {
        heading: "Thunderbird and K-9 Mail",
        steps: &[
            "Tap “Add account” and enter your address.",
            "The program finds the settings by itself. Enter your password.",
        ],
    },
    gmail: Part {
        heading: "Gmail",
        steps: &[
            "Tap your picture, then “Add another account”, then “Other”.",
            "Enter your address, choose “Personal (IMAP)”, and enter your password.",
            "Enter server and username from below, first for incoming, then for outgoing mail.",
        ],
    },

    outlook_classic: Part {
        heading: "Classic Outlook for Windows",
        steps: &[
            "Close Outlook. Open the Control Panel, then “Mail (Microsoft Outlook)”, “Email Accounts”, “New”.",
            "Enter your name, your address and your password. This way Outlook asks this server and finds the \
             settings.",
        ],
    },
    outlook_new: Part {
        heading: "New Outlook, Outlook for Mac and on telephones",
        steps: &[
            "Choose “Add account” and enter your address. These programs ask a service of Microsoft first.",
            "If it does not find the settings below, choose IMAP or POP and enter them yourself.",
        ],
    },
    outlook_file: Part {
        heading: "If classic Outlook does not find the settings",
        steps: &[
            "Create the folder C:\\autodiscover and save the settings file there.",
            "Open the registry file: with it Outlook takes the settings from that folder.",
            "Add the account as above.",
        ],
    },
    settings_file: "Settings file",
    registry_file: "Registry file",

    thunderbird: Part {
        heading: "Windows, Mac and Linux",
        steps: &[
            "Open the menu ≡ and choose “New Account”, then “Email”.",
            "Enter your name and your address. Thunderbird finds the settings by itself.",
            "If it does not, choose “Configure Manually” and enter the settings below.",
        ],
    },

    help_from: "Help from",
    imprint: "Legal notice",

    runs: "autodiscover runs",
    version: "Version",
    sound_and_serves: "The configuration is sound, and it serves",
    does_not_serve: "The configuration can be read. It does not serve",
    no_domain: "The configuration can be read. This host has no domain to serve.",
    faulty: "The configuration cannot be used. The error log of the web server says where and why.",
    open: "Everybody can download the configuration. Forbid it in the web server:",
    closed: "Nobody can download the configuration.",
    untested: "Whether the configuration can be downloaded is tested by a script, which does not run in this browser.",
    try_next: "Try next",
    answers: "arrives here",
    goes_elsewhere: "does not arrive here; the web server answers",
};

//! German.

use super::{Language, Part};

pub static GERMAN: Language = Language {
    tag: "de",
    name: "Deutsch",
    languages: "Sprache",

    heading: "E-Mail einrichten",
    lead: "Geben Sie Ihre Adresse ein. Sie sehen dann, wie Sie Ihr Telefon oder Ihr E-Mail-Programm einrichten.",
    address: "E-Mail-Adresse",
    show: "Weiter",
    no_password: "Nach Ihrem Passwort werden Sie hier nie gefragt.",

    no_address: "Das ist keine E-Mail-Adresse. Sie sollte aussehen wie name@example.org.",
    did_you_mean: "Meinten Sie diese Adresse?",
    not_served: "Für diese Domain gibt es hier keine Einstellungen. Prüfen Sie die Schreibweise; wenn sie stimmt, \
                 fragen Sie, wer Ihnen die Adresse gegeben hat.",
    not_found: "Unter dieser Adresse gibt es keine Seite. Geben Sie Ihre E-Mail-Adresse ein, um Ihre Einstellungen \
                zu finden.",
    wrong_method: "Das Formular kam nicht so an, wie diese Seite es annimmt. Geben Sie Ihre Adresse hier ein.",
    no_answer: "Die Anfrage konnte nicht beantwortet werden. Bitte versuchen Sie es noch einmal.",
    moved_to_address: "Die E-Mail dieser Domain ist umgezogen. Verwenden Sie stattdessen diese Adresse:",
    moved_to_host: "Die E-Mail dieser Domain ist umgezogen. Ihre Einstellungen finden Sie hier:",

    works_here: "Autodiscover funktioniert hier",
    works_how: "E-Mail-Programme senden eine Anfrage an diese Adresse und erhalten die Einstellungen eines \
                Postfachs. Ein Browser kann so nicht fragen, aber es gibt eine Seite für Sie.",
    to_the_settings: "Zu den Einstellungen",

    which_device: "Welches Gerät?",
    by_hand: "Von Hand",
    settings_by_hand: "Einstellungen von Hand",
    if_in_doubt: "Nehmen Sie im Zweifel IMAP.",
    settings_for: "Einstellungen für",
    nothing_offered: "Für diese Domain gibt es nichts einzurichten.",
    another_address: "Andere Adresse",

    incoming: "Posteingang",
    outgoing: "Postausgang",
    calendar: "Kalender",
    contacts: "Kontakte",
    mobilesync: "E-Mail, Kalender und Kontakte",
    filters: "Filter",
    webmail: "E-Mail im Browser",
    server: "Server",
    port: "Port",
    encryption: "Verbindungssicherheit",
    unencrypted: "Keine",
    user_name: "Benutzername",
    authentication: "Authentifizierung",
    password: "Passwort, normal",
    certificate: "TLS-Zertifikat",
    no_authentication: "Keine Authentifizierung",
    url: "Adresse",
    copy: "Kopieren",
    copied: "Kopiert",
    send: "Sich selbst schicken",
    as_text: "Als reiner Text",

    apple_devices: "iPhone, iPad, Mac",
    profile: "Ein Profil bringt alle Einstellungen auf einmal mit. Ihr Gerät fragt nur noch nach dem Passwort.",
    no_profile: "Es gibt kein Profil: Es könnte nur Server einrichten, die ein Passwort annehmen, und das tun diese nicht.",
    download: "Profil laden",
    scan_profile: "Mit der Kamera eines iPhone oder iPad scannen",
    profile_code: "QR-Code mit der Adresse des Profils",
    iphone: Part {
        heading: "iPhone und iPad",
        steps: &[
            "Laden Sie das Profil, in Safari, wenn ein anderer Browser es nicht erlaubt.",
            "Öffnen Sie die Einstellungen, tippen Sie auf „Profil geladen“ und dann auf „Installieren“.",
            "Geben Sie das Passwort Ihres Postfachs ein, wenn Sie danach gefragt werden.",
        ],
    },
    mac: Part {
        heading: "Mac",
        steps: &[
            "Laden Sie das Profil und öffnen Sie es.",
            "Öffnen Sie die Systemeinstellungen, suchen Sie nach „Profile“, und installieren Sie das Profil dort.",
            "Geben Sie das Passwort Ihres Postfachs ein, wenn Sie danach gefragt werden.",
        ],
    },

    scan_account: "Mit Thunderbird für Android scannen",
    account_code: "QR-Code mit den Einstellungen für Thunderbird für Android",
    android_scan: Part {
        heading: "Thunderbird",
        steps: &[
            "Installieren Sie Thunderbird auf dem Telefon und öffnen Sie es.",
            "Tippen Sie auf „Einstellungen importieren“, dann auf „QR-Code scannen“, und richten Sie die Kamera \
             auf den Code.",
            "Geben Sie das Passwort Ihres Postfachs ein.",
        ],
    },
    android: Part {
        heading: "Thunderbird und K-9 Mail",
        steps: &[
            "Tippen Sie auf „Konto hinzufügen“ und geben Sie Ihre Adresse ein.",
            "Das Programm findet die Einstellungen von selbst. Geben Sie Ihr Passwort ein.",
        ],
    },
    gmail: Part {
        heading: "Gmail",
        steps: &[
            "Tippen Sie auf Ihr Bild, dann auf „Weiteres Konto hinzufügen“, dann auf „Andere“.",
            "Geben Sie Ihre Adresse ein, wählen Sie „Privat (IMAP)“, und geben Sie Ihr Passwort ein.",
            "Geben Sie Server und Benutzernamen von unten ein, zuerst für den Posteingang, dann für den Postausgang.",
        ],
    },

    outlook_classic: Part {
        heading: "Klassisches Outlook für Windows",
        steps: &[
            "Schließen Sie Outlook. Öffnen Sie die Systemsteuerung, dann „Mail (Microsoft Outlook)“, \
             „E-Mail-Konten“, „Neu“.",
            "Geben Sie Ihren Namen, Ihre Adresse und Ihr Passwort ein. Auf diesem Weg fragt Outlook diesen Server \
             und findet die Einstellungen.",
        ],
    },
    outlook_new: Part {
        heading: "Neues Outlook, Outlook für Mac und auf Telefonen",
        steps: &[
            "Wählen Sie „Konto hinzufügen“ und geben Sie Ihre Adresse ein. Diese Programme fragen zuerst einen \
             Dienst von Microsoft.",
            "Wenn er die Einstellungen von unten nicht findet, wählen Sie IMAP oder POP und geben Sie sie selbst ein.",
        ],
    },
    outlook_file: Part {
        heading: "Wenn klassisches Outlook die Einstellungen nicht findet",
        steps: &[
            "Legen Sie den Ordner C:\\autodiscover an und speichern Sie dort die Datei mit den Einstellungen.",
            "Öffnen Sie die Datei für die Registrierung: mit ihr nimmt Outlook die Einstellungen aus diesem Ordner.",
            "Fügen Sie das Konto wie oben hinzu.",
        ],
    },
    settings_file: "Datei mit den Einstellungen",
    registry_file: "Datei für die Registrierung",

    thunderbird: Part {
        heading: "Windows, Mac und Linux",
        steps: &[
            "Öffnen Sie das Menü ≡ und wählen Sie „Neues Konto“, dann „E-Mail“.",
            "Geben Sie Ihren Namen und Ihre Adresse ein. Thunderbird findet die Einstellungen von selbst.",
            "Wenn nicht, wählen Sie „Manuell einrichten“ und geben Sie die Einstellungen von unten ein.",
        ],
    },

    help_from: "Hilfe von",
    imprint: "Impressum",

    runs: "autodiscover läuft",
    version: "Version",
    sound_and_serves: "Die Konfiguration ist in Ordnung, und sie bedient",
    does_not_serve: "Die Konfiguration ist lesbar. Sie bedient nicht",
    no_domain: "Die Konfiguration ist lesbar. Dieser Host hat keine Domain, die sie bedienen könnte.",
    faulty: "Die Konfiguration ist nicht brauchbar. Das Fehlerprotokoll des Webservers sagt, wo und warum.",
    open: "Jeder kann die Konfiguration herunterladen. Verbieten Sie es im Webserver:",
    closed: "Niemand kann die Konfiguration herunterladen.",
    untested: "Ob man die Konfiguration herunterladen kann, prüft ein Skript, das in diesem Browser nicht läuft.",
    try_next: "Probieren Sie als Nächstes",
    answers: "kommt hier an",
    goes_elsewhere: "kommt hier nicht an; der Webserver antwortet mit",
};

//! Dutch.

use super::{Language, Part};

pub static DUTCH: Language = Language {
    tag: "nl",
    name: "Nederlands",
    languages: "Taal",

    heading: "Uw e-mail instellen",
    lead: "Voer uw adres in. Daarna ziet u hoe u uw telefoon of uw e-mailprogramma instelt.",
    address: "E-mailadres",
    show: "Doorgaan",
    no_password: "Hier wordt u nooit om uw wachtwoord gevraagd.",

    no_address: "Dit is geen e-mailadres. Het moet eruitzien als name@example.org.",
    did_you_mean: "Bedoelde u dit adres?",
    not_served: "Voor dit domein zijn hier geen instellingen. Controleer de spelling; als die klopt, vraag het dan aan \
                 wie u het adres heeft gegeven.",
    not_found: "Op dit adres is geen pagina. Voer uw e-mailadres in om uw instellingen te vinden.",
    wrong_method: "Het formulier kwam niet aan zoals deze pagina het aanneemt. Voer uw adres hier in.",
    no_answer: "Het verzoek kon niet worden beantwoord. Probeer het opnieuw.",
    moved_to_address: "De e-mail van dit domein is verhuisd. Gebruik in plaats daarvan dit adres:",
    moved_to_host: "De e-mail van dit domein is verhuisd. U vindt uw instellingen hier:",

    works_here: "Autodiscover werkt hier",
    works_how: "E-mailprogramma’s sturen een verzoek naar dit adres en krijgen de instellingen van een postvak. \
                Een browser kan zo niet vragen, maar er is een pagina voor u.",
    to_the_settings: "Naar de instellingen",

    which_device: "Welk apparaat?",
    by_hand: "Met de hand",
    settings_by_hand: "Instellingen met de hand",
    if_in_doubt: "Neem bij twijfel IMAP.",
    settings_for: "Instellingen voor",
    nothing_offered: "Voor dit domein valt er niets in te stellen.",
    another_address: "Ander adres",

    incoming: "Inkomende e-mail",
    outgoing: "Uitgaande e-mail",
    calendar: "Agenda",
    contacts: "Contacten",
    mobilesync: "E-mail, agenda en contacten",
    filters: "Filters",
    webmail: "E-mail in de browser",
    server: "Server",
    port: "Poort",
    encryption: "Verbindingsbeveiliging",
    unencrypted: "Geen",
    user_name: "Gebruikersnaam",
    authentication: "Authenticatie",
    password: "Normaal wachtwoord",
    certificate: "TLS-certificaat",
    no_authentication: "Geen authenticatie",
    url: "Adres",
    copy: "Kopiëren",
    copied: "Gekopieerd",
    send: "Naar uzelf sturen",
    as_text: "Als platte tekst",

    apple_devices: "iPhone, iPad, Mac",
    profile: "Een profiel brengt alle instellingen in één keer. Uw apparaat vraagt alleen nog om het wachtwoord.",
    no_profile: "Er is geen profiel: het kan alleen servers instellen die een wachtwoord aannemen, en dat doen deze niet.",
    download: "Profiel downloaden",
    scan_profile: "Scan met de camera van een iPhone of iPad",
    profile_code: "QR-code met het adres van het profiel",
    iphone: Part {
        heading: "iPhone en iPad",
        steps: &[
            "Download het profiel, in Safari als een andere browser het niet toestaat.",
            "Open Instellingen, tik op ‘Profiel gedownload’ en dan op ‘Installeer’.",
            "Voer het wachtwoord van uw postvak in wanneer erom wordt gevraagd.",
        ],
    },
    mac: Part {
        heading: "Mac",
        steps: &[
            "Download het profiel en open het.",
            "Open Systeeminstellingen, zoek naar ‘Profielen’ en installeer het profiel daar.",
            "Voer het wachtwoord van uw postvak in wanneer erom wordt gevraagd.",
        ],
    },

    scan_account: "Scan met Thunderbird voor Android",
    account_code: "QR-code met de instellingen voor Thunderbird voor Android",
    android_scan: Part {
        heading: "Thunderbird",
        steps: &[
            "Installeer Thunderbird op de telefoon en open het.",
            "Tik op ‘Importinstellingen’ of ‘Instellingen importeren’, dan op ‘QR-code scannen’, en richt de camera \
             op de code.",
            "Voer het wachtwoord van uw postvak in.",
        ],
    },
    android: Part {
        heading: "Thunderbird en K-9 Mail",
        steps: &[
            "Tik op ‘Account toevoegen’ en voer uw adres in.",
            "De app vindt de instellingen zelf. Voer uw wachtwoord in.",
        ],
    },
    gmail: Part {
        heading: "Gmail",
        steps: &[
            "Tik op uw foto, dan op ‘Nog een account toevoegen’, dan op ‘Overig’.",
            "Voer uw adres in, kies ‘Persoonlijk (IMAP)’ en voer uw wachtwoord in.",
            "Voer de server en de gebruikersnaam van hieronder in, eerst voor inkomende, dan voor uitgaande e-mail.",
        ],
    },

    outlook_classic: Part {
        heading: "Klassieke Outlook voor Windows",
        steps: &[
            "Sluit Outlook. Open het Configuratiescherm, dan ‘Mail (Microsoft Outlook)’, ‘E-mailaccounts’, ‘Nieuw’.",
            "Voer uw naam, uw adres en uw wachtwoord in. Zo vraagt Outlook het aan deze server en vindt het de \
             instellingen.",
        ],
    },
    outlook_new: Part {
        heading: "Nieuwe Outlook, Outlook voor Mac en op telefoons",
        steps: &[
            "Kies ‘Account toevoegen’ en voer uw adres in. Deze programma’s vragen het eerst aan een dienst van \
             Microsoft.",
            "Als die de instellingen van hieronder niet vindt, kies dan IMAP of POP en voer ze zelf in.",
        ],
    },
    outlook_file: Part {
        heading: "Als klassieke Outlook de instellingen niet vindt",
        steps: &[
            "Maak de map C:\\autodiscover en sla het bestand met de instellingen daarin op.",
            "Open het registerbestand: daarmee neemt Outlook de instellingen uit die map.",
            "Voeg het account toe zoals hierboven.",
        ],
    },
    settings_file: "Bestand met de instellingen",
    registry_file: "Registerbestand",

    thunderbird: Part {
        heading: "Windows, Mac en Linux",
        steps: &[
            "Open het menu ≡ en kies ‘Nieuwe account’, dan ‘E-mail’.",
            "Voer uw naam en uw adres in. Thunderbird vindt de instellingen zelf.",
            "Zo niet, kies dan ‘Handmatig configureren’ en voer de instellingen van hieronder in.",
        ],
    },

    help_from: "Hulp van",
    imprint: "Juridische informatie",

    runs: "autodiscover werkt",
    version: "Versie",
    sound_and_serves: "De configuratie is in orde en bedient",
    does_not_serve: "De configuratie is leesbaar. Ze bedient niet",
    no_domain: "De configuratie is leesbaar. Deze host heeft geen domein om te bedienen.",
    faulty: "De configuratie is niet bruikbaar. Het foutenlogboek van de webserver zegt waar en waarom.",
    open: "Iedereen kan de configuratie downloaden. Verbied dat in de webserver:",
    closed: "Niemand kan de configuratie downloaden.",
    untested: "Of de configuratie kan worden gedownload, controleert een script dat in deze browser niet werkt.",
    try_next: "Probeer nu",
    answers: "komt hier aan",
    goes_elsewhere: "komt hier niet aan; de webserver antwoordt met",
};

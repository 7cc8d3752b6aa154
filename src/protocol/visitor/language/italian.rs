//! Italian.

use super::{Language, Part};

pub static ITALIAN: Language = Language {
    tag: "it",
    name: "Italiano",
    languages: "Lingua",

    heading: "Configura la posta",
    lead: "Inserisci il tuo indirizzo. Poi vedrai come configurare il telefono o il programma di posta.",
    address: "Indirizzo email",
    show: "Continua",
    no_password: "Qui non ti viene mai chiesta la password.",

    no_address: "Questo non è un indirizzo email. Dovrebbe essere come name@example.org.",
    did_you_mean: "Intendevi questo indirizzo?",
    not_served: "Qui non ci sono impostazioni per questo dominio. Controlla come è scritto; se è giusto, chiedi a chi \
                 ti ha dato l’indirizzo.",
    not_found: "A questo indirizzo non c’è nessuna pagina. Inserisci il tuo indirizzo email per trovare le impostazioni.",
    wrong_method: "Il modulo non è arrivato come lo accetta questa pagina. Inserisci qui il tuo indirizzo.",
    no_answer: "Non è stato possibile rispondere alla richiesta. Riprova.",
    moved_to_address: "La posta di questo dominio si è trasferita. Usa invece questo indirizzo:",
    moved_to_host: "La posta di questo dominio si è trasferita. Trovi le tue impostazioni qui:",

    works_here: "Autodiscover funziona qui",
    works_how: "I programmi di posta inviano una richiesta a questo indirizzo e ricevono le impostazioni di una \
                casella. Un browser non può chiedere così, ma c’è una pagina per te.",
    to_the_settings: "Alle impostazioni",

    which_device: "Quale dispositivo?",
    by_hand: "A mano",
    settings_by_hand: "Impostazioni a mano",
    if_in_doubt: "Nel dubbio, scegli IMAP.",
    settings_for: "Impostazioni per",
    nothing_offered: "Non c’è nulla da configurare per questo dominio.",
    another_address: "Altro indirizzo",

    incoming: "Posta in arrivo",
    outgoing: "Posta in uscita",
    calendar: "Calendario",
    contacts: "Contatti",
    mobilesync: "Posta, calendario e contatti",
    filters: "Filtri",
    webmail: "Posta nel browser",
    server: "Server",
    port: "Porta",
    encryption: "Sicurezza della connessione",
    unencrypted: "Nessuno",
    user_name: "Nome utente",
    authentication: "Autenticazione",
    password: "Password normale",
    certificate: "Certificato TLS",
    no_authentication: "Nessuna autenticazione",
    url: "Indirizzo",
    copy: "Copia",
    copied: "Copiato",
    send: "Invia a te stesso",
    as_text: "Come testo semplice",

    apple_devices: "iPhone, iPad, Mac",
    profile: "Un profilo porta tutte le impostazioni in una volta. Il dispositivo chiede solo la password.",
    no_profile: "Non c’è un profilo: può configurare solo server che accettano una password, e questi non la accettano.",
    download: "Scarica il profilo",
    scan_profile: "Da inquadrare con un iPhone o un iPad",
    profile_code: "Codice QR con l’indirizzo del profilo",
    iphone: Part {
        heading: "iPhone e iPad",
        steps: &[
            "Scarica il profilo, con Safari se un altro browser non lo permette.",
            "Apri Impostazioni, tocca «Profilo scaricato», poi «Installa».",
            "Inserisci la password della casella quando ti viene chiesta.",
        ],
    },
    mac: Part {
        heading: "Mac",
        steps: &[
            "Scarica il profilo e aprilo.",
            "Apri Impostazioni di Sistema, cerca «Profili» e installa lì il profilo.",
            "Inserisci la password della casella quando ti viene chiesta.",
        ],
    },

    scan_account: "Da inquadrare con Thunderbird per Android",
    account_code: "Codice QR con le impostazioni per Thunderbird per Android",
    android_scan: Part {
        heading: "Thunderbird",
        steps: &[
            "Installa Thunderbird sul telefono e aprilo.",
            "Tocca «Importa impostazioni», poi «Scansiona il QRcode», e inquadra il codice.",
            "Inserisci la password della casella.",
        ],
    },
    android: Part {
        heading: "Thunderbird e K-9 Mail",
        steps: &[
            "Tocca «Aggiungi account» e inserisci il tuo indirizzo.",
            "L’app trova le impostazioni da sola. Inserisci la password.",
        ],
    },
    gmail: Part {
        heading: "Gmail",
        steps: &[
            "Tocca la tua foto, poi «Aggiungi un altro account», poi «Altro».",
            "Inserisci il tuo indirizzo, scegli «Personale (IMAP)» e inserisci la password.",
            "Inserisci il server e il nome utente qui sotto, prima per la posta in arrivo, poi per quella in uscita.",
        ],
    },

    outlook_classic: Part {
        heading: "Outlook classico per Windows",
        steps: &[
            "Chiudi Outlook. Apri il Pannello di controllo, poi «Posta (Microsoft Outlook)», «Account di posta \
             elettronica», «Nuovo».",
            "Inserisci nome, indirizzo e password. In questo modo Outlook chiede a questo server e trova le \
             impostazioni.",
        ],
    },
    outlook_new: Part {
        heading: "Nuovo Outlook, Outlook per Mac e su telefono",
        steps: &[
            "Scegli «Aggiungi account» e inserisci il tuo indirizzo. Questi programmi chiedono prima a un servizio di \
             Microsoft.",
            "Se non trova le impostazioni qui sotto, scegli IMAP o POP e inseriscile tu.",
        ],
    },
    outlook_file: Part {
        heading: "Se Outlook classico non trova le impostazioni",
        steps: &[
            "Crea la cartella C:\\autodiscover e salvaci il file delle impostazioni.",
            "Apri il file per il registro: con esso Outlook prende le impostazioni da quella cartella.",
            "Aggiungi l’account come sopra.",
        ],
    },
    settings_file: "File delle impostazioni",
    registry_file: "File per il registro",

    thunderbird: Part {
        heading: "Windows, Mac e Linux",
        steps: &[
            "Apri il menu ≡ e scegli «Nuovo account», poi «Email».",
            "Inserisci nome e indirizzo. Thunderbird trova le impostazioni da solo.",
            "Altrimenti scegli «Configura manualmente» e inserisci le impostazioni qui sotto.",
        ],
    },

    help_from: "Aiuto di",
    imprint: "Note legali",

    runs: "autodiscover funziona",
    version: "Versione",
    sound_and_serves: "La configurazione è corretta e serve",
    does_not_serve: "La configurazione è leggibile. Non serve",
    no_domain: "La configurazione è leggibile. Questo host non ha un dominio da servire.",
    faulty: "La configurazione non è utilizzabile. Il registro degli errori del server web dice dove e perché.",
    open: "Tutti possono scaricare la configurazione. Vietalo nel server web:",
    closed: "Nessuno può scaricare la configurazione.",
    untested: "Se la configurazione si può scaricare lo verifica uno script, che in questo browser non viene eseguito.",
    try_next: "Prova ora",
    answers: "arriva qui",
    goes_elsewhere: "non arriva qui; il server web risponde",
};

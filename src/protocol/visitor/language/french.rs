//! French.

use super::{Language, Part};

pub static FRENCH: Language = Language {
    tag: "fr",
    name: "Français",
    languages: "Langue",

    heading: "Configurer votre messagerie",
    lead: "Saisissez votre adresse. Vous verrez ensuite comment configurer votre téléphone ou votre logiciel de \
           messagerie.",
    address: "Adresse e-mail",
    show: "Continuer",
    no_password: "Votre mot de passe ne vous est jamais demandé ici.",

    no_address: "Ce n’est pas une adresse e-mail. Elle devrait ressembler à name@example.org.",
    did_you_mean: "Vouliez-vous dire cette adresse ?",
    not_served: "Il n’y a pas de paramètres pour ce domaine ici. Vérifiez l’orthographe ; si elle est juste, \
                 adressez-vous à qui vous a donné l’adresse.",
    not_found: "Il n’y a pas de page à cette adresse. Saisissez votre adresse e-mail pour trouver vos paramètres.",
    wrong_method: "Le formulaire n’est pas arrivé comme cette page l’accepte. Saisissez votre adresse ici.",
    no_answer: "La demande n’a pas pu aboutir. Veuillez réessayer.",
    moved_to_address: "La messagerie de ce domaine a déménagé. Utilisez plutôt cette adresse :",
    moved_to_host: "La messagerie de ce domaine a déménagé. Vous trouverez vos paramètres ici :",

    works_here: "Autodiscover fonctionne ici",
    works_how: "Les logiciels de messagerie envoient une demande à cette adresse et reçoivent les paramètres d’une \
                boîte aux lettres. Un navigateur ne peut pas demander ainsi, mais il y a une page pour vous.",
    to_the_settings: "Vers les paramètres",

    which_device: "Quel appareil ?",
    by_hand: "À la main",
    settings_by_hand: "Paramètres à saisir à la main",
    if_in_doubt: "En cas de doute, prenez IMAP.",
    settings_for: "Paramètres de",
    nothing_offered: "Il n’y a rien à configurer pour ce domaine.",
    another_address: "Autre adresse",

    incoming: "Courrier entrant",
    outgoing: "Courrier sortant",
    calendar: "Agenda",
    contacts: "Contacts",
    mobilesync: "Courrier, agenda et contacts",
    filters: "Filtres",
    webmail: "Courrier dans le navigateur",
    server: "Serveur",
    port: "Port",
    encryption: "Sécurité de la connexion",
    unencrypted: "Aucune",
    user_name: "Nom d’utilisateur",
    authentication: "Authentification",
    password: "Mot de passe normal",
    certificate: "Certificat TLS",
    no_authentication: "Pas d’authentification",
    url: "Adresse",
    copy: "Copier",
    copied: "Copié",
    send: "S’envoyer ces paramètres",
    as_text: "En texte brut",

    apple_devices: "iPhone, iPad, Mac",
    profile: "Un profil apporte tous les paramètres d’un coup. Votre appareil ne demande que le mot de passe.",
    no_profile: "Il n’y a pas de profil : il ne peut configurer que des serveurs qui acceptent un mot de passe, et ceux-ci n’en acceptent pas.",
    download: "Télécharger le profil",
    scan_profile: "À scanner avec un iPhone ou un iPad",
    profile_code: "Code QR avec l’adresse du profil",
    iphone: Part {
        heading: "iPhone et iPad",
        steps: &[
            "Téléchargez le profil, dans Safari si un autre navigateur ne le permet pas.",
            "Ouvrez Réglages, touchez « Profil téléchargé », puis « Installer ».",
            "Saisissez le mot de passe de votre boîte aux lettres quand il vous est demandé.",
        ],
    },
    mac: Part {
        heading: "Mac",
        steps: &[
            "Téléchargez le profil et ouvrez-le.",
            "Ouvrez Réglages Système, cherchez « Profils » et installez-y le profil.",
            "Saisissez le mot de passe de votre boîte aux lettres quand il vous est demandé.",
        ],
    },

    scan_account: "À scanner avec Thunderbird pour Android",
    account_code: "Code QR avec les paramètres pour Thunderbird pour Android",
    android_scan: Part {
        heading: "Thunderbird",
        steps: &[
            "Installez Thunderbird sur le téléphone et ouvrez-le.",
            "Touchez « Importer les paramètres », puis « Lire un code QR », et visez le code.",
            "Saisissez le mot de passe de votre boîte aux lettres.",
        ],
    },
    android: Part {
        heading: "Thunderbird et K-9 Mail",
        steps: &[
            "Touchez « Ajouter un compte » et saisissez votre adresse.",
            "L’application trouve les paramètres toute seule. Saisissez votre mot de passe.",
        ],
    },
    gmail: Part {
        heading: "Gmail",
        steps: &[
            "Touchez votre photo, puis « Ajouter un autre compte », puis « Autre ».",
            "Saisissez votre adresse, choisissez « Personnel (IMAP) » et saisissez votre mot de passe.",
            "Saisissez le serveur et le nom d’utilisateur ci-dessous, d’abord pour le courrier entrant, puis pour le \
             courrier sortant.",
        ],
    },

    outlook_classic: Part {
        heading: "Outlook classique pour Windows",
        steps: &[
            "Fermez Outlook. Ouvrez le Panneau de configuration, puis « Courrier (Microsoft Outlook) », « Comptes de \
             messagerie », « Nouveau ».",
            "Saisissez votre nom, votre adresse et votre mot de passe. De cette façon, Outlook interroge ce serveur \
             et trouve les paramètres.",
        ],
    },
    outlook_new: Part {
        heading: "Nouvel Outlook, Outlook pour Mac et sur téléphone",
        steps: &[
            "Choisissez « Ajouter un compte » et saisissez votre adresse. Ces programmes interrogent d’abord un \
             service de Microsoft.",
            "S’il ne trouve pas les paramètres ci-dessous, choisissez IMAP ou POP et saisissez-les vous-même.",
        ],
    },
    outlook_file: Part {
        heading: "Si Outlook classique ne trouve pas les paramètres",
        steps: &[
            "Créez le dossier C:\\autodiscover et enregistrez-y le fichier de paramètres.",
            "Ouvrez le fichier de registre : grâce à lui, Outlook prend les paramètres dans ce dossier.",
            "Ajoutez le compte comme ci-dessus.",
        ],
    },
    settings_file: "Fichier de paramètres",
    registry_file: "Fichier de registre",

    thunderbird: Part {
        heading: "Windows, Mac et Linux",
        steps: &[
            "Ouvrez le menu ≡ et choisissez « Nouveau compte », puis « Adresse e-mail ».",
            "Saisissez votre nom et votre adresse. Thunderbird trouve les paramètres tout seul.",
            "Sinon, choisissez « Configurer manuellement » et saisissez les paramètres ci-dessous.",
        ],
    },

    help_from: "Aide de",
    imprint: "Mentions légales",

    runs: "autodiscover fonctionne",
    version: "Version",
    sound_and_serves: "La configuration est correcte et elle dessert",
    does_not_serve: "La configuration est lisible. Elle ne dessert pas",
    no_domain: "La configuration est lisible. Cet hôte n’a pas de domaine à desservir.",
    faulty: "La configuration est inutilisable. Le journal d’erreurs du serveur web dit où et pourquoi.",
    open: "Tout le monde peut télécharger la configuration. Interdisez-le dans le serveur web :",
    closed: "Personne ne peut télécharger la configuration.",
    untested: "C’est un script qui vérifie si la configuration peut être téléchargée ; il ne s’exécute pas dans ce \
               navigateur.",
    try_next: "À essayer ensuite",
    answers: "arrive ici",
    goes_elsewhere: "n’arrive pas ici ; le serveur web répond",
};

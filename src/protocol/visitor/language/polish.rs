//! Polish.

use super::{Language, Part};

pub static POLISH: Language = Language {
    tag: "pl",
    name: "Polski",
    languages: "Język",

    heading: "Skonfiguruj pocztę",
    lead: "Wpisz swój adres. Zobaczysz wtedy, jak skonfigurować telefon lub program pocztowy.",
    address: "Adres e-mail",
    show: "Kontynuuj",
    no_password: "Nigdy nie pytamy tu o hasło.",

    no_address: "To nie jest adres e-mail. Powinien wyglądać jak name@example.org.",
    did_you_mean: "Czy chodziło o ten adres?",
    not_served: "Nie ma tu ustawień dla tej domeny. Sprawdź pisownię; jeśli jest poprawna, zapytaj tego, od kogo masz \
                 ten adres.",
    not_found: "Pod tym adresem nie ma strony. Wpisz swój adres e-mail, aby znaleźć ustawienia.",
    wrong_method: "Formularz nie dotarł tak, jak ta strona go przyjmuje. Wpisz swój adres tutaj.",
    no_answer: "Nie udało się odpowiedzieć na żądanie. Spróbuj ponownie.",
    moved_to_address: "Poczta tej domeny została przeniesiona. Użyj tego adresu:",
    moved_to_host: "Poczta tej domeny została przeniesiona. Ustawienia znajdziesz tutaj:",

    works_here: "Autodiscover tu działa",
    works_how: "Programy pocztowe wysyłają żądanie pod ten adres i otrzymują ustawienia skrzynki. \
                Przeglądarka nie umie tak pytać, ale jest strona dla Ciebie.",
    to_the_settings: "Do ustawień",

    which_device: "Jakie urządzenie?",
    by_hand: "Ręcznie",
    settings_by_hand: "Ustawienia do wpisania ręcznie",
    if_in_doubt: "W razie wątpliwości wybierz IMAP.",
    settings_for: "Ustawienia dla",
    nothing_offered: "Dla tej domeny nie ma nic do skonfigurowania.",
    another_address: "Inny adres",

    incoming: "Poczta przychodząca",
    outgoing: "Poczta wychodząca",
    calendar: "Kalendarz",
    contacts: "Kontakty",
    mobilesync: "Poczta, kalendarz i kontakty",
    filters: "Filtry",
    webmail: "Poczta w przeglądarce",
    server: "Serwer",
    port: "Port",
    encryption: "Bezpieczeństwo połączenia",
    unencrypted: "Brak",
    user_name: "Nazwa użytkownika",
    authentication: "Uwierzytelnianie",
    password: "Zwykłe hasło",
    certificate: "Certyfikat TLS",
    no_authentication: "Bez uwierzytelniania",
    url: "Adres",
    copy: "Kopiuj",
    copied: "Skopiowano",
    send: "Wyślij do siebie",
    as_text: "Jako zwykły tekst",

    apple_devices: "iPhone, iPad, Mac",
    profile: "Profil przynosi wszystkie ustawienia naraz. Urządzenie pyta tylko o hasło.",
    no_profile: "Nie ma profilu: może on skonfigurować tylko serwery, które przyjmują hasło, a te go nie przyjmują.",
    download: "Pobierz profil",
    scan_profile: "Zeskanuj aparatem iPhone’a lub iPada",
    profile_code: "Kod QR z adresem profilu",
    iphone: Part {
        heading: "iPhone i iPad",
        steps: &[
            "Pobierz profil, w Safari, jeśli inna przeglądarka na to nie pozwala.",
            "Otwórz Ustawienia, stuknij „Pobrano profil”, a potem „Zainstaluj”.",
            "Wpisz hasło skrzynki, gdy pojawi się pytanie o nie.",
        ],
    },
    mac: Part {
        heading: "Mac",
        steps: &[
            "Pobierz profil i otwórz go.",
            "Otwórz Ustawienia systemowe, wyszukaj „Profile” i zainstaluj tam profil.",
            "Wpisz hasło skrzynki, gdy pojawi się pytanie o nie.",
        ],
    },

    scan_account: "Zeskanuj w Thunderbirdzie na Androida",
    account_code: "Kod QR z ustawieniami dla Thunderbirda na Androida",
    android_scan: Part {
        heading: "Thunderbird",
        steps: &[
            "Zainstaluj Thunderbirda na telefonie i otwórz go.",
            "Stuknij „Importuj ustawienia”, potem „Zeskanuj kod QR”, i skieruj aparat na kod.",
            "Wpisz hasło skrzynki.",
        ],
    },
    android: Part {
        heading: "Thunderbird i K-9 Mail",
        steps: &[
            "Stuknij „Dodaj konto” i wpisz swój adres.",
            "Program sam znajdzie ustawienia. Wpisz hasło.",
        ],
    },
    gmail: Part {
        heading: "Gmail",
        steps: &[
            "Stuknij swoje zdjęcie, potem „Dodaj kolejne konto”, potem „Inne”.",
            "Wpisz swój adres, wybierz „Osobiste (IMAP)” i wpisz hasło.",
            "Wpisz serwer i nazwę użytkownika podane niżej, najpierw dla poczty przychodzącej, potem dla wychodzącej.",
        ],
    },

    outlook_classic: Part {
        heading: "Klasyczny Outlook dla Windows",
        steps: &[
            "Zamknij Outlooka. Otwórz Panel sterowania, potem „Poczta (Microsoft Outlook)”, „Konta e-mail”, „Nowy”.",
            "Wpisz imię i nazwisko, adres i hasło. W ten sposób Outlook pyta ten serwer i znajduje ustawienia.",
        ],
    },
    outlook_new: Part {
        heading: "Nowy Outlook, Outlook dla Maca i na telefonach",
        steps: &[
            "Wybierz „Dodaj konto” i wpisz swój adres. Te programy najpierw pytają usługę Microsoftu.",
            "Jeśli nie znajdzie ona ustawień podanych niżej, wybierz IMAP lub POP i wpisz je ręcznie.",
        ],
    },
    outlook_file: Part {
        heading: "Jeśli klasyczny Outlook nie znajduje ustawień",
        steps: &[
            "Utwórz folder C:\\autodiscover i zapisz w nim plik z ustawieniami.",
            "Otwórz plik rejestru: dzięki niemu Outlook bierze ustawienia z tego folderu.",
            "Dodaj konto tak jak wyżej.",
        ],
    },
    settings_file: "Plik z ustawieniami",
    registry_file: "Plik rejestru",

    thunderbird: Part {
        heading: "Windows, Mac i Linux",
        steps: &[
            "Otwórz menu ≡ i wybierz „Nowe konto”, potem „E-mail”.",
            "Wpisz imię i nazwisko oraz adres. Thunderbird sam znajdzie ustawienia.",
            "Jeśli nie, wybierz „Konfiguruj ręcznie” i wpisz ustawienia podane niżej.",
        ],
    },

    help_from: "Pomoc:",
    imprint: "Informacje prawne",

    runs: "autodiscover działa",
    version: "Wersja",
    sound_and_serves: "Konfiguracja jest poprawna i obsługuje",
    does_not_serve: "Konfigurację można odczytać. Nie obsługuje ona",
    no_domain: "Konfigurację można odczytać. Ten host nie ma domeny, którą mogłaby obsługiwać.",
    faulty: "Konfiguracji nie można użyć. Dziennik błędów serwera WWW podaje miejsce i przyczynę.",
    open: "Każdy może pobrać konfigurację. Zabroń tego w serwerze WWW:",
    closed: "Nikt nie może pobrać konfiguracji.",
    untested: "To, czy konfigurację można pobrać, sprawdza skrypt, który w tej przeglądarce nie działa.",
    try_next: "Wypróbuj teraz",
    answers: "dociera tutaj",
    goes_elsewhere: "nie dociera tutaj; serwer WWW odpowiada",
};

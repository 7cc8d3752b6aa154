language = Polski
languages = Język

heading = Skonfiguruj pocztę
lead = Wpisz swój adres. Zobaczysz wtedy, jak skonfigurować telefon lub program pocztowy.
address = Adres e-mail
show = Kontynuuj
no-password = Nigdy nie pytamy tu o hasło.

no-address = To nie jest adres e-mail. Powinien wyglądać jak name@example.org.
did-you-mean = Czy chodziło o ten adres?
not-served = Nie ma tu ustawień dla tej domeny. Sprawdź pisownię; jeśli jest poprawna, zapytaj tego, od kogo masz ten adres.
not-found = Pod tym adresem nie ma strony. Wpisz swój adres e-mail, aby znaleźć ustawienia.
wrong-method = Formularz nie dotarł tak, jak ta strona go przyjmuje. Wpisz swój adres tutaj.
no-answer = Nie udało się odpowiedzieć na żądanie. Spróbuj ponownie.
moved-to-address = Poczta tej domeny została przeniesiona. Użyj tego adresu:
moved-to-host = Poczta tej domeny została przeniesiona. Ustawienia znajdziesz tutaj:

works-here = Autodiscover tu działa
works-how = Programy pocztowe wysyłają żądanie pod ten adres i otrzymują ustawienia skrzynki. Przeglądarka nie umie tak pytać, ale jest strona dla Ciebie.
to-the-settings = Do ustawień

which-device = Jakie urządzenie?
by-hand = Ręcznie
settings-by-hand = Ustawienia do wpisania ręcznie
if-in-doubt = W razie wątpliwości wybierz IMAP.
settings-for = Ustawienia dla
nothing-offered = Dla tej domeny nie ma nic do skonfigurowania.
another-address = Inny adres

incoming = Poczta przychodząca
outgoing = Poczta wychodząca
calendar = Kalendarz
contacts = Kontakty
mobilesync = Poczta, kalendarz i kontakty
filters = Filtry
webmail = Poczta w przeglądarce
server = Serwer
port = Port
encryption = Bezpieczeństwo połączenia
unencrypted = Brak
user-name = Nazwa użytkownika
authentication = Uwierzytelnianie
password = Zwykłe hasło
certificate = Certyfikat TLS
no-authentication = Bez uwierzytelniania
url = Adres
copy = Kopiuj
copied = Skopiowano
send = Wyślij do siebie
as-text = Jako zwykły tekst

apple-devices = iPhone, iPad, Mac
profile = Profil przynosi wszystkie ustawienia naraz. Urządzenie pyta tylko o hasło.
no-profile = Nie ma profilu: może on skonfigurować tylko serwery, które przyjmują hasło, a te go nie przyjmują.
download = Pobierz profil
scan-profile = Zeskanuj aparatem iPhone’a lub iPada
profile-code = Kod QR z adresem profilu
iphone = iPhone i iPad
iphone-1 = Pobierz profil, w Safari, jeśli inna przeglądarka na to nie pozwala.
iphone-2 = Otwórz Ustawienia, stuknij „Pobrano profil”, a potem „Zainstaluj”.
iphone-3 = Wpisz hasło skrzynki, gdy pojawi się pytanie o nie.
mac = Mac
mac-1 = Pobierz profil i otwórz go.
mac-2 = Otwórz Ustawienia systemowe, wyszukaj „Profile” i zainstaluj tam profil.
mac-3 = Wpisz hasło skrzynki, gdy pojawi się pytanie o nie.

scan-account = Zeskanuj w Thunderbirdzie na Androida
account-code = Kod QR z ustawieniami dla Thunderbirda na Androida
android-scan = Thunderbird
android-scan-1 = Zainstaluj Thunderbirda na telefonie i otwórz go.
android-scan-2 = Stuknij „Importuj ustawienia”, potem „Zeskanuj kod QR”, i skieruj aparat na kod.
android-scan-3 = Wpisz hasło skrzynki.
android = Thunderbird i K-9 Mail
android-1 = Stuknij „Dodaj konto” i wpisz swój adres.
android-2 = Program sam znajdzie ustawienia. Wpisz hasło.
gmail = Gmail
gmail-1 = Stuknij swoje zdjęcie, potem „Dodaj kolejne konto”, potem „Inne”.
gmail-2 = Wpisz swój adres, wybierz „Osobiste (IMAP)” i wpisz hasło.
gmail-3 = Wpisz serwer i nazwę użytkownika podane niżej, najpierw dla poczty przychodzącej, potem dla wychodzącej.

outlook-classic = Klasyczny Outlook dla Windows
outlook-classic-1 = Zamknij Outlooka. Otwórz Panel sterowania, potem „Poczta (Microsoft Outlook)”, „Konta e-mail”, „Nowy”.
outlook-classic-2 = Wpisz imię i nazwisko, adres i hasło. W ten sposób Outlook pyta ten serwer i znajduje ustawienia.
outlook-new = Nowy Outlook, Outlook dla Maca i na telefonach
outlook-new-1 = Wybierz „Dodaj konto” i wpisz swój adres. Te programy najpierw pytają usługę Microsoftu.
outlook-new-2 = Jeśli nie znajdzie ona ustawień podanych niżej, wybierz IMAP lub POP i wpisz je ręcznie.
outlook-file = Jeśli klasyczny Outlook nie znajduje ustawień
outlook-file-1 = Utwórz folder C:\autodiscover i zapisz w nim plik z ustawieniami.
outlook-file-2 = Otwórz plik rejestru: dzięki niemu Outlook bierze ustawienia z tego folderu.
outlook-file-3 = Dodaj konto tak jak wyżej.
settings-file = Plik z ustawieniami
registry-file = Plik rejestru

thunderbird = Windows, Mac i Linux
thunderbird-1 = Otwórz menu ≡ i wybierz „Nowe konto”, potem „E-mail”.
thunderbird-2 = Wpisz imię i nazwisko oraz adres. Thunderbird sam znajdzie ustawienia.
thunderbird-3 = Jeśli nie, wybierz „Konfiguruj ręcznie” i wpisz ustawienia podane niżej.

help-from = Pomoc:
imprint = Informacje prawne

runs = autodiscover działa
version = Wersja
sound-and-serves = Konfiguracja jest poprawna i obsługuje
does-not-serve = Konfigurację można odczytać. Nie obsługuje ona
no-domain = Konfigurację można odczytać. Ten host nie ma domeny, którą mogłaby obsługiwać.
faulty = Konfiguracji nie można użyć. Dziennik błędów serwera WWW podaje miejsce i przyczynę.
open = Każdy może pobrać konfigurację. Zabroń tego w serwerze WWW:
closed = Nikt nie może pobrać konfiguracji.
untested = To, czy konfigurację można pobrać, sprawdza skrypt, który w tej przeglądarce nie działa.
try-next = Wypróbuj teraz
answers = dociera tutaj
goes-elsewhere = nie dociera tutaj; serwer WWW odpowiada

language = Polski
direction = ltr
languages = Język

heading = Skonfiguruj swoją pocztę
lead = Wpisz swój adres, aby zobaczyć, jak skonfigurować telefon lub aplikację pocztową.
address = Adres e-mail
example = imie
show = Dalej
no-password = Ta strona nigdy nie pyta o hasło.

no-address = To nie jest adres e-mail. Powinien wyglądać tak: { $example }.
did-you-mean = Czy chodzi o ten adres?
not-served = Nie ma tu ustawień dla tej domeny. Sprawdź pisownię. Jeśli jest poprawna, skontaktuj się z osobą, od której masz ten adres.
not-found = Pod tym adresem nie ma strony. Wpisz swój adres e-mail, aby znaleźć ustawienia.
wrong-method = Wpisz swój adres ponownie.
no-answer = Coś poszło nie tak. Spróbuj ponownie.
moved-to-address = Skrzynki tej domeny zostały przeniesione. Użyj zamiast tego adresu:
moved-to-host = Skrzynki tej domeny zostały przeniesione. Ustawienia ma inny serwer.
continue-at = Przejdź do { $host }

works-here = Autodiscover tu działa
works-how = Aplikacje pocztowe wysyłają żądanie pod ten adres i otrzymują ustawienia skrzynki. Przeglądarka tego nie potrafi, ale jest strona dla Ciebie.
to-the-settings = Przejdź do ustawień

which-device = Które urządzenie lub aplikacja?
other-app = Inna aplikacja
automatic = Automatycznie, 1 min
guided = Krok po kroku, 3 min
manual = Ręcznie, 5 min
webmail = Webmail
webmail-cost = Bez konfiguracji
settings = Wszystkie ustawienia
other-app-1 = Wybierz w aplikacji konfigurację ręczną i wpisz te ustawienia.
if-in-doubt = W razie wątpliwości wybierz IMAP.
settings-for = Ustawienia dla
nothing-offered = Dla tej domeny nie ma nic do skonfigurowania.
another-address = Inny adres
no-password-accepted = Te serwery nie przyjmują hasła, tylko { $methods }. Aplikacja, która pyta o hasło, nie może z nich korzystać.

incoming = Poczta przychodząca
outgoing = Poczta wychodząca
calendar = Kalendarz
contacts = Kontakty
mobilesync = Poczta, kalendarz i kontakty
filters = Filtry
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

enter-incoming = Wpisz serwer poczty przychodzącej:
enter-outgoing = Wpisz serwer poczty wychodzącej:
enter-password = Wpisz hasło do swojej skrzynki.
sign-in = Zaloguj się na stronie, która się otworzy. Jeśli aplikacja pyta zamiast tego o hasło, nie może korzystać z tych serwerów.
through-microsoft = Outlook może przesyłać pocztę i hasło przez serwery Microsoftu.

apple-devices = iPhone, iPad, Mac
profile = Profil konfiguruje wszystko naraz. Urządzenie pyta tylko o hasło.
download = Pobierz profil
scan-profile = Zeskanuj aparatem iPhone’a lub iPada
profile-code = Kod QR z adresem profilu
iphone = iPhone i iPad
iphone-1 = Otwórz tę stronę w Safari: inne przeglądarki nie mogą instalować profili. Stuknij „{ $download }”, a potem „Pozwól”.
iphone-2 = Otwórz Ustawienia i stuknij „Pobrano profil” na górze. Jeśli go tam nie ma, stuknij „Ogólne”, a potem „VPN i zarządzanie urządzeniem”.
iphone-3 = Stuknij „Zainstaluj”, wpisz kod urządzenia i ponownie stuknij „Zainstaluj”. Napis „Niepodpisany” jest tu normalny.
iphone-4 = Wpisz hasło do swojej skrzynki, gdy urządzenie o nie zapyta.
iphone-note = Urządzenie usuwa profil, który nie zostanie zainstalowany w ciągu 8 minut. Jeśli nie pozwala go zainstalować, włączona jest ochrona skradzionego urządzenia: spróbuj ponownie w znanym miejscu albo wyłącz ją na ten czas.
mac = Mac
mac-1 = Pobierz profil i otwórz go.
mac-2 = Otwórz Ustawienia systemowe, potem „Ogólne”, potem „Zarządzanie urządzeniem”. Przed macOS 15: „Prywatność i ochrona”, „Profile”.
mac-3 = Kliknij dwukrotnie profil i zainstaluj go. Mac poprosi o hasło administratora.
signed = Z podpisanym profilem
signed-1 = Pobierz zamiast niego ten profil: urządzenie pokaże, kto go podpisał, i zapyta o nazwę, adres i hasło.
mac-mail = Apple Mail na Macu, bez profilu
mac-mail-1 = W aplikacji Mail wybierz „Dodaj konto” z menu Mail, a potem „Inne konto Mail”.
mac-mail-2 = Wpisz imię i nazwisko, adres i hasło. Jeśli Mail nie znajdzie serwerów, zapyta o nie.

scan-account = Zeskanuj w Thunderbirdzie na telefonie
account-code = Kod QR z ustawieniami dla Thunderbirda na Androida
android-install = Zainstaluj Thunderbirda na telefonie i otwórz go.
android-scan = Stuknij „Rozpocznij”, potem „Dodaj konto e-mail”, potem „Zeskanuj kod QR”, i skieruj aparat na kod. Do wersji 21 jest to „Importuj ustawienia”.
android-import = Potwierdź import i wpisz hasło do swojej skrzynki.
android-add = Stuknij „Rozpocznij”, potem „Dodaj konto e-mail”, i wpisz swój adres. Aplikacja sama znajdzie ustawienia.
gmail-1 = Stuknij swoje zdjęcie profilowe, potem „Dodaj kolejne konto”, potem „Inne”.
gmail-2 = Wpisz swój adres, wybierz „Osobiste ({ $protocol })” i wpisz hasło.
samsung-1 = Dodaj konto inne niż proponowane. Wpisz adres i hasło, a potem wybierz konfigurację ręczną z { $protocol }.
davx5 = Kalendarz i kontakty na Androidzie
davx5-1 = Zainstaluj DAVx⁵ i otwórz go.
davx5-2 = Dodaj konto. Wybierz logowanie za pomocą adresu URL i nazwy użytkownika, i wpisz:
davx5-3 = Wybierz, co ma być synchronizowane.

outlook-classic = Klasyczny Outlook dla systemu Windows
outlook-classic-1 = Zamknij Outlooka. Wyszukaj „Panel sterowania” w menu Start, otwórz go, wyszukaj tam „Poczta” i otwórz „Poczta (Microsoft Outlook)”.
outlook-classic-2 = Wybierz „Konta e-mail”, a potem „Nowy”. Jeśli Outlook nie był jeszcze skonfigurowany, wybierz zamiast tego „Dodaj”.
outlook-classic-3 = Wpisz imię i nazwisko, adres i hasło. Outlook zapyta ten serwer i znajdzie ustawienia.
outlook-classic-4 = Jeśli nie, wybierz konfigurację ręczną.
outlook-new = Nowy Outlook dla systemu Windows, Outlook dla komputerów Mac
outlook-new-1 = Otwórz ustawienia, wybierz „Konta”, potem „Dodaj konto”, i wpisz swój adres.
outlook-new-2 = Wpisz hasło. Jeśli Outlook nie znajdzie ustawień, wybierz { $protocol }.
outlook-mobile = Outlook dla Androida i iPhone’a
outlook-mobile-1 = Otwórz ustawienia Outlooka, dodaj konto e-mail i wpisz swój adres.
outlook-file = Jeśli klasyczny Outlook nie znajduje ustawień
outlook-file-1 = Utwórz folder C:\autodiscover i zapisz w nim plik ustawień pod jego własną nazwą. Drugie pobranie dostaje inną nazwę: najpierw usuń pierwsze.
outlook-file-2 = Pobierz plik rejestru i otwórz go. Jeśli przeglądarka go wstrzymuje, wybierz „Zachowaj”. Teraz Outlook bierze ustawienia z tego folderu.
outlook-file-3 = Dodaj konto tak jak wyżej.
settings-file = Plik ustawień
registry-file = Plik rejestru (.reg)

thunderbird-1 = Zainstaluj Thunderbirda i otwórz go.
thunderbird-2 = Jeśli ma już konto, otwórz menu ≡ i wybierz „Nowe konto”, potem „E-mail”.
thunderbird-3 = Wpisz imię i nazwisko oraz adres. Thunderbird sam znajdzie ustawienia.
thunderbird-4 = Jeśli nie, wybierz „Konfiguruj ręcznie”.

continue-on-phone = Kontynuuj na telefonie: zeskanuj aparatem
page-code = Kod QR z adresem tej strony

help = Pomoc: { $provider }
imprint = Informacje prawne

profile-description = Ustawienia dla { $address } ({ $provider }), bez hasła.
profile-help = Pomoc: { $url }

running = autodiscover działa
version = Wersja
valid-and-serves = Konfiguracja jest poprawna. Ten host obsługuje domenę { $domain }.
does-not-serve = Konfiguracja jest poprawna. Nie obsługuje domeny { $domain }.
no-domain = Konfiguracja jest poprawna. Ten host nie ma domeny do obsługi.
faulty = Konfiguracji nie można użyć. Dziennik błędów serwera WWW podaje miejsce i przyczynę.
open = Każdy może pobrać konfigurację. Zablokuj dostęp w serwerze WWW:
closed = Nikt nie może pobrać konfiguracji.
not-tested = Nie udało się sprawdzić, czy ktoś może pobrać konfigurację:
untested = Skrypt sprawdza, czy ktoś może pobrać konfigurację. W tej przeglądarce nie działa.
paths = Ścieżki
all-arrive = Ścieżki, które docierają do tego programu: { $count } z { $total }.
arrives = dociera do tego programu
goes-elsewhere = nie dociera do tego programu; serwer WWW odpowiada
no-reply = nie udało się sprawdzić

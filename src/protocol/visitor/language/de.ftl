language = Deutsch
languages = Sprache

heading = E-Mail einrichten
lead = Geben Sie Ihre Adresse ein. Sie sehen dann, wie Sie Ihr Telefon oder Ihr E-Mail-Programm einrichten.
address = E-Mail-Adresse
show = Weiter
no-password = Nach Ihrem Passwort werden Sie hier nie gefragt.

no-address = Das ist keine E-Mail-Adresse. Sie sollte aussehen wie name@example.org.
did-you-mean = Meinten Sie diese Adresse?
not-served = Für diese Domain gibt es hier keine Einstellungen. Prüfen Sie die Schreibweise; wenn sie stimmt, fragen Sie, wer Ihnen die Adresse gegeben hat.
not-found = Unter dieser Adresse gibt es keine Seite. Geben Sie Ihre E-Mail-Adresse ein, um Ihre Einstellungen zu finden.
wrong-method = Das Formular kam nicht so an, wie diese Seite es annimmt. Geben Sie Ihre Adresse hier ein.
no-answer = Die Anfrage konnte nicht beantwortet werden. Bitte versuchen Sie es noch einmal.
moved-to-address = Die E-Mail dieser Domain ist umgezogen. Verwenden Sie stattdessen diese Adresse:
moved-to-host = Die E-Mail dieser Domain ist umgezogen. Ihre Einstellungen finden Sie hier:

works-here = Autodiscover funktioniert hier
works-how = E-Mail-Programme senden eine Anfrage an diese Adresse und erhalten die Einstellungen eines Postfachs. Ein Browser kann so nicht fragen, aber es gibt eine Seite für Sie.
to-the-settings = Zu den Einstellungen

which-device = Welches Gerät?
by-hand = Von Hand
settings-by-hand = Einstellungen von Hand
if-in-doubt = Nehmen Sie im Zweifel IMAP.
settings-for = Einstellungen für
nothing-offered = Für diese Domain gibt es nichts einzurichten.
another-address = Andere Adresse

incoming = Posteingang
outgoing = Postausgang
calendar = Kalender
contacts = Kontakte
mobilesync = E-Mail, Kalender und Kontakte
filters = Filter
webmail = E-Mail im Browser
server = Server
port = Port
encryption = Verbindungssicherheit
unencrypted = Keine
user-name = Benutzername
authentication = Authentifizierung
password = Passwort, normal
certificate = TLS-Zertifikat
no-authentication = Keine Authentifizierung
url = Adresse
copy = Kopieren
copied = Kopiert
send = Sich selbst schicken
as-text = Als reiner Text

apple-devices = iPhone, iPad, Mac
profile = Ein Profil bringt alle Einstellungen auf einmal mit. Ihr Gerät fragt nur noch nach dem Passwort.
no-profile = Es gibt kein Profil: Es könnte nur Server einrichten, die ein Passwort annehmen, und das tun diese nicht.
download = Profil laden
scan-profile = Mit der Kamera eines iPhone oder iPad scannen
profile-code = QR-Code mit der Adresse des Profils
iphone = iPhone und iPad
iphone-1 = Laden Sie das Profil, in Safari, wenn ein anderer Browser es nicht erlaubt.
iphone-2 = Öffnen Sie die Einstellungen, tippen Sie auf „Profil geladen“ und dann auf „Installieren“.
iphone-3 = Geben Sie das Passwort Ihres Postfachs ein, wenn Sie danach gefragt werden.
mac = Mac
mac-1 = Laden Sie das Profil und öffnen Sie es.
mac-2 = Öffnen Sie die Systemeinstellungen, suchen Sie nach „Profile“, und installieren Sie das Profil dort.
mac-3 = Geben Sie das Passwort Ihres Postfachs ein, wenn Sie danach gefragt werden.

scan-account = Mit Thunderbird für Android scannen
account-code = QR-Code mit den Einstellungen für Thunderbird für Android
android-scan = Thunderbird
android-scan-1 = Installieren Sie Thunderbird auf dem Telefon und öffnen Sie es.
android-scan-2 = Tippen Sie auf „Einstellungen importieren“, dann auf „QR-Code scannen“, und richten Sie die Kamera auf den Code.
android-scan-3 = Geben Sie das Passwort Ihres Postfachs ein.
android = Thunderbird und K-9 Mail
android-1 = Tippen Sie auf „Konto hinzufügen“ und geben Sie Ihre Adresse ein.
android-2 = Das Programm findet die Einstellungen von selbst. Geben Sie Ihr Passwort ein.
gmail = Gmail
gmail-1 = Tippen Sie auf Ihr Bild, dann auf „Weiteres Konto hinzufügen“, dann auf „Andere“.
gmail-2 = Geben Sie Ihre Adresse ein, wählen Sie „Privat (IMAP)“, und geben Sie Ihr Passwort ein.
gmail-3 = Geben Sie Server und Benutzernamen von unten ein, zuerst für den Posteingang, dann für den Postausgang.

outlook-classic = Klassisches Outlook für Windows
outlook-classic-1 = Schließen Sie Outlook. Öffnen Sie die Systemsteuerung, dann „Mail (Microsoft Outlook)“, „E-Mail-Konten“, „Neu“.
outlook-classic-2 = Geben Sie Ihren Namen, Ihre Adresse und Ihr Passwort ein. Auf diesem Weg fragt Outlook diesen Server und findet die Einstellungen.
outlook-new = Neues Outlook, Outlook für Mac und auf Telefonen
outlook-new-1 = Wählen Sie „Konto hinzufügen“ und geben Sie Ihre Adresse ein. Diese Programme fragen zuerst einen Dienst von Microsoft.
outlook-new-2 = Wenn er die Einstellungen von unten nicht findet, wählen Sie IMAP oder POP und geben Sie sie selbst ein.
outlook-file = Wenn klassisches Outlook die Einstellungen nicht findet
outlook-file-1 = Legen Sie den Ordner C:\autodiscover an und speichern Sie dort die Datei mit den Einstellungen.
outlook-file-2 = Öffnen Sie die Datei für die Registrierung: mit ihr nimmt Outlook die Einstellungen aus diesem Ordner.
outlook-file-3 = Fügen Sie das Konto wie oben hinzu.
settings-file = Datei mit den Einstellungen
registry-file = Datei für die Registrierung

thunderbird = Windows, Mac und Linux
thunderbird-1 = Öffnen Sie das Menü ≡ und wählen Sie „Neues Konto“, dann „E-Mail“.
thunderbird-2 = Geben Sie Ihren Namen und Ihre Adresse ein. Thunderbird findet die Einstellungen von selbst.
thunderbird-3 = Wenn nicht, wählen Sie „Manuell einrichten“ und geben Sie die Einstellungen von unten ein.

help-from = Hilfe von
imprint = Impressum

runs = autodiscover läuft
version = Version
sound-and-serves = Die Konfiguration ist in Ordnung, und sie bedient
does-not-serve = Die Konfiguration ist lesbar. Sie bedient nicht
no-domain = Die Konfiguration ist lesbar. Dieser Host hat keine Domain, die sie bedienen könnte.
faulty = Die Konfiguration ist nicht brauchbar. Das Fehlerprotokoll des Webservers sagt, wo und warum.
open = Jeder kann die Konfiguration herunterladen. Verbieten Sie es im Webserver:
closed = Niemand kann die Konfiguration herunterladen.
untested = Ob man die Konfiguration herunterladen kann, prüft ein Skript, das in diesem Browser nicht läuft.
try-next = Probieren Sie als Nächstes
answers = kommt hier an
goes-elsewhere = kommt hier nicht an; der Webserver antwortet mit

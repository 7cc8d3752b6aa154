language = Deutsch
direction = ltr
languages = Sprache

heading = E-Mail einrichten
lead = Geben Sie Ihre Adresse ein und erfahren Sie, wie Sie Ihr Smartphone oder Ihr E-Mail-Programm einrichten.
address = E-Mail-Adresse
example = name
show = Weiter
no-password = Diese Seite fragt nie nach Ihrem Passwort.

no-address = Das ist keine E-Mail-Adresse. Sie sollte so aussehen: { $example }.
did-you-mean = Meinten Sie diese Adresse?
not-served = Für diese Domain gibt es hier keine Einstellungen. Prüfen Sie die Schreibweise. Wenn sie stimmt, wenden Sie sich an die Stelle, von der Sie die Adresse haben.
not-found = Unter dieser Adresse gibt es keine Seite. Geben Sie Ihre E-Mail-Adresse ein, um Ihre Einstellungen zu finden.
wrong-method = Bitte geben Sie Ihre Adresse noch einmal ein.
no-answer = Etwas ist schiefgegangen. Bitte versuchen Sie es noch einmal.
moved-to-address = Die Postfächer dieser Domain sind umgezogen. Verwenden Sie stattdessen diese Adresse:
moved-to-host = Die Postfächer dieser Domain sind umgezogen. Ein anderer Server hat Ihre Einstellungen.
continue-at = Weiter auf { $host }

works-here = Autodiscover funktioniert hier
works-how = E-Mail-Programme senden eine Anfrage an diese Adresse und erhalten die Einstellungen eines Postfachs. Ein Browser kann das nicht, aber es gibt eine Seite für Sie.
to-the-settings = Zu Ihren Einstellungen

which-device = Welches Gerät oder Programm?
other-app = Anderes Programm
automatic = Automatisch, 1 Min.
guided = Mit Anleitung, 3 Min.
manual = Manuell, 5 Min.
webmail = Webmail
webmail-cost = Ohne Einrichtung
settings = Alle Einstellungen
other-app-1 = Wählen Sie in Ihrem Programm die manuelle Einrichtung und geben Sie diese Einstellungen ein.
if-in-doubt = Wählen Sie im Zweifel IMAP.
settings-for = Einstellungen für
nothing-offered = Für diese Domain gibt es nichts einzurichten.
another-address = Andere Adresse
no-password-accepted = Diese Server nehmen kein Passwort an, nur { $methods }. Ein Programm, das nach einem Passwort fragt, kann sie nicht verwenden.

incoming = Posteingangsserver
outgoing = Postausgangsserver
calendar = Kalender
contacts = Kontakte
mobilesync = E-Mail, Kalender und Kontakte
filters = Filter
server = Server
port = Port
encryption = Verbindungssicherheit
unencrypted = Keine
user-name = Benutzername
authentication = Authentifizierung
password = Normales Passwort
certificate = TLS-Zertifikat
no-authentication = Keine Authentifizierung
url = Adresse
copy = Kopieren
copied = Kopiert
send = An mich selbst senden
as-text = Als reiner Text

enter-incoming = Geben Sie den Posteingangsserver ein:
enter-outgoing = Geben Sie den Postausgangsserver ein:
enter-password = Geben Sie das Passwort Ihres Postfachs ein.
sign-in = Melden Sie sich auf der Seite an, die sich öffnet. Fragt das Programm stattdessen nach einem Passwort, kann es diese Server nicht verwenden.
through-microsoft = Outlook kann Ihre E-Mails und Ihr Passwort über Server von Microsoft leiten.

apple-devices = iPhone, iPad, Mac
profile = Ein Profil richtet alles auf einmal ein. Ihr Gerät fragt nur noch nach dem Passwort.
download = Profil laden
scan-profile = Mit der Kamera eines iPhone oder iPad scannen
profile-code = QR-Code mit der Adresse des Profils
iphone = iPhone und iPad
iphone-1 = Öffnen Sie diese Seite in Safari: Andere Browser können keine Profile installieren. Tippen Sie auf „{ $download }“ und dann auf „Zulassen“.
iphone-2 = Öffnen Sie die Einstellungen und tippen Sie oben auf „Profil geladen“. Steht es dort nicht, tippen Sie auf „Allgemein“ und dann auf „VPN und Geräteverwaltung“.
iphone-3 = Tippen Sie auf „Installieren“, geben Sie den Code des Geräts ein und tippen Sie noch einmal auf „Installieren“. „Nicht signiert“ ist hier normal.
iphone-4 = Geben Sie das Passwort Ihres Postfachs ein, wenn Sie danach gefragt werden.
iphone-note = Ein Profil, das nicht innerhalb von 8 Minuten installiert wird, löscht das Gerät. Lässt es sich nicht installieren, ist der „Schutz für gestohlene Geräte“ aktiv: Versuchen Sie es an einem vertrauten Ort noch einmal, oder schalten Sie ihn so lange aus.
mac = Mac
mac-1 = Laden Sie das Profil und öffnen Sie es.
mac-2 = Öffnen Sie die Systemeinstellungen, dann „Allgemein“, dann „Geräteverwaltung“. Vor macOS 15 ist es „Datenschutz & Sicherheit“, „Profile“.
mac-3 = Doppelklicken Sie auf das Profil und installieren Sie es. Der Mac fragt nach dem Passwort eines Administrators.
signed = Mit einem signierten Profil
signed-1 = Laden Sie stattdessen dieses: Das Gerät zeigt an, wer es signiert hat, und fragt nach Ihrem Namen, Ihrer Adresse und Ihrem Passwort.
mac-mail = Apple Mail auf dem Mac, ohne das Profil
mac-mail-1 = Wählen Sie in Mail im Menü „Mail“ den Befehl „Account hinzufügen“, dann „Anderer Mail-Account“.
mac-mail-2 = Geben Sie Ihren Namen, Ihre Adresse und Ihr Passwort ein. Wenn Mail die Server nicht findet, fragt es danach.

scan-account = Mit Thunderbird auf dem Smartphone scannen
account-code = QR-Code mit den Einstellungen für Thunderbird für Android
android-install = Installieren Sie Thunderbird auf dem Smartphone und öffnen Sie es.
android-scan = Tippen Sie auf „Los geht’s“, dann auf „Ein E-Mail-Konto hinzufügen“, dann auf „QR-Code scannen“, und richten Sie die Kamera auf den Code. Bis Version 21 heißt es „Einstellungen importieren“.
android-import = Tippen Sie auf „Importieren“ und geben Sie das Passwort Ihres Postfachs ein.
android-add = Tippen Sie auf „Los geht’s“, dann auf „Ein E-Mail-Konto hinzufügen“, und geben Sie Ihre Adresse ein. Die App findet die Einstellungen von selbst.
gmail-1 = Tippen Sie auf Ihr Profilbild, dann auf „Weiteres Konto hinzufügen“, dann auf „Andere“.
gmail-2 = Geben Sie Ihre Adresse ein, wählen Sie „Privat ({ $protocol })“ und geben Sie Ihr Passwort ein.
samsung-1 = Fügen Sie ein Konto hinzu, und zwar ein anderes als die vorgeschlagenen. Geben Sie Ihre Adresse und Ihr Passwort ein und wählen Sie die manuelle Einrichtung mit { $protocol }.
davx5 = Kalender und Kontakte auf Android
davx5-1 = Installieren Sie DAVx⁵ und öffnen Sie es.
davx5-2 = Fügen Sie ein Konto hinzu. Wählen Sie die Anmeldung mit URL und Benutzername und geben Sie ein:
davx5-3 = Wählen Sie aus, was synchronisiert werden soll.

outlook-classic = Klassisches Outlook für Windows
outlook-classic-1 = Schließen Sie Outlook. Suchen Sie im Startmenü nach „Systemsteuerung“, öffnen Sie sie, suchen Sie dort nach „Mail“ und öffnen Sie „Mail (Microsoft Outlook)“.
outlook-classic-2 = Wählen Sie „E-Mail-Konten“, dann „Neu“. Wurde Outlook noch nie eingerichtet, wählen Sie stattdessen „Hinzufügen“.
outlook-classic-3 = Geben Sie Ihren Namen, Ihre Adresse und Ihr Passwort ein. Outlook fragt diesen Server und findet die Einstellungen.
outlook-classic-4 = Wenn nicht, wählen Sie die manuelle Einrichtung.
outlook-new = Neues Outlook für Windows, Outlook für Mac
outlook-new-1 = Öffnen Sie die Einstellungen, wählen Sie „Konten“, dann „Konto hinzufügen“, und geben Sie Ihre Adresse ein.
outlook-new-2 = Geben Sie Ihr Passwort ein. Findet Outlook die Einstellungen nicht, wählen Sie { $protocol }.
outlook-mobile = Outlook für Android und iPhone
outlook-mobile-1 = Öffnen Sie in Outlook die Einstellungen, fügen Sie ein E-Mail-Konto hinzu und geben Sie Ihre Adresse ein.
outlook-file = Wenn klassisches Outlook die Einstellungen nicht findet
outlook-file-1 = Legen Sie den Ordner C:\autodiscover an und speichern Sie die Einstellungsdatei dort unter ihrem eigenen Namen. Ein zweiter Download bekommt einen anderen Namen: Löschen Sie vorher den ersten.
outlook-file-2 = Laden Sie die Registrierungsdatei und öffnen Sie sie. Hält der Browser sie zurück, wählen Sie „Beibehalten“. Nun nimmt Outlook die Einstellungen aus diesem Ordner.
outlook-file-3 = Fügen Sie das Konto wie oben hinzu.
settings-file = Einstellungsdatei
registry-file = Registrierungsdatei (.reg)

thunderbird-1 = Installieren Sie Thunderbird und öffnen Sie es.
thunderbird-2 = Wenn es schon ein Konto hat, öffnen Sie das Menü ≡ und wählen Sie „Neues Konto“, dann „E-Mail“.
thunderbird-3 = Geben Sie Ihren Namen und Ihre Adresse ein. Thunderbird findet die Einstellungen von selbst.
thunderbird-4 = Wenn nicht, wählen Sie „Manuell einrichten“.

continue-on-phone = Auf dem Smartphone weitermachen: mit der Kamera scannen
page-code = QR-Code mit der Adresse dieser Seite

help = Hilfe von { $provider }
imprint = Impressum

profile-description = Einstellungen von { $provider } für { $address }, ohne das Passwort.
profile-help = Hilfe: { $url }

running = autodiscover läuft
version = Version
valid-and-serves = Die Konfiguration ist gültig. Dieser Host bedient { $domain }.
does-not-serve = Die Konfiguration ist gültig. Sie bedient { $domain } nicht.
no-domain = Die Konfiguration ist gültig. Dieser Host hat keine Domain, die er bedienen könnte.
faulty = Die Konfiguration ist nicht verwendbar. Im Fehlerprotokoll des Webservers steht, wo und warum.
open = Jeder kann die Konfiguration herunterladen. Sperren Sie den Zugriff im Webserver:
closed = Niemand kann die Konfiguration herunterladen.
not-tested = Ob jemand die Konfiguration herunterladen kann, ließ sich nicht prüfen:
untested = Ob jemand die Konfiguration herunterladen kann, prüft ein Skript. Es läuft in diesem Browser nicht.
paths = Pfade
all-arrive = { $count } von { $total } Pfaden erreichen dieses Programm.
arrives = erreicht dieses Programm
goes-elsewhere = erreicht dieses Programm nicht; der Webserver antwortet mit
no-reply = ließ sich nicht prüfen

language = Nederlands
languages = Taal

heading = Uw e-mail instellen
lead = Voer uw adres in. Daarna ziet u hoe u uw telefoon of uw e-mailprogramma instelt.
address = E-mailadres
show = Doorgaan
no-password = Hier wordt u nooit om uw wachtwoord gevraagd.

no-address = Dit is geen e-mailadres. Het moet eruitzien als name@example.org.
did-you-mean = Bedoelde u dit adres?
not-served = Voor dit domein zijn hier geen instellingen. Controleer de spelling; als die klopt, vraag het dan aan wie u het adres heeft gegeven.
not-found = Op dit adres is geen pagina. Voer uw e-mailadres in om uw instellingen te vinden.
wrong-method = Het formulier kwam niet aan zoals deze pagina het aanneemt. Voer uw adres hier in.
no-answer = Het verzoek kon niet worden beantwoord. Probeer het opnieuw.
moved-to-address = De e-mail van dit domein is verhuisd. Gebruik in plaats daarvan dit adres:
moved-to-host = De e-mail van dit domein is verhuisd. U vindt uw instellingen hier:

works-here = Autodiscover werkt hier
works-how = E-mailprogramma’s sturen een verzoek naar dit adres en krijgen de instellingen van een postvak. Een browser kan zo niet vragen, maar er is een pagina voor u.
to-the-settings = Naar de instellingen

which-device = Welk apparaat?
by-hand = Met de hand
settings-by-hand = Instellingen met de hand
if-in-doubt = Neem bij twijfel IMAP.
settings-for = Instellingen voor
nothing-offered = Voor dit domein valt er niets in te stellen.
another-address = Ander adres

incoming = Inkomende e-mail
outgoing = Uitgaande e-mail
calendar = Agenda
contacts = Contacten
mobilesync = E-mail, agenda en contacten
filters = Filters
webmail = E-mail in de browser
server = Server
port = Poort
encryption = Verbindingsbeveiliging
unencrypted = Geen
user-name = Gebruikersnaam
authentication = Authenticatie
password = Normaal wachtwoord
certificate = TLS-certificaat
no-authentication = Geen authenticatie
url = Adres
copy = Kopiëren
copied = Gekopieerd
send = Naar uzelf sturen
as-text = Als platte tekst

apple-devices = iPhone, iPad, Mac
profile = Een profiel brengt alle instellingen in één keer. Uw apparaat vraagt alleen nog om het wachtwoord.
no-profile = Er is geen profiel: het kan alleen servers instellen die een wachtwoord aannemen, en dat doen deze niet.
download = Profiel downloaden
scan-profile = Scan met de camera van een iPhone of iPad
profile-code = QR-code met het adres van het profiel
iphone = iPhone en iPad
iphone-1 = Download het profiel, in Safari als een andere browser het niet toestaat.
iphone-2 = Open Instellingen, tik op ‘Profiel gedownload’ en dan op ‘Installeer’.
iphone-3 = Voer het wachtwoord van uw postvak in wanneer erom wordt gevraagd.
mac = Mac
mac-1 = Download het profiel en open het.
mac-2 = Open Systeeminstellingen, zoek naar ‘Profielen’ en installeer het profiel daar.
mac-3 = Voer het wachtwoord van uw postvak in wanneer erom wordt gevraagd.

scan-account = Scan met Thunderbird voor Android
account-code = QR-code met de instellingen voor Thunderbird voor Android
android-scan = Thunderbird
android-scan-1 = Installeer Thunderbird op de telefoon en open het.
android-scan-2 = Tik op ‘Importinstellingen’ of ‘Instellingen importeren’, dan op ‘QR-code scannen’, en richt de camera op de code.
android-scan-3 = Voer het wachtwoord van uw postvak in.
android = Thunderbird en K-9 Mail
android-1 = Tik op ‘Account toevoegen’ en voer uw adres in.
android-2 = De app vindt de instellingen zelf. Voer uw wachtwoord in.
gmail = Gmail
gmail-1 = Tik op uw foto, dan op ‘Nog een account toevoegen’, dan op ‘Overig’.
gmail-2 = Voer uw adres in, kies ‘Persoonlijk (IMAP)’ en voer uw wachtwoord in.
gmail-3 = Voer de server en de gebruikersnaam van hieronder in, eerst voor inkomende, dan voor uitgaande e-mail.

outlook-classic = Klassieke Outlook voor Windows
outlook-classic-1 = Sluit Outlook. Open het Configuratiescherm, dan ‘Mail (Microsoft Outlook)’, ‘E-mailaccounts’, ‘Nieuw’.
outlook-classic-2 = Voer uw naam, uw adres en uw wachtwoord in. Zo vraagt Outlook het aan deze server en vindt het de instellingen.
outlook-new = Nieuwe Outlook, Outlook voor Mac en op telefoons
outlook-new-1 = Kies ‘Account toevoegen’ en voer uw adres in. Deze programma’s vragen het eerst aan een dienst van Microsoft.
outlook-new-2 = Als die de instellingen van hieronder niet vindt, kies dan IMAP of POP en voer ze zelf in.
outlook-file = Als klassieke Outlook de instellingen niet vindt
outlook-file-1 = Maak de map C:\autodiscover en sla het bestand met de instellingen daarin op.
outlook-file-2 = Open het registerbestand: daarmee neemt Outlook de instellingen uit die map.
outlook-file-3 = Voeg het account toe zoals hierboven.
settings-file = Bestand met de instellingen
registry-file = Registerbestand

thunderbird = Windows, Mac en Linux
thunderbird-1 = Open het menu ≡ en kies ‘Nieuwe account’, dan ‘E-mail’.
thunderbird-2 = Voer uw naam en uw adres in. Thunderbird vindt de instellingen zelf.
thunderbird-3 = Zo niet, kies dan ‘Handmatig configureren’ en voer de instellingen van hieronder in.

help-from = Hulp van
imprint = Juridische informatie

runs = autodiscover werkt
version = Versie
sound-and-serves = De configuratie is in orde en bedient
does-not-serve = De configuratie is leesbaar. Ze bedient niet
no-domain = De configuratie is leesbaar. Deze host heeft geen domein om te bedienen.
faulty = De configuratie is niet bruikbaar. Het foutenlogboek van de webserver zegt waar en waarom.
open = Iedereen kan de configuratie downloaden. Verbied dat in de webserver:
closed = Niemand kan de configuratie downloaden.
untested = Of de configuratie kan worden gedownload, controleert een script dat in deze browser niet werkt.
try-next = Probeer nu
answers = komt hier aan
goes-elsewhere = komt hier niet aan; de webserver antwoordt met

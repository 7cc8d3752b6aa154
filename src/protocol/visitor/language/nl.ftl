language = Nederlands
direction = ltr
languages = Taal

heading = Uw e-mail instellen
lead = Voer uw adres in om te zien hoe u uw telefoon of e-mailapp instelt.
address = E-mailadres
example = naam
show = Doorgaan
no-password = Deze pagina vraagt nooit om uw wachtwoord.

no-address = Dit is geen e-mailadres. Het hoort eruit te zien als { $example }.
did-you-mean = Bedoelde u dit adres?
not-served = Voor dit domein zijn hier geen instellingen. Controleer de spelling. Als die klopt, neem dan contact op met degene van wie u het adres hebt.
not-found = Op dit adres is geen pagina. Voer uw e-mailadres in om uw instellingen te vinden.
wrong-method = Voer uw adres opnieuw in.
no-answer = Er is iets misgegaan. Probeer het opnieuw.
moved-to-address = De postvakken van dit domein zijn verhuisd. Gebruik in plaats daarvan dit adres:
moved-to-host = De postvakken van dit domein zijn verhuisd. Een andere server heeft uw instellingen.
continue-at = Doorgaan op { $host }

works-here = Autodiscover werkt hier
works-how = E-mailapps sturen een verzoek naar dit adres en krijgen de instellingen van een postvak. Een browser kan dat niet, maar er is een pagina voor u.
to-the-settings = Uw instellingen bekijken

which-device = Welk apparaat of welke app?
other-app = Andere app
automatic = Automatisch, 1 min
guided = Stap voor stap, 3 min
manual = Handmatig, 5 min
webmail = Webmail
webmail-cost = Niets in te stellen
settings = Alle instellingen
other-app-1 = Kies in uw app voor handmatig instellen en voer deze instellingen in.
if-in-doubt = Kies bij twijfel IMAP.
settings-for = Instellingen voor
nothing-offered = Voor dit domein valt er niets in te stellen.
another-address = Ander adres
no-password-accepted = Deze servers accepteren geen wachtwoord, alleen { $methods }. Een app die om een wachtwoord vraagt, kan ze niet gebruiken.

incoming = Inkomende e-mail
outgoing = Uitgaande e-mail
calendar = Agenda
contacts = Contacten
mobilesync = E-mail, agenda en contacten
filters = Filters
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
send = Naar mezelf sturen
as-text = Als platte tekst

enter-incoming = Voer de server voor inkomende e-mail in:
enter-outgoing = Voer de server voor uitgaande e-mail in:
enter-password = Voer het wachtwoord van uw postvak in.
sign-in = Meld u aan op de pagina die wordt geopend. Vraagt de app in plaats daarvan om een wachtwoord, dan kan die deze servers niet gebruiken.
through-microsoft = Outlook kan uw e-mail en uw wachtwoord via servers van Microsoft laten lopen.

apple-devices = iPhone, iPad, Mac
profile = Een profiel stelt alles in één keer in. Uw apparaat vraagt alleen nog om het wachtwoord.
download = Profiel downloaden
scan-profile = Scan met de camera van een iPhone of iPad
profile-code = QR-code met het adres van het profiel
iphone = iPhone en iPad
iphone-1 = Open deze pagina in Safari: andere browsers kunnen geen profielen installeren. Tik op ‘{ $download }’ en dan op ‘Sta toe’.
iphone-2 = Open Instellingen en tik bovenaan op ‘Profiel gedownload’. Staat het daar niet, tik dan op ‘Algemeen’ en ‘VPN en apparaatbeheer’.
iphone-3 = Tik op ‘Installeer’, voer de toegangscode van het apparaat in en tik nog eens op ‘Installeer’. ‘Niet ondertekend’ is hier normaal.
iphone-4 = Voer het wachtwoord van uw postvak in wanneer daarom wordt gevraagd.
iphone-note = Het apparaat verwijdert een profiel dat niet binnen 8 minuten is geïnstalleerd. Kunt u het niet installeren, dan staat de beveiliging van gestolen apparaten aan: probeer het opnieuw op een bekende plek, of zet die zolang uit.
mac = Mac
mac-1 = Download het profiel en open het.
mac-2 = Open Systeeminstellingen, dan ‘Algemeen’, dan ‘Apparaatbeheer’. Vóór macOS 15 is het ‘Privacy en beveiliging’, ‘Profielen’.
mac-3 = Dubbelklik op het profiel en installeer het. De Mac vraagt om het wachtwoord van een beheerder.
signed = Met een ondertekend profiel
signed-1 = Download in plaats daarvan dit profiel: het apparaat toont wie het heeft ondertekend, en vraagt om uw naam, uw adres en uw wachtwoord.
mac-mail = Apple Mail op een Mac, zonder het profiel
mac-mail-1 = Kies in Mail ‘Voeg account toe’ in het Mail-menu, dan ‘Andere mailaccount’.
mac-mail-2 = Voer uw naam, uw adres en uw wachtwoord in. Als Mail de servers niet vindt, vraagt het erom.

scan-account = Scan met Thunderbird op de telefoon
account-code = QR-code met de instellingen voor Thunderbird voor Android
android-install = Installeer Thunderbird op de telefoon en open het.
android-scan = Tik op ‘Starten’, dan op ‘E-mailaccount toevoegen’, dan op ‘Scan de QR-code’, en richt de camera op de code. Tot en met versie 21 is het ‘Instellingen importeren’.
android-import = Bevestig het importeren en voer het wachtwoord van uw postvak in.
android-add = Tik op ‘Starten’, dan op ‘E-mailaccount toevoegen’, en voer uw adres in. De app vindt de instellingen zelf.
gmail-1 = Tik op uw profielfoto, dan op ‘Nog een account toevoegen’, dan op ‘Overig’.
gmail-2 = Voer uw adres in, kies ‘Persoonlijk ({ $protocol })’ en voer uw wachtwoord in.
samsung-1 = Voeg een andere account toe dan de voorgestelde. Voer uw adres en uw wachtwoord in, en kies voor handmatig instellen met { $protocol }.
davx5 = Agenda en contacten op Android
davx5-1 = Installeer DAVx⁵ en open het.
davx5-2 = Voeg een account toe. Kies voor aanmelden met URL en gebruikersnaam, en voer in:
davx5-3 = Kies wat er gesynchroniseerd moet worden.

outlook-classic = Klassieke Outlook voor Windows
outlook-classic-1 = Sluit Outlook. Zoek in het menu Start naar ‘Configuratiescherm’, open het, zoek daar naar ‘Mail’ en open ‘Mail (Microsoft Outlook)’.
outlook-classic-2 = Kies ‘E-mailaccounts’, dan ‘Nieuw’. Als Outlook nog nooit is ingesteld, kies dan ‘Toevoegen’.
outlook-classic-3 = Voer uw naam, uw adres en uw wachtwoord in. Outlook vraagt het aan deze server en vindt de instellingen.
outlook-classic-4 = Zo niet, kies dan voor handmatig instellen.
outlook-new = Nieuwe Outlook voor Windows, Outlook voor Mac
outlook-new-1 = Open de instellingen, kies ‘Accounts’, dan ‘Account toevoegen’, en voer uw adres in.
outlook-new-2 = Voer uw wachtwoord in. Als Outlook de instellingen niet vindt, kies dan { $protocol }.
outlook-mobile = Outlook voor Android en iPhone
outlook-mobile-1 = Open de instellingen van Outlook, voeg een e-mailaccount toe en voer uw adres in.
outlook-file = Als klassieke Outlook de instellingen niet vindt
outlook-file-1 = Maak de map C:\autodiscover en sla het instellingenbestand daar onder zijn eigen naam op. Een tweede download krijgt een andere naam: verwijder eerst de eerste.
outlook-file-2 = Download het registerbestand en open het. Als de browser het tegenhoudt, kies dan ‘Behouden’. Nu haalt Outlook de instellingen uit die map.
outlook-file-3 = Voeg de account toe zoals hierboven.
settings-file = Instellingenbestand
registry-file = Registerbestand (.reg)

thunderbird-1 = Installeer Thunderbird en open het.
thunderbird-2 = Heeft het al een account, open dan het menu ≡ en kies ‘Nieuwe account’, dan ‘E-mail’.
thunderbird-3 = Voer uw naam en uw adres in. Thunderbird vindt de instellingen zelf.
thunderbird-4 = Zo niet, kies dan ‘Handmatig configureren’.

continue-on-phone = Ga verder op uw telefoon: scan met de camera
page-code = QR-code met het adres van deze pagina

help = Hulp van { $provider }
imprint = Juridische informatie

profile-description = Instellingen van { $provider } voor { $address }, zonder het wachtwoord.
profile-help = Hulp: { $url }

running = autodiscover is actief
version = Versie
valid-and-serves = De configuratie is geldig. Deze host bedient { $domain }.
does-not-serve = De configuratie is geldig. { $domain } wordt niet bediend.
no-domain = De configuratie is geldig. Deze host heeft geen domein om te bedienen.
faulty = De configuratie is onbruikbaar. In het foutenlogboek van de webserver staat waar en waarom.
open = Iedereen kan de configuratie downloaden. Blokkeer de toegang in de webserver:
closed = Niemand kan de configuratie downloaden.
not-tested = Het was niet mogelijk te controleren of iemand de configuratie kan downloaden:
untested = Een script controleert of iemand de configuratie kan downloaden. Het werkt niet in deze browser.
paths = Paden
all-arrive = { $count } van { $total } paden bereiken dit programma.
arrives = bereikt dit programma
goes-elsewhere = bereikt dit programma niet; de webserver antwoordt met
no-reply = kon niet worden gecontroleerd

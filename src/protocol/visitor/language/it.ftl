language = Italiano
languages = Lingua

heading = Configura la posta
lead = Inserisci il tuo indirizzo. Poi vedrai come configurare il telefono o il programma di posta.
address = Indirizzo email
show = Continua
no-password = Qui non ti viene mai chiesta la password.

no-address = Questo non è un indirizzo email. Dovrebbe essere come name@example.org.
did-you-mean = Intendevi questo indirizzo?
not-served = Qui non ci sono impostazioni per questo dominio. Controlla come è scritto; se è giusto, chiedi a chi ti ha dato l’indirizzo.
not-found = A questo indirizzo non c’è nessuna pagina. Inserisci il tuo indirizzo email per trovare le impostazioni.
wrong-method = Il modulo non è arrivato come lo accetta questa pagina. Inserisci qui il tuo indirizzo.
no-answer = Non è stato possibile rispondere alla richiesta. Riprova.
moved-to-address = La posta di questo dominio si è trasferita. Usa invece questo indirizzo:
moved-to-host = La posta di questo dominio si è trasferita. Trovi le tue impostazioni qui:

works-here = Autodiscover funziona qui
works-how = I programmi di posta inviano una richiesta a questo indirizzo e ricevono le impostazioni di una casella. Un browser non può chiedere così, ma c’è una pagina per te.
to-the-settings = Alle impostazioni

which-device = Quale dispositivo?
by-hand = A mano
settings-by-hand = Impostazioni a mano
if-in-doubt = Nel dubbio, scegli IMAP.
settings-for = Impostazioni per
nothing-offered = Non c’è nulla da configurare per questo dominio.
another-address = Altro indirizzo

incoming = Posta in arrivo
outgoing = Posta in uscita
calendar = Calendario
contacts = Contatti
mobilesync = Posta, calendario e contatti
filters = Filtri
webmail = Posta nel browser
server = Server
port = Porta
encryption = Sicurezza della connessione
unencrypted = Nessuno
user-name = Nome utente
authentication = Autenticazione
password = Password normale
certificate = Certificato TLS
no-authentication = Nessuna autenticazione
url = Indirizzo
copy = Copia
copied = Copiato
send = Invia a te stesso
as-text = Come testo semplice

apple-devices = iPhone, iPad, Mac
profile = Un profilo porta tutte le impostazioni in una volta. Il dispositivo chiede solo la password.
no-profile = Non c’è un profilo: può configurare solo server che accettano una password, e questi non la accettano.
download = Scarica il profilo
scan-profile = Da inquadrare con un iPhone o un iPad
profile-code = Codice QR con l’indirizzo del profilo
iphone = iPhone e iPad
iphone-1 = Scarica il profilo, con Safari se un altro browser non lo permette.
iphone-2 = Apri Impostazioni, tocca «Profilo scaricato», poi «Installa».
iphone-3 = Inserisci la password della casella quando ti viene chiesta.
mac = Mac
mac-1 = Scarica il profilo e aprilo.
mac-2 = Apri Impostazioni di Sistema, cerca «Profili» e installa lì il profilo.
mac-3 = Inserisci la password della casella quando ti viene chiesta.

scan-account = Da inquadrare con Thunderbird per Android
account-code = Codice QR con le impostazioni per Thunderbird per Android
android-scan = Thunderbird
android-scan-1 = Installa Thunderbird sul telefono e aprilo.
android-scan-2 = Tocca «Importa impostazioni», poi «Scansiona il QRcode», e inquadra il codice.
android-scan-3 = Inserisci la password della casella.
android = Thunderbird e K-9 Mail
android-1 = Tocca «Aggiungi account» e inserisci il tuo indirizzo.
android-2 = L’app trova le impostazioni da sola. Inserisci la password.
gmail = Gmail
gmail-1 = Tocca la tua foto, poi «Aggiungi un altro account», poi «Altro».
gmail-2 = Inserisci il tuo indirizzo, scegli «Personale (IMAP)» e inserisci la password.
gmail-3 = Inserisci il server e il nome utente qui sotto, prima per la posta in arrivo, poi per quella in uscita.

outlook-classic = Outlook classico per Windows
outlook-classic-1 = Chiudi Outlook. Apri il Pannello di controllo, poi «Posta (Microsoft Outlook)», «Account di posta elettronica», «Nuovo».
outlook-classic-2 = Inserisci nome, indirizzo e password. In questo modo Outlook chiede a questo server e trova le impostazioni.
outlook-new = Nuovo Outlook, Outlook per Mac e su telefono
outlook-new-1 = Scegli «Aggiungi account» e inserisci il tuo indirizzo. Questi programmi chiedono prima a un servizio di Microsoft.
outlook-new-2 = Se non trova le impostazioni qui sotto, scegli IMAP o POP e inseriscile tu.
outlook-file = Se Outlook classico non trova le impostazioni
outlook-file-1 = Crea la cartella C:\autodiscover e salvaci il file delle impostazioni.
outlook-file-2 = Apri il file per il registro: con esso Outlook prende le impostazioni da quella cartella.
outlook-file-3 = Aggiungi l’account come sopra.
settings-file = File delle impostazioni
registry-file = File per il registro

thunderbird = Windows, Mac e Linux
thunderbird-1 = Apri il menu ≡ e scegli «Nuovo account», poi «Email».
thunderbird-2 = Inserisci nome e indirizzo. Thunderbird trova le impostazioni da solo.
thunderbird-3 = Altrimenti scegli «Configura manualmente» e inserisci le impostazioni qui sotto.

help-from = Aiuto di
imprint = Note legali

runs = autodiscover funziona
version = Versione
sound-and-serves = La configurazione è corretta e serve
does-not-serve = La configurazione è leggibile. Non serve
no-domain = La configurazione è leggibile. Questo host non ha un dominio da servire.
faulty = La configurazione non è utilizzabile. Il registro degli errori del server web dice dove e perché.
open = Tutti possono scaricare la configurazione. Vietalo nel server web:
closed = Nessuno può scaricare la configurazione.
untested = Se la configurazione si può scaricare lo verifica uno script, che in questo browser non viene eseguito.
try-next = Prova ora
answers = arriva qui
goes-elsewhere = non arriva qui; il server web risponde

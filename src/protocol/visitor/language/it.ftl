language = Italiano
direction = ltr
languages = Lingua

heading = Configura la tua email
lead = Inserisci il tuo indirizzo per vedere come configurare il telefono o l’app di posta.
address = Indirizzo email
example = nome
show = Continua
no-password = Questa pagina non chiede mai la tua password.

no-address = Questo non è un indirizzo email. Dovrebbe essere come { $example }.
did-you-mean = Intendevi questo indirizzo?
not-served = Qui non ci sono impostazioni per questo dominio. Controlla come è scritto. Se è giusto, rivolgiti a chi ti ha dato l’indirizzo.
not-found = A questo indirizzo non c’è nessuna pagina. Inserisci il tuo indirizzo email per trovare le impostazioni.
wrong-method = Inserisci di nuovo il tuo indirizzo.
no-answer = Qualcosa non ha funzionato. Riprova.
moved-to-address = Le caselle di questo dominio sono state trasferite. Usa invece questo indirizzo:
moved-to-host = Le caselle di questo dominio sono state trasferite. Un altro server ha le tue impostazioni.
continue-at = Continua su { $host }

works-here = Autodiscover funziona qui
works-how = Le app di posta inviano una richiesta a questo indirizzo e ricevono le impostazioni di una casella. Un browser non può farlo, ma c’è una pagina per te.
to-the-settings = Vedi le tue impostazioni

which-device = Quale dispositivo o app?
other-app = Altra app
automatic = Automatico, 1 min
guided = Passo passo, 3 min
manual = Manuale, 5 min
webmail = Webmail
webmail-cost = Nulla da configurare
settings = Tutte le impostazioni
other-app-1 = Scegli la configurazione manuale nella tua app e inserisci queste impostazioni.
if-in-doubt = Nel dubbio, scegli IMAP.
settings-for = Impostazioni per
nothing-offered = Non c’è nulla da configurare per questo dominio.
another-address = Altro indirizzo
no-password-accepted = Questi server non accettano password, solo { $methods }. Un’app che chiede una password non può usarli.

incoming = Server in entrata
outgoing = Server in uscita
calendar = Calendario
contacts = Contatti
mobilesync = Posta, calendario e contatti
filters = Filtri
server = Server
port = Porta
encryption = Sicurezza della connessione
unencrypted = Nessuna
user-name = Nome utente
authentication = Autenticazione
password = Password normale
certificate = Certificato TLS
no-authentication = Nessuna autenticazione
url = Indirizzo
copy = Copia
copied = Copiato
send = Invia al tuo indirizzo
as-text = Come testo semplice

enter-incoming = Inserisci il server in entrata:
enter-outgoing = Inserisci il server in uscita:
enter-password = Inserisci la password della tua casella.
sign-in = Accedi nella pagina che si apre. Se l’app chiede invece una password, non può usare questi server.
through-microsoft = Outlook può far passare la tua posta e la tua password per i server di Microsoft.

apple-devices = iPhone, iPad, Mac
profile = Un profilo configura tutto in una volta. Il dispositivo chiede solo la password.
download = Scarica il profilo
scan-profile = Inquadra con la fotocamera di un iPhone o iPad
profile-code = Codice QR con l’indirizzo del profilo
iphone = iPhone e iPad
iphone-1 = Apri questa pagina in Safari: gli altri browser non possono installare profili. Tocca «{ $download }», poi «Consenti».
iphone-2 = Apri Impostazioni e tocca «Profilo scaricato» in alto. Se non c’è, tocca «Generali», poi «VPN e gestione dispositivi».
iphone-3 = Tocca «Installa», inserisci il codice del dispositivo e tocca di nuovo «Installa». Qui «Non firmato» è normale.
iphone-4 = Inserisci la password della tua casella quando ti viene chiesta.
iphone-note = Il dispositivo elimina un profilo che non viene installato entro 8 minuti. Se non ne permette l’installazione, la «Protezione del dispositivo rubato» è attiva: riprova in un luogo familiare, oppure disattivala nel frattempo.
mac = Mac
mac-1 = Scarica il profilo e aprilo.
mac-2 = Apri Impostazioni di Sistema, poi «Generali», poi «Gestione dispositivi». Prima di macOS 15: «Privacy e sicurezza», «Profili».
mac-3 = Fai doppio clic sul profilo e installalo. Il Mac chiede la password di un amministratore.
signed = Con un profilo firmato
signed-1 = Scarica questo al suo posto: il dispositivo mostra chi l’ha firmato e chiede il tuo nome, il tuo indirizzo e la tua password.
mac-mail = Apple Mail su un Mac, senza il profilo
mac-mail-1 = In Mail scegli «Aggiungi account» nel menu Mail, poi «Altro account Mail».
mac-mail-2 = Inserisci nome, indirizzo e password. Se Mail non trova i server, li chiede.

scan-account = Inquadra con Thunderbird sul telefono
account-code = Codice QR con le impostazioni per Thunderbird per Android
android-install = Installa Thunderbird sul telefono e aprilo.
android-scan = Tocca «Iniziamo», aggiungi un account email, tocca l’icona del codice QR e inquadra il codice. Fino alla versione 21 è «Importa impostazioni».
android-import = Conferma l’importazione e inserisci la password della tua casella.
android-add = Tocca «Iniziamo», aggiungi un account email e inserisci il tuo indirizzo. L’app trova le impostazioni da sola.
gmail-1 = Tocca la tua foto del profilo, poi «Aggiungi un altro account», poi «Altro».
gmail-2 = Inserisci il tuo indirizzo, scegli «Personale ({ $protocol })» e inserisci la password.
samsung-1 = Aggiungi un account diverso da quelli proposti. Inserisci indirizzo e password, e scegli la configurazione manuale con { $protocol }.
davx5 = Calendario e contatti su Android
davx5-1 = Installa DAVx⁵ e aprilo.
davx5-2 = Aggiungi un account. Scegli l’accesso con URL e nome utente, e inserisci:
davx5-3 = Scegli che cosa sincronizzare.

outlook-classic = Outlook classico per Windows
outlook-classic-1 = Chiudi Outlook. Cerca «Pannello di controllo» nel menu Start, aprilo, cerca lì «Posta» e apri «Posta (Microsoft Outlook)».
outlook-classic-2 = Scegli «Account di posta elettronica», poi «Nuovo». Se Outlook non è mai stato configurato, scegli invece «Aggiungi».
outlook-classic-3 = Inserisci nome, indirizzo e password. Outlook interroga questo server e trova le impostazioni.
outlook-classic-4 = Altrimenti scegli la configurazione manuale.
outlook-new = Nuovo Outlook per Windows, Outlook per Mac
outlook-new-1 = Apri le impostazioni, scegli «Account», poi «Aggiungi account», e inserisci il tuo indirizzo.
outlook-new-2 = Inserisci la password. Se Outlook non trova le impostazioni, scegli { $protocol }.
outlook-mobile = Outlook per Android e iPhone
outlook-mobile-1 = Apri le impostazioni di Outlook, aggiungi un account di posta e inserisci il tuo indirizzo.
outlook-file = Se Outlook classico non trova le impostazioni
outlook-file-1 = Crea la cartella C:\autodiscover e salvaci il file delle impostazioni con il suo nome. Un secondo download riceve un altro nome: elimina prima il primo.
outlook-file-2 = Scarica il file di registro e aprilo. Se il browser lo trattiene, scegli «Conserva». Così Outlook prende le impostazioni da quella cartella.
outlook-file-3 = Aggiungi l’account come sopra.
settings-file = File delle impostazioni
registry-file = File di registro (.reg)

thunderbird-1 = Installa Thunderbird e aprilo.
thunderbird-2 = Se ha già un account, apri il menu ≡ e scegli «Nuovo account», poi «Email».
thunderbird-3 = Inserisci nome e indirizzo. Thunderbird trova le impostazioni da solo.
thunderbird-4 = Altrimenti scegli «Configura manualmente».

continue-on-phone = Continua sul telefono: inquadra con la sua fotocamera
page-code = Codice QR con l’indirizzo di questa pagina

help = Assistenza di { $provider }
imprint = Note legali

profile-description = Impostazioni di { $provider } per { $address }, senza la password.
profile-help = Assistenza: { $url }

running = autodiscover è in funzione
version = Versione
valid-and-serves = La configurazione è valida. Questo host serve { $domain }.
does-not-serve = La configurazione è valida. Non serve { $domain }.
no-domain = La configurazione è valida. Questo host non ha un dominio da servire.
faulty = La configurazione non è utilizzabile. Il registro degli errori del server web dice dove e perché.
open = Chiunque può scaricare la configurazione. Blocca l’accesso nel server web:
closed = Nessuno può scaricare la configurazione.
not-tested = Non è stato possibile verificare se qualcuno può scaricare la configurazione:
untested = Uno script verifica se qualcuno può scaricare la configurazione. In questo browser non viene eseguito.
paths = Percorsi
all-arrive = { $count } percorsi su { $total } raggiungono questo programma.
arrives = raggiunge questo programma
goes-elsewhere = non raggiunge questo programma; il server web risponde
no-reply = non è stato possibile verificarlo

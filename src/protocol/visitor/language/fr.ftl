language = Français
languages = Langue

heading = Configurer votre messagerie
lead = Saisissez votre adresse. Vous verrez ensuite comment configurer votre téléphone ou votre logiciel de messagerie.
address = Adresse e-mail
show = Continuer
no-password = Votre mot de passe ne vous est jamais demandé ici.

no-address = Ce n’est pas une adresse e-mail. Elle devrait ressembler à name@example.org.
did-you-mean = Vouliez-vous dire cette adresse ?
not-served = Il n’y a pas de paramètres pour ce domaine ici. Vérifiez l’orthographe ; si elle est juste, adressez-vous à qui vous a donné l’adresse.
not-found = Il n’y a pas de page à cette adresse. Saisissez votre adresse e-mail pour trouver vos paramètres.
wrong-method = Le formulaire n’est pas arrivé comme cette page l’accepte. Saisissez votre adresse ici.
no-answer = La demande n’a pas pu aboutir. Veuillez réessayer.
moved-to-address = La messagerie de ce domaine a déménagé. Utilisez plutôt cette adresse :
moved-to-host = La messagerie de ce domaine a déménagé. Vous trouverez vos paramètres ici :

works-here = Autodiscover fonctionne ici
works-how = Les logiciels de messagerie envoient une demande à cette adresse et reçoivent les paramètres d’une boîte aux lettres. Un navigateur ne peut pas demander ainsi, mais il y a une page pour vous.
to-the-settings = Vers les paramètres

which-device = Quel appareil ?
by-hand = À la main
settings-by-hand = Paramètres à saisir à la main
if-in-doubt = En cas de doute, prenez IMAP.
settings-for = Paramètres de
nothing-offered = Il n’y a rien à configurer pour ce domaine.
another-address = Autre adresse

incoming = Courrier entrant
outgoing = Courrier sortant
calendar = Agenda
contacts = Contacts
mobilesync = Courrier, agenda et contacts
filters = Filtres
webmail = Courrier dans le navigateur
server = Serveur
port = Port
encryption = Sécurité de la connexion
unencrypted = Aucune
user-name = Nom d’utilisateur
authentication = Authentification
password = Mot de passe normal
certificate = Certificat TLS
no-authentication = Pas d’authentification
url = Adresse
copy = Copier
copied = Copié
send = S’envoyer ces paramètres
as-text = En texte brut

apple-devices = iPhone, iPad, Mac
profile = Un profil apporte tous les paramètres d’un coup. Votre appareil ne demande que le mot de passe.
no-profile = Il n’y a pas de profil : il ne peut configurer que des serveurs qui acceptent un mot de passe, et ceux-ci n’en acceptent pas.
download = Télécharger le profil
scan-profile = À scanner avec un iPhone ou un iPad
profile-code = Code QR avec l’adresse du profil
iphone = iPhone et iPad
iphone-1 = Téléchargez le profil, dans Safari si un autre navigateur ne le permet pas.
iphone-2 = Ouvrez Réglages, touchez « Profil téléchargé », puis « Installer ».
iphone-3 = Saisissez le mot de passe de votre boîte aux lettres quand il vous est demandé.
mac = Mac
mac-1 = Téléchargez le profil et ouvrez-le.
mac-2 = Ouvrez Réglages Système, cherchez « Profils » et installez-y le profil.
mac-3 = Saisissez le mot de passe de votre boîte aux lettres quand il vous est demandé.

scan-account = À scanner avec Thunderbird pour Android
account-code = Code QR avec les paramètres pour Thunderbird pour Android
android-scan = Thunderbird
android-scan-1 = Installez Thunderbird sur le téléphone et ouvrez-le.
android-scan-2 = Touchez « Importer les paramètres », puis « Lire un code QR », et visez le code.
android-scan-3 = Saisissez le mot de passe de votre boîte aux lettres.
android = Thunderbird et K-9 Mail
android-1 = Touchez « Ajouter un compte » et saisissez votre adresse.
android-2 = L’application trouve les paramètres toute seule. Saisissez votre mot de passe.
gmail = Gmail
gmail-1 = Touchez votre photo, puis « Ajouter un autre compte », puis « Autre ».
gmail-2 = Saisissez votre adresse, choisissez « Personnel (IMAP) » et saisissez votre mot de passe.
gmail-3 = Saisissez le serveur et le nom d’utilisateur ci-dessous, d’abord pour le courrier entrant, puis pour le courrier sortant.

outlook-classic = Outlook classique pour Windows
outlook-classic-1 = Fermez Outlook. Ouvrez le Panneau de configuration, puis « Courrier (Microsoft Outlook) », « Comptes de messagerie », « Nouveau ».
outlook-classic-2 = Saisissez votre nom, votre adresse et votre mot de passe. De cette façon, Outlook interroge ce serveur et trouve les paramètres.
outlook-new = Nouvel Outlook, Outlook pour Mac et sur téléphone
outlook-new-1 = Choisissez « Ajouter un compte » et saisissez votre adresse. Ces programmes interrogent d’abord un service de Microsoft.
outlook-new-2 = S’il ne trouve pas les paramètres ci-dessous, choisissez IMAP ou POP et saisissez-les vous-même.
outlook-file = Si Outlook classique ne trouve pas les paramètres
outlook-file-1 = Créez le dossier C:\autodiscover et enregistrez-y le fichier de paramètres.
outlook-file-2 = Ouvrez le fichier de registre : grâce à lui, Outlook prend les paramètres dans ce dossier.
outlook-file-3 = Ajoutez le compte comme ci-dessus.
settings-file = Fichier de paramètres
registry-file = Fichier de registre

thunderbird = Windows, Mac et Linux
thunderbird-1 = Ouvrez le menu ≡ et choisissez « Nouveau compte », puis « Adresse e-mail ».
thunderbird-2 = Saisissez votre nom et votre adresse. Thunderbird trouve les paramètres tout seul.
thunderbird-3 = Sinon, choisissez « Configurer manuellement » et saisissez les paramètres ci-dessous.

help-from = Aide de
imprint = Mentions légales

runs = autodiscover fonctionne
version = Version
sound-and-serves = La configuration est correcte et elle dessert
does-not-serve = La configuration est lisible. Elle ne dessert pas
no-domain = La configuration est lisible. Cet hôte n’a pas de domaine à desservir.
faulty = La configuration est inutilisable. Le journal d’erreurs du serveur web dit où et pourquoi.
open = Tout le monde peut télécharger la configuration. Interdisez-le dans le serveur web :
closed = Personne ne peut télécharger la configuration.
untested = C’est un script qui vérifie si la configuration peut être téléchargée ; il ne s’exécute pas dans ce navigateur.
try-next = À essayer ensuite
answers = arrive ici
goes-elsewhere = n’arrive pas ici ; le serveur web répond

language = Français
direction = ltr
languages = Langue

heading = Configurer votre e-mail
lead = Saisissez votre adresse pour savoir comment configurer votre téléphone ou votre application de messagerie.
address = Adresse e-mail
example = nom
show = Continuer
no-password = Cette page ne demande jamais votre mot de passe.

no-address = Ce n’est pas une adresse e-mail. Elle devrait ressembler à { $example }.
did-you-mean = Vouliez-vous dire cette adresse ?
not-served = Il n’y a pas de paramètres pour ce domaine ici. Vérifiez l’orthographe. Si elle est correcte, adressez-vous à la personne qui vous a donné l’adresse.
not-found = Il n’y a pas de page à cette adresse. Saisissez votre adresse e-mail pour trouver vos paramètres.
wrong-method = Veuillez saisir à nouveau votre adresse.
no-answer = Une erreur s’est produite. Veuillez réessayer.
moved-to-address = Les boîtes aux lettres de ce domaine ont déménagé. Utilisez plutôt cette adresse :
moved-to-host = Les boîtes aux lettres de ce domaine ont déménagé. Un autre serveur a vos paramètres.
continue-at = Continuer sur { $host }

works-here = Autodiscover fonctionne ici
works-how = Les applications de messagerie envoient une demande à cette adresse et reçoivent les paramètres d’une boîte aux lettres. Un navigateur ne sait pas le faire, mais il y a une page pour vous.
to-the-settings = Voir vos paramètres

which-device = Quel appareil ou quelle application ?
other-app = Autre application
automatic = Automatique, 1 min
guided = Pas à pas, 3 min
manual = Manuel, 5 min
webmail = Webmail
webmail-cost = Rien à configurer
settings = Tous les paramètres
other-app-1 = Choisissez la configuration manuelle dans votre application et saisissez ces paramètres.
if-in-doubt = En cas de doute, choisissez IMAP.
settings-for = Paramètres de
nothing-offered = Il n’y a rien à configurer pour ce domaine.
another-address = Autre adresse
no-password-accepted = Ces serveurs n’acceptent pas de mot de passe, seulement { $methods }. Une application qui demande un mot de passe ne peut pas les utiliser.

incoming = Courrier entrant
outgoing = Courrier sortant
calendar = Agenda
contacts = Contacts
mobilesync = Courrier, agenda et contacts
filters = Filtres
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
send = Envoyer à moi-même
as-text = En texte brut

enter-incoming = Saisissez le serveur entrant :
enter-outgoing = Saisissez le serveur sortant :
enter-password = Saisissez le mot de passe de votre boîte aux lettres.
sign-in = Connectez-vous sur la page qui s’ouvre. Si l’application demande plutôt un mot de passe, elle ne peut pas utiliser ces serveurs.
through-microsoft = Outlook peut faire passer votre courrier et votre mot de passe par les serveurs de Microsoft.

apple-devices = iPhone, iPad, Mac
profile = Un profil configure tout en une fois. Votre appareil ne demande que le mot de passe.
download = Télécharger le profil
scan-profile = Scannez avec l’appareil photo d’un iPhone ou d’un iPad
profile-code = Code QR avec l’adresse du profil
iphone = iPhone et iPad
iphone-1 = Ouvrez cette page dans Safari : les autres navigateurs ne peuvent pas installer de profil. Touchez « { $download } », puis « Autoriser ».
iphone-2 = Ouvrez Réglages et touchez « Profil téléchargé » en haut. S’il n’y est pas, touchez « Général », puis « VPN et gestion de l’appareil ».
iphone-3 = Touchez « Installer », saisissez le code de l’appareil et touchez à nouveau « Installer ». « Non signé » est normal ici.
iphone-4 = Saisissez le mot de passe de votre boîte aux lettres quand il vous est demandé.
iphone-note = L’appareil supprime un profil qui n’est pas installé dans les 8 minutes. Si l’installation est refusée, la « Protection en cas de vol de l’appareil » est activée : réessayez dans un lieu familier, ou désactivez-la le temps de l’installation.
mac = Mac
mac-1 = Téléchargez le profil et ouvrez-le.
mac-2 = Ouvrez Réglages Système, puis « Général », puis « Gestion des appareils ». Avant macOS 15 : « Confidentialité et sécurité », « Profils ».
mac-3 = Double-cliquez sur le profil et installez-le. Le Mac demande le mot de passe d’un administrateur.
signed = Avec un profil signé
signed-1 = Téléchargez plutôt celui-ci : l’appareil indique qui l’a signé, et demande votre nom, votre adresse et votre mot de passe.
mac-mail = Apple Mail sur un Mac, sans le profil
mac-mail-1 = Dans Mail, choisissez « Ajouter un compte » dans le menu Mail, puis « Autre compte Mail ».
mac-mail-2 = Saisissez votre nom, votre adresse et votre mot de passe. Si Mail ne trouve pas les serveurs, il les demande.

scan-account = Scannez avec Thunderbird sur le téléphone
account-code = Code QR avec les paramètres pour Thunderbird pour Android
android-install = Installez Thunderbird sur le téléphone et ouvrez-le.
android-scan = Touchez « Commencer », ajoutez un compte e-mail, touchez « Balayer le code QR » et scannez le code. Jusqu’à la version 21, c’est « Importer les paramètres ».
android-import = Confirmez l’importation et saisissez le mot de passe de votre boîte aux lettres.
android-add = Touchez « Commencer », ajoutez un compte e-mail et saisissez votre adresse. L’application trouve les paramètres toute seule.
gmail-1 = Touchez votre photo de profil, puis « Ajouter un autre compte », puis « Autre ».
gmail-2 = Saisissez votre adresse, choisissez « Personnel ({ $protocol }) » et saisissez votre mot de passe.
samsung-1 = Ajoutez un compte autre que ceux qui sont proposés. Saisissez votre adresse et votre mot de passe, et choisissez la configuration manuelle avec { $protocol }.
davx5 = Agenda et contacts sur Android
davx5-1 = Installez DAVx⁵ et ouvrez-le.
davx5-2 = Ajoutez un compte. Choisissez la connexion avec une URL et un nom d’utilisateur, et saisissez :
davx5-3 = Choisissez ce qui doit être synchronisé.

outlook-classic = Outlook classique pour Windows
outlook-classic-1 = Fermez Outlook. Cherchez « Panneau de configuration » dans le menu Démarrer, ouvrez-le, cherchez-y « Courrier » et ouvrez « Courrier (Microsoft Outlook) ».
outlook-classic-2 = Choisissez « Comptes de messagerie », puis « Nouveau ». Si Outlook n’a jamais été configuré, choisissez plutôt « Ajouter ».
outlook-classic-3 = Saisissez votre nom, votre adresse et votre mot de passe. Outlook interroge ce serveur et trouve les paramètres.
outlook-classic-4 = Sinon, choisissez la configuration manuelle.
outlook-new = Nouvel Outlook pour Windows, Outlook pour Mac
outlook-new-1 = Ouvrez les paramètres, choisissez « Comptes », puis « Ajouter un compte », et saisissez votre adresse.
outlook-new-2 = Saisissez votre mot de passe. Si Outlook ne trouve pas les paramètres, choisissez { $protocol }.
outlook-mobile = Outlook pour Android et iPhone
outlook-mobile-1 = Ouvrez les paramètres d’Outlook, ajoutez un compte e-mail et saisissez votre adresse.
outlook-file = Si Outlook classique ne trouve pas les paramètres
outlook-file-1 = Créez le dossier C:\autodiscover et enregistrez-y le fichier de paramètres sous son propre nom. Un second téléchargement reçoit un autre nom : supprimez d’abord le premier.
outlook-file-2 = Téléchargez le fichier de registre et ouvrez-le. Si le navigateur le retient, choisissez « Conserver ». Outlook prend alors les paramètres dans ce dossier.
outlook-file-3 = Ajoutez le compte comme ci-dessus.
settings-file = Fichier de paramètres
registry-file = Fichier de registre (.reg)

thunderbird-1 = Installez Thunderbird et ouvrez-le.
thunderbird-2 = S’il a déjà un compte, ouvrez le menu ≡ et choisissez « Nouveau compte », puis « Adresse e-mail ».
thunderbird-3 = Saisissez votre nom et votre adresse. Thunderbird trouve les paramètres tout seul.
thunderbird-4 = Sinon, choisissez « Configurer manuellement ».

continue-on-phone = Continuez sur votre téléphone : scannez avec son appareil photo
page-code = Code QR avec l’adresse de cette page

help = Aide : { $provider }
imprint = Mentions légales

profile-description = Paramètres pour { $address } ({ $provider }), sans le mot de passe.
profile-help = Aide : { $url }

running = autodiscover est en marche
version = Version
valid-and-serves = La configuration est valide. Cet hôte dessert { $domain }.
does-not-serve = La configuration est valide. Elle ne dessert pas { $domain }.
no-domain = La configuration est valide. Cet hôte n’a pas de domaine à desservir.
faulty = La configuration est inutilisable. Le journal d’erreurs du serveur web dit où et pourquoi.
open = N’importe qui peut télécharger la configuration. Bloquez l’accès dans le serveur web :
closed = Personne ne peut télécharger la configuration.
not-tested = Impossible de vérifier si quelqu’un peut télécharger la configuration :
untested = Un script vérifie si quelqu’un peut télécharger la configuration. Il ne s’exécute pas dans ce navigateur.
paths = Chemins
all-arrive = { $count } chemins sur { $total } atteignent ce programme.
arrives = atteint ce programme
goes-elsewhere = n’atteint pas ce programme ; le serveur web répond
no-reply = n’a pas pu être testé

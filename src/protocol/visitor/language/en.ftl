# The name of this language, for the menu.
language = English
# What the menu of languages is.
languages = Language

heading = Set up your e-mail
lead = Enter your address. Then you see how to set up your telephone or your mail program.
address = E-mail address
show = Continue
no-password = You are never asked for your password here.

no-address = This is not an e-mail address. It should look like name@example.org.
# Before a link to the address that was meant.
did-you-mean = Did you mean this address?
not-served = There are no settings for this domain here. Check the spelling; if it is right, ask whoever gave you the address.
not-found = There is no page at this address. Enter your e-mail address to find your settings.
wrong-method = The form was not sent the way this page takes it. Enter your address here.
no-answer = The request could not be answered. Please try again.
# Before a link to the page of the address to use instead.
moved-to-address = The e-mail of this domain has moved. Use this address instead:
# Before a link to the page of the host that answers instead.
moved-to-host = The e-mail of this domain has moved. You find your settings here:

works-here = Autodiscover works here
works-how = Mail programs send a request to this address and receive the settings of a mailbox. A browser cannot ask that way, but there is a page for you.
to-the-settings = To the settings

which-device = Which device?
# The choice of whoever types the settings.
by-hand = By hand
settings-by-hand = Settings by hand
if-in-doubt = If in doubt, take IMAP.
# Before an address.
settings-for = Settings for
nothing-offered = There is nothing to set up for this domain.
another-address = Another address

incoming = Incoming mail
outgoing = Outgoing mail
calendar = Calendar
contacts = Contacts
mobilesync = Mail, calendar and contacts
# Where the user decides what becomes of incoming mail.
filters = Filters
webmail = Mail in the browser
server = Server
port = Port
encryption = Connection security
unencrypted = None
user-name = Username
# The choices of authentication are called as in Thunderbird.
authentication = Authentication
password = Normal password
certificate = TLS certificate
no-authentication = No authentication
# The address of a service: its URL.
url = Address
copy = Copy
copied = Copied
send = Send this to yourself
as-text = As plain text

apple-devices = iPhone, iPad, Mac
profile = A profile brings all settings at once. Your device only asks for the password.
# Where no server takes a password.
no-profile = There is no profile: it can only set up servers that take a password, and these do not.
download = Download profile
scan-profile = Scan with the camera of an iPhone or iPad
profile-code = QR code with the address of the profile
iphone = iPhone and iPad
iphone-1 = Download the profile, in Safari if another browser does not allow it.
iphone-2 = Open Settings, tap “Profile Downloaded”, then “Install”.
iphone-3 = Enter the password of your mailbox when you are asked for it.
mac = Mac
mac-1 = Download the profile and open it.
mac-2 = Open System Settings, search for “Profiles”, and install the profile there.
mac-3 = Enter the password of your mailbox when you are asked for it.

scan-account = Scan with Thunderbird for Android
account-code = QR code with the settings for Thunderbird for Android
# Where the code is shown.
android-scan = Thunderbird
android-scan-1 = Install Thunderbird on the telephone and open it.
android-scan-2 = Tap “Import settings”, then “Scan QR code”, and point the camera at the code.
android-scan-3 = Enter the password of your mailbox.
android = Thunderbird and K-9 Mail
android-1 = Tap “Add account” and enter your address.
android-2 = The program finds the settings by itself. Enter your password.
gmail = Gmail
gmail-1 = Tap your picture, then “Add another account”, then “Other”.
gmail-2 = Enter your address, choose “Personal (IMAP)”, and enter your password.
gmail-3 = Enter server and username from below, first for incoming, then for outgoing mail.

outlook-classic = Classic Outlook for Windows
outlook-classic-1 = Close Outlook. Open the Control Panel, then “Mail (Microsoft Outlook)”, “Email Accounts”, “New”.
outlook-classic-2 = Enter your name, your address and your password. This way Outlook asks this server and finds the settings.
outlook-new = New Outlook, Outlook for Mac and on telephones
outlook-new-1 = Choose “Add account” and enter your address. These programs ask a service of Microsoft first.
outlook-new-2 = If it does not find the settings below, choose IMAP or POP and enter them yourself.
outlook-file = If classic Outlook does not find the settings
outlook-file-1 = Create the folder C:\autodiscover and save the settings file there.
outlook-file-2 = Open the registry file: with it Outlook takes the settings from that folder.
outlook-file-3 = Add the account as above.
settings-file = Settings file
registry-file = Registry file

thunderbird = Windows, Mac and Linux
thunderbird-1 = Open the menu ≡ and choose “New Account”, then “Email”.
thunderbird-2 = Enter your name and your address. Thunderbird finds the settings by itself.
thunderbird-3 = If it does not, choose “Configure Manually” and enter the settings below.

# Before the provider's name.
help-from = Help from
imprint = Legal notice

runs = autodiscover runs
# Before its number.
version = Version
# Before the domain of the host.
sound-and-serves = The configuration is sound, and it serves
# Before the domain of the host.
does-not-serve = The configuration can be read. It does not serve
no-domain = The configuration can be read. This host has no domain to serve.
faulty = The configuration cannot be used. The error log of the web server says where and why.
# Before what can be downloaded.
open = Everybody can download the configuration. Forbid it in the web server:
closed = Nobody can download the configuration.
untested = Whether the configuration can be downloaded is tested by a script, which does not run in this browser.
try-next = Try next
answers = arrives here
# Before the status of whoever answered instead.
goes-elsewhere = does not arrive here; the web server answers

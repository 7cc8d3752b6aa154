# The name of this language, for the menu.
language = English
# ltr, or rtl where one writes from right to left.
direction = ltr
# The label of the menu of languages.
languages = Language

heading = Set up your email
lead = Enter your address to see how to set up your phone or mail app.
address = Email address
# Before the @ of an example.
example = name
show = Continue
no-password = This page never asks for your password.

no-address = This is not an email address. It should look like { $example }.
# Before the address that was meant, which stands in the form already.
did-you-mean = Did you mean this address?
not-served = There are no settings for this domain here. Check the spelling. If it is correct, ask the people who gave you the address.
not-found = There is no page at this address. Enter your email address to find your settings.
wrong-method = Please enter your address again.
no-answer = Something went wrong. Please try again.
# Before the new address, which stands in the form already.
moved-to-address = The mailboxes of this domain have moved. Use this address instead:
moved-to-host = The mailboxes of this domain have moved. Another server has your settings.
continue-at = Continue at { $host }

works-here = Autodiscover works here
works-how = Mail apps send a request to this address and receive the settings of a mailbox. A browser cannot do that, but there is a page for you.
to-the-settings = See your settings

which-device = Which device or app?
other-app = Other app
# What it costs to set up a device: no more than a password; some steps; values to type.
automatic = Automatic, 1 min
guided = Guided, 3 min
manual = Manual, 5 min
webmail = Webmail
webmail-cost = No setup
settings = All settings
other-app-1 = Choose the manual setup in your app and enter these settings.
if-in-doubt = If in doubt, choose IMAP.
# Before an address.
settings-for = Settings for
nothing-offered = There is nothing to set up for this domain.
another-address = Another address
# Where no server accepts a password; the methods are names such as OAuth2.
no-password-accepted = These servers do not accept a password, only { $methods }. An app that asks for a password cannot use them.

incoming = Incoming mail
outgoing = Outgoing mail
calendar = Calendar
contacts = Contacts
mobilesync = Mail, calendar and contacts
# Where the user decides what becomes of incoming mail.
filters = Filters
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

# Steps that several apps share. After these two stand the values to type.
enter-incoming = Enter the incoming server:
enter-outgoing = Enter the outgoing server:
enter-password = Enter the password of your mailbox.
# Instead of it, where no server accepts a password.
sign-in = Sign in on the page that opens. If the app asks for a password instead, it cannot use these servers.
through-microsoft = Outlook may pass your mail and your password through Microsoft’s servers.

apple-devices = iPhone, iPad, Mac
profile = A profile sets everything up at once. Your device only asks for the password.
download = Download profile
scan-profile = Scan with the camera of an iPhone or iPad
profile-code = QR code with the address of the profile
iphone = iPhone and iPad
iphone-1 = Open this page in Safari: other browsers cannot install profiles. Tap “{ $download }”, then “Allow”.
iphone-2 = Open Settings and tap “Profile Downloaded” at the top. If it is not there, tap General, then “VPN & Device Management”.
iphone-3 = Tap “Install”, enter the passcode of the device, and tap “Install” again. “Not Signed” is normal here.
iphone-4 = Enter the password of your mailbox when you are asked for it.
iphone-note = The device deletes a profile that is not installed within 8 minutes. If it does not let you install one, Stolen Device Protection is on: try again at a familiar location, or turn it off meanwhile.
mac = Mac
mac-1 = Download the profile and open it.
mac-2 = Open System Settings, then General, then “Device Management”. Before macOS 15 it is Privacy & Security, “Profiles”.
mac-3 = Double-click the profile and install it. The Mac asks for the password of an administrator.
signed = With a signed profile
signed-1 = Download this one instead: the device shows it as “Verified”, and asks for your name, your address and your password.
mac-mail = Apple Mail on a Mac, without the profile
mac-mail-1 = In Mail, choose “Add Account” in the Mail menu, then “Other Mail Account”.
mac-mail-2 = Enter your name, your address and your password. If Mail does not find the servers, it asks for them.

scan-account = Scan with Thunderbird on the phone
account-code = QR code with the settings for Thunderbird for Android
android-install = Install Thunderbird on the phone and open it.
# Since Thunderbird for Android 22 (August 2026).
android-scan = Tap “Get started”, then “Add an email account”, then “Scan QR code”, and point the camera at the code. Up to version 21 it is “Import settings”.
android-import = Tap “Import” and enter the password of your mailbox.
android-add = Tap “Get started”, then “Add an email account”, and enter your address. The app finds the settings by itself.
gmail-1 = Tap your profile picture, then “Add another account”, then “Other”.
# The protocol is IMAP or POP3.
gmail-2 = Enter your address, choose “Personal ({ $protocol })”, and enter your password.
samsung-1 = Choose to add an account, then “Other”. Enter your address and your password, and choose the manual setup with { $protocol }.
davx5 = Calendar and contacts on Android
davx5-1 = Install DAVx⁵ and open it.
davx5-2 = Add an account. Choose the login with URL and user name, and enter:
davx5-3 = Choose what to synchronize.

outlook-classic = Classic Outlook for Windows
outlook-classic-1 = Close Outlook. Search for “Control Panel” in the Start menu, open it, search for “Mail” there, and open “Mail (Microsoft Outlook)”.
outlook-classic-2 = Choose “Email Accounts”, then “New”. If Outlook was never set up, choose “Add” instead.
outlook-classic-3 = Enter your name, your address and your password. Outlook asks this server and finds the settings.
outlook-classic-4 = If it does not, choose the manual setup.
outlook-new = New Outlook for Windows, Outlook for Mac
outlook-new-1 = Open Settings, choose “Accounts”, then “Add account”, and enter your address.
outlook-new-2 = Enter your password. If Outlook does not find the settings, choose { $protocol }.
outlook-mobile = Outlook for Android and iPhone
outlook-mobile-1 = Open the settings in Outlook, choose to add a mail account, and enter your address.
outlook-file = If classic Outlook does not find the settings
outlook-file-1 = Create the folder C:\autodiscover and save the settings file there under its own name. A second download gets another name: delete the first one before.
outlook-file-2 = Download the registry file and open it. If the browser holds it back, choose “Keep”. Now Outlook takes the settings from that folder.
outlook-file-3 = Add the account as above.
settings-file = Settings file
registry-file = Registry file

thunderbird-1 = Install Thunderbird and open it.
thunderbird-2 = If it has an account already, open the menu ≡ and choose “New Account”, then “Email”.
thunderbird-3 = Enter your name and your address. Thunderbird finds the settings by itself.
thunderbird-4 = If it does not, choose “Configure Manually”.

continue-on-phone = Continue on your phone: scan with its camera
page-code = QR code with the address of this page

help = Help from { $provider }
imprint = Legal notice

# The description in a profile, which the device shows.
profile-description = Settings of { $provider } for { $address }, without the password.
profile-help = Help: { $url }

running = autodiscover is running
# Before its number.
version = Version
valid-and-serves = The configuration is valid. This host serves { $domain }.
does-not-serve = The configuration is valid. It does not serve { $domain }.
no-domain = The configuration is valid. This host has no domain to serve.
faulty = The configuration cannot be used. The error log of the web server says where and why.
# Before what can be downloaded.
open = Anyone can download the configuration. Block it in the web server:
closed = Nobody can download the configuration.
# Before what could not be asked for.
not-tested = Whether anyone can download the configuration could not be tested:
untested = Whether anyone can download the configuration is tested by a script. It does not run in this browser.
paths = Paths
all-arrive = { $count } of { $total } paths reach this program.
arrives = reaches this program
# Before the status of whoever answered instead.
goes-elsewhere = does not reach this program; the web server answers
no-reply = could not be tested

"""Writes an autodiscover.toml from what answers for a domain today, with a comment for what could not be taken.

Of two documents that say something of the same service, the one that is asked first counts: autoconfig, Autodiscover,
ActiveSync, PACC, Apple's profile, DNS.
"""

import json
import plistlib
import re
import sys
import urllib.parse

from .clients import AUTOCONFIG, WELL_KNOWN, Client, Rejected, base_domain, child, document, need, pox_request, text, texts
from .findings import printable, short
from .views import Live, LiveMailbox

PLACEHOLDERS = {"%EMAILADDRESS%": "{email}", "%EMAILLOCALPART%": "{local}", "%EMAILDOMAIN%": "{domain}"}
ENCRYPTION = {"SSL": "ssl", "STARTTLS": "starttls", "plain": "none"}
AUTHENTICATION = {"OAuth2": "oauth2", "password-cleartext": "password", "plain": "password", "GSSAPI": "kerberos",
                  "password-encrypted": "encrypted-password", "secure": "encrypted-password",
                  "TLS-client-cert": "client-certificate"}
# Where TLS begins at once, where it never does, and the usual port of each encryption.
IMPLICIT, PLAIN = (993, 995, 465), (143, 110, 587, 25)
USUAL = {"imap": {"ssl": 993, "starttls": 143, "none": 143}, "pop3": {"ssl": 995, "starttls": 110, "none": 110},
         "smtp": {"ssl": 465, "starttls": 587, "none": 25}, "managesieve": {"ssl": 4190, "starttls": 4190, "none": 4190}}
ORDER = ("", "imap", "pop3", "smtp", "mobilesync", "webmail", "caldav", "carddav", "jmap", "managesieve", "oauth2", "redirect",
         "provider")
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(?=.{{1,253}}$){LABEL}(\.{LABEL})*")
# The SRV records of RFC 6186, RFC 8314, RFC 6764, RFC 5804 and RFC 8620, the best first.
RECORDS = (("_imaps", "imap", "ssl"), ("_imap", "imap", "starttls"), ("_pop3s", "pop3", "ssl"), ("_pop3", "pop3", "starttls"),
           ("_submissions", "smtp", "ssl"), ("_submission", "smtp", "starttls"), ("_sieve", "managesieve", "starttls"))
URLS = (("_caldavs", "caldav", "/.well-known/caldav"), ("_carddavs", "carddav", "/.well-known/carddav"),
        ("_jmap", "jmap", "/.well-known/jmap"))


class Draft:
    """The configuration as far as it is known: keys by table, each with the TOML of its value; and what was left out."""

    def __init__(self, who):
        self.who, self.tables, self.sources, self.notes = who, {}, {}, []
        self.source = ""

    def leave_out(self, what):
        """Notes what the configuration cannot say."""
        note = f"{self.source}: {short(what)}"
        if note not in self.notes:
            self.notes.append(note)

    def take(self, table, key, value):
        """Sets a key of a table that this source began."""
        if self.begin(table):
            self.tables[table][key] = value if isinstance(value, str) else str(value).lower()

    def begin(self, table):
        """Whether the table is of this source; the first that speaks of a service has it."""
        if table not in self.tables:
            self.tables[table], self.sources[table] = {}, self.source
        return self.sources[table] == self.source or table in ("", "provider")

    # ---- values

    def word(self, value, what):
        """A text as TOML has it, or nothing where a configuration may not hold it."""
        value = value.strip()
        if not value or any(character != " " and not character.isprintable() for character in value):
            self.leave_out(f"{what} {printable(value)!r} has a character that no text may have")
            return None
        return json.dumps(value, ensure_ascii=False)

    def template(self, value, what):
        """A text with placeholders; braces of its own cannot be said."""
        if re.search("[{}]", value):
            self.leave_out(f"{what} {value!r} has a brace")
            return None
        for theirs, ours in PLACEHOLDERS.items():
            value = value.replace(theirs, ours)
        return self.word(value, what)

    def name(self, value, what):
        """A login name: a literal one of this user becomes the pattern that gives it, if there is one."""
        value = value.strip()
        if not re.search("%EMAIL(ADDRESS|LOCALPART|DOMAIN)%", value):
            local, domain = self.who.local, self.who.domain
            if value == self.who.address:
                value = "%EMAILADDRESS%"
            elif re.search(rf"(^|[^\w]){re.escape(local)}($|[^\w])|^{re.escape(local)}[._-]", value):
                value = value.replace(self.who.address, "%EMAILADDRESS%").replace(local, "%EMAILLOCALPART%", 1)
                value = value.replace(domain, "%EMAILDOMAIN%")
            else:
                self.leave_out(f"{what} {value!r} is this user's own, by no pattern: name it in a list (logins)")
                return None
        return self.template(value, what)

    def host(self, value, what):
        """A host name with {domain}, or nothing."""
        value = value.strip().rstrip(".").lower().replace("%emaildomain%", "%EMAILDOMAIN%")
        tried = value.replace("%EMAILDOMAIN%", self.who.host)
        try:
            tried = tried.encode("idna").decode()
        except UnicodeError:
            pass
        if not HOST.fullmatch(tried):
            self.leave_out(f"{what} {value!r} is no host name")
            return None
        return json.dumps(value.replace("%EMAILDOMAIN%", "{domain}") if "%" in value else tried)

    def url(self, value, what, schemes=("https", "http")):
        """A URL, or nothing."""
        value = value.strip()
        for theirs, ours in PLACEHOLDERS.items():
            value = value.replace(theirs, ours)
        try:
            parts = urllib.parse.urlsplit(re.sub(r"\{(email|local|domain)\}", "x", value))
            right = parts.scheme in schemes and HOST.fullmatch((parts.hostname or "").lower()) and parts.port != 0
        except ValueError:
            right = False
        plain = re.sub(r"\{(email|local|domain)\}", "", value)
        if not right or "@" in parts.netloc or not re.fullmatch(r"[!#-;=?-\[\]_a-z~]+", plain):
            self.leave_out(f"{what} {value!r} is no URL that can be given")
            return None
        return json.dumps(value)

    # ---- services

    def server(self, table, host, port, encryption, what):
        """A server with a port that fits its encryption; whether it was taken."""
        if table in self.tables:
            if self.sources[table] == self.source:
                self.leave_out(f"a second server for {table}, {what}; there is one for each service")
            return False
        host = self.host(host, f"the host of {what}")
        if host is None:
            return False
        try:
            port = int(str(port).strip() or USUAL[table][encryption])
        except ValueError:
            port = 0
        if not 1 <= port <= 65535:
            self.leave_out(f"{what} has no port from 1 to 65535")
            return False
        fitting = encryption
        if port in IMPLICIT and table != "managesieve":
            fitting = "ssl"
        elif port in PLAIN and encryption == "ssl":
            fitting = "starttls"
        if fitting != encryption:
            self.leave_out(f"{what} has \"{encryption}\" on port {port}, which no such server has; \"{fitting}\" is written")
        self.take(table, "server", host)
        if port != USUAL[table][fitting]:
            self.take(table, "port", port)
        if fitting != ("starttls" if table == "managesieve" else "ssl"):
            self.take(table, "encryption", f'"{fitting}"')
        return True

    def logs_in(self, table, user, what):
        name = self.name(user, f"the login name of {what}") if user.strip() else None
        if name and name != '"{email}"':
            self.take(table, "login_name", name)

    # ---- documents

    def autoconfig(self, body):
        """Thunderbird's document, with the elements that later drafts of it have."""
        root = document(body, "clientConfig")
        provider = child(root, "emailProvider")
        oauth2 = self.authorization_server(root.find("oAuth2"))
        others = [name.strip() for name in texts(provider, "domain") if name.strip().lower() not in (self.who.host, self.who.domain)]
        if others:
            self.leave_out(f"it is for more domains, which you would add to \"domains\": {', '.join(others[:20])}")
        for way in ("incomingServer", "outgoingServer"):
            for element in provider.findall(way):
                self.mail_server(element, oauth2)
        kinds = [element.get("type") for element in provider.findall("incomingServer")]
        self.prefer([kind for kind in kinds if kind in self.tables])
        names = {"displayName": "name", "displayShortName": "short_name"}
        for element, key in names.items():
            value = text(provider, element)
            value = self.template(value, element) if value.strip() else None
            if value:
                self.take("provider", key, value)
        for element in provider.findall("documentation")[:1]:
            self.page("provider", "documentation", element.get("url", ""))
        for element in root.iter("loginPage"):
            if "webmail" not in self.tables:
                self.page("webmail", "url", element.get("url", ""))
        for tag, kind in (("calendar", "caldav"), ("addressbook", "carddav")):
            for element in root.iter(tag):
                url = text(element, "url") or text(element, "serverURL")
                if element.get("type") == kind and kind not in self.tables and url:
                    self.page(kind, "url", url)
                    if kind in self.tables:
                        self.logs_in(kind, text(element, "username"), kind)
        for tag in ("enable", "instruction", "inputField", "fileShare", "chatServer", "videoConference"):
            if root.find(f".//{tag}") is not None:
                self.leave_out(f"<{tag}>, for which there is no key")

    def page(self, table, key, value):
        value = self.url(value, f"the URL of {table}") if value.strip() else None
        if value:
            self.take(table, key, value)

    def authorization_server(self, element):
        """Takes [oauth2], and says whether it is there."""
        if element is None:
            return False
        values = {key: text(element, name).strip() for key, name in (
            ("issuer", "issuer"), ("auth_url", "authURL"), ("token_url", "tokenURL"), ("scope", "scope"))}
        issuer = values["issuer"] if "://" in values["issuer"] else f"https://{values['issuer']}"
        written = {key: self.url(issuer if key == "issuer" else value, f"{key} of OAuth2", ("https",))
                   for key, value in values.items() if key != "scope"}
        scope = self.word(values["scope"], "the scope of OAuth2")
        if None in written.values() or scope is None or re.search(r"[{}?#]", "".join(filter(None, written.values()))):
            self.leave_out("<oAuth2>, which is not whole")
            return False
        for key, value in {**written, "scope": scope}.items():
            self.take("oauth2", key, value)
        if text(element, "clientID").strip():
            self.take("oauth2", "client_id", self.word(text(element, "clientID"), "clientID") or '"open"')
        return True

    def mail_server(self, element, oauth2):
        kind = element.get("type", "")
        what = f"{kind} {text(element, 'hostname').strip()}"
        if kind not in ("imap", "pop3", "smtp"):
            self.leave_out(f"a server of the type {kind!r}, for which there is no key")
            return
        encryption = next((ENCRYPTION[word] for word in map(str.strip, texts(element, "socketType")) if word in ENCRYPTION), None)
        if encryption is None:
            self.leave_out(f"{what} has no socketType that is known; \"ssl\" is written")
        if not self.server(kind, text(element, "hostname"), text(element, "port"), encryption or "ssl", what):
            return
        self.logs_in(kind, text(element, "username"), what)
        words = [word.strip() for word in texts(element, "authentication")]
        if "NTLM" in words:
            self.take(kind, "spa", True)
        if kind == "smtp" and {"none", "client-IP-address"} & set(words):
            self.take(kind, "auth_required", False)
        ways = []
        for word in words:
            # [imap] spa says both words.
            if word == "NTLM" or word == "password-encrypted" and "NTLM" in words:
                continue
            if word in AUTHENTICATION:
                ways += [AUTHENTICATION[word]] if AUTHENTICATION[word] not in ways else []
            elif word not in ("none", "client-IP-address"):
                self.leave_out(f"the authentication {word!r} of {what}, for which there is no key")
            if word == "OAuth2" and not oauth2:
                self.leave_out(f"where the tokens for OAuth2 at {what} come from, as there is no whole <oAuth2>; write [oauth2]")
        if ways and ways != ["password"]:
            self.take(kind, "authentication", f"[{', '.join(map(json.dumps, ways))}]")
        pop3 = element.find("pop3")
        if kind == "pop3" and pop3 is not None:
            leave, days = text(pop3, "leaveMessagesOnServer").strip(), text(pop3, "daysToLeaveMessagesOnServer").strip()
            if leave in ("true", "false"):
                self.take(kind, "leave_on_server", leave)
            if days.isdigit() and 1 <= int(days) <= 65535 and leave != "false":
                self.take(kind, "days", int(days))

    def prefer(self, kinds):
        """The kind of the first incoming server; "imap" where nothing is written."""
        if "pop3" in kinds and "imap" in kinds and kinds[0] == "pop3":
            self.take("", "prefer", '"pop3"')

    def outlook(self, body):
        """An answer of Autodiscover for Outlook."""
        account = child(child(document(body, "Autodiscover"), "Response"), "Account")
        target = text(account, "RedirectAddr").strip()
        if target:
            self.moved(target)
            return
        blocks = account.findall("Protocol")
        need(blocks, "no Protocol")
        kinds = []
        for block in blocks:
            kind = text(block, "Type").strip()
            if kind in ("IMAP", "POP3", "SMTP"):
                self.block(kind.lower(), block)
                kinds.append(kind.lower())
            elif kind == "WEB":
                url = text(block, "Server") or "".join(block.itertext()).strip()
                if "webmail" not in self.tables:
                    self.page("webmail", "url", url)
            elif kind.lower() in ("caldav", "carddav"):
                if kind.lower() not in self.tables:
                    self.page(kind.lower(), "url", text(block, "Server"))
                    if kind.lower() in self.tables:
                        self.logs_in(kind.lower(), text(block, "LoginName"), kind)
            else:
                self.leave_out(f"a Protocol of the type {kind!r}, for which there is no key")
        self.prefer([kind for kind in kinds if self.sources.get(kind) == self.source])

    def block(self, kind, block):
        port, what = text(block, "Port").strip(), f"{kind} {text(block, 'Server').strip()}"
        word, ssl = text(block, "Encryption").strip().lower(), text(block, "SSL").strip().lower()
        encryption = {"ssl": "ssl", "tls": "starttls", "none": "none"}.get(word)
        if encryption is None:
            encryption = "none" if ssl == "off" else "starttls" if port in map(str, PLAIN) else "ssl"
        mine = kind not in self.tables
        if mine and not self.server(kind, text(block, "Server"), port, encryption, what):
            return
        if mine:
            self.logs_in(kind, text(block, "LoginName"), what)
        elif self.tables[kind].get("server") != self.host(text(block, "Server"), what):
            return
        # What autoconfig has no word for is added to its server.
        more = {}
        for element, key, value in (("SPA", "spa", "on"), ("DomainRequired", "domain_required", "on"),
                                    ("AuthRequired", "auth_required", "off"), ("UsePOPAuth", "use_pop_auth", "on"),
                                    ("SMTPLast", "smtp_last", "on")):
            of_smtp = key in ("use_pop_auth", "smtp_last")
            if text(block, element).strip().lower() == value and (kind == "smtp" or not of_smtp):
                more[key] = str(value == "on").lower()
        name = text(block, "DomainName").strip()
        if name and not re.search("[{}%]", name) and self.word(name, "DomainName"):
            more["domain_name"] = self.word(name, "DomainName")
        if re.fullmatch(r"\d{1,5}", text(block, "TTL").strip()):
            more["ttl"] = text(block, "TTL").strip()
        more = {key: value for key, value in more.items() if key not in self.tables[kind]}
        if more and not mine:
            self.sources[kind] += f", {self.source}"
        self.tables[kind].update(more)

    def moved(self, target):
        """A redirect to another address."""
        value = self.name(target, "the address that it leads to")
        if value and "{email}" not in value and not {"imap", "pop3", "smtp"} & set(self.tables):
            self.take("redirect", "address", value)
        else:
            self.leave_out(f"a redirect to {target}")

    def phones(self, body):
        """An answer of Autodiscover for ActiveSync."""
        for server in document(body, "Autodiscover").findall("Response/Action/Settings/Server"):
            if text(server, "Type").strip() == "MobileSync" and "mobilesync" not in self.tables:
                self.page("mobilesync", "url", text(server, "Url"))
                name = text(server, "Name").strip()
                if "mobilesync" in self.tables and name and name != text(server, "Url").strip():
                    name = self.template(name, "the name of the ActiveSync server")
                    if name:
                        self.take("mobilesync", "name", name)

    def pacc(self, body):
        """A document of PACC (draft-ietf-mailmaint-pacc-04, and draft-ietf-mailmaint-pacc-02 for smtp)."""
        try:
            found = json.loads(body)
        except ValueError as error:
            raise Rejected(f"JSON: {error}") from None
        need(isinstance(found, dict) and isinstance(found.get("protocols"), dict), "no protocols")
        protocols = {key: value for key, value in found["protocols"].items() if isinstance(value, dict)}
        for key, table in (("imap", "imap"), ("pop3", "pop3"), ("submit", "smtp"), ("smtp", "smtp")):
            host = str(protocols.get(key, {}).get("host", ""))
            if host and table not in self.tables:
                self.server(table, host, "", "ssl", f"{key} {host}")
        for key in ("caldav", "carddav", "jmap"):
            url = str(protocols.get(key, {}).get("url", ""))
            if url and key not in self.tables:
                self.page(key, "url", url)
        issuer = found.get("authentication", {}).get("oauth-public", {}) if isinstance(found.get("authentication"), dict) else {}
        if issuer and "oauth2" not in self.tables:
            self.leave_out(f"OAuth2 by {short(issuer)}: [oauth2] needs auth_url, token_url and scope too")

    def profile(self, body):
        """A profile of Apple's, which is not signed."""
        try:
            payloads = plistlib.loads(body[body.index(b"<?xml"):body.rindex(b"</plist>") + 8])["PayloadContent"]
        except (ValueError, KeyError, TypeError, plistlib.InvalidFileException) as error:
            raise Rejected(f"no profile: {error}") from None
        for payload in payloads:
            kind = payload.get("PayloadType")
            if kind == "com.apple.mail.managed":
                incoming = "pop3" if payload.get("EmailAccountType") == "EmailTypePOP" else "imap"
                for table, way in ((incoming, "Incoming"), ("smtp", "Outgoing")):
                    host, port = payload.get(f"{way}MailServerHostName", ""), payload.get(f"{way}MailServerPortNumber", "")
                    encryption = "none" if not payload.get(f"{way}MailServerUseSSL") else "starttls" if port in PLAIN else "ssl"
                    if table not in self.tables and host:
                        if self.server(table, str(host), port, encryption, f"{table} {host}"):
                            self.logs_in(table, str(payload.get(f"{way}MailServerUsername", "")), f"{table} {host}")
            for its, table, prefix in (("com.apple.caldav.account", "caldav", "CalDAV"), ("com.apple.carddav.account", "carddav", "CardDAV")):
                host = payload.get(f"{prefix}HostName")
                if kind == its and host and table not in self.tables:
                    port = payload.get(f"{prefix}Port", 443)
                    where = f"{host}:{port}" if port != 443 else host
                    self.page(table, "url", str(payload.get(f"{prefix}PrincipalURL") or f"https://{where}/"))

    def dns(self, records, texts_of):
        """SRV records for what no document names."""
        for service, table, encryption in RECORDS:
            found = records(f"{service}._tcp.{self.who.host}")
            if found and table not in self.tables:
                host, port = found[0]
                if port in IMPLICIT and table != "managesieve":
                    encryption = "ssl"
                self.server(table, host, port, encryption, f"{service} {host}")
        for service, table, path in URLS:
            found = records(f"{service}._tcp.{self.who.host}")
            if found and table not in self.tables:
                host, port = found[0]
                told = [value.partition("=")[2] for value in texts_of(f"{service}._tcp.{self.who.host}") if value.startswith("path=")]
                self.page(table, "url", f"https://{host}{'' if port == 443 else f':{port}'}{told[0] if told else path}")

    def complete(self):
        """Takes tables away that lack what they cannot be without."""
        for table in [table for table, keys in self.tables.items() if table not in ("", "provider") and not keys]:
            del self.tables[table]
        kept = {table: self.tables[table].get("encryption") == '"none"' for table in ("imap", "pop3", "smtp") if table in self.tables}
        if len(set(kept.values())) == 2:
            self.source = "check"
            self.leave_out("only some of the mail servers have encryption, and autoconfig is given with all or none")
        ways = " ".join(keys.get("authentication", "") for keys in self.tables.values())
        if "oauth2" in self.tables and "oauth2" not in ways:
            del self.tables["oauth2"]

    def __str__(self):
        """The file."""
        lines = [f"# Made by autodiscover-probe --learn {printable(self.who.address)} of what answered for it.",
                 "# Next: autodiscover check, then autodiscover-probe --compare dns THIS-FILE ADDRESS."]
        if self.notes:
            lines += ["#", "# Not taken, or not as it was:", *(f"# - {printable(note)}" for note in self.notes)]
        lines += ["", f"domains = [{json.dumps(self.who.host)}]"]
        lines += [f"{key} = {value}" for key, value in self.tables.get("", {}).items()]
        for table in ORDER[1:]:
            if self.tables.get(table):
                lines += ["", f"[{table}]  # {self.sources[table]}", *(f"{key} = {value}" for key, value in self.tables[table].items())]
        return "\n".join(lines) + "\n"


def learn(live, who):
    """A Draft of what answers for this mailbox."""
    draft = Draft(who)

    def read(source, requests, take):
        """Takes the first of these documents that can be read."""
        draft.source, reasons = source, []
        for request in requests:
            try:
                answer = Client().fetched(*request, live.ask)
                need(answer.status == 200, f"status {answer.status}")
                take(answer.body)
                return
            except Rejected as reason:
                reasons.append(f"{request[1]}: {reason}")
        draft.leave_out(f"nothing; {reasons[0] if reasons else 'nothing was asked'}")

    def gets(*urls):
        return [("GET", url, {}, None) for url in urls]
    query = "?emailaddress=" + urllib.parse.quote(who.address, safe="")
    own = [f"{scheme}://{place}{query}" for scheme in ("https", "http")
           for place in (f"autoconfig.{who.host}{AUTOCONFIG}", f"{who.host}{WELL_KNOWN}")]
    if who.mx:
        own += [f"https://autoconfig.{domain}{AUTOCONFIG}{query}"
                for domain in dict.fromkeys((who.mx.partition(".")[2], base_domain(who.mx))) if domain != who.host]
    read("autoconfig", gets(*own), draft.autoconfig)
    hosts = [f"https://autodiscover.{who.host}", f"https://{who.host}"] + ([f"https://{who.srv}"] if who.srv else [])
    read("Autodiscover", pox_request(who, hosts), draft.outlook)
    read("ActiveSync", pox_request(who, hosts, schema="mobilesync/responseschema/2006"), draft.phones)
    read("PACC", gets(f"https://ua-auto-config.{who.host}/.well-known/user-agent-configuration.json"), draft.pacc)
    read("profile", gets(f"https://autodiscover.{who.host}/mail/{who.host}.mobileconfig{query}"), draft.profile)
    draft.source = "DNS"
    draft.dns(lambda name: who.data("SRV", name), lambda name: who.data("TXT", name))
    draft.complete()
    return draft


def found(draft):
    """Whether a service is in it."""
    return bool(set(draft.tables) - {"", "provider"})


def show(options, local, domain):
    """Prints the file; 1 if nothing was found."""
    live = Live(options)
    draft = learn(live, LiveMailbox(f"{local}@{domain}", live.network))
    if not found(draft):
        print(f"autodiscover-probe: nothing answers for {domain}", *draft.notes, sep="\n  ", file=sys.stderr)
        return 1
    print(draft, end="")
    return 0

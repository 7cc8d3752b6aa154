"""Clients of telephones."""

import re
import xml.sax
from urllib.parse import quote, urlsplit

from . import (AUTOCONFIG, DATABASE, POX, WAYS, WELL_KNOWN, Client, Mailbox, Rejected, Server, Setup, base_domain, child,
               declared, document, fill, first, gets, is_suffix, mail_protocols, need, number, pox_request, raw, server, steps, text,
               texts, without_cdata)

LEGAL_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.I)


# RFC 5321, without what is in quotes.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"


class ThunderbirdForAndroid(Client):
    program, version, commit, date = "Thunderbird for Android and K-9 Mail", "", "a59bd67", "2026-08-20"
    own = "run 2026-12-01"
    source = "thunderbird/thunderbird-android, feature/autodiscovery/autoconfig"
    decides = ("the first imap and smtp; one wrong server of these kinds drops the file; TLS alone; sends no address, and "
               "takes none beyond ASCII, in quotes or with two dots in a row")
    remark = "IMAP only; never tells the address"
    remarks = {"MX": "then GET https at autoconfig. of the mail server's domain"}
    AUTH = {"OAuth2": "OAuth2", "password-cleartext": "password", "password-encrypted": "CRAM-MD5"}

    def urls(self, who):
        for scheme in ("https", "http"):
            yield f"{scheme}://autoconfig.{who.host}{AUTOCONFIG}"
            yield f"{scheme}://{who.host}{WELL_KNOWN}"
        yield DATABASE + who.host
        base = base_domain(who.mx) if who.mx else who.host
        if base != who.host:
            for domain in dict.fromkeys((who.mx.partition(".")[2], base)):
                yield f"https://autoconfig.{domain}{AUTOCONFIG}"
                yield DATABASE + domain

    def autoconfig(self, who, ask):
        # EmailAddressParserConfig.LIMITED, before anything is asked.
        taken = re.fullmatch(rf"{ATOM}(\.{ATOM})*", who.local) and len(who.local) <= 64
        need(taken, "the setup does not take this local part")
        need(LEGAL_HOST.fullmatch(who.domain), "the setup takes no domain in Unicode")
        return super().autoconfig(who, ask)

    def server(self, element, who):
        kind = element.get("type")
        host = fill(text(element, "hostname"), who)
        need(LEGAL_HOST.fullmatch(host), f"{kind}: hostname")
        need(number(text(element, "port")) <= 65535, f"{kind}: port")
        need(text(element, "socketType") in ("SSL", "STARTTLS"), f"{kind}: socketType {text(element, 'socketType')}")
        need(element.find("username") is not None, f"{kind}: username")
        auth = first(self.AUTH[word] for word in texts(element, "authentication") if word in self.AUTH)
        need(auth, f"{kind}: authentication")
        found = server(element, text(element, "socketType"), fill(text(element, "username"), who), auth)
        return found._replace(host=host)

    def read_autoconfig(self, body, who):
        provider = child(document(body, "clientConfig"), "emailProvider")
        need(LEGAL_HOST.fullmatch(provider.get("id", "")), "id")
        need(any(LEGAL_HOST.fullmatch(fill(domain, who)) for domain in texts(provider, "domain")), "domain")
        servers = []
        for name, kind in WAYS.items():
            found = [self.server(element, who) for element in provider.findall(f"{name}[@type='{kind}']")]
            need(found, f"missing {kind}")
            servers.append(found[0])
        return Setup(*servers)


class ThunderbirdForIos(Client):
    program, version, commit, date = "Thunderbird for iOS", "before its first release", "98f4283", "2026-08-20"
    source = "toddheasley/thunderbird-ios, Core/Sources/Autoconfiguration and Account"
    decides = ("the first imap and smtp; one word of authentication or socketType that it does not know drops the file, as "
               "does a missing short name; of a text with references the last piece; OAuth2 wherever it stands in the list")
    remarks = {"MX": "then the same at the mail server's domain, without the address"}

    def urls(self, who):
        # URLQueryItem leaves what may stand in a value of a query.
        query = "?emailaddress=" + quote(who.address, safe="!$'()*+,;:@/?~")
        return [f"https://autoconfig.{who.host}{AUTOCONFIG}{query}", f"https://{who.host}{WELL_KNOWN}", DATABASE + who.host]

    def autoconfig(self, who, ask):
        def own():
            return self.first_taken(who, gets(self.urls(who)), ask, self.read_autoconfig)

        def mx():
            base = base_domain(need(who.mx, "no MX"))
            # What it searches for then has no local part, and so have the placeholders.
            domain = Mailbox(base)
            urls = [f"https://autoconfig.{base}{AUTOCONFIG}", f"https://{base}{WELL_KNOWN}", DATABASE + base]
            return self.first_taken(domain, gets(urls), ask, self.read_autoconfig)
        return steps(own, mx)

    def accepts(self, answer):
        need(answer.status == 200, f"status {answer.status}")

    def read_autoconfig(self, body, who):
        found = LastPieces()
        try:
            xml.sax.parseString(declared(body), found)
        except xml.sax.SAXException:
            # What stands before the mistake counts.
            pass
        need(found.is_config, "no clientConfig")
        need(found.provider is not None, "no emailProvider")
        need({"displayName", "displayShortName", "domain"} <= set(found.provider), "a name or domain is missing")
        if found.oauth2 is not None:
            need({"authURL", "issuer", "scope", "tokenURL"} <= set(found.oauth2), "a field of oAuth2 is missing")
        servers = {}
        for each in found.servers:
            kind, ways = each["type"], each["authentication"]
            need({"hostname", "port", "socketType", "username"} <= set(each), f"{kind}: a field is missing")
            need(kind in ("imap", "pop3", "smtp"), f"type {kind}")
            need(each["socketType"] in ("SSL", "STARTTLS"), f"{kind}: socketType {each['socketType']}")
            unknown = set(ways) - {"client-IP-address", "OAuth2", "password-cleartext", "password-encrypted", "smtp-after-pop"}
            need(not unknown, f"{kind}: authentication {' '.join(sorted(unknown))}")
            auth = "OAuth2" if "OAuth2" in ways else "password" if "password-cleartext" in ways else "none"
            servers.setdefault(kind, Server(kind, fill(each["hostname"], who), number(each["port"]), each["socketType"],
                                            fill(each["username"], who), auth))
        return Setup(servers.get("imap"), servers.get("smtp"))


class LastPieces(xml.sax.ContentHandler):
    """The last run of characters of each element: Foundation's parser hands a text over in pieces, at every reference."""

    PROVIDER = ("displayName", "displayShortName", "domain")
    SERVER = ("authentication", "hostname", "port", "socketType", "username")
    OAUTH2 = ("authURL", "issuer", "scope", "tokenURL")

    def __init__(self):
        super().__init__()
        self.is_config, self.provider, self.oauth2, self.servers = False, None, None, []
        self.its_provider = self.its_server = self.its_oauth2 = None
        self.piece = ""

    def startElement(self, name, attributes):
        self.is_config = self.is_config or name == "clientConfig"
        if name == "emailProvider":
            self.its_provider = {}
        elif name in WAYS:
            self.its_server = {"type": attributes.get("type", ""), "authentication": []}
        elif name == "oAuth2":
            self.its_oauth2 = {}
        if name in self.PROVIDER + self.SERVER + self.OAUTH2:
            self.piece = ""

    def characters(self, content):
        self.piece = content.strip() or self.piece

    def endElement(self, name):
        if name == "emailProvider":
            self.provider, self.its_provider = self.its_provider, None
        elif name in WAYS:
            self.servers.append(self.its_server)
            self.its_server = None
        elif name == "oAuth2":
            self.oauth2, self.its_oauth2 = self.its_oauth2, None
        elif name == "authentication" and self.its_server and self.piece:
            self.its_server["authentication"].append(self.piece)
        for names, fields in ((self.PROVIDER, self.its_provider), (self.SERVER[1:], self.its_server),
                              (self.OAUTH2, self.its_oauth2)):
            if name in names and fields is not None and self.piece:
                fields.setdefault(name, self.piece) if name == "domain" else fields.update({name: self.piece})


class DeltaChat(Client):
    program, version, commit, date = "Delta Chat", "chatmail/core", "4888889", "2026-08-22"
    own = "run 2026-12-01"
    source = "chatmail/core, configure.rs, auto_mozilla.rs and auto_outlook.rs"
    decides = "all imap and smtp in turn; of a text with references the piece after the last; any XML of a 2xx ends it"
    blind = {"autoconfig": {"auth"}}
    MARK = "\ue000"
    SECURITY = {"ssl": "SSL", "starttls": "STARTTLS", "plain": "plain"}

    def urls(self, who):
        # The address is told to autoconfig. alone, on purpose (a14e6170); a dot in it stays a dot.
        address = re.sub("[_~-]", lambda match: f"%{ord(match[0]):X}", quote(who.address, safe=""))
        yield f"https://autoconfig.{who.host}{AUTOCONFIG}?emailaddress={address}"
        yield f"https://{who.host}{WELL_KNOWN}"
        # These are asked by GET; our 405 makes it go on to the database, and a 200 would be its answer.
        yield f"https://{who.host}{POX}"
        yield f"https://autodiscover.{who.host}{POX}"
        yield DATABASE + who.host

    def last_piece(self, element, name):
        return ([""] + [piece.strip() for piece in text(element, name).split(self.MARK) if piece.strip()])[-1]

    def read_autoconfig(self, body, who):
        # Its parser hands references over by themselves, and no CDATA.
        root = document(re.sub(rb"&[^;<&]*;", self.MARK.encode(), without_cdata(body)))
        found = {}
        for element in root.iter():
            if element.tag in WAYS and element.find("username") is not None:
                found.setdefault(element.get("type"), Server(
                    element.get("type"), fill(self.last_piece(element, "hostname"), who),
                    number(self.last_piece(element, "port")), self.SECURITY.get(text(element, "socketType").strip().lower()),
                    fill(self.last_piece(element, "username"), who), None))
        for element in root.iter("Protocol"):
            kind, port = text(element, "Type").strip().lower(), number(text(element, "Port"))
            # With SSL it tries TLS and STARTTLS; it reads no LoginName.
            security = "plain" if text(element, "SSL").strip() == "off" else "STARTTLS" if port in (143, 587) else "SSL"
            found.setdefault(kind, Server(kind, text(element, "Server").strip(), port, security, who.address, None))
        return Setup(found.get("imap"), found.get("smtp"))


class FairEmail(Client):
    program, version, commit, date = "FairEmail", "1.2331", "e23dd9d", "2026-08-22"
    own = "run 2026-12-01"
    source = "M66B/FairEmail, EmailProvider.java and Misc.java"
    decides = "the first server of each way, if it is imap and smtp; the last username of the whole file; POX by port"
    blind = {"autoconfig": {"auth"}, "pox": {"auth", "user"}}
    # HttpURLConnection does not go from http to https.
    crosses = False
    remarks = {"MX": "then the same at the mail server and at each domain above it"}

    def urls(self, who):
        yield from self.places(who.host, who)
        name = who.mx
        while name.count("."):
            yield from self.places(name, who)
            name = name.partition(".")[2]
            if is_suffix(name):
                break

    def places(self, domain, who):
        for scheme in ("https", "http"):
            yield f"{scheme}://autoconfig.{domain}{AUTOCONFIG}?emailaddress={raw(who.address)}"
            yield f"{scheme}://{domain}{WELL_KNOWN}?emailaddress={raw(who.address)}"
        yield DATABASE + domain

    def accepts(self, answer):
        need(answer.status == 200, f"status {answer.status}")

    def read_autoconfig(self, body, who):
        root, user, found = document(body), who.address, {}
        for element in root.iter("username"):
            name = "".join(element.itertext())
            user = {"%EMAILADDRESS%": who.address, "%EMAILLOCALPART%": who.local}.get(name, name or user)
        for tag, kind in WAYS.items():
            element = first(root.iter(tag))
            if element is not None and element.get("type") == kind:
                security = "STARTTLS" if text(element, "port") in ("143", "587") else "SSL"
                found[kind] = server(element, {"SSL": "SSL", "STARTTLS": "STARTTLS"}.get(
                    text(element, "socketType"), security), user)
        need(len(found) == 2, "an incomplete configuration")
        return Setup(found["imap"], found["smtp"])

    def pox(self, who, ask):
        hosts = [f"https://{who.host}", f"https://autodiscover.{who.host}"]
        return self.first_taken(who, pox_request(who, hosts, {}), ask, self.read_pox)

    def read_pox(self, body, who):
        account = child(child(document(body), "Response"), "Account")
        need(text(account, "AccountType") == "email" and text(account, "Action") == "settings", "no settings")
        servers = {found.kind: found._replace(security="STARTTLS" if found.port in (143, 587) else "SSL")
                   for _, found in mail_protocols(body)}
        need({"imap", "smtp"} <= set(servers), "an incomplete configuration")
        return Setup(servers["imap"], servers["smtp"])


class AospExchange(Client):
    program, version, commit, date = "AOSP Exchange", "LineageOS", "ecd3cb5", "2024-02-08"
    own = "run 2026-12-01"
    source = "LineageOS/android_packages_apps_Exchange, EasAutoDiscover.java"
    decides = "host and port of a Url after a Type that is exactly MobileSync; only 200 is read; a Redirect is ignored"
    names = {"mobilesync": "Android's Exchange account, Gmail for Android"}
    remarks = {"POST https": "for ActiveSync", "GET http": "follows a redirect, nothing else"}

    def mobilesync(self, who, ask):
        hosts = [f"https://{who.host}", f"https://autodiscover.{who.host}"]
        requests = pox_request(who, hosts, {"Content-Type": "text/xml"}, "mobilesync/responseschema/2006")

        def follow(method, url, headers, body):
            answer = ask(method, url, headers, body)
            location = answer.headers["Location"] or ""
            return ask(method, location, headers, body) if location.startswith("http") else answer
        try:
            return self.first_taken(who, requests, follow, self.read_mobilesync)
        except Rejected as reason:
            answer = ask("GET", f"http://autodiscover.{who.host}{POX}", {}, None)
            need(answer.status == 302, reason)
            again = ("POST", answer.headers["Location"], *requests[0][2:])
            return self.first_taken(who, [again], ask, self.read_mobilesync)

    def accepts(self, answer):
        need(answer.status == 200, f"status {answer.status}")

    def read_mobilesync(self, body, who):
        host = None
        for settings in document(body, "Autodiscover").findall("Response/Action/Settings/Server"):
            mobilesync = False
            for element in settings:
                mobilesync = mobilesync or element.tag == "Type" and element.text == "MobileSync"
                if mobilesync and element.tag == "Url":
                    parts = urlsplit(element.text)
                    host = Server("activesync", parts.hostname, parts.port or 443, "SSL", None, None)
        need(host, "no Url of a MobileSync server")
        return Setup(host, None)

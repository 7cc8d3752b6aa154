"""Clients of the desktop and the terminal."""

import hashlib
import json
import re
from urllib.parse import urlsplit

from . import (AUTOCONFIG, MAIL_V1, POX, WAYS, WELL_KNOWN, Client, Mailbox, Rejected, Server, Setup, base_domain,
               child, document, encoded, fill, first, mail_protocols, need, number, pox_request, protocols, raw, server,
               text, texts)

SECURITY = {"SSL": "SSL", "STARTTLS": "STARTTLS", "plain": "plain"}
LEGAL_HOST = re.compile(r"[a-zA-Z0-9.-]+")


class Thunderbird(Client):
    client = "Thunderbird, comm-central cf9726f, 2026-08-22"
    source = "mozilla/releases-comm-central, FetchConfig, readFromXML, ExchangeAutoDiscover and FetchHTTP.sys.mjs"
    decides = "the first right server of each way; both are needed; OAuth2 for hosts that it knows by itself; POX by port"
    AUTH = {"password-cleartext": "password", "plain": "password", "password-encrypted": "CRAM-MD5",
            "secure": "CRAM-MD5", "GSSAPI": "GSSAPI", "NTLM": "NTLM"}
    OUTGOING_AUTH = {**AUTH, "none": "none", "client-IP-address": "none", "smtp-after-pop": "none"}

    def urls(self, who):
        need(LEGAL_HOST.fullmatch(who.domain), "the setup takes no domain in Unicode")
        query = "?emailaddress=" + encoded(who.address)
        for scheme in ("https", "http"):
            yield f"{scheme}://autoconfig.{who.host}{AUTOCONFIG}{query}"
            yield f"{scheme}://{who.host}{WELL_KNOWN}{query}"
        base = base_domain(who.mx)
        if who.mx and base != who.host:
            for domain in dict.fromkeys((who.mx.partition(".")[2], base)):
                yield f"https://autoconfig.{domain}{AUTOCONFIG}{query}"

    def accepts(self, answer):
        super().accepts(answer)
        kind = answer.headers["Content-Type"]
        need(kind.startswith(("text/xml", "application/xml", "text/rdf")), f"type {kind}")

    def server(self, element, who):
        kind, auths = element.get("type"), self.AUTH if element.tag == "incomingServer" else self.OUTGOING_AUTH
        need(kind in (("imap", "pop3") if element.tag == "incomingServer" else ("smtp",)), f"type {kind}")
        need(LEGAL_HOST.fullmatch(text(element, "hostname")), f"{kind}: hostname")
        need(1 <= number(text(element, "port")) <= 65535, f"{kind}: port")
        security = first(SECURITY[word] for word in texts(element, "socketType") if word in SECURITY)
        auth = first(auths[word] for word in texts(element, "authentication") if word in auths)
        need(security and auth, f"{kind}: socketType or authentication")
        # Without a password there may be no user name at all.
        need(element.find("username") is not None or auth not in ("password", "CRAM-MD5"), f"{kind}: username")
        return server(element, security, fill(text(element, "username"), who), auth)

    def read_autoconfig(self, body, who):
        provider = child(document(body, "clientConfig"), "emailProvider")
        need(LEGAL_HOST.fullmatch(provider.get("id", "")), "id")
        need(any(LEGAL_HOST.fullmatch(domain) for domain in texts(provider, "domain")), "domain")
        return Setup(*(self.first_right(provider.findall(name), who) for name in WAYS))

    def pox(self, who, ask, hops=0):
        need(LEGAL_HOST.fullmatch(who.domain), "the setup takes no domain in Unicode")
        hosts = [f"https://autodiscover.{who.host}", f"https://{who.host}", f"http://autodiscover.{who.host}"]

        def follow(method, url, headers, body):
            answer = ask(method, url, headers, body)
            if answer.status not in (301, 302):
                return answer
            # XMLHttpRequest makes a GET of a redirected POST; only what began without TLS is posted again.
            target = answer.headers["Location"]
            answer = ask("GET", target, {}, None)
            return ask("POST", target, headers, body) if answer.status >= 300 and url.startswith("http:") else answer

        # It puts the address into the XML as it is.
        return self.first_taken(who, pox_request(who, hosts, address=who.address), follow,
                                lambda body, who: self.read_pox(body, who, ask, hops))

    def read_pox(self, body, who, ask=None, hops=0):
        target = text(child(child(document(body, "Autodiscover"), "Response"), "Account"), "RedirectAddr")
        if target:
            need(ask and hops < 2, f"redirected to {target}")
            return self.pox(Mailbox(target), ask, hops + 1)
        servers = {}
        for block, found in mail_protocols(body):
            off = text(block, "SSL").lower() == "off" or text(block, "Encryption").lower() == "none"
            security = "plain" if off else "STARTTLS" if found.port in (143, 110, 25, 587) else "SSL"
            auth = "secure" if text(block, "SPA").lower() == "on" else "password"
            if LEGAL_HOST.fullmatch(found.host):
                servers.setdefault(found.kind == "smtp", found._replace(
                    security=security, user=found.user or who.address, auth=auth))
        need(len(servers) == 2, "an incomplete configuration")
        return Setup(servers[False], servers[True])


class Evolution(Client):
    client = "Evolution 3.46.4 (Debian 12)"
    source = "GNOME/evolution, src/mail/e-mail-autoconfig.c"
    decides = "the last server of a kind, the last way that it knows, of which OAuth2 is none; an unknown attribute drops the file"

    def urls(self, who):
        digest = hashlib.md5(who.address.lower().encode()).hexdigest()
        for domain in filter(None, [who.host, who.ns.partition(".")[2]]):
            query = f"?emailaddress=EVOLUTIONUSER%40{domain}&emailmd5={digest}"
            yield f"https://autoconfig.{domain}{AUTOCONFIG}{query}"
            yield f"https://{domain}{WELL_KNOWN}{query}"

    def read_autoconfig(self, body, who):
        found = {}
        for element in document(body).iter():
            if element.tag not in WAYS:
                continue
            need(set(element.attrib) == {"type"}, "attributes")
            if element.get("type") not in ("imap", "pop3", "smtp"):
                continue
            # Where it knows no word, it keeps to what it does by itself.
            auth = "none" if element.get("type") == "smtp" else "password"
            for word in texts(element, "authentication"):
                auth = {"password-cleartext": "password", "plain": "password", "password-encrypted": "CRAM-MD5"}.get(
                    word, auth)
            found[element.get("type")] = server(element, SECURITY.get(text(element, "socketType")),
                                                fill(text(element, "username"), who), auth)
        need(found, "no server")
        return Setup(found.get("imap") or found.get("pop3"), found.get("smtp"))


class KMail(Client):
    client = "KMail account wizard 8163b65, 2026-07-22"
    source = "KDE/kmail-account-wizard, ispdbservice.cpp and serverconfiguration.cpp"
    decides = "all servers, the first of them preset; authentication: the last word until one is not the plain password"
    AUTH = {"password-cleartext": "password", "plain": "password", "password-encrypted": "CRAM-MD5", "NTLM": "NTLM",
            "secure": "CRAM-MD5", "GSSAPI": "GSSAPI", "client-ip-based": "none", "none": "none", "OAuth2": "OAuth2"}

    def urls(self, who):
        return [f"http://autoconfig.{who.host}{AUTOCONFIG}", f"http://{who.host}{WELL_KNOWN}"]

    def accepts(self, answer):
        need(answer.status == 200, f"status {answer.status}")

    def server(self, element, who):
        auth = "password"
        for word in texts(element, "authentication"):
            # The plain password is 0 among its constants, which also means that nothing was chosen yet.
            auth = self.AUTH.get(word, auth) if auth == "password" else auth
        return server(element, SECURITY.get(text(element, "socketType")), fill(text(element, "username"), who), auth)

    def read_autoconfig(self, body, who):
        provider = child(document(body), "emailProvider")
        found = self.of_kinds(provider, who)
        return found._replace(incoming=found.incoming or self.of_kinds(provider, who, ("pop3",)).incoming)


class Geary(Client):
    client = "Geary 3e8d4f1, 2026-05-13"
    source = "GNOME/geary, accounts-autoconfig.vala"
    decides = "the first server of each way, which must be imap and smtp; neither the status nor the user name"
    blind = {"autoconfig": {"user", "auth"}}

    def urls(self, who):
        return [f"https://autoconfig.{who.host}{AUTOCONFIG}"]

    def accepts(self, answer):
        """Any status: an answer that is not XML makes it go on."""

    def read_autoconfig(self, body, who):
        provider = document(body).find("emailProvider")
        assert provider is not None, "Geary crashes: it takes the children of an emailProvider that is not there"
        elements = [child(provider, name) for name in WAYS]
        need([element.get("type") for element in elements] == list(WAYS.values()), "unsupported protocol")
        return Setup(*(server(element, SECURITY.get(text(element, "socketType"), "plain")) for element in elements))


class GnomeOnlineAccounts(Client):
    client = "GNOME Online Accounts 3.58.1, 0a85e7c, 2026-05-30"
    source = "GNOME/gnome-online-accounts, goamailclient.c"
    decides = "IMAP and SMTP; a user name that is a whole placeholder, anything else is none; mail-v1.xml first"
    blind = {"autoconfig": {"auth"}}

    def urls(self, who):
        query = "?emailaddress=" + raw(who.address)
        yield f"https://autoconfig.{who.host}{MAIL_V1}{query}"
        yield f"https://autoconfig.{who.host}{AUTOCONFIG}{query}"
        yield f"https://{who.host}{WELL_KNOWN}"
        yield f"http://autoconfig.{who.host}{AUTOCONFIG}"
        # The step by MX asks nothing but mail-v1.xml.
        for domain in dict.fromkeys(filter(None, (who.mx, base_domain(who.mx)))):
            yield f"https://autoconfig.{domain}{MAIL_V1}{query}"

    def accepts(self, answer):
        need(answer.status == 200, f"status {answer.status}")

    def read_autoconfig(self, body, who):
        return self.of_kinds(child(document(body, "clientConfig"), "emailProvider"), who)

    def server(self, element, who):
        user = text(element, "username").upper()
        user = fill(user, who) if re.fullmatch("%EMAIL(ADDRESS|LOCALPART|DOMAIN)%", user) else ""
        security = {"ssl": "SSL", "starttls": "STARTTLS", "plain": "plain"}[text(element, "socketType").lower()]
        return server(element, security, user)


class Mustang(Client):
    client = "Mustang 227ae5a, 2026-08-20"
    source = "mustang-im/mustang, readConfig.ts, fetchConfig.ts and exchangeV1Config.ts"
    decides = "the typed domain stands among domain; servers in the order of the file; POX knows no outgoing server"
    blind = {"pox": {"auth", "outgoing"}}
    TYPES = "pop3 imap jmap smtp ews owa activesync graph exchange caldav carddav webdav".split()
    AUTH = {"password-cleartext": "password", "basic": "password", "password-encrypted": "CRAM-MD5",
            "GSSAPI": "GSSAPI", "NTLM": "NTLM", "OAuth2": "OAuth2"}

    def urls(self, who):
        yield f"https://autoconfig.{who.host}{AUTOCONFIG}?emailaddress={raw(who.address)}"
        yield f"https://{who.host}{WELL_KNOWN}"
        yield f"http://autoconfig.{who.host}{AUTOCONFIG}"

    def autoconfig(self, who, ask):
        try:
            return super().autoconfig(who, ask)
        except Rejected:
            need(who.mx, "no MX")
        base = base_domain(who.mx)
        urls = [f"https://autoconfig.{base}{AUTOCONFIG}", f"https://{base}{WELL_KNOWN}"]
        # The domain that must stand in the file is then the one of the MX.
        return self.first_taken(who, (("GET", url, {}, None) for url in urls), ask,
                                lambda body, who: self.read_autoconfig(body, who, base))

    def server(self, element, who):
        need(element.get("type") in self.TYPES, f"type {element.get('type')}")
        security = first(SECURITY[word] for word in texts(element, "socketType") if word in SECURITY)
        words = [word for word in texts(element, "authentication") if word in self.AUTH]
        # What it needs for OAuth2 stands in the root, but for hosts that it knows by itself.
        auth = first(self.AUTH[word] for word in words if word != "OAuth2" or self.oauth2)
        # It notes a way before it finds out that it cannot go it.
        auth = auth or first(self.AUTH[word] for word in words)
        need(security and auth, "socketType or authentication")
        return server(element, security, fill(text(element, "username"), who), auth)

    def read_autoconfig(self, body, who, domain=None):
        root = document(body, "clientConfig")
        found = root.find("oAuth2")
        self.oauth2 = found is not None and all(text(found, name) for name in ("tokenURL", "authURL", "scope"))
        provider = child(root, "emailProvider")
        need((domain or who.domain.lower()) in texts(provider, "domain"), "need proper <domain> in XML")
        return Setup(*(self.first_right(provider.findall(name), who) for name in WAYS))

    def pox(self, who, ask):
        hosts = [f"https://autodiscover.{who.host}", f"https://{who.host}", f"http://autodiscover.{who.host}"]
        return self.first_taken(who, pox_request(who, hosts, address=who.address), ask, self.read_pox)

    def read_pox(self, body, who):
        for block, found in mail_protocols(body):
            if found.kind != "smtp":
                encrypted = text(block, "SSL").lower() == "on" or text(block, "Encryption").lower() not in ("", "none")
                security = "plain" if not encrypted else "STARTTLS" if found.port in (143, 110) else "SSL"
                return Setup(found._replace(security=security), None)
        raise Rejected("no applicable config found")


class Mailspring(Client):
    client = "Mailspring d93a0d7, 2026-08-21"
    source = "Foundry376/Mailspring, onboarding-helpers.ts"
    decides = "the first imap and smtp, else a guess; the user name is the address unless it is %EMAILLOCALPART%"
    blind = {"autoconfig": {"auth"}}

    def urls(self, who):
        return [f"https://autoconfig.{who.host}{AUTOCONFIG}", f"https://{who.host}{WELL_KNOWN}"]

    def read_autoconfig(self, body, who):
        provider = child(document(body), "emailProvider")
        need(all(provider.find(name) is not None for name in WAYS), "no incomingServer or outgoingServer")
        return self.of_kinds(provider, who)

    def server(self, element, who):
        user = who.local if text(element, "username") == "%EMAILLOCALPART%" else who.address
        return server(element, SECURITY.get(text(element, "socketType"), "STARTTLS"), user)


class Aerc(Client):
    client = "aerc fab0531, 2026-05-02"
    source = "rjarry/aerc, lib/autoconfig/autoconfig.go"
    decides = "the first imap and the last smtp; a user name that is %EMAILADDRESS%, any other is taken as it stands"
    blind = {"autoconfig": {"auth"}}

    def urls(self, who):
        query = "?emailaddress=" + encoded(who.address)
        return [f"https://autoconfig.{who.host}{AUTOCONFIG}{query}", f"https://{who.host}{WELL_KNOWN}{query}"]

    def accepts(self, answer):
        """Any status, if the body can be read."""

    def read_autoconfig(self, body, who):
        provider = child(document(body, "clientConfig"), "emailProvider")
        child(provider, "outgoingServer")
        incoming = self.of_kinds(provider, who).incoming
        need(incoming, "no imap")
        return Setup(incoming, self.server(provider.findall("outgoingServer")[-1], who))

    def server(self, element, who):
        user = text(element, "username")
        security = {"plain": "plain", "ssl": "SSL"}.get(text(element, "socketType").lower(), "STARTTLS")
        return server(element, security, who.address if user.lower() == "%emailaddress%" else user)


class Pimalaya(Client):
    client = "Himalaya: io-pim-discovery 0.9.0, 2026-10-04"
    source = "pimalaya/io-pim-discovery, autoconfig/config.rs, pacc/config.rs and compose/config.rs (Himalaya)"
    decides = "one unknown type or word of authentication drops the file; PACC has smtp for submission, as draft -02"
    blind = {"pacc": {"user"}}
    # It spells Kerberos GSAPI.
    AUTH = {"password-cleartext": "password", "password-encrypted": "CRAM-MD5", "NTLM": "NTLM", "OAuth2": "OAuth2",
            "client-IP-address": "none", "TLS-client-cert": "certificate", "none": "none", "GSAPI": "GSSAPI"}

    def urls(self, who):
        yield f"https://autoconfig.{who.host}{AUTOCONFIG}?emailaddress={raw(who.address)}"
        yield f"https://{who.host}{WELL_KNOWN}"

    def read_autoconfig(self, body, who):
        root = document(body)
        provider = child(root, "emailProvider")
        need("version" in root.attrib and "id" in provider.attrib, "version or id")
        need(all("url" in found.attrib for found in provider.findall("documentation")), "documentation without url")
        found = root.find("oAuth2")
        whole = found is None or all(found.find(name) is not None for name in ("issuer", "scope", "authURL", "tokenURL"))
        need(whole, "a field of oAuth2 is missing")
        return Setup(*(first([self.server(element, who) for element in provider.findall(name)]) for name in WAYS))

    def server(self, element, who):
        words, security = texts(element, "authentication"), text(element, "socketType")
        need(element.get("type") in ("imap", "pop3", "smtp"), f"unknown variant {element.get('type')}")
        need(all(word in self.AUTH for word in words) and security in SECURITY, f"unknown variant in {words}")
        return server(element, security, fill(text(element, "username"), who), first(self.AUTH[word] for word in words))

    def pacc(self, who, ask):
        # The digest in DNS is compared elsewhere: what is published there is the digest of these bytes.
        url = f"https://ua-auto-config.{who.host}/.well-known/user-agent-configuration.json"
        return self.first_taken(who, [("GET", url, {}, None)], ask, self.read_pacc)

    def read_pacc(self, body, who):
        found = json.loads(body)
        need({"protocols", "authentication", "info"} <= set(found), "keys")
        ways = found["authentication"]
        auth = "OAuth2" if "oauth-public" in ways else "password" if ways.get("password") else None
        servers = {kind: Server(kind, found["protocols"][kind]["host"], port, "SSL", None, auth)
                   for kind, port in (("imap", 993), ("pop3", 995), ("smtp", 465)) if kind in found["protocols"]}
        return Setup(servers.get("imap") or servers.get("pop3"), servers.get("smtp"))


class Outlook(Client):
    client = "Outlook 2010 to 365 classic, as documented"
    source = "MS-OXDSCLI 2.2.4 and 3.1.5; MicrosoftDocs/office-developer-exchange-docs, *-pox.md; logs of servers"
    decides = "blocks in the server's order; Encryption before SSL; SPA and SSL are on unless told; UsePOPAuth; 10 hops"
    AGENT = {"Content-Type": "text/xml", "User-Agent": "Microsoft Office/16.0 (Windows NT 10.0; MAPI 16.0.10344; Pro)",
             "X-MapiHttpCapability": "1"}

    def pox(self, who, ask, hops=0):
        need(hops < 10, "too many redirects")
        hosts = [f"https://{who.host}", f"https://autodiscover.{who.host}"]
        try:
            return self.first_taken(who, pox_request(who, hosts, self.AGENT), self.following(ask),
                                    lambda body, who: self.read_pox(body, who, ask, hops))
        except Rejected as reason:
            # A GET without TLS looks for nothing but a redirect.
            answer = ask("GET", f"http://autodiscover.{who.host}{POX}", {}, None)
            need(answer.status in (301, 302), reason)
            return self.posted(answer.headers["Location"], who, ask, hops)

    def following(self, ask):
        """Posts again to where a 302 points."""
        def follow(method, url, headers, body):
            for _ in range(10):
                answer = ask(method, url, headers, body)
                if answer.status not in (301, 302):
                    return answer
                url = answer.headers["Location"]
                need(url.startswith("https://") and urlsplit(url).path.lower() == POX, f"redirected to {url}")
            raise Rejected("too many redirects")
        return follow

    def posted(self, url, who, ask, hops):
        need(url.startswith("https://"), f"redirected to {url}")
        parts = urlsplit(url)
        request = pox_request(who, [f"https://{parts.netloc}"], self.AGENT, path=parts.path)
        return self.first_taken(who, request, self.following(ask),
                                lambda body, who: self.read_pox(body, who, ask, hops))

    def json(self, who, ask):
        hosts = (f"https://autodiscover.{who.host}", f"https://{who.host}")
        query = f"?Email={encoded(who.address)}&Protocol=Autodiscoverv1&RedirectCount=1"
        urls = [("GET", f"{host}/autodiscover/autodiscover.json{query}", {}, None) for host in hosts]
        return self.first_taken(who, urls, ask, lambda body, who: self.posted(json.loads(body)["Url"], who, ask, 1))

    def read_pox(self, body, who, ask=None, hops=0):
        account = child(child(document(body, "Autodiscover"), "Response"), "Account")
        action = text(account, "Action")
        if action != "settings":
            need(ask, action)
            if action == "redirectAddr":
                return self.pox(Mailbox(text(account, "RedirectAddr")), ask, hops + 1)
            return self.posted(text(account, "RedirectUrl"), who, ask, hops + 1)
        servers = {}
        for block, found in mail_protocols(body):
            ssl = "SSL" if text(block, "SSL") in ("on", "") else "None"
            security = {"SSL": "SSL", "TLS": "STARTTLS", "None": "plain"}[text(block, "Encryption") or ssl]
            auth = "NTLM" if text(block, "SPA") in ("on", "") else "password"
            auth = "none" if text(block, "AuthRequired") == "off" else auth
            found = found._replace(security=security, user=found.user or who.local, auth=auth)
            if text(block, "UsePOPAuth") == "on" and auth != "none":
                found = found._replace(user=servers[False].user, auth=servers[False].auth)
            servers.setdefault(found.kind == "smtp", found)
        need(servers, "no mail")
        return Setup(servers.get(False), servers.get(True))


class EmClient(Outlook):
    client = "eM Client as reported, 2016 to 2024"
    source = "mailcow/mailcow-dockerized, pull request 370, and access logs"
    decides = "as Outlook, without a User-Agent; it takes CalDAV and CardDAV blocks too"
    AGENT = {"Content-Type": "text/xml"}
    json = None

    def dav(self, body):
        """The calendars and address books: type, URL, user."""
        return [(text(block, "Type"), text(block, "Server"), text(block, "LoginName")) for block in protocols(body)
                if text(block, "Type") in ("CalDAV", "CardDAV")]

"""Clients of the desktop and the terminal."""

import base64
import hashlib
import json
import re
from urllib.parse import quote

from . import (AUTOCONFIG, DATABASE, MAIL_V1, MUSTANG_DATABASE, WAYS, WELL_KNOWN, Client, Ended, Rejected, Server, Setup,
               base_domain, child, document, encoded, fill, fill_once, first, gets, javascript, mail_protocols, need, number,
               pox_request, raw, server, steps, text, texts, without_cdata)

SECURITY = {"SSL": "SSL", "STARTTLS": "STARTTLS", "plain": "plain"}
LEGAL_HOST = re.compile(r"[a-zA-Z0-9.-]+")


class Thunderbird(Client):
    program, version, commit, date = "Thunderbird", "156.0a1, comm-central", "cf9726f", "2026-08-22"
    own = "runs in the tests, in the version of Debian"
    source = "mozilla/releases-comm-central, FetchConfig, readFromXML, ExchangeAutoDiscover, FetchHTTP and JXON.sys.mjs"
    decides = ("the first file that can be fetched, and its first right server of each way; OAuth2 for hosts that it knows by "
               "itself; POX by port; a login name that looks like a number becomes one")
    remark = "asks all at once, the first in this order counts"
    remarks = {"MX": "then GET https at autoconfig. of the mail server's domain", "POST https": "with the user's password",
               "POST http": "without a password", "SRV": "asks the user where that is another domain, then POST there"}
    AUTH = {"password-cleartext": "password", "plain": "password", "password-encrypted": "CRAM-MD5",
            "secure": "CRAM-MD5", "GSSAPI": "GSSAPI", "NTLM": "NTLM"}
    OUTGOING_AUTH = {**AUTH, "none": "none", "client-IP-address": "none", "smtp-after-pop": "none"}
    XML = ("text/xml", "application/xml", "text/rdf")

    def urls(self, who):
        query = "?emailaddress=" + encoded(who.address)
        for scheme in ("https", "http"):
            yield f"{scheme}://autoconfig.{who.host}{AUTOCONFIG}{query}"
            yield f"{scheme}://{who.host}{WELL_KNOWN}{query}"

    def autoconfig(self, who, ask):
        need(LEGAL_HOST.fullmatch(who.domain), "the setup takes no domain in Unicode")

        def isp():
            return self.first_taken(who, gets(self.urls(who)), ask, self.read_autoconfig, ends=True)

        def database():
            return self.first_taken(who, gets([DATABASE + who.host]), ask, self.read_autoconfig)

        def mx():
            base = base_domain(need(who.mx, "no MX"))
            need(base != who.host, "the MX is no other domain")
            domains = dict.fromkeys((who.mx.partition(".")[2], base))
            urls = (url for domain in domains for url in (
                f"https://autoconfig.{domain}{AUTOCONFIG}?emailaddress={encoded(who.address)}", DATABASE + domain))
            return self.first_taken(who, gets(urls), ask, self.read_autoconfig)
        return steps(isp, database, mx)

    def accepts(self, answer):
        """What FetchHTTP hands on; XML that cannot be parsed is not, any other type is, as text."""
        super().accepts(answer)
        if (answer.headers["Content-Type"] or "").partition(";")[0] in self.XML:
            document(answer.body)
        elif b"<" in answer.body:
            raise Ended(f"type {answer.headers['Content-Type']}")

    def server(self, element, who):
        kind, auths = element.get("type"), self.AUTH if element.tag == "incomingServer" else self.OUTGOING_AUTH
        need(kind in (("imap", "pop3") if element.tag == "incomingServer" else ("smtp",)), f"type {kind}")
        host = fill_once(text(element, "hostname").strip(), who)
        need(LEGAL_HOST.fullmatch(host), f"{kind}: hostname")
        need(1 <= number(text(element, "port")) <= 65535, f"{kind}: port")
        security = first(SECURITY[word] for word in texts(element, "socketType") if word in SECURITY)
        auth = first(auths[word] for word in texts(element, "authentication") if word in auths)
        need(security and auth, f"{kind}: socketType or authentication")
        # Without a password there may be no user name at all.
        need(element.find("username") is not None or auth not in ("password", "CRAM-MD5"), f"{kind}: username")
        user = None if element.find("username") is None else fill_once(javascript(text(element, "username")), who)
        return server(element, security, user, auth)._replace(host=host.lower())

    def read_autoconfig(self, body, who):
        provider = child(document(body, "clientConfig"), "emailProvider")
        need(LEGAL_HOST.fullmatch(provider.get("id", "")), "id")
        need(any(LEGAL_HOST.fullmatch(domain) for domain in texts(provider, "domain")), "domain")
        return Setup(*(self.first_right(provider.findall(name), who) for name in WAYS))

    def keeps(self, body):
        """Days that fetched mail stays on the POP3 server: 0 is not at all, None is for ever."""
        for element in document(body).iter("incomingServer"):
            if element.get("type") == "pop3":
                told = element.find("pop3")
                told = element if told is None else told
                leave = text(told, "leaveMessagesOnServer") != "false"
                days = int(text(told, "daysToLeaveMessagesOnServer") or 14)
                return (days or None) if leave else 0
        raise Rejected("no pop3")

    def pox(self, who, ask):
        need(LEGAL_HOST.fullmatch(who.domain), "the setup takes no domain in Unicode")

        def hosts():
            yield from (f"https://autodiscover.{who.host}", f"https://{who.host}", f"http://autodiscover.{who.host}")
            if who.srv:
                yield f"https://{who.srv}"

        def follow(method, url, headers, body):
            answer = ask(method, url, headers, body)
            if answer.status not in (301, 302):
                return answer
            # XMLHttpRequest makes a GET of a redirected POST; only what began without TLS is posted again.
            need(url.startswith("http:") and answer.headers["Location"].startswith("https:"), f"status {answer.status}")
            return ask(method, answer.headers["Location"], headers, body)
        requests = (request for host in hosts() for request in pox_request(who, [host], address=who.address))
        return self.first_taken(who, requests, follow, self.read_pox, ends=True)

    def read_pox(self, body, who):
        account = child(child(document(body, "Autodiscover"), "Response"), "Account")
        # Since 149 it hands the arguments of its second search over in the wrong order, and fails.
        need(account.find("RedirectAddr") is None, "redirected by address: signals[0] must be an AbortSignal")
        servers = {}
        for block, found in mail_protocols(body):
            off = text(block, "SSL").lower() == "off" or text(block, "Encryption").lower() == "none"
            security = "plain" if off else "STARTTLS" if found.port in (143, 110, 25, 587) else "SSL"
            auth = "secure" if text(block, "SPA").lower() == "on" else "password"
            if LEGAL_HOST.fullmatch(found.host):
                user = fill_once(javascript(found.user), who) if block.find("LoginName") is not None else who.address
                # 0 and false are no name, which drops the block (Sanitizer.nonemptystring).
                if user not in ("0", "false", "NaN"):
                    servers.setdefault(found.kind == "smtp", found._replace(security=security, user=user, auth=auth))
        # Nothing to send with is enough: it has useGlobalPreferredServer for that.
        need(False in servers, "an incomplete configuration")
        return Setup(servers[False], servers.get(True))


class Evolution(Client):
    program, version, commit, date = "Evolution", "3.56.2", "6901b22", "2025-05-23"
    own = "run 2026-12-01"
    source = "GNOME/evolution, src/mail/e-mail-autoconfig.c"
    decides = ("the last server of a kind, the last way that it knows, of which OAuth2 is none; an unknown attribute drops "
               "the file; %EMAILDOMAIN% is nothing")
    remarks = {"MX": "then the same at the mail server and at each domain above it"}

    def lookups(self, who):
        """The domain, and what it whittles the name of the mail server down to."""
        yield who.host
        name = who.mx
        while "." in name:
            yield name
            name = name.partition(".")[2]

    def urls(self, who):
        digest = hashlib.md5(who.address.lower().encode()).hexdigest()
        query = f"?emailaddress={quote(who.address, safe='-._~')}&emailmd5={digest}"
        for domain in self.lookups(who):
            for place in (f"autoconfig.{domain}{AUTOCONFIG}", f"{domain}{WELL_KNOWN}"):
                yield f"https://{place}{query}"
                yield f"http://{place}{query}"
            yield DATABASE + domain

    def read_autoconfig(self, body, who):
        found = {}
        # GMarkup hands text over, and no CDATA.
        for element in document(without_cdata(body)).iter():
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
            its = server(element, SECURITY.get(text(element, "socketType")), text(element, "username"), auth)
            host, user = (fill(value, who, ("EMAILADDRESS", "EMAILLOCALPART")).replace("%EMAILDOMAIN%", "")
                          for value in (its.host, its.user))
            found[element.get("type")] = its._replace(host=host, user=user)
        need(found, "no server")
        return Setup(found.get("imap") or found.get("pop3"), found.get("smtp"))


class EvolutionOfDebian12(Evolution):
    program, version, commit, date = "Evolution", "3.46.4 (Debian 12)", "", "2025-10-27"
    own = "run 2026-11-25"
    source = "libevolution-mail of the package 3.46.4-2, over HTTP"
    decides = "as above, but it hides the user, whom a list of login names knows by the digest"
    remark = "hides the user, whom a list of login names knows by the digest"
    remarks = {"NS": "then the same at the name server's domain"}

    def urls(self, who):
        yield from self.places(who.host, who)
        if who.ns:
            yield from self.places(who.ns.partition(".")[2], who)

    def places(self, domain, who):
        digest = hashlib.md5(who.address.lower().encode()).hexdigest()
        query = f"?emailaddress=EVOLUTIONUSER%40{domain}&emailmd5={digest}"
        return [f"https://autoconfig.{domain}{AUTOCONFIG}{query}", f"https://{domain}{WELL_KNOWN}{query}"]


class KMail(Client):
    program, version, commit, date = "KMail account wizard", "", "8163b65", "2026-07-22"
    remark = "never tells the address"
    own = "run 2026-12-01"
    source = "KDE/kmail-account-wizard, ispdbservice.cpp and serverconfiguration.cpp"
    decides = "all servers, the first of them preset; authentication: the last word until one is not the plain password"
    AUTH = {"password-cleartext": "password", "plain": "password", "password-encrypted": "CRAM-MD5", "NTLM": "NTLM",
            "secure": "CRAM-MD5", "GSSAPI": "GSSAPI", "client-ip-based": "none", "none": "none", "OAuth2": "OAuth2"}

    def urls(self, who):
        return [DATABASE + who.host, f"https://autoconfig.{who.host}{AUTOCONFIG}", f"http://autoconfig.{who.host}{AUTOCONFIG}",
                f"https://{who.host}{WELL_KNOWN}"]

    def autoconfig(self, who, ask):
        # Only another status than 200 makes it ask the next one.
        return self.first_taken(who, gets(self.urls(who)), ask, self.read_autoconfig, ends=True)

    def accepts(self, answer):
        need(answer.status == 200, f"status {answer.status}")

    def server(self, element, who):
        auth = "password"
        for word in texts(element, "authentication"):
            # The plain password is 0 among its constants, which also means that nothing was chosen yet.
            auth = self.AUTH.get(word, auth) if auth == "password" else auth
        security = SECURITY.get(text(element, "socketType"), "SSL")
        found = server(element, security, fill(text(element, "username"), who), auth)
        return found._replace(host=fill(found.host, who))

    def read_autoconfig(self, body, who):
        provider = child(document(body), "emailProvider")
        found = self.of_kinds(provider, who)
        return found._replace(incoming=found.incoming or self.of_kinds(provider, who, ("pop3",)).incoming)


class Geary(Client):
    program, version, commit, date = "Geary", "", "3e8d4f1", "2026-05-13"
    own = "run 2026-12-01"
    source = "GNOME/geary, accounts-autoconfig.vala"
    decides = "the first server of each way, which must be imap and smtp; neither the status nor the user name"
    blind = {"autoconfig": {"user", "auth"}}

    def urls(self, who):
        return [f"https://autoconfig.{who.host}{AUTOCONFIG}", DATABASE + who.host]

    def accepts(self, answer):
        """Any status: an answer that is not XML, or has no emailProvider, makes it go on."""

    def read_autoconfig(self, body, who):
        provider = child(document(body), "emailProvider")
        elements = [child(provider, name) for name in WAYS]
        need([element.get("type") for element in elements] == list(WAYS.values()), "unsupported protocol")
        return Setup(*(server(element, SECURITY.get(text(element, "socketType"), "plain")) for element in elements))


class GnomeOnlineAccounts(Client):
    program, version, commit, date = "GNOME Online Accounts", "3.58.1", "0a85e7c", "2026-05-30"
    own = "run 2026-12-01"
    source = "GNOME/gnome-online-accounts, goamailclient.c"
    decides = "IMAP and SMTP; a user name that is a whole placeholder, anything else is none; mail-v1.xml first"
    remarks = {"MX": "then mail-v1.xml at autoconfig. of the mail server and of its domain"}
    blind = {"autoconfig": {"auth"}}

    def urls(self, who):
        query = "?emailaddress=" + raw(who.address)
        yield f"https://autoconfig.{who.host}{MAIL_V1}{query}"
        yield f"https://autoconfig.{who.host}{AUTOCONFIG}{query}"
        yield f"https://{who.host}{WELL_KNOWN}"
        yield f"http://autoconfig.{who.host}{AUTOCONFIG}"
        yield MUSTANG_DATABASE + who.host
        yield DATABASE + who.host
        # The step by MX asks nothing but mail-v1.xml.
        if who.mx:
            for domain in dict.fromkeys((who.mx, base_domain(who.mx))):
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
    program, version, commit, date = "Mustang", "", "227ae5a", "2026-08-20"
    own = "run 2026-12-01"
    source = "mustang-im/mustang, readConfig.ts, fetchConfig.ts and exchangeV1Config.ts"
    decides = "the typed domain stands among domain; servers in the order of the file; POX knows no outgoing server"
    remarks = {"MX": "then the same at the mail server's domain and at the one below the suffix, without the address"}
    blind = {"pox": {"auth", "outgoing"}}
    TYPES = "pop3 imap jmap smtp ews owa activesync graph exchange caldav carddav webdav".split()
    AUTH = {"password-cleartext": "password", "basic": "password", "password-encrypted": "CRAM-MD5",
            "GSSAPI": "GSSAPI", "NTLM": "NTLM", "OAuth2": "OAuth2"}

    def places(self, domain, query=""):
        """The places of a domain; the address is told to the first alone, and not after an MX record."""
        return [f"https://autoconfig.{domain}{AUTOCONFIG}{query}", f"https://{domain}{WELL_KNOWN}",
                f"http://autoconfig.{domain}{AUTOCONFIG}"]

    def urls(self, who):
        return self.places(who.host, f"?emailaddress={encoded(who.address)}")

    def autoconfig(self, who, ask):
        def read(domain):
            # The domain that is asked must stand in the file.
            return lambda body, who: self.read_autoconfig(body, who, domain)

        def database(domain):
            return lambda: self.first_taken(who, gets([MUSTANG_DATABASE + domain]), ask, read(domain))

        def places(domain, urls):
            return lambda: self.first_taken(who, gets(urls), ask, read(domain), ends=True)

        def mx():
            longer, base = need(who.mx, "no MX").partition(".")[2], base_domain(who.mx)
            return steps(*(step for domain in dict.fromkeys((longer, base))
                           for step in (places(domain, self.places(domain)), database(domain))))
        own = who.domain.lower()
        return steps(database(own), places(own, self.urls(who)), mx)

    def server(self, element, who):
        need(element.get("type") in self.TYPES, f"type {element.get('type')}")
        security = first(SECURITY[word] for word in texts(element, "socketType") if word in SECURITY)
        words = [word for word in texts(element, "authentication") if word in self.AUTH]
        # What it needs for OAuth2 stands in the root, but for hosts that it knows by itself.
        auth = first(self.AUTH[word] for word in words if word != "OAuth2" or self.oauth2)
        # It notes a way before it finds out that it cannot go it.
        auth = auth or first(self.AUTH[word] for word in words)
        need(security and auth, "socketType or authentication")
        return server(element, security, fill_once(javascript(text(element, "username")), who), auth)

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
                return Setup(found._replace(security=security, user=javascript(found.user)), None)
        raise Rejected("no applicable config found")


class Mailspring(Client):
    program, version, commit, date = "Mailspring", "", "d93a0d7", "2026-08-21"
    own = "run 2026-12-01"
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
    program, version, commit, date = "aerc", "", "fab0531", "2026-05-02"
    own = "run 2026-12-01"
    source = "rjarry/aerc, lib/autoconfig/autoconfig.go"
    decides = "the first imap and the last smtp; a user name that is %EMAILADDRESS%, any other is taken as it stands"
    blind = {"autoconfig": {"auth"}}

    def urls(self, who):
        query = "?emailaddress=" + encoded(who.address)
        return [f"https://autoconfig.{who.host}{AUTOCONFIG}{query}", f"https://{who.host}{WELL_KNOWN}{query}",
                DATABASE + who.host]

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
    program, version, commit, date = "Himalaya", "io-pim-discovery 0.9.0", "", "2026-10-04"
    own = "runs in the tests"
    source = "pimalaya/io-pim-discovery, autoconfig/config.rs, pacc/config.rs and compose/config.rs (Himalaya)"
    decides = "one unknown type or word of authentication drops the file; PACC has smtp for submission, as draft -02"
    names = {"autoconfig": "Himalaya, by Thunderbird's documents", "pacc": "Himalaya, by PACC, a draft"}
    remarks = {"TXT mailconf": "mailconf=, the URL of one more document",
               "pacc GET": "whose digest must stand in the TXT record _ua-auto-config.{domain}"}
    blind = {"pacc": {"user"}}
    # The words that it parses; it spells Kerberos GSAPI. What is None here, it cannot do, and leaves out.
    AUTH = {"password-cleartext": "password", "password-encrypted": "password", "NTLM": None, "OAuth2": "OAuth2",
            "client-IP-address": None, "TLS-client-cert": None, "none": None, "GSAPI": None}

    def urls(self, who):
        yield f"https://autoconfig.{who.host}{AUTOCONFIG}?emailaddress={raw(who.address)}"
        yield f"https://{who.host}{WELL_KNOWN}"
        yield DATABASE + who.host
        if who.mailconf:
            yield who.mailconf

    def read_autoconfig(self, body, who):
        root = document(body)
        provider = child(root, "emailProvider")
        need("version" in root.attrib and "id" in provider.attrib, "version or id")
        need(all("url" in found.attrib for found in provider.findall("documentation")), "documentation without url")
        found = root.find("oAuth2")
        whole = found is None or all(found.find(name) is not None for name in ("issuer", "scope", "authURL", "tokenURL"))
        need(whole, "a field of oAuth2 is missing")
        self.oauth2 = found is not None
        return Setup(*(first([self.server(element, who) for element in provider.findall(name)]) for name in WAYS))

    def server(self, element, who):
        words, security = texts(element, "authentication"), text(element, "socketType")
        need(element.get("type") in ("imap", "pop3", "smtp"), f"unknown variant {element.get('type')}")
        need(all(word in self.AUTH for word in words) and security in SECURITY, f"unknown variant in {words}")
        ways = [self.AUTH[word] for word in words if self.AUTH[word] and (word != "OAuth2" or self.oauth2)]
        found = server(element, security, fill(text(element, "username"), who), first(ways))
        return found._replace(host=fill(found.host, who))

    def pacc(self, who, ask):
        url = f"https://ua-auto-config.{who.host}/.well-known/user-agent-configuration.json"
        return self.first_taken(who, gets([url]), ask, self.read_pacc)

    def read_pacc(self, body, who):
        if who.digests is not None:
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            need(any(f"d={digest}" in record.replace(" ", "") for record in who.digests), "DNS has another digest or none")
        try:
            found = json.loads(body)
            need(isinstance(found, dict), "no object of JSON")
        except ValueError as error:
            raise Rejected(f"JSON: {error}") from None
        need({"protocols", "authentication", "info"} <= set(found), "keys")
        ways = found["authentication"]
        auth = "OAuth2" if "oauth-public" in ways else "password" if ways.get("password") else None
        servers = {kind: Server(kind, found["protocols"][kind]["host"], port, "SSL", None, auth)
                   for kind, port in (("imap", 993), ("pop3", 995), ("smtp", 465)) if kind in found["protocols"]}
        return Setup(servers.get("imap") or servers.get("pop3"), servers.get("smtp"))

"""Clients that are web services or libraries: they ask from a server."""

import re

from . import (AUTOCONFIG, DATABASE, MAIL_V1, WAYS, WELL_KNOWN, Client, Setup, child, document, encoded, fill, fill_once,
               is_suffix, mail_protocols, need, pox_request, raw, server, steps, text)


class NextcloudMail(Client):
    program, version, commit, date = "Nextcloud Mail", "", "e5734fe", "2026-08-22"
    own = "run 2026-12-01"
    source = "nextcloud/mail, lib/Service/AutoConfig/IspDb.php"
    decides = "the first imap and smtp; either may be missing; the address is put raw into the URL"
    blind = {"autoconfig": {"auth"}}

    remarks = {"MX": "then the same at the mail server, and at the domain above it"}

    def urls(self, who):
        yield from self.places(who.host, who)
        if who.mx:
            yield from self.places(who.mx, who)
            above = who.mx.partition(".")[2]
            yield from () if is_suffix(above) else self.places(above, who)

    def places(self, domain, who):
        for scheme in ("https", "http"):
            yield f"{scheme}://autoconfig.{domain}{AUTOCONFIG}?emailaddress={raw(who.address)}"
            yield f"{scheme}://{domain}{WELL_KNOWN}?emailaddress={raw(who.address)}"
            if scheme == "https":
                yield DATABASE + domain

    def read_autoconfig(self, body, who):
        found = self.of_kinds(child(document(body), "emailProvider"), who)
        need(any(found), "neither imap nor smtp")
        return found

    def server(self, element, who):
        security = {"ssl": "SSL", "starttls": "STARTTLS", "tls": "STARTTLS"}.get(text(element, "socketType").lower())
        return server(element, security or "plain", fill(text(element, "username"), who))


class SnappyMail(Client):
    program, version, commit, date = "SnappyMail", "", "ba49691", "2025-06-16"
    own = "run 2026-12-01"
    source = "the-djmaze/snappymail, Providers/Domain/Autoconfig.php and plugins/login-autoconfig"
    decides = "server number 0 of each way, if imap and smtp; a user name other than %EMAILADDRESS% is the local part"
    remarks = {"SRV": "then POST there"}
    blind = {"autoconfig": {"auth"}, "pox": {"auth"}}

    def urls(self, who):
        yield f"https://autoconfig.{who.host}{MAIL_V1}?emailaddress={encoded(who.address)}"
        yield f"https://{who.host}{WELL_KNOWN}"
        yield f"http://autoconfig.{who.host}{AUTOCONFIG}"
        yield DATABASE + who.host

    def read_autoconfig(self, body, who):
        need(b"<clientConfig" in body, "no clientConfig")
        elements = [child(child(document(body), "emailProvider"), name) for name in WAYS]
        need([element.get("type") for element in elements] == list(WAYS.values()), "array_filter leaves no number 0")
        return Setup(*(self.server(element, who) for element in elements))

    def server(self, element, who):
        user = who.address if text(element, "username") == "%EMAILADDRESS%" else who.local
        return server(element, {"SSL": "SSL", "STARTTLS": "STARTTLS"}.get(text(element, "socketType"), "plain"), user)

    def pox(self, who, ask):
        # It asks for a user who is not there: an answer must not depend on the mailbox.
        hosts = [f"https://{who.srv}"] if who.srv else []
        hosts += [f"https://{who.host}", f"https://autodiscover.{who.host}", f"http://autodiscover.{who.host}"]
        requests = pox_request(who, hosts, {"Content-Type": "application/xml"}, address=f"autodiscover@{who.host}")
        return self.first_taken(who, requests, ask, self.read_pox)

    def read_pox(self, body, who):
        servers = {}
        for block, found in mail_protocols(body):
            encrypted = text(block, "SSL") == "on"
            if found.kind == "smtp":
                security = "STARTTLS" if found.port == 587 else "SSL" if encrypted else "plain"
            else:
                security = "plain" if not encrypted else "SSL" if found.port == 993 else "STARTTLS"
            user = who.address if found.user == f"autodiscover@{who.host}" else who.local
            servers.setdefault(found.kind, found._replace(security=security, user=user))
        need({"imap", "smtp"} <= set(servers), "an incomplete configuration")
        return Setup(servers["imap"], servers["smtp"])


class Horde(Client):
    program, version, commit, date = "Horde Mail_Autoconfig", "", "f1a4ca1", "2023-12-04"
    own = "run 2026-12-01"
    source = "horde/Mail_Autoconfig, Driver/Thunderbird.php"
    decides = "the first server of each way; SSL or STARTTLS if offered; asks http alone; only a 404 makes it go on"
    blind = {"autoconfig": {"auth", "starttls"}}

    def urls(self, who):
        return [f"http://autoconfig.{who.host}{AUTOCONFIG}?emailaddress={encoded(who.address)}",
                f"http://{who.host}{WELL_KNOWN}"]

    def accepts(self, answer):
        need(answer.status != 404, "status 404")

    def read_autoconfig(self, body, who):
        found = self.of_kinds(child(document(body), "emailProvider"), who, ("imap", "pop3"))
        need(any(found), "no server")
        return found

    def server(self, element, who):
        return server(element, "SSL" if text(element, "socketType").upper() == "SSL" else "STARTTLS",
                      fill(text(element, "username"), who, ("EMAILADDRESS", "EMAILLOCALPART")))


class EmailEngine(Client):
    program, version, commit, date = "EmailEngine", "2.79.2", "aea4535", "2026-08-22"
    own = "run 2026-12-01"
    source = "postalsys/emailengine, lib/autodetect-imap-settings.js"
    decides = "the first imap and smtp; only whole placeholders; TLS at once or STARTTLS if offered; POX: SSL on is TLS"
    remark = "asks all at once"
    remarks = {"SRV": "then POST there instead"}
    blind = {"autoconfig": {"auth", "starttls"}, "pox": {"auth", "starttls"}}

    def urls(self, who):
        return [f"https://autoconfig.{who.host}{AUTOCONFIG}?emailaddress={encoded(who.address)}",
                f"http://{who.host}{WELL_KNOWN}", DATABASE + who.host]

    def read_autoconfig(self, body, who):
        return self.of_kinds(child(document(body), "emailProvider"), who)

    def server(self, element, who):
        user = text(element, "username")
        user = fill_once(user, who) if re.fullmatch("%EMAIL(ADDRESS|LOCALPART|DOMAIN)%", user) else user
        return server(element, "SSL" if text(element, "socketType") == "SSL" else "STARTTLS", user)

    def pox(self, who, ask):
        host = who.srv or f"autodiscover.{who.host}"
        return self.first_taken(who, pox_request(who, [f"https://{host}"]), ask, self.read_pox)

    def read_pox(self, body, who):
        servers = {found.kind: found._replace(security="SSL" if text(block, "SSL") == "on" else "STARTTLS")
                   for block, found in mail_protocols(body)}
        need({"imap", "smtp"} & set(servers), "neither IMAP nor SMTP")
        return Setup(servers.get("imap"), servers.get("smtp"))


class Exchangelib(Client):
    program, version, commit, date = "exchangelib", "4.9.0", "", "2022-11-23"
    own = "runs in the tests"
    source = "ecederstrand/exchangelib, autodiscover/discovery/pox.py"
    decides = "a 200 that can be read ends its search, also with an error; any other status makes it go on; wants EWS"
    remark = "looks for Exchange"
    remarks = {"GET http": "follows a redirect to https, nothing else", "SRV": "then POST there"}

    # It looks for Exchange: what ends its search is all there is to see.
    blind = {"pox": {"incoming", "outgoing"}}

    # What it posts to on each host.
    path = "/Autodiscover/Autodiscover.xml"

    def pox(self, who, ask):
        return self.search(who, ask, lambda host: pox_request(who, [host], path=self.path)[0])

    def search(self, who, ask, request):
        """Two hosts, a redirect without TLS, and the SRV record, as MS-OXDISCO has it."""
        def follow(method, url, headers, body):
            answer = ask(method, url, headers, body)
            location = answer.headers["Location"] or ""
            return ask(method, location, headers, body) if location.startswith("https://") else answer

        def posted(*hosts):
            return lambda: self.first_taken(who, [request(f"https://{host}") for host in hosts], follow, self.stop)

        def redirect():
            answer = ask("GET", f"http://autodiscover.{who.host}{self.path}", {}, None)
            location = answer.headers["Location"] or ""
            need(answer.status in (301, 302) and location.startswith("https://"), f"status {answer.status}")
            method, _, headers, body = request("")
            return self.first_taken(who, [(method, location, headers, body)], ask, self.stop)

        def srv():
            return posted(need(who.srv, "no SRV"))()
        return steps(posted(who.host, f"autodiscover.{who.host}"), redirect, srv)

    def accepts(self, answer):
        need(answer.status == 200, f"status {answer.status}")

    def stop(self, body, who):
        document(body, "Autodiscover")
        return Setup(None, None)


class Exchangelib5(Exchangelib):
    program, version, commit, date = "exchangelib", "5.6.0", "527d240", "2025-11-06"
    own = "read"
    source = "ecederstrand/exchangelib, autodiscover/discovery.py and protocol.py"
    decides = "asks for SOAP alone, which is Exchange's; anything else makes it go on"
    blind = {"soap": {"incoming", "outgoing"}}
    remark = "speaks SOAP alone, which only Exchange answers"
    remarks = {"GET http": "follows a redirect to https, nothing else", "SRV": "then POST there"}
    path = "/autodiscover/autodiscover.svc"
    pox = None

    def soap(self, who, ask):
        body = (b'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
                b"<s:Body/></s:Envelope>")
        return self.search(who, ask, lambda host: (
            "POST", host + self.path, {"Content-Type": "text/xml; charset=utf-8"}, body))

    def stop(self, body, who):
        document(body, "Envelope")
        return Setup(None, None)


class MylDiscovery(Client):
    program, version, commit, date = "myl-discovery", "0.6.4", "", "2025-11-15"
    own = "runs in the tests"
    source = "myl-discovery of PyPI, myldiscovery/discovery.py"
    decides = "one server each way, or it stumbles; asks what the TXT record mailconf= points at"
    blind = {"autoconfig": {"auth", "user"}}

    remarks = {"TXT mailconf": "mailconf=, the URL of the document; nothing else is asked for one"}

    def urls(self, who):
        return [who.mailconf] if who.mailconf else []

    def read_autoconfig(self, body, who):
        provider = child(document(body, "clientConfig"), "emailProvider")
        need(all(len(provider.findall(name)) == 1 for name in WAYS), "AttributeError: a list of servers")
        # It does not look at the type.
        return Setup(*(self.server(provider.find(name)) for name in WAYS))

    def server(self, element):
        return server(element, {"SSL": "SSL", "STARTTLS": "STARTTLS"}.get(text(element, "socketType"), "plain"))

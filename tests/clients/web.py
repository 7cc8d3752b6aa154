"""Clients that are web services or libraries: they ask from a server."""

import re

from . import (AUTOCONFIG, MAIL_V1, POX, WELL_KNOWN, Client, Rejected, Server, Setup, child, document, encoded, fill,
               first, need, pox_request, protocols, raw, text)


class NextcloudMail(Client):
    version = "e5734fe, 2026-08-22"
    source = "nextcloud/mail, lib/Service/AutoConfig/IspDb.php"
    decides = "the first imap and smtp; either may be missing; the address is put raw into the URL"
    blind = {"autoconfig": {"auth"}}

    def urls(self, who):
        for domain in filter(None, (who.host, who.mx, who.mx.partition(".")[2])):
            for scheme in ("https", "http"):
                yield f"{scheme}://autoconfig.{domain}{AUTOCONFIG}?emailaddress={raw(who.address)}"
                yield f"{scheme}://{domain}{WELL_KNOWN}?emailaddress={raw(who.address)}"

    def read_autoconfig(self, body, who):
        provider, servers = child(document(body), "emailProvider"), []
        for name, kind in (("incomingServer", "imap"), ("outgoingServer", "smtp")):
            element = provider.find(f"{name}[@type='{kind}']")
            security = {"ssl": "SSL", "starttls": "STARTTLS", "tls": "STARTTLS"}
            servers.append(None if element is None else Server(
                kind, text(element, "hostname"), int(text(element, "port")),
                security.get(text(element, "socketType").lower(), "plain"), fill(text(element, "username"), who), None))
        need(any(servers), "neither imap nor smtp")
        return Setup(*servers)


class SnappyMail(Client):
    version = "ba49691, 2025-06-16"
    source = "the-djmaze/snappymail, Providers/Domain/Autoconfig.php and plugins/login-autoconfig"
    decides = "server number 0 of each way, if imap and smtp; a user name other than %EMAILADDRESS% is the local part"
    blind = {"autoconfig": {"auth"}, "pox": {"auth"}}

    def urls(self, who):
        yield f"https://autoconfig.{who.host}{MAIL_V1}?emailaddress={encoded(who.address)}"
        yield f"https://{who.host}{WELL_KNOWN}"
        yield f"http://autoconfig.{who.host}{AUTOCONFIG}"

    def read_autoconfig(self, body, who):
        need(b"<clientConfig" in body, "no clientConfig")
        provider, servers = child(document(body), "emailProvider"), []
        for name, kind in (("incomingServer", "imap"), ("outgoingServer", "smtp")):
            element = child(provider, name)
            need(element.get("type") == kind, f"array_filter leaves no {name} number 0")
            servers.append(Server(kind, text(element, "hostname"), int(text(element, "port")),
                                  {"SSL": "SSL", "STARTTLS": "STARTTLS"}.get(text(element, "socketType"), "plain"),
                                  who.address if text(element, "username") == "%EMAILADDRESS%" else who.local, None))
        return Setup(*servers)

    def pox(self, who, ask):
        # It asks for a user who is not there: an answer must not depend on the mailbox.
        hosts = [f"https://{who.host}", f"https://autodiscover.{who.host}", f"http://autodiscover.{who.host}"]
        requests = pox_request(who, hosts, {"Content-Type": "application/xml"}, address=f"autodiscover@{who.host}")
        return self.first_taken(who, requests, ask, self.read_pox)

    def read_pox(self, body, who):
        found = {text(block, "Type"): block for block in reversed(protocols(body))}
        need({"IMAP", "SMTP"} <= set(found), "an incomplete configuration")
        servers = []
        for kind, block in (("imap", found["IMAP"]), ("smtp", found["SMTP"])):
            port, encrypted = int(text(block, "Port")), text(block, "SSL") == "on"
            if kind == "imap":
                security = "plain" if not encrypted else "SSL" if port == 993 else "STARTTLS"
            else:
                security = "STARTTLS" if port == 587 else "SSL" if encrypted else "plain"
            user = who.address if text(block, "LoginName") == f"autodiscover@{who.host}" else who.local
            servers.append(Server(kind, text(block, "Server"), port, security, user, None))
        return Setup(*servers)


class Horde(Client):
    version = "Mail_Autoconfig f1a4ca1"
    source = "horde/Mail_Autoconfig, Driver/Thunderbird.php"
    decides = "the first server of each way; SSL or STARTTLS if offered; asks http alone; only a 404 makes it go on"
    blind = {"autoconfig": {"auth", "starttls"}}

    def urls(self, who):
        return [f"http://autoconfig.{who.host}{AUTOCONFIG}?emailaddress={encoded(who.address)}",
                f"http://{who.host}{WELL_KNOWN}"]

    def accepts(self, answer):
        need(answer.status != 404, "status 404")

    def read_autoconfig(self, body, who):
        provider, servers = child(document(body), "emailProvider"), []
        for name, kinds in (("incomingServer", ("imap", "pop3")), ("outgoingServer", ("smtp",))):
            element = first(found for found in provider.findall(name) if found.get("type") in kinds)
            servers.append(None if element is None else Server(
                element.get("type"), text(element, "hostname"), int(text(element, "port")),
                "SSL" if text(element, "socketType").upper() == "SSL" else "STARTTLS",
                fill(text(element, "username"), who, ("EMAILADDRESS", "EMAILLOCALPART")), None))
        return Setup(*servers)


class EmailEngine(Client):
    version = "2.79.2"
    source = "postalsys/emailengine, lib/autodetect-imap-settings.js"
    decides = "the first imap and smtp; only whole placeholders; TLS at once or STARTTLS if offered; POX: SSL on is TLS"
    blind = {"autoconfig": {"auth", "starttls"}, "pox": {"auth", "starttls"}}

    def urls(self, who):
        return [f"https://autoconfig.{who.host}{AUTOCONFIG}?emailaddress={encoded(who.address)}",
                f"http://{who.host}{WELL_KNOWN}"]

    def read_autoconfig(self, body, who):
        provider, servers = child(document(body), "emailProvider"), []
        for name, kind in (("incomingServer", "imap"), ("outgoingServer", "smtp")):
            element = provider.find(f"{name}[@type='{kind}']")
            if element is None:
                servers.append(None)
                continue
            user = text(element, "username")
            user = fill(user, who) if re.fullmatch("%EMAIL(ADDRESS|LOCALPART|DOMAIN)%", user) else user
            servers.append(Server(kind, text(element, "hostname"), int(text(element, "port")),
                                  "SSL" if text(element, "socketType") == "SSL" else "STARTTLS", user, None))
        return Setup(*servers)

    def pox(self, who, ask):
        return self.first_taken(who, pox_request(who, [f"https://autodiscover.{who.host}"]), ask, self.read_pox)

    def read_pox(self, body, who):
        servers = {text(block, "Type"): Server(
            text(block, "Type").lower(), text(block, "Server"), int(text(block, "Port")),
            "SSL" if text(block, "SSL") == "on" else "STARTTLS", text(block, "LoginName"), None)
            for block in protocols(body) if text(block, "Type") in ("IMAP", "SMTP")}
        need(servers, "neither IMAP nor SMTP")
        return Setup(servers.get("IMAP"), servers.get("SMTP"))


class Exchangelib(Client):
    version = "4.9.0 (Debian 12)"
    source = "ecederstrand/exchangelib, autodiscover/discovery/pox.py"
    decides = "a 200 that can be read ends its search, also with an error; any other status makes it go on; wants EWS"

    def pox(self, who, ask):
        hosts = [f"https://{who.host}", f"https://autodiscover.{who.host}"]
        self.stopped_at = None
        for request in pox_request(who, hosts, path="/Autodiscover/Autodiscover.xml"):
            try:
                answer = ask(*request)
            except Rejected:
                continue
            if answer.status == 200:
                document(answer.body, "Autodiscover")
                self.stopped_at = request[1]
                raise Rejected("no EWS")
        ask("GET", f"http://autodiscover.{who.host}{POX}", {}, None)
        raise Rejected("nothing found")


class MylDiscovery(Client):
    version = "0.6.4"
    source = "myl-discovery of PyPI, myldiscovery/discovery.py"
    decides = "one server each way, or it stumbles; asks what the TXT record mailconf= points at"
    blind = {"autoconfig": {"auth", "user"}}

    def urls(self, who):
        return [f"https://autoconfig.{who.host}{AUTOCONFIG}"]

    def read_autoconfig(self, body, who):
        provider, servers = child(document(body, "clientConfig"), "emailProvider"), []
        for name in ("incomingServer", "outgoingServer"):
            need(len(provider.findall(name)) == 1, f"AttributeError: not one {name}")
            element = provider.find(name)
            security = {"SSL": "SSL", "STARTTLS": "STARTTLS"}.get(text(element, "socketType"), "plain")
            # It does not look at the type.
            servers.append(Server(element.get("type"), text(element, "hostname"), int(text(element, "port")), security,
                                  None, None))
        return Setup(*servers)

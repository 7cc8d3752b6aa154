"""Clients of telephones."""

import re
from urllib.parse import urlsplit

from . import (AUTOCONFIG, POX, WAYS, WELL_KNOWN, Client, Rejected, Server, Setup, base_domain, child, document,
               encoded, fill, first, mail_protocols, need, number, pox_request, raw, server, text, texts)

LEGAL_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.I)


class ThunderbirdForAndroid(Client):
    client = "Thunderbird for Android a59bd67, 2026-08-20 (K-9 Mail too)"
    source = "thunderbird/thunderbird-android, feature/autodiscovery/autoconfig"
    decides = "the first imap and smtp; one wrong server of these kinds drops the file; TLS alone; sends no address"
    AUTH = {"OAuth2": "OAuth2", "password-cleartext": "password", "password-encrypted": "CRAM-MD5"}

    def urls(self, who):
        for scheme in ("https", "http"):
            yield f"{scheme}://autoconfig.{who.host}{AUTOCONFIG}"
            yield f"{scheme}://{who.host}{WELL_KNOWN}"
        base = base_domain(who.mx)
        if who.mx and base != who.host:
            for domain in dict.fromkeys((who.mx.partition(".")[2], base)):
                yield f"https://autoconfig.{domain}{AUTOCONFIG}"

    def server(self, element, who):
        kind = element.get("type")
        need(LEGAL_HOST.fullmatch(fill(text(element, "hostname"), who)), f"{kind}: hostname")
        need(number(text(element, "port")) <= 65535, f"{kind}: port")
        need(text(element, "socketType") in ("SSL", "STARTTLS"), f"{kind}: socketType {text(element, 'socketType')}")
        need(element.find("username") is not None, f"{kind}: username")
        auth = first(self.AUTH[word] for word in texts(element, "authentication") if word in self.AUTH)
        need(auth, f"{kind}: authentication")
        return server(element, text(element, "socketType"), fill(text(element, "username"), who), auth)

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


class DeltaChat(Client):
    client = "Delta Chat: chatmail/core 4888889, 2026-08-22"
    source = "chatmail/core, configure.rs, auto_mozilla.rs and auto_outlook.rs"
    decides = "all imap and smtp in turn; of a text with references the piece after the last; any XML of a 2xx ends it"
    blind = {"autoconfig": {"auth"}}
    MARK = "\ue000"

    def urls(self, who):
        query = "?emailaddress=" + encoded(who.address)
        yield f"https://autoconfig.{who.host}{AUTOCONFIG}{query}"
        yield f"https://{who.host}{WELL_KNOWN}{query}"
        yield f"http://autoconfig.{who.host}{AUTOCONFIG}{query}"
        # These answer a GET with 405, which makes it go on to the central database; a 200 would be its answer.
        yield f"https://{who.host}{POX}"
        yield f"https://autodiscover.{who.host}{POX}"

    def last_piece(self, element, name):
        return ([""] + [piece.strip() for piece in text(element, name).split(self.MARK) if piece.strip()])[-1]

    def read_autoconfig(self, body, who):
        root = document(re.sub(rb"&[^;<&]*;", self.MARK.encode(), body))
        found = {}
        for element in root.iter():
            if element.tag in WAYS and element.find("username") is not None:
                security = {"ssl": "SSL", "starttls": "STARTTLS", "plain": "plain"}
                found.setdefault(element.get("type"), Server(
                    element.get("type"), fill(self.last_piece(element, "hostname"), who),
                    int(self.last_piece(element, "port")), security.get(text(element, "socketType").lower()),
                    fill(self.last_piece(element, "username"), who), None))
        return Setup(found.get("imap"), found.get("smtp"))


class FairEmail(Client):
    client = "FairEmail e23dd9d, 2026-08-22"
    source = "M66B/FairEmail, EmailProvider.java and Misc.java"
    decides = "the first server of each way, if it is imap and smtp; the last username of the whole file; POX by port"
    blind = {"autoconfig": {"auth"}, "pox": {"auth", "user"}}

    def urls(self, who):
        domains, mx = [who.host], who.mx
        while mx.count("."):
            domains.append(mx)
            mx = mx.partition(".")[2]
        for domain in domains:
            for scheme in ("https", "http"):
                yield f"{scheme}://autoconfig.{domain}{AUTOCONFIG}?emailaddress={raw(who.address)}"
                yield f"{scheme}://{domain}{WELL_KNOWN}?emailaddress={raw(who.address)}"

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
    client = "AOSP Exchange, LineageOS ecd3cb5"
    source = "LineageOS/android_packages_apps_Exchange, EasAutoDiscover.java"
    decides = "host and port of a Url after a Type that is exactly MobileSync; only 200 is read; a Redirect is ignored"

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

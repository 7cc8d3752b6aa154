"""Clients whose source nobody has: known from documents, and from the logs of servers."""

import json
from urllib.parse import urlsplit

from . import (POX, WELL_KNOWN, Client, Rejected, Setup, child, document, encoded, gets, mail_protocols, need,
               pox_request, protocols, steps, text)


class Outlook(Client):
    program, version = "Outlook", "2010 to 365 classic, as documented"
    own = "documents"
    source = "MS-OXDSCLI 2.2.4 and 3.1.5; MicrosoftDocs/office-developer-exchange-docs, *-pox.md; logs of servers"
    decides = "blocks in the server's order; Encryption before SSL; SPA and SSL are on unless told; UsePOPAuth; 10 hops"
    names = {"pox": "Outlook 2007 to 2019 and classic Outlook of Microsoft 365, full wizard",
             "json": "Outlook 2016 and later, short wizard; takes Exchange from it, seldom IMAP"}
    remarks = {"GET http": "follows a redirect to https, nothing else", "SRV": "asks the user, then POST there",
               "GET https": "then POST to the URL that the answer names"}
    AGENT = {"Content-Type": "text/xml", "User-Agent": "Microsoft Office/16.0 (Windows NT 10.0; MAPI 16.0.10344; Pro)",
             "X-MapiHttpCapability": "1"}

    def pox(self, who, ask, hops=0):
        need(hops < 10, "too many redirects")

        def read(body, who):
            return self.read_pox(body, who, ask, hops)

        def posted(*hosts):
            return lambda: self.first_taken(who, pox_request(who, hosts, self.AGENT), self.following(ask), read)

        def redirect():
            # A GET without TLS looks for nothing but a redirect.
            answer = ask("GET", f"http://autodiscover.{who.host}{POX}", {}, None)
            need(answer.status in (301, 302), f"status {answer.status}")
            return self.posted(answer.headers["Location"], who, ask, hops)

        def srv():
            return posted(f"https://{need(who.srv, 'no SRV')}")()
        return steps(posted(f"https://{who.host}", f"https://autodiscover.{who.host}"), redirect, srv)

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
        urls = [json_url(host, who, "Autodiscoverv1") for host in (f"autodiscover.{who.host}", who.host)]
        return self.first_taken(who, gets(urls), ask, lambda body, who: self.posted(json.loads(body)["Url"], who, ask, 1))

    def read_pox(self, body, who, ask=None, hops=0):
        account = child(child(document(body, "Autodiscover"), "Response"), "Account")
        action = text(account, "Action")
        if action != "settings":
            need(ask, action)
            if action == "redirectAddr":
                return self.pox(who.moved(text(account, "RedirectAddr")), ask, hops + 1)
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
    program, version = "eM Client", "as reported, 2016 to 2024"
    own = "reports"
    source = "mailcow/mailcow-dockerized, pull request 370, and access logs"
    decides = "as Outlook, without a User-Agent; it takes CalDAV and CardDAV blocks too"
    names, remarks = {}, {}
    remark = "reads CalDAV and CardDAV too; the order of the hosts is not known"
    AGENT = {"Content-Type": "text/xml"}
    json = None

    def pox(self, who, ask, hops=0):
        requests = pox_request(who, [f"https://{who.host}", f"https://autodiscover.{who.host}"], self.AGENT)
        return self.first_taken(who, requests, self.following(ask), lambda body, who: self.read_pox(body, who, ask, hops))

    def dav(self, body):
        """The calendars and address books: type, URL, user."""
        return [(text(block, "Type"), text(block, "Server"), text(block, "LoginName")) for block in protocols(body)
                if text(block, "Type") in ("CalDAV", "CardDAV")]


def json_url(host, who, protocol):
    return f"https://{host}/autodiscover/autodiscover.json?Email={encoded(who.address)}&Protocol={protocol}&RedirectCount=1"


class AutoDetect(Client):
    program, version = "new Outlook, Outlook for Mac and for phones", "by logs of servers, 2026"
    own = "reports"
    source = "access logs; what it makes of the answers is not known"
    decides = "Microsoft's AutoDetect asks in its place, and gives what Microsoft believes of the domain"
    names = {"": "New Outlook, Outlook for Mac and for phones; Microsoft's AutoDetect asks for them"}
    remarks = {"POST https": "for ActiveSync"}

    def questions(self, who, ask):
        host = f"autodiscover.{who.host}"
        phone = pox_request(who, [f"https://{host}"], {"Content-Type": "text/xml"}, "mobilesync/responseschema/2006")
        for request in gets([f"https://{who.host}{WELL_KNOWN}", json_url(host, who, "ActiveSync")]) + phone:
            ask(*request)


class AppleExchange(Client):
    program, version = "Apple Mail, for an Exchange account", "by logs of servers, 2026"
    own = "reports"
    source = "access logs; what it makes of the answers is not known"
    decides = "asks for EWS and then for ActiveSync"
    names = {"": "Apple Mail on iPhone, iPad and Mac, for an Exchange account"}
    remarks = {"POST https": "for ActiveSync"}

    def questions(self, who, ask):
        hosts = [f"https://{who.host}", f"https://autodiscover.{who.host}"]
        phone = pox_request(who, hosts, {"Content-Type": "text/xml"}, "mobilesync/responseschema/2006",
                            "/Autodiscover/Autodiscover.xml")
        for request in gets([json_url(f"autodiscover.{who.host}", who, "EWS")]) + phone:
            ask(*request)


class AppleProfile(Client):
    program, version = "Apple Mail, for IMAP", "as documented"
    own = "documents"
    source = "Apple's Configuration Profile Reference; the suite profiles reads it"
    decides = "asks nothing by itself: the user opens a profile"
    names = {"": "Apple Mail on iPhone, iPad and Mac, for IMAP: the user opens a profile in Safari"}

    def questions(self, who, ask):
        ask("GET", f"https://autodiscover.{who.host}/mail/{who.host}.mobileconfig?emailaddress={encoded(who.address)}", {}, None)

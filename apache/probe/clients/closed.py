"""Clients whose source nobody has: known from documents, and from the logs of servers."""

import json
from urllib.parse import urlsplit

from . import POX, Client, Rejected, Setup, child, document, encoded, mail_protocols, need, pox_request, protocols, steps, text


class Outlook(Client):
    program, version = "Outlook", "2010 to 365 classic, as documented"
    own = "documents"
    source = "MS-OXDSCLI 2.2.4 and 3.1.5; MicrosoftDocs/office-developer-exchange-docs, *-pox.md; logs of servers"
    decides = "blocks in the server's order; Encryption before SSL; SPA and SSL are on unless told; UsePOPAuth; 10 hops"
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
    AGENT = {"Content-Type": "text/xml"}
    json = None

    def dav(self, body):
        """The calendars and address books: type, URL, user."""
        return [(text(block, "Type"), text(block, "Server"), text(block, "LoginName")) for block in protocols(body)
                if text(block, "Type") in ("CalDAV", "CardDAV")]

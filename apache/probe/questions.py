"""All questions for one address, in the order in which clients ask."""

import base64
import contextlib
import hashlib
import re
import ssl
import sys
import time
import urllib.parse
from xml.sax.saxutils import escape

from .addresses import FAILURES, Network, Unanswered
from .advice import CAUSES
from .certificates import EXPIRES_SOON, certificate_faults, tls, unverified
from .documents import (MOBILESYNC, OUTLOOK, autodetect_source, default_port, judge_client_config, judge_settings, looks_like,
                        member, read_json, spoken)
from .findings import MANY, count, printable, short
from .names import HOST
from .web import classify, fetch, followed

XML_PATH, JSON_PATH = "/autodiscover/autodiscover.xml", "/autodiscover/autodiscover.json"
PROGRAM_PATH = "/cgi-bin/autodiscover.cgi"

# How much each kind of answer matters; what is not here depends on the question.
LEVELS = {"right": "ok", "moved": "ok", "doubtful": "warn", "redirected": "warn", "absent": "-", "refused": "-", "nothing": "-",
          "untried": "-", "source": "FAIL", "late": "FAIL"}


class Probe:
    """All questions for one address; what they bring is in `findings`."""

    def __init__(self, options, local, domain, tell):
        self.options, self.domain, self.address, self.tell = options, domain, f"{local}@{domain}", tell
        self.net, self.findings = Network(options), []
        # The URLs that were posted to; the first that gives Outlook its settings, and the first that gives any document.
        self.asked, self.settled, self.spoken, self.moved = set(), "", "", False
        # The mail servers that are named, and the servers of each answer by its URL, with the program's word.
        self.servers, self.answers = [], {}

    def say(self, level, subject, text, cause=None, lesser=0, **fields):
        """Notes a finding; `lesser` puts its cause behind those that more clients suffer from."""
        finding = {"level": level, "subject": printable(subject), "text": printable(text)}
        if cause and level in ("warn", "FAIL"):
            fields = {"domain": self.domain, "address": self.address, **fields}
            step, *reasons = (printable(part.format(**fields)) for part in CAUSES[cause])
            rank = list(CAUSES).index(cause) + lesser + (1000 if level == "warn" else 0)
            finding.update(cause=cause, rank=rank, step=step, reasons=reasons)
        self.findings.append(finding)
        self.tell(finding)

    def report(self, level, subject, answer, lesser=0):
        """Says how a question went; further lines are at most as bad as the question is."""
        self.say(level, subject, answer.trail + answer.text, answer.cause, lesser, **self.fields(answer))
        for its_level, text, cause in answer.lines[:MANY]:
            self.say(level if its_level == "FAIL" else its_level, subject, text, cause, lesser, **self.fields(answer))
        self.servers += [server for server in answer.servers if server not in self.servers]

    def fields(self, answer):
        detail = answer.failure.detail if answer.failure else ""
        return {"host": answer.host, "port": answer.port, "path": answer.path.partition("?")[0], "url": short(answer.url),
                "detail": detail, "seconds": count(self.net.seconds, "second")}

    def exchange(self, method, url, body=None, context=None):
        """Asks, follows redirects as clients do, and says what kind of thing came back."""
        trail = ""
        for _ in range(11):
            answer = fetch(self.net, method, url, body, context=context)
            answer.trail, status = trail, answer.status
            target = answer.location
            if not target:
                break
            if method == "POST" and not followed(status, target):
                return answer.be("redirect", f"the redirect ({status}) to {short(target)} turns the POST into a GET, and the "
                                 "request is lost", "redirect")
            if answer.scheme == "https" and not re.match(r"(?i)https://[a-z0-9._:-]+(/|$)", target):
                return answer.be("redirect", f"the redirect ({status}) does not lead to https: {short(target)}", "redirect-target")
            trail, url = trail + f"redirected to {short(target)}: ", target
        else:
            answer.trail = ""
            return answer.be("redirect", "there are more than 10 redirects", "redirect-target")
        if not answer.failure:
            return classify(answer)
        kind = answer.failure.kind
        if kind == "certificate":
            return answer.be(kind, *certificate_faults(self.net, answer.host, answer.port, answer.failure))
        text, cause = FAILURES[kind]
        return answer.be("redirect" if kind == "url" else kind, text.format(**self.fields(answer)), cause)

    # Outlook

    def post(self, url, schema=OUTLOOK):
        """The question of Outlook or of phones, and what a GET of the same place adds where the POST is refused."""
        answer = self.exchange("POST", url, (
            f'<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="{schema.partition("response")[0]}requestschema/2006">\n'
            f"  <Request>\n    <EMailAddress>{escape(self.address)}</EMailAddress>\n"
            f"    <AcceptableResponseSchema>{schema}</AcceptableResponseSchema>\n  </Request>\n</Autodiscover>\n"
        ).encode("utf-8", "surrogateescape"))
        if answer.kind == "document":
            return judge_settings(answer, schema)
        if answer.kind in ("closed", "timeout") or answer.kind == "status" and answer.status in range(400, 500):
            self.net.silent.discard((answer.host, answer.port))
            get = self.exchange("GET", answer.url)
            if get.kind in ("source", "download"):
                return get
            if get.word or get.status == 405 and ("POST" in get.header("Allow") or b"<Autodiscover" in get.body):
                answer.be(answer.kind, answer.text + ", but a GET reaches the program", "firewall")
            elif get.kind == "document" and get.status == 200:
                answer.be(answer.kind, answer.text + ", but a GET brings a file", "static")
        return answer

    def settings(self, url, must):
        """Asks a place as Outlook does; `must` where a fault costs a client its settings, as there is no next place."""
        self.asked.add(url)
        answer = self.post(url)
        kind = answer.kind
        if kind in ("right", "doubtful", "moved", "redirected", "mislead") or answer.code == "601":
            self.spoken = self.spoken or answer.url
        if kind in ("right", "doubtful", "moved", "redirected"):
            self.settled = self.settled or answer.url
        if kind in ("right", "doubtful", "mislead") or answer.cause == "unserved":
            self.answers[answer.place] = frozenset(answer.servers), answer.word
        self.moved |= kind in ("moved", "redirected")
        # Not even the next place helps where Outlook takes this answer, or asks its user about it.
        final = kind in ("tls", "certificate", "download", "unauthorized", "namespace", "error", "mislead", "broken")
        otherwise = "FAIL" if final or must and not self.settled else "warn"
        self.report(LEVELS.get(kind, otherwise), f"POST {url}", answer)
        if kind == "redirected" and answer.target not in self.asked and len(self.asked) < MANY:
            self.settings(answer.target, True)
        return answer

    def lead(self, subject, url, must):
        """A place that another answer leads to."""
        new = url not in self.asked and url != self.settled
        self.say("ok", subject, f"leads to {short(url)}{', which is asked next' if new else ''}")
        return self.settings(url, must) if new else None

    def outlook(self):
        self.tell("Outlook, new Outlook and phones: a POST to autodiscover.xml")
        self.settings(f"https://{self.domain}{XML_PATH}", False)
        last = self.settings(f"https://autodiscover.{self.domain}{XML_PATH}", True)
        direct = self.settled
        self.plain_redirect()
        subject, targets = f"SRV _autodiscover._tcp.{self.domain}", self.net.records("SRV", f"_autodiscover._tcp.{self.domain}")
        if not targets:
            unasked = targets is None and "*" in self.net.places
            self.say("warn" if targets is None and not unasked else "-", subject,
                     "not asked, as a --resolve stands in for DNS" if unasked else
                     "DNS does not answer" if targets is None else "there is no such record")
        for host, port in (targets or ())[:MANY]:
            last = self.lead(subject, f"https://{host}{'' if port == 443 else f':{port}'}{XML_PATH}", True) or last
        if self.settled and not direct:
            self.say("warn", "phones and new Outlook", f"they do not ask {self.settled}, which only Outlook finds, by the "
                     "last ways that it tries", "indirect")
        elif not self.settled:
            known = last.kind in ("absent", "dns", "refused") or last.kind == "nothing" and not self.program_runs(last.host)
            self.say("FAIL", "Outlook", "no place gives it settings", last.cause if known else None, **self.fields(last))
        url = self.settled or self.spoken
        if url:
            # New Outlook and phones ask in another schema at the same place; fewer clients need that.
            answer = self.post(url, MOBILESYNC)
            if answer.code == "601" and answer.status == 200:
                answer.be("nothing", "no ActiveSync is offered (601), and clients go on to IMAP")
            self.report(LEVELS.get(answer.kind, "FAIL"), f"ActiveSync schema, POST {url}", answer, lesser=100)

    def plain_redirect(self):
        """Only a redirect is looked for in plain HTTP; settings there are for nobody to believe."""
        url = f"http://autodiscover.{self.domain}{XML_PATH}"
        subject, answer = f"GET {url}", fetch(self.net, "GET", url)
        target = answer.location
        if answer.failure:
            self.say("-", subject, FAILURES[answer.failure.kind][0].format(**self.fields(answer)))
        elif target:
            # A GET has no body that a 301 could lose.
            if followed(302, target):
                self.lead(subject, target, False)
            else:
                self.say("-" if self.settled else "warn", subject, f"the redirect leads to {short(target)}, where no client follows")
        elif classify(answer).kind == "source":
            self.report("FAIL", subject, answer)
        elif answer.kind == "document" and answer.status == 200:
            self.say("warn", subject, "answers over plain HTTP, which no client should believe; "
                     "a redirect (302) to https would be right", "plain")
        else:
            self.say("-", subject, f"no redirect to https ({answer.status})")

    def program_runs(self, host):
        """Whether the program answers at its own URL although the clients' paths do not lead to it, or fails there."""
        url = f"https://{host}{PROGRAM_PATH}"
        answer = self.post(url)
        if answer.servers or answer.code or answer.word or answer.kind in ("moved", "redirected"):
            self.say("FAIL", f"POST {url}", "the program runs here, but the clients' paths do not lead to it", "paths",
                     **self.fields(answer))
        elif answer.cause in ("source", "server-error", "configuration", "download", "firewall"):
            self.report("FAIL", f"POST {url}", answer)
        else:
            return False
        return True

    def autodiscover_v2(self):
        self.tell("Outlook and its cloud service: a GET of autodiscover.json")
        query = urllib.parse.urlencode({"Email": self.address, "Protocol": "Autodiscoverv1", "RedirectCount": 1},
                                       errors="surrogateescape")
        for host in (self.domain, f"autodiscover.{self.domain}"):
            subject = f"GET https://{host}{JSON_PATH}"
            answer = self.exchange("GET", f"https://{host}{JSON_PATH}?{query}")
            if answer.kind == "document":
                target = str(member(read_json(answer.body), "Url") or "")
                if re.fullmatch(r"(?i)https://[^/]+" + re.escape(XML_PATH), target):
                    self.lead(subject, target, True)
                    continue
                if target:
                    answer.be("mislead", f"leads to {short(target)}, where there are no settings for Outlook", "json-target")
                else:
                    answer.be("", "something that is not an answer of Autodiscover V2", "no-json")
            fails = answer.kind in ("mislead", "unauthorized", "certificate")
            self.report(LEVELS.get(answer.kind, "FAIL" if fails else "warn"), subject, answer)

    # Thunderbird

    def config(self, url):
        answer = self.exchange("GET", url)
        if answer.kind == "document":
            judge_client_config(answer, self.domain)
        if answer.servers and answer.scheme == "https":
            self.answers[answer.place] = frozenset(answer.servers), answer.word
        return answer

    def thunderbird(self):
        self.tell("Thunderbird: a GET of config-v1.1.xml")
        query = "?emailaddress=" + urllib.parse.quote(self.address, safe="", errors="surrogateescape")
        own, well_known = f"autoconfig.{self.domain}/mail/", f"{self.domain}/.well-known/autoconfig/mail/"
        configured = clear = first = None
        for place in (f"https://{own}", f"https://{well_known}", f"http://{own}", f"http://{well_known}"):
            url = f"{place}config-v1.1.xml"
            answer = self.config(url + query)
            first, kind = first or answer, answer.kind
            # A website at the bare domain, or a plain HTTP that serves nothing, is in nobody's way.
            level = "FAIL" if kind in ("mislead", "broken") or url.startswith("https://autoconfig.") else "-"
            if kind in ("certificate", "tls", "unauthorized"):
                level = "warn" if url.startswith("http:") else "FAIL"
            level = LEVELS.get(kind, level)
            if kind in ("right", "doubtful") and answer.scheme == "https":
                configured = configured or url
            elif kind in ("right", "doubtful"):
                level, clear = "-", url
                answer.text += "; over plain HTTP, which others can change on its way"
            self.report(level, f"GET {url}", answer, lesser=50)
        if configured:
            # Thunderbird for Android and KMail name no address.
            answer = self.config(configured)
            right = answer.kind in ("right", "doubtful")
            self.say("ok" if right else "FAIL", f"GET {configured}, no address",
                     "answers the same without an address, as Thunderbird for Android asks" if right else
                     f"gives Thunderbird for Android, which names no address, nothing: {answer.text}", "android")
        elif clear:
            self.say("warn", "Thunderbird", "it finds its settings over plain HTTP only, which others can change on their way",
                     "plain-only")
        elif self.moved:
            self.say("warn", "Thunderbird", "the domain has moved, and only Outlook's way tells it where to")
        else:
            self.say("FAIL", "Thunderbird", "none of the four gives it settings; on the desktop it may use those of Outlook, "
                     "on Android it finds none", first.cause if first.kind in ("absent", "dns", "refused", "nothing") else None,
                     lesser=50, **self.fields(first))
        # GNOME Online Accounts asks here first.
        url = f"https://autoconfig.{self.domain}/.well-known/mail-v1.xml"
        answer = self.config(url + query)
        self.report(LEVELS.get(answer.kind, "FAIL" if answer.kind == "mislead" else "-"), f"GET {url}", answer, lesser=50)

    def pacc(self):
        self.tell("The coming standard (PACC): a GET of user-agent-configuration.json")
        host, level = f"ua-auto-config.{self.domain}", "-"
        url = f"https://{host}/.well-known/user-agent-configuration.json"
        answer = self.exchange("GET", url)
        protocols = member(read_json(answer.body), "protocols")
        if answer.kind == "document" and not isinstance(protocols, dict):
            answer.be("", "something that is not a document of PACC", "no-json")
            level = "warn"
        elif answer.kind == "document":
            # Version 03 of the draft says submit, 02 says smtp; there is no other port than that of TLS at once.
            for name, kind in (("imap", "imap"), ("pop3", "pop3"), ("submit", "smtp"), ("smtp", "smtp")):
                its_host = str(member(protocols, name, "host")).lower()
                if HOST.fullmatch(its_host):
                    answer.servers.append((kind, its_host, default_port(kind, "ssl"), "ssl"))
            digest = base64.b64encode(hashlib.sha256(answer.body).digest()).decode()
            texts = self.net.records("TXT", f"_{host}")
            if texts is None:
                answer.be("right", f"answers; its digest is {digest}")
            elif any(f"d={digest}" in text.replace(" ", "") for text in texts):
                answer.be("right", "answers, and DNS has its digest")
            else:
                answer.be("doubtful", f"answers, but DNS has no TXT record at _{host} with d={digest}", "digest")
        self.report(LEVELS.get(answer.kind, "warn" if answer.kind == "certificate" else level), f"GET {url}", answer, lesser=100)

    # What nobody may see, and the mail servers

    def exposed(self):
        """Whether the configuration can be downloaded; a bad certificate would not stop whoever wants it."""
        self.tell("Files that nobody may download")
        paths = ("autodiscover.toml", f"domains/{self.domain}.toml", f"domains/{self.domain}.logins")
        seen = found = 0
        for host in (f"autodiscover.{self.domain}", f"autoconfig.{self.domain}", self.domain):
            for path in paths:
                for scheme in ("https", "http"):
                    answer = self.exchange("GET", f"{scheme}://{host}/cgi-bin/{path}", context=unverified())
                    if not answer.failure:
                        break
                seen += not answer.failure
                if answer.status == 200 and looks_like(path, answer.body):
                    found += 1
                    what = "the list of login names" if path.endswith(".logins") else "the configuration"
                    self.say("FAIL", f"GET {answer.url}", f"anybody can download {what}", "exposed", **self.fields(answer))
        if not found:
            self.say("ok" if seen else "-", "/cgi-bin/", "neither the configuration nor a list of login names can be downloaded"
                     if seen else "no host was reached")

    def mail(self):
        self.tell("The mail servers that were named")
        if not self.servers:
            self.say("-", "mail servers", "none was named")
        for kind, host, port, mode in self.servers[:MANY]:
            self.say(*self.mail_server(kind, host, port, mode), host=host, port=port)

    def mail_server(self, kind, host, port, mode):
        """Level, subject, words and cause for one mail server."""
        subject = f"{kind.upper()} {host} port {port}"
        way, protocol = ("TLS", None) if mode == "ssl" else ("STARTTLS", kind)
        try:
            if mode == "none":
                with self.net.connect(host, port):
                    return "warn", subject, "accepts connections, without encryption as announced", "mail-clear"
            with tls(self.net, host, port, self.net.trust, protocol) as line:
                ends = ssl.cert_time_to_seconds(line.sock.getpeercert()["notAfter"])
            self.net.expiries[host] = min(ends, self.net.expiries.get(host, ends))
            days = count((ends - time.time()) // 86400, "day")
            return "ok", subject, f"accepts {way}, and the certificate is good for {days}", None
        except Unanswered as failure:
            problem = failure
        if problem.kind == "certificate":
            text, cause = certificate_faults(self.net, host, port, problem, protocol)
            return "FAIL", subject, f"accepts {way}, but {text}", cause
        text, cause = FAILURES.get(problem.kind, FAILURES["tls"])
        text = text.format(host=host, port=port, seconds=count(self.net.seconds, "second"), detail=problem.detail)
        if problem.kind in ("tls", "clear", "timeout") and mode != "none":
            # A server that waits for TLS to begin is silent where STARTTLS is tried, so the other way is tried too.
            self.net.silent.discard((host, port))
            if problem.kind != "timeout":
                text = "there is no TLS" if mode == "ssl" else "STARTTLS is announced, but not offered"
            with contextlib.suppress(Unanswered), tls(self.net, host, port, unverified(), kind if mode == "ssl" else None):
                text = ("begins in the clear and offers STARTTLS, but TLS at once is announced" if mode == "ssl" else
                        "begins with TLS at once, but STARTTLS is announced")
        return "FAIL", subject, text, {"absent": "mail-name", "dns": "dns", "late": None}.get(problem.kind, "mail-port")

    def together(self):
        """What no single answer shows: two programs that answer for one domain, hosts without IPv4, ends of certificates."""
        settled = [(url, word) for url, (servers, word) in self.answers.items() if servers]
        if settled:
            # The program's own answer, where it can be known, is what the others are measured by.
            first = next((url for url, word in settled if word), settled[0][0])
            right = self.answers[first][0]
            for url, (servers, _) in self.answers.items():
                if servers != right:
                    its_words = spoken(sorted(servers)) or "that it does not serve the domain"
                    self.say("FAIL", url, f"says {its_words}, but {first} says {spoken(sorted(right))}", "disagree", first=first)
        for host, has_ipv4 in self.net.has_ipv4.items():
            if not has_ipv4:
                self.say("FAIL", host, "has no IPv4 address, so clients and clouds without IPv6 do not reach it", "no-ipv4", host=host)
        for host, ends in self.net.expiries.items():
            days = (ends - time.time()) // 86400
            if days <= EXPIRES_SOON:
                days = count(days, "day")
                self.say("warn", host, f"the certificate expires in {days}", "expires", host=host, days=days)

    def microsoft(self):
        """What Microsoft's AutoDetect service believes, which newer Outlooks ask before they ask anybody else."""
        self.tell("Microsoft's AutoDetect service, which newer Outlooks ask first")
        self.net.seconds, self.net.ends = 25, time.monotonic() + 30
        answer = fetch(self.net, "GET", self.options.microsoft_url, headers={"X-Email": self.address.encode("utf-8", "replace")})
        told = read_json(answer.body) if answer.status == 200 else None
        services, protocols = (value if isinstance(value, list) else [] for value in
                               (member(told, "services"), member(told, "protocols")))
        found = {tuple(str(member(each, key)).lower() for key in ("protocol", "hostname", "port")) for each in protocols}
        words = ", ".join(short(" ".join(each)) for each in sorted(found)[:6])
        level, cause, used = "warn", "microsoft", autodetect_source(answer)
        if not isinstance(told, dict):
            why = answer.failure.kind if answer.failure else f"status {answer.status}"
            text, cause = f"the service does not answer ({why}), which says nothing about the domain", None
        elif services:
            text = "it takes the domain for " + short(", ".join(str(member(each, "service")) for each in services)) + used
        elif not found:
            text = "it knows nothing of the domain, so Outlook asks its user for every value" + used
        elif found <= {(kind, host, str(port)) for kind, host, port, _ in self.servers}:
            level, text = "ok", f"it believes what your server says ({words}), so it must have used your answer{used}"
        else:
            text = (f"it believes {words}, which your server does not say; so it must have used an older answer, "
                    f"or a list of its own{used}")
        self.say(level, "AutoDetect", text, cause)

    def run(self):
        for question in (self.outlook, self.autodiscover_v2, self.thunderbird, self.pacc, self.exposed, self.mail, self.together):
            question()
        if self.options.ask_microsoft:
            print(f"autodiscover-probe: sends {printable(self.address)} to {self.options.microsoft_url}", file=sys.stderr)
            self.microsoft()
        return self.findings

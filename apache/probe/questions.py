"""All questions for one address, in the order in which clients ask."""

import base64
import concurrent.futures
import contextlib
import copy
import hashlib
import re
import secrets
import ssl
import sys
import time
import urllib.parse
from xml.sax.saxutils import escape

from .addresses import FAILURES, Network, Unanswered
from .advice import ADVICE
from .certificates import EXPIRES_SOON, certificate_faults, tls, unverified
from .diagnosis import MADE_UP, PROGRAM_PATH, diagnosis
from .documents import (MOBILESYNC, OUTLOOK, autodetect_source, default_port, judge_client_config, judge_settings, looks_like,
                        member, read_digest, read_json, spoken)
from .findings import MANY, count, printable, short
from .names import HOST
from .web import classify, fetch, followed, split

XML_PATH, JSON_PATH = "/autodiscover/autodiscover.xml", "/autodiscover/autodiscover.json"

# How much each kind of answer matters; what is not here depends on the question.
LEVELS = {"right": "ok", "moved": "ok", "doubtful": "warn", "redirected": "warn", "absent": "-", "no-address": "-", "refused": "-",
          "unreachable": "-", "no-ipv6": "-", "nothing": "-", "untried": "-", "no-service": "-", "source": "FAIL", "late": "FAIL"}
# Which of the answers of several addresses is the best; those from 5 on give no client anything.
ORDER = {"right": 0, "moved": 1, "doubtful": 1, "redirected": 1, "mislead": 2, "no-service": 3, "error": 3, "followed": 4,
         "nothing": 6, "html": 6, "redirect": 6, "certificate": 7, "tls": 7, "refused": 8, "unreachable": 8, "timeout": 8, "no-ipv6": 9}
# Causes that may lie in the record that leads there, where the program does not answer.
ELSEWHERE = ("certificate-name", "certificate-trust", "certificate-expired", "no-listener", "unreachable", "slow", "no-tls", "not-found",
             "website", "redirect", "redirect-target", "refused", "all-refused", "password")
# What only comes from where the program or its directory is.
AT_THE_PROGRAM = ("source", "configuration", "unserved", "exec-cgi", "cgi-rule", "closed", "htaccess-cgi", "cgid", "fcgiwrap", "firewall",
                  "proxy", "multiviews", "htaccess-mode", "server-error", "htaccess", "all-refused")


class Probe:
    """All questions for one address; what they bring is in `findings`."""

    def __init__(self, options, local, domain, tell):
        self.options, self.local, self.domain, self.address, self.tell = options, local, domain, f"{local}@{domain}", tell
        self.net, self.findings = Network(options), []
        # The URLs that were posted to; the first that gives Outlook its settings, and the first that gives any document.
        self.asked, self.settled, self.spoken, self.moved = set(), "", "", False
        # The mail servers that are named, and the servers of each answer by its URL, with the program's word.
        self.servers, self.answers = [], {}
        # Where the program answered, by host and by address with port; the targets of SRV records; what was told already.
        self.hosts, self.programs, self.targets, self.told = set(), set(), set(), set()
        # What the addresses of a host brought, to be told after the question itself; what further GETs told of a host.
        self.differing, self.diagnoses = [], {}
        # What could not be asked from here.
        self.unasked = ""

    # Findings

    def say(self, level, subject, text, cause=None, lesser=0, **fields):
        """Notes a finding; `lesser` puts its cause behind those that more clients suffer from. A cause that depends on later
        questions is a function, which gives the cause and more fields of its advice."""
        finding = {"level": level, "subject": printable(subject), "text": printable(text)}
        if cause and level in ("warn", "FAIL"):
            finding["advise"] = cause, lesser, {"domain": self.domain, "address": self.address, **fields}
        self.findings.append(finding)
        self.tell(finding)
        differing, self.differing = self.differing, []
        for each in differing:
            self.say(*each[:4], **each[4])

    def advise(self):
        """Gives each finding the step, its usual reasons and its rank."""
        for finding in self.findings:
            if "advise" in finding:
                cause, lesser, fields = finding.pop("advise")
                if callable(cause):
                    cause, more = cause()
                    fields = {**fields, **more}
                step, *reasons = (printable(part.format_map(fields)) for part in ADVICE[cause])
                rank = list(ADVICE).index(cause) + lesser + (1000 if finding["level"] == "warn" else 0)
                finding.update(cause=cause, rank=rank, step=step, reasons=reasons)

    def report(self, level, subject, answer, lesser=0):
        """Says how a question went; further lines are at most as bad as the question is."""
        self.say(level, subject, answer.trail + answer.text, self.cause(answer), lesser, **self.fields(answer))
        for its_level, text, cause in answer.lines[:MANY]:
            self.say(level if its_level == "FAIL" else its_level, subject, text, cause, lesser, **self.fields(answer))
        self.servers += [server for server in answer.servers if server not in self.servers]

    def fields(self, answer):
        """What the words and the advice for an answer may name; the host is never empty."""
        detail = answer.failure.detail if answer.failure else ""
        host = answer.host or (urllib.parse.urlsplit(answer.asked or "").hostname or f"autodiscover.{self.domain}")
        known = self.net.hosts.get(host)
        owner, target = known.aliases[-1] if known and known.aliases else (host, host)
        return {"host": host, "port": answer.port, "path": answer.path.partition("?")[0], "url": short(answer.url), "ip": answer.ip,
                "owner": owner, "target": target, "detail": detail, "seconds": count(self.net.seconds, "second"), **answer.more}

    def cause(self, answer):
        """The cause of an answer: of some only the end tells whether they lie in the record that leads there."""
        cause, host = answer.cause, answer.host
        if cause not in ELSEWHERE or answer.code or answer.scheme != "https":
            return cause
        if host == self.domain:
            foreign = lambda: answer.end not in self.programs and not self.program_answers(host, answer.port)
            return (lambda: ("bare-certificate" if foreign() else cause, {})) if cause.startswith("certificate-") else cause
        return lambda: self.elsewhere(host, answer.port, answer.end, cause) or (cause, {})

    def elsewhere(self, host, port, end, cause):
        """The cause in DNS, where a host is another than the one with the program; None where it may be that one."""
        known = self.net.hosts.get(host)
        if not known or end in self.programs or self.program_answers(host, port):
            return None
        srv = f"_autodiscover._tcp.{self.domain}"
        unreached = cause in ("certificate-name", "certificate-trust", "certificate-expired", "no-listener", "unreachable", "slow", "no-tls")
        if host in self.targets and host != f"autodiscover.{self.domain}" and unreached:
            return "doubled" if self.net.is_doubled(srv, host) else "srv-target", {"owner": srv, "target": host}
        if known.aliases and self.net.is_doubled(*known.aliases[-1]):
            return "doubled", {"owner": known.aliases[-1][0], "target": known.aliases[-1][1]}
        record = self.wildcard(known) if host.endswith(f".{self.domain}") else ""
        own = self.net.hosts.get(self.domain)
        if record and (cause == "certificate-name" or not own or set(own.addresses) != set(known.addresses)):
            return "wildcard", {"record": record}
        if not unreached:
            return None
        outside = [pair for pair in known.aliases if not f".{pair[1]}".endswith(f".{self.domain}")]
        if outside:
            return "alias-stranger", {"owner": outside[0][0], "target": outside[0][1]}
        if cause == "certificate-name":
            return "stranger", {"ip": end[0] if end else "its address"}
        return None

    def program_answers(self, host, port):
        """Whether the program answers there, whatever the certificate is."""
        answer = fetch(self.net, "POST", f"https://{host}{'' if port == 443 else f':{port}'}{XML_PATH}", self.body(OUTLOOK), context=unverified())
        if answer.failure:
            return False
        if classify(answer).kind == "document":
            judge_settings(answer, OUTLOOK)
        return bool(answer.word or answer.servers or answer.code)

    def wildcard(self, known):
        """The wildcard record that alone answers for a host: a made-up name beside it leads to the same place."""
        zone = known.name.partition(".")[2]
        beside = self.net.host(f"{MADE_UP}.{zone}") if "*" not in self.net.places else None
        if beside and beside.addresses and set(beside.addresses) == set(known.addresses):
            return f"*.{zone}"
        return ""

    def lesser(self, answer):
        """Puts what is wrong with the website of the domain behind what is wrong with the names that are made for discovery."""
        return 200 if answer.host == self.domain and self.exists(f"autodiscover.{self.domain}") else 0

    # Exchanges

    def ask(self, method, url, body, context, judge):
        """One request: the first time to each address of the host, whose best answer counts; others that differ are noted."""
        try:
            _, host, port, _ = split(url)
            ends = self.net.endpoints(host, port)
        except Unanswered:
            return fetch(self.net, method, url, body, context=context)
        if len(ends) < 2 or (host, port) in self.net.first or context:
            return fetch(self.net, method, url, body, context=context)
        with concurrent.futures.ThreadPoolExecutor(len(ends)) as pool:
            answers = list(pool.map(lambda end: fetch(self.net, method, url, body, ip=end[0]), ends))
        outcomes = [self.outcome(answer, judge) for answer in answers]
        best = min(range(len(ends)), key=lambda at: outcomes[at][0])
        self.net.first[host, port] = ends[best][0]
        for (ip, _), outcome in zip(ends, outcomes):
            if outcome[:2] != outcomes[best][:2]:
                self.differs(host, port, ip, outcome, ends[best][0], outcomes[best])
        return answers[best]

    def outcome(self, answer, judge):
        """Where an answer stands among those of several addresses, what it is compared by, and its words."""
        twin = copy.copy(answer)
        twin.lines, twin.servers, twin.logins, twin.more = [], [], [], {}
        if answer.failure and answer.failure.kind == "certificate":
            twin.be("certificate", certificate_faults(self.net, twin.host, twin.port, answer.failure, ip=twin.ip)[0])
        elif answer.failure:
            twin.be(answer.failure.kind, FAILURES[answer.failure.kind][0].format(**self.fields(answer)))
        elif answer.location:
            kind = "followed" if followed(answer.status, answer.location) or not judge else "redirect"
            twin.be(kind, f"redirects ({answer.status}) to {short(answer.location)}")
        elif classify(twin).kind == "document" and judge:
            judge(twin)
        return ORDER.get(twin.kind, 5), (twin.kind, twin.status, twin.code, twin.text, frozenset(twin.servers)), twin.text

    def differs(self, host, port, ip, outcome, best_ip, best):
        """Notes an address that answers otherwise than the best one of its host."""
        order, (kind, *_), text = outcome
        if (host, ip) in self.told:
            return
        self.told.add((host, ip))
        own = host != self.domain and port != 80
        level = "FAIL" if own or best[0] < 5 and port != 80 else "warn" if best[0] < 5 or kind == "timeout" else None
        if kind == "no-ipv6":
            level, self.unasked = "-", "the IPv6 addresses, as this computer has no IPv6"
        if level:
            self.differing.append((level, f"{host} at {ip}", f"{text}; at {best_ip}: {best[2]}", "address", {
                "lesser": 0 if best[0] < 5 else 30, "host": host, "ip": ip, "kind": "AAAA" if ":" in ip else "A",
                "owner": self.net.hosts[host].owner}))

    def exchange(self, method, url, body=None, context=None, judge=None):
        """Asks, follows redirects as clients do, and says what kind of thing came back."""
        trail, asked = "", url
        for _ in range(11):
            answer = self.ask(method, url, body, context, judge)
            answer.trail, answer.asked, status = trail, asked, answer.status
            target = answer.location
            if not target:
                break
            if re.match("(?i)https?:///", target):
                return answer.be("redirect", f"the redirect ({status}) leads to {short(target)}, which has no host", "redirect-target")
            if target.partition("?")[0] == answer.place and (method == "POST" or target == url):
                return answer.be("redirect", f"the redirect ({status}) leads to the same URL again", "proxy")
            if method == "POST" and not followed(status, target):
                return answer.be("redirect", f"the redirect ({status}) to {short(target)} turns the POST into a GET, and the "
                                 "request is lost", "redirect")
            if answer.scheme == "https" and not re.match(r"(?i)https://[a-z0-9._:-]+(/|$)", target):
                return answer.be("redirect", f"the redirect ({status}) does not lead to https: {short(target)}", "redirect-target")
            trail, asked, url = trail + f"redirected to {short(target)}: ", url, target
        else:
            answer.trail = ""
            return answer.be("redirect", "there are more than 10 redirects", "redirect-target")
        if not answer.failure:
            return self.diagnosed(classify(answer), asked)
        kind = answer.failure.kind
        if kind == "certificate":
            return answer.be(kind, *certificate_faults(self.net, answer.host, answer.port, answer.failure, ip=answer.ip))
        text, cause = FAILURES[kind]
        return answer.be("redirect" if kind == "url" else kind, text.format(**self.fields(answer)), cause)

    def diagnosed(self, answer, asked):
        """Says of a refusal what it comes from, once for each host and status."""
        if answer.cause not in ("refused", "not-found", "server-error", "unavailable", "website"):
            return answer
        if answer.status == 403 and answer.url != asked and answer.place == asked.partition("?")[0]:
            return answer.be(answer.kind, answer.text + ", and before that redirected to itself", "proxy")
        # A website that has nothing for mail clients is in nobody's way.
        if answer.host == self.domain and self.exists(f"autodiscover.{self.domain}"):
            return answer
        key = answer.host, answer.port, answer.status, answer.path.split("/")[1]
        if key not in self.diagnoses:
            root = answer.url[:len(answer.url) - len(answer.path)] if answer.url.endswith(answer.path) else answer.url
            self.diagnoses[key] = diagnosis(lambda path, method="GET", body=None, headers=():
                                            fetch(self.net, method, root + path, body, headers), answer)
        if self.diagnoses[key]:
            text, cause, more = self.diagnoses[key]
            answer.be(answer.kind, f"{answer.text}; {text}", cause, **more)
        return answer

    def exists(self, host):
        """Whether there is an address to ask for a host."""
        with contextlib.suppress(Unanswered):
            return bool(self.net.endpoints(host, 443))
        return False

    # Outlook

    def body(self, schema, address=None):
        return (f'<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="{schema.partition("response")[0]}requestschema/2006">\n'
                f"  <Request>\n    <EMailAddress>{escape(address or self.address)}</EMailAddress>\n"
                f"    <AcceptableResponseSchema>{schema}</AcceptableResponseSchema>\n  </Request>\n</Autodiscover>\n"
                ).encode("utf-8", "surrogateescape")

    def post(self, url, schema=OUTLOOK, address=None):
        """The question of Outlook or of phones, and what a GET of the same place adds where the POST is refused."""
        answer = self.exchange("POST", url, self.body(schema, address), judge=lambda answer: judge_settings(answer, schema))
        if answer.kind == "document":
            judge_settings(answer, schema)
        elif answer.kind in ("closed", "timeout") or answer.kind == "status" and answer.cause in ("refused", "all-refused", "closed"):
            self.net.silent.discard((answer.host, answer.end))
            get = self.exchange("GET", answer.url)
            if get.kind in ("source", "download"):
                return get
            if get.word or get.status == 405 and ("POST" in get.header("Allow") or b"<Autodiscover" in get.body):
                answer.be(answer.kind, answer.text + ", but a GET reaches the program", "firewall")
            elif get.kind == "document" and get.status == 200:
                answer.be(answer.kind, answer.text + ", but a GET brings a file", "static")
        if answer.word or answer.servers:
            self.programs.add(answer.end)
            self.hosts.add(answer.host)
        return answer

    def for_everybody(self, answer, again):
        """Finds login names that have nothing of the address and are given to another address too, so that no list has them."""
        if answer.kind not in ("right", "doubtful", "mislead"):
            return
        own = re.compile(r"(?i)(?<![a-z0-9])" + re.escape(self.local) + r"(?![a-z0-9])")
        # In autoconfig, and nowhere else, the client fills these in.
        filled = r"%EMAIL(ADDRESS|LOCALPART)%" if b"<clientConfig" in answer.body else "(?!)"
        strange = [login for login in dict.fromkeys(answer.logins) if not own.search(login) and not re.search(filled, login)]
        if strange:
            others = again(f"probe{secrets.token_hex(3)}@{self.domain}").logins
            for login in (login for login in strange if login in others):
                answer.be(answer.kind, answer.text, answer.cause, login=short(login))
                answer.doubt(f"the login name is {short(login)} for everybody, and has nothing of the address", "login")
                if answer.kind != "mislead":
                    answer.be("mislead", answer.text.partition(", with doubts")[0] + ", and would mislead")

    def settings(self, url, must):
        """Asks a place as Outlook does; `must` where a fault costs a client its settings, as there is no next place."""
        self.asked.add(url)
        answer = self.post(url)
        self.for_everybody(answer, lambda other: self.post(url, address=other))
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
        self.report(LEVELS.get(kind, otherwise), f"POST {url}", answer, self.lesser(answer))
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
        only = not self.exists(f"autodiscover.{self.domain}")
        bare = self.settings(f"https://{self.domain}{XML_PATH}", only and self.exists(self.domain))
        last = self.settings(f"https://autodiscover.{self.domain}{XML_PATH}", True)
        if last.kind in ("absent", "no-address") and bare.cause in AT_THE_PROGRAM:
            last = bare
        direct = self.settled
        self.plain_redirect()
        last = self.service_records() or last
        if self.settled and not direct:
            # Where a domain has no names of its own, as `dns --mx` has it, this is meant.
            meant = only and self.by_mx() is not None
            self.say("-" if meant else "warn", "phones and new Outlook", f"they do not ask {self.settled}, which only Outlook finds, "
                     "by the last ways that it tries", "indirect")
        elif not self.settled:
            known = last.kind in ("absent", "no-address", "alias", "doubled", "dns", "outside", "refused", "unreachable") or last is bare or (
                last.kind == "nothing" and (last.cause != "not-found" or not self.program_runs(last.host)))
            self.say("FAIL", "Outlook", "no place gives it settings", self.cause(last) if known else None, **self.fields(last))
        url = self.settled or self.spoken
        if url:
            # New Outlook and phones ask in another schema at the same place; fewer clients need that.
            answer = self.post(url, MOBILESYNC)
            if answer.code == "601" and answer.status == 200:
                answer.be("nothing", "no ActiveSync is offered (601), and clients go on to IMAP")
            self.report(LEVELS.get(answer.kind, "FAIL"), f"ActiveSync schema, POST {url}", answer, lesser=100)

    def service_records(self):
        """The SRV records of Autodiscover; the answer of the last that leads to a place."""
        owner, last = f"_autodiscover._tcp.{self.domain}", None
        subject, found = f"SRV {owner}", self.net.records("SRV", owner)
        if found is None:
            self.say("-", subject, "not asked, as a --resolve stands in for DNS")
        elif found.problem:
            self.say("warn", subject, f"DNS does not answer ({found.problem})")
        elif not found.data:
            self.say("-", subject, "there is no such record")
        for host, port in (found.data if found else ())[:MANY]:
            if not HOST.fullmatch(host):
                self.say("-", subject, "says that there is no such service" if not host else f"leads to {short(host)}, which is no host name")
                continue
            self.targets.add(host)
            level = "warn" if self.settled else "FAIL"
            if self.exists(host):
                if self.net.host(host).aliases and host not in self.net.places:
                    self.say("warn", subject, f"leads to {host}, which is a CNAME", "srv-alias", owner=owner, target=host)
                last = self.lead(subject, f"https://{host}{'' if port == 443 else f':{port}'}{XML_PATH}", True) or last
            elif self.net.hosts.get(host) and self.net.hosts[host].missing == "dns":
                self.say(level, subject, f"leads to {host}, for which DNS does not answer", "dns", host=host)
            elif self.net.is_doubled(owner, host):
                self.say(level, subject, f"leads to {host}, which does not exist: a full stop is missing at the end of the target",
                         "doubled", owner=owner, target=host)
            else:
                self.say(level, subject, f"leads to {host}, which does not exist", "srv-target", owner=owner, target=host)
        return last

    def plain_redirect(self):
        """Only a redirect is looked for in plain HTTP; settings there are for nobody to believe."""
        url = f"http://autodiscover.{self.domain}{XML_PATH}"
        subject, answer = f"GET {url}", self.ask("GET", url, None, None, None)
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
        elif answer.cause in ("source", "download", *AT_THE_PROGRAM):
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
            self.report(LEVELS.get(answer.kind, "FAIL" if fails else "warn"), subject, answer, self.lesser(answer))

    # Thunderbird

    def config(self, url, address=None):
        """A document of autoconfig, for this address, for another, or for none."""
        query = "?emailaddress=" + urllib.parse.quote(address, safe="", errors="surrogateescape") if address else ""
        answer = self.exchange("GET", url + query, judge=lambda answer: judge_client_config(answer, self.domain))
        if answer.kind == "document":
            judge_client_config(answer, self.domain)
        if answer.scheme == "https" and (answer.word or answer.servers):
            self.programs.add(answer.end)
            self.hosts.add(answer.host)
        if address == self.address:
            self.for_everybody(answer, lambda other: self.config(url, other))
            if answer.servers and answer.scheme == "https":
                self.answers[answer.place] = frozenset(answer.servers), answer.word
        return answer

    def thunderbird(self):
        self.tell("Thunderbird: a GET of config-v1.1.xml")
        own, well_known = f"autoconfig.{self.domain}/mail/", f"{self.domain}/.well-known/autoconfig/mail/"
        configured = clear = first = None
        for place in (f"https://{own}", f"https://{well_known}", f"http://{own}", f"http://{well_known}"):
            url = f"{place}config-v1.1.xml"
            answer = self.config(url, self.address)
            first, kind = first or answer, answer.kind
            # A website at the bare domain, or a plain HTTP that serves nothing, is in nobody's way.
            level = "FAIL" if kind in ("mislead", "broken") or url.startswith("https://autoconfig.") else "-"
            if kind in ("certificate", "tls", "unauthorized"):
                level = "warn" if url.startswith("http:") else "FAIL"
            level = LEVELS.get(kind, level)
            if kind == "no-service" and url.startswith("https:"):
                level = "FAIL"
            if kind in ("right", "doubtful") and answer.scheme == "https":
                configured = configured or (url, answer)
            elif kind in ("right", "doubtful"):
                level, clear = "-", url
                answer.text += "; over plain HTTP, which others can change on its way"
            self.report(level, f"GET {url}", answer, 50 + self.lesser(answer))
        found = None if configured else self.by_mx()
        if found:
            self.report(LEVELS.get(found[1].kind, "FAIL"), f"MX {found[2]}, GET {found[0]}", found[1], lesser=50)
            configured = found[:2]
        if configured:
            self.without_address(*configured)
        elif clear:
            self.say("warn", "Thunderbird", "it finds its settings over plain HTTP only, which others can change on their way",
                     "plain-only")
        elif self.moved:
            self.say("warn", "Thunderbird", "the domain has moved, and only Outlook's way tells it where to")
        else:
            known = first.kind in ("absent", "no-address", "alias", "doubled", "dns", "outside", "refused", "unreachable", "nothing")
            self.say("FAIL", "Thunderbird", "none of the four gives it settings; on the desktop it may use those of Outlook, "
                     "on Android it finds none", self.cause(first) if known else None, lesser=50, **self.fields(first))
        # GNOME Online Accounts asks here first.
        url = f"https://autoconfig.{self.domain}/.well-known/mail-v1.xml"
        answer = self.config(url, self.address)
        self.report(LEVELS.get(answer.kind, "FAIL" if answer.kind == "mislead" else "-"), f"GET {url}", answer, lesser=50)

    def by_mx(self):
        """What Thunderbird finds by the MX record of a domain that has no name of its own for it: URL, answer and mail server."""
        if not hasattr(self, "_by_mx"):
            self._by_mx = None
            records = self.net.records("MX", self.domain)
            for (server,) in (records.data if records else ())[:1]:
                for zone in mx_zones(server):
                    url = f"https://autoconfig.{zone}/mail/config-v1.1.xml"
                    answer = self.config(url, self.address) if zone != self.domain and HOST.fullmatch(zone) else None
                    if answer and answer.servers:
                        self._by_mx = url, answer, server
                        return self._by_mx
        return self._by_mx

    def without_address(self, url, answer):
        """Thunderbird for Android and KMail name no address."""
        other = self.config(url)
        subject = f"GET {url}, no address"
        fill = lambda text: text.replace("%EMAILADDRESS%", self.address).replace("%EMAILLOCALPART%", self.local).replace("%EMAILDOMAIN%", self.domain)
        listed = [(mine, theirs) for mine, theirs in zip(answer.logins, other.logins) if fill(mine) != fill(theirs)]
        if other.kind not in ("right", "doubtful"):
            self.say("FAIL", subject, f"gives Thunderbird for Android, which names no address, nothing: {other.text}", "android", **self.fields(other))
        elif set(other.servers) != set(answer.servers):
            self.say("FAIL", subject, f"gives Thunderbird for Android, which names no address, {spoken(other.servers)}; "
                     f"with the address: {spoken(answer.servers)}", "android", **self.fields(other))
        elif listed:
            self.say("warn", subject, f"gives Thunderbird for Android, which names no address, the login name {listed[0][1]} "
                     f"and not {listed[0][0]}", "listed", login=short(listed[0][0]))
        else:
            self.say("ok", subject, "answers the same without an address, as Thunderbird for Android asks")

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
            problems = [read_digest(text, digest) for text in texts.data] if texts else []
            if texts is None or texts.problem:
                answer.be("right", f"answers; its digest is {digest}")
            elif "" in problems:
                answer.be("right", "answers, and DNS has its digest")
            else:
                why = next((problem for problem in problems if problem != "another digest"), "")
                answer.be("doubtful", f"answers, but DNS has no TXT record at _{host} with d={digest}" + f" ({why})" * bool(why), "digest")
        self.report(LEVELS.get(answer.kind, "warn" if answer.kind == "certificate" else level), f"GET {url}", answer, lesser=100)

    # What nobody may see, and the mail servers

    def exposed(self):
        """Whether the configuration can be downloaded; a bad certificate would not stop whoever wants it."""
        self.tell("Files that nobody may download")
        paths = ("autodiscover.toml", f"domains/{self.domain}.toml", f"domains/{self.domain}.logins")
        seen = found = 0
        hosts = [f"autodiscover.{self.domain}", f"autoconfig.{self.domain}", self.domain]
        for host in hosts + sorted(self.hosts - set(hosts))[:2]:
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
        self.mail_service_records()
        for kind, host, port, mode in self.servers[:MANY]:
            try:
                ips = [ip for ip, _ in self.net.endpoints(host, port)]
            except Unanswered:
                ips = [None]
            with concurrent.futures.ThreadPoolExecutor(len(ips)) as pool:
                verdicts = list(pool.map(lambda ip: self.mail_server(kind, host, port, mode, ip), ips))
            levels = ("ok", "warn", "FAIL", "-")
            best = min(range(len(ips)), key=lambda at: levels.index(verdicts[at][0]))
            for ip, verdict in zip(ips, verdicts):
                if verdict[0] != verdicts[best][0] and (host, ip) not in self.told:
                    self.told.add((host, ip))
                    self.differing.append((verdict[0], f"{verdict[1]} at {ip}", f"{verdict[2]}; at {ips[best]}: {verdicts[best][2]}", "address", {
                        "host": host, "ip": ip, "kind": "AAAA" if ":" in ip else "A", "owner": self.net.hosts[host].owner}))
            level, subject, text, cause = verdicts[best]
            self.say(level, subject, text, cause, host=host, port=port, ip=ips[best], **self.records_of(host))

    def mail_service_records(self):
        """The SRV records of RFC 6186 and 8314, which some clients take instead of all answers."""
        for kind, service in (("imap", "imaps"), ("imap", "imap"), ("pop3", "pop3s"), ("pop3", "pop3"), ("smtp", "submissions"),
                              ("smtp", "submission")):
            owner = f"_{service}._tcp.{self.domain}"
            found = self.net.records("SRV", owner)
            for target, port in (found.data if found else ())[:MANY]:
                fields = {"owner": owner, "target": short(target)}
                named = (kind, target, port) in {server[:3] for server in self.servers}
                if not target or named or not HOST.fullmatch(target):
                    continue
                if self.exists(target):
                    self.say("warn", f"SRV {owner}", f"leads to {target} port {port}, which no answer names", "mail-srv", **fields)
                elif self.net.host(target).missing != "dns":
                    doubled = self.net.is_doubled(owner, target)
                    self.say("FAIL", f"SRV {owner}", f"leads to {target}, which does not exist" +
                             ": a full stop is missing at the end of the target" * doubled, "doubled" if doubled else "mail-srv", **fields)

    def records_of(self, host):
        known = self.net.hosts.get(host)
        owner, target = known.aliases[-1] if known and known.aliases else (host, host)
        return {"owner": owner, "target": target}

    def mail_server(self, kind, host, port, mode, ip):
        """Level, subject, words and cause for one address of a mail server."""
        subject = f"{kind.upper()} {host} port {port}"
        way, protocol = ("TLS", None) if mode == "ssl" else ("STARTTLS", kind)
        try:
            if mode == "none":
                with self.net.connect(host, port, ip):
                    return "warn", subject, "accepts connections, without encryption as announced", "mail-clear"
            with tls(self.net, host, port, self.net.trust, protocol, ip) as line:
                ends = ssl.cert_time_to_seconds(line.sock.getpeercert()["notAfter"])
            self.net.expiries[host] = min(ends, self.net.expiries.get(host, ends))
            days = count((ends - time.time()) // 86400, "day")
            return "ok", subject, f"accepts {way}, and the certificate is good for {days}", None
        except Unanswered as failure:
            problem = failure
        if problem.kind == "certificate":
            text, cause = certificate_faults(self.net, host, port, problem, protocol, ip)
            return "FAIL", subject, f"accepts {way}, but {text}", "mail-certificate" if cause == "certificate-name" else cause
        text, cause = FAILURES.get(problem.kind, FAILURES["tls"])
        text = text.format(host=host, port=port, seconds=count(self.net.seconds, "second"), detail=problem.detail, **self.records_of(host))
        if problem.kind in ("tls", "clear", "timeout") and mode != "none":
            # A server that waits for TLS to begin is silent where STARTTLS is tried, so the other way is tried too.
            self.net.silent.discard((host, problem.place))
            if problem.kind != "timeout":
                text = "there is no TLS" if mode == "ssl" else "STARTTLS is announced, but not offered"
            with contextlib.suppress(Unanswered), tls(self.net, host, port, unverified(), kind if mode == "ssl" else None, ip):
                text = ("begins in the clear and offers STARTTLS, but TLS at once is announced" if mode == "ssl" else
                        "begins with TLS at once, but STARTTLS is announced")
        if problem.kind == "no-ipv6":
            return "-", subject, text, None
        return "FAIL", subject, text, {"absent": "mail-name", "no-address": "mail-name", "dns": "dns", "late": "late", "alias": "alias",
                                       "doubled": "doubled", "outside": "dns-server"}.get(problem.kind, "mail-port")

    def together(self):
        """What no single answer shows: two programs that answer for one domain, records of hosts, ends of certificates."""
        settled = [(url, word) for url, (servers, word) in self.answers.items() if servers]
        if settled:
            # The program's own answer, where it can be known, is what the others are measured by.
            first = next((url for url, word in settled if word), settled[0][0])
            right, own_word = self.answers[first]
            for url, (servers, word) in self.answers.items():
                if servers != right and not (own_word and word and servers and encrypted(servers) == encrypted(right)):
                    its_words = spoken(sorted(servers)) or "that it does not serve the domain"
                    self.say("FAIL", url, f"says {its_words}, but {first} says {spoken(sorted(right))}", "disagree", first=first)
        for host, known in self.net.hosts.items():
            for kind, problem in known.problems.items():
                other = "AAAA" if kind == "A" else "A"
                zone = self.domain if f".{known.owner}".endswith(f".{self.domain}") else known.owner
                self.say("FAIL", host, f"DNS answers for {other} records, but not for {kind} records ({problem}), so that some clients "
                         "wait and others give up", "dns-kind", owner=zone, kind=kind, problem=problem)
            if known.addresses and all(":" in ip for ip in known.addresses):
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
        self.advise()
        return self.findings


def mx_zones(server):
    """The zones of a mail server whose autoconfig. Thunderbird asks: that above its first label, and the registered domain."""
    labels = server.split(".")
    # No list of public suffixes: those of two labels are told by their form, as in co.uk.
    base = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in ("ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org") else 2
    return list(dict.fromkeys(".".join(labels[-max(count, min(base, len(labels))):]) for count in (len(labels) - 1, base)))


def encrypted(servers):
    """What autoconfig names of servers: it leaves those without encryption out where others have it."""
    return {server for server in servers if server[3] != "none"} or servers

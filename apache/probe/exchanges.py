"""Exchanges with web servers for one address, and what is noted of them."""

import concurrent.futures
import contextlib
import copy
import re
import urllib.parse
from xml.sax.saxutils import escape

from .addresses import FAILURES, Network, Unanswered
from .advice import ADVICE
from .certificates import certificate_faults, unverified
from .diagnosis import MADE_UP, diagnosis
from .documents import OUTLOOK, judge_settings
from .findings import MANY, count, printable, short
from .web import classify, fetch, followed, split

XML_PATH = "/autodiscover/autodiscover.xml"

# Which of the answers of several addresses is the best; those from 5 on give no client anything.
ORDER = {"right": 0, "moved": 1, "doubtful": 1, "redirected": 1, "mislead": 2, "no-service": 3, "error": 3, "followed": 4,
         "nothing": 6, "html": 6, "redirect": 6, "certificate": 7, "tls": 7, "refused": 8, "unreachable": 8, "timeout": 8, "no-ipv6": 9}
# Causes that may lie in the record that leads there, where the program does not answer.
ELSEWHERE = ("certificate-name", "certificate-trust", "certificate-expired", "no-listener", "unreachable", "slow", "no-tls", "not-found",
             "website", "redirect", "redirect-target", "refused", "all-refused", "password")


class Exchanges:
    """Asks for one address, follows redirects as clients do, and notes what it finds."""

    def __init__(self, options, local, domain, tell):
        self.options, self.local, self.domain, self.address, self.tell = options, local, domain, f"{local}@{domain}", tell
        self.net, self.findings = Network(options), []
        # The mail servers that are named.
        self.servers = []
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
        return 400 if answer.host == self.domain and self.exists(f"autodiscover.{self.domain}") else 0

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

    def body(self, schema, address=None):
        return (f'<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="{schema.partition("response")[0]}requestschema/2006">\n'
                f"  <Request>\n    <EMailAddress>{escape(address or self.address)}</EMailAddress>\n"
                f"    <AcceptableResponseSchema>{schema}</AcceptableResponseSchema>\n  </Request>\n</Autodiscover>\n"
                ).encode("utf-8", "surrogateescape")

"""All questions for one address, in the order in which clients ask."""

import base64
import hashlib
import re
import secrets
import sys
import time
import urllib.parse

from .addresses import FAILURES
from .certificates import EXPIRES_SOON, unverified
from .clients import base_domain
from .diagnosis import PROGRAM_PATH
from .documents import (MOBILESYNC, OUTLOOK, autodetect_source, default_port, judge_client_config, judge_settings, looks_like,
                        member, read_digest, read_json, spoken)
from .exchanges import XML_PATH
from .findings import MANY, count, printable, short
from .mail import MailServers
from .names import HOST
from .web import classify, fetch, followed

JSON_PATH = "/autodiscover/autodiscover.json"

# How much each kind of answer matters; what is not here depends on the question.
LEVELS = {"right": "ok", "moved": "ok", "doubtful": "warn", "redirected": "warn", "absent": "-", "no-address": "-", "refused": "-",
          "unreachable": "-", "no-ipv6": "-", "nothing": "-", "untried": "-", "no-service": "-", "source": "FAIL", "late": "FAIL"}
# What only comes from where the program or its directory is.
AT_THE_PROGRAM = ("source", "configuration", "unserved", "exec-cgi", "cgi-rule", "closed", "htaccess-cgi", "cgid", "fcgiwrap", "firewall",
                  "proxy", "multiviews", "htaccess-mode", "server-error", "htaccess", "all-refused")


class Probe(MailServers):
    """All questions for one address; what they bring is in `findings`."""

    def __init__(self, options, local, domain, tell):
        super().__init__(options, local, domain, tell)
        # The URLs that were posted to; the first that gives Outlook its settings, and the first that gives any document.
        self.asked, self.settled, self.spoken, self.moved = set(), "", "", False
        # The servers of each answer by its URL, with the program's word; what the MX record leads to, once it was asked.
        self.answers, self._by_mx = {}, ()

    # Outlook

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
        elif only and bare.kind in ("nothing", "html") and self.program_runs(self.domain):
            last = bare.be("status", "")
        direct = self.settled
        self.plain_redirect()
        last = self.service_records() or last
        if self.settled and not direct:
            # Where a domain has no names of its own, as `dns --mx` has it, this is meant.
            meant = only and bool(self.by_mx() and self.by_mx()[1].servers)
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
            self.report(LEVELS.get(answer.kind, "FAIL"), f"ActiveSync schema, POST {url}", answer, lesser=200)

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
            self.report(level, f"GET {url}", answer, 100 + self.lesser(answer))
        found = None if configured else self.by_mx()
        if found:
            # Whoever has another's mail server in front has nothing to do with the names of its domain.
            ours = found[1].servers or found[1].word or found[1].cause in AT_THE_PROGRAM
            self.report(LEVELS.get(found[1].kind, "FAIL" if ours else "-"), f"MX {found[2]}, GET {found[0]}", found[1], lesser=100)
            configured = found[:2] if found[1].kind in ("right", "doubtful") else None
            first = found[1] if ours and first.kind in ("absent", "no-address") else first
        if configured:
            self.without_address(*configured)
        elif clear:
            self.say("warn", "Thunderbird", "it finds its settings over plain HTTP only, which others can change on their way",
                     "plain-only")
        elif self.moved:
            self.say("warn", "Thunderbird", "the domain has moved, and only Outlook's way tells it where to")
        else:
            known = bool(found and first is found[1]) or first.kind in ("absent", "no-address", "alias", "doubled", "dns", "outside", "refused", "unreachable", "nothing")
            self.say("FAIL", "Thunderbird", "none of the four gives it settings; on the desktop it may use those of Outlook, "
                     "on Android it finds none", self.cause(first) if known else None, lesser=100, **self.fields(first))
        # GNOME Online Accounts asks here first.
        url = f"https://autoconfig.{self.domain}/.well-known/mail-v1.xml"
        answer = self.config(url, self.address)
        self.report(LEVELS.get(answer.kind, "FAIL" if answer.kind == "mislead" else "-"), f"GET {url}", answer, lesser=100)

    def by_mx(self):
        """What Thunderbird finds by the MX record of a domain that has no name of its own for it: URL, answer and mail server; None
        where there is nothing to ask."""
        if self._by_mx == ():
            self._by_mx = None
            records = self.net.records("MX", self.domain)
            for (server,) in (records.data if records else ())[:1]:
                for zone in mx_zones(server):
                    url = f"https://autoconfig.{zone}/mail/config-v1.1.xml"
                    if zone == self.domain or not HOST.fullmatch(zone):
                        continue
                    answer = self.config(url, self.address)
                    if answer.servers or not self._by_mx:
                        self._by_mx = url, answer, server
                    if answer.servers:
                        break
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
        self.report(LEVELS.get(answer.kind, "warn" if answer.kind == "certificate" else level), f"GET {url}", answer, lesser=200)

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
    base, above = base_domain(server), server.partition(".")[2]
    return [above, base] if above.endswith(f".{base}") else [base]


def encrypted(servers):
    """What autoconfig names of servers: it leaves those without encryption out where others have it."""
    return {server for server in servers if server[3] != "none"} or servers

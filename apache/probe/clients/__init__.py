"""Readers that follow the rules of mail clients: what each asks, which answers it takes, and what it ends up with.

No client's code is here: each class says which version was read or run, and what that version decides by. A reader gets
its questions answered by whoever calls it, so it runs against the program in the tests and against a live domain in
`autodiscover-probe --clients`. It needs nothing but the standard library of Python 3.9.
"""

import datetime
import inspect
import pathlib
import re
import xml.etree.ElementTree as ElementTree
from collections import namedtuple
from urllib.parse import quote, urljoin

# What a client sets up; a field is None when the document does not tell it, a server when there is none.
Server = namedtuple("Server", "kind host port security user auth")
Setup = namedtuple("Setup", "incoming outgoing")

FORMATS = ("autoconfig", "pox", "json", "soap", "pacc", "mobilesync")
AUTOCONFIG = "/mail/config-v1.1.xml"
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
MAIL_V1 = "/.well-known/mail-v1.xml"
POX = "/autodiscover/autodiscover.xml"
# The databases of Thunderbird's and of Mustang's makers: a reader asks them in its order, and it is told nothing.
DATABASE, MUSTANG_DATABASE = "https://autoconfig.thunderbird.net/v1.1/", "https://v1.ispdb.net/"
WAYS = {"incomingServer": "imap", "outgoingServer": "smtp"}
SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/"
# The Public Suffix List of Debian's package publicsuffix.
SUFFIXES = pathlib.Path("/usr/share/publicsuffix/public_suffix_list.dat")
# Without the list: what stands between a name and the domain of a country.
SECOND_LEVEL = re.compile("ac|co|com|edu|gob|gov|go|gv|mil|ne|net|nom|or|org|sch")


class Rejected(Exception):
    """Why a client does not take an answer and goes on."""


class Ended(Rejected):
    """Why a client takes an answer, cannot use it, and looks no further."""


def need(condition, reason):
    if not condition:
        raise Rejected(reason)
    return condition


class Mailbox:
    """A user as the client knows them: the address as typed, and what DNS says of its domain.

    `mx` and `ns` are the host of the first record, `srv` that of _autodiscover._tcp, `mailconf` the URL in the TXT record
    mailconf=, and `digests` the texts of the TXT records _ua-auto-config, None where nobody looks at them.
    """

    def __init__(self, address, **records):
        self.address, self.records = address, records
        self.local, _, self.domain = address.rpartition("@")

    def record(self, kind):
        return self.records.get(kind, None if kind == "digests" else "")

    mx, ns, srv, mailconf, digests = (property(lambda self, kind=kind: self.record(kind))
                                      for kind in ("mx", "ns", "srv", "mailconf", "digests"))

    @property
    def host(self):
        """The domain as every client asks DNS for it: A-labels in lower case."""
        return self.domain.encode("idna").decode().lower()

    def moved(self, address):
        """The mailbox that a server redirects to."""
        return type(self)(address)


def base_domain(host):
    """The name right below the public suffix."""
    labels = host.split(".")
    for start in range(len(labels)):
        if is_suffix(".".join(labels[start + 1:])):
            return ".".join(labels[start:])
    return host


def is_suffix(name, rules={}):
    """Whether anybody can register a name below this one."""
    labels = name.split(".")
    if len(labels) < 2:
        return True
    if not rules and SUFFIXES.exists():
        lines = SUFFIXES.read_text("utf-8").split("===END ICANN DOMAINS===")[0].splitlines()
        rules.update((line.strip().encode("idna").decode(), True) for line in lines
                     if line.strip() and not line.startswith(("//", "*", "!")))
    if rules:
        return name in rules
    return len(labels) == 2 and len(labels[1]) == 2 and bool(SECOND_LEVEL.fullmatch(labels[0]))


def encoded(address):
    """As encodeURIComponent of JavaScript, urlencode of PHP and the like."""
    return quote(address, safe="!'()*~")


def raw(address):
    """Put into the query as it is; the HTTP library encodes what no URL may hold, and a # ends the query."""
    return quote(address.partition("#")[0], safe="!$%&'()*+,;:@=/?[]{}|\\^`~")


def fill(text, who, names=("EMAILADDRESS", "EMAILLOCALPART", "EMAILDOMAIN")):
    """Replaces these placeholders anywhere in the text."""
    values = {"EMAILADDRESS": who.address, "EMAILLOCALPART": who.local, "EMAILDOMAIN": who.domain}
    for name in names:
        text = text.replace(f"%{name}%", values[name])
    return text


def fill_once(text, who):
    """As String.replace of JavaScript: the first of each placeholder, and $ in the value has a meaning of its own."""
    values = {"EMAILADDRESS": who.address, "EMAILLOCALPART": who.local, "EMAILDOMAIN": who.domain}
    for name, value in values.items():
        before, placeholder, after = text.partition(f"%{name}%")
        if placeholder:
            meanings = {"$$": "$", "$&": placeholder, "$`": before, "$'": after}
            text = before + re.sub(r"\$[$&`']", lambda match: meanings[match[0]], value) + after
    return text


def javascript(text):
    """The string that JXON makes of the text of an element: what looks like a number becomes one (parseFloat)."""
    if text.lower() in ("true", "false"):
        return text.lower()
    if not text.strip():
        return "NaN" if text else "true"
    if re.fullmatch(r"\s*0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)\s*", text):
        return "0"
    if not re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", text, re.ASCII):
        return text
    number = float(text)
    if number in (float("inf"), float("-inf")):
        return text
    # ECMAScript, Number::toString.
    sign, digits = "-" if number < 0 else "", repr(abs(number))
    mantissa, _, exponent = digits.partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    point = len(whole) + int(exponent or 0)
    significant = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(significant)
    significant = significant.rstrip("0") or "0"
    if significant == "0":
        return "0"
    if len(significant) <= point <= 21:
        return sign + significant.ljust(point, "0")
    if 0 < point <= 21:
        return sign + significant[:point] + "." + significant[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + significant
    shown = significant[0] + ("." + significant[1:] if significant[1:] else "")
    return f"{sign}{shown}e{point - 1:+d}"


def declared(body):
    """The body, unless it declares a document type: that makes much of little, and no document of settings needs it."""
    need(b"<!DOCTYPE" not in body.replace(b"\0", b""), "a document type declaration, which is not read here")
    return body


def without_cdata(body):
    """What parsers hand on that keep the text of CDATA sections to themselves."""
    first_part, *parts = body.split(b"<![CDATA[")
    return first_part + b"".join(part.partition(b"]]>")[2] for part in parts)


def document(body, root=None):
    """The root of an XML document, with its namespaces taken off: no client of ours looks at them."""
    try:
        tree = ElementTree.fromstring(declared(body))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Rejected(f"XML: {error}") from None
    for element in tree.iter():
        element.tag = element.tag.rpartition("}")[2]
    need(root in (None, tree.tag), f"root {tree.tag}")
    return tree


def child(element, name):
    """The first child of this name; without it the document is of no use."""
    found = element.find(name)
    need(found is not None, f"no {name}")
    return found


def text(element, name):
    """The text of the first child of this name, or nothing."""
    found = element.find(name)
    return "" if found is None else "".join(found.itertext())


def texts(element, name):
    """The texts of all children of this name."""
    return ["".join(found.itertext()) for found in element.findall(name)]


def number(port):
    """A port; blanks around it are what every language's reader of numbers skips."""
    port = port.strip()
    need(port.isascii() and port.isdigit() and len(port) <= 5, f"port {port}")
    return int(port)


def server(element, security, user=None, auth=None):
    """An incomingServer or outgoingServer, with host and port as they stand in it."""
    return Server(element.get("type"), text(element, "hostname"), number(text(element, "port")), security, user, auth)


def first(found):
    """The first of several, or None."""
    return next(iter(found), None)


class Client:
    """What the readers share: URLs are tried in turn, and an answer is taken or rejected.

    A method named after a format, `autoconfig`, `pox`, `json`, `soap`, `pacc` or `mobilesync`, searches for the settings
    of a mailbox. It gets `ask(method, url, headers, body)`, which gives an answer with status, headers and body, and
    returns a Setup. `read_` and the format is what it does with one document.
    """

    # The program; its version; the commit of its source and the day of that commit, or of the version (ISO 8601).
    program = version = commit = date = ""
    # Where its rules are written down, and what it decides by.
    source = decides = ""
    # Whether its own code read our documents: «runs in the tests», «run» and the day, «read», «documents» or «reports».
    own = "read"
    # What the documents of a format do not tell it: {"pox": {"user", "auth"}}. For "starttls" everything but TLS from
    # the first byte is STARTTLS, if it is offered.
    blind = {}
    # Whether a GET that is redirected from http to https is asked again there.
    crosses = True
    # What `autodiscover explain` says of it: names where it has several or another, by format; a remark, and remarks on
    # its DNS records and methods.
    names, remark, remarks = {}, "", {}

    @property
    def client(self):
        """The program and its version as the tables call them."""
        return ", ".join(filter(None, (" ".join(filter(None, (self.program, self.version, self.commit))), self.date)))

    def formats(self):
        """The formats that it asks for, in its order."""
        # The search for autoconfig is the same for all, so all have it.
        return [format for format in FORMATS if getattr(self, format, None)
                and (format != "autoconfig" or hasattr(self, "read_autoconfig"))]

    def questions(self, who, ask):
        """Asks what it is known to ask, where nobody knows what it makes of the answers."""

    def age(self, today):
        """Days since its version was made; None for what is known from documents alone."""
        return (today - datetime.date.fromisoformat(self.date)).days if self.date else None

    def urls(self, who):
        """Where it looks for autoconfig, in this order."""
        raise NotImplementedError

    def accepts(self, answer):
        """Which answers it reads at all."""
        need(200 <= answer.status < 300, f"status {answer.status}")

    def autoconfig(self, who, ask):
        return self.first_taken(who, (("GET", url, {}, None) for url in self.urls(who)), ask, self.read_autoconfig)

    def of_kinds(self, provider, who, incoming=("imap",), outgoing=("smtp",)):
        """The first server of each way that is of these kinds, as `server` reads it; None where there is none."""
        return Setup(*(first(self.server(element, who) for element in provider.findall(name)
                             if element.get("type") in kinds) for name, kinds in zip(WAYS, (incoming, outgoing))))

    def first_right(self, elements, who):
        """The first of these servers that `server` takes; the others are skipped."""
        reason = Rejected("no server")
        for element in elements:
            try:
                return self.server(element, who)
            except Rejected as wrong:
                reason = wrong
        raise reason

    def fetched(self, method, url, headers, body, ask):
        """The answer behind the redirects that every HTTP library follows for a GET."""
        for _ in range(10):
            answer = ask(method, url, headers, body)
            target = urljoin(url, answer.headers["Location"] or "")
            if method != "GET" or answer.status not in (301, 302, 303, 307, 308) or target == url:
                return answer
            here, there = url.partition(":")[0], target.partition(":")[0]
            need(there in ("http", "https") and (here == there or here == "http" and self.crosses),
                 f"redirected to {target}")
            url = target
        raise Rejected("too many redirects")

    def first_taken(self, who, requests, ask, read, ends=False):
        """The settings of the first answer that is not rejected; where it `ends`, of the first that is accepted."""
        reasons = []
        for request in requests:
            taken = False
            try:
                answer = self.fetched(*request, ask)
                self.accepts(answer)
                taken = ends
                return read(answer.body, who)
            except Rejected as reason:
                reasons.append(f"{request[1]}: {reason}")
                if taken or isinstance(reason, Ended):
                    raise Ended("; ".join(reasons)) from None
        raise Rejected("; ".join(reasons) or "nothing to ask: there is no DNS record that says where")


def steps(*searches):
    """The settings of the first search that finds any; each is a function."""
    reasons = []
    for search in searches:
        try:
            return search()
        except Rejected as reason:
            reasons.append(reason)
    kind = Ended if any(isinstance(reason, Ended) for reason in reasons) else Rejected
    raise kind("; ".join(map(str, reasons)))


def gets(urls):
    """Requests for these URLs."""
    return [("GET", url, {}, None) for url in urls]


def pox_request(who, hosts, headers={"Content-Type": "text/xml; charset=utf-8"}, schema="outlook/responseschema/2006a",
                path=POX, address=None):
    """An Autodiscover request to each of these origins."""
    address = address or who.address.replace("&", "&amp;").replace("<", "&lt;")
    kind = schema.partition("/")[0]
    body = (f'<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="{SCHEMA}{kind}/requestschema/2006">'
            f"<Request><EMailAddress>{address}</EMailAddress>"
            f"<AcceptableResponseSchema>{SCHEMA}{schema}</AcceptableResponseSchema></Request></Autodiscover>").encode()
    return [("POST", origin + path, headers, body) for origin in hosts]


def protocols(body):
    """The Protocol blocks of an Autodiscover answer, by the path that every client walks."""
    found = document(body).findall("Response/Account/Protocol")
    need(found, "no Protocol")
    return found


def mail_protocols(body):
    """Those of mail, each with the server that it gives, as far as all clients read it alike."""
    for block in protocols(body):
        kind, host, port, user = (text(block, name) for name in ("Type", "Server", "Port", "LoginName"))
        if kind in ("IMAP", "POP3", "SMTP"):
            yield block, Server(kind.lower(), host, number(port), None, user, None)


def every():
    """All readers by their name, in the order in which people know them."""
    from . import closed, desktop, mobile, web
    return {name: found() for module in (closed, desktop, mobile, web) for name, found in vars(module).items()
            if inspect.isclass(found) and issubclass(found, Client) and found is not Client
            and found.__module__ == module.__name__}

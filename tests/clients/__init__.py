"""Readers of our own that follow the rules of mail clients: what each asks, what it takes and what it ends up with.

Nothing here is a client's code: each class says which version was read or run, and what that version decides by.
"""

import xml.etree.ElementTree as ElementTree
from collections import namedtuple
from urllib.parse import quote

# What a client sets up; a field is None when the document does not tell it, a server when there is none.
Server = namedtuple("Server", "kind host port security user auth")
Setup = namedtuple("Setup", "incoming outgoing")

AUTOCONFIG = "/mail/config-v1.1.xml"
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
MAIL_V1 = "/.well-known/mail-v1.xml"
POX = "/autodiscover/autodiscover.xml"
WAYS = {"incomingServer": "imap", "outgoingServer": "smtp"}
SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/"


class Rejected(Exception):
    """Why a client does not take an answer and goes on."""


def need(condition, reason):
    if not condition:
        raise Rejected(reason)
    return condition


class Mailbox:
    """A user as the client knows them: the address as typed, and what DNS says of its domain."""

    def __init__(self, address, mx="", ns=""):
        self.address, self.mx, self.ns = address, mx, ns
        self.local, _, self.domain = address.rpartition("@")

    @property
    def host(self):
        """The domain as every client asks DNS for it: A-labels in lower case."""
        return self.domain.encode("idna").decode().lower()


def base_domain(host):
    """What lies below the public suffix; in these tests a suffix is one label."""
    return ".".join(host.split(".")[-2:])


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


def document(body, root=None):
    """The root of an XML document, with its namespaces taken off: no client of ours looks at them."""
    try:
        tree = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError) as error:
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
    need(port.isascii() and port.isdigit(), f"port {port}")
    return int(port)


def server(element, security, user=None, auth=None):
    """An incomingServer or outgoingServer, with host and port as they stand in it."""
    return Server(element.get("type"), text(element, "hostname"), number(text(element, "port")), security, user, auth)


def first(found):
    """The first of several, or None."""
    return next(iter(found), None)


class Client:
    """What the readers share: URLs are tried in turn, and an answer is taken or rejected.

    A method named after a format, `autoconfig`, `pox`, `json`, `pacc` or `mobilesync`, searches for the settings of a
    mailbox. It gets `ask(method, url, headers, body)`, which gives an answer with status, headers and body, and
    returns a Setup. `read_` and the format is what it does with one document.
    """

    # The name and version, where its rules are written down, and what it decides by.
    client = source = decides = ""
    # What the documents of a format do not tell it: {"pox": {"user", "auth"}}. For "starttls" everything but TLS from
    # the first byte is STARTTLS, if it is offered.
    blind = {}

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

    def first_taken(self, who, requests, ask, read):
        """The settings of the first answer that is not rejected."""
        reasons = []
        for request in requests:
            try:
                answer = ask(*request)
                self.accepts(answer)
                return read(answer.body, who)
            except Rejected as reason:
                reasons.append(f"{request[1]}: {reason}")
        raise Rejected("; ".join(reasons))


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

"""Compares what every mail program would see of two servers, or of a server and a configuration, for one address."""

import json
import os
import shutil
import subprocess
import sys
import urllib.parse
from http.client import parse_headers
from io import BytesIO

from .addresses import Network
from .certificates import unverified
from .clients import DATABASE, MUSTANG_DATABASE, Rejected, Setup
from .findings import printable
from .views import Live, LiveMailbox, described, look
from .web import fetch


class Everywhere(dict):
    """The places of a server that has every name: one port for TLS, one without."""

    def __init__(self, ip, tls, plain):
        super().__init__({"*": (ip, tls)})
        self.ip, self.plain = ip, plain

    def __contains__(self, key):
        return key == "*" or self.plain is not None and key.endswith(":80")

    def __getitem__(self, key):
        return (self.ip, self.plain) if key.endswith(":80") else super().__getitem__(key)


class AtServer(Live):
    """Answers from one server, whatever name is asked; its certificates are no matter, as it may have none yet."""

    def __init__(self, options, place):
        super().__init__(options)
        self.network.places = Everywhere(*place)

    def fetch(self, *request):
        return fetch(self.network, *request, context=unverified())


class Program:
    """Answers from the program itself with a configuration, as it would behind a web server that has every name."""

    def __init__(self, path):
        self.path, self.program, self.url = os.path.abspath(path), shutil.which("autodiscover"), ""
        if not self.program:
            raise ValueError(f"{path}: the program autodiscover is needed to read it; put it into the PATH")
        if not os.path.exists(path):
            raise ValueError(f"{path}: there is no such file")
        self.answers = {}

    def ask(self, method, url, headers, body):
        if url.startswith((DATABASE, MUSTANG_DATABASE)):
            raise Rejected("not asked, as it belongs to others")
        key = method, url, tuple(headers.items()), body
        if key not in self.answers:
            self.answers[key] = self.run(method, url, headers, body or b"")
        self.url = url
        return self.answers[key]

    def run(self, method, url, headers, body):
        parts = urllib.parse.urlsplit(url)
        variables = {"CONTENT_TYPE" if name == "Content-Type" else f"HTTP_{name.upper().replace('-', '_')}": value
                     for name, value in headers.items()}
        done = subprocess.run([self.program], input=body, capture_output=True, timeout=10, env={
            "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": method, "CONTENT_LENGTH": str(len(body)),
            "REQUEST_URI": parts._replace(scheme="", netloc="").geturl(), "QUERY_STRING": parts.query,
            "HTTP_HOST": parts.hostname, "SERVER_NAME": parts.hostname, "HTTPS": "on" if parts.scheme == "https" else "",
            "AUTODISCOVER_CONFIG": self.path, **variables})
        head, blank, content = done.stdout.partition(b"\r\n\r\n")
        fields = parse_headers(BytesIO(head + blank))
        return Printed(int((fields["Status"] or "200")[:3]), fields, content)


class Printed:
    """An answer as the readers take it."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body


class Pointers(LiveMailbox):
    """A mailbox with the DNS records of today, but for the digest of PACC, which is published with the new answer."""

    def record(self, kind):
        return None if kind == "digests" else super().record(kind)


def views_of(options, side, address):
    """Every search of every client on one side."""
    if side == "dns":
        live = Live(options)
        return list(look(live, LiveMailbox(address, live.network)))
    live = Program(side) if isinstance(side, str) else AtServer(options, side)
    return list(look(live, Pointers(address, Network(options))))


def seen(view):
    """What the user would see: the servers, as far as the client can know them."""
    return Setup(*map(view.known, Setup._fields)) if view.setup and not view.stopped else view.stopped


def words(view):
    if view.stopped:
        return "stops with an answer"
    if view.setup is None:
        return "nothing"
    return "; ".join(described(view.known(way)) for way in Setup._fields if way not in view.blind)


def named(side):
    return side if isinstance(side, str) else f"{side[0]}:{side[1]}"


def show(options, local, domain):
    """Prints what differs; 1 if something does."""
    address = f"{local}@{domain}"
    try:
        old, new = (views_of(options, side, address) for side in options.compare)
    except ValueError as error:
        print(f"autodiscover-probe: {error}", file=sys.stderr)
        return 2
    # Whoever finds nothing today can only win.
    differing = [(one, other) for one, other in zip(old, new) if one.setup and seen(one) != seen(other)]
    gaining = [other for one, other in zip(old, new) if not one.setup and other.setup and not other.stopped]
    if options.format == "json":
        print(json.dumps({"address": address, "searches": len(old), "differ": [
            {"program": one.client.program, "version": one.client.version, "asks": one.format, "old": words(one),
             "new": words(other)} for one, other in differing], "gain": [
            {"program": view.client.program, "version": view.client.version, "asks": view.format, "new": words(view)}
            for view in gaining]}))
        return 1 if differing else 0
    for one, other in differing:
        print(one.title)
        for side, view in zip(options.compare, (one, other)):
            print(f"  {named(side)}: {printable(words(view))}")
    if not any(view.setup for view in old + new):
        print("no client finds anything on either side")
    print(f"{len(differing)} of {len(old)} searches differ"
          + (f"; {len(gaining)} find settings where they found none: {'; '.join(view.title for view in gaining)}" if gaining else ""))
    return 1 if differing else 0

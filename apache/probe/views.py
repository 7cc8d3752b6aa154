"""What the user of each mail program ends up with: every reader asks the live domain in its own order."""

import collections
import json
import os
import shutil
import subprocess

from .addresses import FAILURES, Network
from .clients import DATABASE, MUSTANG_DATABASE, WAYS, Mailbox, Rejected, Server, Setup, document, every, fill, first, texts
from .clients import child as child_of
from .clients import server as server_of
from .findings import count, printable, short
from .web import fetch

SECURITY = {"SSL": "SSL", "STARTTLS": "STARTTLS", "plain": "plain"}
WORDS = {"SSL": "with TLS", "STARTTLS": "with STARTTLS", "plain": "without encryption"}
# The words of autoconfig for what a server takes, as the readers call them.
AUTHENTICATION = {"password-cleartext": "password", "password-encrypted": "CRAM-MD5", "OAuth2": "OAuth2", "NTLM": "NTLM",
                  "GSSAPI": "GSSAPI", "TLS-client-cert": "certificate", "client-IP-address": "none", "none": "none"}
FORMATS = {"autoconfig": "autoconfig", "pox": "Autodiscover", "json": "Autodiscover by JSON", "soap": "SOAP", "pacc": "PACC",
           "mobilesync": "ActiveSync"}


class LiveMailbox(Mailbox):
    """A mailbox whose DNS records are looked up when a reader wants them."""

    def __init__(self, address, network):
        super().__init__(address)
        self.network = network

    def moved(self, address):
        return type(self)(address, self.network)

    def record(self, kind):
        host = self.host
        if kind in ("mx", "ns"):
            found = self.data(kind.upper(), host)
            target = (found[0][0] if kind == "mx" else found[0]) if found else ""
            return target.rstrip(".")
        if kind == "srv":
            found = self.data("SRV", f"_autodiscover._tcp.{host}")
            name, port = found[0] if found else ("", 443)
            return name if port == 443 or not name else f"{name}:{port}"
        if kind == "mailconf":
            records = [record for record in self.data("TXT", host) if record.startswith("mailconf=")]
            return records[0].partition("=")[2] if records else ""
        records = self.network.records("TXT", f"_ua-auto-config.{host}")
        return None if records is None else records.data

    def data(self, kind, name):
        records = self.network.records(kind, name)
        return records.data if records else []


class Live:
    """Answers the questions of the readers from the network, each of them once."""

    def __init__(self, options):
        self.network, self.answers = Network(options), {}
        # The last URL that gave a reader an answer.
        self.url = ""

    def fetch(self, *request):
        return fetch(self.network, *request)

    def ask(self, method, url, headers, body):
        if url.startswith((DATABASE, MUSTANG_DATABASE)):
            raise Rejected("not asked, as it belongs to others")
        key = method, url, tuple(headers.items()), body
        if key not in self.answers:
            self.answers[key] = self.fetch(method, url, body, list(headers.items()))
        answer = self.answers[key]
        if answer.failure:
            words = FAILURES.get(answer.failure.kind, (answer.failure.kind, None))[0]
            fields = {"host": answer.host, "port": answer.port, "url": short(url), "detail": answer.failure.detail,
                      "seconds": count(self.network.seconds, "second")}
            raise Rejected(words.format_map(collections.defaultdict(str, fields)))
        self.url = url
        return answer


class View:
    """What one search of one client ended with."""

    def __init__(self, name, client, format, setup, url, reason):
        self.name, self.client, self.format, self.setup, self.url, self.reason = name, client, format, setup, url, reason
        self.blind = client.blind.get(format, set())

    @property
    def title(self):
        """The program, its version and what it asks for."""
        return f"{self.client.program} {self.client.version}".rstrip() + f", {FORMATS[self.format]}"

    @property
    def stopped(self):
        """Whether the search ended with nothing because of an answer."""
        return self.setup == Setup(None, None)

    def known(self, way):
        """The server of this way, without what the client is blind for; None where there is none."""
        server = None if self.setup is None or way in self.blind else getattr(self.setup, way)
        if server is None:
            return None
        server = server._replace(**{field: None for field in self.blind & set(Server._fields)})
        # It upgrades where it can, so that the two are one to it.
        return server._replace(security=None) if "starttls" in self.blind and server.security != "SSL" else server

    def differences(self, right):
        """Sentences on what is not as it should be, as far as this client can know it."""
        for way in Setup._fields:
            its, wanted = self.known(way), getattr(right, way)
            if way in self.blind or wanted is None and its is None:
                continue
            if its is None or wanted is None:
                yield f"{way}: {described(its)} instead of {described(wanted)}"
                continue
            differing = [field for field in Server._fields if None not in (getattr(its, field), getattr(wanted, field))
                         and getattr(its, field) != getattr(wanted, field)]
            if differing:
                words = ", ".join(f"{field} {getattr(its, field)!r} instead of {getattr(wanted, field)!r}" for field in differing)
                yield f"{way}: {words}"


def look(live, who, formats=None):
    """A View of every search of every client, as far as it is of one of these formats."""
    for name, client in every().items():
        for format in client.formats():
            if formats and format not in formats:
                continue
            setup, reason, live.url = None, "", ""
            try:
                setup = getattr(client, format)(who, live.ask)
            except Rejected as rejected:
                reason = str(rejected)
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
                # A document that the reader was not made for.
                reason = f"{type(error).__name__}: {error}"
            yield View(name, client, format, setup, live.url if setup else "", reason)


def majority(views):
    """What most of the clients end up with, each field by itself from those that have the commonest server."""
    def of(way):
        servers = [server for server in (view.known(way) for view in views) if server and server.kind != "activesync"]
        if not servers:
            return None
        key = most((server.kind, server.host, server.port) for server in servers)
        same = [server for server in servers if (server.kind, server.host, server.port) == key]
        return Server(*key, *(most(getattr(server, field) for server in same if getattr(server, field) is not None)
                              for field in ("security", "user", "auth")))
    return Setup(*map(of, Setup._fields))


def most(values):
    """The commonest of these values; of several, the first."""
    counted = collections.Counter(values)
    return max(counted, key=counted.get) if counted else None


def stated(body, who):
    """What a document of autoconfig says by the letter: the first server of each way."""
    provider = child_of(document(body), "emailProvider")

    def read(element):
        auth = first(AUTHENTICATION[word] for word in texts(element, "authentication") if word in AUTHENTICATION)
        user = fill("".join(texts(element, "username")[:1]), who)
        return server_of(element, SECURITY.get("".join(texts(element, "socketType")[:1])), user, auth)
    return Setup(*(first(read(element) for element in provider.findall(way)) for way in WAYS))


def configured(options, address):
    """What our own configuration says, if there is one and the program to read it; else None."""
    path = options.config or os.environ.get("AUTODISCOVER_CONFIG") or "/etc/autodiscover/autodiscover.toml"
    program = shutil.which("autodiscover")
    if not program or not os.path.exists(path):
        return None
    done = subprocess.run([program, "show", address, "--as", "autoconfig", "--config", path], capture_output=True, timeout=10)
    try:
        return stated(done.stdout, Mailbox(address)) if done.returncode == 0 else None
    except Rejected:
        return None


def described(server):
    """A server in words."""
    if server is None:
        return "nothing"
    parts = [f"{server.kind.upper() if server.kind != 'activesync' else 'ActiveSync'} {server.host} port {server.port}"]
    parts += [WORDS[server.security]] if server.security in WORDS else []
    parts += [f"as {server.user!r}"] if server.user is not None else []
    parts += [f"by {server.auth}"] if server.auth else []
    return printable(" ".join(parts))


def judged(views, right):
    """Each view with its verdict, right, wrong, nothing or stopped, and the sentences that say why."""
    offered = {view.format for view in views if view.setup}
    for view in views:
        if view.stopped:
            yield view, "stopped", ["looks for Exchange and finds an answer"]
        elif view.setup is None:
            yield view, "nothing", [view.reason if view.format in offered else f"nobody offers {FORMATS[view.format]}"]
        elif view.format == "mobilesync":
            yield view, "right", []
        else:
            differences = list(view.differences(right))
            yield view, "wrong" if differences else "right", differences


def show(options, local, domain, tell):
    """Prints the table for one address, or one object of JSON; True if some client ends up with something wrong."""
    address = f"{local}@{domain}"
    live = Live(options)
    views = list(look(live, LiveMailbox(address, live.network)))
    ours = configured(options, address)
    right = ours or majority(views)
    rows = list(judged(views, right))
    found = [verdict for _, verdict, _ in rows if verdict in ("right", "wrong")]
    if options.format == "json":
        print(json.dumps({
            "address": address, "right": as_object(right), "by": "configuration" if ours else "majority",
            "programs": [{"program": view.client.program, "version": view.client.version, "commit": view.client.commit,
                          "date": view.client.date, "asks": view.format, "verdict": verdict, "why": reasons,
                          "found_at": view.url, **as_object(view.setup)} for view, verdict, reasons in rows]}), flush=True)
        return "wrong" in found or not found
    tell("What the configuration says" if ours else "What most end up with")
    print(f"{described(right.incoming)}\n{described(right.outgoing)}")
    tell("What the user of each program ends up with")
    levels = {"right": "ok", "wrong": "FAIL", "nothing": "-", "stopped": "-"}
    for view, verdict, reasons in rows:
        text = f"from {view.url}" if verdict == "right" else "; ".join(map(short, reasons))
        if view.format == "mobilesync" and view.setup:
            text = f"{described(view.setup.incoming)}, {text}"
        tell({"level": levels[verdict], "subject": view.title,
              "text": printable(f"nothing: {text}" if verdict == "nothing" else text)})
    tell("Altogether")
    print(f"{found.count('right')} of {count(len(found), 'search')}".replace("searchs", "searches")
          + f" that find settings are right by {'the configuration' if ours else 'the majority'}; "
          f"{len(rows) - len(found)} find none. The databases of Thunderbird's and Mustang's makers were not asked.")
    return "wrong" in found or not found


def as_object(setup):
    """A setup for JSON."""
    return {way: server._asdict() if (server := getattr(setup, way, None)) else None for way in Setup._fields}

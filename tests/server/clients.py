"""Mail clients against the program: each asks in its own way, and must end up with what tests/clients/kinds.toml says.

The readers of tests/clients also read the documents of all cases. Two clients run themselves: exchangelib, and
io-pim-discovery of Himalaya.
"""

import functools
import http.server
import inspect
import json
import os
import re
import subprocess
import sys
import threading
import tomllib
import unittest
from urllib.parse import parse_qs, urlsplit

import documents
import harness

sys.path.insert(0, str(harness.TESTS))

from clients import Client, Mailbox, Rejected, Server, Setup, desktop, mobile, need, web  # noqa: E402

FORMATS = ("autoconfig", "pox", "json", "pacc", "mobilesync")
KINDS = tomllib.loads((harness.TESTS / "clients/kinds.toml").read_text())
CLIENTS = {name: found() for module in (desktop, mobile, web) for name, found in vars(module).items()
           if inspect.isclass(found) and issubclass(found, Client) and found is not Client}
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


def readers():
    """Every client with each format that it asks for: what kinds.toml calls them both, the client, the format."""
    for name, client in CLIENTS.items():
        for format in FORMATS:
            # The search for autoconfig is the same for all, so all have it.
            if getattr(client, format, None) and (format != "autoconfig" or hasattr(client, "read_autoconfig")):
                yield name if format == "autoconfig" else f"{name} {format}", client, format


# ---- the kinds of hostings


class Hosting:
    """The program with the configuration of a kind, behind the hosts of the kind."""

    def __init__(self, kind, folder):
        self.kind, self.folder, self.asked = kind, folder, []
        self.who = Mailbox(kind.get("address", "ada@example.org"), kind.get("mx", ""), kind.get("ns", ""))
        self.hosts, self.other = kind.get("hosts", [self.who.host]), kind.get("other", {"host": "", "config": ""})
        files = {"autodiscover.toml": kind["config"], "other/autodiscover.toml": self.other["config"]}
        for name, content in {**files, **kind.get("files", {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        self.ask_once = functools.cache(self.answer)

    def ask(self, method, url, headers, body):
        self.asked.append(url)
        return self.ask_once(method, url, tuple(headers.items()), body)

    def answer(self, method, url, headers, body):
        parts = urlsplit(url)
        other = parts.hostname == self.other["host"]
        need(other or any(f".{parts.hostname}".endswith(f".{host}") for host in self.hosts), "no such host")
        config = self.folder / ("other/autodiscover.toml" if other else "autodiscover.toml")
        variables = {"CONTENT_TYPE" if name == "Content-Type" else f"HTTP_{name.upper().replace('-', '_')}": value
                     for name, value in headers}
        uri = parts._replace(scheme="", netloc="").geturl()
        return harness.cgi(body or b"", REQUEST_METHOD=method, REQUEST_URI=uri, QUERY_STRING=parts.query,
                           HTTP_HOST=self.kind.get("at", parts.hostname), SERVER_NAME=parts.hostname,
                           HTTPS="on" if parts.scheme == "https" else "", AUTODISCOVER_CONFIG=str(config), **variables)


def server(line):
    """A line such as «imap imap.example.org 993 SSL ada@example.org password»."""
    if line == "nothing":
        return None
    kind, host, port, security, user, auth = (None if word == "-" else word for word in line.split())
    return Server(kind, host, int(port), security, user, auth)


def expected(kind, name, format):
    """What a client must end up with: the line of the format, with what differs for the client; None is nothing."""
    lines = kind.get(format, "nothing" if format == "mobilesync" else kind["mail"])
    setup = None if lines == "nothing" else Setup(*map(server, lines))
    for names, differs in kind.get("but", {}).items():
        if name not in names.split(", "):
            continue
        if differs in ("nothing", "stopped"):
            return Setup(None, None) if differs == "stopped" else None
        for part in re.split(r" (?=[a-z.]+=)", differs):
            field, _, value = part.partition("=")
            way, _, field = field.rpartition(".") if field not in Setup._fields else (field, "", "")
            for each in [way] if way else Setup._fields:
                old = getattr(setup, each)
                setup = setup._replace(**{each: old._replace(**{field: value}) if field else server(value)})
    return setup


def seen(setup, blind):
    """Without what the client is blind for."""
    def one(server):
        if server is None:
            return None
        server = server._replace(**{field: None for field in blind & set(Server._fields)})
        upgrade = "starttls" in blind and server.security != "SSL"
        return server._replace(security="STARTTLS") if upgrade else server
    return setup and Setup(*(None if way in blind else one(getattr(setup, way)) for way in Setup._fields))


class Kinds(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(harness.folder())

    def test_every_client_ends_up_with_the_right_servers(self):
        ran = 0
        for title, kind in KINDS.items():
            hosting = Hosting(kind, self.folder / title)
            for name, client, format in readers():
                if format not in kind.get("formats", FORMATS):
                    continue
                blind = client.blind.get(format, set())
                with self.subTest(kind=title, client=name):
                    hosting.asked.clear()
                    try:
                        found, reason = getattr(client, format)(hosting.who, hosting.ask), ""
                    except Rejected as rejected:
                        found, reason = None, rejected
                    ran += 1
                    self.assertEqual(seen(found, blind), seen(expected(kind, name, format), blind), reason)
                    # Whoever finds nothing has asked everywhere: no answer ended the search.
                    if format == "autoconfig" and found is None and hosting.who.domain.isascii():
                        self.assertLessEqual(set(client.urls(hosting.who)), set(hosting.asked))
        self.assertGreater(ran, 1000)

    def test_every_name_and_key_of_the_kinds_is_known(self):
        known = {name for name, _, _ in readers()}
        keys = {"about", "config", "files", "address", "hosts", "mx", "ns", "at", "formats", "mail", "but", "other"}
        for title, kind in KINDS.items():
            with self.subTest(title):
                self.assertLessEqual(set(kind), keys | set(FORMATS))
                self.assertLessEqual({name for names in kind.get("but", {}) for name in names.split(", ")}, known)

    def test_em_client_finds_calendars_and_address_books(self):
        hosting = Hosting(KINDS["dav-other-login"], self.folder)
        answer = hosting.ask("POST", "https://example.org/autodiscover/autodiscover.xml", {}, harness.post())
        self.assertEqual(CLIENTS["EmClient"].dav(answer.body), [
            ("CalDAV", "https://dav.example.org/calendars/", "ada"),
            ("CardDAV", "https://dav.example.org/contacts/", "ada")])


# ---- the documents of the cases

# Why a client of ours may reject a document of ours; everything else it must read.
REASONS = {
    "Thunderbird": "(imap|smtp): socketType or authentication",
    "Pimalaya": "unknown variant in .*'GSSAPI'",
    "Thunderbird pox": "no (Account|Protocol|SMTP)|an incomplete configuration|redirected to",
    "ThunderbirdForAndroid": "missing imap|socketType plain",
    "Geary": "unsupported protocol",
    "Mustang": "need proper <domain>",
    "Mustang pox": "no applicable config|no Protocol",
    "Aerc": "no imap",
    "FairEmail": "an incomplete configuration",
    "FairEmail pox": "no (Account|settings|Protocol)|an incomplete configuration",
    "SnappyMail": "array_filter leaves no number 0",
    "SnappyMail pox": "no Protocol|an incomplete configuration",
    "EmailEngine pox": "no Protocol|neither IMAP nor SMTP",
    "Outlook pox": "no (Account|mail)|redirect",
    "EmClient pox": "no (Account|mail)|redirect",
    "MylDiscovery": "AttributeError",
    "AospExchange mobilesync": "no Url of a MobileSync server",
}


def format_of(document):
    """Which of the formats a document of ours is."""
    if b"<clientConfig" in document:
        return "autoconfig"
    if b"<Autodiscover" in document:
        return "mobilesync" if b'/mobilesync/responseschema/2006">' in document else "pox"
    return "pacc" if b'"protocols"' in document else None


def plain_beside_encrypted(body):
    """A server without encryption costs Thunderbird for Android the file, and other clients the encryption."""
    words = set(re.findall(b"<socketType>(.*?)</socketType>", body))
    return b"plain" in words and len(words) > 1


def unique(pairs):
    need(len(pairs) == len(dict(pairs)), "a key twice")
    return dict(pairs)


def host(value):
    need(HOST.fullmatch(value or ""), f"host {value}")


def pacc(document, body):
    """draft-ietf-mailmaint-pacc: submission as -02 and as -03 spell it, and bytes that do not change."""
    need(set(document) == {"authentication", "info", "protocols"}, "keys")
    ways = document["authentication"]
    need({"password"} <= set(ways) <= {"oauth-public", "password"} and type(ways["password"]) is bool, "authentication")
    need(ways["password"] or "oauth-public" in ways, "no way in")
    if "oauth-public" in ways:
        need(set(ways["oauth-public"]) == {"issuer"}, "oauth-public")
        issuer = urlsplit(ways["oauth-public"]["issuer"])
        host(issuer.hostname)
        need(issuer.scheme == "https" and not issuer.query and not issuer.fragment, "issuer")
    info, protocols = document["info"], document["protocols"]
    need({"provider"} <= set(info) <= {"provider", "help"}, "info")
    provider = info["provider"]
    need({"name"} <= set(provider) <= {"name", "shortName", "logo"}, "provider")
    for logo in provider.get("logo", []):
        need({"url"} <= set(logo) <= {"url", "content-type"} and urlsplit(logo["url"]).scheme == "https", "logo")
        need(logo.get("content-type") in (None, "image/png", "image/svg+xml"), "content-type")
    need(1 <= len(provider["name"]) <= 60 and 1 <= len(provider.get("shortName", "-")) <= 20, "names")
    if "help" in info:
        need(set(info["help"]) == {"documentation"}, "help")
        need(urlsplit(info["help"]["documentation"]).scheme in ("http", "https"), "documentation")
    need({"imap", "pop3"} & set(protocols) and protocols["submit"] == protocols["smtp"], "mail")
    for name, value in protocols.items():
        if name in ("imap", "pop3", "submit", "smtp"):
            need(set(value) == {"host"}, name)
            host(value["host"])
        else:
            need(name in ("caldav", "carddav", "jmap") and set(value) == {"url"}, name)
            parts = urlsplit(value["url"])
            host(parts.hostname)
            need(parts.scheme == "https" and parts.path not in ("", "/") and parts.netloc == parts.hostname, "url")
    stable = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    need(stable.encode() == body, "bytes")


def json_answer(body, status):
    """A JSON document of ours, key by key."""
    document = json.loads(body.decode(), object_pairs_hook=unique)
    if "protocols" in document:
        need(status in (None, 200), f"status {status}")
        pacc(document, body)
    elif "Protocol" in document:
        need(status in (None, 200) and set(document) == {"Protocol", "Url"}, "keys")
        need(document["Protocol"] in ("AutodiscoverV1", "ActiveSync"), "Protocol")
        need(urlsplit(document["Url"]).scheme == "https", "Url")
        host(urlsplit(document["Url"]).hostname)
    else:
        need(status is None or status >= 400, f"an error with status {status}")
        need(set(document) == {"ErrorCode", "ErrorMessage"} and document["ErrorMessage"].strip(), "keys")
        need(re.fullmatch("[A-Z][A-Za-z]+", document["ErrorCode"]), "ErrorCode")


class Documents(unittest.TestCase):
    def test_clients_read_the_documents_of_the_cases(self):
        read = 0
        for case in harness.cases():
            status, headers, body = case.expected
            self.assertNotEqual((headers["Status"] or "")[:4], "200 ", case.name)
            self.assertTrue(not body or b"[TIME]" in body or int(headers["Content-Length"]) == len(body), case.name)
            format = format_of(body)
            if status != 200 or not format:
                continue
            query = {name.lower(): value for name, value in parse_qs(case.env.get("QUERY_STRING", "")).items()}
            domain = re.findall(rb"<domain>(.*?)</domain>", body) or [b"example.org"]
            who = Mailbox(query.get("emailaddress", [""])[0] or f"ada@{domain[0].decode()}")
            self.assertFalse(plain_beside_encrypted(body) or body.startswith(b"\xef\xbb\xbf"), case.name)
            for name, client, its in readers():
                if its != format or not hasattr(client, f"read_{format}"):
                    continue
                with self.subTest(case=case.name, client=name):
                    try:
                        getattr(client, f"read_{format}")(body, who)
                        self.assertNotIn(b"<ErrorCode>", body, "an error is no answer")
                        read += 1
                    except Rejected as reason:
                        self.assertRegex(str(reason), REASONS.get(name, "rejects nothing"))
        self.assertGreater(read, 500)

    def test_json_is_as_its_clients_want_it(self):
        for case in harness.cases():
            status, headers, body = case.expected
            if body and headers["Content-Type"].startswith("application/json"):
                with self.subTest(case.name):
                    json_answer(body, status)

    def test_wrong_documents_are_refused(self):
        for name, document in documents.wrong():
            if not document.startswith(b"<"):
                with self.subTest(name), self.assertRaises((Rejected, ValueError, KeyError, TypeError)):
                    json_answer(document, None)
            elif name.startswith("autoconfig-dropped-"):
                with self.subTest(name):
                    self.assertTrue(list(self.refusing(document)), "everybody would take it")

    def refusing(self, body):
        """The clients that do not take a document, or not all of it, or without encryption."""
        if plain_beside_encrypted(body):
            yield "whoever asks for encryption"
        for name in ("Thunderbird", "ThunderbirdForAndroid", "FairEmail", "Pimalaya"):
            try:
                found = CLIENTS[name].read_autoconfig(body, Mailbox("ada@example.org"))
                if not all(found) or "plain" in (found.incoming.security, found.outgoing.security):
                    yield name
            except Rejected:
                yield name

    def test_the_table_of_the_readme_has_every_client(self):
        table = (harness.TESTS / "clients/README.md").read_text()
        for name, client in CLIENTS.items():
            with self.subTest(name):
                self.assertIn(f"| {client.client} |", table)


# ---- exchangelib itself

# Where Debian's Python finds it, whatever Python runs the tests.
EXCHANGELIB = """
import sys
from exchangelib.autodiscover.discovery import pox

class Search(pox.PoxAutodiscovery):
    # Loopback stands for both hosts; what an answer does to the search is exchangelib's own.
    def _ensure_valid_hostname(self, url):
        pass

    def _step_5(self, ad):
        print("stopped", flush=True)
        sys.exit()

    def _attempt_response(self, url):
        print("asked", url.split("/")[2], flush=True)
        return super()._attempt_response(url.replace("https://", sys.argv[1]))

    def _step_3(self, hostname):
        print("went on", flush=True)
        sys.exit()

Search(sys.argv[2]).discover()
"""


class RealExchangelib(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(harness.folder())
        done = subprocess.run(["/usr/bin/python3", "-c", "import exchangelib, exchangelib.autodiscover.discovery.pox"],
                              capture_output=True, text=True)
        if "No module named 'exchangelib'" in done.stderr:
            self.assertNotEqual(os.environ.get("CI"), "true", "missing: python3-exchangelib")
            self.skipTest("missing: python3-exchangelib")
        elif done.returncode:
            self.skipTest("this exchangelib speaks SOAP alone")

    def search(self, title):
        """What exchangelib prints while it looks for the settings of a kind."""
        hosting = Hosting(KINDS[title], self.folder / title)

        class Site(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = hosting.ask("POST", f"https:/{self.path}", {}, body)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name != "Status":
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
            threading.Thread(target=site.serve_forever).start()
            try:
                # It keeps what it has found among the temporary files.
                done = subprocess.run(["/usr/bin/python3", "-c", EXCHANGELIB, f"http://127.0.0.1:{site.server_port}/",
                                       hosting.who.address], env={"TMPDIR": str(self.folder)}, capture_output=True,
                                      text=True, timeout=60)
            finally:
                site.shutdown()
        return done.stdout.splitlines() or done.stderr

    def test_exchangelib_goes_on_where_the_domain_is_not_served(self):
        for title in ("not-served", "nothing-offered"):
            with self.subTest(title):
                domain = KINDS[title].get("address", "ada@example.org").partition("@")[2]
                self.assertEqual(self.search(title), [f"asked {domain}", f"asked autodiscover.{domain}", "went on"])

    def test_exchangelib_stops_where_it_is_served(self):
        self.assertEqual(self.search("ssl"), ["asked example.org", "stopped"])


# ---- io-pim-discovery itself


class RealPimalaya(unittest.TestCase):
    """The crate that Himalaya reads with, in a program of a few lines."""

    @classmethod
    def setUpClass(cls):
        cls.command = ["cargo", "run", "--quiet", "--locked", "--target-dir", str(harness.ROOT / "target/pimalaya"),
                       "--manifest-path", str(harness.TESTS / "clients/pimalaya/Cargo.toml")]
        if not harness.tool("cargo"):
            raise unittest.SkipTest("missing: cargo")
        # The registry may be out of reach.
        done = subprocess.run(cls.command, input="", capture_output=True, text=True)
        if done.returncode:
            raise unittest.SkipTest(f"io-pim-discovery cannot be built: {done.stderr.strip().splitlines()[-1]}")

    def read(self, documents):
        """What it makes of documents: format, address and text of each come in, a Setup or None goes out."""
        lines = "".join(json.dumps(dict(zip(("format", "address", "document"), each))) + "\n" for each in documents)
        done = subprocess.run(self.command, input=lines, capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            found = {}
            for service in json.loads(line) or []:
                if "tcp" in service["endpoint"]:
                    tcp = service["endpoint"]["tcp"]
                    security = {"tls": "SSL", "starttls": "STARTTLS", "plain": "plain"}[tcp["security"]]
                    found.setdefault(service["service"] == "smtp", Server(
                        service["service"], tcp["host"], tcp["port"], security, service["username"], None))
            yield Setup(found.get(False), found.get(True)) if found else None

    def test_it_reads_the_documents_of_the_cases_as_our_reader_does(self):
        documents, wanted = [], []
        bodies = [case.expected.body for case in harness.cases() if case.expected.status == 200]
        for body in bodies:
            if format_of(body) in ("autoconfig", "pacc"):
                documents.append((format_of(body), "ada@example.org", body.decode()))
                try:
                    read = getattr(CLIENTS["Pimalaya"], f"read_{format_of(body)}")
                    wanted.append(seen(read(body, Mailbox("ada@example.org")), {"auth"}))
                except Rejected:
                    wanted.append(None)
        self.assertGreater(len(documents), 30)
        for document, found, want in zip(documents, self.read(documents), wanted, strict=True):
            with self.subTest(document[2]):
                self.assertEqual(found, want)


if __name__ == "__main__":
    harness.main("clients")

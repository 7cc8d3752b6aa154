"""Mail clients against the program: each asks in its own way, and must end up with what tests/clients/kinds.toml says.

The readers of apache/probe/clients also read the documents of all cases. Three clients run themselves: exchangelib and
myl-discovery of PyPI, and io-pim-discovery of Himalaya; Thunderbird has a suite of its own.
"""

import contextlib
import datetime
import email.message
import functools
import http.server
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

sys.path[:0] = str(harness.ROOT / "apache"), str(harness.TESTS / "clients")

import asked  # noqa: E402
from probe.clients import (  # noqa: E402
    AUTOCONFIG, FORMATS, Ended, Mailbox, Rejected, Server, Setup, base_domain, every, fill_once, javascript, need)

KINDS = tomllib.loads((harness.TESTS / "clients/kinds.toml").read_text())
# What the code of each client does otherwise, by client and kind; UPDATE=1 writes it anew from the readers.
RESULTS = tomllib.loads((harness.TESTS / "clients/results.toml").read_text())
UPDATE = os.environ.get("UPDATE") == "1"
CLIENTS = every()
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


def readers():
    """Every client with each format that it asks for: what kinds.toml calls them both, the client, the format."""
    for name, client in CLIENTS.items():
        for format in client.formats():
            yield name if format == "autoconfig" else f"{name} {format}", client, format


def write_results(results):
    """results.toml, with its own first lines."""
    path = harness.TESTS / "clients/results.toml"
    head = path.read_text().partition("\n[")[0]
    tables = (f"[{json.dumps(name) if ' ' in name else name}]\n" + "".join(
        f"{title} = {json.dumps(differs, ensure_ascii=False)}\n" for title, differs in differing.items())
        for name, differing in results.items())
    path.write_text(head + "\n" + "\n".join(tables))


# ---- the kinds of hostings


class Hosting:
    """The program with the configuration of a kind, behind the hosts of the kind."""

    def __init__(self, kind, folder):
        self.kind, self.folder, self.asked = kind, folder, []
        address = kind.get("address", "ada@example.org")
        # As if the record mailconf= stood there, which two of them read.
        mailconf = f"https://autoconfig.{Mailbox(address).host}{AUTOCONFIG}"
        records = {name: kind[name] for name in ("mx", "ns", "srv") if name in kind}
        self.who = Mailbox(address, mailconf=mailconf, **records)
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


def right(kind, format):
    """What every client of a format must end up with: the line of the format; None is nothing."""
    lines = kind.get(format, "nothing" if format in ("mobilesync", "soap") else kind["mail"])
    return None if lines == "nothing" else Setup(*map(server, lines))


def line(server):
    """As `server` reads it."""
    return "nothing" if server is None else " ".join("-" if word is None else str(word) for word in server)


def difference(found, wanted):
    """How a client's own rules make it end up with something else, as results.toml has it; empty if they do not.

    «nothing», «stopped» for a search that ended with nothing, or the fields, of one way or of both.
    """
    if found == wanted:
        return ""
    if found is None or found == Setup(None, None):
        return "nothing" if found is None else "stopped"
    if wanted is None:
        return "; ".join(f"{way}={line(getattr(found, way))}" for way in Setup._fields)
    differs = {}
    for way in Setup._fields:
        one, other = getattr(found, way), getattr(wanted, way)
        if one is None or other is None or one.kind != other.kind:
            differs.update({} if one == other else {(way, ""): line(one)})
        else:
            differs.update({(way, field): "-" if value is None else str(value)
                            for field, value, want in zip(Server._fields, one, other) if value != want})
    parts = []
    for (way, field), value in differs.items():
        both = field and differs.get(("incoming", field)) == differs.get(("outgoing", field)) == value
        name = field if both else f"{way}.{field}" if field else way
        if f"{name}={value}" not in parts:
            parts.append(f"{name}={value}")
    return "; ".join(parts)


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

    def test_every_client_ends_up_with_what_its_own_code_ends_up_with(self):
        ran, results = 0, {}
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
                    differs = difference(seen(found, blind), seen(right(kind, format), blind))
                    results.setdefault(name, {}).update({title: differs} if differs else {})
                    if not UPDATE:
                        self.assertEqual(differs, RESULTS[name].get(title, ""), reason)
                    # Whoever finds nothing has asked everywhere: no answer ended the search.
                    if found is None and not isinstance(reason, Ended) and hosting.asked:
                        wanted = set(client.urls(hosting.who)) if format == "autoconfig" else set()
                        self.assertLessEqual(wanted, set(hosting.asked))
        self.assertGreater(ran, 1000)
        if UPDATE:
            write_results(results)

    def test_every_name_and_key_of_the_kinds_is_known(self):
        keys = {"about", "config", "files", "address", "hosts", "mx", "ns", "srv", "at", "formats", "mail", "other"}
        for title, kind in KINDS.items():
            with self.subTest(title):
                self.assertLessEqual(set(kind), keys | set(FORMATS))
        self.assertEqual(set(RESULTS), {name for name, _, _ in readers()})
        for name, differing in RESULTS.items():
            with self.subTest(name):
                self.assertLessEqual(set(differing), set(KINDS))

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
    "Thunderbird pox": "no (Account|Protocol)|an incomplete configuration|redirected by address",
    "ThunderbirdForAndroid": "missing imap|socketType plain",
    "ThunderbirdForIos": "socketType plain|authentication (none|NTLM|GSSAPI|TLS-client-cert)",
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
    """draft-ietf-mailmaint-pacc-04: submission also as 02 spells it, and bytes that do not change."""
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
            masked = b"[TIME]" in body or headers["Content-Length"] == "[LENGTH]"
            self.assertTrue(not body or masked or int(headers["Content-Length"]) == len(body), case.name)
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

    def test_the_table_of_the_readme_is_that_of_the_readers(self):
        path = harness.TESTS / "clients/README.md"
        before, begin, rest = path.read_text().partition("| client | its own code |")
        _, end, after = rest.partition("\n\n")
        wanted = before + "\n".join(table()) + end + after
        if UPDATE:
            path.write_text(wanted)
        self.assertEqual(path.read_text(), wanted)


def table():
    """The table of tests/clients/README.md, a row a client."""
    yield "| client | its own code | asks for | right | what is special, and where it stands |"
    yield "|---|---|---|---|---|"
    words = {"pox": "Autodiscover", "soap": "SOAP", "pacc": "PACC", "json": "JSON", "mobilesync": "ActiveSync"}
    for name, client in CLIENTS.items():
        counts = []
        for format in client.formats():
            asked = [title for title, kind in KINDS.items() if format in kind.get("formats", FORMATS)]
            wrong = RESULTS[name if format == "autoconfig" else f"{name} {format}"]
            counts.append(f"{len(asked) - len(wrong)} of {len(asked)}")
        yield (f"| {client.client} | {client.own} | {', '.join(words.get(format, format) for format in client.formats())} | "
               f"{', '.join(counts)} | {client.decides} ({client.source}) |")


# ---- what the readers share


class Rules(unittest.TestCase):
    """The rules that no document of ours brings to light."""

    def setUp(self):
        self.asked, self.answers = [], {}

    def ask(self, method, url, headers, body):
        self.asked.append(url)
        status, kind, body, *location = self.answers.get(url.partition("?")[0], (404, "text/plain", b""))
        headers = email.message.Message()
        headers["Content-Type"] = kind
        if location:
            headers["Location"] = location[0]
        return harness.Answer(status, headers, body)

    def document(self, host="imap.example.org"):
        def server(way, kind, host, port):
            return (f'<{way}Server type="{kind}"><hostname>{host}</hostname><port>{port}</port><socketType>SSL</socketType>'
                    f"<authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></{way}Server>")
        return (f'<clientConfig version="1.1"><emailProvider id="example.org"><domain>example.org</domain><displayName>E'
                f"</displayName><displayShortName>E</displayShortName>{server('incoming', 'imap', host, 993)}"
                f"{server('outgoing', 'smtp', 'smtp.example.org', 465)}</emailProvider></clientConfig>").encode()

    def found(self, name, address="ada@example.org", **dns):
        try:
            return CLIENTS[name].autoconfig(Mailbox(address, **dns), self.ask).incoming.host
        except Rejected:
            return None

    def test_numbers_become_what_javascript_makes_of_them(self):
        # JXON.parseText; the second column is String(parseFloat(text)) where isFinite(text).
        for text, wanted in {"0012345": "12345", "12345678901234567890": "12345678901234567000", "12e3": "12000", "0x1F": "0",
                             "1e400": "1e400", ".5": "0.5", "1e21": "1e+21", "123456789012345678901": "123456789012345680000",
                             "1e-7": "1e-7", "0.000001": "0.000001", "-0": "0", "1.50": "1.5", " 12 ": "12", "": "true",
                             " ": "NaN", "TRUE": "true", "ada": "ada", "12a": "12a", "\uff11": "\uff11"}.items():
            with self.subTest(text):
                self.assertEqual(javascript(text), wanted)

    def test_dollars_in_a_local_part_have_their_meaning_in_javascript(self):
        # String.replace with a string: clients-side only, so nothing of ours can help.
        for local, wanted in {"a$'b": "ab", "a$&b": "a%EMAILLOCALPART%b", "a$$b": "a$b", "a$b": "a$b"}.items():
            with self.subTest(local):
                self.assertEqual(fill_once("%EMAILLOCALPART%", Mailbox(f"{local}@example.org")), wanted)

    def test_how_long_thunderbird_leaves_mail_on_the_server(self):
        # AccountConfig: two weeks unless the file says otherwise; Pop3Client deletes by age where the days are not 0.
        for told, days in {"": 14, "<leaveMessagesOnServer>true</leaveMessagesOnServer>": 14,
                           "<leaveMessagesOnServer>false</leaveMessagesOnServer>": 0,
                           "<daysToLeaveMessagesOnServer>30</daysToLeaveMessagesOnServer>": 30,
                           "<leaveMessagesOnServer>true</leaveMessagesOnServer>"
                           "<daysToLeaveMessagesOnServer>0</daysToLeaveMessagesOnServer>": None}.items():
            with self.subTest(told):
                body = f'<clientConfig><incomingServer type="pop3"><pop3>{told}</pop3></incomingServer></clientConfig>'
                self.assertEqual(CLIENTS["Thunderbird"].keeps(body.encode()), days)

    def test_redirects_of_a_get_are_followed(self):
        self.answers["http://autoconfig.example.org/mail/config-v1.1.xml"] = (
            301, "text/html", b"", "https://www.example.org/mail.xml")
        self.answers["https://www.example.org/mail.xml"] = 200, "text/xml", self.document()
        self.assertEqual(self.found("KMail"), "imap.example.org")
        # HttpURLConnection of Android does not go from http to https.
        self.assertIsNone(self.found("FairEmail"))

    def test_no_redirect_leads_from_https_to_http(self):
        self.answers["https://autoconfig.example.org/mail/config-v1.1.xml"] = (
            302, "text/html", b"", "http://www.example.org/mail.xml")
        self.answers["http://www.example.org/mail.xml"] = 200, "text/xml", self.document()
        self.assertIsNone(self.found("Aerc"))

    def test_the_first_file_that_can_be_fetched_ends_the_search(self):
        # promiseFirstSuccessful of Thunderbird, PriorityAbortable of Mustang; KMail goes on after another status alone.
        self.answers["https://autoconfig.example.org/mail/config-v1.1.xml"] = 200, "text/html", b"<html>parked</html>"
        self.answers["https://example.org/.well-known/autoconfig/mail/config-v1.1.xml"] = 200, "text/xml", self.document()
        for name, wanted in {"Thunderbird": None, "Mustang": None, "KMail": None, "ThunderbirdForAndroid": "imap.example.org",
                             "ThunderbirdForIos": "imap.example.org", "Evolution": "imap.example.org"}.items():
            with self.subTest(name):
                self.assertEqual(self.found(name), wanted)

    def test_thunderbird_goes_on_after_xml_that_cannot_be_parsed(self):
        # FetchHTTP: responseXML is null then, which is a failure of the request.
        self.answers["https://autoconfig.example.org/mail/config-v1.1.xml"] = 200, "text/xml", b"<clientConfig>"
        self.answers["https://example.org/.well-known/autoconfig/mail/config-v1.1.xml"] = 200, "text/xml", self.document()
        self.assertEqual(self.found("Thunderbird"), "imap.example.org")

    def test_the_mx_step_of_each_client(self):
        for name, url in {
                "Thunderbird": "https://autoconfig.mail.hoster.example/mail/config-v1.1.xml",
                "ThunderbirdForAndroid": "https://autoconfig.mail.hoster.example/mail/config-v1.1.xml",
                "ThunderbirdForIos": "https://autoconfig.hoster.example/mail/config-v1.1.xml",
                "Evolution": "http://autoconfig.mx1.mail.hoster.example/mail/config-v1.1.xml",
                "FairEmail": "https://mail.hoster.example/.well-known/autoconfig/mail/config-v1.1.xml",
                "GnomeOnlineAccounts": "https://autoconfig.mx1.mail.hoster.example/.well-known/mail-v1.xml",
                "NextcloudMail": "https://autoconfig.mx1.mail.hoster.example/mail/config-v1.1.xml"}.items():
            with self.subTest(name):
                self.answers = {url: (200, "text/xml", self.document())}
                self.assertEqual(self.found(name, mx="mx1.mail.hoster.example"), "imap.example.org")

    def test_what_lies_below_a_public_suffix(self):
        for host, wanted in {"mx1.hoster.example": "hoster.example", "mx.bbc.co.uk": "bbc.co.uk", "hoster.de": "hoster.de",
                             "a.b.hoster.com.au": "hoster.com.au"}.items():
            with self.subTest(host):
                self.assertEqual(base_domain(host), wanted)

    def test_explain_prints_what_the_readers_ask(self):
        path = harness.ROOT / "src/cli/clients.txt"
        if UPDATE:
            path.write_text(asked.text())
        self.assertEqual(path.read_text(), asked.text())

    def test_code_names_the_revisions_that_were_read(self):
        table = (harness.TESTS / "clients/documents.md").read_text()
        rows = re.findall(r"(?m)^\| (draft-[a-z-]+|MS-[A-Z]+) \| ([^|]*) \|", table)
        known, named = {f"{name}-{revision}" for name, revision in rows}, set()
        for path in sorted(path for top in ("src", "apache", "tests/server", "tests/schema", "packaging", "README.md")
                           for path in [harness.ROOT / top, *(harness.ROOT / top).rglob("*")] if path.is_file()):
            with contextlib.suppress(UnicodeDecodeError):
                for name in re.findall(r"\b(draft-(?:ietf|bucksch)-[a-z0-9-]+|MS-[A-Z]{4,})", path.read_text()):
                    with self.subTest(path=str(path.relative_to(harness.ROOT)), document=name):
                        named.add(name)
                        if re.search(r"-\d\d$", name):
                            self.assertIn(name, known)
                        else:
                            self.assertIn(name.rstrip("-"), {row[0] for row in rows})
        # None stands there for nothing.
        self.assertEqual({row[0] for row in rows}, {re.sub(r"-\d\d$", "", name).rstrip("-") for name in named})

    def test_old_readers_are_named(self):
        old = [client.client for client in CLIENTS.values()
               if (client.age(datetime.date.today()) or 0) > 365]
        if old:
            print(f"NOTE: readers of clients that are older than a year: {'; '.join(old)}")
        for name, client in CLIENTS.items():
            with self.subTest(name):
                self.assertTrue(client.date or client.own in ("documents", "reports"), "a date")
                self.assertTrue(client.commit or client.version or client.date, "a commit or version")
                self.assertTrue(client.source and client.decides)


# ---- exchangelib itself

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



def python():
    """The Python of a virtual environment with both clients; myl-discovery wants another exchangelib, of which it takes two names."""
    return harness.environment("clients", "exchangelib==4.9.0", "xmltodict==1.0.2", "rich==14.2.0", alone=("myl-discovery==0.6.4",))


class RealExchangelib(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(harness.folder())
        self.python = python()

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
                done = subprocess.run([self.python, "-c", EXCHANGELIB, f"http://127.0.0.1:{site.server_port}/",
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


# ---- myl-discovery itself

MYL = """
import json, sys
from myldiscovery.discovery import parse_autoconfig
for line in sys.stdin:
    try:
        print(json.dumps(parse_autoconfig(json.loads(line))))
    except Exception as error:
        print(json.dumps(type(error).__name__))
"""


class RealMylDiscovery(unittest.TestCase):
    def test_it_reads_the_documents_of_the_cases_as_our_reader_does(self):
        bodies = [case.expected.body for case in harness.cases()
                  if case.expected.status == 200 and format_of(case.expected.body) == "autoconfig"]
        lines = "".join(json.dumps(body.decode()) + "\n" for body in bodies)
        done = subprocess.run([python(), "-c", MYL], input=lines, capture_output=True, text=True, check=True)
        for body, line in zip(bodies, done.stdout.splitlines(), strict=True):
            with self.subTest(body.decode()):
                found = json.loads(line)
                try:
                    ours = CLIENTS["MylDiscovery"].read_autoconfig(body, Mailbox("ada@example.org"))
                    self.assertEqual([(each["server"], each["port"], "SSL" if each["ssl"] else "STARTTLS" if each["starttls"]
                                       else "plain") for each in (found["imap"], found["smtp"])],
                                     [(each.host, each.port, each.security) for each in ours])
                except Rejected as reason:
                    self.assertEqual(found, str(reason).partition(":")[0])


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
                    # A way is a word, or an object with one key.
                    ways = [way if isinstance(way, str) else next(iter(way)) for way in service["auth"]]
                    auth = {"password": "password", None: None}.get(next(iter(ways), None), "OAuth2")
                    found.setdefault(service["service"] == "smtp", Server(
                        service["service"], tcp["host"], tcp["port"], security, service["username"], auth))
            yield Setup(found.get(False), found.get(True)) if found else None

    def test_it_reads_the_documents_of_the_cases_as_our_reader_does(self):
        documents, wanted = [], []
        bodies = [case.expected.body for case in harness.cases() if case.expected.status == 200]
        for body in bodies:
            if format_of(body) in ("autoconfig", "pacc"):
                documents.append((format_of(body), "ada@example.org", body.decode()))
                try:
                    read = getattr(CLIENTS["Pimalaya"], f"read_{format_of(body)}")
                    wanted.append(read(body, Mailbox("ada@example.org")))
                except Rejected:
                    wanted.append(None)
        self.assertGreater(len(documents), 30)
        for document, found, want in zip(documents, self.read(documents), wanted, strict=True):
            with self.subTest(document[2]):
                self.assertEqual(found, want)


if __name__ == "__main__":
    harness.main("clients")

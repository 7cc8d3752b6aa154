"""Checks the documents of all cases by means that are not ours: xmllint with an XSD, XPath and RELAX NG, and readers that ask
of autoconfig and JSON what their clients ask.

It reads what the cases expect, not what the program prints: tests/cases.sh shows that both are the same.
"""

import json
import re
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree
from urllib.parse import parse_qs, urlsplit

import harness

SCHEMA = harness.TESTS / "schema"
# Each line is true of every Autodiscover answer.
RULES = [line for line in (SCHEMA / "rules.xpath").read_text().splitlines() if line and not line.startswith("#")]
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
ENCRYPTED = ("SSL", "STARTTLS")


# How a reader says that a client would not take a document.
DROPPED = (AssertionError, ValueError, KeyError, TypeError, ElementTree.ParseError)


def need(condition, reason):
    if not condition:
        raise AssertionError(reason)


# ---- autoconfig


def text(element, name):
    return (element.findtext(name) or "").strip()


def thunderbird_server(server, types, authentications):
    """One server as readFromXML of Thunderbird reads it; it skips one that is wrong."""
    kind = server.get("type")
    need(kind in types, f"type {kind}")
    need(re.fullmatch(r"[a-zA-Z0-9.-]+", text(server, "hostname")), f"{kind}: hostname")
    port = text(server, "port")
    need(re.fullmatch(r"[0-9]+", port) and 1 <= int(port) <= 65535, f"{kind}: port {port}")
    need(text(server, "socketType") in (*ENCRYPTED, "plain"), f"{kind}: socketType")
    found = [element.text for element in server.findall("authentication")]
    need(any(value in authentications for value in found), f"{kind}: authentication {found}")
    need(text(server, "username"), f"{kind}: username")


def thunderbird(root):
    """Thunderbird takes the file with one good server each way; ours are all good."""
    need(root.tag == "clientConfig", "Thunderbird: root")
    provider = root.find("emailProvider")
    need(provider is not None, "Thunderbird: emailProvider")
    need(re.fullmatch(r"[a-zA-Z0-9.-]+", provider.get("id") or ""), "Thunderbird: id")
    domains = [element.text or "" for element in provider.findall("domain")]
    need(any(re.fullmatch(r"[a-zA-Z0-9.-]+", domain) for domain in domains), "Thunderbird: domain")
    passwords = ("password-cleartext", "password-encrypted", "GSSAPI", "NTLM")
    for name, types in (("incomingServer", ("imap", "pop3")), ("outgoingServer", ("smtp",))):
        servers = provider.findall(name)
        need(servers, f"Thunderbird: {name}")
        for server in servers:
            thunderbird_server(server, types, passwords)


def k9(root):
    """K-9 and Thunderbird for Android read IMAP and SMTP alone, and drop the file over one wrong server."""
    provider = root.find("emailProvider")
    need(HOST.fullmatch(provider.get("id") or ""), "K-9: id")
    need(any(HOST.fullmatch(element.text or "") for element in provider.findall("domain")), "K-9: domain")
    for name, kind in (("incomingServer", "imap"), ("outgoingServer", "smtp")):
        servers = [server for server in provider.findall(name) if server.get("type") == kind]
        need(servers, f"K-9: {kind}")
        for server in servers:
            need(HOST.fullmatch(text(server, "hostname")), f"K-9: {kind}: hostname")
            need(re.fullmatch(r"[0-9]{1,5}", text(server, "port")), f"K-9: {kind}: port")
            need(text(server, "socketType") in ENCRYPTED, f"K-9: {kind}: socketType")
            known = ("OAuth2", "password-cleartext", "password-encrypted")
            found = [element.text for element in server.findall("authentication")]
            need(any(value in known for value in found), f"K-9: {kind}: authentication {found}")
            need(server.find("username") is not None, f"K-9: {kind}: username")


def autoconfig(body, address):
    need(not body.startswith(b"\xef\xbb\xbf"), "byte order mark")
    root = ElementTree.fromstring(body)
    thunderbird(root)
    servers = root.findall("emailProvider/*[hostname]")
    encrypted = any(text(server, "socketType") in ENCRYPTED for server in servers)
    # Without IMAP or without encryption there is nothing that K-9 could take.
    if encrypted and any(server.get("type") == "imap" for server in servers):
        k9(root)
    if encrypted:
        need(all(text(server, "socketType") in ENCRYPTED for server in servers), "plain beside encrypted")
    local = address.rpartition("@")[0]
    filled = [element.text or "" for name in ("username", "url") for element in root.iter(name)]
    need(not local or all(local not in value for value in filled), f"the local part {local}")


# ---- JSON


def unique(pairs):
    need(len(pairs) == len({key for key, _ in pairs}), "a key twice")
    return dict(pairs)


def https(url):
    parts = urlsplit(url)
    need(parts.scheme == "https" and HOST.fullmatch(parts.hostname or ""), f"url {url}")
    return parts


def pacc(document, body):
    need(set(document) == {"authentication", "info", "protocols"}, "PACC: keys")
    need(document["authentication"] == {"password": True}, "PACC: authentication")
    info, protocols = document["info"], document["protocols"]
    need({"provider"} <= set(info) <= {"provider", "help"}, "PACC: info")
    provider = info["provider"]
    need({"name"} <= set(provider) <= {"name", "shortName"}, "PACC: provider")
    need(1 <= len(provider["name"]) <= 60, "PACC: name")
    need(1 <= len(provider.get("shortName", "-")) <= 20, "PACC: shortName")
    if "help" in info:
        need(set(info["help"]) == {"documentation"}, "PACC: help")
        need(urlsplit(info["help"]["documentation"]).scheme in ("http", "https"), "PACC: documentation")
    need("submit" in protocols and {"imap", "pop3"} & set(protocols), "PACC: mail")
    for name, value in protocols.items():
        if name in ("imap", "pop3", "submit"):
            need(set(value) == {"host"} and HOST.fullmatch(value["host"]), f"PACC: {name}")
        else:
            need(name in ("caldav", "carddav") and set(value) == {"url"}, f"PACC: {name}")
            parts = https(value["url"])
            need(parts.path not in ("", "/") and parts.netloc == parts.hostname, f"PACC: {name} url")
    # The digest in DNS is one of bytes.
    stable = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    need(stable.encode() == body, "PACC: bytes")


def json_answer(body, status):
    need(not body.startswith(b"\xef\xbb\xbf"), "byte order mark")
    document = json.loads(body.decode(), object_pairs_hook=unique)
    if "protocols" in document:
        need(status in (None, 200), f"PACC with status {status}")
        pacc(document, body)
    elif "Protocol" in document:
        need(status in (None, 200), f"settings with status {status}")
        need(set(document) == {"Protocol", "Url"}, "keys")
        need(document["Protocol"] in ("AutodiscoverV1", "ActiveSync"), "Protocol")
        https(document["Url"])
    else:
        need(status is None or status >= 400, f"an error with status {status}")
        need(set(document) == {"ErrorCode", "ErrorMessage"}, "keys")
        need(re.fullmatch(r"[A-Z][A-Za-z]+", document["ErrorCode"]), "ErrorCode")
        need(document["ErrorMessage"].strip(), "ErrorMessage")


def read(content_type, body, status=None, address=""):
    """Reads a document as its clients do, and says whether it is one of theirs; raises what they would drop it for."""
    if content_type.startswith("application/json"):
        json_answer(body, status)
    elif content_type.startswith(("text/xml", "application/xml")) and b"<clientConfig" in body:
        need(status in (None, 200), f"autoconfig with status {status}")
        autoconfig(body, address)
    else:
        return False
    return True


# ---- tests


def xmllint(*arguments, document):
    return subprocess.run(["xmllint", "--nonet", *arguments, "-"], input=document, capture_output=True)


def judged(document):
    """What is wrong with a document by the schema of its root and by the rules; nothing when it is right."""
    if b"<clientConfig" in document:
        done = xmllint("--noout", "--relaxng", SCHEMA / "autoconfig.rng", document=document)
    elif b"<Autodiscover" in document:
        done = xmllint("--noout", "--schema", SCHEMA / "autodiscover-response.xsd", document=document)
        every = " and ".join(f"({rule})" for rule in RULES)
        if not done.returncode and xmllint("--xpath", every, document=document).stdout.strip() != b"true":
            return [rule for rule in RULES if xmllint("--xpath", rule, document=document).stdout.strip() != b"true"]
    else:
        done = xmllint("--noout", document=document)
    return done.stderr.decode() if done.returncode else ""


def wrong(*patterns):
    found = sorted(path for pattern in patterns for path in SCHEMA.glob(f"wrong/{pattern}"))
    need(found, f"there is no {patterns} in {SCHEMA}/wrong")
    return found


class Documents(unittest.TestCase):
    def test_every_xml_document_keeps_its_schema_and_the_rules(self):
        harness.needs("xmllint")
        for case in harness.cases():
            # The values fit the schema.
            body = case.expected.body.replace(b'"[TIME]"', b'"09:15:30.1234567"').replace(b'"[ID]"', b'"2477272013"')
            if body and re.match("[a-z/+]*xml", case.expected.headers["Content-Type"]):
                with self.subTest(case.name):
                    self.assertFalse(judged(body))

    def test_wrong_xml_documents_are_refused(self):
        harness.needs("xmllint")
        for path in wrong("*.xml"):
            with self.subTest(path.name):
                document = path.read_bytes()
                # Broken XML would be refused for the wrong reason.
                self.assertEqual(xmllint("--noout", document=document).stderr, b"")
                self.assertTrue(judged(document), "it was let through")

    def test_clients_take_every_document(self):
        taken = 0
        for case in harness.cases():
            status, headers, body = case.expected
            address = {name.lower(): values for name, values in parse_qs(case.env.get("QUERY_STRING", "")).items()}
            with self.subTest(case.name):
                self.assertNotEqual((headers["Status"] or "")[:4], "200 ")
                if body:
                    self.assertTrue(b"[TIME]" in body or int(headers["Content-Length"]) == len(body))
                    taken += read(headers["Content-Type"], body, status, address.get("emailaddress", [""])[0])
        self.assertGreater(taken, 0)

    def test_clients_drop_wrong_documents(self):
        for path in wrong("*.json", "autoconfig-dropped-*.xml"):
            with self.subTest(path.name):
                content_type = {".json": "application/json", ".xml": "text/xml"}[path.suffix]
                with self.assertRaises(DROPPED):
                    read(content_type, path.read_bytes())


if __name__ == "__main__":
    harness.main("documents")

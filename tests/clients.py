#!/usr/bin/env python3
"""Reads autoconfig and JSON answers as their clients do, and says what those would drop.

clients.py accept FILE...   each is the `expected` of a case: headers, an empty line, a document
clients.py refuse FILE...   each is a bare document, .xml or .json, that no client may take

Other documents than autoconfig and JSON are passed over.
"""

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
ENCRYPTED = ("SSL", "STARTTLS")


class Dropped(Exception):
    """Why a client would not take the document."""


def need(condition, reason):
    if not condition:
        raise Dropped(reason)


# Autoconfig.


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


# JSON.


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


# Files.


def parts_of(path):
    """Status, content type, body, and the address that the client sent."""
    content = path.read_bytes()
    if path.suffix:
        return None, {".xml": "text/xml", ".json": "application/json"}[path.suffix], content, ""
    head, _, body = content.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    need("Status" not in headers or headers["Status"][:4] != "200 ", "a Status line of 200")
    if body:
        masked = b"[TIME]" in body
        need(masked or int(headers["Content-Length"]) == len(body), "Content-Length")
    environment = path.parent / "env"
    lines = environment.read_text(encoding="utf-8").splitlines() if environment.exists() else []
    query = dict(line.split("=", 1) for line in lines).get("QUERY_STRING", "")
    fields = {name.lower(): values for name, values in parse_qs(query).items()}
    address = fields.get("emailaddress", [""])[0]
    return int(headers.get("Status", "200")[:3]), headers["Content-Type"], body, address


def judged(path):
    """Whether the file holds a document of ours; raises what is wrong with it."""
    status, content_type, body, address = parts_of(path)
    if not body:
        return False
    if content_type.startswith("application/json"):
        json_answer(body, status)
        return True
    if content_type.startswith(("text/xml", "application/xml")) and b"<clientConfig" in body:
        need(status in (None, 200), f"autoconfig with status {status}")
        autoconfig(body, address)
        return True
    return False


def main(verb, files):
    passed = failed = 0
    for path in map(Path, files):
        reason = None
        try:
            if not judged(path):
                continue
        except (Dropped, ValueError, KeyError, TypeError, ElementTree.ParseError) as error:
            reason = f"{type(error).__name__}: {error}"
        if (reason is None) == (verb == "accept"):
            passed += 1
        else:
            failed += 1
            print(f"{path}: {reason or 'it was let through'}")
    print(f"clients {verb}: {passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("accept", "refuse"):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))

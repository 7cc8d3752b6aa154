"""Judges the Apple profiles of all cases by means that are not ours: plistlib reads them back, and each is
compared key by key with what the case's configuration says.

It reads what is expected, not what the program prints: the runner has shown that both are the same.
Prints `ok NAME` or `wrong NAME: reason` for each check; `python3 profiles.py`, from tests/."""

import pathlib
import plistlib
import re
import tomllib
import urllib.parse
import uuid
from xml.parsers.expat import ExpatError

HEADERS = {
    "content-type": "application/x-apple-aspen-config",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
# Apple's device management reference: the type of each key that may stand, and whether it must.
# The keys of passwords are left out: those are for encrypted profiles.
COMMON = {"PayloadType": (str, True), "PayloadVersion": (int, True), "PayloadIdentifier": (str, True),
          "PayloadUUID": (str, True), "PayloadDisplayName": (str, False), "PayloadDescription": (str, False),
          "PayloadOrganization": (str, False)}
AUTHENTICATION = {"EmailAuthNone", "EmailAuthPassword", "EmailAuthCRAMMD5", "EmailAuthNTLM", "EmailAuthHTTPMD5"}
MAIL = {"EmailAccountType": ({"EmailTypeIMAP", "EmailTypePOP"}, True), "EmailAccountDescription": (str, False),
        "EmailAccountName": (str, False), "EmailAddress": (str, False),
        "OutgoingPasswordSameAsIncomingPassword": (bool, False)}
for side in ("Incoming", "Outgoing"):
    MAIL |= {f"{side}MailServerHostName": (str, True), f"{side}MailServerPortNumber": (int, False),
             f"{side}MailServerUseSSL": (bool, False), f"{side}MailServerUsername": (str, False),
             f"{side}MailServerAuthentication": (AUTHENTICATION, True)}
PAYLOADS = {
    "com.apple.mail.managed": MAIL,
    "com.apple.eas.account": {"EmailAddress": (str, False), "Host": (str, False), "SSL": (bool, False),
                              "UserName": (str, False)},
}
for dav in ("CalDAV", "CardDAV"):
    PAYLOADS[f"com.apple.{dav.lower()}.account"] = {
        f"{dav}AccountDescription": (str, False), f"{dav}HostName": (str, True), f"{dav}Username": (str, False),
        f"{dav}Port": (int, False), f"{dav}UseSSL": (bool, False), f"{dav}PrincipalURL": (str, False)}
TOP_LEVEL = COMMON | {"PayloadContent": (list, True)}
PORTS = {"imap": (993, 143, 143), "pop3": (995, 110, 110), "smtp": (465, 587, 25)}


class Wrong(Exception):
    pass


def equal(what, found, expected):
    # In Python a true is a 1, to Apple it is not.
    if found != expected or type(found) is not type(expected):
        raise Wrong(f"{what} is {found!r}, not {expected!r}")


def by_the_table(what, keys, table):
    for key, value in keys.items():
        if key not in table:
            raise Wrong(f"{what} has a key {key}")
        kind = table[key][0]
        if value not in kind if isinstance(kind, set) else type(value) is not kind:
            raise Wrong(f"{what} has {value!r} for {key}")
    for key, (_, required) in table.items():
        if required and key not in keys:
            raise Wrong(f"{what} has no {key}")


class Case:
    def __init__(self, folder):
        self.name = folder.name
        lines = (folder / "env").read_text().splitlines()
        env = dict(line.split("=", 1) for line in lines)
        query = env["REQUEST_URI"].partition("?")[2]
        pairs = [pair.partition("=") for pair in query.split("&")]
        written = [urllib.parse.unquote(value) for key, _, value in pairs if key.lower() == "emailaddress"][0]
        self.local, _, domain = written.rpartition("@")
        self.email = f"{self.local}@{domain.lower()}"
        self.domain = domain.lower().encode("idna").decode()
        config = folder / "config" if (folder / "config").is_dir() else folder.parent.parent / "config"
        files = [config / "autodiscover.toml", config / "domains" / f"{self.domain}.toml"]
        self.tables = {}
        for file in files:
            for key, value in tomllib.loads(file.read_text() if file.exists() else "").items():
                self.tables[key] = self.tables.get(key, {}) | value if isinstance(value, dict) else value
        self.head, self.body = (folder / "expected").read_bytes().split(b"\r\n\r\n", 1)
        self.is_head = env["REQUEST_METHOD"] == "HEAD"

    def filled(self, template, encode=str):
        values = {"email": self.email, "local": self.local, "domain": self.domain}
        return re.sub(r"\{(\w+)\}", lambda name: encode(values[name[1]]), template)

    def login_name(self, service):
        return self.filled(service.get("login_name") or self.tables.get("login_name") or "{email}")

    def service(self, name):
        service = self.tables.get(name)
        return service if service and service.get("enabled", True) else None

    def server(self, side, name):
        service = self.service(name)
        encryption = ["ssl", "starttls", "none"].index(service.get("encryption", "ssl"))
        authentication = "EmailAuthNTLM" if service.get("spa") else "EmailAuthPassword"
        if not service.get("auth_required", True):
            authentication = "EmailAuthNone"
        return {
            f"{side}MailServerHostName": self.filled(service["server"]),
            f"{side}MailServerPortNumber": service.get("port", PORTS[name][encryption]),
            f"{side}MailServerUseSSL": encryption != 2,
            f"{side}MailServerAuthentication": authentication,
            f"{side}MailServerUsername": self.login_name(service),
        }

    def url(self, service):
        return urllib.parse.urlsplit(self.filled(service["url"], lambda text: urllib.parse.quote(text, "@")))

    def payloads(self):
        """What the configuration says, by payload type."""
        provider = self.tables.get("provider", {}).get("name", self.domain)
        order = ["pop3", "imap"] if self.tables.get("prefer") == "pop3" else ["imap", "pop3"]
        incoming = next(filter(self.service, order), None)
        payloads = {}
        if incoming and self.service("smtp"):
            mail = {
                "EmailAccountType": {"imap": "EmailTypeIMAP", "pop3": "EmailTypePOP"}[incoming],
                "EmailAccountDescription": provider,
                "EmailAddress": self.email,
            } | self.server("Incoming", incoming) | self.server("Outgoing", "smtp")
            if "display_name" in self.tables:
                mail["EmailAccountName"] = self.filled(self.tables["display_name"])
            names = [f"{side}MailServerUsername" for side in ("Incoming", "Outgoing")]
            if self.service("smtp").get("use_pop_auth"):
                mail[names[1]] = mail[names[0]]
            mail["OutgoingPasswordSameAsIncomingPassword"] = mail[names[0]] == mail[names[1]]
            payloads["com.apple.mail.managed"] = mail
        elif self.service("mobilesync"):
            url = self.url(self.service("mobilesync"))
            payloads["com.apple.eas.account"] = {
                "EmailAddress": self.email,
                "Host": url.netloc,
                "SSL": url.scheme == "https",
                "UserName": self.login_name(self.service("mobilesync")),
            }
        for dav in ("CalDAV", "CardDAV"):
            if service := self.service(dav.lower()):
                url = self.url(service)
                keys = {
                    f"{dav}AccountDescription": provider,
                    f"{dav}HostName": url.hostname,
                    f"{dav}UseSSL": url.scheme == "https",
                    f"{dav}Username": self.login_name(service),
                }
                if url.port:
                    keys[f"{dav}Port"] = url.port
                if url.path.strip("/"):
                    keys[f"{dav}PrincipalURL"] = url.path + (f"?{url.query}" if url.query else "")
                payloads[f"com.apple.{dav.lower()}.account"] = keys
        return payloads

    def judge(self):
        lines = self.head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        length = headers.pop("content-length")
        name = f'attachment; filename="{self.domain}.mobileconfig"'
        equal("the headers", headers, HEADERS | {"content-disposition": name})
        if self.is_head:
            return equal("the body", self.body, b"")
        equal("Content-Length", length, str(len(self.body)))
        profile = plistlib.loads(self.body, fmt=plistlib.FMT_XML)
        by_the_table("the profile", profile, TOP_LEVEL)
        equal("PayloadType", profile["PayloadType"], "Configuration")
        provider = self.tables.get("provider", {})
        named = provider.get("name", self.domain)
        equal("PayloadDisplayName", profile["PayloadDisplayName"], named)
        equal("PayloadOrganization", profile["PayloadOrganization"], named)
        for part in (self.xml(self.email), named, provider.get("documentation", "")):
            if part not in profile["PayloadDescription"]:
                raise Wrong(f"PayloadDescription lacks {part!r}")
        content = profile["PayloadContent"]
        expected = self.payloads()
        equal("the list of payload types", [payload["PayloadType"] for payload in content], list(expected))
        for payload in content:
            payload_type = payload["PayloadType"]
            by_the_table(payload_type, payload, COMMON | PAYLOADS[payload_type])
            own = {key: value for key, value in payload.items() if key not in COMMON}
            wanted = {key: self.xml(value) for key, value in expected[payload_type].items()}
            equal(f"{payload_type}: the set of keys", set(own), set(wanted))
            for key, value in wanted.items():
                equal(f"{payload_type}: {key}", own[key], value)
        self.identities(profile, content)

    @staticmethod
    def xml(value):
        return re.sub("[\ufffe\uffff]", "\ufffd", value) if isinstance(value, str) else value

    def identities(self, profile, content):
        every = [profile, *content]
        identifiers = [payload["PayloadIdentifier"] for payload in every]
        uuids = [payload["PayloadUUID"] for payload in every]
        equal("the number of identifiers", len(set(identifiers)), len(every))
        equal("the number of UUIDs", len(set(uuids)), len(every))
        reverse = ".".join(reversed(self.domain.split(".")))
        for payload, identifier, text in zip(every, identifiers, uuids):
            equal("PayloadVersion", payload["PayloadVersion"], 1)
            equal("the UUID's version", (uuid.UUID(text).version, uuid.UUID(text).variant), (5, uuid.RFC_4122))
            equal("the UUID's form", text, str(uuid.UUID(text)).upper())
            if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", identifier):
                raise Wrong(f"{identifier} is no reverse-DNS name")
            if not identifier.startswith(f"{reverse}.") or not identifier.startswith(identifiers[0]):
                raise Wrong(f"{identifier} does not begin as it should")
        self.own = dict(zip(identifiers, uuids))


def same_for_the_same(cases):
    """An address has its own identities, whatever is configured, and nobody else has them."""
    of_address, owner, bodies = {}, {}, {}
    for case in cases:
        address = f"{case.local}@{case.domain}"
        for identifier, text in case.own.items():
            equal(f"{case.name}: the UUID of {identifier}", text, of_address.setdefault((address, identifier), text))
            for one in (identifier, text):
                equal(f"{case.name}: the owner of {one}", address, owner.setdefault(one, address))
        asked = (case.email, str(case.tables))
        equal(f"{case.name}: the profile", case.body, bodies.setdefault(asked, case.body))
    if not 1 < len(bodies) < len(cases):
        raise Wrong("no two cases ask for the same, or all do")


# What a judge must not let through: a piece of a right profile, and a wrong one in its place.
CORRUPTIONS = {
    "a real version": (b"<integer>1</integer>", b"<real>1</real>"),
    "a port as a string": (b"<integer>993</integer>", b"<string>993</string>"),
    "an integer for a boolean": (b"<true/>", b"<integer>1</integer>"),
    "no TLS": (b"<true/>", b"<false/>"),
    "an unknown type of account": (b"EmailTypeIMAP", b"EmailTypeImap"),
    "another protocol": (b"EmailTypeIMAP", b"EmailTypePOP"),
    "another way to log in": (b"EmailAuthPassword", b"EmailAuthNone"),
    "an unknown key": (b"IncomingMailServerUsername", b"IncomingMailServerUserName"),
    "a password": (b"IncomingMailServerUsername", b"IncomingPassword"),
    "no PayloadUUID": (b"PayloadUUID", b"PayloadDescription"),
    "a UUID without hyphens": (b"-5", b""),
    "a random UUID": (b"-5", b"-4"),
    "no identifier of a domain": (b">org.example.", b">example.org."),
    "a blank in an identifier": (b".imap<", b" imap<"),
    "another organisation": (b">example.org<", b">example.net<"),
    "bare markup": (b"</string>", b"&</string>"),
    "half a document": (b"</plist>", b""),
}


def refuse(case, old, new):
    right = case.body
    if old not in right:
        raise Wrong(f"there is no {old!r} in {case.name}")
    case.body = right.replace(old, new)
    case.head = re.sub(rb"Length: \d+", b"Length: %d" % len(case.body), case.head)
    try:
        case.judge()
    except (Wrong, LookupError, ValueError, plistlib.InvalidFileException, ExpatError):
        return
    finally:
        case.body = right
    raise Wrong("it was let through")


def check(name, what):
    try:
        what()
        print(f"ok {name}")
    except (Wrong, LookupError, ValueError, plistlib.InvalidFileException, ExpatError) as reason:
        print(f"wrong {name}: {type(reason).__name__}: {reason}")


if __name__ == "__main__":
    found = sorted(pathlib.Path("cases").glob("*/expected"))
    content_type = f"Content-Type: {HEADERS['content-type']}\r\n".encode()
    cases = [Case(expected.parent) for expected in found if expected.read_bytes().startswith(content_type)]
    for case in cases:
        check(case.name, case.judge)
    check("the same for the same", lambda: same_for_the_same([case for case in cases if not case.is_head]))
    for name, (old, new) in CORRUPTIONS.items():
        case = Case(pathlib.Path("cases/profile-imap-smtp"))
        check(f"refused: {name}", lambda: refuse(case, old, new))

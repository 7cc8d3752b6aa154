"""Judges the Apple profiles of all cases by means that are not ours: plistlib reads them back, and each is compared key by key
with what the case's configuration says. Then openssl signs one, by the commands of packaging/recipes.md.

It reads what the cases expect, not what the program prints: tests/cases.sh shows that both are the same.
"""

import os
import plistlib
import re
import shutil
import subprocess
import time
import tomllib
import unittest
import urllib.parse
import uuid
from xml.parsers.expat import ExpatError

import harness

HEADERS = {
    "content-type": "application/x-apple-aspen-config",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-autodiscover": "answered",
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
# What lets the user switch on S/MIME, from iOS 12 on.
SMIME = ("SMIMESigningUserOverrideable", "SMIMESigningCertificateUUIDUserOverrideable", "SMIMEEncryptByDefaultUserOverrideable",
         "SMIMEEncryptionCertificateUUIDUserOverrideable", "SMIMEEnableEncryptionPerMessageSwitch")
MAIL |= {key: (bool, False) for key in SMIME}
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


# How a judge refuses a profile.
WRONG = (AssertionError, LookupError, ValueError, plistlib.InvalidFileException, ExpatError)


def equal(what, found, expected):
    # In Python a true is a 1, to Apple it is not.
    if found != expected or type(found) is not type(expected):
        raise AssertionError(f"{what} is {found!r}, not {expected!r}")


def by_the_table(what, keys, table):
    for key, value in keys.items():
        if key not in table:
            raise AssertionError(f"{what} has a key {key}")
        kind = table[key][0]
        if value not in kind if isinstance(kind, set) else type(value) is not kind:
            raise AssertionError(f"{what} has {value!r} for {key}")
    for key, (_, required) in table.items():
        if required and key not in keys:
            raise AssertionError(f"{what} has no {key}")


class Profile:
    def __init__(self, name):
        case = harness.Case(name)
        self.name, self.headers, self.body = name, dict(case.expected.headers), case.expected.body
        pairs = [pair.partition("=") for pair in case.env["REQUEST_URI"].partition("?")[2].split("&")]
        values = {key.lower(): urllib.parse.unquote(value) for key, _, value in reversed(pairs)}
        self.language = values.get("lang", case.env.get("HTTP_ACCEPT_LANGUAGE", ""))
        written = values["emailaddress"]
        self.local, _, domain = written.rpartition("@")
        self.email = f"{self.local}@{domain.lower()}"
        self.domain = domain.lower().encode("idna").decode()
        self.people = self.domain.encode().decode("idna")
        # Whose settings they are; the profile keeps the address that was asked.
        self.values = {"email": self.email, "local": self.local, "domain": self.domain}
        self.tables = self.read(case.config, self.domain)
        if address := self.tables.get("redirect", {}).get("address"):
            email = self.filled(address)
            local, _, domain = email.rpartition("@")
            self.values = {"email": email, "local": local, "domain": domain}
            self.tables = self.read(case.config, domain)
        self.is_head = case.env["REQUEST_METHOD"] == "HEAD"

    @staticmethod
    def read(config, domain):
        tables = {}
        for file in (config / "autodiscover.toml", config / "domains" / f"{domain}.toml"):
            for key, value in tomllib.loads(file.read_text() if file.exists() else "").items():
                tables[key] = tables.get(key, {}) | value if isinstance(value, dict) else value
        return tables

    def filled(self, template, encode=str):
        return re.sub(r"\{(\w+)\}", lambda name: encode(self.values[name[1]]), template)

    def login_name(self, service):
        return self.filled(service.get("login_name") or self.tables.get("login_name") or "{email}")

    def service(self, name):
        service = self.tables.get(name)
        return service if service and service.get("enabled", True) else None

    def by_password(self, name):
        """The service, where a password is enough for it."""
        service = self.service(name)
        if not service:
            return None
        return service if self.passwords(service) or not service.get("auth_required", True) else None

    def passwords(self, service):
        """The ways to log in with a password, the preferred one first."""
        ways = service.get("authentication", self.tables.get("authentication", "password"))
        return [way for way in ([ways] if isinstance(ways, str) else ways) if "password" in way]

    def server(self, side, name):
        service = self.service(name)
        encryption = ["ssl", "starttls", "none"].index(service.get("encryption", "ssl"))
        words = {"password": "EmailAuthPassword", "encrypted-password": "EmailAuthCRAMMD5"}
        authentication = "EmailAuthNTLM" if service.get("spa") else words.get(*self.passwords(service)[:1] or [""])
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
        provider = self.tables.get("provider", {}).get("name", self.people)
        order = ["pop3", "imap"] if self.tables.get("prefer") == "pop3" else ["imap", "pop3"]
        incoming = next(filter(self.by_password, order), None)
        payloads = {}
        if incoming and self.by_password("smtp"):
            mail = {
                "EmailAccountType": {"imap": "EmailTypeIMAP", "pop3": "EmailTypePOP"}[incoming],
                "EmailAccountDescription": provider,
                "EmailAddress": self.email,
            } | self.server("Incoming", incoming) | self.server("Outgoing", "smtp")
            mail |= {key: True for key in SMIME}
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
            if service := self.by_password(dav.lower()):
                url = self.url(service)
                keys = {
                    f"{dav}AccountDescription": provider,
                    f"{dav}HostName": url.hostname,
                    f"{dav}UseSSL": url.scheme == "https",
                    f"{dav}Username": self.login_name(service),
                }
                if url.port:
                    keys[f"{dav}Port"] = url.port
                # A device looks for the principal itself, unless the URL can only be that of one user.
                if "{email}" in service["url"] or "{local}" in service["url"]:
                    keys[f"{dav}PrincipalURL"] = url.path + (f"?{url.query}" if url.query else "")
                payloads[f"com.apple.{dav.lower()}.account"] = keys
        return payloads

    def judge(self):
        headers = {name.lower(): value for name, value in self.headers.items()}
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
        named = provider.get("name", self.people)
        equal("PayloadDisplayName", profile["PayloadDisplayName"], named)
        equal("PayloadOrganization", profile["PayloadOrganization"], named)
        for part in (self.xml(self.email), named, provider.get("documentation", "")):
            if part not in profile["PayloadDescription"]:
                raise AssertionError(f"PayloadDescription lacks {part!r}")
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
        return re.sub("[\0\ufffe\uffff]", "\ufffd", value) if isinstance(value, str) else value

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
                raise AssertionError(f"{identifier} is no reverse-DNS name")
            if not identifier.startswith(f"{reverse}.") or not identifier.startswith(identifiers[0]):
                raise AssertionError(f"{identifier} does not begin as it should")
        self.own = dict(zip(identifiers, uuids))


def same_for_the_same(profiles):
    """An address has its own identities, whatever is configured, and nobody else has them."""
    of_address, owner, bodies = {}, {}, {}
    for case in profiles:
        address = f"{case.local}@{case.domain}"
        for identifier, text in case.own.items():
            equal(f"{case.name}: the UUID of {identifier}", text, of_address.setdefault((address, identifier), text))
            for one in (identifier, text):
                equal(f"{case.name}: the owner of {one}", address, owner.setdefault(one, address))
        asked = (case.email, case.language, str(case.tables))
        equal(f"{case.name}: the profile", case.body, bodies.setdefault(asked, case.body))
    if not 1 < len(bodies) < len(profiles):
        raise AssertionError("no two cases ask for the same, or all do")


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


# The commands of packaging/recipes.md, with the file names that certbot gives.
SIGN = ("openssl smime -sign -binary -nodetach -outform der -signer cert.pem -inkey privkey.pem -certfile chain.pem "
        "-in ada.mobileconfig -out signed.mobileconfig")
VERIFY = "openssl smime -verify -inform der -purpose any -in signed.mobileconfig -out read-back.mobileconfig"


class Profiles(unittest.TestCase):
    def test_every_profile_says_what_its_configuration_says(self):
        served = [case.name for case in harness.cases() if case.expected.headers["Content-Type"] == HEADERS["content-type"]]
        # That which the administrator has signed is served as it is, whatever it is.
        profiles = [Profile(name) for name in served if name != "profile-signed"]
        for profile in profiles:
            with self.subTest(profile.name):
                profile.judge()
        same_for_the_same([profile for profile in profiles if not profile.is_head])

    def test_corrupted_profiles_are_refused(self):
        for name, (old, new) in CORRUPTIONS.items():
            with self.subTest(name):
                profile = Profile("profile-imap-smtp")
                self.assertIn(old, profile.body)
                profile.body = profile.body.replace(old, new)
                profile.headers["Content-Length"] = str(len(profile.body))
                with self.assertRaises(WRONG):
                    profile.judge()


class Signing(unittest.TestCase):
    def setUp(self):
        harness.needs("openssl")
        self.folder = self.enterContext(harness.folder())
        # A certificate like that of a web server: two levels below a root, and for TLS only.
        for name, issuer in (("root", None), ("middle", "root"), ("stranger", None)):
            harness.certificate(self.folder, name, issuer=issuer, extensions=harness.AUTHORITY)
        harness.certificate(self.folder, "web", ["autoconfig.example.org"], "middle", [
            "basicConstraints=critical,CA:false", "keyUsage=critical,digitalSignature", "extendedKeyUsage=serverAuth"])
        for source, target in (("web.pem", "cert.pem"), ("web.key", "privkey.pem"), ("middle.pem", "chain.pem")):
            shutil.move(self.folder / source, self.folder / target)
        self.profile = harness.Case("profile-imap-smtp").expected.body
        (self.folder / "ada.mobileconfig").write_bytes(self.profile)
        self.run_openssl(SIGN)
        self.signed = self.folder / "signed.mobileconfig"

    def run_openssl(self, command, trusted="root"):
        """Runs the command where this root is the only one that is trusted."""
        env = os.environ | {"SSL_CERT_FILE": f"{trusted}.pem", "SSL_CERT_DIR": "none"}
        subprocess.run(command.split(), cwd=self.folder, env=env, check=True, capture_output=True)

    def test_a_signed_profile_is_binary_and_reads_back_unchanged(self):
        self.assertEqual(self.signed.read_bytes()[:1], b"\x30")
        self.run_openssl(VERIFY)
        self.assertEqual((self.folder / "read-back.mobileconfig").read_bytes(), self.profile)

    def test_nobody_trusts_a_stranger(self):
        with self.assertRaises(subprocess.CalledProcessError):
            self.run_openssl(VERIFY, "stranger")

    def test_a_changed_profile_is_noticed(self):
        signed = self.signed.read_bytes()
        self.assertIn(b"imap.example.org", signed)
        self.signed.write_bytes(signed.replace(b"imap.example.org", b"imap.example.net"))
        with self.assertRaises(subprocess.CalledProcessError):
            self.run_openssl(VERIFY)

    def test_certbot_signs_the_profile_of_a_domain(self):
        """By the deploy hook of packaging/recipes.md; the profile lacks what the device asks for, and is served as it is."""
        blocks = (harness.ROOT / "packaging/recipes.md").read_text().split("```")
        [hook] = [block.removeprefix("sh\n") for block in blocks if block.startswith("sh\n#!/bin/sh") and "RENEWED_LINEAGE" in block]
        (self.folder / "config/domains").mkdir(parents=True)
        main = self.folder / "config/autodiscover.toml"
        main.write_text('domains = ["example.org"]\n[imap]\nserver = "imap.{domain}"\n[smtp]\nserver = "smtp.{domain}"\n')
        for old, new in (("/etc/autodiscover", main.parent), ("/etc/letsencrypt/live/autodiscover.example.org", self.folder)):
            self.assertIn(old, hook)
            hook = hook.replace(old, str(new))
        (self.folder / "bin").mkdir()
        (self.folder / "bin/autodiscover").symlink_to(harness.program())
        env = os.environ | {"AUTODISCOVER_CONFIG": str(main), "PATH": f"{self.folder}/bin:{os.environ['PATH']}"}

        def run(*command, status=0, **variables):
            done = subprocess.run(command, env=env | variables, cwd=self.folder, capture_output=True)
            self.assertEqual(done.returncode, status, done.stderr)
            return done

        signed = main.parent / "domains/example.org.mobileconfig"
        run("sh", "-c", hook, RENEWED_LINEAGE="/etc/letsencrypt/live/another")
        self.assertFalse(signed.exists())
        run("sh", "-c", hook, RENEWED_LINEAGE=str(self.folder))
        self.assertEqual([path.name for path in signed.parent.iterdir()], [signed.name])
        profile = run("autodiscover", "export", "--profile", "example.org").stdout
        shutil.copy(signed, self.folder / "signed.mobileconfig")
        self.run_openssl(VERIFY)
        self.assertEqual((self.folder / "read-back.mobileconfig").read_bytes(), profile)
        [payload] = plistlib.loads(profile)["PayloadContent"]
        self.assertEqual(payload["IncomingMailServerHostName"], "imap.example.org")
        asked = {"EmailAddress", "IncomingMailServerUsername", "OutgoingMailServerUsername", "EmailAccountName"}
        self.assertEqual(asked & set(payload), set())

        answer = harness.cgi(AUTODISCOVER_CONFIG=str(main), REQUEST_METHOD="GET", REQUEST_URI="/mail/signed.mobileconfig",
                             HTTP_HOST="autodiscover.example.org")
        self.assertEqual((answer.status, answer.body), (200, signed.read_bytes()))
        self.assertEqual(answer.headers["Content-Type"], "application/x-apple-aspen-config")

        self.assertNotIn(b".mobileconfig", run("autodiscover", "check").stderr)
        os.utime(signed, (time.time() - 91 * 86400,) * 2)
        self.assertIn(b"signed more than 90 days ago", run("autodiscover", "check").stderr)
        main.write_text(main.read_text().replace("imap.", "mail."))
        self.assertIn(b"the signed profile is stale", run("autodiscover", "check").stderr)
        signed.write_bytes(profile)
        self.assertIn(b"not signed in DER", run("autodiscover", "check").stderr)
        signed.rename(signed.with_name("example.net.mobileconfig"))
        self.assertIn(b"'example.net' has no profile", run("autodiscover", "check").stderr)

    def test_the_recipes_have_these_commands(self):
        lines = (harness.ROOT / "packaging/recipes.md").read_text().splitlines()
        self.assertIn(SIGN, lines)
        self.assertIn(VERIFY, lines)


if __name__ == "__main__":
    harness.main("profiles")

"""Debian's Thunderbird, without a screen: its own discovery modules against our program, and against our reader of it.

It runs in a network of its own, in which DNS and a private Apache have the names of the tests, and is driven by Marionette
(the protocol of Firefox's remote control, over TCP). What it finds is what its account setup would show.
"""

import base64
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import unittest

import harness

sys.path[:0] = [str(harness.ROOT / "apache")]

from probe import compare  # noqa: E402
from probe.clients import FORMATS, Mailbox, Rejected, Server, Setup, every  # noqa: E402

KINDS = tomllib.loads((harness.TESTS / "clients/kinds.toml").read_text())
READER = every()["Thunderbird"]
# nsMsgSocketType and nsMsgAuthMethod.
SECURITY = {0: "plain", 2: "STARTTLS", 3: "SSL"}
AUTHENTICATION = {1: "none", 3: "password", 4: "CRAM-MD5", 5: "GSSAPI", 6: "NTLM", 8: "secure", 10: "OAuth2"}

# What every script begins with: the modules, and a config as the tests look at it.
MODULES = """
const accounts = "resource:///modules/accountcreation/";
const { FindConfig } = ChromeUtils.importESModule(accounts + "FindConfig.sys.mjs");
const { AccountConfig } = ChromeUtils.importESModule(accounts + "AccountConfig.sys.mjs");
const { readFromXML } = ChromeUtils.importESModule(accounts + "readFromXML.sys.mjs");
const { JXON } = ChromeUtils.importESModule("resource:///modules/JXON.sys.mjs");
function told(config, address) {
  AccountConfig.replaceVariables(config, "Ada", address, "password");
  const server = s => s && s.hostname ? {kind: s.type, host: s.hostname, port: s.port, security: s.socketType, auth: s.auth,
    user: s.username, leave: s.leaveMessagesOnServer, days: s.daysToLeaveMessagesOnServer} : null;
  return {source: config.subSource, incoming: server(config.incoming), outgoing: server(config.outgoing)};
}
"""
# The whole search, as the account setup starts it; that an SRV record or a redirect leads elsewhere is agreed to.
SEARCH = MODULES + """
const [address, done] = arguments;
(async () => {
  const search = FindConfig.parallelAutoDiscovery(address.split("@").pop(), address, new AbortController().signal, "password", "");
  let step = await search.next();
  while (!step.done) step = await search.next({acceptRedirect: true});
  return step.value ? told(step.value, address) : null;
})().then(done, error => done({error: String(error)}));
"""
# Documents that are there already.
READ = MODULES + """
const [documents, done] = arguments;
done(documents.map(([address, text]) => {
  try {
    return told(readFromXML(JXON.build(new DOMParser().parseFromString(text, "text/xml")), "test"), address);
  } catch (error) {
    return {error: String(error)};
  }
}));
"""
TRUST = """
const [certificate, done] = arguments;
Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB).addCertFromBase64(certificate, "CT,CT,CT");
for (const cache of ["disk", "memory"]) Services.prefs.setBoolPref(`browser.cache.${cache}.enable`, false);
done(Services.appinfo.version);
"""
PREFERENCE = """
const [name, value, done] = arguments;
Services.prefs.setBoolPref(name, value);
done(true);
"""


class Thunderbird:
    """The program, started with a profile of its own, and the connection to it."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0

    def __enter__(self):
        port = harness.free_port()
        (self.folder / "profile").mkdir()
        (self.folder / "profile/user.js").write_text(f'user_pref("marionette.port", {port});\n')
        # The name of the system's own program, whatever the PATH has.
        command = [harness.tool("thunderbird"), "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile",
                   self.folder / "profile"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=open(self.folder / "errors", "wb"),
                                        stdin=subprocess.DEVNULL, start_new_session=True,
                                        env={"HOME": str(self.folder), "PATH": os.environ["PATH"], "MOZ_HEADLESS": "1", "LC_ALL": "C.UTF-8"})
        deadline = time.monotonic() + 60
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", port), 5)
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.process.kill()
                    raise AssertionError(f"it does not start:\n{(self.folder / 'errors').read_text()[-2000:]}") from None
                time.sleep(0.2)
        self.socket.settimeout(90)
        self.stream = self.socket.makefile("rb")
        self.receive()
        self.command("WebDriver:NewSession")
        self.command("Marionette:SetContext", value="chrome")
        self.command("WebDriver:SetTimeouts", script=60000)
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def receive(self):
        """A message: its length, a colon, JSON."""
        length = b""
        while (byte := self.stream.read(1)) not in (b":", b""):
            length += byte
        return json.loads(self.stream.read(int(length)))

    def command(self, command, **parameters):
        """Sends [0, number, command, parameters], and gives the result of [1, number, error, result]."""
        self.count += 1
        message = json.dumps([0, self.count, command, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self.receive()
        if error:
            raise AssertionError(f"{command}: {error['message']}")
        return result

    def run(self, script, *arguments):
        """What a script with the rights of the program gives to its last argument, `done`."""
        return self.command("WebDriver:ExecuteAsyncScript", script=script, args=list(arguments), sandbox="system", newSandbox=True)["value"]


def setup(told):
    """What Thunderbird tells, as the readers have it; None for nothing."""
    if told is None or "error" in told:
        return None
    return Setup(*(each and Server(each["kind"], each["host"], each["port"], SECURITY[each["security"]], each["user"],
                                   AUTHENTICATION[each["auth"]]) for each in (told["incoming"], told["outgoing"])))


def configure(config, **files):
    """What the program behind Apache reads from now on."""
    shutil.rmtree(SITE.folder / "config", ignore_errors=True)
    for name, content in {"autodiscover.toml": config, **files}.items():
        SITE.write(f"config/{name}", content)


HOSTS = ("example.org", "example.com", "example.net", "customer.example", "hoster.example", "srv.example")


def setUpModule():
    global SITE, THUNDERBIRD, VERSION
    harness.needs("apache2", "thunderbird", "ip", "unshare")
    if os.environ.get("AUTODISCOVER_NAMESPACE") != "inside":
        reason = "missing: the right to make a network of its own"
        raise AssertionError(reason) if os.environ.get("CI") == "true" else unittest.SkipTest(reason)
    records = {f"A {prefix}{host}": ["127.0.0.1"] for host in HOSTS[:3] + HOSTS[4:5] for prefix in ("", "autoconfig.", "autodiscover.")}
    harness.Dns({**records, "MX customer.example": ["10 mx1.hoster.example"], "A customer.example": ["127.0.0.2"],
                 "SRV _autodiscover._tcp.srv.example": ["0 0 443 autodiscover.hoster.example"], "A srv.example": ["127.0.0.2"]}, port=53)
    SITE = unittest.enterModuleContext(harness.Apache(hosts=[name for host in HOSTS for name in (host, f"*.{host}")]))
    SITE.https, SITE.http = 443, 80
    harness.install(SITE.folder / "program/autodiscover.cgi")
    configure("")
    SITE.start(SITE.virtual_host(ALIASES=" ".join(name for host in HOSTS for name in (host, f"*.{host}"))))
    folder = pathlib.Path(unittest.enterModuleContext(tempfile.TemporaryDirectory()))
    THUNDERBIRD = unittest.enterModuleContext(Thunderbird(folder))
    authority = "".join((SITE.folder / "ca.pem").read_text().splitlines()[1:-1])
    base64.b64decode(authority, validate=True)
    VERSION = int(THUNDERBIRD.run(TRUST, authority).partition(".")[0])


CONFIG = '''domains = ["example.org", "srv.example"]
[imap]
server = "imap.example.org"
[smtp]
server = "smtp.example.org"
'''
OAUTH2 = '''[oauth2]
issuer = "https://login.example.org/"
auth_url = "https://login.example.org/authorize"
token_url = "https://login.example.org/token"
scope = "imap smtp"
'''


class Search(unittest.TestCase):
    """The whole search over HTTP."""

    def found(self, address="ada@example.org"):
        return THUNDERBIRD.run(SEARCH, address)

    def without_autoconfig(self):
        """Leaves it nothing but Autodiscover."""
        THUNDERBIRD.run(PREFERENCE, "mailnews.auto_config.fetchFromISP.enabled", False)
        self.addCleanup(THUNDERBIRD.run, PREFERENCE, "mailnews.auto_config.fetchFromISP.enabled", True)

    def assertServers(self, told, incoming, outgoing, source=None):
        self.assertIsNotNone(told)
        self.assertNotIn("error", told)
        for each, line in zip(setup(told), (incoming, outgoing)):
            self.assertEqual(each and " ".join(map(str, each)), line)
        if source:
            self.assertEqual(told["source"], source)

    def test_autoconfig(self):
        configure(CONFIG)
        self.assertServers(self.found(), "imap imap.example.org 993 SSL ada@example.org password",
                           "smtp smtp.example.org 465 SSL ada@example.org password", "xml-from-isp-https")

    def test_autodiscover(self):
        configure(CONFIG.replace("[smtp]", "[smtp]\nencryption = \"starttls\""))
        self.without_autoconfig()
        self.assertServers(self.found(), "imap imap.example.org 993 SSL ada@example.org password",
                           "smtp smtp.example.org 587 STARTTLS ada@example.org password", "exchange-from-url1")

    def test_autodiscover_by_srv(self):
        # Since 149; it asks its user because the base domain is another.
        if VERSION < 149:
            self.skipTest("this Thunderbird does not ask for SRV records")
        configure(CONFIG)
        self.assertServers(self.found("ada@srv.example"), "imap imap.example.org 993 SSL ada@srv.example password",
                           "smtp smtp.example.org 465 SSL ada@srv.example password", "exchange-from-srv")

    def test_autoconfig_by_mx(self):
        configure(CONFIG.replace('"srv.example"', '"hoster.example"'))
        self.assertServers(self.found("ada@customer.example"), "imap imap.example.org 993 SSL ada@customer.example password",
                           "smtp smtp.example.org 465 SSL ada@customer.example password", "xml-from-isp-https")

    def test_a_domain_that_is_not_served(self):
        configure(CONFIG)
        self.assertIsNone(self.found("ada@example.net"))

    def test_OAuth2_first(self):
        # It knows the authorization servers of a few providers by itself, and takes the next way for all others.
        configure('authentication = ["oauth2", "password"]\n' + CONFIG + OAUTH2)
        self.assertServers(self.found(), "imap imap.example.org 993 SSL ada@example.org password",
                           "smtp smtp.example.org 465 SSL ada@example.org password")

    def test_pop3_that_is_kept_for_days(self):
        configure(CONFIG.replace("[imap]", "[pop3]").replace("imap.", "pop.").replace("[smtp]", "leave_on_server = true\ndays = 30\n[smtp]"))
        told = self.found()["incoming"]
        self.assertEqual((told["kind"], told["leave"], told["days"]), ("pop3", True, 30))


    def test_pop3_that_is_kept_for_ever(self):
        # Pop3Client deletes by age where the days are not 0; without a word it keeps mail for two weeks.
        configure(CONFIG.replace("[imap]", "[pop3]").replace("imap.", "pop.").replace("[smtp]", "leave_on_server = true\n[smtp]"))
        told = self.found()["incoming"]
        self.assertEqual((told["kind"], told["leave"], told["days"]), ("pop3", True, 0))

    def test_a_moved_domain(self):
        # It cannot follow RedirectAddr since 149, and autoconfig has no word for it.
        configure(CONFIG, **{"domains/example.com.toml": '[redirect]\naddress = "{local}@example.org"\n'})
        self.assertServers(self.found("ada@example.com"), "imap imap.example.org 993 SSL ada@example.org password",
                           "smtp smtp.example.org 465 SSL ada@example.org password", "xml-from-isp-https")

    def test_a_pattern_that_makes_a_number(self):
        configure('login_name = "00{local}"\n' + CONFIG)
        self.assertServers(self.found("12345@example.org"), "imap imap.example.org 993 SSL 0012345 password",
                           "smtp smtp.example.org 465 SSL 0012345 password", "xml-from-isp-https")


class Kinds(unittest.TestCase):
    """Its reader on the document of every kind, beside ours."""

    def test_it_reads_every_kind_as_our_reader_does(self):
        documents, wanted = [], []
        for title, kind in KINDS.items():
            with harness.folder() as folder:
                for name, content in {"autodiscover.toml": kind["config"], **kind.get("files", {})}.items():
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (folder / name).write_text(content)
                who = Mailbox(kind.get("address", "ada@example.org"))
                if not who.domain.isascii():
                    continue
                url = next(iter(READER.urls(who)))
                answer = harness.cgi(REQUEST_METHOD="GET", REQUEST_URI=url[url.index("/mail/"):],
                                     QUERY_STRING=url.partition("?")[2], HTTP_HOST=f"autoconfig.{who.host}", HTTPS="on",
                                     SERVER_NAME=f"autoconfig.{who.host}", AUTODISCOVER_CONFIG=str(folder / "autodiscover.toml"))
            if answer.status != 200:
                continue
            documents.append((title, who.address, answer.body.decode()))
            try:
                wanted.append(READER.read_autoconfig(answer.body, who))
            except Rejected:
                wanted.append(None)
        self.assertGreater(len(documents), 40)
        found = THUNDERBIRD.run(READ, [document[1:] for document in documents])
        for (title, _, text), told, want in zip(documents, found, wanted, strict=True):
            with self.subTest(title):
                self.assertEqual(setup(told), want, f"{told}\n{text}")
                if want and want.incoming.kind == "pop3":
                    its = told["incoming"]
                    self.assertEqual((its["days"] or None) if its["leave"] else 0, READER.keeps(text.encode()), its)


    def test_its_search_ends_as_that_of_our_reader(self):
        """Autodiscover alone, since the document of autoconfig is compared above."""
        os.environ["PATH"] = f"{SITE.folder}/bin:{os.environ['PATH']}"
        harness.install(SITE.folder / "bin/autodiscover")
        THUNDERBIRD.run(PREFERENCE, "mailnews.auto_config.fetchFromISP.enabled", False)
        self.addCleanup(THUNDERBIRD.run, PREFERENCE, "mailnews.auto_config.fetchFromISP.enabled", True)
        ran = 0
        for title, kind in KINDS.items():
            who = Mailbox(kind.get("address", "ada@example.org"))
            # The others need names that are not here.
            if who.host != "example.org" or "pox" not in kind.get("formats", FORMATS):
                continue
            with self.subTest(title):
                configure(kind["config"], **{name: content for name, content in kind.get("files", {}).items()})
                try:
                    want = READER.pox(who, compare.Program(SITE.folder / "config/autodiscover.toml").ask)
                except Rejected:
                    want = None
                told = THUNDERBIRD.run(SEARCH, who.address)
                self.assertEqual(setup(told), want, told)
                ran += 1
        self.assertGreater(ran, 30)


def inside():
    """Starts this suite again in a network of its own, whose DNS is on loopback; comes back where that cannot be had."""
    if not all(map(harness.tool, ("unshare", "ip"))) or os.environ.get("AUTODISCOVER_NAMESPACE") == "inside":
        return
    # It is built where the registry is in reach.
    harness.program()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        file.flush()
        os.chmod(file.name, 0o644)
        script = f'ip link set lo up && mount --bind {file.name} /etc/resolv.conf && exec "$@"'
        unshare = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
        if subprocess.run([*unshare, "sh", "-c", script, "sh", "true"], capture_output=True).returncode == 0:
            done = subprocess.run([*unshare, "sh", "-c", script, "sh", sys.executable, *sys.argv],
                                  env={**os.environ, "AUTODISCOVER_NAMESPACE": "inside", "AUTODISCOVER_PROGRAM": str(harness.program())})
            sys.exit(done.returncode)


if __name__ == "__main__":
    inside()
    harness.main("thunderbird")

"""autodiscover-probe --clients, --learn and --compare: on our program behind Apache, on automx2, and on documents that
nothing of ours has made.

What each mail program ends up with is what tests/server/clients.py holds the readers to.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import unittest

import harness

sys.path[:0] = [str(harness.ROOT / "apache")]

from probe import compare, learn, views  # noqa: E402
from probe.clients import Mailbox, Rejected  # noqa: E402

PYTHON = os.environ.get("PROBE_PYTHON", sys.executable)
PROBE = harness.ROOT / "apache/probe"
CONFIG = '''domains = ["example.org"]
[imap]
server = "imap.{domain}"
[smtp]
server = "smtp.{domain}"
port = 587
encryption = "starttls"
'''
RIGHT = ("IMAP imap.example.org port 993 with TLS as 'ada@example.org' by password\n"
         "SMTP smtp.example.org port 587 with STARTTLS as 'ada@example.org' by password\n")


def setUpModule():
    global SITE
    harness.needs("apache2", "openssl")
    SITE = unittest.enterModuleContext(harness.Apache(hosts=("example.org", "*.example.org", "customer.example", "*.customer.example")))
    harness.install(SITE.folder / "program/autodiscover.cgi")
    SITE.write("config/autodiscover.toml", CONFIG)
    SITE.start(SITE.virtual_host(ALIASES="*.example.org example.org *.customer.example customer.example"))
    # The program as an administrator has it.
    SITE.bin = SITE.folder / "bin"
    harness.install(SITE.bin / "autodiscover")


def probe(*arguments, path="/usr/bin:/bin", config="/nowhere"):
    env = {"PATH": path, "AUTODISCOVER_CONFIG": str(config), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([PYTHON, PROBE, *map(str, arguments)], capture_output=True, text=True, timeout=200, env=env)


def here(*arguments, site=None, **options):
    """The probe with every name at our Apache."""
    site = site or SITE
    plain = [word for host in ("autoconfig.example.org", "example.org", "autodiscover.example.org")
             for word in ("--resolve", f"{host}:80=127.0.0.1:{site.http}")]
    return probe("--ca", site.folder / "ca.pem", "--resolve", f"*=127.0.0.1:{site.https}", *plain, *arguments, **options)


class Clients(unittest.TestCase):
    def setUp(self):
        self.addCleanup(SITE.write, "config/autodiscover.toml", CONFIG)

    def test_every_program_is_right_here(self):
        done = here("--clients", "ada@example.org")
        self.assertEqual(done.stderr, "")
        self.assertIn(f"What most end up with\n{RIGHT}", done.stdout)
        # EmailEngine takes SSL of Autodiscover for TLS at once.
        wrong = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
        self.assertEqual(wrong, ["FAIL EmailEngine 2.79.2, Autodiscover: outgoing: security 'SSL' instead of "
                                 "'STARTTLS'"], done.stdout)
        self.assertRegex(done.stdout, r"ok   Thunderbird 156.*, autoconfig: from https://autoconfig\.example\.org/mail/config-v1\.1\.xml")
        self.assertRegex(done.stdout, r"\n2[2-9] of 2[3-9] searches that find settings are right by the majority; \d+ find none\.")
        self.assertEqual(done.returncode, 1)

    def test_our_configuration_is_what_is_right_where_there_is_one(self):
        SITE.write("config/autodiscover.toml", CONFIG.replace("imap.{domain}", "other.{domain}"))
        wanted = SITE.write("wanted/autodiscover.toml", CONFIG)
        done = here("--clients", "--json", "ada@example.org", path=f"{SITE.bin}:/usr/bin:/bin", config=wanted)
        found = json.loads(done.stdout)
        self.assertEqual((found["by"], found["right"]["incoming"]["host"]), ("configuration", "imap.example.org"))
        mine = next(each for each in found["programs"] if each["program"] == "Thunderbird" and each["asks"] == "autoconfig")
        self.assertEqual((mine["verdict"], mine["incoming"]["host"]), ("wrong", "other.example.org"))
        self.assertEqual(mine["why"], ["incoming: host 'other.example.org' instead of 'imap.example.org'"])
        self.assertEqual(done.returncode, 1)

    def test_a_name_that_one_program_does_not_understand(self):
        SITE.write("config/autodiscover.toml", CONFIG.replace("[imap]", 'login_name = "{local}"\n[imap]', 1))
        done = here("--clients", "ada@example.org")
        self.assertRegex(done.stdout, r"FAIL aerc, autoconfig: incoming: user '%EMAILLOCALPART%' instead of 'ada'")

    def test_dns_leads_to_the_hoster(self):
        SITE.write("config/autodiscover.toml", CONFIG.replace('["example.org"]', '["example.org", "customer.example"]'))
        # The customer has no name for any of the hosts, but MX and SRV records.
        dns = harness.Dns({"MX customer.example": ["20 backup.elsewhere.example", "10 mx1.example.org"], "A autoconfig.example.org": ["127.0.0.1"],
                   "SRV _autodiscover._tcp.customer.example": ["0 0 443 autodiscover.example.org"],
                   "A autodiscover.example.org": ["127.0.0.1"]})
        places = [word for host in ("autoconfig.example.org", "autodiscover.example.org")
                  for word in ("--resolve", f"{host}:443=127.0.0.1:{SITE.https}")]
        done = probe("--ca", SITE.folder / "ca.pem", "--server", dns.place, *places, "--clients", "--json", "ada@customer.example")
        found = {(each["program"], each["asks"]): each for each in json.loads(done.stdout)["programs"]}
        self.assertEqual(found["Thunderbird", "autoconfig"]["found_at"],
                         "https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=ada%40customer.example")
        self.assertEqual(found["Thunderbird", "pox"]["found_at"], "https://autodiscover.example.org/autodiscover/autodiscover.xml")
        self.assertEqual(found["Geary", "autoconfig"]["verdict"], "nothing")
        self.assertIn("there is no such name", found["Geary", "autoconfig"]["why"][0])

    def test_nothing_answers(self):
        done = probe("--resolve", "*=-", "--clients", "ada@example.org")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("0 of 0 searches that find settings are right", done.stdout)

    def test_hostile_documents_end_no_search_with_an_error(self):
        entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
        bodies = (f'<!DOCTYPE a [<!ENTITY a0 "ha">{entities}]><clientConfig><emailProvider>&a9;</emailProvider></clientConfig>',
                  "<![CDATA[" * 14000, "<a>" * 40000, "&" * 120000, client_config(IMAP * 900), "<clientConfig>\udc80", "", "\0", "{", "[1]",
                  '{"protocols": 1, "authentication": 2, "info": 3}', client_config(server("imap", "x" * 100000, 1, user="%EMAILADDRESS%" * 5000)),
                  client_config(IMAP.replace("993", "9" * 5000) + SMTP), outlook(block("IMAP", "imap.example.com", "-1") * 500))
        for body in bodies:
            with self.subTest(body[:30]):
                started = time.process_time()
                found = list(views.look(Everything(body), Mailbox("ada@example.com", mx="mx.example.net")))
                self.assertGreater(len(found), 28)
                self.assertLess(time.process_time() - started, 20)
                right = views.majority(found)
                self.assertLess(sum(len(views.described(each)) for each in right), 400000)

    def test_no_database_of_others_is_asked(self):
        done = here("--clients", "--json", "ada@elsewhere.example")
        geary = next(each for each in json.loads(done.stdout)["programs"] if each["program"] == "Geary")
        self.assertEqual(geary["verdict"], "nothing")
        self.assertNotIn("thunderbird.net", SITE.log("access.log"))


AUTOMX2 = """
import os, sys
os.environ["AUTOMX2_CONF"] = sys.argv[1]
from werkzeug.serving import run_simple
from automx2.server import app
made = app.test_client().post("/initdb/", json={"version": 2, "provider": "Example", "domains": [{"name": "example.org"}],
    "servers": [{"name": "imap.example.org", "type": "imap", "port": 993, "socket_type": "SSL"},
                {"name": "smtp.example.org", "type": "smtp", "port": 465, "socket_type": "SSL"}]})
assert made.status_code == 200, made.data
run_simple("127.0.0.1", int(sys.argv[2]), app, ssl_context=(sys.argv[3], sys.argv[4]))
"""


class Automx2(unittest.TestCase):
    """Somebody else's server, which is the point of it."""

    @classmethod
    def setUpClass(cls):
        python = harness.environment("automx2", "automx2==2026.2")
        cls.site = cls.enterClassContext(harness.Server())
        conf = cls.site.write("automx2.conf", f"[automx2]\ndb_uri = sqlite:///{cls.site.folder}/automx2.db\nloglevel = WARNING\n")
        cls.site.run(python, "-c", AUTOMX2, conf, cls.site.https, cls.site.certificate, cls.site.key,
                     ready=lambda: cls.site.answers(cls.site.https))

    def test_each_program_is_asked_and_judged(self):
        done = here("--clients", "--json", "ada@example.org", site=self.site)
        self.assertEqual(done.stderr, "")
        found = json.loads(done.stdout)
        self.assertEqual(found["right"]["incoming"]["host"], "imap.example.org")
        verdicts = {(each["program"], each["asks"]): each["verdict"] for each in found["programs"]}
        self.assertEqual(verdicts["Thunderbird", "autoconfig"], "right")
        # It writes «plain» for the password, which Thunderbird for Android does not know.
        self.assertEqual(verdicts["Thunderbird for Android and K-9 Mail", "autoconfig"], "nothing")

    def test_its_configuration_is_learnt_and_nobody_but_those_it_fails_sees_a_difference(self):
        done = here("--learn", "ada@example.org", site=self.site)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        path = SITE.write("learnt/autodiscover.toml", done.stdout)
        checked = subprocess.run([harness.program(), "check", "--config", path], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr + checked.stdout)
        done = here("--compare", f"127.0.0.1:{self.site.https}", path, "ada@example.org", path=f"{SITE.bin}:/usr/bin:/bin")
        for line in done.stdout.splitlines():
            # What differs is what finds nothing, or not all, at automx2.
            if line.startswith(f"  {path}"):
                self.assertRegex(line, "IMAP imap.example.org port 993|stops with an answer")
        self.assertRegex(done.stdout, r"\d+ of \d+ searches differ; \d+ find settings where they found none: .*Android")


# ---- what is learnt


class Answers:
    """Documents by URL, as `ask` of a reader wants them."""

    def __init__(self, documents):
        self.documents, self.url = documents, ""

    def ask(self, method, url, headers, body):
        if url.partition("?")[0] not in self.documents:
            raise Rejected("no such host")
        answer = self.documents[url.partition("?")[0]]
        return compare.Printed(200, {"Location": None, "Content-Type": "text/xml"}, answer.encode())


class Everything(Answers):
    """The same body for every URL."""

    def ask(self, method, url, headers, body):
        return compare.Printed(200, {"Location": None, "Content-Type": "text/xml"}, self.documents.encode("utf-8", "surrogateescape"))


def client_config(servers, more=""):
    return (f'<clientConfig version="1.1"><emailProvider id="example.com"><domain>example.com</domain><displayName>Name</displayName>'
            f"<displayShortName>N</displayShortName>{servers}</emailProvider>{more}</clientConfig>")


def server(kind, host, port, socket="SSL", user="%EMAILADDRESS%", auth="<authentication>password-cleartext</authentication>", more=""):
    way = "outgoing" if kind == "smtp" else "incoming"
    return (f'<{way}Server type="{kind}"><hostname>{host}</hostname><port>{port}</port><socketType>{socket}</socketType>{auth}'
            f"<username>{user}</username>{more}</{way}Server>")


IMAP, SMTP = server("imap", "imap.example.com", 993), server("smtp", "smtp.example.com", 465)
SETTINGS = "https://autoconfig.example.com/mail/config-v1.1.xml"
POX = "https://example.com/autodiscover/autodiscover.xml"


def outlook(blocks):
    return (f'<Autodiscover xmlns="x"><Response xmlns="y"><Account><AccountType>email</AccountType><Action>settings</Action>{blocks}'
            "</Account></Response></Autodiscover>")


def block(kind, host, port, more="<SSL>on</SSL>", user="ada@example.com"):
    return f"<Protocol><Type>{kind}</Type><Server>{host}</Server><Port>{port}</Port><LoginName>{user}</LoginName>{more}</Protocol>"


class Mail(Mailbox):
    """A mailbox with SRV and TXT records."""

    def __init__(self, address, **data):
        super().__init__(address)
        self.told = data

    def data(self, kind, name):
        return self.told.get(f"{kind} {name}", [])


# What answers, a line that must be in the file, and one that must stand in its comments; or None.
LEARNT = {
    "a plain document": ({SETTINGS: client_config(IMAP + SMTP)}, 'server = "imap.example.com"', None),
    "pop3 first": ({SETTINGS: client_config(server("pop3", "pop.example.com", 995) + IMAP + SMTP)}, 'prefer = "pop3"', None),
    "a second server": ({SETTINGS: client_config(IMAP + server("imap", "imap.example.com", 143, "STARTTLS") + SMTP)},
                        'server = "imap.example.com"', "a second server for imap"),
    "starttls on a port of tls": ({SETTINGS: client_config(server("imap", "imap.example.com", 993, "STARTTLS") + SMTP)},
                                  'server = "imap.example.com"', 'has "starttls" on port 993'),
    "tls on a port of starttls": ({SETTINGS: client_config(IMAP + server("smtp", "smtp.example.com", 587, "SSL"))},
                                  'encryption = "starttls"', 'has "ssl" on port 587'),
    "an unknown socketType": ({SETTINGS: client_config(server("imap", "imap.example.com", 993, "TLS") + SMTP)},
                              'server = "imap.example.com"', "no socketType that is known"),
    "a name by the domain": ({SETTINGS: client_config(server("imap", "mail.%EMAILDOMAIN%", 993) + SMTP)}, 'server = "mail.{domain}"', None),
    "a mixture": ({SETTINGS: client_config(server("imap", "imap.example.com", 993, user="%EMAILLOCALPART%.%EMAILDOMAIN%") + SMTP)},
                  'login_name = "{local}.{domain}"', None),
    "a name that is filled in": ({SETTINGS: client_config(server("imap", "imap.example.com", 993, user="EXAMPLE\\ada") + SMTP)},
                                 'login_name = "EXAMPLE\\\\{local}"', None),
    "a name of one user": ({SETTINGS: client_config(server("imap", "imap.example.com", 993, user="web123p4") + SMTP)},
                           'server = "imap.example.com"', "this user's own"),
    "a brace": ({SETTINGS: client_config(server("imap", "imap.example.com", 993, user="{%EMAILLOCALPART%}") + SMTP)},
                'server = "imap.example.com"', "has a brace"),
    "no host name": ({SETTINGS: client_config(server("imap", "imap_1.example.com", 993) + SMTP)}, 'server = "smtp.example.com"',
                     "is no host name"),
    "no port": ({SETTINGS: client_config(server("imap", "imap.example.com", 99999) + SMTP)}, 'server = "smtp.example.com"', "no port from 1"),
    "a type of its own": ({SETTINGS: client_config(IMAP + server("exchange", "ews.example.com", 443) + SMTP)},
                          'server = "imap.example.com"', "type 'exchange'"),
    "quotes and umlauts": ({SETTINGS: client_config(IMAP + SMTP).replace(">Name<", '>M\u00fcller &amp; "S\u00f6hne" \\ Co<')},
                           'name = "M\u00fcller & \\"S\u00f6hne\\" \\\\ Co"', None),
    "OAuth2 with a server": ({SETTINGS: client_config(
        server("imap", "imap.example.com", 993, auth="<authentication>OAuth2</authentication><authentication>password-cleartext"
               "</authentication>") + SMTP, "<oAuth2><issuer>login.example.com</issuer><scope>imap smtp</scope>"
        "<authURL>https://login.example.com/a</authURL><tokenURL>https://login.example.com/t</tokenURL></oAuth2>")},
        'authentication = ["oauth2", "password"]', None),
    "OAuth2 without a server": ({SETTINGS: client_config(server("imap", "imap.example.com", 993, auth="<authentication>OAuth2"
                                                               "</authentication>") + SMTP)}, 'authentication = ["oauth2"]', "where the tokens"),
    "CRAM-MD5": ({SETTINGS: client_config(server("imap", "imap.example.com", 993, auth="<authentication>password-encrypted"
                                                 "</authentication><authentication>password-cleartext</authentication>") + SMTP)},
                 'authentication = ["encrypted-password", "password"]', None),
    "NTLM": ({SETTINGS: client_config(server("imap", "imap.example.com", 993, auth="<authentication>NTLM</authentication>") + SMTP)},
             "spa = true", None),
    "a relay": ({SETTINGS: client_config(IMAP + server("smtp", "smtp.example.com", 465, auth="<authentication>none</authentication>"))},
                "auth_required = false", None),
    "Kerberos": ({SETTINGS: client_config(server("imap", "imap.example.com", 993, auth="<authentication>GSSAPI</authentication>") + SMTP)},
                 'authentication = ["kerberos"]', None),
    "mail that stays": ({SETTINGS: client_config(server("pop3", "pop.example.com", 995, more="<pop3><leaveMessagesOnServer>true"
                        "</leaveMessagesOnServer><daysToLeaveMessagesOnServer>30</daysToLeaveMessagesOnServer></pop3>") + SMTP)},
                        "days = 30", None),
    "pages": ({SETTINGS: client_config(IMAP + SMTP + '<documentation url="https://example.com/help?a=1&amp;b=2"/>',
                                       '<webMail><loginPage url="https://mail.example.com/"/></webMail>')},
              'documentation = "https://example.com/help?a=1&b=2"', None),
    "a URL that is none": ({SETTINGS: client_config(IMAP + SMTP + '<documentation url="javascript:alert(1)"/>')},
                           'server = "imap.example.com"', "no URL"),
    "Autodiscover alone": ({POX: outlook(block("POP3", "pop.example.com", 995) + block("IMAP", "imap.example.com", 993)
                                         + block("SMTP", "smtp.example.com", 587, "<Encryption>TLS</Encryption>"))},
                           'prefer = "pop3"', None),
    "what autoconfig has no word for": ({SETTINGS: client_config(IMAP + SMTP), POX: outlook(
        block("IMAP", "imap.example.com", 993, "<DomainRequired>on</DomainRequired><DomainName>EXAMPLE</DomainName><TTL>24</TTL>"))},
        'domain_name = "EXAMPLE"', None),
    "moved": ({POX: "<Autodiscover><Response><Account><Action>redirectAddr</Action><RedirectAddr>ada@example.net</RedirectAddr>"
                    "</Account></Response></Autodiscover>"}, 'address = "{local}@example.net"', None),
    "phones": ({POX: "<Autodiscover><Response><Action><Settings><Server><Type>MobileSync</Type><Url>https://eas.example.com/x</Url>"
                     "</Server></Settings></Action></Response></Autodiscover>"}, 'url = "https://eas.example.com/x"', None),
    "PACC alone": ({"https://ua-auto-config.example.com/.well-known/user-agent-configuration.json": json.dumps(
        {"protocols": {"imap": {"host": "imap.example.com"}, "submit": {"host": "smtp.example.com"},
                       "jmap": {"url": "https://jmap.example.com/session"}}, "authentication": {"password": True}, "info": {}})},
        'url = "https://jmap.example.com/session"', None),
}


class Learn(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(harness.folder())

    def learnt(self, ask, who):
        """The file, and its path; `check` must take it, if anything was found."""
        draft = learn.learn(ask, who)
        if not learn.found(draft):
            return "", None
        path = self.folder / "autodiscover.toml"
        path.write_text(str(draft))
        done = subprocess.run([harness.program(), "check", "--config", path], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{done.stderr}{done.stdout}\n{draft}")
        return str(draft), path

    def test_what_answers_becomes_a_configuration(self):
        for title, (documents, line, comment) in LEARNT.items():
            with self.subTest(title):
                text, _ = self.learnt(Answers(documents), Mail("ada@example.com"))
                self.assertIn(line, [each.partition("  #")[0] for each in text.splitlines()])
                if comment:
                    self.assertTrue([each for each in text.splitlines() if each.startswith("# - ") and comment in each], text)

    def test_dns_says_what_no_document_does(self):
        records = {"SRV _imaps._tcp.example.com": [("imap.example.com", 993)], "SRV _submission._tcp.example.com": [("smtp.example.com", 587)],
                   "SRV _sieve._tcp.example.com": [("sieve.example.com", 4190)], "SRV _caldavs._tcp.example.com": [("dav.example.com", 8443)],
                   "TXT _caldavs._tcp.example.com": ["path=/dav/"]}
        text, _ = self.learnt(Answers({}), Mail("ada@example.com", **records))
        for line in ('server = "sieve.example.com"', 'url = "https://dav.example.com:8443/dav/"', 'encryption = "starttls"'):
            self.assertIn(line, text.splitlines())

    def test_hostile_documents_cost_nothing(self):
        found = 0
        for body in ("<", "<clientConfig/>", "x" * 100000, client_config(IMAP * 300 + SMTP), client_config("\x00"), '{"protocols": []}',
                     client_config(server("imap", "&#10;[redirect]", 993, user='"""\n[redirect]') + SMTP), "<Autodiscover>" * 2000,
                     outlook(block("IMAP", '"\n[x]', "abc") * 50)):
            with self.subTest(body[:40]):
                text, _ = self.learnt(Answers({SETTINGS: body, POX: body}), Mail("ada@example.com"))
                self.assertLess(len(text), 20000)
                self.assertNotIn("\n[redirect]", text)
                found += bool(text)
        self.assertEqual(found, 2)

    def test_nobody_sees_a_difference_between_a_kind_and_what_is_learnt_of_it(self):
        import tomllib
        kinds = tomllib.loads((harness.TESTS / "clients/kinds.toml").read_text())
        # Left out is what no client is told: lists of logins.
        chosen = ("starttls", "odd-ports-starttls", "imap-and-pop3", "pop3-and-imap", "none", "login-mixture", "login-each-service", "spa",
                  "no-authentication", "every-service", "oauth2-then-password", "kerberos-then-password", "redirect-by-address")
        os.environ["PATH"] = f"{SITE.bin}:{os.environ['PATH']}"
        for title in chosen:
            with self.subTest(title):
                kind, folder = kinds[title], self.folder / title
                for name, content in {"autodiscover.toml": kind["config"], **kind.get("files", {})}.items():
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (folder / name).write_text(content)
                address = kind.get("address", "ada@example.org")
                old = compare.Program(folder / "autodiscover.toml")
                text, path = self.learnt(old, Mail(address))
                new = compare.Program(path)
                differing = [f"{one.title}: {compare.words(one)}, {compare.words(other)}"
                             for one, other in zip(views.look(old, Mail(address)), views.look(new, Mail(address)))
                             if one.setup and compare.seen(one) != compare.seen(other)]
                self.assertEqual(differing, [], text)

    def test_the_command(self):
        done = here("--learn", "ada@example.org")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn('\n[smtp]  # autoconfig\nserver = "smtp.example.org"\nencryption = "starttls"\n',
                      done.stdout)
        done = probe("--resolve", "*=-", "--learn", "ada@example.org")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("nothing answers for example.org", done.stderr)


class Readme(unittest.TestCase):
    def test_its_two_commands_take_over_what_is_there(self):
        section = (harness.ROOT / "README.md").read_text().partition("## Coming from something else")[2]
        block = re.search(r"```sh\n(.*?)```", section, re.S)[1]
        plain = " ".join(f"--resolve {host}:80=127.0.0.1:{SITE.http}"
                         for host in ("autoconfig.example.org", "example.org", "autodiscover.example.org"))
        SITE.write("bin/autodiscover-probe", f"#!/bin/sh\nexec {PYTHON} {PROBE} --ca {SITE.folder}/ca.pem "
                   f"--resolve '*=127.0.0.1:{SITE.https}' {plain} \"$@\"\n", 0o755)
        (SITE.folder / "new").mkdir()
        done = subprocess.run(["sh", "-ec", block], cwd=SITE.folder / "new", capture_output=True, text=True,
                              env={"PATH": f"{SITE.bin}:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"})
        promised = re.search("«(.*)»", block)[1]
        self.assertEqual((done.stdout, done.stderr), (f"{promised}\n", ""))


class Compare(unittest.TestCase):
    def test_a_server_and_its_own_configuration(self):
        path = SITE.folder / "config/autodiscover.toml"
        done = probe("--compare", f"127.0.0.1:{SITE.https}:{SITE.http}", path, "ada@example.org", path=f"{SITE.bin}:/usr/bin:/bin")
        self.assertRegex(done.stdout, r"^0 of \d+ searches differ\n$")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_what_differs_is_printed(self):
        other = SITE.write("other/autodiscover.toml", CONFIG.replace("imap.{domain}", "mail.{domain}"))
        done = probe("--compare", f"127.0.0.1:{SITE.https}:{SITE.http}", other, "ada@example.org", path=f"{SITE.bin}:/usr/bin:/bin")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"Geary, autoconfig\n  127\.0\.0\.1:\d+: IMAP imap\.example\.org port 993 with TLS; SMTP .*\n"
                         r"  .*other/autodiscover\.toml: IMAP mail\.example\.org port 993")
        self.assertRegex(done.stdout, r"\n2\d of \d+ searches differ\n$")
        done = probe("--compare", f"127.0.0.1:{SITE.https}:{SITE.http}", other, "--json", "ada@example.org",
                     path=f"{SITE.bin}:/usr/bin:/bin")
        found = json.loads(done.stdout)
        self.assertEqual((found["address"], found["gain"], done.returncode), ("ada@example.org", [], 1))
        self.assertIn({"program": "Geary", "version": "", "asks": "autoconfig",
                       "old": "IMAP imap.example.org port 993 with TLS; SMTP smtp.example.org port 587 with STARTTLS",
                       "new": "IMAP mail.example.org port 993 with TLS; SMTP smtp.example.org port 587 with STARTTLS"}, found["differ"])

    def test_who_found_nothing_can_only_win(self):
        # A file of autoconfig alone, as many have it.
        with contextlib.ExitStack() as stack:
            site = stack.enter_context(harness.Apache())
            site.write("htdocs/mail/config-v1.1.xml", client_config(IMAP + SMTP).replace("example.com", "example.org"))
            hosts = "ServerName autoconfig.example.org\nServerAlias *.example.org example.org"
            site.start("\n".join(f'''<VirtualHost *:{port}>
{hosts}
DocumentRoot "{site.folder}/htdocs"
AddType text/xml .xml
<Directory "{site.folder}/htdocs">
    Require all granted
</Directory>
{tls}
</VirtualHost>''' for port, tls in ((site.http, ""), (
                site.https, f"SSLEngine on\nSSLCertificateFile {site.certificate}\nSSLCertificateKeyFile {site.key}"))))
            done = here("--learn", "ada@example.org", site=site)
            self.assertEqual(done.returncode, 0, done.stderr)
            path = SITE.write("static/autodiscover.toml", done.stdout)
            done = probe("--compare", f"127.0.0.1:{site.https}:{site.http}", path, "ada@example.org", path=f"{SITE.bin}:/usr/bin:/bin")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^0 of \d+ searches differ; \d+ find settings where they found none: Outlook 2010")

    def test_wrong_usage(self):
        for arguments, words in ((["--compare", "x", "dns", "ada@example.org"], "must be an IP address"),
                                 (["--compare", "dns", "dns"], "one ADDRESS must be given"),
                                 (["--learn", "--all"], "take one ADDRESS"),
                                 (["--compare", "dns", "/nowhere.toml", "ada@example.org"], "the program autodiscover is needed")):
            with self.subTest(arguments):
                done = probe(*arguments, path="/nowhere")
                self.assertEqual(done.returncode, 2)
                self.assertIn(words, done.stderr)


if __name__ == "__main__":
    harness.main("views")

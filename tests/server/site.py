"""What the virtual host of apache/autodiscover.conf promises beside its answers: it starts without its certificate, stands behind
a proxy, holds no worker for a client that dribbles, and logs no address."""

import re
import socket
import subprocess
import sys
import time
import unittest
from urllib.parse import urlsplit

import harness
import routes

sys.path.insert(0, str(harness.ROOT / "apache"))

from probe.clients import Mailbox, Rejected  # noqa: E402
from probe.clients.closed import Outlook  # noqa: E402

XML = "/Autodiscover/Autodiscover.xml"
HOST = "autodiscover.example.org"
CONFIG = (harness.ROOT / "cgi-bin/autodiscover.toml").read_text()
TEXT = (harness.ROOT / "apache/autodiscover.conf").read_text()


class Site(unittest.TestCase):
    """The virtual host in an Apache; `changes` are names that a subclass defines in another way."""

    changes = {}
    # What the server has besides.
    extra = ""

    @classmethod
    def setUpClass(cls):
        harness.needs("apache2", "openssl")
        cls.apache = cls.enterClassContext(harness.Apache())
        cls.program = harness.install(cls.apache.folder / "program/autodiscover.cgi")
        cls.apache.write("config/autodiscover.toml", CONFIG.replace('["example.org"]', '["example.org", "customer.example"]'))
        cls.apache.write("www/.well-known/acme-challenge/token", "challenge\n")
        changes = {"WEBROOT": cls.apache.folder / "www"} | cls.changes
        # Another site on both ports: it must start and go on, whatever happens to ours. It comes first, as sites before zz- do.
        tls = f"SSLEngine On\nSSLCertificateFile {cls.apache.certificate}\nSSLCertificateKeyFile {cls.apache.key}"
        other = "".join(f"<VirtualHost *:{port}>\nServerName other.example.org\n{extra}\nRedirect 410 /\n</VirtualHost>\n"
                        for port, extra in ((cls.apache.https, tls), (cls.apache.http, "")))
        folder = f'<Directory "{cls.apache.folder}/www">\nRequire all granted\n</Directory>\n'
        cls.apache.start(cls.extra.format(http=cls.apache.http) + other + folder + cls.apache.virtual_host(**changes), modules=["reqtimeout"])

    def ask(self, path=XML, host=HOST, **options):
        return self.apache.request(path, host, **options)

    def answers(self, **options):
        answer = self.ask(body=harness.post(), **options)
        self.assertEqual(answer.status, 200)
        self.assertIn(b"<Server>imap.example.org</Server>", answer.body)

    def logged(self, line, log="autodiscover.log"):
        """The line stands in the access log, which a worker writes when it has answered already."""
        deadline = time.monotonic() + 10
        while not re.search(line, self.apache.log(log)):
            self.assertLess(time.monotonic(), deadline, self.apache.log(log))
            time.sleep(0.05)


class Standing(Site):
    """As it is shipped."""

    def test_every_route_reaches_the_program_in_any_spelling(self):
        with harness.echo(self.program):
            for path in (*routes.DOCUMENTS, routes.PROFILE[1].replace(" ", "%20"), *routes.PAGES):
                for spelling in (path, path.upper() if "%" not in path else path, path.title()):
                    with self.subTest(spelling):
                        variables, _ = harness.echoed(self.ask(spelling + "?a=%41"))
                        self.assertEqual(variables["REQUEST_URI"], spelling + "?a=%41")

    def test_a_document_that_is_new_in_a_directory_of_ours_reaches_the_program(self):
        with harness.echo(self.program):
            for path in ("/.well-known/new", "/Autodiscover/new.json", "/mail/new/document.xml", "/v1.1/mail/new.xml", "/mail/a%3Fb@c/"):
                with self.subTest(path):
                    self.assertEqual(harness.echoed(self.ask(path))[0]["REQUEST_URI"], path)

    def test_everything_else_costs_no_process(self):
        with harness.echo(self.program):
            for path in ("/other", "/mailx", "/autodiscover", "/.well-known", "/.well-known/acme-challenge", "/.git/config",
                         "/.Well-Known/ACME-challenge/token", "/index.php", "/mail.php", "/x/autodiscover/autodiscover.xml"):
                with self.subTest(path):
                    answer = self.ask(path)
                    self.assertEqual((answer.status, b"REQUEST_URI" in answer.body), (404, False))

    def test_names_that_are_not_ours_keep_their_own_site(self):
        for host in ("other.example.org", "unknown.example.org"):
            self.assertEqual(self.ask("/mail/config-v1.1.xml", host).status, 410)

    def test_OPTIONS_and_TRACE(self):
        for path in (*routes.DOCUMENTS, "/"):
            with self.subTest(path):
                answer = self.ask(path, method="OPTIONS")
                # The program answers, which knows the methods of its routes.
                self.assertIn("X-Content-Type-Options", answer.headers)
                self.assertRegex(answer.headers["Allow"], "POST" if path.endswith("autodiscover.xml") else "GET, HEAD")
                answer = self.ask(path, method="TRACE", headers={"Cookie": "secret"})
                self.assertEqual(answer.status, 405)
                self.assertNotIn(b"secret", answer.body)
                for method in ("OPTIONS", "TRACE"):
                    self.assertEqual(self.ask(path, method=method, tls=False).status, 403)
        self.assertEqual(self.ask("/other", method="OPTIONS").status, 404)

    def test_the_access_log_holds_no_address(self):
        for path in ("/Mail/config-v1.1.xml?emailaddress=eve%40example.org", "/?emailaddress=eve@example.org",
                     "/Autodiscover/Autodiscover.json/v1.0/eve@example.org?Protocol=ActiveSync",
                     "/mail/eve@example.org.mobileconfig?emailaddress=eve@example.org", "/mail/eve.reg",
                     "/.well-known/new/eve@example.org/", "/mail/eve%40example.org", "/autodiscover/eve%2540example.org/x"):
            self.ask(path)
        self.logged(r'"GET /mail/config-v1.1.xml HTTP/1.1" 200 \d+ "[a-z-]+" "-"\n')
        self.logged(r'"GET / HTTP/1.1" 200 ')
        self.logged(r'"GET /autodiscover/autodiscover.json/v1.0 HTTP/1.1" 400 ')
        self.logged(r'"GET /mail/settings.mobileconfig HTTP/1.1" 200 ')
        for log in ("autodiscover.log", "access.log"):
            self.assertNotIn("eve", self.apache.log(log))

    def test_the_access_log_has_the_word_of_the_program(self):
        with harness.echo(self.program):
            self.program.write_text("#!/bin/sh\nprintf 'Content-Type: text/plain\\nX-Autodiscover: not-served\\n\\n'\n")
            self.ask("/.well-known/mail-v1.xml", headers={"User-Agent": "Thunderbird/140"})
        self.logged(r'"GET /.well-known/mail-v1.xml HTTP/1.1" 200 \S+ "not-served" "Thunderbird/140"\n')

    def test_certificates_can_be_renewed(self):
        answer = self.ask("/.well-known/acme-challenge/token", tls=False)
        self.assertEqual((answer.status, answer.body), (200, b"challenge\n"))

    def test_a_body_that_dribbles_does_not_hold_a_worker(self):
        started = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.apache.https), 60) as plain, \
                self.apache.tls.wrap_socket(plain, server_hostname=HOST) as connection:
            connection.sendall(f"POST {XML} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\n<".encode())
            connection.settimeout(1)
            while time.monotonic() - started < 60:
                try:
                    if not connection.recv(4096):
                        break
                except TimeoutError:
                    connection.sendall(b" ")
                except OSError:
                    break
        # httpd by itself waits 20 seconds, and without the module as long as there comes a byte a minute.
        self.assertLess(time.monotonic() - started, 18)


class WithoutCertificate(Site):
    """The site is enabled before the certificate is there."""

    changes = {"CERTIFICATE": "/nowhere/fullchain.pem", "KEY": "/nowhere/privkey.pem"}

    def test_the_server_starts_and_the_certificate_can_be_fetched(self):
        self.assertEqual(self.ask("/", "other.example.org").status, 410)
        self.assertEqual(self.ask("/.well-known/acme-challenge/token", tls=False).body, b"challenge\n")
        self.assertEqual(self.ask("/", tls=False).status, 302)


class WithoutKey(WithoutCertificate):
    changes = {"KEY": "/nowhere/privkey.pem"}


class WithoutLogFolder(Site):
    changes = {"LOG_FOLDER": "/nowhere"}

    def test_the_server_starts_and_its_own_log_is_used(self):
        self.answers()
        self.logged(XML, "access.log")
        self.assertEqual(self.apache.log("autodiscover.log"), "")


class BehindProxy(Site):
    """TLS ends at a proxy: no certificate here, and the plain port answers."""

    changes = {"CERTIFICATE": "/nowhere/fullchain.pem", "KEY": "/nowhere/privkey.pem", "BEHIND_PROXY": ""}

    def test_what_the_proxy_sends_is_answered(self):
        for headers in ({}, {"X-Forwarded-Proto": "https"}, {"X-Forwarded-Proto": "HTTPS"}, {"X-Forwarded-Proto": "https,http"},
                        {"X-Forwarded-SSL": "on"}, {"Front-End-Https": "on"}, {"CF-Visitor": '{"scheme":"https"}'},
                        {"Forwarded": "for=192.0.2.1;proto=https"}, {"Forwarded": "for=192.0.2.1"}):
            with self.subTest(**headers):
                self.answers(tls=False, headers=headers)
                self.assertEqual(self.ask("/", tls=False, headers=headers).status, 200)

    def test_what_came_to_the_proxy_in_the_clear_is_not(self):
        for headers in ({"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": "HTTP"}, {"X-Forwarded-Proto": "http,https"},
                        {"X-Forwarded-SSL": "off"}, {"Front-End-Https": "Off"}, {"CF-Visitor": '{"scheme":"http"}'},
                        {"Forwarded": "for=192.0.2.1;proto=http"}, {"Forwarded": 'proto="HTTP";for=192.0.2.1'}):
            with self.subTest(**headers):
                answer = self.ask(body=harness.post(), tls=False, headers=headers)
                self.assertEqual((answer.status, answer.headers["Location"]), (403, None))
                answer = self.ask("/Mail/?a=b", tls=False, headers=headers)
                self.assertEqual((answer.status, answer.headers["Location"]), (302, f"https://{HOST}/Mail/?a=b"))


class RedirectAddress(Site):
    """An address for the domains of customers, whose names are in no certificate."""

    changes = {"REDIRECT_ADDRESS": "127.0.0.2"}
    extra = "Listen 127.0.0.2:{http}\n"

    def search(self, method, url, headers, body):
        """What a client gets when the names of customer.example point to the second address."""
        parts = urlsplit(url)
        own = parts.hostname == HOST
        try:
            # The port of a redirect is that of this server; clients ask the usual ones.
            return harness.request(self.apache.https if parts.scheme == "https" else self.apache.http, parts.hostname,
                                   parts.path, method, body, headers, self.apache.tls if parts.scheme == "https" else None,
                                   address="127.0.0.1" if own else "127.0.0.2")
        except OSError as error:
            raise Rejected(error) from None

    def test_Outlook_finds_a_customer_by_the_redirect(self):
        """As MS-OXDISCO 3.1.5.4 and Outlook's documentation have it: 443 twice, then a GET by plain HTTP."""
        setup = Outlook().pox(Mailbox("ada@customer.example"), self.search)
        self.assertEqual((setup.incoming.host, setup.outgoing.host), ("imap.customer.example", "smtp.customer.example"))

    def test_only_what_carries_nothing_is_led_on(self):
        answer = self.ask(XML, "autodiscover.customer.example", tls=False, address="127.0.0.2")
        self.assertEqual((answer.status, answer.headers["Location"]), (302, f"https://{HOST}:{self.apache.https}{XML}"))
        answer = self.ask(XML, "autodiscover.customer.example", tls=False, address="127.0.0.2", body=harness.post())
        self.assertEqual((answer.status, answer.headers["Location"]), (403, None))

    def test_the_first_address_answers_as_before(self):
        self.answers()
        self.assertEqual(self.ask("/", tls=False).headers["Location"], f"https://{HOST}:{self.apache.https}/")


class Text(unittest.TestCase):
    def test_it_is_never_the_default_host(self):
        """The name that it gives itself is the last of a folder."""
        self.assertIn("/etc/apache2/sites-available/zz-autodiscover.conf", TEXT)
        self.assertIn("a2ensite zz-autodiscover", TEXT)

    def test_every_name_that_it_uses_is_defined_in_its_first_block(self):
        block = TEXT[:TEXT.index("</IfDefine>")]
        defined = set(re.findall(r"^    (?:# )?Define (AUTODISCOVER_\w+)", block, re.M))
        used = set(re.findall(r"AUTODISCOVER_\w+", re.sub(r"^\s*#.*", "", TEXT, flags=re.M)))
        # The first says that the block is not wanted, the others are made from it.
        self.assertEqual(used - defined, {"AUTODISCOVER_DEFINED", "AUTODISCOVER_PORT", "AUTODISCOVER_PLAIN"})

    def test_the_block_works_when_only_names_and_certificate_are_changed(self):
        harness.needs("apache2", "openssl")
        with harness.Apache() as apache:
            text = TEXT.replace("/etc/letsencrypt/live/${AUTODISCOVER_HOST}/fullchain.pem", str(apache.certificate)) \
                .replace("/etc/letsencrypt/live/${AUTODISCOVER_HOST}/privkey.pem", str(apache.key)) \
                .replace("/var/log/apache2", str(apache.folder))
            done = subprocess.run([harness.tool("apache2"), "-f", apache.configure(text), "-t", "-D", "DUMP_VHOSTS"],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(re.findall(r"\*:(\d+)\s+autodiscover\.example\.org", done.stdout), ["443", "80"])


if __name__ == "__main__":
    harness.main("site")

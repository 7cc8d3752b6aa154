"""What `autodiscover show` prints is what a web server gets from the program."""

import html
import os
import signal
import subprocess
import unittest
import urllib.parse

import harness

POX = "/autodiscover/autodiscover.xml"
# Format, host before the domain, target.
FORMATS = {
    "outlook": ("autodiscover", POX),
    "mobilesync": ("autodiscover", POX),
    "json": ("autodiscover", "/autodiscover/autodiscover.json?Email={}&Protocol=AutodiscoverV1"),
    "autoconfig": ("autoconfig", "/mail/config-v1.1.xml?emailaddress={}"),
    "mobileconfig": ("autodiscover", "/mail/example.org.mobileconfig?emailaddress={}"),
    "pacc": ("ua-auto-config", "/.well-known/user-agent-configuration.json"),
    "page": ("autodiscover", "/?emailaddress={}"),
}
# Each service, and a domain that has moved.
CONFIGURATION = """
domains = ["example.org", "xn--tda.example"]
display_name = "{local} <&>"
[imap]
server = "imap.{domain}"
[pop3]
server = "pop.{domain}"
[smtp]
server = "smtp.{domain}"
[mobilesync]
url = "https://mail.example.org/Microsoft-Server-ActiveSync?user={local}"
[webmail]
url = "https://mail.example.org/"
[caldav]
url = "https://dav.example.org/{email}/"
[carddav]
url = "https://dav.example.org/"
[provider]
name = "Example & Mail"
"""
MOVED = f'[redirect]\nurl = "https://elsewhere.example{POX}"\n'


class Show(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(harness.folder())
        (folder / "domains").mkdir()
        (folder / "autodiscover.toml").write_text(CONFIGURATION)
        (folder / "domains/example.com.toml").write_text(MOVED)
        self.env = {"AUTODISCOVER_CONFIG": str(folder / "autodiscover.toml")}

    def show(self, *arguments):
        done = subprocess.run([harness.program(), "show", *arguments], env=self.env, capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.decode()

    def sent(self, form, address, domain):
        """The body that a web server would send."""
        name, target = FORMATS[form]
        target = target.format(urllib.parse.quote(address, safe=""))
        schema = harness.MOBILESYNC if form == "mobilesync" else harness.OUTLOOK
        body = harness.post(html.escape(address, quote=False), schema) if target == POX else b""
        return harness.cgi(body, **self.env, REQUEST_METHOD="POST" if body else "GET", REQUEST_URI=target,
                           QUERY_STRING=target.partition("?")[2], HTTP_HOST=f"{name}.{domain}",
                           SERVER_NAME=f"{name}.{domain}", HTTP_ACCEPT="text/html,application/xhtml+xml,*/*").body.decode()

    def test_every_format_is_what_is_sent(self):
        for address, domain in (
            ("ada@example.org", "example.org"),
            ("Ada.o'Neill+a&b@EXAMPLE.org", "example.org"),
            ('"a & b"@example.org', "example.org"),
            ("åda@Ü.example", "xn--tda.example"),
        ):
            for form in FORMATS:
                with self.subTest(address=address, form=form):
                    self.assertEqual(self.show(address, "--as", form), self.sent(form, address, domain))

    def test_all_formats_stand_under_headings(self):
        shown = self.show("ada@example.org")
        self.assertEqual(shown, self.show("ada@example.org", "--as", "all"))
        expected = ""
        for form, (name, target) in FORMATS.items():
            method = "POST" if target == POX else "GET"
            target = target.format("ada%40example.org")
            body = self.sent(form, "ada@example.org", "example.org").rstrip()
            expected += f"== {form}: {method} https://{name}.example.org{target}\n{body}\n"
        self.assertEqual([line for line in shown.splitlines() if line], [line for line in expected.splitlines() if line])

    def test_a_moved_domain_shows_where_to_and_what_cannot_say_so(self):
        shown = self.show("ada@example.com")
        self.assertTrue(shown.startswith(f"== outlook: POST https://autodiscover.example.com{POX}\n"
                                         f"302 Found\nLocation: https://elsewhere.example{POX}\n<?xml "), shown)
        self.assertEqual(shown.count("nothing: the domain has moved, and this format cannot say where to\n"), 3, shown)

    def test_a_reader_may_go_early(self):
        """As `autodiscover show … | head -1` does."""
        for arguments in (["show", "ada@example.org"], ["dns", "--host", "web.example.net", "example.org"], ["--help"], []):
            with self.subTest(arguments=arguments):
                reader, writer = os.pipe()
                os.close(reader)
                done = subprocess.run([harness.program(), *arguments], env=self.env, stdout=writer, stderr=subprocess.PIPE)
                os.close(writer)
                self.assertEqual(done.stderr, b"")
                # The signal ends it as it ends every other program.
                self.assertIn(done.returncode, (0, -signal.SIGPIPE))


if __name__ == "__main__":
    harness.main("show")

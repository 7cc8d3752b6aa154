"""packaging/lighttpd.conf in a real lighttpd, as it is, with a website beside it."""

import os
import pathlib
import unittest

import harness
import routes

XML = "/autodiscover/autodiscover.xml"
SITE, PAGE = "example.org", "autodiscover.example.org"
# What Debian's lighttpd.conf makes of a URL before it looks at it.
PARSED = "".join(f'"{name}" => "enable", ' for name in (
    "header-strict", "host-strict", "host-normalize", "url-normalize-unreserved", "url-normalize-required",
    "url-ctrls-reject", "url-path-2f-decode", "url-path-dotseg-remove"))


def needs():
    harness.needs("lighttpd", "openssl")
    # Debian has it in a package of its own.
    if not any(pathlib.Path("/usr").glob("lib*/**/lighttpd/mod_openssl.so")):
        harness.needs("lighttpd-mod-openssl")


def start(server):
    """A lighttpd with packaging/lighttpd.conf as it is, for FOLDER/program/autodiscover.cgi, and a website in FOLDER/www."""
    text = (harness.ROOT / "packaging/lighttpd.conf").read_text()
    assert text.count("/usr/lib/cgi-bin/") == 2
    server.write("autodiscover.conf", text.replace("/usr/lib/cgi-bin/", f"{server.folder}/program/"))
    user = 'server.username = "www-data"\nserver.groupname = "www-data"' if os.geteuid() == 0 else ""
    path = server.write("lighttpd.conf", f"""
server.modules = ("mod_indexfile", "mod_openssl")
server.document-root = "{server.folder}/www"
index-file.names = ("index.html")
server.http-parseopts = ({PARSED})
{user}
server.bind = "127.0.0.1"
server.port = {server.https}
ssl.engine = "enable"
ssl.pemfile = "{server.certificate}"
ssl.privkey = "{server.key}"
$SERVER["socket"] == "127.0.0.1:{server.http}" {{ ssl.engine = "disable" }}
include "{server.folder}/autodiscover.conf"
""")
    return server.run(harness.tool("lighttpd"), "-D", "-f", path,
                      ready=lambda: server.answers(server.https) and server.answers(server.http))


class Lighttpd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        needs()
        cls.server = server = cls.enterClassContext(harness.Server())
        cls.program = harness.install(server.folder / "program/autodiscover.cgi")
        harness.install(server.folder / "program/autodiscover.toml", harness.ROOT / "cgi-bin/autodiscover.toml", 0o644)
        server.write("www/index.html", "the website of example.org\n")
        server.write("www/mail/config-v1.1.xml", "an old file of the site\n")
        for name in ("autodiscover.cgi", "below/autodiscover.cgi", "below/index.cgi"):
            server.write(f"www/{name}", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nran as %s\\n' \"$(id)\"\n", 0o755)
        start(server)

    def ours(self, answer):
        # The program marks every answer of its own with this header.
        return "X-Content-Type-Options" in answer.headers

    def test_every_path_in_every_spelling_reaches_the_program_as_it_was_sent_and_no_password(self):
        paths = [*routes.DOCUMENTS, routes.PROFILE[1].replace(" ", "%20"), "/mail/a%3Fb.mobileconfig", "/mail/a.outlook.xml", "/mail/a.reg", "/mail/a.txt",
                 "/autodiscover/autodiscover.json/v1.0/a%2Fb@example.org", XML + "/"]
        with harness.echo(self.program):
            for path in paths:
                for spelling in (path, path.replace("/autod", "/AutoD"), path.replace("/mail/", "/Mail/")):
                    for method, body in (("GET", None), ("POST", bytes(range(256)) * 100)):
                        for chunked in {False, bool(body)}:
                            for host in (SITE, PAGE):
                                with self.subTest(host=host, method=method, path=spelling, chunked=chunked):
                                    answer = self.server.request(
                                        spelling + "?a=b", host, method=method, body=body, chunked=chunked,
                                        headers={"Authorization": "Basic YWRhOnNlY3JldA=="})
                                    variables, arrived = harness.echoed(answer)
                                    self.assertEqual(variables["REQUEST_URI"], spelling + "?a=b")
                                    self.assertEqual(variables["HTTPS"], "on")
                                    self.assertEqual(arrived, body or b"")
                                    self.assertNotIn(b"YWRhOnNlY3JldA", answer.body)

    def test_outlook_gets_its_server_in_chunks_too(self):
        for host in (SITE, PAGE):
            for chunked in (False, True):
                answer = self.server.request("/Autodiscover/Autodiscover.xml", host, body=harness.post(), chunked=chunked)
                self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/xml; charset=utf-8"))
                self.assertIn(b"<Server>imap.example.org</Server>", answer.body)

    def test_the_refusals_of_the_program_arrive(self):
        answer = self.server.request(XML, body=harness.post().ljust(70000))
        self.assertEqual(answer.status, 413)
        self.assertIn(b"<ErrorCode>600<", answer.body)
        answer = self.server.request(XML)
        self.assertEqual((answer.status, answer.headers["Allow"]), (405, "POST"))

    def test_the_page_has_its_hosts_and_the_website_its_own(self):
        for path in (*routes.PAGES, "/Mail/?emailaddress=ada%40example.org"):
            with self.subTest(path):
                answer = self.server.request(path, PAGE)
                self.assertEqual((answer.status, self.ours(answer)), (200, True))
        self.assertEqual(self.server.request("/", SITE).body, b"the website of example.org\n")

    def test_nothing_else_is_answered_or_served(self):
        for path in ("/autodiscover.toml", "/cgi-bin/autodiscover.toml", "/autodiscover/autodiscover.toml",
                     "/program/autodiscover.toml",
                     "/autodiscover/autodiscover.json/../autodiscover.toml", "/mail/config-v1.1.xml/../../autodiscover.toml",
                     "/autodiscover/autodiscover.xmlx", "/autodiscover/"):
            for host in (SITE, PAGE):
                with self.subTest(host=host, path=path):
                    answer = self.server.request(path, host)
                    self.assertEqual((answer.status, self.ours(answer)), (404, False))
                    self.assertNotIn(b"server = ", answer.body)

    def test_a_file_of_a_site_does_not_run_by_having_the_name_of_the_program(self):
        """The assignment holds for every host and folder: a tenant's file would run as the server's user."""
        for path in ("/autodiscover.cgi", "/below/autodiscover.cgi", "/autodiscover.cgi/", "/autodiscover.cgi/mail/config-v1.1.xml",
                     "/autodiscover%2ecgi", "/autodiscover.cg%69", "/below/../autodiscover.cgi", "//autodiscover.cgi", "/./autodiscover.cgi",
                     "/Autodiscover.CGI", "/autodiscover.cgi?/autodiscover/autodiscover.xml", "/%61utodiscover.cgi", "/below%2fautodiscover.cgi",
                     "/below/index.cgi", "/cgi-bin/autodiscover.cgi"):
            for host in (SITE, PAGE):
                for tls in (True, False):
                    with self.subTest(host=host, path=path, tls=tls):
                        answer = self.server.request(path, host, tls=tls)
                        self.assertNotIn(b"ran as uid", answer.body)
                        if "/autodiscover.cgi" in path:
                            self.assertEqual(answer.status, 403)

    def test_plain_http_is_led_to_https_and_nothing_is_taken_from_it(self):
        for path in ("/Autodiscover/Autodiscover.xml", "/mail/config-v1.1.xml?emailaddress=ada@example.org", "/", "/mail/"):
            for method in ("GET", "HEAD"):
                with self.subTest(method=method, path=path):
                    answer = self.server.request(path, PAGE, method=method, tls=False)
                    self.assertEqual((answer.status, answer.headers["Location"]), (302, f"https://{PAGE}{path}"))
            with self.subTest(method="POST", path=path):
                answer = self.server.request(path, PAGE, body=harness.post(), tls=False)
                self.assertEqual((answer.status, answer.headers["Location"]), (403, None))
        self.assertEqual(self.server.request("/", SITE, tls=False).body, b"the website of example.org\n")


if __name__ == "__main__":
    harness.main("lighttpd")

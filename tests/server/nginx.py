"""The lines for nginx that stand in README.md, in a real nginx with fcgiwrap.

What is expected of an answer is what the program prints when it is started directly.
"""

import re
import unittest

import harness

XML = "/autodiscover/autodiscover.xml"
# The host of the website, and those of the page for people.
SITE, PAGE, OTHER = "example.org", "autodiscover.example.org", "autoconfig.example.org"
POSTED = {
    "outlook": harness.post(),
    "mobilesync": harness.post(schema=harness.MOBILESYNC),
    "no XML": b"no XML\n",
    "too large": harness.post() + b" " * 70000,
}
GOT = [
    "/autodiscover/autodiscover.json?Email=ada%40example.org&Protocol=Autodiscoverv1",
    "/Autodiscover/Autodiscover.json?Email=Ada%40example.org&Protocol=ActiveSync",
    "/autodiscover/autodiscover.json/v1.0/Ada.B@example.org?Protocol=AutodiscoverV1",
    "/AUTODISCOVER/AUTODISCOVER.JSON/v1.0/a%2Fb%25c@example.org?Protocol=AutodiscoverV1",
    "/mail/config-v1.1.xml?emailaddress=ada%40example.org",
    "/Mail/Config-v1.1.XML?emailaddress=ada%40example.org",
    "/mail/config-v1.1.xml",
    "/v1.1/mail/config-v1.1.xml?emailaddress=ada%40example.org",
    "/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=ada%40example.org",
    "/.Well-Known/Autoconfig/Mail/config-v1.1.xml?emailaddress=ada%40example.org",
    "/.well-known/user-agent-configuration.json",
    "/mail/ada.mobileconfig?emailaddress=ada%40example.org",
]
# A copy of the folder inside the web space is somebody's mistake; the block must not turn it into an answer of ours.
NOT_OURS = [
    "/autodiscover.toml", "/cgi-bin/autodiscover.toml", "/autodiscover/autodiscover.toml", "/autodiscover/autodiscover.cgi",
    "/mail/autodiscover.toml", "/mail/config-v1.1.xml/../autodiscover.toml",
    "/autodiscover/autodiscover.json/../../autodiscover.toml", "/autodiscover/autodiscover.xmlx", "/autodiscover/",
    "/program/autodiscover.toml",
]


def blocks(folder):
    """The block of README.md as a reader copies it, but for the two paths that he finds in it; and that with the page."""
    section = (harness.ROOT / "README.md").read_text().split("### With nginx\n")[1].split("\n### ")[0]
    block = section.split("```nginx\n")[1].split("```")[0]
    page = re.search(r"let the pattern begin with `(\^/\(\?:.*\|)`\.$", section, re.M)[1]
    for old, new in (("/usr/lib/cgi-bin/autodiscover.cgi", f"{folder}/program/autodiscover.cgi"),
                     ("unix:/run/fcgiwrap.socket", f"unix:{folder}/socket"), ("^/(?:", "^/(?:")):
        assert block.count(old) == 1, f"{old} should stand once in the block of README.md"
        block = block.replace(old, new)
    return block, block.replace("^/(?:", page)


class Nginx(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        harness.needs("nginx", "fcgiwrap", "openssl")
        cls.nginx = nginx = cls.enterClassContext(harness.Nginx())
        cls.program = harness.install(nginx.folder / "program/autodiscover.cgi")
        cls.config = harness.install(nginx.folder / "program/autodiscover.toml", harness.ROOT / "cgi-bin/autodiscover.toml", 0o644)
        nginx.write("www/index.html", "the website of example.org\n")
        site, page = blocks(nginx.folder)
        nginx.start("\n".join(
            f"server {{\nlisten 127.0.0.1:{nginx.https} ssl;\nserver_name {names};\nroot {nginx.folder}/www;\n{block}}}"
            for names, block in ((SITE, site), (f"{PAGE} {OTHER}", page))))

    def same(self, host, method, path, body=None):
        """nginx hands on exactly what the program says."""
        with self.subTest(host=host, method=method, path=path, body=(body or b"")[:20]):
            expected = harness.cgi(
                body or b"", AUTODISCOVER_CONFIG=str(self.config), HTTPS="on", REQUEST_METHOD=method, REQUEST_URI=path,
                QUERY_STRING=path.partition("?")[2], HTTP_HOST=host, SERVER_NAME=SITE if host == SITE else PAGE,
                **({} if method == "POST" else {"CONTENT_LENGTH": ""}))
            status, headers, text = self.nginx.request(path, host, method=method, body=body)
            self.assertEqual(status, expected.status)
            self.assertEqual(*(re.sub(rb'Time="[0-9:.]*"', b"", each) for each in (text, expected.body)))
            for name, value in expected.headers.items():
                if name != "Status":
                    self.assertEqual(headers[name], value)

    def test_every_discovery_path_reaches_the_program_in_any_spelling(self):
        for host in (SITE, PAGE, OTHER):
            for path in (XML, "/Autodiscover/Autodiscover.xml", "/AutoDiscover/AutoDiscover.xml", XML.upper(), XML + "/"):
                for body in POSTED.values():
                    self.same(host, "POST", path, body)
                self.same(host, "GET", path)
                self.same(host, "HEAD", path)
            for path in GOT:
                self.same(host, "GET", path)
                self.same(host, "HEAD", path)

    def test_the_page_has_its_hosts_and_the_website_its_own(self):
        for path in ("/", "/mail/", "/mail", "/Mail/?emailaddress=ada%40example.org"):
            self.same(PAGE, "GET", path)
        self.assertEqual(self.nginx.request("/", SITE).body, b"the website of example.org\n")

    def test_outlook_gets_its_server_in_chunks_too(self):
        """What is compared with itself could be wrong twice."""
        for chunked in (False, True):
            answer = self.nginx.request(XML, PAGE, body=POSTED["outlook"], chunked=chunked)
            self.assertIn(b"<Server>imap.example.org</Server>", answer.body)

    def test_nothing_else_is_answered_or_served(self):
        for path in NOT_OURS:
            for host in (SITE, PAGE):
                with self.subTest(host=host, path=path):
                    status, headers, body = self.nginx.request(path, host)
                    self.assertEqual(status, 404)
                    # The program marks every answer of its own with this header.
                    self.assertNotIn("X-Content-Type-Options", headers)
                    self.assertNotIn(b"server = ", body)

    def test_path_and_body_arrive_as_they_were_sent_and_no_password(self):
        body = bytes(range(256)) * 100
        with harness.echo(self.program):
            answer = self.nginx.request("/AutoDiscover/AutoDiscover.xml?a=%41", PAGE, body=body,
                                        headers={"Authorization": "Basic YWRhOnNlY3JldA=="})
        variables, arrived = harness.echoed(answer)
        self.assertEqual(variables["REQUEST_URI"], "/AutoDiscover/AutoDiscover.xml?a=%41")
        self.assertEqual(arrived, body)
        self.assertNotIn(b"YWRhOnNlY3JldA", answer.body)


if __name__ == "__main__":
    harness.main("nginx")

"""packaging/nginx.conf in a real nginx with fcgiwrap, as it is; and its middle part in the site of a bare domain.

What is expected of an answer is what the program prints when it is started directly.
"""

import re
import unittest

import harness
import routes

XML = "/autodiscover/autodiscover.xml"
# The host of the website, and those that have no other purpose.
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
    "/.Well-Known/Autoconfig/Mail/config-v1.1.xml?emailaddress=ada%40example.org",
    "/mail/ada.mobileconfig?emailaddress=ada%40example.org",
    "/mail/ada.outlook.xml?emailaddress=ada%40example.org",
    "/mail/ada.reg?emailaddress=ada%40example.org",
    "/mail/ada.txt?emailaddress=ada%40example.org",
    *routes.DOCUMENTS,
]
# A copy of the folder inside the web space is somebody's mistake; the file must not turn it into an answer of ours.
NOT_OURS = [
    "/autodiscover.toml", "/cgi-bin/autodiscover.toml", "/autodiscover/autodiscover.toml", "/autodiscover/autodiscover.cgi",
    "/mail/autodiscover.toml", "/mail/config-v1.1.xml/../autodiscover.toml",
    "/autodiscover/autodiscover.json/../../autodiscover.toml", "/autodiscover/autodiscover.xmlx", "/autodiscover/",
    "/program/autodiscover.toml", "/-/autodiscover",
]

# What sites have already. Each of these locations takes one of the program's paths from a location of ours, wherever that stands.
NEIGHBOURS = """
    location ~ /\\. { deny all; }
    location ^~ /.well-known/ { try_files $uri =404; }
    location ~* \\.(?:xml|json|mobileconfig)$ { expires 1h; }
    location ^~ /autodiscover/ { return 404; }
    location ^~ /mail/ { return 404; }
    location / { try_files $uri $uri/ =404; }
"""


def laid(nginx):
    """The file as a reader copies it, but for the paths, ports and names of the certificate that he finds in it."""
    text = (harness.ROOT / "packaging/nginx.conf").read_text()
    for old, new in (
        ("/usr/lib/cgi-bin/autodiscover.cgi", f"{nginx.folder}/program/autodiscover.cgi"),
        ("unix:/run/fcgiwrap.socket", f"unix:{nginx.folder}/socket"),
        ("/etc/letsencrypt/live/autodiscover.example.org/fullchain.pem", str(nginx.certificate)),
        ("/etc/letsencrypt/live/autodiscover.example.org/privkey.pem", str(nginx.key)),
        ("/var/log/nginx/", f"{nginx.folder}/"), ("/var/www/html", f"{nginx.folder}/www"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{nginx.https} ssl;"), ("listen 80;", f"listen 127.0.0.1:{nginx.http};"),
        ("listen [::]:443 ssl;", ""), ("listen [::]:80;", ""),
    ):
        assert old in text, f"{old} should stand in packaging/nginx.conf"
        text = text.replace(old, new)
    return text


class Nginx(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        harness.needs("nginx", "fcgiwrap", "openssl")
        cls.nginx = nginx = cls.enterClassContext(harness.Nginx())
        cls.program = harness.install(nginx.folder / "program/autodiscover.cgi")
        sample = harness.ROOT / "cgi-bin/autodiscover.toml"
        cls.config = harness.install(nginx.folder / "program/autodiscover.toml", sample, 0o644)
        nginx.write("www/index.html", "the website of example.org\n")
        nginx.write("www/.well-known/acme-challenge/token", "challenge\n")
        nginx.write("www/mail/config-v1.1.xml", "an old file of the site\n")
        text = laid(nginx)
        start, end = text.index("    # What follows, up to"), text.index("    # end\n")
        # One server block for both ports, as many sites have it.
        nginx.start(text + f"""
server {{
    listen 127.0.0.1:{nginx.https} ssl;
    listen 127.0.0.1:{nginx.http};
    server_name {SITE};
    root {nginx.folder}/www;
    {NEIGHBOURS}
    {text[start:end]}
}}
""")

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
        for path in (*routes.PAGES, "/Mail/?emailaddress=ada%40example.org"):
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

    def test_plain_http_is_led_to_https_and_nothing_is_taken_from_it(self):
        for host in (SITE, PAGE):
            for path in ("/Autodiscover/Autodiscover.xml", "/mail/config-v1.1.xml?emailaddress=ada%40example.org",
                         "/mail/a%3Fb.mobileconfig"):
                for method in ("GET", "HEAD"):
                    with self.subTest(host=host, method=method, path=path):
                        status, headers, _ = self.nginx.request(path, host, method=method, tls=False)
                        self.assertEqual((status, headers["Location"]), (302, f"https://{host}{path}"))
            for path in (*routes.DOCUMENTS, "/cgi-bin/autodiscover.cgi", "/-/autodiscover"):
                with self.subTest(host=host, path=path):
                    status, headers, _ = self.nginx.request(path, host, body=harness.post(), tls=False)
                    self.assertIn(status, (403,) if host == PAGE or path in routes.DOCUMENTS else (404, 405))
                    self.assertNotIn("Location", headers)
        self.assertEqual(self.nginx.request("/", SITE, tls=False).status, 200)

    def test_certificates_can_be_renewed(self):
        answer = self.nginx.request("/.well-known/acme-challenge/token", PAGE, tls=False)
        self.assertEqual(answer.body, b"challenge\n")

    def test_path_and_body_arrive_as_they_were_sent_and_no_password(self):
        body = bytes(range(256)) * 100
        with harness.echo(self.program):
            answer = self.nginx.request("/AutoDiscover/AutoDiscover.xml?a=%41", PAGE, body=body,
                                        headers={"Authorization": "Basic YWRhOnNlY3JldA=="})
        variables, arrived = harness.echoed(answer)
        self.assertEqual(variables["REQUEST_URI"], "/AutoDiscover/AutoDiscover.xml?a=%41")
        self.assertEqual(arrived, body)
        self.assertNotIn(b"YWRhOnNlY3JldA", answer.body)

    def test_the_access_log_holds_no_address(self):
        for path in ("/mail/config-v1.1.xml?emailaddress=eve%40example.org", "/?emailaddress=eve@example.org",
                     "/Autodiscover/Autodiscover.json/v1.0/eve@example.org?Protocol=ActiveSync",
                     "/mail/eve@example.org.mobileconfig?emailaddress=eve@example.org"):
            self.nginx.request(path, OTHER)
        log = self.nginx.log("autodiscover.log")
        self.assertNotIn("eve", log)
        self.assertIn('"GET /Autodiscover/Autodiscover.json HTTP/1.1" ', log)
        self.assertIn('"GET /mail/settings.mobileconfig HTTP/1.1" 200 ', log)


if __name__ == "__main__":
    harness.main("nginx")

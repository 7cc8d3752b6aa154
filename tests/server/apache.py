"""The cases of tests/cases through a real Apache, in three layouts, with the configuration files that we ship.

What a case says with CGI variables is said here with a request; what Apache would never hand to a CGI program is skipped.
"""

import re
import shutil
import time
import unittest
import urllib.parse

import harness
import routes

XML = "/autodiscover/autodiscover.xml"
HOST, DOMAIN, WEBSITE = "autodiscover.example.org", "example.org", b"the website of example.org\n"
# Where a customer's site really lives; its other names are redirected here.
WWW, ELSEWHERE = "www.example.org", "other.example.net"

# What leads to the program on hosts that have a website, and on hosts of our own.
DISCOVERY = re.compile("|".join((*map(re.escape, routes.DOCUMENTS), r"/autodiscover/autodiscover\.json/.*", routes.PROFILE[0])), re.I)
DIRECTORIES = re.compile(r"/(mail|autodiscover|v1\.1|\.well-known(?!/acme-challenge(/|$)))/.*", re.I | re.S)
PAGE = re.compile(r"/(mail/?)?", re.I)
PAGE_HOST = re.compile(r"(autodiscover|autoconfig|ua-auto-config)\.", re.I)

# The variables that a request decides, or that change no answer.
KNOWN = {
    "AUTODISCOVER_CONFIG", "CONTENT_LENGTH", "CONTENT_TYPE", "GATEWAY_INTERFACE", "HTTPS", "PATH_INFO",
    "QUERY_STRING", "REMOTE_ADDR", "REQUEST_METHOD", "REQUEST_SCHEME", "REQUEST_URI", "SCRIPT_NAME",
    "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE",
}
# Besides those that a case expects: without a line there, the answer must not have them either.
HEADERS = {"Allow", "Location", "Content-Disposition", "Content-Security-Policy"}

# What a website has already, and what ours must come before.
SITE_RULES = """
RewriteCond %{HTTPS} !=on
RewriteRule ^ https://www.example.org%{REQUEST_URI} [R=301,L]
RewriteCond %{REQUEST_URI} !=/
RewriteCond %{HTTP_HOST} !^www\\.
RewriteRule ^ https://www.example.org%{REQUEST_URI} [R=301,L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule ^ /index.html [L]
"""


def target(env, method):
    if uri := env.get("REQUEST_URI"):
        query = env.get("QUERY_STRING")
        if query and "?" in uri and uri.split("?", 1)[1] != query:
            raise unittest.SkipTest("REQUEST_URI and QUERY_STRING contradict each other")
        return uri + "?" + query if query and "?" not in uri else uri
    if path := env.get("SCRIPT_NAME", "") + env.get("PATH_INFO", ""):
        query = env.get("QUERY_STRING")
        return urllib.parse.quote(path, safe="/@") + ("?" + query if query else "")
    if method == "POST":
        return "/Autodiscover/Autodiscover.xml"
    raise unittest.SkipTest("no path")


def masked(body):
    if body.startswith(b"<!doctype html>"):
        for part in (b"style", b"script"):
            body = re.sub(b"(?s)<%s>.*?</%s>" % (part, part), b"<%s>[%s]</%s>" % (part, part.upper(), part), body, count=1)
        return re.sub(rb'(?m)^(?=.* hreflang=")(?!.* aria-current=").*\n', b"", body)
    body = re.sub(rb'(<Error [^>]*?)Time="\d\d:\d\d:\d\d\.\d{7}"', rb'\1Time="[TIME]"', body)
    return re.sub(rb'(<Error [^>]*?)Id="\d{1,10}"', rb'\1Id="[ID]"', body)


class Layout:
    """The tests of each layout; `config` and `program` say where it has them."""

    mpm, hosting = "event", False

    @classmethod
    def setUpClass(cls):
        harness.needs("apache2", "openssl")
        cls.apache = cls.enterClassContext(harness.Apache([DOMAIN, f"*.{DOMAIN}", ELSEWHERE]))
        # A case may ask for any host, and the certificate knows but a few.
        cls.apache.tls.check_hostname = False
        cls.apache.start(cls.lay(cls.apache.folder), cls.mpm)

    def setUp(self):
        self.configure(harness.TESTS / "config")

    def configure(self, source):
        """Lays a configuration where this layout has its own."""
        for left in ("autodiscover.toml", "logo.png", "logo.svg"):
            (self.config / left).unlink(missing_ok=True)
        shutil.rmtree(self.config / "domains", ignore_errors=True)
        for path in source.rglob("*"):
            if path.is_file():
                harness.install(self.config / path.relative_to(source), path, 0o644)

    def ask(self, path, host=HOST, **options):
        return self.apache.request(path, host, **options)

    def translate(self, case):
        """The arguments for ask, and whether the path is one that Apache hands to the program."""
        env = case.env
        if unknown := [name for name in env if name not in KNOWN and not name.startswith("HTTP_")]:
            self.skipTest(f"Apache does not set {unknown[0]}")
        if env.get("AUTODISCOVER_CONFIG", "[CONFIG]/autodiscover.toml") != "[CONFIG]/autodiscover.toml":
            self.skipTest("the configuration is at another place")
        if self.hosting and not (case.config / "autodiscover.toml").exists():
            self.skipTest("without a file there, the one beside the program is looked for")
        method = env.get("REQUEST_METHOD") or "POST"
        if method in ("OPTIONS", "TRACE", "CONNECT"):
            self.skipTest(f"Apache answers {method} itself")

        uri = target(env, method)
        if not re.fullmatch(r"(https?://[A-Za-z0-9.:-]+)?/([A-Za-z0-9/?@!$&'()*+,;=:._~-]|%[0-9A-Fa-f]{2})*", uri):
            self.skipTest("Apache refuses this request line")
        if len(uri) > 8000:
            self.skipTest("Apache refuses a request line of this length")
        path = re.sub(r"^https?://[^/]*", "", uri).split("?", 1)[0]
        if "%00" in path:
            self.skipTest("Apache refuses a NUL in a path")
        if re.search("%2f", path, re.I) and (self.hosting or not re.match(r"/autodiscover/autodiscover\.json/", path, re.I)):
            self.skipTest("Apache refuses an encoded slash")

        host = env.get("HTTP_HOST") or env.get("SERVER_NAME") or ""
        if not host:
            if "HTTP_HOST" in env or not path.lower().endswith("autodiscover.xml"):
                self.skipTest("HTTP/1.1 has a Host, and this answer depends on it")
            host = HOST
        if not re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]+)?", host) or ".." in host:
            self.skipTest("Apache refuses this Host")

        decoded = urllib.parse.unquote(path, "latin-1")
        if not self.hosting:
            # Apache merges slashes before it looks for an alias.
            decoded = re.sub("/+", "/", decoded)
        ours = bool(DISCOVERY.fullmatch(decoded.removesuffix("/")) if self.hosting else DIRECTORIES.fullmatch(decoded))
        if PAGE.fullmatch(decoded):
            ours = not self.hosting or bool(PAGE_HOST.match(host))
        if self.hosting and decoded.startswith("/cgi-bin/"):
            if method in ("GET", "HEAD"):
                self.skipTest("the page of the program depends on the host, which is another one here")
            host, ours = WWW, decoded == "/cgi-bin/autodiscover.cgi"

        length, body = env.get("CONTENT_LENGTH"), case.body
        chunked = bool(env.get("HTTP_TRANSFER_ENCODING"))
        if chunked and (length != "" or env["HTTP_TRANSFER_ENCODING"].lower() != "chunked"):
            self.skipTest("Apache refuses this Transfer-Encoding")
        if not chunked and length is not None and length != ("" if body is None else str(len(body))):
            if (length, body) != ("0", None):
                self.skipTest("CONTENT_LENGTH that is not the body's length")

        headers = {"Content-Type": env["CONTENT_TYPE"]} if env.get("CONTENT_TYPE") else {}
        for name, value in env.items():
            if name.startswith("HTTP_") and name not in ("HTTP_HOST", "HTTP_CONNECTION", "HTTP_EXPECT") and value:
                if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
                    self.skipTest("Apache refuses a control character in a header")
                headers[name[5:].replace("_", "-").title()] = value
        return dict(path=uri, host=host, method=method, headers=headers, body=body, chunked=chunked), ours

    def test_every_case(self):
        reasons = []
        for case in harness.cases():
            with self.subTest(case.name):
                request, ours = self.translate(case)
                self.configure(case.config)
                answer = self.ask(**request)
                if ours:
                    self.compare(case.expected, answer, request["method"])
                    if (case.folder / "stderr").exists():
                        reasons += (case.folder / "stderr").read_text("utf-8").splitlines()
                elif self.hosting:
                    # Whatever the site does with it, the program has no part in it.
                    self.assertIn(answer.status, (200, 301, 403, 404))
                else:
                    self.assertEqual(answer.status, 404)
        # What is wrong with a configuration must be found in the error log; another process writes it there, soon but not at once.
        reasons = [reason.replace("[CONFIG]", str(self.config)) for reason in reasons]
        deadline = time.monotonic() + 10
        while missing := [reason for reason in reasons if not self.logged(reason)]:
            self.assertLess(time.monotonic(), deadline, missing)
            time.sleep(0.1)

    def logged(self, reason):
        # How much Apache escapes of a line that it takes over depends on its module.
        escaped = reason.replace("\\", "\\\\")
        return any(text in self.apache.log() for text in (reason, escaped, escaped.replace('"', '\\"')))

    def compare(self, expected, answer, method):
        self.assertEqual(answer.status, expected.status, answer.body[:200])
        for name in HEADERS | {*expected.headers} - {"Status", "Content-Length"}:
            value = answer.headers[name]
            if name == "Content-Security-Policy" and value:
                value = re.sub("sha256-[^']+", "[HASH]", value)
            self.assertEqual(value, expected.headers[name], name)
        # Its number in "expected" belongs to the Id of another SERVER_NAME.
        if method != "HEAD" and answer.headers["Content-Length"]:
            self.assertEqual(int(answer.headers["Content-Length"]), len(answer.body))
        self.assertEqual(masked(answer.body).decode("latin-1"), expected.body.decode("latin-1"))

    # ---- what no case says

    def test_outlook_gets_its_settings_in_any_spelling_of_the_path(self):
        for path in (XML, "/Autodiscover/Autodiscover.xml", "/AutoDiscover/AutoDiscover.xml", XML.upper()):
            with self.subTest(path):
                answer = self.ask(path, body=harness.post())
                self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/xml; charset=utf-8"))
                self.assertIn(b"<LoginName>ada@example.org</LoginName>", answer.body)

    def test_head_is_answered_without_a_body(self):
        answer = self.ask(XML, method="HEAD")
        self.assertEqual((answer.status, answer.headers["Allow"], answer.body), (405, "POST", b""))

    def test_the_body_of_a_get_does_not_lose_the_answer(self):
        # Under mod_cgid both streams are one socket: bytes that stay unread reset it (AH02651).
        for method in ("GET", "HEAD"):
            for length in (1, 100_000):
                with self.subTest(method=method, length=length):
                    answers = [self.ask("/mail/config-v1.1.xml", method=method, body=b"x" * length).status for _ in range(10)]
                    self.assertEqual(answers, [200] * 10)

    def test_a_body_that_is_too_large_is_refused_although_it_is_not_read(self):
        for size in (65537, 70000, 300000, 1000000):
            for chunked in (False, True):
                with self.subTest(size=size, chunked=chunked):
                    answer = self.ask(XML, body=harness.post().ljust(size), chunked=chunked)
                    self.assertEqual((answer.status, answer.headers["Content-Type"]), (413, "text/xml; charset=utf-8"))
                    self.assertIn(b"<ErrorCode>600<", answer.body)

    def test_plain_http_is_led_to_https_and_nothing_is_taken_from_it(self):
        port = "" if self.hosting else f":{self.apache.https}"
        # On web space a mark keeps a client from being sent to the same URL again.
        mark = "https=1" if self.hosting else ""
        for method in ("GET", "HEAD"):
            for path, query in ((XML, ""), ("/Autodiscover/Autodiscover.xml", ""),
                                ("/mail/config-v1.1.xml", "emailaddress=ada%40example.org")):
                with self.subTest(method=method, path=path):
                    answer = self.ask(f"{path}?{query}" if query else path, method=method, tls=False)
                    sent = "&".join(filter(None, (mark, query)))
                    location = f"https://{HOST}{port}{path}" + (f"?{sent}" if sent else "")
                    self.assertEqual((answer.status, answer.headers["Location"]), (302, location))
        answer = self.ask(XML, body=harness.post(), tls=False)
        self.assertEqual((answer.status, answer.headers["Location"]), (403, None))

    def test_nothing_but_answers_comes_out(self):
        """No configuration, no listing, no source."""
        secret = b"imap.secret.example"
        planted = ["autodiscover.toml", "autodiscover.toml~", ".autodiscover.toml.swp", "Autodiscover.TOML",
                   "domains/example.net.toml", "domains/example.net.logins", "domains/notes.txt"]
        for folder in {self.config, self.program.parent}:
            for name in planted:
                self.apache.write(folder / name, secret)
                self.addCleanup((folder / name).unlink)
        names = planted + ["", "domains", "domains/", ".htaccess", "build.sh", "autodiscover.cgi", "autodiscover.cgi.new"]
        prefixes = ["/cgi-bin/", "/", "/autodiscover/", "/mail/config-v1.1.xml/../", "/autodiscover/autodiscover.json/../"]
        paths = {prefix + name for prefix in prefixes for name in names} - {"/", "/cgi-bin/autodiscover.cgi"}
        for host in (WWW, ELSEWHERE) if self.hosting else (HOST,):
            for path in sorted(paths):
                with self.subTest(host=host, path=path):
                    answer = self.ask(path, host)
                    for word in (secret, b"\x7fELF", b"Index of", b"#!/", b"RewriteRule"):
                        self.assertNotIn(word, answer.body)
                    if self.hosting and host == WWW and re.match("/cgi-bin/.*(toml|logins|domains)", path):
                        self.assertIn(answer.status, (403, 404))
                    elif not (self.hosting and answer.body == WEBSITE):
                        # Below a directory of ours the program answers; 400 without an address.
                        self.assertIn(answer.status, (301, 403, 404, 500) if self.hosting else (400, 404))

    def test_every_path_in_every_spelling_reaches_the_program_as_it_was_sent(self):
        paths = [
            XML,
            XML + "/",
            "/autodiscover/autodiscover.json?Email=Ada%40example.org&Protocol=Autodiscoverv1",
            "/autodiscover/autodiscover.json/v1.0/Ada.B@example.org?Protocol=ActiveSync",
            "/autodiscover/autodiscover.json/v1.0/a%3Fb%25c%26d@example.org?Protocol=ActiveSync",
            "/autodiscover/autodiscover.json/v1.0/%C3%BC@%C3%BC.example?Protocol=ActiveSync",
            "/mail/config-v1.1.xml?emailaddress=Ada%40example.org",
            "/v1.1/mail/config-v1.1.xml",
            "/.well-known/autoconfig/mail/config-v1.1.xml",
            "/.well-known/user-agent-configuration.json",
            "/.well-known/mail-v1.xml",
            "/mail/Ada%20B.mobileconfig?emailaddress=Ada%40example.org",
            "/mail/Ada.outlook.xml", "/mail/Ada.reg", "/mail/Ada.TXT?emailaddress=Ada%40example.org",
            "/mail/a%3Fb.mobileconfig",
            "/",
            "/mail",
            "/mail/?emailaddress=Ada%40example.org",
        ]
        if not self.hosting:
            paths.append("/autodiscover/autodiscover.json/v1.0/a%2Fb@example.org?Protocol=ActiveSync")
        with harness.echo(self.program):
            for path in paths:
                route, mark, rest = path.partition("/v1.0/")
                if not mark:
                    route, mark, rest = path.partition("?")
                # The address is the client's; only the route's own spelling varies.
                for spelling in sorted({route, route.title(), route.upper(), route.replace("autod", "AutoD")}):
                    spelling = re.sub("%[0-9a-fA-F]{2}", lambda byte: byte[0].upper(), spelling)
                    self.reaches(spelling + mark + rest)

    def reaches(self, path):
        # Bytes that a line-wise or text-wise hand would change.
        for method, body in (("GET", None), ("POST", bytes(range(256)) * 100)):
            with self.subTest(method=method, path=path):
                answer = self.ask(path, method=method, body=body, headers={"Authorization": "Basic YWRhOnNlY3JldA=="})
                self.assertEqual(answer.status, 200)
                env, arrived = harness.echoed(answer)
                self.assertEqual((env["REQUEST_METHOD"], env["REQUEST_URI"]), (method, path))
                self.assertEqual(arrived, body or b"")
                self.assertNotIn(b"secret", answer.body)
                self.assertNotIn(b"YWRhOnNlY3JldA", answer.body)
                if not self.hosting:
                    self.assertEqual(env["AUTODISCOVER_CONFIG"], str(self.config / "autodiscover.toml"))


class VirtualHost(Layout):
    """apache/autodiscover.conf as it is."""

    @classmethod
    def lay(cls, folder):
        cls.config, cls.program = folder / "config", harness.install(folder / "program/autodiscover.cgi")
        return cls.apache.virtual_host()

    def test_it_has_nothing_else_and_starts_no_process_for_it(self):
        for path in ("/index.html", "/wp-login.php", "/mailx", "/autodiscover", "/.well-known/acme-challenge/x",
                     "/ews/exchange.asmx", "/cgi-bin/autodiscover.cgi"):
            with self.subTest(path):
                answer = self.ask(path)
                # The program marks every answer of its own with this header.
                self.assertEqual((answer.status, answer.headers["X-Content-Type-Options"]), (404, None))


class Cgid(VirtualHost, unittest.TestCase):
    """A threaded server."""


class Cgi(VirtualHost, unittest.TestCase):
    """A server of processes."""

    mpm = "prefork"


class Hosting(Layout, unittest.TestCase):
    """apache/htaccess in the document root of a site that forces https and www, cgi-bin/ as a customer uploads it; and another
    site where /cgi-bin/ lies outside of the document root."""

    hosting = True

    @classmethod
    def lay(cls, folder):
        apache = cls.apache
        for name in (".htaccess", "build.sh", "autodiscover.toml"):
            harness.install(folder / "site/cgi-bin" / name, harness.ROOT / "cgi-bin" / name, 0o644)
        harness.install(folder / "other-cgi-bin/autodiscover.toml", harness.ROOT / "cgi-bin/autodiscover.toml", 0o644)
        harness.install(folder / "other-cgi-bin/autodiscover.cgi")
        cls.config, cls.program = folder / "site/cgi-bin", harness.install(folder / "site/cgi-bin/autodiscover.cgi")
        ours = (harness.ROOT / "apache/htaccess").read_text()
        apache.write("site/index.html", WEBSITE)
        apache.write("site/.htaccess", ours + SITE_RULES)
        apache.write("other/.htaccess", ours)
        tls = f"SSLEngine On\nSSLCertificateFile {apache.certificate}\nSSLCertificateKeyFile {apache.key}"
        hosts = "".join(f"""
<VirtualHost *:{port}>
    ServerName {DOMAIN}
    ServerAlias *.{DOMAIN}
    {extra}
    DocumentRoot "{folder}/site"
</VirtualHost>
<VirtualHost *:{port}>
    ServerName {ELSEWHERE}
    {extra}
    DocumentRoot "{folder}/other"
    ScriptAlias /cgi-bin/ "{folder}/other-cgi-bin/"
</VirtualHost>
""" for port, extra in ((apache.https, tls), (apache.http, "")))
        # Indexes is on so that the shipped files have to turn it off.
        return hosts + "".join(f"""
<Directory "{folder}/{name}">
    Options Indexes ExecCGI SymLinksIfOwnerMatch
    AllowOverride FileInfo
    Require all granted
</Directory>
""" for name in ("site", "other")) + f"""
DirectoryIndex index.html
<Directory "{folder}/other-cgi-bin">
    Require all granted
</Directory>
"""

    def test_the_site_of_the_bare_domain_goes_on_as_before(self):
        self.assertEqual(self.ask("/", DOMAIN).body, WEBSITE)
        answer = self.ask("/some/page", DOMAIN)
        self.assertEqual((answer.status, answer.headers["Location"]), (301, f"https://{WWW}/some/page"))

    def test_every_name_of_the_site_answers_before_its_rules(self):
        for host in (DOMAIN, WWW, HOST, ELSEWHERE):
            with self.subTest(host):
                answer = self.ask("/Autodiscover/Autodiscover.xml", host, body=harness.post())
                self.assertEqual(answer.status, 200)
                self.assertIn(b"<LoginName>ada@example.org</LoginName>", answer.body)

    def test_the_path_of_the_program_itself_answers(self):
        self.assertIn(b"<Type>IMAP</Type>", self.ask("/cgi-bin/autodiscover.cgi", WWW, body=harness.post()).body)

    def test_a_proxy_that_speaks_https_is_enough(self):
        answer = self.ask(XML, WWW, body=harness.post(), tls=False, headers={"X-Forwarded-Proto": "https"})
        self.assertIn(b"<Type>IMAP</Type>", answer.body)


if __name__ == "__main__":
    harness.main("apache")

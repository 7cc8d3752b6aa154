"""The configuration of the Debian package, which answers on every virtual host, among tenants who write .htaccess files.

What it answers when it is installed, tests/server/package.py sees.
"""

import pathlib
import unittest

import harness
import routes

CONF = (harness.ROOT / "packaging/debian/autodiscover.conf").read_text()
HOST, SITE = "autodiscover.example.org", "example.org"
XML = "/Autodiscover/Autodiscover.xml"
DOCUMENT = "/mail/config-v1.1.xml"

# What a tenant's site has itself.
OWN = ("/autodiscover/autodiscover.xml", "/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml", "/mail/readme.txt")
# Ways to the program that a tenant can write, with a variable that names what it is to read.
# SET sets it for the request that the tenant's folder gets; what follows is how that request goes on to the program.
SET = "SetEnv AUTODISCOVER_CONFIG [FILE]\n"
TENANTS = {
    "DirectoryIndex": SET + f"DirectoryIndex {DOCUMENT}\n",
    "DirectoryIndex, the page": SET + "DirectoryIndex /autodiscover/page/\n",
    "DirectoryIndex, the program": SET + "DirectoryIndex /cgi-bin/autodiscover.cgi\n",
    "DirectoryIndex, a renamed variable": f"SetEnv REDIRECT_AUTODISCOVER_CONFIG [FILE]\nDirectoryIndex {DOCUMENT}\n",
    "DirectoryIndex, renamed twice": f"SetEnv REDIRECT_REDIRECT_AUTODISCOVER_CONFIG [FILE]\nDirectoryIndex {DOCUMENT}\n",
    "DirectoryIndex, SetEnvIf": f"SetEnvIf Host ^ AUTODISCOVER_CONFIG=[FILE]\nDirectoryIndex {DOCUMENT}\n",
    # An empty variable counts as none, so the program looks for the next.
    "DirectoryIndex, renamed twice and empty": "SetEnv AUTODISCOVER_CONFIG\nSetEnv REDIRECT_REDIRECT_AUTODISCOVER_CONFIG [FILE]\n"
                                               f"DirectoryIndex {DOCUMENT}\n",
    "ErrorDocument": SET + f"ErrorDocument 404 {DOCUMENT}\nErrorDocument 403 {DOCUMENT}\n",
    "ErrorDocument, renamed": f"SetEnv REDIRECT_AUTODISCOVER_CONFIG [FILE]\nErrorDocument 404 {DOCUMENT}\n",
    "FallbackResource": SET + f"FallbackResource {DOCUMENT}\n",
    "RewriteRule": f"RewriteEngine On\nRewriteRule ^ {DOCUMENT} [E=AUTODISCOVER_CONFIG:[FILE],END]\n",
    "RewriteRule twice": f"RewriteEngine On\nRewriteRule ^(?!y) y [E=AUTODISCOVER_CONFIG:[FILE],L]\n"
                         f"RewriteRule ^y {DOCUMENT} [L]\n",
    "SetHandler": SET + "SetHandler autodiscover-page\n",
    "Action": SET + "Action mine /autodiscover/autodiscover.json virtual\nSetHandler mine\n",
    "include": SET + "Options +Includes\nSetOutputFilter INCLUDES\n",
}


class Debian(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        harness.needs("apache2", "openssl")
        cls.apache = apache = cls.enterClassContext(harness.Apache([SITE, f"*.{SITE}", "tenant.example"]))
        cls.program = harness.install(apache.folder / "cgi-bin/autodiscover.cgi")
        cls.config = harness.install(apache.folder / "etc/autodiscover.toml", harness.ROOT / "cgi-bin/autodiscover.toml", 0o644)
        text = CONF
        for old, new in (("/usr/lib/cgi-bin", f"{apache.folder}/cgi-bin"),
                         ("/etc/autodiscover/autodiscover.toml", str(cls.config))):
            assert old in text, f"{old} should stand in packaging/debian/autodiscover.conf"
            text = text.replace(old, new)
        cls.evil = apache.write("evil/autodiscover.toml", "domains = ['*']\n[imap]\nserver = 'evil.example'\n")
        for number, (name, lines) in enumerate(TENANTS.items()):
            apache.write(f"site/tenant-{number}/.htaccess", lines.replace("[FILE]", str(cls.evil)))
            if name == "include":
                apache.write(f"site/tenant-{number}/page.html", f'<!--#include virtual="{DOCUMENT}" -->\n')
        apache.write("site/index.html", "the website of example.org\n")
        # A tenant's, whose domain the program does not serve, with the front controller that most of them have.
        apache.write("other/.htaccess", "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule . /index.html [L]\n"
                                        "<Files \"*.xml\">\nHeader set X-Tenant yes\n</Files>\n")
        apache.write("other/index.html", "the front page of tenant.example\n")
        for path in OWN:
            apache.write(f"other{path}", f"{path} of tenant.example\n")
        apache.write("other/private/mail.txt", "private\n")
        tls = f"SSLEngine On\nSSLCertificateFile {apache.certificate}\nSSLCertificateKeyFile {apache.key}"
        # /cgi-bin/ as Debian's serve-cgi-bin.conf has it, on every host.
        apache.start(text + f"""
ScriptAlias /cgi-bin/ "{apache.folder}/cgi-bin/"
DirectoryIndex index.html
<Directory "{apache.folder}/site">
    AllowOverride All
    Options Indexes SymLinksIfOwnerMatch
    Require all granted
</Directory>
""" + "".join(f"""
<VirtualHost *:{port}>
    ServerName {SITE}
    ServerAlias *.{SITE}
    DocumentRoot "{apache.folder}/site"
    {extra}
</VirtualHost>
<VirtualHost *:{port}>
    ServerName tenant.example
    DocumentRoot "{apache.folder}/other"
    <Directory "{apache.folder}/other">
        AllowOverride All
        Require all granted
    </Directory>
    <Location "/private">
        Require all denied
    </Location>
    {extra}
</VirtualHost>
""" for port, extra in ((apache.https, tls), (apache.http, ""))), modules=["actions", "include", "headers"])

    def ask(self, path=XML, host=HOST, **options):
        return self.apache.request(path, host, **options)

    def test_every_route_reaches_the_program_in_any_spelling_with_its_own_configuration(self):
        with harness.echo(self.program):
            for path in (*routes.DOCUMENTS, "/mail/Ada%20B.mobileconfig", "/autodiscover/autodiscover.json/v1.0/ada@example.org",
                         *routes.PAGES):
                for spelling in (path, path.replace("autod", "AutoD"), path.replace("/mail", "/Mail")):
                    for host in {HOST, HOST if path in routes.PAGES else SITE}:
                        with self.subTest(host=host, path=spelling):
                            variables, _ = harness.echoed(self.ask(spelling + "?a=%41", host))
                            self.assertEqual(variables["REQUEST_URI"], spelling + "?a=%41")
                            self.assertEqual(variables["AUTODISCOVER_CONFIG"], str(self.config))
        self.assertEqual(self.ask("/", SITE).body, b"the website of example.org\n")

    def test_a_tenant_does_not_choose_what_the_program_reads(self):
        with harness.echo(self.program):
            # A list of variables may hold a name twice, and the program takes the first; what a shell hands on is tidied up.
            self.program.write_text("#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nran\\n'\n"
                                    "cat /proc/$$/environ | tr '\\0' '\\n' | grep -m 1 '^AUTODISCOVER_CONFIG='\n")
            ran = f"ran\nAUTODISCOVER_CONFIG={self.config}\n"
            self.assertEqual(self.ask(DOCUMENT).body.decode(), ran)
            for number, name in enumerate(TENANTS):
                for end in ("", "page.html", "nothing-there"):
                    with self.subTest(name, end=end):
                        body = self.ask(f"/tenant-{number}/{end}", SITE).body.decode()
                        if "ran" in body:
                            self.assertIn(ran, body)

    def test_these_ways_lead_to_the_program_without_the_variable(self):
        """So that what the tenants above are refused is the variable, and not a way that leads nowhere."""
        reached = set()
        with harness.echo(self.program):
            for number, (name, lines) in enumerate(TENANTS.items()):
                file = self.apache.folder / f"site/tenant-{number}/.htaccess"
                self.addCleanup(self.apache.write, file, file.read_text())
                lines = lines.replace("E=AUTODISCOVER_CONFIG:[FILE],", "").splitlines(keepends=True)
                self.apache.write(file, "".join(line for line in lines if not line.startswith("SetEnv")))
                for end in ("", "page.html", "nothing-there"):
                    if b"--body--" in self.ask(f"/tenant-{number}/{end}", SITE).body:
                        reached.add(name)
        # The path of the page is refused to whoever comes without the page's handler.
        self.assertEqual(set(TENANTS) - reached, {"DirectoryIndex, the page"})

    def test_a_file_of_a_site_wins(self):
        """On both ports, with what the site's own .htaccess adds; what it does not have is ours."""
        for path in OWN:
            for tls in (True, False):
                for method in ("GET", "POST"):
                    with self.subTest(path, tls=tls, method=method):
                        answer = self.ask(f"{path}?a=b", "tenant.example", tls=tls, method=method, body=b"x" if method == "POST" else None)
                        # What is no program takes no POST.
                        self.assertIn(answer.status, {"GET": (200,), "POST": (200, 405)}[method])
                        if answer.status == 200:
                            self.assertEqual(answer.body.decode(), f"{path} of tenant.example\n")
                            self.assertEqual(answer.headers["X-Tenant"], "yes" if path.endswith(".xml") else None)
        for path in ("/Mail/config-v1.1.xml", "/.well-known/mail-v1.xml", "/autodiscover/autodiscover.json"):
            self.assertIn("X-Autodiscover", self.ask(path, "tenant.example").headers)
        self.assertEqual(self.ask("/else", "tenant.example").body, b"the front page of tenant.example\n")

    def test_the_path_of_the_files_is_not_for_asking(self):
        for path in ("/autodiscover/own/private/mail.txt", "/autodiscover/own/index.html", f"/autodiscover/own{OWN[0]}"):
            for host in (SITE, "tenant.example"):
                with self.subTest(path, host=host):
                    self.assertEqual(self.ask(path, host).status, 403)
        self.assertEqual(self.ask("/private/mail.txt", "tenant.example").status, 403)

    def test_nothing_is_taken_in_the_clear_whatever_path_leads_to_the_program(self):
        for path in (*routes.DOCUMENTS, "/mail/a.mobileconfig", "/", "/mail/", "/cgi-bin/autodiscover.cgi",
                     "/autodiscover/page", "/autodiscover/page/", "/autodiscover/page/mail/"):
            for method in ("POST", "PUT", "FOO"):
                with self.subTest(method=method, path=path):
                    answer = self.ask(path, method=method, body=harness.post(), tls=False)
                    self.assertEqual((answer.status, answer.headers["Location"]), (403, None))

    def test_a_GET_is_sent_to_HTTPS(self):
        for path in (*routes.DOCUMENTS, "/mail/config-v1.1.xml?emailaddress=ada%40example.org", "/", "/mail/"):
            for method in ("GET", "HEAD"):
                with self.subTest(method=method, path=path):
                    answer = self.ask(path, method=method, tls=False)
                    self.assertEqual((answer.status, answer.headers["Location"]), (302, f"https://{HOST}{path}"))
        self.assertEqual(self.ask("/", SITE, tls=False).body, b"the website of example.org\n")

    def test_the_path_of_the_page_is_not_for_asking(self):
        for path in ("/autodiscover/page", "/autodiscover/page/", "/autodiscover/page/mail/"):
            for body in (None, harness.post()):
                with self.subTest(path, body=bool(body)):
                    self.assertEqual(self.ask(path, body=body).status, 403)

    def test_a_proxy_that_ends_TLS(self):
        for headers, status in (
            ({"X-Forwarded-Proto": "https"}, 200), ({"X-Forwarded-Proto": "HTTPS"}, 200),
            ({"X-Forwarded-Proto": "https,http"}, 200),
            ({"X-Forwarded-SSL": "on"}, 200), ({"Front-End-Https": "On"}, 200), ({"CF-Visitor": '{"scheme":"https"}'}, 200),
            ({"Forwarded": 'for=192.0.2.1;proto="https"'}, 200), ({"X-Forwarded-Proto": "http,https"}, 403),
            ({"CF-Visitor": '{"scheme":"http"}'}, 403), ({"Forwarded": "proto=http,proto=https"}, 403),
        ):
            with self.subTest(**headers):
                self.assertEqual(self.ask(body=harness.post(), tls=False, headers=headers).status, status)
                self.assertEqual(self.ask("/", tls=False, headers=headers).status, 302 if status == 403 else 200)


class WithoutConfiguration(unittest.TestCase):
    """There was no /etc/autodiscover/autodiscover.toml when Apache started: the built-in default answers, and nothing of a tenant's."""

    # However many prefixes: those that the program reads, and more.
    NAMES = ["REDIRECT_" * prefixes + "AUTODISCOVER_CONFIG" for prefixes in range(9)]
    WAYS = {"DirectoryIndex": "SetEnv [NAME] [FILE]\nDirectoryIndex [DOCUMENT]\n",
            "SetEnvIf": "SetEnvIf Host ^ [NAME]=[FILE]\nDirectoryIndex [DOCUMENT]\n",
            "ErrorDocument": "SetEnv [NAME] [FILE]\nErrorDocument 403 [DOCUMENT]\nErrorDocument 404 [DOCUMENT]\n",
            "Action": "SetEnv [NAME] [FILE]\nAction mine /autodiscover/autodiscover.json virtual\nSetHandler mine\n",
            "RewriteRule": "RewriteEngine On\nRewriteRule ^ [DOCUMENT] [E=[NAME]:[FILE],END]\n"}

    @classmethod
    def setUpClass(cls):
        harness.needs("apache2", "openssl")
        cls.apache = apache = cls.enterClassContext(harness.Apache())
        harness.install(apache.folder / "cgi-bin/autodiscover.cgi")
        # The program reads /etc/autodiscover/autodiscover.toml by itself.
        if pathlib.Path("/etc/autodiscover/autodiscover.toml").exists():
            raise unittest.SkipTest("this machine has a configuration of its own")
        # What only the user that the program runs as may read, and a tenant would like to: a list of logins names it.
        evil = apache.write("evil/autodiscover.toml", "domains = ['*']\nlogins = '{domain}.logins'\n[imap]\nserver = 'evil.example'\n")
        apache.write("evil/domains/example.org.logins", "ada SECRET\n")
        cls.tenants = {}
        for name in cls.NAMES:
            for way, lines in cls.WAYS.items():
                folder = f"tenant-{len(cls.tenants)}"
                lines = lines.replace("[NAME]", name).replace("[FILE]", str(evil)).replace("[DOCUMENT]", DOCUMENT)
                apache.write(f"site/{folder}/.htaccess", lines)
                cls.tenants[folder] = f"{way} {name}"
        tls = f"SSLEngine On\nSSLCertificateFile {apache.certificate}\nSSLCertificateKeyFile {apache.key}"
        apache.start(CONF.replace("/usr/lib/cgi-bin", f"{apache.folder}/cgi-bin") + f"""
<Directory "{apache.folder}/site">
    AllowOverride All
    Require all granted
</Directory>
<VirtualHost *:{apache.https}>
    ServerName {SITE}
    ServerAlias *.{SITE}
    DocumentRoot "{apache.folder}/site"
    {tls}
</VirtualHost>
""", modules=["actions"])

    def test_the_default_answers(self):
        for host in (SITE, HOST):
            answer = self.apache.request(DOCUMENT, host)
            self.assertEqual(answer.status, 200)
            self.assertIn(b"<hostname>imap.example.org</hostname>", answer.body)

    def test_no_name_of_the_variable_chooses_what_the_program_reads(self):
        for folder, name in self.tenants.items():
            for end in ("", "nothing-there"):
                # At a path that is no document's, what is posted is an Autodiscover request.
                for body in (None, harness.post()):
                    with self.subTest(name, end=end, posted=bool(body)):
                        answer = self.apache.request(f"/{folder}/{end}", SITE, body=body).body
                        self.assertNotIn(b"evil.example", answer)
                        self.assertNotIn(b"SECRET", answer)


if __name__ == "__main__":
    harness.main("debian")

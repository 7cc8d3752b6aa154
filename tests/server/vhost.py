"""What `autodiscover apache` prints: the files of apache/, and an Apache that answers on every name of all domains."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

import harness

DOMAINS = ("example.org", "mail.example.net", "xn--tda.example")
NAMES = ("autodiscover", "autoconfig", "ua-auto-config")
CONFIG = """domains = ["example.org", "mail.example.net", "ü.example", "*.example.com"]
[imap]
server = "imap.{domain}"
[smtp]
server = "smtp.{domain}"
"""
SHIPPED = (harness.ROOT / "apache/autodiscover.conf").read_text()
CERTBOT = re.compile(r'#   certbot certonly --webroot --webroot-path /var/www/html --cert-name (\S+) --deploy-hook "apachectl graceful" -d (\S+)')


def printed(program, *arguments, warnings=0, **env):
    done = subprocess.run([program, "apache", *arguments], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("warning: ") == done.stderr.count("\n") == warnings, done.stderr
    return done.stdout


def defined(text, name):
    """The values of a Define, in their order."""
    return [value.replace("\\\n", " ").split() for value in re.findall(rf'^ *Define AUTODISCOVER_{name} "?((?:[^"\\\n]|\\\n)*)"?$', text, flags=re.M)]


class Printed(unittest.TestCase):
    """Without a server."""

    def setUp(self):
        self.folder = self.enterContext(harness.folder())
        self.program = harness.install(self.folder / "lib/autodiscover.cgi")
        self.config = self.folder / "lib/autodiscover.toml"
        self.config.write_text(CONFIG)
        (self.folder / "lib/domains").mkdir()
        (self.folder / "lib/domains/example.org.toml").touch()

    def test_what_is_shipped_is_that_of_example_org_with_the_usual_places(self):
        if pathlib.Path("/etc/autodiscover").exists() or pathlib.Path("/usr/local/lib/autodiscover").exists():
            self.skipTest("this machine has a configuration of its own")
        # Under another name the web server could not start it, and there is no configuration.
        program = harness.install(self.folder / "bin/autodiscover")
        self.assertEqual(printed(program, "example.org", warnings=2), SHIPPED)

    def test_the_htaccess(self):
        """It is the same for every domain."""
        for domains in ((), ("example.net",)):
            self.assertEqual(printed(self.program, "--htaccess", *domains), (harness.ROOT / "apache/htaccess").read_text())

    def test_the_folder_is_that_of_the_executable_and_the_configuration_that_which_is_read(self):
        link = self.folder / "bin/autodiscover"
        link.parent.mkdir()
        link.symlink_to(self.program)
        other = self.folder / "other place.toml"
        shutil.copy(self.config, other)
        for arguments, config in (((), self.config), (("--config", str(other)), other)):
            text = printed(link, *arguments)
            self.assertIn(f"\n    Define AUTODISCOVER_FOLDER {self.folder}/lib\n", text)
            path = f'"{config}"' if " " in str(config) else config
            self.assertIn(f"\n    Define AUTODISCOVER_CONFIG {path}\n", text)

    def test_all_domains_that_are_configured_by_name(self):
        text = printed(self.program)
        self.assertEqual(defined(text, "HOST"), [["autodiscover.example.org"]])
        names = [f"{name}.{domain}" for domain in DOMAINS for name in NAMES]
        self.assertEqual(defined(text, "ALIASES"), [names[1:]])
        self.assertEqual(CERTBOT.findall(text), [(names[0], ",".join(names))])

    def test_only_those_that_are_named(self):
        text = printed(self.program, "Ü.example", "a.example.com", "xn--tda.example")
        self.assertEqual(defined(text, "HOST"), [["autodiscover.xn--tda.example"]])
        kept = [line for line in SHIPPED.splitlines() if "example.org" not in line]
        different = [line for line in text.splitlines() if line not in kept]
        # Certbot's line, two of names, two of paths.
        self.assertEqual(len(different), 6, different)

    def test_one_that_is_not_served_is_an_error(self):
        done = subprocess.run([self.program, "apache", "example.org", "example.net"], env={}, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("'example.net' is not served", done.stderr)

    def test_names_that_answer_nothing_have_no_certificate(self):
        """As in the records of `dns`: no PACC with STARTTLS, no autoconfig of a domain that has moved."""
        (self.folder / "lib/domains/example.org.toml").write_text('[imap]\nencryption = "starttls"\n')
        (self.folder / "lib/domains/example.net.toml").write_text('[redirect]\naddress = "{local}@elsewhere.test"\n')
        text = printed(self.program, "example.org", "example.net")
        self.assertEqual(CERTBOT.findall(text)[0][1], "autodiscover.example.org,autoconfig.example.org,autodiscover.example.net")
        text = printed(self.program, "example.net")
        self.assertEqual(defined(text, "ALIASES"), [["autodiscover.example.net"]])

    def test_the_first_in_domains_gives_the_name_whatever_comes_later(self):
        """Until 1.1.0 it was the first by the alphabet: the certificate had another name, and HTTPS was gone for all."""
        (self.folder / "lib/domains/a-customer.example.toml").touch()
        text = printed(self.program, warnings=1)
        self.assertEqual(defined(text, "HOST"), [["autodiscover.example.org"]])
        self.assertIn(["autodiscover.a-customer.example", "autoconfig.a-customer.example", "ua-auto-config.a-customer.example"],
                      [defined(text, "ALIASES")[0][:3]])

    def test_the_key_host_gives_the_name(self):
        self.config.write_text('host = "web.hoster.example"\n' + CONFIG)
        for arguments in ((), ("example.org",)):
            text = printed(self.program, *arguments)
            self.assertEqual(defined(text, "HOST"), [["web.hoster.example"]])
            self.assertIn("autodiscover.example.org", defined(text, "ALIASES")[0])
            name, names = CERTBOT.findall(text)[0]
            self.assertEqual((name, names.split(",")[0]), ("web.hoster.example", "web.hoster.example"))

    def test_patterns_alone_need_a_domain_or_a_host(self):
        shutil.rmtree(self.folder / "lib/domains")
        pattern = 'domains = ["*.example.org"]\n' + CONFIG.partition("\n")[2]
        self.config.write_text(pattern)
        done = subprocess.run([self.program, "apache"], env={}, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("no domain is configured by name", done.stderr)
        self.assertEqual(defined(printed(self.program, "a.example.org"), "HOST"), [["autodiscover.a.example.org"]])
        self.config.write_text('host = "web.example.org"\n' + pattern)
        text = printed(self.program)
        self.assertEqual((defined(text, "HOST"), defined(text, "ALIASES")), ([["web.example.org"]], [["web.example.org"]]))

    def test_a_domain_that_cannot_be_found_takes_nothing_from_the_others(self):
        """One that offers nothing, one that is an IP address, one below which no name fits."""
        long = ".".join(["a" * 60] * 4)
        (self.folder / "lib/domains/nothing.example.toml").write_text("[imap]\nenabled = false\n[smtp]\nenabled = false\n")
        self.config.write_text(CONFIG.replace("[", f'["nothing.example", "192.0.2.1", "{long}", ', 1))
        text = printed(self.program, warnings=3)
        self.assertEqual(defined(text, "HOST"), [["autodiscover.example.org"]])
        self.assertEqual(CERTBOT.findall(text)[0][1], ",".join(f"{name}.{domain}" for domain in DOMAINS for name in NAMES))

    def test_a_certificate_that_is_missing_is_told_where_the_site_is_in_use(self):
        harness.needs("unshare")
        script = ('mkdir -p /etc/apache2 && mount -t tmpfs none /etc/apache2 && mkdir /etc/apache2/sites-enabled && '
                  '"$0" apache >"$1" && grep -v "$2" "$1" >/etc/apache2/sites-enabled/site.conf && exec "$0" apache >/dev/null')
        def told(left_out):
            command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, self.program, self.folder / "site", left_out]
            done = subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
            if done.returncode:
                self.skipTest(f"unshare: {done.stderr}")
            return done.stderr
        self.assertRegex(told("nothing is left out"),
                         r"^warning: /etc/letsencrypt/live/autodiscover\.example\.org/fullchain\.pem does not exist, and "
                         r"/etc/apache2/sites-enabled/site\.conf uses .*: .* get the certificate first\n$")
        self.assertEqual(told("AUTODISCOVER_CONFIG"), "")

    def test_without_pacc(self):
        text = printed(self.program, "--without-pacc")
        self.assertNotRegex(text, r"ua-auto-config\.\w")
        self.assertEqual(len(CERTBOT.findall(text)[0][1].split(",")), 2 * len(DOMAINS))

    def test_each(self):
        text = printed(self.program, "--each")
        self.assertEqual(defined(text, "HOST"), [[f"autodiscover.{domain}"] for domain in DOMAINS])
        self.assertEqual([names for _, names in CERTBOT.findall(text)],
                         [",".join(f"{name}.{domain}" for name in NAMES) for domain in DOMAINS])

    def test_more_names_than_a_certificate_holds(self):
        """Let's Encrypt: 100."""
        names = [f"number-{number}.example.com" for number in range(34)]
        self.assertEqual(len(CERTBOT.findall(printed(self.program, *names[:33]))), 1)
        printed(self.program, *names, warnings=1)
        printed(self.program, "--each", *names)


class VirtualHost(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        harness.needs("apache2", "openssl")
        cls.apache = cls.enterClassContext(harness.Apache([f"{name}.{domain}" for domain in DOMAINS for name in NAMES]))
        cls.program = harness.install(cls.apache.folder / "program/autodiscover.cgi")
        cls.apache.write("program/autodiscover.toml", CONFIG)
        cls.apache.write("program/domains/example.org.toml", "")

    def tearDown(self):
        self.apache.stop()

    def configuration(self, *arguments, warnings=0):
        """What is printed, with the certificate and the ports of this test; all else stays."""
        apache = self.apache
        text = printed(self.program, *arguments, warnings=warnings)
        for name, value in {
            "CERTIFICATE": f'"{apache.certificate}"', "KEY": f'"{apache.key}"',
            "WEBROOT": f'"{apache.folder}"', "LOG_FOLDER": f'"{apache.folder}"',
            "HTTPS_PORT": apache.https, "HTTP_PORT": apache.http,
        }.items():
            text = re.sub(f"^( *Define AUTODISCOVER_{name}) .*", rf"\1 {value}", text, flags=re.M)
        # A server for names that nobody asks for comes first and so is the default: no answer is one of chance.
        tls = f"SSLEngine On\nSSLCertificateFile {apache.certificate}\nSSLCertificateKeyFile {apache.key}"
        return "".join(f"<VirtualHost *:{port}>\nServerName other.example\n{extra}\n</VirtualHost>\n"
                       for port, extra in ((apache.https, tls), (apache.http, ""))) + text

    def read(self, *arguments, **options):
        """What Apache says of its virtual hosts."""
        path = self.apache.configure(self.configuration(*arguments, **options))
        done = subprocess.run([harness.tool("apache2"), "-f", path, "-S"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_apache_takes_4000_domains_and_every_name_of_them(self):
        domains = [f"number-{number}.example.com" for number in range(4000)]
        # Two virtual hosts; the first name is not an alias.
        self.assertEqual(self.read(*domains, warnings=1).count(" alias "), 2 * (4000 * 3 - 1))

    def test_apache_takes_300_domains_with_a_virtual_host_each(self):
        domains = [f"number-{number}.example.com" for number in range(300)]
        self.assertEqual(self.read("--each", *domains).count(" namevhost autodiscover.number-"), 2 * 300)

    def every_domain_is_answered(self, **options):
        for domain in DOMAINS:
            for name, path, text in (
                ("autodiscover", f"/autodiscover/autodiscover.json?Email=ada@{domain}&Protocol=AutodiscoverV1",
                 '"Protocol":"AutodiscoverV1"'),
                ("autoconfig", "/mail/config-v1.1.xml", f"<hostname>imap.{domain}</hostname>"),
                ("ua-auto-config", "/.well-known/user-agent-configuration.json", domain),
            ):
                with self.subTest(name=name, domain=domain):
                    answer = self.apache.request(path, f"{name}.{domain}", **options)
                    self.assertEqual(answer.status, 200)
                    self.assertIn(text, answer.body.decode())

    def test_every_domain_is_answered(self):
        self.apache.start(self.configuration())
        self.every_domain_is_answered()

    def test_every_domain_is_answered_by_a_virtual_host_of_its_own(self):
        self.apache.start(self.configuration("--each"))
        self.every_domain_is_answered()

    def test_every_domain_is_answered_behind_a_proxy(self):
        text = self.configuration("--behind-proxy")
        self.assertNotRegex(text, CERTBOT)
        self.apache.start(text)
        self.every_domain_is_answered(tls=False, headers={"X-Forwarded-Proto": "https"})


if __name__ == "__main__":
    harness.main("vhost")

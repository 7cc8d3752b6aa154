"""What `autodiscover apache` prints: the files of apache/, and for several domains an Apache that answers on every name."""

import re
import subprocess
import unittest

import harness

DOMAINS = ("example.org", "xn--tda.example", "mail.example.net")
NAMES = ("autodiscover", "autoconfig", "ua-auto-config")
CONFIG = 'domains = ["*"]\n[imap]\nserver = "imap.{domain}"\n[smtp]\nserver = "smtp.{domain}"\n'


def printed(*arguments):
    done = subprocess.run([harness.program(), "apache", *arguments], env={}, check=True, capture_output=True, text=True)
    assert not done.stderr, done.stderr
    return done.stdout


class Shipped(unittest.TestCase):
    """What it prints is what apache/ ships."""

    virtual_host = (harness.ROOT / "apache/autodiscover.conf").read_text()

    def test_the_virtual_host_of_example_org(self):
        self.assertEqual(printed("example.org"), self.virtual_host)

    def test_the_htaccess(self):
        self.assertEqual(printed("--htaccess"), (harness.ROOT / "apache/htaccess").read_text())

    def test_other_domains_change_the_names_only(self):
        kept = [line for line in self.virtual_host.splitlines() if "example.org" not in line]
        lines = printed("Ü.example", "example.net", "xn--tda.example").splitlines()
        self.assertEqual([line for line in lines if line in kept], kept)
        self.assertEqual([line for line in lines if line not in kept], [
            "    Define AUTODISCOVER_HOST autodiscover.xn--tda.example",
            '    Define AUTODISCOVER_ALIASES "autoconfig.xn--tda.example ua-auto-config.xn--tda.example \\',
            '        autodiscover.example.net autoconfig.example.net ua-auto-config.example.net"',
        ])


class VirtualHost(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        harness.needs("apache2", "openssl")
        cls.apache = cls.enterClassContext(harness.Apache([f"{name}.{domain}" for domain in DOMAINS for name in NAMES]))
        harness.install(cls.apache.folder / "program/autodiscover.cgi")
        cls.apache.write("program/autodiscover.toml", CONFIG)

    def configuration(self, *domains):
        """The virtual host with the paths and ports of this test; the domains stay as they are printed."""
        apache = self.apache
        text = printed(*domains)
        for name, value in {
            "FOLDER": f'"{apache.folder}/program"', "CONFIG": f'"{apache.folder}/program/autodiscover.toml"',
            "CERTIFICATE": f'"{apache.certificate}"', "KEY": f'"{apache.key}"',
            "WEBROOT": f'"{apache.folder}"', "LOG_FOLDER": f'"{apache.folder}"',
            "HTTPS_PORT": apache.https, "HTTP_PORT": apache.http,
        }.items():
            text = re.sub(f"^( *Define AUTODISCOVER_{name}) .*", rf"\1 {value}", text, flags=re.M)
        # A server for names that nobody asks for comes first and so is the default: no answer is one of chance.
        tls = f"SSLEngine On\nSSLCertificateFile {apache.certificate}\nSSLCertificateKeyFile {apache.key}"
        return "".join(f"<VirtualHost *:{port}>\nServerName other.example\n{extra}\n</VirtualHost>\n"
                       for port, extra in ((apache.https, tls), (apache.http, ""))) + text

    def test_apache_takes_500_domains_and_every_name_of_them(self):
        path = self.apache.configure(self.configuration(*(f"domain-number-{number}.example" for number in range(500))))
        done = subprocess.run([harness.tool("apache2"), "-f", path, "-S"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        # Two virtual hosts; the first name is not an alias.
        self.assertEqual(done.stdout.count(" alias "), 2 * (500 * 3 - 1))

    def test_every_domain_is_answered(self):
        self.apache.start(self.configuration(*DOMAINS))
        for domain in DOMAINS:
            for name, path, text in (
                ("autodiscover", f"/autodiscover/autodiscover.json?Email=ada@{domain}&Protocol=AutodiscoverV1",
                 '"Protocol":"AutodiscoverV1"'),
                ("autoconfig", "/mail/config-v1.1.xml", f"<hostname>imap.{domain}</hostname>"),
                ("ua-auto-config", "/.well-known/user-agent-configuration.json", domain),
            ):
                with self.subTest(name=name, domain=domain):
                    self.assertIn(text, self.apache.request(path, f"{name}.{domain}").body.decode())


if __name__ == "__main__":
    harness.main("vhost")

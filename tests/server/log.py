"""`autodiscover log` reads what the shipped virtual host writes, and logs of any length in little memory."""

import re
import subprocess
import unittest

import harness

CONFIG = 'domains = ["example.org"]\n[imap]\nserver = "imap.{domain}"\n[smtp]\nserver = "smtp.{domain}"\n'
XML = "/autodiscover/autodiscover.xml"
AUTOCONFIG = "/mail/config-v1.1.xml"
# Who, how, what it gets by the program's word.
REQUESTS = (
    ("Thunderbird", dict(path=AUTOCONFIG, host="autoconfig.example.org"), "GET   /mail/config-v1.1.xml 200 answered"),
    ("Thunderbird", dict(path=f"{AUTOCONFIG}?emailaddress=ada@example.net"), "GET   /mail/config-v1.1.xml 200 answered"),
    ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.12026; Pro)", dict(path="/AutoDiscover/AutoDiscover.xml", body=harness.post()),
     "POST  /autodiscover/autodiscover.xml 200 answered"),
    ("Microsoft Office/16.0", dict(path=XML, body=harness.post("ada@example.net")), "POST  /autodiscover/autodiscover.xml 404 not-served"),
    ("Microsoft Office/16.0", dict(path=XML, body=harness.post(), tls=False), "POST  /autodiscover/autodiscover.xml 403"),
    ("Microsoft Office/16.0", dict(path=XML, tls=False), "GET   /autodiscover/autodiscover.xml 302"),
    ("Microsoft Office/16.0", dict(path=XML, body=b"<"), "POST  /autodiscover/autodiscover.xml 200 invalid-request"),
    ("Mozilla/5.0 (iPhone)", dict(path="/mail/secret-name@example.org.mobileconfig?emailaddress=ada@example.org"),
     "GET   /mail/*.mobileconfig 200 answered"),
    ("iOS/18.0 accountsd/1.0", dict(path="/autodiscover/autodiscover.json?Email=ada@example.org&Protocol=EWS"),
     "GET   /autodiscover/autodiscover.json 400 no-such-service"),
    ("", dict(path=XML, method="PUT", body=b"x"), "other /autodiscover/autodiscover.xml 405 method"),
)


def read(log):
    return subprocess.run([harness.program(), "log"], input=log, capture_output=True, text=isinstance(log, str))


class Log(unittest.TestCase):
    def test_it_reads_what_the_virtual_host_writes(self):
        harness.needs("apache2", "openssl")
        apache = self.enterContext(harness.Apache())
        program = harness.install(apache.folder / "program/autodiscover.cgi")
        apache.write("program/autodiscover.toml", CONFIG)
        text = subprocess.run([program, "apache", "example.org"], env={}, check=True, capture_output=True, text=True).stdout
        for name, value in {"CERTIFICATE": apache.certificate, "KEY": apache.key, "HTTPS_PORT": apache.https,
                            "HTTP_PORT": apache.http, "LOG_FOLDER": apache.folder}.items():
            text = re.sub(f"^( *Define AUTODISCOVER_{name}) .*", rf"\1 {value}", text, flags=re.M)
        apache.start(text)
        for agent, request, _ in REQUESTS:
            apache.request(**{"host": "autodiscover.example.org"} | request, headers={"User-Agent": agent} if agent else {})
        apache.stop()
        log = apache.log("autodiscover.log")
        self.assertEqual(log.count("\n"), len(REQUESTS))
        done = read(log)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        lines = [re.sub(r"(\S) {2,}(?=\d)", r"\1 ", line) for line in done.stdout.splitlines()]
        for agent, request, line in REQUESTS:
            with self.subTest(agent=agent, **request):
                self.assertTrue(any(found.split()[1:] == line.split() for found in lines if found.startswith("  ")), done.stdout)
        self.assertNotIn("@", done.stdout)
        self.assertNotIn("secret-name", done.stdout)

    def test_a_huge_log_of_hostile_lines_takes_little_memory(self):
        """Agents, methods and paths that never come twice; 16 MiB are what the executable and a few buffers take."""
        folder = self.enterContext(harness.folder())
        with open(folder / "log", "w") as log:
            for number in range(200_000):
                log.write(f'192.0.2.1 - - [x] "M{number} {AUTOCONFIG}?{number} HTTP/1.1" {100 + number % 899} 1 "-" "agent{number}/1"\n')
            log.write("x" * 20_000_000)
        code = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdin=sys.stdin);"
                "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        with open(folder / "log") as log:
            done = subprocess.run(["python3", "-c", code, harness.program(), "log"], stdin=log, check=True, capture_output=True, text=True)
        self.assertIn("and 199500 requests of further kinds", done.stdout)
        self.assertLess(int(done.stdout.splitlines()[-1]), 16 << 10)


if __name__ == "__main__":
    harness.main("log")

"""Shows with strace that the program does nothing but read its request and its configuration, and print an answer;
and that under suEXEC it runs as the customer, whose configuration nobody else can read.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import harness

# A request has no other work to speak of than its system calls.
MOST_CALLS = 25
# The start of glibc has more of them than that of musl.
MOST_CALLS_WITH_GLIBC = 30
XML = "/autodiscover/autodiscover.xml"
ROUTES = [
    # Status, method, target, body.
    (200, "POST", XML, harness.post()),
    (200, "POST", XML, harness.post(schema=harness.MOBILESYNC)),
    (413, "POST", XML, b"\0" * 70000),
    (404, "GET", "/etc/passwd", b""),
    (200, "GET", "/autodiscover/autodiscover.json?Protocol=AutodiscoverV1&Email=ada@example.org", b""),
    (200, "GET", "/mail/config-v1.1.xml?emailaddress=ada@example.org", b""),
    (200, "GET", "/mail/ada.mobileconfig?emailaddress=ada@example.org", b""),
    (200, "GET", "/.well-known/user-agent-configuration.json", b""),
    (200, "GET", "/?emailaddress=ada@example.org", b""),
]
# Calls that are allowed; PATH stands for the files of the configuration.
ALLOWED = [
    # Memory, without files and without making code of data.
    r"brk\(", r"mmap\([^,]*, [^,]*, [A-Z_|]*, [A-Z_|]*MAP_ANONYMOUS[A-Z_|]*, -1, 0\)", r"munmap\(", r"mremap\(", r"madvise\(",
    r"mprotect\([^,]*, [^,]*, (PROT_NONE|PROT_READ(\|PROT_WRITE)?)\)",
    # The C library's start, which only asks.
    r"arch_prctl\(ARCH_SET_FS", r"set_tid_address\(", r"set_robust_list\(", r"rseq\(", r"getrandom\(", r"sched_getaffinity\(",
    r"prlimit64\(0, RLIMIT_[A-Z]*, NULL", r'readlink(at)?\((AT_FDCWD, )?"/proc/self/exe"', r"clock_gettime\(", r"uname\(",
    # The request, and waiting for it.
    r"p?poll\(\[\{fd=0, events=POLLIN\}\], 1", r"ppoll_time64\(\[\{fd=0", r"read\(0,",
    # The configuration, only to read it.
    r"open(at)?\((AT_FDCWD, )?PATH, O_RDONLY[A-Z_|]*\)", r"(statx|newfstatat)\(AT_FDCWD, PATH,", r"l?stat\(PATH,",
    r"read\(3,", r"close\(3\)", r'(statx|newfstatat)\(3, ""', r"fstat\(3,", r"fcntl\(3, (F_GETFD|F_SETFD, FD_CLOEXEC)\)",
    # The answer, and a line for the log.
    r"writev?\([12],", r"exit_group\(0\)",
]
TO_WRITE = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC)")


def lay(folder):
    """The program with a configuration beside it."""
    harness.install(folder / "autodiscover.cgi")
    harness.install(folder / "autodiscover.toml", harness.TESTS / "config/autodiscover.toml", 0o644)
    (folder / "domains").mkdir()
    (folder / "domains/example.org.toml").write_text('[imap]\nserver = "mail.example.org"\n')


class Strace(unittest.TestCase):
    def setUp(self):
        harness.needs("strace")
        if subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode:
            if os.environ.get("CI") == "true":
                self.fail("strace may not trace")
            self.skipTest("strace may not trace")
        self.folder = self.enterContext(harness.folder())
        lay(self.folder)

    def calls(self, status, method, target, body, **variables):
        """The system calls of one request; the answer must have this status, and no call may be another than allowed."""
        trace = self.folder / "trace"
        env = {"GATEWAY_INTERFACE": "CGI/1.1", "SERVER_NAME": "autodiscover.example.org", "REQUEST_METHOD": method,
               "HTTP_HOST": "autodiscover.example.org", "CONTENT_LENGTH": str(len(body)), "REQUEST_URI": target}
        done = subprocess.run([harness.tool("strace"), "-f", "-o", trace, self.folder / "autodiscover.cgi"], input=body,
                              env=env | variables, check=True, capture_output=True)
        self.assertEqual(harness.cgi_answer(done.stdout).status, status)
        # Each line begins with the number of the process; the first call is strace's own: it starts the program.
        calls = [line.split(maxsplit=1)[1] for line in trace.read_text().splitlines()][1:]
        self.assertEqual(calls.pop(), "+++ exited with 0 +++")
        files = ("autodiscover.toml", "domains/example.org.toml", "domains/example.org.logins", "domains/example.org.mobileconfig", "domains")
        paths = "(%s)" % "|".join(re.escape(f'"{self.folder / file}"') for file in files)
        allowed = re.compile("|".join(ALLOWED).replace("PATH", paths))
        self.assertEqual([call for call in calls if not allowed.match(call) or TO_WRITE.search(call)], [])
        return calls

    def test_no_request_makes_it_do_more(self):
        named = {"AUTODISCOVER_CONFIG": str(self.folder / "autodiscover.toml")}
        for how, variables in (("named", named), ("beside the program", {})):
            for route in ROUTES:
                with self.subTest(how=how, target=route[2], body=route[3][:300]):
                    self.calls(*route, **variables)

    def test_the_page_about_old_kernels_names_every_call(self):
        if b"GLIBC_TUNABLES" in harness.program().read_bytes():
            self.skipTest("the page is about musl, of which packages are made")
        page = (harness.ROOT / "packaging/systems.md").read_text()
        named = set(re.findall(r"`(\w+)`", page.partition("makes these system calls:")[2]))
        for route in ROUTES:
            self.assertEqual({call.partition("(")[0] for call in self.calls(*route)} - named, set(), route[2])

    def test_a_request_of_outlook_takes_few_system_calls(self):
        calls = self.calls(*ROUTES[0], AUTODISCOVER_CONFIG=str(self.folder / "autodiscover.toml"))
        glibc = b"GLIBC_TUNABLES" in harness.program().read_bytes()
        self.assertLessEqual(len(calls), MOST_CALLS_WITH_GLIBC if glibc else MOST_CALLS, "\n".join(calls))

    def test_a_list_of_login_names_is_only_read(self):
        own = self.folder / "domains/example.org.toml"
        own.write_text('logins = "example.org.logins"\n' + own.read_text())
        (self.folder / "domains/example.org.logins").write_text("ada web1p1\n")
        self.calls(*ROUTES[0])

    def test_a_configuration_that_is_wrong_is_only_read(self):
        (self.folder / "autodiscover.toml").write_text("imap = 1\n")
        self.calls(500, *ROUTES[0][1:])


class Suexec(unittest.TestCase):
    """Apache's suEXEC runs programs only below a folder that is fixed in it, or in a file of Debian's variant."""

    def setUp(self):
        if os.geteuid() != 0:
            # Not even CI can do it then, so this is no failure there.
            self.skipTest("it takes root")
        harness.needs("apache2", "openssl", "/usr/lib/apache2/suexec")
        base = pathlib.Path("/etc/apache2/suexec/www-data").read_text().splitlines()[0]
        os.makedirs(base, exist_ok=True)
        self.customer = pathlib.Path(tempfile.mkdtemp(prefix="autodiscover-test-", dir=base))
        self.addCleanup(shutil.rmtree, self.customer)
        lay(self.customer)
        # What only the customer may read proves who reads it; nobody stands in for the customer.
        for path in (self.customer, *self.customer.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.suffix == ".cgi" else 0o600)
            shutil.chown(path, "nobody", "nogroup")
        self.apache = self.enterContext(harness.Apache())

    def answer(self, *lines, modules=()):
        self.apache.start("\n".join([*lines, f'ScriptAlias {XML} "{self.customer}/autodiscover.cgi"',
                                     f'<Directory "{self.customer}">\nRequire all granted\n</Directory>']), modules=modules)
        answer = self.apache.request(XML, tls=False, body=harness.post())
        log = pathlib.Path("/var/log/apache2/suexec.log")
        return answer, self.apache.log() + (log.read_text()[-1000:] if log.exists() else "")

    def test_it_runs_as_the_customer(self):
        answer, log = self.answer("SuexecUserGroup nobody nogroup", modules=["suexec"])
        self.assertEqual(answer.status, 200, log)
        self.assertIn(b"<Server>mail.example.org</Server>", answer.body, log)

    def test_without_it_the_configuration_of_the_customer_cannot_be_read(self):
        answer, log = self.answer()
        self.assertEqual(answer.status, 500, log)


if __name__ == "__main__":
    harness.main("privilege")

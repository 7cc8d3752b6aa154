"""What every suite of tests/server shares: the program, servers of its own on loopback, certificates, requests, the count.

A suite is tests/server/NAME.py, a unittest module that ends with `harness.main("NAME")`; `python3 tests/server/NAME.py
WORD...` runs the tests whose names hold one of the words. Everything that must be put away again is a context manager,
for `self.enterContext`, `cls.enterClassContext` or `unittest.enterModuleContext`.
"""

import atexit
import collections
import concurrent.futures
import contextlib
import functools
import grp
import http.client
import io
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
# Servers read as other users what the tests write.
os.umask(0o022)
# Debian keeps servers where only root's PATH leads.
os.environ["PATH"] += ":/usr/sbin:/sbin"
# Distributions do not agree on the name of this executable.
OTHER_NAMES = {"apache2": "httpd"}
MODULE_FOLDERS = ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules", "/usr/lib64/apache2")
MODULES = "unixd log_config authz_core alias rewrite env setenvif mime dir autoindex ssl".split()
# A script's beginning: lays a copy of this machine at $1/root, which is thrown away with its mounts.
OVERLAY = """
set -e
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay none -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount --rbind /dev "$1/root/dev"
mount -t proc proc "$1/root/proc"
"""
SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/"
OUTLOOK, MOBILESYNC = "outlook/responseschema/2006a", "mobilesync/responseschema/2006"

Answer = collections.namedtuple("Answer", "status headers body")


def tool(name):
    """The path of an executable, or None."""
    return shutil.which(name) or shutil.which(OTHER_NAMES.get(name, name))


def needs(*names):
    """A missing tool fails the tests in CI, and skips them elsewhere; for setUpModule, setUpClass or a test."""
    missing = [name for name in names if not tool(name)]
    if missing and os.environ.get("CI") == "true":
        raise AssertionError(f"missing: {' '.join(missing)}")
    if missing:
        raise unittest.SkipTest(f"missing: {' '.join(missing)}")


@functools.cache
def program():
    """The executable: $AUTODISCOVER_PROGRAM, or what cgi-bin/build.sh builds."""
    given = os.environ.get("AUTODISCOVER_PROGRAM")
    if not given:
        subprocess.run([ROOT / "cgi-bin/build.sh"], check=True, stdout=subprocess.DEVNULL)
    return pathlib.Path(given or ROOT / "cgi-bin/autodiscover.cgi").resolve(strict=True)


@functools.cache
def environment(name, *packages, alone=()):
    """The Python of a virtual environment target/NAME with these packages of PyPI, those of `alone` without what they need.

    Where it cannot be had, tests fail in CI and are skipped elsewhere.
    """
    place = ROOT / "target" / f"python-{name}"
    stamp, wanted = place / "packages", " ".join([*packages, *alone])
    if not stamp.exists() or stamp.read_text() != wanted:
        pip = [place / "bin/pip", "install", "--quiet", "--disable-pip-version-check"]
        for command in ([sys.executable, "-m", "venv", "--clear", place], [*pip, *packages], [*pip, "--no-deps", *alone]):
            if command[-1] == "--no-deps":
                continue
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                reason = f"missing: {wanted} of PyPI, or python3-venv: {(done.stderr or done.stdout).strip().splitlines()[-1]}"
                if os.environ.get("CI") == "true":
                    raise AssertionError(reason)
                raise unittest.SkipTest(reason)
        stamp.write_text(wanted)
    return place / "bin/python"


def install(target, source=None, mode=0o755):
    """Copies the program, or another file, with the folders above it, for every user to read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # What runs at this moment cannot be written over.
    target.unlink(missing_ok=True)
    shutil.copyfile(source or program(), target)
    target.chmod(mode)
    return target


@contextlib.contextmanager
def folder():
    """A temporary folder that every user can enter."""
    # A browser that ends may still write there when it is removed.
    with tempfile.TemporaryDirectory(prefix="autodiscover-", ignore_cleanup_errors=True) as name:
        os.chmod(name, 0o755)
        yield pathlib.Path(name)


_given_ports = set()


def free_port():
    """A port of loopback that is free; no second call gives the same."""
    while True:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            port = held.getsockname()[1]
        if port not in _given_ports:
            _given_ports.add(port)
            return port


AUTHORITY = ("basicConstraints=critical,CA:true", "keyUsage=critical,keyCertSign")


def certificate(folder, name, hosts=(), issuer=None, extensions=(), days=2):
    """FOLDER/NAME.pem and NAME.key for the hosts, signed by FOLDER/ISSUER.pem, or by itself."""
    if hosts:
        extensions = [*extensions, "subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts)]
    (folder / f"{name}.cnf").write_text("[req]\ndistinguished_name=name\n[name]\n[own]\n" + "\n".join(extensions) + "\n")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
               "-config", f"{name}.cnf", "-extensions", "own", "-subj", f"/CN={hosts[0] if hosts else name}",
               "-days", str(days), "-keyout", f"{name}.key", "-out", f"{name}.pem"]
    if issuer:
        command += ["-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / f"{name}.pem"


def post(address="ada@example.org", schema=OUTLOOK):
    """The body of an Autodiscover request for this address, in the words of Outlook or of ActiveSync."""
    kind = schema.partition("/")[0]
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="{SCHEMA}{kind}/requestschema/2006">
  <Request>
    <EMailAddress>{address}</EMailAddress>
    <AcceptableResponseSchema>{SCHEMA}{schema}</AcceptableResponseSchema>
  </Request>
</Autodiscover>
""".encode()


def cgi_answer(printed):
    """What a CGI program printed, as the web server reads it."""
    head, blank, body = printed.partition(b"\r\n\r\n")
    headers = http.client.parse_headers(io.BytesIO(head + blank))
    if not blank or not headers:
        raise AssertionError(f"not the answer of a CGI program: {printed[:200]}")
    return Answer(int((headers["Status"] or "200")[:3]), headers, body)


def cgi(body=b"", **variables):
    """The answer of the program, started as a web server would with these variables; it must end well."""
    env = {"GATEWAY_INTERFACE": "CGI/1.1", "CONTENT_LENGTH": str(len(body))} | variables
    return cgi_answer(subprocess.run([program()], input=body, env=env, check=True, stdout=subprocess.PIPE).stdout)


@contextlib.contextmanager
def echo(path):
    """Puts a program in the place of the installed one that prints what the web server hands over, for `echoed`."""
    real = path.with_name("real")
    path.rename(real)
    path.write_text("#!/bin/sh\nprintf 'Content-Type: application/octet-stream\\n\\n'\nenv\necho --body--\ncat\n")
    path.chmod(0o755)
    try:
        yield
    finally:
        real.replace(path)


def echoed(answer):
    """The variables and the body that arrived."""
    lines, _, body = answer.body.partition(b"--body--\n")
    return dict(line.split("=", 1) for line in lines.decode("latin-1").splitlines() if "=" in line), body


class Case:
    """A directory of tests/cases, or one of its requests, as tests/README.md describes it."""

    def __init__(self, name, request=None):
        self.name, self.folder = name, TESTS / "cases" / name
        if request:
            self.name = f"{name}/{request.stem}"
        request = request or self.folder / "request.xml"
        self.body = request.read_bytes() if request.exists() else None
        own = self.folder / "config"
        self.config = own if own.is_dir() else TESTS / "config"
        file = self.folder / "env"
        lines = file.read_text("latin-1").split("\n") if file.exists() else []
        # \xNN stands for a byte, and so does each character.
        self.env = {name: re.sub(r"\\x(..)", lambda byte: chr(int(byte[1], 16)), value)
                    for name, equals, value in (line.partition("=") for line in lines) if equals}
        expected = (self.folder / "expected").read_bytes()
        if expected.startswith(b"= "):
            expected = (TESTS / "refusals" / expected[2:].decode().strip()).read_bytes()
        self.expected = cgi_answer(expected)


def cases():
    """Every case; their set is never empty."""
    found = sorted(path.parent.name for path in (TESTS / "cases").glob("*/expected"))
    assert found, "there is no case in tests/cases"
    return [Case(name, request) for name in found
            for request in sorted((TESTS / "cases" / name).glob("requests/*")) or [None]]


def request(port, host, path="/", method=None, body=None, headers={}, tls=None, chunked=False, timeout=20,
            address="127.0.0.1"):
    """Sends a request to loopback and reads the answer; tls is an ssl.SSLContext.

    The bytes are our own: an HTTP library would tidy up what some tests are about.
    """
    method = method or ("GET" if body is None else "POST")
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    data = body or b""
    if chunked:
        lines += [] if "Transfer-Encoding" in headers else ["Transfer-Encoding: chunked"]
        # Two chunks, so that the length of the first is not that of the body.
        pieces = [piece for piece in (data[:100], data[100:]) if piece]
        data = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    elif body is not None:
        lines.append(f"Content-Length: {len(data)}")
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(socket.create_connection((address, port), timeout))
        if tls:
            connection = stack.enter_context(tls.wrap_socket(connection, server_hostname=host.partition(":")[0]))
        connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + data)
        answer = stack.enter_context(http.client.HTTPResponse(connection, method=method))
        answer.begin()
        return Answer(answer.status, answer.headers, answer.read())


class Server:
    """A server of the test's own: a folder, a certificate, two ports, and processes that end with it."""

    def __init__(self, hosts=("example.org", "*.example.org")):
        self.hosts, self.processes, self.https, self.http = list(hosts), [], free_port(), free_port()

    def __enter__(self):
        self._held = contextlib.ExitStack()
        self.folder = self._held.enter_context(folder())
        self._held.callback(self.stop)
        # An interrupted test puts nothing away by itself.
        atexit.register(self._held.close)
        certificate(self.folder, "ca", extensions=AUTHORITY)
        self.certificate = certificate(self.folder, "cert", self.hosts, "ca")
        self.key = self.folder / "cert.key"
        self.tls = ssl.create_default_context(cafile=self.folder / "ca.pem")
        return self

    def __exit__(self, *_):
        self._held.close()

    def write(self, name, text, mode=0o644):
        """A file in the folder of the server that every user can read."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text) if isinstance(text, str) else path.write_bytes(text)
        path.chmod(mode)
        return path

    def log(self, name="error.log"):
        """What the server has written so far: error.log, access.log or start.log."""
        path = self.folder / name
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def run(self, *command, ready, **options):
        """Starts a process and waits until `ready()`."""
        with open(self.folder / "start.log", "ab") as log:
            # A group of its own: when it stops, the prefork server signals its whole group.
            process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       start_new_session=True, **options)
        self.processes.append(process)
        deadline = time.monotonic() + 15
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{command[0]} does not start:\n{self.log('start.log')}{self.log()}")
            time.sleep(0.02)
        return process

    def answers(self, port):
        """Whether somebody listens on the port."""
        with socket.socket() as connection:
            return connection.connect_ex(("127.0.0.1", port)) == 0

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            # CGI programs that still run belong to the group.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()

    def request(self, path, host=None, tls=True, **options):
        """As `request`, over HTTPS to the first of the hosts unless told otherwise."""
        host = host or self.hosts[0]
        return request(self.https if tls else self.http, host, path, tls=self.tls if tls else None, **options)


class Apache(Server):
    """A private Apache httpd; `start` takes what its configuration has besides ports, modules and logs."""

    def start(self, configuration, mpm="event", modules=(), cgi=True):
        path = self.configure(configuration, mpm, modules, cgi)
        # The port of a stranger would answer too.
        return self.run(tool("apache2"), "-f", path, "-DFOREGROUND",
                        ready=lambda: (self.folder / "pid").exists() and self.answers(self.https))

    def configure(self, configuration, mpm="event", modules=(), cgi=True):
        """Writes FOLDER/httpd.conf without starting anything."""
        library = next(path for path in map(pathlib.Path, MODULE_FOLDERS) if (path / "mod_cgi.so").exists())
        built_in = subprocess.run([tool("apache2"), "-l"], capture_output=True, text=True).stdout
        # cgid belongs to a threaded server and cgi to prefork, as a2enmod would choose.
        names = [f"mpm_{mpm}", *MODULES, *modules, *["cgi" if mpm == "prefork" else "cgid"][:cgi]]
        lines = [f'LoadModule {name}_module "{library}/mod_{name}.so"' for name in names
                 if f"mod_{name}.c" not in built_in and f" {name}.c" not in built_in]
        # httpd does not answer requests as root; without root it has no choice of user.
        if os.geteuid() == 0:
            users = {user.pw_name: user for user in pwd.getpwall()}
            user = next(users[name] for name in ("www-data", "apache", "wwwrun", "nobody") if name in users)
            lines += [f"User {user.pw_name}", f"Group {grp.getgrgid(user.pw_gid).gr_name}"]
        lines += [f"Listen 127.0.0.1:{port}" for port in (self.https, self.http)]
        lines.append(f"""
ServerRoot "{self.folder}"
DefaultRuntimeDir "{self.folder}"
PidFile "{self.folder}/pid"
<IfModule cgid_module>
    ScriptSock "{self.folder}/cgid.sock"
</IfModule>
ErrorLog "{self.folder}/error.log"
LogLevel warn
LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{{Referer}}i\\" \\"%{{User-Agent}}i\\"" combined
CustomLog "{self.folder}/access.log" combined
ServerName localhost
TypesConfig /dev/null
<Directory />
    AllowOverride None
    Require all denied
</Directory>
<Files ".ht*">
    Require all denied
</Files>
""")
        return self.write("httpd.conf", "\n".join([*lines, configuration, ""]))


    def virtual_host(self, **changes):
        """apache/autodiscover.conf as it is, for FOLDER/program and FOLDER/config; a change to None leaves a name undefined."""
        names = {
            "HOST": f"autodiscover.{self.hosts[0]}", "ALIASES": f"autoconfig.{self.hosts[0]} ua-auto-config.{self.hosts[0]}",
            "FOLDER": self.folder / "program", "CONFIG": self.folder / "config/autodiscover.toml",
            "CERTIFICATE": self.certificate, "KEY": self.key, "WEBROOT": self.folder, "LOG_FOLDER": self.folder,
            "HTTPS_PORT": self.https, "HTTP_PORT": self.http,
        } | changes
        lines = [f'Define AUTODISCOVER_{name} "{value}"' for name, value in names.items() if value is not None]
        return "\n".join(["Define AUTODISCOVER_DEFINED", *lines, f'Include "{ROOT}/apache/autodiscover.conf"', ""])


class Nginx(Server):
    """A private nginx with fcgiwrap at FOLDER/socket."""

    def start(self, servers):
        """`servers` is what stands within http { }."""
        user = f"user nobody {grp.getgrgid(pwd.getpwnam('nobody').pw_gid).gr_name};\n" if os.geteuid() == 0 else ""
        kept = "".join(f"    {kind}_temp_path {self.folder}/{kind};\n"
                       for kind in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi"))
        path = self.write("nginx.conf", f"""{user}daemon off;
worker_processes 1;
pid {self.folder}/pid;
error_log {self.folder}/error.log;
events {{ }}
http {{
    access_log {self.folder}/access.log;
    ssl_certificate {self.certificate};
    ssl_certificate_key {self.key};
{kept}{servers}
}}
""")
        # nginx's workers write to the socket as another user.
        self.run(tool("fcgiwrap"), "-f", "-s", f"unix:{self.folder}/socket", umask=0,
                 ready=(self.folder / "socket").exists)
        return self.run(tool("nginx"), "-e", self.folder / "error.log", "-c", path,
                        ready=lambda: (self.folder / "pid").exists() and self.answers(self.https))


class Dns(threading.Thread):
    """A DNS server on loopback with these records, by kind and name; a name that is not here does not exist."""

    KINDS = {1: "A", 2: "NS", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV"}

    def __init__(self, records, port=0):
        super().__init__(daemon=True)
        self.records, self.socket = records, socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", port))
        self.place = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.start()

    @staticmethod
    def name(text):
        return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"

    def data(self, kind, value):
        if kind == "A":
            return socket.inet_aton(value)
        if kind in ("MX", "SRV"):
            *numbers, name = value.split()
            return struct.pack(f">{len(numbers)}H", *map(int, numbers)) + self.name(name)
        return bytes([len(value)]) + value.encode() if kind == "TXT" else self.name(value)

    def run(self):
        while True:
            with contextlib.suppress(OSError):
                query, sender = self.socket.recvfrom(512)
                labels, at = [], 12
                while query[at]:
                    labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
                    at += 1 + query[at]
                name, kind = ".".join(labels), self.KINDS.get(struct.unpack(">H", query[at + 1:at + 3])[0], "?")
                found = [self.data(kind, value) for value in self.records.get(f"{kind} {name}", [])]
                exists = any(key.endswith(f" {name}") for key in self.records)
                flags = 0x8580 if exists else 0x8583
                answers = b"".join(b"\xc0\x0c" + query[at + 1:at + 5] + struct.pack(">IH", 60, len(data)) + data for data in found)
                self.socket.sendto(query[:2] + struct.pack(">HHHHH", flags, 1, len(found), 0, 0) + query[12:at + 5] + answers, sender)


class Count(unittest.TextTestResult):
    """Counts every subtest."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.passed, self.divided, self.lock = 0, set(), threading.Lock()

    def addSuccess(self, test):
        with self.lock:
            self.passed += test.id() not in self.divided

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        with self.lock:
            self.divided.add(test.id())
            self.passed += error is None


class AtOnce(unittest.TestSuite):
    """Runs several tests at a time; only for modules without fixtures of a class or a module."""

    def run(self, result, debug=False):
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            list(pool.map(lambda test: test.run(result), self))
        return result


def tests_of(suite):
    """The test cases of a suite, whatever suites it is made of."""
    for test in suite:
        yield from tests_of(test) if isinstance(test, unittest.TestSuite) else [test]


def main(name, at_once=False):
    """Runs the tests of the module that was started, and prints the count as the last line."""
    # As for Ctrl-C: what was started is put away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{word}*" for word in sys.argv[1:]] or None
    suite = loader.loadTestsFromModule(sys.modules["__main__"])
    if at_once:
        suite = AtOnce(tests_of(suite))
    result = unittest.TextTestRunner(sys.stdout, resultclass=Count).run(suite)
    failed, skipped = len(result.failures) + len(result.errors), len(result.skipped)
    reasons = collections.defaultdict(list)
    for test, reason in result.skipped:
        reasons[reason].append(re.sub(r".*\[(.*)\]$|__main__\.", r"\1", test.id()))
    for reason, tests in reasons.items():
        print(f"SKIPPED {len(tests)}, {reason}: {', '.join(dict.fromkeys(tests))}")
    # Without a test there is nothing wrong.
    if not result.passed + failed + skipped:
        failed = 1
    print(f"{name}: {result.passed} passed, {failed} failed, {skipped} skipped", flush=True)
    sys.exit(failed > 0)

"""What one request costs, from the start of the process to its exit: instructions, system calls, page faults, CPUID, bytes.

    bench.py             judges by tests/bench/limits: nothing may cost 5 % more
    bench.py --limits    writes what it counts into tests/bench/limits
    bench.py --table     also measures times, other programs and the way through Apache, and writes it all into
                         tests/bench/README.md; it takes some minutes, on a machine that does nothing else

The floors are a C program that reads the body and prints a canned answer, linked with glibc and with musl.
"""

import contextlib
import datetime
import functools
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import unittest
import urllib.request

import harness
import load

BENCH = harness.TESTS / "bench"
LIMITS, README = BENCH / "limits", BENCH / "README.md"
# Between these the table stands in README.md.
MARKS = "<!-- Made by: python3 tests/server/bench.py --table -->\n", "<!-- The end of what is made. -->\n"
HOST, ADDRESS = "autodiscover.example.org", "ada%40example.org"
XML = load.XML
# What is asked: a name, the path, the body, and a piece of the answer that shows that it is one.
Q = {
    "POX": (XML, (BENCH / "request.xml").read_bytes(), b"<Server>mail.example.org</Server>"),
    "ActiveSync": (XML, harness.post("ada@example.net", harness.MOBILESYNC), b"<Type>MobileSync</Type>"),
    "JSON": (f"/autodiscover/autodiscover.json?Email={ADDRESS}&Protocol=AutodiscoverV1", None, b'"Protocol":"AutodiscoverV1"'),
    "autoconfig": (f"/mail/config-v1.1.xml?emailaddress={ADDRESS}", None, b"<hostname>mail.example.org</hostname>"),
    "profile": (f"/mail/ada.mobileconfig?emailaddress={ADDRESS}", None, b"<string>mail.example.org</string>"),
    "PACC": ("/.well-known/user-agent-configuration.json", None, b'"mail.example.org"'),
    "page": (f"/?emailaddress={ADDRESS}", None, b"mail.example.org"),
}
COUNTS = "instructions", "system calls", "page faults", "faults, read in", "CPUID"
# How many domains have a file, or stand in the list.
FILES, NAMES = (1, 100, 10_000, 100_000), (1, 100, 1_000, 10_000, 40_000)


class Bench:
    """The programs under names of equal length, since the arguments and the environment are part of what is counted."""

    def __init__(self, folder):
        self.folder, self.config = folder, folder / "config"
        (folder / "bin").mkdir()
        self.program = harness.install(folder / "bin/ours")
        self.glibc, self.musl = folder / "bin/gnuc", folder / "bin/musl"
        self.libc = "glibc" if b"GLIBC_TUNABLES" in self.program.read_bytes() else "musl"
        self.compile("-static", "-o", folder / "paired", BENCH / "paired.c")
        self.cpuid = None
        if platform.machine() == "x86_64":
            self.cpuid = folder / "cpuid"
            self.compile("-o", self.cpuid, BENCH / "cpuid.c")
        # As in .cargo/config.toml: since GCC 13 the start registers the unwind tables, which is no work of the floor's.
        self.compile("-static", "-no-pie", "-Wl,--defsym=__register_frame_info=0,--defsym=__deregister_frame_info=0",
                     "-o", self.glibc, BENCH / "floor.c")
        # The target of Rust brings musl, so no other compiler is needed.
        rust = subprocess.run([harness.ROOT / "cgi-bin/build.sh", "--rust"], capture_output=True, text=True).stdout.strip()
        found = subprocess.run([f"{rust}/rustc", "--print=target-libdir", f"--target={platform.machine()}-unknown-linux-musl"],
                               cwd=harness.ROOT, capture_output=True, text=True).stdout.strip()
        library = pathlib.Path(found) / "self-contained"
        if (library / "libc.a").exists():
            self.compile("-std=c11", "-static", "-no-pie", "-nostdlib", "-fno-stack-protector", "-o", self.musl,
                         library / "crt1.o", library / "crti.o", BENCH / "floor.c", library / "libc.a", library / "crtn.o")
        else:
            self.musl = None
        self.floors = [floor for floor in (self.glibc, self.musl) if floor]
        (self.config / "domains").mkdir(parents=True)
        self.sample = (harness.ROOT / "cgi-bin/autodiscover.toml").read_text()
        (self.config / "autodiscover.toml").write_text(self.sample)
        own = '[imap]\nserver = "mail.example.org"\n[pop3]\nenabled = false\n'
        (self.config / "domains/example.org.toml").write_text(own)
        (self.config / "domains/example.net.toml").write_text(f'{own}[mobilesync]\nurl = "https://mail.example.org/sync"\n')

    def compile(self, *arguments):
        subprocess.run(["gcc", "-O2", *arguments], check=True)

    def variables(self, path, body):
        """What Apache 2.4 sets."""
        return {
            "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_SOFTWARE": "Apache", "HTTPS": "on",
            "SERVER_NAME": HOST, "SERVER_ADDR": "127.0.0.1", "SERVER_PORT": "443", "DOCUMENT_ROOT": "/var/www/html",
            "REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "50000", "REQUEST_METHOD": "POST" if body else "GET",
            "REQUEST_SCHEME": "https", "REQUEST_URI": path, "QUERY_STRING": path.partition("?")[2],
            "SCRIPT_NAME": path.partition("?")[0], "SCRIPT_FILENAME": str(self.program), "HTTP_HOST": HOST,
            "HTTP_ACCEPT": "*/*" if body else "text/html,*/*;q=0.8",
            "HTTP_USER_AGENT": "Microsoft Office/16.0 (Windows NT 10.0; MAPI 16.0.10344; Pro)",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "AUTODISCOVER_CONFIG": str(self.config / "autodiscover.toml"),
        } | ({"CONTENT_TYPE": "text/xml", "CONTENT_LENGTH": str(len(body))} if body else {})

    def run(self, asked, *command, **variables):
        """Standard output and standard error of a command that gets the request."""
        path, body, _ = asked
        done = subprocess.run([str(part) for part in command], env=self.variables(path, body) | variables, input=body or b"",
                              capture_output=True)
        assert done.returncode == 0, f"{command} ends with {done.returncode}: {done.stderr[-2000:]}"
        return done.stdout, done.stderr.decode()

    def instructions(self, asked, program=None):
        printed = self.run(asked, "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program or self.program)[1]
        return int(re.search(r"I +refs: +([\d,]+)", printed)[1].replace(",", ""))

    def system_calls(self, asked, program=None):
        """With the exit; execve belongs to whoever starts it."""
        log = self.folder / "calls"
        self.run(asked, "strace", "-o", log, program or self.program)
        return sum(not line.startswith("execve(") for line in re.findall(r"(?m)^[a-z]\w*\(", log.read_text()))

    def cpuids(self, asked, program=None):
        return int(self.run(asked, self.cpuid, program or self.program)[1].split()[0]) if self.cpuid else 0

    def paired(self, asked, runs, *programs, **variables):
        """The medians of time in µs and page faults of each. They run in turn, so that what else the machine does hits all."""
        path, body, _ = asked
        request = self.folder / "request"
        request.write_bytes(body or b"")
        printed = self.run((path, body, None), self.folder / "paired", runs, request, *programs, **variables)[0].decode()
        return [(float(line.split()[0]), int(line.split()[1])) for line in printed.splitlines()]

    def read_in(self, *programs):
        """Drops the executables from the page cache; what is read in again lies there in other pieces than what was written."""
        for program in programs:
            with open(program, "rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def copy(self, *programs):
        """Lays the executables anew."""
        for program in programs:
            harness.install(program.with_suffix(".new"), program).replace(program)

    def counts(self, asked, program=None):
        """One number for each of COUNTS."""
        program = program or self.program
        return (self.instructions(asked, program), self.system_calls(asked, program), self.faults(asked, program, self.copy),
                self.faults(asked, program, self.read_in), self.cpuids(asked, program))

    def faults(self, asked, program, lay):
        """The same executable may lie in the page cache in one piece more than the last time, hence three times."""
        found = []
        for _ in range(3):
            lay(program)
            found.append(self.paired(asked, 21, program)[0][1])
        return statistics.median(found)

    def with_files(self, count):
        """Instructions of POX when so many domains have a file."""
        folder = self.config / "domains"
        made = [folder / f"d{number}.example.net.toml" for number in range(count - 1)]
        for path in made:
            path.touch()
        try:
            return self.instructions(Q["POX"])
        finally:
            for path in made:
                path.unlink()

    @contextlib.contextmanager
    def listed(self, count):
        """So many names in `domains`; the one that is asked for has no file and is the last."""
        names = [f"d{number}.example" for number in range(count - 1)] + ["example.com"]
        text = re.sub(r"(?m)^domains = .*$", "domains = [\n" + "".join(f'  "{name}",\n' for name in names) + "]", self.sample)
        assert text != self.sample
        (self.config / "autodiscover.toml").write_text(text)
        try:
            yield (XML, harness.post("ada@example.com"), b"<Server>imap.example.com</Server>")
        finally:
            (self.config / "autodiscover.toml").write_text(self.sample)


@functools.cache
def limits():
    """For each C library and what is asked, the numbers in tests/bench/limits."""
    rows = [line.split() for line in LIMITS.read_text().splitlines() if line and line[0] != "#"]
    return {(libc, name): [int(number) for number in numbers] for libc, name, *numbers in rows}


def counted(bench):
    """What stands in tests/bench/limits for this program."""
    # How many faults and CPUID a start takes is the kernel's and the processor's matter; what is above the floor is ours.
    floor = bench.counts(Q["POX"], bench.musl if bench.libc == "musl" else bench.glibc)
    found = {name: [*numbers[:2], *(one - least for one, least in zip(numbers[2:], floor[2:]))]
             for name, numbers in ((name, bench.counts(asked)) for name, asked in Q.items())}
    with bench.listed(10_000) as asked:
        found["10000-names"] = (bench.instructions(asked),)
    return found | {"bytes": (bench.program.stat().st_size,)}


def write_limits(bench):
    found = {**limits(), **{(bench.libc, name): numbers for name, numbers in counted(bench).items()}}
    lines = ["# What one request costs, by python3 tests/server/bench.py --limits: 5 % more than this fails.",
             "# Page faults and CPUID are those above the floor's, and three more of them, a tenth, fail.",
             f"# {'':6}{'':12}" + "".join(f"{name:>17}" for name in COUNTS)]
    lines += [f"{libc:8}{name:12}" + "".join(f"{number:>17}" for number in found[libc, name]) for libc, name in sorted(
        found, key=lambda key: (key[0] != "musl", key[0]))]
    LIMITS.write_text("\n".join(lines) + "\n")


class Costs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        harness.needs("gcc", "valgrind", "strace")
        cls.bench = Bench(cls.enterClassContext(harness.folder()))

    def test_every_request_is_answered(self):
        """So that what is counted is an answer."""
        for name, asked in Q.items():
            with self.subTest(name):
                self.assertIn(asked[2], self.bench.run(asked, self.bench.program)[0])

    def test_nothing_costs_more_than_tests_bench_limits_allows(self):
        if not any(libc == self.bench.libc for libc, _ in limits()):
            self.skipTest(f"tests/bench/limits has no numbers for {self.bench.libc}")
        for name, numbers in counted(self.bench).items():
            for what, number, limit in zip(COUNTS if name in Q else [name], numbers, limits()[self.bench.libc, name], strict=True):
                with self.subTest(name, what=what):
                    print(f"{name}: {what}: {number} of {limit}")
                    # Rust's own detection asks one kind of processor once or twice more than another.
                    self.assertLessEqual(number, limit + 2 if what in COUNTS[2:] else limit * 1.05)
                    if number < limit * 0.9:
                        print(f"{name}: {what} are less; tighten the limit: python3 tests/server/bench.py --limits")

    def test_the_number_of_files_costs_nothing(self):
        one = self.bench.with_files(1)
        for count in (100, 10_000):
            with self.subTest(count):
                self.assertLessEqual(self.bench.with_files(count), one * 1.02)


# ---- the table

def table(head, rows):
    """Markdown; all columns but the first are numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n\n"


def number(value):
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"


def machine():
    """Date, commit, processor, kernel and distribution."""
    processor = re.search(r"(?m)^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text())
    system = re.search(r'(?m)^PRETTY_NAME="(.*)"$', pathlib.Path("/etc/os-release").read_text())
    version = subprocess.run([harness.program(), "--version"], capture_output=True, text=True).stdout.strip()
    compiler = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.split()
    return (f"{datetime.date.today()}: {version}, Rust {compiler[1] if compiler else '?'}, on {os.cpu_count()} cores of "
            f"{processor[1] if processor else platform.machine()}, Linux {platform.release()}, {system[1] if system else ''}.\n\n")


def each_request(bench):
    """A row for each floor and each kind of request."""
    runs, rows = int(os.environ.get("RUNS", 400)), []
    programs = [("floor, C with musl", Q["POX"], bench.musl), ("floor, C with glibc", Q["POX"], bench.glibc)]
    for name, asked, program in [*programs, *((name, asked, bench.program) for name, asked in Q.items())]:
        if not program:
            continue
        counts, times = bench.counts(asked, program), []
        for lay in (bench.copy, bench.read_in):
            lay(program, *bench.floors)
            measured = [first for first, _ in bench.paired(asked, runs, program, *bench.floors)]
            times += [f"{measured[0]:.0f}", number(measured[0] / measured[-1])]
        rows.append([name, *(number(count) for count in counts), *times, number(program.stat().st_size)])
    head = ["", *COUNTS, "µs, copied", "of the floor", "µs, read in", "of the floor", "bytes"]
    return table(head, rows)


def interpreters():
    """The other programs that are installed, as name, executable and source."""
    fpm = next(iter(sorted(pathlib.Path("/usr/sbin").glob("php-fpm*"))), None)
    for name, tool, source in (("Perl", "perl", "answer.pl"), ("Python", "python3", "answer.py"), ("php-cgi", "php-cgi", "answer.php"),
                               ("php-fpm", fpm, "answer.php")):
        if tool and harness.tool(str(tool)):
            yield name, str(tool), BENCH / source
        else:
            print(f"{name} is not installed, so it is not measured")


def other_programs(bench):
    rows = []
    for name, tool, source in interpreters():
        if name != "php-fpm":
            time_, *floors = bench.paired(Q["POX"], 60, source, *bench.floors, SCRIPT_FILENAME=str(source), REDIRECT_STATUS="200")
            rows.append([name, f"{time_[0]:,.0f}", number(time_[0] / floors[-1][0])])
    return table(["as a CGI program", "µs", "of the floor"], rows)


def automx2(server):
    """Installs automx2 from PyPI and runs it by gunicorn with its own sample data, as its port; None where that fails."""
    folder, port = server.folder / "automx2", harness.free_port()
    for command in ([sys.executable, "-m", "venv", folder], [folder / "bin/pip", "-q", "install", "automx2", "gunicorn"]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            print(f"automx2 is not measured: {done.stderr[-300:]}")
            return None
    settings = server.write("automx2.conf", f"[automx2]\ndb_uri = sqlite:///{folder}/db\n")
    server.run(folder / "bin/gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", "automx2.server:app", cwd=folder,
               env=os.environ | {"AUTOMX2_CONF": str(settings)}, ready=lambda: server.answers(port))
    urllib.request.urlopen(f"http://127.0.0.1:{port}/initdb/").read()
    return port


def through_apache(bench):
    """The whole way: a connection, the server, the program, the answer."""
    found = {}
    for mpm in load.WORKERS:
        with harness.Apache() as apache:
            program = harness.install(apache.folder / "program/autodiscover.cgi", bench.program)
            for floor, name in ((bench.musl, "floor-musl"), (bench.glibc, "floor-glibc")):
                if floor:
                    harness.install(apache.folder / f"program/{name}", floor)
            apache.write("program/static.xml", bench.run(Q["POX"], bench.program)[0].partition(b"\r\n\r\n")[2])
            shutil.copytree(bench.config, apache.folder / "config")
            scripts = {"a static file": ("static.xml", None), "floor, C with musl": ("floor-musl", "cgi"),
                       "floor, C with glibc": ("floor-glibc", "cgi"), "autodiscover": ("autodiscover.cgi", "cgi")}
            if harness.tool("fcgiwrap"):
                # Apache's processes write to the socket as another user.
                apache.run(harness.tool("fcgiwrap"), "-f", "-c", "4", "-s", f"unix:{apache.folder}/fcgiwrap.socket", umask=0,
                           ready=(apache.folder / "fcgiwrap.socket").exists)
                scripts["autodiscover by fcgiwrap"] = ("autodiscover.cgi", "fcgiwrap.socket")
            for name, tool, source in interpreters():
                apache.write(f"program/{name}", source.read_text(), 0o755)
                scripts[name] = (name, "cgi")
                if name == "php-fpm":
                    # Its first line is for CGI, and its name has to have this end.
                    apache.write(f"program/{name}.php", source.read_text().partition("\n")[2])
                    apache.write("fpm.conf", f"[global]\nerror_log = {apache.folder}/fpm.log\n[www]\nlisten = {apache.folder}/fpm.socket\n"
                                 "listen.mode = 0666\npm = static\npm.max_children = 4\nuser = nobody\n")
                    apache.run(tool, "--nodaemonize", "--fpm-config", apache.folder / "fpm.conf",
                               ready=(apache.folder / "fpm.socket").exists)
                    scripts[name] = (f"{name}.php", "fpm.socket")
            lines, paths = [load.WORKERS[mpm], "KeepAlive Off", f'SetEnv AUTODISCOVER_CONFIG "{apache.folder}/config/autodiscover.toml"',
                            "SetEnv REDIRECT_STATUS 200", f'<Directory "{apache.folder}/program">\n    Require all granted\n</Directory>'], {}
            for at, (name, (file, way)) in enumerate(scripts.items()):
                paths[name], target = f"/{at}", apache.folder / "program" / file
                if way is None:
                    lines.append(f'Alias /{at} "{target}"')
                elif way == "cgi":
                    lines.append(f'ScriptAlias /{at} "{target}"')
                else:
                    lines.append(f"""<Location /{at}>
    Require all granted
    SetHandler "proxy:unix:{apache.folder}/{way}|fcgi://localhost/"
    ProxyFCGISetEnvIf true SCRIPT_FILENAME "{target}"
</Location>""")
            if port := automx2(apache):
                paths["automx2 by gunicorn"] = "/automx2"
                lines.append(f"ProxyPass /automx2 http://127.0.0.1:{port}{XML}")
            apache.start("\n".join(lines), mpm, ["proxy", "proxy_http", "proxy_fcgi"])
            for name, path in paths.items():
                first = load.load(apache.http, path, 20, 1)
                assert not first.errors, f"{name}: {first.errors[0]}\n{apache.log()}"
                # Two seconds each.
                requests = int(min(2000, max(60, 2000 / first.median)))
                one, many = load.load(apache.http, path, requests, 1), load.load(apache.http, path, requests, 8)
                assert not one.errors + many.errors, one.errors + many.errors
                found.setdefault(name, []).extend([number(one.median), f"{many.rate:,.0f}"])
    rows = [[name, *numbers] for name, numbers in found.items()]
    return table(["through Apache 2.4", "ms, event with mod_cgid", "requests/s", "ms, prefork with mod_cgi", "requests/s"], rows)


def growth(bench):
    rows = [[f"{count:,} files in `domains/`", number(bench.with_files(count)), ""] for count in FILES]
    for count in NAMES:
        with bench.listed(count) as asked:
            assert asked[2] in bench.run(asked, bench.program)[0]
            rows.append([f"{count:,} names in `domains`", number(bench.instructions(asked)),
                         number(bench.paired(asked, 60, bench.program)[0][0] / 1000)])
    return table(["a POX request with", "instructions", "ms"], rows)


def write_table(bench):
    made = machine()
    if bench.cpuid:
        made += f"One CPUID takes {bench.run(Q['POX'], bench.cpuid, '/bin/true')[1].split()[1]} µs here.\n\n"
    for part in (each_request, other_programs, through_apache, growth):
        made += part(bench)
        print(f"{part.__name__} is done", flush=True)
    before, begin, rest = README.read_text().partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    assert begin and end, f"{README} has no marks"
    README.write_text(f"{before}{begin}\n{made}{end}{after}")


if __name__ == "__main__":
    if options := set(sys.argv[1:]) & {"--limits", "--table"}:
        with harness.folder() as work:
            measured = Bench(work)
            if "--limits" in options:
                write_limits(measured)
            if "--table" in options:
                write_table(measured)
    else:
        harness.main("bench")

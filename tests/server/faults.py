"""Starts the program where something is wrong around it: streams, files and limits.

The first line of each test says what must happen.
"""

import concurrent.futures
import fcntl
import os
import signal
import subprocess
import threading
import time
import unittest
import xml.etree.ElementTree as ElementTree

import harness

ROOT = os.geteuid() == 0
UNPRIVILEGED = dict(user=65534, group=65534, extra_groups=[]) if ROOT else {}
OUTLOOK = harness.post()
CONFIG = '[imap]\nserver = "imap.{domain}"\n[smtp]\nserver = "smtp.{domain}"\n'
SERVED = 'domains = ["example.org"]\n' + CONFIG
# How long the program waits for a body, and the most that a busy machine may add to anything.
PATIENCE = 10
SLACK = 5


def environment(path, **variables):
    env = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_METHOD": "POST",
        "REQUEST_URI": "/autodiscover/autodiscover.xml",
        "SERVER_NAME": "autodiscover.example.org",
        "CONTENT_LENGTH": str(len(OUTLOOK)),
    }
    if path:
        env["AUTODISCOVER_CONFIG"] = str(path)
    return env | variables


def answer(out):
    """The status and the document of exactly one well-formed answer."""
    status, headers, body = harness.cgi_answer(out)
    assert int(headers["Content-Length"]) == len(body), f"{headers['Content-Length']}, but {len(body)} bytes"
    return status, ElementTree.fromstring(body)


def text(document, name):
    return document.findtext(f".//{{*}}{name}")


def settings(out, server="imap.example.org"):
    status, document = answer(out)
    assert (status, text(document, "Server")) == (200, server), out


def refused(out, status, code):
    actual, document = answer(out)
    assert (actual, text(document, "ErrorCode")) == (status, str(code)), out


def timed(function, least, most):
    begin = time.monotonic()
    function()
    took = time.monotonic() - begin
    assert least <= took <= most, f"it took {took:.1f} s, not {least} to {most}"


def sending(process, pieces, pause):
    """Writes until the pieces or the program end; standard input stays open."""
    try:
        for piece in pieces:
            process.stdin.write(piece)
            process.stdin.flush()
            time.sleep(pause)
    except BrokenPipeError:
        pass


class Faults(unittest.TestCase):
    # In a folder of its own: without a configuration beside it.
    program = None

    def setUp(self):
        self.folder = self.enterContext(harness.folder())
        self.configurations = 0

    def config(self, text=SERVED, **own):
        """A configuration folder of its own; the path of its main file."""
        self.configurations += 1
        here = self.folder / str(self.configurations)
        (here / "domains").mkdir(parents=True)
        path = here / "autodiscover.toml"
        if text is not None:
            path.write_text(text)
        for domain, text in own.items():
            (here / "domains" / f"{domain.replace('_', '.')}.toml").write_text(text)
        return path

    def start(self, env, shell='exec "$0"', **options):
        """The program, started by a shell that may first set a limit or close a stream."""
        streams = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return subprocess.Popen(["/bin/sh", "-c", shell, self.program], env=env, **(streams | options))

    def run_program(self, env, body=OUTLOOK, within=SLACK, **options):
        """Standard output and the lines of standard error of a program that must end by itself."""
        process = self.start(env, **options)
        try:
            out, err = process.communicate(body, timeout=within)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"it hangs: still there after {within} s") from None
        assert process.returncode == 0, f"it ended with {process.returncode}: {err}"
        return out, (err or b"").decode().splitlines()

    def fault(self, env, reason, path, **options):
        """603 for the client, and for the log one line that names the file and the reason."""
        out, lines = self.run_program(env, **options)
        refused(out, 500, 603)
        assert len(lines) == 1 and lines[0].startswith(f"{path}: ") and reason in lines[0], lines

    def stalled(self, pieces, pause=0.0):
        process = self.start(environment(self.config()))
        writer = threading.Thread(target=sending, args=(process, pieces, pause), daemon=True)
        writer.start()
        out = process.stdout.read()
        assert process.wait() == 0 and process.stderr.read() == b""
        writer.join()
        return out

    # ---- streams

    def test_stdout_whose_reader_is_gone(self):
        """It ends, by the signal that says so or by itself, and says nothing."""
        for ignored in (False, True):
            reader, writer = os.pipe()
            os.close(reader)
            # Python ignores SIGPIPE, and passes that on if it is told to.
            process = self.start(environment(self.config()), stdout=writer, restore_signals=not ignored)
            os.close(writer)
            _, err = process.communicate(OUTLOOK, timeout=SLACK)
            assert process.returncode in ((0,) if ignored else (0, -signal.SIGPIPE)) and err == b"", (process.returncode, err)

    def test_stdout_that_does_not_block(self):
        """The whole answer is written, however small the pipe."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        page = {"REQUEST_METHOD": "GET", "REQUEST_URI": "/?emailaddress=ada@example.org", "HTTP_ACCEPT": "text/html", "CONTENT_LENGTH": ""}
        process = self.start(environment(self.config(), **page), stdout=writer)
        os.close(writer)
        # The program fills the pipe first.
        time.sleep(0.2)
        with open(reader, "rb") as output:
            _, headers, body = harness.cgi_answer(output.read())
        process.wait(SLACK)
        self.assertGreater(len(body), 4096)
        self.assertEqual((process.returncode, len(body)), (0, int(headers["Content-Length"])))

    def test_a_signal_while_stdin_stalls(self):
        """The body is refused when patience ends, whatever signals come."""
        process = self.start(environment(self.config()))

        def interrupted():
            for _ in range(2):
                time.sleep(1)
                process.send_signal(signal.SIGSTOP)
                process.send_signal(signal.SIGCONT)
            refused(process.stdout.read(), 408, 600)
            process.communicate()

        timed(interrupted, PATIENCE - 1, PATIENCE + SLACK)

    def test_stdout_closed(self):
        """It ends with 0 and says nothing."""
        assert self.run_program(environment(self.config()), shell='exec "$0" >&-') == (b"", [])

    def test_stdout_on_a_full_disk(self):
        """It ends with 0 and says nothing: nobody is left to tell."""
        with open("/dev/full", "wb") as full:
            assert self.run_program(environment(self.config()), stdout=full) == (None, [])

    def test_help_on_a_full_disk(self):
        """The administrator's tool ends with an error, not with a crash."""
        with open("/dev/full", "wb") as full:
            process = self.start({}, stdout=full)
            process.communicate(b"", timeout=SLACK)
        assert process.returncode == 1, process.returncode

    def test_stderr_closed(self):
        """A fault is answered all the same."""
        out, _ = self.run_program(environment(self.config(None)), shell='exec "$0" 2>&-')
        refused(out, 500, 603)

    def test_stderr_on_a_full_disk(self):
        """A fault is answered all the same."""
        with open("/dev/full", "wb") as full:
            out, _ = self.run_program(environment(self.config(None)), stderr=full)
        refused(out, 500, 603)

    def test_stderr_whose_reader_is_gone(self):
        """A fault is answered all the same, even if the signal then ends the program."""
        reader, writer = os.pipe()
        os.close(reader)
        process = self.start(environment(self.config(None)), stderr=writer)
        os.close(writer)
        out, _ = process.communicate(OUTLOOK, timeout=SLACK)
        assert process.returncode in (0, -signal.SIGPIPE), process.returncode
        refused(out, 500, 603)

    def test_stdin_closed(self):
        """A POST is 400 with the 600 document; a GET needs no body."""
        out, lines = self.run_program(environment(self.config()), b"", shell='exec "$0" <&-')
        refused(out, 400, 600)
        assert lines == []
        out, _ = self.run_program(environment(self.config(), REQUEST_METHOD="GET", CONTENT_LENGTH=""), b"", shell='exec "$0" <&-')
        refused(out, 405, 600)

    def test_every_stream_closed(self):
        """It ends with 0."""
        self.run_program(environment(self.config()), shell='exec "$0" <&- >&- 2>&-')
        self.run_program(environment(self.config(None)), shell='exec "$0" <&- >&- 2>&-')

    def test_stdin_is_a_folder(self):
        """400 with the 600 document."""
        descriptor = os.open("/", os.O_RDONLY)
        out, _ = self.run_program(environment(self.config()), None, stdin=descriptor)
        os.close(descriptor)
        refused(out, 400, 600)

    def test_stdin_that_stalls(self):
        """408 with the 600 document after ten seconds."""
        timed(lambda: refused(self.stalled([]), 408, 600), PATIENCE - 1, PATIENCE + SLACK)

    def test_stdin_that_stalls_in_the_middle(self):
        """408 with the 600 document after ten seconds."""
        timed(lambda: refused(self.stalled([OUTLOOK[:100]]), 408, 600), PATIENCE - 1, PATIENCE + SLACK)

    def test_stdin_that_dribbles_for_ever(self):
        """408 with the 600 document: a byte now and then does not prolong the time."""
        pieces = [OUTLOOK[at : at + 1] for at in range(2 * (PATIENCE + SLACK))]
        timed(lambda: refused(self.stalled(pieces, 0.5), 408, 600), PATIENCE - 1, PATIENCE + SLACK)

    def test_stdin_that_dribbles(self):
        """The settings, once all of the body is there."""
        pieces = [OUTLOOK[at : at + 1] for at in range(len(OUTLOOK))]
        timed(lambda: settings(self.stalled(pieces, 0.004)), 1, PATIENCE)

    def test_stdin_that_stays_open(self):
        """The settings at once: what comes after the body is not waited for."""
        timed(lambda: settings(self.stalled([OUTLOOK])), 0, SLACK)

    def test_bytes_after_the_body(self):
        """The settings, and what does not belong to the body is left unread; a file can tell, a pipe cannot."""
        path = self.folder / "body"
        path.write_bytes(OUTLOOK + b"more")
        with open(path, "rb", buffering=0) as file:
            settings(self.run_program(environment(self.config()), None, stdin=file)[0])
            assert file.tell() == len(OUTLOOK), file.tell()

    def test_length_without_end(self):
        """413 at once, and an end of listening, whatever length is claimed and whatever comes."""
        for length in ("65537", "18446744073709551615", "9" * 400):
            env = environment(self.config(), CONTENT_LENGTH=length)
            out, _ = self.run_program(env)
            refused(out, 413, 600)
            with open("/dev/zero", "rb") as zeros:
                out, _ = self.run_program(env, None, stdin=zeros)
            refused(out, 413, 600)

    def test_length_that_lies(self):
        """400 with the 600 document."""
        for length in ("-1", "+1", "1 2", "0x10", str(len(OUTLOOK) + 1)):
            out, _ = self.run_program(environment(self.config(), CONTENT_LENGTH=length))
            refused(out, 400, 600)

    def test_refused_body_that_never_comes(self):
        """413 at once, and the program is gone ten seconds later."""
        process = self.start(environment(self.config(), CONTENT_LENGTH="1000000"))
        writer = threading.Thread(target=sending, args=(process, [b"x"] * 2 * (PATIENCE + SLACK), 0.5), daemon=True)
        writer.start()
        begin = time.monotonic()
        first = os.read(process.stdout.fileno(), 1 << 16)
        assert time.monotonic() - begin < SLACK
        refused(first, 413, 600)
        assert process.wait(PATIENCE + SLACK) == 0
        assert process.stdout.read() == b""
        writer.join()

    # ---- files

    def test_configuration_that_is_not_there(self):
        """603, never the built-in default."""
        path = self.config(None)
        self.fault(environment(path), "no such file", path)
        path.symlink_to("nowhere")
        self.fault(environment(path), "dangling symlink", path)

    def test_configuration_that_may_not_be_read(self):
        """603; the log names the file and the remedy."""
        path = self.config()
        path.chmod(0)
        self.fault(environment(path), "permission denied", path, **UNPRIVILEGED)

    def test_configuration_that_is_a_folder(self):
        """603."""
        path = self.config(None)
        path.mkdir()
        self.fault(environment(path), "it is a directory", path)

    def test_configuration_that_is_a_loop(self):
        """603."""
        path = self.config(None)
        path.symlink_to(path)
        self.fault(environment(path), "cannot be read", path)

    def test_configuration_that_is_a_pipe(self):
        """603 at once, with a writer and without."""
        path = self.config(None)
        os.mkfifo(path)
        self.fault(environment(path), "it is a pipe", path)
        descriptor = os.open(path, os.O_RDWR)
        self.fault(environment(path), "it is a pipe", path)
        os.close(descriptor)

    def test_domain_file_that_is_a_pipe(self):
        """603 at once."""
        path = self.config()
        own = path.parent / "domains/example.org.toml"
        os.mkfifo(own)
        self.fault(environment(path), "it is a pipe", own)

    def test_domain_file_that_is_empty(self):
        """The settings of the common file, as for any empty file."""
        path = self.config(CONFIG)
        (path.parent / "domains/example.org.toml").touch()
        settings(self.run_program(environment(path))[0])

    def test_domain_file_that_is_a_device(self):
        """603: a device is not opened, since that may do something."""
        path = self.config(CONFIG)
        own = path.parent / "domains/example.org.toml"
        own.symlink_to("/dev/null")
        self.fault(environment(path), "it is a pipe, a socket or a device", own)

    def test_configuration_without_end(self):
        """603 after 1 MiB, in little memory."""
        path = self.config(None)
        path.write_bytes(b"#" * (64 << 20))
        self.fault(environment(path), "longer than 1 MiB", path, shell='ulimit -v 16384 && exec "$0"')

    def test_domains_that_is_a_file(self):
        """603: nobody lays one there on purpose."""
        path = self.config()
        (path.parent / "domains").rmdir()
        (path.parent / "domains").write_text("")
        self.fault(environment(path), "must be a directory", path.parent / "domains")

    def test_domain_file_replaced_while_it_is_read(self):
        """One of the two answers, each of 2,000 times."""
        path = self.config(example_org="")
        own = path.parent / "domains/example.org.toml"
        servers = ("one.example.org", "two.example.org")
        done = threading.Event()

        def replace():
            new = path.parent / "new"
            while not done.is_set():
                for server in servers:
                    # Long enough to need more than one read.
                    new.write_text("# comment\n" * 2000 + f'[imap]\nserver = "{server}"\n')
                    new.rename(own)

        def ask(_):
            status, document = answer(self.run_program(environment(path), within=4 * SLACK)[0])
            assert status == 200
            return text(document, "Server")

        replacing = threading.Thread(target=replace)
        own.write_text(f'[imap]\nserver = "{servers[0]}"\n')
        replacing.start()
        try:
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                seen = set(pool.map(ask, range(2000)))
        finally:
            done.set()
            replacing.join()
        assert seen == set(servers), seen

    def test_no_files_but_itself(self):
        """The built-in default in a root folder without /proc, and the file beside the program once there is one."""
        if not ROOT:
            self.skipTest("chroot takes root")
        # A program that is copied while another thread starts one may be busy when it is started.
        os.link(self.program, self.folder / "autodiscover.cgi")

        def ask(**variables):
            env = environment(None, PATH=os.environ["PATH"], **variables)
            done = subprocess.run(["chroot", self.folder, "/autodiscover.cgi"], input=OUTLOOK, env=env,
                                  capture_output=True, timeout=SLACK)
            assert (done.returncode, done.stderr) == (0, b""), done
            return done.stdout

        settings(ask())
        (self.folder / "autodiscover.toml").write_text(SERVED.replace("imap.{", "beside.{"))
        settings(ask(), "beside.example.org")
        settings(ask(AUTODISCOVER_CONFIG="/autodiscover.toml"), "beside.example.org")

    def test_working_folder_that_is_gone(self):
        """The settings."""
        path = self.config()
        gone = self.folder / "gone"
        gone.mkdir()
        settings(self.run_program(environment(path), shell=f'cd "{gone}" && rmdir "{gone}" && exec "$0"')[0])

    # ---- limits

    def test_little_memory(self):
        """The settings within 16 MiB, and a refusal of the longest body."""
        path = self.config()
        limited = 'ulimit -v 16384 && exec "$0"'
        settings(self.run_program(environment(path), shell=limited)[0])
        long = b"<a>" + b"x" * (65536 - 3)
        refused(self.run_program(environment(path, CONTENT_LENGTH="65536"), long, shell=limited)[0], 200, 600)

    def test_too_little_memory(self):
        """One line for the log."""
        path = self.config("domains = [" + ", ".join(f'"d{number}.example"' for number in range(40_000)) + "]\n" + CONFIG)
        line = b"out of memory; raise the limit of the process, such as RLimitMEM of Apache\n"
        ends = set()
        # Below the first the executable does not start, with the last there is enough.
        for limit in range(2000, 24000, 1000):
            process = self.start(environment(path), shell=f'ulimit -v {limit} && exec "$0"')
            out, err = process.communicate(OUTLOOK)
            ends.add((process.returncode, err) if not out else (process.returncode, b"answered"))
        self.assertEqual(ends - {(-signal.SIGKILL, b""), (-signal.SIGSEGV, b"")}, {(1, line), (0, b"answered")})

    def test_little_stack(self):
        """The settings with 256 KiB, however deep the elements of a body are nested."""
        path = self.config()
        limited = 'ulimit -s 256 && exec "$0"'
        settings(self.run_program(environment(path), shell=limited)[0])
        deep = b"<a>" * 21000
        refused(self.run_program(environment(path, CONTENT_LENGTH=str(len(deep))), deep, shell=limited)[0], 200, 600)

    def test_no_further_process(self):
        """The settings: it never needs one."""
        limited = '{ ulimit -u 0 2>/dev/null || ulimit -p 0; } && exec "$0"'
        settings(self.run_program(environment(self.config()), shell=limited, **UNPRIVILEGED)[0])

    def test_no_file_to_write(self):
        """The settings where no file may grow."""
        settings(self.run_program(environment(self.config()), shell='ulimit -f 0 && exec "$0"')[0])

    def test_few_descriptors(self):
        """The settings with one file open at a time; a fault that is answered when there is not even that."""
        path = self.config(example_org="")
        settings(self.run_program(environment(path), shell='ulimit -n 4 && exec "$0"')[0])
        self.fault(environment(path), "cannot be read", path, shell='ulimit -n 3 && exec "$0"')

    def test_empty_environment(self):
        """From a shell, even without standard input, it prints its help and ends with 0."""
        out, lines = self.run_program({}, b"", shell='exec "$0" <&-')
        assert b"Usage" in out and lines == [], (out, lines)

    def test_environment_of_a_mebibyte(self):
        """The settings."""
        path = self.config()
        settings(self.run_program(environment(path, **{f"HTTP_X_{number}": "x" * 65000 for number in range(16)}))[0])

    def test_variables_as_long_as_can_be(self):
        """An answer to each; Linux allows 128 KiB."""
        path = self.config()
        for name in ("REQUEST_URI", "QUERY_STRING", "HTTP_HOST", "SERVER_NAME", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE"):
            for piece in ("%", "%41", "/", "a", ".", "\udcff", "&=", ","):
                value = piece * (100_000 // len(piece))
                for method in ("POST", "GET"):
                    out, _ = self.run_program(environment(path, **{name: value, "REQUEST_METHOD": method}))
                    assert harness.cgi_answer(out).headers["Content-Type"]
        path = "/" + "x" * 100_000
        self.fault(environment(path), "cannot be read", path)


if __name__ == "__main__":
    with harness.folder() as place:
        Faults.program = harness.install(place / "autodiscover.cgi")
        # Most of the time is spent on waiting for the program to lose patience.
        harness.main("faults", at_once=True)

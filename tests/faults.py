"""Starts the program where something is wrong around it; tests/faults.sh calls this.

    faults.py PROGRAM

Each function below is a test, and its first line says what must happen.
"""

import concurrent.futures
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree

ROOT = os.geteuid() == 0
NOBODY = 65534
OUTLOOK = (pathlib.Path(__file__).parent / "bench/request.xml").read_bytes()
CONFIG = '[imap]\nserver = "imap.{domain}"\n[smtp]\nserver = "smtp.{domain}"\n'
SERVED = 'domains = ["example.org"]\n' + CONFIG
# How long the program waits for a body, and the most that a busy machine may add to anything.
PATIENCE = 10
SLACK = 5

folder = pathlib.Path(tempfile.mkdtemp())
folder.chmod(0o755)
program = folder / "autodiscover.cgi"
tests = []


def test(function):
    tests.append(function)
    return function


class Skip(Exception):
    pass


# ---- starting the program, and reading what it says


def config(name, text=SERVED, **own):
    """A configuration folder; the path of its main file."""
    here = folder / name
    (here / "domains").mkdir(parents=True)
    path = here / "autodiscover.toml"
    if text is not None:
        path.write_text(text)
    for domain, text in own.items():
        (here / "domains" / f"{domain.replace('_', '.')}.toml").write_text(text)
    return path


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


def start(env, shell='exec "$0"', **options):
    """The program, started by a shell that may first set a limit or close a stream."""
    streams = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return subprocess.Popen(["/bin/sh", "-c", shell, str(program)], env=env, **(streams | options))


def run(env, body=OUTLOOK, within=SLACK, **options):
    """Standard output and the lines of standard error of a program that must end by itself."""
    process = start(env, **options)
    try:
        out, err = process.communicate(body, timeout=within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise AssertionError(f"it hangs: still there after {within} s") from None
    assert process.returncode == 0, f"it ended with {process.returncode}: {err}"
    return out, (err or b"").decode().splitlines()


def answer(out):
    """The status and the document of exactly one well-formed answer."""
    head, blank, body = out.partition(b"\r\n\r\n")
    assert blank, f"no answer: {out}"
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    assert int(headers["Content-Length"]) == len(body), f"{headers['Content-Length']}, but {len(body)} bytes"
    return int(headers.get("Status", "200").split()[0]), ElementTree.fromstring(body)


def text(document, name):
    found = next((element for element in document.iter() if element.tag.endswith("}" + name)), None)
    return None if found is None else found.text


def settings(out, server="imap.example.org"):
    status, document = answer(out)
    assert (status, text(document, "Server")) == (200, server), out


def refused(out, status, code):
    actual, document = answer(out)
    assert (actual, text(document, "ErrorCode")) == (status, str(code)), out


def fault(env, reason, path, **options):
    """603 for the client, and for the log one line that names the file and the reason."""
    out, lines = run(env, **options)
    refused(out, 500, 603)
    assert len(lines) == 1 and lines[0].startswith(f"{path}: ") and reason in lines[0], lines


def timed(function, least, most):
    begin = time.monotonic()
    function()
    took = time.monotonic() - begin
    assert least <= took <= most, f"it took {took:.1f} s, not {least} to {most}"


# ---- streams


@test
def stdout_whose_reader_is_gone():
    """It ends, by the signal that says so or by itself, and says nothing."""
    for ignored in (False, True):
        reader, writer = os.pipe()
        os.close(reader)
        # Python ignores SIGPIPE, and passes that on if it is told to.
        process = start(environment(config(f"gone-{ignored}")), stdout=writer, restore_signals=not ignored)
        os.close(writer)
        _, err = process.communicate(OUTLOOK, timeout=SLACK)
        assert process.returncode in ((0,) if ignored else (0, -signal.SIGPIPE)) and err == b"", (process.returncode, err)


@test
def stdout_closed():
    """It ends with 0 and says nothing."""
    assert run(environment(config("stdout-closed")), shell='exec "$0" >&-') == (b"", [])


@test
def stdout_on_a_full_disk():
    """It ends with 0 and says nothing: nobody is left to tell."""
    with open("/dev/full", "wb") as full:
        assert run(environment(config("full")), stdout=full) == (None, [])


@test
def help_on_a_full_disk():
    """The administrator's tool ends with an error, not with a crash."""
    with open("/dev/full", "wb") as full:
        process = start({}, stdout=full)
        process.communicate(b"", timeout=SLACK)
    assert process.returncode == 1, process.returncode


@test
def stderr_closed():
    """A fault is answered all the same."""
    out, _ = run(environment(config("stderr-closed", None)), shell='exec "$0" 2>&-')
    refused(out, 500, 603)


@test
def stderr_on_a_full_disk():
    """A fault is answered all the same."""
    with open("/dev/full", "wb") as full:
        out, _ = run(environment(config("stderr-full", None)), stderr=full)
    refused(out, 500, 603)


@test
def stderr_whose_reader_is_gone():
    """A fault is answered all the same, even if the signal then ends the program."""
    reader, writer = os.pipe()
    os.close(reader)
    process = start(environment(config("stderr-gone", None)), stderr=writer)
    os.close(writer)
    out, _ = process.communicate(OUTLOOK, timeout=SLACK)
    assert process.returncode in (0, -signal.SIGPIPE), process.returncode
    refused(out, 500, 603)


@test
def stdin_closed():
    """A POST is 400 with the 600 document; a GET needs no body."""
    out, lines = run(environment(config("stdin-closed")), b"", shell='exec "$0" <&-')
    refused(out, 400, 600)
    assert lines == []
    out, _ = run(environment(config("get"), REQUEST_METHOD="GET", CONTENT_LENGTH=""), b"", shell='exec "$0" <&-')
    refused(out, 405, 600)


@test
def every_stream_closed():
    """It ends with 0."""
    run(environment(config("closed")), shell='exec "$0" <&- >&- 2>&-')
    run(environment(config("closed-and-wrong", None)), shell='exec "$0" <&- >&- 2>&-')


@test
def stdin_is_a_folder():
    """400 with the 600 document."""
    descriptor = os.open("/", os.O_RDONLY)
    out, _ = run(environment(config("folder-as-stdin")), None, stdin=descriptor)
    os.close(descriptor)
    refused(out, 400, 600)


def sending(process, pieces, pause):
    """Writes until the pieces or the program end; standard input stays open."""
    try:
        for piece in pieces:
            process.stdin.write(piece)
            process.stdin.flush()
            time.sleep(pause)
    except BrokenPipeError:
        pass


def stalled(name, pieces, pause=0.0):
    process = start(environment(config(name)))
    writer = threading.Thread(target=sending, args=(process, pieces, pause), daemon=True)
    writer.start()
    out = process.stdout.read()
    assert process.wait() == 0 and process.stderr.read() == b""
    writer.join()
    return out


@test
def stdin_that_stalls():
    """408 with the 600 document after ten seconds."""
    timed(lambda: refused(stalled("stalls", []), 408, 600), PATIENCE - 1, PATIENCE + SLACK)


@test
def stdin_that_stalls_in_the_middle():
    """408 with the 600 document after ten seconds."""
    timed(lambda: refused(stalled("halts", [OUTLOOK[:100]]), 408, 600), PATIENCE - 1, PATIENCE + SLACK)


@test
def stdin_that_dribbles_for_ever():
    """408 with the 600 document: a byte now and then does not prolong the time."""
    pieces = [OUTLOOK[at : at + 1] for at in range(2 * (PATIENCE + SLACK))]
    timed(lambda: refused(stalled("dribbles", pieces, 0.5), 408, 600), PATIENCE - 1, PATIENCE + SLACK)


@test
def stdin_that_dribbles():
    """The settings, once all of the body is there."""
    pieces = [OUTLOOK[at : at + 1] for at in range(len(OUTLOOK))]
    timed(lambda: settings(stalled("dribbled", pieces, 0.004)), 1, PATIENCE)


@test
def stdin_that_stays_open():
    """The settings at once: what comes after the body is not waited for."""
    timed(lambda: settings(stalled("stays-open", [OUTLOOK])), 0, SLACK)


@test
def length_without_end():
    """413 at once, and an end of listening, whatever length is claimed and whatever comes."""
    for length in ("65537", "18446744073709551615", "9" * 400):
        env = environment(config(f"length-{len(length)}"), CONTENT_LENGTH=length)
        out, _ = run(env)
        refused(out, 413, 600)
        with open("/dev/zero", "rb") as zeros:
            out, _ = run(env, None, stdin=zeros)
        refused(out, 413, 600)


@test
def length_that_lies():
    """400 with the 600 document."""
    for length in ("-1", "+1", "1 2", "0x10", str(len(OUTLOOK) + 1)):
        out, _ = run(environment(config(f"lies-{length}"), CONTENT_LENGTH=length))
        refused(out, 400, 600)


@test
def refused_body_that_never_comes():
    """413 at once, and the program is gone ten seconds later."""
    process = start(environment(config("never-comes"), CONTENT_LENGTH="1000000"))
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


@test
def configuration_that_is_not_there():
    """603, never the built-in default."""
    path = config("absent", None)
    fault(environment(path), "no such file", path)
    path.symlink_to("nowhere")
    fault(environment(path), "no such file", path)


@test
def configuration_that_may_not_be_read():
    """603; the log names the file and the remedy."""
    path = config("secret")
    path.chmod(0)
    options = dict(user=NOBODY, group=NOBODY, extra_groups=[]) if ROOT else {}
    fault(environment(path), "permission denied", path, **options)


@test
def configuration_that_is_a_folder():
    """603."""
    path = config("folder", None)
    path.mkdir()
    fault(environment(path), "it is a folder", path)


@test
def configuration_that_is_a_loop():
    """603."""
    path = config("loop", None)
    path.symlink_to(path)
    fault(environment(path), "cannot be read", path)


@test
def configuration_that_is_a_pipe():
    """603 at once, with a writer and without."""
    path = config("pipe", None)
    os.mkfifo(path)
    fault(environment(path), "it is a pipe", path)
    descriptor = os.open(path, os.O_RDWR)
    fault(environment(path), "it is a pipe", path)
    os.close(descriptor)


@test
def domain_file_that_is_a_pipe():
    """603 at once."""
    path = config("domain-pipe")
    own = path.parent / "domains/example.org.toml"
    os.mkfifo(own)
    fault(environment(path), "it is a pipe", own)


@test
def domain_file_that_is_empty():
    """The settings of the common file, as for any empty file."""
    path = config("null", CONFIG)
    (path.parent / "domains/example.org.toml").symlink_to("/dev/null")
    settings(run(environment(path))[0])


@test
def configuration_without_end():
    """603 after 1 MiB, in little memory."""
    path = config("endless", None)
    path.symlink_to("/dev/zero")
    fault(environment(path), "longer than 1 MiB", path, shell='ulimit -v 16384 && exec "$0"')


@test
def domains_that_is_a_file():
    """The settings of the common file: no domain has its own."""
    path = config("flat")
    (path.parent / "domains").rmdir()
    (path.parent / "domains").write_text("")
    settings(run(environment(path))[0])


@test
def domain_file_replaced_while_it_is_read():
    """One of the two answers, each of 2,000 times."""
    path = config("replaced", example_org="")
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
        status, document = answer(run(environment(path), within=4 * SLACK)[0])
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


@test
def no_files_but_itself():
    """The built-in default in a root folder without /proc, and the file beside the program once there is one."""
    if not ROOT:
        raise Skip("chroot takes root")
    bare = folder / "bare"
    bare.mkdir()
    shutil.copy(program, bare / "autodiscover.cgi")
    command = ["chroot", str(bare), "/autodiscover.cgi"]
    ask = lambda env: subprocess.run(command, input=OUTLOOK, env=env, capture_output=True, timeout=SLACK)
    env = environment(None, PATH=os.environ["PATH"])
    done = ask(env)
    assert (done.returncode, done.stderr) == (0, b""), done
    settings(done.stdout)
    (bare / "autodiscover.toml").write_text(SERVED.replace("imap.{", "beside.{"))
    settings(ask(env).stdout, "beside.example.org")
    settings(ask(env | {"AUTODISCOVER_CONFIG": "/autodiscover.toml"}).stdout, "beside.example.org")


@test
def working_folder_that_is_gone():
    """The settings."""
    path = config("elsewhere")
    (folder / "vanishing").mkdir()
    settings(run(environment(path), shell=f'cd "{folder}/vanishing" && rmdir "{folder}/vanishing" && exec "$0"')[0])


# ---- limits


@test
def little_memory():
    """The settings within 16 MiB, and a refusal of the longest body."""
    path = config("memory")
    limited = 'ulimit -v 16384 && exec "$0"'
    settings(run(environment(path), shell=limited)[0])
    long = b"<a>" + b"x" * (65536 - 3)
    refused(run(environment(path, CONTENT_LENGTH="65536"), long, shell=limited)[0], 200, 600)


@test
def little_stack():
    """The settings with 256 KiB, however deep the elements of a body are nested."""
    path = config("stack")
    limited = 'ulimit -s 256 && exec "$0"'
    settings(run(environment(path), shell=limited)[0])
    deep = b"<a>" * 21000
    refused(run(environment(path, CONTENT_LENGTH=str(len(deep))), deep, shell=limited)[0], 200, 600)


@test
def no_further_process():
    """The settings: it never needs one."""
    options = dict(user=NOBODY, group=NOBODY, extra_groups=[]) if ROOT else {}
    settings(run(environment(config("processes")), shell='{ ulimit -u 0 2>/dev/null || ulimit -p 0; } && exec "$0"', **options)[0])


@test
def no_file_to_write():
    """The settings where no file may grow."""
    settings(run(environment(config("file-size")), shell='ulimit -f 0 && exec "$0"')[0])


@test
def few_descriptors():
    """The settings with one file open at a time; a fault that is answered when there is not even that."""
    path = config("descriptors", example_org="")
    settings(run(environment(path), shell='ulimit -n 4 && exec "$0"')[0])
    fault(environment(path), "cannot be read", path, shell='ulimit -n 3 && exec "$0"')


@test
def empty_environment():
    """From a shell, even without standard input, it prints its help and ends with 0."""
    out, lines = run({}, b"", shell='exec "$0" <&-')
    assert b"Usage" in out and lines == [], (out, lines)


@test
def environment_of_a_mebibyte():
    """The settings."""
    path = config("large")
    settings(run(environment(path, **{f"HTTP_X_{number}": "x" * 65000 for number in range(16)}))[0])


@test
def variables_as_long_as_can_be():
    """An answer to each; Linux allows 128 KiB."""
    path = config("long")
    for name in ("REQUEST_URI", "QUERY_STRING", "HTTP_HOST", "SERVER_NAME", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE"):
        for piece in ("%", "%41", "/", "a", ".", "\udcff", "&=", ","):
            value = piece * (100_000 // len(piece))
            for method in ("POST", "GET"):
                status, _, _ = run(environment(path, **{name: value, "REQUEST_METHOD": method}))[0].partition(b"\r\n\r\n")
                assert b"Content-Type: " in status
    fault(environment(config("file-name") and "/" + "x" * 100_000), "cannot be read", "/" + "x" * 100_000)


# ----


def outcome(function):
    try:
        function()
    except Skip as reason:
        return "skipped", str(reason)
    except Exception as error:
        return "failed", f"{type(error).__name__}: {error}"
    return "passed", ""


def main():
    shutil.copy(sys.argv[1], program)
    program.chmod(0o755)
    counts = dict(passed=0, failed=0, skipped=0)
    # Most of the time is spent on waiting for the program to lose patience.
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        for function, (verdict, reason) in zip(tests, pool.map(outcome, tests)):
            counts[verdict] += 1
            if verdict != "passed":
                print(f"{verdict.upper()} {function.__name__}: {function.__doc__}\n    {reason[:2000]}")
    print("faults: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    sys.exit(counts["failed"] > 0 or counts["passed"] == 0)


try:
    main()
finally:
    shutil.rmtree(folder, ignore_errors=True)

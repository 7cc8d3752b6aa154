"""Sends the cases of tests/cases to a running Apache and compares the answers; tests/apache.sh starts it.

    apache.py LAYOUT FOLDER HTTPS_PORT HTTP_PORT

What a case says with CGI variables is said here with a request.
What Apache would never hand to a CGI program is skipped, and each reason is printed with its count.
"""

import collections
import http.client
import os
import pathlib
import re
import shutil
import socket
import ssl
import sys
import time
import urllib.parse

LAYOUT, FOLDER, HTTPS_PORT, HTTP_PORT = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
HOSTING = LAYOUT == "hosting"
CONFIG = FOLDER / ("site/cgi-bin" if HOSTING else "config")
PROGRAM = FOLDER / ("site/cgi-bin" if HOSTING else "program") / "autodiscover.cgi"
TESTS = pathlib.Path(__file__).parent
HOST = "autodiscover.example.org"
# Where a customer's site really lives; its other names are redirected here.
WWW = "www.example.org"

DISCOVERY = re.compile(
    r"/autodiscover/autodiscover\.xml/?"
    r"|/autodiscover/autodiscover\.json(/.*)?"
    r"|/(v1\.1/)?mail/config-v1\.1\.xml/?"
    r"|/\.well-known/autoconfig/mail/config-v1\.1\.xml/?"
    r"|/\.well-known/user-agent-configuration\.json/?"
    r"|/mail/[^/]+\.mobileconfig/?",
    re.I,
)
PAGE = re.compile(r"/(mail/?)?", re.I)
PAGE_HOST = re.compile(r"(autodiscover|autoconfig|ua-auto-config)\.", re.I)

# The variables that a request decides, or that change no answer.
KNOWN = {
    "AUTODISCOVER_CONFIG", "CONTENT_LENGTH", "CONTENT_TYPE", "GATEWAY_INTERFACE", "HTTPS", "PATH_INFO",
    "QUERY_STRING", "REMOTE_ADDR", "REQUEST_METHOD", "REQUEST_SCHEME", "REQUEST_URI", "SCRIPT_NAME",
    "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE",
}

OUTLOOK = (pathlib.Path(__file__).parent / "bench/request.xml").read_bytes()

# Stands in for the program, to see what Apache hands over.
PROBE = b"""#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
env
echo '--body--'
cat
"""

passed = failed = 0
skipped = collections.defaultdict(list)


def report(name, problems):
    global passed, failed
    if not problems:
        passed += 1
        return
    failed += 1
    print(f"FAILED {LAYOUT}: {name}")
    for problem in problems:
        print(f"    {problem}")


class Skip(Exception):
    pass


# One context: loading the certificate anew for each request takes longer than the request.
TLS = ssl.create_default_context(cafile=str(FOLDER / "cert.pem"))
# A case may ask for any host, and the certificate knows but a few.
TLS.check_hostname = False


def ask(method, target, headers=(), body=None, host=HOST, tls=True, chunked=False):
    """A request as bytes: an HTTP library would tidy up what some cases are about."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    data = b"" if body is None else body
    if chunked:
        if not any(name.lower() == "transfer-encoding" for name, _ in headers):
            lines.append("Transfer-Encoding: chunked")
        # Two chunks, so that the length of the first is not that of the body.
        pieces = [piece for piece in (data[:100], data[100:]) if piece]
        data = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    elif body is not None:
        lines.append(f"Content-Length: {len(data)}")
    message = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + data
    with socket.create_connection(("127.0.0.1", HTTPS_PORT if tls else HTTP_PORT), timeout=20) as connection:
        if tls:
            connection = TLS.wrap_socket(connection, server_hostname=HOST)
        # No answer, or half of one, is an outcome to report and no reason to stop.
        try:
            connection.sendall(message)
            answer = http.client.HTTPResponse(connection, method=method)
            answer.begin()
            text = answer.read()
        except (http.client.HTTPException, OSError) as error:
            return 0, http.client.HTTPMessage(), repr(error).encode()
        finally:
            connection.close()
    return answer.status, answer.headers, text


# ---- cases


def variables(case):
    """The lines of env; a \\xNN stands for a byte, and a byte for the character of its number."""
    path = case / "env"
    lines = path.read_bytes().decode("latin-1").splitlines() if path.exists() else []
    env = dict(line.split("=", 1) for line in lines if line)
    return {name: re.sub(r"\\x([0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), value) for name, value in env.items()}


def target(env, method):
    if uri := env.get("REQUEST_URI"):
        query = env.get("QUERY_STRING")
        if query and "?" in uri and uri.split("?", 1)[1] != query:
            raise Skip("REQUEST_URI and QUERY_STRING contradict each other")
        return uri + "?" + query if query and "?" not in uri else uri
    if path := env.get("SCRIPT_NAME", "") + env.get("PATH_INFO", ""):
        query = env.get("QUERY_STRING")
        return urllib.parse.quote(path, safe="/@") + ("?" + query if query else "")
    if method == "POST":
        return "/Autodiscover/Autodiscover.xml"
    raise Skip("no path")


def translate(case, env):
    """Arguments for ask(), and whether the path is one that Apache hands to the program."""
    if unknown := [n for n in env if n not in KNOWN and not n.startswith("HTTP_")]:
        raise Skip(f"Apache does not set {unknown[0]}")
    if env.get("AUTODISCOVER_CONFIG", "[CONFIG]/autodiscover.toml") != "[CONFIG]/autodiscover.toml":
        raise Skip("the configuration is at another place")
    method = env.get("REQUEST_METHOD") or "POST"
    if method in ("OPTIONS", "TRACE", "CONNECT"):
        raise Skip(f"Apache answers {method} itself")

    uri = target(env, method)
    if not re.fullmatch(r"(https?://[A-Za-z0-9.:-]+)?/([A-Za-z0-9/?@!$&'()*+,;=:._~-]|%[0-9A-Fa-f]{2})*", uri):
        raise Skip("Apache refuses this request line")
    if len(uri) > 8000:
        raise Skip("Apache refuses a request line of this length")
    path = re.sub(r"^https?://[^/]*", "", uri).split("?", 1)[0]
    if "%00" in path:
        raise Skip("Apache refuses a NUL in a path")
    if re.search("%2f", path, re.I) and (HOSTING or not re.match(r"/autodiscover/autodiscover\.json/", path, re.I)):
        raise Skip("Apache refuses an encoded slash")

    host = env.get("HTTP_HOST") or env.get("SERVER_NAME") or ""
    if not host:
        if "HTTP_HOST" in env or not path.lower().endswith("autodiscover.xml"):
            raise Skip("HTTP/1.1 has a Host, and this answer depends on it")
        host = HOST
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]+)?", host) or ".." in host:
        raise Skip("Apache refuses this Host")

    decoded = urllib.parse.unquote(path, "latin-1")
    ours = bool(DISCOVERY.fullmatch(decoded))
    if PAGE.fullmatch(decoded):
        ours = not HOSTING or bool(PAGE_HOST.match(host))
    if HOSTING and decoded.startswith("/cgi-bin/"):
        host, ours = WWW, decoded == "/cgi-bin/autodiscover.cgi"

    length, body = env.get("CONTENT_LENGTH"), None
    if (case / "request.xml").exists():
        body = (case / "request.xml").read_bytes()
    chunked = bool(env.get("HTTP_TRANSFER_ENCODING"))
    if chunked and (length != "" or env["HTTP_TRANSFER_ENCODING"].lower() != "chunked"):
        raise Skip("Apache refuses this Transfer-Encoding")
    if not chunked and length is not None and length != ("" if body is None else str(len(body))):
        if (length, body) != ("0", None):
            raise Skip("CONTENT_LENGTH that is not the body's length")

    headers = [("Content-Type", env["CONTENT_TYPE"])] if env.get("CONTENT_TYPE") else []
    for name, value in env.items():
        if name.startswith("HTTP_") and name not in ("HTTP_HOST", "HTTP_CONNECTION", "HTTP_EXPECT") and value:
            if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
                raise Skip("Apache refuses a control character in a header")
            headers.append((name[5:].replace("_", "-").title(), value))
    return dict(method=method, target=uri, headers=headers, body=body, host=host, chunked=chunked), ours


def configure(case):
    """Lays the configuration of a case where this layout has its own."""
    source = case / "config" if (case / "config").is_dir() else TESTS / "config"
    if HOSTING and not (source / "autodiscover.toml").exists():
        raise Skip("without a file there, the one beside the program is looked for")
    (CONFIG / "autodiscover.toml").unlink(missing_ok=True)
    shutil.rmtree(CONFIG / "domains", ignore_errors=True)
    shutil.copytree(source, CONFIG, dirs_exist_ok=True)
    # The web server's user reads it, whatever the umask of the one who runs the tests.
    for path in [CONFIG, *CONFIG.rglob("*")]:
        os.chmod(path, 0o755 if path.is_dir() or path == PROGRAM else 0o644)


def expectation(case):
    head, body = re.split(rb"\r?\n\r?\n", (case / "expected").read_bytes(), maxsplit=1)
    fields = dict(line.split(": ", 1) for line in head.decode("latin-1").splitlines())
    return int(fields.pop("Status", "200").split()[0]), fields, body


def masked(body):
    body = re.sub(rb'(<Error [^>]*?)Time="\d\d:\d\d:\d\d\.\d{7}"', rb'\1Time="[TIME]"', body)
    return re.sub(rb'(<Error [^>]*?)Id="\d{1,10}"', rb'\1Id="[ID]"', body)


def excerpt(expected, actual):
    """Both texts from the line on where they part."""
    a, b = expected.splitlines(), actual.splitlines()
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return [f"body, line {at + 1}, expected: {a[at:at + 2]!r}", f"body, line {at + 1}, got:      {b[at:at + 2]!r}"]


def compare(case, request):
    status, fields, body = expectation(case)
    got_status, got, got_body = ask(**request)
    problems = []
    if got_status != status:
        problems.append(f"status {got_status}, expected {status}")
    for name in ("Content-Type", "Cache-Control", "Allow", "Location", "X-Content-Type-Options",
                 "Content-Disposition", "Content-Security-Policy"):
        if got.get(name) != fields.get(name):
            problems.append(f"{name}: {got.get(name)!r}, expected {fields.get(name)!r}")
    # Its number in "expected" belongs to the Id of another SERVER_NAME.
    if request["method"] != "HEAD" and got.get("Content-Length", str(len(got_body))) != str(len(got_body)):
        problems.append(f"Content-Length {got['Content-Length']} for {len(got_body)} bytes")
    if masked(got_body) != body:
        problems += excerpt(body, masked(got_body))
    return problems


def run_cases():
    cases = sorted(path.parent for path in (TESTS / "cases").glob("*/expected"))
    if not cases:
        report("tests/cases", ["there is no case"])
    reasons = []
    for case in cases:
        try:
            env = variables(case)
            request, ours = translate(case, env)
            configure(case)
        except Skip as reason:
            skipped[str(reason)].append(case.name)
            continue
        if ours:
            report(case.name, compare(case, request))
            if (case / "stderr").exists():
                reasons += [(case.name, line) for line in (case / "stderr").read_text("utf-8").splitlines()]
        elif HOSTING:
            # Whatever the site does with it, the program has no part in it.
            status, _, _ = ask(**request)
            report(case.name, [] if status in (200, 301, 403, 404) else [f"status {status} for what is not ours"])
        else:
            status, _, _ = ask(**request)
            report(case.name, [] if status == 404 else [f"status {status}, expected the server's own 404"])
    return reasons


def check_log(reasons):
    """What is wrong with a configuration must be found in the error log."""
    # Another process writes them there, soon but not at once.
    deadline = time.monotonic() + 3
    while True:
        log = (FOLDER / "error.log").read_text("utf-8", "replace")
        missing = [(name, line) for name, line in reasons if line.replace("[CONFIG]", str(CONFIG)) not in log
                   # Apache escapes backslashes and quotes of a line that it takes over.
                   and line.replace("[CONFIG]", str(CONFIG)).replace("\\", "\\\\").replace('"', '\\"') not in log]
        if not missing or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    report("reasons of faults in the error log", [f"{name}: {line}" for name, line in missing])


# ---- what no case says


def spellings():
    for path in ("/autodiscover/autodiscover.xml", "/Autodiscover/Autodiscover.xml",
                 "/AutoDiscover/AutoDiscover.xml", "/AUTODISCOVER/AUTODISCOVER.XML"):
        status, headers, body = ask("POST", path, [("Content-Type", "text/xml")], OUTLOOK)
        ok = status == 200 and headers["Content-Type"] == "text/xml; charset=utf-8"
        ok = ok and b"<LoginName>ada@example.org</LoginName>" in body
        report(f"POST {path}", [] if ok else [f"status {status}: {body[:200]!r}"])


def head():
    status, headers, body = ask("HEAD", "/autodiscover/autodiscover.xml")
    ok = status == 405 and headers["Allow"] == "POST" and body == b""
    report("HEAD", [] if ok else [f"status {status}, Allow {headers['Allow']}, {body[:80]!r}"])


def too_large():
    """The program's refusal arrives even when it leaves the body unread."""
    for size in (65537, 70000, 300000, 1000000):
        for chunked in (False, True):
            status, headers, body = ask("POST", "/autodiscover/autodiscover.xml", (), OUTLOOK.ljust(size), chunked=chunked)
            ok = status == 413 and headers["Content-Type"] == "text/xml; charset=utf-8" and b"<ErrorCode>600<" in body
            name = f"{size} bytes" + (" in chunks" if chunked else "")
            report(name, [] if ok else [f"status {status}: {body[:200]!r}"])


def plain_http():
    port = "" if HOSTING else f":{HTTPS_PORT}"
    for method in ("GET", "HEAD"):
        for path in ("/autodiscover/autodiscover.xml", "/Autodiscover/Autodiscover.xml",
                     "/mail/config-v1.1.xml?emailaddress=ada%40example.org"):
            status, headers, _ = ask(method, path, tls=False)
            location = f"https://{HOST}{port}{path}"
            ok = status == 302 and headers["Location"] == location
            report(f"{method} {path} over http", [] if ok else [f"{status} {headers['Location']}, expected {location}"])
    status, headers, _ = ask("POST", "/autodiscover/autodiscover.xml", body=OUTLOOK, tls=False)
    ok = status == 403 and headers["Location"] is None
    report("POST over http", [] if ok else [f"{status} {headers['Location']}"])


def hidden():
    """Nothing but answers comes out: no configuration, no listing, no source."""
    (CONFIG / "domains").mkdir(mode=0o755, exist_ok=True)
    secret = b"imap.secret.example"
    planted = ["autodiscover.toml", "autodiscover.toml~", ".autodiscover.toml.swp", "Autodiscover.TOML",
               "domains/example.net.toml", "domains/example.net.logins", "domains/notes.txt"]
    folders = [CONFIG] if HOSTING else [CONFIG, FOLDER / "program"]
    for folder in folders:
        (folder / "domains").mkdir(mode=0o755, exist_ok=True)
        for name in planted:
            (folder / name).write_bytes(secret)
    names = planted + ["", "domains", "domains/", ".htaccess", "build.sh", "autodiscover.cgi", "autodiscover.cgi.new"]
    prefixes = ["/cgi-bin/", "/", "/autodiscover/", "/mail/config-v1.1.xml/../", "/autodiscover/autodiscover.json/../"]
    problems = []
    count = 0
    for prefix in prefixes:
        for name in names:
            path = prefix + name
            if path in ("/", "/cgi-bin/autodiscover.cgi"):
                continue
            for host in [WWW, "other.example.net"] if HOSTING else [HOST]:
                status, _, body = ask("GET", path, host=host)
                count += 1
                leak = [word for word in (secret, b"\x7fELF", b"Index of", b"#!/", b"RewriteRule") if word in body]
                website = HOSTING and body == b"the website of example.org\n"
                if leak or not (status in (301, 403, 404, 500) or website):
                    problems.append(f"GET {host}{path}: {status} {leak} {body[:60]!r}")
                if prefix == "/cgi-bin/" and HOSTING and host == WWW and (name.endswith(("toml", "logins")) or "domains" in name):
                    if status not in (403, 404):
                        problems.append(f"GET {host}{path}: {status}, expected 403")
    report(f"nothing is shown ({count} paths)", problems)
    for folder in folders:
        for name in planted:
            (folder / name).unlink(missing_ok=True)


def probe():
    """Every path, in every spelling, reaches the program with the request as it was sent."""
    real = PROGRAM.with_name("real")
    PROGRAM.rename(real)
    PROGRAM.write_bytes(PROBE)
    PROGRAM.chmod(0o755)
    try:
        paths = [
            "/autodiscover/autodiscover.xml",
            "/autodiscover/autodiscover.xml/",
            "/autodiscover/autodiscover.json?Email=Ada%40example.org&Protocol=Autodiscoverv1",
            "/autodiscover/autodiscover.json/v1.0/Ada.B@example.org?Protocol=ActiveSync",
            "/autodiscover/autodiscover.json/v1.0/a%3Fb%25c%26d@example.org?Protocol=ActiveSync",
            "/autodiscover/autodiscover.json/v1.0/%C3%BC@%C3%BC.example?Protocol=ActiveSync",
            "/mail/config-v1.1.xml?emailaddress=Ada%40example.org",
            "/v1.1/mail/config-v1.1.xml",
            "/.well-known/autoconfig/mail/config-v1.1.xml",
            "/.well-known/user-agent-configuration.json",
            "/mail/Ada%20B.mobileconfig?emailaddress=Ada%40example.org",
            "/mail/a%3Fb.mobileconfig",
            "/",
            "/mail",
            "/mail/?emailaddress=Ada%40example.org",
        ]
        if not HOSTING:
            paths.append("/autodiscover/autodiscover.json/v1.0/a%2Fb@example.org?Protocol=ActiveSync")
        secret = [("Authorization", "Basic YWRhOnNlY3JldA==")]
        # Bytes that a line-wise or text-wise hand would change.
        data = bytes(range(256)) * 100
        for path in paths:
            routes, _, query = path.partition("?")
            for spelling in {routes, routes.title(), routes.upper(), routes.replace("autod", "AutoD")}:
                # The address is the client's; only the route's own spelling varies.
                prefix, mark, address = routes.partition("/v1.0/")
                if mark:
                    spelling = spelling[: len(prefix)] + mark + address
                elif "%" in routes:
                    spelling = re.sub("%[0-9a-fA-F]{2}", lambda m: m[0].upper(), spelling)
                sent = spelling + ("?" + query if query else "")
                for method in ("GET", "POST"):
                    body = data if method == "POST" else None
                    status, _, text = ask(method, sent, secret, body)
                    head, _, echoed = text.partition(b"--body--\n")
                    env = dict(line.split("=", 1) for line in head.decode("latin-1").splitlines() if "=" in line)
                    problems = []
                    if status != 200 or env.get("REQUEST_URI") != sent or env.get("REQUEST_METHOD") != method:
                        problems.append(f"{status} {env.get('REQUEST_METHOD')} {env.get('REQUEST_URI')}")
                    if echoed != (body or b""):
                        problems.append(f"{len(echoed)} bytes of the body arrived")
                    if "secret" in text.decode("latin-1") or b"YWRhOnNlY3JldA" in text:
                        problems.append("Authorization reached the program")
                    if not HOSTING and env.get("AUTODISCOVER_CONFIG") != str(CONFIG / "autodiscover.toml"):
                        problems.append(f"AUTODISCOVER_CONFIG is {env.get('AUTODISCOVER_CONFIG')}")
                    report(f"{method} {sent} reaches the program", problems)
    finally:
        PROGRAM.unlink()
        real.rename(PROGRAM)


def elsewhere():
    """The virtual host has nothing else, and starts no process for it."""
    for path in ("/index.html", "/wp-login.php", "/mail/config-v1.1.xml/x", "/mail/x/y.mobileconfig",
                 "/autodiscover/autodiscover.xmlx", "/autodiscover/", "/ews/exchange.asmx", "/cgi-bin/autodiscover.cgi"):
        status, headers, _ = ask("GET", path)
        # The program marks every answer of its own with this header.
        ok = status == 404 and headers["X-Content-Type-Options"] is None
        report(f"GET {path} is the server's 404", [] if ok else [f"status {status}"])


def website():
    """The site of the bare domain goes on as before, and its rules do not touch ours."""
    status, _, body = ask("GET", "/", host="example.org")
    report("the bare domain shows its website", [] if body == b"the website of example.org\n" else [f"{status} {body!r}"])
    status, headers, _ = ask("GET", "/some/page", host="example.org")
    report("the site's own redirect", [] if (status, headers["Location"]) == (301, f"https://{WWW}/some/page") else [f"{status}"])
    for host in ("example.org", WWW, HOST, "other.example.net"):
        status, _, body = ask("POST", "/Autodiscover/Autodiscover.xml", body=OUTLOOK, host=host)
        ok = status == 200 and b"<LoginName>ada@example.org</LoginName>" in body
        report(f"POST on {host}", [] if ok else [f"{status} {body[:200]!r}"])
    status, _, body = ask("POST", "/cgi-bin/autodiscover.cgi", body=OUTLOOK, host=WWW)
    report("POST to the program itself", [] if status == 200 and b"<Type>IMAP</Type>" in body else [f"{status} {body[:200]!r}"])
    status, _, body = ask("POST", "/autodiscover/autodiscover.xml", [("X-Forwarded-Proto", "https")], OUTLOOK, tls=False)
    ok = status == 200 and b"<Type>IMAP</Type>" in body
    report("behind a proxy that speaks https", [] if ok else [f"{status} {body[:200]!r}"])


def main():
    started = time.monotonic()
    check_log(run_cases())
    configure(TESTS / "none")
    spellings()
    head()
    too_large()
    plain_http()
    if HOSTING:
        website()
    else:
        elsewhere()
    probe()
    hidden()
    for reason, names in sorted(skipped.items()):
        print(f"skipped {LAYOUT}: {len(names)}, {reason}: {', '.join(names)}")
    count = sum(map(len, skipped.values()))
    (FOLDER / "counts").write_text(f"{passed} {failed} {count}\n")
    print(f"{LAYOUT}: {time.monotonic() - started:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

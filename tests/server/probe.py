"""apache/probe against servers on loopback: some are right, and each of the others is broken in one way.

What Apache itself does wrong is done by a real Apache; what other programs, proxies and clouds do is done by small
servers of Python. What a question must bring comes from MS-OXDSCLI, from draft-ietf-mailmaint-autoconfig, and from what
clients do with the answer.
"""

import datetime
import base64
import concurrent.futures
import contextlib
import ctypes
import gzip
import hashlib
import http.server
import json
import os
import pty
import re
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import unittest

import harness

PROBE = harness.ROOT / "apache/probe"
# The Python that runs the probe; it may be older than that which the tests need.
PYTHON = os.environ.get("PROBE_PYTHON", sys.executable)
RESPONSE = harness.SCHEMA + "responseschema/2006"
XML = "text/xml; charset=utf-8"
POX, CONFIG = "/autodiscover/autodiscover.xml", "/mail/config-v1.1.xml"
SERVERS = "IMAP imap.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS"
NO_THUNDERBIRD = ("FAIL Thunderbird: none of the four gives it settings; on the desktop it may use those of Outlook, "
                  "on Android it finds none")
WRONG_SCHEMA = (f"an answer in the wrong namespace: Response is in {harness.SCHEMA}{harness.OUTLOOK}; "
                f"{harness.SCHEMA}{harness.MOBILESYNC} would be right")


def block(kind, server, port, encrypted, encryption, spa="off"):
    """A Protocol of a document for Outlook."""
    return (f"<Protocol><Type>{kind}</Type><Server>{server}</Server><Port>{port}</Port><LoginName>ada</LoginName>"
            f"<SPA>{spa}</SPA><SSL>{encrypted}</SSL><Encryption>{encryption}</Encryption><AuthRequired>on</AuthRequired></Protocol>")


MAIL = block("IMAP", "imap.right.example", 993, "on", "SSL") + block("SMTP", "smtp.right.example", 587, "on", "TLS")


def settings(blocks=MAIL, schema=harness.SCHEMA + harness.OUTLOOK):
    """A document for Outlook."""
    return (f'<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="{RESPONSE}"><Response xmlns="{schema}"><Account>'
            f"<AccountType>email</AccountType><Action>settings</Action>{blocks}</Account></Response></Autodiscover>")


def error(code):
    return (f'<?xml version="1.0"?><Autodiscover xmlns="{RESPONSE}"><Response><Error Time="00:00:00.0" Id="1"><ErrorCode>{code}'
            "</ErrorCode><Message>m</Message><DebugData/></Error></Response></Autodiscover>")


def client_config(imap="imap.right.example", port=993, socket_type="SSL", outgoing=True, login="%EMAILADDRESS%"):
    """A document for Thunderbird."""
    def server(kind, way, host, port, socket_type):
        return (f'<{way}Server type="{kind}"><hostname>{host}</hostname><port>{port}</port><socketType>{socket_type}</socketType>'
                f"<authentication>password-cleartext</authentication><username>{login}</username></{way}Server>")
    smtp = server("smtp", "outgoing", "smtp.right.example", 587, "STARTTLS") if outgoing else ""
    return ('<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="x.example"><domain>x.example</domain>'
            f'{server("imap", "incoming", imap, port, socket_type)}{smtp}</emailProvider></clientConfig>')


# What small servers of Python answer: the name of a site, and what makes (status, headers, body) of method, URL and body.


def always(status, kind, body, **headers):
    """The same answer whatever is asked."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda *_: (status, {"Content-Type": kind, **headers}, body)


def on(answers):
    """The answer of the first key that "METHOD host/path" holds; else there is nothing."""
    return lambda method, url, body: next((answer(method, url, body) for key, answer in answers.items()
                                           if key in f"{method} {url}"), (404, {}, ""))


def outlook(document=None, status=200, kind=XML, **headers):
    """A document for Outlook, and 601 for the schema of phones."""
    def answer(method, url, body):
        if b"mobilesync" in body:
            return 200, {"Content-Type": XML}, error(601)
        return always(status, kind, document or settings(), **headers)(method, url, body)
    return answer


def config(*arguments, kind=XML, X_Autodiscover=None, **named):
    headers = {"X_Autodiscover": X_Autodiscover} if X_Autodiscover else {}
    return always(200, kind, client_config(*arguments, **named), **headers)


def redirect(status, target):
    """A redirect to what `target` makes of host and path."""
    return lambda method, url, body: (status, {"Location": target(*url.partition("/")[::2])}, "")


HTML = always(200, "text/html", "<!DOCTYPE html>\n<html><body>Welcome</body></html>")
GOOD = {POX: outlook(), CONFIG: config()}


# A body that never ends, a byte at a time.
DRIP = object()

FAKES = {
    # Security: files that must not be served, and a site that answers everything with its page.
    "toml": on({"/cgi-bin/autodiscover.toml": always(200, "text/plain", 'domains = ["toml.example"]\n[imap]\nserver = "x"\n'), **GOOD}),
    "domain-toml": on({"/cgi-bin/domains/domain-toml.example.toml": always(200, "text/plain", '[imap]\nserver = "x"\n'), **GOOD}),
    "logins": on({"/cgi-bin/domains/logins.example.logins": always(200, "text/plain", "# local-part login\nada u1\nbob  u2\n"), **GOOD}),
    "website": HTML,
    # Another program answers beside ours.
    "older": on({"POST older.example": outlook(settings(MAIL.replace("imap.right", "old.right"))),
                 "POST": outlook(X_Autodiscover="answered"), CONFIG: config()}),
    "older-autoconfig": on({POX: outlook(), CONFIG: config("old.right.example")}),
    "older-unserved": on({"POST older-unserved.example": outlook(error(500)), **GOOD}),
    # Documents that are sent wrongly, or are wrong.
    "type": on({POX: outlook(), CONFIG: config(kind="text/plain")}),
    "type-pox": on({POX: outlook(kind="text/html"), CONFIG: config()}),
    "disposition": on({POX: outlook(Content_Disposition="attachment; filename=autodiscover.xml")}),
    "download": on({POX: always(200, "application/octet-stream", b"PK\3\4 and so on")}),
    "empty": on({POX: always(200, XML, "")}),
    "spaces": on({POX: always(200, XML, "\n" + settings())}),
    "doctype": on({POX: always(200, XML, settings().replace("<Auto", '<!DOCTYPE Autodiscover [<!ENTITY a "b">]><Auto', 1))}),
    "truncated": on({POX: always(200, XML, settings().partition("</Response>")[0])}),
    "schema": on({POX: always(200, XML, settings(schema=RESPONSE))}),
    "https-spaces": on({POX: always(200, XML, settings().replace("http:", "https:"))}),
    "references": on({POX: outlook(settings(MAIL.replace("IMAP", "I&#77;AP")))}),
    "tls-on-993": on({POX: outlook(settings(block("IMAP", "imap.right.example", 993, "on", "TLS") +
                                            block("SMTP", "smtp.right.example", 587, "on", "SSL")))}),
    "mislead": on({POX: always(200, "text/html", settings(block("POP", "pop.right.example", 995, "yes", "SSL") +
                                                          block("IMAP", "imap.right.example", 993, "on", "SSL", spa="on")))}),
    "socket-type": on({CONFIG: config(socket_type="STARTTLS", outgoing=False)}),
    "android": on({"?emailaddress": config(), POX: outlook(), CONFIG: always(400, "text/plain", "who?")}),
    "json": on({"/autodiscover.json": always(200, "application/json", '{"Protocol":"AutodiscoverV1","Url":"http://x.json.example/"}'),
                **GOOD}),
    # Refusals.
    "firewall": on({"POST": always(403, "text/html", "<html>Not acceptable</html>"), CONFIG: config(),
                    POX: always(405, XML, error(600), Allow="POST", X_Autodiscover="method")}),
    "firewall-older-version": on({"POST": always(406, "text/html", "<html>mod_security</html>"), CONFIG: config(),
                                  POX: always(405, "text/html", "<p>A mail client posts here.", Allow="POST")}),
    "static": on({"POST": always(405, "text/html", "<html>405</html>"), POX: always(200, XML, settings()), CONFIG: config()}),
    "unauthorized": on({POX: always(401, "text/html", "<html>401</html>", WWW_Authenticate='Basic realm="mail"')}),
    "forbidden": on({POX: always(403, "text/html", "<html>403</html>")}),
    "unavailable": on({POX: always(503, "text/html", "<html>503</html>")}),
    "fault": on({"POST": always(500, XML, error(603), X_Autodiscover="fault"),
                 "": always(500, "text/plain", "fault", X_Autodiscover="fault")}),
    "not-served": on({"POST": always(404, XML, error(500), X_Autodiscover="not-served"),
                      "": always(404, "text/plain", "not served", X_Autodiscover="not-served")}),
    # What stands in front of the web server: challenges, rate limits, a backend that is not reached; and Apache's own refusal
    # that came through.
    "cloudflare": on({POX: always(403, "text/html", "<title>Just a moment...</title>", Server="cloudflare", CF_RAY="8a", cf_mitigated="challenge")}),
    "cloudflare-1020": on({POX: always(403, "text/plain", "error code: 1020", Server="cloudflare", CF_RAY="8a")}),
    "cloudflare-passes": on({POX: always(403, "text/html", "<p>You don't have permission to access this resource.</p>", Server="cloudflare",
                                         CF_RAY="8a")}),
    "cloudflare-521": on({POX: always(521, "text/html", "<title>Web server is down</title>", Server="cloudflare", CF_RAY="8a")}),
    "too-many": on({POX: always(429, "text/html", "<html>Too Many Requests</html>", Server="nginx")}),
    "htaccess-mode": on({POX: always(403, "text/html", "<p>You don't have permission to access this resource.Server unable to read htaccess "
                                     "file, denying access to be safe</p>")}),
    # What HTTP allows: an answer before the answer, a fragment, compression; and XML without a declaration.
    "early-hints": on({POX: outlook(early=True), CONFIG: config()}),
    "fragment": on({"fragment.example/autodiscover/a": redirect(302, lambda host, path: f"https://{host}/Autodiscover/Autodiscover.xml#top"),
                    "/Autodiscover/Autodiscover.xml": outlook()}),
    "gzip": on({"POST": lambda method, url, body: (200, {"Content-Type": XML, "Content-Encoding": "gzip"}, gzip.compress(
        (error(601) if b"mobilesync" in body else settings()).encode())), CONFIG: config()}),
    "brotli": on({POX: always(200, XML, b"\x1b\x05\x00\xf8", Content_Encoding="br")}),
    "space-before-root": on({POX: outlook("\n " + settings().partition("\n")[2]), CONFIG: config()}),
    "doctype-as-html": on({POX: always(200, "text/html", "<!DOCTYPE Autodiscover>" + settings().partition("\n")[2])}),
    "no-host": on({POX: redirect(302, lambda host, path: "https:///autodiscover/autodiscover.xml")}),
    # Login names: the placeholder of another program, one name for everybody, a list, and one that a rule makes.
    "placeholder": on({POX: outlook(settings(MAIL.replace(">ada<", ">%EMAIL%<")))}),
    "everybody": on({POX: outlook(settings(MAIL.replace(">ada<", ">user@everybody.example<"))), CONFIG: config(login="user@everybody.example")}),
    "listed": on({"POST": lambda method, url, body: outlook(settings(MAIL.replace(">ada<", ">u17<" if b">ada@" in body else ">u0@x<")))(method, url, body),
                  "emailaddress=ada": config(login="u17"), CONFIG: config()}),
    "own-login": on({POX: lambda method, url, body: outlook(settings(MAIL.replace("ada", re.search(b"<EMailAddress>(.*?)<", body)[1].decode())))(
        method, url, body), CONFIG: config()}),
    "mixture": on({POX: outlook(settings(MAIL.replace(">ada<", ">wp12%ada<"))), CONFIG: config(login="wp12%%EMAILLOCALPART%")}),
    # A program of ours on two machines with two configurations, which is not the plain POP3 that autoconfig leaves out.
    "two-versions": on({"POST two-versions.example": outlook(settings(MAIL.replace("imap.right", "old.right")), X_Autodiscover="answered"),
                        "POST": outlook(X_Autodiscover="answered"), CONFIG: config(X_Autodiscover="answered")}),
    # Redirects.
    "www": on({"POST": redirect(301, lambda host, path: f"https://www.www.example/{path}")}),
    "bare": on({"bare.example/": redirect(301, lambda host, path: f"https://www.bare.example/{path}"), **GOOD}),
    "loop": on({POX[-10:]: redirect(302, lambda host, path: f"https://{host}/autodiscover/x{path[12:]}")}),
    "escape": on({"POST": redirect(302, lambda host, path: "https://x.\x1b[31m.example/autodiscover/autodiscover.xml")}),
    # The program is there, but the clients' paths do not lead to it; and a domain that has moved.
    "own-path": on({"POST autodiscover.own-path.example/cgi-bin/autodiscover.cgi": outlook()}),
    "redirected": on({"POST": redirect(302, lambda host, path: "https://autodiscover.right.example/" + path)}),
    "moved": on({"POST": outlook(settings("<RedirectAddr>ada@right.example</RedirectAddr>").replace("settings<", "redirectAddr<"))}),
    # What comes is bounded, and safe for a terminal.
    "terminal": on({POX: outlook(settings(MAIL.replace("SSL</Enc", "\u202ebad\x85</Enc", 1)), kind="text/\x1b]0;owned\x07")}),
    "endless": on({POX: always(200, XML, "<a>" * 3_000_000)}),
    "nested": on({"json": always(200, "application/json", "[" * 100_000), **GOOD}),
    "crowd": on({POX: outlook(settings("".join(block("IMAP", f"imap{number}.crowd.example", 1, "yes", "?") for number in range(500))))}),
    "chain": on({"POST": lambda method, url, body: (200, {"Content-Type": XML}, settings(
        f"<RedirectUrl>https://{url.replace('/autodiscover.xml', '/x/autodiscover.xml')}</RedirectUrl>").replace("settings<", "redirectUrl<"))}),
    "drip": on({POX: lambda *_: (200, {"Content-Type": XML}, DRIP)}),
    # Mail servers.
    "mail": on({POX: outlook(settings(block("IMAP", "imap.mail.example", 143, "on", "TLS") +
                                      block("POP3", "pop.mail.example", 110, "on", "TLS") +
                                      block("SMTP", "smtp.mail.example", 587, "on", "TLS")))}),
    "wrong-mail": on({POX: outlook(settings("".join(block(*each) for each in (
        ("IMAP", "imap.wrong-mail.example", 143, "on", "TLS"), ("IMAP", "imap2.wrong-mail.example", 993, "on", "SSL"),
        ("IMAP", "imap3.wrong-mail.example", 993, "on", "SSL"), ("IMAP", "imap4.wrong-mail.example", 993, "on", "SSL"),
        ("IMAP", "imap5.wrong-mail.example", 993, "on", "SSL"), ("POP3", "pop.wrong-mail.example", 1110, "on", "TLS"),
        ("SMTP", "smtp.wrong-mail.example", 587, "on", "TLS")))))}),
    "no-mail-name": on({POX: outlook(settings(MAIL.replace("imap.right", "imap.no-mail-name"))),
                        CONFIG: config("imap.no-mail-name.example")}),
    "pacc": on({"user-agent-configuration": always(200, "application/json", json.dumps({"protocols": {
        "imap": {"host": "imap.right.example"}, "submit": {"host": "submit.pacc.example"}, "smtp": {"host": "submit.pacc.example"}}})),
        **GOOD}),
    "gnome": on({"/.well-known/mail-v1.xml": config(), **GOOD}),
    **{name: on(GOOD) for name in ("expired", "soon", "untrusted", "wrong-name", "ipv6", "autoconfig-expired")},
    # Nobody asks these servers: DNS leads elsewhere, or nowhere.
    **{name: HTML for name in ("silent", "refused", "nothing", "clear", "dns")},
}


def program_with(folder):
    return (f'SetEnv AUTODISCOVER_CONFIG "{{folder}}/{folder}/autodiscover.toml"\n'
            'ScriptAliasMatch "^/" "{folder}/program/autodiscover.cgi"')


def web_space(override, more="", options="ExecCGI SymLinksIfOwnerMatch"):
    return ('DocumentRoot "{folder}/{name}"\n<Directory "{folder}/{name}">\nRequire all granted\n'
            f"Options {options}\nAllowOverride {override}\n</Directory>\n{more}")


# What a real Apache does, with the program or with files.
APACHE = {
    "right": program_with("config"), "unserved": program_with("unserved"), "unusable": program_with("unusable"),
    **{name: program_with("config") for name in ("no-smtp", "plain-smtp", "plain-pop3", "list", "percent")},
    "not-executable": 'ScriptAliasMatch "^/" "{folder}/program/not-executable.cgi"',
    "text-mode": 'ScriptAliasMatch "^/" "{folder}/program/text-mode.cgi"',
    "denied": 'ScriptAliasMatch "^/" "{folder}/denied/autodiscover.cgi"',
    "not-enabled": 'DocumentRoot "{folder}/documents"',
    "php": 'AliasMatch "^/autodiscover/autodiscover.xml" "{folder}/documents/source.php"',
    "hash": 'AliasMatch "^/autodiscover/autodiscover.xml" "{folder}/documents/source.sh"',
    "elf": 'AliasMatch "^/autodiscover/autodiscover.xml" "{folder}/documents/program"\n'
           '<Location "/">\nForceType application/octet-stream\n</Location>',
    # A customer's web space: as INSTALL has it; without a .htaccess beside index.html; where FileInfo is forbidden; where
    # no .htaccess is read; and where the one in cgi-bin was not uploaded, and that beside index.html hides nothing.
    "hosting": web_space("All"), "hosting-elsewhere": web_space("All"), "hosting-forbidden": web_space("AuthConfig"),
    "hosting-unread": web_space("None"), "hosting-hidden": web_space("All", '<Location "/cgi-bin/">\nOptions +ExecCGI\nAddHandler cgi-script .cgi\n</Location>'),
    # Web space as packaging/INSTALL speaks of it: what its error log says is seen from outside by what else is refused.
    "exec-cgi": web_space("All", options="SymLinksIfOwnerMatch"), "symlinks": web_space("All", options="ExecCGI"),
    "exec-cgi-everywhere": web_space("All", "AddHandler cgi-script .cgi", "SymLinksIfOwnerMatch"),
    "cgi-rule": web_space("All"), "cgi-htaccess": web_space("FileInfo"), "space-not-executable": web_space("All"),
    "closed": web_space("All", '<Directory "{folder}/{name}/cgi-bin">\nRequire all denied\n</Directory>'),
    # As apache/autodiscover.conf, whose other paths are a 404 that asks nobody.
    "own-names-closed": 'RewriteEngine On\nRewriteCond "%{{REQUEST_URI}}" "!^/(autodiscover|mail)/"\nRewriteRule "^" "-" [R=404]\n'
                        'ScriptAliasMatch "^/" "{folder}/denied/autodiscover.cgi"',
    "no-grant": 'ScriptAlias "/cgi-bin/" "{folder}/denied/"\nAlias "/autodiscover/autodiscover.xml" "{folder}/denied/autodiscover.cgi"\n'
                'DocumentRoot "{folder}/documents"',
    # Content negotiation finds files of before where no rule of ours comes first.
    "multiviews": web_space("None", '<Location "/cgi-bin/">\nRequire all denied\n</Location>', "MultiViews"), "multiviews-runs": web_space("FileInfo", options="MultiViews ExecCGI"),
    # TLS ends in front of the web space, and nothing says so.
    "silent-proxy": 'ProxyPreserveHost On\nProxyPass "/" "http://127.0.0.1:{http}/"',
}
WEB_SPACE = [name for name, text in APACHE.items() if name.startswith("hosting") or "{folder}/{name}" in text or name == "silent-proxy"]


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers for the site that the Host belongs to."""

    protocol_version = "HTTP/1.0"

    def respond(self):
        host = self.headers.get("Host", "").partition(":")[0]
        posted = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        world.requests.append((self.command, host + self.path, dict(self.headers), posted))
        status, headers, body = FAKES[host.split(".")[-2]](self.command, host + self.path, posted)
        if headers.pop("early", None):
            self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):
            while body is DRIP:
                self.wfile.write(b" ")
                threading.Event().wait(0.1)
            self.wfile.write(body if isinstance(body, bytes) else body.encode())

    do_GET = do_POST = respond

    def log_message(self, *_):
        pass


class World:
    """All servers, and how the probe reaches them."""

    def __init__(self, stack):
        self.requests = []
        names = [*FAKES, *APACHE, "shipped", "microsoft"]
        hosts = [host for name in names for host in (f"{name}.example", f"*.{name}.example")]
        self.apache = stack.enter_context(harness.Apache(hosts))
        self.folder = self.apache.folder
        for name, days, more in (("expired", -1, ["*.autoconfig-expired.example"]), ("soon", 5, [])):
            signed(self.folder, name, days, f"*.{name}.example", *more)
        signed(self.folder, "other", 60, "www.other.example")
        signed(self.folder, "good", 60, *hosts)
        harness.certificate(self.folder, "untrusted", ["*.untrusted.example"], days=60)
        self.contexts = {name: context(self.folder, name) for name in ("good", "other", "expired", "soon", "untrusted")}
        self.contexts["wrong-name"] = self.contexts["other"]
        self.contexts["good"].sni_callback = self.choose
        self.https, self.http = self.serve(stack, True), self.serve(stack, False)
        self.https6 = self.serve(stack, True, "::1")
        self.start_apache()
        self.ports = {name: f"127.0.0.1:{listen(stack, serve)}" for name, serve in mail_servers(self.contexts).items()}
        self.ports.update(nobody=f"127.0.0.1:{harness.free_port()}", clear=f"127.0.0.1:{self.http}", own=f"127.0.0.1:{self.https}",
                          apache=f"127.0.0.1:{self.apache.https}", plain=f"127.0.0.1:{self.apache.http}", ipv6=f"[::1]:{self.https6}")

    def choose(self, connection, name, _):
        """The certificate for a name: that of its site, if it has one of its own."""
        site = "expired" if name == "autoconfig.autoconfig-expired.example" else (name or "").split(".")[-2:][0]
        connection.context = self.contexts.get(site, self.contexts["good"])

    def serve(self, stack, tls, ip="127.0.0.1"):
        """The port of a server for all sites of Python; none where this machine has no such address."""
        server = type("Server", (http.server.ThreadingHTTPServer,), {
            "address_family": socket.AF_INET6 if ":" in ip else socket.AF_INET, "daemon_threads": True,
            # A client that goes away is no news.
            "handle_error": lambda *_: None})
        try:
            server = stack.enter_context(server((ip, 0), Answers))
        except OSError:
            return None
        if tls:
            # The handshake happens in the thread of the request, when it first reads.
            server.socket = self.contexts["good"].wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        return server.server_address[1]

    def start_apache(self):
        write, folder = self.apache.write, self.folder
        mail = '[imap]\nserver = "imap.right.example"\n[smtp]\nserver = "smtp.right.example"\nencryption = "starttls"\n'
        write("config/autodiscover.toml", 'domains = ["*"]\n' + mail)
        for name, text in {
                "no-smtp": "[smtp]\nenabled = false\n", "plain-smtp": '[smtp]\nport = 25\nencryption = "none"\n',
                "plain-pop3": '[pop3]\nserver = "pop.right.example"\nencryption = "none"\n', "percent": '[imap]\nlogin_name = "%EMAIL%"\n',
                "list": 'logins = "list.example.logins"\n'}.items():
            write(f"config/domains/{name}.example.toml", text)
        write("config/domains/list.example.logins", "ada u17\n")
        write("unserved/autodiscover.toml", 'domains = ["example.org"]\n' + mail)
        write("unusable/autodiscover.toml", 'domains = "example.org')
        for name in ("program", "denied"):
            harness.install(folder / name / "autodiscover.cgi")
        harness.install(folder / "program/not-executable.cgi", mode=0o644)
        # An FTP program writes another line end into an executable.
        write("program/text-mode.cgi", harness.program().read_bytes().replace(b"\n", b"\r\n")[:1_000_000], 0o755)
        write("documents/source.php", '<?php\necho "<Autodiscover/>";\n')
        write("documents/source.sh", "#!/bin/sh\necho secret\n")
        harness.install(folder / "documents/program", mode=0o644)
        for name in WEB_SPACE:
            harness.install(folder / name / "cgi-bin/autodiscover.cgi", mode=0o644 if name == "space-not-executable" else 0o755)
            write(f"{name}/cgi-bin/autodiscover.toml", f'domains = ["{name}.example"]\n' + mail)
            if name != "hosting-hidden":
                harness.install(folder / name / "cgi-bin/.htaccess", harness.ROOT / "cgi-bin/.htaccess", 0o644)
            if name != "hosting-elsewhere":
                lines = (harness.ROOT / "apache/htaccess").read_text().splitlines(keepends=True)
                hidden = [line for line in lines if not line.startswith(("RedirectMatch 403", 'RewriteRule "(?i)'))]
                write(f"{name}/.htaccess", "".join(hidden if name == "hosting-hidden" else lines))
        for path, before, after in (("cgi-rule/.htaccess", "", '<Files "*.cgi">\nRequire all denied\n</Files>\n'),
                                    ("cgi-htaccess/cgi-bin/.htaccess", "Options +ExecCGI\n", "")):
            write(path, before + (folder / path).read_text() + after)
        write("multiviews-runs/.htaccess", "AddHandler cgi-script .php\n")
        for path in ("multiviews/autodiscover.php", "multiviews/mail.php", "multiviews-runs/autodiscover.php"):
            write(path, "#!/bin/sh\necho Content-Type: text/html; echo; echo '<html>old</html>'\n", 0o755)
        sites = "".join(f"""<VirtualHost *:{self.apache.https}>
    ServerName {name}.example
    ServerAlias *.{name}.example
    SSLEngine On
    SSLCertificateFile "{folder}/good.pem"
    SSLCertificateKeyFile "{folder}/good.key"
    KeepAlive Off
    {text.format(folder=folder, name=name, http=self.apache.http)}
</VirtualHost>
""" for name, text in APACHE.items())
        self.apache.start(f"""
<Directory "{folder}/program">
    Require all granted
    Options +ExecCGI
</Directory>
<Directory "{folder}/documents">
    Require all granted
</Directory>
Define AUTODISCOVER_DEFINED
Define AUTODISCOVER_HOST autodiscover.shipped.example
Define AUTODISCOVER_ALIASES "autoconfig.shipped.example ua-auto-config.shipped.example"
Define AUTODISCOVER_FOLDER "{folder}/program"
Define AUTODISCOVER_CONFIG "{folder}/config/autodiscover.toml"
Define AUTODISCOVER_CERTIFICATE "{folder}/good.pem"
Define AUTODISCOVER_KEY "{folder}/good.key"
Define AUTODISCOVER_HTTPS_PORT {self.apache.https}
Define AUTODISCOVER_HTTP_PORT {self.apache.http}
Include "{harness.ROOT}/apache/autodiscover.conf"
<VirtualHost *:{self.apache.http}>
    ServerName silent-proxy.example
    ServerAlias *.silent-proxy.example
    {web_space("All").format(folder=folder, name="silent-proxy")}
</VirtualHost>
AddType text/html .php
{sites}""", modules=("negotiation", "proxy", "proxy_http"))


def signed(folder, name, days, *hosts):
    """FOLDER/NAME.pem by the authority of the server; with -1 day it is over since yesterday."""
    run = lambda *command: subprocess.run(command, cwd=folder, check=True, capture_output=True)
    run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
        "-keyout", f"{name}.key", "-out", f"{name}.csr")
    (folder / f"{name}.ext").write_text("subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts))
    # x509 of OpenSSL 3.5 refuses a negative number of days; ca takes any two dates.
    (folder / "ca.cnf").write_text("[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\n"
                                   "default_md=sha256\nunique_subject=no\npolicy=any\n[any]\ncommonName=supplied\n")
    (folder / "index.txt").touch()
    now = datetime.datetime.now(datetime.timezone.utc)
    start, end = (f"{now + datetime.timedelta(days=count):%Y%m%d%H%M%SZ}" for count in (min(days, 0) - 1, days))
    run("openssl", "ca", "-batch", "-notext", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", f"{name}.csr",
        "-startdate", start, "-enddate", end, "-extfile", f"{name}.ext", "-out", f"{name}.pem")


def context(folder, name):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return made


def listen(stack, serve, ip="127.0.0.1", port=0):
    """The port of a server that speaks with each connection as `serve` does."""
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    listener = stack.enter_context(socket.create_server((ip, port), family=family))

    def quietly(connection):
        with contextlib.suppress(OSError), connection:
            serve(connection)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=quietly, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def mail_servers(contexts):
    def tls(name):
        return lambda connection: contexts[name].wrap_socket(connection, server_side=True).recv(100)

    def clear(greeting, answers):
        def serve(connection):
            connection.sendall(greeting)
            for line in connection.makefile("rb"):
                word = next((word for word in answers if word in line.upper()), None)
                connection.sendall(answers[word].replace(b"TAG", line.split()[0]) if word else b"500 what\r\n")
                if word in (b"STARTTLS", b"STLS"):
                    return contexts["good"].wrap_socket(connection, server_side=True).recv(100)
        return serve

    def silent(connection):
        connection.recv(100000)
        threading.Event().wait(20)

    return {
        "tls": tls("good"), "tls_other": tls("other"), "silent": silent,
        "imap": clear(b"* OK\r\n", {b"STARTTLS": b"* NOTE\r\nTAG OK\r\n"}), "imap_bare": clear(b"* OK\r\n", {}),
        "smtp": clear(b"220-first\r\n220 here\r\n", {b"EHLO": b"250-here\r\n250 STARTTLS\r\n", b"STARTTLS": b"220 go\r\n"}),
        "smtp_bare": clear(b"220 here\r\n", {b"EHLO": b"250 here\r\n"}), "pop3": clear(b"+OK\r\n", {b"STLS": b"+OK\r\n"}),
    }


def setUpModule():
    global world
    harness.needs("apache2", "openssl")
    stack = unittest.enterModuleContext(contextlib.ExitStack())
    world = World(stack)


def run(*arguments, env=None):
    """The probe's exit status and what it prints."""
    done = subprocess.run([PYTHON, PROBE, *map(str, arguments)], capture_output=True, text=True, timeout=100,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})})
    text = done.stdout + done.stderr
    for port in (world.apache.https, world.https):
        text = re.sub(rf":{port}\b", ":HTTPS", text)
    return done.returncode, text


def reach(name, more=(), hosts=("autodiscover.",)):
    """The options with which the probe reaches a site, and no name is looked up."""
    port = world.ports["apache" if name in APACHE or name == "shipped" else "own"]
    pairs = {"*": "-", "imap.right.example": world.ports["tls"], "smtp.right.example:465": world.ports["tls"],
             "smtp.right.example": world.ports["smtp"], **{f"{host}{name}.example": port for host in hosts}, **dict(more)}
    return ["--ca", world.folder / "ca.pem", "--timeout", "2",
            *(part for host, value in pairs.items() for part in ("--resolve", f"{host}={value}"))]


def ask(name, more=(), hosts=("autodiscover.",), options=()):
    return run(*reach(name, more, hosts), *options, f"ada@{name}.example")


def faults(text):
    """What fails, what is warned of, and the first step."""
    return [line for line in text.splitlines() if line.startswith(("FAIL", "warn", "First: "))]





SHIPPED = """
Discovery of mail settings for ada@shipped.example
asked from this computer; from another one you see what the world sees

Outlook, new Outlook and phones: a POST to autodiscover.xml
-    POST https://shipped.example/autodiscover/autodiscover.xml: there is no such name (shipped.example)
ok   POST https://autodiscover.shipped.example/autodiscover/autodiscover.xml: answers with SERVERS
ok   GET http://autodiscover.shipped.example/autodiscover/autodiscover.xml: leads to https://autodiscover.shipped.example:HTTPS/autodiscover/autodiscover.xml, which is asked next
ok   POST https://autodiscover.shipped.example:HTTPS/autodiscover/autodiscover.xml: answers with SERVERS
-    SRV _autodiscover._tcp.shipped.example: not asked, as a --resolve stands in for DNS
-    ActiveSync schema, POST https://autodiscover.shipped.example/autodiscover/autodiscover.xml: no ActiveSync is offered (601), and clients go on to IMAP

Outlook and its cloud service: a GET of autodiscover.json
-    GET https://shipped.example/autodiscover/autodiscover.json: there is no such name (shipped.example)
ok   GET https://autodiscover.shipped.example/autodiscover/autodiscover.json: leads to https://autodiscover.shipped.example/autodiscover/autodiscover.xml

Thunderbird: a GET of config-v1.1.xml
ok   GET https://autoconfig.shipped.example/mail/config-v1.1.xml: answers with SERVERS
-    GET https://shipped.example/.well-known/autoconfig/mail/config-v1.1.xml: there is no such name (shipped.example)
ok   GET http://autoconfig.shipped.example/mail/config-v1.1.xml: redirected to https://autoconfig.shipped.example:HTTPS/mail/config-v1.1.xml?emailaddress=ada%40shipped.example: answers with SERVERS
-    GET http://shipped.example/.well-known/autoconfig/mail/config-v1.1.xml: there is no such name (shipped.example)
ok   GET https://autoconfig.shipped.example/mail/config-v1.1.xml, no address: answers the same without an address, as Thunderbird for Android asks
ok   GET https://autoconfig.shipped.example/.well-known/mail-v1.xml: answers with SERVERS

The coming standard (PACC): a GET of user-agent-configuration.json
-    GET https://ua-auto-config.shipped.example/.well-known/user-agent-configuration.json: the program has nothing of this kind for the domain (404)

Files that nobody may download
ok   /cgi-bin/: neither the configuration nor a list of login names can be downloaded

The mail servers that were named
ok   IMAP imap.right.example port 993: accepts TLS, and the certificate is good for 59 days
ok   SMTP smtp.right.example port 587: accepts STARTTLS, and the certificate is good for 59 days

What to change first
nothing
"""


class Right(unittest.TestCase):
    maxDiff = None

    def test_shipped_virtual_host(self):
        """apache/autodiscover.conf with the program: every question, and what it brings."""
        plain = {f"{host}shipped.example:80": world.ports["plain"] for host in BOTH}
        code, text = ask("shipped", plain, (*BOTH, "ua-auto-config."))
        self.assertEqual(text.replace(SERVERS, "SERVERS"), SHIPPED)
        self.assertEqual(code, 0)

    def test_right_installations(self):
        """The program as a CGI for everything, and a customer's web space as packaging/INSTALL has it."""
        for name in ("right", "hosting", "gnome", "early-hints", "space-before-root", "mixture"):
            with self.subTest(name):
                code, text = ask(name, hosts=ALL if name == "right" else BOTH)
                self.assertEqual((code, faults(text)), (0, []), text)
                self.assertIn("What to change first\nnothing\n", text)

    def test_lines(self):
        """What is said of that which is right, or is not there."""
        right = "https://autodiscover.right.example/autodiscover/autodiscover.xml"
        cases = {
            "nothing": "-    POST https://autodiscover.nothing.example/autodiscover/autodiscover.xml: there is no such name "
                       "(autodiscover.nothing.example)",
            "refused": "-    POST https://autodiscover.refused.example/autodiscover/autodiscover.xml: the connection is refused (port 443)",
            "moved": "ok   POST https://autodiscover.moved.example/autodiscover/autodiscover.xml: the domain has moved: clients ask "
                     "again for ada@right.example",
            "redirected": f"ok   POST https://autodiscover.redirected.example/autodiscover/autodiscover.xml: redirected to {right}: "
                          f"answers with {SERVERS}",
            "references": f"ok   POST https://autodiscover.references.example/autodiscover/autodiscover.xml: answers with {SERVERS}",
            "fragment": f"ok   POST https://autodiscover.fragment.example/autodiscover/autodiscover.xml: redirected to "
                        f"https://autodiscover.fragment.example/Autodiscover/Autodiscover.xml: answers with {SERVERS}",
            "gnome": f"ok   GET https://autoconfig.gnome.example/.well-known/mail-v1.xml: answers with {SERVERS}",
            "mail": "ok   POP3 pop.mail.example port 110: accepts STARTTLS, and the certificate is good for 59 days",
        }
        more = {"mail": {"imap.mail.example": "{imap}", "pop.mail.example": "{pop3}", "smtp.mail.example": "{smtp}"},
                "redirected": {"autodiscover.right.example": "{apache}"}, **MORE}
        for name, line in cases.items():
            with self.subTest(name):
                places = {host: value.format(**world.ports) for host, value in more.get(name, {}).items()}
                _, text = ask(name, places, HOSTS.get(name, BOTH))
                self.assertIn(line, text.splitlines(), text)


# For each broken installation its name, the first step, and what fails or is warned of. D is its domain; POX, JSON and CONFIG are the
# questions that Outlook and Thunderbird ask first, and SHORT has the rest. Where autoconfig.D does not exist, the line that
# says so of Thunderbird is left out.
EXPECTED = {name: (step, lines) for name, step, lines in re.findall(r"(?ms)^== (\S+): ([^\n]+)\n(.*?)(?=\n==|\Z)", r"""
== toml: keep the configuration in /cgi-bin/ of D from being downloaded
FAIL GET https://autodiscover.D/cgi-bin/autodiscover.toml: anybody can download the configuration
FAIL GET https://autoconfig.D/cgi-bin/autodiscover.toml: anybody can download the configuration
== domain-toml: keep the configuration in /cgi-bin/ of D from being downloaded
FAIL GET https://autodiscover.D/cgi-bin/domains/D.toml: anybody can download the configuration
== logins: keep the configuration in /cgi-bin/ of D from being downloaded
FAIL GET https://autodiscover.D/cgi-bin/domains/D.logins: anybody can download the list of login names
== website: route /POX on autodiscover.D to the program, ahead of the website's own rules
FAIL POX: a page of HTML (200) is sent where a document should be
FAIL Outlook: no place
warn JSON: a page of HTML (200) is sent where a document should be
== older: let one program answer for D; https://autodiscover.D/POX and others disagree
FAIL IMAP old.right.example port 993: there is no such name (old.right.example)
FAIL https://D/POX: says IMAP old.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS, but https://autodiscover.D/POX says SERVERS
== older-autoconfig: let one program answer for D; https://D/POX and others disagree
FAIL IMAP old.right.example port 993: there is no such name (old.right.example)
FAIL https://autoconfig.D/mail/config-v1.1.xml: says IMAP old.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS, but https://D/POX says SERVERS
FAIL https://D/.well-known/autoconfig/mail/config-v1.1.xml: says IMAP old.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS, but https://D/POX says SERVERS
== older-unserved: let one program answer for D; https://autodiscover.D/POX and others disagree
FAIL POST https://D/POX: an error document: 500 m (the program does not serve this domain)
FAIL https://D/POX: says that it does not serve the domain, but https://autodiscover.D/POX says SERVERS
== type: send the document at /mail/config-v1.1.xml on autoconfig.D as text/xml
FAIL CONFIG: answers with SERVERS, and would mislead
FAIL CONFIG: the Content-Type is "text/plain", which Thunderbird does not read; text/xml would be right
FAIL Thunderbird: none of the four
== type-pox: send the document at /POX on autodiscover.D as text/xml
FAIL POX: answers with SERVERS, and would mislead
FAIL POX: the Content-Type is "text/html", which Thunderbird does not read; text/xml would be right
FAIL Outlook: no place
== disposition: let the web server of autodiscover.D run the program, not send a file
FAIL POX: a file is offered for download (attachment; filename=autodiscover.xml) where a document should be
FAIL Outlook: no place
== download: let the web server of autodiscover.D run the program, not send a file
FAIL POX: a file is offered for download (application/octet-stream) where a document should be
FAIL Outlook: no place
== empty: let the web server of autodiscover.D hand /POX to the program
FAIL POX: the answer is empty (200)
FAIL Outlook: no place
== spaces: let nothing but the program write the answers of autodiscover.D
FAIL POX: a document that is not well-formed: there is white space before its beginning
FAIL Outlook: no place
== doctype: let nothing but the program write the answers of autodiscover.D
FAIL POX: a document that is not well-formed: it has a document type declaration
FAIL Outlook: no place
== truncated: let nothing but the program write the answers of autodiscover.D
FAIL POX: a document that is not well-formed: it ends too early
FAIL Outlook: no place
== schema: let nothing but the program write the answers of autodiscover.D
FAIL POX: an answer in the wrong namespace: Response is in NS:responseschema/2006; NS:outlook/responseschema/2006a would be right
FAIL Outlook: no place
== https-spaces: let nothing but the program write the answers of autodiscover.D
FAIL POX: an answer in the wrong namespace: Autodiscover is in https://schemas.microsoft.com/exchange/autodiscover/responseschema/2006; NS:responseschema/2006 would be right
FAIL Outlook: no place
== tls-on-993: correct the settings that mislead
FAIL POX: answers with IMAP imap.right.example port 993 with STARTTLS, SMTP smtp.right.example port 587 with TLS, and would mislead
FAIL POX: IMAP: Encryption TLS (STARTTLS) begins in the clear, but port 993 begins with TLS at once; SSL on with Encryption SSL would be right
FAIL POX: SMTP: Encryption SSL begins with TLS at once, but port 587 begins in the clear; SSL on with Encryption TLS would be right
FAIL Outlook: no place
FAIL IMAP imap.right.example port 993: begins with TLS at once, but STARTTLS is announced
FAIL SMTP smtp.right.example port 587: begins in the clear and offers STARTTLS, but TLS at once is announced
== mislead: correct the settings that mislead
FAIL POX: answers with IMAP imap.right.example port 993 with TLS, and would mislead
FAIL POX: no client knows the Type POP; POP3 would be right
FAIL POX: IMAP: SPA is on: Microsoft's NTLM and not a password; off would be right
warn POX: there is no server for outgoing mail
FAIL POX: the Content-Type is "text/html", which Thunderbird does not read; text/xml would be right
FAIL Outlook: no place
FAIL ActiveSync schema, POX: WRONG_SCHEMA
== socket-type: route /POX on autodiscover.D to the program
FAIL Outlook: no place
FAIL CONFIG: answers with IMAP imap.right.example port 993 with STARTTLS, and would mislead
FAIL CONFIG: IMAP: socketType STARTTLS begins in the clear, but port 993 begins with TLS at once; SSL would be right
FAIL CONFIG: without both an incoming and an outgoing server Thunderbird drops it
FAIL Thunderbird: none of the four
FAIL IMAP imap.right.example port 993: begins with TLS at once, but STARTTLS is announced
== android: answer config-v1.1.xml without emailaddress, by the name of the host
FAIL GET https://autoconfig.D/mail/config-v1.1.xml, no address: gives Thunderbird for Android, which names no address, nothing: the web server refuses (400)
== json: let autodiscover.json lead to https://autodiscover.D/POX
FAIL JSON: leads to http://x.D/, where there are no settings for Outlook
== firewall: let POST through to /POX on autodiscover.D; GET works there
FAIL POX: the web server refuses (403), but a GET reaches the program
FAIL Outlook: no place
== firewall-older-version: let POST through to /POX on autodiscover.D; GET works there
FAIL POX: the web server refuses (406), but a GET reaches the program
FAIL Outlook: no place
== static: take the file away that lies at /POX on autodiscover.D, so that the program answers
FAIL POX: the web server refuses (405), but a GET brings a file
FAIL Outlook: no place
== cloudflare: let Cloudflare in front of autodiscover.D pass the clients' paths unchecked: it takes mail programs for robots
FAIL POX: Cloudflare takes mail programs for robots (403)
FAIL Outlook: no place
== cloudflare-1020: let Cloudflare in front of autodiscover.D pass the clients' paths unchecked: it takes mail programs for robots
FAIL POX: Cloudflare takes mail programs for robots (403)
FAIL Outlook: no place
== cloudflare-passes: let the web server of autodiscover.D hand /POX to the program
FAIL POX: the web server refuses (403)
FAIL Outlook: no place
== cloudflare-521: let Cloudflare reach the web server behind it (521)
FAIL POX: Cloudflare does not reach the web server behind it (521)
FAIL Outlook: no place
== too-many: let the protection in front of autodiscover.D pass the clients' paths unchecked: it takes mail programs for robots
FAIL POX: what stands in front of it takes mail programs for robots (429)
FAIL Outlook: no place
== htaccess-mode: let the web server of autodiscover.D read every .htaccess: mode 644, its directories 755
FAIL POX: the web server refuses (403); it may not read a .htaccess
FAIL Outlook: no place
== exec-cgi: allow CGI programs in the directory of autodiscover.cgi on autodiscover.D: Options +ExecCGI
FAIL POX: the web server refuses (403); it runs no CGI program in that directory
FAIL Outlook: no place
warn JSON: the web server refuses (403); it runs no CGI program in that directory
== exec-cgi-everywhere: allow CGI programs in the directory of autodiscover.cgi on autodiscover.D: Options +ExecCGI
FAIL POX: the web server refuses (403); it runs no CGI program in that directory
FAIL Outlook: no place
warn JSON: the web server refuses (403); it runs no CGI program in that directory
== symlinks: allow access to autodiscover.D, whose web server refuses every page: Require all granted for the directory of the program; in web space take away the # before Options in .htaccess
FAIL POX: the web server refuses (403); it refuses every page
FAIL Outlook: no place
warn JSON: the web server refuses (403); it refuses every page
== cgi-rule: exempt autodiscover.cgi on autodiscover.D from the site's own rule against *.cgi: Require all granted
FAIL POX: the web server refuses (403); it refuses every *.cgi
FAIL Outlook: no place
warn JSON: the web server refuses (403); it refuses every *.cgi
== closed: allow access to the directory of autodiscover.cgi on autodiscover.D: Require all granted
FAIL POX: the web server refuses (403); it refuses the whole directory
FAIL Outlook: no place
warn JSON: the web server refuses (403); it refuses the whole directory
== no-grant: allow access to the directory of autodiscover.cgi on autodiscover.D: Require all granted
FAIL POX: the web server refuses (403); it refuses the whole directory
FAIL Outlook: no place
== own-names-closed: allow access to the directory of autodiscover.cgi on autodiscover.D: Require all granted
FAIL POX: the web server refuses (403); it refuses all that leads to the program
FAIL Outlook: no place
warn JSON: the web server refuses (403); it refuses all that leads to the program
== cgi-htaccess: take the line out of cgi-bin/.htaccess that the host forbids; the error log of autodiscover.D names the line
FAIL POX: the web server could not run the program (500); its error log says why; so does everything in cgi-bin
FAIL Outlook: no place
warn JSON: the web server could not run the program (500); its error log says why; so does everything in cgi-bin
== space-not-executable: let the web server of autodiscover.D start autodiscover.cgi, which alone fails; its error log says why
FAIL POX: the web server could not run the program (500); its error log says why
FAIL Outlook: no place
warn JSON: the web server could not run the program (500); its error log says why
== multiviews: remove or rename the leftover file autodiscover.php in the document root of autodiscover.D, which takes /POX
FAIL Outlook: no place
FAIL Thunderbird: none of the four
== multiviews-runs: remove or rename the leftover file autodiscover.php in the document root of autodiscover.D, which takes /POX
FAIL POX: a page of HTML (200) is sent where a document should be; MultiViews puts the file autodiscover.php in its place
FAIL Outlook: no place
warn JSON: a page of HTML (200) is sent where a document should be; MultiViews puts the file autodiscover.php in its place
== silent-proxy: let .htaccess on autodiscover.D know that TLS ends at a proxy in front of it: take away the # before SetEnvIf
FAIL POX: the web server refuses (403); a GET is redirected to itself, as the web server does not know that TLS ends in front of it
FAIL Outlook: no place
warn JSON: redirected to https://autodiscover.D/autodiscover/autodiscover.json?https=1&Email=ada%40D&Protocol=Autodiscoverv1&RedirectCount=1: the web server refuses (403), and before that redirected to itself
FAIL CONFIG: redirected to https://autoconfig.D/mail/config-v1.1.xml?https=1&emailaddress=ada%40D: the web server refuses (403), and before that redirected to itself
FAIL Thunderbird: none of the four
== gzip: send /POX on autodiscover.D as it is: it is compressed although nobody asked for that
warn POX: answers with SERVERS, with doubts
warn POX: it is compressed (gzip) although nobody asked for that
warn ActiveSync schema, POX: it is compressed (gzip) although nobody asked for that
== brotli: send /POX on autodiscover.D as it is: it is compressed although nobody asked for that
FAIL POX: it is compressed (br) although nobody asked for that
FAIL Outlook: no place
== doctype-as-html: let nothing but the program write the answers of autodiscover.D
FAIL POX: a document that is not well-formed: it has a document type declaration
FAIL Outlook: no place
== no-host: let redirects of autodiscover.D end, at a URL that begins with https://
FAIL POX: the redirect (302) leads to https:///POX, which has no host
FAIL Outlook: no place
== placeholder: correct login_name in autodiscover.toml: everybody gets %EMAIL%
FAIL POX: answers with SERVERS, and would mislead
FAIL POX: the login name is %EMAIL% for everybody, and has nothing of the address
FAIL Outlook: no place
== everybody: correct login_name in autodiscover.toml: everybody gets user@D
FAIL POX: answers with SERVERS, and would mislead
FAIL POX: the login name is user@D for everybody, and has nothing of the address
FAIL Outlook: no place
FAIL CONFIG: answers with SERVERS, and would mislead
FAIL CONFIG: the login name is user@D for everybody, and has nothing of the address
FAIL Thunderbird: none of the four
== no-smtp: announce a server for incoming and one for outgoing mail, both with encryption: Thunderbird takes nothing less
warn POX: answers with IMAP imap.right.example port 993 with TLS, with doubts
warn POX: there is no server for outgoing mail
FAIL CONFIG: the program has nothing of this kind for the domain (404)
FAIL Thunderbird: none of the four
== plain-smtp: announce a server for incoming and one for outgoing mail, both with encryption: Thunderbird takes nothing less
warn POX: answers with IMAP imap.right.example port 993 with TLS, SMTP smtp.right.example port 25 without encryption, with doubts
warn POX: SMTP: there is no encryption, so passwords can be read on their way
FAIL CONFIG: the program has nothing of this kind for the domain (404)
FAIL Thunderbird: none of the four
warn SMTP smtp.right.example port 25: accepts connections, without encryption as announced
== plain-pop3: correct the settings that are doubtful
warn POX: answers with IMAP imap.right.example port 993 with TLS, POP3 pop.right.example port 110 without encryption, SMTP smtp.right.example port 587 with STARTTLS, with doubts
warn POX: POP3: there is no encryption, so passwords can be read on their way
warn POP3 pop.right.example port 110: accepts connections, without encryption as announced
== percent: correct login_name in autodiscover.toml: everybody gets %EMAIL%
FAIL POX: answers with SERVERS, and would mislead
FAIL POX: the login name is %EMAIL% for everybody, and has nothing of the address
FAIL Outlook: no place
FAIL CONFIG: answers with SERVERS, and would mislead
FAIL CONFIG: the login name is %EMAIL% for everybody, and has nothing of the address
FAIL Thunderbird: none of the four
FAIL GET https://autoconfig.D/.well-known/mail-v1.xml: answers with SERVERS, and would mislead
FAIL GET https://autoconfig.D/.well-known/mail-v1.xml: the login name is %EMAIL% for everybody, and has nothing of the address
== list: tell users of programs that send no address their login name, here u17; or let the mail server accept the address
warn GET https://autoconfig.D/mail/config-v1.1.xml, no address: gives Thunderbird for Android, which names no address, the login name %EMAILADDRESS% and not u17
== listed: tell users of programs that send no address their login name, here u17; or let the mail server accept the address
warn GET https://autoconfig.D/mail/config-v1.1.xml, no address: gives Thunderbird for Android, which names no address, the login name %EMAILADDRESS% and not u17
== two-versions: let one program answer for D; https://D/POX and others disagree
FAIL IMAP old.right.example port 993: there is no such name (old.right.example)
FAIL https://autodiscover.D/POX: says SERVERS, but https://D/POX says IMAP old.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS
FAIL https://autoconfig.D/mail/config-v1.1.xml: says SERVERS, but https://D/POX says IMAP old.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS
FAIL https://D/.well-known/autoconfig/mail/config-v1.1.xml: says SERVERS, but https://D/POX says IMAP old.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS
== unauthorized: let autodiscover.D answer without a password
FAIL POX: asks for a password (401), so Outlook and phones ask their user for one and go no further
FAIL Outlook: no place
== forbidden: let the web server of autodiscover.D hand /POX to the program
FAIL POX: the web server refuses (403)
FAIL Outlook: no place
== unavailable: look at what the web server of autodiscover.D hands the request to
FAIL POX: the web server failed (503)
FAIL Outlook: no place
== fault: run "autodiscover check", which names the line of the configuration that is wrong
FAIL POX: an error document: 603 m (the program cannot use its configuration, and the error log of the web server says why)
FAIL Outlook: no place
warn JSON: the program cannot use its configuration (500); the error log of the web server says why
== not-served: name D in domains of autodiscover.toml, or give it a file in domains/
FAIL POX: an error document: 500 m (the program does not serve this domain)
FAIL Outlook: no place
warn JSON: the program does not serve this domain (404)
FAIL CONFIG: the program does not serve this domain (404)
FAIL Thunderbird: none of the four
== www: answer /POX on autodiscover.D itself; keep it out of every rule that forces www or https
FAIL POX: the redirect (301) to https://www.D/POX turns the POST into a GET, and the request is lost
FAIL Outlook: no place
== bare: answer /POX on autodiscover.D itself; keep it out of every rule that forces www or https
warn POST https://D/POX: the redirect (301) to https://www.D/POX turns the POST into a GET, and the request is lost
FAIL POX: the redirect (301) to https://www.D/POX turns the POST into a GET, and the request is lost
FAIL Outlook: no place
FAIL Thunderbird: none of the four
== loop: let redirects of autodiscover.D end, at a URL that begins with https://
FAIL POX: there are more than 10 redirects
FAIL Outlook: no place
== escape: answer /POX on autodiscover.D itself; keep it out of every rule that forces www or https
FAIL POX: the redirect (302) to https://x.?[31m.example/POX turns the POST into a GET, and the request is lost
FAIL Outlook: no place
== own-path: lead the clients' paths on autodiscover.D to the program, which runs at /cgi-bin/autodiscover.cgi
FAIL POST https://autodiscover.D/cgi-bin/autodiscover.cgi: the program runs here, but the clients' paths do not lead to it
FAIL Outlook: no place
== terminal: correct the settings that mislead
FAIL POX: answers with SERVERS, and would mislead
FAIL POX: IMAP: Encryption is "?bad"; SSL, TLS or None would be right
FAIL POX: the Content-Type is "text/?]0;owned?", which Thunderbird does not read; text/xml would be right
FAIL Outlook: no place
== endless: let nothing but the program write the answers of autodiscover.D
FAIL POX: a document that is not well-formed: unclosed token: line 1, column 131070
FAIL Outlook: no place
== nested: let the program answer autodiscover.json
warn JSON: something that is not an answer of Autodiscover V2
== drip: let autodiscover.D answer within 2 seconds, or refuse at once
FAIL POX: there is no answer within 2 seconds
FAIL Outlook: no place
warn JSON: there is no answer within 2 seconds
== wrong-mail: create a DNS record for imap4.D, or name the right server in autodiscover.toml
FAIL IMAP imap.D port 143: begins with TLS at once, but STARTTLS is announced
FAIL IMAP imap2.D port 993: the connection is refused (port 993)
FAIL IMAP imap3.D port 993: accepts TLS, but the certificate does not cover imap3.D (it covers www.other.example)
FAIL IMAP imap4.D port 993: there is no such name (imap4.D)
FAIL IMAP imap5.D port 993: begins in the clear and offers STARTTLS, but TLS at once is announced
FAIL POP3 pop.D port 1110: STARTTLS is announced, but not offered
FAIL SMTP smtp.D port 587: STARTTLS is announced, but not offered
== no-mail-name: create a DNS record for imap.D, or name the right server in autodiscover.toml
FAIL IMAP imap.D port 993: there is no such name (imap.D)
== expired: renew the certificate of autodiscover.D
FAIL POX: the certificate expired 1 day ago
FAIL Outlook: no place
FAIL JSON: the certificate expired 1 day ago
FAIL CONFIG: the certificate expired 1 day ago
FAIL Thunderbird: none of the four
== soon: renew the certificate of autodiscover.D, which expires in 4 days
warn autodiscover.D: the certificate expires in 4 days
warn autoconfig.D: the certificate expires in 4 days
== untrusted: give autodiscover.D a certificate of a public authority, with the intermediate certificates
FAIL POX: the certificate is not trusted (it is self-signed)
FAIL Outlook: no place
FAIL JSON: the certificate is not trusted (it is self-signed)
FAIL CONFIG: the certificate is not trusted (it is self-signed)
FAIL Thunderbird: none of the four
== wrong-name: get a certificate that covers autodiscover.D
FAIL POX: the certificate does not cover autodiscover.D (it covers www.other.example)
FAIL Outlook: no place
FAIL JSON: the certificate does not cover autodiscover.D (it covers www.other.example)
== ipv6: give autodiscover.D an IPv4 address (an A record) besides IPv6
FAIL autodiscover.D: has no IPv4 address, so clients and clouds without IPv6 do not reach it
FAIL autoconfig.D: has no IPv4 address, so clients and clouds without IPv6 do not reach it
== autoconfig-expired: renew the certificate of autoconfig.D
FAIL CONFIG: the certificate expired 1 day ago
FAIL Thunderbird: none of the four
== silent: let autodiscover.D answer within 2 seconds, or refuse at once
FAIL POX: there is no answer within 2 seconds
FAIL Outlook: no place
warn JSON: there is no answer within 2 seconds
== refused: let the web server listen on port 443 of autodiscover.D
FAIL Outlook: no place
== nothing: create a DNS record for autodiscover.D and add the name to the certificate
FAIL Outlook: no place
== clear: let autodiscover.D speak TLS on port 443
FAIL POX: there is no TLS on port 443 (WRONG_VERSION_NUMBER)
FAIL Outlook: no place
warn JSON: there is no TLS on port 443 (WRONG_VERSION_NUMBER)
== unserved: name D in domains of autodiscover.toml, or give it a file in domains/
FAIL POX: an error document: 500 The email address can't be found. (the program does not serve this domain)
FAIL Outlook: no place
== unusable: run "autodiscover check", which names the line of the configuration that is wrong
FAIL POX: an error document: 603 Internal server error (the program cannot use its configuration, and the error log of the web server says why)
FAIL Outlook: no place
== not-executable: let the web server of autodiscover.D start autodiscover.cgi, which alone fails; its error log says why
FAIL POX: the web server could not run the program (500); its error log says why
FAIL Outlook: no place
warn JSON: the web server could not run the program (500); its error log says why
== text-mode: let the web server of autodiscover.D start autodiscover.cgi, which alone fails; its error log says why
FAIL POX: the web server could not run the program (500); its error log says why
FAIL Outlook: no place
warn JSON: the web server could not run the program (500); its error log says why
== denied: allow access to autodiscover.D, whose web server refuses every page: Require all granted for the directory of the program; in web space take away the # before Options in .htaccess
FAIL POX: the web server refuses (403); it refuses every page
FAIL Outlook: no place
warn JSON: the web server refuses (403); it refuses every page
== not-enabled: route /POX on autodiscover.D to the program
FAIL Outlook: no place
== php: let the web server of autodiscover.D run the program instead of giving it away
FAIL POX: the source of a program (<?php) is shown instead of being run
FAIL Outlook: no place
warn JSON: the web server refuses (403); it refuses every page
== hash: let the web server of autodiscover.D run the program instead of giving it away
FAIL POX: the source of a program (#!/) is shown instead of being run
FAIL Outlook: no place
warn JSON: the web server refuses (403); it refuses every page
== elf: let the web server of autodiscover.D run the program instead of giving it away
FAIL POX: the program itself (ELF) is offered for download instead of being run
FAIL Outlook: no place
warn JSON: the web server refuses (403); it refuses every page
== hosting-elsewhere: lead the clients' paths on autodiscover.D to the program, which runs at /cgi-bin/autodiscover.cgi
FAIL POST https://autodiscover.D/cgi-bin/autodiscover.cgi: the program runs here, but the clients' paths do not lead to it
FAIL Outlook: no place
== hosting-forbidden: take the line out of .htaccess that the host forbids: every page of autodiscover.D fails; its error log names the line
FAIL POX: the web server could not run the program (500); its error log says why; so does every other page
FAIL Outlook: no place
warn JSON: the web server could not run the program (500); its error log says why; so does every other page
== hosting-unread: keep the configuration in /cgi-bin/ of D from being downloaded
FAIL POST https://autodiscover.D/cgi-bin/autodiscover.cgi: the program itself (ELF) is shown instead of being run
FAIL Outlook: no place
FAIL Thunderbird: none of the four
FAIL GET https://autodiscover.D/cgi-bin/autodiscover.toml: anybody can download the configuration
FAIL GET https://autoconfig.D/cgi-bin/autodiscover.toml: anybody can download the configuration
== hosting-hidden: keep the configuration in /cgi-bin/ of D from being downloaded
FAIL GET https://autodiscover.D/cgi-bin/autodiscover.toml: anybody can download the configuration
""".strip())}
SHORT = {
    f"POST https://autodiscover.D{POX}:": "POX:", "GET https://autodiscover.D/autodiscover/autodiscover.json:": "JSON:",
    f"GET https://autoconfig.D{CONFIG}:": "CONFIG:", SERVERS: "SERVERS", WRONG_SCHEMA: "WRONG_SCHEMA", harness.SCHEMA: "NS:",
    POX: "/POX", "FAIL Outlook: no place gives it settings": "FAIL Outlook: no place",
    NO_THUNDERBIRD: "FAIL Thunderbird: none of the four",
}
# The hosts of a site that exist, where it is not autodiscover.D alone; and places of other names.
BOTH, ALL = ("autodiscover.", "autoconfig."), ("", "autodiscover.", "autoconfig.")
HOSTS = {"older": ALL, "older-autoconfig": ALL, "older-unserved": ALL, "bare": ALL, "refused": (), "nothing": (),
         "two-versions": ALL, "early-hints": BOTH, "fragment": ("autodiscover.",), "mixture": BOTH, "multiviews": BOTH,
         **{name: BOTH for name in ("no-smtp", "plain-smtp", "plain-pop3", "list", "percent", "silent-proxy", "gzip", "everybody", "listed", "space-before-root", "type", "socket-type", "android", "json", "untrusted", "autoconfig-expired", "firewall", "soon", "expired", "nested",
                                    "not-served", "no-mail-name", "ipv6", "hosting-unread", "toml")}}
MORE = {
    "silent": {"autodiscover.silent.example": "{silent}"}, "refused": {"autodiscover.refused.example": "{nobody}"},
    "clear": {"autodiscover.clear.example": "{clear}"},
    "ipv6": {f"{host}ipv6.example": "{ipv6}" for host in BOTH},
    "moved": {"autodiscover.right.example": "{apache}"}, "plain-pop3": {"pop.right.example": "{pop3}"},
    "wrong-mail": {
        "imap.wrong-mail.example": "{tls}", "imap2.wrong-mail.example": "{nobody}", "imap3.wrong-mail.example": "{tls_other}",
        "imap5.wrong-mail.example": "{imap}", "pop.wrong-mail.example": "{imap_bare}", "smtp.wrong-mail.example": "{smtp_bare}"},
}


class Broken(unittest.TestCase):
    maxDiff = None

    def test_installations(self):
        """Each has the right verdicts and the right first step."""
        def asked(name):
            more = {host: value.format(**world.ports) for host, value in MORE.get(name, {}).items()}
            return name, ask(name, more, HOSTS.get(name, ("autodiscover.",)))

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for name, (code, text) in pool.map(asked, EXPECTED):
                with self.subTest(name):
                    if name == "ipv6" and not world.https6:
                        self.skipTest("loopback has no IPv6 here")
                    lines = [line for line in faults(text.replace(f"{name}.example", "D"))
                             if line != NO_THUNDERBIRD or "autoconfig." in HOSTS.get(name, ())]
                    if name in ("unserved", "unusable"):
                        # How exactly the other protocols say it depends on the version of the program.
                        lines = [line for line in lines if not line.startswith("warn GET")]
                    found = "\n".join(lines)
                    for long, short in SHORT.items():
                        found = found.replace(long, short)
                    step, expected = EXPECTED[name]
                    self.assertEqual(found, f"{expected}\nFirst: {step}.")
                    self.assertEqual(code, int("FAIL" in text))

    def test_apache_that_got_cgid_while_it_ran(self):
        """mod_cgid starts its daemon in the second pass since it was loaded, which a graceful restart does not make."""
        server = self.enterContext(harness.Apache(["*.cgid.example", "cgid.example"]))
        harness.install(server.folder / "program/autodiscover.cgi")
        text = f"""<VirtualHost *:{server.https}>
SSLEngine On
SSLCertificateFile "{server.certificate}"
SSLCertificateKeyFile "{server.key}"
SITE
</VirtualHost>
<Directory "{server.folder}/program">
Require all granted
</Directory>
"""
        program = f'<IfModule cgid_module>\nScriptAliasMatch "^/" "{server.folder}/program/autodiscover.cgi"\n</IfModule>'
        proxy = f'ProxyPass "/" "http://127.0.0.1:{harness.free_port()}/"'
        server.start(text.replace("SITE", program), cgi=False)
        ask = lambda: run("--ca", server.folder / "ca.pem", "--resolve", "*=-", "--resolve", f"autodiscover.cgid.example=127.0.0.1:{server.https}",
                          "ada@cgid.example")[1].partition("First: ")[2]
        for site, modules, step in ((program, (), "stop and start Apache on autodiscover.cgid.example: "),
                                    (proxy, ("proxy", "proxy_http"), "look at what the web server of autodiscover.cgid.example hands the request to")):
            with self.subTest(step):
                server.configure(text.replace("SITE", site), modules=modules)
                seen = len(server.log())
                server.processes[0].send_signal(signal.SIGUSR1)
                deadline = time.monotonic() + 10
                while "resuming normal operations" not in server.log()[seen:] and time.monotonic() < deadline:
                    time.sleep(0.05)
                self.assertTrue(ask().startswith(step), ask())

    def test_fcgiwrap_that_is_down(self):
        """nginx answers 502 for the program, and itself for the rest."""
        harness.needs("nginx", "fcgiwrap")
        server = self.enterContext(harness.Nginx(["*.fcgiwrap.example", "fcgiwrap.example"]))
        server.start(f"""server {{
    listen 127.0.0.1:{server.https} ssl;
    location /autodiscover/ {{
        fastcgi_pass unix:{server.folder}/socket;
    }}
}}""")
        server.processes[0].kill()
        _, text = run("--ca", server.folder / "ca.pem", "--resolve", "*=-", "--resolve", f"autodiscover.fcgiwrap.example=127.0.0.1:{server.https}",
                      "ada@fcgiwrap.example")
        self.assertIn("the web server failed (502); nginx itself works, but fcgiwrap does not\n", text)
        self.assertIn("First: start fcgiwrap on autodiscover.fcgiwrap.example: systemctl enable --now fcgiwrap.socket.\n", text)

    def test_hostile_answers_are_safe_and_bounded(self):
        """No control character of a server reaches the terminal, and nothing takes longer than it may."""
        for name in ("terminal", "escape", "drip", "endless", "nested", "crowd", "chain"):
            with self.subTest(name):
                begun = time.monotonic()
                code, text = ask(name)
                self.assertEqual(code, int("FAIL" in text), text)
                self.assertLess(time.monotonic() - begun, 30)
                self.assertLess(len(text.splitlines()), 150)
                self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")

    def test_first_step_has_usual_reasons(self):
        """The three of a 404, and the four of a 500 that the error log would name."""
        for name, reasons in (("not-enabled", ("DNS leads to another web server", "ServerAlias", ".htaccess lies in another directory")),
                              ("not-executable", ("755", "text mode", "cut off", "architecture"))):
            with self.subTest(name):
                _, text = ask(name)
                end = text.partition("First: ")[2]
                for reason in reasons:
                    self.assertIn(reason, end)

    def test_causes_are_grouped(self):
        """Several failures of one cause are one cause, and the lists come with the first step at the end."""
        _, text = ask("expired", hosts=BOTH)
        self.assertIn("""
1. renew the certificate of autodiscover.expired.example
     POST https://autodiscover.expired.example/autodiscover/autodiscover.xml
     GET https://autodiscover.expired.example/autodiscover/autodiscover.json
2. renew the certificate of autoconfig.expired.example
     GET https://autoconfig.expired.example/mail/config-v1.1.xml
""", text)


class Resolver(unittest.TestCase):
    """--server: what the probe's own resolver makes of the answers of a DNS server (RFC 1035, RFC 2782)."""

    def probe(self, zone, *options, name="dns", more=()):
        """Asks with a DNS server that has these records, each a text of name and type, and its data."""
        with dns_server(zone if isinstance(zone, Zone) else Zone(zone)) as server:
            places = {"autodiscover.right.example": world.ports["apache"], "imap.right.example": world.ports["tls"],
                      "smtp.right.example": world.ports["smtp"], **dict(more)}
            pairs = (part for host, value in places.items() for part in ("--resolve", f"{host}={value}"))
            return run("--ca", world.folder / "ca.pem", "--timeout", "1", "--server", server, *pairs, *options, f"ada@{name}.example")

    def test_srv_records_in_their_order(self):
        """The lowest priority first, then the highest weight; what only an SRV record leads to is for Outlook alone."""
        _, text = self.probe({"_autodiscover._tcp.dns.example SRV": ["10 0 443 second.dns.example", "0 5 443 autodiscover.right.example"],
                               "second.dns.example A": ["127.0.0.1"]})
        subject = "ok   SRV _autodiscover._tcp.dns.example: leads to https://"
        self.assertEqual([line.removeprefix(subject) for line in text.splitlines() if line.startswith("ok   SRV")],
                         ["autodiscover.right.example/autodiscover/autodiscover.xml, which is asked next",
                          "second.dns.example/autodiscover/autodiscover.xml, which is asked next"])
        self.assertIn("-    POST https://dns.example/autodiscover/autodiscover.xml: dns.example has neither an A nor an AAAA record\n", text)
        self.assertIn("warn phones and new Outlook: they do not ask https://autodiscover.right.example/autodiscover/autodiscover.xml, "
                      "which only Outlook finds, by the last ways that it tries\n", text)

    def test_host_with_ipv6_only(self):
        _, text = self.probe({"autodiscover.dns.example AAAA": ["::1"]})
        self.assertIn("FAIL autodiscover.dns.example: has no IPv4 address, so clients and clouds without IPv6 do not reach it\n", text)

    def test_digest_of_pacc(self):
        """The TXT record is told from others, and its strings are joined."""
        document = FAKES["pacc"]("GET", "x/.well-known/user-agent-configuration.json", b"")[2].encode()
        digest = base64.b64encode(hashlib.sha256(document).digest()).decode()
        record, other = f"v=UAAC1; a=sha256; d={digest}", "v=UAAC1; a=sha256; d=x"
        lacks = f"answers, but DNS has no TXT record at _ua-auto-config.pacc.example with d={digest}"
        more = {f"{host}pacc.example": world.ports["own"] for host in (*BOTH, "ua-auto-config.")}
        for name, texts, line in (("one", [record], "answers, and DNS has its digest"),
                                  ("several", [other, record], "answers, and DNS has its digest"),
                                  ("blanks and tags of later versions", [f" d = {digest} ; x=1;a=SHA256; v=UAAC1;"], "answers, and DNS has its digest"),
                                  ("version", [record.replace("UAAC1", "UAAC2")], f"{lacks} (a record has v=UAAC2; UAAC1 would be right)"),
                                  ("no version", [record.partition("; ")[2]], f"{lacks} (a record has no v=UAAC1)"),
                                  ("algorithm", [record.replace("sha256", "sha512")], f"{lacks} (a record has a=sha512; sha256 would be right)"),
                                  ("twice", [f"{record}; d=x"], f"{lacks} (a record has the tag d twice)"),
                                  ("in other text", [f"see d={digest}"], f"{lacks} (a record has no v=UAAC1)"),
                                  ("other", [other], f"answers, but DNS has no TXT record at _ua-auto-config.pacc.example with d={digest}")):
            with self.subTest(name):
                _, text = self.probe({"_ua-auto-config.pacc.example TXT": texts}, name="pacc", more=more)
                self.assertIn(f"GET https://ua-auto-config.pacc.example/.well-known/user-agent-configuration.json: {line}\n", text)

    def test_servers_that_fail_or_mislead(self):
        """SERVFAIL, silence, a name that points to itself, and garbage are all no answer."""
        for name, options in (("servfail", {"rcodes": dict.fromkeys(KINDS.values(), 2)}),
                              ("silent", {"rcodes": dict.fromkeys(KINDS.values())}),
                              ("loop", {"raw": lambda end: struct.pack(">H", 0xC000 | end) * 20}),
                              ("strange names", {"raw": lambda _: labels("autodiscover.dns.example") + struct.pack(">HHIH", 5, 1, 60, 9) +
                                                 b"\x07\xff.\x1b[31m\x00" + b"\0"}),
                              ("garbage", {"raw": lambda _: b"\xff" * 30}), ("other question", {"question": b"\1x\0\0\1\0\1"})):
            with self.subTest(name):
                code, text = self.probe(Zone({"autodiscover.dns.example A": ["127.0.0.1"]}, **options))
                self.assertNotIn("\x1b", text)
                if name == "strange names":
                    self.assertIn("First: change the CNAME record of autodiscover.dns.example: its target ", text)
                    continue
                self.assertIn("FAIL Outlook: no place gives it settings\n", text)
                self.assertIn("First: ask again when DNS answers, or name another server with --server.\n", text)
                self.assertEqual(code, 1)


KINDS = {1: "A", 5: "CNAME", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV"}


def wire(kind, value):
    """The data of a record in a DNS message, of a text as zone files have it."""
    if isinstance(value, bytes):
        return value
    *numbers, name = value.split(" ") if kind in ("SRV", "MX") else [value]
    if kind in ("A", "AAAA"):
        return socket.inet_pton(socket.AF_INET if kind == "A" else socket.AF_INET6, value)
    if kind == "TXT":
        parts = [value[at:at + 20].encode() for at in range(0, len(value), 20)]
        return b"".join(bytes([len(part)]) + part for part in parts)
    return b"".join(struct.pack(">H", int(number)) for number in numbers) + labels(name)


def labels(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


class Zone:
    """What a DNS server knows: records by "NAME KIND", each a text or bytes; names beginning with *. are wildcards.

    `rcodes` are the errors by kind, None for silence; `raw` makes the answer of where the question ends; `truncates` says
    that answers by UDP are cut off; `authority` is the zone for which alone an authoritative server answers.
    """

    def __init__(self, records, rcodes=(), raw=None, question=None, truncates=False, authority=None):
        self.records, self.rcodes, self.raw, self.question = records, dict(rcodes), raw, question
        self.truncates, self.authority = truncates, authority

    def find(self, name, kind):
        """The records of a name, by its wildcard where the name itself does not exist; None where there is no such name."""
        names = {key.split(" ")[0] for key in self.records}
        if not any(known == name or known.endswith(f".{name}") for known in names):
            name = f"*.{name.partition('.')[2]}"
            if name not in names:
                return None
        return self.records.get(f"{name} {kind}", [])

    def answer(self, query, udp):
        end = query.index(b"\0", 12) + 5
        name, at = [], 12
        while query[at]:
            name.append(query[at + 1:at + 1 + query[at]].decode("latin-1").lower())
            at += 1 + query[at]
        name, kind = ".".join(name), KINDS[struct.unpack(">H", query[end - 4:end - 2])[0]]
        rcode = self.rcodes.get(kind, 0)
        if rcode is None:
            return None
        records, flags = [], 0x8400 if self.authority else 0x8180
        if self.authority and not f".{name}".endswith(f".{self.authority}"):
            rcode = 5
        while not rcode:
            if self.authority and not f".{name}".endswith(f".{self.authority}"):
                break
            alias = self.find(name, "CNAME")
            found = self.find(name, kind)
            if found is None:
                rcode = 3
            records += [(name, kind, value) for value in found or ()]
            if found or not alias:
                break
            records.append((name, "CNAME", alias[0]))
            name = alias[0]
        if udp and self.truncates:
            records, flags = [], flags | 0x200
        numbers = {kind: number for number, kind in KINDS.items()}
        body = b"".join(labels(owner) + struct.pack(">HHIH", numbers[its_kind], 1, 60, len(data)) + data
                        for owner, its_kind, data in ((owner, its_kind, wire(its_kind, value)) for owner, its_kind, value in records))
        return (query[:2] + struct.pack(">HHHHH", flags | rcode, 1, len(records) or self.raw is not None, 0, 0) +
                (self.question or query[12:end]) + (self.raw(end) if self.raw else body))


@contextlib.contextmanager
def dns_server(zone):
    """A DNS server, by UDP and TCP: its address, for as long as it is needed."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server, socket.socket() as stream:
        server.bind(("127.0.0.1", 0))
        stream.bind(server.getsockname())
        stream.listen()

        def serve():
            while True:
                query, place = server.recvfrom(4096)
                if query == b"end":
                    return
                answer = zone.answer(query, True)
                if answer:
                    server.sendto(answer, place)

        def serve_stream():
            with contextlib.suppress(OSError):
                while True:
                    with stream.accept()[0] as connection:
                        query = connection.recv(4096)
                        if query:
                            answer = zone.answer(query[2:], False)
                            connection.sendall(struct.pack(">H", len(answer)) + answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        threading.Thread(target=serve_stream, daemon=True).start()
        yield "%s:%d" % server.getsockname()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ending:
            ending.sendto(b"end", server.getsockname())
        thread.join()
        stream.shutdown(socket.SHUT_RDWR)


class Namespace(unittest.TestCase):
    """Installations of more than one address, in a network of their own with a DNS server of their own.

    127.0.1.1 and 2001:db8::1 have web and mail servers that answer rightly, those that end with 8 answer with the servers
    of before, those with 9 are a stranger's, 5 is a website, 4 has the program without a
    certificate for it, 3 has the program that does not serve the domain, 7 refuses, 6 is silent, and there is no route to 2001:db8:5::5.
    """

    @classmethod
    def setUpClass(cls):
        harness.needs("ip")
        if os.geteuid() != 0:
            raise unittest.SkipTest("only root may make a network namespace")
        stack = cls.enterClassContext(contextlib.ExitStack())
        # Of this process, only the thread that asks for it moves to another network, with what it starts.
        cls.pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(1))
        cls.pool.submit(cls.start, stack).result()

    @classmethod
    def start(cls, stack):
        clone_newnet = 0x40000000
        if ctypes.CDLL(None, use_errno=True).unshare(clone_newnet):
            raise unittest.SkipTest(f"no network namespace can be made here: {os.strerror(ctypes.get_errno())}")
        for command in ("link set lo up", *(f"addr add 2001:db8::{last}/128 dev lo nodad" for last in (1, 3, 4, 5, 6, 7, 8, 9))):
            subprocess.run(["ip", *command.split()], check=True)
        folder = world.folder
        signed(folder, "namespace", 60, *(host for name in NAMESPACE for host in (f"{name}.example", f"*.{name}.example")),
               "*.hoster.example", "*.right.example", "*.unserved.test")
        own, other = context(folder, "namespace"), world.contexts["other"]
        contexts = {"1": own, "3": own, "4": other, "5": own, "8": own, "9": other}
        stack.callback(cls.pool.submit, cls.stop)
        cls.stack = contextlib.ExitStack()
        for last, tls in contexts.items():
            site = {"1": on(GOOD), "3": always(404, "text/plain", "not served", X_Autodiscover="not-served"), "4": on(GOOD), "5": always(404, "text/html", "<html>no such page</html>"), "8": on({POX: outlook(settings(MAIL.replace("imap.right", "old.right"))), CONFIG: config("old.right.example")}),
                    "9": always(404, "text/html", "<html>nothing</html>")}[last]
            for ip in (f"127.0.1.{last}", f"2001:db8::{last}"):
                serve_https(cls.stack, ip, tls, site)
                if last == "1":
                    for port, serve in ((993, "tls"), (587, "smtp")):
                        listen(cls.stack, mail_servers({**world.contexts, "good": tls})[serve], ip, port)

        for ip in ("127.0.1.6", "2001:db8::6"):
            # Where one connection waits already, Linux drops the next ones without a word.
            family = socket.AF_INET6 if ":" in ip else socket.AF_INET
            full = cls.stack.enter_context(socket.create_server((ip, 443), family=family, backlog=0))
            cls.stack.enter_context(socket.create_connection(full.getsockname()[:2]))

    def test_computer_without_ipv6(self):
        """What cannot be asked from here is said, and no failure of the installation."""
        clone_newnet = 0x40000000

        def asked():
            libc.unshare(clone_newnet)
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            with contextlib.ExitStack() as stack:
                serve_https(stack, "127.0.1.1", context(world.folder, "namespace"), on(GOOD))
                for port, serve in ((993, "tls"), (587, "smtp")):
                    listen(stack, mail_servers({**world.contexts, "good": context(world.folder, "namespace")})[serve], "127.0.1.1", port)
                return self.probe("aaaa-stranger")

        libc = ctypes.CDLL(None)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            code, text = pool.submit(asked).result()
        self.assertIn("-    autodiscover.aaaa-stranger.example at 2001:db8::9: not asked, as this computer has no IPv6; at 127.0.1.1: answers", text)
        self.assertIn("\nnothing; not asked: the IPv6 addresses, as this computer has no IPv6\n", text)
        self.assertEqual(code, 0)

    @classmethod
    def stop(cls):
        cls.stack.close()

    def probe(self, name):
        """What the probe says of a domain with these records."""
        with dns_server(NAMESPACE[name] if isinstance(NAMESPACE[name], Zone) else zone(name, NAMESPACE[name])) as server:
            return run("--ca", world.folder / "ca.pem", "--timeout", "1", "--server", server, f"ada@{name}.example")

    def test_installations(self):
        """The first step, and a line that says what was seen."""
        def asked(name):
            return name, self.probe(name)

        def all_of():
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                return list(pool.map(asked, NAMESPACE))

        for name, (code, text) in self.pool.submit(all_of).result():
            with self.subTest(name):
                text = text.replace(f"{name}.example", "D")
                step, lines = FIRST_STEPS[name]
                self.assertEqual(text.partition("\nWhat to change first\n")[2].splitlines()[0],
                                 f"First: {step}." if step else "nothing", text)
                for line in lines:
                    self.assertIn(line, text.splitlines(), text)
                self.assertEqual(code, int("FAIL" in text), text)


def serve_https(stack, ip, tls, site):
    """A web server at port 443 of an address, which answers for every host as `site` does."""
    class Handler(Answers):
        def respond(self):
            host = self.headers.get("Host", "")
            posted = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, body = site(self.command, host + self.path, posted)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = respond

    server = stack.enter_context(type("Server", (http.server.ThreadingHTTPServer,), {
        "address_family": socket.AF_INET6 if ":" in ip else socket.AF_INET, "daemon_threads": True,
        "handle_error": lambda *_: None})((ip, 443), Handler))
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stack.callback(server.shutdown)


def zone(name, records, **options):
    """The zone of NAME.example, in which D stands for the domain; without records of its own, a right one."""
    right = {"autodiscover.D A": ["127.0.1.1"], "autoconfig.D A": ["127.0.1.1"], "imap.right.example A": ["127.0.1.1"],
             "smtp.right.example A": ["127.0.1.1"]}
    fill = lambda value: value.replace("D", f"{name}.example") if isinstance(value, str) else value
    return Zone({key.replace("D ", f"{name}.example "): [fill(value) for value in values]
                 for key, values in {**right, **records}.items() if values is not None}, **options)


# The first step of each, or nothing, and lines of the report.
ANSWERS = f"answers with {SERVERS}"
STRANGE = "the certificate does not cover autodiscover.D (it covers www.other.example)"
FIRST_STEPS = {
    "dual": ("", ["ok   POST https://autodiscover.D/autodiscover/autodiscover.xml: " + ANSWERS]),
    "aaaa-stranger": ("remove the AAAA record 2001:db8::9 of autodiscover.D, or let that address answer as the others do",
                      [f"FAIL autodiscover.D at 2001:db8::9: {STRANGE}; at 127.0.1.1: {ANSWERS}"]),
    "aaaa-refused": ("remove the AAAA record 2001:db8::7 of autodiscover.D, or let that address answer as the others do",
                     [f"FAIL {host} at 2001:db8::7: the connection is refused (port 443); at 127.0.1.1: {ANSWERS}"
                      for host in ("autodiscover.D", "autoconfig.D")]),
    "aaaa-hanging": ("remove the AAAA record 2001:db8::6 of autodiscover.D, or let that address answer as the others do",
                     [f"FAIL {host} at 2001:db8::6: there is no answer within 1 second; at 127.0.1.1: {ANSWERS}"
                      for host in ("autodiscover.D", "autoconfig.D")]),
    "aaaa-unreachable": ("remove the AAAA record 2001:db8:5::5 of autoconfig.D, or let that address answer as the others do",
                         [f"FAIL autoconfig.D at 2001:db8:5::5: there is no route to it (Network is unreachable); at 127.0.1.1: {ANSWERS}"]),
    **{name: ("remove the A record 127.0.1.9 of autodiscover.D, or let that address answer as the others do",
              [f"FAIL autodiscover.D at 127.0.1.9: {STRANGE}; at 127.0.1.1: {ANSWERS}"]) for name in ("second-a", "second-a-first")},
    "second-a-silent": ("remove the A record 127.0.1.6 of autodiscover.D, or let that address answer as the others do",
                        [f"FAIL autodiscover.D at 127.0.1.6: there is no answer within 1 second; at 127.0.1.1: {ANSWERS}"]),
    "second-a-old": ("remove the A record 127.0.1.8 of autodiscover.D, or let that address answer as the others do",
                     [f"FAIL autodiscover.D at 127.0.1.8: {ANSWERS.replace('imap.right', 'old.right')}; at 127.0.1.1: {ANSWERS}"]),
    "mail-aaaa": ("remove the AAAA record 2001:db8::7 of imap.right.example, or let that address answer as the others do",
                  ["FAIL IMAP imap.right.example port 993 at 2001:db8::7: the connection is refused (port 993); at 127.0.1.1: accepts TLS, "
                   "and the certificate is good for 59 days"]),
    "mail-second-a": ("remove the A record 127.0.1.7 of smtp.right.example, or let that address answer as the others do", []),
    "by-alias": ("remove the AAAA record 2001:db8::9 of web.hoster.example, or let that address answer as the others do",
                 [f"FAIL autodiscover.D at 2001:db8::9: {STRANGE}; at 127.0.1.1: {ANSWERS}"]),
    **{name: ("create a record for autodiscover.D itself: only the wildcard record *.D answers for it, and leads to another server",
              [f"FAIL POST https://autodiscover.D{POX}: {STRANGE}"]) for name in ("wildcard", "wildcard-alias")},
    "wildcard-own": ("get a certificate that covers autodiscover.D", []),
    "alias-stranger": ("change the CNAME record of autodiscover.D, which leads to autodiscover.outlook.example: the program does not answer "
                       "there", [f"FAIL POST https://autodiscover.D{POX}: {STRANGE}"]),
    "a-stranger": ("lead autodiscover.D to the web server with the program, or set up the site there: at 127.0.1.9 the program does not "
                   "answer", [f"FAIL POST https://autodiscover.D{POX}: {STRANGE}"]),
    "srv-stranger": ("change or remove the SRV record _autodiscover._tcp.D: the program does not answer at its target old.D", []),
    "srv-gone": ("change or remove the SRV record _autodiscover._tcp.D: the program does not answer at its target old.D",
                 ["FAIL SRV _autodiscover._tcp.D: leads to old.D, which does not exist"]),
    "srv-gone-beside": ("change or remove the SRV record _autodiscover._tcp.D: the program does not answer at its target old.D",
                        ["warn SRV _autodiscover._tcp.D: leads to old.D, which does not exist"]),
    "srv-doubled": ("add the full stop that is missing at the end of the target of _autodiscover._tcp.D: it leads to "
                    "autodiscover.hoster.example.D", []),
    **{name: ("add the full stop that is missing at the end of the target of autodiscover.D: it leads to autodiscover.hoster.example.D", [])
       for name in ("alias-doubled", "alias-doubled-wildcard")},
    "alias-doubled-itself": ("add the full stop that is missing at the end of the target of autoconfig.D: it leads to autodiscover.D.D", []),
    "alias-gone": ("change the CNAME record of autodiscover.D: its target web7.hoster.example does not exist", []),
    "mx": ("", [f"ok   MX mx1.hoster.example, GET https://autoconfig.hoster.example/mail/config-v1.1.xml: {ANSWERS}",
                f"-    phones and new Outlook: they do not ask https://autodiscover.hoster.example{POX}, which only Outlook finds, by the "
                "last ways that it tries"]),
    "mail-srv": ("", []),
    "mail-srv-old": ("change or remove the SRV record _imaps._tcp.D, which leads to old.hoster.example",
                     ["warn SRV _imaps._tcp.D: leads to old.hoster.example port 993, which no answer names"]),
    "mail-srv-gone": ("change or remove the SRV record _imaps._tcp.D, which leads to old.hoster.example",
                      ["FAIL SRV _imaps._tcp.D: leads to old.hoster.example, which does not exist"]),
    "mail-srv-doubled": ("add the full stop that is missing at the end of the target of _submissions._tcp.D: it leads to "
                         "smtp.hoster.example.D", []),
    "mx-unserved": ("name D in domains of autodiscover.toml, or give it a file in domains/",
                    ["FAIL MX mx1.unserved.test, GET https://autoconfig.unserved.test/mail/config-v1.1.xml: the program does not serve this "
                     "domain (404)"]),
    "mx-stranger": ("create a DNS record for autoconfig.D and add the name to the certificate", []),
    "mx-nothing": ("create a DNS record for autoconfig.D and add the name to the certificate", []),
    **{f"aaaa-{name}": (f"let the name servers of D answer for AAAA records; they say: {problem}",
                        [f"FAIL autodiscover.D: DNS answers for A records, but not for AAAA records ({problem}), so that some clients wait "
                         "and others give up"])
       for name, problem in (("servfail", "SERVFAIL"), ("notimp", "NOTIMP"), ("refused-by-dns", "REFUSED"), ("silence", "no answer"))},
    "truncated": ("", []),
    "authority": ("name a DNS server that answers for every name with --server, or leave it out",
                  [f"FAIL POST https://autodiscover.D{POX}: the DNS server of --server answers for its own zones alone, and not for "
                   "web.hoster.test"]),
    "bare-stranger": ("get a certificate that covers D, or close its port 443: Outlook asks the website first, and warns its user", []),
    "bare-website": ("", []),
    "bare-and-port": ("let the web server listen on port 443 of autodiscover.D", []),
}
BOTH_IN_DNS = ("autodiscover.D", "autoconfig.D")
# For each installation its records beside the right ones, or in their place; None takes them away.
NAMESPACE = {
    "dual": {f"{host} AAAA": ["2001:db8::1"] for host in (*BOTH_IN_DNS, "imap.right.example")},
    "aaaa-stranger": {"autodiscover.D AAAA": ["2001:db8::9"]},
    "aaaa-refused": {f"{host} AAAA": ["2001:db8::7"] for host in BOTH_IN_DNS},
    "aaaa-hanging": {f"{host} AAAA": ["2001:db8::6"] for host in BOTH_IN_DNS},
    "aaaa-unreachable": {"autoconfig.D AAAA": ["2001:db8:5::5"]},
    "second-a": {"autodiscover.D A": ["127.0.1.1", "127.0.1.9"]},
    "second-a-first": {"autodiscover.D A": ["127.0.1.9", "127.0.1.1"]},
    "second-a-silent": {"autodiscover.D A": ["127.0.1.6", "127.0.1.1"]},
    "second-a-old": {"autodiscover.D A": ["127.0.1.1", "127.0.1.8"]},
    "mail-aaaa": {"imap.right.example AAAA": ["2001:db8::7"]},
    "mail-second-a": {"smtp.right.example A": ["127.0.1.1", "127.0.1.7"]},
    "by-alias": {"autodiscover.D A": None, "autodiscover.D CNAME": ["web.hoster.example"], "web.hoster.example A": ["127.0.1.1"],
                 "web.hoster.example AAAA": ["2001:db8::9"]},
    # Records that lead to a stranger.
    "wildcard": {"autodiscover.D A": None, "*.D A": ["127.0.1.9"]},
    "wildcard-alias": {"autodiscover.D A": None, "*.D CNAME": ["parking.hoster.example"], "parking.hoster.example A": ["127.0.1.9"]},
    "wildcard-own": {"autodiscover.D A": None, "*.D A": ["127.0.1.4"]},
    "alias-stranger": {"autodiscover.D A": None, "autodiscover.D CNAME": ["autodiscover.outlook.example"],
                       "autodiscover.outlook.example A": ["127.0.1.9"]},
    "a-stranger": {"autodiscover.D A": ["127.0.1.9"]},
    "srv-stranger": {"autodiscover.D A": None, "_autodiscover._tcp.D SRV": ["0 0 443 old.D"], "old.D A": ["127.0.1.9"]},
    "srv-gone": {"autodiscover.D A": None, "_autodiscover._tcp.D SRV": ["0 0 443 old.D"]},
    "srv-gone-beside": {"_autodiscover._tcp.D SRV": ["0 0 443 old.D"]},
    "srv-doubled": {"autodiscover.D A": None, "_autodiscover._tcp.D SRV": ["0 0 443 autodiscover.hoster.example.D"]},
    "alias-doubled": {"autodiscover.D A": None, "autodiscover.D CNAME": ["autodiscover.hoster.example.D"]},
    "alias-doubled-itself": {"autoconfig.D A": None, "autoconfig.D CNAME": ["autodiscover.D.D"]},
    "alias-doubled-wildcard": {"autodiscover.D A": None, "autodiscover.D CNAME": ["autodiscover.hoster.example.D"], "*.example.D A": ["127.0.1.9"]},
    "alias-gone": {"autodiscover.D A": None, "autodiscover.D CNAME": ["web7.hoster.example"]},
    # The hoster's shape, of `autodiscover dns --mx mx1.hoster.example`.
    "mx": {"autodiscover.D A": None, "autoconfig.D A": None, "D MX": ["10 mx1.hoster.example"], "D A": ["127.0.1.5"],
           "mx1.hoster.example A": ["127.0.1.1"], "_autodiscover._tcp.D SRV": ["0 0 443 autodiscover.hoster.example"],
           "autodiscover.hoster.example A": ["127.0.1.1"], "autoconfig.hoster.example A": ["127.0.1.1"]},
    # The SRV records of mail, as `autodiscover dns` prints them, and such as lead to the server of before.
    "mail-srv": {"_imaps._tcp.D SRV": ["0 1 993 imap.right.example"], "_submission._tcp.D SRV": ["0 1 587 smtp.right.example"],
                 **{f"_{service}._tcp.D SRV": ["0 0 0 ."] for service in ("imap", "pop3", "pop3s", "submissions")}},
    "mail-srv-old": {"_imaps._tcp.D SRV": ["0 1 993 old.hoster.example"], "old.hoster.example A": ["127.0.1.9"]},
    "mail-srv-gone": {"_imaps._tcp.D SRV": ["0 1 993 old.hoster.example"]},
    "mail-srv-doubled": {"_submissions._tcp.D SRV": ["0 1 465 smtp.hoster.example.D"]},
    "mx-unserved": {"autoconfig.D A": None, "D MX": ["10 mx1.unserved.test"], "autoconfig.unserved.test A": ["127.0.1.3"]},
    "mx-stranger": {"autoconfig.D A": None, "D MX": ["10 mx1.filter.test"], "autoconfig.filter.test A": ["127.0.1.9"]},
    "mx-nothing": {"autoconfig.D A": None, "D MX": ["10 mx1.hoster.example"], "mx1.hoster.example A": ["127.0.1.1"]},
    # The website of the domain, which Outlook asks first.
    "bare-stranger": {"D A": ["127.0.1.9"]}, "bare-website": {"D A": ["127.0.1.5"]},
    "bare-and-port": {"D A": ["127.0.1.9"], "autodiscover.D A": ["127.0.1.7"]},
    # DNS servers that fail.
    **{f"aaaa-{name}": zone(f"aaaa-{name}", {}, rcodes={"AAAA": rcode}) for name, rcode in (("servfail", 2), ("notimp", 4), ("refused-by-dns", 5), ("silence", None))},
    "truncated": zone("truncated", {}, truncates=True),
    "authority": zone("authority", {"autodiscover.D A": None, "autodiscover.D CNAME": ["web.hoster.test"]}, authority="example"),
}
class Microsoft(unittest.TestCase):
    """--ask-microsoft, against a server of our own that answers as AutoDetect did on 2025-12-08."""

    def probe(self, servers, debug=None, **named):
        told = {"email": "ada@right.example", "services": [], "protocols": [
            {"protocol": kind, "hostname": host, "port": port, "encryption": "ssl", "username": "ada@right.example", "validated": False}
            for kind, host, port in servers], **named}
        headers = {"x-debug-support": base64.b64encode(json.dumps(debug).encode()).decode()} if debug else {}
        FAKES["microsoft"] = always(200, "application/json; charset=utf-8", json.dumps(told), **headers)
        world.requests.clear()
        return ask("right", {"detect.microsoft.example": world.ports["own"]}, ALL, (
            "--ask-microsoft", "--microsoft-url", "https://detect.microsoft.example/detect?services=office365"))[1]

    def test_what_it_believes(self):
        own = [("imap", "imap.right.example", 993), ("smtp", "smtp.right.example", 587)]
        other = [("imap", "imap.old.example", 993), ("smtp", "smtp.old.example", 465)]
        provider = {"autoD": {"v2": None, "v1": None}, "db": {"provider": {"Id": "old", "UpdatedAt": "2020-02-03T09:12:59"}}}
        cases = {
            "own": (own, {"autoD": {"v2": None, "v1": {"x": 1}}}, {}, "ok   AutoDetect: it believes what your server says (imap "
                    "imap.right.example 993, smtp smtp.right.example 587), so it must have used your answer; it says that it used "
                    "your autodiscover.xml"),
            "list": (other, provider, {}, "warn AutoDetect: it believes imap imap.old.example 993, smtp smtp.old.example 465, which "
                     "your server does not say; so it must have used an older answer, or a list of its own; it says that it used "
                     "Microsoft's own list, entry old of 2020-02-03"),
            "nothing": ([], None, {}, "warn AutoDetect: it knows nothing of the domain, so Outlook asks its user for every value"),
            "office": ([], None, {"services": [{"service": "office365"}]}, "warn AutoDetect: it takes the domain for office365"),
            "hostile": ([], None, {"services": 5, "protocols": {"a": [1]}}, "warn AutoDetect: it knows nothing of the domain, so "
                        "Outlook asks its user for every value"),
        }
        for name, (servers, debug, named, line) in cases.items():
            with self.subTest(name):
                self.assertIn(line, self.probe(servers, debug, **named).splitlines())

    def test_only_the_address_is_sent_and_it_is_said(self):
        text = self.probe([])
        self.assertIn("autodiscover-probe: sends ada@right.example to https://detect.microsoft.example:HTTPS"
                      .replace(":HTTPS", "") + "/detect?services=office365\n", text)
        asked = [headers for _, url, headers, _ in world.requests if url.startswith("detect.microsoft")]
        self.assertEqual([headers["X-Email"] for headers in asked], ["ada@right.example"])
        self.assertNotIn("Authorization", asked[0])

    def test_nobody_is_asked_unasked(self):
        world.requests.clear()
        ask("right", {"*": world.ports["own"]})
        self.assertFalse([url for _, url, *_ in world.requests if "microsoft" in url or "outlook" in url.partition("/")[0]])


class Packed(unittest.TestCase):
    """packaging/probe.py: the one file that is handed on."""

    def test_file_is_reproducible_and_says_what_the_checkout_says(self):
        """The same bytes whatever the time zone, the umask, the times and the order of the files."""
        with harness.folder() as folder:
            copy = folder / "copy"
            for source in ["packaging/probe.py", *reversed(sorted(path.relative_to(harness.ROOT) for path in PROBE.rglob("*.py")))]:
                harness.install(copy / source, harness.ROOT / source)
            subprocess.run([PYTHON, harness.ROOT / "packaging/probe.py", folder / "one"], check=True)
            subprocess.run([PYTHON, copy / "packaging/probe.py", folder / "two"], check=True, umask=0o077,
                           env={**os.environ, "TZ": "Pacific/Kiritimati"})
            self.assertEqual((folder / "one").read_bytes(), (folder / "two").read_bytes())
            self.assertEqual((folder / "two").stat().st_mode & 0o777, 0o755)
            arguments = [*reach("right", hosts=BOTH), "ada@right.example"]
            # A module of that name in the current directory is not the probe's.
            (folder / "probe.py").write_text("raise SystemExit('not this one')")
            told = [subprocess.run([PYTHON, path, *map(str, arguments)], capture_output=True, text=True, cwd=folder).stdout
                    for path in (PROBE, folder / "one")]
            self.assertIn("What to change first\nnothing\n", told[0])
            self.assertEqual(*told)
            # Executed by itself, as from /usr/bin.
            self.assertIn("usage: autodiscover-probe", subprocess.run([folder / "one", "--help"], capture_output=True, text=True).stdout)


class CommandLine(unittest.TestCase):
    maxDiff = None

    def test_wrong_usage(self):
        cases = {
            (): "one ADDRESS must be given, like ada@example.org, or --all",
            ('ada@example.org"><x>',): "'ada@example.org\"><x>' must have a valid domain, like ada@example.org",
            ("ada",): "'ada' must be an e-mail address, like ada@example.org",
            ("ada@stra\u00dfe.example",): "'ada@stra\u00dfe.example': give the domain as DNS has it, beginning with xn--",
            ("ada@STRA\u1e9eE.example",): "'ada@STRA\u1e9eE.example': give the domain as DNS has it, beginning with xn--",
            ("--format", "xml", "ada@example.org"): "argument --format: invalid choice: 'xml'",
            ("--password", "secret", "ada@example.org"): "unrecognized arguments: --password ada@example.org",
            ("--resolve", "autodiscover.example.org", "ada@example.org"):
                "--resolve 'autodiscover.example.org': names no place; HOST=IP:PORT would be right",
            ("--resolve", "a.example=b", "ada@example.org"): "'b' must be an IP address with or without a port, like 127.0.0.1:8443",
            ("--server", "ns.example.org", "ada@example.org"):
                "'ns.example.org' must be an IP address with or without a port, like 127.0.0.1:8443",
            ("--ca", __file__, "ada@example.org"): f"{__file__}: cannot be read as PEM: ",
            ("--timeout", "0", "ada@example.org"): "--timeout 0: must be between 0 and 120 seconds",
            ("--all", "--config", "/nowhere"): "[Errno 2] No such file or directory: '/nowhere'",
        }
        for arguments, message in cases.items():
            with self.subTest(arguments):
                code, text = run("--resolve", "*=-", *arguments)
                self.assertEqual(code, 2)
                self.assertIn(f"autodiscover-probe: error: {message}", text)

    def test_all_domains_of_a_configuration(self):
        """Those in `domains`, whatever its layout, and those with a file; a pattern names no domain."""
        world.apache.write("many/autodiscover.toml", """# domains = ["not.example"]
login_name = "{email}"
'domains' = [   # "nor.example"
    "right.example", 'unserved.example', # "no.example"
    "*.pattern.example",
]
[imap]
domains = ["neither.example"]
""")
        world.apache.write("many/domains/nothing.example.toml", "")
        options = [*reach("right", {f"{host}unserved.example": world.ports["apache"] for host in BOTH}, ALL),
                   "--all", "--config", world.folder / "many/autodiscover.toml"]
        code, text = run(*options)
        self.assertEqual(re.findall(r"Discovery of mail settings for (\S+)", text),
                         ["postmaster@right.example", "postmaster@unserved.example", "postmaster@nothing.example"])
        self.assertIn("\n3 domains asked, 2 with failures: unserved.example, nothing.example\n", text)
        self.assertIn("autodiscover-probe: '*.pattern.example' stands for many domains; ask for an address in one of them\n", text)
        self.assertEqual(code, 1)
        # The same for programs: an object a line.
        code, text = run(*options, "--json")
        told = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        self.assertEqual([each["fails"] for each in told], [False, True, True])
        self.assertEqual(told[0]["causes"], [])
        first = told[1]["causes"][0]
        self.assertEqual((first["cause"], first["step"]), (
            "unserved", "name unserved.example in domains of autodiscover.toml, or give it a file in domains/"))
        self.assertIn("POST https://autodiscover.unserved.example/autodiscover/autodiscover.xml", first["findings"])

    def test_nagios(self):
        """One line and the exit status of the Monitoring Plugins Development Guidelines; no more than one line, whatever fails."""
        nagios = ("--format", "nagios")
        self.assertEqual(ask("right", hosts=ALL, options=nagios),
                         (0, "AUTODISCOVER OK - failures: 0, warnings: 0\n"))
        self.assertEqual(ask("soon", hosts=BOTH, options=nagios),
                         (1, "AUTODISCOVER WARNING - failures: 0, warnings: 2; ada@soon.example: renew the certificate of "
                             "autodiscover.soon.example, which expires in 4 days\n"))
        self.assertEqual(ask("expired", options=nagios),
                         (2, "AUTODISCOVER CRITICAL - failures: 4, warnings: 0; ada@expired.example: renew the certificate of "
                             "autodiscover.expired.example\n"))
        self.assertEqual(run(*nagios, "a|da@example.org|"), (3, "AUTODISCOVER UNKNOWN - 'a/da@example.org/' must have a valid domain, like "
                                                                "ada@example.org\n"))
        self.assertEqual(run("--format=nagios")[0], 3)
        options = [*reach("right", hosts=ALL), "--all", "--config", world.apache.write(
            "three/autodiscover.toml", 'domains = ["right.example", "nothing.example", "gone.example"]\n'), *nagios]
        code, text = run(*options)
        self.assertEqual(code, 2)
        self.assertRegex(text, r"\AAUTODISCOVER CRITICAL - failures: 4, warnings: 0; postmaster@nothing.example: create .*; postmaster@gone.example: create .*\n\Z")

    def test_quiet(self):
        code, text = ask("expired", options=("--quiet",))
        self.assertEqual((code, text.splitlines()[:4]), (1, faults(text)[:4]))
        self.assertEqual(ask("right", hosts=ALL, options=("--quiet",)), (0, ""))

    def test_address_is_escaped_and_no_password_is_sent(self):
        world.requests.clear()
        code, text = run(*reach("own-login", hosts=BOTH), "a&b'c+\u00e4@own-login.example")
        posts = [body.decode() for method, _, _, body in world.requests if method == "POST"]
        self.assertIn("<EMailAddress>a&amp;b'c+\u00e4@own-login.example</EMailAddress>", posts[0])
        self.assertTrue(any("emailaddress=a%26b%27c%2B%C3%A4%40own-login.example" in url for _, url, *_ in world.requests))
        self.assertFalse([headers for _, _, headers, _ in world.requests if "Authorization" in headers])
        self.assertEqual(code, 0, text)

    def test_international_domain(self):
        _, text = run("--resolve", "*=-", "ada@\u00fc.example")
        self.assertIn("https://autodiscover.xn--tda.example/autodiscover/autodiscover.xml", text)

    def test_colours_are_for_terminals(self):
        for environment, begin in (({"NO_COLOR": ""}, "\x1b[31mFAIL\x1b[0m Outlook"), ({"NO_COLOR": "1"}, "FAIL Outlook")):
            with self.subTest(begin):
                read, write = pty.openpty()
                subprocess.run([PYTHON, PROBE, "--quiet", "--resolve", "*=-", "ada@example.org"], stdout=write,
                               env={**os.environ, "TERM": "xterm", **environment})
                os.close(write)
                self.assertTrue(os.read(read, 4096).decode().startswith(begin))
                os.close(read)


if __name__ == "__main__":
    harness.main("probe")

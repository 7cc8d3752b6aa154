#!/usr/bin/env python3
"""Asks a live installation what mail clients ask, in their order, and says what would go wrong and what to change first.

It posts an address and never a password. It needs Python 3.9 or later and nothing else. Reading order: the causes it
knows, the command line, the network, the documents, the questions of one address, the report.
"""

import argparse
import base64
import collections
import contextlib
import hashlib
import http.client
import ipaddress
import json
import os
import pathlib
import re
import secrets
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

ALL_SECONDS, EXPIRES_SOON = 120, 14
# A document of settings has some two thousand bytes; of what it names, and of where it leads, so many are looked at.
BODY_LIMIT, MANY = 131072, 20
SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/"
OUTLOOK, MOBILESYNC, RESPONSE = (SCHEMA + name for name in (
    "outlook/responseschema/2006a", "mobilesync/responseschema/2006", "responseschema/2006"))
XML_PATH, JSON_PATH = "/autodiscover/autodiscover.xml", "/autodiscover/autodiscover.json"
PROGRAM_PATH = "/cgi-bin/autodiscover.cgi"
MICROSOFT = ("https://prod.autodetect.outlook.cloud.microsoft/detect?services=office365,outlook,google,icloud,yahoo"
             "&protocols=rest-cloud,rest-outlook,rest-office365,eas,imap,pop3,smtp")

# What can be wrong, the most urgent first: the step that mends it, and its usual reasons.
CAUSES = {
    "exposed": ("keep the configuration in /cgi-bin/ of {domain} from being downloaded",
                "the hidden file .htaccess was not uploaded into cgi-bin with the rest",
                "the web server reads no .htaccess there (AllowOverride None, or nginx)",
                "the configuration lies in the web space although root could keep it in /etc/autodiscover"),
    "source": ("let the web server of {host} run the program instead of giving it away",
               "the folder runs no CGI programs: Options +ExecCGI or AddHandler cgi-script .cgi is missing",
               "the module cgid (or cgi, with MPM prefork) is not loaded",
               "an Alias leads to the program where a ScriptAlias must"),
    "no-name": ("let {host} exist in DNS, with a certificate that covers it",
                "the record was never made; \"autodiscover dns {domain}\" prints it",
                "the record was made at another provider than the one that the domain's NS records name",
                "the record is new, and DNS servers still remember that it was missing"),
    "no-listener": ("let the web server listen on port {port} of {host}",
                    "DNS leads to another machine than the one with the web server",
                    "a firewall rejects the port", "the web server does not run, or has no Listen line for the port"),
    "dns": ("ask again when DNS answers, or name another server with --server",
            "the name servers of {domain} do not answer", "this machine has no working resolver"),
    "paths": ("lead the clients' paths on {host} to the program, which runs at {path}",
              ".htaccess lies in another folder than index.html, or its name lacks the dot",
              "the web server does not read .htaccess (AllowOverride None)", "the module rewrite is not loaded"),
    "not-found": ("let the web server hand {path} on {host} to the program",
                  "DNS leads to another web server than the one with the program",
                  "no enabled site has the name {host}, so that the default site answers (ServerAlias, a2ensite)",
                  ".htaccess lies in another folder than index.html, or the web server does not read it"),
    "certificate-name": ("get a certificate that covers {host}",
                         "the certificate was made before this name was added; certbot needs it after another -d",
                         "no enabled site has this name, so that the certificate of the default site is sent"),
    "certificate-expired": ("renew the certificate of {host}",
                            "the timer that renews it fails or does not run",
                            "it was renewed, but the server was not reloaded and still sends the old one"),
    "certificate-early": ("set the clock of {host}, or renew its certificate",),
    "certificate-trust": ("give {host} a certificate of a public authority, with the intermediate certificates",
                          "the file holds the certificate alone; with certbot use fullchain.pem, not cert.pem",
                          "it is the self-signed one that came with the server or the control panel",
                          "an intermediate certificate in the file has expired"),
    "certificate": ("replace the certificate of {host}",),
    "no-tls": ("let {host} speak TLS on port {port}", "SSLEngine On is missing in the site of this port",
               "another program than the web server listens there"),
    "configuration": ("run \"autodiscover check\", which names the line of the configuration that is wrong",
                      "a mistake in autodiscover.toml or in domains/",
                      "the web server's user may not read the configuration",
                      "AUTODISCOVER_CONFIG names a file that is not there"),
    "server-error": ("read the error log of the web server of {host}",
                     "autodiscover.cgi is not executable for the web server: mode 755, folders above it too",
                     "autodiscover.cgi was uploaded in text mode, which changes its bytes; upload it in binary mode",
                     "autodiscover.cgi is built for another architecture than that of the server",
                     "the host forbids Options in .htaccess: take that line out of cgi-bin/.htaccess"),
    "unavailable": ("look at what the web server of {host} hands the request to",
                    "a proxy in front of it cannot reach the web server", "a firewall ends the connection"),
    "slow": ("let {host} answer within {seconds}, or refuse at once",
             "a firewall drops the packets without a word", "DNS leads to a machine that is gone"),
    "password": ("let {host} answer without a password", "a password protection of the whole site (AuthType)",
                 "an Exchange or a groupware server still answers there"),
    "redirect": ("answer {path} on {host} itself; keep it out of every rule that forces www or https",
                 "a rule in .htaccess stands before those of autodiscover", "a Redirect line in the virtual host",
                 "a switch in the control panel or at the CDN that forces www or https"),
    "redirect-target": ("let redirects of {host} end, at a URL that begins with https://",
                        "two rules lead to each other", "a proxy speaks plain HTTP to the web server, which forces https"),
    "firewall": ("let POST through to {path} on {host}; GET works there",
                 "a web application firewall (ModSecurity, a CDN) refuses POST or its XML body",
                 "<Limit> or <LimitExcept> in the web server's configuration allows GET alone"),
    "static": ("take the file away that lies at {path} on {host}, so that the program answers",
               "an autodiscover.xml from an earlier set-up"),
    "refused": ("let the web server of {host} hand {path} to the program",
                "Require all granted is missing for the folder of the program",
                "the folder of the program or one above it is closed to the web server's user"),
    "website": ("let the web server of {host} hand {path} to the program, before any website",
                "the rules of a content management system take every path; those of autodiscover belong above them",
                "DNS leads to a parking page or to another site"),
    "download": ("let the web server of {host} run the program, not send a file",
                 "the web server does not know the program's ending as a CGI program",
                 "a static file lies at this path", "the web server adds Content-Disposition"),
    "no-ipv4": ("give {host} an IPv4 address (an A record) besides IPv6",
                "only an AAAA record was made", "the CNAME leads to a name without an A record"),
    "namespace": ("let nothing but the program write the answers of {host}",
                  "an older script answers there", "something rewrites the answers (a proxy, an optimizer)"),
    "disagree": ("let one program answer for {domain}; {first} and others disagree",
                 "an older script, Alias or .htaccess rule for one of the paths is still there, and wins silently",
                 "{domain} itself leads to another machine, where the old program still answers",
                 "a proxy or CDN keeps an old answer"),
    "unserved": ("name {domain} in domains of autodiscover.toml, or give it a file in domains/",
                 "a domain listed as *.example.org does not include example.org itself",
                 "the web server's program reads another autodiscover.toml than you edit"),
    "error": ("look into the configuration with \"autodiscover show {address}\"",),
    "mislead": ("correct the settings that mislead", "an older script wrote this answer, or a file by hand"),
    "type": ("send the document at {path} on {host} as text/xml",
             "a static file or an older script answers there", "the web server or a proxy overrides the type"),
    "json-target": ("let autodiscover.json lead to https://autodiscover.{domain}" + XML_PATH,
                    "an older script answers autodiscover.json"),
    "mail-name": ("let {host} exist in DNS, or name the right server in autodiscover.toml",
                  "server = \"imap.{{domain}}\" stands there while the server is called otherwise",
                  "the records of this domain were never made", "a typing mistake in the name"),
    "mail-port": ("let {host} accept what is announced for it on port {port}, or announce what it accepts",
                  "the mail server does not listen there (Postfix: submissions in master.cf is commented out)",
                  "a firewall blocks the port", "port or encryption in autodiscover.toml differ from the server's"),
    "android": ("answer config-v1.1.xml without emailaddress, by the name of the host", "an older script answers there"),
    "indirect": ("let autodiscover.{domain} itself answer", "its record in DNS or its site is missing"),
    "plain-only": ("serve https://autoconfig.{domain} too", "the certificate does not cover that name"),
    "doubtful": ("correct the settings that are doubtful",),
    "mail-clear": ("let {host} offer TLS",),
    "plain": ("redirect plain HTTP on autodiscover.{domain} to https", "the site of port 80 serves what that of 443 does"),
    "no-json": ("let the program answer autodiscover.json", "a website answers there"),
    "expires": ("renew the certificate of {host}, which expires in {days}", "the timer that renews it fails"),
    "digest": ("put the TXT record for PACC into DNS; \"autodiscover dns {domain}\" prints it",
               "the settings have changed since the record was made"),
    "microsoft": ("wait until Microsoft asks again, or use the old wizard of Outlook meanwhile",
                  "Microsoft keeps what it found for days or longer, above all after a move",
                  "Microsoft's cloud cannot reach your server (IPv4, certificate, firewall)",
                  "Microsoft has a list of providers of its own, which your server cannot change"),
}

# Command line

IPV4 = re.compile(r"\d+\.\d+\.\d+\.\d+")
ENDPOINT = re.compile("(" + IPV4.pattern + r"|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?")
HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"

EPILOG = """\
--resolve HOST=IP:PORT     reach HOST there, not where DNS says; for any port of HOST but 80, where plain HTTP is asked
--resolve HOST:443=IP:PORT the same for one port of HOST only; HOST:80 is the way to plain HTTP
--resolve HOST=IP          HOST has this address, and the ports stay as they are
--resolve HOST=-           there is no such name
--resolve '*=...'          every name that no other --resolve gives; '*=-' keeps DNS out altogether
An IPv6 address stands in brackets: --resolve 'example.org=[::1]:8443'.

ADDRESS need not exist, but its domain must be the one that you serve. No password is sent.
A line begins with "ok", with "-" (nothing there, and nothing lost), with "warn" or with "FAIL".
All questions of one address together have two minutes. --json prints one object a line for each address.
Exit status: 0 if no client would fail, 1 if one would, 2 for wrong usage."""


def arguments():
    """The options, checked."""
    parser = argparse.ArgumentParser(
        prog="autodiscover-probe", epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
        description="Asks for the settings of ADDRESS as Outlook, phones and Thunderbird do, and says what each question\n"
                    "brings and what to change first.")
    parser.add_argument("address", metavar="ADDRESS", nargs="?", help="for example ada@example.org")
    parser.add_argument("--all", action="store_true", help="ask for every domain of the configuration instead")
    parser.add_argument("--config", metavar="FILE", help="the autodiscover.toml that --all reads; "
                        "AUTODISCOVER_CONFIG or /etc/autodiscover/autodiscover.toml when left out")
    parser.add_argument("--quiet", "-q", action="store_true", help="print only the failures and the first step")
    parser.add_argument("--json", action="store_true", help="print the result for programs")
    parser.add_argument("--ca", metavar="FILE", help="trust the certificates in FILE (PEM) too")
    parser.add_argument("--server", metavar="IP[:PORT]", help="ask this DNS server, not that of the system")
    parser.add_argument("--resolve", metavar="HOST=PLACE", action="append", default=[], help="see below")
    parser.add_argument("--timeout", metavar="SECONDS", type=float, default=5,
                        help="for each question; 5, as in Thunderbird, when left out")
    parser.add_argument("--ask-microsoft", action="store_true", help="also ask Microsoft's AutoDetect service what it "
                        "believes of the domain; this sends ADDRESS to Microsoft")
    parser.add_argument("--microsoft-url", metavar="URL", default=MICROSOFT, help="where that service is")
    options = parser.parse_args()
    if not 0 < options.timeout <= ALL_SECONDS:
        parser.error(f"--timeout {options.timeout:g}: must be between 0 and {ALL_SECONDS} seconds")
    try:
        options.places = dict(place(argument) for argument in options.resolve)
        options.server = [endpoint(options.server, 53)] if options.server else []
        options.trust = ssl.create_default_context()
        # Newer Pythons are stricter here than mail clients are.
        options.trust.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if options.ca:
            options.trust.load_verify_locations(options.ca)
        if options.all == bool(options.address):
            raise ValueError("one ADDRESS must be given, like ada@example.org, or --all")
        options.addresses = [address(options.address)] if options.address else configured(options)
    except (OSError, ValueError) as error:
        parser.error(f"{options.ca}: cannot be read as PEM: {error}" if isinstance(error, ssl.SSLError) else str(error))
    return options


def endpoint(text, port=None):
    """The IP address and the port of IP:PORT, [IP]:PORT or IP alone."""
    match = ENDPOINT.fullmatch(text)
    if not match or int(match[2] or 1) not in range(1, 65536):
        raise ValueError(f"'{text}' must be an IP address with or without a port, like 127.0.0.1:8443")
    return str(ipaddress.ip_address(match[1].strip("[]"))), int(match[2]) if match[2] else port


def place(argument):
    """One --resolve: a key of the places, and what stands there."""
    name, equals, value = argument.lower().partition("=")
    if not equals:
        raise ValueError(f"--resolve '{argument}': names no place; HOST=IP:PORT would be right")
    if not re.fullmatch(r"\*|[a-z0-9._-]+(:\d{1,5})?", name):
        raise ValueError(f"--resolve '{argument}': must begin with a host name; HOST=IP:PORT would be right")
    return name, None if value == "-" else endpoint(value)


def address(text):
    """Local part and domain; the domain as DNS has it."""
    local, _, domain = text.rpartition("@")
    if not re.fullmatch(rf"{ATOM}(\.{ATOM})*", local) or len(local) > 64:
        raise ValueError(f"'{text}' must be an e-mail address, like ada@example.org")
    # Python has IDNA of 2003, which makes other names of these than IDNA of today.
    if re.search("[\u00df\u03c2\u200c\u200d]", domain):
        raise ValueError(f"'{text}': give the domain as DNS has it, beginning with xn--")
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode().lower()
    if not HOST.fullmatch(domain) or "_" in domain:
        raise ValueError(f"'{text}' must have a valid domain, like ada@example.org")
    return local, domain


def configured(options):
    """An address in each domain of the configuration: those in `domains`, and those with a file in domains/."""
    path = pathlib.Path(options.config or os.environ.get("AUTODISCOVER_CONFIG") or "/etc/autodiscover/autodiscover.toml")
    # The one key that is needed stands above the first table; Python before 3.11 reads no TOML.
    text = re.split(r"(?m)^\s*\[", path.read_text("utf-8"), maxsplit=1)[0]
    listed = re.search(r"""(?m)^\s*["']?domains["']?\s*=\s*\[((?:"[^"\n]*"|'[^'\n]*'|\#[^\n]*|[^]"'#])*)\]""", text)
    names = re.findall(r"""["']([^"'\n]*)["']""", re.sub(r"#[^\n]*", "", listed[1])) if listed else []
    names += sorted(file.stem for file in (path.parent / "domains").glob("*.toml"))
    for name in names:
        if "*" in name:
            print(f"autodiscover-probe: '{name}' stands for many domains; ask for an address in one of them",
                  file=sys.stderr)
    addresses = [address(f"postmaster@{name}") for name in dict.fromkeys(names) if "*" not in name]
    if not addresses:
        raise ValueError(f"{path}: names no domain that could be asked")
    return addresses


# Network

# Why there is no answer: the words for it, and the cause.
FAILURES = {
    "absent": ("there is no such name ({host})", "no-name"),
    "dns": ("DNS does not answer for {host}", "dns"),
    "refused": ("the connection is refused (port {port})", "no-listener"),
    "untried": ("not asked, as no --resolve {host}:80=IP:PORT is given", None),
    "late": ("not asked, as two minutes have passed", None),
    "timeout": ("there is no answer within {seconds}", "slow"),
    "tls": ("there is no TLS on port {port} ({detail})", "no-tls"),
    "closed": ("the connection is closed without an answer", "unavailable"),
    "url": ("{url} is not a URL that clients follow", "redirect-target"),
}


class Unanswered(Exception):
    """Why there is no answer: a key of FAILURES, "certificate" with OpenSSL's number, or "clear" for no STARTTLS."""

    def __init__(self, kind, detail="", code=0):
        super().__init__(kind, detail)
        self.kind, self.detail, self.code = kind, short(detail), code


class Line:
    """A TCP connection that ends after so many seconds, even when the other side lets one byte drip after another."""

    def __init__(self, place, seconds):
        self.expired, self.sock = False, socket.create_connection(place, seconds)
        # TLS takes the socket over; its twin still ends the connection.
        self._twin, self._timer = self.sock.dup(), threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def _expire(self):
        self.expired = True
        with contextlib.suppress(OSError):
            self._twin.shutdown(socket.SHUT_RDWR)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._timer.cancel()
        self._twin.close()
        self.sock.close()


class Network:
    """Everything that leaves this machine for one address, within two minutes."""

    def __init__(self, options):
        self.places, self.trust, self.seconds = options.places, options.trust, options.timeout
        self.nameservers = options.server or system_nameservers()
        self.ends = time.monotonic() + ALL_SECONDS
        # Ports and DNS servers that were silent; whether a host has IPv4; when the certificate of a host ends.
        self.silent, self.misses, self.has_ipv4, self.expiries = set(), collections.Counter(), {}, {}

    def records(self, kind, name):
        """The DNS records of this kind, best first, or None when DNS does not answer or is replaced by --resolve '*=...'."""
        if "*" in self.places:
            return None
        for server in self.nameservers[:2] * 2:
            # One that was silent twice would only use up the time.
            if self.misses[server] < 2:
                try:
                    found = dns_query(server, kind, name, min(2, self.seconds))
                    self.misses[server] = 0
                    return found
                except socket.timeout:
                    self.misses[server] += 1
                except (OSError, ValueError, IndexError, struct.error):
                    continue
        return None

    def endpoints(self, host, port):
        """Where a port of a host is to be reached, IPv4 first: what --resolve says, or DNS, which the world sees, not
        the hosts file of this machine."""
        key = next((key for key in (f"{host}:{port}", host, "*") if key in self.places), None)
        found = []
        if key is None and IPV4.fullmatch(host):
            found = [(host, port)]
        elif key is None and self.nameservers:
            ipv4, ipv6 = self.records("A", host), self.records("AAAA", host)
            if ipv4 is None or ipv6 is None:
                raise Unanswered("dns")
            found = [(ip, port) for ip in ipv4 + ipv6]
        elif key is None:
            with contextlib.suppress(OSError, UnicodeError):
                found = [place[:2] for *_, place in sorted(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))]
        elif self.places[key] and self.places[key][1] and port == 80 and key != f"{host}:80":
            # What stands for all ports speaks TLS.
            raise Unanswered("untried")
        else:
            found = [(self.places[key][0], self.places[key][1] or port)] if self.places[key] else []
        if not found:
            raise Unanswered("absent")
        self.has_ipv4[host] = self.has_ipv4.get(host, False) or any(":" not in ip for ip, _ in found)
        return found

    def connect(self, host, port):
        """A line to the first address that takes one."""
        begun, kind = time.monotonic(), "refused"
        if begun > self.ends:
            raise Unanswered("late")
        # A host that is silent once would only use up the time.
        if (host, port) in self.silent:
            raise Unanswered("timeout")
        for place in self.endpoints(host, port)[:4]:
            try:
                return Line(place, max(begun + self.seconds - time.monotonic(), 0.1))
            except socket.timeout:
                kind = "timeout"
                self.silent.add((host, port))
            except OSError:
                continue
        raise Unanswered(kind)

    @contextlib.contextmanager
    def tls(self, host, port, context, protocol=None):
        """A line with TLS, at once or after the STARTTLS of imap, pop3 or smtp."""
        with self.connect(host, port) as line:
            try:
                if protocol:
                    starttls(line.sock, protocol)
                line.sock = context.wrap_socket(line.sock, server_hostname=host)
            except ssl.SSLCertVerificationError as error:
                raise Unanswered("certificate", error.verify_message, error.verify_code) from None
            except (OSError, ValueError) as error:
                if line.expired or isinstance(error, socket.timeout):
                    self.silent.add((host, port))
                    raise Unanswered("timeout") from None
                raise Unanswered("tls", getattr(error, "reason", None) or error) from None
            yield line

    def fetch(self, method, url, body=None, headers=(), context=None):
        """One HTTP request and its answer or failure; redirects are not followed."""
        answer = Answer(url)
        try:
            answer.scheme, host, port, answer.path = split(url)
            answer.host, answer.port = host, port
            secure = answer.scheme == "https"
            with self.tls(host, port, context or self.trust) if secure else self.connect(host, port) as line:
                if secure and line.sock.getpeercert():
                    self.expiries[host] = ssl.cert_time_to_seconds(line.sock.getpeercert()["notAfter"])
                connection = http.client.HTTPConnection(host, port)
                connection.sock = line.sock
                try:
                    connection.request(method, answer.path, body, {
                        "Host": urllib.parse.urlsplit(url).netloc, "User-Agent": "autodiscover-probe", "Connection": "close",
                        **({"Content-Type": "text/xml; charset=utf-8"} if body else {}), **dict(headers)})
                    response = connection.getresponse()
                    answer.headers, answer.status = response.headers, response.status
                    answer.body = response.read(BODY_LIMIT)
                except (OSError, http.client.HTTPException, ValueError) as error:
                    # What is missing of a body is no matter where there is a status.
                    if not answer.status and not line.expired and not isinstance(error, socket.timeout):
                        raise Unanswered("closed", error) from None
                if line.expired or not answer.status:
                    self.silent.add((host, port))
                    raise Unanswered("timeout")
        except Unanswered as failure:
            answer.failure = failure
        return answer

    def certificate_faults(self, host, port, error, protocol=None):
        """The words and the cause for a certificate that was not accepted."""
        itself = unverified()
        itself.verify_mode = ssl.CERT_REQUIRED
        # X509_V_FLAG_PARTIAL_CHAIN and X509_V_FLAG_NO_CHECK_TIME: Python takes apart only what it accepts, so the
        # certificate becomes its own authority here.
        itself.verify_flags |= 0x80000 | 0x200000
        faults, certificate = [], {}
        with contextlib.suppress(Unanswered, ssl.SSLError):
            with self.tls(host, port, unverified(), protocol) as line:
                itself.load_verify_locations(cadata=line.sock.getpeercert(True))
            with self.tls(host, port, itself, protocol) as line:
                certificate = line.sock.getpeercert()
        names = [name.lower() for kind, name in certificate.get("subjectAltName", ()) if kind in ("DNS", "IP Address")]
        begins, ends = (ssl.cert_time_to_seconds(certificate[key]) - time.time() if certificate else default
                        for key, default in (("notBefore", -1), ("notAfter", 1)))
        if certificate and host not in names and "*." + host.partition(".")[2] not in names:
            covered = short(", ".join(names[:3]) or "no name")
            faults.append((f"does not cover {host} (it covers {covered})", "certificate-name"))
        if ends <= 0:
            faults.append((f"expired {count(-ends // 86400, 'day')} ago", "certificate-expired"))
        elif begins > 0:
            faults.append(("is not valid yet", "certificate-early"))
        # The numbers are OpenSSL's X509_V_ERR: 2 and 19 to 21 are the chain, 9 and 10 are the times, 62 and 64 are the name.
        if error.code == 18:
            faults.append(("is not trusted (it is self-signed)", "certificate-trust"))
        elif error.code in (2, 19, 20, 21):
            faults.append(("is not trusted (its authority is unknown, or an intermediate certificate is missing)",
                           "certificate-trust"))
        elif error.code == 10 and ends > 0:
            faults.append(("has an expired certificate in its chain", "certificate-trust"))
        elif error.code not in (9, 10, 62, 64) or not faults:
            faults.append((f"is not accepted ({error.detail})", "certificate"))
        return "the certificate " + " and ".join(words for words, _ in faults), faults[0][1]


def split(url):
    """Scheme, host, port and path with query; only of URLs that clients follow."""
    match = re.fullmatch(r"(?i)(https?)://([a-z0-9._-]+)(?::(\d{1,5}))?(/[!\"$-~]*)?", url)
    if not match or int(match[3] or 1) not in range(1, 65536) or not is_host(match[2]):
        raise Unanswered("url")
    scheme = match[1].lower()
    return scheme, match[2].lower(), int(match[3] or (443 if scheme == "https" else 80)), match[4] or "/"


def is_host(text):
    return bool(HOST.fullmatch(text.lower()) or IPV4.fullmatch(text))


def unverified():
    """TLS with whatever certificate; for looking at it, and for what must not be there whoever sends it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def starttls(sock, protocol):
    """Speaks with a mail server up to the point where TLS begins."""
    lines = sock.makefile("rb", 0)
    for said, expected in {
            "imap": ((b"", b"* OK"), (b"a STARTTLS\r\n", b"A OK")), "pop3": ((b"", b"+OK"), (b"STLS\r\n", b"+OK")),
            "smtp": ((b"", b"220"), (b"EHLO probe.invalid\r\n", b"250"), (b"STARTTLS\r\n", b"220"))}[protocol]:
        sock.sendall(said)
        for _ in range(100):
            line = lines.readline(2000)
            if not (line[3:4] == b"-" if protocol == "smtp" else said and line.startswith(b"* ")):
                break
        if not line.upper().startswith(expected):
            raise Unanswered("clear")


def system_nameservers():
    """Those of resolv.conf; none on systems that keep them elsewhere."""
    with contextlib.suppress(OSError):
        text = pathlib.Path("/etc/resolv.conf").read_text("utf-8", "replace")
        return [(ip, 53) for ip in re.findall(r"(?m)^nameserver\s+([0-9A-Fa-f.:]+)\s*$", text)]
    return []


def dns_query(server, kind, name, seconds):
    """The records of one kind, as far as a DNS server tells them over UDP (RFC 1035)."""
    number = {"A": 1, "TXT": 16, "AAAA": 28, "SRV": 33}[kind]
    labels = b"".join(bytes([len(label)]) + label for label in name.encode("ascii").split(b"."))
    question = labels + struct.pack(">BHH", 0, number, 1)
    query = secrets.token_bytes(2) + struct.pack(">HHHHH", 0x100, 1, 0, 0, 0) + question
    with socket.socket(socket.AF_INET6 if ":" in server[0] else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(seconds)
        sock.connect(server)
        sock.send(query)
        message = sock.recv(4096)
    flags, _, answers = struct.unpack(">HHH", message[2:8])
    end = 12 + len(question)
    if message[:2] != query[:2] or message[12:end].lower() != question.lower() or flags & 15 not in (0, 3):
        raise ValueError("not an answer to this question")
    found = []
    for _ in range(answers):
        _, at = dns_name(message, end)
        its_kind, _, _, length = struct.unpack(">HHIH", message[at:at + 10])
        end = at + 10 + length
        data = message[at + 10:end]
        if its_kind != number:
            continue
        if kind == "SRV":
            priority, weight, port = struct.unpack(">HHH", data[:6])
            found.append((priority, -weight, dns_name(message, at + 16)[0].lower(), port))
        elif kind == "TXT":
            text = b""
            while data:
                text, data = text + data[1:1 + data[0]], data[1 + data[0]:]
            found.append(text.decode("utf-8", "replace"))
        else:
            found.append(str(ipaddress.ip_address(data)))
    return [record[2:] for record in sorted(found) if HOST.fullmatch(record[2])] if kind == "SRV" else found


def dns_name(message, at):
    """The name at this place of a DNS message, and where it ends."""
    labels, end = [], None
    for _ in range(128):
        length = message[at]
        if length >= 0xC0:
            end, at = end or at + 2, (length & 63) << 8 | message[at + 1]
        elif length:
            labels.append(message[at + 1:at + 1 + length].decode("latin-1"))
            at += 1 + length
        else:
            return ".".join(labels), end or at + 1
    raise ValueError("a name that does not end")


# Answers and documents


class Answer:
    """What came back for a URL, and what it is: a kind, a sentence, further lines, and the mail servers it names."""

    def __init__(self, url):
        self.url, self.scheme, self.host, self.port, self.path = url, "", "", 0, ""
        self.failure, self.status, self.headers, self.body = None, 0, http.client.HTTPMessage(), b""
        self.kind = self.text = self.trail = self.target = self.code = ""
        self.cause, self.lines, self.servers = None, [], []

    def header(self, name):
        return (self.headers.get(name) or "").strip()

    @property
    def word(self):
        """What the program says in X-Autodiscover; empty where another answers, or an older version."""
        return self.header("X-Autodiscover").lower()

    @property
    def place(self):
        return self.url.partition("?")[0]

    @property
    def location(self):
        """Where a redirect leads; empty where there is none."""
        target = self.header("Location") if self.status in (301, 302, 303, 307, 308) else ""
        with contextlib.suppress(ValueError):
            return urllib.parse.urljoin(self.url, target) if target else ""
        return target

    def be(self, kind, text, cause=None):
        self.kind, self.text, self.cause = kind, text, cause
        return self

    def doubt(self, text, cause="mislead"):
        """What makes clients fail."""
        self.lines.append(("FAIL", text, cause))

    def hint(self, text):
        self.lines.append(("warn", text, "doubtful"))

    def gives(self, root_name):
        """The root of the XML document that this must be, or None, which is said already."""
        try:
            root = read_xml(self.body)
        except ValueError as error:
            self.be("broken", f"a document that is not well-formed: {short(error)}", "namespace")
            return None
        if local_name(root) == root_name:
            return root
        self.be("broken", f"the root element is {short(local_name(root))}, where {root_name} should be", "namespace")
        return None

    def settle(self, incomplete):
        """What a document of settings is, by its type, its servers and what is doubted."""
        media_type = self.header("Content-Type")
        if not re.match(r"(text|application)/xml", media_type.lower()):
            self.doubt(f'the Content-Type is "{short(media_type)}", which Thunderbird does not read; '
                       "text/xml would be right", "type")
        if incomplete:
            self.doubt(incomplete)
        levels = {level for level, _, _ in self.lines}
        text = f"answers with {spoken(self.servers) or 'no mail server'}"
        if "FAIL" in levels:
            return self.be("mislead", text + ", and would mislead")
        return self.be("doubtful", text + ", with doubts") if levels else self.be("right", text)


class _NoDoctype(ET.TreeBuilder):
    def doctype(self, *_):
        raise ValueError("it has a document type declaration")


def read_xml(body):
    """The root element, without what clients refuse; ValueError says why there is none."""
    if body[:1].isspace():
        raise ValueError("there is white space before its beginning")
    parser = ET.XMLParser(target=_NoDoctype())
    try:
        parser.feed(body)
        return parser.close()
    except ET.ParseError as error:
        # 3 is expat's XML_ERROR_NO_ELEMENTS, which is what a document that was cut off gives.
        raise ValueError("it ends too early" if error.code == 3 else str(error)) from None
    except LookupError as error:
        raise ValueError(str(error)) from None


def read_json(text):
    """The value, or None; for text from anywhere."""
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(text)


def member(value, *keys):
    """What lies in an object of JSON under these keys, or None."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def local_name(element):
    return element.tag.rpartition("}")[2]


def namespace(element):
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else "none"


def every(element, path):
    """The elements at the end of a path of local names, which slashes separate."""
    return element.findall("/".join("{*}" + name for name in path.split("/")))


def text_of(element, path="."):
    """The text of the first such element, or of the element itself; empty where there is none."""
    found = [element] if path == "." else every(element, path)
    return " ".join("".join(found[0].itertext()).split()) if found else ""


def printable(text):
    """What a server sent, made safe for a terminal."""
    return "".join(character if character.isprintable() else "?" for character in str(text))


def short(text):
    text = printable(text)
    return text if len(text) <= 200 else text[:200] + "..."


def count(number, noun):
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


MODES = {"ssl": "with TLS", "starttls": "with STARTTLS", "none": "without encryption"}
DEFAULT_PORTS = {"imap": (993, 143, 143), "pop3": (995, 110, 110), "smtp": (465, 587, 25)}


def default_port(kind, mode):
    return DEFAULT_PORTS[kind][list(MODES).index(mode)]


def spoken(servers):
    return ", ".join(f"{kind.upper()} {host} port {port} {MODES[mode]}" for kind, host, port, mode in servers[:MANY])


def classify(answer):
    """What kind of thing came back; most of these are the mistakes of web servers that people can repair."""
    status, word, media_type = answer.status, answer.word, answer.header("Content-Type").lower()
    disposition = answer.header("Content-Disposition")
    offered = disposition.lower().startswith("attachment") or re.match(
        r"application/(octet-stream|x-(httpd|php|sh|cgi|executable|sharedlib|msdownload|download))", media_type)
    first = answer.body[:512].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip()
    document = b"<Autodiscover" in answer.body.replace(b"\0", b"")
    for magic, words in ((b"\x7fELF", "the program itself (ELF)"), (b"#!", "the source of a program (#!/)"),
                         (b"<?php", "the source of a program (<?php)")):
        if first.startswith(magic):
            how = "offered for download" if offered else "shown"
            return answer.be("source", f"{words} is {how} instead of being run", "source")
    if status == 401:
        return answer.be("unauthorized", "asks for a password (401), so Outlook and phones ask their user for one and go "
                         "no further", "password")
    if status not in range(200, 300) and not document:
        if word == "fault":
            return answer.be("error", f"the program cannot use its configuration ({status}); the error log of the web "
                             "server says why", "configuration")
        if word == "not-served":
            return answer.be("error", f"the program does not serve this domain ({status})", "unserved")
        if status in (404, 410):
            return answer.be("nothing", f"there is nothing ({status})", "not-found")
        if status == 500:
            return answer.be("status", "the web server could not run the program (500); its error log says why",
                             "server-error")
        if status > 500:
            return answer.be("status", f"the web server failed ({status})", "unavailable")
        return answer.be("status", f"the web server refuses ({status})", "refused")
    if offered:
        return answer.be("download", f"a file is offered for download ({short(disposition or media_type)}) where a document "
                         "should be", "download")
    if first[:14].lower().startswith((b"<!doctype html", b"<html")) or (
            media_type.startswith("text/html") and not first.startswith(b"<?xml")):
        return answer.be("html", f"a page of HTML ({status}) is sent where a document should be", "website")
    return answer.be("document", "") if first else answer.be("status", f"the answer is empty ({status})", "refused")


def judge_server(answer, kind, name, host, port, mode, words, right):
    """Notes a mail server, and whether its port has that encryption; `right` is how TLS and STARTTLS are written."""
    if not re.fullmatch(r"\d{1,5}", port) or int(port) not in range(1, 65536):
        return answer.doubt(f'{name}: the port is "{short(port)}"; 1 to 65535 would be right')
    port, host = int(port), host.lower()
    if mode == "starttls" and port in (993, 995, 465):
        answer.doubt(f"{name}: {words} begins in the clear, but port {port} begins with TLS at once; "
                     f"{right[0]} would be right")
    if mode == "ssl" and port in (143, 110, 587, 25):
        answer.doubt(f"{name}: {words} begins with TLS at once, but port {port} begins in the clear; "
                     f"{right[1]} would be right")
    if not is_host(host):
        return answer.doubt(f'{name}: the server is "{short(host)}"; a host name would be right')
    return answer.servers.append((kind, host, port, mode))


def judge_block(answer, block):
    """One Protocol of a document for Outlook (MS-OXDSCLI)."""
    field = {local_name(child): text_of(child) for child in block}
    name = "EXCH" if block.get("Type") else field.get("Type", "")
    if name in ("WEB", "CalDAV", "CardDAV", "DAV", "NNTP"):
        return
    if name in ("EXCH", "EXPR", "EXHTTP"):
        answer.hint(f"{name} makes this an Exchange account")
        return
    if name not in ("IMAP", "POP3", "SMTP"):
        right = {"POP": "POP3"}.get(name.upper(), name.upper())
        if right in ("IMAP", "POP3", "SMTP"):
            answer.doubt(f"no client knows the Type {short(name)}; {right} would be right")
        else:
            answer.hint(f"no client knows the Type {short(name or '(none)')}")
        return
    # Both default to on, which no administrator expects of SPA.
    encrypted, encryption = field.get("SSL", "on"), field.get("Encryption", "")
    spa = field.get("SPA", "missing, which means on")
    if encrypted not in ("on", "off"):
        answer.doubt(f'{name}: SSL is "{short(encrypted)}"; on or off would be right')
    mode = {"SSL": "ssl", "TLS": "starttls", "None": "none", "": "none" if encrypted == "off" else "ssl"}.get(encryption)
    if mode is None:
        mode = "starttls" if field.get("Port") in ("143", "110", "587", "25") else "ssl"
        if encryption != "Auto":
            answer.doubt(f'{name}: Encryption is "{short(encryption)}"; SSL, TLS or None would be right')
    words = {"TLS": "Encryption TLS (STARTTLS)", "": f"SSL {short(encrypted)} without Encryption"}.get(
        encryption, f"Encryption {short(encryption)}")
    port = field.get("Port") or str(default_port(name.lower(), mode))
    judge_server(answer, name.lower(), name, field.get("Server", ""), port, mode, words,
                 ("SSL on with Encryption SSL", "SSL on with Encryption TLS"))
    if mode == "none":
        answer.hint(f"{name}: SSL is on, but Encryption is None" if encrypted == "on" else
                    f"{name}: there is no encryption, so passwords can be read on their way")
    elif encrypted == "off":
        answer.hint(f"{name}: SSL is off, so Thunderbird goes without encryption; on would be right")
    if spa in ("on", "missing, which means on"):
        answer.doubt(f"{name}: SPA is {spa}: Microsoft's NTLM and not a password; off would be right")
    elif spa != "off":
        answer.doubt(f'{name}: SPA is "{short(spa)}"; off would be right')
    if not field.get("LoginName"):
        answer.hint(f"{name}: LoginName is missing, so Outlook takes what stands before the @")


ERRORS = {"500": "the program does not serve this domain", "501": "there are no settings for this address",
          "600": "the request was not understood", "601": "this kind of answer is not offered",
          "602": "the settings of this address are wrong on the server",
          "603": "the program cannot use its configuration, and the error log of the web server says why"}


def judge_settings(answer, schema):
    """A document of Autodiscover: right, doubtful, mislead, moved, redirected, error, namespace, status or broken."""
    root = answer.gives("Autodiscover")
    if root is None:
        return answer
    response = next(iter(every(root, "Response")), ET.Element("none"))
    for error in every(response, "Error") + every(response, "Action/Error"):
        answer.code = text_of(error, "ErrorCode") or text_of(error, "Status")
    for element, right in ((root, RESPONSE), (response, schema)):
        if namespace(element) != right and not (answer.code and element is response):
            return answer.be("namespace", f"an answer in the wrong namespace: {local_name(element)} is in "
                             f"{short(namespace(element))}; {right} would be right", "namespace")
    if answer.code:
        return answer.be("error", f"an error document: {short(f'{answer.code} ' + text_of(error, 'Message'))} "
                         f"({ERRORS.get(answer.code, 'a code of this server')})",
                         {"500": "unserved", "603": "configuration"}.get(answer.code, "error"))
    if answer.status != 200:
        return answer.be("status", f"an answer with status {answer.status}, which no client reads", "namespace")
    answer.target = text_of(response, "Account/RedirectAddr") or text_of(response, "Action/Redirect")
    if answer.target:
        return answer.be("moved", f"the domain has moved: clients ask again for {short(answer.target)}")
    kind, action = text_of(response, "Account/AccountType"), text_of(response, "Account/Action")
    if action == "redirectUrl":
        answer.target = text_of(response, "Account/RedirectUrl")
        return answer.be("redirected", f"the domain is answered at {short(answer.target)}, where Thunderbird does not follow; "
                         "a 302 would be right", "doubtful")
    if schema == MOBILESYNC:
        for server in every(response, "Action/Settings/Server"):
            names = [local_name(child) for child in server]
            url = text_of(server, "Url")
            # AOSP passes over a Url that comes before its Type.
            if text_of(server, "Type") == "MobileSync" and url.startswith("https://") and names.index("Type") < names.index("Url"):
                return answer.be("right", f"answers with ActiveSync at {short(url)}")
        return answer.be("mislead", "names no ActiveSync server that phones find; Type MobileSync and then a Url with "
                         "https would be right", "mislead")
    for name, value, right in (("AccountType", kind, "email"), ("Action", action, "settings")):
        if value != right:
            answer.doubt(f'{name} is "{short(value)}"; {right} would be right')
    for block in every(response, "Account/Protocol"):
        judge_block(answer, block)
    kinds = {server[0] for server in answer.servers}
    if "smtp" not in kinds:
        answer.hint("there is no server for outgoing mail")
    return answer.settle("" if kinds - {"smtp"} else "there is no server for incoming mail")


def judge_client_config(answer, domain):
    """Thunderbird's document (draft-ietf-mailmaint-autoconfig): right, doubtful, mislead, status or broken."""
    root = answer.gives("clientConfig")
    if root is None:
        return answer
    if answer.status != 200:
        return answer.be("status", f"an answer with status {answer.status}, which no client reads", "namespace")
    provider = next(iter(every(root, "emailProvider")), ET.Element("none"))
    if not HOST.fullmatch(provider.get("id", "").lower()):
        answer.doubt(f'the id of emailProvider is "{short(provider.get("id", ""))}"; {domain} would be right')
    if not every(provider, "domain"):
        answer.doubt("there is no domain in it")
    for block in every(provider, "incomingServer") + every(provider, "outgoingServer"):
        kind, name, socket_type = block.get("type", ""), block.get("type", "").upper(), text_of(block, "socketType")
        mode = {"SSL": "ssl", "STARTTLS": "starttls", "plain": "none"}.get(socket_type)
        if kind not in DEFAULT_PORTS:
            continue
        if mode is None:
            answer.doubt(f'{name}: socketType is "{short(socket_type)}"; SSL or STARTTLS would be right')
            continue
        for missing in (each for each in ("username", "authentication") if not text_of(block, each)):
            answer.doubt(f"{name}: {missing} is missing")
        if mode == "none":
            answer.hint(f"{name}: one server without encryption makes Thunderbird for Android drop all of it")
        judge_server(answer, kind, name, text_of(block, "hostname").replace("%EMAILDOMAIN%", domain), text_of(block, "port"),
                     mode, f"socketType {socket_type}", ("SSL", "STARTTLS"))
    kinds = {server[0] for server in answer.servers}
    complete = "smtp" in kinds and len(kinds) > 1
    return answer.settle("" if complete else "without both an incoming and an outgoing server Thunderbird drops it")


# The questions

# How much each kind of answer matters; what is not here depends on the question.
LEVELS = {"right": "ok", "moved": "ok", "doubtful": "warn", "redirected": "warn", "absent": "-", "refused": "-", "nothing": "-",
          "untried": "-", "source": "FAIL", "late": "FAIL"}


class Probe:
    """All questions for one address; what they bring is in `findings`."""

    def __init__(self, options, local, domain, tell):
        self.options, self.domain, self.address, self.tell = options, domain, f"{local}@{domain}", tell
        self.net, self.findings = Network(options), []
        # The URLs that were posted to; the first that gives Outlook its settings, and the first that gives any document.
        self.asked, self.settled, self.spoken, self.moved = set(), "", "", False
        # The mail servers that are named, and the servers of each answer by its URL, with the program's word.
        self.servers, self.answers = [], {}

    def say(self, level, subject, text, cause=None, lesser=0, **fields):
        """Notes a finding; `lesser` puts its cause behind those that more clients suffer from."""
        finding = {"level": level, "subject": printable(subject), "text": printable(text)}
        if cause and level in ("warn", "FAIL"):
            fields = {"domain": self.domain, "address": self.address, **fields}
            step, *reasons = (printable(part.format(**fields)) for part in CAUSES[cause])
            rank = list(CAUSES).index(cause) + lesser + (1000 if level == "warn" else 0)
            finding.update(cause=cause, rank=rank, step=step, reasons=reasons)
        self.findings.append(finding)
        self.tell(finding)

    def report(self, level, subject, answer, lesser=0):
        """Says how a question went; further lines are at most as bad as the question is."""
        self.say(level, subject, answer.trail + answer.text, answer.cause, lesser, **self.fields(answer))
        for its_level, text, cause in answer.lines[:MANY]:
            self.say(level if its_level == "FAIL" else its_level, subject, text, cause, lesser, **self.fields(answer))
        self.servers += [server for server in answer.servers if server not in self.servers]

    def fields(self, answer):
        detail = answer.failure.detail if answer.failure else ""
        return {"host": answer.host, "port": answer.port, "path": answer.path.partition("?")[0], "url": short(answer.url),
                "detail": detail, "seconds": count(self.net.seconds, "second")}

    def exchange(self, method, url, body=None, context=None):
        """Asks, follows redirects as clients do, and says what kind of thing came back."""
        trail = ""
        for _ in range(11):
            answer = self.net.fetch(method, url, body, context=context)
            answer.trail, status = trail, answer.status
            target = answer.location
            if not target:
                break
            if method == "POST" and not followed(status, target):
                return answer.be("redirect", f"the redirect ({status}) to {short(target)} turns the POST into a GET, and the "
                                 "request is lost", "redirect")
            if answer.scheme == "https" and not re.match(r"(?i)https://[a-z0-9._:-]+(/|$)", target):
                return answer.be("redirect", f"the redirect ({status}) does not lead to https: {short(target)}", "redirect-target")
            trail, url = trail + f"redirected to {short(target)}: ", target
        else:
            answer.trail = ""
            return answer.be("redirect", "there are more than 10 redirects", "redirect-target")
        if not answer.failure:
            return classify(answer)
        kind = answer.failure.kind
        if kind == "certificate":
            return answer.be(kind, *self.net.certificate_faults(answer.host, answer.port, answer.failure))
        text, cause = FAILURES[kind]
        return answer.be("redirect" if kind == "url" else kind, text.format(**self.fields(answer)), cause)

    # Outlook

    def post(self, url, schema=OUTLOOK):
        """The question of Outlook or of phones, and what a GET of the same place adds where the POST is refused."""
        answer = self.exchange("POST", url, (
            f'<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="{schema.partition("response")[0]}requestschema/2006">\n'
            f"  <Request>\n    <EMailAddress>{escape(self.address)}</EMailAddress>\n"
            f"    <AcceptableResponseSchema>{schema}</AcceptableResponseSchema>\n  </Request>\n</Autodiscover>\n"
        ).encode("utf-8", "surrogateescape"))
        if answer.kind == "document":
            return judge_settings(answer, schema)
        if answer.kind in ("closed", "timeout") or answer.kind == "status" and answer.status in range(400, 500):
            self.net.silent.discard((answer.host, answer.port))
            get = self.exchange("GET", answer.url)
            if get.kind in ("source", "download"):
                return get
            if get.word or get.status == 405 and ("POST" in get.header("Allow") or b"<Autodiscover" in get.body):
                answer.be(answer.kind, answer.text + ", but a GET reaches the program", "firewall")
            elif get.kind == "document" and get.status == 200:
                answer.be(answer.kind, answer.text + ", but a GET brings a file", "static")
        return answer

    def settings(self, url, must):
        """Asks a place as Outlook does; `must` where a fault costs a client its settings, as there is no next place."""
        self.asked.add(url)
        answer = self.post(url)
        kind = answer.kind
        if kind in ("right", "doubtful", "moved", "redirected", "mislead") or answer.code == "601":
            self.spoken = self.spoken or answer.url
        if kind in ("right", "doubtful", "moved", "redirected"):
            self.settled = self.settled or answer.url
        if kind in ("right", "doubtful", "mislead") or answer.cause == "unserved":
            self.answers[answer.place] = frozenset(answer.servers), answer.word
        self.moved |= kind in ("moved", "redirected")
        # Not even the next place helps where Outlook takes this answer, or asks its user about it.
        final = kind in ("tls", "certificate", "download", "unauthorized", "namespace", "error", "mislead", "broken")
        otherwise = "FAIL" if final or must and not self.settled else "warn"
        self.report(LEVELS.get(kind, otherwise), f"POST {url}", answer)
        if kind == "redirected" and answer.target not in self.asked and len(self.asked) < MANY:
            self.settings(answer.target, True)
        return answer

    def lead(self, subject, url, must):
        """A place that another answer leads to."""
        new = url not in self.asked and url != self.settled
        self.say("ok", subject, f"leads to {short(url)}{', which is asked next' if new else ''}")
        return self.settings(url, must) if new else None

    def outlook(self):
        self.tell("Outlook, new Outlook and phones: a POST to autodiscover.xml")
        self.settings(f"https://{self.domain}{XML_PATH}", False)
        last = self.settings(f"https://autodiscover.{self.domain}{XML_PATH}", True)
        direct = self.settled
        self.plain_redirect()
        subject, targets = f"SRV _autodiscover._tcp.{self.domain}", self.net.records("SRV", f"_autodiscover._tcp.{self.domain}")
        if not targets:
            unasked = targets is None and "*" in self.net.places
            self.say("warn" if targets is None and not unasked else "-", subject,
                     "not asked, as a --resolve stands in for DNS" if unasked else
                     "DNS does not answer" if targets is None else "there is no such record")
        for host, port in (targets or ())[:MANY]:
            last = self.lead(subject, f"https://{host}{'' if port == 443 else f':{port}'}{XML_PATH}", True) or last
        if self.settled and not direct:
            self.say("warn", "phones and new Outlook", f"they do not ask {self.settled}, which only Outlook finds, by the "
                     "last ways that it tries", "indirect")
        elif not self.settled:
            known = last.kind in ("absent", "dns", "refused") or last.kind == "nothing" and not self.program_runs(last.host)
            self.say("FAIL", "Outlook", "no place gives it settings", last.cause if known else None, **self.fields(last))
        url = self.settled or self.spoken
        if url:
            # New Outlook and phones ask in another schema at the same place; fewer clients need that.
            answer = self.post(url, MOBILESYNC)
            if answer.code == "601" and answer.status == 200:
                answer.be("nothing", "no ActiveSync is offered (601), and clients go on to IMAP")
            self.report(LEVELS.get(answer.kind, "FAIL"), f"ActiveSync schema, POST {url}", answer, lesser=100)

    def plain_redirect(self):
        """Only a redirect is looked for in plain HTTP; settings there are for nobody to believe."""
        url = f"http://autodiscover.{self.domain}{XML_PATH}"
        subject, answer = f"GET {url}", self.net.fetch("GET", url)
        target = answer.location
        if answer.failure:
            self.say("-", subject, FAILURES[answer.failure.kind][0].format(**self.fields(answer)))
        elif target:
            # A GET has no body that a 301 could lose.
            if followed(302, target):
                self.lead(subject, target, False)
            else:
                self.say("-" if self.settled else "warn", subject, f"the redirect leads to {short(target)}, where no client follows")
        elif classify(answer).kind == "source":
            self.report("FAIL", subject, answer)
        elif answer.kind == "document" and answer.status == 200:
            self.say("warn", subject, "answers over plain HTTP, which no client should believe; "
                     "a redirect (302) to https would be right", "plain")
        else:
            self.say("-", subject, f"no redirect to https ({answer.status})")

    def program_runs(self, host):
        """Whether the program answers at its own URL although the clients' paths do not lead to it, or fails there."""
        url = f"https://{host}{PROGRAM_PATH}"
        answer = self.post(url)
        if answer.servers or answer.code or answer.word or answer.kind in ("moved", "redirected"):
            self.say("FAIL", f"POST {url}", "the program runs here, but the clients' paths do not lead to it", "paths",
                     **self.fields(answer))
        elif answer.cause in ("source", "server-error", "configuration", "download", "firewall"):
            self.report("FAIL", f"POST {url}", answer)
        else:
            return False
        return True

    def autodiscover_v2(self):
        self.tell("Outlook and its cloud service: a GET of autodiscover.json")
        query = urllib.parse.urlencode({"Email": self.address, "Protocol": "Autodiscoverv1", "RedirectCount": 1},
                                       errors="surrogateescape")
        for host in (self.domain, f"autodiscover.{self.domain}"):
            subject = f"GET https://{host}{JSON_PATH}"
            answer = self.exchange("GET", f"https://{host}{JSON_PATH}?{query}")
            if answer.kind == "document":
                target = str(member(read_json(answer.body), "Url") or "")
                if re.fullmatch(r"(?i)https://[^/]+" + re.escape(XML_PATH), target):
                    self.lead(subject, target, True)
                    continue
                if target:
                    answer.be("mislead", f"leads to {short(target)}, where there are no settings for Outlook", "json-target")
                else:
                    answer.be("", "something that is not an answer of Autodiscover V2", "no-json")
            fails = answer.kind in ("mislead", "unauthorized", "certificate")
            self.report(LEVELS.get(answer.kind, "FAIL" if fails else "warn"), subject, answer)

    # Thunderbird

    def config(self, url):
        answer = self.exchange("GET", url)
        if answer.kind == "document":
            judge_client_config(answer, self.domain)
        if answer.servers and answer.scheme == "https":
            self.answers[answer.place] = frozenset(answer.servers), answer.word
        return answer

    def thunderbird(self):
        self.tell("Thunderbird: a GET of config-v1.1.xml")
        query = "?emailaddress=" + urllib.parse.quote(self.address, safe="", errors="surrogateescape")
        own, well_known = f"autoconfig.{self.domain}/mail/", f"{self.domain}/.well-known/autoconfig/mail/"
        configured = clear = first = None
        for place in (f"https://{own}", f"https://{well_known}", f"http://{own}", f"http://{well_known}"):
            url = f"{place}config-v1.1.xml"
            answer = self.config(url + query)
            first, kind = first or answer, answer.kind
            # A website at the bare domain, or a plain HTTP that serves nothing, is in nobody's way.
            level = "FAIL" if kind in ("mislead", "broken") or url.startswith("https://autoconfig.") else "-"
            if kind in ("certificate", "tls", "unauthorized"):
                level = "warn" if url.startswith("http:") else "FAIL"
            level = LEVELS.get(kind, level)
            if kind in ("right", "doubtful") and answer.scheme == "https":
                configured = configured or url
            elif kind in ("right", "doubtful"):
                level, clear = "-", url
                answer.text += "; over plain HTTP, which others can change on its way"
            self.report(level, f"GET {url}", answer, lesser=50)
        if configured:
            # Thunderbird for Android and KMail name no address.
            answer = self.config(configured)
            right = answer.kind in ("right", "doubtful")
            self.say("ok" if right else "FAIL", f"GET {configured}, no address",
                     "answers the same without an address, as Thunderbird for Android asks" if right else
                     f"gives Thunderbird for Android, which names no address, nothing: {answer.text}", "android")
        elif clear:
            self.say("warn", "Thunderbird", "it finds its settings over plain HTTP only, which others can change on their way",
                     "plain-only")
        elif self.moved:
            self.say("warn", "Thunderbird", "the domain has moved, and only Outlook's way tells it where to")
        else:
            self.say("FAIL", "Thunderbird", "none of the four gives it settings; on the desktop it may use those of Outlook, "
                     "on Android it finds none", first.cause if first.kind in ("absent", "dns", "refused", "nothing") else None,
                     lesser=50, **self.fields(first))
        # GNOME Online Accounts asks here first.
        url = f"https://autoconfig.{self.domain}/.well-known/mail-v1.xml"
        answer = self.config(url + query)
        self.report(LEVELS.get(answer.kind, "FAIL" if answer.kind == "mislead" else "-"), f"GET {url}", answer, lesser=50)

    def pacc(self):
        self.tell("The coming standard (PACC): a GET of user-agent-configuration.json")
        host, level = f"ua-auto-config.{self.domain}", "-"
        url = f"https://{host}/.well-known/user-agent-configuration.json"
        answer = self.exchange("GET", url)
        protocols = member(read_json(answer.body), "protocols")
        if answer.kind == "document" and not isinstance(protocols, dict):
            answer.be("", "something that is not a document of PACC", "no-json")
            level = "warn"
        elif answer.kind == "document":
            # Version 03 of the draft says submit, 02 says smtp; there is no other port than that of TLS at once.
            for name, kind in (("imap", "imap"), ("pop3", "pop3"), ("submit", "smtp"), ("smtp", "smtp")):
                its_host = str(member(protocols, name, "host")).lower()
                if HOST.fullmatch(its_host):
                    answer.servers.append((kind, its_host, default_port(kind, "ssl"), "ssl"))
            digest = base64.b64encode(hashlib.sha256(answer.body).digest()).decode()
            texts = self.net.records("TXT", f"_{host}")
            if texts is None:
                answer.be("right", f"answers; its digest is {digest}")
            elif any(f"d={digest}" in text.replace(" ", "") for text in texts):
                answer.be("right", "answers, and DNS has its digest")
            else:
                answer.be("doubtful", f"answers, but DNS has no TXT record at _{host} with d={digest}", "digest")
        self.report(LEVELS.get(answer.kind, "warn" if answer.kind == "certificate" else level), f"GET {url}", answer, lesser=100)

    # What nobody may see, and the mail servers

    def exposed(self):
        """Whether the configuration can be downloaded; a bad certificate would not stop whoever wants it."""
        self.tell("Files that nobody may download")
        paths = ("autodiscover.toml", f"domains/{self.domain}.toml", f"domains/{self.domain}.logins")
        seen = found = 0
        for host in (f"autodiscover.{self.domain}", f"autoconfig.{self.domain}", self.domain):
            for path in paths:
                for scheme in ("https", "http"):
                    answer = self.exchange("GET", f"{scheme}://{host}/cgi-bin/{path}", context=unverified())
                    if not answer.failure:
                        break
                seen += not answer.failure
                if answer.status == 200 and looks_like(path, answer.body):
                    found += 1
                    what = "the list of login names" if path.endswith(".logins") else "the configuration"
                    self.say("FAIL", f"GET {answer.url}", f"anybody can download {what}", "exposed", **self.fields(answer))
        if not found:
            self.say("ok" if seen else "-", "/cgi-bin/", "neither the configuration nor a list of login names can be downloaded"
                     if seen else "no host was reached")

    def mail(self):
        self.tell("The mail servers that were named")
        if not self.servers:
            self.say("-", "mail servers", "none was named")
        for kind, host, port, mode in self.servers[:MANY]:
            self.say(*self.mail_server(kind, host, port, mode), host=host, port=port)

    def mail_server(self, kind, host, port, mode):
        """Level, subject, words and cause for one mail server."""
        subject = f"{kind.upper()} {host} port {port}"
        way, protocol = ("TLS", None) if mode == "ssl" else ("STARTTLS", kind)
        try:
            if mode == "none":
                with self.net.connect(host, port):
                    return "warn", subject, "accepts connections, without encryption as announced", "mail-clear"
            with self.net.tls(host, port, self.net.trust, protocol) as line:
                ends = ssl.cert_time_to_seconds(line.sock.getpeercert()["notAfter"])
            self.net.expiries[host] = min(ends, self.net.expiries.get(host, ends))
            days = count((ends - time.time()) // 86400, "day")
            return "ok", subject, f"accepts {way}, and the certificate is good for {days}", None
        except Unanswered as failure:
            problem = failure
        if problem.kind == "certificate":
            text, cause = self.net.certificate_faults(host, port, problem, protocol)
            return "FAIL", subject, f"accepts {way}, but {text}", cause
        text, cause = FAILURES.get(problem.kind, FAILURES["tls"])
        text = text.format(host=host, port=port, seconds=count(self.net.seconds, "second"), detail=problem.detail)
        if problem.kind in ("tls", "clear", "timeout") and mode != "none":
            # A server that waits for TLS to begin is silent where STARTTLS is tried, so the other way is tried too.
            self.net.silent.discard((host, port))
            if problem.kind != "timeout":
                text = "there is no TLS" if mode == "ssl" else "STARTTLS is announced, but not offered"
            with contextlib.suppress(Unanswered), self.net.tls(host, port, unverified(), kind if mode == "ssl" else None):
                text = ("begins in the clear and offers STARTTLS, but TLS at once is announced" if mode == "ssl" else
                        "begins with TLS at once, but STARTTLS is announced")
        return "FAIL", subject, text, {"absent": "mail-name", "dns": "dns", "late": None}.get(problem.kind, "mail-port")

    def together(self):
        """What no single answer shows: two programs that answer for one domain, hosts without IPv4, ends of certificates."""
        settled = [(url, word) for url, (servers, word) in self.answers.items() if servers]
        if settled:
            # The program's own answer, where it can be known, is what the others are measured by.
            first = next((url for url, word in settled if word), settled[0][0])
            right = self.answers[first][0]
            for url, (servers, _) in self.answers.items():
                if servers != right:
                    its_words = spoken(sorted(servers)) or "that it does not serve the domain"
                    self.say("FAIL", url, f"says {its_words}, but {first} says {spoken(sorted(right))}", "disagree", first=first)
        for host, has_ipv4 in self.net.has_ipv4.items():
            if not has_ipv4:
                self.say("FAIL", host, "has no IPv4 address, so clients and clouds without IPv6 do not reach it", "no-ipv4", host=host)
        for host, ends in self.net.expiries.items():
            days = (ends - time.time()) // 86400
            if days <= EXPIRES_SOON:
                days = count(days, "day")
                self.say("warn", host, f"the certificate expires in {days}", "expires", host=host, days=days)

    def microsoft(self):
        """What Microsoft's AutoDetect service believes, which newer Outlooks ask before they ask anybody else."""
        self.tell("Microsoft's AutoDetect service, which newer Outlooks ask first")
        self.net.seconds, self.net.ends = 25, time.monotonic() + 30
        answer = self.net.fetch("GET", self.options.microsoft_url, headers={"X-Email": self.address.encode("utf-8", "replace")})
        told = read_json(answer.body) if answer.status == 200 else None
        services, protocols = (value if isinstance(value, list) else [] for value in
                               (member(told, "services"), member(told, "protocols")))
        found = {tuple(str(member(each, key)).lower() for key in ("protocol", "hostname", "port")) for each in protocols}
        words = ", ".join(short(" ".join(each)) for each in sorted(found)[:6])
        level, cause, used = "warn", "microsoft", autodetect_source(answer)
        if not isinstance(told, dict):
            why = answer.failure.kind if answer.failure else f"status {answer.status}"
            text, cause = f"the service does not answer ({why}), which says nothing about the domain", None
        elif services:
            text = "it takes the domain for " + short(", ".join(str(member(each, "service")) for each in services)) + used
        elif not found:
            text = "it knows nothing of the domain, so Outlook asks its user for every value" + used
        elif found <= {(kind, host, str(port)) for kind, host, port, _ in self.servers}:
            level, text = "ok", f"it believes what your server says ({words}), so it must have used your answer{used}"
        else:
            text = (f"it believes {words}, which your server does not say; so it must have used an older answer, "
                    f"or a list of its own{used}")
        self.say(level, "AutoDetect", text, cause)

    def run(self):
        for question in (self.outlook, self.autodiscover_v2, self.thunderbird, self.pacc, self.exposed, self.mail, self.together):
            question()
        if self.options.ask_microsoft:
            print(f"autodiscover-probe: sends {printable(self.address)} to {self.options.microsoft_url}", file=sys.stderr)
            self.microsoft()
        return self.findings


def followed(status, url):
    """Whether a client posts again there, as MS-OXDSCLI 3.2.5 has it for a 302; most software makes a GET of a 301."""
    return status in (302, 307, 308) and bool(re.fullmatch(r"(?i)https://[a-z0-9._:-]+/autodiscover/([^?#]*/)?autodiscover\.xml", url))


def looks_like(path, body):
    """Whether this is a configuration or a list of login names, and not the page that some sites send for everything."""
    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if path.endswith(".logins"):
        return bool(lines) and all(re.fullmatch(r"[^\s<>{}]+\s+[^\s<>{}]+", line) for line in lines[:20])
    return any(re.match(r"\[(imap|pop3|smtp|mobilesync|redirect|provider|webmail|caldav|carddav)\]|"
                        r"(domains|login_name|logins|prefer|server)\s*=", line) for line in lines)


def autodetect_source(answer):
    """In plain words, what Microsoft's service used; it tells its own developers, in base64."""
    told = None
    with contextlib.suppress(ValueError):
        told = read_json(base64.b64decode(answer.header("x-debug-support")))
    provider = member(told, "db", "provider")
    for key, name in (("v2", "autodiscover.json"), ("v1", "autodiscover.xml")):
        if member(told, "autoD", key):
            return f"; it says that it used your {name}"
    if provider:
        entry, date = short(member(provider, "Id")), short(member(provider, "UpdatedAt"))[:10]
        return f"; it says that it used Microsoft's own list, entry {entry} of {date}"
    if member(told, "db", "domain", "protocols"):
        return "; it says that it used what Microsoft once collected about the domain"
    return ""


# The report


def causes_of(findings):
    """The causes of what was found, the most urgent first; each with its step, its usual reasons and its findings."""
    causes = {}
    for finding in findings:
        if "step" in finding:
            cause = causes.setdefault(finding["step"], {**finding, "findings": []})
            cause["rank"] = min(cause["rank"], finding["rank"])
            if finding["subject"] not in cause["findings"]:
                cause["findings"].append(finding["subject"])
    return sorted(causes.values(), key=lambda cause: cause["rank"])


class Report:
    """Prints headings and findings as they come, and at the end the causes and the first step."""

    def __init__(self, options):
        self.quiet, self.json = options.quiet, options.json
        plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"
        self.styles = {} if plain else {"ok": 32, "-": 2, "warn": 33, "FAIL": 31, "heading": 1}

    def styled(self, style, text):
        return f"\x1b[{self.styles[style]}m{text}\x1b[0m" if style in self.styles else text

    def tell(self, what):
        if self.json:
            return
        if isinstance(what, dict) and (not self.quiet or what["level"] == "FAIL"):
            print(f"{self.styled(what['level'], format(what['level'], '4'))} {what['subject']}: {what['text']}", flush=True)
        elif isinstance(what, str) and not self.quiet:
            print("\n" + self.styled("heading", what))

    def end(self, address, findings):
        causes = causes_of(findings)
        if self.json:
            keys = ("level", "subject", "text"), ("cause", "step", "reasons", "findings")
            print(json.dumps({"address": address, "fails": fails(findings), "findings": [
                {key: finding[key] for key in keys[0]} for finding in findings], "causes": [
                {key: cause[key] for key in keys[1]} for cause in causes]}), flush=True)
            return
        if len(causes) > 1 and not self.quiet:
            self.tell("What was found, by cause")
            for number, cause in enumerate(causes, 1):
                print(f"{number}. {cause['step']}", *cause["findings"], sep="\n     ")
        self.tell("What to change first")
        if causes:
            print(f"First: {causes[0]['step']}.")
            for reason in causes[0]["reasons"]:
                print(f"  usual reason: {reason}")
        elif not self.quiet:
            print("nothing")


def fails(findings):
    return any(finding["level"] == "FAIL" for finding in findings)


def main():
    options = arguments()
    sys.stdout.reconfigure(errors="backslashreplace")
    report, failing = Report(options), []
    for local, domain in options.addresses:
        address = printable(f"{local}@{domain}")
        report.tell(f"Discovery of mail settings for {address}")
        findings = Probe(options, local, domain, report.tell).run()
        report.end(address, findings)
        failing += [domain] if fails(findings) else []
    if options.all and not options.json:
        print(f"\n{count(len(options.addresses), 'domain')} asked, {len(failing)} with failures: {', '.join(failing) or 'none'}")
    return 1 if failing else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)

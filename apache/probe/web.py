"""One HTTP request and its answer, and what kind of thing a web server sent."""

import contextlib
import http.client
import re
import socket
import ssl
import urllib.parse
import zlib

from .addresses import Unanswered
from .certificates import tls
from .findings import short
from .names import is_host

# A document of settings has some two thousand bytes.
BODY_LIMIT = 131072

# What stands in front of web servers, by a header, and what its value holds.
FRONTS = (("cf-ray", "", "Cloudflare"), ("cf-mitigated", "", "Cloudflare"), ("server", "cloudflare", "Cloudflare"),
          ("x-sucuri-id", "", "Sucuri"), ("server", "sucuri", "Sucuri"), ("server", "akamaighost", "Akamai"),
          ("x-iinfo", "", "Imperva"), ("x-cdn", "incapsula", "Imperva"), ("x-amzn-waf-action", "", "Amazon's firewall"),
          ("server", "cloudfront", "Amazon CloudFront"), ("server", "ddos-guard", "DDoS-Guard"), ("x-datadome", "", "DataDome"),
          ("server", "imunify360", "Imunify360"), ("server", "bunkerweb", "BunkerWeb"))
# These headers come with a challenge alone; without them the answer may be that of the web server behind.
CHALLENGES = ("cf-mitigated", "x-amzn-waf-action", "x-datadome")
OWN_PAGES = re.compile(rb"You don't have permission to access|<hr><center>nginx|<address>Apache|Service Unavailable</h1>")


class Response(http.client.HTTPResponse):
    """An answer whose 1xx before it, as 103 Early Hints, are passed over (RFC 9110, section 15.2)."""

    def _read_status(self):
        for _ in range(20):
            version, status, reason = super()._read_status()
            if not 100 <= status < 200 or status == 101:
                return version, status, reason
            http.client.parse_headers(self.fp)
        raise http.client.HTTPException("nothing but provisional answers")


class Answer:
    """What came back for a URL, and what it is: a kind, a sentence, further lines, and the mail servers it names."""

    def __init__(self, url, ip=None):
        self.url, self.scheme, self.host, self.port, self.path, self.ip = url, "", "", 0, "", ip
        # Where a redirect to this came from; address and port of the connection.
        self.asked, self.end = "", None
        self.failure, self.status, self.headers, self.body = None, 0, http.client.HTTPMessage(), b""
        self.kind = self.text = self.trail = self.target = self.code = ""
        # `more` are fields of the advice; `logins` are the login names that the answer gives.
        self.cause, self.lines, self.servers, self.logins, self.more = None, [], [], [], {}

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
        """Where a redirect leads, without a fragment, which no client sends; empty where there is none."""
        target = self.header("Location") if self.status in (301, 302, 303, 307, 308) else ""
        # A URL without a host would become one of this host.
        if re.match("(?i)https?:///", target):
            return target
        with contextlib.suppress(ValueError):
            return urllib.parse.urldefrag(urllib.parse.urljoin(self.url, target))[0] if target else ""
        return target

    @property
    def front(self):
        """What stands in front of the web server and has a hand in this answer; empty where none is known."""
        return next((front for name, value, front in FRONTS if name in self.headers and value in self.header(name).lower()), "")

    @property
    def is_challenge(self):
        """Whether this comes from a protection from robots, and not from the web server."""
        if self.word or self.status not in (202, 403, 405, 406, 429, 503):
            return False
        return (any(name in self.headers for name in CHALLENGES) or self.status == 429 or
                bool(self.front) and not OWN_PAGES.search(self.body))

    def be(self, kind, text, cause=None, **more):
        self.kind, self.text, self.cause = kind, text, cause
        self.more.update(more)
        return self

    def doubt(self, text, cause="mislead"):
        """What makes clients fail."""
        self.lines.append(("FAIL", text, cause))

    def hint(self, text, cause="doubtful"):
        self.lines.append(("warn", text, cause))


def split(url):
    """Scheme, host, port and path with query; only of URLs that clients follow."""
    match = re.fullmatch(r"(?i)(https?)://([a-z0-9._-]+)(?::(\d{1,5}))?(/[!\"$-~]*)?", url)
    if not match or int(match[3] or 1) not in range(1, 65536) or not is_host(match[2]):
        raise Unanswered("url")
    scheme = match[1].lower()
    return scheme, match[2].lower(), int(match[3] or (443 if scheme == "https" else 80)), match[4] or "/"


def fetch(net, method, url, body=None, headers=(), context=None, ip=None):
    """One HTTP request to one address of the host, or to the first that answers; redirects are not followed."""
    answer = Answer(url, ip)
    try:
        answer.scheme, host, port, answer.path = split(url)
        answer.host, answer.port = host, port
        secure = answer.scheme == "https"
        with tls(net, host, port, context or net.trust, ip=ip) if secure else net.connect(host, port, ip) as line:
            answer.end, answer.ip = line.place, line.place[0]
            if secure and line.sock.getpeercert():
                ends = ssl.cert_time_to_seconds(line.sock.getpeercert()["notAfter"])
                net.expiries[host] = min(ends, net.expiries.get(host, ends))
            connection = http.client.HTTPConnection(host, port)
            connection.sock, connection.response_class = line.sock, Response
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
                net.silent.add((host, line.place))
                raise Unanswered("timeout")
            decompress(answer)
    except Unanswered as failure:
        answer.failure, answer.end = failure, answer.end or failure.place
    return answer


def decompress(answer):
    """Takes the compression off that the probe has not asked for, as most clients do."""
    if answer.header("Content-Encoding").lower() in ("gzip", "x-gzip", "deflate"):
        # 47 takes the formats of both.
        with contextlib.suppress(zlib.error):
            answer.body = zlib.decompressobj(47).decompress(answer.body, BODY_LIMIT)
            answer.hint(f"it is compressed ({answer.header('Content-Encoding')}) although nobody asked for that", "compressed")


def followed(status, url):
    """Whether a client posts again there, as MS-OXDSCLI 3.2.5 has it for a 302; most software makes a GET of a 301."""
    return status in (302, 307, 308) and bool(re.fullmatch(r"(?i)https://[a-z0-9._:-]+/autodiscover/([^?#]*/)?autodiscover\.xml", url))


def classify(answer):
    """What kind of thing came back; most of these are the mistakes of web servers that people can repair."""
    status, word, media_type = answer.status, answer.word, answer.header("Content-Type").lower()
    disposition = answer.header("Content-Disposition")
    offered = disposition.lower().startswith("attachment") or re.match(
        r"application/(octet-stream|x-(httpd|php|sh|cgi|executable|sharedlib|msdownload|download))", media_type)
    text = answer.body.replace(b"\0", b"")
    first = text[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    document = b"<Autodiscover" in text or b"<clientConfig" in text
    for magic, words in ((b"\x7fELF", "the program itself (ELF)"), (b"#!", "the source of a program (#!/)"),
                         (b"<?php", "the source of a program (<?php)")):
        if first.startswith(magic):
            how = "offered for download" if offered else "shown"
            return answer.be("source", f"{words} is {how} instead of being run", "source")
    if status == 401:
        return answer.be("unauthorized", "asks for a password (401), so Outlook and phones ask their user for one and go "
                         "no further", "password")
    if answer.is_challenge:
        front = answer.front or "the protection"
        return answer.be("status", f"{answer.front or 'what stands in front of it'} takes mail programs for robots ({status})",
                         "robots", front=front)
    if status not in range(200, 300) and b"<Autodiscover" not in text:
        return classify_refusal(answer, status, word)
    if offered:
        return answer.be("download", f"a file is offered for download ({short(disposition or media_type)}) where a document "
                         "should be", "download")
    if not document and answer.header("Content-Encoding").lower() not in ("", "identity"):
        return answer.be("broken", f"it is compressed ({short(answer.header('Content-Encoding'))}) although nobody asked for that", "compressed")
    if first[:14].lower().startswith((b"<!doctype html", b"<html")) or (
            media_type.startswith("text/html") and not first.startswith(b"<?xml") and not document):
        return answer.be("html", f"a page of HTML ({status}) is sent where a document should be", "website")
    return answer.be("document", "") if first else answer.be("status", f"the answer is empty ({status})", "refused")


def classify_refusal(answer, status, word):
    """What a status that is no success says, first by the program's own word."""
    if word == "fault":
        return answer.be("error", f"the program cannot use its configuration ({status}); the error log of the web "
                         "server says why", "configuration")
    if word == "not-served":
        return answer.be("error", f"the program does not serve this domain ({status})", "unserved")
    if word == "no-such-service":
        return answer.be("no-service", f"the program has nothing of this kind for the domain ({status})", "no-service")
    if word == "redirected":
        return answer.be("nothing", f"the program says that the mail of this domain is served elsewhere ({status})")
    if status in (404, 410):
        return answer.be("nothing", f"there is nothing ({status})", "not-found")
    if status == 500:
        return answer.be("status", "the web server could not run the program (500); its error log says why", "server-error")
    if status in range(520, 531) and answer.front:
        return answer.be("status", f"{answer.front} does not reach the web server behind it ({status})", "origin",
                         front=answer.front, status=status)
    if status > 500:
        return answer.be("status", f"the web server failed ({status})", "unavailable")
    return answer.be("status", f"the web server refuses ({status})", "refused")

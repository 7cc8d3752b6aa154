"""One HTTP request and its answer, and what kind of thing a web server sent."""

import contextlib
import http.client
import re
import socket
import ssl
import urllib.parse

from .addresses import Unanswered
from .certificates import tls
from .findings import short
from .names import is_host

# A document of settings has some two thousand bytes.
BODY_LIMIT = 131072


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



def split(url):
    """Scheme, host, port and path with query; only of URLs that clients follow."""
    match = re.fullmatch(r"(?i)(https?)://([a-z0-9._-]+)(?::(\d{1,5}))?(/[!\"$-~]*)?", url)
    if not match or int(match[3] or 1) not in range(1, 65536) or not is_host(match[2]):
        raise Unanswered("url")
    scheme = match[1].lower()
    return scheme, match[2].lower(), int(match[3] or (443 if scheme == "https" else 80)), match[4] or "/"


def fetch(net, method, url, body=None, headers=(), context=None):
    """One HTTP request and its answer or failure; redirects are not followed."""
    answer = Answer(url)
    try:
        answer.scheme, host, port, answer.path = split(url)
        answer.host, answer.port = host, port
        secure = answer.scheme == "https"
        with tls(net, host, port, context or net.trust) if secure else net.connect(host, port) as line:
            if secure and line.sock.getpeercert():
                net.expiries[host] = ssl.cert_time_to_seconds(line.sock.getpeercert()["notAfter"])
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
                net.silent.add((host, port))
                raise Unanswered("timeout")
    except Unanswered as failure:
        answer.failure = failure
    return answer


def followed(status, url):
    """Whether a client posts again there, as MS-OXDSCLI 3.2.5 has it for a 302; most software makes a GET of a 301."""
    return status in (302, 307, 308) and bool(re.fullmatch(r"(?i)https://[a-z0-9._:-]+/autodiscover/([^?#]*/)?autodiscover\.xml", url))


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

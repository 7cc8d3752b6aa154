"""The addresses of a host, and connections to them, within two minutes for each address that is probed."""

import collections
import contextlib
import socket
import struct
import threading
import time

from .findings import short
from .names import IPV4, dns_query, system_nameservers

ALL_SECONDS = 120

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

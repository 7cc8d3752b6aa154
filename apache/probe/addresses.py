"""The addresses of a host, and connections to each of them, within two minutes for each address that is probed."""

import contextlib
import errno
import pathlib
import socket
import threading
import time

from .findings import short
from .names import IPV4, Records, Resolver

ALL_SECONDS = 120
# So many addresses of one host are asked.
EACH = 8

# Why there is no answer: the words for it, and the cause.
FAILURES = {
    "absent": ("there is no such name ({host})", "no-name"),
    "no-address": ("{host} has neither an A nor an AAAA record", "no-name"),
    "alias": ("the CNAME record of {owner} leads to {target}, which does not exist", "alias"),
    "doubled": ("the CNAME record of {owner} leads to {target}, which does not exist: a full stop is missing at the end of the target",
                "doubled"),
    "outside": ("the DNS server of --server answers for its own zones alone, and not for {target}", "dns-server"),
    "dns": ("DNS does not answer for {host} ({detail})", "dns"),
    "refused": ("the connection is refused (port {port})", "no-listener"),
    "unreachable": ("there is no route to it ({detail})", "unreachable"),
    "untried": ("not asked, as no --resolve {host}:80=IP:PORT is given", None),
    "no-ipv6": ("not asked, as this computer has no IPv6", None),
    "late": ("not asked, as two minutes have passed", "late"),
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
        # The address and port that the failure is of.
        self.place = None


class Line:
    """A TCP connection that ends after so many seconds, even when the other side lets one byte drip after another."""

    def __init__(self, place, seconds):
        self.expired, self.place, self.sock = False, place, socket.create_connection(place, seconds)
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


class Host:
    """What DNS, or --resolve, says of a host: its addresses, IPv4 first, and what is wrong with its records."""

    def __init__(self, name):
        self.name, self.addresses, self.aliases = name, [], []
        # What DNS says instead of A or AAAA records where it fails for one kind alone.
        self.problems = {}
        # Why there is no address: a key of FAILURES.
        self.missing, self.detail = "", ""

    @property
    def owner(self):
        """The name whose records hold the addresses."""
        return self.aliases[-1][1] if self.aliases else self.name

    def found(self, ipv4, ipv6):
        """Takes what DNS said of both kinds of address."""
        self.addresses, self.aliases = ipv4.data + ipv6.data, ipv4.aliases or ipv6.aliases
        problems = {kind: records.problem for kind, records in (("A", ipv4), ("AAAA", ipv6)) if records.problem}
        if not self.addresses and (len(problems) == 2 or ipv4.outside or ipv6.outside):
            self.detail = next(iter(problems.values()))
            self.missing = "outside" if ipv4.outside or ipv6.outside else "dns"
            return self
        self.problems = problems
        if not self.addresses:
            self.missing = "alias" if self.aliases else "absent" if ipv4.absent or ipv6.absent else "no-address"
        return self


class Network:
    """Everything that leaves this machine for one address, within two minutes."""

    def __init__(self, options):
        self.places, self.trust, self.seconds = options.places, options.trust, options.timeout
        self.resolver = Resolver(options.server, options.timeout)
        self.ends = time.monotonic() + ALL_SECONDS
        # Addresses with ports that were silent, for all hosts or for one; the hosts that were looked up; which address of a port is asked; when the
        # certificate of a host ends.
        self.silent, self.hosts, self.first, self.expiries = set(), {}, {}, {}

    def records(self, kind, name):
        """What DNS says, or None where --resolve '*=...' stands in for it."""
        if "*" in self.places:
            return None
        return self.resolver.records(kind, name) if self.resolver.servers else Records(name, "this computer names no DNS server")

    def host(self, name):
        """What DNS says of a host, which the world sees, and not the hosts file of this machine."""
        if name not in self.hosts:
            host = self.hosts[name] = Host(name)
            if self.resolver.servers:
                host.found(self.records("A", name), self.records("AAAA", name))
            else:
                with contextlib.suppress(OSError, UnicodeError):
                    found = sorted(socket.getaddrinfo(name, None, type=socket.SOCK_STREAM), key=lambda each: each[0] != socket.AF_INET)
                    host.addresses = list(dict.fromkeys(place[0] for *_, place in found))
                host.missing = "" if host.addresses else "absent"
            if host.missing == "alias" and self.is_doubled(*host.aliases[-1]):
                host.missing = "doubled"
        return self.hosts[name]

    def is_doubled(self, owner, target):
        """Whether a target that does not exist is a name to which DNS added the zone, as it does without a full stop."""
        labels = owner.split(".")
        for count in range(1, len(labels) - 1):
            zone = ".".join(labels[count:])
            before = target[:-len(zone) - 1] if target.endswith("." + zone) else ""
            if before.endswith("." + zone) or before.count(".") > 1:
                return True
            if "." in before:
                found = self.records("A", before)
                return bool(found and not found.absent and not found.problem)
        return False

    def endpoints(self, host, port):
        """Where a port of a host is to be reached, the best first: what --resolve says, or DNS."""
        key = next((key for key in (f"{host}:{port}", host, "*") if key in self.places), None)
        if key is None and IPV4.fullmatch(host):
            return [(host, port)]
        if key is None:
            known = self.host(host)
            if known.missing:
                raise Unanswered(known.missing, known.detail)
            first = self.first.get((host, port))
            return [(ip, port) for ip in sorted(known.addresses[:EACH], key=lambda ip: ip != first)]
        if self.places[key] and self.places[key][1] and port == 80 and key != f"{host}:80":
            # What stands for all ports speaks TLS.
            raise Unanswered("untried")
        if not self.places[key]:
            raise Unanswered("absent")
        self.hosts.setdefault(host, Host(host)).addresses = [self.places[key][0]]
        return [(self.places[key][0], self.places[key][1] or port)]

    def connect(self, host, port, ip=None):
        """A line to one address of a host, or to the first that takes one."""
        if time.monotonic() > self.ends:
            raise Unanswered("late")
        failure = None

        def failed(kind, detail=""):
            found = Unanswered(kind, detail)
            found.place = place
            return found

        for place in self.endpoints(host, port):
            if ip and place[0] != ip:
                continue
            # An address that is silent once would only use up the time.
            if place in self.silent or (host, place) in self.silent:
                failure = failed("timeout")
                continue
            try:
                return Line(place, self.seconds)
            except socket.timeout:
                self.silent.add(place)
                failure = failed("timeout")
            except ConnectionRefusedError:
                failure = failure or failed("refused")
            except OSError as error:
                lacks = error.errno in (errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT) and ":" in place[0]
                failure = failure or failed("no-ipv6" if lacks and not has_ipv6() else "unreachable", error.strerror or error)
        raise failure or Unanswered("absent")


def has_ipv6():
    """Whether this computer has an IPv6 address that is not only its own."""
    with contextlib.suppress(OSError):
        lines = pathlib.Path("/proc/net/if_inet6").read_text().splitlines()
        # The fourth column is the scope, which is 0 for the world.
        return any(line.split()[3] == "00" for line in lines)
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        # No packet is sent: the system only looks for a way there.
        sock.connect(("2001:4860:4860::8888", 53))
        return True
    return False

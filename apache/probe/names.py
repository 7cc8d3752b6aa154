"""Host names, and what DNS says of them."""

import contextlib
import ipaddress
import pathlib
import re
import secrets
import socket
import struct

IPV4 = re.compile(r"\d+\.\d+\.\d+\.\d+")
HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

KINDS = {"A": 1, "NS": 2, "CNAME": 5, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33}
# RFC 1035, section 4.1.1.
RCODES = {1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
SILENCE = "no answer"
# What a server answers for a name in a zone that it has delegated.
REFERRAL = "a referral"


def is_host(text):
    return bool(HOST.fullmatch(text.lower()) or IPV4.fullmatch(text))


class Records:
    """What DNS says of one kind of record of a name.

    `data` are the records, SRV and MX best first; `aliases` the CNAME records on the way, each with its owner and target;
    `absent` says that the last of these names does not exist. `problem` is empty unless there was no usable answer, and
    `outside` says that the server answers for its own zones alone, and nobody else for this name.
    """

    def __init__(self, name, problem=""):
        self.data, self.aliases, self.absent, self.problem, self.last = [], [], False, problem, name
        self.outside = False


class Resolver:
    """Asks DNS servers, and remembers what they said."""

    def __init__(self, given, seconds):
        system = system_nameservers()
        self.given, self.servers, self.seconds = bool(given), given or system, min(2, seconds)
        # Whom to ask for names outside the zones of an authoritative server that was given.
        self.others = system if given else []
        self._known, self._silent = {}, {}

    def records(self, kind, name):
        name = name.lower()
        if (kind, name) not in self._known:
            self._known[kind, name] = self._follow(kind, name)
        return self._known[kind, name]

    def _follow(self, kind, name):
        """Asks for a name and, where the answer ends with a CNAME record, for its target."""
        found = self._ask_all(kind, name)
        # A server that answers for its own zone alone does not follow a CNAME record out of it.
        for _ in range(8):
            if found.problem or found.data or found.absent or not found.aliases:
                break
            target = self._ask_all(kind, found.last)
            target.aliases = found.aliases + target.aliases
            if len(target.aliases) == len(found.aliases):
                return target
            found = target
        return found

    def _ask_all(self, kind, name):
        """Asks the servers, and those of the system for a name outside the zones of the server that was given."""
        found = self._ask_any(self.servers, kind, name)
        if not self.given or found.problem not in ("REFUSED", REFERRAL):
            return found
        other = self._ask_any(self.others, kind, name)
        found.outside = True
        return found if other.problem else other

    def _ask_any(self, servers, kind, name):
        """The first usable answer of two servers, each of which is asked twice where it is silent."""
        found = Records(name, SILENCE)
        for server in servers[:2] * 2:
            # A server that was silent twice for this kind of record would only use up the time.
            if self._silent.get((server, kind), 0) < 2:
                found = query(server, kind, name, self.seconds)
                self._silent[server, kind] = self._silent.get((server, kind), 0) + 1 if found.problem == SILENCE else 0
                if not found.problem:
                    break
        return found


def system_nameservers():
    """Those of resolv.conf; none on systems that keep them elsewhere."""
    with contextlib.suppress(OSError):
        text = pathlib.Path("/etc/resolv.conf").read_text("utf-8", "replace")
        return [(ip, 53) for ip in re.findall(r"(?m)^nameserver\s+([0-9A-Fa-f.:]+)\s*$", text)]
    return []


def query(server, kind, name, seconds):
    """What a DNS server tells over UDP, or over TCP where the answer does not fit (RFC 1035)."""
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    try:
        # A name of another's making may have any bytes.
        labels = b"".join(bytes([len(label)]) + label for label in name.encode("latin-1").split(b"."))
        message = secrets.token_bytes(2) + struct.pack(">HHHHH", 0x100, 1, 0, 0, 0) + labels + struct.pack(">BHH", 0, KINDS[kind], 1)
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.settimeout(seconds)
            sock.connect(server)
            sock.send(message)
            answer = sock.recv(4096)
        if len(answer) > 2 and answer[2] & 2:
            with socket.create_connection(server, seconds) as sock:
                sock.sendall(struct.pack(">H", len(message)) + message)
                stream = sock.makefile("rb")
                answer = stream.read(struct.unpack(">H", stream.read(2))[0])
        return read_answer(answer, message, kind, name)
    except socket.timeout:
        return Records(name, SILENCE)
    except OSError as error:
        return Records(name, error.strerror or SILENCE)
    except (ValueError, IndexError, struct.error):
        return Records(name, "not an answer to this question")


def read_answer(answer, message, kind, name):
    """The records in an answer; ValueError for what is no answer to the question."""
    flags, _, count, authorities = struct.unpack(">HHHH", answer[2:10])
    end = len(message)
    if answer[:2] != message[:2] or answer[12:end].lower() != message[12:].lower():
        raise ValueError("not an answer to this question")
    records = Records(name)
    if flags & 15 not in (0, 3):
        records.problem = RCODES.get(flags & 15, f"error {flags & 15}")
        return records
    found, targets = [], {}
    for _ in range(count):
        owner, at = read_name(answer, end)
        its_kind, _, _, length = struct.unpack(">HHIH", answer[at:at + 10])
        at, end = at + 10, at + 10 + length
        if its_kind == KINDS["CNAME"]:
            targets[owner.lower()] = read_name(answer, at)[0].lower()
        if its_kind == KINDS[kind]:
            found.append((owner.lower(), read_data(kind, answer, at, end)))
    while records.last in targets and len(records.aliases) < 16:
        records.aliases.append((records.last, targets[records.last]))
        records.last = targets[records.last]
    records.data = [data for owner, data in found if owner == records.last]
    if kind in ("SRV", "MX"):
        records.data = [data[2:] for data in sorted(records.data)]
    records.absent = flags & 15 == 3 and not records.data
    # Neither authoritative nor recursive, and with the name servers of the zone in place of an answer.
    if authorities and not (flags & 15 or flags & 0x480 or records.data or records.aliases):
        _, at = read_name(answer, end)
        records.problem = REFERRAL if struct.unpack(">H", answer[at:at + 2])[0] == KINDS["NS"] else ""
    return records


def read_data(kind, answer, at, end):
    """The data of one record; those of SRV and MX begin with two numbers, by which the best is least."""
    if kind == "SRV":
        priority, weight, port = struct.unpack(">HHH", answer[at:at + 6])
        return priority, -weight, read_name(answer, at + 6)[0].lower(), port
    if kind == "MX":
        return struct.unpack(">H", answer[at:at + 2])[0], 0, read_name(answer, at + 2)[0].lower()
    if kind == "TXT":
        text = b""
        while at < end:
            text, at = text + answer[at + 1:at + 1 + answer[at]], at + 1 + answer[at]
        return text.decode("utf-8", "replace")
    return read_name(answer, at)[0].lower() if kind in ("CNAME", "NS") else str(ipaddress.ip_address(answer[at:end]))


def read_name(message, at):
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

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


def is_host(text):
    return bool(HOST.fullmatch(text.lower()) or IPV4.fullmatch(text))


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

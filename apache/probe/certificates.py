"""TLS, and what is wrong with a certificate."""

import contextlib
import socket
import ssl
import time

from .addresses import Unanswered
from .findings import count, short

# In days.
EXPIRES_SOON = 14


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


def unverified():
    """TLS with whatever certificate; for looking at it, and for what must not be there whoever sends it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextlib.contextmanager
def tls(net, host, port, context, protocol=None, ip=None):
    """A line with TLS, at once or after the STARTTLS of imap, pop3 or smtp."""
    with net.connect(host, port, ip) as line:
        failure = None
        try:
            if protocol:
                starttls(line.sock, protocol)
            line.sock = context.wrap_socket(line.sock, server_hostname=host)
        except Unanswered as error:
            failure = error
        except ssl.SSLCertVerificationError as error:
            failure = Unanswered("certificate", error.verify_message, error.verify_code)
        except (OSError, ValueError) as error:
            failure = Unanswered("tls", getattr(error, "reason", None) or error)
            if line.expired or isinstance(error, socket.timeout):
                net.silent.add((host, line.place))
                failure = Unanswered("timeout")
        if failure:
            failure.place = line.place
            raise failure
        yield line


def certificate_faults(net, host, port, error, protocol=None, ip=None):
    """The words and the cause for a certificate that was not accepted."""
    itself = unverified()
    itself.verify_mode = ssl.CERT_REQUIRED
    # X509_V_FLAG_PARTIAL_CHAIN and X509_V_FLAG_NO_CHECK_TIME: Python takes apart only what it accepts, so the
    # certificate becomes its own authority here.
    itself.verify_flags |= 0x80000 | 0x200000
    faults, certificate = [], {}
    with contextlib.suppress(Unanswered, ssl.SSLError):
        with tls(net, host, port, unverified(), protocol, ip) as line:
            itself.load_verify_locations(cadata=line.sock.getpeercert(True))
        with tls(net, host, port, itself, protocol, ip) as line:
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

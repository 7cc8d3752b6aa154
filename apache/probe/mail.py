"""The mail servers that were named, and the records that name some too."""

import concurrent.futures
import contextlib
import ssl
import time

from .addresses import FAILURES, Unanswered
from .certificates import certificate_faults, tls, unverified
from .exchanges import Exchanges
from .findings import MANY, count, short
from .names import HOST


class MailServers(Exchanges):
    """Asks each address of each mail server whether it accepts what was announced."""

    def mail(self):
        self.tell("The mail servers that were named")
        if not self.servers:
            self.say("-", "mail servers", "none was named")
        self.mail_service_records()
        for kind, host, port, mode in self.servers[:MANY]:
            try:
                ips = [ip for ip, _ in self.net.endpoints(host, port)]
            except Unanswered:
                ips = [None]
            with concurrent.futures.ThreadPoolExecutor(len(ips)) as pool:
                verdicts = list(pool.map(lambda ip: self.mail_server(kind, host, port, mode, ip), ips))
            levels = ("ok", "warn", "FAIL", "-")
            best = min(range(len(ips)), key=lambda at: levels.index(verdicts[at][0]))
            for ip, verdict in zip(ips, verdicts):
                if verdict[0] != verdicts[best][0] and (host, ip) not in self.told:
                    self.told.add((host, ip))
                    self.differing.append((verdict[0], f"{verdict[1]} at {ip}", f"{verdict[2]}; at {ips[best]}: {verdicts[best][2]}", "address", {
                        "host": host, "ip": ip, "kind": "AAAA" if ":" in ip else "A", "owner": self.net.hosts[host].owner}))
            level, subject, text, cause = verdicts[best]
            self.say(level, subject, text, cause, host=host, port=port, ip=ips[best], **self.records_of(host))

    def mail_service_records(self):
        """The SRV records of RFC 6186 and 8314, which some clients take instead of all answers."""
        for kind, service in (("imap", "imaps"), ("imap", "imap"), ("pop3", "pop3s"), ("pop3", "pop3"), ("smtp", "submissions"),
                              ("smtp", "submission")):
            owner = f"_{service}._tcp.{self.domain}"
            found = self.net.records("SRV", owner)
            for target, port in (found.data if found else ())[:MANY]:
                fields = {"owner": owner, "target": short(target)}
                named = (kind, target, port) in {server[:3] for server in self.servers}
                if not target or named or not HOST.fullmatch(target):
                    continue
                if self.exists(target):
                    self.say("warn", f"SRV {owner}", f"leads to {target} port {port}, which no answer names", "mail-srv", **fields)
                elif self.net.host(target).missing != "dns":
                    doubled = self.net.is_doubled(owner, target)
                    self.say("FAIL", f"SRV {owner}", f"leads to {target}, which does not exist" +
                             ": a full stop is missing at the end of the target" * doubled, "doubled" if doubled else "mail-srv", **fields)

    def records_of(self, host):
        known = self.net.hosts.get(host)
        owner, target = known.aliases[-1] if known and known.aliases else (host, host)
        return {"owner": owner, "target": target}

    def mail_server(self, kind, host, port, mode, ip):
        """Level, subject, words and cause for one address of a mail server."""
        subject = f"{kind.upper()} {host} port {port}"
        way, protocol = ("TLS", None) if mode == "ssl" else ("STARTTLS", kind)
        try:
            if mode == "none":
                with self.net.connect(host, port, ip):
                    return "warn", subject, "accepts connections, without encryption as announced", "mail-clear"
            with tls(self.net, host, port, self.net.trust, protocol, ip) as line:
                ends = ssl.cert_time_to_seconds(line.sock.getpeercert()["notAfter"])
            self.net.expiries[host] = min(ends, self.net.expiries.get(host, ends))
            days = count((ends - time.time()) // 86400, "day")
            return "ok", subject, f"accepts {way}, and the certificate is good for {days}", None
        except Unanswered as failure:
            problem = failure
        if problem.kind == "certificate":
            text, cause = certificate_faults(self.net, host, port, problem, protocol, ip)
            return "FAIL", subject, f"accepts {way}, but {text}", "mail-certificate" if cause == "certificate-name" else cause
        text, cause = FAILURES.get(problem.kind, FAILURES["tls"])
        text = text.format(host=host, port=port, seconds=count(self.net.seconds, "second"), detail=problem.detail, **self.records_of(host))
        if problem.kind in ("tls", "clear", "timeout") and mode != "none":
            # A server that waits for TLS to begin is silent where STARTTLS is tried, so the other way is tried too.
            self.net.silent.discard((host, problem.place))
            if problem.kind != "timeout":
                text = "there is no TLS" if mode == "ssl" else "STARTTLS is announced, but not offered"
            with contextlib.suppress(Unanswered), tls(self.net, host, port, unverified(), kind if mode == "ssl" else None, ip):
                text = ("begins in the clear and offers STARTTLS, but TLS at once is announced" if mode == "ssl" else
                        "begins with TLS at once, but STARTTLS is announced")
        if problem.kind == "no-ipv6":
            return "-", subject, text, None
        return "FAIL", subject, text, {"absent": "mail-name", "no-address": "mail-name", "dns": "dns", "late": "late", "alias": "alias",
                                       "doubled": "doubled", "outside": "dns-server"}.get(problem.kind, "mail-port")

"""Many requests at once through a real Apache (event with mod_cgid, prefork with mod_cgi), each for another address: every answer
names its own, nothing is logged, and Apache's memory stays as it is.

LOAD requests (2000) go to each server, over 32 connections. tests/server/bench.py compares the times with other programs.
"""

import collections
import os
import pathlib
import re
import socket
import threading
import time
import unittest

import harness

XML = "/autodiscover/autodiscover.xml"
REQUESTS = int(os.environ.get("LOAD", 2000))
# Enough workers from the beginning, so that memory grows for no reason but ours.
WORKERS = {
    "event": "StartServers 1\nServerLimit 1\nThreadsPerChild 64\nMaxRequestWorkers 64\nMinSpareThreads 1\nMaxSpareThreads 64",
    "prefork": "StartServers 40\nMinSpareServers 1\nMaxSpareServers 64\nMaxRequestWorkers 64",
}

Times = collections.namedtuple("Times", "errors rate median high longest")


def asked(port, path, number):
    """What is wrong with the answer to one request. Bytes and nothing else, so that Apache has the processor."""
    body = harness.post(f"user{number}@example.org")
    head = (f"POST {path} HTTP/1.1\r\nHost: autodiscover.example.org\r\nConnection: close\r\n"
            f"User-Agent: Microsoft Office/16.0\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n")
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head.encode() + body)
        # As a mail client does, up to the last chunk: the server closes only when it has seen the CGI process end.
        while not answer.endswith(b"\r\n0\r\n\r\n") and (piece := connection.recv(65536)):
            answer += piece
    if answer.startswith(b"HTTP/1.1 200 ") and (path != XML or b"<LoginName>user%d@example.org</LoginName>" % number in answer):
        return None
    return f"request {number}: {answer[:200]}"


def load(port, path, requests, connections):
    """Sends the requests; the errors, requests per second, and the times from connecting to the end of the answer in ms."""
    times, errors, numbers = [], [], iter(range(requests))

    def work():
        for number in numbers:
            start = time.monotonic()
            try:
                error = asked(port, path, number)
            except OSError as reason:
                error = f"request {number}: {reason}"
            times.append((time.monotonic() - start) * 1e3)
            # Of a server that is down twenty lines say enough.
            if error and (errors.append(error) or len(errors) > 20):
                break

    threads = [threading.Thread(target=work) for _ in range(connections)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(times) / (time.monotonic() - start)
    times.sort()
    return Times(errors, rate, times[len(times) // 2], times[int(len(times) * 0.99)], times[-1])


def start(apache, mpm):
    """The server with the program; its main process."""
    harness.install(apache.folder / "program/autodiscover.cgi")
    harness.install(apache.folder / "program/autodiscover.toml", harness.ROOT / "cgi-bin/autodiscover.toml", 0o644)
    apache.write("program/domains/example.org.toml", '[imap]\nserver = "mail.example.org"\n')
    return apache.start(f"""
{WORKERS[mpm]}
KeepAlive Off
ScriptAlias {XML} "{apache.folder}/program/autodiscover.cgi"
SetEnv AUTODISCOVER_CONFIG "{apache.folder}/program/autodiscover.toml"
<Directory "{apache.folder}/program">
    Require all granted
</Directory>
""", mpm)


def resident(server):
    """KiB of all processes of the server."""
    total = 0
    for path in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            status = dict(re.findall(r"^(Pid|PPid|VmRSS):\s*(\d+)", path.read_text(), re.M))
        except OSError:
            continue
        if str(server.pid) in (status["Pid"], status["PPid"]):
            total += int(status.get("VmRSS", 0))
    return total


class Load(unittest.TestCase):
    def test_every_request_of_many_gets_its_own_answer(self):
        harness.needs("apache2", "openssl")
        for mpm in WORKERS:
            with self.subTest(mpm), harness.Apache() as apache:
                server = start(apache, mpm)
                # Every worker has had its share once before memory is looked at.
                load(apache.http, XML, 400, 32)
                before = resident(server)
                result = load(apache.http, XML, REQUESTS, 32)
                after = resident(server)
                apache.stop()
                print(f"{mpm}: {REQUESTS} requests, {len(result.errors)} errors, {result.rate:.0f}/s, p50 {result.median:.2f} ms, p99"
                      f" {result.high:.2f} ms, longest {result.longest:.2f} ms; Apache has {before} KiB before, {after} after")
                self.assertEqual(result.errors, [])
                self.assertLessEqual(after, before * 1.2, "its memory grows")
                # What a child writes is logged too.
                logged = [line for line in apache.log().splitlines()
                          if re.search(r":(error|crit|alert|emerg)\]|autodiscover\.cgi", line)]
                self.assertEqual(logged, [])


if __name__ == "__main__":
    harness.main("load")

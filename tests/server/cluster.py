"""Two web servers, Apache and lighttpd, behind HAProxy as packaging/cluster.md has it. Under load each is killed and started
again, and executable and configuration are replaced on both: no request is lost, and every answer is that of its own address.

LOAD is the least number of requests (2000), CLIENTS how many are asked at a time (8).
"""

import collections
import contextlib
import http.client
import itertools
import os
import pathlib
import re
import signal
import socket
import threading
import time
import unittest

import harness
import lighttpd

HOST = "autodiscover.example.org"
REQUESTS = int(os.environ.get("LOAD", 2000))
CLIENTS = int(os.environ.get("CLIENTS", 8))
XML = "/autodiscover/autodiscover.xml"
CONFIG = '''domains = ["*"]
[imap]
server = "{}.{{domain}}"
[smtp]
server = "smtp.{{domain}}"
'''


def balancer(server, cfg, *others):
    """The HAProxy of packaging/cluster.md on the ports of this server, before those others."""
    server.redirect = harness.free_port()
    text = re.search(r"^```haproxy\n(.*?)^```$", (harness.ROOT / "packaging/cluster.md").read_text(), re.M | re.S)[1]
    (server.folder / "certificates").mkdir(exist_ok=True)
    server.write("certificates/site.pem", server.certificate.read_text() + server.key.read_text())
    # Each of the tests' servers has an authority of its own.
    server.write("web.pem", "".join((other.folder / "ca.pem").read_text() for other in others))
    changes = {"bind :80": f"bind 127.0.0.1:{server.http}", "bind :443": f"bind 127.0.0.1:{server.https}",
               "/etc/haproxy/certificates/": f"{server.folder}/certificates/", "/etc/haproxy/web.pem": f"{server.folder}/web.pem",
               "bind 192.0.2.20:80": f"bind 127.0.0.1:{server.redirect}",
               "192.0.2.11:443": f"127.0.0.1:{others[0].https}", "192.0.2.12:443": f"127.0.0.1:{others[1].https}"}
    if os.geteuid() != 0:
        changes |= {"    user haproxy\n": "", "    group haproxy\n": ""}
    for old, new in changes.items():
        assert text.count(old) == 1, f"{old} should stand once in the configuration"
        text = text.replace(old, new)
    return server.run(harness.tool("haproxy"), "-db", "-f", server.write(cfg, text), ready=lambda: server.answers(server.https))


class Load:
    """Clients that ask without a pause, each request for another address, until the context ends."""

    def __init__(self, server):
        self.server, self.numbers, self.stopped = server, itertools.count(), threading.Event()
        self.errors, self.from_server, self.servers, self.longest = [], collections.Counter(), collections.Counter(), 0.0
        self.changed = threading.Event()
        self.threads = [threading.Thread(target=self.work) for _ in range(CLIENTS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def work(self):
        connection = None
        while not self.stopped.is_set() and len(self.errors) < 20:
            number = next(self.numbers)
            # As clients do, some connections are kept and some are new.
            if connection is None or number % 5 == 0:
                if connection:
                    connection.close()
                connection = http.client.HTTPConnection("127.0.0.1", self.server.https, timeout=60)
                connection.sock = self.server.tls.wrap_socket(
                    socket.create_connection(("127.0.0.1", self.server.https), 60), server_hostname=HOST)
            only_new, start = self.changed.is_set(), time.monotonic()
            try:
                wrong = self.ask(connection, number, only_new)
            except (OSError, http.client.HTTPException) as reason:
                wrong, connection = repr(reason), None
            self.longest = max(self.longest, time.monotonic() - start)
            if wrong:
                self.errors.append(f"request {number}: {wrong}")

    def ask(self, connection, number, only_new):
        """What is wrong with an answer. It must have the server of its own domain and, in the POST's, the user's own login name."""
        user, domain = f"user{number}", f"d{number}.example"
        if number % 3:
            connection.request("POST", XML, harness.post(f"{user}@{domain}"), {"Host": HOST, "Content-Type": "text/xml"})
            wanted = [f"<LoginName>{user}@{domain}</LoginName>"]
        else:
            connection.request("GET", f"/mail/config-v1.1.xml?emailaddress={user}%40{domain}", headers={"Host": HOST})
            wanted = [f"<emailProvider id=\"{domain}\">"]
        answer = connection.getresponse()
        body = answer.read().decode()
        self.servers[answer.headers["Server"].partition("/")[0]] += 1
        names = set(re.findall(r"\b(old|new)\.d(\d+)\.example", body))
        wrong = [text for text in wanted if text not in body]
        if answer.status != 200 or wrong or len(names) != 1 or {name for _, name in names} != {str(number)}:
            return f"{answer.status} {body[:300]}"
        (version, _), = names
        if only_new and version == "old":
            return "the old configuration after the new one was in place"
        self.from_server[version] += 1

    def wait(self, count, condition=lambda: True):
        """Until that many further answers have come, and the condition holds."""
        before, deadline = sum(self.servers.values()), time.monotonic() + 120
        while sum(self.servers.values()) < before + count or not condition():
            assert time.monotonic() < deadline and len(self.errors) < 20, self.errors[:3] or "nothing moves"
            time.sleep(0.01)

    def wait_for(self, name):
        """Until a server answers again."""
        before = self.servers[name]
        self.wait(50, lambda: self.servers[name] > before + 20)


class Cluster(unittest.TestCase):
    def setUp(self):
        harness.needs("haproxy", "apache2", "openssl")
        lighttpd.needs()
        self.apache = self.enterContext(harness.Apache())
        self.lighttpd = self.enterContext(harness.Server())
        self.front = self.enterContext(harness.Server())
        for server in (self.apache, self.lighttpd):
            harness.install(server.folder / "program/autodiscover.cgi")
            server.write(self.config(server), CONFIG.format("old"))
        self.lighttpd.write("www/index.html", "a website\n")
        # lighttpd's file names no configuration: it lies beside the program.
        self.starts = {"Apache": lambda: self.apache.start(self.apache.virtual_host(), modules=["headers"]),
                       "lighttpd": lambda: lighttpd.start(self.lighttpd)}
        self.processes = {name: start() for name, start in self.starts.items()}
        balancer(self.front, "haproxy.cfg", self.apache, self.lighttpd)

    def config(self, server):
        return "config/autodiscover.toml" if server is self.apache else "program/autodiscover.toml"

    def server(self, name):
        return self.apache if name == "Apache" else self.lighttpd

    def end(self, name, how):
        """Ends a server with all that belongs to it."""
        server, process = self.server(name), self.processes[name]
        if how == signal.SIGKILL:
            os.killpg(process.pid, how)
        else:
            process.send_signal(how)
        process.wait(30)
        server.processes.remove(process)
        (server.folder / "pid").unlink(missing_ok=True)

    def begin(self, name):
        self.processes[name] = self.starts[name]()

    def replace(self, path, write):
        """As rsync does: written beside it, then renamed."""
        new = path.with_name(f".{path.name}.new")
        write(new)
        os.replace(new, path)

    def test_no_request_is_lost_whatever_happens_to_one_server(self):
        with Load(self.front) as load:
            for name in self.starts:
                load.wait_for(name)
            for how, name in itertools.product((signal.SIGKILL, signal.SIGTERM), self.starts):
                self.end(name, how)
                load.wait(100)
                self.begin(name)
                load.wait_for(name)
            for server in (self.apache, self.lighttpd):
                self.replace(server.folder / "program/autodiscover.cgi", lambda path: harness.install(path))
                load.wait(50)
            for server in (self.apache, self.lighttpd):
                self.assertEqual(load.from_server["new"] > 0, server is self.lighttpd)
                self.replace(server.folder / self.config(server), lambda path: path.write_text(CONFIG.format("new")))
                load.wait(100)
            load.changed.set()
            load.wait(100)
            load.wait(0, lambda: sum(load.servers.values()) >= REQUESTS)
        asked = next(load.numbers)
        print(f"{asked} requests, {len(load.errors)} wrong, {dict(load.servers)}, the longest took {load.longest * 1e3:.0f} ms")
        self.assertEqual(load.errors, [])
        self.assertEqual(sum(load.from_server.values()), asked)

    def test_nothing_is_taken_in_the_clear_and_no_password_goes_on(self):
        for path in (XML, "/mail/config-v1.1.xml?emailaddress=ada%40example.org", "/"):
            answer = self.front.request(path, HOST, tls=False)
            self.assertEqual((answer.status, answer.headers["Location"]), (302, f"https://{HOST}{path}"))
            self.assertEqual(self.front.request(path, HOST, tls=False, body=harness.post()).status, 403)
        with contextlib.ExitStack() as stack:
            for server in (self.apache, self.lighttpd):
                stack.enter_context(harness.echo(server.folder / "program/autodiscover.cgi"))
            for _ in range(4):
                answer = self.front.request(XML, HOST, body=harness.post(), headers={"Authorization": "Basic YWRhOnNlY3JldA=="})
                variables, arrived = harness.echoed(answer)
                self.assertEqual((variables["HTTPS"], variables["REQUEST_URI"], arrived), ("on", XML, harness.post()))
                self.assertNotIn(b"YWRhOnNlY3JldA", answer.body)

    def test_a_server_with_a_fault_in_its_configuration_gets_no_request(self):
        def ask():
            return self.front.request(XML, HOST, body=harness.post())
        # From the first request on: what the server answers before it is checked goes to the other.
        self.apache.write(self.config(self.apache), "domain = 1\n")
        deadline = time.monotonic() + 4
        while time.monotonic() < deadline:
            answer = ask()
            self.assertEqual((answer.status, answer.headers["X-Autodiscover"]), (200, "answered"))
            time.sleep(0.1)
        with harness.echo(self.apache.folder / "program/autodiscover.cgi"):
            self.assertEqual({ask().headers["X-Autodiscover"] for _ in range(10)}, {"answered"})
        # And from all with the same fault HAProxy takes nothing.
        self.lighttpd.write(self.config(self.lighttpd), "domain = 1\n")
        deadline = time.monotonic() + 60
        while (status := ask().status) != 503:
            self.assertEqual(status, 500)
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)
        for server in (self.apache, self.lighttpd):
            server.write(self.config(server), CONFIG.format("new"))
        while ask().status != 200:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def test_a_customer_without_a_certificate_is_led_on(self):
        """The step in which Outlook asks by plain HTTP (MS-OXDISCO, 3.1.5)."""
        def ask(path, body=None):
            answer = harness.request(self.front.redirect, "autodiscover.example.net", path, body=body)
            return answer.status, answer.headers["Location"]
        for path in (XML, XML.upper(), "/Autodiscover/Autodiscover.xml"):
            self.assertEqual(ask(path), (302, f"https://{HOST}{XML}"))
            self.assertEqual(ask(path, harness.post()), (404, None))
        self.assertEqual(ask("/"), (404, None))


if __name__ == "__main__":
    harness.main("cluster")

"""The blocks of packaging/front.md for Caddy and HAProxy, as they are, in front of lighttpd as the image has it."""

import os
import re
import unittest

import harness

PAGE = (harness.ROOT / "packaging/front.md").read_text()
HOST, SITE = "autodiscover.example.org", "example.org"
HOSTS = [SITE, f"*.{SITE}"]


def block(language):
    return re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)[1]


class Front(unittest.TestCase):
    def behind(self, server):
        """lighttpd with the image's configuration and the program, on a port of its own."""
        harness.needs("lighttpd", "openssl")
        self.program = harness.install(server.folder / "program/autodiscover.cgi")
        harness.install(server.folder / "program/autodiscover.toml", harness.ROOT / "cgi-bin/autodiscover.toml", 0o644)
        port = harness.free_port()
        rules = server.write("behind.conf", (harness.ROOT / "packaging/lighttpd.conf").read_text().replace("/usr/lib/cgi-bin/", f"{server.folder}/program/"))
        user = 'server.username = "www-data"\n' if os.geteuid() == 0 else ""
        text = (harness.ROOT / "packaging/image/lighttpd.conf").read_text()
        for old, new in (("8080", str(port)), ('"/etc/lighttpd/autodiscover.conf"', f'"{rules}"'), ("server.port", 'server.bind = "127.0.0.1"\nserver.port')):
            self.assertIn(old, text)
            text = text.replace(old, new)
        path = server.write("lighttpd.conf", user + text)
        server.run(harness.tool("lighttpd"), "-D", "-f", path, ready=lambda: server.answers(port))
        return port

    def lets_through(self, server, hosts=(HOST,)):
        for host in hosts:
            for path in ("/autodiscover/autodiscover.xml", "/Autodiscover/Autodiscover.xml"):
                for chunked in (False, True):
                    with self.subTest(host=host, path=path, chunked=chunked):
                        answer = server.request(path, host, body=harness.post(), chunked=chunked)
                        self.assertEqual(answer.status, 200, answer.body)
                        self.assertIn(b"<Server>imap.example.org</Server>", answer.body)
            self.assertEqual(server.request("/autodiscover/autodiscover.xml", host, body=harness.post().ljust(70000)).status, 413)
            answer = server.request("/mail/config-v1.1.xml?emailaddress=ada%40example.org", host)
            self.assertIn(b"<hostname>imap.example.org</hostname>", answer.body)
            with harness.echo(self.program):
                path = "/autodiscover/autodiscover.json/v1.0/a%2Fb%40example.org?Protocol=AutodiscoverV1"
                answer = server.request(path, host, headers={"Authorization": "Basic YWRhOnNlY3JldA==", "X-Forwarded-Proto": "http"})
                variables, _ = harness.echoed(answer)
                self.assertEqual(variables["REQUEST_URI"], path)
                self.assertEqual(variables["HTTP_HOST"], host)
                self.assertNotIn(b"YWRhOnNlY3JldA", answer.body)

    def plain(self, server):
        for path in ("/autodiscover/autodiscover.xml", "/mail/config-v1.1.xml?emailaddress=ada@example.org", "/"):
            for method, status, location in (("GET", 302, f"https://{HOST}{path}"), ("HEAD", 302, f"https://{HOST}{path}"), ("POST", 403, None)):
                with self.subTest(method=method, path=path):
                    # A client cannot say that it came by HTTPS.
                    answer = server.request(path, HOST, method=method, tls=False, headers={"X-Forwarded-Proto": "https"})
                    self.assertEqual((answer.status, answer.headers["Location"]), (status, location))

    def test_caddy(self):
        harness.needs("caddy")
        with harness.Server(HOSTS) as server:
            port = self.behind(server)
            text = block("caddy").replace("127.0.0.1:8080", f"127.0.0.1:{port}")
            # The tests have a certificate and ports of their own.
            text = re.sub(r"^(https://.*\{)$", rf"\1\n\ttls {server.certificate} {server.key}", text, flags=re.M)
            options = f"{{\n\tadmin off\n\thttp_port {server.http}\n\thttps_port {server.https}\n\tstorage file_system {server.folder}/caddy\n}}\n"
            path = server.write("Caddyfile", options + text)
            server.run(harness.tool("caddy"), "run", "--config", path, "--adapter", "caddyfile", env=os.environ | {"HOME": str(server.folder)},
                       ready=lambda: server.answers(server.https) and server.answers(server.http))
            self.lets_through(server, (HOST, SITE))
            self.assertEqual(server.request("/", SITE).body, b"the website")
            self.plain(server)

    def test_haproxy(self):
        harness.needs("haproxy")
        with harness.Server(HOSTS) as server:
            port = self.behind(server)
            server.write("certificates/all.pem", server.certificate.read_text() + server.key.read_text())
            text = block("haproxy")
            for old, new in (("127.0.0.1:8080", f"127.0.0.1:{port}"), ("bind :80\n", f"bind 127.0.0.1:{server.http}\n"), ("bind :443", f"bind 127.0.0.1:{server.https}"),
                             ("/etc/haproxy/certificates/", f"{server.folder}/certificates/")):
                self.assertIn(old, text)
                text = text.replace(old, new)
            path = server.write("haproxy.cfg", text)
            server.run(harness.tool("haproxy"), "-db", "-f", path, ready=lambda: server.answers(server.https) and server.answers(server.http))
            self.lets_through(server)
            self.plain(server)

    def test_what_was_tried_is_told_from_what_was_read(self):
        for section in re.split(r"^## ", PAGE, flags=re.M)[2:]:
            self.assertRegex(section, r"\n(Tried with Debian's|Read, not tried\.)", section.splitlines()[0])


if __name__ == "__main__":
    harness.main("front")

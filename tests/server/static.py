"""What hands out an export: packaging/export-nginx.conf, export-apache.conf and export-upload, as they are, for both layouts."""

import hashlib
import http.server
import os
import re
import subprocess
import threading
import unittest
import urllib.parse
import xml.sax.saxutils

import harness

CONFIG = """domains = ["example.org", "example.net"]
[imap]
server = "imap.{domain}"
[smtp]
server = "smtp.{domain}"
"""
HOSTS = ["example.org", "*.example.org", "*.example.net", "*.other.example"]
DOCUMENTS = [(f"autoconfig.{domain}", path) for domain in ("example.org", "example.net")
             for path in ("/mail/config-v1.1.xml", "/Mail/Config-v1.1.xml", "/v1.1/mail/config-v1.1.xml", "/.well-known/mail-v1.xml",
                          "/mail/config-v1.1.xml?emailaddress=ada%40example.org")]
DOCUMENTS += [("ua-auto-config.example.org", "/.well-known/user-agent-configuration.json"),
              ("AUTOCONFIG.example.org", "/.well-known/autoconfig/mail/config-v1.1.xml/")]


def exported(folder, *options):
    """An export, and the configuration that it is of."""
    config = folder / "config/autodiscover.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(CONFIG)
    tree = folder / "-".join(["export", *options]).replace("--", "")
    subprocess.run([harness.program(), "export", tree, *options], env={"AUTODISCOVER_CONFIG": str(config)}, check=True, capture_output=True)
    return tree


def from_program(folder, host, path):
    return harness.cgi(AUTODISCOVER_CONFIG=str(folder / "config/autodiscover.toml"), REQUEST_METHOD="GET", REQUEST_URI=path, HTTP_HOST=host, SERVER_NAME=host)


def without_user(path):
    """The path without the address, which the files do not know."""
    return path.partition("?")[0]


class Static(unittest.TestCase):
    def served(self, server):
        """The bytes and the headers of the program, and nothing else."""
        for host, path in DOCUMENTS:
            with self.subTest(host=host, path=path):
                answer, wanted = server.request(path, host), from_program(server.folder, host, without_user(path))
                self.assertEqual((answer.status, answer.body), (200, wanted.body))
                for header in ("Content-Type", "Cache-Control", "X-Content-Type-Options"):
                    self.assertEqual(answer.headers.get_all(header), wanted.headers.get_all(header), header)
                # For caches whose key lacks the host.
                self.assertEqual(answer.headers.get_all("Vary"), ["Host"])
                for method, status in (("HEAD", 200), ("POST", 405), ("PUT", 405), ("DELETE", 405)):
                    self.assertEqual(server.request(path, host, method=method, body=b"" if method != "HEAD" else None).status, status)
        for host, path in (("autoconfig.other.example", "/mail/config-v1.1.xml"), ("autoconfig.example.org", "/"),
                           ("autoconfig.example.org", "/.autodiscover-export"), ("autoconfig.example.org", "/autoconfig.example.net.xml"),
                           ("autoconfig.example.org", "/autoconfig.example.net/mail/config-v1.1.xml"),
                           ("ua-auto-config.other.example", "/.well-known/user-agent-configuration.json"),
                           ("autoconfig.example.org", "/autodiscover/autodiscover.xml")):
            with self.subTest(host=host, path=path):
                self.assertEqual(server.request(path, host).status, 404)

    def placed(self, server, name, tree):
        """A ready file, with its paths led into the folder of the test."""
        text = (harness.ROOT / "packaging" / name).read_text()
        live = "/etc/letsencrypt/live/autoconfig.example.org/"
        for old, new in (("/srv/autodiscover", tree), (f"{live}fullchain.pem", server.certificate), (f"{live}privkey.pem", server.key),
                         ("/var/log/autodiscover-export.log", server.folder / "export.log"), ("*:443", f"*:{server.https}"),
                         ("[::]:443", f"[::1]:{server.https}"), ("listen 443", f"listen 127.0.0.1:{server.https}")):
            text = text.replace(old, str(new))
        return text

    def test_nginx(self):
        harness.needs("nginx", "fcgiwrap", "openssl")
        for options in ((), ("--flat",)):
            with self.subTest(options), harness.Nginx(HOSTS) as nginx:
                nginx.start(self.placed(nginx, "export-nginx.conf", exported(nginx.folder, *options)))
                self.served(nginx)

    def test_apache(self):
        harness.needs("apache2", "openssl")
        for options in ((), ("--flat",)):
            with self.subTest(options), harness.Apache(HOSTS) as apache:
                apache.start(self.placed(apache, "export-apache.conf", exported(apache.folder, *options)), modules=["headers"])
                self.served(apache)
                self.assertNotIn("ada", (apache.folder / "export.log").read_text())


class Store(http.server.BaseHTTPRequestHandler):
    """As much of S3 as rclone asks (Amazon S3 API reference: ListObjects, HeadObject, PutObject, DeleteObject)."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def name(self):
        return urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).strip("/").removeprefix("bucket").strip("/")

    def do_GET(self):
        entries = "".join(f"<Contents><Key>{xml.sax.saxutils.escape(name)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
                          f"<ETag>&quot;{hashlib.md5(body).hexdigest()}&quot;</ETag><Size>{len(body)}</Size></Contents>"
                          for name, (body, _) in sorted(self.server.objects.items()))
        self.answer(200, f"<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode(),
                    Content_Type="application/xml")

    def do_HEAD(self):
        if not self.name() or self.name() in self.server.objects:
            body, headers = self.server.objects.get(self.name(), (b"", {}))
            self.answer(200, body, ETag=f'"{hashlib.md5(body).hexdigest()}"', Last_Modified="Thu, 01 Jan 2026 00:00:00 GMT")
        else:
            self.answer(404)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.name():
            self.server.objects[self.name()] = (body, dict(self.headers))
            self.server.log.append(f"PUT {self.name()}")
        self.answer(200, ETag=f'"{hashlib.md5(body).hexdigest()}"')

    def do_DELETE(self):
        del self.server.objects[self.name()]
        self.server.log.append(f"DELETE {self.name()}")
        self.answer(204)

    def log_message(self, *arguments):
        pass


class Upload(unittest.TestCase):
    def test_only_what_has_changed_is_uploaded_with_its_headers(self):
        harness.needs("rclone")
        folder = self.enterContext(harness.folder())
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Store)
        server.objects, server.log = {}, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RCLONE_")) and "proxy" not in name.lower()}
        env = plain | {"RCLONE_CONFIG": str(folder / "rclone.conf"), "RCLONE_CONFIG_STORE_TYPE": "s3", "RCLONE_CONFIG_STORE_PROVIDER": "Other",
                            "RCLONE_CONFIG_STORE_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "RCLONE_CONFIG_STORE_ACCESS_KEY_ID": "a",
                            "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY": "b", "RCLONE_S3_FORCE_PATH_STYLE": "true"}

        def upload():
            server.log.clear()
            tree = exported(folder, "--flat")
            done = subprocess.run([harness.ROOT / "packaging/export-upload", tree, "store:bucket"], env=env, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            return sorted(server.log)

        hosts = [f"{name}{domain}" for domain in ("example.net", "example.org") for name in ("", "autoconfig.")]
        names = sorted([f"{host}.xml" for host in hosts] + ["ua-auto-config.example.net.json", "ua-auto-config.example.org.json"])
        self.assertEqual(upload(), [f"PUT {name}" for name in names])
        for name, (body, headers) in server.objects.items():
            kind = "application/json" if name.endswith(".json") else "text/xml; charset=utf-8"
            self.assertEqual((headers["Content-Type"], headers["Cache-Control"]), (kind, "public, max-age=3600"), name)
            self.assertEqual(body, (folder / "export-flat" / name).read_bytes())
        self.assertEqual(upload(), [])
        (folder / "config/domains").mkdir()
        (folder / "config/domains/example.net.toml").write_text('[imap]\nserver = "mail.example.net"\n')
        # Of the same length as before.
        self.assertEqual(upload(), ["PUT autoconfig.example.net.xml", "PUT example.net.xml", "PUT ua-auto-config.example.net.json"])
        (folder / "config/domains/example.net.toml").write_text('[redirect]\naddress = "{local}@elsewhere.example"\n')
        self.assertEqual(upload(), ["DELETE autoconfig.example.net.xml", "DELETE example.net.xml", "DELETE ua-auto-config.example.net.json"])

    def test_what_is_no_flat_export_is_refused(self):
        done = subprocess.run([harness.ROOT / "packaging/export-upload", "/nowhere", "store:bucket"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, re.compile("export-upload DIR REMOTE"))


if __name__ == "__main__":
    harness.main("static")

"""Builds the archive for FTP and the Debian package, and uses both as a new user would, each in a private Apache.

As root in CI the Debian package is also installed, enabled, removed and purged on this machine, which is left as it was.
"""

import functools
import os
import pathlib
import platform
import re
import shutil
import subprocess
import tarfile
import tomllib
import unittest
import zipfile

import harness

ROOT = os.geteuid() == 0
CI = os.environ.get("CI") == "true"
VERSION = tomllib.loads((harness.ROOT / "Cargo.toml").read_text())["package"]["version"]
XML = "/autodiscover/autodiscover.xml"
WEBSITE = "the website of example.org\n"
OURS = [pathlib.Path(path) for path in (
    "/usr/bin/autodiscover", "/usr/lib/cgi-bin/autodiscover.cgi", "/etc/autodiscover",
    "/etc/apache2/conf-available/autodiscover.conf", "/etc/apache2/conf-enabled/autodiscover.conf")]
# What is in the archive, below autodiscover-VERSION/.
ARCHIVE = {name: 0o644 for name in """
    CHANGELOG.md INSTALL LICENSE-APACHE LICENSE-MIT NOTICES README.md SECURITY.md htaccess
    cgi-bin/.htaccess cgi-bin/autodiscover.toml
    doc/autodiscover-panel.8.txt doc/autodiscover-probe.1.txt doc/autodiscover.1.txt doc/autodiscover.toml.5.txt doc/bench.md doc/clients.md doc/cluster.md
    doc/export.md doc/front.md doc/image.md doc/index.md doc/page.png doc/panels.md doc/project.toml doc/recipes.md doc/rhel.md doc/systems.md
    examples/autodiscover.conf examples/autodiscover.schema.json examples/export-apache.conf examples/export-nginx.conf
    examples/lighttpd.conf examples/nginx.conf
    examples/completions/_autodiscover examples/completions/autodiscover.bash examples/completions/autodiscover.fish
    share/autodiscover/autodiscover_plugin.inc.php share/autodiscover/nginx-block.conf
""".split()} | {name: 0o755 for name in """
    autodiscover-probe cgi-bin cgi-bin/autodiscover.cgi doc examples examples/autodiscover-sync examples/export-upload examples/completions
    sbin sbin/autodiscover-panel share share/autodiscover
""".split()} | {"": 0o755}


def in_order(entry):
    """As tar sorts: a directory before what is in it."""
    return entry[0].encode().split(b"/")


def output(*command, **options):
    """What a command prints; it must end well."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=harness.ROOT, **options)
    assert done.returncode == 0, f"{command} ends with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


def version():
    return f"autodiscover {VERSION} ({output('git', 'rev-parse', '--short=12', 'HEAD').strip()})\n"


def build(script):
    """What a script of packaging/ makes, in a folder of its own."""
    folder = unittest.enterModuleContext(harness.folder())
    return [pathlib.Path(line) for line in output(harness.ROOT / "packaging" / script, folder).splitlines()]


@functools.cache
def archives():
    """The same for tar, and for Windows."""
    return build("tarball.sh")


def archive():
    return archives()[0]


@functools.cache
def debian_package():
    harness.needs("dpkg-deb", "lintian")
    needs_musl()
    return build("deb.sh")[0]


def needs_musl():
    if subprocess.run([harness.ROOT / "cgi-bin/build.sh", "--musl"], capture_output=True).returncode:
        # A distribution's Rust has none.
        raise unittest.SkipTest("what is handed on is built for musl, and Rust has no such target here")


def setUpModule():
    harness.needs("apache2", "openssl", "tar", "zip", "git")
    needs_musl()


def website(apache):
    """The virtual hosts of a website that has nothing to do with us."""
    apache.write("www/index.html", WEBSITE)
    tls = f"SSLEngine On\nSSLCertificateFile {apache.certificate}\nSSLCertificateKeyFile {apache.key}"
    return "DirectoryIndex index.html\n" + "".join(f"""
<VirtualHost *:{port}>
    ServerName example.org
    ServerAlias *.example.org
    DocumentRoot "{apache.folder}/www"
    {extra}
</VirtualHost>
""" for port, extra in ((apache.https, tls), (apache.http, "")))


class Layout(unittest.TestCase):
    def expect(self, apache, status, text, host, path, **options):
        """The answer has this status, and this text in its head or body."""
        with self.subTest(host=host, path=path, **options):
            answer = apache.request(path, host, **options)
            self.assertEqual(answer.status, status)
            self.assertIn(text, f"{answer.headers}{answer.body.decode('latin-1')}")

    def discovery(self, apache):
        """What every layout answers."""
        expect = functools.partial(self.expect, apache)
        for path in (XML, "/Autodiscover/Autodiscover.xml", XML.upper(), XML + "/"):
            expect(200, "<Server>imap.example.org</Server>", "example.org", path, body=harness.post())
            expect(405, "Allow: POST", "autodiscover.example.org", path)
        for path in ("/AutoDiscover/autodiscover.json?Email=ada%40example.org&Protocol=AutodiscoverV1",
                     "/autodiscover/autodiscover.json/v1.0/ada@example.org?Protocol=Autodiscoverv1"):
            expect(200, '/autodiscover/autodiscover.xml"', "example.org", path)
        for path in ("/mail/config-v1.1.xml", "/Mail/Config-v1.1.xml", "/v1.1/mail/config-v1.1.xml",
                     "/.well-known/autoconfig/mail/config-v1.1.xml"):
            expect(200, "<hostname>imap.example.org</hostname>", "autoconfig.example.org", f"{path}?emailaddress=ada%40example.org")
        expect(200, "application/json", "ua-auto-config.example.org", "/.well-known/user-agent-configuration.json")
        expect(200, "application/x-apple-aspen-config", "autodiscover.example.org",
               "/mail/ada.mobileconfig?emailaddress=ada%40example.org")
        for path in ("/", "/mail/", "/Mail?emailaddress=ada%40example.org"):
            expect(200, "Content-Type: text/html; charset=utf-8", "autodiscover.example.org", path)
            expect(200, "X-Content-Type-Options: nosniff", "AUTOCONFIG.example.org", path)
        for host, path, tls in (("example.org", "/", True), ("www.example.org", "/index.html", True), ("example.org", "/", False)):
            expect(200, WEBSITE, host, path, tls=tls)
        for path in ("/mail/", "/autodiscover/autodiscover.xmlx"):
            expect(404, "", "example.org", path)
        for host, path in (("example.org", XML), ("autodiscover.example.org", "/"),
                           ("autoconfig.example.org", "/mail/config-v1.1.xml?emailaddress=ada%40example.org")):
            expect(302, f"Location: https://{host}{path.partition('?')[0]}", host, path, tls=False)
        expect(403, "", "example.org", XML, tls=False, body=harness.post())
        expect(200, "<Type>IMAP</Type>", "example.org", XML, tls=False, body=harness.post(), headers={"X-Forwarded-Proto": "https"})


class Archive(Layout):
    def test_its_name_and_what_is_in_it(self):
        self.assertEqual(archive().name, f"autodiscover-{VERSION}-{platform.machine()}.tar.gz")
        with tarfile.open(archive()) as tar:
            found = [(member.name, member.mode, member.uid, member.gid) for member in tar]
        top = f"autodiscover-{VERSION}"
        self.assertEqual(found, [(f"{top}/{name}".rstrip("/"), mode, 0, 0) for name, mode in sorted(ARCHIVE.items(), key=in_order)])

    def test_the_same_bytes_come_again(self):
        again = build("tarball.sh")
        self.assertEqual([path.read_bytes() for path in archives()], [path.read_bytes() for path in again])

    def test_the_zip_holds_the_same(self):
        self.assertEqual([path.name.removeprefix(f"autodiscover-{VERSION}-{platform.machine()}") for path in archives()],
                         [".tar.gz", ".zip"])
        with tarfile.open(archive()) as tar:
            packed = {member.name: (member.mode, tar.extractfile(member).read() if member.isfile() else b"") for member in tar}
        with zipfile.ZipFile(archives()[1]) as file:
            # The permissions stand above the bits of DOS.
            found = {info.filename.rstrip("/"): (info.external_attr >> 16 & 0o777, file.read(info)) for info in file.infolist()}
        self.assertEqual(found, packed)

    def test_it_answers_after_what_install_says(self):
        """The folder's content into cgi-bin, htaccess into the document root."""
        with harness.Apache() as apache:
            output("tar", "--extract", "--no-same-owner", "--directory", apache.folder, "--file", archive())
            unpacked = apache.folder / f"autodiscover-{VERSION}"
            self.assertEqual(output(unpacked / "cgi-bin/autodiscover.cgi", "--version"), version())
            hosts = website(apache)
            shutil.copytree(unpacked / "cgi-bin", apache.folder / "www/cgi-bin")
            shutil.copy(unpacked / "htaccess", apache.folder / "www/.htaccess")
            apache.start(f"""{hosts}
<Directory "{apache.folder}/www">
    AllowOverride FileInfo
    Options Indexes ExecCGI SymLinksIfOwnerMatch
    Require all granted
</Directory>
""")
            self.discovery(apache)
            for path in ("/cgi-bin/autodiscover.toml", "/cgi-bin/.htaccess", "/.htaccess", "/cgi-bin/"):
                self.expect(apache, 403, "", "example.org", path)


class Debian(Layout):
    def start(self, apache, conf, **options):
        """An Apache whose configuration knows of us only what the package brought."""
        hosts = website(apache)
        apache.start(f"""
Include "{conf}"
<Directory "{apache.folder}/www">
    Require all granted
</Directory>
{hosts}""", modules=["actions"], **options)

    def answers(self, conf):
        for mpm in ("event", "prefork"):
            with harness.Apache() as apache:
                self.start(apache, conf, mpm=mpm)
                self.discovery(apache)
                # A website's own path of the same name comes before ours.
                self.expect(apache, 404, "", "example.org", "/etc/autodiscover/autodiscover.toml")

    def unpacked(self):
        """Beside the system, with the paths in its configuration led there."""
        folder = self.enterContext(harness.folder())
        output("dpkg-deb", "--extract", debian_package(), folder / "system")
        (folder / "system").chmod(0o755)
        conf = (folder / "system/etc/apache2/conf-available/autodiscover.conf").read_text()
        (folder / "autodiscover.conf").write_text(conf.replace("/usr/lib/cgi-bin", f"{folder}/system/usr/lib/cgi-bin"))
        return folder

    def test_lintian_has_no_complaint(self):
        output("lintian", "--fail-on", "error,warning", *(["--allow-root"] if ROOT else []), debian_package())

    def test_its_version_is_that_of_the_program_and_of_both_changelogs(self):
        self.assertEqual(output("dpkg-deb", "--field", debian_package(), "Version").strip(), f"{VERSION}-1")
        first = (harness.ROOT / "packaging/debian/changelog").read_text().splitlines()[0]
        self.assertIn(f"autodiscover ({VERSION}-1) ", first)
        self.assertRegex((harness.ROOT / "CHANGELOG.md").read_text(), rf"(?m)^## {re.escape(VERSION)} - \d{{4}}-\d\d-\d\d$")

    def test_the_same_bytes_come_again(self):
        self.assertEqual(debian_package().read_bytes(), build("deb.sh")[0].read_bytes())

    def test_it_answers_when_it_is_unpacked(self):
        folder = self.unpacked()
        self.assertEqual(output(folder / "system/usr/bin/autodiscover", "--version"), version())
        self.answers(folder / "autodiscover.conf")

    def test_without_a_module_for_cgi_there_is_nothing(self):
        """Above all not the program as a file."""
        with harness.Apache() as apache:
            self.start(apache, self.unpacked() / "autodiscover.conf", cgi=False)
            self.expect(apache, 404, "", "example.org", XML)
            self.expect(apache, 200, WEBSITE, "autodiscover.example.org", "/")

    def test_it_installs_answers_and_goes_without_a_trace(self):
        if not (ROOT and CI):
            self.skipTest("the installation is for root in CI (CI=true)")
        harness.needs("man")
        package = debian_package()
        self.assertEqual([path for path in OURS if os.path.lexists(path)], [], "there already, and not to be touched")
        self.addCleanup(subprocess.run, ["dpkg", "--purge", "autodiscover"], capture_output=True)
        output("dpkg", "--install", package)
        self.assertTrue(pathlib.Path("/etc/autodiscover/domains").is_dir())
        self.assertEqual(output("autodiscover", "--version"), version())
        output("autodiscover", "show", "ada@example.org", "--as", "outlook")
        output("man", "--warnings=w", "--local-file", "/usr/share/man/man1/autodiscover.1.gz")
        # What is enabled for this test is purged after it; what was enabled stays.
        if not os.path.lexists("/etc/apache2/mods-enabled/actions.load"):
            output("a2enmod", "--quiet", "actions")
            self.addCleanup(output, "a2dismod", "--quiet", "--force", "--purge", "actions")
        output("a2enconf", "--quiet", "autodiscover")
        self.answers("/etc/apache2/conf-enabled/autodiscover.conf")
        files = [pathlib.Path(line) for line in output("dpkg", "--listfiles", "autodiscover").splitlines()]
        output("dpkg", "--remove", "autodiscover")
        self.assertFalse(os.path.lexists("/etc/apache2/conf-enabled/autodiscover.conf"))
        self.assertTrue(os.path.exists("/etc/autodiscover/autodiscover.toml"), "the configuration stays")
        output("dpkg", "--purge", "autodiscover")
        # Folders belong to other packages too.
        files = [path for path in files if path.is_symlink() or not path.is_dir() or "autodiscover" in str(path)]
        self.assertEqual([path for path in files + OURS if os.path.lexists(path)], [])
        for folder in ("/var/lib/apache2/conf", "/var/lib/dpkg/info"):
            self.assertEqual(list(pathlib.Path(folder).rglob("autodiscover*")), [])


if __name__ == "__main__":
    harness.main("package")

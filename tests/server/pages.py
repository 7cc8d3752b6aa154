"""What the pages for administrators, INSTALL and the comments of configurations name is in the archive and in the packages."""

import os
import re
import subprocess
import unittest

import harness
import package

# Lines that look like a name and are none: the expressions of .htaccess, and what an editor leaves.
WORD = re.compile(r"(?<![\w/.\\*-])[\w.-]+\.(?:md|conf|toml|sh|cgi|json|txt|[1-8]|Debian)\b(?![\w/]|\\?\.\w)")
# A path of what a package lays in the system.
SYSTEM = re.compile(r"/usr/(?:local/)?(?:share/doc/autodiscover|lib/cgi-bin|share/man|libexec/autodiscover)/[\w./-]*\w")
REPOSITORY = ("packaging/", "apache/", "cgi-bin/")


def names_of_the_repository():
    """The names of the files that administrators use."""
    found = {path.name for folder in REPOSITORY for path in (harness.ROOT / folder).rglob("*") if path.is_file()}
    return found | {path.name for path in harness.ROOT.glob("*.md")}


def slug(heading):
    """What GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def texts(tree):
    """The pages, and what has comments."""
    for path in sorted(tree.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix in (".md", ".conf", ".toml", ".txt", "") and b"\0" not in path.read_bytes()[:4096]:
            if "DEBIAN" not in path.parts and "NOTICES" != path.name:
                yield path, path.read_text()


def dead(tree, systems):
    """What the texts of a tree name and nothing has; `systems` are the trees of what is installed as a package."""
    there = {path.name for path in tree.rglob("*")}
    known = names_of_the_repository()
    for page, text in texts(tree):
        where = page.relative_to(tree)
        if page.suffix == ".md":
            prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
            headings = {slug(line.lstrip("#")) for line in prose.splitlines() if line.startswith("#")}
            for target in re.findall(r"\]\(([^)]*)\)", prose):
                path, _, anchor = target.partition("#")
                if ":" in path:
                    continue
                if path and not (page.parent / path).exists():
                    yield f"{where} leads to {target}"
                there_too = headings if not path else {slug(line.lstrip("#")) for line in (page.parent / path).read_text().splitlines()
                                                      if line.startswith("#")} if anchor else ()
                if anchor and anchor not in there_too:
                    yield f"{where} leads to the missing heading {target}"
            for name in re.findall(r"`((?:packaging|apache)/[^` ]*[^` /])`", prose):
                yield f"{where} names {name}, which is the repository's name of it"
        for path in SYSTEM.findall(text):
            if not any((system / path.lstrip("/")).exists() or list(system.glob(path.lstrip("/") + "*")) for system in systems):
                yield f"{where} names {path}"
        for word in WORD.findall(text):
            if word in known and not there & {word, f"{word}.gz", f"{word}.txt"}:
                yield f"{where} names {word}"


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        harness.needs("tar", "zip", "git", "dpkg-deb", "rpmbuild", "rpm2archive")
        if subprocess.run([harness.ROOT / "cgi-bin/build.sh", "--musl"], capture_output=True).returncode:
            raise unittest.SkipTest("what is handed on is built for musl, and Rust has no such target here")
        cls.folder = cls.enterClassContext(harness.folder())
        (cls.folder / "archive").mkdir()
        package.output("tar", "--extract", "--no-same-owner", "--directory", cls.folder / "archive", "--file", package.archive())
        cls.archive, = (cls.folder / "archive").iterdir()
        cls.debian = cls.folder / "debian"
        package.output("dpkg-deb", "--raw-extract", package.debian_package(), cls.debian)
        cls.redhat = cls.folder / "redhat"
        cls.redhat.mkdir()
        rpm, = package.build("rpm.sh")
        # It writes a file beside the package.
        package.output("rpm2archive", rpm)
        package.output("tar", "--extract", "--no-same-owner", "--directory", cls.redhat, "--file", f"{rpm}.tgz")
        package.output(harness.ROOT / "cgi-bin/build.sh", "--install", cls.folder / "source")
        cls.source = cls.folder / "source"

    def test_every_link_and_name_is_there(self):
        for name, tree in (("archive", self.archive), ("Debian", self.debian), ("RHEL", self.redhat), ("source", self.source)):
            with self.subTest(name):
                self.assertEqual(list(dead(tree, [self.debian, self.redhat, self.source])), [])

    def test_a_dead_link_and_a_missing_name_are_seen(self):
        """Each kind of them, in a copy of the archive's pages."""
        tree = self.enterContext(harness.folder())
        for line in ("[gone](gone.md)", "[gone](#gone)", "`packaging/nginx.conf`", "see nginx.conf", "/usr/share/doc/autodiscover/gone.md"):
            (tree / "page.md").write_text(line + "\n")
            with self.subTest(line):
                self.assertEqual(len(list(dead(tree, [self.debian]))), 1)

    def test_the_readme_of_a_package_leaves_out_what_only_the_source_has(self):
        for page in (self.archive / "README.md", self.debian / "usr/share/doc/autodiscover/README.md"):
            text = page.read_text()
            self.assertIn("## Configure\n", text)
            for word in ("tests/run.sh", "apache/serve.sh", "build.sh", "src/"):
                self.assertNotIn(word, text)

    def test_every_page_is_listed_once(self):
        listed = re.findall(r"\]\(([^)]*)\)", (harness.ROOT / "packaging/README.md").read_text())
        self.assertEqual(len(listed), len(set(listed)))
        pages = {path.name for path in (harness.ROOT / "packaging").glob("*.md")} - {"README.md"}
        self.assertEqual(pages - set(listed), set())
        for page in pages:
            self.assertIn(f"]({page})", "".join(f"]({name})" for name in listed))

    def test_manual_pages_of_the_archive_are_plain_text(self):
        for name in ("autodiscover.1", "autodiscover-probe.1", "autodiscover-panel.8", "autodiscover.toml.5"):
            text = (self.archive / f"doc/{name}.txt").read_text()
            self.assertIn("\nNAME\n", text)
            self.assertNotRegex(text, r"[\x00-\x08\x0b-\x1f]")
        self.assertIn("domains/NAME.toml", text)

    def test_what_is_installed_from_source(self):
        found = {str(path.relative_to(self.source)) for path in self.source.rglob("*") if not path.is_dir()}
        for name in ("usr/local/bin/autodiscover", "usr/local/bin/autodiscover-probe", "usr/local/lib/autodiscover/autodiscover.cgi",
                     "usr/local/share/man/man1/autodiscover.1.gz", "usr/local/share/man/man5/autodiscover.toml.5.gz",
                     "usr/local/share/bash-completion/completions/autodiscover", "usr/local/share/zsh/site-functions/_autodiscover",
                     "usr/local/share/doc/autodiscover/examples/autodiscover-sync", "etc/autodiscover/autodiscover.toml"):
            self.assertIn(name, found)
        self.assertEqual(package.output(self.source / "usr/local/bin/autodiscover", "--version"), package.version())
        self.assertIn("usage", package.output(self.source / "usr/local/bin/autodiscover-probe", "--help"))
        self.assertTrue((self.source / "etc/autodiscover/domains").is_dir())

    def test_an_installation_from_source_keeps_the_configuration(self):
        file = self.source / "etc/autodiscover/autodiscover.toml"
        file.write_text("domains = []\n")
        package.output(harness.ROOT / "cgi-bin/build.sh", "--install", self.source)
        self.assertEqual(file.read_text(), "domains = []\n")

    def test_an_unknown_architecture_is_a_sentence(self):
        for script in ("cgi-bin/build.sh", "packaging/deb.sh", "packaging/tarball.sh"):
            done = subprocess.run([harness.ROOT / script], env=os.environ | {"ARCHITECTURE": "sparc"}, capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (2, "build.sh: ARCHITECTURE 'sparc' is unknown; use x86_64 or aarch64\n"), script)


if __name__ == "__main__":
    harness.main("pages")

"""Runs every block of packaging/recipes.md as it is written, beside the programs that it names, and asks what becomes of it.

Postfix's and OpenLDAP's tools and Dovecot are real; SQLite answers instead of MariaDB, from tables as the panels have them.
"""

import concurrent.futures
import os
import pathlib
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import textwrap
import time
import unittest

import harness

PAGE = (harness.ROOT / "packaging/recipes.md").read_text()
SYNC = harness.ROOT / "packaging/autodiscover-sync"
COMMON = '[imap]\nserver = "imap.{domain}"\n[smtp]\nserver = "smtp.{domain}"\n'
# What of the panels' tables the queries read, as their installers make them.
TABLES = {
    "postfixadmin": """
        CREATE TABLE domain (domain TEXT, active INT, backupmx INT);
        INSERT INTO domain VALUES ('ALL', 1, 0), ('example.org', 1, 0), ('example.net', 1, 0), ('off.example', 0, 0), ('backup.example', 1, 1);
    """,
    "froxlor": """
        CREATE TABLE panel_domains (domain TEXT, isemaildomain INT, deactivated INT);
        INSERT INTO panel_domains VALUES ('example.org', 1, 0), ('example.net', 1, 0), ('website.example', 0, 0), ('off.example', 1, 1);
        CREATE TABLE mail_users (email TEXT, username TEXT);
        INSERT INTO mail_users VALUES ('ada@example.org', 'web1p1'), ('Grace@example.net', 'web2p1');
    """,
    "dbispconfig": """
        CREATE TABLE mail_domain (domain TEXT, active TEXT, server_id INT);
        INSERT INTO mail_domain VALUES ('example.org', 'y', 1), ('example.net', 'y', 1), ('off.example', 'n', 1);
        CREATE TABLE mail_user (email TEXT, login TEXT, postfix TEXT);
        INSERT INTO mail_user VALUES ('ada@example.org', 'web1p1', 'y'), ('grace@example.net', 'web2p1', 'y'), ('x@off.example', 'x', 'n');
    """,
}
MARIADB = """#!/usr/bin/env python3
import pathlib, sqlite3, sys
assert sys.argv[1:3] == ["--batch", "--skip-column-names"] and sys.argv[4] == "--execute", sys.argv
database = pathlib.Path(__file__).with_name(sys.argv[3])
assert database.exists(), database
for row in sqlite3.connect(database).execute(sys.argv[5]):
    print(*row, sep="\\t")
"""


def lay_mariadb(folder):
    """A command mariadb, with the panels' tables."""
    (folder / "mariadb").write_text(MARIADB)
    (folder / "mariadb").chmod(0o755)
    for name, tables in TABLES.items():
        with sqlite3.connect(folder / name) as database:
            database.executescript(textwrap.dedent(tables))


def sections():
    """The blocks of shell by the headings above them."""
    found, heading, language, block = {}, None, None, []
    for line in PAGE.splitlines(keepends=True):
        if language is None and line.startswith("```"):
            language, block = line[3:].strip(), []
        elif line == "```\n":
            if language == "sh":
                found.setdefault(heading, []).append("".join(block))
            language = None
        elif language is not None:
            block.append(line)
        elif line.startswith("#"):
            heading = line.lstrip("#").strip()
    return found


class Recipe(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(harness.folder())
        self.domains = self.folder / "autodiscover/domains"
        self.domains.mkdir(parents=True)
        (self.folder / "autodiscover/autodiscover.toml").write_text(COMMON)
        self.bin = self.folder / "bin"
        self.command("autodiscover-sync", f'#!/bin/sh\nexec {SYNC} "{self.domains}"\n')
        (self.bin / "autodiscover").symlink_to(harness.program())
        self.env = os.environ | {"PATH": f"{self.bin}:{os.environ['PATH']}"}

    def command(self, name, text):
        self.bin.mkdir(exist_ok=True)
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def run_block(self, block, **paths):
        """A block, with the paths of the page led into the folder of the test."""
        for old, new in paths.items():
            self.assertIn(old, block)
            block = block.replace(old, str(new))
        return subprocess.run(["sh", "-c", block], cwd=self.folder, env=self.env, capture_output=True, text=True)

    def recipe(self, heading, number=0, **paths):
        done = self.run_block(sections()[heading][number], **paths)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)

    def served(self):
        return {path.stem for path in self.domains.glob("*.toml")}

    def user_name(self, address):
        """As the program tells it."""
        done = subprocess.run([harness.program(), "show", address, "--as", "outlook", "--config", self.folder / "autodiscover/autodiscover.toml"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return re.search("<LoginName>(.*)</LoginName>", done.stdout)[1]

    def two_domains(self):
        self.assertEqual(self.served(), {"example.org", "example.net"})
        self.assertEqual(self.user_name("ada@example.org"), "ada@example.org")

    def two_login_names(self):
        self.assertEqual(self.served(), {"example.org", "example.net"})
        self.assertEqual(self.user_name("ada@example.org"), "web1p1")
        self.assertEqual(self.user_name("grace@example.net"), "web2p1")
        self.assertEqual(self.user_name("linus@example.org"), "linus@example.org")

    def panels(self):
        self.bin.mkdir(exist_ok=True)
        lay_mariadb(self.bin)


class Page(unittest.TestCase):
    def test_every_block_is_run(self):
        """Here, or in tests/server/profiles.py."""
        here = pathlib.Path(__file__).read_text()
        for heading, blocks in sections().items():
            if heading != "Signing a profile":
                numbers = set(re.findall(rf'(?:recipe\("{re.escape(heading)}"(?:, (\d))?|sections\(\)\["{re.escape(heading)}"\]\[(\d)\])', here))
                self.assertEqual({int(a or b or 0) for a, b in numbers}, set(range(len(blocks))), heading)


class Domains(Recipe):
    def postfix(self, name, text):
        """A table of Postfix, in a place of its own."""
        harness.needs("postmap")
        table = self.folder / name
        table.write_text(text)
        subprocess.run(["postmap", f"hash:{table}"], check=True)
        return table

    def test_postfix_table(self):
        table = self.postfix("virtual_domains", "example.org OK\nExample.NET OK\n")
        self.recipe("Postfix", 0, **{"/etc/postfix/virtual_domains": table})
        self.two_domains()

    def test_the_script_for_cron(self):
        table = self.postfix("virtual_domains", "example.org OK\nexample.net OK\n")
        script = sections()["Recipes"][1]
        done = self.run_block(script, **{"/etc/postfix/virtual_domains": table})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.two_domains()
        # Without its source nothing changes.
        done = self.run_block(script, **{"/etc/postfix/virtual_domains": self.folder / "absent"})
        self.assertNotEqual(done.returncode, 0)
        self.two_domains()

    def test_the_installation(self):
        self.command("install", '#!/bin/sh\necho "$@"\n')
        done = self.run_block(sections()["Recipes"][0])
        source, target = done.stdout.split()
        line = f"755 {source[1:]} packaging/autodiscover-sync".replace("usr/share/doc/autodiscover/examples", "$examples")
        self.assertIn(line, (harness.ROOT / "packaging/package.sh").read_text().splitlines())
        self.assertEqual(pathlib.Path(target).name, "autodiscover-sync")

    def test_postfix_sql(self):
        self.panels()
        self.recipe("Postfix", 1)
        self.two_domains()

    def test_froxlor(self):
        self.panels()
        self.recipe("Froxlor")
        self.two_domains()

    def test_ispconfig(self):
        self.panels()
        self.recipe("ISPConfig")
        self.two_domains()

    def test_hestia(self):
        folder = self.folder / "exim4/domains"
        folder.mkdir(parents=True)
        # Symbolic links to the folders of users.
        for name in ("example.org", "example.net"):
            (folder / name).symlink_to(f"/home/ada/conf/mail/{name}")
        self.recipe("HestiaCP", **{"/etc/exim4/domains": folder})
        self.two_domains()

    def test_docker_mailserver(self):
        accounts = self.folder / "docker-data/dms/config/postfix-accounts.cf"
        accounts.parent.mkdir(parents=True)
        accounts.write_text("# x@comment.example|no\nada@example.org|{SHA512-CRYPT}$6$ab@c|d\n\ngrace@example.net|{SHA512-CRYPT}$6$\nlinus@example.org|{PLAIN}x\n")
        self.recipe("docker-mailserver, with lighttpd beside it")
        self.two_domains()

    def test_dovecot(self):
        harness.needs("dovecot", "doveadm")
        if os.geteuid():
            self.skipTest("a Dovecot of one's own takes root")
        (self.folder / "users").write_text("ada@example.org:{PLAIN}x:::::\ngrace@example.net:{PLAIN}x:::::\nroot:{PLAIN}x:::::\n")
        config = self.folder / "dovecot.conf"
        users = self.folder / "users"
        done = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, check=True)
        if [int(number) for number in done.stdout.split()[0].split(".")[:2]] >= [2, 4]:
            first = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0"
            databases = f"""
passdb passwd-file {{
  passwd_file_path = {users}
}}
userdb passwd-file {{
  passwd_file_path = {users}
  fields {{
    uid:default = nobody
    gid:default = nogroup
    home:default = /nonexistent
  }}
}}
"""
        else:
            first = ""
            databases = f"""
passdb {{
  driver = passwd-file
  args = {users}
}}
userdb {{
  driver = passwd-file
  args = {users}
  default_fields = uid=nobody gid=nogroup home=/nonexistent
}}
"""
        config.write_text(f"""{first}
base_dir = {self.folder}/run
log_path = {self.folder}/dovecot.log
protocols =
ssl = no
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
{databases}""")
        dovecot = subprocess.Popen(["dovecot", "-F", "-c", config])
        self.addCleanup(dovecot.wait)
        self.addCleanup(dovecot.terminate)
        deadline = time.monotonic() + 15
        while not (self.folder / "run/auth-userdb").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.command("doveadm", f'#!/bin/sh\nexec {shutil.which("doveadm")} -c "{config}" "$@"\n')
        self.recipe("Dovecot, where users are addresses")
        self.two_domains()


class Logins(Recipe):
    postfix = Domains.postfix

    def test_postfix_table(self):
        table = self.postfix("virtual", "ada@example.org web1p1\ngrace@example.net web2p1\n@example.org web1\n"
                             "info@example.org ada@example.org\nall@example.org web1p1, web1p2\n")
        self.recipe("Postfix's table of addresses, where its right side is a user of Dovecot", **{"/etc/postfix/virtual": table})
        self.two_login_names()

    def test_froxlor(self):
        self.panels()
        self.recipe("SQL", 0)
        self.two_login_names()

    def test_ispconfig(self):
        self.panels()
        self.recipe("SQL", 1)
        self.two_login_names()

    def test_ldap(self):
        harness.needs("slapd", "ldapsearch", "slapadd")
        database, socket = self.folder / "ldap", harness.free_port()
        database.mkdir()
        (self.folder / "slapd.conf").write_text(f"""
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "dc=example,dc=org"
directory {database}
""")
        people = "".join(f"dn: uid={uid},ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\ncn: {uid}\nsn: {uid}\nuid: {uid}\n{mail}\n"
                         for uid, mail in (("web1p1", "mail: ada@example.org\nmail: a.lovelace.with-a-very-long-name-that-would-be-wrapped@example.org\n"),
                                           ("web2p1", "mail: grace@example.net\n"), ("nobody", "")))
        (self.folder / "people.ldif").write_text(
            "dn: dc=example,dc=org\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example\n\n"
            f"dn: ou=people,dc=example,dc=org\nobjectClass: organizationalUnit\nou: people\n\n{people}")
        subprocess.run(["slapadd", "-f", self.folder / "slapd.conf", "-l", self.folder / "people.ldif"], check=True, capture_output=True)
        url = f"ldap://127.0.0.1:{socket}"
        slapd = subprocess.Popen(["slapd", "-f", self.folder / "slapd.conf", "-h", url, "-d", "0"])
        self.addCleanup(slapd.wait)
        self.addCleanup(slapd.terminate)
        deadline = time.monotonic() + 15
        while subprocess.run(["ldapsearch", "-x", "-H", url, "-b", "", "-s", "base"], capture_output=True).returncode and time.monotonic() < deadline:
            time.sleep(0.05)
        self.recipe("LDAP", **{"ldap://localhost": url})
        self.two_login_names()
        self.assertEqual(self.user_name("a.lovelace.with-a-very-long-name-that-would-be-wrapped@example.org"), "web1p1")


class Sync(Recipe):
    """What autodiscover-sync promises."""

    def sync(self, text, *options):
        data = text if isinstance(text, bytes) else text.encode()
        done = subprocess.run([SYNC, *options, self.domains], input=data, env=self.env, capture_output=True)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        return done

    def write(self, name, text):
        (self.domains / name).write_text(text)

    def files(self):
        """What every file holds; of what is no file, that it is there."""
        return {path.name: path.read_bytes() if path.is_file() else None for path in self.domains.iterdir()}

    def test_what_goes_is_removed_and_what_is_written_by_hand_stays(self):
        self.write("hand.example.toml", "# by hand\n")
        self.write("example.com.toml", '[imap]\nserver = "mail.example.com"\n')
        self.assertEqual(self.sync("example.org\nada@example.net u1\nexample.com\n").stdout, "3 domains: 3 files written, 0 domains removed\n")
        self.assertEqual(self.served(), {"example.org", "example.net", "example.com", "hand.example"})
        self.assertEqual(self.sync("example.org\n").stdout, "1 domains: 0 files written, 1 domains removed\n")
        self.assertEqual(set(self.files()), {"example.org.toml", "hand.example.toml", "example.com.toml"})

    def test_a_list_written_by_hand_stays(self):
        """Whatever becomes of its domain, and whether login names come for it."""
        by_hand = "ada by-hand\n"
        self.write("firma.test.logins", by_hand)
        for text in ("firma.test\nexample.org\n", "ada@firma.test u1\nexample.org\n", "firma.test\nexample.org\n", "example.org\n"):
            with self.subTest(text):
                done = self.sync(text)
                self.assertEqual(done.returncode, 0)
                self.assertEqual((self.domains / "firma.test.logins").read_text(), by_hand)
                self.assertEqual("firma.test.logins stays" in done.stderr, "@" in text)
        # And that of a domain whose file is written by hand.
        self.write("hand.example.toml", 'logins = "hand.example.logins"\n')
        self.write("hand.example.logins", by_hand)
        before = self.files()
        for text in ("ada@hand.example u1\nexample.org\n", "hand.example\nexample.org\n", "example.org\n"):
            self.sync(text)
            self.assertEqual(self.files(), before)

    def test_a_list_of_version_1_1_0_is_updated(self):
        """It has no mark, but the file that names it has."""
        mark = "# Written by autodiscover-sync, which removes it when the domain goes.\n"
        for name in ("example.org", "example.net", "example.com"):
            self.write(f"{name}.toml", f'{mark}logins = "{name}.logins"\n')
            self.write(f"{name}.logins", "ada old\n")
        self.sync("ada@example.org new\nexample.net\n")
        self.assertEqual({name: text.decode() for name, text in self.files().items()},
                         {"example.org.toml": f'{mark}logins = "example.org.logins"\n', "example.org.logins": f"{mark}ada new\n",
                          "example.net.toml": mark})

    def test_more_than_half_goes_only_by_force(self):
        self.sync("".join(f"number-{number}.example\n" for number in range(4)))
        before = self.files()
        done = self.sync("number-0.example\n")
        self.assertEqual((done.returncode, done.stdout, self.files()), (1, "", before))
        self.assertIn("3 of 4 domains would be removed", done.stderr)
        self.assertEqual(self.sync("number-0.example\nnumber-1.example\n").returncode, 0)
        self.assertEqual(self.sync("example.org\n", "--force").returncode, 0)
        self.assertEqual(self.served(), {"example.org"})

    def test_several_at_once_wait_for_each_other(self):
        texts = ["".join(f"ada@number-{number}.example u{most}\n" for number in range(most)) for most in (40, 50, 60)]
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for done in pool.map(self.sync, texts * 4):
                self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(len(self.served()), (40, 50, 60))
        self.assertEqual(len(self.files()), 2 * len(self.served()))

    def test_nothing_is_followed_or_waited_for(self):
        """Symlinks and a FIFO in the place of its files, as another user who may write there could lay them."""
        target = self.folder / "target"
        target.write_text("another's\n")
        for name in ("link.example.toml", "link.example.logins", ".example.org.toml.new", ".example.net.logins.new"):
            (self.domains / name).symlink_to(target)
        (self.domains / "dangling.example.toml").symlink_to("nowhere")
        os.mkfifo(self.domains / "pipe.example.toml")
        (self.domains / "bytes.example.toml").write_bytes(b"\xff\xfe")
        done = self.sync("example.org\nada@example.net u1\nlink.example\ndangling.example\npipe.example\nbytes.example\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(target.read_text(), "another's\n")
        self.assertEqual(set(self.files()), {
            "link.example.toml", "link.example.logins", "dangling.example.toml", "pipe.example.toml", "bytes.example.toml",
            "example.org.toml", "example.net.toml", "example.net.logins"})
        self.assertTrue((self.domains / "dangling.example.toml").is_symlink())

    def test_what_the_program_refuses_is_refused(self):
        """With the line of standard input, in the program's words."""
        self.sync("example.org\n")
        for line, reason in (('ada@a.example "x', "quote"), ("ada@a.example x\x01y", "control character"), ("ada@a.example x\x1cy", "control character"),
                             ("b@b@a.example x", "address"), ("ada@a.example " + "x" * 5000, "longer than 4096 bytes")):
            with self.subTest(line[:30]):
                done = self.sync(f"example.org\nbob@a.example b1\n{line}\nzoe@a.example z1\n")
                self.assertEqual((done.returncode, self.served()), (1, {"example.org"}), done)
                self.assertRegex(done.stderr, f"line 3: .*{reason}")
                self.assertTrue(done.stderr.isascii() and done.stderr.replace("\n", "").isprintable())

    def test_a_full_disk_leaves_no_temporary_file(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        self.sync("example.org\n")
        before = self.files()
        text = "".join(f"user-{number}@example.net u1\n" for number in range(200))
        done = subprocess.run([SYNC, self.domains], input=text, env=self.env, capture_output=True, text=True, preexec_fn=limit)
        self.assertEqual((done.returncode, self.files()), (1, before))
        self.assertRegex(done.stderr, "^[^\n]+\n$")

    def test_what_has_not_changed_is_not_touched(self):
        self.sync("ada@example.org u1\n")
        before = {path: path.stat().st_ino for path in self.domains.iterdir()}
        self.sync("example.org\nADA@example.org u1\n")
        self.assertEqual({path: path.stat().st_ino for path in self.domains.iterdir()}, before)

    def test_a_source_out_of_order_changes_nothing(self):
        self.sync("example.org\n")
        for text in ("", "\n", "example.net\n../etc/passwd\n", "example.net\nERROR 1045 (28000)\n", "ada@example.net\n", "example\n", "ü.example\n",
                     "ada@example.net a#b\n", "a b@example.net c\n", "ada@example.net u1\nada@example.net u2\n", "-a.example\n", "a..example\n",
                     f"{'a.' * 120}org\n", "ada@example.net \x1b[31m x\n", "ada@example.net a\0b\n", "#ada@example.net a\n", "xn--a.example\n",
                     b"example.net\nada@example.net \xff\n", "example.net\n".encode("utf-16")):
            with self.subTest(text=text):
                done = self.sync(text)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertTrue(done.stderr.isascii() and "\x1b" not in done.stderr)
                self.assertEqual(self.served(), {"example.org"})

    def test_what_it_writes_is_a_sound_configuration(self):
        self.sync("example.org\nada@example.net u1\nxn--tda.example\n")
        done = subprocess.run([harness.program(), "check", "--config", self.folder / "autodiscover/autodiscover.toml"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_many_domains(self):
        text = "".join(f"number-{number}.example\n" for number in range(10_000))
        self.assertEqual(self.sync(text).stdout, "10000 domains: 10000 files written, 0 domains removed\n")


if __name__ == "__main__":
    harness.main("recipes")

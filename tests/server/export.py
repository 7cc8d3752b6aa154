"""What `autodiscover export` writes is what a web server gets from the program, and stays that when the configuration changes."""

import fcntl
import os
import pathlib
import resource
import subprocess
import tempfile
import unittest

import harness

CONFIG = """domains = ["example.org", "xn--tda.example", "*.example.com"]
[imap]
server = "imap.{domain}"
[smtp]
server = "smtp.{domain}"
[provider]
name = "Example & Mail"
"""
AUTOCONFIG = (("autoconfig.", "/mail/config-v1.1.xml"), ("", "/.well-known/autoconfig/mail/config-v1.1.xml"))
PACC = ("ua-auto-config.", "/.well-known/user-agent-configuration.json")


class Export(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(harness.folder())
        self.config = self.folder / "config/autodiscover.toml"
        self.tree = self.folder / "www/tree"
        (self.folder / "config/domains").mkdir(parents=True)
        self.config.write_text(CONFIG)
        self.domain("example.net", "")

    def domain(self, name, text):
        (self.folder / f"config/domains/{name}.toml").write_text(text)

    def export(self, *options, status=0):
        done = subprocess.run([harness.program(), "export", self.tree, *options], env={"AUTODISCOVER_CONFIG": str(self.config)},
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout + done.stderr

    def files(self):
        """What is in the tree, without the list of domains."""
        return {str(path.relative_to(self.tree)): path.read_bytes() for path in self.tree.rglob("*")
                if path.is_file() and path.name != ".autodiscover-export"}

    def sent(self, host, path):
        """The answer of the program to a GET."""
        return harness.cgi(AUTODISCOVER_CONFIG=str(self.config), REQUEST_METHOD="GET", REQUEST_URI=path, HTTP_HOST=host, SERVER_NAME=host)

    def wanted(self, *domains, pacc=True):
        return {f"{name}{domain}{path}" for domain in domains for name, path in (*AUTOCONFIG, *([PACC] if pacc else []))}

    def test_every_file_is_what_the_program_answers_at_that_host_and_path(self):
        said = self.export()
        self.assertEqual(said, "3 domains, 9 files: 9 written, 0 removed\n")
        files = self.files()
        self.assertEqual(set(files), self.wanted("example.org", "example.net", "xn--tda.example"))
        for name, content in files.items():
            host, _, path = name.partition("/")
            with self.subTest(host=host, path=path):
                answer = self.sent(host, f"/{path}")
                self.assertEqual((answer.status, answer.body), (200, content))
                self.assertEqual(answer.headers["Cache-Control"], "public, max-age=3600")
                # As --help says.
                kind = "text/xml" if name.endswith(".xml") else "application/json"
                self.assertTrue(answer.headers["Content-Type"].startswith(kind))

    def test_nine_and_gnome_ask_other_paths_for_the_same(self):
        for path in ("/v1.1/mail/config-v1.1.xml", "/.well-known/mail-v1.xml"):
            self.assertEqual(self.sent("autoconfig.example.org", path).body, self.sent("autoconfig.example.org", "/mail/config-v1.1.xml").body)

    def test_what_has_not_changed_is_not_touched(self):
        self.export()
        before = {path: path.stat().st_mtime_ns for path in self.tree.rglob("*")}
        self.assertEqual(self.export(), "3 domains, 9 files: 0 written, 0 removed\n")
        self.assertEqual({path: path.stat().st_mtime_ns for path in self.tree.rglob("*")}, before)

    def test_a_change_replaces_the_file_whole(self):
        self.export()
        path = self.tree / "autoconfig.example.net/mail/config-v1.1.xml"
        before = path.open("rb")
        self.addCleanup(before.close)
        self.domain("example.net", '[imap]\nserver = "mail.example.net"\n')
        self.export()
        self.assertIn(b"<hostname>mail.example.net</hostname>", path.read_bytes())
        # Whoever had opened it reads the old one to its end.
        self.assertIn(b"<hostname>imap.example.net</hostname>", before.read())

    def test_what_is_no_longer_answered_goes_and_nothing_else(self):
        self.export()
        others = [self.tree / "example.net/index.html", self.tree / "autoconfig.other.example/mail/config-v1.1.xml"]
        for path in others:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("of somebody else")
        (self.folder / "config/domains/example.net.toml").unlink()
        self.domain("example.org", '[imap]\nencryption = "starttls"\n')
        self.assertIn(", 4 removed\n", self.export())
        self.assertEqual(set(self.files()), {str(path.relative_to(self.tree)) for path in others}
                         | self.wanted("xn--tda.example") | self.wanted("example.org", pacc=False))
        self.assertEqual([path for path in self.tree.rglob("*") if path.is_dir() and not any(path.iterdir())], [])

    def test_what_differs_from_user_to_user_is_left_out(self):
        self.domain("example.net", 'logins = "example.net.logins"\n')
        (self.folder / "config/domains/example.net.logins").write_text("ada u1\n")
        self.assertIn("warning: example.net: not exported, since it has a list of login names\n", self.export())
        self.assertEqual(set(self.files()), self.wanted("example.org", "xn--tda.example"))

    def test_of_lists_for_all_domains_each_keeps_its_own_domain_out(self):
        self.config.write_text('logins = "{domain}.logins"\n' + CONFIG)
        self.domain("example.net", "")
        (self.folder / "config/domains/example.net.logins").write_text("ada u1\n")
        self.assertIn("warning: example.net: not exported, since it has a list of login names\n", self.export())
        self.assertEqual(set(self.files()), self.wanted("example.org", "xn--tda.example"))

    def test_a_domain_that_has_moved_elsewhere_has_no_file(self):
        self.domain("example.net", '[redirect]\naddress = "{local}@elsewhere.example"\n')
        self.export()
        self.assertEqual(set(self.files()), self.wanted("example.org", "xn--tda.example"))

    def test_a_domain_that_has_moved_here_has_autoconfig_unless_a_list_decides_there(self):
        self.domain("example.net", '[redirect]\naddress = "{local}@example.org"\n')
        self.export()
        self.assertEqual(set(self.files()), self.wanted("example.org", "xn--tda.example") | self.wanted("example.net", pacc=False))
        self.assertIn(b"%EMAILLOCALPART%@example.org", self.files()["autoconfig.example.net/mail/config-v1.1.xml"])
        self.domain("example.org", 'logins = "example.org.logins"\n')
        (self.folder / "config/domains/example.org.logins").write_text("ada u1\n")
        self.export("--force")
        self.assertEqual(set(self.files()), self.wanted("xn--tda.example"))

    def test_a_mistake_keeps_the_files_of_its_domain_and_does_not_stop_the_others(self):
        self.export()
        self.domain("example.net", "[imap\n")
        self.config.write_text(CONFIG.replace("Example & Mail", "Other"))
        self.assertRegex(self.export(status=1), r"domains/example\.net\.toml:1:\d+: ")
        files = self.files()
        self.assertIn(b"Example &amp; Mail", files["autoconfig.example.net/mail/config-v1.1.xml"])
        self.assertIn(b"Other", files["autoconfig.example.org/mail/config-v1.1.xml"])
        # Once it is gone, so are its files.
        (self.folder / "config/domains/example.net.toml").unlink()
        self.export()
        self.assertEqual(set(self.files()), self.wanted("example.org", "xn--tda.example"))

    def test_a_domain_that_is_called_like_a_host_of_discovery(self):
        """The program takes such a host for that of the domain below the name."""
        self.domain("autoconfig.example.org", '[imap]\nserver = "other.example"\n')
        self.export()
        for name, content in self.files().items():
            host, _, path = name.partition("/")
            self.assertEqual(self.sent(host, f"/{path}").body, content, name)

    def test_a_folder_that_cannot_be_written(self):
        self.tree.parent.mkdir()
        self.tree.write_text("a file")
        self.assertIn("cannot be written", self.export(status=1))

    def test_flat_every_file_has_the_name_of_its_host(self):
        self.assertEqual(self.export("--flat"), "3 domains, 9 files: 9 written, 0 removed\n")
        files = self.files()
        self.assertEqual(len(files), 9)
        for name, content in files.items():
            host, _, kind = name.rpartition(".")
            paths = {"xml": "/mail/config-v1.1.xml" if host.startswith("autoconfig.") else AUTOCONFIG[1][1], "json": PACC[1]}
            with self.subTest(name):
                self.assertEqual(self.sent(host, paths[kind]).body, content)
        self.assertEqual(self.export("--flat"), "3 domains, 9 files: 0 written, 0 removed\n")
        (self.folder / "config/domains/example.net.toml").unlink()
        self.assertEqual(self.export("--flat"), "2 domains, 6 files: 0 written, 3 removed\n")
        self.assertEqual(len(self.files()), 6)

    def test_flat_a_domain_takes_three_inodes(self):
        """100,000 domains then take fewer than 400,000."""
        for number in range(100):
            self.domain(f"number-{number}.example", "")
        self.export("--flat")
        self.assertEqual(len(list(self.tree.rglob("*"))), 3 * 103 + 1)

    def test_one_directory_has_one_layout(self):
        self.export()
        self.assertIn("was exported without --flat; use another directory", self.export("--flat", status=1))
        self.tree = self.folder / "flat"
        self.export("--flat")
        self.assertIn("was exported with --flat; use another directory", self.export(status=1))

    def test_with_a_problem_nothing_is_removed(self):
        self.export()
        before = set(self.files())
        (self.folder / "config/domains/example.net.toml").unlink()
        self.domain("broken.example", "[imap\n")
        self.assertRegex(self.export(status=1), r"domains/broken\.example\.toml:1:\d+: ")
        self.assertEqual(set(self.files()), before)
        (self.folder / "config/domains/broken.example.toml").unlink()
        self.assertIn(", 3 removed\n", self.export())

    def test_more_than_half_is_removed_by_force_alone(self):
        self.export()
        before = set(self.files())
        (self.folder / "config/domains/example.net.toml").unlink()
        self.config.write_text(CONFIG.replace('"example.org", ', ""))
        self.assertIn("6 of 9 files would be removed; if that is right, add --force\n", self.export(status=1))
        self.assertEqual(set(self.files()), before)
        self.assertEqual(self.export("--force"), "1 domains, 3 files: 0 written, 6 removed\n")

    def test_when_the_last_domain_goes_so_does_what_was_exported(self):
        self.export()
        (self.folder / "config/domains/example.net.toml").unlink()
        self.config.write_text('domains = ["*"]\n')
        self.assertIn("9 of 9 files would be removed; if that is right, add --force\n", self.export(status=1))
        self.assertEqual(len(self.files()), 9)
        self.assertEqual(self.export("--force"), "0 domains, 0 files: 0 written, 9 removed\n")
        self.assertEqual(list(self.tree.iterdir()), [])
        self.assertIn("nothing can be exported", self.export(status=1))

    def victim(self):
        """A file outside, which must stay as it is."""
        path = self.folder / "outside/config-v1.1.xml"
        path.parent.mkdir()
        path.write_text("of somebody else")
        self.addCleanup(lambda: self.assertEqual([entry.read_text() for entry in path.parent.rglob("*") if entry.is_file()],
                                                 ["of somebody else"]))
        return path

    def test_a_linked_directory_is_not_followed(self):
        victim = self.victim()
        self.tree.mkdir(parents=True)
        for host, below in (("autoconfig.example.org", ""), ("autoconfig.example.net", "mail")):
            (self.tree / host).mkdir(parents=True) if below else None
            (self.tree / host / below).symlink_to(victim.parent)
        said = self.export(status=1)
        for host in ("autoconfig.example.org", "autoconfig.example.net"):
            self.assertIn(f"{self.tree}/{host}/mail/config-v1.1.xml: cannot be written", said)
        # The others are written.
        self.assertIn("autoconfig.xn--tda.example/mail/config-v1.1.xml", self.files())

    def test_a_linked_directory_is_not_followed_to_remove(self):
        self.export()
        victim = self.victim()
        host = self.tree / "autoconfig.example.net"
        (host / "mail/config-v1.1.xml").unlink()
        (host / "mail").rmdir()
        (host / "mail").symlink_to(victim.parent)
        (self.folder / "config/domains/example.net.toml").unlink()
        self.export(status=1)

    def test_a_linked_file_is_replaced_and_its_target_kept(self):
        victim = self.victim()
        path = self.tree / "autoconfig.example.org/mail/config-v1.1.xml"
        path.parent.mkdir(parents=True)
        path.symlink_to(victim)
        self.export()
        self.assertFalse(path.is_symlink())
        self.assertIn(b"<clientConfig", path.read_bytes())

    def test_a_FIFO_in_the_place_of_a_file(self):
        path = self.tree / "autoconfig.example.org/mail/config-v1.1.xml"
        path.parent.mkdir(parents=True)
        os.mkfifo(path)
        self.export()
        self.assertTrue(path.is_file())
        (self.tree / ".autodiscover-export").unlink()
        os.mkfifo(self.tree / ".autodiscover-export")
        self.assertIn("it is not a regular file; remove it", self.export(status=1))

    def test_what_a_killed_export_has_left_is_removed(self):
        victim = self.victim()
        for options in ((), ("--flat",)):
            self.tree = self.folder / f"tree{len(options)}"
            self.export(*options)
            names = [".autodiscover-export.77.new"]
            names += ["example.org.1.new"] if options else ["autoconfig.example.org/mail/config-v1.1.77.new"]
            for name in names:
                (self.tree / name).symlink_to(victim)
            kept = self.tree / ("other.name.new" if options else "autoconfig.example.org/mail/mine.77.new")
            kept.write_text("of somebody else")
            self.export(*options)
            self.assertEqual([path.name for path in self.tree.rglob("*.new")], [kept.name])

    def test_a_full_disk_keeps_no_half_of_a_file(self):
        if os.geteuid():
            self.skipTest("a small disk takes root")
        harness.needs("unshare")
        for number in range(50):
            self.domain(f"number-{number}.example", "")
        self.tree.mkdir(parents=True)
        script = 'mount -t tmpfs -o size=64k none "$1" && "$2" export "$1" 2>&1; find "$1" -name "*.new"; echo end'
        done = subprocess.run(["unshare", "--mount", "sh", "-c", script, "sh", self.tree, harness.program()],
                              env=os.environ | {"AUTODISCOVER_CONFIG": str(self.config)}, capture_output=True, text=True)
        if "mount:" in done.stdout + done.stderr:
            self.skipTest("this machine lets nobody mount a disk")
        self.assertIn("cannot be written: No space left on device", done.stdout)
        self.assertNotIn(".new\n", done.stdout)

    def test_two_at_once_do_not_meet(self):
        self.export()
        descriptor = os.open(self.tree, os.O_RDONLY)
        self.addCleanup(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self.assertIn("another export is writing there", self.export(status=1))

    def test_many_domains_take_little_time(self):
        """100,000 in 20 s on two cores, the disk left out: a tenth of them may take 4 s of the processors."""
        if not os.access("/dev/shm", os.W_OK) or "debug" in harness.program().parts:
            self.skipTest("this wants /dev/shm and a release build")
        for number in range(10_000):
            self.domain(f"number-{number}.example", "")
        self.tree = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(dir="/dev/shm"))) / "tree"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertIn("10003 domains, 30009 files: 30009 written", self.export())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertLess(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 4)


if __name__ == "__main__":
    harness.main("export")

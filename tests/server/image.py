"""The container image: built by buildah from what packaging/image.sh lays, and its files run as a container would.

No engine runs here, and a container in a container is not everywhere allowed: the root file system of the built image is
run read-only by chroot, as the user of the image, with the mounts that an engine makes, in a network of its own.
"""

import json
import os
import re
import subprocess
import unittest

import harness
import package

CONFIG = 'domains = ["example.org"]\n[imap]\nserver = "mail.example.org"\n[smtp]\nserver = "mail.example.org"\n'
# $1 is the root file system, $2 the configuration, $3 the script. As an engine with --read-only --tmpfs /tmp and a volume.
CONTAINER = """
set -e
export ROOT=$1
mkdir -p "$1/dev" "$1/proc"
mount --bind "$1" "$1"
mount -o remount,bind,ro "$1"
mount --bind "$2" "$1/etc/autodiscover"
mount -o remount,bind,ro "$1/etc/autodiscover"
mount -t tmpfs none "$1/tmp"
mount --rbind /dev "$1/dev"
mount -t proc proc "$1/proc"
ip link set lo up
inside() { chroot --userspec=33:33 --groups= "$ROOT" "$@"; }
healthy() { if inside /bin/health; then echo healthy; else echo unhealthy; fi; }
(exec chroot --userspec=33:33 --groups= "$ROOT" /usr/sbin/lighttpd -D -f /etc/lighttpd/lighttpd.conf 2>/dev/null) &
for try in {1..100}; do (: </dev/tcp/127.0.0.1/8080) 2>/dev/null && break; sleep 0.05; done
ask() { curl --silent --show-error --path-as-is -H 'Host: autodiscover.example.org' "$@"; }
status() { ask --output /dev/null --write-out '%{http_code} %{redirect_url}\\n' "$@"; }
source "$3"
"""


class Image(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if os.geteuid():
            raise unittest.SkipTest("mounts take root")
        harness.needs("buildah", "lighttpd", "busybox", "unshare", "ip", "curl")
        if subprocess.run([harness.ROOT / "cgi-bin/build.sh", "--musl"], capture_output=True).returncode:
            raise unittest.SkipTest("what is handed on is built for musl, and Rust has no such target here")
        cls.folder = folder = cls.enterClassContext(harness.folder())
        cls.context = package.output(harness.ROOT / "packaging/image.sh", folder / "context").strip().splitlines()[-1]
        cls.buildah("build", "--isolation", "chroot", "--format", "docker", "--quiet", "--tag", "autodiscover", cls.context)
        cls.image = json.loads(cls.buildah("inspect", "--type", "image", "autodiscover"))["Docker"]["config"]
        cls.container = cls.buildah("from", "autodiscover").strip()
        cls.root = cls.buildah("mount", cls.container).strip()

    @classmethod
    def buildah(cls, *arguments):
        store = ["--storage-driver", "vfs", "--root", cls.folder / "store", "--runroot", cls.folder / "run"]
        return package.output("buildah", *store, *arguments)

    def in_container(self, *script, config=CONFIG):
        """What a script prints beside the running container."""
        folder = self.enterContext(harness.folder())
        (folder / "config").mkdir()
        (folder / "config/autodiscover.toml").write_text(config)
        (folder / "request.xml").write_bytes(harness.post())
        (folder / "script").write_text("\n".join(script).replace("REQUEST", f"{folder}/request.xml").replace("CONFIG", f"{folder}/config/autodiscover.toml"))
        done = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "bash", "-c", CONTAINER, "container", self.root, folder / "config", folder / "script"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        if re.search("(mount|unshare): .*(permission denied|not permitted)", done.stdout) and not package.CI:
            self.skipTest("this machine lets nobody mount")
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_what_the_image_says_of_itself(self):
        self.assertEqual(self.image["User"], "33:33")
        self.assertEqual(self.image["Volumes"], {"/etc/autodiscover": {}})
        self.assertEqual(list(self.image["ExposedPorts"]), ["8080/tcp"])
        self.assertEqual(self.image["Healthcheck"]["Test"], ["CMD", "/bin/health"])
        self.assertEqual(self.image["Cmd"], ["/usr/sbin/lighttpd", "-D", "-f", "/etc/lighttpd/lighttpd.conf"])

    def test_nothing_in_it_belongs_to_its_user_and_it_is_small(self):
        found = subprocess.run(["find", self.root, "-xdev", "(", "-uid", "33", "-o", "-perm", "/6022", ")", "!", "-type", "l"],
                               check=True, capture_output=True, text=True).stdout.split()
        self.assertEqual(found, [f"{self.root}/tmp"])
        size = sum(os.lstat(os.path.join(where, name)).st_size for where, _, names in os.walk(self.root) for name in names)
        self.assertLess(size, 12_000_000)

    def test_a_search_of_outlook_and_of_thunderbird(self):
        printed = self.in_container(
            "ask -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-For: 192.0.2.1' --data-binary @REQUEST http://127.0.0.1:8080/Autodiscover/Autodiscover.xml",
            "ask -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-For: 192.0.2.1' 'http://127.0.0.1:8080/mail/config-v1.1.xml?emailaddress=ada@example.org'",
            "ask -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-For: 192.0.2.1' 'http://127.0.0.1:8080/autodiscover/autodiscover.json/v1.0/ada%2Fb@example.org?Protocol=AutodiscoverV1'",
            "ask -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-For: 192.0.2.1' http://127.0.0.1:8080/ | grep -c '<form'")
        self.assertIn("<Server>mail.example.org</Server>", printed)
        self.assertIn("<hostname>mail.example.org</hostname>", printed)
        self.assertIn('"Url":"https://autodiscover.example.org/autodiscover/autodiscover.xml"', printed)
        self.assertTrue(printed.endswith("}1\n"), printed)

    def test_plain_HTTP_is_led_to_HTTPS_and_nothing_is_taken_from_it(self):
        printed = self.in_container("status http://127.0.0.1:8080/mail/config-v1.1.xml", "status --data-binary @REQUEST http://127.0.0.1:8080/autodiscover/autodiscover.xml",
                                    "status -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-For: 192.0.2.1' http://127.0.0.1:8080/etc/autodiscover/autodiscover.toml")
        self.assertEqual(printed.splitlines(), ["302 https://autodiscover.example.org/mail/config-v1.1.xml", "403 ", "404 "])

    def test_it_runs_as_its_user_and_cannot_write(self):
        printed = self.in_container("grep ^Uid: $ROOT/proc/$!/status", "inside /bin/busybox touch /usr/x /etc/autodiscover/x /x 2>&1 | sort")
        uid, *refused = printed.splitlines()
        self.assertEqual(uid.split()[1:], ["33"] * 4)
        self.assertEqual([line.rpartition(": ")[2] for line in refused], ["Read-only file system"] * 3)

    def test_its_health(self):
        printed = self.in_container("healthy", "echo '[imap' >CONFIG", "healthy", "rm CONFIG", "echo 'domains = []' >CONFIG", "healthy", "kill $!", "wait $! || true", "healthy")
        lines = [line for line in printed.splitlines() if line.endswith("healthy")]
        self.assertEqual(lines, ["healthy", "unhealthy", "healthy", "unhealthy"])

    def test_the_administrators_commands(self):
        printed = self.in_container("inside /usr/bin/autodiscover check", "inside /usr/bin/autodiscover show ada@example.org --as outlook")
        self.assertIn("Configuration: /etc/autodiscover/autodiscover.toml", printed)
        self.assertIn("<Server>mail.example.org</Server>", printed)


if __name__ == "__main__":
    harness.main("image")

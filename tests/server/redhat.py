"""The RPM, installed, switched on, upgraded, removed and run where Fedora and RHEL have their files.

No root directory of theirs can be had here, so one is made: a copy of this machine that is thrown away, with httpd's
directories, modules and user as RHEL 9 has them, and Debian's programs. `rpm --root` installs there. What RHEL itself
would do differently is SELinux; its tools are written down by a stand-in.
"""

import os
import re
import subprocess
import unittest

import harness
import package

NAMES = [f"{name}.example.org" for name in ("autodiscover", "autoconfig", "ua-auto-config")]
# Makes the copy in $1, and runs the script $2 beside it, which reaches the copy as $ROOT.
COPY = harness.OVERLAY + """\
ip link set lo up
export ROOT=$1/root
exec bash -e "$2"
"""
# As httpd of RHEL 9 has it (httpd.conf and conf.modules.d/ of httpd 2.4.57), as far as it matters to us.
LAYOUT = r"""
inside() { chroot "$ROOT" "$@"; }
# Without dependencies: the database there knows nothing yet, not even /bin/sh.
rpm() {
    local nodeps=--nodeps
    [[ $1 != -q ]] || nodeps=
    command rpm --force-debian --root "$ROOT" --dbpath /var/lib/rpm $nodeps "$@"
}
rm -rf "$ROOT"/etc/apache2 "$ROOT"/var/log/apache2 "$ROOT"/etc/autodiscover "$ROOT"/usr/bin/autodiscover* "$ROOT"/usr/local/bin/autodiscover* \
    "$ROOT"/usr/lib/cgi-bin "$ROOT"/usr/sbin/a2en* "$ROOT"/usr/sbin/semanage "$ROOT"/usr/sbin/restorecon
sed -i /^www-data:/d "$ROOT/etc/passwd" "$ROOT/etc/group"
echo 'apache:x:48:48:Apache:/usr/share/httpd:/sbin/nologin' >>"$ROOT/etc/passwd"
echo 'apache:x:48:' >>"$ROOT/etc/group"
mkdir -p "$ROOT"/etc/httpd/conf "$ROOT"/etc/httpd/conf.d "$ROOT"/etc/httpd/conf.modules.d "$ROOT"/var/log/httpd "$ROOT"/run/httpd "$ROOT"/var/www/html "$ROOT"/usr/lib64/httpd
ln -s ../../usr/lib64/httpd/modules "$ROOT/etc/httpd/modules"
ln -s /run/httpd "$ROOT/etc/httpd/run"
ln -s /usr/lib/apache2/modules "$ROOT/usr/lib64/httpd/modules"
printf '#!/bin/sh\nexec apache2 -f /etc/httpd/conf/httpd.conf "$@"\n' >"$ROOT/usr/sbin/httpd"
chmod 755 "$ROOT/usr/sbin/httpd"
cd "$ROOT/etc/httpd"
for module in authz_core authz_host alias actions env setenvif mime dir rewrite reqtimeout autoindex; do
    echo "LoadModule ${module}_module modules/mod_$module.so"
done >conf.modules.d/00-base.conf
echo 'LoadModule mpm_@MPM@_module modules/mod_mpm_@MPM@.so' >conf.modules.d/00-mpm.conf
echo 'LoadModule ssl_module modules/mod_ssl.so' >conf.modules.d/00-ssl.conf
cat >conf.modules.d/01-cgi.conf <<'END'
<IfModule mpm_worker_module>
    LoadModule cgid_module modules/mod_cgid.so
</IfModule>
<IfModule mpm_event_module>
    LoadModule cgid_module modules/mod_cgid.so
</IfModule>
<IfModule mpm_prefork_module>
    LoadModule cgi_module modules/mod_cgi.so
</IfModule>
END
cat >conf.d/ssl.conf <<'END'
Listen 443 https
END
cat >conf/httpd.conf <<'END'
ServerRoot "/etc/httpd"
DefaultRuntimeDir /run/httpd
PidFile /run/httpd/httpd.pid
Listen 80
Include conf.modules.d/*.conf
User apache
Group apache
ServerName localhost
<Directory />
    AllowOverride none
    Require all denied
</Directory>
DocumentRoot "/var/www/html"
<Directory "/var/www/html">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
ErrorLog /var/log/httpd/error_log
TypesConfig /dev/null
ScriptAlias /cgi-bin/ "/var/www/cgi-bin/"
IncludeOptional conf.d/*.conf
END
cd /
echo 'the website' >"$ROOT/var/www/html/index.html"
mkdir -p "$ROOT"/etc/pki/tls
cp @FOLDER@/cert.pem @FOLDER@/cert.key "$ROOT/etc/pki/tls/"
# The virtual host of a website, which knows nothing of us.
cat >"$ROOT/etc/httpd/conf.d/website.conf" <<'END'
<VirtualHost *:443>
    ServerName example.org
    ServerAlias *.example.org
    DocumentRoot /var/www/html
    SSLEngine On
    SSLCertificateFile /etc/pki/tls/cert.pem
    SSLCertificateKeyFile /etc/pki/tls/cert.key
</VirtualHost>
END
start() { inside httpd; for try in {1..50}; do curl -s -o /dev/null http://localhost/ && return; sleep 0.1; done; cat "$ROOT/var/log/httpd/error_log"; return 1; }
stop() { kill "$(cat "$ROOT/run/httpd/httpd.pid")"; while [[ -e $ROOT/run/httpd/httpd.pid ]]; do sleep 0.1; done; }
ask() { curl --silent --show-error --fail --cacert @FOLDER@/ca.pem --resolve '*:443:127.0.0.1' "$@"; }
outlook() { ask --data-binary @@FOLDER@/request.xml "https://$1/Autodiscover/Autodiscover.xml"; }
status() { curl --silent --output /dev/null --write-out '%{http_code}\n' --cacert @FOLDER@/ca.pem --resolve '*:443:127.0.0.1' "$@"; }
"""
CONFIGURE = r"""
cat >"$ROOT/etc/autodiscover/autodiscover.toml" <<'END'
domains = ["example.org"]
[imap]
server = "mail.example.org"
END
"""
SWITCH_ON = "sed -i 's/^#Include/Include/' \"$ROOT/etc/httpd/conf.d/autodiscover.conf\"\n"
# Writes down how it is called.
STAND_IN = r"""
for name in semanage restorecon; do
    printf '#!/bin/sh\necho "%s $*" >>/called\n' $name >"$ROOT/usr/sbin/$name"
    chmod 755 "$ROOT/usr/sbin/$name"
done
"""
SERVER = "<Server>mail.example.org</Server>"


def built(folder, **variables):
    line = package.output(harness.ROOT / "packaging/rpm.sh", folder, env=os.environ | variables)
    return line.strip().splitlines()[-1]


class RedHat(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if os.geteuid():
            raise unittest.SkipTest("a copy of the machine takes root")
        harness.needs("rpmbuild", "rpm", "unshare", "apache2", "curl", "openssl", "ip", "git")
        if subprocess.run([harness.ROOT / "cgi-bin/build.sh", "--musl"], capture_output=True).returncode:
            raise unittest.SkipTest("what is handed on is built for musl, and Rust has no such target here")
        cls.folder = folder = cls.enterClassContext(harness.folder())
        harness.certificate(folder, "ca", extensions=harness.AUTHORITY)
        harness.certificate(folder, "cert", ["example.org", *NAMES], "ca")
        (folder / "request.xml").write_bytes(harness.post())
        cls.rpm, cls.next = built(folder), built(folder, RELEASE="2")

    def in_a_copy(self, *parts, mpm="event"):
        """What a script prints beside such a root directory."""
        folder = self.enterContext(harness.folder())
        script = "\n".join([LAYOUT, *parts]).replace("@FOLDER@", str(self.folder)).replace("@MPM@", mpm)
        (folder / "script").write_text(script.replace("RPM", self.rpm).replace("NEXT", self.next))
        (folder / "copy").mkdir()
        done = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "bash", "-c", COPY, "copy", folder / "copy", folder / "script"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
        if re.search("mount: .*(permission denied|not permitted)", done.stdout) and not package.CI:
            self.skipTest("this machine lets nobody mount an overlay")
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_the_same_bytes_come_again(self):
        again = built(self.enterContext(harness.folder()))
        self.assertEqual(open(self.rpm, "rb").read(), open(again, "rb").read())

    def test_it_has_what_the_debian_package_has(self):
        harness.needs("dpkg-deb")
        listed = package.output("rpm", "-qpl", self.rpm).splitlines()
        found = {line.rpartition("/")[2] for line in listed}
        debian = {line.split()[5] for line in package.output("dpkg-deb", "--contents", package.debian_package()).splitlines()}
        only_debian = {"README.Debian", "copyright", "changelog.gz", "changelog.Debian.gz", "overrides"}
        names = {path.rpartition("/")[2] for path in debian if not path.endswith("/")} - only_debian
        self.assertEqual(names - found, set())
        self.assertEqual([line for line in listed if "/apache2" in line or "cgi-bin" in line], [])

    def test_nothing_is_answered_before_it_is_switched_on(self):
        printed = self.in_a_copy("rpm -i RPM", CONFIGURE, "start", "status https://example.org/mail/config-v1.1.xml", "cat \"$ROOT/var/www/html/index.html\"")
        self.assertEqual(printed, "404\nthe website\n")

    def test_every_virtual_host_answers_once_it_is_switched_on(self):
        for mpm in ("event", "prefork"):
            with self.subTest(mpm):
                printed = self.in_a_copy("rpm -i RPM", CONFIGURE, SWITCH_ON, "start", "outlook example.org", "ask https://autodiscover.example.org/ | grep -c '<form'",
                                         "ask https://example.org/", mpm=mpm)
                self.assertIn(SERVER, printed)
                self.assertTrue(printed.endswith("1\nthe website\n"), printed)

    def test_an_upgrade_keeps_what_was_edited(self):
        printed = self.in_a_copy(
            "rpm -i RPM", CONFIGURE, SWITCH_ON, "echo >\"$ROOT/etc/autodiscover/domains/example.net.toml\"", "start", "rpm -U NEXT", "outlook example.org",
            "inside autodiscover --version", "rpm -q autodiscover", "ls \"$ROOT/etc/autodiscover\" \"$ROOT/etc/autodiscover/domains\"")
        self.assertIn(SERVER, printed)
        self.assertIn(package.version(), printed)
        self.assertIn("autodiscover-1.1.0-2.x86_64\n".replace("1.1.0", package.VERSION).replace("x86_64", os.uname().machine), printed)
        self.assertIn("example.net.toml", printed)
        self.assertNotIn("rpmnew", printed)

    def test_it_goes_and_leaves_what_was_edited(self):
        printed = self.in_a_copy(
            "rpm -i RPM", CONFIGURE, SWITCH_ON, "start", "rpm -e autodiscover 2>&1", "stop", "start", "status https://example.org/mail/config-v1.1.xml",
            "cd \"$ROOT\"; find etc usr/bin usr/libexec usr/share -path usr/share/licenses -prune -o -name '*autodiscover*' -print | sort")
        lines = [line for line in printed.splitlines() if not line.startswith("warning: ")]
        self.assertEqual(lines, ["404", "etc/autodiscover", "etc/autodiscover/autodiscover.toml.rpmsave", "etc/httpd/conf.d/autodiscover.conf.rpmsave"])

    def test_the_virtual_host_is_one_of_fedora_and_check_knows_the_user(self):
        printed = self.in_a_copy(
            "rpm -i RPM", CONFIGURE,
            "inside autodiscover apache >\"$ROOT/etc/httpd/conf.d/zz-autodiscover.conf\"",
            "! grep -n 'a2en\\|apache2' \"$ROOT/etc/httpd/conf.d/zz-autodiscover.conf\"",
            "mkdir -p \"$ROOT/etc/letsencrypt/live/autodiscover.example.org\"",
            "cp @FOLDER@/cert.pem \"$ROOT/etc/letsencrypt/live/autodiscover.example.org/fullchain.pem\"",
            "cp @FOLDER@/cert.key \"$ROOT/etc/letsencrypt/live/autodiscover.example.org/privkey.pem\"",
            # The website does not know these names.
            "sed -i '/ServerAlias/d' \"$ROOT/etc/httpd/conf.d/website.conf\"",
            "start", "outlook autodiscover.example.org", "stop", "cat \"$ROOT/var/log/httpd/autodiscover.log\"",
            "inside autodiscover check", "chmod 600 \"$ROOT/etc/autodiscover/autodiscover.toml\"", "inside autodiscover check 2>&1 || true")
        self.assertIn(SERVER, printed)
        self.assertIn('"POST /autodiscover/autodiscover.xml HTTP', printed)
        self.assertRegex(printed, r"autodiscover\.toml: user 'apache' ")

    def test_selinux_labels_the_program_and_forgets_it(self):
        printed = self.in_a_copy(STAND_IN, "rpm -i RPM", "rpm -U NEXT", "cat \"$ROOT/called\"", "echo removed", ": >\"$ROOT/called\"", "rpm -e autodiscover", "cat \"$ROOT/called\"")
        label = ["semanage fcontext -a -t httpd_sys_script_exec_t /usr/libexec/autodiscover(/.*)?", "restorecon -R /usr/libexec/autodiscover"]
        self.assertEqual(printed.splitlines(), [*label, *label, "removed", "semanage fcontext -d /usr/libexec/autodiscover(/.*)?"])

    def test_without_its_tools_selinux_is_spoken_of(self):
        printed = self.in_a_copy("mkdir -p \"$ROOT/sys/fs/selinux\"; echo -n 1 >\"$ROOT/sys/fs/selinux/enforce\"", "rpm -i RPM 2>&1")
        self.assertIn("    restorecon -R /usr/libexec/autodiscover\n", printed)
        self.assertEqual(self.in_a_copy("rpm -i RPM 2>&1"), "")

    def test_a_file_that_was_moved_from_home_is_reported(self):
        """mv keeps the label, and httpd_sys_script_t may not read admin_home_t (selinux-policy of RHEL 9)."""
        label = "python3 -c 'import os, sys; os.setxattr(sys.argv[1], \"security.selinux\", sys.argv[2].encode())' \"$ROOT/etc/autodiscover/autodiscover.toml\" "
        enforce = "mkdir -p \"$ROOT/sys/fs/selinux\"; echo -n {} >\"$ROOT/sys/fs/selinux/enforce\""
        check = "inside autodiscover check 2>&1 || true"
        printed = self.in_a_copy("rpm -i RPM 2>/dev/null", CONFIGURE, label + "unconfined_u:object_r:admin_home_t:s0", check, enforce.format(0), check,
                                 "echo enforcing", enforce.format(1), check, label + "system_u:object_r:etc_t:s0", "echo mended", check)
        permissive, _, rest = printed.partition("enforcing\n")
        enforcing, _, mended = rest.partition("mended\n")
        path = "/etc/autodiscover/autodiscover.toml"
        remark = f"{path}: SELinux label 'admin_home_t' keeps the web server from reading this file; run: restorecon -v {path}\n"
        self.assertIn(remark, enforcing)
        self.assertNotIn("SELinux", permissive + mended)


if __name__ == "__main__":
    harness.main("redhat")

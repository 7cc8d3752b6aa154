"""Runs the blocks of README.md and README.Debian and the commands at the head of the files for Apache as they are written, as root
in a copy of this machine that is thrown away: an overlay of its files, with processes and a network of its own. An Apache runs
there already, as `apt install apache2` leaves it, with a neighbour's site. What is installed and enabled is asked by every name.

The two commands at the beginning run in tests/bare.sh; what is configured loads in tests/it/readme.rs.
"""

import os
import pathlib
import re
import subprocess
import unittest

import harness
import package

README = (harness.ROOT / "README.md").read_text()
DEBIAN = (harness.ROOT / "packaging/debian/README.Debian").read_text()
CONF = (harness.ROOT / "packaging/debian/autodiscover.conf").read_text()
SITE = "/etc/apache2/sites-available/zz-autodiscover.conf"
NAMES = [f"{name}.example.org" for name in ("autodiscover", "autoconfig", "ua-auto-config")]
# Makes the copy in $1 and runs the script $2 in it.
COPY = harness.OVERLAY + """\
mkdir -p "$1/root/run/lock"
cp "$2" "$1/root/script"
ip link set lo up
exec chroot "$1/root" bash -e /script
"""
# In the place of certbot: it has no network here. It wants the site to answer on port 80, as Let's Encrypt does.
CERTBOT = r"""#!/bin/bash -e
if [[ $2 == --nginx ]]; then
    # It makes nginx answer on port 80 by itself.
    [[ "$1 $3 $4 $5 $7" == "certonly --cert-name autodiscover.example.org --deploy-hook -d" && $8 == @COMMAS@ ]]
    mkdir -p /etc/letsencrypt/live/$4
    cp @FOLDER@/cert.pem /etc/letsencrypt/live/$4/fullchain.pem
    cp @FOLDER@/cert.key /etc/letsencrypt/live/$4/privkey.pem
    eval "$6"
    exit
fi
[[ "$1 $2 $3 $4 $5 $6" == "certonly --webroot --webroot-path /var/www/html --cert-name autodiscover.example.org" ]]
[[ "$7 $9" == "--deploy-hook -d" ]]
mkdir -p /var/www/html/.well-known/acme-challenge /etc/letsencrypt/live/$6
echo token >/var/www/html/.well-known/acme-challenge/name
for name in ${10//,/ }; do
    [[ $(curl -s "http://$name/.well-known/acme-challenge/name") == token ]]
    [[ " @NAMES@ " == *" $name "* ]]
done
cp @FOLDER@/cert.pem /etc/letsencrypt/live/$6/fullchain.pem
cp @FOLDER@/cert.key /etc/letsencrypt/live/$6/privkey.pem
eval "$8"
"""
# What a machine has before: Apache without a module of ours, a default site that leads all to HTTPS, and a neighbour's.
RUNNING = """
rm -rf /etc/apache2/sites-enabled/* /etc/apache2/conf-enabled/autodiscover.conf /run/apache2/*
a2dismod --quiet --force ssl rewrite cgi cgid actions
mkdir -p /srv/neighbour && echo 'the neighbour' >/srv/neighbour/index.html
cat >/etc/apache2/sites-available/000-default.conf <<'END'
<VirtualHost *:80>
    Redirect / https://neighbour.example/
</VirtualHost>
<VirtualHost *:80>
    ServerName neighbour.example
    DocumentRoot /srv/neighbour
    <Directory /srv/neighbour>
        Require all granted
    </Directory>
</VirtualHost>
END
echo 127.0.0.1 neighbour.example >>/etc/hosts
a2ensite --quiet 000-default
service apache2 start
""" + (NEIGHBOUR := """
[[ $(curl --silent --show-error --fail --retry 5 --retry-connrefused http://neighbour.example/) == 'the neighbour' ]]
""")
ASK = """
ask() { curl --silent --show-error --fail --retry 3 --retry-all-errors --cacert @FOLDER@/ca.pem "$@"; echo; }
ask https://autoconfig.example.org/mail/config-v1.1.xml
ask https://ua-auto-config.example.org/.well-known/user-agent-configuration.json
ask --data-binary @@FOLDER@/request.xml https://autodiscover.example.org/Autodiscover/Autodiscover.xml
"""
ANSWERS = ("<hostname>imap.example.org</hostname>", '"imap":{"host":"imap.example.org"}', "<Server>imap.example.org</Server>")


def blocks():
    """The blocks of shell by the headings above them."""
    found = {}
    for section in re.split(r"^#+ (?=.*\n\n)", README, flags=re.M)[1:]:
        for block in re.findall(r"^```sh\n(.*?)^```$", section, flags=re.M | re.S):
            found.setdefault(section.splitlines()[0], []).append(block)
    return found


class Copy(unittest.TestCase):
    """Those that need a copy of the machine."""

    def setUp(self):
        if os.geteuid():
            self.skipTest("a copy of the machine takes root")
        harness.needs("unshare", "apache2", "curl", "openssl", "ip")
        self.folder = self.enterContext(harness.folder())
        harness.certificate(self.folder, "ca", extensions=harness.AUTHORITY)
        harness.certificate(self.folder, "cert", NAMES, "ca")
        (self.folder / "request.xml").write_bytes(harness.post())

    def in_a_copy(self, *parts):
        """What the parts of a script print, run one after the other in the same copy."""
        script = "\n".join([
            "exec </dev/null",
            # Only the copy believes that there is DNS.
            *(f"echo 127.0.0.1 {name} >>/etc/hosts" for name in NAMES),
            f"printf %s '{CERTBOT}' >/usr/local/bin/certbot", "chmod 755 /usr/local/bin/certbot",
            # What is here already is none of this.
            "rm -rf /etc/autodiscover /usr/local/lib/autodiscover /usr/local/bin/autodiscover",
            # Of no use here, and the slowest part of an installation: the index of all manual pages.
            "rm -f /var/lib/man-db/auto-update",
            RUNNING, *parts, NEIGHBOUR]).replace("@FOLDER@", str(self.folder)).replace("@NAMES@", " ".join(NAMES)).replace("@COMMAS@", ",".join(NAMES))
        (self.folder / "script").write_text(script)
        (self.folder / "copy").mkdir()
        done = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "bash", "-c", COPY, "copy", self.folder / "copy", self.folder / "script"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900)
        if re.search("mount: .*(permission denied|not permitted)", done.stdout) and not package.CI:
            self.skipTest("this machine lets nobody mount an overlay")
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    # The smallest configuration, for the line «Write your domains and servers».
    configure = "cat >/etc/autodiscover/autodiscover.toml <<'END'\n" + re.search(r"```toml\n(.*?)```", README, re.S)[1] + "END"

    def answered(self, printed):
        for answer in ANSWERS:
            self.assertIn(answer, printed)


def pasted(block):
    """A block whose last line prints the command to run next, and that command."""
    lines = block.splitlines()
    assert "certbot certonly" in lines[-1], block
    return "\n".join([*lines[:-1], f'eval "$({lines[-1].partition("  #")[0]})"'])


class Readme(Copy):
    def test_debian(self):
        install, site = blocks()["Debian and Ubuntu"]
        printed = self.in_a_copy(
            f"cd {package.debian_package().parent}", install, self.configure, pasted(site), ASK,
            # Of the last section.
            "a2dissite zz-autodiscover && apachectl graceful", "apt-get purge -y autodiscover",
            "test ! -e /usr/lib/cgi-bin/autodiscover.cgi && echo gone")
        self.answered(printed)
        self.assertIn("_autodiscover._tcp.example.org. SRV 0 0 443 autodiscover.example.org.", printed)
        self.assertEqual(printed.splitlines()[-1], "gone")

    def test_from_source(self):
        printed = self.in_a_copy(
            f"cd {harness.ROOT}", *blocks()["From source"], self.configure, pasted(blocks()["Debian and Ubuntu"][1]), ASK)
        self.answered(printed)

    def test_every_block_is_run(self):
        """And those who change the page think of this; the suite views runs the last."""
        self.assertEqual({heading: len(found) for heading, found in blocks().items()},
                         {"See it work": 1, "Debian and Ubuntu": 2, "From source": 1, "Coming from something else": 1})


class ReadmeDebian(Copy):
    """Each of the two ways of README.Debian, which indents what is to be run."""

    site, every = ["".join(line.strip() + "\n" for line in block.splitlines()) for block in re.findall(r"(?:^  \S.*\n)+", DEBIAN, re.M)]
    # A host of ours in a virtual host that is there already, with a certificate.
    host = f"""
a2enmod --quiet ssl
cat >/etc/apache2/sites-available/ours.conf <<'END'
<VirtualHost *:443>
    ServerName {NAMES[0]}
    ServerAlias {" ".join(NAMES[1:])}
    DocumentRoot /srv/neighbour
    SSLEngine On
    SSLCertificateFile @FOLDER@/cert.pem
    SSLCertificateKeyFile @FOLDER@/cert.key
</VirtualHost>
END
a2ensite --quiet ours
service apache2 restart
"""

    def test_a_site_of_its_own(self):
        self.answered(self.in_a_copy(f"apt-get install -y {package.debian_package()}", self.configure, pasted(self.site), ASK))

    def test_every_virtual_host(self):
        self.answered(self.in_a_copy(f"apt-get install -y {package.debian_package()}", self.configure, self.host, self.every, ASK))

    def test_the_head_of_its_configuration_says_the_same(self):
        line = re.search("^#   (a2enmod .*)", CONF, re.M)[1]
        self.assertEqual(line.split(" && "), self.every.replace(" && ", "\n").split("\n")[:-1])


class Nginx(Copy):
    """The commands at the head of packaging/nginx.conf, where nginx runs already with a neighbour's site on both ports."""

    certbot, *line = re.findall("^#   (.*)", (harness.ROOT / "packaging/nginx.conf").read_text(), re.M)
    before = """
service apache2 stop
rm -f /etc/nginx/sites-enabled/*
cat >/etc/nginx/sites-available/neighbour <<'END'
server {
    listen 80;
    listen 443 ssl;
    server_name neighbour.example;
    ssl_certificate @FOLDER@/neighbour.pem;
    ssl_certificate_key @FOLDER@/neighbour.key;
    root /srv/neighbour;
}
END
ln -s ../sites-available/neighbour /etc/nginx/sites-enabled/
service nginx start
""" + f"""
install -D @PROGRAM@ /usr/lib/cgi-bin/autodiscover.cgi
mkdir -p /etc/autodiscover
(umask 0; exec fcgiwrap -s unix:/run/fcgiwrap.socket) &
cp {harness.ROOT}/packaging/nginx.conf /etc/nginx/sites-available/zz-autodiscover
"""
    # Nobody's name on 443 is still the neighbour's.
    neighbour = NEIGHBOUR + """
[[ $(curl --silent --show-error --fail --insecure --connect-to ::127.0.0.1 https://unknown.example/) == 'the neighbour' ]]
"""

    def test_the_neighbour_stays_and_we_answer(self):
        harness.needs("nginx", "fcgiwrap")
        harness.certificate(self.folder, "neighbour", ["neighbour.example"], "ca")
        self.answered(self.in_a_copy(
            self.before.replace("@PROGRAM@", str(harness.program())), self.configure, self.neighbour,
            # Before there is a certificate: nothing of ours stays, and nginx starts.
            *self.line, "nginx -t", "service nginx restart", self.neighbour, "[[ ! -e /etc/nginx/sites-enabled/zz-autodiscover ]]",
            self.certbot, *self.line, ASK, "service nginx restart", ASK, self.neighbour))


class Life(Copy):
    """What becomes of the administrator's files when the package is upgraded, removed, installed again and purged."""

    # The scripts of the package 1.1.0-1, but for their comments.
    POSTINST = """#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /etc/autodiscover ]; then
    mkdir -p /etc/autodiscover/domains
fi
"""
    POSTRM = """#!/bin/sh
set -e
case "$1" in
    remove | purge)
        if [ -e /usr/share/apache2/apache2-maintscript-helper ]; then
            . /usr/share/apache2/apache2-maintscript-helper
            apache2_invoke disconf autodiscover || true
        fi
        ;;
esac
if [ "$1" = purge ] && [ -d /etc/autodiscover ]; then
    rmdir --ignore-fail-on-non-empty /etc/autodiscover/domains /etc/autodiscover
fi
"""
    # Four clients that ask without a pause while the package is upgraded.
    LOAD = """
for client in 1 2 3 4; do
    while [[ ! -e /stop ]]; do
        echo asked
        curl --silent --show-error --fail --cacert @FOLDER@/ca.pem --data-binary @@FOLDER@/request.xml \\
            https://autodiscover.example.org/Autodiscover/Autodiscover.xml |
            grep -c '<Server>imap.example.org</Server>' || echo lost
    done >/load.$client &
done
"""
    LOADED = """
touch /stop
wait $(jobs -p)
[[ $(cat /load.* | grep -c asked) -gt 20 ]]
[[ $(cat /load.* | grep -c lost) == 0 ]]
"""
    # Without a terminal, and with an answer to no question.
    INSTALL = "DEBIAN_FRONTEND=noninteractive dpkg --install {} </dev/null"
    CONFIG = "/etc/autodiscover/autodiscover.toml"
    UNTOUCHED = f"""
cmp /edited {CONFIG}
[[ -z $(find /etc/autodiscover /etc/apache2 -name '*.dpkg-*') ]]
[[ $(dpkg-query --show --showformat '${{db:Status-Abbrev}}' autodiscover) == 'ii ' ]]
"""

    def first(self):
        """The package with the scripts and the kinds of files that 1.1.0-1 had, which is older than the one of this checkout."""
        root = self.folder / "first"
        package.output("dpkg-deb", "--raw-extract", package.debian_package(), root)
        (root / "usr/share/autodiscover/autodiscover.toml").unlink()
        harness.install(root / self.CONFIG[1:], harness.ROOT / "cgi-bin/autodiscover.toml", 0o644)
        (root / "DEBIAN/postinst").write_text(self.POSTINST)
        (root / "DEBIAN/postrm").write_text(self.POSTRM)
        (root / "DEBIAN/conffiles").write_text(f"/etc/apache2/conf-available/autodiscover.conf\n{self.CONFIG}\n")
        control = root / "DEBIAN/control"
        control.write_text(re.sub("^Version: .*", "Version: 1.1.0-1~first", control.read_text(), flags=re.M))
        package.output("dpkg-deb", "--root-owner-group", "--build", root, self.folder / "first.deb")
        return self.folder / "first.deb"

    def test_an_upgrade_asks_nothing_and_loses_no_request(self):
        new = package.debian_package()
        self.in_a_copy(
            self.INSTALL.format(self.first()), self.configure, f"echo '# my own' >>{self.CONFIG}", f"cp {self.CONFIG} /edited",
            ReadmeDebian.host, ReadmeDebian.every, ASK, self.LOAD, "sleep 1", self.INSTALL.format(new), "sleep 1", self.LOADED,
            self.UNTOUCHED, ASK,
            # Whoever deletes it wants the built-in default.
            f"rm {self.CONFIG}", self.INSTALL.format(new), f"[[ ! -e {self.CONFIG} ]]")

    def test_a_removed_package_can_be_installed_again(self):
        new, enabled = package.debian_package(), "/etc/apache2/conf-enabled/autodiscover.conf"
        printed = self.in_a_copy(
            self.INSTALL.format(new), f"cmp {self.CONFIG} /usr/share/autodiscover/autodiscover.toml",
            f"[[ $(stat -c %a {self.CONFIG}) == 644 && -d /etc/autodiscover/domains ]]",
            "cmp /usr/share/doc/autodiscover/examples/autodiscover.toml /usr/share/autodiscover/autodiscover.toml",
            self.configure, f"cp {self.CONFIG} /edited", ReadmeDebian.host, ReadmeDebian.every, "dpkg --remove autodiscover",
            f"[[ ! -e {enabled} && -e {self.CONFIG} ]]", self.INSTALL.format(new), f"[[ -e {enabled} ]]", self.UNTOUCHED,
            # Nobody's reload: that of the package's script. Here no systemd is asked for it.
            "service apache2 reload", ASK,
            # What the administrator has disabled stays so.
            "a2disconf --quiet autodiscover", "dpkg --remove autodiscover", self.INSTALL.format(new), f"[[ ! -e {enabled} ]]")
        self.answered(printed)

    def test_a_purge_ends_well_whatever_the_administrator_did(self):
        new = self.INSTALL.format(package.debian_package())
        self.in_a_copy(
            new, "dpkg --purge autodiscover", "[[ ! -e /etc/autodiscover ]]",
            new, "rmdir /etc/autodiscover/domains", "dpkg --purge autodiscover", "[[ ! -e /etc/autodiscover ]]",
            new, "touch /etc/autodiscover/domains/example.net.toml", "dpkg --purge autodiscover",
            f"[[ -e /etc/autodiscover/domains/example.net.toml && ! -e {self.CONFIG} ]]", "rm -r /etc/autodiscover",
            new, "rm -r /etc/autodiscover", "dpkg --purge autodiscover",
            new, "mv /etc/autodiscover /srv/own && ln -s /srv/own /etc/autodiscover", "dpkg --purge autodiscover",
            "[[ -L /etc/autodiscover && -e /srv/own/autodiscover.toml ]]", "rm /etc/autodiscover",
            new, "rmdir /etc/autodiscover/domains && mkdir /srv/domains && ln -s /srv/domains /etc/autodiscover/domains",
            "dpkg --purge autodiscover", "[[ -L /etc/autodiscover/domains && -d /srv/domains ]]")


class Head(unittest.TestCase):
    def test_the_virtual_host_says_the_same_as_the_readme(self):
        """In its comments: the modules and the site, then the certificate."""
        site = blocks()["Debian and Ubuntu"][1].splitlines()
        comments = re.findall("^#   (.*)", (harness.ROOT / "apache/autodiscover.conf").read_text().partition("<IfDefine")[0], re.M)
        self.assertEqual(len(comments), 2)
        self.assertIn(comments[0], site)
        self.assertTrue(comments[1].startswith("certbot certonly "))
        self.assertEqual(ReadmeDebian.site.splitlines()[1:3], [" && ".join(part) for part in (comments[0].split(" && ")[:2], comments[0].split(" && ")[2:])])


if __name__ == "__main__":
    harness.main("readme")

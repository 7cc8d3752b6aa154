"""packaging/panels: what connects the program to a panel, in a made copy of the panel's layout.

HestiaCP's templates are written anew here with the lines that matter; HESTIACP_SOURCE=DIRECTORY, a checkout of its
repository, takes the real ones. nginx, fcgiwrap and PHP are real; SQLite answers instead of MariaDB.
"""

import os
import pathlib
import re
import subprocess
import time
import unittest

import harness
import recipes

PANEL = harness.ROOT / "packaging/panels/autodiscover-panel"
COMMON = 'domains = []\n[imap]\nserver = "mail.{domain}"\n[smtp]\nserver = "mail.{domain}"\n'
# As install/deb/templates/mail/nginx/default.stpl and .tpl, and web/nginx/default.stpl and .tpl of HestiaCP 1.9 are built.
TLS = "\tssl_certificate     %ssl_pem%;\n\tssl_certificate_key %ssl_key%;\n\tif ($anti_replay = 425) { return 425; }\n"
TEMPLATE = """server {{
\tlisten      %ip%:%{port}%{ssl};
\tserver_name %domain_idn% %alias_idn%;
{tls}\tlocation ~ /\\.(?!well-known\\/) {{
\t\tdeny all;
\t\treturn 404;
\t}}
\tlocation / {{
\t\tproxy_pass {scheme}://%ip%:%{web}%;
\t}}
\tinclude %home%/%user%/conf/{kind}/%root_domain%/nginx{infix}.conf_*;
}}
"""


def template(kind, secure):
    source = os.environ.get("HESTIACP_SOURCE")
    if source:
        return (pathlib.Path(source) / f"install/deb/templates/{kind}/nginx/default.{'stpl' if secure else 'tpl'}").read_text()
    if secure:
        return TEMPLATE.format(port="proxy_ssl_port", ssl=" ssl", tls=TLS, scheme="https", web="web_ssl_port", kind=kind, infix=".ssl")
    return TEMPLATE.format(port="proxy_port", ssl="", tls="", scheme="http", web="web_port", kind=kind, infix="")


class Panels(unittest.TestCase):
    def setUp(self):
        if os.geteuid():
            self.skipTest("only root can connect a panel")
        self.folder = self.enterContext(harness.folder())
        self.root = self.folder / "root"
        for path, text in (("etc/autodiscover/autodiscover.toml", COMMON), ("etc/autodiscover/domains/", None), ("bin/", None)):
            self.lay(path, text)
        self.command("autodiscover-sync", f'exec {harness.ROOT}/packaging/autodiscover-sync "$@"')
        self.command("autodiscover", f'exec {harness.program()} "$@"')

    def lay(self, path, text):
        target = self.root / path
        (target if text is None else target.parent).mkdir(parents=True, exist_ok=True)
        if text is not None:
            target.write_text(text)
        return target

    def command(self, name, text):
        """A program that the panel's machine has."""
        self.lay(f"bin/{name}", f"#!/bin/sh\n{text}\n").chmod(0o755)

    def panel(self, *arguments, status=0):
        done = subprocess.run([PANEL, "--root", self.root, *arguments], capture_output=True, text=True, timeout=60,
                              env=os.environ | {"PATH": f"{self.root}/bin:{os.environ['PATH']}"})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def run_script(self, path):
        subprocess.run([self.root / path, "ada", "example.net"], check=True, env=os.environ | {"PATH": f"{self.root}/bin:{os.environ['PATH']}"})

    def served(self):
        return {path.name for path in (self.root / "etc/autodiscover/domains").iterdir()}

    def files(self):
        """Everything below the root, but for what sync writes."""
        return {str(path.relative_to(self.root)): path.read_bytes() for path in self.root.rglob("*")
                if path.is_file() and "etc/autodiscover/domains" not in str(path) and "log" not in path.suffix}


class HestiaCP(Panels):
    def setUp(self):
        super().setUp()
        harness.needs("nginx", "fcgiwrap", "openssl")
        self.nginx = self.enterContext(harness.Nginx(["example.org", "*.example.org", "example.net", "*.example.net"]))
        block = subprocess.run(["bash", "-c", "source packaging/package.sh && package_nginx_block \"$1\"", "bash", self.nginx.folder / "program/autodiscover.cgi"],
                               cwd=harness.ROOT, check=True, capture_output=True, text=True).stdout
        self.assertIn("SCRIPT_FILENAME", block)
        self.lay("usr/share/autodiscover/nginx-block.conf", block.replace("/run/fcgiwrap.socket", f"{self.nginx.folder}/socket"))
        harness.install(self.nginx.folder / "program/autodiscover.cgi")
        # Beside the program; in the system it is /etc/autodiscover.
        (self.nginx.folder / "program/autodiscover.toml").symlink_to(self.root / "etc/autodiscover/autodiscover.toml")
        (self.nginx.folder / "program/domains").symlink_to(self.root / "etc/autodiscover/domains")
        self.lay("usr/local/hestia/data/", None)
        self.web = harness.free_port()
        for domain in ("example.org", "example.net"):
            self.add(domain)
        self.lay("home/ada/conf/web/example.org/", None)
        self.vhost("web", "example.org")
        servers = f"""log_format bytes '$body_bytes_sent';
map "" $anti_replay {{ default 0; }}
server {{ listen 127.0.0.1:{self.web}; location / {{ return 200 "the webmail"; }} }}
server {{ listen 127.0.0.1:{harness.free_port()}; }}
include {self.root}/etc/nginx/conf.d/domains/*.conf;
"""
        self.nginx.start(servers)
        self.command("nginx", f'exec {harness.tool("nginx")} -e {self.nginx.folder}/error.log -c {self.nginx.folder}/nginx.conf "$@"')

    def vhost(self, kind, domain):
        """What Hestia makes of its templates (func/domain.sh, add_webmail_config)."""
        for secure in (True, False):
            text = template(kind, secure)
            names = {"domain_idn": domain if kind == "web" else f"webmail.{domain}", "alias_idn": "" if kind == "web" else f"mail.{domain}",
                     "root_domain": domain, "domain": domain, "user": "ada", "home": f"{self.root}/home", "ip": "127.0.0.1", "proxy_ssl_port": self.nginx.https,
                     "proxy_port": self.nginx.http, "web_ssl_port": self.web, "web_port": self.web, "ssl_pem": self.nginx.certificate, "ssl_key": self.nginx.key,
                     "proxy_system": "nginx", "web_system": "nginx", "proxy_extensions": "jpg", "sdocroot": "/nowhere", "docroot": "/nowhere"}
            text = re.sub(r"%(\w+)%", lambda match: str(names[match[1]]), text).replace("/var/log/nginx/domains", str(self.nginx.folder))
            # The web server behind has no certificate here.
            text = text.replace(f"https://127.0.0.1:{self.web}", f"http://127.0.0.1:{self.web}")
            self.lay(f"etc/nginx/conf.d/domains/{kind}.{domain}{'.ssl' if secure else ''}.conf", text)

    def add(self, domain):
        """As v-add-mail-domain: directories, Exim's entry, virtual hosts, and then the script of data/extensions."""
        self.lay(f"home/ada/conf/mail/{domain}/", None)
        self.lay("etc/exim4/domains/", None)
        (self.root / f"etc/exim4/domains/{domain}").symlink_to(self.root / f"home/ada/conf/mail/{domain}")
        self.vhost("mail", domain)

    def delete(self, domain):
        """As v-delete-mail-domain, before it calls the script."""
        (self.root / f"etc/exim4/domains/{domain}").unlink()
        subprocess.run(["rm", "-r", self.root / f"home/ada/conf/mail/{domain}"], check=True)
        for path in (self.root / "etc/nginx/conf.d/domains").glob(f"mail.{domain}*"):
            path.unlink()

    def outlook(self, host, domain):
        """What Outlook gets by the SRV record, which leads to the name that Hestia has a certificate for."""
        return self.nginx.request("/Autodiscover/Autodiscover.xml", host, body=harness.post(f"ada@{domain}")).body

    def eventually(self, text, ask, *arguments):
        """nginx reloads after the command has ended, and for a moment the old workers still answer."""
        for _ in range(100):
            body = ask(*arguments)
            if text in body:
                return
            time.sleep(0.02)
        self.fail(f"{arguments}: {body}")

    def test_it_installs_answers_and_goes_without_a_trace(self):
        before = self.files()
        self.panel("hestiacp", "install")
        self.assertEqual(self.served(), {"example.org.toml", "example.net.toml"})
        for host, domain in (("mail.example.org", "example.org"), ("webmail.example.org", "example.org"), ("example.org", "example.org"),
                             ("mail.example.net", "example.net")):
            self.eventually(f"<Server>mail.{domain}</Server>".encode(), self.outlook, host, domain)
        for path in ("/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=ada@example.org", "/mail/config-v1.1.xml?emailaddress=ada@example.org"):
            self.eventually(b"<hostname>mail.example.org</hostname>", lambda path: self.nginx.request(path, "example.org").body, path)
        # What is the panel's stays the panel's.
        for host in ("webmail.example.org", "mail.example.org", "example.org"):
            self.assertEqual(self.nginx.request("/", host).body, b"the webmail")
        self.panel("hestiacp", "remove")
        self.assertEqual(self.files(), before)
        self.eventually(b"the webmail", self.outlook, "mail.example.org", "example.org")

    def test_a_domain_that_comes_and_goes(self):
        self.delete("example.net")
        self.panel("hestiacp", "install")
        self.assertEqual(self.served(), {"example.org.toml"})
        self.add("example.net")
        self.run_script("usr/local/hestia/data/extensions/add-mail-domain.sh")
        self.assertEqual(self.served(), {"example.org.toml", "example.net.toml"})
        self.eventually(b"<Server>", self.outlook, "mail.example.net", "example.net")
        self.delete("example.net")
        self.run_script("usr/local/hestia/data/extensions/delete-mail-domain.sh")
        self.assertEqual(self.served(), {"example.org.toml"})

    def test_scripts_of_the_administrator_stay(self):
        script = self.lay("usr/local/hestia/data/extensions/add-mail-domain.sh", "#!/bin/bash\necho mine >/dev/null\nexit 0\n")
        script.chmod(0o700)
        before = self.files()
        for _ in range(2):
            self.panel("hestiacp", "install")
        text = script.read_text()
        self.assertEqual(text.count("autodiscover-panel"), 1)
        self.assertLess(text.index("autodiscover-panel"), text.index("exit 0"))
        self.run_script("usr/local/hestia/data/extensions/add-mail-domain.sh")
        self.panel("hestiacp", "remove")
        self.assertEqual(self.files(), before)

    def test_what_nginx_refuses_is_taken_back(self):
        self.lay("usr/share/autodiscover/nginx-block.conf", "nonsense;\n")
        self.assertIn("nginx refuses the configuration, so 6 files are taken back", self.panel("hestiacp", "install", status=1))
        self.assertEqual(list(self.root.glob("home/*/conf/*/*/nginx*autodiscover")), [])

    def test_a_script_that_fails_does_not_stop_the_panel(self):
        self.panel("hestiacp", "install")
        self.command("autodiscover-sync", "exit 1")
        self.run_script("usr/local/hestia/data/extensions/add-mail-domain.sh")

    def test_a_symlink_in_the_directory_of_a_domain_is_not_followed(self):
        """The directory belongs to Exim's user."""
        victim = self.lay("victim", "of somebody else")
        for name in ("nginx.conf_autodiscover", ".nginx.ssl.conf_autodiscover.new"):
            (self.root / "home/ada/conf/mail/example.org" / name).symlink_to(victim)
        self.panel("hestiacp", "install")
        self.assertEqual(victim.read_text(), "of somebody else")

    def test_without_the_panel_or_a_configuration_nothing_is_done(self):
        before = self.files()
        (self.root / "etc/autodiscover/autodiscover.toml").rename(self.root / "kept")
        self.assertIn("write /etc/autodiscover/autodiscover.toml first", self.panel("hestiacp", "install", status=1))
        (self.root / "kept").rename(self.root / "etc/autodiscover/autodiscover.toml")
        self.assertIn("there is no ISPConfig", self.panel("ispconfig", "install", status=1))
        self.assertEqual(self.files(), before)


class Database(Panels):
    def setUp(self):
        super().setUp()
        for name in ("a2enmod", "a2enconf", "a2disconf", "apachectl"):
            self.command(name, f'echo {name} "$@" >>{self.folder}/called')
        recipes.lay_mariadb(self.root / "bin")
        self.lay("etc/apache2/conf-available/autodiscover.conf", "")

    def called(self):
        return (self.folder / "called").read_text().splitlines()

    def installs(self, panel):
        before = self.files()
        self.assertIn("Run: service apache2 restart", self.panel(panel, "install"))
        self.assertEqual(self.called(), ["a2enmod --quiet cgid actions", "a2enconf --quiet autodiscover", "apachectl configtest"])
        self.assertEqual({name for name in self.served() if name.endswith(".toml")}, {"example.org.toml", "example.net.toml"})
        self.assertIn("ada web1p1\n", (self.root / "etc/autodiscover/domains/example.org.logins").read_text())
        self.assertEqual(self.run_cron(), 0)
        return before

    def run_cron(self):
        return subprocess.run([self.root / "etc/cron.hourly/autodiscover-panel"], env=os.environ | {"PATH": f"{self.root}/bin:{os.environ['PATH']}"}).returncode

    def test_froxlor(self):
        self.lay("var/www/html/froxlor/", None)
        before = self.installs("froxlor")
        self.panel("froxlor", "remove")
        self.assertEqual(self.files(), before)

    def test_ispconfig_calls_the_plugin_when_mail_changes(self):
        harness.needs("php")
        plugin = (harness.ROOT / "packaging/panels/autodiscover_plugin.inc.php").read_text()
        self.lay("usr/share/autodiscover/autodiscover_plugin.inc.php", plugin)
        for name in ("available", "enabled"):
            self.lay(f"usr/local/ispconfig/server/plugins-{name}/", None)
        before = self.installs("ispconfig")
        (self.root / "etc/autodiscover/domains/example.net.toml").unlink()
        # As server/lib/classes/plugins.inc.php of ISPConfig 3.2 loads and calls a plug-in.
        stand_in = """<?php
        class Plugins { public $events = array(); function registerEvent($event, $plugin, $function) { $this->events[$event] = array($plugin, $function); } }
        $app = new stdClass; $app->plugins = new Plugins; $conf = array('services' => array('mail' => true));
        include $argv[1];
        $plugin = new autodiscover_plugin; $plugin->onLoad();
        echo implode(' ', array_keys($app->plugins->events)), $plugin->onInstall() ? ' enabled' : '', "\\n";
        list($name, $function) = $app->plugins->events['mail_domain_insert'];
        $plugin->$function('mail_domain_insert', array('new' => array(), 'old' => array()));
        """
        self.lay("stand-in.php", stand_in)
        printed = subprocess.run([harness.tool("php"), self.root / "stand-in.php", self.root / "usr/local/ispconfig/server/plugins-enabled/autodiscover_plugin.inc.php"],
                                 env=os.environ | {"PATH": f"{self.root}/bin:{os.environ['PATH']}"}, check=True, capture_output=True, text=True).stdout
        self.assertEqual(printed, "mail_domain_insert mail_domain_update mail_domain_delete mail_user_insert mail_user_update mail_user_delete enabled\n")
        self.assertIn("example.net.toml", self.served())
        (self.root / "stand-in.php").unlink()
        self.panel("ispconfig", "remove")
        self.assertEqual(self.files(), before)

    def test_without_a_mail_domain_nothing_is_changed(self):
        self.lay("var/www/html/froxlor/", None)
        self.command("mariadb", "true")
        self.assertIn("Froxlor has no mail domain; nothing is changed", self.panel("froxlor", "sync", status=1))


if __name__ == "__main__":
    harness.main("panels")

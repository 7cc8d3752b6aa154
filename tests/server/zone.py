"""Loads what `autodiscover dns` prints with BIND's named-checkzone, as the administrator's name server would.

It reads what tests/cli expects, not what the program prints: tests/cli.sh shows that both are the same.
"""

import re
import subprocess
import sys
import time
import unittest

import harness

FIRST_LINE = re.compile(r"; What mail clients look up for (.*)\.\n")
ALIAS_WARNING = re.compile(r"^; .* leads to .*, which must not be a CNAME then\.$", re.M)


def records(text):
    """The records without comments, in one spelling."""
    return sorted(re.sub(r"\s+", " ", line) for line in text.splitlines() if line and not line.startswith(";"))


def surrounded(lines, domain):
    """A zone with these lines, and with the addresses that they rely on."""
    zone = ["$TTL 3600", f"{domain}. SOA ns.example. hostmaster.example. 1 3600 900 604800 300", f"{domain}. NS ns.example.", lines]
    targets = {record.split(" ")[-1] for record in records(lines) if record.split(" ")[1] in ("SRV", "CNAME")}
    aliases = {record.split(" ")[0] for record in records(lines) if record.split(" ")[1] == "CNAME"}
    # Nothing else may stand beside a CNAME, and what lies elsewhere does not belong here.
    return "\n".join(zone + [f"{name} A 192.0.2.1" for name in sorted(targets - aliases) if name.endswith(f".{domain}.")]) + "\n"


class Zone(unittest.TestCase):
    def loaded(self, lines, domain):
        """What BIND says of the zone, and the records that it holds then."""
        folder = self.enterContext(harness.folder())
        (folder / "zone").write_text(surrounded(lines, domain))
        done = subprocess.run(
            ["named-checkzone", *"-i local -k fail -m fail -M fail -n fail -r fail -S fail -s full -D -o loaded".split(),
             domain, "zone"], cwd=folder, capture_output=True, text=True)
        said = [line for line in (done.stdout + done.stderr).splitlines()
                if not re.fullmatch(r"zone .*: loaded serial 1|dump zone to .*done|OK", line)]
        if done.returncode or said:
            return done.stdout + done.stderr or "an error", []
        # What was added around the lines is taken away again.
        dumped = re.sub(r"^(\S+)\s+\d+\s+IN\s+", r"\1 ", (folder / "loaded").read_text(), flags=re.M)
        return "", [record for record in records(dumped) if record.split(" ")[1] not in ("SOA", "NS", "A")]

    def test_the_records_of_every_command_load_as_they_are(self):
        harness.needs("named-checkzone")
        printed = {path.parent.name: path.read_text() for path in harness.TESTS.glob("cli/dns*/stdout")
                   if path.parent.name not in ("dns-nsupdate", "dns-octodns")}
        # A command may print the zones of several domains.
        zones = [(name, text) for name, all_zones in printed.items() for text in all_zones.split("\n\n") if FIRST_LINE.match(text)]
        self.assertGreater(len(zones), len(printed) / 2)
        for name, text in zones:
            domain = FIRST_LINE.match(text)[1]
            with self.subTest(name, domain=domain):
                said, found = self.loaded(text + "\n", domain)
                if ALIAS_WARNING.search(text):
                    # BIND must object too.
                    self.assertIn("is a CNAME (illegal)", said)
                else:
                    self.assertEqual((said, found), ("", records(text)))

    def test_nsupdate_replaces_the_records_and_no_others(self):
        """With a real BIND; the second run changes nothing (RFC 2136)."""
        harness.needs("named", "nsupdate", "dig")
        folder, port = self.enterContext(harness.folder()), harness.free_port()
        folder.chmod(0o777)
        text = (harness.TESTS / "cli/dns-srv/stdout").read_text()
        kept = ['example.org. TXT "v=spf1 -all"', "www.example.org. A 192.0.2.7"]
        old = ["_imaps._tcp.example.org. SRV 9 9 9 old.example.org."]
        (folder / "zone").write_text("\n".join(
            ["$TTL 3600", "example.org. SOA ns.example. hostmaster.example. 1 3600 900 604800 300", "example.org. NS ns.example.", *kept, *old, ""]))
        (folder / "named.conf").write_text(
            f'options {{ directory "{folder}"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; pid-file none;'
            f' session-keyfile "{folder}/key"; recursion no; dnssec-validation no; allow-transfer {{ 127.0.0.1; }}; }};\ncontrols {{ }};\n'
            'zone "example.org" { type primary; file "zone"; allow-update { 127.0.0.1; }; };\n')
        server = subprocess.Popen(["named", "-g", "-c", folder / "named.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)

        def transferred():
            done = subprocess.run(["dig", "@127.0.0.1", "-p", str(port), "+noall", "+answer", "+tries=1", "+time=1", "example.org", "AXFR"],
                                  capture_output=True, text=True)
            lines = re.sub(r"^(\S+)\s+\d+\s+IN\s+", r"\1 ", done.stdout, flags=re.M)
            return [record for record in records(lines) if record.split(" ")[1] not in ("SOA", "NS")]

        deadline = time.monotonic() + 20
        while not transferred():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)
        commands = subprocess.run([harness.program(), *"dns --srv --host web.example.net --as nsupdate example.org".split()], check=True,
                                  env={"AUTODISCOVER_CONFIG": str(harness.TESTS / "config/autodiscover.toml")}, capture_output=True, text=True).stdout
        for _ in range(2):
            subprocess.run(["nsupdate"], input=f"server 127.0.0.1 {port}\n{commands}", text=True, check=True)
            self.assertEqual(transferred(), sorted(records(text) + kept))

    def test_octodns_reads_its_zone(self):
        """octoDNS from PyPI, whose YamlProvider wants the names in order."""
        folder = self.enterContext(harness.folder())
        for command in ([sys.executable, "-m", "venv", folder / "venv"], [folder / "venv/bin/pip", "-q", "install", "octodns"]):
            if subprocess.run(command, capture_output=True).returncode:
                self.skipTest("octoDNS cannot be installed from PyPI")
        (folder / "zones").mkdir()
        (folder / "zones/example.org.yaml").write_text((harness.TESTS / "cli/dns-octodns/stdout").read_text())
        provider = "class: octodns.provider.yaml.YamlProvider, directory: zones"
        (folder / "config.yaml").write_text(f"providers: {{here: {{{provider}}}}}\nzones: {{example.org.: {{sources: [here], targets: [here]}}}}\n")
        done = subprocess.run([folder / "venv/bin/octodns-validate", "--config-file", "config.yaml"], cwd=folder, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        loaded = subprocess.run([folder / "venv/bin/python", "-c", LOADED], cwd=folder, capture_output=True, text=True, check=True).stdout
        self.assertEqual(sorted(loaded.splitlines()), sorted(
            " ".join(record.split(" ")[:2]) for record in records((harness.TESTS / "cli/dns/stdout").read_text())))


LOADED = """
from octodns.provider.yaml import YamlProvider
from octodns.zone import Zone
zone = Zone("example.org.", [])
YamlProvider("here", "zones").populate(zone)
for record in zone.records:
    for _ in getattr(record, "values", [record]):
        print(record.fqdn, record._type)
"""


if __name__ == "__main__":
    harness.main("zone")

"""Loads what `autodiscover dns` prints with BIND's named-checkzone, as the administrator's name server would.

It reads what tests/cli expects, not what the program prints: tests/cli.sh shows that both are the same.
"""

import re
import subprocess
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
        printed = {path.parent.name: path.read_text() for path in harness.TESTS.glob("cli/dns*/stdout")}
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


if __name__ == "__main__":
    harness.main("zone")

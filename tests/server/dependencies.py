"""Licences, sources, kinds and known vulnerabilities of the dependencies, by cargo-deny and tests/deny.toml."""

import subprocess
import unittest

import harness


class Dependencies(unittest.TestCase):
    def setUp(self):
        if not harness.tool("cargo-deny"):
            # It takes six minutes of processor time to build, so .ci/run installs it and not every tester has to.
            self.skipTest("missing: cargo-deny; run: cargo install --locked cargo-deny")

    def check(self, rule):
        """Status and output."""
        done = subprocess.run(["cargo", "deny", "--locked", "--config", "tests/deny.toml", "check", rule],
                              cwd=harness.ROOT, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def test_every_rule_holds(self):
        for rule in ("bans", "licenses", "sources"):
            with self.subTest(rule):
                status, printed = self.check(rule)
                self.assertEqual(status, 0, printed)

    def test_no_vulnerability_is_known(self):
        status, printed = self.check("advisories")
        if "failed to fetch advisory database" in printed:
            self.skipTest("the database of advisories cannot be fetched")
        self.assertEqual(status, 0, printed)


if __name__ == "__main__":
    harness.main("dependencies")

"""Licences, sources and kinds of dependencies against tests/deny.toml, without the network."""

import subprocess
import unittest

import harness


class Dependencies(unittest.TestCase):
    def test_every_rule_holds(self):
        if not harness.tool("cargo-deny"):
            # It takes longer to build than all tests to run, so not even CI installs it.
            self.skipTest("missing: cargo-deny (cargo install cargo-deny --locked)")
        for rule in ("bans", "licenses", "sources"):
            with self.subTest(rule):
                done = subprocess.run(["cargo", "deny", "--offline", "--locked", "check", "--config", "tests/deny.toml", rule],
                                      cwd=harness.ROOT, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    harness.main("dependencies")

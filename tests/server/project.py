"""What a stranger relies on: packaging/project.toml is the one place of contact, repository and key, and the workflows that
publish give away no more than they must.
"""

import re
import subprocess
import tomllib
import unittest

import harness

PROJECT = tomllib.loads((harness.ROOT / "packaging/project.toml").read_text())
WORKFLOWS = {path.name: path.read_text() for path in sorted((harness.ROOT / ".github/workflows").glob("*.yml"))}
# RFC 2606, section 3: these belong to nobody, so nobody can be reached there.
NOBODY = re.compile(r"@(\w+\.)*example\.(com|net|org)\b")


def jobs(text):
    """The name and the text of each job."""
    pieces = re.split(r"(?m)^  ([a-z]+):\n", text.partition("\njobs:\n")[2])
    return dict(zip(pieces[1::2], pieces[2::2]))


class Project(unittest.TestCase):
    def test_each_value_is_empty_or_of_its_form(self):
        forms = {"repository": r"https://[^\s/]+/\S+[^/]", "contact": r"[^<>@]+ <[^<>@\s]+@[^<>@\s]+>", "key": r"RW[A-Za-z0-9+/]{54}"}
        self.assertEqual(set(PROJECT), set(forms))
        for name, form in forms.items():
            with self.subTest(name):
                self.assertRegex(PROJECT[name], rf"\A({form})?\Z")
                self.assertNotRegex(PROJECT[name], NOBODY)

    def test_Cargo_toml_names_this_repository_or_none(self):
        package = tomllib.loads((harness.ROOT / "Cargo.toml").read_text())["package"]
        self.assertEqual(package.get("repository", ""), PROJECT["repository"])

    def test_the_package_invents_no_address(self):
        for name in ("control", "changelog", "copyright"):
            self.assertNotRegex((harness.ROOT / "packaging/debian" / name).read_text(), NOBODY)


class Workflows(unittest.TestCase):
    """GitHub: «Security hardening for GitHub Actions»."""

    def test_each_action_is_pinned_by_its_commit(self):
        found = [line for text in WORKFLOWS.values() for line in re.findall(r"uses: (.*)", text)]
        self.assertGreater(len(found), 3)
        for line in found:
            self.assertRegex(line, r"\A[\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\Z")

    def test_no_checkout_leaves_its_token_behind(self):
        for text in WORKFLOWS.values():
            steps = re.split(r"(?m)^      - ", text)
            for step in (step for step in steps if "actions/checkout@" in step):
                self.assertIn("persist-credentials: false", step)

    def test_a_job_has_the_permissions_that_it_names(self):
        for name, text in WORKFLOWS.items():
            self.assertIn("\npermissions: {}\n", text)
            for job, steps in jobs(text).items():
                with self.subTest(name, job=job):
                    self.assertIn("\n    permissions:\n", steps)
                    if job != "publish":
                        self.assertNotIn(": write", steps)

    def test_what_compiles_has_no_secret_and_what_has_it_compiles_nothing(self):
        both = jobs(WORKFLOWS["release.yml"])
        self.assertEqual(set(both), {"build", "publish"})
        self.assertNotIn("secrets.", both["build"])
        self.assertIn("secrets.MINISIGN_KEY", both["publish"])
        self.assertNotRegex(both["publish"], r"cargo|rustup|tests/run|build\.sh")

    def lint(self, tool, *arguments):
        if not harness.tool(tool):
            # Debian has no package of it, so CI need not have it.
            self.skipTest(f"missing: {tool}")
        done = subprocess.run([tool, *arguments], cwd=harness.ROOT, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_zizmor_finds_nothing(self):
        self.lint("zizmor", "--offline", "--no-progress", "--strict-collection", ".github/workflows")

    def test_actionlint_finds_nothing(self):
        self.lint("actionlint")


if __name__ == "__main__":
    harness.main("project")

"""The paths of the program's table, and that every server configuration that lists documents lists exactly these.

The suites that ask a real server take the paths from here.
"""

import re
import unittest

import harness


def table():
    """Every path of a row of the program's table, with a `*` for the part that differs."""
    paths = []
    for file in sorted((harness.ROOT / "src/protocol").rglob("*.rs")):
        text = re.sub("//.*", "", file.read_text())
        constants = dict(re.findall(r'const (\w+): &str = "([^"]*)";', text))
        for row in re.findall(r"\bpaths: &\[(.*?)\]", text, re.S):
            paths += [path if quoted else constants[name] for quoted, path, name in re.findall(r'(")([^"]*)"|(\w+)', row)]
    return paths


# The page stands where other sites have pages of their own: a configuration leads to it on some hosts only.
PAGE = ("", "/mail")
PAGES = ("/", "/mail", "/mail/")
# Documents below another's path need no line of their own.
DOCUMENTS = tuple(path for path in table() if "*" not in path and path not in PAGE
                  and not any(path.startswith(f"{above}/") for above in table() if above not in PAGE))
# Files that a user downloads under any name: how a configuration writes them, and an example.
ENDINGS = [path.removeprefix("/mail/*.") for path in table() if path.startswith("/mail/*.")]
PROFILE = (r"/mail/[^/]+\.(?:" + "|".join(ending.replace(".", r"\.") for ending in ENDINGS) + ")", "/mail/Ada B.mobileconfig")
# Where other sites must not lose anything; the virtual host of our own names leads directories to the program instead.
CONFIGURATIONS = ("apache/htaccess", "packaging/debian/autodiscover.conf", "packaging/nginx.conf", "packaging/lighttpd.conf")


def alternatives(text):
    """What stands between the bars of every list of paths that a configuration has."""
    lists = re.findall(r'"\(\?i?x\)\^\(\?:(.*?)\n\s*\)/\?\$"', text, re.S)
    return [[one.strip(" \\\n\t") for one in re.split(r" \|", paths)] for paths in lists]


def one_by_one(path):
    """The alternatives with a list of endings as one alternative an ending."""
    start, group, rest = re.fullmatch(r"(.*?)(?:\(\?:([a-z\\.|]+)\)(.*))?", path).groups()
    return {start + ending + rest for ending in group.split("|")} if group else {path}


class Configurations(unittest.TestCase):
    def test_the_table_is_found(self):
        self.assertIn("/autodiscover/autodiscover.xml", DOCUMENTS)
        self.assertIn("mobileconfig", ENDINGS)

    def test_the_documents_are_those_of_the_table(self):
        expected = {re.escape(path).replace(r"\-", "-") for path in DOCUMENTS} - {r"/autodiscover/autodiscover\.json"}
        # The address may follow in the path (Autodiscover V2).
        expected |= {r"/autodiscover/autodiscover\.json(?:/.*)?"} | one_by_one(PROFILE[0])
        for name in CONFIGURATIONS:
            with self.subTest(name):
                lists = alternatives((harness.ROOT / name).read_text())
                self.assertEqual(len(lists), 1, "one list of paths, that ends with )/?$")
                # The program's own path, in web space.
                listed = [path for path in lists[0] if not path.endswith(r"autodiscover\.cgi")]
                found = [one for path in listed for one in one_by_one(path)]
                self.assertEqual(sorted(found), sorted(expected))


if __name__ == "__main__":
    harness.main("routes")

"""The paths of the program, and that each stands once in the configuration of every server that we ship.

The suites that ask a real server take the paths from here.
"""

import re
import unittest

import harness

# Design: the table of routes. Outlook and phones, Autodiscover V2, autoconfig (Thunderbird; Nine; the autoconfig draft), PACC.
DOCUMENTS = (
    "/autodiscover/autodiscover.xml",
    "/autodiscover/autodiscover.json",
    "/mail/config-v1.1.xml",
    "/v1.1/mail/config-v1.1.xml",
    "/.well-known/autoconfig/mail/config-v1.1.xml",
    "/.well-known/mail-v1.xml",
    "/.well-known/user-agent-configuration.json",
)
# Paths with a part that differs: how a configuration writes it, and an example.
PROFILE = (r"/mail/[^/]+\.(?:mobileconfig|outlook\.xml|reg|txt)", "/mail/Ada B.mobileconfig")
PAGES = ("/", "/mail", "/mail/")

CONFIGURATIONS = ("apache/autodiscover.conf", "apache/htaccess", "packaging/debian/autodiscover.conf",
                  "packaging/nginx.conf", "packaging/lighttpd.conf")


def pattern(path):
    """The path as it stands in a regular expression."""
    return path.replace(".", r"\.")


class Configurations(unittest.TestCase):
    def test_every_path_stands_once_in_every_configuration(self):
        for name in CONFIGURATIONS:
            # The map of nginx.conf keeps addresses out of the access log, which needs a path again.
            # A group may be there to be taken up again.
            text = (harness.ROOT / name).read_text().replace("(mobileconfig", "(?:mobileconfig")
            lines = [line for line in text.splitlines() if not line.endswith(('" $1;', "$kind;"))]
            for path in (*map(pattern, DOCUMENTS), PROFILE[0]):
                with self.subTest(configuration=name, path=path):
                    # The end of a longer path, as of /v1.1/mail/, does not count.
                    found = [line for line in lines if re.search(r"(^|[\s(|^])" + re.escape(path), line)]
                    self.assertEqual(len(found), 1, found)


if __name__ == "__main__":
    harness.main("routes")

"""Checks the documents of all cases by means that are not ours: xmllint with an XSD, XPath and RELAX NG.

It reads what the cases expect, not what the program prints: tests/cases.sh shows that both are the same.
"""

import re
import subprocess
import tomllib
import unittest

import harness

SCHEMA = harness.TESTS / "schema"
# Each line is true of every Autodiscover answer.
RULES = [line for line in (SCHEMA / "rules.xpath").read_text().splitlines() if line and not line.startswith("#")]


def xmllint(*arguments, document):
    return subprocess.run(["xmllint", "--nonet", *arguments, "-"], input=document, capture_output=True)


def judged(document):
    """What is wrong with a document by the schema of its root and by the rules; nothing when it is right."""
    if b"<clientConfig" in document:
        done = xmllint("--noout", "--relaxng", SCHEMA / "autoconfig.rng", document=document)
    elif b"<Autodiscover" in document:
        done = xmllint("--noout", "--schema", SCHEMA / "autodiscover-response.xsd", document=document)
        every = " and ".join(f"({rule})" for rule in RULES)
        if not done.returncode and xmllint("--xpath", every, document=document).stdout.strip() != b"true":
            return [rule for rule in RULES if xmllint("--xpath", rule, document=document).stdout.strip() != b"true"]
    else:
        done = xmllint("--noout", document=document)
    return done.stderr.decode() if done.returncode else ""


def filled(body):
    """A document with values that fit the schema where a case has none."""
    return body.replace(b'"[TIME]"', b'"09:15:30.1234567"').replace(b'"[ID]"', b'"2477272013"')


def wrong():
    """The documents of tests/schema/wrong.toml, by their names."""
    for case, changes in tomllib.loads((SCHEMA / "wrong.toml").read_text("utf-8")).items():
        right = filled(harness.Case(case).expected.body).decode()
        if right.startswith("<"):
            right = re.sub(r">\n *<", "><", right)
        for name, pieces in changes.items():
            document = right
            for piece, other in zip(pieces[::2], pieces[1::2], strict=True):
                assert piece in document, f"{name}: no {piece} in the document of {case}"
                document = document.replace(piece, other, 1)
            yield name, document.encode()


class Documents(unittest.TestCase):
    def test_every_xml_document_keeps_its_schema_and_the_rules(self):
        harness.needs("xmllint")
        for case in harness.cases():
            body = filled(case.expected.body)
            if body and re.match("[a-z/+]*xml", case.expected.headers["Content-Type"]):
                with self.subTest(case.name):
                    self.assertFalse(judged(body))

    def test_wrong_xml_documents_are_refused(self):
        harness.needs("xmllint")
        for name, document in wrong():
            if not document.startswith(b"<"):
                continue
            with self.subTest(name):
                # Broken XML would be refused for the wrong reason.
                self.assertEqual(xmllint("--noout", document=document).stderr, b"")
                self.assertTrue(judged(document), "it was let through")


if __name__ == "__main__":
    harness.main("documents")

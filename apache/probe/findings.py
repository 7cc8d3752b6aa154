"""What was found, how it is written, and the report that ends with the first step."""

import collections
import json
import os
import sys

# So many lines of one kind are looked at or printed, whatever a server sends.
MANY = 20


def printable(text):
    """What a server sent, made safe for a terminal."""
    return "".join(character if character.isprintable() else "?" for character in str(text))


def short(text):
    text = printable(text)
    return text if len(text) <= 200 else text[:200] + "..."


def one_line(text):
    """What Nagios takes for text: one line without the sign that performance data begin with."""
    return short(text).replace("|", "/")


def count(number, noun):
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


def causes_of(findings):
    """The causes of what was found, the most urgent first; each with its step, its usual reasons and its findings."""
    causes = {}
    for finding in findings:
        if "step" in finding:
            cause = causes.setdefault(finding["step"], {**finding, "findings": []})
            cause["rank"] = min(cause["rank"], finding["rank"])
            if finding["subject"] not in cause["findings"]:
                cause["findings"].append(finding["subject"])
    return sorted(causes.values(), key=lambda cause: cause["rank"])


def fails(findings):
    return any(finding["level"] == "FAIL" for finding in findings)


def verdict(results):
    """The line for Nagios and its exit status (Monitoring Plugins Development Guidelines), of findings by address."""
    levels = collections.Counter(finding["level"] for findings in results.values() for finding in findings)
    status = 2 if levels["FAIL"] else 1 if levels["warn"] else 0
    first = []
    for address, findings in results.items():
        causes = causes_of(findings)
        if causes and (causes[0]["level"] == "FAIL" or status == 1):
            first.append(f"{address}: {causes[0]['step']}")
    text = "".join(f"; {one_line(each)}" for each in first[:5]) + f"; and {len(first) - 5} more" * (len(first) > 5)
    # As `autodiscover check --format nagios` prints it.
    return (f"AUTODISCOVER {('OK', 'WARNING', 'CRITICAL')[status]} - failures: {levels['FAIL']}, warnings: {levels['warn']}{text}", status)


class Report:
    """Prints headings and findings as they come, and at the end the causes and the first step."""

    def __init__(self, options):
        self.quiet, self.format = options.quiet, options.format
        plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"
        self.styles = {} if plain else {"ok": 32, "-": 2, "warn": 33, "FAIL": 31, "heading": 1}

    def styled(self, style, text):
        return f"\x1b[{self.styles[style]}m{text}\x1b[0m" if style in self.styles else text

    def tell(self, what):
        if self.format != "text":
            return
        if isinstance(what, dict) and (not self.quiet or what["level"] == "FAIL"):
            print(f"{self.styled(what['level'], format(what['level'], '4'))} {what['subject']}: {what['text']}", flush=True)
        elif isinstance(what, str) and not self.quiet:
            print("\n" + self.styled("heading", what))

    def begin(self, address):
        self.tell(f"Discovery of mail settings for {address}")
        if self.format == "text" and not self.quiet:
            print("asked from this computer; from another one you see what the world sees")

    def end(self, address, findings, unasked=""):
        causes = causes_of(findings)
        if self.format == "nagios":
            return
        if self.format == "json":
            keys = ("level", "subject", "text"), ("cause", "step", "reasons", "findings")
            print(json.dumps({"address": address, "fails": fails(findings), "findings": [
                {key: finding[key] for key in keys[0]} for finding in findings], "causes": [
                {key: cause[key] for key in keys[1]} for cause in causes]}), flush=True)
            return
        if len(causes) > 1 and not self.quiet:
            self.tell("What was found, by cause")
            for number, cause in enumerate(causes, 1):
                print(f"{number}. {cause['step']}", *cause["findings"], sep="\n     ")
        self.tell("What to change first")
        if causes:
            print(f"First: {causes[0]['step']}.")
            for reason in causes[0]["reasons"]:
                print(f"  usual reason: {reason}")
        elif fails(findings):
            print("First: look at the lines that begin with FAIL.")
        elif not self.quiet:
            print("nothing" + f"; not asked: {unasked}" * bool(unasked))

"""What was found, how it is written, and the report that ends with the first step."""

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


class Report:
    """Prints headings and findings as they come, and at the end the causes and the first step."""

    def __init__(self, options):
        self.quiet, self.json = options.quiet, options.json
        plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"
        self.styles = {} if plain else {"ok": 32, "-": 2, "warn": 33, "FAIL": 31, "heading": 1}

    def styled(self, style, text):
        return f"\x1b[{self.styles[style]}m{text}\x1b[0m" if style in self.styles else text

    def tell(self, what):
        if self.json:
            return
        if isinstance(what, dict) and (not self.quiet or what["level"] == "FAIL"):
            print(f"{self.styled(what['level'], format(what['level'], '4'))} {what['subject']}: {what['text']}", flush=True)
        elif isinstance(what, str) and not self.quiet:
            print("\n" + self.styled("heading", what))

    def end(self, address, findings):
        causes = causes_of(findings)
        if self.json:
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
        elif not self.quiet:
            print("nothing")

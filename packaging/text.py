#!/usr/bin/env python3
"""Prints a manual page of packaging/ as plain text: packaging/text.py PAGE

It knows the requests that our pages use and stops at any other. groff would do the same, but each version of it breaks
lines in its own way, and an archive has the same bytes wherever it is made.
"""

import pathlib
import re
import sys
import textwrap

WIDTH = 100
ESCAPES = {r"\-": "-", r"\(bu": "*", r"\(aq": "'", r"\*(Aq": "'", r"\&": "", r"\fB": "", r"\fI": "", r"\fR": "", r"\fP": "", r"\e": "\\"}


def plain(text):
    def character(match):
        if match[0] not in ESCAPES:
            sys.exit(f"text.py: unknown escape '{match[0]}'")
        return ESCAPES[match[0]]

    return re.sub(r"\\(?:\(..|\*\(..|f.|.)", character, text)


def words(text):
    """The arguments of a request."""
    return [plain(quoted or word) for quoted, word in re.findall(r'"([^"]*)"|(\S+)', text)]


def lines(page):
    """The lines of the text."""
    indent, levels, fill, tag, awaits_tag, first = 7, [], [], None, False, ""

    def paragraph():
        nonlocal tag
        text = " ".join(fill)
        fill.clear()
        if tag is not None:
            yield " " * indent + tag
            tag = None
        if text:
            yield from textwrap.wrap(text, WIDTH, initial_indent=" " * (indent + below) + first, break_long_words=False,
                                     subsequent_indent=" " * (indent + below + len(first)), break_on_hyphens=False)

    below, as_is = 0, False
    for line in page.splitlines():
        request, _, rest = line.partition(" ")
        if as_is and request != ".EE":
            yield (" " * (indent + below) + plain(line)).rstrip()
        elif not line.startswith((".", "'")):
            if awaits_tag:
                tag, awaits_tag = plain(line).strip(), False
            elif line.strip():
                fill.append(plain(line).strip())
            else:
                yield from paragraph()
                first = ""
                yield ""
        elif request in (".B", ".BR", ".I"):
            fill.append(("" if request == ".BR" else " ").join(words(rest)))
            if awaits_tag:
                tag, awaits_tag = fill.pop(), False
        elif request in (".ie", ".el", '.\\"'):
            pass
        else:
            yield from paragraph()
            first = ""
            if request == ".TH":
                name, section, _, version, title = words(rest)
                yield f"{name}({section}){title:^{WIDTH - 2 * len(name) - 6}}{name}({section})"
            elif request in (".SH", ".SS"):
                indent, below, levels = 7, 0, []
                yield ""
                yield ("" if request == ".SH" else "   ") + " ".join(words(rest))
            elif request in (".PP", ".TP"):
                yield ""
                below = 7 if request == ".TP" else 0
                awaits_tag = request == ".TP"
            elif request == ".IP":
                first = f"{words(rest)[0]} "
            elif request == ".RS":
                levels.append((indent, below))
                indent, below = indent + below + (0 if below else 7), 0
            elif request == ".RE":
                indent, below = levels.pop()
            elif request in (".EX", ".EE"):
                as_is = request == ".EX"
            elif request != ".br":
                sys.exit(f"text.py: unknown request '{request}'")
    yield from paragraph()


def text(page):
    """The page with at most one blank line in a row."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines(page)) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.stdout.write(text(pathlib.Path(sys.argv[1]).read_text()))

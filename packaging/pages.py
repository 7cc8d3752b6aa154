#!/usr/bin/env python3
"""Makes the pages of a package lead to what is in the package: packaging/pages.py ROOT <LIST

LIST has the lines MODE TARGET SOURCE [ORIGIN] of package.sh. In each TARGET that is Markdown a link to a file of the
repository becomes one to its target, and the file's name in backquotes becomes the target's. A link out of the
repository becomes plain text. A link to a file that the package lacks is an error.
README.md loses the sections that are for a checkout of the source.
"""

import os
import pathlib
import re
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
SOURCE_ONLY = ("See it work", "From source", "Work on it")


def without_sections(text, headings):
    """The text without these sections, each of which must exist."""
    for heading in headings:
        pattern = rf"^(#+) {re.escape(heading)}\n.*?(?=^#{{1,2}} |\Z)"
        text, count = re.subn(pattern, "", text, flags=re.M | re.S)
        if count != 1:
            sys.exit(f"pages.py: README.md has {count} sections '{heading}'; correct SOURCE_ONLY")
    return text


def slug(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def packed(text, source, target, targets):
    """The page `source` as it is at `target`; `targets` has the place of each file of the repository."""
    headings = {slug(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")}
    # What a system has is found by its whole path, what an archive has by the way from the page.
    system = target.startswith(("usr/", "etc/"))

    def way(path):
        return os.path.relpath(targets[path], os.path.dirname(target))

    def link(match):
        label, (path, _, anchor) = match["label"], match["to"].partition("#")
        if ":" in path:
            return match[0]
        if not path:
            return match[0] if anchor in headings else label
        path = os.path.normpath(os.path.join(os.path.dirname(source), path))
        if path in targets:
            return f"{match['image']}[{label}]({way(path)}{'#' * bool(anchor)}{anchor})"
        if (REPOSITORY / path).exists() and not path.startswith(".."):
            sys.exit(f"pages.py: {source} leads to {path}, which the package of {target} lacks")
        return label

    def name(match):
        path = match[1]
        if path not in targets:
            return match[0]
        return f"`/{targets[path]}`" if system else f"`{way(path)}`"

    # What is between fences is to be run.
    parts = re.split(r"(^```.*?^```$)", text, flags=re.M | re.S)
    for number in range(0, len(parts), 2):
        parts[number] = re.sub(r"(?P<image>!?)\[(?P<label>[^]]*)\]\((?P<to>[^) ]+)\)", link, parts[number])
        parts[number] = re.sub(r"`([^`\n]+)`", name, parts[number])
    return "".join(parts)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    lines = [line.split() for line in sys.stdin if line.strip()]
    targets = {(line[3:] or line[2:])[0]: line[1] for line in lines}
    for source, target in targets.items():
        if target.endswith(".md"):
            file = pathlib.Path(f"{sys.argv[1]}/{target}")
            text = file.read_text()
            if source == "README.md":
                text = without_sections(text, SOURCE_ONLY)
            file.write_text(packed(text, source, target, targets))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Prints what the static executable is linked from: as a text with the licences, or as a list of parts for programs.

    packaging/parts.py notices ARCHITECTURE
    packaging/parts.py spdx ARCHITECTURE EXECUTABLE         SPDX 2.3
    packaging/parts.py cyclonedx ARCHITECTURE EXECUTABLE    CycloneDX 1.6

What is printed depends on the commit, the compiler and the executable alone; SOURCE_DATE_EPOCH is its date.
"""

import collections
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib
import urllib.parse
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
AUTHORS = "the autodiscover authors"
PROJECT = tomllib.loads((ROOT / "packaging/project.toml").read_text())
# Those of a licence that has to be handed on, in the order of preference.
LICENCE_FILES = ("LICENSE-MIT*", "LICENSE*", "LICENCE*", "COPYING*")

# `sha256` is that of the file at `url`; `folder` holds the source, where it is on this machine.
Part = collections.namedtuple("Part", "name version licence purl url sha256 folder")


def output(*command):
    """What a command prints in the checkout."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"parts.py: '{' '.join(command)}' failed")
    return done.stdout


def crates(target):
    """The crates that are linked, this one first, and for each the crates that it needs itself."""
    locked = {(package["name"], package["version"]): package.get("checksum")
              for package in tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]}
    metadata = json.loads(output("cargo", "metadata", "--locked", "--format-version=1", f"--filter-platform={target}"))
    known = {(package["name"], package["version"]): package for package in metadata["packages"]}
    # Only the tree leaves out what is needed to build and test.
    tree = output("cargo", "tree", "--locked", "--edges=normal,no-proc-macro", f"--target={target}", "--prefix=depth",
                  "--no-dedupe", "--format= {p}")
    parts, needs, above = {}, collections.defaultdict(set), []
    for line in tree.splitlines():
        depth, name, version = line.split()[:3]
        key = name, version.removeprefix("v")
        if key not in parts:
            package = known[key]
            path = f"{urllib.parse.quote(key[0])}/{urllib.parse.quote(key[1])}"
            parts[key] = Part(*key, package["license"].replace("/", " OR "), f"pkg:cargo/{path.replace('/', '@')}",
                              f"https://crates.io/api/v1/crates/{path}/download", locked[key],
                              pathlib.Path(package["manifest_path"]).parent)
        del above[int(depth):]
        if above:
            needs[above[-1]].add(key)
        above.append(key)
    return parts, needs


def libraries(target):
    """What comes with the compiler."""
    verbose = dict(line.split(": ") for line in output("rustc", "--version", "--verbose").splitlines()[1:])
    library = pathlib.Path(output("rustc", "--print=target-libdir", f"--target={target}").strip())
    # musl tells its version only within itself.
    found = re.search(rb"\0(1\.\d+\.\d+)\0", (library / "self-contained/libc.a").read_bytes())
    if not found:
        sys.exit("parts.py: no version in the musl of this compiler")
    rust, musl = verbose["release"], found[1].decode()
    return [
        Part("rust-std", rust, "MIT OR Apache-2.0", f"pkg:generic/rust-std@{rust}",
             f"https://static.rust-lang.org/dist/rust-std-{rust}-{target}.tar.xz", None, None),
        Part("musl", musl, "MIT", f"pkg:generic/musl@{musl}", f"https://musl.libc.org/releases/musl-{musl}.tar.gz", None, None),
    ]


def licence_text(part):
    """The texts that want to be handed on with a crate; the Apache License stands beside the notices, once for all."""
    wanted = sorted(part.folder.glob("NOTICE*"))
    if "Apache-2.0" not in part.licence:
        found = [path for pattern in LICENCE_FILES for path in sorted(part.folder.glob(pattern)) if path.is_file()]
        if not found:
            sys.exit(f"parts.py: {part.name} {part.version} comes without the text of its licence, {part.licence}")
        wanted.insert(0, found[0])
    return "\n".join(path.read_text("utf-8").replace("\r", "") for path in wanted)


def notices(parts, extra):
    text = "autodiscover is a static executable. These are linked into it:\n\n"
    text += "".join(f"{part.name} {part.version}, {part.licence}: {part.url}\n" for part in extra)
    text += "\nand these crates, from https://crates.io/, by their licences:\n\n"
    text += "".join(f"{part.name} {part.version} {part.licence}\n" for part in parts)
    for part in parts:
        if found := licence_text(part):
            text += f"\n\n===== {part.name} {part.version}\n\n{found}"
    # The words of the MIT licence are the same for all.
    words = (ROOT / "LICENSE-MIT").read_text().partition("\nCopyright")[2].partition("\n")[2]
    return text + "\n\n===== musl\n\nCopyright © 2005-2020 Rich Felker, et al.\n" + words


def spdx(own, parts, needs, name, checksum, date, identity):
    def reference(part):
        # Only these characters may stand in one.
        return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.]", "-", f"{part.name}-{part.version}")

    def package(part):
        return {
            "SPDXID": reference(part), "name": part.name, "versionInfo": part.version,
            "downloadLocation": part.url or "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "NOASSERTION", "licenseDeclared": part.licence, "copyrightText": "NOASSERTION",
            "primaryPackagePurpose": "APPLICATION" if part is own else "LIBRARY",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": part.purl}],
        } | ({"checksums": [{"algorithm": "SHA256", "checksumValue": part.sha256}]} if part.sha256 else {})

    executable = {
        "SPDXID": "SPDXRef-executable", "fileName": "./autodiscover.cgi", "fileTypes": ["BINARY"],
        "checksums": [{"algorithm": kind, "checksumValue": value} for kind, value in checksum.items()],
        "licenseConcluded": "NOASSERTION", "copyrightText": "NOASSERTION",
    }
    related = [("SPDXRef-DOCUMENT", "DESCRIBES", reference(own)), ("SPDXRef-executable", "GENERATED_FROM", reference(own))]
    related += [("SPDXRef-executable", "STATIC_LINK", reference(part)) for part in parts if part is not own]
    related += [(reference(part), "DEPENDS_ON", reference(need)) for part in parts for need in needs(part)]
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": name,
        "documentNamespace": f"https://spdx.org/spdxdocs/{name}-{identity}",
        "creationInfo": {"created": date, "creators": [f"Organization: {AUTHORS}", f"Tool: packaging/parts.py-{own.version}"]},
        "packages": [package(part) for part in parts], "files": [executable],
        "relationships": [{"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
                          for one, kind, other in related],
    }


def cyclonedx(own, parts, needs, name, checksum, date, identity):
    def component(part):
        hashes = [{"alg": "SHA-256", "content": part.sha256}] if part.sha256 else []
        if part is own:
            hashes = [{"alg": kind.replace("SHA", "SHA-"), "content": value} for kind, value in checksum.items()]
        return {
            "type": "application" if part is own else "library", "bom-ref": part.purl, "name": part.name,
            "version": part.version, "licenses": [{"expression": part.licence}], "purl": part.purl,
        } | ({"hashes": hashes} if hashes else {}) | (
            {"externalReferences": [{"type": "vcs" if part is own else "distribution", "url": part.url}]} if part.url else {})

    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{identity}", "version": 1,
        "metadata": {
            "timestamp": date, "component": component(own), "authors": [{"name": AUTHORS}],
            "tools": {"components": [{"type": "application", "name": "packaging/parts.py", "version": own.version}]},
        },
        "components": [component(part) for part in parts if part is not own],
        "dependencies": [{"ref": part.purl, "dependsOn": [need.purl for need in needs(part)]} for part in parts],
    }


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1:2] == ["notices"] and len(sys.argv) != 3:
        sys.exit(__doc__)
    form, architecture, *executable = sys.argv[1:]
    target = f"{architecture}-unknown-linux-musl"
    found, edges = crates(target)
    extra = libraries(target)
    own_key = next(iter(found))
    repository = PROJECT["repository"]
    own = found[own_key] = found[own_key]._replace(
        purl=f"pkg:generic/autodiscover@{own_key[1]}", url=f"git+{repository}@v{own_key[1]}" if repository else None)
    linked = sorted((part for part in found.values() if part is not own), key=lambda part: (part.name, part.version))
    if form == "notices":
        sys.stdout.write(notices(linked, extra))
        return

    def needs(part):
        keys = edges[part.name, part.version]
        return [found[key] for key in sorted(keys)] + (extra if part is own else [])

    data = pathlib.Path(*executable).read_bytes()
    checksum = {"SHA1": hashlib.sha1(data).hexdigest(), "SHA256": hashlib.sha256(data).hexdigest()}
    date = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    name = f"autodiscover-{own.version}-{architecture}"
    printed = {"spdx": spdx, "cyclonedx": cyclonedx}[form](
        own, [own, *linked, *extra], needs, name, checksum, date.strftime("%Y-%m-%dT%H:%M:%SZ"),
        # The same for the same executable.
        uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{form}/{checksum['SHA256']}"))
    json.dump(printed, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()

"""A release as packaging/release.sh makes it: in a clone in another folder, from the sources that cargo vendor laid there and
from nothing else. Its bytes are those of the checkout's own build, and its executable for aarch64 answers every case.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import struct
import subprocess
import tarfile
import tomllib
import unittest
import zipfile

import harness

MANIFEST = tomllib.loads((harness.ROOT / "Cargo.toml").read_text())
VERSION = MANIFEST["package"]["version"]
LOCKED = {(package["name"], package["version"]): package.get("checksum")
          for package in tomllib.loads((harness.ROOT / "Cargo.lock").read_text())["package"]}
# Architecture, Debian's name of it, and its number in an ELF file (gabi, e_machine).
MACHINES = [("x86_64", "amd64", 62), ("aarch64", "arm64", 183)]
NAME = f"autodiscover-{VERSION}"
PACKED = f"{NAME}/cgi-bin/autodiscover.cgi"


def run(*command, cwd=harness.ROOT, **options):
    """Status and output of a command, which may fail."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    return done.returncode, done.stdout


def output(*command, **options):
    """What a command prints; it must end well."""
    status, printed = run(*command, **options)
    assert status == 0, f"{command} ends with {status}:\n{printed[-4000:]}"
    return printed


def clone(folder):
    """The last commit in a folder of its own."""
    output("git", "-c", "safe.directory=*", "clone", "--quiet", harness.ROOT, folder)
    # What it lays there, and whom a commit is from.
    for name in ("user.name", "user.email"):
        output("git", "config", name, "test@example.org", cwd=folder)
    return folder


def setUpModule():
    harness.needs("git")
    if not (harness.ROOT / ".git").exists():
        raise unittest.SkipTest("this is not a checkout of git")
    os.environ["PATH"] = f"{output('cgi-bin/build.sh', '--rust').strip()}:{os.environ['PATH']}"


def elf(data):
    """The machine of an ELF file of 64 bits, and the types of its program headers."""
    assert data[:5] == b"\x7fELF\2", data[:5]
    machine, = struct.unpack_from("<H", data, 18)
    start, = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    return machine, {struct.unpack_from("<I", data, start + size * number)[0] for number in range(count)}


def is_static(data):
    # PT_DYNAMIC and PT_INTERP
    return not elf(data)[1] & {2, 3}


class Release(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Without rustup there is no musl, but the same build for the C library of this machine.
        cls.whole = bool(harness.tool("rustup"))
        if cls.whole:
            harness.needs("zip", "groff", "dpkg-deb", "rpmbuild", "minisign")
        cls.work = work = cls.enterClassContext(harness.folder())
        cls.checkout = clone(work / "elsewhere/autodiscover")
        output("cargo", "vendor", "--locked", "--versioned-dirs", work / "vendor", cwd=cls.checkout)
        (work / ".cargo").mkdir()
        (work / ".cargo/config.toml").write_text(f"""
[net]
offline = true
[source.crates-io]
replace-with = "vendored"
[source.vendored]
directory = "{work}/vendor"
""")
        env = {name: value for name, value in os.environ.items() if not name.startswith(("CARGO", "RUST", "MINISIGN"))}
        env["RUSTUP_HOME"] = os.environ.get("RUSTUP_HOME", str(pathlib.Path.home() / ".rustup"))
        env["CARGO_HOME"] = str(work / "home")
        if not cls.whole:
            output("cgi-bin/build.sh", cwd=cls.checkout, env=env)
            return
        output("minisign", "-G", "-W", "-p", work / "key.pub", "-s", work / "key")
        cls.out = work / "out"
        output("packaging/release.sh", VERSION, cls.out, cwd=cls.checkout, env=env | {"MINISIGN_KEY": str(work / "key")})

    def needs_all(self):
        if not self.whole:
            self.skipTest("a release takes rustup, which has musl for both architectures")

    def executable(self, architecture):
        with tarfile.open(self.out / f"{NAME}-{architecture}.tar.gz") as tar:
            return tar.extractfile(PACKED).read()

    def document(self, architecture, kind):
        return json.loads((self.out / f"{NAME}-{architecture}.{kind}.json").read_text())

    def test_the_bytes_are_those_of_the_build_in_this_folder(self):
        if output("git", "status", "--porcelain"):
            self.skipTest("the checkout has changes that are not committed")
        built = self.checkout / "cgi-bin/autodiscover.cgi"
        self.assertEqual(output(harness.program(), "--version"), output(built, "--version"), "not of the same commit")
        self.assertTrue(harness.program().read_bytes() == built.read_bytes(), "the bytes differ")

    def test_no_folder_of_the_builder_is_in_it(self):
        names = [bytes(path) for path in (self.work, harness.ROOT, pathlib.Path.home() / ".cargo", pathlib.Path.home() / ".rustup")]
        built = [self.executable(machine[0]) for machine in MACHINES] if self.whole else []
        for data in [(self.checkout / "cgi-bin/autodiscover.cgi").read_bytes(), *built]:
            self.assertEqual([name for name in names if name in data], [])
            # So this looked at the right thing: a place in the source of a crate.
            self.assertIn(b"/crates/toml", data)

    def test_nothing_came_from_a_registry(self):
        self.assertFalse((self.work / "home/registry/src").exists())

    def test_the_checkout_stays_clean(self):
        self.assertEqual(output("git", "status", "--porcelain", cwd=self.checkout), "")

    def test_its_files(self):
        self.needs_all()
        expected = {"SHA256SUMS", "SHA256SUMS.minisig"}
        for architecture, debian, _ in MACHINES:
            expected |= {f"{NAME}-{architecture}.{end}" for end in ("tar.gz", "zip", "spdx.json", "cdx.json")}
            expected |= {f"autodiscover_{VERSION}-1_{debian}.deb", f"{NAME}-1.{architecture}.rpm"}
        self.assertEqual({path.name for path in self.out.iterdir()}, expected)

    def test_its_sums_and_their_signature(self):
        self.needs_all()
        sums = dict(reversed(line.split("  ")) for line in (self.out / "SHA256SUMS").read_text().splitlines())
        files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self.out.iterdir()
                 if not path.name.startswith("SHA256SUMS")}
        self.assertEqual(sums, files)
        verify = ("minisign", "-V", "-p", self.work / "key.pub", "-x", self.out / "SHA256SUMS.minisig", "-m")
        self.assertIn(f"autodiscover {VERSION}", output(*verify, self.out / "SHA256SUMS"))
        (self.work / "changed").write_bytes((self.out / "SHA256SUMS").read_bytes().replace(b"0", b"1", 1))
        self.assertNotEqual(run(*verify, self.work / "changed")[0], 0)

    def test_one_executable_for_each_architecture_in_three_packages_with_the_probe(self):
        self.needs_all()
        output(self.checkout / "packaging/probe.py", self.work / "probe")
        probe = (self.work / "probe").read_bytes()
        for architecture, debian, number in MACHINES:
            with self.subTest(architecture):
                data = self.executable(architecture)
                self.assertEqual(elf(data)[0], number)
                self.assertTrue(is_static(data))
                package = self.out / f"autodiscover_{VERSION}-1_{debian}.deb"
                self.assertEqual(output("dpkg-deb", "--field", package, "Architecture").strip(), debian)
                kind = output("rpm", "-qp", "--queryformat", "%{ARCH} %{OS}", self.out / f"{NAME}-1.{architecture}.rpm")
                self.assertEqual(kind, f"{architecture} linux")
                with self.subTest("deb"), harness.folder() as unpacked:
                    output("dpkg-deb", "--extract", package, unpacked)
                    self.assertTrue((unpacked / "usr/lib/cgi-bin/autodiscover.cgi").read_bytes() == data)
                    self.assertEqual((unpacked / "usr/bin/autodiscover").resolve(), unpacked / "usr/lib/cgi-bin/autodiscover.cgi")
                    probes = [(unpacked / "usr/bin/autodiscover-probe").read_bytes()]
                with zipfile.ZipFile(self.out / f"{NAME}-{architecture}.zip") as file:
                    self.assertTrue(file.read(PACKED) == data)
                    probes.append(file.read(f"{NAME}/autodiscover-probe"))
                with tarfile.open(self.out / f"{NAME}-{architecture}.tar.gz") as tar:
                    probes.append(tar.extractfile(f"{NAME}/autodiscover-probe").read())
                self.assertEqual(probes, [probe] * 3)

    def linked(self, architecture):
        """Name and version of what the notices say, without what comes with the compiler."""
        with tarfile.open(self.out / f"{NAME}-{architecture}.tar.gz") as tar:
            text = tar.extractfile(f"{NAME}/NOTICES").read().decode()
        lines = text.partition("by their licences:\n\n")[2].partition("\n\n")[0].splitlines()
        return {tuple(line.split()[:2]) for line in lines}

    def test_the_notices_name_what_is_linked_and_nothing_else(self):
        self.needs_all()
        for architecture, *_ in MACHINES:
            linked = self.linked(architecture)
            names = {name for name, _ in linked}
            self.assertLessEqual(linked, set(LOCKED))
            self.assertLessEqual(set(MANIFEST["dependencies"]), names)
            # Macros and tests are not linked.
            self.assertFalse(names & {"serde_derive", "clap_derive", "askama_derive", "syn", *MANIFEST["dev-dependencies"]})
            self.assertNotIn("autodiscover", names)

    def test_the_list_of_parts_in_SPDX(self):
        """SPDX 2.3, clauses 6 to 11."""
        self.needs_all()
        for architecture, *_ in MACHINES:
            with self.subTest(architecture):
                spdx = self.document(architecture, "spdx")
                self.assertEqual((spdx["spdxVersion"], spdx["dataLicense"], spdx["SPDXID"], spdx["name"]),
                                 ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT", f"{NAME}-{architecture}"))
                self.assertRegex(spdx["documentNamespace"], r"^https://[^#\s]+$")
                self.assertRegex(spdx["creationInfo"]["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
                self.assertTrue(spdx["creationInfo"]["creators"])
                for creator in spdx["creationInfo"]["creators"]:
                    self.assertRegex(creator, r"^(Person|Organization|Tool): \S")
                packages, crates = spdx["packages"], {}
                for package in packages:
                    self.assertLessEqual({"SPDXID", "name", "versionInfo", "downloadLocation", "licenseDeclared"}, set(package))
                    self.assertRegex(package["SPDXID"], r"^SPDXRef-[A-Za-z0-9.-]+$")
                    self.assertRegex(package["downloadLocation"], r"^(https://\S+|NOASSERTION)$")
                    self.assertNotIn("/", package["licenseDeclared"])
                    purl = package["externalRefs"][0]["referenceLocator"]
                    if purl.startswith("pkg:cargo/"):
                        sums = {one["algorithm"]: one["checksumValue"] for one in package["checksums"]}
                        crates[package["name"], package["versionInfo"]] = sums["SHA256"]
                self.assertEqual(set(crates), self.linked(architecture))
                self.assertEqual(crates, {key: LOCKED[key] for key in crates})
                self.assertEqual({package["name"] for package in packages} - {name for name, _ in crates},
                                 {"autodiscover", "rust-std", "musl"})
                file, = spdx["files"]
                sums = {one["algorithm"]: one["checksumValue"] for one in file["checksums"]}
                data = self.executable(architecture)
                self.assertEqual(sums, {"SHA1": hashlib.sha1(data).hexdigest(), "SHA256": hashlib.sha256(data).hexdigest()})
                known = [one["SPDXID"] for one in (spdx, *packages, file)]
                self.assertEqual(len(known), len(set(known)))
                for relation in spdx["relationships"]:
                    self.assertLessEqual({relation["spdxElementId"], relation["relatedSpdxElement"]}, set(known))
                self.assertIn({"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                               "relatedSpdxElement": f"SPDXRef-autodiscover-{VERSION}"}, spdx["relationships"])

    def test_the_list_of_parts_in_CycloneDX(self):
        """CycloneDX 1.6 (ECMA-424)."""
        self.needs_all()
        for architecture, *_ in MACHINES:
            with self.subTest(architecture):
                document = self.document(architecture, "cdx")
                self.assertEqual((document["bomFormat"], document["specVersion"], document["version"]), ("CycloneDX", "1.6", 1))
                self.assertRegex(document["serialNumber"], r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
                own, parts = document["metadata"]["component"], document["components"]
                self.assertEqual((own["type"], own["name"], own["version"]), ("application", "autodiscover", VERSION))
                self.assertIn({"alg": "SHA-256", "content": hashlib.sha256(self.executable(architecture)).hexdigest()}, own["hashes"])
                crates = {(part["name"], part["version"]): part["hashes"] for part in parts if part["purl"].startswith("pkg:cargo/")}
                self.assertEqual(set(crates), self.linked(architecture))
                self.assertEqual(crates, {key: [{"alg": "SHA-256", "content": LOCKED[key]}] for key in crates})
                for part in parts:
                    self.assertEqual(part["type"], "library")
                    self.assertTrue(part["licenses"][0]["expression"])
                    name, version = re.fullmatch(r"pkg:[a-z]+/([^@]+)@(\S+)", part["purl"]).groups()
                    self.assertEqual((name, version), (part["name"], part["version"].replace("+", "%2B")))
                references = [part["bom-ref"] for part in (own, *parts)]
                self.assertEqual(len(references), len(set(references)))
                needed = {entry["ref"]: entry["dependsOn"] for entry in document["dependencies"]}
                self.assertEqual(set(needed), set(references))
                self.assertLessEqual({name for names in needed.values() for name in names}, set(references))
                # Everything is there because something needs it.
                self.assertEqual({name for names in needed.values() for name in names}, set(references) - {own["bom-ref"]})

    def test_aarch64_answers_every_case(self):
        self.needs_all()
        # Debian has both, in packages of the same use.
        qemu = harness.tool("qemu-aarch64") or harness.tool("qemu-aarch64-static")
        if not qemu:
            harness.needs("qemu-aarch64")
        program = self.work / "aarch64/autodiscover"
        program.parent.mkdir()
        program.write_bytes(self.executable("aarch64"))
        program.chmod(0o755)
        # tests/cases.sh gives it no environment but the case's.
        wrapper = self.work / "run-aarch64"
        wrapper.write_text(f'#!/bin/sh\nunset PWD\nexec {qemu} {program} "$@"\n')
        wrapper.chmod(0o755)
        names = sorted(case.name for case in harness.cases())
        parts = [part for part in (names[start::os.cpu_count()] for start in range(os.cpu_count())) if part]

        def cases(part):
            return run("tests/cases.sh", *part, env=os.environ | {"AUTODISCOVER_PROGRAM": str(wrapper)})

        with concurrent.futures.ThreadPoolExecutor() as pool:
            for part, (status, printed) in zip(parts, pool.map(cases, parts)):
                self.assertEqual(status, 0, printed[-4000:])
                self.assertEqual(printed.splitlines()[-1], f"cases: {len(part)} passed, 0 failed, 0 skipped")


class Refusals(unittest.TestCase):
    """What keeps a release from being made; nothing is built."""

    def refused(self, reason, change=lambda folder: None, version=VERSION, commit=True, **variables):
        with harness.folder() as work:
            folder = clone(work / "autodiscover")
            change(folder)
            if commit:
                output("git", "commit", "--quiet", "--all", "--allow-empty", "--message", "a change", cwd=folder)
            status, printed = run("packaging/release.sh", version, work / "out", cwd=folder, env=os.environ | variables)
            self.assertEqual((status, (work / "out").exists()), (1, False), printed)
            self.assertIn(reason, printed)

    def test_a_version_that_is_not_that_of_the_program(self):
        self.refused(f"'9.9.9' is not the version in Cargo.toml, '{VERSION}'", version="9.9.9")

    def test_a_version_that_the_changelogs_do_not_know(self):
        for name, reason in (("CHANGELOG.md", f"CHANGELOG.md has no heading '## {VERSION}'"),
                             ("packaging/debian/changelog", f"packaging/debian/changelog must begin with 'autodiscover ({VERSION}-1)'")):
            with self.subTest(name):
                self.refused(reason, lambda folder: (folder / name).write_text(
                    (folder / name).read_text().replace(VERSION, VERSION + "1")))

    def test_a_checkout_with_changes(self):
        self.refused("the checkout has changes", lambda folder: (folder / "new").touch(), commit=False)
        self.refused("the checkout has changes", lambda folder: (folder / "README.md").write_text("other\n"), commit=False)

    def test_a_checkout_without_git(self):
        self.refused("this is not a checkout of git", lambda folder: (folder / ".git").rename(folder / "git"), commit=False)

    def test_a_key_that_is_not_there(self):
        if harness.tool("rustup"):
            harness.needs("zip", "groff", "dpkg-deb", "rpmbuild", "minisign")
            self.refused("the key '/nowhere' cannot be read", MINISIGN_KEY="/nowhere")
        else:
            self.refused("'rustup' is missing")

    def test_a_folder_that_is_there(self):
        with harness.folder() as work:
            folder = clone(work / "autodiscover")
            self.assertEqual(run("packaging/release.sh", VERSION, work, cwd=folder),
                             (1, f"release.sh: '{work}' is there already\n"))


class Install(unittest.TestCase):
    def test_cargo_install_gives_a_static_program_that_works(self):
        """Without optimisation, which changes nothing here but the time."""
        with harness.folder() as root:
            output("cargo", "install", "--quiet", "--debug", "--locked", "--no-track", "--root", root, "--path", ".")
            program = root / "bin/autodiscover"
            self.assertTrue(is_static(program.read_bytes()))
            self.assertEqual(output(program, "--version", env={}), f"autodiscover {VERSION}\n")
            self.assertIn("imap.example.org", output(program, "show", "ada@example.org", "--as", "outlook", env={}))


if __name__ == "__main__":
    harness.main("release")

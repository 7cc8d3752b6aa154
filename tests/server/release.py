"""A release as packaging/release.sh makes it: in a clone in another folder, from the sources that cargo vendor laid there and
from nothing else. Its bytes are those of the checkout's own build, and its executable for aarch64 answers every case.
"""

import concurrent.futures
import gzip
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
            harness.needs("zip", "dpkg-deb", "rpmbuild", "minisign")
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
        cls.out = work / "out"
        output("packaging/release.sh", VERSION, cls.out, cwd=cls.checkout, env=env)

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
        expected = {"SHA256SUMS"}
        for architecture, debian, _ in MACHINES:
            expected |= {f"{NAME}-{architecture}.{end}" for end in ("tar.gz", "zip", "spdx.json", "cdx.json")}
            expected |= {f"autodiscover_{VERSION}-1_{debian}.deb", f"{NAME}-1.{architecture}.rpm"}
        self.assertEqual({path.name for path in self.out.iterdir()}, expected)

    def test_its_sums(self):
        self.needs_all()
        sums = dict(reversed(line.split("  ")) for line in (self.out / "SHA256SUMS").read_text().splitlines())
        files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self.out.iterdir()
                 if path.name != "SHA256SUMS"}
        self.assertEqual(sums, files)

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
                # Without a contact there is no Maintainer, of which dpkg-deb warns first.
                self.assertEqual(output("dpkg-deb", "--field", package, "Architecture").splitlines()[-1], debian)
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

    def test_the_tar_has_the_format_that_every_version_of_tar_writes_alike(self):
        """GNU tar 1.35's NEWS: in ustar, devmajor and devminor are empty now; its own format, «ustar  », did not change."""
        self.needs_all()
        for architecture, *_ in MACHINES:
            with gzip.open(self.out / f"{NAME}-{architecture}.tar.gz") as file:
                self.assertEqual(file.read(512)[257:265], b"ustar  \0")

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


class Signature(unittest.TestCase):
    """`release.sh --sign` in a checkout whose packaging/project.toml has the public key, and SECURITY.md's way to verify."""

    def setUp(self):
        harness.needs("minisign")
        work = self.enterContext(harness.folder())
        self.secret, public = work / "key", work / "key.pub"
        output("minisign", "-G", "-W", "-p", public, "-s", self.secret)
        self.checkout = clone(work / "autodiscover")
        project = self.checkout / "packaging/project.toml"
        project.write_text(re.sub(r'(?m)^key = ".*"$', f'key = "{public.read_text().split()[-1]}"', project.read_text()))
        (self.checkout / "file").write_text("a file of the release\n")
        (self.checkout / "SHA256SUMS").write_text(output("sha256sum", "file", cwd=self.checkout))

    def sign(self):
        return run("packaging/release.sh", "--sign", ".", cwd=self.checkout, env=os.environ | {"MINISIGN_KEY": str(self.secret)})

    def verify(self):
        """The first block in SECURITY.md."""
        commands = (self.checkout / "SECURITY.md").read_text().split("```\n")[1]
        return run("bash", "-euc", commands, cwd=self.checkout)

    def test_what_is_signed_is_verified_as_SECURITY_says(self):
        self.assertEqual(self.sign()[0], 0)
        status, printed = self.verify()
        self.assertEqual(status, 0, printed)
        self.assertIn(f"autodiscover {VERSION}", printed)
        for name in ("file", "SHA256SUMS"):
            path = self.checkout / name
            with self.subTest(changed=name):
                before = path.read_bytes()
                path.write_bytes(before.swapcase())
                self.assertNotEqual(self.verify()[0], 0)
                path.write_bytes(before)

    def test_a_secret_key_that_does_not_belong_to_the_public_one(self):
        output("minisign", "-G", "-W", "-f", "-p", self.checkout / "other.pub", "-s", self.secret)
        status, printed = self.sign()
        self.assertEqual(status, 1)
        self.assertIn("is not the secret key of the 'key' in packaging/project.toml", printed)
        self.assertFalse((self.checkout / "SHA256SUMS.minisig").exists())

    def test_a_file_that_changed_since_its_sum_was_taken(self):
        (self.checkout / "file").write_text("another file\n")
        status, printed = self.sign()
        self.assertEqual(status, 1)
        self.assertIn("does not hold what its SHA256SUMS says", printed)


class Notes(unittest.TestCase):
    def test_the_notes_of_a_release_are_its_section_of_the_changelog(self):
        notes = output("packaging/release.sh", "--notes", VERSION)
        text = (harness.ROOT / "CHANGELOG.md").read_text()
        self.assertIn(notes.strip(), text)
        self.assertRegex(text, rf"## {re.escape(VERSION)} - [0-9-]+\n\n{re.escape(notes.strip())}\n(\n## |$)")
        self.assertEqual(run("packaging/release.sh", "--notes", "9.9.9"),
                         (1, "release.sh: CHANGELOG.md has no heading '## 9.9.9 - YYYY-MM-DD'\n"))


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
        for name, reason in (("CHANGELOG.md", f"CHANGELOG.md has no heading '## {VERSION} - YYYY-MM-DD'"),
                             ("packaging/debian/changelog", f"packaging/debian/changelog must begin with 'autodiscover ({VERSION}-1)'")):
            with self.subTest(name):
                self.refused(reason, lambda folder: (folder / name).write_text(
                    (folder / name).read_text().replace(VERSION, VERSION + "1")))

    def test_a_checkout_with_changes(self):
        self.refused("the checkout has changes", lambda folder: (folder / "new").touch(), commit=False)
        self.refused("the checkout has changes", lambda folder: (folder / "README.md").write_text("other\n"), commit=False)

    def test_a_checkout_without_git(self):
        self.refused("this is not a checkout of git", lambda folder: (folder / ".git").rename(folder / "git"), commit=False)

    def test_a_signature_without_one_half_of_the_key(self):
        harness.needs("gcc", "zip", "dpkg-deb", "rpmbuild")

        def key(value):
            return lambda folder: (folder / "packaging/project.toml").write_text(f'key = "{value}"\n')

        self.refused("packaging/project.toml has no key that would verify a signature", key(""), MINISIGN_KEY="/nowhere")
        self.refused("cannot read the secret key '/nowhere'", key("RWQ"), MINISIGN_KEY="/nowhere")

    def tools(self, *missing):
        """A PATH with the commands of this one, except some."""
        folder = self.enterContext(harness.folder())
        for source in reversed(os.environ["PATH"].split(":")):
            for path in pathlib.Path(source).glob("*"):
                if path.name not in missing:
                    (folder / path.name).unlink(missing_ok=True)
                    (folder / path.name).symlink_to(path)
        return str(folder)

    def test_a_machine_without_the_tools(self):
        """What a bare system does not have is named as packages, before anything is built."""
        harness.needs("gcc", "zip", "dpkg-deb", "rpmbuild")
        self.refused("missing; run: sudo apt-get install --no-install-recommends gcc zip\n", PATH=self.tools("gcc", "zip"))
        self.refused("'rustup' is missing; see https://rustup.rs/", PATH=self.tools("rustup"))

    def test_another_compiler_than_the_release_is_made_with(self):
        """A compiler decides the bytes, so a newer one is not good enough."""
        harness.needs("gcc", "zip", "dpkg-deb", "rustup")
        compiler = output("packaging/release.sh", "--compiler").strip()

        def other(folder):
            script = folder / "packaging/release.sh"
            script.write_text(script.read_text().replace(f"compiler={compiler}\n", "compiler=1.2.3\n"))

        self.refused("Rust 1.2.3 is missing; run: rustup toolchain install 1.2.3 --profile minimal", other, RUSTUP_AUTO_INSTALL="0")

    def test_a_folder_that_is_there(self):
        with harness.folder() as work:
            folder = clone(work / "autodiscover")
            self.assertEqual(run("packaging/release.sh", VERSION, work, cwd=folder),
                             (1, f"release.sh: '{work}' exists; remove it\n"))


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

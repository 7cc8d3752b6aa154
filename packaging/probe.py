#!/usr/bin/env python3
"""Writes the probe as one executable file, as `zipapp` of Python lays it out: packaging/probe.py FILE

The order, times, modes and bytes of what is in it depend on nothing but the modules: `zipapp` itself takes the order from
the file system and the times from the clock. Nothing is compressed, so that the source can be read in the file, and no
version of zlib makes other bytes.
"""

import pathlib
import sys
import zipfile

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "apache/probe"
MAIN = b"import probe.command\n\nprobe.command.run()\n"


def write(target):
    with open(target, "wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w") as archive:
            modules = {f"probe/{path.relative_to(SOURCE).as_posix()}": path.read_bytes() for path in SOURCE.rglob("*.py")}
            for name, data in sorted({**modules, "__main__.py": MAIN}.items()):
                # The earliest time that the format knows.
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.create_system, entry.external_attr = 3, 0o100644 << 16
                archive.writestr(entry, data)
    target.chmod(0o755)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: packaging/probe.py FILE")
    write(pathlib.Path(sys.argv[1]))

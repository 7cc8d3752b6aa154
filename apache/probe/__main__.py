"""Starts the probe: as `python3 apache/probe` or `python3 -m probe`."""

import pathlib
import sys

if not __package__:
    # Started as a directory, whose modules belong to the package of its name.
    sys.path[0] = str(pathlib.Path(__file__).resolve().parents[1])

from probe.command import run

run()

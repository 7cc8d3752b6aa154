"""Asks for each address, and reports."""

import sys

from .arguments import arguments
from .findings import Report, count, fails, printable
from .questions import Probe


def main():
    options = arguments()
    sys.stdout.reconfigure(errors="backslashreplace")
    report, failing = Report(options), []
    for local, domain in options.addresses:
        address = printable(f"{local}@{domain}")
        report.tell(f"Discovery of mail settings for {address}")
        findings = Probe(options, local, domain, report.tell).run()
        report.end(address, findings)
        failing += [domain] if fails(findings) else []
    if options.all and not options.json:
        print(f"\n{count(len(options.addresses), 'domain')} asked, {len(failing)} with failures: {', '.join(failing) or 'none'}")
    return 1 if failing else 0


def run():
    try:
        sys.exit(main())
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)

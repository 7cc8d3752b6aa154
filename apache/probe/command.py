"""Asks for each address, and reports."""

import sys

from . import compare, learn, views
from .arguments import arguments
from .findings import Report, count, fails, printable, verdict
from .questions import Probe


def main():
    options = arguments()
    sys.stdout.reconfigure(errors="backslashreplace")
    if options.learn:
        return learn.show(options, *options.addresses[0])
    if options.compare:
        return compare.show(options, *options.addresses[0])
    report, failing, results = Report(options), [], {}
    for local, domain in options.addresses:
        address = printable(f"{local}@{domain}")
        report.begin(address)
        if options.clients:
            failing += [domain] if views.show(options, local, domain, report.tell) else []
            continue
        probe = Probe(options, local, domain, report.tell)
        results[address] = findings = probe.run()
        report.end(address, findings, probe.unasked)
        failing += [domain] if fails(findings) else []
    if options.format == "nagios":
        line, status = verdict(results)
        print(line)
        return status
    if options.all and options.format == "text":
        print(f"\n{count(len(options.addresses), 'domain')} asked, {len(failing)} with failures: {', '.join(failing) or 'none'}")
    return 1 if failing else 0


def run():
    try:
        sys.exit(main())
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)

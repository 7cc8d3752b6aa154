#!/usr/bin/env bash
# What goes wrong around the program: streams, files and limits; tests/faults.py has a function for each.
# AUTODISCOVER_PROGRAM names an executable that is built already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v python3 >/dev/null; then
    echo 'faults: SKIPPED, missing: python3' >&2
    [[ ${CI:-} != true ]] || exit 1
    echo 'faults: 0 passed, 0 failed, 1 skipped'
    exit 0
fi
if [[ -z ${AUTODISCOVER_PROGRAM:-} ]]; then
    cgi-bin/build.sh
    AUTODISCOVER_PROGRAM="$PWD/cgi-bin/autodiscover.cgi"
fi
exec python3 tests/faults.py "$AUTODISCOVER_PROGRAM"

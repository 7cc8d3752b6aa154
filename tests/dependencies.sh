#!/usr/bin/env bash
# Licences, sources and kinds of dependencies against tests/deny.toml, without the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

passed=0 failed=0 skipped=0
if ! cargo deny --version >/dev/null 2>&1; then
    # It takes longer to build than all tests to run, so not even CI installs it.
    echo 'dependencies: SKIPPED, missing: cargo-deny (cargo install cargo-deny --locked)' >&2
    skipped=3
else
    for rule in bans licenses sources; do
        if cargo deny --offline --locked check --config tests/deny.toml "$rule"; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
        fi
    done
fi
echo "dependencies: $passed passed, $failed failed, $skipped skipped"
((failed == 0))

#!/usr/bin/env bash
# Runs every test there is: the second of the two commands of the README.
# As root on Debian or Ubuntu it installs what the tests need; elsewhere it says what is missing.
# A missing tool fails the run in CI; on a user's machine the tests that need it are skipped aloud, with a count.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# command:package, for everything that the tests call and a plain Debian does not have.
needed=(
    apache2:apache2 curl:curl openssl:openssl xmllint:libxml2-utils python3:python3 gcc:gcc
    strace:strace valgrind:valgrind chromium:chromium chromedriver:chromium-driver
    named-checkzone:bind9-utils dig:bind9-dnsutils nginx:nginx-light fcgiwrap:fcgiwrap
    shellcheck:shellcheck /usr/lib/apache2/suexec:apache2-suexec-custom
    lintian:lintian man:man-db
)
PATH=$PATH:/usr/sbin:/sbin
missing=()
for pair in "${needed[@]}"; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
done
if ((${#missing[@]})); then
    if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
        echo "installing ${missing[*]}"
        export DEBIAN_FRONTEND=noninteractive
        # The tests start servers of their own; those of the packages must stay down.
        policy=/usr/sbin/policy-rc.d laid=
        if [[ ! -e $policy ]]; then
            printf '#!/bin/sh\nexit 101\n' >$policy
            chmod 755 $policy
            laid=$policy
        fi
        status=0
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; } || status=$?
        [[ -z $laid ]] || rm -f "$laid"
        if ((status)); then
            echo "cannot install ${missing[*]}" >&2
            [[ ${CI:-} != true ]] || exit 1
        fi
    else
        echo "some tests will be skipped; to run them all: sudo apt-get install ${missing[*]}"
    fi
fi
if ! command -v cargo >/dev/null; then
    echo 'cargo is missing; install Rust: https://www.rust-lang.org/tools/install' >&2
    exit 1
fi

passed=0 failed=0 skipped=0 broken=()

# step NAME COMMAND...: one that passes or fails as a whole.
step() {
    local name=$1
    shift
    echo "== $name"
    if "$@"; then
        ((passed += 1))
    else
        ((failed += 1))
        broken+=("$name")
    fi
}

# counted NAME COMMAND...: one that ends with «NAME: N passed, N failed, N skipped».
counted() {
    local name=$1 status=0 line log
    shift
    echo "== $name"
    log=$(mktemp)
    "$@" 2>&1 | tee "$log" || status=$?
    line=$(grep -E "^$name: [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$" "$log" | tail -n 1 || true)
    rm -f "$log"
    if [[ $line =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped ]]; then
        ((passed += BASH_REMATCH[1])) || true
        ((failed += BASH_REMATCH[2])) || true
        ((skipped += BASH_REMATCH[3])) || true
        ((status == 0)) || ((BASH_REMATCH[2] > 0)) || ((failed += 1))
    else
        echo "$name ended without saying how many tests passed" >&2
        status=1
        ((failed += 1))
    fi
    ((status == 0)) || broken+=("$name")
}

step 'format' cargo fmt --check
step 'clippy' cargo clippy --all-targets -- -D warnings
step 'cargo test' cargo test

if command -v shellcheck >/dev/null; then
    mapfile -t scripts < <(git ls-files '*.sh')
    step 'shellcheck' shellcheck -x "${scripts[@]}"
else
    ((skipped += 1))
fi

for script in tests/*.sh; do
    name=$(basename "$script" .sh)
    [[ $name == run || $name == bench ]] || counted "$name" bash "$script"
done

counted bench tests/bench.sh --check

echo
((${#broken[@]} == 0)) || echo "failed: ${broken[*]}"
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))

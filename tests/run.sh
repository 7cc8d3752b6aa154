#!/usr/bin/env bash
# Runs every test there is: the second of the two commands of the README.
# As root on Debian or Ubuntu it installs what the tests need; elsewhere it says what is missing.
# A missing tool fails the run in CI; on a user's machine the tests that need it are skipped aloud, with a count.
#   tests/run.sh            everything
#   tests/run.sh --quick    without the suites that take minutes
# BARE=1 runs tests/bare.sh as well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=apache/packages.sh
source apache/packages.sh
export PYTHONDONTWRITEBYTECODE=1
export PATH=$PATH:/usr/sbin:/sbin

# Suites that take minutes, from the shortest to the longest.
slow=(browser thunderbird package readme bench fuzz release)
[[ ${BARE:-} != 1 ]] || slow+=(bare)
quick=false
case ${1:-} in
    '') ;;
    --quick) quick=true ;;
    *)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
        [[ $1 == --help || $1 == -h ]] && exit 0
        exit 2
        ;;
esac

# What the tests call and a plain Debian does not have.
needed=(
    git:git curl:curl openssl:openssl '/etc/ssl/certs/*:ca-certificates' python3:python3
    cc:gcc c++:g++ '/usr/include/stdlib.h:libc6-dev'
    a2enmod:apache2 /usr/lib/apache2/suexec:apache2-suexec-custom nginx:nginx-light fcgiwrap:fcgiwrap
    haproxy:haproxy lighttpd:lighttpd '/usr/lib/lighttpd/mod_openssl.so:lighttpd-mod-openssl'
    '/usr/lib/python3*/ensurepip/__init__.py:python3-venv'
    xmllint:libxml2-utils named-checkzone:bind9-utils dig:bind9-dnsutils
    ip:iproute2 postmap:postfix doveadm:dovecot-core slapd:slapd ldapsearch:ldap-utils
    strace:strace valgrind:valgrind shellcheck:shellcheck
)
$quick || needed+=(
    chromium:chromium chromedriver:chromium-driver zbarimg:zbar-tools lintian:lintian man:man-db zip:zip
    thunderbird:thunderbird minisign:minisign qemu-aarch64:qemu-user
)
if ! packages_provide 'rustfmt clippy' "${needed[@]}"; then
    [[ ${CI:-} != true ]] || exit 1
    echo 'some tests will be skipped'
fi
rust=$(cgi-bin/build.sh --rust) || exit 1
PATH=$rust:$PATH

passed=0 failed=0 skipped=0 broken=() notes=()

# step NAME COMMAND...: one that passes or fails as a whole.
step() {
    local name=$1 start=$SECONDS
    shift
    echo "== $name"
    if "$@"; then
        ((passed += 1))
    else
        ((failed += 1))
        broken+=("$name")
    fi
    echo "== $name: $((SECONDS - start)) s"
}

# tool NAME COMMAND...: whether the step of this name has its tool, which the command asks; if not, the step is counted.
tool() {
    local name=$1
    shift
    "$@" >/dev/null 2>&1 && return
    echo "== $name: SKIPPED, missing: $1 $2"
    # Some distributions have no package of it for their newest Rust.
    if [[ ${CI:-} == true && ( $1 != cargo || $(type -P cargo) != /usr/* ) ]]; then
        ((failed += 1))
        broken+=("$name")
    else
        ((skipped += 1))
    fi
    return 1
}

# suite NAME COMMAND...: one that ends with «NAME: N passed, N failed, N skipped».
suite() {
    local name=$1 start=$SECONDS status=0 line log
    shift
    echo "== $name"
    log=$(mktemp)
    # None takes half an hour; one that hangs must not take the others with it.
    timeout --foreground --kill-after=30 2700 "$@" 2>&1 </dev/null | tee "$log" || status=$?
    line=$(tail -n 1 "$log")
    if [[ $line =~ ^$name:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        skipped=$((skipped + BASH_REMATCH[3]))
        ((status == 0 || BASH_REMATCH[2] > 0)) || ((failed += 1))
    else
        echo "== $name: it died with status $status and these lines:"
        tail -n 20 "$log" | sed 's/^/    /'
        status=1
        ((failed += 1))
    fi
    mapfile -t -O "${#notes[@]}" notes < <(sed -n 's/^NOTE: //p' "$log")
    rm -f "$log"
    ((status == 0)) || broken+=("$name")
    echo "== $name: $((SECONDS - start)) s"
}

# checkout: prints the state of the checkout; nothing for an unpacked archive, or without git.
checkout() {
    [[ ! -e .git ]] || ! command -v git >/dev/null || git status --porcelain
}

before=$(checkout)
step 'build' cgi-bin/build.sh
export AUTODISCOVER_PROGRAM=$PWD/cgi-bin/autodiscover.cgi

if tool 'format' cargo fmt --version; then step 'format' cargo fmt --check; fi
if tool 'clippy' cargo clippy --version; then step 'clippy' cargo clippy --locked --all-targets -- -D warnings; fi
step 'cargo test' cargo test --locked
mapfile -t scripts < <(find . -name target -prune -o \( -name '*.sh' -o -path './.ci/run' \) -print)
if tool 'shellcheck' shellcheck --version; then step 'shellcheck' shellcheck -x "${scripts[@]}"; fi

# run NAME: the suite of this name.
run() {
    if [[ -e tests/server/$1.py ]]; then
        suite "$1" python3 "tests/server/$1.py"
    else
        suite "$1" bash "tests/$1.sh"
    fi
}

for file in tests/*.sh tests/server/*.py; do
    name=$(basename "${file%.*}")
    # bare runs this script.
    [[ " ${slow[*]} run bare harness " == *" $name "* ]] || run "$name"
done
if $quick; then
    echo "left out: ${slow[*]}"
else
    for name in "${slow[@]}"; do
        run "$name"
    done
fi

step 'the checkout is unchanged' test "$before" = "$(checkout)"

echo
((${#notes[@]} == 0)) || printf 'note: %s\n' "${notes[@]}"
((${#broken[@]} == 0)) || echo "failed: ${broken[*]}"
echo "it took $SECONDS s"
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))

#!/usr/bin/env bash
# Runs every test there is: the second of the two commands of the README.
# As root on Debian or Ubuntu it installs what the tests need; elsewhere it says what is missing.
# A missing tool fails the run in CI; on a user's machine the tests that need it are skipped aloud, with a count.
#   tests/run.sh            everything
#   tests/run.sh --quick    without the suites that take minutes
# BARE=1 runs tests/bare.sh as well. JOBS is how many suites run at a time; default: the number of processors.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=apache/packages.sh
source apache/packages.sh
export PYTHONDONTWRITEBYTECODE=1
# Servers read as other users what the tests write.
umask 022
export PATH=$PATH:/usr/sbin:/sbin

# Suites that take minutes, from the shortest to the longest.
slow=(browser thunderbird package pages readme image redhat bench fuzz release)
[[ ${BARE:-} != 1 ]] || slow+=(bare)
# Of these only one runs at a time: one installs the package on this machine, the others in a copy of it.
machine=(package readme redhat)
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
    haproxy:haproxy caddy:caddy rclone:rclone php:php-cli lighttpd:lighttpd '/usr/lib/lighttpd/mod_openssl.so:lighttpd-mod-openssl'
    '/usr/lib/python3*/ensurepip/__init__.py:python3-venv'
    xmllint:libxml2-utils named-checkzone:bind9-utils dig:bind9-dnsutils named:bind9
    ip:iproute2 postmap:postfix doveadm:dovecot-core slapd:slapd ldapsearch:ldap-utils
    strace:strace valgrind:valgrind shellcheck:shellcheck
)
$quick || needed+=(
    chromium:chromium chromedriver:chromium-driver firefox-esr:firefox-esr WebKitWebDriver:webkit2gtk-driver Xvfb:xvfb
    zbarimg:zbar-tools lintian:lintian man:man-db zip:zip rpmbuild:rpm
    buildah:buildah busybox:busybox-static rclone:rclone thunderbird:thunderbird minisign:minisign qemu-aarch64:qemu-user
)
if ! packages_provide 'rustfmt clippy' "${needed[@]}"; then
    [[ ${CI:-} != true ]] || exit 1
    echo 'some tests will be skipped'
fi
rust=$(cgi-bin/build.sh --rust) || exit 1
PATH=$rust:$PATH

passed=0 failed=0 skipped=0 broken=() reasons=() notes=()
jobs=${JOBS:-$(nproc)}
logs=$(mktemp -d)
# What runs: its kind, name and start by its process; what it prints goes to NAME.log.
declare -A kinds=() names=() starts=()
trap 'rm -rf "$logs"' EXIT
# What is started in the background does not get the signal of Ctrl-C.
trap 'kill "${!names[@]}" 2>/dev/null; wait; exit 130' INT TERM

# judge KIND NAME STATUS LOG: counts what has ended. A step passes or fails as a whole; a suite ends with
# «NAME: N passed, N failed, N skipped».
judge() {
    local kind=$1 name=$2 status=$3 log=$4 line
    line=$(tail -n 1 "$log")
    mapfile -t -O "${#notes[@]}" notes < <(sed -n 's/^NOTE: //p' "$log")
    if [[ $kind == step ]]; then
        if ((status == 0)); then ((passed += 1)); else ((failed += 1)); fi
    elif [[ $line =~ ^$name:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        skipped=$((skipped + BASH_REMATCH[3]))
        ((status == 0 || BASH_REMATCH[2] > 0)) || ((failed += 1))
        if ((BASH_REMATCH[3] > 0)); then
            mapfile -t -O "${#reasons[@]}" reasons < <(grep -a SKIPPED "$log" | sed "s/^/$name: /" ||
                echo "$name: ${BASH_REMATCH[3]} tests, and the suite does not say why")
        fi
    else
        echo "== $name: it died with status $status"
        status=1
        ((failed += 1))
    fi
    ((status == 0)) || broken+=("$name")
}

# collect: waits until one of those that run has ended, and prints what it printed, in one piece.
collect() {
    local pid status=0
    wait -n -p pid "${!names[@]}" || status=$?
    local name=${names[$pid]}
    echo "== $name"
    cat "$logs/$name.log"
    judge "${kinds[$pid]}" "$name" "$status" "$logs/$name.log"
    echo "== $name: $((SECONDS - starts[$pid])) s"
    unset "kinds[$pid]" "names[$pid]" "starts[$pid]"
}

# finish: waits for all that run.
finish() {
    while ((${#names[@]})); do
        collect
    done
}

# launch KIND NAME COMMAND...: starts it as soon as fewer than JOBS others run.
launch() {
    local kind=$1 name=$2
    shift 2
    while ((${#names[@]} >= jobs)); do
        collect
    done
    # None takes half an hour; one that hangs must not take the others with it.
    timeout --foreground --kill-after=30 2700 "$@" >"$logs/$name.log" 2>&1 </dev/null &
    kinds[$!]=$kind names[$!]=$name starts[$!]=$SECONDS
}

# step NAME COMMAND...: one that passes or fails as a whole.
step() {
    launch step "$@"
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
        reasons+=("$name: missing: $1 $2")
    fi
    return 1
}

# suite NAME: that of this name, by Python or bash.
suite() {
    local name=$1 command=(bash "tests/$1.sh")
    if [[ -e tests/server/$name.py ]]; then
        tool "$name" python3 --version || return 0
        command=(python3 "tests/server/$name.py")
    fi
    [[ " ${machine[*]} " != *" $name "* ]] || command=(flock "$logs/machine" "${command[@]}")
    launch suite "$name" "${command[@]}"
}

# checkout: prints the state of the checkout; nothing for an unpacked archive, or without git.
checkout() {
    [[ ! -e .git ]] || ! command -v git >/dev/null || git status --porcelain
}

before=$(checkout)
step 'build' cgi-bin/build.sh
if tool 'format' cargo fmt --version; then step 'format' cargo fmt --check; fi
if tool 'clippy' cargo clippy --version; then step 'clippy' cargo clippy --locked --all-targets -- -D warnings; fi
step 'cargo test' cargo test --locked
mapfile -t scripts < <(find . -name target -prune -o \( -name '*.sh' -o -path './.ci/run' \) -print)
if tool 'shellcheck' shellcheck --version; then step 'shellcheck' shellcheck -x "${scripts[@]}"; fi
finish
export AUTODISCOVER_PROGRAM=$PWD/cgi-bin/autodiscover.cgi

# The longest first, so that none is left alone in the end.
if ! $quick; then
    for ((at = ${#slow[@]} - 1; at >= 0; at--)); do
        suite "${slow[at]}"
    done
fi
for file in tests/*.sh tests/server/*.py; do
    name=$(basename "${file%.*}")
    # bare runs this script.
    [[ " ${slow[*]} run bare harness " == *" $name "* ]] || suite "$name"
done
finish
step 'the checkout is unchanged' test "$before" = "$(checkout)"
finish

echo
if ((${#reasons[@]})); then
    echo "skipped:"
    printf '    %.200s\n' "${reasons[@]}"
fi
((${#notes[@]} == 0)) || printf 'note: %s\n' "${notes[@]}"
! $quick || echo "left out, because they take minutes: ${slow[*]}"
((${#broken[@]} == 0)) || echo "failed: ${broken[*]}"
echo "it took $SECONDS s"
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))

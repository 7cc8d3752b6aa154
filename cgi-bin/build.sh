#!/usr/bin/env bash
# Builds the static executable and lays it beside this script as autodiscover.cgi.
# This folder is then what belongs in cgi-bin.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v cargo >/dev/null; then
    echo 'build.sh: cargo is missing; install Rust first: https://www.rust-lang.org/tools/install' >&2
    exit 1
fi

# Only cargo knows where the executable lies: the target folder and the triple can both be configured.
built=$(cargo build --release --bin autodiscover --message-format=json-render-diagnostics |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
if [[ ! -x $built ]]; then
    echo 'build.sh: cargo named no executable' >&2
    exit 1
fi

# A rename, because a program that runs at this moment cannot be written over.
install -m 755 "$built" cgi-bin/autodiscover.cgi.new
mv -f cgi-bin/autodiscover.cgi.new cgi-bin/autodiscover.cgi

size=$(wc -c <cgi-bin/autodiscover.cgi)
echo "cgi-bin/autodiscover.cgi: $size bytes"

# A dynamic one would run here and fail on a host with an older C library.
if command -v file >/dev/null; then
    kind=$(file -b cgi-bin/autodiscover.cgi)
    [[ $kind == *static* ]] && linked=static || linked=dynamic
elif command -v ldd >/dev/null; then
    kind=$(ldd cgi-bin/autodiscover.cgi 2>&1 || true)
    [[ $kind == *'not a dynamic'* || $kind == *'statically linked'* || $kind == *'Not a valid dynamic'* ]] &&
        linked=static || linked=dynamic
else
    kind='neither file nor ldd is here to look'
    linked=unknown
fi
case $linked in
    static) echo 'statically linked: runs on any Linux of this architecture' ;;
    unknown) echo "linkage not checked: $kind" ;;
    dynamic)
        echo "build.sh: the executable is not static: $kind" >&2
        exit 1
        ;;
esac

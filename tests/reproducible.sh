#!/usr/bin/env bash
# Builds the executable as another user in another folder would, and compares the bytes.
# AUTODISCOVER_PROGRAM names an executable that is built already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[[ ${AUTODISCOVER_PROGRAM:-} ]] || cgi-bin/build.sh >&2
program=${AUTODISCOVER_PROGRAM:-cgi-bin/autodiscover.cgi}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/home"
tar --create --exclude=./target . | tar --extract --directory "$work"
# The crates stay where they are, but are named by another path.
ln -s "$(realpath "${CARGO_HOME:-$HOME/.cargo}")"/* "$work/home/"
CARGO_HOME=$work/home CARGO_TARGET_DIR=$work/target "$work/cgi-bin/build.sh"

failed=0
if ! cmp "$program" "$work/cgi-bin/autodiscover.cgi"; then
    failed=$((failed + 1))
fi
if grep -aoE "(${HOME:-/home}|$PWD|$work)/[[:print:]]*" "$program"; then
    echo 'these paths of the builder are part of the executable'
    failed=$((failed + 1))
fi
echo "reproducible: $((2 - failed)) passed, $failed failed, 0 skipped"
((failed == 0))

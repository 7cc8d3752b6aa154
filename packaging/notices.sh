#!/usr/bin/env bash
# Prints what the static executable is linked from, and the licences that want to be handed on with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cat <<END
autodiscover is a static executable. These are linked into it:

musl, the C library, under MIT: https://musl.libc.org/
the standard library of Rust, under MIT or Apache-2.0: https://www.rust-lang.org/

and these crates, from https://crates.io/, by their licences:

END
crates=$(cargo tree --locked --edges normal,no-proc-macro --prefix none --format '{p}|{l}' |
    sed -n 's/^\([^ |]*\) v\([^ |]*\)|\([^(]*[^ (]\).*$/\1 \2 \3/p' | LC_ALL=C sort -u)
echo "$crates"
while read -r name version licence; do
    # The text of the Apache License stands beside this file, once for all.
    [[ $licence != *Apache-2.0* ]] || continue
    source=$(find "${CARGO_HOME:-$HOME/.cargo}/registry/src" -mindepth 2 -maxdepth 2 -name "$name-$version" | head -n 1)
    printf '\n\n===== %s %s\n' "$name" "$version"
    for text in "$source"/LICENSE-MIT "$source"/LICENSE* "$source"/LICENCE* "$source"/COPYING*; do
        if [[ -f $text ]]; then
            printf '\n'
            tr -d '\r' <"$text"
            continue 2
        fi
    done
    echo "notices.sh: $name $version comes without the text of its licence, $licence" >&2
    exit 1
done <<<"$crates"

printf '\n\n===== musl\n\nCopyright © 2005-2020 Rich Felker, et al.\n'
# The words of the MIT licence are the same for all.
sed '1,/^Copyright/d' LICENSE-MIT

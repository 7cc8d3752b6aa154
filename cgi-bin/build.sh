#!/usr/bin/env bash
# Builds the static executable and lays it beside this script as autodiscover.cgi.
# This folder is then what belongs in cgi-bin.
#   cgi-bin/build.sh           for musl, which starts fastest, where Rust has that target or rustup can install it;
#                              for glibc with a distribution's Rust
#   cgi-bin/build.sh --musl    for musl or not at all
#   cgi-bin/build.sh --rust    only prints the folder of the Rust that it would use; fails when there is none
#   cgi-bin/build.sh --install [DESTDIR]    builds, then installs everything below DESTDIR/usr/local, with manual,
#                              completions and probe; DESTDIR/etc/autodiscover/autodiscover.toml only where it is missing
# ARCHITECTURE=aarch64, or x86_64, builds for that architecture, for musl; no other compiler is needed.
set -euo pipefail
# A relative DESTDIR is meant from where this is started.
destination=$(realpath -m "${2:-/}")
destination=${destination%/}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${ARCHITECTURE:-x86_64} in
    x86_64 | aarch64) ;;
    *)
        echo "build.sh: ARCHITECTURE '$ARCHITECTURE' is unknown; use x86_64 or aarch64" >&2
        exit 2
        ;;
esac
case ${1:-} in
    '' | --musl | --rust | --install) ;;
    *)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
        exit 2
        ;;
esac

# rust: prints the folder of a cargo and rustc that are new enough; else says what is missing.
rust() {
    local needed version old='' folder
    local -a folders
    needed=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
    # Ubuntu installs its newer versions of Rust in folders of their own.
    folders=("$(dirname "$(command -v cargo || echo /)")" "${CARGO_HOME:-$HOME/.cargo}/bin" /usr/bin
        /usr/lib/rust-*/bin)
    for folder in "${folders[@]}"; do
        [[ -x $folder/cargo && -x $folder/rustc ]] || continue
        version=$("$folder/rustc" --version 2>/dev/null | cut -d ' ' -f 2) || continue
        if [[ $(printf '%s\n' "$needed" "$version" | sort -V | head -n 1) == "$needed" ]]; then
            echo "$folder"
            return
        fi
        old=", and ${folder/#$HOME/\~} has $version"
    done
    cat >&2 <<END
build.sh: Rust $needed or newer is needed$old
    Debian 12 and 13: sudo apt-get install --no-install-recommends cargo-web ca-certificates libc6-dev
    elsewhere:        https://rustup.rs/, or 'rustup update' where rustup is installed
END
    return 1
}

folder=$(rust)
if [[ ${1:-} == --rust ]]; then
    echo "$folder"
    exit
fi
PATH=$folder:$PATH

# musl TRIPLE: whether Rust can build for it, after installing the target where that is possible.
musl() {
    [[ ! -d $(rustc --print target-libdir --target "$1") ]] || return 0
    command -v rustup >/dev/null && rustup --quiet target add "$1"
}

machine=$(uname -m)
architecture=${ARCHITECTURE:-$machine}
target=$architecture-unknown-linux-musl
if ! musl "$target"; then
    if [[ $architecture != "$machine" || ${1:-} == --musl ]]; then
        echo "build.sh: the target '$target' is not installed; rustup can install it" >&2
        exit 1
    fi
    target=$(rustc -vV | sed -n 's/^host: //p')
fi

# Where the crates lie: in the folder of a registry, or that of 'cargo vendor'.
crates=$(cargo metadata --locked --format-version 1 --filter-platform "$target" | sed 's/"manifest_path":"/\n&/g' |
    sed -n 's|^"manifest_path":"\([^"]*\)/[^/"]*/Cargo.toml".*|\1|p' | grep -vxF "$(dirname "$PWD")" | sort -u)
# Neither these folders nor this checkout nor the builder's home is part of the executable. The last that fits counts.
commit=$(rustc -vV | sed -n 's/^commit-hash: //p')
flags="'--remap-path-prefix=$PWD=.', '--remap-path-prefix=$(rustc --print sysroot)/lib/rustlib/src/rust=/rustc/$commit'"
while read -r folder; do
    flags+=", '--remap-path-prefix=$folder=/crates'"
done <<<"$crates"

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
# As many digits in every clone, however much that holds.
# An archive may be unpacked somewhere inside the checkout of another project, whose commit is not ours.
if [[ -e .git ]] && commit=$(git rev-parse --short=12 HEAD 2>/dev/null); then
    version+=" ($commit)"
fi
export AUTODISCOVER_LONG_VERSION=$version

# Only cargo knows where the executable lies, because the target folder can be configured.
built=$(cargo build --locked --release --bin autodiscover --target "$target" \
    --config "target.'cfg(target_os = \"linux\")'.rustflags = [$flags]" \
    --message-format=json-render-diagnostics |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
if [[ ! -x $built ]]; then
    echo 'build.sh: cargo named no executable' >&2
    exit 1
fi

# A dynamic one would run here and fail on a host with an older C library. It names its loader in the first page.
if [[ $(head -c 4096 "$built" | tr -d '\0') == */ld-*.so.* ]]; then
    echo 'build.sh: the executable is dynamic, not static; are the flags of .cargo/config.toml replaced by RUSTFLAGS?' >&2
    exit 1
fi

# A rename, because a program that runs at this moment cannot be written over.
install -m 755 "$built" cgi-bin/autodiscover.cgi.new
mv -f cgi-bin/autodiscover.cgi.new cgi-bin/autodiscover.cgi

echo "cgi-bin/autodiscover.cgi: $(wc -c <cgi-bin/autodiscover.cgi) bytes, static, for ${target%%-*} with ${target##*-}'s C library"

if [[ ${1:-} == --install ]]; then
    # What a package has, in the places of the administrator's own programs.
    # shellcheck source=packaging/package.sh
    source packaging/package.sh
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    packaging/probe.py "$work/autodiscover-probe"
    {
        package_system "$work" usr/local/share site-functions /usr/local/lib/autodiscover/autodiscover.cgi
        echo "755 usr/local/lib/autodiscover/autodiscover.cgi cgi-bin/autodiscover.cgi"
        echo "755 usr/local/bin/autodiscover-probe $work/autodiscover-probe"
        [[ -e $destination/etc/autodiscover/autodiscover.toml ]] ||
            echo "644 etc/autodiscover/autodiscover.toml cgi-bin/autodiscover.toml"
    } | package_install "$destination"
    install -d -m 755 "$destination/etc/autodiscover/domains"
    ln -sfn ../lib/autodiscover/autodiscover.cgi "$destination/usr/local/bin/autodiscover"
    echo "installed below $destination/usr/local; the configuration is $destination/etc/autodiscover/autodiscover.toml"
fi

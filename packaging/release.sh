#!/usr/bin/env bash
# Makes the files of a release from a clean checkout: for x86-64 and aarch64 an archive for FTP (.tar.gz and .zip), the
# Debian package, the RPM and the lists of parts (SPDX and CycloneDX); then SHA256SUMS.
#   packaging/release.sh VERSION [DIRECTORY]    DIRECTORY is where they go; default: target/release-VERSION
#   packaging/release.sh --sign DIRECTORY       signs the SHA256SUMS of a release that is there
#   packaging/release.sh --notes VERSION        prints the section of CHANGELOG.md
#   packaging/release.sh --compiler             prints the version of Rust that releases are built with
# The same commit gives the same bytes, on Debian 12 and 13; but an RPM has the version of rpmbuild in it.
# MINISIGN_KEY names the secret key of minisign that belongs to the key in packaging/project.toml; minisign asks for its
# password. With it, a release that is made is signed as well.
# Required: Rust by rustup, and of Debian: gcc libc6-dev git python3 zip dpkg rpm, and minisign to sign.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The compiler decides the bytes. It is named here and not in a rust-toolchain.toml, which every builder would download.
compiler=1.95.0

# refuse REASON
refuse() {
    echo "release.sh: $1" >&2
    exit 1
}

# need TOOL:PACKAGE...: refuses unless Debian's packages are there.
need() {
    local pair missing=()
    for pair in "$@"; do
        [[ ${pair%%:*} == /* && -e ${pair%%:*} ]] || command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
    done
    ((${#missing[@]} == 0)) || refuse "missing; run: sudo apt-get install --no-install-recommends ${missing[*]}"
}

# heading VERSION: prints the heading of its section in CHANGELOG.md.
heading() {
    grep -xE "## ${1//./\\.} - [0-9]{4}-[0-9]{2}-[0-9]{2}" CHANGELOG.md ||
        refuse "CHANGELOG.md has no heading '## $1 - YYYY-MM-DD'"
}

# signable: refuses unless there are both parts of a key.
signable() {
    [[ $(project_value key) ]] || refuse "packaging/project.toml has no key that would verify a signature; enter 'key'"
    [[ -r ${MINISIGN_KEY:-} ]] || refuse "cannot read the secret key '${MINISIGN_KEY:-}'; set MINISIGN_KEY"
    need minisign:minisign
}

# sign DIRECTORY: makes SHA256SUMS.minisig.
sign() {
    local secret
    secret=$(realpath "$MINISIGN_KEY")
    (cd "$1" && LC_ALL=C sha256sum --check --strict --quiet SHA256SUMS) || refuse "'$1' does not hold what its SHA256SUMS says"
    # Without a comment of ours it holds the time of day.
    minisign -S -s "$secret" -m "$1/SHA256SUMS" -t "autodiscover $package_version" >&2
    minisign -V -q -P "$(project_value key)" -m "$1/SHA256SUMS" || {
        rm -f "$1/SHA256SUMS.minisig"
        refuse "'$MINISIGN_KEY' is not the secret key of the 'key' in packaging/project.toml"
    }
}

# shellcheck source=packaging/package.sh
source packaging/package.sh

case ${1:-} in
    --compiler)
        echo "$compiler"
        exit
        ;;
    --notes)
        heading "${2:-}" >/dev/null
        awk -v version="$2" '/^## / { inside = $2 == version; next } inside' CHANGELOG.md | sed -e '/./,$!d'
        exit
        ;;
    --sign)
        [[ -f ${2:-}/SHA256SUMS ]] || refuse "'${2:-}' is not the directory of a release"
        signable
        sign "$2"
        exit
        ;;
esac
if (($# < 1 || $# > 2)) || [[ $1 == -* ]]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
fi
version=$1
directory=$(realpath -m "${2:-target/release-$version}")

[[ $version == "$package_version" ]] || refuse "'$version' is not the version in Cargo.toml, '$package_version'"
heading "$version" >/dev/null
[[ $(head -n 1 packaging/debian/changelog) == "autodiscover ($version-1) "* ]] ||
    refuse "packaging/debian/changelog must begin with 'autodiscover ($version-1)'"
[[ -e .git ]] || refuse 'this is not a checkout of git'
changes=$(git status --porcelain)
[[ ! $changes ]] || refuse "the checkout has changes; commit or remove them: $(head -n 5 <<<"$changes")"
[[ ! -e $directory ]] || refuse "'$directory' exists; remove it"
# The linker of build scripts is gcc, with the start files of libc6-dev.
need gcc:gcc /usr/include/stdlib.h:libc6-dev git:git python3:python3 zip:zip dpkg-deb:dpkg rpmbuild:rpm
[[ ! ${MINISIGN_KEY:-} ]] || signable
command -v rustup >/dev/null || refuse "'rustup' is missing; see https://rustup.rs/"
[[ $(rustc --version 2>/dev/null) == "rustc $compiler "* ]] || export RUSTUP_TOOLCHAIN=$compiler
[[ $(rustc --version 2>/dev/null) == "rustc $compiler "* ]] ||
    refuse "Rust $compiler is missing; run: rustup toolchain install $compiler --profile minimal"
PATH=$(cgi-bin/build.sh --rust):$PATH

# Nothing stays where it could be taken for a release that is not whole.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The machine's own last: what lies in cgi-bin/ afterwards runs here.
for architecture in $(printf '%s\n' x86_64 aarch64 | grep -vx "$(uname -m)") "$(uname -m)"; do
    export ARCHITECTURE=$architecture
    packaging/tarball.sh "$work"
    packaging/deb.sh "$work"
    packaging/rpm.sh "$work"
    list=$work/autodiscover-$version-$architecture
    packaging/parts.py spdx "$architecture" cgi-bin/autodiscover.cgi >"$list.spdx.json"
    packaging/parts.py cyclonedx "$architecture" cgi-bin/autodiscover.cgi >"$list.cdx.json"
done

(cd "$work" && LC_ALL=C sha256sum autodiscover[-_]* >SHA256SUMS)
[[ ! ${MINISIGN_KEY:-} ]] || sign "$work"
mkdir -p "$directory"
mv "$work"/* "$directory/"
printf '%s\n' "$directory"/*

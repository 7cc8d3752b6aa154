#!/usr/bin/env bash
# Makes all files of a release from a clean checkout: for x86-64 and aarch64 an archive for FTP (.tar.gz and .zip), the
# Debian package, the RPM and the lists of parts (SPDX and CycloneDX); then SHA256SUMS, and its signature where there is a key.
#   packaging/release.sh VERSION [FOLDER]    FOLDER is where they go; target/release-VERSION when left out
# MINISIGN_KEY names a secret key of minisign; minisign asks for its password.
# It needs Rust by rustup, and of Debian: git python3 zip groff-base dpkg rpm, and minisign for a signature.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# refuse REASON
refuse() {
    echo "release.sh: $1" >&2
    exit 1
}

if (($# < 1 || $# > 2)); then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
fi
version=$1
folder=$(realpath -m "${2:-target/release-$version}")
# shellcheck source=packaging/package.sh
source packaging/package.sh

[[ $version == "$package_version" ]] || refuse "'$version' is not the version in Cargo.toml, '$package_version'"
grep -cxF "## $version" CHANGELOG.md >/dev/null || refuse "CHANGELOG.md has no heading '## $version'"
[[ $(head -n 1 packaging/debian/changelog) == "autodiscover ($version-1) "* ]] ||
    refuse "packaging/debian/changelog must begin with 'autodiscover ($version-1)'"
[[ -e .git ]] || refuse 'this is not a checkout of git'
changes=$(git status --porcelain)
[[ ! $changes ]] || refuse "the checkout has changes; commit or remove them: $(head -n 5 <<<"$changes")"
[[ ! -e $folder ]] || refuse "'$folder' is there already"
for tool in rustup python3 zip groff dpkg-deb rpmbuild ${MINISIGN_KEY:+minisign}; do
    command -v "$tool" >/dev/null || refuse "'$tool' is missing"
done
[[ ! ${MINISIGN_KEY:-} || -r $MINISIGN_KEY ]] || refuse "the key '$MINISIGN_KEY' cannot be read"
key=${MINISIGN_KEY:+$(realpath "$MINISIGN_KEY")}
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

cd "$work"
LC_ALL=C sha256sum autodiscover[-_]* >SHA256SUMS
if [[ $key ]]; then
    # Without a comment of ours it holds the time of day.
    minisign -S -s "$key" -m SHA256SUMS -t "autodiscover $version" >&2
fi
mkdir -p "$folder"
mv ./* "$folder/"
printf '%s\n' "$folder"/*

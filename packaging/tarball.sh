#!/usr/bin/env bash
# Packs what a customer with FTP uploads: autodiscover-VERSION-ARCHITECTURE.tar.gz, and prints its path.
# The same commit, compiler and tools give the same bytes.
#   packaging/tarball.sh [FOLDER]    FOLDER is where the archive goes; target/ when left out
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/release.sh
source packaging/release.sh
folder=$(realpath -m "${1:-target}")

release_build
name=autodiscover-$release_version
archive=$folder/$name-$release_architecture.tar.gz
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$stage/$name/cgi-bin" "$folder"
install -m 755 cgi-bin/autodiscover.cgi "$stage/$name/cgi-bin/"
install -m 644 cgi-bin/.htaccess cgi-bin/autodiscover.toml "$stage/$name/cgi-bin/"
install -m 644 packaging/INSTALL LICENSE-APACHE LICENSE-MIT CHANGELOG.md "$stage/$name/"
packaging/notices.sh >"$stage/$name/NOTICES"
install -m 644 apache/htaccess "$stage/$name/htaccess"
install -m 755 apache/probe.py "$stage/$name/autodiscover-probe"
chmod 755 "$stage/$name" "$stage/$name/cgi-bin"
chmod 644 "$stage/$name/NOTICES"

LC_ALL=C tar --create --directory "$stage" --sort=name --format=ustar --mtime="@$SOURCE_DATE_EPOCH" \
    --owner=0 --group=0 --numeric-owner "$name" | gzip -9n >"$archive"
echo "$archive"

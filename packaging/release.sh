# shellcheck shell=bash
# What both packages are made from: the executable, its version and architecture, and a date that does not depend on
# when they are built; to be sourced.
# ARCHITECTURE=aarch64, or x86_64, packs for that architecture.

# shellcheck disable=SC2034  # for those who source this
release_architecture=${ARCHITECTURE:-$(uname -m)}
# shellcheck disable=SC2034
release_version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
# Unpacked from an archive there is no commit; the changelog is then as old as the release.
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}"
export SOURCE_DATE_EPOCH

# release_build: lays cgi-bin/autodiscover.cgi. What is handed on is built for musl alone.
release_build() {
    cgi-bin/build.sh --musl >&2
}

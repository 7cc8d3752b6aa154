#!/usr/bin/env bash
# Builds the Debian package and prints its path; what is in it stands in Cargo.toml, [package.metadata.deb].
#   packaging/deb.sh [FOLDER]    FOLDER is where the package goes; target/ when left out
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/release.sh
source packaging/release.sh
folder=$(realpath -m "${1:-target}")

if ! cargo deb --version >/dev/null 2>&1; then
    echo 'deb.sh: cargo-deb is missing: cargo install cargo-deb --locked' >&2
    exit 1
fi

release_build
mkdir -p "$folder" target
packaging/notices.sh >target/NOTICES
# It is built already; the target only names the architecture.
cargo deb --locked --no-build --no-strip --quiet --target "$release_architecture-unknown-linux-musl" --output "$folder/"

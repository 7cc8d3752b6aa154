# shellcheck shell=bash
# What every package is made from: the executable, its version and architecture, and a date that does not depend on
# when it is built; to be sourced.
# ARCHITECTURE=aarch64, or x86_64, packs for that architecture.

# shellcheck disable=SC2034  # for those who source this
package_architecture=${ARCHITECTURE:-$(uname -m)}
# shellcheck disable=SC2034
package_version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
# Unpacked from an archive there is no commit; the changelog is then as old as the release.
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}"
export SOURCE_DATE_EPOCH

# project_value NAME: prints the value in packaging/project.toml; an empty line when the project has none.
project_value() {
    sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" packaging/project.toml
}

# package_build: lays cgi-bin/autodiscover.cgi, and Rust in the PATH. What is handed on is built for musl alone.
package_build() {
    cgi-bin/build.sh --musl >&2
    PATH=$(cgi-bin/build.sh --rust):$PATH
}

# package_stage FOLDER: reads lines MODE TARGET SOURCE, and lays each source there, with the date above.
package_stage() {
    local stage=$1 mode target source
    while read -r mode target source; do
        install -D -m "$mode" "$source" "$stage/$target"
    done
    find "$stage" -type d -exec chmod 755 {} +
    find "$stage" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

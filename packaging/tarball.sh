#!/usr/bin/env bash
# Packs what a customer with FTP uploads: autodiscover-VERSION-ARCHITECTURE.tar.gz and .zip, and prints their paths.
# The same commit, compiler and tools give the same bytes. It needs zip.
#   packaging/tarball.sh [FOLDER]    FOLDER is where the archives go; target/ when left out
# ARCHITECTURE=aarch64, or x86_64, packs for that architecture.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/package.sh
source packaging/package.sh
folder=$(realpath -m "${1:-target}")

package_build
name=autodiscover-$package_version
archive=$folder/$name-$package_architecture
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder"
packaging/parts.py notices "$package_architecture" >"$work/NOTICES"
packaging/probe.py "$work/autodiscover-probe"
cargo run --quiet --locked --example completions "$work/completions"
package_nginx_block /usr/local/lib/autodiscover/autodiscover.cgi >"$work/nginx-block.conf"
# For those who have no man(1).
for page in autodiscover.1 autodiscover-probe.1 autodiscover.toml.5 autodiscover-panel.8; do
    packaging/text.py "packaging/$page" >"$work/$page.txt"
done
{
    package_documents doc examples
    cat <<END
755 cgi-bin/autodiscover.cgi cgi-bin/autodiscover.cgi
644 cgi-bin/autodiscover.toml cgi-bin/autodiscover.toml
644 cgi-bin/.htaccess cgi-bin/.htaccess
644 htaccess apache/htaccess
755 autodiscover-probe $work/autodiscover-probe
644 INSTALL packaging/INSTALL
644 README.md README.md
644 SECURITY.md SECURITY.md
644 CHANGELOG.md CHANGELOG.md
644 LICENSE-APACHE LICENSE-APACHE
644 LICENSE-MIT LICENSE-MIT
644 NOTICES $work/NOTICES
644 doc/autodiscover.1.txt $work/autodiscover.1.txt packaging/autodiscover.1
644 doc/autodiscover-probe.1.txt $work/autodiscover-probe.1.txt packaging/autodiscover-probe.1
644 doc/autodiscover.toml.5.txt $work/autodiscover.toml.5.txt packaging/autodiscover.toml.5
644 doc/autodiscover-panel.8.txt $work/autodiscover-panel.8.txt packaging/autodiscover-panel.8
644 share/autodiscover/nginx-block.conf $work/nginx-block.conf
644 share/autodiscover/autodiscover_plugin.inc.php packaging/panels/autodiscover_plugin.inc.php
755 sbin/autodiscover-panel packaging/panels/autodiscover-panel
644 examples/completions/autodiscover.bash $work/completions/autodiscover.bash packaging/completions.rs
644 examples/completions/_autodiscover $work/completions/_autodiscover packaging/completions.rs
644 examples/completions/autodiscover.fish $work/completions/autodiscover.fish packaging/completions.rs
END
} | package_stage "$work/$name"

cd "$work"
# GNU's own format: in that of POSIX, tar 1.35 leaves two fields empty that 1.34 fills, so Debian 12 and 13 would differ.
LC_ALL=C tar --create --sort=name --format=gnu --owner=0 --group=0 --numeric-owner "$name" | gzip -9n >"$archive.tar.gz"
echo "$archive.tar.gz"
# zip adds to an archive that is there.
rm -f "$archive.zip"
# An entry has a date without a time zone, and nothing of this machine's users.
find "$name" | LC_ALL=C sort | TZ=UTC zip --quiet -9 -X --names-stdin "$archive.zip"
echo "$archive.zip"

#!/usr/bin/env bash
# Builds the Debian package and prints its path. The same commit, compiler and tools give the same bytes.
#   packaging/deb.sh [FOLDER]    FOLDER is where the package goes; target/ when left out
# ARCHITECTURE=aarch64, or x86_64, packs for that architecture.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/package.sh
source packaging/package.sh
folder=$(realpath -m "${1:-target}")

package_build
declare -A names=([x86_64]=amd64 [aarch64]=arm64)
architecture=${names[$package_architecture]}
version=$package_version-1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder" "$work/root/usr/bin" "$work/root/DEBIAN"
contact=$(project_value contact) homepage=$(project_value repository)
changes=$(<packaging/debian/changelog)
# The trailer of an entry needs the angle brackets even without an address (deb-changelog(5)).
printf '%s\n' "${changes//@CONTACT@/"${contact:-the autodiscover authors <>}"}" >"$work/changelog"
packaging/parts.py notices "$package_architecture" >"$work/NOTICES"
packaging/probe.py "$work/autodiscover-probe"
gzip -9nc CHANGELOG.md >"$work/CHANGELOG.md.gz"
gzip -9nc "$work/changelog" >"$work/changelog.gz"
ln -s ../lib/cgi-bin/autodiscover.cgi "$work/root/usr/bin/autodiscover"
doc=usr/share/doc/autodiscover
# Documents may be left out of a system (dpkg --path-exclude), so that the file which postinst lays is none.
mkdir -p "$work/root/$doc/examples"
ln -s ../../../autodiscover/autodiscover.toml "$work/root/$doc/examples/autodiscover.toml"
{
    package_system "$work" usr/share vendor-completions /usr/lib/cgi-bin/autodiscover.cgi
    cat <<END
755 usr/lib/cgi-bin/autodiscover.cgi cgi-bin/autodiscover.cgi
755 usr/bin/autodiscover-probe $work/autodiscover-probe
644 usr/share/autodiscover/autodiscover.toml cgi-bin/autodiscover.toml
644 etc/apache2/conf-available/autodiscover.conf packaging/debian/autodiscover.conf
644 usr/share/lintian/overrides/autodiscover packaging/debian/lintian-overrides
644 $doc/README.Debian packaging/debian/README.Debian
644 $doc/copyright packaging/debian/copyright
644 $doc/NOTICES $work/NOTICES
644 $doc/changelog.gz $work/CHANGELOG.md.gz CHANGELOG.md
644 $doc/changelog.Debian.gz $work/changelog.gz
755 DEBIAN/postinst packaging/debian/postinst
755 DEBIAN/postrm packaging/debian/postrm
END
} | package_stage "$work/root"

cd "$work/root"
find etc -type f | LC_ALL=C sort | sed 's|^|/|' >DEBIAN/conffiles
find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | LC_ALL=C sort | xargs md5sum >DEBIAN/md5sums
# In KiB, with one for whatever is not a file (deb-substvars(5)).
size=$(find . -path ./DEBIAN -prune -o -printf '%y %s\n' | awk '{ size += $1 == "f" ? int(($2 + 1023) / 1024) : 1 } END { print size }')
printf '%s\n' 'Package: autodiscover' "Version: $version" "Architecture: $architecture" "Installed-Size: $size" \
    ${contact:+"Maintainer: $contact"} ${homepage:+"Homepage: $homepage"} |
    cat - "$OLDPWD/packaging/debian/control" >DEBIAN/control
chmod 644 DEBIAN/{conffiles,md5sums,control}
# Several threads would give other bytes than one.
DPKG_DEB_THREADS_MAX=1 dpkg-deb --root-owner-group -Zxz --build . "$folder/autodiscover_${version}_$architecture.deb" >&2
echo "$folder/autodiscover_${version}_$architecture.deb"

#!/usr/bin/env bash
# Builds the RPM for Fedora, RHEL and its relatives, and prints its path. The same commit, compiler and tools give the
# same bytes. It needs rpmbuild (Debian: rpm).
#   packaging/rpm.sh [FOLDER]    FOLDER is where the package goes; target/ when left out
# ARCHITECTURE=aarch64, or x86_64, packs for that architecture. RELEASE=2 counts up for the same version.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/package.sh
source packaging/package.sh
folder=$(realpath -m "${1:-target}")
release=${RELEASE:-1}

package_build
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stage=$work/stage
mkdir -p "$folder" "$stage/usr/bin" "$stage/etc/autodiscover/domains"
packaging/parts.py notices "$package_architecture" >"$work/NOTICES"
packaging/probe.py "$work/autodiscover-probe"
# The rules are those of Debian's package; its first paragraph is about a2enconf.
{
    echo '# Answers mail clients on every virtual host; /etc/httpd/conf.d/autodiscover.conf includes this file.'
    sed -e '1,/^$/d' -e 's|/usr/lib/cgi-bin|/usr/libexec/autodiscover|g' packaging/debian/autodiscover.conf
} >"$work/httpd.conf"
ln -s ../libexec/autodiscover/autodiscover.cgi "$stage/usr/bin/autodiscover"
doc=usr/share/doc/autodiscover
{
    package_system "$work" usr/share site-functions /usr/libexec/autodiscover/autodiscover.cgi
    cat <<END
755 usr/libexec/autodiscover/autodiscover.cgi cgi-bin/autodiscover.cgi
755 usr/bin/autodiscover-probe $work/autodiscover-probe
644 etc/autodiscover/autodiscover.toml cgi-bin/autodiscover.toml
644 etc/httpd/conf.d/autodiscover.conf packaging/rpm/autodiscover.conf
644 usr/share/autodiscover/httpd.conf $work/httpd.conf packaging/debian/autodiscover.conf
644 $doc/CHANGELOG.md CHANGELOG.md
644 $doc/NOTICES $work/NOTICES
644 usr/share/licenses/autodiscover/LICENSE-APACHE LICENSE-APACHE
644 usr/share/licenses/autodiscover/LICENSE-MIT LICENSE-MIT
END
} | package_stage "$stage"

# The directories of our own go with the package; the others belong to the system.
(
    cd "$stage"
    find . -type d -name autodiscover -printf '%%dir "/%P"\n' -o -path ./etc/autodiscover/domains -printf '%%dir "/%P"\n' -o \
        -path './usr/share/doc/autodiscover/*' -type d -printf '%%dir "/%P"\n' -o \
        -path './etc/*' ! -type d -printf '%%config(noreplace) "/%P"\n' -o \
        -path './usr/share/doc/*' -type f -printf '%%doc "/%P"\n' -o \
        -path './usr/share/licenses/*' -type f -printf '%%license "/%P"\n' -o ! -type d -printf '"/%P"\n'
) | LC_ALL=C sort >"$work/files"

contact=$(project_value contact) homepage=$(project_value repository)
# Neither the time of the build nor the name of this machine is part of the package. RHEL 7 reads xz.
rpmbuild --quiet -bb --target "$package_architecture-linux" --define "_topdir $work/rpmbuild" --define "_rpmdir $work/rpms" \
    --define "staged $stage" --define "staged_list $work/files" --define "staged_version $package_version" \
    --define "staged_release $release" --define '_buildhost localhost' --define 'use_source_date_epoch_as_buildtime 1' \
    --define 'clamp_mtime_to_source_date_epoch 1' --define '_binary_payload w6.xzdio' \
    ${contact:+--define "staged_contact $contact"} ${homepage:+--define "staged_homepage $homepage"} \
    --define '_docdir_fmt %{name}' packaging/rpm/autodiscover.spec >&2
mv "$work/rpms/$package_architecture/autodiscover-$package_version-$release.$package_architecture.rpm" "$folder/"
echo "$folder/autodiscover-$package_version-$release.$package_architecture.rpm"

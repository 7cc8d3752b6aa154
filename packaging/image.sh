#!/usr/bin/env bash
# Lays the context of an OCI image into DIRECTORY and prints its path; buildah, podman or docker then builds the image.
# lighttpd, its libraries and busybox are those of this Debian: build again when they are updated.
#   packaging/image.sh [DIRECTORY]    default: target/image
#   buildah build --format docker -t autodiscover DIRECTORY
# It needs of Debian: lighttpd busybox-static.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/package.sh
source packaging/package.sh
context=$(realpath -m "${1:-target/image}")
root=$context/root

for file in /usr/sbin/lighttpd /bin/busybox; do
    [[ -x $file ]] || { echo "image.sh: '$file' is missing; run: apt-get install lighttpd busybox-static" >&2; exit 1; }
done
package_build
rm -rf "$root"
mkdir -p "$context"
# Those that a version has built in have no file.
mapfile -t modules < <(compgen -G '/usr/lib/lighttpd/mod_*.so' | grep -E '/mod_(access|alias|cgi|extforward|redirect|setenv)\.so$')
mapfile -t files < <(printf '%s\n' /usr/sbin/lighttpd /bin/busybox "${modules[@]}"
    ldd /usr/sbin/lighttpd "${modules[@]}" | sed -n 's|^[^/]*\(/[^ ]*\) (0x.*|\1|p' | sort -u)
for file in "${files[@]}"; do
    install -D -m 755 "$file" "$root$file"
    # What is handed on needs the licences of its parts.
    package=$({ dpkg --search "$file" || dpkg --search "$(realpath "$file")" || dpkg --search "/usr$file"; } 2>/dev/null | head -n 1 | cut -d : -f 1)
    install -D -m 644 "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright"
done
package_stage "$root" <<END
755 usr/lib/cgi-bin/autodiscover.cgi cgi-bin/autodiscover.cgi
644 etc/autodiscover/autodiscover.toml cgi-bin/autodiscover.toml
644 etc/lighttpd/lighttpd.conf packaging/image/lighttpd.conf
644 etc/lighttpd/autodiscover.conf packaging/lighttpd.conf
755 bin/health packaging/image/health
644 usr/share/doc/autodiscover/LICENSE-MIT LICENSE-MIT
644 usr/share/doc/autodiscover/LICENSE-APACHE LICENSE-APACHE
END
mkdir -p "$root/var/empty" "$root/usr/bin"
mkdir -m 1777 "$root/tmp"
ln -s ../lib/cgi-bin/autodiscover.cgi "$root/usr/bin/autodiscover"
install -m 644 packaging/image/Containerfile "$context/Containerfile"
echo "$context"

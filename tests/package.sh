#!/usr/bin/env bash
# Builds the archive for FTP and the Debian package, and uses both as a new user would, each in a private Apache.
# As root in CI the Debian package is also installed, enabled, removed and purged on this machine, which is left as it was.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=apache/private.sh
source apache/private.sh
# shellcheck source=packaging/release.sh
source packaging/release.sh
PATH=$PATH:/usr/sbin:/sbin:${CARGO_HOME:-$HOME/.cargo}/bin

missing=()
private_apache_find >/dev/null || missing+=(apache2)
for tool in openssl python3 curl tar git; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
if ((${#missing[@]})); then
    echo "package: SKIPPED, missing: ${missing[*]}" >&2
    if [[ ${CI:-} == true ]]; then
        echo 'package: 0 passed, 1 failed, 0 skipped'
        exit 1
    fi
    echo 'package: 0 passed, 0 failed, 1 skipped'
    exit 0
fi

root=$(mktemp -d)
installed=false modules=()
finish() {
    private_apache_stop
    if $installed; then
        dpkg --purge autodiscover >/dev/null 2>&1 || true
    fi
    ((${#modules[@]} == 0)) || a2dismod --quiet --force --purge "${modules[@]}" >/dev/null 2>&1 || true
    rm -rf "$root"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$root"

passed=0 failed=0 skipped=0
# result TITLE PROBLEM: no problem is a pass.
result() {
    if [[ -z $2 ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED package: %s\n%s\n' "$1" "$(head -n 40 <<<"$2" | sed 's/^/    /')"
    fi
}

# succeeds TITLE COMMAND...: what it prints is shown when it fails.
succeeds() {
    local title=$1 output status=0
    shift
    output=$("$@" 2>&1) || status=$?
    if ((status)); then
        result "$title" "exit status $status: $output"
    else
        result "$title" ''
    fi
}

read -r https_port http_port < <(private_apache_ports)

# ask STATUS TEXT URL [CURL-OPTION...]: the answer must have this status, and this text in its head or body.
ask() {
    local status=$1 text=$2 url=$3 got problem=''
    shift 3
    : >"$root/answer"
    got=$(curl --silent --show-error --max-time 20 --path-as-is --include --insecure --noproxy '*' \
        --connect-to "::127.0.0.1:" --output "$root/answer" --write-out '%{http_code}' "$@" "$url") || true
    if [[ $got != "$status" ]]; then
        problem="status $got, expected $status"
    elif ! tr -d '\r' <"$root/answer" | grep -a -qF -- "$text"; then
        problem="$(printf '%s is not in\n%s' "$text" "$(cat "$root/answer")")"
    fi
    result "$layout: $url $*" "$problem"
}

https() { echo "https://$1:$https_port$2"; }
http() { echo "http://$1:$http_port$2"; }

# hosts FOLDER: the two virtual hosts of a website that has nothing to do with us.
hosts() {
    local folder=$1 port
    echo 'DirectoryIndex index.html'
    for port in "$https_port" "$http_port"; do
        echo "<VirtualHost *:$port>"
        echo '    ServerName example.org'
        echo '    ServerAlias *.example.org'
        echo "    DocumentRoot \"$folder/www\""
        if [[ $port == "$https_port" ]]; then
            echo '    SSLEngine On'
            echo "    SSLCertificateFile \"$folder/cert.pem\""
            echo "    SSLCertificateKeyFile \"$folder/key.pem\""
        fi
        echo '</VirtualHost>'
    done
}

# discovery: what every layout answers.
discovery() {
    local path
    for path in /autodiscover/autodiscover.xml /Autodiscover/Autodiscover.xml /AUTODISCOVER/AUTODISCOVER.XML \
        /autodiscover/autodiscover.xml/; do
        ask 200 '<Server>imap.example.org</Server>' "$(https example.org "$path")" --data-binary "@tests/bench/request.xml"
        ask 405 'Allow: POST' "$(https autodiscover.example.org "$path")"
    done
    ask 200 '/autodiscover/autodiscover.xml"' \
        "$(https example.org '/AutoDiscover/autodiscover.json?Email=ada%40example.org&Protocol=AutodiscoverV1')"
    ask 200 '/autodiscover/autodiscover.xml"' \
        "$(https example.org '/autodiscover/autodiscover.json/v1.0/ada@example.org?Protocol=Autodiscoverv1')"
    for path in /mail/config-v1.1.xml /Mail/Config-v1.1.xml /v1.1/mail/config-v1.1.xml \
        /.well-known/autoconfig/mail/config-v1.1.xml; do
        ask 200 '<hostname>imap.example.org</hostname>' "$(https autoconfig.example.org "$path?emailaddress=ada%40example.org")"
    done
    ask 200 'application/json' "$(https ua-auto-config.example.org /.well-known/user-agent-configuration.json)"
    ask 200 'application/x-apple-aspen-config' \
        "$(https autodiscover.example.org '/mail/ada.mobileconfig?emailaddress=ada%40example.org')"
    for path in / /mail/ '/Mail?emailaddress=ada%40example.org'; do
        ask 200 'Content-Type: text/html; charset=utf-8' "$(https autodiscover.example.org "$path")"
        ask 200 'X-Content-Type-Options: nosniff' "$(https AUTOCONFIG.example.org "$path")"
    done
    ask 200 'the website of example.org' "$(https example.org /)"
    ask 200 'the website of example.org' "$(https www.example.org /index.html)"
    ask 404 '' "$(https example.org /mail/)"
    ask 404 '' "$(https example.org /autodiscover/autodiscover.xmlx)"
    ask 302 "Location: https://example.org" "$(http example.org '/autodiscover/autodiscover.xml')"
    ask 302 '/mail/config-v1.1.xml?emailaddress=ada%40example.org' \
        "$(http autoconfig.example.org '/mail/config-v1.1.xml?emailaddress=ada%40example.org')"
    ask 302 'Location: https://autodiscover.example.org' "$(http autodiscover.example.org /)"
    ask 403 '' "$(http example.org /autodiscover/autodiscover.xml)" --data-binary "@tests/bench/request.xml"
    ask 200 '<Type>IMAP</Type>' "$(http example.org /autodiscover/autodiscover.xml)" \
        --data-binary "@tests/bench/request.xml" --header 'X-Forwarded-Proto: https'
    ask 200 'the website of example.org' "$(http example.org /)"
}

# website FOLDER: the files of that website.
website() {
    mkdir -p "$1/www"
    chmod 755 "$1/www"
    echo 'the website of example.org' >"$1/www/index.html"
    chmod 644 "$1/www/index.html"
    private_apache_certificate "$1" example.org '*.example.org'
}

version=$(git rev-parse --short HEAD)
version="autodiscover $release_version ($version)"

# ---- the archive for FTP

layout=archive
mkdir -m 755 "$root/archive"
if archive=$(packaging/tarball.sh "$root" 2>"$root/log"); then
    result 'the archive is built' ''
    cat >"$root/expected" <<END
drwxr-xr-x 0/0 autodiscover-$release_version/
-rw-r--r-- 0/0 autodiscover-$release_version/CHANGELOG.md
-rw-r--r-- 0/0 autodiscover-$release_version/INSTALL
-rw-r--r-- 0/0 autodiscover-$release_version/LICENSE-APACHE
-rw-r--r-- 0/0 autodiscover-$release_version/LICENSE-MIT
-rw-r--r-- 0/0 autodiscover-$release_version/NOTICES
drwxr-xr-x 0/0 autodiscover-$release_version/cgi-bin/
-rw-r--r-- 0/0 autodiscover-$release_version/cgi-bin/.htaccess
-rwxr-xr-x 0/0 autodiscover-$release_version/cgi-bin/autodiscover.cgi
-rw-r--r-- 0/0 autodiscover-$release_version/cgi-bin/autodiscover.toml
-rw-r--r-- 0/0 autodiscover-$release_version/htaccess
END
    result 'the name of the archive' "$([[ $archive == "$root/autodiscover-$release_version-$(uname -m).tar.gz" ]] || echo "$archive")"
    result 'what is in the archive' \
        "$(tar --list --verbose --numeric-owner --file "$archive" | awk '{ print $1, $2, $6 }' | diff "$root/expected" - || true)"
    mkdir "$root/again"
    again=$(packaging/tarball.sh "$root/again" 2>/dev/null)
    succeeds 'the same bytes again' cmp "$archive" "$again"

    # As INSTALL says: the folder's content into cgi-bin, htaccess into the document root.
    website "$root/archive"
    tar --extract --no-same-owner --directory "$root/archive" --file "$archive"
    unpacked=$root/archive/autodiscover-$release_version
    result '--version of the archive' "$([[ $("$unpacked/cgi-bin/autodiscover.cgi" --version) == "$version" ]] || "$unpacked/cgi-bin/autodiscover.cgi" --version)"
    cp -r "$unpacked/cgi-bin" "$root/archive/www/cgi-bin"
    cp "$unpacked/htaccess" "$root/archive/www/.htaccess"
    {
        private_apache_base "$root/archive" event "$https_port" "$http_port"
        hosts "$root/archive"
        echo "<Directory \"$root/archive/www\">"
        echo '    AllowOverride FileInfo AuthConfig Options Limit Indexes'
        echo '    Options Indexes SymLinksIfOwnerMatch'
        echo '    Require all granted'
        echo '</Directory>'
    } >"$root/archive/httpd.conf"
    private_apache_start "$root/archive" "$https_port"
    discovery
    for path in /cgi-bin/autodiscover.toml /cgi-bin/.htaccess /.htaccess /cgi-bin/; do
        ask 403 '' "$(https example.org "$path")"
    done
    private_apache_stop
else
    result 'the archive is built' "$(tail -n 20 "$root/log")"
fi

# ---- the Debian package

if ! cargo deb --version >/dev/null 2>&1 && [[ ${CI:-} == true ]]; then
    echo 'installing cargo-deb'
    # RUSTFLAGS and the target of this project are not meant for a tool.
    (cd "$root" && env -u CARGO_TARGET_DIR cargo install --quiet --locked cargo-deb) || true
fi
absent=()
for tool in dpkg-deb lintian; do
    command -v "$tool" >/dev/null || absent+=("$tool")
done
cargo deb --version >/dev/null 2>&1 || absent+=(cargo-deb)
if ((${#absent[@]})); then
    echo "package: the Debian package is SKIPPED, missing: ${absent[*]}" >&2
    [[ ${CI:-} == true ]] && failed=$((failed + 1)) || skipped=$((skipped + 1))
    echo "package: $passed passed, $failed failed, $skipped skipped"
    ((failed == 0))
    exit
fi

# debian_layout FOLDER CONF: an Apache whose configuration knows of us only what the package brought.
debian_layout() {
    local folder=$1 conf=$2 module
    module=$(dirname "$(find /usr/lib/apache2/modules /usr/lib64/httpd/modules /usr/lib/httpd/modules \
        -name mod_actions.so 2>/dev/null | head -n 1)")
    website "$folder"
    {
        private_apache_base "$folder" "$mpm" "$https_port" "$http_port"
        echo "LoadModule actions_module \"$module/mod_actions.so\""
        echo "Include \"$conf\""
        echo "<Directory \"$folder/www\">"
        echo '    Require all granted'
        echo '</Directory>'
        hosts "$folder"
    } >"$folder/httpd.conf"
    private_apache_start "$folder" "$https_port"
    discovery
    # A website's own path of the same name comes before ours.
    ask 404 '' "$(https example.org /etc/autodiscover/autodiscover.toml)"
    private_apache_stop
}

if package=$(packaging/deb.sh "$root" 2>"$root/log"); then
    result 'the package is built' ''
else
    result 'the package is built' "$(tail -n 20 "$root/log")"
    echo "package: $passed passed, $failed failed, $skipped skipped"
    exit 1
fi
as_root=()
[[ $(id -u) != 0 ]] || as_root=(--allow-root)
succeeds 'lintian' lintian --fail-on error,warning "${as_root[@]}" "$package"
succeeds 'the package has the version of the program' test "$(dpkg-deb --field "$package" Version)" = "$release_version-1"
result 'the Debian changelog has this version' \
    "$(head -n 1 packaging/debian/changelog | grep -qF "autodiscover ($release_version-1) " || head -n 1 packaging/debian/changelog)"
result 'CHANGELOG.md has this version' "$(grep -qxF "## $release_version" CHANGELOG.md || echo "no heading $release_version")"
mkdir -p "$root/again"
again=$(packaging/deb.sh "$root/again" 2>/dev/null)
succeeds 'the same package again' cmp "$package" "$again"

# Unpacked beside the system, with the paths in its configuration led there.
layout='package, unpacked'
mkdir -m 755 "$root/unpacked"
dpkg-deb --extract "$package" "$root/unpacked/system"
chmod 755 "$root/unpacked/system"
result '--version of the package' \
    "$([[ $("$root/unpacked/system/usr/bin/autodiscover" --version) == "$version" ]] || "$root/unpacked/system/usr/bin/autodiscover" --version)"
sed "s|/usr/lib/cgi-bin|$root/unpacked/system/usr/lib/cgi-bin|" \
    "$root/unpacked/system/etc/apache2/conf-available/autodiscover.conf" >"$root/unpacked/autodiscover.conf"
for mpm in event prefork; do
    rm -f "$root/unpacked/pid"
    debian_layout "$root/unpacked" "$root/unpacked/autodiscover.conf"
done
# Without a module for CGI there must be nothing, and above all not the program as a file.
layout='package, without a module for CGI'
sed -i '/cgi_module\|cgid_module\|ScriptSock/d' "$root/unpacked/httpd.conf"
rm -f "$root/unpacked/pid"
private_apache_start "$root/unpacked" "$https_port"
ask 404 '' "$(https example.org /autodiscover/autodiscover.xml)"
ask 200 'the website of example.org' "$(https autodiscover.example.org /)"
private_apache_stop

# Installed, enabled, removed, purged.
layout='package, installed'
ours=(/usr/bin/autodiscover /usr/lib/cgi-bin/autodiscover.cgi /etc/autodiscover
    /etc/apache2/conf-available/autodiscover.conf /etc/apache2/conf-enabled/autodiscover.conf)
there=$(ls -d "${ours[@]}" 2>/dev/null || true)
if [[ $(id -u) != 0 || ${CI:-} != true ]]; then
    echo 'package: the installation is SKIPPED: it is for root in CI (CI=true)' >&2
    skipped=$((skipped + 1))
elif [[ -n $there ]]; then
    result 'installation' "$(printf 'there already, and not to be touched:\n%s' "$there")"
else
    installed=true
    succeeds 'install' dpkg --install "$package"
    result 'the folder for domains' "$([[ -d /etc/autodiscover/domains ]] || echo 'it is not there')"
    result '--version, installed' "$([[ $(autodiscover --version) == "$version" ]] || autodiscover --version)"
    succeeds 'show, with the configuration of the package' autodiscover show ada@example.org --as outlook
    succeeds 'the man page is found and has no mistakes' man --warnings=w --local-file /usr/share/man/man1/autodiscover.1.gz
    # What is enabled for this test is purged after it; what was enabled stays.
    if [[ ! -e /etc/apache2/mods-enabled/actions.load ]]; then
        modules+=(actions)
        a2enmod --quiet actions >/dev/null
    fi
    succeeds 'a2enconf' a2enconf --quiet autodiscover
    for mpm in event prefork; do
        mkdir -m 755 "$root/$mpm"
        debian_layout "$root/$mpm" /etc/apache2/conf-enabled/autodiscover.conf
    done
    dpkg --listfiles autodiscover >"$root/files"
    succeeds 'remove, still enabled' dpkg --remove autodiscover
    result 'no longer enabled' "$([[ ! -L /etc/apache2/conf-enabled/autodiscover.conf ]] || echo 'the link is there')"
    result 'the configuration stays' "$([[ -e /etc/autodiscover/autodiscover.toml ]] || echo 'it is gone')"
    succeeds 'purge' dpkg --purge autodiscover
    installed=false
    left=$(while read -r file; do
        # Folders belong to other packages too.
        { [[ -d $file && ! -L $file && $file != *autodiscover* ]] || [[ ! -e $file && ! -L $file ]]; } || echo "$file"
    done <"$root/files")
    left+=$(ls -d "${ours[@]}" 2>/dev/null || true)
    left+=$(find /var/lib/apache2/conf /var/lib/dpkg/info -name 'autodiscover*' 2>/dev/null || true)
    result 'nothing is left' "$left"
fi

if ((failed)); then
    for log in "$root"/*/error.log; do
        sed "s|^|${log#"$root/"}: |" "$log" | grep -v 'resuming normal operations\|Command line:' | tail -n 10 || true
    done
fi
echo "package: $passed passed, $failed failed, $skipped skipped"
((failed == 0))

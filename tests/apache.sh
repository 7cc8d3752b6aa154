#!/usr/bin/env bash
# The cases of tests/cases through a real Apache, in three layouts, with the configuration files that we ship:
#   cgid     apache/autodiscover.conf, MPM event, mod_cgid
#   cgi      apache/autodiscover.conf, MPM prefork, mod_cgi
#   hosting  apache/htaccess in a document root, cgi-bin/ as a customer uploads it, on a site that forces https and www
# tests/apache.py sends the requests.
# AUTODISCOVER_PROGRAM names an executable that is built already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=apache/private.sh
source apache/private.sh

missing=()
private_apache_find >/dev/null || missing+=(apache2)
for tool in openssl python3; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
if ((${#missing[@]})); then
    echo "apache: SKIPPED, missing: ${missing[*]}" >&2
    [[ ${CI:-} != true ]] || exit 1
    echo 'apache: 0 passed, 0 failed, 1 skipped'
    exit 0
fi

if [[ -z ${AUTODISCOVER_PROGRAM:-} ]]; then
    cgi-bin/build.sh
    AUTODISCOVER_PROGRAM="cgi-bin/autodiscover.cgi"
fi

root=$(mktemp -d)
trap 'private_apache_stop; rm -rf "$root"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$root"

read -r https_port http_port < <(private_apache_ports)

# virtual_host FOLDER: the shipped virtual host, unchanged, with the program and the configuration in FOLDER.
virtual_host() {
    local folder=$1
    mkdir -m 755 "$folder/program" "$folder/config"
    install -m 755 "$AUTODISCOVER_PROGRAM" "$folder/program/autodiscover.cgi"
    cat <<END
Define AUTODISCOVER_DEFINED
Define AUTODISCOVER_HOST autodiscover.example.org
Define AUTODISCOVER_ALIASES "autoconfig.example.org ua-auto-config.example.org"
Define AUTODISCOVER_FOLDER "$folder/program"
Define AUTODISCOVER_CONFIG "$folder/config/autodiscover.toml"
Define AUTODISCOVER_CERTIFICATE "$folder/cert.pem"
Define AUTODISCOVER_KEY "$folder/key.pem"
Define AUTODISCOVER_HTTPS_PORT $https_port
Define AUTODISCOVER_HTTP_PORT $http_port
Include "$PWD/apache/autodiscover.conf"
END
}

# web_space FOLDER: a customer's site, and another where /cgi-bin/ lies outside of the document root.
web_space() {
    local folder=$1 port tls name
    mkdir -m 755 "$folder/site" "$folder/other" "$folder/other-cgi-bin"
    mkdir -m 755 "$folder/site/cgi-bin"
    cp cgi-bin/.htaccess cgi-bin/build.sh cgi-bin/autodiscover.toml "$folder/site/cgi-bin/"
    cp cgi-bin/autodiscover.toml "$folder/other-cgi-bin/"
    install -m 755 "$AUTODISCOVER_PROGRAM" "$folder/site/cgi-bin/autodiscover.cgi"
    install -m 755 "$AUTODISCOVER_PROGRAM" "$folder/other-cgi-bin/autodiscover.cgi"
    echo 'the website of example.org' >"$folder/site/index.html"
    # What such sites have already, and what ours must come before.
    cat apache/htaccess - >"$folder/site/.htaccess" <<'END'
RewriteCond %{HTTPS} !=on
RewriteRule ^ https://www.example.org%{REQUEST_URI} [R=301,L]
RewriteCond %{REQUEST_URI} !=/
RewriteCond %{HTTP_HOST} !^www\.
RewriteRule ^ https://www.example.org%{REQUEST_URI} [R=301,L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule ^ /index.html [L]
END
    cp apache/htaccess "$folder/other/.htaccess"
    chmod -R a+rX "$folder/site" "$folder/other" "$folder/other-cgi-bin"
    for port in "$https_port" "$http_port"; do
        tls=
        [[ $port == "$https_port" ]] && tls="SSLEngine On
    SSLCertificateFile \"$folder/cert.pem\"
    SSLCertificateKeyFile \"$folder/key.pem\""
        cat <<END
<VirtualHost *:$port>
    ServerName example.org
    ServerAlias *.example.org
    $tls
    DocumentRoot "$folder/site"
</VirtualHost>
<VirtualHost *:$port>
    ServerName other.example.net
    $tls
    DocumentRoot "$folder/other"
    ScriptAlias /cgi-bin/ "$folder/other-cgi-bin/"
</VirtualHost>
END
    done
    # Indexes is on so that the shipped files have to turn it off.
    for name in site other; do
        cat <<END
<Directory "$folder/$name">
    Options Indexes SymLinksIfOwnerMatch
    AllowOverride FileInfo AuthConfig Options Limit Indexes
    Require all granted
</Directory>
END
    done
    cat <<END
DirectoryIndex index.html
<Directory "$folder/other-cgi-bin">
    Require all granted
</Directory>
END
}

passed=0 failed=0 skipped=0
for layout in cgid cgi hosting; do
    folder=$root/$layout
    mkdir -m 755 "$folder"
    private_apache_certificate "$folder" example.org '*.example.org' other.example.net
    mpm=event
    [[ $layout == cgi ]] && mpm=prefork
    {
        private_apache_base "$folder" "$mpm" "$https_port" "$http_port"
        if [[ $layout == hosting ]]; then
            web_space "$folder"
        else
            virtual_host "$folder"
        fi
    } >"$folder/httpd.conf"
    private_apache_start "$folder" "$https_port"
    python3 tests/apache.py "$layout" "$folder" "$https_port" "$http_port" || true
    private_apache_stop
    # No counts: apache.py itself broke.
    [[ -e $folder/counts ]] || echo 0 1 0 >"$folder/counts"
    read -r p f s <"$folder/counts"
    echo "apache $layout: $p passed, $f failed, $s skipped"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done

if ((passed == 0)); then
    failed=$((failed + 1))
fi
echo "apache: $passed passed, $failed failed, $skipped skipped"
((failed == 0))

#!/usr/bin/env bash
# What `autodiscover apache` prints for several domains, in a real Apache: it starts with it, and answers on every name.
# AUTODISCOVER_PROGRAM names an executable that is built already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=apache/private.sh
source apache/private.sh

missing=()
private_apache_find >/dev/null || missing+=(apache2)
for tool in curl openssl python3; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
if ((${#missing[@]})); then
    echo "vhost: missing: ${missing[*]}" >&2
    echo 'vhost: 0 passed, 0 failed, 5 skipped'
    [[ ${CI:-} != true ]]
    exit
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

passed=0 failed=0
# verdict WHAT STATUS
verdict() {
    if (($2 == 0)); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: wrong"
    fi
}

domains=(example.org xn--tda.example mail.example.net)
names=()
for domain in "${domains[@]}"; do
    names+=("autodiscover.$domain" "autoconfig.$domain" "ua-auto-config.$domain")
done

read -r https_port http_port < <(private_apache_ports)

# printed DOMAIN...: the virtual host with the paths and ports of this test; the domains stay as they are printed.
printed() {
    "$AUTODISCOVER_PROGRAM" apache "$@" | sed -E \
        -e "s|^( *Define AUTODISCOVER_FOLDER) .*|\1 \"$root/program\"|" \
        -e "s|^( *Define AUTODISCOVER_CONFIG) .*|\1 \"$root/program/autodiscover.toml\"|" \
        -e "s|^( *Define AUTODISCOVER_CERTIFICATE) .*|\1 \"$root/cert.pem\"|" \
        -e "s|^( *Define AUTODISCOVER_KEY) .*|\1 \"$root/key.pem\"|" \
        -e "s|^( *Define AUTODISCOVER_HTTPS_PORT) .*|\1 $https_port|" \
        -e "s|^( *Define AUTODISCOVER_HTTP_PORT) .*|\1 $http_port|"
}

# Servers for names that nobody asks for, so that no answer is one of chance; they come first, so they are the default.
other() {
    local port
    for port in "$https_port" "$http_port"; do
        echo "<VirtualHost *:$port>"
        echo '    ServerName other.example'
        if ((port == https_port)); then
            echo '    SSLEngine On'
            echo "    SSLCertificateFile \"$root/cert.pem\""
            echo "    SSLCertificateKeyFile \"$root/key.pem\""
        fi
        echo '</VirtualHost>'
    done
}

mkdir -m 755 "$root/program"
install -m 755 "$AUTODISCOVER_PROGRAM" "$root/program/autodiscover.cgi"
cat >"$root/program/autodiscover.toml" <<'END'
domains = ["*"]
[imap]
server = "imap.{domain}"
[smtp]
server = "smtp.{domain}"
END
private_apache_certificate "$root" "${names[@]}"
private_apache_base "$root" event "$https_port" "$http_port" >"$root/base.conf"

# As a hoster with hundreds of domains has it.
many=()
for ((i = 0; i < 500; i++)); do
    many+=("domain-number-$i.example")
done
{
    cat "$root/base.conf"
    other
    printed "${many[@]}"
} >"$root/many.conf"
status=0
"$(private_apache_find)" -f "$root/many.conf" -t >"$root/many.log" 2>&1 || status=$?
((status == 0)) || cat "$root/many.log"
verdict 'configtest of 500 domains' "$status"
found=$("$(private_apache_find)" -f "$root/many.conf" -S 2>&1 | grep -c ' alias ' || true)
# Two virtual hosts; the first name is no alias.
verdict "every name of 500 domains is an alias, not $found" $((found != 2 * (500 * 3 - 1)))

{
    cat "$root/base.conf"
    other
    printed "${domains[@]}"
} >"$root/httpd.conf"
private_apache_start "$root" "$https_port"

# ask NAME TARGET: the body.
ask() {
    curl --silent --show-error --max-time 10 --cacert "$root/cert.pem" \
        --resolve "$1:$https_port:127.0.0.1" "https://$1:$https_port$2" || true
}
for domain in "${domains[@]}"; do
    status=0
    [[ $(ask "autodiscover.$domain" "/autodiscover/autodiscover.json?Email=ada@$domain&Protocol=AutodiscoverV1") == *'"Protocol":"AutodiscoverV1"'* ]] || status=1
    [[ $(ask "autoconfig.$domain" /mail/config-v1.1.xml) == *"<hostname>imap.$domain</hostname>"* ]] || status=1
    [[ $(ask "ua-auto-config.$domain" /.well-known/user-agent-configuration.json) == *"$domain"* ]] || status=1
    verdict "$domain is answered" "$status"
done

echo "vhost: $passed passed, $failed failed, 0 skipped"
((failed == 0))

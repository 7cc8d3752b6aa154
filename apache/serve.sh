#!/usr/bin/env bash
# Shows the program at work: builds it, starts a private Apache on loopback with apache/autodiscover.conf as it is,
# asks what mail clients ask, prints requests and answers, and then serves until Ctrl-C.
#
#   apache/serve.sh [--once]
#
# --once stops after printing; the exit status is 1 when an answer is not the one expected.
# HTTPS_PORT (8443), HTTP_PORT (8080) and MPM (event, or prefork) may be set in the environment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=apache/private.sh
source apache/private.sh
# shellcheck source=apache/packages.sh
source apache/packages.sh

https_port=${HTTPS_PORT:-8443}
http_port=${HTTP_PORT:-8080}
mpm=${MPM:-event}
once=false

case ${1:-} in
    '') ;;
    --once) once=true ;;
    *)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
        [[ $1 == --help || $1 == -h ]] && exit 0
        exit 2
        ;;
esac

# apache2-bin rather than apache2: a service on port 80 is not wanted here.
needed=(curl:curl openssl:openssl '/etc/ssl/certs/*:ca-certificates' cc:gcc '/usr/include/stdlib.h:libc6-dev')
private_apache_find >/dev/null || needed+=(apache2:apache2-bin)
packages_provide '' "${needed[@]}" || exit 1

cgi-bin/build.sh

root=$(mktemp -d)
trap 'private_apache_stop; rm -rf "$root"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The web server's user may be unable to enter the folder that this repository lies in, so it gets copies.
chmod 755 "$root"
mkdir -m 755 "$root/program"
install -m 755 cgi-bin/autodiscover.cgi "$root/program/"
# The sample as it is, and ActiveSync besides, which it leaves out because few have such a server.
{
    cat cgi-bin/autodiscover.toml
    printf '\n[mobilesync]\nurl = "https://mail.example.org/Microsoft-Server-ActiveSync"\n'
} >"$root/program/autodiscover.toml"
chmod 644 "$root/program/autodiscover.toml"

names=(autodiscover.example.org autoconfig.example.org ua-auto-config.example.org)
private_apache_certificate "$root" "${names[@]}"
private_apache_base "$root" "$mpm" "$https_port" "$http_port" >"$root/httpd.conf"
cat >>"$root/httpd.conf" <<END
Define AUTODISCOVER_DEFINED
Define AUTODISCOVER_HOST ${names[0]}
Define AUTODISCOVER_ALIASES "${names[*]:1}"
Define AUTODISCOVER_FOLDER "$root/program"
Define AUTODISCOVER_CONFIG "$root/program/autodiscover.toml"
Define AUTODISCOVER_CERTIFICATE "$root/cert.pem"
Define AUTODISCOVER_KEY "$root/key.pem"
Define AUTODISCOVER_HTTPS_PORT $https_port
Define AUTODISCOVER_HTTP_PORT $http_port
Include "$PWD/apache/autodiscover.conf"
END
if ! private_apache_start "$root" "$https_port"; then
    echo 'serve.sh: HTTPS_PORT and HTTP_PORT choose other ports' >&2
    exit 1
fi
echo "a private Apache (MPM $mpm) listens on 127.0.0.1, ports $https_port (https) and $http_port (http)"

curl=(curl --silent --show-error --max-time 10 --cacert "$root/cert.pem")
for name in "${names[@]}"; do
    curl+=(--resolve "$name:$https_port:127.0.0.1" --resolve "$name:$http_port:127.0.0.1")
done

failed=0

unexpected() {
    echo "NOT AS EXPECTED: $1"
    failed=$((failed + 1))
}

# ask TITLE STATUS TEXT URL [CURL-OPTION...]: prints the answer; it must have this status and hold this text.
ask() {
    local title=$1 status=$2 text=$3 url=$4 lines
    shift 4
    printf '\n===== %s\n%s\n\n' "$title" "$url"
    if ! "${curl[@]}" --dump-header "$root/head" --output "$root/body" "$@" "$url"; then
        unexpected 'there was no answer'
        return
    fi
    tr -d '\r' <"$root/head"
    # A whole page or profile would hide the answers around it.
    lines=$(wc -l <"$root/body")
    head -n 45 "$root/body"
    if ((lines > 45)); then
        echo "[… $((lines - 45)) lines more]"
    fi
    echo
    if ! grep -q "^HTTP/[0-9.]* $status" "$root/head"; then
        unexpected "the status should be $status"
    elif ! cat "$root/head" "$root/body" | tr -d '\r' | grep -cF -- "$text" >/dev/null; then
        unexpected "the answer should hold $text"
    fi
}

https() { echo "https://$1.example.org:$https_port$2"; }

for kind in outlook mobilesync; do
    case $kind in
        outlook) schema=outlook/responseschema/2006a expected='<Server>imap.example.org</Server>' ;;
        mobilesync) schema=mobilesync/responseschema/2006 expected='<Type>MobileSync</Type>' ;;
    esac
    cat >"$root/request.xml" <<END
<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/$kind/requestschema/2006">
  <Request>
    <EMailAddress>ada@example.org</EMailAddress>
    <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/$schema</AcceptableResponseSchema>
  </Request>
</Autodiscover>
END
    printf '\n===== %s posts\n' "$kind"
    cat "$root/request.xml"
    ask "$kind is answered" 200 "$expected" "$(https autodiscover /Autodiscover/Autodiscover.xml)" \
        --header 'Content-Type: text/xml; charset=utf-8' --data-binary "@$root/request.xml"
done

ask 'plain HTTP leads to HTTPS' 302 "Location: $(https autodiscover /autodiscover/autodiscover.xml)" \
    "http://autodiscover.example.org:$http_port/autodiscover/autodiscover.xml"
ask 'Autodiscover V2' 200 '/autodiscover/autodiscover.xml"' \
    "$(https autodiscover '/autodiscover/autodiscover.json?Email=ada%40example.org&Protocol=Autodiscoverv1')"
ask 'Autodiscover V2, address in the path' 200 'Microsoft-Server-ActiveSync' \
    "$(https autodiscover '/autodiscover/autodiscover.json/v1.0/ada@example.org?Protocol=ActiveSync')"
ask 'Thunderbird' 200 '<hostname>imap.example.org</hostname>' \
    "$(https autoconfig '/mail/config-v1.1.xml?emailaddress=ada%40example.org')"
ask 'Apple profile' 200 '<string>com.apple.mail.managed</string>' \
    "$(https autodiscover '/mail/ada.mobileconfig?emailaddress=ada%40example.org')"
ask 'PACC' 200 '"imap.example.org"' "$(https ua-auto-config /.well-known/user-agent-configuration.json)"
ask 'the page for people' 200 '<form' "$(https autodiscover /)"

echo
if ((failed)); then
    echo "$failed answers were not as expected"
    sed 's/^/error log: /' "$root/error.log" | grep -v 'resuming normal operations\|Command line:' || true
else
    echo 'every answer was as expected'
fi
if $once; then
    exit $((failed > 0))
fi

cat <<END

Serving until Ctrl-C. To ask from another terminal:
  curl --insecure --resolve autodiscover.example.org:$https_port:127.0.0.1 \\
    --data-binary @request.xml https://autodiscover.example.org:$https_port/autodiscover/autodiscover.xml
END
wait "$private_apache_pid"

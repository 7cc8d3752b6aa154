#!/usr/bin/env bash
# The lines for nginx that stand in README.md, in a real nginx with fcgiwrap, on loopback.
# What is expected of an answer is what the program prints when it is started directly.
# AUTODISCOVER_PROGRAM names an executable that is built already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=apache/private.sh
source apache/private.sh
PATH=$PATH:/usr/sbin:/sbin

missing=()
for tool in nginx fcgiwrap curl openssl python3; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
if ((${#missing[@]})); then
    echo "nginx: SKIPPED, missing: ${missing[*]}" >&2
    if [[ ${CI:-} == true ]]; then
        echo 'nginx: 0 passed, 1 failed, 0 skipped'
        exit 1
    fi
    echo 'nginx: 0 passed, 0 failed, 1 skipped'
    exit 0
fi

if [[ -z ${AUTODISCOVER_PROGRAM:-} ]]; then
    cgi-bin/build.sh
    AUTODISCOVER_PROGRAM="cgi-bin/autodiscover.cgi"
fi

root=$(mktemp -d)
processes=()
finish() {
    ((${#processes[@]} == 0)) || kill "${processes[@]}" 2>/dev/null || true
    wait
    rm -rf "$root"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# nginx's workers and the CGI programs may run as another user.
chmod 755 "$root"
mkdir -m 755 "$root/program" "$root/www"
install -m 755 "$AUTODISCOVER_PROGRAM" "$root/program/autodiscover.cgi"
install -m 644 cgi-bin/autodiscover.toml "$root/program/"
echo 'the website of example.org' >"$root/www/index.html"
chmod 644 "$root/www/index.html"
private_apache_certificate "$root" example.org '*.example.org'

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

passed=0 failed=0
# result TITLE PROBLEM: no problem is a pass.
result() {
    if [[ -z $2 ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED nginx: %s\n    %s\n' "$1" "$2"
    fi
}

# The block as a reader copies it, but for the two paths that he finds in it.
# shellcheck disable=SC2016  # nothing is to be expanded
sed -n '/^### With nginx$/,/^### /p' README.md | sed -n '/^```nginx$/,/^```$/p' | sed '/^```/d' >"$root/readme.conf"
for path in /usr/lib/cgi-bin/autodiscover.cgi unix:/run/fcgiwrap.socket '\^/(?:'; do
    [[ $(grep -c -- "$path" "$root/readme.conf") == 1 ]] && continue
    result 'the block in README.md' "$path should stand there once"
    echo "nginx: $passed passed, $failed failed, 0 skipped"
    exit 1
done
sed -i "s|/usr/lib/cgi-bin/autodiscover.cgi|$root/program/autodiscover.cgi|; s|/run/fcgiwrap.socket|$root/socket|" "$root/readme.conf"
# shellcheck disable=SC2016  # nothing is to be expanded
page=$(sed -n '/^### With nginx$/,/^### /s/.*let the pattern begin with `\(.*\)`\.$/\1/p' README.md)
[[ $page == '^/(?:'*'|' ]] || result 'the sentence about the page in README.md' 'no pattern found in it'
awk -v page="$page" '{ at = index($0, "^/(?:"); if (at) $0 = substr($0, 1, at - 1) page substr($0, at + 5); print }' \
    "$root/readme.conf" >"$root/page.conf"

user=
if [[ $(id -u) == 0 ]]; then
    user="user $(id -un nobody) $(id -gn nobody);"
fi
cat >"$root/nginx.conf" <<END
$user
daemon off;
worker_processes 1;
pid $root/pid;
error_log $root/error.log;
events { }
http {
    access_log off;
    client_body_temp_path $root/temporary-body;
    fastcgi_temp_path $root/temporary-fastcgi;
    proxy_temp_path $root/temporary-proxy;
    uwsgi_temp_path $root/temporary-uwsgi;
    scgi_temp_path $root/temporary-scgi;
    ssl_certificate $root/cert.pem;
    ssl_certificate_key $root/key.pem;
    server {
        listen 127.0.0.1:$port ssl;
        server_name example.org;
        root $root/www;
        include $root/readme.conf;
    }
    server {
        listen 127.0.0.1:$port ssl;
        server_name autodiscover.example.org autoconfig.example.org;
        root $root/www;
        include $root/page.conf;
    }
}
END
nginx -e "$root/error.log" -c "$root/nginx.conf" -t -q || { cat "$root/error.log" >&2; result 'nginx takes the configuration' 'no'; }
# Left without -c: its children would outlive it.
(umask 0; exec fcgiwrap -f -s "unix:$root/socket") </dev/null >"$root/fcgiwrap.log" 2>&1 &
processes+=($!)
nginx -e "$root/error.log" -c "$root/nginx.conf" &
processes+=($!)
for ((tries = 0; tries < 100; tries++)); do
    [[ -S $root/socket && -e $root/pid ]] && (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.1
done

# ask HOST PATH [CURL-OPTION...]: the answer, in $root/head and $root/body; its status in $status.
ask() {
    local host=$1 path=$2
    shift 2
    : >"$root/body"
    status=$(curl --silent --show-error --max-time 20 --path-as-is --cacert "$root/cert.pem" --noproxy '*' \
        --resolve "$host:$port:127.0.0.1" --dump-header "$root/head" --output "$root/body" --write-out '%{http_code}' \
        "$@" "https://$host:$port$path") || true
}

# directly HOST METHOD PATH [BODY]: what the program prints for this request, as $root/expected.head and .body.
# nginx's own parameters hand on the host without its port.
directly() {
    local host=$1 method=$2 path=$3 body=${4:-/dev/null} length=()
    [[ $method != POST ]] || length=("CONTENT_LENGTH=$(wc -c <"$body")")
    env -i GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 HTTPS=on REQUEST_METHOD="$method" REQUEST_URI="$path" \
        QUERY_STRING="$([[ $path != *'?'* ]] || echo "${path#*\?}")" SERVER_PORT="$port" HTTP_ACCEPT='*/*' \
        SERVER_NAME="$server_name" HTTP_HOST="$host" AUTODISCOVER_CONFIG="$root/program/autodiscover.toml" \
        "${length[@]}" "$root/program/autodiscover.cgi" <"$body" >"$root/direct"
    sed '/^\r$/,$d; s/\r$//' "$root/direct" >"$root/expected.head"
    sed '1,/^\r$/d' "$root/direct" >"$root/expected.body"
}

masked() { sed 's/Time="[0-9:.]*"/Time=""/' "$1"; }

# same TITLE HOST METHOD PATH [BODY]: nginx hands on exactly what the program says.
same() {
    local title=$1 host=$2 method=$3 path=$4 body=${5:-} problem='' options=() wanted name value
    case $method in
        POST) options=(--data-binary "@$body" --header 'Content-Type: text/xml; charset=utf-8') ;;
        HEAD) options=(--head) ;;
    esac
    ask "$host" "$path" "${options[@]}"
    directly "$host" "$method" "$path" ${body:+"$body"}
    wanted=$(sed -n 's/^Status: \([0-9]*\).*/\1/p' "$root/expected.head")
    if [[ $status != "${wanted:-200}" ]]; then
        problem="status $status, expected ${wanted:-200}"
    elif [[ $method != HEAD ]] && ! cmp -s <(masked "$root/expected.body") <(masked "$root/body"); then
        problem="another body: $(head -c 200 "$root/body")"
    else
        while IFS=': ' read -r name value; do
            [[ $name == Status ]] && continue
            tr -d '\r' <"$root/head" | grep -qixF "$name: $value" || problem+="no $name: $value; "
        done <"$root/expected.head"
        # A HEAD's length is that of the document that is not sent.
        [[ $method == HEAD && -s $root/body && $(head -c 5 "$root/body") != HTTP/ ]] && problem+='HEAD with a body; '
    fi
    result "$title: $method https://$host$path" "$problem"
}

request() {
    cat <<END
<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request>
    <EMailAddress>ada@example.org</EMailAddress>
    <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/$1</AcceptableResponseSchema>
  </Request>
</Autodiscover>
END
}
request outlook/responseschema/2006a >"$root/outlook.xml"
request mobilesync/responseschema/2006 >"$root/mobilesync.xml"
echo 'no XML' >"$root/text.xml"
{ cat "$root/outlook.xml"; head -c 70000 /dev/zero | tr '\0' ' '; } >"$root/large.xml"
chmod 644 "$root"/*.xml

for host in example.org autodiscover.example.org autoconfig.example.org; do
    server_name=$host
    [[ $host == example.org ]] || server_name=autodiscover.example.org
    for path in /autodiscover/autodiscover.xml /Autodiscover/Autodiscover.xml /AutoDiscover/AutoDiscover.xml \
        /AUTODISCOVER/AUTODISCOVER.XML /autodiscover/autodiscover.xml/; do
        for body in outlook mobilesync text large; do
            same "$body" "$host" POST "$path" "$root/$body.xml"
        done
        same 'no body' "$host" GET "$path"
        same 'no body' "$host" HEAD "$path"
    done
    for path in \
        '/autodiscover/autodiscover.json?Email=ada%40example.org&Protocol=Autodiscoverv1' \
        '/Autodiscover/Autodiscover.json?Email=Ada%40example.org&Protocol=ActiveSync' \
        '/autodiscover/autodiscover.json/v1.0/Ada.B@example.org?Protocol=AutodiscoverV1' \
        '/AUTODISCOVER/AUTODISCOVER.JSON/v1.0/a%2Fb%25c@example.org?Protocol=AutodiscoverV1' \
        '/mail/config-v1.1.xml?emailaddress=ada%40example.org' \
        '/Mail/Config-v1.1.XML?emailaddress=ada%40example.org' \
        '/mail/config-v1.1.xml' \
        '/v1.1/mail/config-v1.1.xml?emailaddress=ada%40example.org' \
        '/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=ada%40example.org' \
        '/.Well-Known/Autoconfig/Mail/config-v1.1.xml?emailaddress=ada%40example.org' \
        '/.well-known/user-agent-configuration.json' \
        '/mail/ada.mobileconfig?emailaddress=ada%40example.org'; do
        same 'discovery' "$host" GET "$path"
        same 'discovery' "$host" HEAD "$path"
    done
done
server_name=autodiscover.example.org
for path in / /mail/ /mail '/Mail/?emailaddress=ada%40example.org'; do
    same 'the page' autodiscover.example.org GET "$path"
done

# What is compared with itself could be wrong twice.
ask autodiscover.example.org /Autodiscover/Autodiscover.xml --data-binary "@$root/outlook.xml"
grep -q '<Server>imap.example.org</Server>' "$root/body" && problem= || problem="status $status"
result 'Outlook gets its server' "$problem"
ask autodiscover.example.org /autodiscover/autodiscover.xml --data-binary "@$root/outlook.xml" \
    --header 'Transfer-Encoding: chunked'
grep -q '<Server>imap.example.org</Server>' "$root/body" && problem= || problem="status $status"
result 'a body in chunks' "$problem"

ask example.org /
[[ $(cat "$root/body") == 'the website of example.org' ]] && problem= || problem="status $status"
result 'the website of the bare domain' "$problem"

# A copy of the folder inside the web space is somebody's mistake; the block must not turn it into an answer of ours.
for path in /autodiscover.toml /cgi-bin/autodiscover.toml /autodiscover/autodiscover.toml /autodiscover/autodiscover.cgi \
    /mail/autodiscover.toml /mail/config-v1.1.xml/../autodiscover.toml /autodiscover/autodiscover.json/../../autodiscover.toml \
    /autodiscover/autodiscover.xmlx /autodiscover/ /program/autodiscover.toml; do
    for host in example.org autodiscover.example.org; do
        ask "$host" "$path"
        problem=
        [[ $status == 404 ]] || problem="status $status"
        ! grep -qi 'x-content-type-options' "$root/head" || problem+=' the program answered'
        ! grep -q 'server = ' "$root/body" || problem+=' the configuration was served'
        result "nothing at $host$path" "$problem"
    done
done

# Stands in for the program, to see what arrives.
cat >"$root/program/probe" <<'END'
#!/bin/sh
printf 'Content-Type: application/octet-stream\n\n'
env
echo '--body--'
cat
END
chmod 755 "$root/program/probe"
mv -f "$root/program/probe" "$root/program/autodiscover.cgi"
python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 100)' >"$root/bytes"
ask autodiscover.example.org '/AutoDiscover/AutoDiscover.xml?a=%41' --data-binary "@$root/bytes" --user ada:secret
grep -a -q '^REQUEST_URI=/AutoDiscover/AutoDiscover.xml?a=%41$' "$root/body" && problem= || problem="status $status"
result 'the path arrives as it was sent' "$problem"
python3 - "$root/body" "$root/bytes" <<'END' && problem= || problem='they differ'
import sys
body, sent = (open(name, "rb").read() for name in sys.argv[1:])
sys.exit(body.split(b"--body--\n", 1)[-1] != sent)
END
result 'all bytes of the body arrive' "$problem"
! grep -a -q 'YWRhOnNlY3JldA' "$root/body" && problem= || problem='it arrives'
result 'no password arrives' "$problem"

if ((failed)); then
    sed 's/^/nginx error log: /' "$root/error.log" | tail -n 20
    sed 's/^/fcgiwrap: /' "$root/fcgiwrap.log" | tail -n 20
fi
echo "nginx: $passed passed, $failed failed, 0 skipped"
((failed == 0))

#!/usr/bin/env bash
# apache/probe.sh against private servers on loopback: each is broken in one way, and one is right.
# AUTODISCOVER_PROGRAM names an executable that is built already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=apache/private.sh
source apache/private.sh

missing=()
private_apache_find >/dev/null || missing+=(apache2)
for tool in curl openssl python3 timeout; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
if ((${#missing[@]})); then
    echo "probe: SKIPPED, missing: ${missing[*]}" >&2
    [[ ${CI:-} != true ]] || exit 1
    echo 'probe: 0 passed, 0 failed, all skipped'
    exit 0
fi

if [[ -z ${AUTODISCOVER_PROGRAM:-} ]]; then
    AUTODISCOVER_PROGRAM=$(cargo build --bin autodiscover --message-format=json-render-diagnostics |
        sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
fi

root=$(mktemp -d)
servers_pid=
finish() {
    private_apache_stop
    [[ -z $servers_pid ]] || kill "$servers_pid" 2>/dev/null || true
    rm -rf "$root"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$root"
mkdir -m 755 "$root"/{nothing,cgi,documents,program,unserved,unusable,out}

# certificate NAME DAYS HOST...: by an authority of our own; -1 day is over since yesterday.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 60 -subj '/CN=an authority' \
    -keyout "$root/authority.key" -out "$root/authority.pem" 2>/dev/null
certificate() {
    local name=$1 days=$2 hosts
    shift 2
    hosts=$(printf ',DNS:%s' "$@")
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" \
        -keyout "$root/$name.key" -out "$root/$name.csr" 2>/dev/null
    openssl x509 -req -in "$root/$name.csr" -CA "$root/authority.pem" -CAkey "$root/authority.key" -CAcreateserial \
        -days "$days" -extfile <(echo "subjectAltName=${hosts#,}") -out "$root/$name.pem" 2>/dev/null
}

cases=(bare canned clear closed dig disposition download elf empty expired hash html http https-spaces json left loop
    mail mislead moved nothing offline php redirect refused-mail root-www same soon spaces srv status403 tb tb-address
    tb-html tls-on-993 truncated unauthorized unserved unusable wrong-mail five-hundred failing)
hosts=()
for name in "${cases[@]}"; do hosts+=("$name.example" "*.$name.example"); done
certificate good 60 right.example '*.right.example' "${hosts[@]}"
certificate other 60 www.other.example
certificate expired -1 '*.expired.example'
certificate soon 5 '*.soon.example'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 60 -subj /CN=self \
    -addext 'subjectAltName=DNS:*.untrusted.example' -keyout "$root/untrusted.key" -out "$root/untrusted.pem" 2>/dev/null

### Servers ###

# Mail servers, and one that never answers; it prints the ports in the order of its list.
cat >"$root/servers.py" <<'END'
import socket, ssl, sys, threading

root = sys.argv[1]

def context(name):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(f"{root}/{name}.pem", f"{root}/{name}.key")
    return made

good, other = context("good"), context("other")

def tls(certificate):
    def serve(connection):
        certificate.wrap_socket(connection, server_side=True).recv(100)
    return serve

def clear(greeting, answers):
    def serve(connection):
        connection.sendall(greeting)
        lines = connection.makefile("rb")
        for line in lines:
            for word, answer in answers.items():
                if word in line.upper():
                    tag = line.split()[0] if greeting.startswith(b"* ") else b""
                    connection.sendall(answer.replace(b"TAG", tag))
                    if word in (b"STARTTLS", b"STLS"):
                        good.wrap_socket(connection, server_side=True).recv(100)
                        return
                    break
            else:
                connection.sendall(b"500 what\r\n")
    return serve

def silent(connection):
    connection.recv(100000)
    threading.Event().wait(30)

IMAP = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK\r\n", b"STARTTLS": b"TAG OK\r\n"}
IMAP_BARE = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\nTAG OK\r\n", b"STARTTLS-": b""}
SMTP = {b"EHLO": b"250-here\r\n250 STARTTLS\r\n", b"STARTTLS": b"220 go\r\n"}
SMTP_BARE = {b"EHLO": b"250 here\r\n"}
SERVERS = [
    tls(good), tls(other),
    clear(b"* OK\r\n", IMAP), clear(b"* OK\r\n", IMAP_BARE),
    clear(b"220 here\r\n", SMTP), clear(b"220 here\r\n", SMTP_BARE),
    clear(b"+OK\r\n", {b"STLS": b"+OK\r\n"}), silent,
]

def quietly(serve, connection):
    try:
        serve(connection)
    except OSError:
        pass
    finally:
        connection.close()

def accept(listener, serve):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=quietly, args=(serve, connection), daemon=True).start()

ports = []
for serve in SERVERS:
    listener = socket.create_server(("127.0.0.1", 0))
    ports.append(listener.getsockname()[1])
    threading.Thread(target=accept, args=(listener, serve), daemon=True).start()
# Three more that are free: two for the web server, and one where nobody listens.
free = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
ports += [each.getsockname()[1] for each in free]
for each in free:
    each.close()
print(*ports, flush=True)
threading.Event().wait()
END
python3 "$root/servers.py" "$root" >"$root/ports" 2>"$root/servers.log" &
servers_pid=$!
for ((tries = 0; tries < 100; tries++)); do
    [[ ! -s $root/ports ]] || break
    sleep 0.1
done
read -r tls tls_other imap imap_bare smtp smtp_bare pop3 silent https http nobody <"$root/ports"

outlook=http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a
autodiscover=http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006

# block TYPE SERVER PORT SSL ENCRYPTION [SPA]
block() {
    echo "<Protocol><Type>$1</Type><Server>$2</Server><Port>$3</Port><LoginName>ada</LoginName><SPA>${6:-off}</SPA>"
    echo "<SSL>$4</SSL><Encryption>$5</Encryption><AuthRequired>on</AuthRequired></Protocol>"
}

# document BLOCKS [NAMESPACE]: the settings document that holds them.
document() {
    echo '<?xml version="1.0" encoding="utf-8"?>'
    echo "<Autodiscover xmlns=\"$autodiscover\"><Response xmlns=\"${2:-$outlook}\"><Account>"
    echo "<AccountType>email</AccountType><Action>settings</Action>$1</Account></Response></Autodiscover>"
}

# says NAME HEADERS: a CGI program that prints the headers and standard input; headers are separated by |.
says() {
    cat >"$root/documents/$1"
    {
        echo '#!/bin/sh'
        printf "printf '%%s\\\\n' '%s' ''\n" "${2//|/"' '"}"
        echo "cat '$root/documents/$1'"
    } >"$root/cgi/$1"
    chmod 755 "$root/cgi/$1"
}

# site NAME CERTIFICATE: a virtual host for all names of NAME.example; standard input is what it does.
site() {
    cat <<END
<VirtualHost *:$https>
    ServerName $1.example
    ServerAlias *.$1.example
    SSLEngine On
    SSLCertificateFile "$root/$2.pem"
    SSLCertificateKeyFile "$root/$2.key"
    KeepAlive Off
END
    cat
    echo '</VirtualHost>'
}

# canned NAME HEADERS: a site where everything gets the answer on standard input.
canned() {
    says "$1" "$2"
    echo "ScriptAliasMatch \"(?i)^/autodiscover/autodiscover\.xml\" \"$root/cgi/$1\"" | site "$1" good
}

xml='Content-Type: text/xml; charset=utf-8'
mail=$(block IMAP imap.right.example 993 on SSL; block SMTP smtp.right.example 465 on SSL)

install -m 755 "$AUTODISCOVER_PROGRAM" "$root/program/autodiscover.cgi"
cat >"$root/program/autodiscover.toml" <<'END'
domains = ["*"]
[imap]
server = "imap.right.example"
[smtp]
server = "smtp.right.example"
encryption = "starttls"
END
echo 'domains = ["example.org"]' >"$root/unserved/autodiscover.toml"
echo 'domains = "example.org' >"$root/unusable/autodiscover.toml"
chmod 644 "$root"/{program,unserved,unusable}/autodiscover.toml
printf '<?php\necho "<Autodiscover/>";\n' >"$root/documents/source.php"
printf '#!/bin/sh\necho secret\n' >"$root/documents/source.sh"
printf 'PK\003\004 and so on' >"$root/documents/file.zip"
printf '<!DOCTYPE html>\n<html><body>Welcome</body></html>\n' >"$root/documents/page.html"
printf '#!/bin/sh\nexit 3\n' >"$root/cgi/exits"
chmod 755 "$root/cgi/exits"
cp "$AUTODISCOVER_PROGRAM" "$root/documents/program"
chmod 644 "$root/documents/"*

# ours NAME [FOLDER]: the program itself, with the configuration in FOLDER.
ours() {
    site "$1" "${3:-good}" <<END
    SetEnv AUTODISCOVER_CONFIG "$root/${2:-program}/autodiscover.toml"
    ScriptAliasMatch "^/" "$root/program/autodiscover.cgi"
END
}

# file NAME FILE TYPE: a file of this type, whatever is asked.
file() {
    site "$1" good <<END
    AliasMatch "^/autodiscover/autodiscover\.xml" "$root/documents/$2"
    <Directory "$root/documents">
        ForceType $3
    </Directory>
END
}

private_apache_base "$root" event "$https" "$http" >"$root/httpd.conf"
{
    cat <<END
DocumentRoot "$root/nothing"
<Directory "$root">
    Require all granted
</Directory>
<Directory "$root/cgi">
    Options +ExecCGI
</Directory>
<Directory "$root/program">
    Options +ExecCGI
</Directory>
Define AUTODISCOVER_DEFINED
Define AUTODISCOVER_HOST autodiscover.right.example
Define AUTODISCOVER_ALIASES "autoconfig.right.example ua-auto-config.right.example"
Define AUTODISCOVER_FOLDER "$root/program"
Define AUTODISCOVER_CONFIG "$root/program/autodiscover.toml"
Define AUTODISCOVER_CERTIFICATE "$root/good.pem"
Define AUTODISCOVER_KEY "$root/good.key"
Define AUTODISCOVER_HTTPS_PORT $https
Define AUTODISCOVER_HTTP_PORT $http
Include "$PWD/apache/autodiscover.conf"
END
    echo 'RedirectMatch 301 "^(.*)" "https://www.redirect.example$1"' | site redirect good
    echo "Redirect 302 / https://autodiscover.right.example/" | site moved good
    echo 'RedirectMatch 302 "^/([a-z]*)/(x*)" "https://autodiscover.loop.example/$1/x$2/autodiscover.xml"' | site loop good
    ours wrong-name program other
    ours expired program expired
    ours soon program soon
    ours untrusted program untrusted
    ours unserved unserved
    ours unusable unusable
    echo "ScriptAliasMatch ^/autodiscover/autodiscover.xml \"$root/cgi/exits\"" | site failing good
    file php source.php text/plain
    file hash source.sh text/plain
    file elf program application/octet-stream
    file download file.zip application/octet-stream
    file html page.html text/html
    canned unauthorized 'Status: 401|WWW-Authenticate: Basic realm="mail"|Content-Type: text/html' <<<'<html>401</html>'
    canned status403 'Status: 403|Content-Type: text/html' <<<'<html>403</html>'
    canned empty "$xml" </dev/null
    canned disposition "$xml|Content-Disposition: attachment; filename=autodiscover.xml" < <(document "$mail")
    canned spaces "$xml" < <(document "$mail" | sed '1i\\')
    canned truncated "$xml" < <(document "$mail" | sed 's/<\/Response>.*//')
    canned left "$xml" < <(document "$mail" "$autodiscover")
    canned https-spaces "$xml" < <(document "$mail" | sed 's/http:/https:/g')
    canned tls-on-993 "$xml" < <(document "$(block IMAP imap.right.example 993 on TLS; block SMTP smtp.right.example 587 on SSL)")
    canned mislead 'Content-Type: text/html' < <(document "$(block POP pop.right.example 995 yes SSL; block IMAP imap.right.example 993 on SSL on)")
    canned mail "$xml" < <(document "$(
        block IMAP imap.mail.example 143 on TLS
        block POP3 pop.mail.example 110 on TLS
        block SMTP smtp.mail.example 587 on TLS)")
    canned wrong-mail "$xml" < <(document "$(
        block IMAP imap.wrong-mail.example 143 on TLS
        block IMAP imap2.wrong-mail.example 993 on SSL
        block IMAP imap3.wrong-mail.example 993 on SSL
        block IMAP imap4.wrong-mail.example 993 on SSL
        block IMAP imap5.wrong-mail.example 993 on SSL
        block POP3 pop.wrong-mail.example 1110 on TLS
        block SMTP smtp.wrong-mail.example 587 on TLS)")
    says json-wrong 'Content-Type: application/json' <<<'{"Protocol":"AutodiscoverV1","Url":"http://x.json.example/"}'
    site json good <<END
    ScriptAlias "/autodiscover/autodiscover.json" "$root/cgi/json-wrong"
    SetEnv AUTODISCOVER_CONFIG "$root/program/autodiscover.toml"
    ScriptAliasMatch "^/" "$root/program/autodiscover.cgi"
END
    says tb-plain "$xml" <<'END'
<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="tb.example"><domain>tb.example</domain>
<incomingServer type="imap"><hostname>imap.right.example</hostname><port>993</port><socketType>STARTTLS</socketType>
<authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></incomingServer>
</emailProvider></clientConfig>
END
    site tb good <<END
    ScriptAlias "/mail/config-v1.1.xml" "$root/cgi/tb-plain"
    SetEnv AUTODISCOVER_CONFIG "$root/program/autodiscover.toml"
    ScriptAliasMatch "^/" "$root/program/autodiscover.cgi"
END
    site tb-address good <<END
    RewriteEngine On
    RewriteCond %{REQUEST_URI} =/mail/config-v1.1.xml
    RewriteCond %{QUERY_STRING} =""
    RewriteRule ^ - [R=400]
    SetEnv AUTODISCOVER_CONFIG "$root/program/autodiscover.toml"
    ScriptAliasMatch "^/" "$root/program/autodiscover.cgi"
END
} >>"$root/httpd.conf"
private_apache_start "$root" "$https"

### What is said ###

passed=0 failed=0 running=0
mail_places=(--resolve "imap.right.example=127.0.0.1:$tls" --resolve "smtp.right.example:465=127.0.0.1:$tls"
    --resolve "smtp.right.example=127.0.0.1:$smtp")

# ask NAME [ARGUMENT...]: a run of the probe in the background, without DNS; autodiscover.NAME.example is the web server.
ask() {
    local name=$1
    shift
    ((running < 4)) || { wait -n || true; running=$((running - 1)); }
    {
        code=0
        NO_COLOR='' apache/probe.sh --ca "$root/authority.pem" --resolve '*=-' "${mail_places[@]}" \
            --resolve "autodiscover.$name.example=127.0.0.1:$https" "$@" "ada@$name.example" >"$root/out/$name" 2>&1 || code=$?
        echo "exit $code" >>"$root/out/$name"
    } &
    running=$((running + 1))
}

web() { printf -- '--resolve\n%s=127.0.0.1:%s\n' "$1" "$https"; }

# said NAME [FILTER]: compares what was printed with standard input, ports made alike.
# What is no complaint is left out, and so is what follows from the complaints, unless FILTER is "all".
said() {
    local name=$1 filter=${2:-}
    sed -e "s/:$https\b/:HTTPS/g" "$root/out/$name" >"$root/out/$name.actual"
    if [[ $filter != all ]]; then
        sed -n -i -e '/^FAIL Outlook: /d' -e '/^FAIL Thunderbird: /d' -e '/^FAIL/p' -e '/^warn/p' -e '/^1\. /p' -e '/^exit/p' \
            "$root/out/$name.actual"
    fi
    if diff --label expected --label actual -u - "$root/out/$name.actual" >"$root/out/$name.diff"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$name: wrong"
        sed 's/^/  /' "$root/out/$name.diff"
    fi
}

mapfile -t right < <(web right.example; web autoconfig.right.example; web ua-auto-config.right.example
    printf -- '--resolve\nautodiscover.right.example:80=127.0.0.1:%s\n--resolve\nautoconfig.right.example:80=127.0.0.1:%s\n' "$http" "$http")
ask silent --resolve "autodiscover.silent.example=127.0.0.1:$silent"
ask wrong-mail --resolve "imap.wrong-mail.example=127.0.0.1:$tls" --resolve "imap2.wrong-mail.example=127.0.0.1:$nobody" \
    --resolve "imap3.wrong-mail.example=127.0.0.1:$tls_other" --resolve "imap5.wrong-mail.example=127.0.0.1:$imap" \
    --resolve "pop.wrong-mail.example=127.0.0.1:$imap_bare" --resolve "smtp.wrong-mail.example=127.0.0.1:$smtp_bare"
ask right "${right[@]}"
for name in redirect loop wrong-name expired soon untrusted unserved unusable failing php hash elf download html unauthorized \
    status403 empty disposition spaces truncated left https-spaces mislead; do
    ask "$name"
done
ask tls-on-993
ask moved --resolve "autodiscover.right.example=127.0.0.1:$https"
ask refused --resolve "autodiscover.refused.example=127.0.0.1:$nobody"
ask clear --resolve "autodiscover.clear.example=127.0.0.1:$http"
ask nothing --resolve autodiscover.nothing.example=-
mapfile -t more < <(web autoconfig.json.example)
ask json "${more[@]}"
mapfile -t more < <(web autoconfig.tb.example)
ask tb "${more[@]}"
mapfile -t more < <(web autoconfig.tb-address.example)
ask tb-address "${more[@]}"
ask mail --resolve "imap.mail.example=127.0.0.1:$imap" --resolve "pop.mail.example=127.0.0.1:$pop3" \
    --resolve "smtp.mail.example=127.0.0.1:$smtp"
ask srv --resolve autodiscover.srv.example=- --resolve _autodiscover._tcp.srv.example=autodiscover.right.example:443 \
    --resolve "autodiscover.right.example=127.0.0.1:$https"
wait $(jobs -p | grep -v -x -e "$servers_pid" -e "$private_apache_pid") || true
for f in "$root"/out/*; do echo "## ${f##*/}"; cat $f; done

echo "probe: $passed passed, $failed failed, 0 skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]

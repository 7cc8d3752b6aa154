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
    echo 'probe: 0 passed, 0 failed, 1 skipped'
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

cases=(android bare clear disposition download elf empty failing forbidden hash html https-spaces json loop mail mislead moved
    php record redirect right schema socket-type spaces tls-on-993 truncated unauthorized unserved unusable wrong-mail)
hosts=()
for name in "${cases[@]}"; do hosts+=("$name.example" "*.$name.example"); done
certificate good 60 "${hosts[@]}"
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
        # A request that nobody reads may end in a broken connection.
        echo 'cat >/dev/null'
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
printf '#!/bin/sh\ncat >/dev/null\nexit 3\n' >"$root/cgi/exits"
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
    echo "RedirectMatch 301 \"^(.*)\" \"https://www.redirect.example\$1\"" | site redirect good
    site bare good <<END
    RewriteEngine On
    RewriteCond %{HTTP_HOST} =bare.example
    RewriteRule ^ https://www.bare.example%{REQUEST_URI} [R=301,L]
    SetEnv AUTODISCOVER_CONFIG "$root/program/autodiscover.toml"
    ScriptAliasMatch "^/" "$root/program/autodiscover.cgi"
END
    echo "Redirect 302 / https://autodiscover.right.example/" | site moved good
    echo "RedirectMatch 302 \"^/([a-z]*)/(x*)\" \"https://autodiscover.loop.example/\$1/x\$2/autodiscover.xml\"" | site loop good
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
    canned forbidden 'Status: 403|Content-Type: text/html' <<<'<html>403</html>'
    canned empty "$xml" </dev/null
    canned disposition "$xml|Content-Disposition: attachment; filename=autodiscover.xml" < <(document "$mail")
    canned spaces "$xml" < <(document "$mail" | cat <(echo) -)
    canned truncated "$xml" < <(document "$mail" | sed 's/<\/Response>.*//')
    canned schema "$xml" < <(document "$mail" "$autodiscover")
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
    says socket-type "$xml" <<'END'
<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="socket-type.example"><domain>socket-type.example</domain>
<incomingServer type="imap"><hostname>imap.right.example</hostname><port>993</port><socketType>STARTTLS</socketType>
<authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></incomingServer>
</emailProvider></clientConfig>
END
    site socket-type good <<END
    ScriptAlias "/mail/config-v1.1.xml" "$root/cgi/socket-type"
    SetEnv AUTODISCOVER_CONFIG "$root/program/autodiscover.toml"
    ScriptAliasMatch "^/" "$root/program/autodiscover.cgi"
END
    site android good <<END
    RewriteEngine On
    RewriteCond %{REQUEST_URI} =/mail/config-v1.1.xml
    RewriteCond %{QUERY_STRING} =""
    RewriteRule ^ - [R=400]
    SetEnv AUTODISCOVER_CONFIG "$root/program/autodiscover.toml"
    ScriptAliasMatch "^/" "$root/program/autodiscover.cgi"
END
} >>"$root/httpd.conf"
private_apache_start "$root" "$https"

### The runs ###

passed=0 failed=0 running=0
# An answer of the program names these; the others name servers of their own.
places=(--ca "$root/authority.pem" --resolve "imap.right.example=127.0.0.1:$tls"
    --resolve "smtp.right.example:465=127.0.0.1:$tls" --resolve "smtp.right.example=127.0.0.1:$smtp")

# run NAME ARGUMENT...: the probe in the background, a few at a time.
run() {
    local name=$1
    shift
    ((running < 6)) || { wait -n || true; running=$((running - 1)); }
    {
        code=0
        apache/probe.sh "$@" >"$root/out/$name" 2>&1 || code=$?
        echo "exit $code" >>"$root/out/$name"
    } &
    runs+=($!)
    running=$((running + 1))
}
runs=()

# ask NAME [ARGUMENT...]: autodiscover.NAME.example is the web server, and no name is looked up.
ask() {
    local name=$1
    shift
    run "$name" "${places[@]}" --resolve '*=-' --resolve "autodiscover.$name.example=127.0.0.1:$https" "$@" "ada@$name.example"
}

# Those that wait for somebody come first.
ask silent --resolve "autodiscover.silent.example=127.0.0.1:$silent"
ask wrong-mail --resolve "imap.wrong-mail.example=127.0.0.1:$tls" --resolve "imap2.wrong-mail.example=127.0.0.1:$nobody" \
    --resolve "imap3.wrong-mail.example=127.0.0.1:$tls_other" --resolve "imap5.wrong-mail.example=127.0.0.1:$imap" \
    --resolve "pop.wrong-mail.example=127.0.0.1:$imap_bare" --resolve "smtp.wrong-mail.example=127.0.0.1:$smtp_bare"
ask tls-on-993
ask socket-type --resolve "autoconfig.socket-type.example=127.0.0.1:$https"
ask right --resolve "right.example=127.0.0.1:$https" --resolve "autoconfig.right.example=127.0.0.1:$https" \
    --resolve "ua-auto-config.right.example=127.0.0.1:$https" \
    --resolve "autodiscover.right.example:80=127.0.0.1:$http" --resolve "autoconfig.right.example:80=127.0.0.1:$http"
for name in redirect loop wrong-name expired soon untrusted unserved unusable failing php hash elf download html unauthorized \
    forbidden empty disposition spaces truncated schema https-spaces mislead; do
    ask "$name"
done
ask bare --resolve "bare.example=127.0.0.1:$https" --resolve "autoconfig.bare.example=127.0.0.1:$https"
ask moved --resolve "autodiscover.right.example=127.0.0.1:$https"
ask refused --resolve "autodiscover.refused.example=127.0.0.1:$nobody"
ask clear --resolve "autodiscover.clear.example=127.0.0.1:$http"
ask nothing --resolve autodiscover.nothing.example=-
ask json --resolve "autoconfig.json.example=127.0.0.1:$https"
ask android --resolve "autoconfig.android.example=127.0.0.1:$https"
ask mail --resolve "imap.mail.example=127.0.0.1:$imap" --resolve "pop.mail.example=127.0.0.1:$pop3" \
    --resolve "smtp.mail.example=127.0.0.1:$smtp"
ask record --resolve autodiscover.record.example=- --resolve _autodiscover._tcp.record.example=autodiscover.right.example:443 \
    --resolve "autodiscover.right.example=127.0.0.1:$https"

# A dig that knows two records, for the domain and for another; the real one would leave this machine.
mkdir "$root/bin"
cat >"$root/bin/dig" <<'END'
#!/bin/sh
case "$*" in
    *'SRV _autodiscover._tcp.dig.example.') printf '%s\n' '10 0 443 second.dig.example.' '0 5 8443 autodiscover.right.example.' ;;
    *'_autodiscover._tcp.silent-dns.example.') echo ';; communications error: timed out'; exit 9 ;;
esac
END
chmod 755 "$root/bin/dig"
for name in dig silent-dns; do
    absent=()
    for host in '' autodiscover. autoconfig. ua-auto-config. second.; do absent+=(--resolve "$host$name.example=-"); done
    PATH=$root/bin:$PATH run "$name" "${places[@]}" "${absent[@]}" --resolve "autodiscover.right.example=127.0.0.1:$https" \
        "ada@$name.example"
done

# A certificate of one's own may be named itself.
run own-certificate --ca "$root/untrusted.pem" --resolve '*=-' --resolve "autodiscover.untrusted.example=127.0.0.1:$https" ada@untrusted.example
run quiet "${places[@]}" --quiet --resolve "*=-" --resolve "autodiscover.expired.example=127.0.0.1:$https" ada@expired.example
run help --help
run no-address --resolve '*=-'
run bad-address --resolve '*=-' 'ada@example.org"><x>'
run bad-option --password secret ada@example.org
run bad-place --resolve autodiscover.example.org ada@example.org
run bad-authority --ca "$root/ports" --resolve '*=-' ada@example.org
run markup "${places[@]}" --resolve '*=-' --resolve "autodiscover.right.example=127.0.0.1:$https" "a&b'c@right.example"
run terminal --resolve '*=-' ada@example.org
terminal='import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))'
python3 -c "$terminal" env TERM=xterm NO_COLOR= apache/probe.sh --quiet --resolve '*=-' ada@example.org >"$root/out/coloured" </dev/null || true
python3 -c "$terminal" env TERM=xterm NO_COLOR=1 apache/probe.sh --quiet --resolve '*=-' ada@example.org >"$root/out/no-colour" </dev/null || true
wait "${runs[@]}" || true

### What they say ###

# verdict NAME FILE: compares the file with standard input.
verdict() {
    if diff --label expected --label actual -u - "$2" >"$root/diff"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: wrong"
        sed 's/^/  /' "$root/diff"
    fi
}

# all NAME: what was printed is standard input, but for the port of the web server, the escape character and line ends of terminals.
all() {
    sed -i -e "s/:$https\b/:HTTPS/g; s/\r$//; s/\x1b/ESC/g" "$root/out/$1"
    verdict "$1" "$root/out/$1"
}

# faults NAME: the same for the failures, the warnings and what to change first.
# That Thunderbird finds nothing is left out, for most of these have nothing for it.
faults() {
    sed -n -e '/^FAIL Thunderbird: none/d' -e '/^FAIL/p' -e '/^warn/p' -e '/^1\. /p' -e '/^exit/p' "$root/out/$1" >"$root/out/$1.faults"
    verdict "$1" "$root/out/$1.faults"
}

# holds NAME LINE: whether this line is among what was printed.
holds() {
    if grep -qFx -e "$2" "$root/out/$1"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s: this line is missing\n  %s\n' "$1" "$2"
    fi
}

all right <<'END'
Discovery of mail settings for ada@right.example

Outlook, new Outlook and phones: a POST to autodiscover.xml
ok   POST https://right.example/autodiscover/autodiscover.xml: answers with IMAP imap.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS
ok   POST https://autodiscover.right.example/autodiscover/autodiscover.xml: answers with IMAP imap.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS
ok   GET http://autodiscover.right.example/autodiscover/autodiscover.xml: leads to https://autodiscover.right.example:HTTPS/autodiscover/autodiscover.xml, which is asked next
ok   POST https://autodiscover.right.example:HTTPS/autodiscover/autodiscover.xml: answers with IMAP imap.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS
-    SRV _autodiscover._tcp.right.example: there is no such record
-    ActiveSync schema, POST https://right.example/autodiscover/autodiscover.xml: no ActiveSync is offered (601), and clients go on to IMAP

Outlook and its cloud service: a GET of autodiscover.json
ok   GET https://right.example/autodiscover/autodiscover.json: leads to https://right.example/autodiscover/autodiscover.xml
ok   GET https://autodiscover.right.example/autodiscover/autodiscover.json: leads to https://autodiscover.right.example/autodiscover/autodiscover.xml

Thunderbird: a GET of config-v1.1.xml
ok   GET https://autoconfig.right.example/mail/config-v1.1.xml: answers with IMAP imap.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS
ok   GET https://right.example/.well-known/autoconfig/mail/config-v1.1.xml: answers with IMAP imap.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS
ok   GET http://autoconfig.right.example/mail/config-v1.1.xml: redirected to https://autoconfig.right.example:HTTPS/mail/config-v1.1.xml?emailaddress=ada%40right.example: answers with IMAP imap.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS
-    GET http://right.example/.well-known/autoconfig/mail/config-v1.1.xml: not asked, as no --resolve right.example:80=IP:PORT is given
ok   GET https://autoconfig.right.example/mail/config-v1.1.xml, no address: answers the same without an address, as Thunderbird for Android asks

The coming standard (PACC): a GET of user-agent-configuration.json
-    GET https://ua-auto-config.right.example/.well-known/user-agent-configuration.json: there is nothing (404)

The mail servers that were named
ok   IMAP imap.right.example port 993: accepts TLS, and the certificate is good for 59 days
ok   SMTP smtp.right.example port 587: accepts STARTTLS, and the certificate is good for 59 days

What to change first
nothing
exit 0
END

faults redirect <<'END'
FAIL POST https://autodiscover.redirect.example/autodiscover/autodiscover.xml: the redirect (301) to https://www.redirect.example/autodiscover/autodiscover.xml turns the POST into a GET, and the request is lost
FAIL Outlook: no place gives it settings
1. answer /autodiscover/autodiscover.xml on autodiscover.redirect.example itself; keep it out of every rule that forces www or https
exit 1
END
faults bare <<'END'
warn POST https://bare.example/autodiscover/autodiscover.xml: the redirect (301) to https://www.bare.example/autodiscover/autodiscover.xml turns the POST into a GET, and the request is lost
1. answer /autodiscover/autodiscover.xml on bare.example itself; keep it out of every rule that forces www or https
exit 0
END
faults loop <<'END'
FAIL POST https://autodiscover.loop.example/autodiscover/autodiscover.xml: there are more than 10 redirects
FAIL Outlook: no place gives it settings
warn GET https://autodiscover.loop.example/autodiscover/autodiscover.json: there are more than 10 redirects
1. end the loop of redirects
exit 1
END
faults wrong-name <<'END'
FAIL POST https://autodiscover.wrong-name.example/autodiscover/autodiscover.xml: the certificate does not cover autodiscover.wrong-name.example (it covers www.other.example)
FAIL Outlook: no place gives it settings
FAIL GET https://autodiscover.wrong-name.example/autodiscover/autodiscover.json: the certificate does not cover autodiscover.wrong-name.example (it covers www.other.example)
1. get a certificate that covers autodiscover.wrong-name.example
exit 1
END
faults expired <<'END'
FAIL POST https://autodiscover.expired.example/autodiscover/autodiscover.xml: the certificate expired 1 day ago
FAIL Outlook: no place gives it settings
FAIL GET https://autodiscover.expired.example/autodiscover/autodiscover.json: the certificate expired 1 day ago
1. renew the certificate of autodiscover.expired.example
exit 1
END
faults soon <<'END'
warn autodiscover.soon.example: the certificate expires in 4 days
1. let autoconfig.soon.example exist in DNS, with a certificate that covers it, and answer there
exit 1
END
faults untrusted <<'END'
FAIL POST https://autodiscover.untrusted.example/autodiscover/autodiscover.xml: the certificate is not trusted (it is self-signed)
FAIL Outlook: no place gives it settings
FAIL GET https://autodiscover.untrusted.example/autodiscover/autodiscover.json: the certificate is not trusted (it is self-signed)
1. give autodiscover.untrusted.example a certificate of a public authority
exit 1
END
faults clear <<'END'
FAIL POST https://autodiscover.clear.example/autodiscover/autodiscover.xml: there is no TLS on port 443
FAIL Outlook: no place gives it settings
warn GET https://autodiscover.clear.example/autodiscover/autodiscover.json: there is no TLS on port 443
1. let autodiscover.clear.example speak TLS on port 443
exit 1
END
faults silent <<'END'
FAIL POST https://autodiscover.silent.example/autodiscover/autodiscover.xml: there is no answer within 5 seconds
FAIL Outlook: no place gives it settings
warn GET https://autodiscover.silent.example/autodiscover/autodiscover.json: there is no answer within 5 seconds
1. let autodiscover.silent.example answer within 5 seconds, or refuse at once
exit 1
END
faults refused <<'END'
FAIL Outlook: no place gives it settings
1. let the web server listen on port 443 of autodiscover.refused.example
exit 1
END
faults nothing <<'END'
FAIL Outlook: no place gives it settings
1. let autodiscover.nothing.example exist in DNS, with a certificate that covers it
exit 1
END
faults php <<'END'
FAIL POST https://autodiscover.php.example/autodiscover/autodiscover.xml: the source of a program (<?php) is shown instead of being run
FAIL Outlook: no place gives it settings
1. let the web server of autodiscover.php.example run the program (ScriptAlias, or Options +ExecCGI with a handler); now it gives it away
exit 1
END
faults hash <<'END'
FAIL POST https://autodiscover.hash.example/autodiscover/autodiscover.xml: the source of a program (#!/) is shown instead of being run
FAIL Outlook: no place gives it settings
1. let the web server of autodiscover.hash.example run the program (ScriptAlias, or Options +ExecCGI with a handler); now it gives it away
exit 1
END
faults elf <<'END'
FAIL POST https://autodiscover.elf.example/autodiscover/autodiscover.xml: the program itself (ELF) is offered for download instead of being run
FAIL Outlook: no place gives it settings
1. let the web server of autodiscover.elf.example run the program (ScriptAlias, or Options +ExecCGI with a handler); now it gives it away
exit 1
END
faults download <<'END'
FAIL POST https://autodiscover.download.example/autodiscover/autodiscover.xml: a file is offered for download (application/octet-stream) where a document should be
FAIL Outlook: no place gives it settings
1. let the web server of autodiscover.download.example run the program, not send a file
exit 1
END
faults disposition <<'END'
FAIL POST https://autodiscover.disposition.example/autodiscover/autodiscover.xml: a file is offered for download (attachment; filename=autodiscover.xml) where a document should be
FAIL Outlook: no place gives it settings
1. let the web server of autodiscover.disposition.example run the program, not send a file
exit 1
END
faults html <<'END'
FAIL POST https://autodiscover.html.example/autodiscover/autodiscover.xml: a page of HTML (200) is sent where a document should be
FAIL Outlook: no place gives it settings
1. let the web server of autodiscover.html.example hand these requests to the program, before any website
exit 1
END
faults failing <<'END'
FAIL POST https://autodiscover.failing.example/autodiscover/autodiscover.xml: the web server could not run the program (500); its error log says why
FAIL Outlook: no place gives it settings
1. read the error log of the web server of autodiscover.failing.example
exit 1
END
faults unusable <<'END'
FAIL POST https://autodiscover.unusable.example/autodiscover/autodiscover.xml: an error document: 603 Internal server error (the program cannot use its configuration, and the error log of the web server says why)
FAIL Outlook: no place gives it settings
warn GET https://autodiscover.unusable.example/autodiscover/autodiscover.json: the web server could not run the program (500); its error log says why
1. run "autodiscover check", which names the line of the configuration that is wrong
exit 1
END
faults unserved <<'END'
FAIL POST https://autodiscover.unserved.example/autodiscover/autodiscover.xml: an error document: 500 The email address can't be found. (the program does not serve this domain)
FAIL Outlook: no place gives it settings
1. name unserved.example in domains of autodiscover.toml, or give it a file in domains/
exit 1
END
faults forbidden <<'END'
FAIL POST https://autodiscover.forbidden.example/autodiscover/autodiscover.xml: the web server refuses (403)
FAIL Outlook: no place gives it settings
1. let the web server of autodiscover.forbidden.example hand these requests to the program
exit 1
END
faults unauthorized <<'END'
FAIL POST https://autodiscover.unauthorized.example/autodiscover/autodiscover.xml: asks for a password (401), so Outlook and phones ask their user for one and go no further
FAIL Outlook: no place gives it settings
1. let autodiscover.unauthorized.example answer without a password
exit 1
END
faults empty <<'END'
FAIL POST https://autodiscover.empty.example/autodiscover/autodiscover.xml: the answer is empty (200)
FAIL Outlook: no place gives it settings
1. let the web server of autodiscover.empty.example hand these requests to the program
exit 1
END
faults spaces <<'END'
FAIL POST https://autodiscover.spaces.example/autodiscover/autodiscover.xml: a document that is not well-formed: there is white space before its beginning
FAIL Outlook: no place gives it settings
1. let nothing but the program write these answers
exit 1
END
faults truncated <<'END'
FAIL POST https://autodiscover.truncated.example/autodiscover/autodiscover.xml: a document that is not well-formed: it ends too early
FAIL Outlook: no place gives it settings
1. let nothing but the program write these answers
exit 1
END
faults schema <<'END'
FAIL POST https://autodiscover.schema.example/autodiscover/autodiscover.xml: an answer in the wrong namespace: Response is in http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006; http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a would be right
FAIL Outlook: no place gives it settings
1. send the namespaces that clients expect
exit 1
END
faults https-spaces <<'END'
FAIL POST https://autodiscover.https-spaces.example/autodiscover/autodiscover.xml: an answer in the wrong namespace: Autodiscover is in https://schemas.microsoft.com/exchange/autodiscover/responseschema/2006; http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006 would be right
FAIL Outlook: no place gives it settings
1. send the namespaces that clients expect
exit 1
END
faults mislead <<'END'
FAIL POST https://autodiscover.mislead.example/autodiscover/autodiscover.xml: answers with IMAP imap.right.example port 993 with TLS, and would mislead
FAIL POST https://autodiscover.mislead.example/autodiscover/autodiscover.xml: no client knows the Type POP; POP3 would be right
FAIL POST https://autodiscover.mislead.example/autodiscover/autodiscover.xml: IMAP: SPA is on, which is Microsoft's NTLM and not a password; off would be right
FAIL POST https://autodiscover.mislead.example/autodiscover/autodiscover.xml: the Content-Type is "text/html", which Thunderbird does not read; text/xml would be right
warn POST https://autodiscover.mislead.example/autodiscover/autodiscover.xml: there is no server for outgoing mail
FAIL Outlook: no place gives it settings
FAIL ActiveSync schema, POST https://autodiscover.mislead.example/autodiscover/autodiscover.xml: an answer in the wrong namespace: Response is in http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a; http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006 would be right
1. correct the settings that mislead
exit 1
END
faults tls-on-993 <<'END'
FAIL POST https://autodiscover.tls-on-993.example/autodiscover/autodiscover.xml: answers with IMAP imap.right.example port 993 with STARTTLS, SMTP smtp.right.example port 587 with TLS, and would mislead
FAIL POST https://autodiscover.tls-on-993.example/autodiscover/autodiscover.xml: IMAP: Encryption TLS (STARTTLS) begins in the clear, but port 993 begins with TLS at once; SSL on with Encryption SSL would be right
FAIL POST https://autodiscover.tls-on-993.example/autodiscover/autodiscover.xml: SMTP: Encryption SSL begins with TLS at once, but port 587 begins in the clear; SSL on with Encryption TLS would be right
FAIL Outlook: no place gives it settings
FAIL ActiveSync schema, POST https://autodiscover.tls-on-993.example/autodiscover/autodiscover.xml: an answer in the wrong namespace: Response is in http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a; http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006 would be right
FAIL IMAP imap.right.example port 993: begins with TLS at once, but STARTTLS is announced
FAIL SMTP smtp.right.example port 587: begins in the clear and offers STARTTLS, but TLS at once is announced
1. correct the settings that mislead
exit 1
END
faults moved <<'END'
1. let autoconfig.moved.example exist in DNS, with a certificate that covers it, and answer there
exit 1
END
faults record <<'END'
warn phones and new Outlook: they do not ask https://autodiscover.right.example/autodiscover/autodiscover.xml, which only Outlook finds, by the last ways that it tries
1. let autoconfig.record.example exist in DNS, with a certificate that covers it, and answer there
exit 1
END
faults dig <<'END'
warn phones and new Outlook: they do not ask https://autodiscover.right.example:8443/autodiscover/autodiscover.xml, which only Outlook finds, by the last ways that it tries
1. let autoconfig.dig.example exist in DNS, with a certificate that covers it, and answer there
exit 1
END
faults silent-dns <<'END'
warn SRV _autodiscover._tcp.silent-dns.example: DNS does not answer
FAIL Outlook: no place gives it settings
1. let autodiscover.silent-dns.example exist in DNS, with a certificate that covers it
exit 1
END
faults json <<'END'
FAIL GET https://autodiscover.json.example/autodiscover/autodiscover.json: leads to http://x.json.example/, where there are no settings for Outlook
1. let autodiscover.json lead to https://autodiscover.json.example/autodiscover/autodiscover.xml
exit 1
END
faults socket-type <<'END'
FAIL GET https://autoconfig.socket-type.example/mail/config-v1.1.xml: answers with IMAP imap.right.example port 993 with STARTTLS, and would mislead
FAIL GET https://autoconfig.socket-type.example/mail/config-v1.1.xml: IMAP: socketType STARTTLS begins in the clear, but port 993 begins with TLS at once; SSL would be right
FAIL GET https://autoconfig.socket-type.example/mail/config-v1.1.xml: without both an incoming and an outgoing server Thunderbird drops it
FAIL IMAP imap.right.example port 993: begins with TLS at once, but STARTTLS is announced
1. correct the settings that mislead
exit 1
END
faults android <<'END'
FAIL GET https://autoconfig.android.example/mail/config-v1.1.xml, no address: gives Thunderbird for Android, which names no address, nothing: the web server refuses (400)
1. answer config-v1.1.xml without emailaddress, by the name of the host
exit 1
END
faults mail <<'END'
FAIL ActiveSync schema, POST https://autodiscover.mail.example/autodiscover/autodiscover.xml: an answer in the wrong namespace: Response is in http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a; http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006 would be right
1. send the namespaces that clients expect
exit 1
END
faults wrong-mail <<'END'
FAIL ActiveSync schema, POST https://autodiscover.wrong-mail.example/autodiscover/autodiscover.xml: an answer in the wrong namespace: Response is in http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a; http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006 would be right
FAIL IMAP imap.wrong-mail.example port 143: begins with TLS at once, but STARTTLS is announced
FAIL IMAP imap2.wrong-mail.example port 993: the connection is refused (port 993)
FAIL IMAP imap3.wrong-mail.example port 993: accepts TLS, but the certificate does not cover imap3.wrong-mail.example (it covers www.other.example)
FAIL IMAP imap4.wrong-mail.example port 993: there is no such name (imap4.wrong-mail.example)
FAIL IMAP imap5.wrong-mail.example port 993: begins in the clear and offers STARTTLS, but TLS at once is announced
FAIL POP3 pop.wrong-mail.example port 1110: STARTTLS is announced, but not offered
FAIL SMTP smtp.wrong-mail.example port 587: STARTTLS is announced, but not offered
1. get a certificate that covers imap3.wrong-mail.example
exit 1
END
faults own-certificate <<'END'
FAIL IMAP imap.right.example port 993: there is no such name (imap.right.example)
FAIL SMTP smtp.right.example port 587: there is no such name (smtp.right.example)
1. let imap.right.example accept what is announced for it on port 993, or announce what it accepts
exit 1
END
faults markup <<'END'
1. let autoconfig.right.example exist in DNS, with a certificate that covers it, and answer there
exit 1
END

all quiet <<'END'
FAIL POST https://autodiscover.expired.example/autodiscover/autodiscover.xml: the certificate expired 1 day ago
FAIL Outlook: no place gives it settings
FAIL GET https://autodiscover.expired.example/autodiscover/autodiscover.json: the certificate expired 1 day ago
FAIL Thunderbird: none of the four gives it settings; on the desktop it may use those of Outlook, on Android it finds none
exit 1
END
all no-address <<'END'
probe.sh: there is no address; probe.sh ada@example.org would be right
exit 2
END
all bad-address <<'END'
probe.sh: 'ada@example.org"><x>' has no valid domain; ada@example.org would be right
exit 2
END
all bad-option <<'END'
probe.sh: '--password' is no option; --help lists them
exit 2
END
all bad-place <<'END'
probe.sh: --resolve 'autodiscover.example.org': that names no place; HOST=IP:PORT would be right
exit 2
END
all coloured <<'END'
ESC[31mFAILESC[0m Outlook: no place gives it settings
ESC[31mFAILESC[0m Thunderbird: none of the four gives it settings; on the desktop it may use those of Outlook, on Android it finds none
END
all no-colour <<'END'
FAIL Outlook: no place gives it settings
FAIL Thunderbird: none of the four gives it settings; on the desktop it may use those of Outlook, on Android it finds none
END

holds refused '-    POST https://autodiscover.refused.example/autodiscover/autodiscover.xml: the connection is refused (port 443)'
holds nothing '-    POST https://autodiscover.nothing.example/autodiscover/autodiscover.xml: there is no such name (autodiscover.nothing.example)'
holds nothing '-    SRV _autodiscover._tcp.nothing.example: there is no such record'
holds moved 'ok   POST https://autodiscover.moved.example/autodiscover/autodiscover.xml: redirected to https://autodiscover.right.example/autodiscover/autodiscover.xml: answers with IMAP imap.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS'
holds record 'ok   SRV _autodiscover._tcp.record.example: leads to https://autodiscover.right.example/autodiscover/autodiscover.xml, which is asked next'
holds dig 'ok   SRV _autodiscover._tcp.dig.example: leads to https://autodiscover.right.example:8443/autodiscover/autodiscover.xml, which is asked next'
holds own-certificate 'ok   POST https://autodiscover.untrusted.example/autodiscover/autodiscover.xml: answers with IMAP imap.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS'
holds mail 'ok   IMAP imap.mail.example port 143: accepts STARTTLS, and the certificate is good for 59 days'
holds mail 'ok   POP3 pop.mail.example port 110: accepts STARTTLS, and the certificate is good for 59 days'
holds mail 'ok   SMTP smtp.mail.example port 587: accepts STARTTLS, and the certificate is good for 59 days'
holds markup "ok   POST https://autodiscover.right.example/autodiscover/autodiscover.xml: answers with IMAP imap.right.example port 993 with TLS, SMTP smtp.right.example port 587 with STARTTLS"
holds help '  probe.sh [--quiet] [--resolve HOST=IP:PORT]... [--ca FILE] ADDRESS'
holds bad-authority "probe.sh: '$root/ports' cannot be read, or is no certificate in PEM form"

echo "probe: $passed passed, $failed failed, 0 skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]

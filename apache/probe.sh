#!/usr/bin/env bash
# Asks a live installation what mail clients ask, in their order, and says what would go wrong and what to change first.
# It posts an address and never a password.
set -euo pipefail

usage() {
    cat <<'END'
Asks for the settings of ADDRESS as Outlook, phones and Thunderbird do, and says what each question brings.

  probe.sh [--quiet] [--resolve HOST=IP:PORT]... [--ca FILE] ADDRESS

ADDRESS need not exist, but its domain must be the one that you serve. No password is sent.

  --resolve HOST=IP:PORT     reach HOST there, not where DNS says; for any port of HOST but 80, where plain HTTP is asked
  --resolve HOST:443=IP:PORT the same for one port of HOST only; HOST:80 is the way to plain HTTP
  --resolve HOST=IP          HOST has this address, and the ports stay as they are
  --resolve HOST=-           there is no such name
  --resolve '*=...'          every name that no other --resolve gives; '*=-' keeps DNS out altogether
  --resolve _autodiscover._tcp.DOMAIN=HOST:PORT
                             the SRV record of the domain
  --ca FILE                  trust the certificates in FILE (PEM)
  --quiet                    print nothing but the failures

An IPv6 address stands in brackets: --resolve 'example.org=[::1]:8443'.
A line begins with "ok", with "-" (nothing there, and nothing lost), with "warn" or with "FAIL".
Each question has 5 seconds, as in Thunderbird, and all of them together two minutes.
Exit status: 0 if no client would fail, 1 if one would, 2 for wrong usage.

Needs bash 4, curl, openssl and dig; dig is not needed with --resolve.
END
}

wrong() {
    printf 'probe.sh: %s\n' "$1" >&2
    exit 2
}

if ((BASH_VERSINFO[0] < 4)); then
    wrong 'this bash is too old; it needs version 4 or newer'
fi

readonly patience=5 all_patience=120 expires_soon=14
readonly outlook='http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'
readonly mobilesync='http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006'
readonly response='http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006'

# The order of letters, and what a letter is, must not depend on who runs this.
export LC_ALL=C

declare -A place=()
# everywhere is the place of all names that have none of their own.
everywhere='' quiet=false authorities='' address=''
# Only an IPv4 address, an IPv6 address in brackets, and a port.
readonly endpoint='^([0-9.]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$'
readonly host_name='^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$'

# resolve ARGUMENT: notes one --resolve.
resolve() {
    local name=${1%%=*} value=${1#*=}
    name=${name,,}
    [[ $1 == *=* ]] || wrong "--resolve '$1': that names no place; HOST=IP:PORT would be right"
    if [[ $name == _autodiscover._tcp.* ]]; then
        [[ $value == - || $value =~ ^[A-Za-z0-9.-]+:[0-9]{1,5}$ ]] ||
            wrong "--resolve '$1': an SRV record needs a target; $name=HOST:PORT would be right"
    else
        [[ $name == '*' || $name =~ ^[a-z0-9._-]+(:[0-9]{1,5})?$ ]] ||
            wrong "--resolve '$1': that begins with no host name; HOST=IP:PORT would be right"
        [[ $value == - || $value =~ $endpoint ]] ||
            wrong "--resolve '$1': '$value' is no IP address with a port; 127.0.0.1:8443 would be right"
    fi
    if [[ $name == '*' ]]; then everywhere=$value; else place[$name]=$value; fi
}

while (($#)); do
    case $1 in
        --help | -h)
            usage
            exit 0
            ;;
        --quiet | -q) quiet=true ;;
        --resolve | --ca)
            [[ -n ${2:-} ]] || wrong "$1 needs a value; --help shows it"
            if [[ $1 == --ca ]]; then authorities=$2; else resolve "$2"; fi
            shift
            ;;
        --resolve=*) resolve "${1#*=}" ;;
        --ca=*) authorities=${1#*=} ;;
        --)
            shift
            break
            ;;
        -*) wrong "'$1' is no option; --help lists them" ;;
        *)
            [[ -z $address ]] || wrong "one address at a time; '$1' is one too many"
            address=$1
            ;;
    esac
    shift
done
if (($#)); then
    [[ -z $address && $# == 1 ]] || wrong 'one address at a time'
    address=$1
fi
[[ -n $address ]] || wrong 'there is no address; probe.sh ada@example.org would be right'

local_part=${address%@*} domain=${address##*@}
# The characters that RFC 5322 allows without quotes, and whatever is not ASCII (RFC 6531).
atom=$'[A-Za-z0-9!#$%&\'*+/=?^_`{|}~\x80-\xff-]+'
[[ $address == *@* && ${#local_part} -le 64 && $local_part =~ ^$atom(\.$atom)*$ ]] ||
    wrong "'$address' is no e-mail address; ada@example.org would be right"
if [[ $domain == *[$'\x80'-$'\xff']* ]]; then
    command -v idn2 >/dev/null ||
        wrong "without the program idn2 the domain must be given as DNS has it; it begins with xn-- or holds .xn--"
    domain=$(LC_ALL=C.UTF-8 idn2 --quiet -- "$domain" 2>/dev/null) || wrong "'$address' has no valid domain"
fi
domain=${domain,,}
[[ $domain =~ $host_name && $domain != *_* && ${#domain} -le 253 && ! $domain =~ [^.]{64} ]] ||
    wrong "'$address' has no valid domain; ada@example.org would be right"

missing=()
for tool in curl openssl timeout awk; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
((${#place[@]})) || [[ -n $everywhere ]] || command -v dig >/dev/null || missing+=('dig (Debian: bind9-dnsutils)')
((${#missing[@]} == 0)) || wrong "needed and not here: ${missing[*]}"
if [[ -n $authorities ]]; then
    openssl x509 -noout -in "$authorities" 2>/dev/null || wrong "'$authorities' cannot be read, or is no certificate in PEM form"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

### What people read ###

bold='' plain='' coloured=false
[[ ! -t 1 || -n ${NO_COLOR:-} || ${TERM:-dumb} == dumb ]] || coloured=true
declare -A colour=([ok]='' [-]='' [warn]='' [FAIL]='')
if $coloured; then
    bold=$'\e[1m' plain=$'\e[0m'
    colour=([ok]=$'\e[32m' [-]=$'\e[2m' [warn]=$'\e[33m' [FAIL]=$'\e[31m')
fi

failures=0
heading() { $quiet || printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }

# say LEVEL SUBJECT SENTENCE
say() {
    [[ $1 != FAIL ]] || failures=$((failures + 1))
    if ! $quiet || [[ $1 == FAIL ]]; then
        printf '%s%-4s%s %s: %s\n' "${colour[$1]}" "$1" "$plain" "$2" "$3"
    fi
}

remedies=()
# advise RANK TEXT: something to change; the lowest rank comes first.
advise() { remedies+=("$1"$'\t'"$2"); }

# shown TEXT: what a server sent, made safe for a terminal.
shown() {
    local text=${1//[^[:print:]]/?}
    ((${#text} <= 200)) || text=${text:0:200}...
    printf '%s' "$text"
}

count() { if (($1 == 1)); then echo "1 $2"; else echo "$1 ${2}s"; fi; }

xml_text() {
    local text=$1
    text=${text//&/'&amp;'}
    text=${text//</'&lt;'}
    text=${text//>/'&gt;'}
    printf '%s' "$text"
}

percent_encoded() {
    local text=$1 encoded='' character code i
    for ((i = 0; i < ${#text}; i++)); do
        character=${text:i:1}
        case $character in
            [A-Za-z0-9._~-]) encoded+=$character ;;
            *)
                printf -v code %d "'$character"
                printf -v character '%%%02X' $((code & 255))
                encoded+=$character
                ;;
        esac
    done
    printf '%s' "$encoded"
}

### The network ###

# destination HOST PORT: sets to, which is IP:PORT, "absent", "untried", or empty when DNS is to be asked.
destination() {
    to=${place[$1:$2]:-}
    [[ -z $to ]] || { [[ $to != - ]] || to=absent; with_port "$2"; return; }
    to=${place[$1]:-$everywhere}
    case $to in
        '') ;;
        -) to=absent ;;
        # The place that stands for all ports speaks TLS, so plain HTTP is not for it.
        *[0-9\]]:[0-9]*) [[ $2 != 80 || $to =~ ^\[[^]]*\]$ ]] || to=untried ;;
    esac
    with_port "$2"
}

with_port() {
    [[ -z $to || $to == absent || $to == untried ]] && return
    [[ $to =~ ^(\[.*\]|[0-9.]+):[0-9]+$ ]] || to=$to:$1
}

# split URL: sets scheme, host, port and path; false for what is no plain URL of the web.
split() {
    [[ $1 =~ ^([Hh][Tt][Tt][Pp][Ss]?)://([A-Za-z0-9._-]+)(:([0-9]{1,5}))?(/[^[:space:][:cntrl:]#]*)?$ ]] || return 1
    scheme=${BASH_REMATCH[1],,} host=${BASH_REMATCH[2],,} port=${BASH_REMATCH[4]} path=${BASH_REMATCH[5]:-/}
    [[ -n $port ]] || { [[ $scheme == https ]] && port=443 || port=80; }
}

declare -A silent=()
# fetch METHOD URL: one request; sets failure when there is no answer, else status, type, disposition, location and body.
fetch() {
    local arguments code=0
    failure='' status='' type='' disposition='' location='' detail=''
    body=$work/body
    : >"$body"
    split "$2" || { failure=url; return; }
    destination "$host" "$port"
    case $to in absent | untried) failure=$to; return ;; esac
    # A host that is silent once would only use up the time.
    [[ -z ${silent[$host:$port]:-} ]] || { failure=timeout; return; }
    ((SECONDS < all_patience)) || { failure=late; return; }
    # --disable keeps .curlrc out, which might hold a password, a proxy or other headers.
    arguments=(--disable --silent --show-error --globoff --proto '=http,https' --noproxy '*' --max-time "$patience"
        --user-agent autodiscover-probe --dump-header "$work/headers" --output "$work/body"
        --write-out '%{http_code}\n%{content_type}\n%{redirect_url}\n')
    [[ -z $to ]] || arguments+=(--connect-to "$host:$port:$to")
    [[ -z $authorities ]] || arguments+=(--cacert "$authorities")
    [[ $1 != POST ]] || arguments+=(--header 'Content-Type: text/xml; charset=utf-8' --header 'Expect:'
        --data-binary "@$work/request.xml")
    : >"$work/headers"
    curl "${arguments[@]}" -- "$2" >"$work/facts" 2>"$work/complaint" || code=$?
    { read -r status && read -r type && read -r location; } <"$work/facts" || true
    detail=$(head -c 400 "$work/complaint" | tr '\n' ' ')
    detail=${detail#curl: (*) }
    case $code in
        0) ;;
        5 | 6) failure=absent ;;
        7) failure=refused ;;
        28)
            failure=timeout
            silent[$host:$port]=1
            ;;
        # Without a status there was no answer; with one, what is missing of the body is no matter for us.
        35) failure=tls ;;
        51 | 58 | 60 | 83 | 90 | 91) failure=certificate ;;
        *) [[ $status =~ ^[1-5] ]] || failure=closed ;;
    esac
    disposition=$(sed -n 's/\r$//; s/^[Cc]ontent-[Dd]isposition:[[:space:]]*//p' "$work/headers" | tail -n 1)
    # A document of settings has some two thousand bytes.
    head -c 131072 "$work/body" >"$work/start"
    body=$work/start
}

# utc DATE: seconds since 1970 of a date as openssl prints it: Nov 24 08:01:00 2026 GMT.
utc() {
    local month day clock year names=JanFebMarAprMayJunJulAugSepOctNovDec before
    read -r month day clock year _ <<<"$1"
    before=${names%%"$month"*}
    month=$((${#before} / 3 + 1))
    # The year begins in March, so that the day that is not always there comes last.
    ((month > 2)) || { month=$((month + 12)) && year=$((year - 1)); }
    day=$((365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 719469))
    IFS=: read -r month year before <<<"$clock"
    echo $((((day * 24 + 10#$month) * 60 + 10#$year) * 60 + 10#$before))
}

declare -A handshakes=()
# handshake HOST PORT [PROTOCOL]: TLS at once, or STARTTLS of imap, pop3 or smtp. Sets
#   tls      ok, absent, refused, timeout, clear (the server speaks, but not TLS) or late
#   faults   what is wrong with the certificate, in words; empty when nothing is
#   days     how long the certificate is good for
#   renewal  what to do about it
handshake() {
    local key=$1:$2:${3:-} arguments code=0 output=$work/handshake known end now names
    if [[ -n ${handshakes[$key]:-} ]]; then
        IFS=$'\x1f' read -r tls faults days renewal <<<"${handshakes[$key]}"
        return
    fi
    tls=ok faults='' days='' renewal=''
    destination "$1" "$2"
    if [[ $to == absent ]]; then
        tls=absent
    elif ((SECONDS >= all_patience)); then
        tls=late
    else
        arguments=(-connect "${to:-$1:$2}" -showcerts)
        [[ $1 =~ ^[0-9.]+$ ]] || arguments+=(-servername "$1")
        [[ -z $authorities ]] || arguments+=(-CAfile "$authorities")
        [[ -z ${3:-} ]] || arguments+=(-starttls "$3")
        timeout "$patience" openssl s_client "${arguments[@]}" </dev/null >"$output" 2>&1 || code=$?
        if grep -q 'BEGIN CERTIFICATE' "$output"; then
            :
        elif ((code == 124)); then
            tls=timeout
        elif grep -qi 'connection refused' "$output"; then
            tls=refused
        elif grep -qi -e 'BIO_lookup' -e 'getaddrinfo' -e 'not known' "$output"; then
            tls=absent
        elif ! grep -q '^CONNECTED' "$output"; then
            tls=refused
        else
            tls=clear
        fi
    fi
    if [[ $tls == ok ]]; then
        known=-checkhost
        [[ ! $1 =~ ^[0-9.]+$ ]] || known=-checkip
        openssl x509 -in "$output" -noout -enddate -ext subjectAltName "$known" "$1" >"$work/certificate" 2>/dev/null || true
        known=$(grep -m 1 '^notAfter=' "$work/certificate")
        end=$(utc "${known#*=}")
        printf -v now '%(%s)T' -1
        days=$(((end - now) / 86400))
        if grep -q 'does NOT match' "$work/certificate"; then
            names=$(grep -o 'DNS:[^,[:space:]]*' "$work/certificate" | head -n 3 | sed 's/^DNS://; s/$/, /' | tr -d '\n' || true)
            names=${names%, }
            faults="does not cover $1 (it covers $(shown "${names:-no name}"))"
            renewal="get a certificate that covers $1"
        fi
        if ((end <= now)); then
            faults+="${faults:+ and }expired $(count $(((now - end) / 86400)) day) ago"
            renewal=${renewal:-renew the certificate of $1}
        elif grep -q 'verify error:num=9:' "$output"; then
            faults+="${faults:+ and }is not valid yet"
            renewal=${renewal:-set the clock of $1, or renew its certificate}
        fi
        if grep -q 'verify error:num=18:' "$output"; then
            faults+="${faults:+ and }is not trusted (it is self-signed)"
            renewal=${renewal:-give $1 a certificate of a public authority}
        elif grep 'verify error:num=' "$output" | grep -q -v -e 'num=9:' -e 'num=10:' -e 'num=62:'; then
            faults+="${faults:+ and }is not trusted (its authority is unknown, or an intermediate certificate is missing)"
            renewal=${renewal:-give $1 a certificate of a public authority, with the intermediate certificates in the same file}
        elif grep -q 'verify error:num=10:' "$output" && ((end > now)); then
            faults+="${faults:+ and }has an expired certificate in its chain"
            renewal=${renewal:-give $1 the intermediate certificates of today}
        fi
    fi
    handshakes[$key]=$tls$'\x1f'$faults$'\x1f'$days$'\x1f'$renewal
}

# srv NAME: sets targets to the HOST:PORT of the SRV records, best first, and records to found, none, silent or unasked.
srv() {
    local line
    targets=() records=none
    if [[ -n ${place[$1]:-} ]]; then
        [[ ${place[$1]} == - ]] || { targets=("${place[$1],,}") && records=found; }
    elif [[ $everywhere == - ]]; then
        :
    elif [[ -n $everywhere ]] || ! command -v dig >/dev/null; then
        records=unasked
    elif ! dig +short +time=2 +tries=2 SRV "$1." >"$work/srv" 2>/dev/null; then
        records=silent
    else
        while read -r line; do
            [[ $line =~ ^[0-9]+\ [0-9]+\ ([0-9]+)\ ([A-Za-z0-9._-]+)\.$ ]] || continue
            targets+=("${BASH_REMATCH[2],,}:${BASH_REMATCH[1]}")
            records=found
        done < <(sort -k1,1n -k2,2nr "$work/srv")
    fi
}

### Documents ###

# Prints one line for each event of an XML document, its fields separated by the byte 1F:
#   open PATH NAMESPACE, attribute PATH/@NAME VALUE, close PATH TEXT, and "broken REASON" where it is not well-formed.
# Only what discovery documents need; a DTD is refused, as clients refuse it.
cat >"$work/xml.awk" <<'AWK'
function stop(reason) { if (!stopped) print "broken" S reason; stopped = 1; exit }
function plain(text) {
    gsub(/[ \t\r\n\037]+/, " ", text); sub(/^ /, "", text); sub(/ $/, "", text)
    gsub(/&#39;|&#x27;/, "'", text); gsub(/&#34;|&#x22;/, "\"", text)
    gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "'", text)
    gsub(/&amp;/, "\\&", text)
    return text
}
function characters(text) {
    if (depth) content[depth] = content[depth] text
    else if (text !~ /^[ \t\r\n]*$/) stop("there is text outside of the root element")
}
function namespace_of(prefix, i) {
    for (i = depth; i > 0; i--) if ((i, prefix) in declared) return declared[i, prefix]
    if (prefix != "") stop("a prefix is not declared")
    return ""
}
function close_element(name) {
    if (!depth || element[depth] != name) stop("the end of " name " does not belong there")
    print "close" S route[depth] S plain(content[depth])
    depth--
}
function open_element(text, name, empty, prefix, value, quote, key, n, i, names, values) {
    empty = sub(/\/$/, "", text)
    if (!match(text, /^[^ \t\r\n\/="'<>]+/)) stop("there is a < that begins no element")
    name = substr(text, 1, RLENGTH); text = substr(text, RLENGTH + 1)
    if (!depth && ended) stop("there is more than one root element")
    ended = 1
    depth++
    element[depth] = name; content[depth] = ""
    for (i in declared) { split(i, names, SUBSEP); if (names[1] == depth) delete declared[i] }
    n = 0
    while (match(text, /^[ \t\r\n]+[^ \t\r\n=]+[ \t\r\n]*=[ \t\r\n]*/)) {
        key = substr(text, 1, RLENGTH); text = substr(text, RLENGTH + 1)
        gsub(/[ \t\r\n=]/, "", key)
        quote = substr(text, 1, 1)
        i = (quote == "\"" || quote == "'") ? index(substr(text, 2), quote) : 0
        if (!i) stop("an attribute of " name " has no quotes")
        value = plain(substr(text, 2, i - 1)); text = substr(text, i + 2)
        if (key == "xmlns") declared[depth, ""] = value
        else if (key ~ /^xmlns:/) declared[depth, substr(key, 7)] = value
        else { n++; keys[n] = key; values_of[n] = value }
    }
    if (text !~ /^[ \t\r\n]*$/) stop("the tag of " name " is broken")
    prefix = name
    if (!sub(/:.*/, "", prefix)) prefix = ""
    key = name; sub(/^.*:/, "", key)
    route[depth] = route[depth - 1] "/" key
    print "open" S route[depth] S namespace_of(prefix)
    for (i = 1; i <= n; i++) print "attribute" S route[depth] "/@" keys[i] S values_of[i]
    if (empty) close_element(name)
}
# Where a tag ends: at the first > outside of quotes.
function tag_end(text, i, character, quote) {
    quote = ""
    for (i = 1; i <= length(text); i++) {
        character = substr(text, i, 1)
        if (quote != "") { if (character == quote) quote = "" }
        else if (character == "\"" || character == "'") quote = character
        else if (character == ">") return i
    }
    return 0
}
# Everything up to this mark belongs to a comment, a CDATA section or an instruction.
function skip_to(mark, text, i) {
    i = index(text, mark)
    if (!i) { waiting = mark; held = held text "<"; return }
    if (mark == "]]>") content[depth] = content[depth] held substr(text, 1, i - 1)
    waiting = ""; held = ""
    characters(substr(text, i + length(mark)))
}
BEGIN { RS = "<"; S = "\037" }
NR == 1 {
    sub(/^\357\273\277/, "")
    if ($0 ~ /^[ \t\r\n]+$/) stop("there is white space before its beginning")
    characters($0); next
}
waiting != "" { skip_to(waiting, $0); next }
/^!--/ { skip_to("-->", substr($0, 4)); next }
/^!\[CDATA\[/ { skip_to("]]>", substr($0, 9)); next }
/^\?/ { skip_to("?>", $0); next }
/^!/ { stop("it has a document type declaration") }
{
    end = tag_end($0)
    if (!end) stop("it ends within a tag")
    tag = substr($0, 1, end - 1); rest = substr($0, end + 1)
    if (tag ~ /^\//) { sub(/^\//, "", tag); sub(/[ \t\r\n]+$/, "", tag); close_element(tag) }
    else open_element(tag)
    characters(rest)
}
END {
    if (!stopped && (depth || waiting != "")) { print "broken" S "it ends too early"; stopped = 1 }
    if (!stopped && !ended) print "broken" S "it has no root element"
}
AWK

# Says what kind of thing came back; sets outcome, sentence and remedy.
# Clients cannot tell most of these apart, but they are the mistakes of web servers that people can repair.
classify() {
    local first
    first=$(head -c 512 "$body" | tr -d '\000' | tr '\n' ' ')
    first=${first#"${first%%[![:space:]]*}"}
    remedy=''
    if [[ ${first:0:4} == $'\x7fELF' || ${first:0:2} == '#!' || ${first:0:5} == '<?php' ]]; then
        case $first in
            $'\x7f'*) sentence='the program itself (ELF)' ;;
            '#!'*) sentence='the source of a program (#!/)' ;;
            *) sentence='the source of a program (<?php)' ;;
        esac
        outcome=source
        if offered; then
            sentence+=' is offered for download instead of being run'
        else
            sentence+=' is shown instead of being run'
        fi
        remedy="10 let the web server of $host run the program (ScriptAlias, or Options +ExecCGI with a handler); now it gives it away"
    elif [[ $status == 401 ]]; then
        outcome=unauthorized
        sentence='asks for a password (401), so Outlook and phones ask their user for one and go no further'
        remedy="45 let $host answer without a password"
    elif [[ $status == 5?? ]] && ! grep -q '<Autodiscover' "$body"; then
        outcome=status
        sentence="the web server failed ($status)"
        [[ $status != 500 ]] || sentence='the web server could not run the program (500); its error log says why'
        remedy="40 read the error log of the web server of $host"
    elif [[ $status == 404 || $status == 410 ]]; then
        outcome=nothing
        sentence="there is nothing ($status)"
    elif [[ $status != 2?? ]] && ! grep -q '<Autodiscover' "$body"; then
        outcome=status
        sentence="the web server refuses ($status)"
        remedy="55 let the web server of $host hand these requests to the program"
    elif offered; then
        outcome=download
        sentence="a file is offered for download ($(shown "${disposition:-$type}")) where a document should be"
        remedy="55 let the web server of $host run the program, not send a file"
    elif [[ ${first,,} == '<!doctype html'* || ${first,,} == '<html'* || ${type,,} == text/html* && $first != '<?xml'* ]]; then
        outcome=html
        sentence="a page of HTML ($status) is sent where a document should be"
        remedy="55 let the web server of $host hand these requests to the program, before any website"
    elif [[ -z $first ]]; then
        outcome=status
        sentence="the answer is empty ($status)"
        remedy="55 let the web server of $host hand these requests to the program"
    else
        outcome=document
    fi
}

offered() {
    [[ ${disposition,,} == attachment* ]] ||
        [[ ${type,,} =~ ^application/(octet-stream|x-(httpd|php|sh|cgi|executable|sharedlib|msdownload|download)) ]]
}

# exchange METHOD URL: asks, follows redirects as clients do, and sets outcome, sentence and remedy; trail tells of the redirects.
exchange() {
    local method=$1 hops=0
    reached=$2 trail='' doubts=() hints=()
    while :; do
        fetch "$method" "$reached"
        outcome=$failure sentence='' remedy=''
        case $failure in
            '') ;;
            absent) sentence="there is no such name ($host)" ;;
            refused) sentence="the connection is refused (port $port)" ;;
            untried) sentence="not asked, as no --resolve $host:80=IP:PORT is given" ;;
            late) sentence="not asked, as two minutes have passed" ;;
            timeout)
                sentence="there is no answer within $patience seconds"
                remedy="42 let $host answer within $patience seconds, or refuse at once"
                ;;
            tls)
                sentence="there is no TLS on port $port"
                remedy="30 let $host speak TLS on port $port"
                ;;
            certificate)
                handshake "$host" "$port"
                if [[ -n $faults ]]; then
                    sentence="the certificate $faults"
                    remedy="30 $renewal"
                else
                    sentence="the certificate is not accepted ($(shown "$detail"))"
                    remedy="30 replace the certificate of $host"
                fi
                ;;
            closed)
                sentence='the connection is closed without an answer'
                remedy="40 read the error log of the web server of $host"
                ;;
            url)
                sentence="$(shown "$reached") is no URL that clients follow"
                outcome=redirect remedy='50 redirect to a URL that begins with https://'
                ;;
        esac
        [[ -z $outcome && $status =~ ^30[12378]$ && -n $location ]] || break
        local first_scheme=$scheme target=$location
        if ((++hops > 10)); then
            trail='' outcome=redirect sentence='there are more than 10 redirects'
            remedy='50 end the loop of redirects'
        elif [[ $method == POST ]] && ! followed "$status" "$target"; then
            outcome=redirect
            sentence="the redirect ($status) to $(shown "$target") turns the POST into a GET, and the request is lost"
            remedy="50 answer $path on $host itself; keep it out of every rule that forces www or https"
        elif [[ $method == GET && $first_scheme == https && $target == http:* ]]; then
            outcome=redirect
            sentence="the redirect ($status) leads back to plain HTTP: $(shown "$target")"
            remedy='50 redirect to a URL that begins with https://'
        fi
        [[ -z $outcome ]] || break
        trail+="redirected to $(shown "$target"): "
        reached=$target
    done
    [[ -n $outcome ]] || classify
}

# followed STATUS URL: whether a client posts again there, as MS-OXDSCLI 3.2.5 has it for a 302.
# A 301 is what rules that force www or https give, and most software makes a GET of it.
followed() {
    [[ $1 =~ ^30[278]$ && ${2,,} =~ ^https://[^/]+/autodiscover/([^?#]*/)?autodiscover\.xml$ ]]
}

declare -A warned=()
# soon HOST: warns once of a certificate that is about to expire.
soon() {
    [[ -n $days && -z ${warned[$1]:-} ]] || return 0
    ((days <= expires_soon)) || return 0
    warned[$1]=1
    say warn "$1" "the certificate expires in $(count "$days" day)"
    advise 195 "renew the certificate of $1, which expires in $(count "$days" day)"
}

servers=()
# announce KIND HOST PORT MODE: a mail server that some document names.
announce() {
    local known
    for known in ${servers[@]+"${servers[@]}"}; do
        [[ $known != "$*" ]] || return 0
    done
    servers+=("$*")
}

mode_in_words() {
    case $1 in ssl) echo 'with TLS' ;; starttls) echo 'with STARTTLS' ;; *) echo 'without encryption' ;; esac
}

default_port() {
    case $1/$2 in
        imap/ssl) echo 993 ;; imap/*) echo 143 ;; pop3/ssl) echo 995 ;; pop3/*) echo 110 ;;
        smtp/ssl) echo 465 ;; smtp/starttls) echo 587 ;; smtp/*) echo 25 ;;
    esac
}

doubts=() hints=()
# What would mislead: a doubt makes clients fail, a hint does not.
doubt() { doubts+=("$1"); }
hint() { hints+=("$1"); }

# tell SUBJECT: says how a question went, with what level, trail and sentence hold, and what is to be done.
tell() {
    local each
    say "$level" "$1" "$trail$sentence"
    for each in ${doubts[@]+"${doubts[@]}"}; do say "$level" "$1" "$each"; done
    for each in ${hints[@]+"${hints[@]}"}; do say warn "$1" "$each"; done
    recommend
}

# clash NAME MODE PORT WORDS SSL STARTTLS: an encryption that the port does not have; what is said, and how both are said.
clash() {
    case $2/$3 in
        starttls/993 | starttls/995 | starttls/465)
            doubt "$1: $4 begins in the clear, but port $3 begins with TLS at once; $5 would be right" ;;
        ssl/143 | ssl/110 | ssl/587 | ssl/25)
            doubt "$1: $4 begins with TLS at once, but port $3 begins in the clear; $6 would be right" ;;
    esac
}

# The settings of one Protocol block, which stand in the array field.
outlook_block() {
    local name=${field[Type]:-} server=${field[Server]:-} port=${field[Port]:-} ssl encryption mode kind words
    case $name in
        IMAP | POP3 | SMTP) kind=${name,,} ;;
        EXCH | EXPR | EXHTTP)
            hint "$name makes this an Exchange account"
            return
            ;;
        WEB | CalDAV | CardDAV | DAV | NNTP) return ;;
        *)
            if [[ ${name^^} == POP ]]; then
                doubt "no client knows the Type $(shown "$name"); POP3 would be right"
            elif [[ ${name^^} =~ ^(IMAP|POP3|SMTP)$ ]]; then
                doubt "no client knows the Type $(shown "$name"); ${name^^} would be right"
            else
                hint "no client knows the Type $(shown "${name:-(none)}")"
            fi
            return
            ;;
    esac
    # Both default to on (MS-OXDSCLI), which no administrator expects of SPA.
    ssl=${field[SSL]-on} encryption=${field[Encryption]-}
    case $ssl in
        on | off) ;;
        *) doubt "$name: SSL is \"$(shown "$ssl")\"; on or off would be right" ;;
    esac
    case $encryption in
        SSL) mode=ssl ;;
        TLS) mode=starttls ;;
        None) mode=none ;;
        '') [[ $ssl == off ]] && mode=none || mode=ssl ;;
        *)
            [[ $encryption == Auto ]] ||
                doubt "$name: Encryption is \"$(shown "$encryption")\"; SSL, TLS or None would be right"
            mode=ssl
            case $port in 143 | 110 | 587 | 25) mode=starttls ;; esac
            ;;
    esac
    [[ -n $port ]] || port=$(default_port "$kind" "$mode")
    if [[ ! $port =~ ^[0-9]{1,5}$ ]] || ((10#$port < 1 || 10#$port > 65535)); then
        doubt "$name: Port is \"$(shown "$port")\", which is no port"
        port=0
    fi
    case $encryption in
        TLS) words='Encryption TLS (STARTTLS)' ;;
        SSL | None) words="Encryption $encryption" ;;
        *) words="SSL $ssl without Encryption" ;;
    esac
    clash "$name" "$mode" "$port" "$words" 'SSL on with Encryption SSL' 'SSL on with Encryption TLS'
    case $mode/$ssl in
        none/on) hint "$name: SSL is on, but Encryption is None" ;;
        starttls/off | ssl/off) hint "$name: SSL is off, so Thunderbird goes without encryption; on would be right" ;;
        none/*) hint "$name: there is no encryption, so passwords can be read on their way" ;;
    esac
    case ${field[SPA]-absent} in
        off) ;;
        on) doubt "$name: SPA is on, which is Microsoft's NTLM and not a password; off would be right" ;;
        absent) doubt "$name: SPA is missing, which means on: Microsoft's NTLM and not a password; off would be right" ;;
        *) doubt "$name: SPA is \"$(shown "${field[SPA]}")\"; off would be right" ;;
    esac
    [[ -n ${field[LoginName]:-} ]] || hint "$name: LoginName is missing, so Outlook takes what stands before the @"
    if [[ ${server,,} =~ $host_name || $server =~ ^[0-9.]+$ ]]; then
        found+="${found:+, }$name ${server,,} port $port $(mode_in_words "$mode")"
        ((port == 0)) || announce "$kind" "${server,,}" "$port" "$mode"
    else
        doubt "$name: Server is \"$(shown "$server")\", which is no host name"
    fi
    case $kind in smtp) outgoing=true ;; *) incoming=true ;; esac
}

error_meaning() {
    case $1 in
        500) echo 'the program does not serve this domain' ;;
        501) echo 'there are no settings for this address' ;;
        600) echo 'the request was not understood' ;;
        601) echo 'this kind of answer is not offered' ;;
        602) echo 'the settings of this address are wrong on the server' ;;
        603) echo 'the program cannot use its configuration, and the error log of the web server says why' ;;
        *) echo 'a code of this server' ;;
    esac
}

# settings SCHEMA: judges a document of Autodiscover in the body. Sets outcome to right, moved, redirected, error,
# namespace, mislead or broken, with code for an error, target for a redirect, and found for what is in it.
settings() {
    local schema=$1 event where value broken='' root='' root_space='' inner_space='' message='' account_type='' action=''
    local -A field=()
    local url='' server_type=''
    code='' target='' found='' doubts=() hints=()
    incoming=false outgoing=false
    while IFS=$'\x1f' read -r event where value; do
        case $event:$where in
            broken:*) broken=$where ;;
            open:/Autodiscover/Response) inner_space=$value ;;
            open:*/Response/Account/Protocol) field=() ;;
            open:/*/*) ;;
            open:/*) root=${where#/} root_space=$value ;;
            attribute:*/Account/Protocol/@Type) field[Type]=EXCH ;;
            close:*/Account/Protocol) outlook_block ;;
            close:*/Account/Protocol/*/*) ;;
            close:*/Account/Protocol/*) field[${where##*/}]=$value ;;
            close:*/Response/Error/ErrorCode | close:*/Action/Error/Status) code=$value ;;
            close:*/Error/Message) message=$value ;;
            close:*/Account/AccountType) account_type=$value ;;
            close:*/Account/Action) action=$value ;;
            close:*/Account/RedirectAddr | close:*/Response/Action/Redirect) target=$value action=redirectAddr ;;
            close:*/Account/RedirectUrl) target=$value ;;
            close:*/Settings/Server/Type) server_type=$value ;;
            close:*/Settings/Server/Url)
                # AOSP passes over a Url that comes before its Type.
                [[ $server_type != MobileSync ]] || url=$value
                ;;
        esac
    done < <(awk -f "$work/xml.awk" "$body")
    remedy=''
    if [[ -n $broken ]]; then
        outcome=broken sentence="a document that is not well-formed: $(shown "$broken")"
        remedy='60 let nothing but the program write these answers'
    elif [[ $root != Autodiscover ]]; then
        outcome=broken sentence="the root element is $(shown "$root"), where Autodiscover should be"
        remedy='60 let nothing but the program write these answers'
    elif [[ $root_space != "$response" ]]; then
        outcome=namespace
        sentence="an answer in the wrong namespace: Autodiscover is in $(shown "${root_space:-none}"); $response would be right"
        remedy='60 send the namespaces that clients expect'
    elif [[ -n $code ]]; then
        outcome=error
        sentence="an error document: $(shown "$code $message") ($(error_meaning "$code"))"
        case $code in
            500) remedy="65 name $domain in domains of autodiscover.toml, or give it a file in domains/" ;;
            603) remedy='40 run "autodiscover check", which names the line of the configuration that is wrong' ;;
            *) remedy='65 look into the configuration with "autodiscover show"' ;;
        esac
    elif [[ $inner_space != "$schema" ]]; then
        outcome=namespace
        sentence="an answer in the wrong namespace: Response is in $(shown "${inner_space:-none}"); $schema would be right"
        doubts=() hints=()
        remedy='60 send the namespaces that clients expect'
    elif [[ $status != 200 ]]; then
        outcome=status sentence="an answer with status $status, which no client reads"
        remedy='60 answer with status 200'
    elif [[ $action == redirectAddr ]]; then
        outcome=moved sentence="the domain has moved: clients ask again for $(shown "$target")"
    elif [[ $action == redirectUrl ]]; then
        outcome=redirected
        sentence="the domain is answered at $(shown "$target"), where Thunderbird does not follow; a 302 would be right"
    elif [[ $schema == "$mobilesync" ]]; then
        outcome=right
        if [[ $url == https://* ]]; then
            sentence="answers with ActiveSync at $(shown "$url")"
        else
            outcome=mislead
            sentence="names no ActiveSync server that phones find; Type MobileSync and then a Url with https would be right"
            remedy='70 correct the settings that mislead'
        fi
    else
        [[ $account_type == email ]] || doubt "AccountType is \"$(shown "$account_type")\"; email would be right"
        [[ $action == settings ]] || doubt "Action is \"$(shown "$action")\"; settings would be right"
        [[ ${type,,} =~ ^(text|application)/xml ]] ||
            doubt "the Content-Type is \"$(shown "$type")\", which Thunderbird does not read; text/xml would be right"
        $incoming || doubt 'there is no server for incoming mail'
        $outgoing || hint 'there is no server for outgoing mail'
        verdict
    fi
}

# Puts together what is said of settings: the servers, and what doubt and hint have noted.
verdict() {
    outcome=right sentence="answers with ${found:-no mail server}"
    if ((${#doubts[@]})); then
        outcome=mislead
        sentence+=', and would mislead'
        remedy='70 correct the settings that mislead'
    elif ((${#hints[@]})); then
        outcome=doubtful
        sentence+=', with doubts'
        remedy='92 correct the settings that are doubtful'
    fi
}

# The same for Thunderbird's document.
client_config() {
    local event where value broken='' root='' id='' domains=0 kind='' android=''
    local -A field=()
    found='' doubts=() hints=() remedy=''
    incoming=false outgoing=false
    while IFS=$'\x1f' read -r event where value; do
        case $event:$where in
            broken:*) broken=$where ;;
            open:/*/*/incomingServer | open:/*/*/outgoingServer) field=() kind='' ;;
            open:/*/*) ;;
            open:/*) root=${where#/} ;;
            attribute:/clientConfig/emailProvider/@id) id=$value ;;
            attribute:/clientConfig/emailProvider/*Server/@type) kind=$value ;;
            close:/clientConfig/emailProvider/domain) domains=$((domains + 1)) ;;
            close:/clientConfig/emailProvider/*Server) autoconfig_block ;;
            close:/clientConfig/emailProvider/*Server/*) field[${where##*/}]=${field[${where##*/}]:-$value} ;;
        esac
    done < <(awk -f "$work/xml.awk" "$body")
    if [[ -n $broken ]]; then
        outcome=broken sentence="a document that is not well-formed: $(shown "$broken")"
        remedy='60 let nothing but the program write these answers'
        return
    elif [[ $root != clientConfig ]]; then
        outcome=broken sentence="the root element is $(shown "$root"), where clientConfig should be"
        remedy='60 let nothing but the program write these answers'
        return
    fi
    [[ ${id,,} =~ $host_name ]] || doubt "the id of emailProvider is \"$(shown "$id")\"; $domain would be right"
    ((domains)) || doubt 'there is no domain in it'
    [[ ${type,,} =~ ^(text|application)/xml ]] ||
        doubt "the Content-Type is \"$(shown "$type")\", which Thunderbird does not read; text/xml would be right"
    [[ $incoming$outgoing == truetrue ]] || doubt 'without both an incoming and an outgoing server Thunderbird drops it'
    [[ -z $android ]] || hint 'one server without encryption makes Thunderbird for Android drop all of it'
    verdict
}

autoconfig_block() {
    local name=${kind^^} server=${field[hostname]:-} port=${field[port]:-} mode
    case $kind in imap | pop3 | smtp) ;; *) return ;; esac
    case ${field[socketType]:-} in
        SSL) mode=ssl ;;
        STARTTLS) mode=starttls ;;
        plain)
            mode=none android=1
            ;;
        *)
            doubt "$name: socketType is \"$(shown "${field[socketType]:-}")\"; SSL or STARTTLS would be right"
            return
            ;;
    esac
    [[ -n ${field[username]:-} ]] || doubt "$name: username is missing"
    [[ -n ${field[authentication]:-} ]] || doubt "$name: authentication is missing"
    if [[ ! $port =~ ^[0-9]{1,5}$ ]] || ((10#$port < 1 || 10#$port > 65535)); then
        doubt "$name: port is \"$(shown "$port")\", which is no port"
        return
    fi
    clash "$name" "$mode" "$port" "socketType ${field[socketType]}" 'SSL' 'STARTTLS'
    server=${server//%EMAILDOMAIN%/$domain}
    if [[ ${server,,} =~ $host_name || $server =~ ^[0-9.]+$ ]]; then
        found+="${found:+, }$name ${server,,} port $port $(mode_in_words "$mode")"
        announce "$kind" "${server,,}" "$port" "$mode"
    else
        doubt "$name: hostname is \"$(shown "$server")\", which is no host name"
    fi
    case $kind in smtp) outgoing=true ;; *) incoming=true ;; esac
}

request() {
    printf '<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="%s">\n  <Request>\n    <EMailAddress>%s</EMailAddress>\n    <AcceptableResponseSchema>%s</AcceptableResponseSchema>\n  </Request>\n</Autodiscover>\n' \
        "${1/responseschema\/2006*/requestschema\/2006}" "$(xml_text "$address")" "$1" >"$work/request.xml"
}

### Outlook ###

# The first URL that gives Outlook its settings, and the first that gives any document of Autodiscover.
settled='' spoken='' unfound=''
declare -A asked=()

# post SUBJECT URL WEIGHT: Outlook's question. WEIGHT is "must" where a fault costs a client its settings,
# "may" where it goes on to the next place.
post() {
    local subject=$1 first=$2 weight=$3 level target_url
    asked[$first]=1
    exchange POST "$first"
    # A static file refuses a POST, and yet gives itself away to a GET.
    if [[ $outcome == status && $status == 405 ]]; then
        local kept=$sentence kept_remedy=$remedy
        fetch GET "$reached"
        [[ -n $failure ]] || classify
        [[ $outcome == source || $outcome == download ]] || outcome=status sentence=$kept remedy=$kept_remedy
    fi
    [[ $outcome != document ]] || settings "$outlook"
    target_url=${target:-}
    # Whoever lacks Outlook's answer may still have that of phones.
    [[ $outcome/${code:-} != error/601 ]] || spoken=${spoken:-$reached}
    case $outcome in
        right | doubtful | moved | redirected | mislead) spoken=${spoken:-$reached} ;;
    esac
    case $outcome in
        right | moved)
            level=ok
            settled=${settled:-$reached}
            ;;
        doubtful | redirected)
            level=warn
            settled=${settled:-$reached}
            ;;
        absent | refused | nothing | untried) level=- ;;
        late | tls | certificate | source | download | unauthorized | namespace | error | mislead | broken) level=FAIL ;;
        *) if [[ $weight == must && -z $settled ]]; then level=FAIL; else level=warn; fi ;;
    esac
    if [[ $weight == must ]]; then
        case $outcome in
            absent) unfound="let $host exist in DNS, with a certificate that covers it" ;;
            refused) unfound="let the web server listen on port $port of $host" ;;
            nothing) unfound="let the web server hand $path on $host to the program" ;;
        esac
    fi
    tell "$subject"
    expiry "$reached"
    [[ $outcome != redirected || -n ${asked[$target_url]:-} ]] || post "POST $target_url" "$target_url" must
}

recommend() {
    local rank=${remedy%% *}
    case $level in
        FAIL) ;;
        # Whatever is only a warning comes after all that fails.
        warn) rank=$((rank + 100)) ;;
        *) return 0 ;;
    esac
    [[ -z $remedy ]] || advise "$rank" "${remedy#* }"
}

# expiry URL: the certificate that was accepted there.
expiry() {
    case $outcome in absent | refused | untried | late | timeout | tls | closed | certificate) return 0 ;; esac
    if [[ $1 == https:* ]] && split "$1"; then
        handshake "$host" "$port"
        soon "$host"
    fi
}

$quiet || printf 'Discovery of mail settings for %s\n' "$address"

heading 'Outlook, new Outlook and phones: a POST to autodiscover.xml'
request "$outlook"
post "POST https://$domain/autodiscover/autodiscover.xml" "https://$domain/autodiscover/autodiscover.xml" may
post "POST https://autodiscover.$domain/autodiscover/autodiscover.xml" \
    "https://autodiscover.$domain/autodiscover/autodiscover.xml" must
direct=$settled

# Only a redirect is looked for here; settings over plain HTTP are for nobody to believe.
plain_url=http://autodiscover.$domain/autodiscover/autodiscover.xml
fetch GET "$plain_url"
outcome=$failure remedy='' trail=''
subject="GET $plain_url"
case $failure in
    absent) say - "$subject" "there is no such name ($host)" ;;
    refused) say - "$subject" 'the connection is refused (port 80)' ;;
    untried) say - "$subject" "not asked, as no --resolve $host:80=IP:PORT is given" ;;
    '')
        if [[ $status =~ ^30[12378]$ ]]; then
            # What counts is the target; a GET has no body that a 301 could lose.
            if followed 302 "$location"; then
                if [[ -n ${asked[$location]:-} || -n $settled && $location == "$settled" ]]; then
                    say ok "$subject" "leads to $(shown "$location")"
                else
                    say ok "$subject" "leads to $(shown "$location"), which is asked next"
                    post "POST $location" "$location" may
                fi
            else
                level=warn
                [[ -n $settled ]] && level=-
                say "$level" "$subject" "the redirect leads to $(shown "$location"), where no client follows"
            fi
        else
            classify
            if [[ $outcome == source ]]; then
                level=FAIL
                say FAIL "$subject" "$sentence"
                recommend
            elif [[ $status == 200 && $outcome == document ]]; then
                say warn "$subject" 'answers over plain HTTP, which no client should believe; a redirect (302) to https would be right'
                advise 193 "redirect plain HTTP on autodiscover.$domain to https"
            else
                say - "$subject" "no redirect to https ($status)"
            fi
        fi
        ;;
    *) say - "$subject" 'there is no answer' ;;
esac

srv "_autodiscover._tcp.$domain"
subject="SRV _autodiscover._tcp.$domain"
case $records in
    none) say - "$subject" 'there is no such record' ;;
    unasked) say - "$subject" 'not asked, as dig is not here or a --resolve stands in for DNS' ;;
    silent) say warn "$subject" 'DNS does not answer' ;;
    found)
        for target in "${targets[@]}"; do
            url=https://${target%:443}/autodiscover/autodiscover.xml
            if [[ -n ${asked[$url]:-} ]]; then
                say ok "$subject" "leads to $url"
            else
                say ok "$subject" "leads to $url, which is asked next"
                post "POST $url" "$url" must
            fi
        done
        ;;
esac

if [[ -z $settled ]]; then
    say FAIL Outlook 'no place gives it settings'
    [[ -z $unfound ]] || advise 20 "$unfound"
elif [[ -z $direct ]]; then
    say warn 'phones and new Outlook' "they do not ask $settled, which only Outlook finds, by the last ways that it tries"
    advise 192 "let autodiscover.$domain itself answer"
fi

# New Outlook and phones ask in another schema at the same place.
if [[ -n ${settled:-$spoken} ]]; then
    request "$mobilesync"
    url=${settled:-$spoken}
    exchange POST "$url"
    [[ $outcome != document ]] || settings "$mobilesync"
    case $outcome in
        right | moved) level=ok ;;
        error)
            level=FAIL
            if [[ $code == 601 && $status == 200 ]]; then
                level=- remedy='' sentence='no ActiveSync is offered (601), and clients go on to IMAP'
            fi
            ;;
        *) level=FAIL ;;
    esac
    # Fewer clients need this than the answers above.
    remedy=${remedy:+77 ${remedy#* }}
    tell "ActiveSync schema, POST $url"
fi

### Autodiscover V2 ###

heading 'Outlook and its cloud service: a GET of autodiscover.json'
query="Email=$(percent_encoded "${address%@*}@$domain")&Protocol=Autodiscoverv1&RedirectCount=1"
for name in "$domain" "autodiscover.$domain"; do
    url="https://$name/autodiscover/autodiscover.json?$query"
    subject="GET https://$name/autodiscover/autodiscover.json"
    exchange GET "$url"
    level=warn
    if [[ $outcome == document ]]; then
        content=$(tr -d '\000' <"$body" | tr '\n\r\t' '   ')
        if [[ ${content:0:1} == '{' && $content =~ \"Url\"\ *:\ *\"([^\"]*)\" ]]; then
            target=${BASH_REMATCH[1]//\\\//\/}
            if [[ ${target,,} =~ ^https://[^/]+/autodiscover/autodiscover\.xml$ ]]; then
                level=ok remedy='' sentence="leads to $(shown "$target")"
                if [[ -z ${asked[$target]:-} && ${target,,} != "${settled,,}" ]]; then
                    say "$level" "$subject" "$trail$sentence, which is asked next"
                    request "$outlook"
                    post "POST $target" "$target" must
                    continue
                fi
            else
                level=FAIL sentence="leads to $(shown "$target"), where there are no settings for Outlook"
                remedy="70 let autodiscover.json lead to https://autodiscover.$domain/autodiscover/autodiscover.xml"
            fi
        else
            sentence='something that is no answer of Autodiscover V2' remedy='94 let the program answer autodiscover.json'
        fi
    fi
    case $outcome in
        absent | refused | nothing | untried) level=- ;;
        source | late | unauthorized | certificate) level=FAIL ;;
    esac
    tell "$subject"
done

### Thunderbird ###

heading 'Thunderbird: a GET of config-v1.1.xml'
query="emailaddress=$(percent_encoded "${address%@*}@$domain")"
configured='' clear=''
for url in "https://autoconfig.$domain/mail/config-v1.1.xml" "https://$domain/.well-known/autoconfig/mail/config-v1.1.xml" \
    "http://autoconfig.$domain/mail/config-v1.1.xml" "http://$domain/.well-known/autoconfig/mail/config-v1.1.xml"; do
    exchange GET "$url?$query"
    [[ $outcome != document ]] || client_config
    case $outcome in
        right | doubtful)
            if [[ $reached == http:* ]]; then
                clear=$url
                level=-
                sentence+='; over plain HTTP, which others can change on its way'
            else
                level=ok
                [[ $outcome == right ]] || level=warn
                configured=${configured:-$url}
            fi
            ;;
        absent | refused | nothing | untried) level=- ;;
        source | late | mislead | broken) level=FAIL ;;
        certificate | tls | unauthorized) [[ $url == http:* ]] && level=warn || level=FAIL ;;
        # A website at the bare domain, or a plain HTTP that serves nothing, is in nobody's way.
        *) [[ $url == https://autoconfig.* ]] && level=FAIL || level=- ;;
    esac
    tell "GET $url"
    expiry "$reached"
done
if [[ -n $configured ]]; then
    # Thunderbird for Android and KMail name no address.
    exchange GET "$configured"
    [[ $outcome != document ]] || client_config
    case $outcome in
        right | doubtful) level=ok hints=() sentence='answers the same without an address, as Thunderbird for Android asks' ;;
        *)
            level=FAIL remedy='78 answer config-v1.1.xml without emailaddress, by the name of the host'
            sentence="gives Thunderbird for Android, which names no address, nothing: $sentence"
            ;;
    esac
    tell "GET $configured, no address"
elif [[ -n $clear ]]; then
    say warn Thunderbird 'it finds its settings over plain HTTP only, which others can change on their way'
    advise 190 "serve https://autoconfig.$domain too"
else
    say FAIL Thunderbird 'none of the four gives it settings; on the desktop it may use those of Outlook, on Android it finds none'
    advise 85 "let autoconfig.$domain exist in DNS, with a certificate that covers it, and answer there"
fi

### PACC ###

heading 'The coming standard (PACC): a GET of user-agent-configuration.json'
url=https://ua-auto-config.$domain/.well-known/user-agent-configuration.json
exchange GET "$url"
level=-
if [[ $outcome == document ]]; then
    digest=$(openssl dgst -sha256 -binary "$work/body" | openssl base64)
    level=ok sentence="answers; its digest is $digest"
    if [[ -z $everywhere && -z ${place[_ua-auto-config.$domain]:-} ]] && command -v dig >/dev/null; then
        if dig +short +time=2 +tries=2 TXT "_ua-auto-config.$domain." 2>/dev/null | tr -d '" ' | grep -qF "d=$digest"; then
            sentence='answers, and DNS has its digest'
        else
            level=warn sentence="answers, but DNS has no TXT record at _ua-auto-config.$domain with d=$digest"
            remedy='96 put the TXT record for PACC into DNS; "autodiscover dns" prints it'
        fi
    fi
elif [[ $outcome == source ]]; then
    level=FAIL
elif [[ $outcome == certificate ]]; then
    level=warn
fi
tell "GET $url"

### Mail servers ###

heading 'The mail servers that were named'
((${#servers[@]})) || say - 'mail servers' 'none was named'
for entry in ${servers[@]+"${servers[@]}"}; do
    read -r kind name port mode <<<"$entry"
    subject="${kind^^} $name port $port"
    starttls=''
    [[ $mode == ssl ]] || starttls=$kind
    level=FAIL remedy="75 let $name accept what is announced for it on port $port, or announce what it accepts"
    if [[ $mode == none ]]; then
        destination "$name" "$port"
        # Without encryption there is nothing to look at but the connection.
        if [[ $to == absent ]]; then
            sentence="there is no such name ($name)"
        else
            from=${to:-$name:$port}
            # shellcheck disable=SC2016
            if timeout "$patience" bash -c ': <>"/dev/tcp/$0/$1"' "${from%:*}" "${from##*:}" 2>/dev/null; then
                level=warn sentence='accepts connections, without encryption as announced'
                remedy="92 let $name offer TLS"
            else
                sentence='accepts no connection'
            fi
        fi
        say "$level" "$subject" "$sentence"
        recommend
        continue
    fi
    handshake "$name" "$port" "$starttls"
    case $tls in
        ok)
            if [[ -n $faults ]]; then
                sentence="accepts $([[ $mode == ssl ]] && echo TLS || echo STARTTLS), but the certificate $faults"
                remedy="30 $renewal"
            else
                level=ok remedy=''
                sentence="accepts $([[ $mode == ssl ]] && echo TLS || echo STARTTLS), and the certificate is good for $(count "$days" day)"
            fi
            ;;
        absent) sentence="there is no such name ($name)" ;;
        refused) sentence="the connection is refused (port $port)" ;;
        late) sentence='not asked, as two minutes have passed' remedy='' ;;
        *)
            if [[ $mode == ssl ]]; then
                sentence='there is no TLS'
                [[ $tls != timeout ]] || sentence="there is no answer within $patience seconds"
                handshake "$name" "$port" "$kind"
                [[ $tls != ok ]] || sentence='begins in the clear and offers STARTTLS, but TLS at once is announced'
            else
                sentence='STARTTLS is announced, but not offered'
                [[ $tls != timeout ]] || sentence="there is no answer within $patience seconds"
                handshake "$name" "$port"
                [[ $tls != ok ]] || sentence='begins with TLS at once, but STARTTLS is announced'
            fi
            ;;
    esac
    say "$level" "$subject" "$sentence"
    recommend
    [[ $level != ok ]] || soon "$name"
done

### The end ###

if ! $quiet; then
    heading 'What to change first'
    if ((${#remedies[@]})); then
        printf '%s\n' "${remedies[@]}" | sort -s -n -k1,1 | awk -F '\t' '!seen[$2]++ { printf "%d. %s\n", ++n, $2 }'
    else
        echo 'nothing'
    fi
fi
exit $((failures > 0))

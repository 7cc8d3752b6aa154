#!/usr/bin/env bash
# Pipes the request of every folder of tests/cases into the executable and compares what it prints, as tests/README.md says.
#   tests/cases.sh [NAME...]
# UPDATE=1 writes what it prints into the folders. AUTODISCOVER_PROGRAM names an executable that is built already.
set -uo pipefail
# A character is a byte.
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
[[ ${AUTODISCOVER_PROGRAM:-} ]] || cgi-bin/build.sh >&2 || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Where it is built, the sample configuration lies beside it.
program=$work/program/autodiscover
install -D "${AUTODISCOVER_PROGRAM:-cgi-bin/autodiscover.cgi}" "$program" || exit
cd tests/cases || exit

# text NAME FILE: all of a file into the variable, nothing when there is no file; fails at a NUL.
text() {
    printf -v "$1" %s ''
    [[ ! -e $2 ]] || ! IFS= read -r -d '' "$1" <"$2"
}

# identity SERVER: sets id to the number that the program should give itself on this server, FNV-1a of 32 bits.
identity() {
    local at byte
    id=2166136261
    for ((at = 0; at < ${#1}; at++)); do
        printf -v byte %d "'${1:at:1}"
        id=$(((id ^ byte & 255) * 16777619 & 0xffffffff))
    done
}

# mask_page: takes from the page in stdout what every page has, whose place is src/: the style, the script, and the other languages.
mask_page() {
    local head=0 length=0 line
    while IFS= read -r line; do
        ((head += ${#line} + 1))
        line=${line%$'\r'}
        [[ $line ]] || break
        [[ $line != 'Content-Length: '* ]] || length=${line##* }
    done <"$work/stdout"
    # The answer to HEAD has no body.
    ((${#stdout} == head || ${#stdout} == head + length)) || stderr+=$'Content-Length is wrong\n'
    stdout=$(sed -E -e 's/^(Content-Length: )[0-9]+/\1[LENGTH]/' -e "/^Content-Security-Policy: /s/sha256-[^']*/[HASH]/g" \
        -e '/^<style>:root \{$/,/^<\/style>$/c<style>[STYLE]</style>' -e '/^<script>/,/^<\/script>$/c<script>[SCRIPT]</script>' \
        -e '/ hreflang="/{/ aria-current="/!d}' "$work/stdout" && echo .)
    stdout=${stdout%.}
}

# holds VARIANT COMMAND...: whether the answer to the body that the command prints is the expected one.
# The loop hardly starts anything but the executable: there are some 1,400 answers to compare.
holds() {
    local variant=$1 status
    local error='<Error Time="[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{7}" Id="'$id'"'
    shift
    # The program may be gone before it has read everything.
    "$@" 2>/dev/null | env -i AUTODISCOVER_CONFIG="$config/autodiscover.toml" ${length:+CONTENT_LENGTH="$length"} \
        "${variables[@]}" "$program" >"$work/stdout" 2>"$work/stderr"
    status=${PIPESTATUS[1]}
    text stdout "$work/stdout" && text stderr "$work/stderr" || stderr+=$'a NUL\n'
    [[ ! $stdout =~ $error ]] || stdout=${stdout/"${BASH_REMATCH[0]}"/'<Error Time="[TIME]" Id="[ID]"'}
    [[ $stdout != *$'Content-Type: text/html;'* ]] || mask_page
    stderr=${stderr//"$config"/'[CONFIG]'}
    ((status == 0)) || stderr+="exit status $status"$'\n'
    if [[ ${UPDATE:-} == 1 && ! $variant ]]; then
        [[ $stdout == "$expected" ]] || printf %s "$stdout" >"$case/expected"
        expected=$stdout complaint=$stderr
        rm -f "$case/stderr"
        [[ ! $stderr ]] || printf %s "$stderr" >"$case/stderr"
    fi
    [[ $stdout != "$expected" || $stderr != "$complaint" ]] || return 0
    echo "FAILED $name$variant: $shown"
    diff -a <(printf '%s\n' "$expected$complaint") <(printf '%s\n' "$stdout$stderr")
    return 1
}

# passes CASE REQUEST: the case with this request as it is written, then its variants.
passes() {
    local case=$1 request=$2 name=$1 shown config=$PWD/$1/config variables=() lines=() method='' server='' sized='' length='' line body
    text shown "$case/about"
    if [[ $request == */requests/* ]]; then
        name=${request##*/} name=${name%.xml}
        # Its own line.
        [[ $shown == *$'\n'"$name: "* ]] && shown=${shown##*$'\n'"$name: "} || shown=
        name=$case/$name
    fi
    shown=${shown%%$'\n'*}
    [[ $shown ]] || { echo "FAILED $name: nothing in $case/about says what it shows"; return 1; }
    [[ -d $config ]] || config=${PWD%/cases}/config
    [[ ! -e $case/env ]] || mapfile -t lines <"$case/env"
    for line in "${lines[@]}"; do
        line=${line//'[CONFIG]'/"$config"}
        [[ $line != *'\x'* ]] || printf -v line %b "$line"
        variables+=("$line")
        case $line in
            REQUEST_METHOD=*) method=${line#*=} ;;
            SERVER_NAME=*) server=${line#*=} ;;
            CONTENT_LENGTH=*) sized=1 ;;
        esac
    done
    identity "$server"
    text expected "$case/expected"
    [[ $expected != '= '* ]] || text expected "../refusals/${expected:2:-1}"
    text complaint "$case/stderr"
    [[ ! -e $request || $sized ]] || length=$(wc -c <"$request")
    [[ -e $request ]] || request=/dev/null
    holds '' cat "$request" || return
    # Line ends and a byte order mark mean nothing in a body, whatever else is wrong with it.
    text body "$request" && [[ $length && ${method:-POST} == POST && $body != $'\xef\xbb\xbf'* ]] || return 0
    local crlf=${body//$'\r\n'/$'\n'} marked=$'\xef\xbb\xbf'$body
    crlf=${crlf//$'\n'/$'\r\n'}
    length=${#crlf} holds ' with CRLF' printf %s "$crlf" && length=${#marked} holds ' with a byte order mark' printf %s "$marked"
}

(($#)) || set -- */
passed=0 failed=0
for name in "${@%/}"; do
    if [[ -d $name/requests ]]; then
        requests=("$name"/requests/*)
    elif [[ -d $name ]]; then
        requests=("$name/request.xml")
    else
        # A request alone, or with its case before it.
        requests=(*/requests/"${name##*/}".xml)
    fi
    for request in "${requests[@]}"; do
        passes "${request%%/*}" "$request" && passed=$((passed + 1)) || failed=$((failed + 1))
    done
done
echo "cases: $passed passed, $failed failed, 0 skipped"
((failed == 0 && passed > 0))

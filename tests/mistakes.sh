#!/usr/bin/env bash
# Lays out the configuration of every file of tests/mistakes, and compares what a request and what the command check say
# about it, as tests/README.md says.
#   tests/mistakes.sh [NAME...]
# UPDATE=1 writes what check says into the files. AUTODISCOVER_PROGRAM names an executable that is built already.
set -uo pipefail
# A character is a byte.
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
[[ ${AUTODISCOVER_PROGRAM:-} ]] || cgi-bin/build.sh >&2 || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# check tells whoever may not enter.
chmod 755 "$work"
program=$work/program/autodiscover
install -D "${AUTODISCOVER_PROGRAM:-cgi-bin/autodiscover.cgi}" "$program" || exit
config=$work/config
request=$PWD/tests/bench/request.xml
length=$(wc -c <"$request")
fault=$(<tests/refusals/fault.xml)
cd tests/mistakes || exit

# laid FILE: writes its configuration below $config; its first line becomes about, and its last part the lines of expected.
laid() {
    local line part=''
    rm -rf "$config"
    about='' expected=()
    while IFS= read -r line; do
        if [[ $line == '-- '*' --' ]]; then
            part=${line#-- } part=${part% --}
            [[ $part != stderr ]] || continue
            part=$config/$part
            mkdir -p "${part%/*}" && : >"$part"
        elif [[ $part == stderr ]]; then
            expected+=("$line")
        elif [[ $part ]]; then
            printf '%s\n' "$line" >>"$part"
        else
            about+=$line
        fi
    done <"$1"
}

# same EXPECTED LINE: an ellipsis at the end stands for the list of all names that are valid there, or for nothing.
same() {
    [[ $1 == "$2" ]] || [[ $1 == *… && $2 == "${1%…}"* && ${2#"${1%…}"} =~ ^[a-z0-9_,\;:\ ]*$ ]]
}

# differs FILE: prints what is not as the file has it.
differs() {
    local status=0 answer at found line
    laid "$1"
    [[ $about && ${#expected[@]} != 0 ]] || echo 'it must begin with a line that says what it shows, and end with -- stderr --'

    env -i "$program" --config "$config/autodiscover.toml" check 2>"$work/stderr" >/dev/null || status=$?
    ((status == 1)) || echo "check ends with status $status"
    # A warning is no mistake.
    mapfile -t found < <(sed "/: warning: /d; s|$config/||" "$work/stderr")
    for at in "${!found[@]}"; do
        ! same "${expected[at]-}" "${found[at]}" || found[at]=${expected[at]}
    done
    if [[ ${UPDATE:-} == 1 ]]; then
        expected=("${found[@]}")
        { sed '/^-- stderr --$/q' "$1" && printf '%s\n' "${expected[@]}"; } >"$work/updated" && cp "$work/updated" "$1"
    fi
    diff <(printf '%s\n' "${expected[@]}") <(printf '%s\n' "${found[@]}")

    answer=$(env -i AUTODISCOVER_CONFIG="$config/autodiscover.toml" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST \
        REQUEST_URI=/autodiscover/autodiscover.xml SERVER_NAME=autodiscover.example.org HTTPS=on CONTENT_TYPE=text/xml \
        CONTENT_LENGTH="$length" "$program" <"$request" 2>"$work/stderr")
    [[ ! $answer =~ Time=\"[0-9:.]+\"\ Id=\"[0-9]+\" ]] || answer=${answer/"${BASH_REMATCH[0]}"/'Time="[TIME]" Id="[ID]"'}
    [[ $answer == "$fault" ]] || printf 'a request gets:\n%s\n' "$answer"
    # It tells of one mistake.
    line=$(<"$work/stderr")
    for at in "${expected[@]}"; do
        ! same "$at" "${line#"$config/"}" || return 0
    done
    printf 'a request says:\n%s\n' "$line"
}

(($#)) || set -- *
passed=0 failed=0
for file; do
    problem=$(differs "$file")
    if [[ ! $problem ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s: %s\n%s\n' "$file" "$(head -n 1 "$file")" "$problem"
    fi
done
echo "mistakes: $passed passed, $failed failed, 0 skipped"
((failed == 0 && passed > 0))

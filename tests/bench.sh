#!/usr/bin/env bash
# Measures one Outlook request with the sample configuration and a domain file, from start to exit.
# Prints a table: the floor (a C program that reads the body and prints a canned answer) and other ways to do the job.
#   tests/bench.sh            everything
#   tests/bench.sh --check    only what a regression would show in: instructions, system calls, size, and that
#                             the number of domains costs nothing; ends with a count, for tests/run.sh
# RUNS sets how often each program is started for the times (1500).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

check=
[[ ${1:-} != --check ]] || check=1
passed=0 failed=0 skipped=0
for tool in gcc valgrind strace; do
    if ! command -v "$tool" >/dev/null; then
        echo "bench: $tool is missing" >&2
        [[ ${CI:-} != true ]] || exit 1
        echo 'bench: 0 passed, 0 failed, 1 skipped'
        exit 0
    fi
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -O2 -static -o "$work/floor" tests/bench/floor.c
gcc -O2 -static -o "$work/paired" tests/bench/paired.c
cgi-bin/build.sh
# Every name of equal length: the environment and the arguments are part of what is counted.
cp cgi-bin/autodiscover.cgi "$work/rusty"
program=$work/rusty

config=$work/config
mkdir -p "$config/domains"
cp cgi-bin/autodiscover.toml "$config/"
printf '[imap]\nserver = "mail.example.org"\n[pop3]\nenabled = false\n' >"$config/domains/example.org.toml"

# request COMMAND...: what Apache 2.4 sets, and the request of Outlook.
request() {
    env -i GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 SERVER_SOFTWARE=Apache HTTPS=on \
        SERVER_NAME=autodiscover.example.org SERVER_ADDR=127.0.0.1 SERVER_PORT=443 \
        DOCUMENT_ROOT=/var/www/html REMOTE_ADDR=127.0.0.1 REMOTE_PORT=50000 \
        REQUEST_METHOD=POST REQUEST_SCHEME=https REQUEST_URI=/autodiscover/autodiscover.xml QUERY_STRING= \
        SCRIPT_NAME=/autodiscover/autodiscover.xml SCRIPT_FILENAME="${SCRIPT:-$program}" REDIRECT_STATUS=200 \
        CONTENT_TYPE=text/xml CONTENT_LENGTH="$(wc -c <tests/bench/request.xml)" \
        HTTP_HOST=autodiscover.example.org HTTP_ACCEPT='*/*' \
        HTTP_USER_AGENT='Microsoft Office/16.0 (Windows NT 10.0; MAPI 16.0.10344; Pro)' \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        AUTODISCOVER_CONFIG="$config/autodiscover.toml" "$@" <tests/bench/request.xml
}

instructions() {
    request valgrind --tool=callgrind --callgrind-out-file=/dev/null "$1" 2>&1 >/dev/null |
        sed -n 's/.*I *refs: *//p' | tr -d ,
}

system_calls() {
    # The last line is the exit of the process; execve belongs to whoever starts it.
    request strace "$1" 2>&1 >/dev/null | grep -c '^[a-z].*(' || true
}

# judged WHAT VALUE LIMIT
judged() {
    if (($2 <= $3)); then
        ((passed += 1))
        echo "$1: $2, at most $3"
    else
        ((failed += 1))
        echo "$1: $2 IS MORE THAN $3" >&2
    fi
}

request "$program" >"$work/answer"
grep -q '<Server>mail.example.org</Server>' "$work/answer"

floor=$(instructions "$work/floor")
ours=$(instructions "$program")

# domains COUNT: fills domains/ up to so many files.
domains() {
    seq 2 "$1" | sed 's#.*#'"$config"'/domains/d&.example.net.toml#' | xargs -r -n 2000 touch
}

flat=()
for count in 1 100 10000 100000; do
    [[ -z $check || $count -lt 100000 ]] || continue
    domains "$count"
    flat+=("$count:$(instructions "$program")")
done

if [[ $check ]]; then
    # The C library's start differs from processor to processor, and the floor has the same: only what is ours is compared.
    known=$(cat tests/bench/instructions)
    judged 'instructions above the floor' $((ours - floor)) $((known + known / 20))
    judged 'instructions' "$ours" 140000
    judged 'system calls' "$(system_calls "$program")" 26
    judged 'bytes of the executable' "$(wc -c <"$program")" $((2 << 20))
    for pair in "${flat[@]}"; do
        judged "instructions with ${pair%%:*} domains" "${pair#*:}" $((ours + ours / 50))
    done
    echo "bench: $passed passed, $failed failed, $skipped skipped"
    exit $((failed > 0))
fi

programs=("$work/floor" "$program")
for pair in perl:answer.pl php-cgi:answer.php python3:answer.py; do
    if command -v "${pair%%:*}" >/dev/null; then
        programs+=("$PWD/tests/bench/${pair#*:}")
    else
        echo "${pair%%:*} is not installed, so it is not measured"
    fi
done

echo '| program | time, µs | times the floor | instructions | system calls | memory, KiB | size, bytes |'
echo '|---|---|---|---|---|---|---|'
base=
for program in "${programs[@]}"; do
    # In pairs with the floor, so that whatever else the machine does hits both.
    runs=${RUNS:-1500}
    [[ $program == "$work"/* ]] || runs=$((runs / 10))
    read -r median _ memory _ < <(SCRIPT=$program request "$work/paired" "$runs" tests/bench/request.xml "$program" "$work/floor" | head -n 1)
    base=$(SCRIPT=$program request "$work/paired" "$runs" tests/bench/request.xml "$program" "$work/floor" |
        awk 'NR == 1 { ours = $2 } NR == 2 { printf "%.2f", ours / $2 }')
    count='' calls='' size=''
    if [[ $program == "$work"/* ]]; then
        count=$(instructions "$program") calls=$(system_calls "$program") size=$(wc -c <"$program")
    fi
    name=$(basename "$program")
    echo "| ${name/rusty/autodiscover} | $median | $base | $count | $calls | $memory | $size |"
done
echo
for pair in "${flat[@]}"; do
    echo "instructions with ${pair%%:*} domain files: ${pair#*:}"
done

#!/usr/bin/env bash
# Measures one Outlook request with the sample configuration and a domain file, from start to exit.
# The floors are a C program that reads the body and prints a canned answer, linked with glibc and with musl.
#   tests/bench.sh            judges by tests/bench/limits what a regression would show in, and that the number of
#                             domains costs nothing
#   tests/bench.sh --table    prints a table, with other ways to do the job
# RUNS sets how often each program is started for the times (500, or 1500 for the table).
# UPDATE=1 writes the number of instructions into tests/bench/instructions; later ones may be 5 % more.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

table=
[[ ${1:-} != --table ]] || table=1
for tool in gcc valgrind strace; do
    if ! command -v "$tool" >/dev/null; then
        echo "bench: SKIPPED, missing: $tool" >&2
        echo 'bench: 0 passed, 0 failed, 1 skipped'
        [[ ${CI:-} != true ]]
        exit
    fi
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[[ ${AUTODISCOVER_PROGRAM:-} ]] || cgi-bin/build.sh
# Every name of equal length: the environment and the arguments are part of what is counted.
mkdir "$work/bin"
program=$work/bin/ours glibc=$work/bin/gnuc musl=$work/bin/musl
cp "${AUTODISCOVER_PROGRAM:-cgi-bin/autodiscover.cgi}" "$program"

gcc -O2 -static -o "$work/paired" tests/bench/paired.c
[[ $(uname -m) != x86_64 ]] || gcc -O2 -o "$work/cpuid" tests/bench/cpuid.c
# As in .cargo/config.toml: since GCC 13 the start registers the unwind tables, which is no work of the floor's.
gcc -O2 -static -no-pie -Wl,--defsym=__register_frame_info=0,--defsym=__deregister_frame_info=0 \
    -o "$glibc" tests/bench/floor.c
# The target of Rust brings musl, so no other compiler is needed.
PATH=$(cgi-bin/build.sh --rust):$PATH
libc=$(rustc --print target-libdir --target "$(uname -m)-unknown-linux-musl")/self-contained
if [[ -e $libc/libc.a ]]; then
    gcc -O2 -std=c11 -static -no-pie -nostdlib -fno-stack-protector \
        -o "$musl" "$libc/crt1.o" "$libc/crti.o" tests/bench/floor.c "$libc/libc.a" "$libc/crtn.o"
else
    musl=
fi

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

# system_calls PROGRAM: with the exit; execve belongs to whoever starts it.
system_calls() {
    request strace -o "$work/calls" "$1" >/dev/null
    grep -c '^[a-z].*(' <(grep -v '^execve(' "$work/calls")
}

# cpuid PROGRAM: how many; other processors have no such instruction.
cpuid() {
    if [[ -x $work/cpuid ]]; then
        request "$work/cpuid" "$1" 2>&1 >/dev/null | tail -n 1 | cut -d ' ' -f 1
    else
        echo 0
    fi
}

# paired RUNS PROGRAM...: a line for each: time, page faults, memory. They run in turn, so that what else the machine
# does hits all of them.
paired() {
    local runs=$1
    shift
    request "$work/paired" "$runs" tests/bench/request.xml "$@"
}

# times A B: A divided by B.
times() {
    awk "BEGIN { printf \"%.2f\", $1 / $2 }"
}

request "$program" >"$work/answer"
grep -q '<Server>mail.example.org</Server>' "$work/answer"
ours=$(instructions "$program")

# domains COUNT: fills domains/ up to so many files.
domains() {
    seq 2 "$1" | sed 's#.*#'"$config"'/domains/d&.example.net.toml#' | xargs -r -n 2000 touch
}

flat=()
for count in 1 100 10000 100000; do
    [[ $table || $count -lt 100000 ]] || continue
    domains "$count"
    flat+=("$count:$(instructions "$program")")
done
find "$config/domains" -name 'd*.toml' -delete

if [[ ! $table ]]; then
    passed=0 failed=0 skipped=0
    # judged WHAT VALUE LIMIT
    judged() {
        if awk "BEGIN { exit !($2 <= $3) }"; then
            ((passed += 1))
            echo "$1: $2, at most $3"
        else
            ((failed += 1))
            echo "$1: $2 IS MORE THAN $3"
        fi
    }
    # limit WHAT: that of this kind of executable.
    column=2
    ! grep -q GLIBC_TUNABLES "$program" || column=3
    limit() { awk -v what="$1" -v column=$column '$1 == what { print $column }' tests/bench/limits; }

    if [[ ${UPDATE:-} == 1 ]]; then
        echo "$ours" >tests/bench/instructions
    fi
    known=$(<tests/bench/instructions)
    ((column == 3)) || judged 'instructions, compared with those known' "$ours" $((known + known / 20))
    judged 'instructions' "$ours" "$(limit instructions)"
    judged 'system calls' "$(system_calls "$program")" "$(limit system_calls)"
    judged 'CPUID above the floor' $(($(cpuid "$program") - $(cpuid "$glibc") * (column - 2))) "$(limit cpuid)"
    judged 'bytes of the executable' "$(wc -c <"$program")" "$(limit bytes)"
    for pair in "${flat[@]}"; do
        judged "instructions with ${pair%%:*} domains" "${pair#*:}" $((ours + ours / 50))
    done

    # The time depends on the machine and on what else it does, so only what is far from the aim fails, three times.
    for attempt in 1 2 3; do
        paired "${RUNS:-500}" "$program" "$glibc" ${musl:+"$musl"} >"$work/times"
        read -r time faults _ <"$work/times"
        of_glibc=$(times "$time" "$(sed -n '2s/ .*//p' "$work/times")")
        of_musl=$(times "$time" "$(sed -n '3s/ .*//p' "$work/times")" 2>/dev/null) || of_musl=0
        awk "BEGIN { exit !($of_glibc <= $(limit times_glibc) && $of_musl <= $(limit times_musl)) }" && break
        echo "attempt $attempt: $of_glibc times the glibc floor, $of_musl times the musl floor"
        sleep 5
    done
    judged 'page faults' "$faults" "$(limit page_faults)"
    judged 'time, in times the glibc floor' "$of_glibc" "$(limit times_glibc)"
    [[ -z $musl ]] || judged 'time, in times the musl floor' "$of_musl" "$(limit times_musl)"
    echo "bench: $passed passed, $failed failed, $skipped skipped"
    exit $((failed > 0))
fi

programs=("$glibc" ${musl:+"$musl"} "$program")
for pair in perl:answer.pl php-cgi:answer.php python3:answer.py; do
    if command -v "${pair%%:*}" >/dev/null; then
        programs+=("$PWD/tests/bench/${pair#*:}")
    else
        echo "${pair%%:*} is not installed, so it is not measured"
    fi
done

[[ ! -x $work/cpuid ]] || echo "one CPUID takes $("$work/cpuid" /bin/true 2>&1 | cut -d ' ' -f 2) µs on this machine"
echo '| program | time, µs | of the glibc floor | of the musl floor | instructions | system calls | CPUID | page faults | memory, KiB | size, bytes |'
echo '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|'
for one in "${programs[@]}"; do
    runs=${RUNS:-1500} count='' calls='' size='' traps=''
    if [[ $one == "$work"/* ]]; then
        count=$(instructions "$one") calls=$(system_calls "$one") size=$(wc -c <"$one") traps=$(cpuid "$one")
    else
        runs=$((runs / 10))
    fi
    SCRIPT=$one paired "$runs" "$one" "$glibc" ${musl:+"$musl"} >"$work/times"
    read -r time faults memory <"$work/times"
    of_glibc=$(times "$time" "$(sed -n '2s/ .*//p' "$work/times")")
    of_musl=${musl:+$(times "$time" "$(sed -n '3s/ .*//p' "$work/times")")}
    name=$(basename "$one")
    name=${name/ours/autodiscover}
    name=${name/gnuc/floor.c, glibc}
    echo "| ${name/#musl/floor.c, musl} | $time | $of_glibc | $of_musl | $count | $calls | $traps | $faults | $memory | $size |"
done
echo
for pair in "${flat[@]}"; do
    echo "instructions with ${pair%%:*} domain files: ${pair#*:}"
done

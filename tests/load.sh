#!/usr/bin/env bash
# Many requests at once through a real Apache (event with mod_cgid, prefork with mod_cgi), each for another address:
# every answer names its own, nothing is logged, and Apache's memory stays as it is.
#   tests/load.sh            LOAD requests (2000) over 32 connections, to each server
#   tests/load.sh --table    requests per second and the times at 1, 8 and 32 connections, beside tests/bench/floor.c
# AUTODISCOVER_PROGRAM names an executable that is built already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=apache/private.sh
source apache/private.sh

table=false
[[ ${1:-} != --table ]] || table=true
requests=${LOAD:-2000}

missing=()
private_apache_find >/dev/null || missing+=(apache2)
for tool in gcc python3; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
if ((${#missing[@]})); then
    echo "load: SKIPPED, missing: ${missing[*]}" >&2
    [[ ${CI:-} != true ]] || exit 1
    echo 'load: 0 passed, 0 failed, 2 skipped'
    exit 0
fi
if [[ -z ${AUTODISCOVER_PROGRAM:-} ]]; then
    cgi-bin/build.sh
    AUTODISCOVER_PROGRAM="$PWD/cgi-bin/autodiscover.cgi"
fi

root=$(mktemp -d)
trap 'private_apache_stop; rm -rf "$root"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$root"
mkdir -m 755 "$root/program" "$root/program/domains"
install -m 755 "$AUTODISCOVER_PROGRAM" "$root/program/autodiscover.cgi"
install -m 644 cgi-bin/autodiscover.toml "$root/program/autodiscover.toml"
printf '[imap]\nserver = "mail.example.org"\n' >"$root/program/domains/example.org.toml"
gcc -O2 -static -o "$root/program/floor.cgi" tests/bench/floor.c
gcc -O2 -pthread -o "$root/load" tests/bench/load.c

read -r port other_port < <(private_apache_ports)

# start MPM: enough workers from the beginning, so that memory grows for no reason but ours.
start() {
    local mpm=$1 folder=$root/$1
    mkdir -m 755 "$folder"
    {
        private_apache_base "$folder" "$mpm" "$other_port" "$port"
        if [[ $mpm == prefork ]]; then
            printf '%s\n' 'StartServers 40' 'MinSpareServers 1' 'MaxSpareServers 64' 'MaxRequestWorkers 64'
        else
            printf '%s\n' 'StartServers 1' 'ServerLimit 1' 'ThreadsPerChild 64' 'MaxRequestWorkers 64' \
                'MinSpareThreads 1' 'MaxSpareThreads 64'
        fi
        cat <<END
KeepAlive Off
ScriptAlias /autodiscover/autodiscover.xml "$root/program/autodiscover.cgi"
ScriptAlias /floor "$root/program/floor.cgi"
SetEnv AUTODISCOVER_CONFIG "$root/program/autodiscover.toml"
<Directory "$root/program">
    Require all granted
</Directory>
END
    } >"$folder/httpd.conf"
    private_apache_start "$folder" "$port"
}

# resident: KiB of all processes of the server.
resident() {
    local status parent size total=0
    for status in /proc/[0-9]*/status; do
        parent=$(sed -n 's/^PPid:\t//p' "$status" 2>/dev/null) || continue
        [[ $parent == "$private_apache_pid" || $status == "/proc/$private_apache_pid/status" ]] || continue
        size=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "$status" 2>/dev/null) || continue
        total=$((total + ${size:-0}))
    done
    echo "$total"
}

if $table; then
    echo '| server | program | connections | requests/s | p50 ms | p99 ms |'
    echo '|---|---|---:|---:|---:|---:|'
    for mpm in event prefork; do
        start "$mpm"
        for connections in 1 8 32; do
            # The first of each pair only warms up.
            for name in warm autodiscover floor; do
                arguments=("$port" /autodiscover/autodiscover.xml "$requests" "$connections")
                [[ $name != floor ]] || arguments=("$port" /floor "$requests" "$connections" floor)
                [[ $name != warm ]] || arguments[2]=200
                read -r _ rate median high _ < <("$root/load" "${arguments[@]}")
                [[ $name == warm ]] || echo "| $mpm | $name | $connections | $rate | $median | $high |"
            done
        done
        private_apache_stop
    done
    exit
fi

passed=0 failed=0
for mpm in event prefork; do
    start "$mpm"
    # Every worker has had its share once before memory is looked at.
    "$root/load" "$port" /autodiscover/autodiscover.xml 400 32 >/dev/null || true
    before=$(resident)
    result=$("$root/load" "$port" /autodiscover/autodiscover.xml "$requests" 32) && right=true || right=false
    after=$(resident)
    private_apache_stop
    read -r errors rate median high longest <<<"$result"
    echo "$mpm: $requests requests, $errors errors, $rate/s, p50 $median ms, p99 $high ms, longest $longest ms;" \
        "memory of Apache $before KiB before, $after after"
    if ((after * 5 > before * 6)); then
        echo 'its memory grows'
        right=false
    fi
    # What a child writes is logged too.
    if grep -E ':(error|crit|alert|emerg)\]|autodiscover\.cgi' "$root/$mpm/error.log"; then
        right=false
    fi
    if $right; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "load: $passed passed, $failed failed, 0 skipped"
((failed == 0 && passed > 0))

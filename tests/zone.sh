#!/usr/bin/env bash
# Loads what `autodiscover dns` prints with BIND's named-checkzone, as the administrator's name server would.
# It reads what is expected in tests/cli, not what the program prints: the runner has shown that both are the same.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/cli"
PATH=$PATH:/usr/sbin:/sbin

cases=(dns*/stdout)
if ! command -v named-checkzone >/dev/null; then
    echo 'zone: named-checkzone is missing; it comes with bind9-utils' >&2
    echo "zone: 0 passed, 0 failed, ${#cases[@]} skipped"
    [[ ${CI:-} != true ]]
    exit
fi

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
zone=$temporary/zone loaded=$temporary/loaded why=$temporary/why

# records FILE: its records without comments, in one spelling.
records() {
    sed -e '/^;/d' -e 's/  */ /g' "$1" | sort
}

# write LINES DOMAIN: a zone with these lines, and with the addresses that they rely on.
write() {
    local lines=$1 domain=$2 target
    printf '%sTTL 3600\n' '$'
    echo "$domain. SOA ns.example. hostmaster.example. 1 3600 900 604800 300"
    echo "$domain. NS ns.example."
    cat "$lines"
    records "$lines" | sed -nE 's/^[^ ]+ (SRV|CNAME) (.* )?([^ ]+\.)$/\3/p' | sort -u | while read -r target; do
        # Nothing else may stand beside a CNAME, and what lies elsewhere does not belong here.
        if [[ $target == *".$domain." ]] && ! grep -q "^$target  *CNAME" "$lines"; then
            echo "$target A 192.0.2.1"
        fi
    done
}

# holds LINES: does the zone load without a word, with exactly these records?
holds() {
    local lines=$1 domain
    domain=$(sed -n '1s/^; What mail clients look up for \(.*\)\.$/\1/p' "$lines")
    write "$lines" "$domain" >"$zone"
    named-checkzone -i local -k fail -m fail -M fail -n fail -r fail -S fail -s full -o "$loaded" -D \
        "$domain" "$zone" >"$why" 2>&1 || return 1
    ! grep -v -e '^zone .*: loaded serial 1$' -e '^dump zone to .*done$' -e '^OK$' "$why" || return 1
    # What was added around the lines is taken away again.
    sed -E 's/[[:space:]]+/ /g; s/^([^ ]+) [0-9]+ IN /\1 /' "$loaded" |
        grep -vE '^[^ ]+ (SOA|NS|A) ' | sort >"$loaded.records"
    diff <(records "$lines") "$loaded.records" >"$why"
}

passed=0 failed=0
for lines in "${cases[@]}"; do
    # Where the program warns of an alias, BIND must object too.
    if grep -q '^; .* leads to .*, which must not be a CNAME then\.$' "$lines"; then
        { ! holds "$lines" && grep -q 'is a CNAME (illegal)' "$why"; } && verdict=0 || verdict=1
    else
        holds "$lines" && verdict=0 || verdict=1
    fi
    if ((verdict == 0)); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$lines: wrong"
        sed 's/^/  /' "$why"
    fi
done

# Without a case there would be nothing wrong.
if ((passed == 0)); then
    failed=$((failed + 1))
fi
echo "zone: $passed passed, $failed failed, 0 skipped"
((failed == 0))

#!/usr/bin/env bash
# Shows with strace that the program does nothing but read its request and its configuration, and print an answer;
# and that under suEXEC it runs as the customer, whose configuration nobody else can read.
# AUTODISCOVER_PROGRAM names an executable that is built already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=apache/private.sh
source apache/private.sh

# A request has no other work to speak of than its system calls.
most_calls=25
measured='outlook, AUTODISCOVER_CONFIG'

passed=0 failed=0 skipped=0

# verdict NAME REASON: no reason is a pass.
verdict() {
    if [[ -z $2 ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s:\n%s\n' "$1" "$2"
    fi
}

# skip WHAT REASON: not in CI.
skip() {
    echo "privilege: SKIPPED $1: $2" >&2
    skipped=$((skipped + 1))
    [[ ${CI:-} != true ]] || failed=$((failed + 1))
}

if [[ -z ${AUTODISCOVER_PROGRAM:-} ]]; then
    cgi-bin/build.sh
    AUTODISCOVER_PROGRAM="$PWD/cgi-bin/autodiscover.cgi"
fi
root=$(mktemp -d) customer=
trap 'private_apache_stop; rm -rf "$root" "$customer"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$root"

# ---- strace

# lay FOLDER: the program with a configuration beside it.
lay() {
    mkdir -p "$1/domains"
    chmod 755 "$1" "$1/domains"
    install -m 755 "$AUTODISCOVER_PROGRAM" "$1/autodiscover.cgi"
    cat tests/config/autodiscover.toml >"$1/autodiscover.toml"
    printf '[imap]\nserver = "mail.example.org"\n' >"$1/domains/example.org.toml"
}

# forbidden TRACE PATH...: the calls that are neither harmless nor about one of the paths.
forbidden() {
    local trace=$1 paths
    shift
    paths=$(printf '|"%s"' "$@")
    paths=${paths#|}
    # A path has dots, and no other character that means something.
    paths=${paths//./\\.}
    local allowed=(
        # Memory, without files and without making code of data.
        'brk\(' 'mmap\([^,]*, [^,]*, [A-Z_|]*, [A-Z_|]*MAP_ANONYMOUS[A-Z_|]*, -1, 0\)' 'munmap\(' 'mremap\(' 'madvise\('
        'mprotect\([^,]*, [^,]*, (PROT_NONE|PROT_READ(\|PROT_WRITE)?)\)'
        # The C library's start, which only asks.
        'arch_prctl\(ARCH_SET_FS' 'set_tid_address\(' 'set_robust_list\(' 'rseq\(' 'getrandom\(' 'sched_getaffinity\('
        'prlimit64\(0, RLIMIT_[A-Z]*, NULL' 'readlink(at)?\((AT_FDCWD, )?"/proc/self/exe"' 'clock_gettime\(' 'uname\('
        # The request, and waiting for it.
        'p?poll\(\[\{fd=0, events=POLLIN\}\], 1' 'ppoll_time64\(\[\{fd=0' 'read\(0,'
        # The configuration.
        "openat\\(AT_FDCWD, ($paths), O_RDONLY[A-Z_|]*\\)" "(statx|newfstatat)\\(AT_FDCWD, ($paths)," "l?stat\\(($paths),"
        'read\(3,' 'close\(3\)' '(statx|newfstatat)\(3, ""' 'fstat\(3,' 'fcntl\(3, F_GETFD\)'
        # The answer, and a line for the log.
        'writev?\([12],' 'exit_group\(0\)'
    )
    local pattern
    pattern=$(printf '|%s' "${allowed[@]}")
    # The first call is strace's own: it starts the program.
    sed 1d "$trace" | grep -v '^+++ exited with 0 +++$' |
        grep -vE "^(${pattern#|})" | grep -vE "^openat\\(.*(O_WRONLY|O_RDWR|O_CREAT|O_TRUNC)" || true
    sed 1d "$trace" | grep -E "^openat\\(.*(O_WRONLY|O_RDWR|O_CREAT|O_TRUNC)" || true
}

# traced NAME FOLDER STATUS BODY VARIABLE...: one request; the answer must have this status.
traced() {
    local name=$1 folder=$2 status=$3 body=$4 reason calls
    shift 4
    if ! env -i GATEWAY_INTERFACE=CGI/1.1 SERVER_NAME=autodiscover.example.org HTTP_HOST=autodiscover.example.org \
        CONTENT_LENGTH="$(wc -c <"$body")" "$@" \
        "$strace" -f -o "$root/numbered" "$folder/autodiscover.cgi" <"$body" >"$root/answer" 2>"$root/stderr"; then
        verdict "$name" "it ended with an error: $(cat "$root/stderr")"
        return
    fi
    # Each line begins with the number of the process.
    sed 's/^[0-9]* *//' "$root/numbered" >"$root/trace"
    reason=$(forbidden "$root/trace" "$folder/autodiscover.toml" "$folder/domains/example.org.toml" \
        "$folder/domains/example.org.logins")
    [[ $status == 200 ]] || status="Status: $status"
    [[ $status == 200 ]] && ! grep -aq '^Status:' "$root/answer" || grep -aq "^$status " "$root/answer" ||
        reason+=$(printf '\nanother status than %s:\n' "$status" && head -n 12 "$root/answer")
    # The start of the process is whoever starts it.
    calls=$(sed 1d "$root/trace" | grep -c '^[a-z]' || true)
    [[ $name != "$measured" ]] || ((calls <= most_calls)) ||
        reason+=$(printf '\n%d system calls, not %d' "$calls" "$most_calls")
    verdict "$name" "$reason"
}

every_route() {
    local how=$1 folder=$2
    shift 2
    traced "outlook, $how" "$folder" 200 tests/bench/request.xml \
        REQUEST_METHOD=POST REQUEST_URI=/autodiscover/autodiscover.xml "$@"
    sed 's:outlook/responseschema/2006a:mobilesync/responseschema/2006:' tests/bench/request.xml >"$root/mobilesync.xml"
    traced "mobilesync, $how" "$folder" 200 "$root/mobilesync.xml" \
        REQUEST_METHOD=POST REQUEST_URI=/autodiscover/autodiscover.xml "$@"
    head -c 70000 /dev/zero >"$root/long"
    traced "a long body, $how" "$folder" 413 "$root/long" \
        REQUEST_METHOD=POST REQUEST_URI=/autodiscover/autodiscover.xml "$@"
    traced "a path that nobody knows, $how" "$folder" 404 /dev/null REQUEST_METHOD=GET REQUEST_URI=/etc/passwd "$@"
    local target
    for target in '/autodiscover/autodiscover.json?Protocol=AutodiscoverV1&Email=ada@example.org' \
        '/mail/config-v1.1.xml?emailaddress=ada@example.org' '/mail/ada.mobileconfig?emailaddress=ada@example.org' \
        /.well-known/user-agent-configuration.json '/?emailaddress=ada@example.org'; do
        traced "$target, $how" "$folder" 200 /dev/null REQUEST_METHOD=GET REQUEST_URI="$target" "$@"
    done
}

strace=$(type -P strace || true)
if [[ -z $strace ]] || ! "$strace" -o "$root/trace" true 2>/dev/null; then
    skip 'strace' 'it is not installed, or may not trace'
else
    lay "$root/named"
    every_route AUTODISCOVER_CONFIG "$root/named" AUTODISCOVER_CONFIG="$root/named/autodiscover.toml"
    lay "$root/beside"
    every_route 'found beside the program' "$root/beside"
    lay "$root/list"
    { echo 'logins = "example.org.logins"' && cat "$root/beside/domains/example.org.toml"; } \
        >"$root/list/domains/example.org.toml"
    echo 'ada web1p1' >"$root/list/domains/example.org.logins"
    traced 'a list of login names' "$root/list" 200 tests/bench/request.xml \
        REQUEST_METHOD=POST REQUEST_URI=/autodiscover/autodiscover.xml
    lay "$root/wrong"
    echo 'imap = 1' >"$root/wrong/autodiscover.toml"
    traced 'a configuration that is wrong' "$root/wrong" 500 tests/bench/request.xml \
        REQUEST_METHOD=POST REQUEST_URI=/autodiscover/autodiscover.xml
fi

# ---- suEXEC

# Apache's suEXEC runs programs only below a folder that is fixed in it, or in a file of Debian's variant.
suexec() {
    local user=www-data base port_a port_b reason status
    base=$(sed -n '1s:^/:/:p' "/etc/apache2/suexec/$user" 2>/dev/null) || true
    if [[ $(id -u) != 0 ]]; then
        # Not even CI can do it then, so this is no failure there.
        echo 'privilege: SKIPPED suEXEC: it takes root' >&2
        skipped=$((skipped + 1))
        return
    fi
    if [[ ! -u /usr/lib/apache2/suexec || -z $base ]]; then
        skip suEXEC 'apache2-suexec-custom is not installed'
        return
    fi
    for tool in openssl curl python3; do
        command -v "$tool" >/dev/null || { skip suEXEC "$tool is missing"; return; }
    done
    mkdir -p "$base"
    customer=$(mktemp -d "$base/autodiscover-test-XXXXXX")
    lay "$customer"
    # What only the customer may read proves who reads it; nobody stands in for the customer.
    chmod 600 "$customer/autodiscover.toml" "$customer/domains/example.org.toml"
    chown -R nobody:nogroup "$customer"
    chmod 755 "$customer"

    read -r port_a port_b < <(private_apache_ports)
    for status in 200 500; do
        mkdir -m 755 "$root/apache-$status"
        {
            private_apache_base "$root/apache-$status" event "$port_a" "$port_b"
            if [[ $status == 200 ]]; then
                echo 'LoadModule suexec_module /usr/lib/apache2/modules/mod_suexec.so'
                echo 'SuexecUserGroup nobody nogroup'
            fi
            echo "ScriptAlias /autodiscover/autodiscover.xml \"$customer/autodiscover.cgi\""
            echo "<Directory \"$customer\">"
            echo '    Require all granted'
            echo '</Directory>'
        } >"$root/apache-$status/httpd.conf"
        private_apache_start "$root/apache-$status" "$port_b"
        reason=
        curl --silent --show-error --max-time 20 --include --data-binary @tests/bench/request.xml \
            --header 'Content-Type: text/xml' "http://127.0.0.1:$port_b/autodiscover/autodiscover.xml" \
            >"$root/answer" 2>&1 || reason='there was no answer'
        grep -q "^HTTP/1.1 $status " "$root/answer" || reason+=" another status than $status"
        [[ $status == 500 ]] || grep -q '<Server>mail.example.org</Server>' "$root/answer" || reason+=' another answer'
        private_apache_stop
        [[ -z $reason ]] || reason+=$'\n'$(cat "$root/answer" "$root/apache-$status/error.log"; tail -n 3 /var/log/apache2/suexec.log)
        if [[ $status == 200 ]]; then
            verdict 'suEXEC runs it as the customer' "$reason"
        else
            verdict 'without suEXEC the configuration of the customer cannot be read' "$reason"
        fi
    done
}

suexec

echo "privilege: $passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))

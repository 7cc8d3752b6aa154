#!/usr/bin/env bash
# Runs the two commands of the README on bare systems of Debian, as a new user would; as root.
# A bare system is what debootstrap makes of the least that Debian has. It is kept in target/bare, each run uses a copy.
# It gets from this machine how to reach packages and crates: apt's sources and proxies, certificates, cargo's
# configuration. It gets no compiler and no Rust, but for the run with this machine's rustup.
#   tests/bare.sh [RUN...]    the runs are below; without a name all of them
# FULL=1 runs the second command as well, without the slow suites; that takes ten minutes more for each system.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=apache/packages.sh
source apache/packages.sh

passed=0 failed=0 skipped=0
if [[ $(id -u) != 0 ]] || ! packages_provide '' debootstrap:debootstrap unshare:util-linux git:git; then
    echo 'bare: SKIPPED: it takes root and debootstrap' >&2
    echo 'bare: 0 passed, 0 failed, 1 skipped'
    [[ ${CI:-} != true ]]
    exit
fi

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# mirror LABEL: where this machine gets the packages of Debian, or of Debian-Security, from.
mirror() {
    # shellcheck disable=SC2016  # apt fills these in
    apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
        awk -v label="$1" '$1 == label { sub("/$", "", $2); print $2; exit }'
}
debian=$(mirror Debian)
: "${debian:=http://deb.debian.org/debian}"
security=$(mirror Debian-Security)
: "${security:=$debian-security}"

# The variables that say how to reach the network.
mapfile -t variables < <(env |
    grep -iE '^([a-z]+_proxy|[A-Z_]*(CERT|CA_BUNDLE|CAINFO)[A-Z_]*|(CARGO_(HTTP|NET|REGISTR|SOURCE)|RUSTUP_DIST)[A-Z_]*)=')

# system CODENAME: makes the bare system, unless it is there.
system() {
    local root=target/bare/$1 include=
    [[ ! -e $root.made ]] || return 0
    echo "making a bare $1"
    rm -rf "$root"
    mkdir -p "$root"
    [[ $debian != https:* ]] || include=--include=ca-certificates
    debootstrap --variant=minbase $include "$1" "$root" "$debian" >"$work/log" || {
        tail -n 20 "$work/log" >&2
        return 1
    }
    rm -f "$root"/etc/apt/sources.list.d/*
    printf 'deb %s main\n' "$debian $1" "$debian $1-updates" "$security $1-security" >"$root/etc/apt/sources.list"
    apt-config dump | grep -E '^Acquire::(https?|Check-|Retries)' >"$root/etc/apt/apt.conf.d/90machine" || true
    cp -r /etc/apt/auth.conf.d "$root/etc/apt/" 2>/dev/null || true
    # Certificates of this machine's own, which ca-certificates makes valid when it is installed.
    cp -r /usr/local/share/ca-certificates "$root/usr/local/share/" 2>/dev/null || true
    touch "$root.made"
}

# fresh CODENAME HOME: sets root to a copy of the bare system with a clone in /srv and cargo's configuration in HOME.
fresh() {
    local home=$2 pair value
    system "$1" || return
    root=$work/root
    rm -rf --one-file-system "$root"
    cp -a "target/bare/$1" "$root"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    mkdir -p "$root$home/.cargo"
    cp "${CARGO_HOME:-$HOME/.cargo}"/config* "$root$home/.cargo/" 2>/dev/null || true
    for pair in "${variables[@]}"; do
        value=${pair#*=}
        # What lies in /etc/ssl comes with the package of certificates.
        [[ $value == /etc/ssl/* || ! -f $value ]] || install -D -m 644 "$value" "$root$value"
    done
    git -c safe.directory='*' clone --quiet . "$root/srv/autodiscover"
}

# inside USER COMMAND...: runs the command in the clone; what it leaves running ends with it.
inside() {
    local user=$1 home=/root path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    shift
    [[ $user == root ]] || home=/home/$user
    # shellcheck disable=SC2016  # the inner shell fills these in
    unshare --mount --pid --fork --kill-child bash -euc '
        root=$1 rustup=$2
        shift 2
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        if [[ $rustup ]]; then
            mkdir -p "$root/root/.rustup" "$root/root/.cargo/bin"
            mount --bind -o ro "${RUSTUP_HOME:-$HOME/.rustup}" "$root/root/.rustup"
            mount --bind -o ro "$rustup" "$root/root/.cargo/bin"
        fi
        exec chroot "$root" "$@"' - "$root" "$rustup" \
        /usr/bin/env -i "${variables[@]}" HOME="$home" USER="$user" LANG=C.UTF-8 TERM=dumb \
        PATH="${rustup:+/root/.cargo/bin:}$path" ${ci:+CI=true} \
        setpriv --reuid "$user" --regid "$user" --init-groups bash -c 'cd /srv/autodiscover && exec "$@"' - "$@" </dev/null
}

# expect TITLE PATTERN COMMAND...: the command must succeed, or fail when the title says so, and print a line that
# matches; what tests/run.sh skips is counted.
expect() {
    local title="$run: $1" pattern=$2 status=0 start=$SECONDS last
    shift 2
    echo "---- $title"
    inside "$@" >"$work/log" 2>&1 || status=$?
    last=$(tail -n 1 "$work/log")
    if [[ $last =~ ,\ ([0-9]+)\ skipped$ ]]; then
        skipped=$((skipped + BASH_REMATCH[1]))
        grep -a 'SKIPPED\|skipped' "$work/log" || true
    fi
    if [[ $title == *' fails'* ]]; then
        status=$((status == 0))
    fi
    if ((status == 0)) && grep -c -aE -- "$pattern" "$work/log" >/dev/null; then
        passed=$((passed + 1))
        echo "passed after $((SECONDS - start)) s: $last"
    else
        failed=$((failed + 1))
        echo "FAILED after $((SECONDS - start)) s, wanted «$pattern»:"
        grep -a '^FAILED\|died\|^failed:\|^== .*: [0-9]* s$' "$work/log" || true
        tail -n 60 "$work/log"
    fi
}

# clean USER: the checkout must be as it was cloned, where git came to look.
clean() {
    # shellcheck disable=SC2016
    expect 'git status is empty' '^clean$' "$1" bash -c '[[ -z $(git status --porcelain) ]] && echo clean || git status'
}

everything='^every answer was as expected$'
no_failure='^[0-9]+ passed, 0 failed, [0-9]+ skipped$'
rustup='' ci=1

# The second command, after the first.
tests() {
    [[ ${FULL:-} != 1 ]] || expect 'run.sh --quick' "$no_failure" root tests/run.sh --quick
}

# The two commands in the README's order, as root; they bring the distribution's Rust.
debian13() {
    fresh trixie /root
    expect 'serve.sh' "$everything" root apache/serve.sh --once
    tests
    clean root
}
debian12() {
    fresh bookworm /root
    expect 'serve.sh' "$everything" root apache/serve.sh --once
    tests
    clean root
}

# With this machine's Rust.
rustup() {
    local rustup
    rustup=$(type -P rustup) || {
        echo 'rustup: SKIPPED, it is not on this machine'
        skipped=$((skipped + 1))
        return
    }
    rustup=$(dirname "$rustup")
    fresh trixie /root
    expect 'serve.sh' "$everything" root apache/serve.sh --once
    tests
    clean root
}

# Without root: the printed line is all that the administrator has to do.
user() {
    local ci='' line
    fresh bookworm /home/ada
    chroot "$root" useradd ada
    chroot "$root" chown -R ada: /home/ada /srv/autodiscover
    expect 'serve.sh fails' 'sudo apt-get install --no-install-recommends .*cargo-web' ada apache/serve.sh --once
    line=$(sed -n 's/^.*: \(sudo .*\)$/\1/p' "$work/log" | tail -n 1)
    expect 'the printed line' '' root env DEBIAN_FRONTEND=noninteractive bash -euc "${line//sudo /} -y"
    expect 'serve.sh' "$everything" ada apache/serve.sh --once
}

runs=("$@")
((${#runs[@]})) || runs=(debian12 user rustup debian13)
for run in "${runs[@]}"; do
    "$run" || {
        failed=$((failed + 1))
        echo "FAILED: $run cannot begin"
    }
done
echo "bare: $passed passed, $failed failed, $skipped skipped"
((failed == 0))

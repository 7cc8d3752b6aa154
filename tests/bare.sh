#!/usr/bin/env bash
# Runs the two commands of the README on bare systems of Debian, to their end, as a new user would: in a clone in the home
# directory of root or of a user, which nobody else may enter.
# A bare system is what debootstrap makes of the least that Debian has. It is kept in target/bare, each run uses a copy.
# It gets from this machine how to reach packages and crates: apt's sources and proxies, certificates, cargo's
# configuration. It gets no compiler and no Rust, but for the run with this machine's rustup.
#   tests/bare.sh [RUN...]    the runs are below; without a name all of them, and in CI, which has an hour, some:
#                             those of Debian 12 where the number of commits is even, else those of Debian 13
# In CI the second command runs without the slow suites, which CI runs on its own machine.
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

# fresh CODENAME USER: sets root to a copy of the bare system with a clone and cargo's configuration in the user's home.
fresh() {
    local user=$2 home pair value
    system "$1" || return
    root=$work/root
    rm -rf --one-file-system "$root"
    cp -a "target/bare/$1" "$root"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    [[ $user == root ]] || chroot "$root" useradd --create-home "$user"
    home=$(home "$user")
    chmod 700 "$root$home"
    mkdir -p "$root$home/.cargo"
    cp "${CARGO_HOME:-$HOME/.cargo}"/config* "$root$home/.cargo/" 2>/dev/null || true
    for pair in "${variables[@]}"; do
        value=${pair#*=}
        # What lies in /etc/ssl comes with the package of certificates.
        [[ $value == /etc/ssl/* || ! -f $value ]] || install -D -m 644 "$value" "$root$value"
    done
    (umask 077 && git -c safe.directory='*' clone --quiet . "$root$home/autodiscover")
    chroot "$root" chown -R "$user:" "$home"
}

# home USER
home() {
    [[ $1 == root ]] && echo /root || echo "/home/$1"
}

# inside USER COMMAND...: runs the command in the user's clone; what it leaves running ends with it.
# The system becomes the root of a mount namespace: in a chroot nobody may make further namespaces, which some tests do.
# There is no locale, and neither mask nor time zone are those of this machine.
inside() {
    local user=$1 home path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    shift
    home=$(home "$user")
    # shellcheck disable=SC2016  # the inner shell fills these in
    unshare --mount --pid --fork --kill-child bash -euc '
        root=$1 rustup=$2
        shift 2
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        if [[ $rustup ]]; then
            mkdir -p "$root/root/.rustup" "$root/root/.cargo/bin"
            mount --bind -o ro "${RUSTUP_HOME:-$HOME/.rustup}" "$root/root/.rustup"
            mount --bind -o ro "$rustup" "$root/root/.cargo/bin"
        fi
        cd "$root"
        pivot_root . .
        umount --lazy .
        exec chroot . "$@"' - "$root" "$rustup" \
        /usr/bin/env -i "${variables[@]}" HOME="$home" USER="$user" TERM=dumb TZ=Asia/Kolkata \
        PATH="${rustup:+/root/.cargo/bin:}$path" ${ci:+CI=true} \
        setpriv --reuid "$user" --regid "$user" --init-groups \
        bash -c 'umask 077; cd ~/autodiscover || cd ~ && exec "$@"' - "$@" </dev/null
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
        cp "$work/log" "target/bare/$run.log"
        echo "all of it: target/bare/$run.log"
    fi
}

# clean USER: the checkout must be as it was cloned, where git came to look.
clean() {
    # shellcheck disable=SC2016
    expect 'git status is empty' '^clean$' "$1" bash -c '[[ -z $(git status --porcelain) ]] && echo clean || git status'
}

everything='^every answer was as expected$'
no_failure='^[0-9]+ passed, 0 failed, [0-9]+ skipped$'
rustup='' ci=1 quick=()
[[ ${CI:-} != true ]] || quick=(--quick)

# both CODENAME: the two commands in the README's order, as root; without rustup they bring the distribution's Rust.
both() {
    fresh "$1" root
    expect 'serve.sh' "$everything" root apache/serve.sh --once
    expect 'run.sh' "$no_failure" root tests/run.sh "${quick[@]}"
    clean root
}
debian12() { both bookworm; }
debian13() { both trixie; }

# With this machine's Rust.
rustup() {
    local rustup
    rustup=$(type -P rustup) || {
        echo 'rustup: SKIPPED, it is not on this machine'
        skipped=$((skipped + 1))
        return
    }
    rustup=$(dirname "$rustup")
    both trixie
}

# without_root CODENAME: the same without root; the lines that are printed are all that the administrator has to do.
without_root() {
    local ci=''
    fresh "$1" ada
    expect 'serve.sh fails' 'sudo apt-get install --no-install-recommends .*cargo-web' ada apache/serve.sh --once
    printed_line
    expect 'serve.sh' "$everything" ada apache/serve.sh --once
    # Nothing is skipped silently, and nothing fails for want of a tool.
    expect 'run.sh' "$no_failure" ada tests/run.sh "${quick[@]}"
    clean ada
}
printed_line() {
    local line
    line=$(sed -n 's/^.*: \(sudo .*\)$/\1/p' "$work/log" | tail -n 1)
    expect 'the printed line' '' root env DEBIAN_FRONTEND=noninteractive bash -euc "${line//sudo /} -y"
}
user12() { without_root bookworm; }
user13() { without_root trixie; }

runs=("$@")
if ((${#runs[@]} == 0)); then
    runs=(debian12 user12 debian13 user13 rustup)
    if [[ ${CI:-} == true ]]; then
        release=$((12 + $(git -c safe.directory='*' rev-list --count HEAD) % 2))
        runs=("debian$release" "user$release")
    fi
fi
for run in "${runs[@]}"; do
    "$run" || {
        failed=$((failed + 1))
        echo "FAILED: $run cannot begin"
    }
done
echo "bare: $passed passed, $failed failed, $skipped skipped"
((failed == 0))

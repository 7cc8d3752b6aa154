# shellcheck shell=bash
# Brings the Debian packages whose commands are missing, Rust among them; to be sourced by serve.sh and tests/run.sh.

# packages_missing COMMAND:PACKAGE...: prints the packages whose command is not there.
# Instead of a command there may be a path, with wildcards.
packages_missing() {
    local pair
    for pair in "$@"; do
        PATH=$PATH:/usr/sbin:/sbin type -P "${pair%%:*}" >/dev/null || compgen -G "${pair%%:*}" >/dev/null ||
            echo "${pair#*:}"
    done | sort -u
}

# packages_rust COMPONENT...: prints the packages that are missing for a Rust that is new enough, and for these components
# of it, where it is the distribution's; fails when no package of cargo is new enough.
packages_rust() {
    local folder cargo='' newest package version component name
    if folder=$(cgi-bin/build.sh --rust 2>/dev/null); then
        # rustup has its components itself.
        cargo=$(dpkg --search "$folder/cargo" 2>/dev/null | cut -d : -f 1) || return 0
    else
        newest=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
        while read -r package version; do
            # The oldest packages of cargo have numbers like 0.66, which are smaller as well.
            if [[ $(printf '%s\n' "$newest" "$version" | sort -V | tail -n 1) == "$version" ]]; then
                cargo=$package newest=$version
            fi
        done < <(apt-cache policy cargo cargo-web '^cargo-[0-9.]+$' 2>/dev/null |
            awk '/^[a-z].*:$/ { name = substr($1, 1, length($1) - 1) } /^ +Candidate: [0-9]/ { print name, $2 }')
        [[ $cargo ]] || return
        echo "$cargo"
    fi
    for component in "$@"; do
        # cargo-web has rust-web-clippy and rustfmt-web.
        for name in "${cargo/cargo/rust}-$component" "${cargo/cargo/$component}"; do
            dpkg --status "$name" >/dev/null 2>&1 || apt-cache pkgnames "$name" | grep -x -- "$name" || true
        done
    done
}

# packages_install PACKAGE...: installs them; the services that they bring stay down.
packages_install() {
    local policy=/usr/sbin/policy-rc.d laid='' status=0
    echo "installing $*"
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
        laid=$policy
    fi
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$@" \
        >/dev/null || status=$?
    [[ -z $laid ]] || rm -f "$laid"
    return "$status"
}

# packages_provide COMPONENTS COMMAND:PACKAGE...: as root on Debian or its like, installs all that is missing at once;
# otherwise prints the line that installs it. COMPONENTS are those of Rust that are wanted besides cargo. Fails when
# something is missing in the end.
packages_provide() {
    local components=$1 missing rust='' can=
    shift
    [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null && can=1
    mapfile -t missing < <(packages_missing "$@")
    if [[ $can ]] && { ((${#missing[@]})) || ! cgi-bin/build.sh --rust >/dev/null 2>&1; }; then
        apt-get -o DPkg::Lock::Timeout=300 update -qq || return
    fi
    # shellcheck disable=SC2086  # one word a component
    if rust=$(packages_rust $components); then
        mapfile -t -O "${#missing[@]}" missing < <(printf '%s' "$rust")
    elif [[ $can ]]; then
        cgi-bin/build.sh --rust
        return 1
    else
        # The lists of packages may be old.
        missing+=(cargo-web)
    fi
    ((${#missing[@]})) || return 0
    if [[ ! $can ]]; then
        echo "missing; on Debian: sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}" >&2
        return 1
    fi
    packages_install "${missing[@]}"
}

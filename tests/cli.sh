#!/usr/bin/env bash
# Runs the command of every folder of tests/cli and compares what it prints and how it ends, as tests/README.md says.
#   tests/cli.sh [NAME...]
# UPDATE=1 writes what it does into the folders. AUTODISCOVER_PROGRAM names an executable that is built already.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
[[ ${AUTODISCOVER_PROGRAM:-} ]] || cgi-bin/build.sh >&2 || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Where it is built, the sample configuration lies beside it.
program=$work/program/autodiscover
install -D "${AUTODISCOVER_PROGRAM:-cgi-bin/autodiscover.cgi}" "$program" || exit
cd tests/cli || exit
# `check` judges who may read a file: copies, so that place, mode and owner of the checkout do not matter.
mkdir "$work/config" || exit
cp -RT ../config "$work/config/default" || exit
for folder in */config; do
    cp -RT "$folder" "$work/config/${folder%/config}" || exit
done
chmod -R u=rwX,go=rX "$work"

# run COMMAND: leaves stdout, stderr and status in $work, those that have nothing to say left out.
run() {
    local config=$work/config/$1 arguments=() variables=() input=/dev/null status=0
    [[ -d $config ]] || config=$work/config/default
    [[ ! -e $1/args ]] || mapfile -t arguments <"$1/args"
    [[ ! -e $1/env ]] || mapfile -t variables <"$1/env"
    [[ ! -e $1/stdin ]] || input=$1/stdin
    variables=("${variables[@]//'[CONFIG]'/"$config"}")
    env -i AUTODISCOVER_CONFIG="$config/autodiscover.toml" "${variables[@]}" \
        "$program" "${arguments[@]//'[CONFIG]'/"$config"}" <"$input" >"$work/stdout" 2>"$work/stderr" || status=$?
    sed -i "s|$config|[CONFIG]|g" "$work/stdout" "$work/stderr"
    # What clients ask is the same for every address, so that it stands whole in one case.
    [[ $1 == explain ]] || sed -i '/^Clients, and what they ask in their order$/,$c[CLIENTS]' "$work/stdout"
    echo "$status" >"$work/status"
    ((status)) || rm "$work/status"
    find "$work" -maxdepth 1 -size 0 -delete
}

(($#)) || set -- */
passed=0 failed=0
for command in "${@%/}"; do
    rm -f "$work"/std* "$work/status"
    run "$command"
    problem=
    for name in stdout stderr status; do
        if [[ ${UPDATE:-} == 1 ]]; then
            rm -f "$command/$name"
            [[ ! -e $work/$name ]] || cp "$work/$name" "$command/"
        fi
        [[ ! -e $command/$name && ! -e $work/$name ]] || problem+=$(diff -a -u -N "$command/$name" "$work/$name")
    done
    if [[ -e $command/about && ! $problem ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s: %s\n%s\n' "$command" "$(<"$command/about")" "$problem"
    fi
done
echo "cli: $passed passed, $failed failed, 0 skipped"
((failed == 0 && passed > 0))

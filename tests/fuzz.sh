#!/usr/bin/env bash
# Fuzzes the program for a short time, each target of tests/fuzz/ beginning with what tests/cases holds.
#   tests/fuzz.sh [TARGET...]
# FUZZ_SECONDS is the time for each target (20).
# FUZZ_SANITIZER is address or none; without it, a second holds six times as many tries, and none of the code is unsafe.
# FUZZ_CORPUS names a folder for the corpus, which is kept; so a long run can go on where the last one ended.
# It needs a nightly toolchain and cargo-fuzz. In CI it installs them, where rustup is; a distribution's Rust has no nightly.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# skip REASON STATUS
skip() {
    echo "fuzz: SKIPPED: $1" >&2
    echo 'fuzz: 0 passed, 0 failed, 3 skipped'
    exit "$2"
}

command -v rustup >/dev/null || skip 'there is no nightly toolchain without rustup' 0
ci=0
if [[ ${CI:-} == true ]]; then
    ci=1
    cargo +nightly --version >/dev/null 2>&1 || rustup --quiet toolchain install nightly --profile minimal || true
    # Elsewhere, because our flags are not for it; unoptimised, because it only starts others.
    cargo fuzz --version >/dev/null 2>&1 || (cd / && cargo install --quiet --debug --locked cargo-fuzz) || true
fi
cargo +nightly --version >/dev/null 2>&1 || skip 'missing: a nightly toolchain (rustup toolchain install nightly)' $ci
cargo fuzz --version >/dev/null 2>&1 || skip 'missing: cargo-fuzz (cargo install --locked cargo-fuzz)' $ci
# The versions that are built are those that are fuzzed.
cp Cargo.lock tests/fuzz/Cargo.lock

targets=("$@")
((${#targets[@]})) || targets=(answer configuration logins)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
corpus=${FUZZ_CORPUS:-$work/corpus}
sanitizer=${FUZZ_SANITIZER:-none}

# What each case sends: its variables, an empty line, its body.
seed_answer() {
    local folder=$1 case name
    for case in tests/cases/*/; do
        name=$(basename "$case")
        {
            # \xNN stands for a byte.
            [[ ! -e $case/env ]] || printf '%b\n' "$(<"$case/env")"
            echo
            [[ ! -e $case/request.xml ]] || cat "$case/request.xml"
        } >"$folder/$name"
    done
}

# Each domain's own file behind the common one, and the sample with everything in it switched on.
seed_configuration() {
    local folder=$1 main own name
    sed 's/^#\([a-z_[]\)/\1/' cgi-bin/autodiscover.toml >"$folder/sample"
    for main in cgi-bin/autodiscover.toml tests/config/autodiscover.toml tests/cases/*/config/autodiscover.toml; do
        [[ -f $main ]] || continue
        name=${main//\//-}
        cp "$main" "$folder/$name"
        for own in "$(dirname "$main")"/domains/*.toml; do
            [[ -f $own ]] || continue
            { cat "$main" && printf '\0' && cat "$own"; } >"$folder/$name-$(basename "$own")"
        done
    done
}

# Each list, asked for a local part that some of them have.
seed_logins() {
    local folder=$1 list
    for list in tests/cases/*/config/domains/*.logins; do
        [[ -f $list ]] || continue
        { echo ada && cat "$list"; } >"$folder/${list//\//-}"
    done
}

passed=0 failed=0
for target in "${targets[@]}"; do
    mkdir -p "$corpus/$target" "$work/seeds/$target" "$work/found/$target"
    "seed_$target" "$work/seeds/$target"
    # The flags that cargo-fuzz sets replace those of .cargo/config.toml: a sanitizer cannot be linked statically.
    if ! cargo +nightly fuzz build --sanitizer "$sanitizer" --fuzz-dir tests/fuzz "$target" 2>"$work/build.log"; then
        cat "$work/build.log" >&2
        failed=$((failed + 1))
        continue
    fi
    if cargo +nightly fuzz run --sanitizer "$sanitizer" --fuzz-dir tests/fuzz "$target" "$corpus/$target" "$work/seeds/$target" -- \
        -max_total_time="${FUZZ_SECONDS:-20}" -max_len=8192 -timeout=5 -rss_limit_mb=2048 \
        -dict="tests/fuzz/$target.dict" -artifact_prefix="$work/found/$target/" -print_final_stats=1 \
        >"$work/run.log" 2>&1; then
        passed=$((passed + 1))
        grep -E '^#[0-9]+.*DONE|number_of_executed_units' "$work/run.log" | sed "s/^/$target: /"
    else
        failed=$((failed + 1))
        grep -a -A 1 panicked "$work/run.log" || true
        tail -n 60 "$work/run.log"
        # The folder goes; whoever mends it needs the bytes.
        for found in "$work/found/$target"/*; do
            [[ ! -f $found ]] || { echo "$target: $(basename "$found")" && base64 "$found"; }
        done
    fi
done
echo "fuzz: $passed passed, $failed failed, 0 skipped"
((failed == 0 && passed > 0))

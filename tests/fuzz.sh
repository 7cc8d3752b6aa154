#!/usr/bin/env bash
# Fuzzes the program for a short time by libFuzzer, each target of tests/fuzz/ beginning with what tests/cases and tests/mistakes hold.
#   tests/fuzz.sh [TARGET...]
# FUZZ_SECONDS is the time for each target (20).
# FUZZ_SANITIZER=address takes a nightly toolchain. Without it, a second holds six times as many tries, and none of the
# code is unsafe.
# FUZZ_CORPUS names a folder for the corpus, which is kept, without what adds nothing; so a long run can go on where the
# last one ended.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v c++ >/dev/null; then
    echo 'fuzz: SKIPPED: libFuzzer takes a compiler for C++' >&2
    echo 'fuzz: 0 passed, 0 failed, 3 skipped'
    [[ ${CI:-} != true ]]
    exit
fi
# The versions that are built are those that are fuzzed.
cp Cargo.lock tests/fuzz/Cargo.lock

# What libFuzzer reads, and a call at every edge, which tests/fuzz/src/lib.rs counts.
flags='-Cpasses=sancov-module --cfg fuzzing'
for option in level=4 inline-8bit-counters pc-table trace-compares trace-pc; do
    flags+=" -Cllvm-args=-sanitizer-coverage-$option"
done
toolchain=()
if [[ ${FUZZ_SANITIZER:-} ]]; then
    toolchain=(+nightly)
    flags+=" -Zsanitizer=$FUZZ_SANITIZER"
fi
# Named, so that the flags are not for build scripts; they replace those of .cargo/config.toml, which link statically.
host=$(rustc -vV | sed -n 's/^host: //p')
built=tests/fuzz/target/$host/release

targets=("$@")
((${#targets[@]})) || targets=(answer configuration logins)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
corpus=${FUZZ_CORPUS:-$work/corpus}

# What each case sends: its variables, an empty line, its body.
seed_answer() {
    local folder=$1 request case name
    for request in tests/cases/*/about tests/cases/*/request.xml tests/cases/*/requests/*; do
        case=$(cut -d / -f 3 <<<"$request")
        name=$case-$(basename "$request")
        {
            # \xNN stands for a byte.
            [[ ! -e tests/cases/$case/env ]] || printf '%b\n' "$(<"tests/cases/$case/env")"
            echo
            [[ $request == */about ]] || cat "$request"
        } >"$folder/$name"
    done
    # The marker of tests/fuzz/src/lib.rs, in each way that an address comes.
    for name in outlook/responseschema/2006a mobilesync/responseschema/2006; do
        printf '\n\n<Autodiscover><Request><EMailAddress>\2@example.org</EMailAddress><AcceptableResponseSchema>%s%s' \
            http://schemas.microsoft.com/exchange/autodiscover/ \
            "$name</AcceptableResponseSchema></Request></Autodiscover>" >"$folder/marker-${name%%/*}"
    done
    for name in '/?emailaddress=' '/mail/config-v1.1.xml?emailaddress=' '/mail/a.mobileconfig?emailaddress=' \
        '/autodiscover/autodiscover.json?Protocol=ActiveSync&Email='; do
        printf 'REQUEST_METHOD=GET\nREQUEST_URI=%s\3@example.org\nHTTP_HOST=autoconfig.example.org\nHTTP_ACCEPT=text/html\n\n' \
            "$name" >"$folder/marker-${name//[^a-z]/-}"
    done
    # Repetitions, as expanded() of tests/fuzz/src/lib.rs reads them.
    printf '\n\n<Autodiscover><Request>\6\14<a>\5</a>\5\7</Request></Autodiscover>' >"$folder/nested-elements"
    printf '\n\n<Autodiscover><Request><EMailAddress>\4\20a\5@example.org</EMailAddress></Request></Autodiscover>' \
        >"$folder/long-address"
    printf '\n\n<Autodiscover><Request \4\10xmlns:a="urn:\5"/>\4\20\5</Autodiscover>' >"$folder/many-attributes"
    printf '\n\n<\4\20a\5><Request/>' >"$folder/long-name"
    printf 'REQUEST_METHOD=GET\nREQUEST_URI=/mail/config-v1.1.xml?emailaddress=\4\17a.\5@example.org\n%s' \
        $'HTTP_ACCEPT_LANGUAGE=\4\16de,\5\nHTTP_HOST=\4\16a.\5\n' >"$folder/long-variables"
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
    for main in tests/mistakes/*; do
        awk '/^-- .* --$/ { on = /\.toml/; if (/^-- domains.*toml/) printf "%c", 0; next } on' "$main" >"$folder/$(basename "$main")"
    done
    printf 'a = \6\14[\5]\5' >"$folder/nested-lists"
    printf 'a = \6\14{a=\5}\5' >"$folder/nested-tables"
    printf '\4\14a.\5b = 1' >"$folder/long-key"
    printf '\4\14[a]\n\5' >"$folder/many-tables"
    printf 'domains = [\4\16"a.test",\5]\n[imap]\nserver = "\4\20a.\5b"\n' >"$folder/many-domains"
}

# Each list, asked for a local part that some of them have.
seed_logins() {
    local folder=$1 list
    for list in tests/cases/*/config/domains/*.logins; do
        [[ -f $list ]] || continue
        { echo ada && cat "$list"; } >"$folder/${list//\//-}"
    done
    printf 'ada\n\4\16adb x\n\5ada y\n' >"$folder/many-lines"
    printf 'ada\n\4\16ada\5 y\n' >"$folder/long-line"
    printf '\4\5a\5\n\4\16aa\5\n' >"$folder/nearly-the-same"
}

passed=0 failed=0
if ! RUSTFLAGS=$flags cargo "${toolchain[@]}" build --quiet --manifest-path tests/fuzz/Cargo.toml --release \
    --target "$host" --target-dir tests/fuzz/target "${targets[@]/#/--bin=}" >&2; then
    echo "fuzz: 0 passed, ${#targets[@]} failed, 0 skipped"
    exit 1
fi
for target in "${targets[@]}"; do
    mkdir -p "$corpus/$target" "$work/seeds/$target" "$work/found/$target"
    "seed_$target" "$work/seeds/$target"
    if "$built/$target" "$corpus/$target" "$work/seeds/$target" \
        -max_total_time="${FUZZ_SECONDS:-20}" -max_len=4096 -timeout=60 -rss_limit_mb=2048 \
        -dict="tests/fuzz/$target.dict" -artifact_prefix="$work/found/$target/" -print_final_stats=1 \
        >"$work/run.log" 2>&1; then
        passed=$((passed + 1))
        grep -aE '^#[0-9]+.*DONE|number_of_executed_units' "$work/run.log" | sed "s/^/$target: /"
        if [[ ${FUZZ_CORPUS:-} ]]; then
            mkdir "$work/merged"
            "$built/$target" -merge=1 "$work/merged" "$corpus/$target" >/dev/null 2>&1
            rm -rf "${corpus:?}/$target"
            mv "$work/merged" "$corpus/$target"
        fi
    else
        failed=$((failed + 1))
        tail -n 60 "$work/run.log"
        grep -a -A 2 panicked "$work/run.log" || true
        # The folder goes; whoever mends it needs the bytes.
        for found in "$work/found/$target"/*; do
            [[ ! -f $found ]] || { echo "$target: $(basename "$found")" && base64 "$found"; }
        done
    fi
done
echo "fuzz: $passed passed, $failed failed, 0 skipped"
((failed == 0 && passed > 0))

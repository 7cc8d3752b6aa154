#!/usr/bin/env bash
# Drives a real Chromium over the page for people: tests/browser.sh [PROGRAM]; without a program, cargo builds one.
# It installs nothing unless asked: INSTALL=1, or CI=true as root, brings Debian's packages.
set -euo pipefail
cd "$(dirname "$0")/.."

missing() {
  local tool
  for tool in chromium chromedriver python3; do
    command -v "$tool" >/dev/null || echo "$tool"
  done
}

if [[ -n $(missing) && $EUID -eq 0 && (${CI:-} == true || ${INSTALL:-} == 1) ]]; then
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium chromium-driver python3
fi >&2

if [[ -n $(missing) ]]; then
  echo "browser: $(missing | paste -sd ' ') is missing; chromium, chromium-driver and python3 bring all that is needed" >&2
  [[ ${CI:-} != true ]] || exit 1
  echo "browser: 0 passed, 0 failed, 1 skipped"
  exit 0
fi

program=${1:-}
if [[ -z $program ]]; then
  program=$(cargo build --quiet --message-format=json | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
fi
exec python3 tests/browser.py "$program"

#!/usr/bin/env bash
# Checks the documents of all cases by means that are not ours: xmllint, an XSD, some XPath and RELAX NG,
# and a reader in Python that asks of JSON and autoconfig what their clients ask.
# It reads what is expected, not what the program prints: the runner has shown that both are the same.
set -euo pipefail
cd "$(dirname "$0")"

for needed in "xmllint libxml2-utils" "python3 python3"; do
  command -v "${needed% *}" >/dev/null && continue
  echo "documents: ${needed% *} is missing; it comes with ${needed#* }" >&2
  [[ ${CI:-} != true ]] || exit 1
  echo "documents: 0 passed, 0 failed, 1 skipped"
  exit 0
done

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
document=$temporary/document.xml
passed=0 failed=0

mapfile -t rules < <(grep -v -e '^#' -e '^$' schema/rules.xpath)
printf -v every '(%s) and ' "${rules[@]}"
every+='true()'

# holds DOCUMENT: is it right by the schema of its root, and by the rules? The reason is left in $temporary/why.
holds() {
  if grep -q '<clientConfig' "$1"; then
    xmllint --nonet --noout --relaxng schema/autoconfig.rng "$1" 2>"$temporary/why"
    return
  fi
  xmllint --nonet --noout --schema schema/autodiscover-response.xsd "$1" 2>"$temporary/why" || return 1
  [[ $(xmllint --nonet --xpath "$every" "$1") != true ]] || return 0
  for rule in "${rules[@]}"; do
    [[ $(xmllint --nonet --xpath "$rule" "$1") == true ]] || echo "$rule" >"$temporary/why"
  done
  return 1
}

# verdict NAME COMMAND...: counts what the command says.
verdict() {
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$name: wrong"
    sed "s|$document|document|; s/^/  /" "$temporary/why"
  fi
}

well_formed() { xmllint --nonet --noout "$1" 2>"$temporary/why"; }

# Broken XML would be refused for the wrong reason.
refused() {
  well_formed "$1" || return 1
  ! holds "$1" || { echo "it was let through" >"$temporary/why" && return 1; }
}

for expected in cases/*/expected; do
  # The values fit the schema and are as long as the real ones.
  sed -e '1,/^\r$/d' -e 's/"\[TIME\]"/"09:15:30.1234567"/; s/"\[ID\]"/"2477272013"/' "$expected" >"$document"
  # Text, pages, JSON and answers without a body are for other readers.
  [[ -s $document ]] || continue
  sed '/^\r$/q' "$expected" | grep -qi '^Content-Type: [a-z/+]*xml' || continue
  if grep -q -e '<Autodiscover' -e '<clientConfig' "$document"; then
    verdict "$expected" holds "$document"
  else
    verdict "$expected" well_formed "$document"
  fi
done

for wrong in schema/wrong/*.xml; do
  verdict "$wrong" refused "$wrong"
done

# What clients would drop is refused by the reader too, and not only by the schema.
clients=0
python3 clients.py accept cases/*/expected || clients=1
python3 clients.py refuse schema/wrong/*.json schema/wrong/autoconfig-dropped-*.xml || clients=1

echo "documents: $passed passed, $failed failed, 0 skipped"
[[ $failed -eq 0 && $passed -gt 0 && $clients -eq 0 ]]

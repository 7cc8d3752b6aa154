#!/usr/bin/env bash
# Checks the Apple profiles of all cases, and that they can be signed as README.md says.
# It reads what is expected, not what the program prints: the runner has shown that both are the same.
set -euo pipefail
cd "$(dirname "$0")"

for tool in 'python3 -c "import tomllib"' 'openssl version'; do
  if ! bash -c "$tool" >/dev/null 2>&1; then
    echo "profiles: ${tool%% *} is missing, or too old; python3 must be 3.11 or later" >&2
    if [[ ${CI:-} == true ]]; then
      echo "profiles: 0 passed, 1 failed, 0 skipped"
      exit 1
    fi
    echo "profiles: 0 passed, 0 failed, 1 skipped"
    exit 0
  fi
done

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
passed=0 failed=0 skipped=0

# verdict NAME COMMAND...: counts what the command says.
verdict() {
  local name=$1
  shift
  if "$@" >"$temporary/why" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$name: wrong"
    sed 's/^/  /' "$temporary/why"
  fi
}

python3 profiles.py >"$temporary/verdicts"
while read -r verdict rest; do
  case $verdict in
    ok) passed=$((passed + 1)) ;;
    *)
      failed=$((failed + 1))
      echo "$verdict $rest"
      ;;
  esac
done <"$temporary/verdicts"

# The commands of README.md, with the file names that certbot gives.
sign='openssl smime -sign -binary -nodetach -outform der -signer cert.pem -inkey privkey.pem -certfile chain.pem -in ada.mobileconfig -out signed.mobileconfig'
verify='openssl smime -verify -inform der -purpose any -in signed.mobileconfig -out read-back.mobileconfig'

# certificate NAME ISSUER EXTENSIONS: NAME.pem and NAME.key, signed by ISSUER or by itself.
certificate() {
  local name=$1 issuer=$2 signer=()
  printf '%s\n' "${@:3}" >"$name.ext"
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$name" \
    -keyout "$name.key" -out "$name.csr"
  if [[ $name == "$issuer" ]]; then
    signer=(-signkey "$name.key")
  else
    signer=(-CA "$issuer.pem" -CAkey "$issuer.key" -CAcreateserial)
  fi
  openssl x509 -req -days 2 -in "$name.csr" -extfile "$name.ext" "${signer[@]}" -out "$name.pem"
}

# A certificate like that of a web server: two levels below a root, and for TLS only.
certificates() {
  certificate root root basicConstraints=critical,CA:true keyUsage=critical,keyCertSign
  certificate middle root basicConstraints=critical,CA:true keyUsage=critical,keyCertSign
  certificate web middle basicConstraints=critical,CA:false keyUsage=critical,digitalSignature \
    extendedKeyUsage=serverAuth subjectAltName=DNS:autoconfig.example.org
  certificate stranger stranger basicConstraints=critical,CA:true keyUsage=critical,keyCertSign
  mv web.pem cert.pem
  mv web.key privkey.pem
  mv middle.pem chain.pem
}

# trusting ROOT COMMAND: runs the command where this root is the only one that is trusted.
trusting() { SSL_CERT_FILE=$1.pem SSL_CERT_DIR=$temporary/none bash -c "$2"; }

refused() { ! trusting "$@"; }

is_der() { [[ $(head -c 1 signed.mobileconfig | od -An -tx1) == ' 30' ]]; }

readme=$PWD/../README.md
profile=$PWD/cases/profile-imap-smtp/expected
cd "$temporary"
sed '1,/^\r$/d' "$profile" >ada.mobileconfig
verdict "signing: certificates" certificates
verdict "signing: sign" trusting root "$sign"
verdict "signing: binary, as Apple reads it" is_der
verdict "signing: verify" trusting root "$verify"
verdict "signing: the profile is unchanged" cmp ada.mobileconfig read-back.mobileconfig
verdict "signing: nobody trusts a stranger" refused stranger "$verify"
sed -i 's/imap\.example\.org/imap.example.net/' signed.mobileconfig
verdict "signing: a changed profile is noticed" refused root "$verify"

if [[ -f $readme ]] && grep -q '^## Signing a profile' "$readme"; then
  for command in "$sign" "$verify"; do
    verdict "README.md has: $command" grep -qxF -- "$command" "$readme"
  done
else
  skipped=$((skipped + 1))
  echo "profiles: README.md says nothing of signing yet"
fi

echo "profiles: $passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]

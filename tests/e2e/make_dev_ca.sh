#!/bin/bash
# The certificates of certs/make-dev-ca are what their names say: OpenSSL's own verifier is asked.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
make=$DUNLIN_SOURCE_DIR/certs/make-dev-ca

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

verify() {
    local purpose=$1 name=$2
    openssl verify -purpose "$purpose" -CAfile "$folder/ca.pem" -crl_check \
        -CRLfile "$folder/crl.pem" "$folder/$name.pem" 2>&1
}

accepted() {
    verify "$1" "$2" > /dev/null || fail "$2 is not accepted as $1: $(verify "$1" "$2")"
}

refused() {
    local text
    text=$(verify "$1" "$2") && fail "$2 is accepted as $1"
    [[ $text == *"$3"* ]] || fail "$2 is refused as $1, but not because of '$3': $text"
}

"$make" --all "$folder" > /dev/null
accepted sslserver server
accepted sslclient server
accepted sslclient client
accepted sslclient client-dns
accepted sslclient client-cn
refused sslserver client "unsuitable certificate purpose"
refused sslclient server-only "unsuitable certificate purpose"
refused sslclient expired "certificate has expired"
refused sslclient revoked "certificate revoked"
refused sslclient foreign-client "unable to get local issuer certificate"

openssl x509 -in "$folder/client.pem" -noout -ext subjectAltName | grep -q spiffe://dunlin.dev/client \
    || fail "client.pem has no SPIFFE name"
for key in "$folder"/*.key; do
    [ "$(stat -c %a "$key")" = 600 ] || fail "$key can be read by others"
    grep -q 'BEGIN PRIVATE KEY' "$key" || fail "$key is not PKCS#8"
done

before=$(cat "$folder"/*.pem | sha256sum)
"$make" --all "$folder" | grep -q 'nothing to do' || fail "a second run makes everything again"
[ "$before" = "$(cat "$folder"/*.pem | sha256sum)" ] || fail "a second run changed something"
"$make" --all --force "$folder" > /dev/null
[ "$before" != "$(cat "$folder"/*.pem | sha256sum)" ] || fail "--force changed nothing"
echo ok

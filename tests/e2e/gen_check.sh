#!/bin/bash
# gen.sh makes what is committed, and `--check` tells when that is no longer so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

mkdir -p "$folder/src" "$folder/tests"
for part in src/codegen src/wire idl gen tests/idl tests/gen; do
    cp -r "$DUNLIN_SOURCE_DIR/$part" "$folder/$part"
done
gen=$folder/src/codegen/gen.sh

# Checks that --check fails and names the file.
differs() {
    ! "$gen" --check > "$folder/log" 2>&1 || fail "--check does not see $1"
    grep -q "$2" "$folder/log" || fail "--check does not name $2: $(cat "$folder/log")"
}

"$gen" --check || fail "what is committed is not what the IDLs give: ./run gen"
export DUNLIN_GEN=$DUNLIN_BIN_DIR/dunlin_gen # from here on, for time's sake

echo "/* edited */" >> "$folder/gen/dunlin/dunlin_stub.c"
differs "an edited file" gen/dunlin/dunlin_stub.c
rm "$folder/gen/address_book/address_book_schema.h"
differs "a missing file" address_book_schema.h
touch "$folder/tests/gen/conformance/left_over.c"
differs "a file left over" left_over.c
[ -f "$folder/tests/gen/conformance/left_over.c" ] || fail "--check removed a file"

"$gen" || fail "cannot generate"
"$gen" --check || fail "--check fails right after generating"
[ ! -e "$folder/tests/gen/conformance/left_over.c" ] || fail "a file was left over"

sed -i 's/string ping()/string ping_it()/' "$folder/idl/dunlin.thrift"
differs "a changed IDL" gen/dunlin/dunlin_stub.c
before=$(md5sum "$folder"/gen/dunlin/*)
sed -i 's/string ping_it()/string ping_2()/' "$folder/idl/dunlin.thrift"
! "$gen" > "$folder/log" 2>&1 || fail "an IDL that is to be refused is taken"
grep -q "dunlin.thrift:[0-9]*: Base.ping_2: the name" "$folder/log" || fail "$(cat "$folder/log")"
[ "$before" = "$(md5sum "$folder"/gen/dunlin/*)" ] || fail "a refused IDL changed the code"

! "$gen" --nonsense > "$folder/log" 2>&1 || fail "an unknown option is taken"

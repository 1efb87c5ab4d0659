#!/bin/bash
# gen.sh [--check]: makes gen/ and tests/gen/ from the IDLs; --check changes nothing and fails when
# something would change. Needs a C compiler, GLib's headers and thrift-compiler.
set -euo pipefail
cd "$(dirname "$0")/../.."

case ${1-} in
    "" | --check) ;;
    *)
        echo "usage: gen.sh [--check]" >&2
        exit 2
        ;;
esac

# idl, where its code is kept
idls=(
    idl/dunlin.thrift gen/dunlin
    idl/address_book.thrift gen/address_book
    idl/greeter.thrift gen/greeter
    tests/idl/conformance.thrift tests/gen/conformance
)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The generator is built here and now, so that it always is that of these sources; DUNLIN_GEN may
# name one that was built from them before.
generator=${DUNLIN_GEN:-$scratch/dunlin_gen}
if [[ -z ${DUNLIN_GEN-} ]]; then
    read -r -a glib <<<"$(pkg-config --cflags --libs glib-2.0)"
    "${CC:-cc}" -std=gnu17 -w -Isrc src/codegen/*.c -o "$generator" "${glib[@]}"
fi

status=0
for ((i = 0; i < ${#idls[@]}; i += 2)); do
    idl=${idls[i]} dir=${idls[i + 1]} fresh=$scratch/${idls[i + 1]}
    "$generator" -I idl -o "$fresh" "$idl"
    if [[ ${1-} == --check ]]; then
        diff -rq "$dir" "$fresh" | sed "s|$scratch/||g" || status=1
        continue
    fi
    rm -rf "$dir"
    mkdir -p "$(dirname "$dir")"
    cp -r "$fresh" "$dir"
done
if ((status)); then
    echo "generated code differs from what the IDLs give: ./run gen" >&2
fi
exit $status

#!/bin/bash
# Builds the callers that the interop suites run: `prepare.sh java|cpp|go|python...`. What is up to
# date stays; after the first run nothing is downloaded any more.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
root=$here/../..
out=${DUNLIN_INTEROP_DIR:-$root/build/interop}
idl=$root/tests/idl/conformance.thrift

fail() {
    printf 'prepare.sh: %s\n' "$*" >&2
    exit 1
}

# Runs a command whose output matters only when it fails.
quietly() {
    local log=$out/prepare-$caller.log
    "$@" > "$log" 2>&1 || { tail -n 60 "$log" >&2; fail "$caller: $* failed; all of it is in $log"; }
}

# What the build of a caller depends on, as one number.
fingerprint() {
    {
        find "$here/$1" -type f ! -path '*/target/*' ! -path '*/__pycache__/*' -print0
        printf '%s\0' "$here/prepare.sh" "$idl" "$root"/idl/*.thrift
    } | sort -z | xargs -0 sha256sum | sha256sum
}

# The local repository has everything after the first run: only when it has not, the network is
# asked.
prepare_java() {
    local -a maven=(mvn -B -q -ntp "-Dinterop.out=$out/java" -f "$here/java/pom.xml" process-classes)
    rm -rf "$out/java"
    "${maven[@]}" -o > "$out/prepare-java.log" 2>&1 || true
    is_built_java || quietly "${maven[@]}"
}

is_built_java() {
    [ -f "$out/java/finagle/classes/interop/FinagleSuite.class" ] \
        && [ -f "$out/java/libthrift/classes/interop/LibthriftSuite.class" ] \
        && compgen -G "$out/java/finagle/lib/finagle-thriftmux*.jar" > /dev/null \
        && compgen -G "$out/java/libthrift/lib/libthrift*.jar" > /dev/null
}

prepare_cpp() {
    local source
    local -a jobs=()
    rm -rf "$out/cpp"
    mkdir -p "$out/cpp"
    thrift -nowarn --gen cpp:no_skeleton -out "$out/cpp" "$idl"
    for source in "$here"/cpp/*.cpp "$out"/cpp/*.cpp; do
        g++ -std=c++17 -w -O0 -I"$out/cpp" -I"$here/cpp" -c "$source" \
            -o "$out/cpp/$(basename "$source" .cpp).o" &
        jobs+=($!)
        [ $((${#jobs[@]} % $(nproc))) -ne 0 ] || wait "${jobs[@]: -$(nproc)}"
    done
    for source in "${jobs[@]}"; do
        wait "$source" || fail "the C++ caller does not compile"
    done
    g++ -o "$out/cpp/suite" "$out"/cpp/*.o -lthrift -lssl -lcrypto -pthread
}

is_built_cpp() { [ -x "$out/cpp/suite" ]; }

prepare_go() {
    rm -rf "$out/go"
    mkdir -p "$out/go"
    cp "$here"/go/* "$out/go/"
    thrift -nowarn --gen go:package_prefix=dunlin/interop/ -out "$out/go" "$idl"
    (cd "$out/go" && quietly go build -buildvcs=false -o suite .)
}

is_built_go() { [ -x "$out/go/suite" ]; }

prepare_python() {
    rm -rf "$out/python"
    mkdir -p "$out/python"
    thrift -nowarn --gen py -out "$out/python" "$idl"
    thrift -nowarn -r --gen py -out "$out/python" "$root/idl/address_book.thrift"
}

is_built_python() { [ -f "$out/python/address_book/AddressBook.py" ]; }

# Two builds of one caller at once would spoil each other: the second waits, and finds it done.
prepare() {
    caller=$1
    mkdir -p "$out"
    exec 9> "$out/.lock-$caller"
    flock 9
    if [ "$(cat "$out/.built-$caller" 2> /dev/null)" = "$(fingerprint "$caller")" ] \
        && "is_built_$caller"; then
        return
    fi
    rm -f "$out/.built-$caller"
    "prepare_$caller" 9>&-
    "is_built_$caller" || fail "the $caller caller is not there although its build went well"
    fingerprint "$caller" > "$out/.built-$caller"
}

[ $# -gt 0 ] || fail "which callers? java cpp go python"
for name in "$@"; do
    case $name in
        java | cpp | go | python) prepare "$name" ;;
        *) fail "no caller '$name': there are java, cpp, go and python" ;;
    esac
done

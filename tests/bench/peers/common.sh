# shellcheck shell=bash
# What every peer's build.sh begins with: where things are, what a missing toolchain is told as, and
# a build that is up to date left alone. It sets here, root, out and idl; the words that it brings
# are at its end.
set -euo pipefail

fail() {
    printf '%s: %s\n' "$peer" "$*" >&2
    exit 1
}

# The peer cannot be built on this machine: one line says why, and 77 that it is no failure.
skip() {
    printf '%s: left out: %s\n' "$peer" "$*"
    exit 77
}

# need_command NAME PACKAGE
need_command() {
    command -v "$1" > /dev/null || skip "there is no '$1' here (Debian's package $2 has one)"
}

# need_version WHAT FOUND WANTED
need_version() {
    printf '%s\n%s\n' "$3" "$2" | sort -V -C \
        || skip "$1 $2 is here, and it needs $3 or newer (Debian 12's own is too old)"
}

# need_header FILE PACKAGE
need_header() {
    echo "#include <$1>" | g++ -E -x c++ - > /dev/null 2>&1 \
        || skip "<$1> is not installed (Debian's package $2 has it)"
}

# What code for c_glib is made of: sets thrift and gcc, their versions.
# shellcheck disable=SC2034 # the scripts that begin with this one use them
need_c_glib() {
    need_command gcc gcc
    need_command thrift thrift-compiler
    need_command pkg-config pkg-config
    pkg-config --exists thrift_c_glib \
        || skip "c_glib is not installed (Debian's libthrift-c-glib-dev)"
    thrift=$(thrift --version | awk '{ print $NF }')
    gcc=$(gcc -dumpfullversion)
}

# Prints Go's version, without what a vendor adds. GOTOOLCHAIN: no other Go is fetched.
export GOTOOLCHAIN=local
go_version() {
    go env GOVERSION | sed 's/^go\([0-9.]*\).*/\1/'
}

# module_version MODULE: which one go.mod pins.
module_version() {
    awk -v module="$1" '{ sub(/^require /, "") } $1 == module { sub(/^v/, "", $2); print $2 }' \
        "$here/go.mod"
}

# crate_version CRATE: which one Cargo.lock pins.
crate_version() {
    awk -v crate="\"$1\"" '$1 == "name" { name = $3 }
        $1 == "version" && name == crate { gsub(/"/, "", $3); print $3 }' "$here/Cargo.lock"
}

# Builds the program in $out as go.mod and go.sum there say, and nothing else.
build_go() {
    (cd "$out" && quietly go build -mod=readonly -buildvcs=false -trimpath -o server .)
}

# Runs a command whose output matters only when it fails.
quietly() {
    "$@" >> "$out/build.log" 2>&1 || {
        tail -n 40 "$out/build.log" >&2
        fail "this failed: $*; all of its output is in $out/build.log"
    }
}

# What a build depends on, as one number: the peer's files, the IDL, and words such as the versions
# of its tools.
fingerprint() {
    {
        find "$here" -type f -print0
        printf '%s\0' "${BASH_SOURCE[0]}" "$idl"
    } | sort -z | xargs -0 sha256sum | cat - <(printf '%s\n' "$@") | sha256sum
}

# begin WORD...: ends the script when the last build was of the same files and words; else empties
# the folder, but for what `keep` names (a cache that makes the next build shorter). A second build
# at the same time waits for the first, and finds it done.
keep=
begin() {
    mkdir -p "$out"
    exec 9> "$out/.lock"
    flock 9
    stamp=$(fingerprint "$@")
    if [ "$(cat "$out/.built" 2> /dev/null)" = "$stamp" ]; then
        exit 0
    fi
    find "$out" -mindepth 1 -maxdepth 1 ! -name .lock ! -name "${keep:-.lock}" -exec rm -rf {} +
}

# done_as VERSION: the build went well, and this is what it is made of.
done_as() {
    printf '%s\n' "$*" > "$out/version"
    printf '%s\n' "$stamp" > "$out/.built"
}

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
peer=$(basename "$here")
[ $# -eq 1 ] || { printf 'usage: %s OUT_DIR\n' "$0" >&2; exit 2; }
root=$(cd "$here/../../../.." && pwd)
# shellcheck disable=SC2034 # the scripts that begin with this one use it
idl=$root/tests/idl/conformance.thrift
mkdir -p "$1"
out=$(cd "$1" && pwd)

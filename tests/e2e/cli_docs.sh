#!/bin/bash
# The manual page says what --help says, and bash completes commands, flags, their words and methods.
set -euo pipefail
program=$DUNLIN_BIN_DIR/dunlin

fail() {
    printf 'FAIL: %s\n' "$*" >&2
    exit 1
}

diff -u "$DUNLIN_SOURCE_DIR/deploy/man/dunlin.1" <("$DUNLIN_SOURCE_DIR/deploy/man/make" "$program") \
    || fail "deploy/man/dunlin.1 is not up to date: deploy/man/make BINARY > deploy/man/dunlin.1"

server=
log=$(mktemp)
trap '[ -z "$server" ] || kill "$server"; rm -f "$log"' EXIT

# shellcheck source=deploy/bash-completion/dunlin.bash
source "$DUNLIN_SOURCE_DIR/deploy/bash-completion/dunlin.bash"

# Not in a completion, where bash has it.
compopt() {
    :
}

# completes WORD... = EXPECTED: the last word is what has been typed so far.
completes() {
    local -a expected=() words=()
    while [ "$1" != "=>" ]; do
        words+=("$1")
        shift
    done
    shift
    expected=("$@")
    COMP_WORDS=("$program" "${words[@]}") COMP_CWORD=${#words[@]}
    _dunlin
    [ "${COMPREPLY[*]}" = "${expected[*]}" ] \
        || fail "'dunlin ${words[*]}' completes to '${COMPREPLY[*]}', not '${expected[*]}'"
}

completes "c" "=>" call check
completes "pre" "=>" press
completes "press" "x:1" "--ra" "=>" "--rate="
completes "--ver" "=>" "--verbose" "--verify-name"
completes "call" "--protocol" "=" "th" "=>" thriftmux thrift
completes "call" "--protocol" "=" "=>" auto thriftmux ttwitter thrift
completes "call" "x:1" "--output" "=" "c" "=>" compact

"$DUNLIN_BIN_DIR/conformance_server" --tls.mode=off --thrift.port=0 > "$log" 2>&1 &
server=$!
for _ in {1..200}; do
    port=$(sed -n 's/^listening thrift .*://p' "$log")
    [ -z "$port" ] || break
    sleep 0.05
done
completes "call" "127.0.0.1:$port" "ev" "=>" everything
completes "help" "127.0.0.1:$port" "s" "=>" search sleep spin status
echo "ok: the manual page is up to date, completion completes"

#!/bin/bash
# The README's "Write your own service" and "Call another service", as a reader would do it: their
# files and commands are taken from the text, built and started; the first is called with Apache
# Thrift's Python, the second, which calls the first, with the `dunlin` command.
set -euo pipefail

folder=$(mktemp -d)
server=
trip=
cleanup() {
    [ -z "$server" ] || kill -KILL "$server" 2> /dev/null || true
    [ -z "$trip" ] || kill -KILL "$trip" 2> /dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

fail() {
    echo "FAIL: $*" >&2
    [ ! -s "$folder/log" ] || tail -n 40 "$folder/log" >&2
    exit 1
}

# The N-th fenced block of a language in the README.
block() {
    awk -v fence="\`\`\`$1" -v n="$2" \
        '$0 == fence { on = ++seen == n; next } /^```$/ { if (on) exit } on' \
        "$DUNLIN_SOURCE_DIR/README.md"
}

# The README's line that begins with $1.
line() {
    grep -m 1 "^$1" "$DUNLIN_SOURCE_DIR/README.md" || fail "the README has no line '$1' any more"
}

# The port that a service says it listens on, by its output.
port_of() {
    for _ in $(seq 100); do
        ! grep -q '^listening thrift' "$1" || break
        sleep 0.1
    done
    sed -n 's/^listening thrift 127\.0\.0\.1:\([0-9]*\)$/\1/p' "$1"
}

mkdir "$folder/weather"
ln -s "$DUNLIN_SOURCE_DIR" "$folder/dunlin"
cd "$folder/weather"
block thrift 1 > weather.thrift
block c 1 > weather.c
block cmake 1 > CMakeLists.txt
lines=$(cat weather.thrift weather.c CMakeLists.txt | grep -c .)
[ "$lines" -gt 30 ] || fail "the README has no example any more"
[ "$lines" -le 60 ] || fail "the README's example has grown to $lines lines"
block thrift 2 > trip.thrift
block c 2 > trip.c
block cmake 2 >> CMakeLists.txt
lines=$(cat trip.thrift trip.c | grep -c .)
[ "$lines" -gt 50 ] || fail "the README has no second example any more"
[ "$lines" -le 80 ] || fail "the README's second example has grown to $lines lines"

cmake -S . -B build -G Ninja > "$folder/log" 2>&1 || fail "it cannot be configured"
cmake --build build > "$folder/log" 2>&1 || fail "it cannot be built"
! grep -q "warning:" "$folder/log" || fail "the compiler warns"

build/weather --tls.mode=off --thrift.port=0 > "$folder/out" 2> "$folder/log" &
server=$!
port=$(port_of "$folder/out")
[ -n "$port" ] || fail "it does not listen: $(cat "$folder/out")"

thrift -r --gen py -I ../dunlin/idl -out . weather.thrift 2> /dev/null
cat > call.py << 'END'
import sys
from thrift.transport import TSocket, TTransport
from thrift.protocol import TBinaryProtocol
from weather import Weather
from weather.ttypes import TooCold

transport = TTransport.TFramedTransport(TSocket.TSocket("127.0.0.1", int(sys.argv[1])))
client = Weather.Client(TBinaryProtocol.TBinaryProtocol(transport))
transport.open()
print(client.ping(), client.celsius(212))
try:
    client.celsius(-500)
except TooCold as error:
    print(error.reason)
print(client.help_for("celsius").result)
END
said=$(/usr/bin/python3 call.py "$port")
[ "$said" = $'pong 100.0\nbelow absolute zero\ndouble' ] || fail "the caller saw '$said'"

# As typed, but for the ports and for which build the command is of.
read -ra command < <(line build/trip | sed "s/9091/0/; s/9090/$port/; s/ &//")
"${command[@]}" > "$folder/trip.out" 2> "$folder/log" &
trip=$!
trip_port=$(port_of "$folder/trip.out")
[ -n "$trip_port" ] || fail "the second does not listen: $(cat "$folder/trip.out")"
call=$(line "../dunlin/build/release/bin/dunlin call" | sed "s/9091/$trip_port/; s/^[^ ]*//")
said=$(bash -c "'$DUNLIN_BIN_DIR/dunlin' $call --output=compact") || fail "'$call' ends with $?"
[ "$(tr -d ' ' <<< "$said")" = '[0,100,"NaN"]' ] || fail "'$call' prints '$said'"
kill -TERM "$trip"
wait "$trip" || fail "the second one ended with exit code $? on SIGTERM"
trip=

kill -TERM "$server"
code=0
wait "$server" || code=$?
server=
[ "$code" = 0 ] || fail "it ended with exit code $code on SIGTERM"

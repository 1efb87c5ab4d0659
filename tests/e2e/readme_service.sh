#!/bin/bash
# The README's "Write your own service", as a reader would do it: its three files are taken from the
# text, built, started, and called with Apache Thrift's Python.
set -euo pipefail

folder=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || kill -KILL "$server" 2> /dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

fail() {
    echo "FAIL: $*" >&2
    [ ! -s "$folder/log" ] || tail -n 40 "$folder/log" >&2
    exit 1
}

# The first fenced block of a language in the README.
block() {
    awk -v fence="\`\`\`$1" '$0 == fence { on = 1; next } /^```$/ { if (on) exit } on' \
        "$DUNLIN_SOURCE_DIR/README.md"
}

mkdir "$folder/weather"
ln -s "$DUNLIN_SOURCE_DIR" "$folder/dunlin"
cd "$folder/weather"
block thrift > weather.thrift
block c > weather.c
block cmake > CMakeLists.txt
lines=$(cat weather.thrift weather.c CMakeLists.txt | grep -c .)
[ "$lines" -gt 30 ] || fail "the README has no example any more"
[ "$lines" -le 60 ] || fail "the README's example has grown to $lines lines"

cmake -S . -B build -G Ninja > "$folder/log" 2>&1 || fail "it cannot be configured"
cmake --build build > "$folder/log" 2>&1 || fail "it cannot be built"
! grep -q "warning:" "$folder/log" || fail "the compiler warns"

build/weather --tls.mode=off --thrift.port=0 > "$folder/out" 2> "$folder/log" &
server=$!
for _ in $(seq 100); do
    ! grep -q '^listening thrift' "$folder/out" || break
    sleep 0.1
done
port=$(sed -n 's/^listening thrift 127\.0\.0\.1:\([0-9]*\)$/\1/p' "$folder/out")
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

kill -TERM "$server"
code=0
wait "$server" || code=$?
server=
[ "$code" = 0 ] || fail "it ended with exit code $code on SIGTERM"

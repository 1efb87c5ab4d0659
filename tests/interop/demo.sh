#!/bin/bash
# `./run demo`: two replicas of address_book find their place in a real ZooKeeper, a real Finagle
# client and ours find them there and call both over ThriftMux and mutual TLS; one replica is stopped
# and one is killed meanwhile. `--once` ends there; without it everything runs on until Ctrl-C.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

program=build/release/bin/address_book
dunlin=build/release/bin/dunlin
certificates=certs/dev
java_path=build/interop/java/finagle
path=/services/address_book
# Short, for a demonstration: a service's own default is Finagle's 20 s.
grace=2s
once=no
folder=
declare -A pid=() port=()
verdict=0

say() {
    if [ -t 1 ]; then
        printf '\n\033[1m==> %s\033[0m\n' "$*"
    else
        printf '\n==> %s\n' "$*"
    fi
}

die() {
    printf 'demo: %s\n' "$*" >&2
    exit 1
}

# shellcheck disable=SC2317 # traps call it
# The end, however it comes. `wait` keeps the shell from telling about each.
cleanup() {
    trap - EXIT
    exec 2> /dev/null # the shell tells of each that it kills
    jobs -p | xargs -r kill -KILL 2> /dev/null || true
    wait 2> /dev/null || true
    [ -z "$folder" ] || {
        tests/support/zookeeper.sh kill "$folder/zookeeper" 2> /dev/null || true
        rm -rf "$folder"
    }
}

prepare() {
    say "making certificates and the Finagle client (the first time Maven fetches Finagle: minutes)"
    certs/make-dev-ca
    tests/interop/prepare.sh java python
    local file
    for file in "$program" "$dunlin"; do
        [ -x "$file" ] || die "$file is missing: ./run build"
    done
    folder=$(mktemp -d)
    trap cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

start_zookeeper() {
    tests/support/zookeeper.sh start "$folder/zookeeper" "$folder/port"
    servers=127.0.0.1:$(cat "$folder/port")
    say "ZooKeeper runs on $servers"
}

# start_replica NAME SHARD: both keep their contacts in one SQLite file.
start_replica() {
    local name=$1 log=$folder/$1.log end=$((SECONDS + 20))
    : > "$folder/$name.out"
    setpriv --pdeathsig KILL -- "$program" --thrift.port=0 --zookeeper.shard="$2" \
        --tls.certificate=$certificates/server.pem --tls.key=$certificates/server.key \
        --tls.ca=$certificates/ca.pem --tls.crl=$certificates/crl.pem \
        --zookeeper.servers="$servers" --zookeeper.path=$path --zookeeper.session-timeout=4s \
        --server.drain-grace=$grace --address-book.file="$folder/contacts.sqlite" \
        > "$folder/$name.out" 2> "$log" < /dev/null &
    pid[$name]=$!
    until grep -q '^listening thrift ' "$folder/$name.out"; do
        kill -0 "${pid[$name]}" 2> /dev/null || die "the $name replica does not start: $(tail -5 "$log")"
        [ $SECONDS -lt $end ] || die "the $name replica does not listen: $(tail -5 "$log")"
        sleep 0.05
    done
    port[$name]=$(sed -n 's/^listening thrift .*://p' "$folder/$name.out")
    wait_for_member "$name"
    printf '    %-6s 127.0.0.1:%s, process %s\n' "$name" "${port[$name]}" "${pid[$name]}"
}

members() {
    /usr/bin/python3 -B tests/interop/support/members.py "$servers" $path
}

wait_for_member() {
    local end=$((SECONDS + 30))
    until members | grep -q "\"port\":${port[$1]}}"; do
        [ $SECONDS -lt $end ] || die "the $1 replica does not register: $(tail -5 "$folder/$1.log")"
        sleep 0.2
    done
}

show_members() {
    members | sed 's/^/    /'
}

start_load() {
    say "a Finagle client finds zk2!$servers!$path and calls over ThriftMux and mutual TLS"
    mkfifo "$folder/to" "$folder/from"
    setpriv --pdeathsig KILL -- java -Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData \
        -cp "$java_path/classes:$java_path/lib/*" interop.Demo "zk2!$servers!$path" \
        --tls-certificate=$certificates/client.pem --tls-key=$certificates/client.key \
        --tls-ca=$certificates/ca.pem < "$folder/to" > "$folder/from" 2> "$folder/load.log" &
    exec 8> "$folder/to" 9< "$folder/from"
    local line
    IFS= read -r -t 90 line <&9 || die "the client was not answered: $(tail -5 "$folder/load.log")"
    [ "$line" = @running ] || die "the client says: $line"
}

# Asks the client for what has happened since the last time: calls, failed, by_port.
ask() {
    local line word
    echo mark >&8
    IFS= read -r -t 30 line <&9 || die "the client has ended: $(tail -5 "$folder/load.log")"
    read -r _ calls _ failed line <<< "$line"
    by_port=()
    for word in $line; do
        word=${word##*:}
        by_port[${word%=*}]=${word#*=}
    done
}
declare -A by_port=()

# calls_to NAME: of those last asked for.
calls_to() {
    echo "${by_port[${port[$1]}]:-0}"
}

report() {
    printf '    %-34s %6s calls %4s failed    first: %5s   second: %5s\n' "$1" "$calls" "$failed" \
        "$(calls_to first)" "$(calls_to second)"
}

# watch SECONDS TEXT
watch() {
    sleep "$1"
    ask
    report "$2"
}

# Until both replicas get calls; what was called meanwhile counts, too.
until_both_are_called() {
    local end=$((SECONDS + 40)) all=0 lost=0 first=0 second=0
    until [ $first -gt 0 ] && [ $second -gt 0 ]; do
        [ $SECONDS -lt $end ] || die "the client calls only one of the replicas"
        sleep 1
        ask
        all=$((all + calls)) lost=$((lost + failed))
        first=$((first + $(calls_to first))) second=$((second + $(calls_to second)))
    done
    calls=$all failed=$lost
    by_port=([${port[first]}]=$first [${port[second]}]=$second)
    report "$1"
    [ "$lost" = 0 ] || fail "$lost calls failed although nothing had happened"
}

fail() {
    echo "    WRONG: $*"
    verdict=1
}

stop_gracefully() {
    local code=0
    say "the first replica is stopped: SIGTERM to process ${pid[first]}"
    kill -TERM "${pid[first]}"
    wait "${pid[first]}" || code=$?
    unset "pid[first]"
    ask
    report "until it had ended, exit code $code"
    graceful_calls=$calls graceful_failed=$failed
    watch 2 "two seconds later"
    graceful_calls=$((graceful_calls + calls)) graceful_failed=$((graceful_failed + failed))
    [ $code = 0 ] || fail "the replica's exit code is $code: $(tail -5 "$folder/first.log")"
    [ $graceful_failed = 0 ] || fail "a graceful stop may not fail a call"
    show_members
}

come_back() {
    say "it is started again; Finagle takes up to 10 s until it believes in a new member"
    start_replica first 0
    until_both_are_called "until both were called"
}

kill_hard() {
    say "the second replica is killed: SIGKILL to process ${pid[second]}"
    kill -KILL "${pid[second]}"
    wait "${pid[second]}" 2> /dev/null || true
    unset "pid[second]"
    watch 2 "the first two seconds"
    killed_calls=$calls killed_failed=$failed
    watch 6 "the next six"
    killed_calls=$((killed_calls + calls)) killed_failed=$((killed_failed + failed))
    [ "$failed" = 0 ] || fail "calls still fail although the other replica is there"
    echo "    ZooKeeper, its session having ended:"
    show_members
}

# How the `dunlin` command calls here: by name, over ThriftMux and mutual TLS.
dunlin_settings() {
    printf '%s\n' --log.level=error --tls.certificate=$certificates/client.pem \
        --tls.key=$certificates/client.key --tls.ca=$certificates/ca.pem
}

call_with_dunlin() {
    local -a settings
    local method
    mapfile -t settings < <(dunlin_settings)
    say "our own client finds the same name: dunlin call"
    for method in now count; do
        printf '    %-8s' "$method"
        "$dunlin" call "zk2!$servers!$path" "$method" --output=compact "${settings[@]}" \
            || fail "dunlin call ends with exit code $?"
    done
}

# Our client's calls go on beside Finagle's while a replica stops.
start_press() {
    local -a settings
    mapfile -t settings < <(dunlin_settings)
    say "and calls 200 times a second beside Finagle: dunlin press"
    setpriv --pdeathsig KILL -- "$dunlin" press "zk2!$servers!$path" count --rate=200 \
        --duration=1h "${settings[@]}" > "$folder/press" 2> "$folder/press.log" &
    press=$!
}

end_press() {
    local code=0
    kill -TERM "$press"
    wait "$press" || code=$?
    say "dunlin press ends, exit code $code"
    sed 's/^/    /' "$folder/press"
    [ $code = 0 ] || fail "a graceful stop may not fail a call of ours: $(tail -5 "$folder/press.log")"
}

sum_up() {
    say "the sum"
    printf '    stopped gracefully under load: %6s calls, %s failed\n' "$graceful_calls" "$graceful_failed"
    printf '    killed under load:             %6s calls, %s failed (those that it was working on)\n' \
        "$killed_calls" "$killed_failed"
}

explain() {
    say "everything runs on until Ctrl-C: call it yourself"
    cat <<TEXT
    by name   zk2!$servers!$path
    by port   127.0.0.1:${port[first]} and 127.0.0.1:${port[second]}; Thrift (framed or not) or ThriftMux
    with      $PWD/$certificates/client.pem, client.key, ca.pem
    as in     tests/interop/python/ask_book.py ${port[first]} Love
    logs      $folder/first.log, $folder/second.log

    Stop one (kill -TERM ${pid[first]}) or kill one (kill -KILL ${pid[second]}): the client's calls go on.

TEXT
}

# One line every ten seconds, whatever is done to the replicas.
run_on() {
    start_replica second 1
    explain
    trap 'exit $verdict' INT
    while :; do
        sleep 10 &
        wait $! || true
        ask
        report "$(date +%T)"
    done
}

case ${1:-} in
    --once) once=yes ;;
    "") ;;
    *) die "no option '$1': ./run demo [--once]" ;;
esac
prepare
start_zookeeper
say "two replicas of the address book, each over mutual TLS, register in $path"
start_replica first 0
start_replica second 1
show_members
start_load
until_both_are_called "calls so far"
watch 3 "three seconds"
call_with_dunlin
start_press
stop_gracefully
end_press
come_back
kill_hard
sum_up
if [ $once = no ]; then
    run_on
fi
exit $verdict

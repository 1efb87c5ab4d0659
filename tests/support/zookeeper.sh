#!/usr/bin/env bash
# A ZooKeeper for demonstrations and tests: Debian's, standalone, on a free loopback port.
#
#   zookeeper.sh start DIRECTORY [PORTFILE] [PORT]   back when it takes sessions
#   zookeeper.sh stop DIRECTORY                      its data stays
#   zookeeper.sh kill DIRECTORY                      with SIGKILL
#   zookeeper.sh status DIRECTORY                    exit code 0: it runs
#
# Writes DIRECTORY/{port,pid,log,zoo.cfg}, and the port into PORTFILE too. A second start in the
# same directory uses the same port and data.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
jar=/usr/share/java/zookeeper.jar
patience_s=60

fail () {
    echo "zookeeper.sh: $*" >&2
    exit 1
}

usage () {
    sed -n '4,7s/^#   //p' "$0" >&2
    exit 2
}

# Outside the kernel's ephemeral ports (32768 and up), so that nothing takes it between two starts.
pick_port () {
    local port
    for _ in {1..100}; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    fail "no free port between 20000 and 32000"
}

write_config () {
    cat >"$directory/zoo.cfg" <<END
tickTime=500
dataDir=$directory/data
clientPort=$1
clientPortAddress=127.0.0.1
maxClientCnxns=0
admin.enableServer=false
4lw.commands.whitelist=srvr
END
}

# "ruok" is answered before sessions are: only "srvr" tells.
answers () {
    (
        exec 3<>"/dev/tcp/127.0.0.1/$1"
        printf srvr >&3
        [[ $(head -c 17 <&3) == "Zookeeper version" ]]
    ) 2>/dev/null
}

# The process of the pid file, if it is still ours and not another one with its number.
running_pid () {
    local pid
    [[ -s $directory/pid ]] || return 1
    pid=$(<"$directory/pid")
    [[ -r /proc/$pid/cmdline ]] || return 1
    tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qxF "$directory/zoo.cfg" || return 1
    echo "$pid"
}

# In a session of its own: Ctrl-C is for whoever started it, who then stops it.
launch () {
    setsid java "@$here/zookeeper.args" \
        org.apache.zookeeper.server.quorum.QuorumPeerMain "$directory/zoo.cfg" \
        >"$directory/log" 2>&1 </dev/null &
    echo $! >"$directory/pid"
}

# Fails when the process has ended, as when somebody else took the port meanwhile.
wait_until_up () {
    local port=$1 end=$((SECONDS + patience_s))
    until answers "$port"; do
        kill -0 "$(<"$directory/pid")" 2>/dev/null || return 1
        ((SECONDS < end)) || fail "no answer on port $port in $patience_s s: see $directory/log"
        sleep 0.05
    done
}

start () {
    local portfile=${1:-} port=${2:-} attempt
    command -v java >/dev/null || fail "java is missing: install default-jre-headless"
    [[ -r $jar ]] || fail "$jar is missing: install zookeeper"
    running_pid >/dev/null && fail "it runs already in $directory"
    mkdir -p "$directory/data"
    [[ -n $port || ! -s $directory/port ]] || port=$(<"$directory/port")
    for attempt in {1..5}; do
        local chosen=${port:-$(pick_port)}
        write_config "$chosen"
        launch
        if wait_until_up "$chosen"; then
            echo "$chosen" >"$directory/port"
            [[ -z $portfile ]] || echo "$chosen" >"$portfile"
            return
        fi
        [[ -z $port ]] || break
    done
    fail "it does not start (attempt $attempt): see $directory/log"
}

stop () {
    local pid end=$((SECONDS + 10))
    pid=$(running_pid) || return 0
    kill "-$1" "$pid" 2>/dev/null || true
    while running_pid >/dev/null; do
        ((SECONDS < end)) || kill -KILL "$pid" 2>/dev/null || true
        sleep 0.05
    done
    rm -f "$directory/pid"
}

[[ $# -ge 2 ]] || usage
command=$1
mkdir -p "$2"
directory=$(cd "$2" && pwd)
case $command in
start) start "${@:3}" ;;
stop) stop TERM ;;
kill) stop KILL ;;
status) running_pid >/dev/null ;;
*) usage ;;
esac

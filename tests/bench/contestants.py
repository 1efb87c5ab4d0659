"""The servers that are compared: Dunlin, the limit, and the peers of peers/peers.json."""
import pathlib

import machine
from peers import peers

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Whatever ends this program ends what it has started.
LEASH = ["setpriv", "--pdeathsig", "KILL", "--"]
# The load's idle connections never say a word, for which Dunlin gives a new one 30 s by default.
SILENCE = "10m"


class Dunlin:
    """conformance_server as it is released: all default filters, the access log in a file."""

    name = column = "dunlin"
    label = "Dunlin"
    tls_library = "OpenSSL"
    lasting = False
    warm_up_seconds = 0.0

    def __init__(self, binaries, folder):
        self.program = pathlib.Path(binaries) / "conformance_server"
        self.folder = pathlib.Path(folder)

    def version(self):
        return machine.said_by(str(self.program), "--version")

    def why_not(self, load):
        return ""

    def command(self, load, certs):
        tls = ["--tls.mode=off"] if load.tls == "off" else [
            f"--tls.certificate={certs / 'server.pem'}", f"--tls.key={certs / 'server.key'}",
            f"--tls.ca={certs / 'ca.pem'}"]
        resumption = ["--tls.resumption=true"] if load.handshakes == "resumed" else []
        silence = [f"--thrift.read-timeout={SILENCE}"] if load.idle else []
        return [self.program, "--thrift.port=0", *tls, *resumption, *silence,
                f"--server.reactors={load.loops}",
                f"--access-log.path={self.folder / 'access.log'}"]


class Limit:
    """One thread that reads a frame and writes a prebuilt reply: no server can be cheaper."""

    name = column = "limit"
    label = "the limit"
    tls_library = "OpenSSL"
    lasting = False
    warm_up_seconds = 0.0

    def __init__(self, binaries):
        self.program = pathlib.Path(binaries) / "bench_limit"

    def version(self):
        return ""

    def why_not(self, load):
        if not self.program.is_file():
            return "bench_limit is not built"
        return "it has no such load" if load.sleeps or load.loops > 1 or not load.limit else ""

    def command(self, load, certs):
        return [self.program, f"--tls={load.tls}", f"--certificate={certs / 'server.pem'}",
                f"--key={certs / 'server.key'}", f"--ca={certs / 'ca.pem'}", "--loops=1"]


class Peer:
    """Somebody else's server, as peers.py has it."""

    def __init__(self, peer):
        self.peer = peer
        self.name = peer.name
        self.label = peer.label
        self.column = "finagle" if peer.name.startswith("finagle") else peer.name
        self.tls_library = peer.tls_library
        self.warm_up_seconds = float(peer.warm_up_seconds)
        # A virtual machine that has warmed up is not thrown away.
        self.lasting = self.warm_up_seconds > 3

    def version(self):
        return self.peer.version()

    def why_not(self, load):
        """Why this load is none for it: a line, or nothing."""
        peer = self.peer
        if not load.peers:
            return "Dunlin alone"
        if load.protocol not in peer.protocols:
            return f"it does not speak {load.protocol}"
        if load.tls != "off" and not peer.tls:
            return "it has no mutual TLS"
        if load.tls == "off" and peer.tls:
            return "compared with TLS"
        if peer.one_connection and load.all_connections > 1:
            return "it serves one connection at a time"
        if load.protocol == "framed" and load.in_flight > 1 and not peer.pipelines:
            return "it must not be sent a call before the last one is answered"
        if load.handshakes == "resumed" and not peer.resumes:
            return "it resumes no session"
        if load.sleeps and (peer.waits == "loop" or self.lasting):
            return "its memory says nothing of a call that sleeps"
        if load.idle >= 10000 and peer.waits == "thread":
            return "it would need ten thousand threads"
        return ""

    def command(self, load, certs):
        return self.peer.command_line(tls=load.tls, certs=certs, loops=load.loops,
                                      connections=load.all_connections)


class Servers:
    """Those that run: each in a process of its own, kept while the same is asked for again."""

    def __init__(self, certs, log):
        self.certs = certs
        self.log = log
        self.running = {}  # name: (command, peers.Running)

    def get(self, contestant, load, pinning):
        """Returns: (the running server, whether it is new)."""
        command = [*LEASH, *machine.pinned(contestant.command(load, self.certs), pinning.server)]
        known, running = self.running.get(contestant.name, (None, None))
        if known == command and running.process.poll() is None:
            return running, False
        self.end(contestant)
        running = self.start(command)
        self.running[contestant.name] = command, running
        return running, True

    def start(self, command):
        begun = self.log.seek(0, 2)
        try:
            return peers.Running(command, self.log)
        except peers.Failed:
            self.log.seek(begun)
            lines = self.log.read().strip().splitlines()
            said = f": {lines[-1][:200]}" if lines else ""
            raise peers.Failed(f"it does not listen{said}") from None

    def end(self, contestant):
        _, running = self.running.pop(contestant.name, (None, None))
        if running is not None:
            running.stop()

    def end_all(self, contestants):
        for contestant in contestants:
            self.end(contestant)


def build_peers(wanted, say):
    """Returns: (those that could be built, why the others could not by name)."""
    built, left_out = [], {}
    known = peers.load()
    for name, peer in known.items():
        if wanted and name not in wanted:
            continue
        try:
            say(f"{peer.label}: {peer.build()}")
        except peers.LeftOut as reason:
            left_out[name] = str(reason)
        except peers.Failed as error:
            left_out[name] = f"{name}: left out: it does not build: {_last_line(error)}"
        else:
            built.append(Peer(peer))
            continue
        say(left_out[name])
    return built, left_out


def _last_line(error):
    return str(error).strip().splitlines()[-1]

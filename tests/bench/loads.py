"""What is measured: one row a load, in the order in which they are run and shown.

A load is a call, over a protocol, on so many connections with so many calls in flight on each. What
counts in it is the first of its `figures`, by which contestants are compared; figures.py says what
they are. The seconds are those of the measured window of one measurement, in a full run
and in a quick one; with 0 the quick run leaves the load out.
"""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Load:
    """One row; its defaults are the usual case: framed Thrift, mutual TLS 1.3, one loop."""

    name: str
    title: str
    call: str = "ping"
    connections: int = 64
    in_flight: int = 1
    protocol: str = "framed"
    tls: str = "1.3"
    idle: int = 0
    rate: int = 0  # calls a second over all connections; 0: as fast as they are answered
    handshakes: str = ""
    loops: int = 1
    figures: tuple = ("cpu_us",)
    seconds: tuple = (0.6, 0.3)
    warm_up: float = 0.2
    fresh: bool = False  # memory: a new process for each measurement
    rounds: int = 0  # of the peers, where the preparation takes long; 0: as all
    peers: bool = True
    limit: bool = True

    @property
    def all_connections(self):
        return self.connections + self.idle

    @property
    def sleeps(self):
        return self.call.startswith("sleep:")


# What the slowest of them can take on one core, so that their latencies compare.
RATE = 8000


def scaling(loops):
    """Without pinning where the load generator would have no core of its own."""
    return Load(f"loops-{loops}", f"`ping`, mux 8 x 16, {loops} loop{'s' if loops > 1 else ''}",
                protocol="mux", connections=8, in_flight=16, loops=loops, peers=False, limit=False,
                figures=("calls_per_second", "cpu_us"))


LOADS = [
    Load("ping-1", "`ping`, 1 connection", connections=1, figures=("cpu_us", "p50_us")),
    Load("ping-64", "`ping`, 64 connections"),
    Load("get-64", "`get` (200 bytes), 64 connections", call="get"),
    Load("ping-1024", "`ping`, 1,024 connections", connections=1024, seconds=(0.6, 0)),
    Load("get-1024", "`get`, 1,024 connections", call="get", connections=1024, seconds=(0.6, 0)),
    Load("echo64k-64", "`echo` of 64 KiB, 64 connections", call="echo:65536"),
    Load("echo4m-4", "`echo` of 4 MiB, 4 connections", call="echo:4194304", connections=4,
         seconds=(1.0, 0)),
    Load("ping-framed-8x16", "`ping`, 8 connections x 16 pipelined", connections=8, in_flight=16),
    Load("get-framed-8x16", "`get`, 8 connections x 16 pipelined", call="get", connections=8,
         in_flight=16, seconds=(0.6, 0)),
    Load("ping-mux-8x16", "`ping`, mux, 8 connections x 16", protocol="mux", connections=8,
         in_flight=16),
    Load("get-mux-8x16", "`get`, mux, 8 connections x 16", call="get", protocol="mux",
         connections=8, in_flight=16),
    Load("ping-plain-1", "`ping`, 1 connection, without TLS", connections=1, tls="off",
         seconds=(0.6, 0)),
    Load("ping-tls12-64", "`ping`, 64 connections, TLS 1.2", tls="1.2", peers=False,
         seconds=(0.6, 0)),
    Load("ping-ttwitter-64", "`ping`, TTwitter, 64 connections", protocol="ttwitter", limit=False,
         seconds=(0.6, 0)),
    Load("get-rate-64", f"`get`, 64 connections, {RATE:,} calls a second", call="get", rate=RATE,
         figures=("p50_us", "p99_us", "p999_us"), seconds=(1.0, 0)),
    Load("handshake-full", "full handshakes", connections=8, handshakes="full",
         figures=("handshake_us",)),
    Load("handshake-resumed", "resumed handshakes", connections=8, handshakes="resumed",
         figures=("handshake_us",), seconds=(1.0, 0)),
    Load("idle-1000", "1,000 idle connections beside 64 busy ones", idle=1000, fresh=True,
         figures=("idle_kib", "cpu_us"), rounds=1),
    Load("idle-10000", "10,000 idle connections beside 64 busy ones", idle=10000, fresh=True,
         figures=("idle_kib", "cpu_us"), seconds=(1.0, 0), rounds=1, limit=False),
    Load("sleep-10000", "10,000 calls that sleep 50 ms, mux, 100 connections x 100",
         call="sleep:50", protocol="mux", connections=100, in_flight=100, fresh=True, limit=False,
         figures=("asleep_kib", "cpu_us"), seconds=(1.0, 0)),
    scaling(1), scaling(2), scaling(4), scaling(8),
]


def pick(names, quick, cores):
    """The loads of this run; without `names` all. Raises KeyError with a name that is none."""
    known = {load.name: load for load in LOADS}
    if names:
        return [known[name] for name in names]
    return [load for load in LOADS if load.loops <= cores and not (quick and _left_out(load))]


def _left_out(load):
    return load.seconds[1] == 0 or load.name.startswith("loops-")

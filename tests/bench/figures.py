"""From what the load generator said to the figures that are shown, and their statistics. Results
are plain dictionaries, as they are written to results.json:

  results["loads"][load]["servers"][server] = {"runs": [{"round", figure..., "raw"}],
                                               "failures": [text]}
"""
import dataclasses
import statistics

# What is shown of each, and whether less of it is better.
NAMES = {
    "cpu_us": ("server CPU us per call", True),
    "calls_per_second": ("calls per second", False),
    "p50_us": ("p50 us", True),
    "p99_us": ("p99 us", True),
    "p999_us": ("p99.9 us", True),
    "handshake_us": ("server CPU us per handshake", True),
    "idle_kib": ("KiB per idle connection", True),
    "asleep_kib": ("KiB per call asleep", True),
    "generator_us": ("load generator CPU us per call", True),
}
# What the load generator calls them.
OF_CALLS = {
    "cpu_us": "server_cpu_us_per_call", "generator_us": "client_cpu_us_per_call",
    "calls_per_second": "calls_per_second", "p50_us": "p50_us", "p99_us": "p99_us",
    "p999_us": "p999_us",
}
# What a virtual machine that is not warm yet cannot be judged by.
OF_TIME = ("cpu_us", "calls_per_second", "p50_us", "p99_us", "p999_us", "handshake_us")


@dataclasses.dataclass(frozen=True)
class Spread:
    """A median and what it was the median of."""

    median: float
    low: float
    high: float
    n: int

    @classmethod
    def of(cls, values):
        values = list(values)
        return cls(statistics.median(values), min(values), max(values), len(values)) \
            if values else None

    @property
    def percent(self):
        """Half of the range, in percent of the median."""
        return (self.high - self.low) / 2 / self.median * 100 if self.median else 0.0


def of_run(raw, load):
    """The figures of one measurement."""
    figures = {}
    if raw.get("calls"):
        figures = {name: raw[said] for name, said in OF_CALLS.items() if raw.get(said) is not None}
    if raw.get("handshakes") and load.handshakes:
        figures["handshake_us"] = 1e6 / raw["handshakes_per_server_cpu_second"]
    rss = raw.get("server_rss_kib") or {}
    if load.idle and {"before", "standing"} <= rss.keys():
        figures["idle_kib"] = (rss["standing"] - rss["before"]) / load.all_connections
    if load.sleeps and {"standing", "peak"} <= rss.keys():
        figures["asleep_kib"] = (rss["peak"] - rss["standing"]) / (load.connections * load.in_flight)
    return figures


def _runs(results, load, server):
    return results["loads"].get(load, {}).get("servers", {}).get(server, {}).get("runs", [])


def by_round(results, load, server, figure):
    return {run["round"]: run[figure] for run in _runs(results, load, server)
            if run.get(figure) is not None}


def spread(results, load, server, figure):
    """Returns: a Spread, or None when it was not measured."""
    return Spread.of(by_round(results, load, server, figure).values())


def ratio(results, ours, others, figure):
    """Of (load, server) to (load, server): the median of the rounds' ratios, since what is measured
    within one round had the same neighbours. None where no round has both."""
    one, other = by_round(results, *ours, figure), by_round(results, *others, figure)
    return Spread.of(one[i] / other[i] for i in one if other.get(i))


def was_measured(results, server):
    return any(_runs(results, load, server) for load in results["loads"])


def failures(results, load, server):
    return results["loads"].get(load, {}).get("servers", {}).get(server, {}).get("failures", [])


def servers_of(results, load, figure):
    """Those that have the figure, the best first."""
    found = [(spread(results, load, name, figure), name)
             for name in results["loads"].get(load, {}).get("servers", {})]
    sign = 1 if NAMES[figure][1] else -1
    return [name for _, name in sorted(((sign * one.median, name) for one, name in found if one))]


OURS = ("dunlin", "limit")


def best_peer(results, load, figure):
    """Returns: the name of the best that is neither ours nor the limit, or None."""
    return next((name for name in servers_of(results, load, figure) if name not in OURS), None)

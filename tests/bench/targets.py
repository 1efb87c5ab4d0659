"""What Dunlin is to reach, and whether it did: each target is a line of this table."""
import dataclasses
import fnmatch

import figures
import tables

# "Level with" somebody: what two runs of the same server differ by on a quiet machine.
LEVEL = 1.05


@dataclasses.dataclass(frozen=True)
class Target:
    """Dunlin's figure in a load, as a multiple of another's or (with no other) by itself.

    `against` is a pattern of server names, of which every one that was measured counts; or "best",
    the best peer there; or "load:NAME", Dunlin itself in another load. `openssl` takes only those
    that use the same TLS library.
    """

    load: str
    figure: str
    against: str
    most: float = 0.0
    least: float = 0.0
    openssl: bool = False


def _usual(load, of_limit):
    return [Target(load, "cpu_us", "limit", of_limit),
            Target(load, "cpu_us", "volo", LEVEL),
            Target(load, "cpu_us", "kitex", 1.0),
            Target(load, "cpu_us", "cpp-*", 1.0),
            Target(load, "cpu_us", "finagle*", 0.5)]


TARGETS = [
    *_usual("ping-64", 1.2),
    *_usual("get-64", 1.3),
    Target("ping-mux-8x16", "cpu_us", "limit", 2.5),
    Target("ping-mux-8x16", "cpu_us", "finagle*", 0.2),
    Target("ping-framed-8x16", "cpu_us", "limit", 2.5),
    Target("ping-framed-8x16", "cpu_us", "volo", 0.25),
    Target("ping-framed-8x16", "cpu_us", "cpp-*", 0.25),
    Target("echo64k-64", "cpu_us", "limit", 1.15),
    Target("echo64k-64", "cpu_us", "cpp-*", 1.0),
    Target("echo64k-64", "cpu_us", "go", 1.0),
    Target("echo64k-64", "cpu_us", "kitex", 1.0),
    Target("echo64k-64", "cpu_us", "volo", LEVEL),
    Target("ping-1", "p50_us", "limit", 1.15),
    Target("ping-1", "p50_us", "best", 1.0),
    Target("handshake-full", "handshake_us", "limit", 1 / 0.95),
    Target("handshake-full", "handshake_us", "best", 1.0, openssl=True),
    Target("idle-10000", "idle_kib", "", 32.0),
    Target("idle-10000", "idle_kib", "best", 1.0),
    Target("sleep-10000", "asleep_kib", "", 12.0),
    Target("idle-10000", "cpu_us", "load:ping-64", 1.1),
    Target("loops-2", "calls_per_second", "load:loops-1", least=1.8),
]


def _rivals(target, results):
    """The (load, server) pairs that the target is about."""
    if target.against.startswith("load:"):
        return [(target.against[5:], "dunlin")]
    there = [name for name in figures.servers_of(results, target.load, target.figure)
             if name != "dunlin" and _counts(target, results, name)]
    if target.against == "best":
        return [(target.load, name) for name in there if name != "limit"][:1]
    return [(target.load, name) for name in there if fnmatch.fnmatch(name, target.against)]


def _counts(target, results, name):
    library = results["servers"].get(name, {}).get("tls_library")
    return not target.openssl or library == "OpenSSL"


def _verdict(target, value):
    if target.least:
        return "reached" if value >= target.least \
            else f"missed by {(1 - value / target.least) * 100:.0f} %"
    over = value / target.most
    if over <= 1:
        return "reached"
    return f"missed by {(over - 1) * 100:.0f} %" if over < 2 else f"missed: {over:.1f} times that"


def _row(target, rival, value, spread):
    words, _ = figures.NAMES[target.figure]
    bound = f"at least {target.least:g}" if target.least else f"at most {target.most:.3g}"
    return {"load": target.load, "figure": words, "against": rival, "bound": bound,
            "value": value, "low": spread.low if spread else None,
            "high": spread.high if spread else None,
            "verdict": "not measured" if value is None else _verdict(target, value)}


def _label(load, server, target):
    return f"Dunlin, {load}" if target.against.startswith("load:") else tables.short(server)


def _shares_cores(results, target):
    """More loops than cores for them show nothing."""
    return target.least and "share" in results["loads"][target.load].get("pinning", "")


def check(results):
    """Returns: a row for each target of the loads that were run."""
    rows = []
    for target in TARGETS:
        if target.load not in results["loads"]:
            continue
        own = (target.load, "dunlin")
        if not target.against:
            spread = figures.spread(results, *own, target.figure)
            rows.append(_row(target, "", spread and spread.median, spread))
            continue
        rivals = _rivals(target, results)
        for rival in rivals:
            spread = figures.ratio(results, own, rival, target.figure)
            rows.append(_row(target, _label(*rival, target), spread and spread.median, spread))
        if _shares_cores(results, target):
            rows[-1]["verdict"] = "not judged: too few cores"
        if not rivals:
            rows.append(_row(target, target.against, None, None))
    return rows

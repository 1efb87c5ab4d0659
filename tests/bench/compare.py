"""Two results of Dunlin side by side, so that a commit can show its gain."""
import figures
import tables

SHOWN = ("cpu_us", "calls_per_second", "p50_us", "p99_us", "handshake_us", "idle_kib", "asleep_kib")


def _against_limit(results, load, figure):
    """What two runs have in common: how much the limit took in the same run."""
    found = figures.ratio(results, (load, "dunlin"), (load, "limit"), figure)
    return found.median if found else None


def _change(then, now):
    return f"{(now / then - 1) * 100:+.1f} %" if then and now else ""


def _is_noise(one, other):
    return one.low <= other.high and other.low <= one.high


def rows(old, new):
    for load in old["loads"]:
        for figure in SHOWN:
            one = figures.spread(old, load, "dunlin", figure)
            other = figures.spread(new, load, "dunlin", figure)
            if not one or not other:
                continue
            limits = [_against_limit(results, load, figure) for results in (old, new)]
            yield [load, figures.NAMES[figure][0], tables.number(one.median),
                   tables.number(other.median), _change(one.median, other.median),
                   _change(*limits), "within the spread" if _is_noise(one, other) else ""]


def warnings(old, new):
    for what in ("cpu", "cores", "kernel"):
        if old["machine"][what] != new["machine"][what]:
            yield f"other {what}: {old['machine'][what]} and {new['machine'][what]}"
    for what in ("compiler", "openssl"):
        if old["versions"][what] != new["versions"][what]:
            yield f"other {what}: {old['versions'][what]} and {new['versions'][what]}"
    if old["quick"] != new["quick"]:
        yield "one was a quick run, the other a full one"


def text(old, new):
    lines = [f"Dunlin {old['versions']['dunlin']} and {new['versions']['dunlin']}"]
    lines += [f"careful: {line}" for line in warnings(old, new)]
    found = list(rows(old, new))
    if not found:
        return "\n".join([*lines, "they have no load of Dunlin's in common"]) + "\n"
    head = ["load", "figure", "first", "second", "change", "against the limit", ""]
    return "\n".join(lines) + "\n" + tables.text(head, found)

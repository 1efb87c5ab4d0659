"""The README's section "Speed": what lies between two markers is written from a run's results,
which are kept beside the charts in tests/bench/results/."""
import json
import pathlib
import shutil

import charts
import clients
import tables

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
KEPT = ROOT / "tests" / "bench" / "results"
BEGIN, END = "<!-- ./run bench --readme: begin -->", "<!-- ./run bench --readme: end -->"
ALT = {"cpu": "Server CPU per call of Dunlin, the limit and other servers, as bars",
       "memory": "Memory per idle connection, as bars",
       "latency": "Latency of a call, as lines from p50 to p99.9"}


class NoMarkers(Exception):
    """README.md has no place for the table."""


def _picture(name):
    folder = KEPT.relative_to(ROOT)
    return (f'<picture><source media="(prefers-color-scheme: dark)" '
            f'srcset="{folder}/{name}-dark.svg"><img alt="{ALT[name]}" '
            f'src="{folder}/{name}-light.svg"></picture>')


def _missed(results):
    """What was not reached, in words."""
    rows = [row for row in results["targets"] if row["verdict"].startswith("missed")]
    reached = sum(row["verdict"] == "reached" for row in results["targets"])
    yield f"Of the targets of this project, {reached} of {reached + len(rows)} that could be " \
          "measured were reached" + ("; not these:" if rows else ".")
    if rows:
        yield ""
    for row in rows:
        against = f" against {row['against']}" if row["against"] else ""
        yield f"- {row['load']}, {row['figure']}{against}: {tables.number(row['value'])}, wanted " \
              f"{row['bound']} ({row['verdict']})"


def section(results, made):
    """What goes between the markers."""
    pictures = [_picture(name) for name in charts.CHARTS if f"{name}-light.svg" in made]
    parts = ["\n\n".join(pictures), tables.markdown(*tables.ratios(results)).rstrip(),
             clients.section(results).rstrip(), "\n".join(_missed(results)),
             "\n".join(f"- {one}" for one in tables.setting(results))]
    return "\n\n".join(part for part in parts if part)


def replaced(text, inside):
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NoMarkers(f"README.md lacks the lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{inside}\n\n{END}{after}"


def without_raw(results):
    """The figures are kept, not everything that the load generator said."""
    kept = json.loads(json.dumps(results))
    rows = [*kept["loads"].values(), *((kept.get("clients") or {}).get("loads") or {}).values()]
    for load in rows:
        for server in load["servers"].values():
            for run in server["runs"]:
                run.pop("raw", None)
    return kept


def write(results):
    """Rewrites README.md and tests/bench/results/."""
    text = README.read_text()
    replaced(text, "")  # before anything is written
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    made = charts.write(results, KEPT)
    (KEPT / "results.json").write_text(json.dumps(without_raw(results), indent=1) + "\n")
    README.write_text(replaced(text, section(results, made)))

#!/usr/bin/env python3
"""Instructions, system calls and clock reads per call, counted by callgrind in build/release's
bench_cost: the same in every run, however busy the machine is. Without options it is a test: a case
that costs more than 10 % above baseline.json fails, and where valgrind is missing it is skipped.

  cost.py --show               prints every case's figures beside the baseline's
  cost.py --keep=DIR           likewise, and keeps DIR/callgrind.out.CASE for callgrind_annotate
  cost.py --case=NAME ...      these cases only (a part of the name will do)
  cost.py --repeat=N           runs each case N times and shows how far the figures differ
  cost.py --update             writes the baseline anew, from a release build without warnings
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BASELINE = HERE / "baseline.json"
PROGRAM = HERE.parents[2] / "build" / "release" / "bin" / "bench_cost"
ALLOWED = 1.10
SKIPPED = 77
FIGURES = {"instructions": "instructions", "system_calls": "system calls"}


class Failed(Exception):
    """A case that could not be run."""


# --- versions

def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip().splitlines()[0]


def library(name):
    return first_line("pkg-config", "--modversion", name)


def versions(compiler):
    name = "clang" if "clang" in first_line(compiler, "--version") else "gcc"
    return {
        "compiler": f"{name} {first_line(compiler, '-dumpfullversion', '-dumpversion')}",
        "glib": library("glib-2.0"),
        "glibc": os.confstr("CS_GNU_LIBC_VERSION").split()[-1],
        "libevent": library("libevent_core"),
        "openssl": library("openssl"),
        "thrift": library("thrift_c_glib"),
        "machine": os.uname().machine,
    }


def release_of(version):
    """What may change the figures more than a little: "3.0" of 3.0.17, "gcc 12" of gcc 12.2.0."""
    parts = version.split(".")
    return parts[0] if " " in version else ".".join(parts[:2])


def differing(then, now):
    return [f"{name} {now.get(name, 'none')} instead of {then[name]}" for name in sorted(then)
            if release_of(then[name]) != release_of(now.get(name, "none"))]


# --- counting

def steady():
    """A fixed layout of the address space, where the system lets us."""
    command = ["setarch", "-R"]
    possible = shutil.which("setarch") and subprocess.run(
        [*command, "true"], capture_output=True, check=False).returncode == 0
    return command if possible else []


def read_total(path):
    for line in path.read_text(errors="replace").splitlines():
        if line.startswith("totals:"):
            return int(line.split()[1])
    raise Failed(f"{path} has no line of totals")


def count(program, case, folder, detailed):
    """The figures of one case, per call."""
    out = folder / f"callgrind.out.{case}"
    command = [*steady(), "valgrind", "--tool=callgrind", "--instr-atstart=no",
               "--collect-atstart=no", f"--callgrind-out-file={out}",
               *(["--dump-instr=yes"] if detailed else []), str(program), case]
    # What is in the environment moves the stack, and GLib's allocator is to be the usual one.
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TMPDIR": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    said = re.search(r"^\{.*\}$", done.stdout, re.MULTILINE)
    if done.returncode != 0 or not said:
        raise Failed(f"{case}: {' '.join(command)} failed ({done.returncode}):\n{done.stderr}")
    counted = json.loads(said.group())
    if not counted["counted"]:
        raise Failed(f"{case}: {program} was built without valgrind/callgrind.h: install valgrind "
                     "and run ./run build")
    per_call = {name: round(counted[name] / counted["calls"], 3)
                for name in ("system_calls", "clock_reads")}
    return {"instructions": round(read_total(out) / counted["calls"]), **per_call}


def cases_of(program, wanted):
    names = subprocess.run([str(program), "--list"], capture_output=True, text=True,
                           check=True).stdout.split()
    chosen = [name for name in names if not wanted or any(part in name for part in wanted)]
    if not chosen:
        raise Failed(f"no case is named {' or '.join(wanted)}; there are: {' '.join(names)}")
    return chosen


def count_all(options, folder):
    names = cases_of(options.program, options.case)
    jobs = [(name, turn) for turn in range(options.repeat) for name in names]

    def run(job):
        name, turn = job
        own = pathlib.Path(folder) / str(turn) if options.repeat > 1 else pathlib.Path(folder)
        own.mkdir(parents=True, exist_ok=True)
        return name, count(options.program, name, own, options.keep is not None)

    figures = {}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name, found in pool.map(run, jobs):
            figures.setdefault(name, []).append(found)
    return figures


# --- telling

def percent(now, then):
    return f"{(now / then - 1) * 100:+.1f} %"


def show(figures, baseline):
    print(f"{'per call':26}{'instructions':>13}{'baseline':>10}{'':>10}{'system calls':>14}"
          f"{'clock reads':>13}")
    for name, found in figures.items():
        now = found[0]
        then = baseline["cases"].get(name, {}).get("instructions")
        held = f"{then:>10,}{percent(now['instructions'], then):>10}" if then else " " * 20
        print(f"{name:26}{now['instructions']:>13,}{held}{now['system_calls']:>14.3f}"
              f"{now['clock_reads']:>13.3f}")
        if len(found) > 1:
            print_spread(found)


def print_spread(found):
    for figure in ("instructions", "system_calls"):
        values = [one[figure] for one in found]
        spread = (max(values) / min(values) - 1) * 100
        print(f"    {figure} in {len(values)} runs: {min(values):,} to {max(values):,}, "
              f"{spread:.2f} % apart")


def complaints(figures, baseline):
    known = baseline["cases"]
    for name, found in figures.items():
        if name not in known:
            yield f"{name} has no baseline: cost.py --update writes one"
            continue
        for figure, words in FIGURES.items():
            now, then = found[0][figure], known[name][figure]
            if now > then * ALLOWED:
                more = (now / then - 1) * 100
                yield (f"{name} takes {now:,} {words} per call, {more:.1f} % more than the "
                       f"baseline's {then:,}")


def gains(figures, baseline):
    for name, found in figures.items():
        then = baseline["cases"].get(name, {}).get("instructions")
        if then and found[0]["instructions"] * ALLOWED < then:
            yield f"{name}: {percent(found[0]['instructions'], then)}"


REMEDY = """\
What it is spent on: tests/bench/cost/cost.py --keep=build/cost --case=NAME, then
callgrind_annotate build/cost/callgrind.out.NAME. Where the work is wanted, or the baseline stems
from other versions: tests/bench/cost/cost.py --update, and say why in the commit."""


def judge(figures, baseline, now):
    """The test's exit code."""
    found = list(complaints(figures, baseline))
    others = differing(baseline["versions"], now)
    for line in gains(figures, baseline):
        print(f"much cheaper than the baseline, which cost.py --update can hold: {line}")
    if found and others:
        print(*found, sep="\n")
        print(f"skipped: the baseline was made with other versions: {', '.join(others)}")
        return SKIPPED
    if found:
        print(*(f"FAIL {line}" for line in found), sep="\n")
        print(f"({BASELINE.relative_to(HERE.parents[2])} allows 10 % more.)\n{REMEDY}")
        return 1
    print(f"{len(figures)} cases cost what the baseline says, or at most 10 % more")
    return 0


def update(figures, old, now):
    cases = {name: found[0] for name, found in figures.items()}
    written = {"versions": now, "cases": {**old["cases"], **cases}}
    BASELINE.write_text(json.dumps(written, indent=2) + "\n")
    print(f"wrote {BASELINE.relative_to(HERE.parents[2])}")


# --- the command

def parse():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=PROGRAM)
    parser.add_argument("--compiler", default="cc")
    parser.add_argument("--case", action="append", default=[])
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--update", action="store_true")
    return parser.parse_args()


def measure(options):
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        return count_all(options, options.keep.resolve())
    with tempfile.TemporaryDirectory(prefix="dunlin-cost-") as folder:
        return count_all(options, folder)


def main():
    options = parse()
    if not shutil.which("valgrind"):
        print("skipped: valgrind is not installed: ./run deps test")
        return SKIPPED
    if not options.program.is_file():
        print(f"there is no {options.program}: ./run build", file=sys.stderr)
        return 1
    baseline = json.loads(BASELINE.read_text()) if BASELINE.is_file() \
        else {"versions": {}, "cases": {}}
    try:
        figures = measure(options)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    show(figures, baseline)
    if options.update:
        update(figures, baseline if options.case else {"cases": {}}, versions(options.compiler))
        return 0
    if options.show or options.keep or options.repeat > 1:
        return 0
    return judge(figures, baseline, versions(options.compiler))


sys.exit(main())

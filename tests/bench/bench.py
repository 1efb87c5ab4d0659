#!/usr/bin/env python3
"""Dunlin, its limit and its peers side by side on this machine: `./run bench` calls this when the
release build is there. Results go to build/bench: results.json, report.md, table.md and charts.

  ./run bench [--quick] [--only=NAME...] [--loads=NAME...]    measures; a full run takes up to half
                                                              an hour, a quick one three minutes
  ./run bench --list                                          the servers and the loads
  ./run bench --compare A.json B.json                         two results of Dunlin's
  ./run bench --readme [RESULTS.json]                         puts results into the README
"""
import argparse
import datetime
import json
import pathlib
import signal
import subprocess
import sys

import charts
import clients
import compare
import contestants
import figures
import loads
import machine
import measuring
import readme
import schedule
import tables
import targets
from peers import peers

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILDS = ROOT / "build" / "bench"
BINARIES = ROOT / "build" / "release" / "bin"
INTERRUPTED = 130
# As long as there is no JSON gateway to compare them with.
NOT_YET = {"json": "JSON over HTTP (aiohttp, Flask, Go net/http): the gateway is not there yet"}


def parse(arguments=None):
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__, allow_abbrev=False,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="under three minutes: fewer loads, "
                        "two rounds, short windows")
    parser.add_argument("--only", action="extend", type=_words, metavar="NAME,...",
                        help="these servers; dunlin and limit are servers, too")
    parser.add_argument("--loads", action="extend", type=_words, metavar="NAME,...")
    parser.add_argument("--rounds", type=int, help="instead of five (quick: two)")
    parser.add_argument("--output", type=pathlib.Path, default=BUILDS, metavar="FOLDER")
    parser.add_argument("--binaries", type=pathlib.Path, default=BINARIES, help=argparse.SUPPRESS)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--compare", nargs=2, type=pathlib.Path, metavar=("A.json", "B.json"))
    parser.add_argument("--readme", nargs="?", type=pathlib.Path, const=BUILDS / "results.json",
                        metavar="RESULTS.json")
    return parser.parse_args(arguments)


def _words(text):
    return [word for word in text.split(",") if word]


# --- what takes part

def own(options):
    folder = options.output / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return [contestants.Dunlin(options.binaries, folder), contestants.Limit(options.binaries)]


def take_part(options, progress):
    """Returns: (contestants, why others are left out by name)."""
    names = set(options.only or [])
    unknown = names - {"dunlin", "limit", *peers.load()}
    if unknown:
        raise SystemExit(f"there is no server {' or '.join(sorted(unknown))}: --list names them")
    ours = [one for one in own(options) if not names or one.name in names]
    left_out = {one.name: f"{one.label}: {one.program.name} is not built" for one in ours
                if not one.program.is_file()}
    for line in left_out.values():
        progress.line(f"left out: {line}")
    if not names or names - {"dunlin", "limit"}:
        progress.line("building the peers: the first time takes minutes")
    unfit = {} if names or not options.quick else too_cold()
    built, others = contestants.build_peers(names or set(peers.load()) - unfit.keys(),
                                            lambda line: progress.line(f"    {line}"))
    return [one for one in ours if one.name not in left_out] + built, \
        {**left_out, **unfit, **others}


def too_cold():
    """A quick run has no time to warm a virtual machine up, and cold its figures would be wrong."""
    return {name: f"{peer.label}: it takes {peer.warm_up_seconds} s to warm up, for which a quick "
                  f"run has no time (--only={name} takes it all the same)"
            for name, peer in peers.load().items() if contestants.Peer(peer).lasting}


def servers_loads(options, cores):
    """The loads of this run that are put on servers, and not the client rows."""
    names = [name for name in options.loads or [] if name != clients.NAME]
    if options.loads and not names:
        return []
    return loads.pick(names, options.quick, cores)


def steps_of(options, there):
    wanted = servers_loads(options, len(machine.cores()))
    steps = []
    for load in wanted:
        taking = [one for one in there if not one.why_not(load)]
        if taking:
            step = schedule.Step(load, taking, options.quick)
            step.rounds = options.rounds or step.rounds
            steps.append(step)
    for step in steps[:1]:
        step.is_first = True
    return steps


def empty_results(options, there, left_out):
    return {
        "format": 1,
        "date": datetime.datetime.now().astimezone().isoformat(timespec="minutes"),
        "quick": options.quick,
        "machine": machine.describe(),
        "versions": machine.versions(ROOT),
        "servers": {one.name: {"label": one.label, "column": one.column,
                               "version": one.version(), "tls_library": one.tls_library}
                    for one in there},
        "left_out": {**left_out, **NOT_YET},
        "notes": [], "loads": {}, "targets": [], "interrupted": False,
    }


def look_around(results, progress):
    about = results["machine"]
    progress.line(f"{about['cpu']}, {about['cores']} cores; {machine.Pinning()}")
    if about["busy_before"] > 0.3:
        text = f"others kept {about['busy_before']} cores busy when this began: figures of " \
               "one round still compare, over runs they do not"
        results["notes"].append(text)
        progress.line(text)


def note_settings(results, steps):
    changed = {"idle connections": f"thrift.read-timeout={contestants.SILENCE}, for they stay silent"
               if any(step.load.idle for step in steps) else "",
               "resumed handshakes": "tls.resumption=true"
               if any(step.load.handshakes == "resumed" for step in steps) else ""}
    told = [f"{what}: {how}" for what, how in changed.items() if how]
    if told:
        results["notes"].append("Dunlin has its default settings but for " + "; ".join(told))


def note_cores(results, steps):
    if len(machine.cores()) < 3 and any(step.load.loops > 1 for step in steps):
        results["notes"].append("two loops share the two cores with the load generator, so that "
                                "their gain cannot be as large as with a core more")


# --- running

def on_terminate(number, frame):
    raise KeyboardInterrupt


def make_certificates(options):
    certs = options.output / "certs"
    subprocess.run([ROOT / "certs" / "make-dev-ca", certs], check=True, stdout=subprocess.DEVNULL)
    return certs.resolve()


def measure(options, progress):
    """Returns: the results, also of a run that was interrupted."""
    there, left_out = take_part(options, progress)
    results = empty_results(options, there, left_out)
    look_around(results, progress)
    steps = steps_of(options, there)
    has_clients = not options.loads or clients.NAME in options.loads
    if not steps and not has_clients:
        raise SystemExit("nothing is left to measure: --list names servers and loads")
    note_cores(results, steps)
    note_settings(results, steps)
    certs = make_certificates(options)
    log_path = options.output / "logs" / "servers.log"
    with open(log_path, "w+", encoding="utf-8", errors="replace") as log:
        servers = contestants.Servers(certs, log)
        try:
            schedule.Run(steps, servers, measuring.Generator(options.binaries, certs), results,
                         schedule.LIMIT_SECONDS[options.quick], progress).all()
            servers.end_all(there)
            if has_clients:
                results["clients"], not_there = clients.measure(options, certs, log, progress)
                results["left_out"].update(not_there)
        except KeyboardInterrupt:
            results["interrupted"] = True
            results["notes"].append("this run was interrupted")
        finally:
            servers.end_all(there)
    results["targets"] = targets.check(results)
    return results


def _ciphers(load, server):
    return sorted({str(run["raw"]["cipher"]) for run in load["servers"].get(server, {}).get("runs", [])
                   if run["raw"].get("cipher")})


def note_ciphers(results):
    """Contestants that agreed on another cipher than Dunlin's in the same load are named."""
    differing = {}
    for name, load in results["loads"].items():
        usual = _ciphers(load, "dunlin")
        for server in load["servers"]:
            found = _ciphers(load, server)
            if usual and found and found != usual:
                differing.setdefault((server, ", ".join(found), ", ".join(usual)), []).append(name)
    for (server, found, usual), names in differing.items():
        results["notes"].append(f"{results['servers'][server]['label']} chose {found}, and not "
                                f"{usual}, in {', '.join(names)}")


def write(results, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (folder / "report.md").write_text(tables.report(results, clients.section(results)))
    (folder / "table.md").write_text(tables.markdown(*tables.ratios(results)))
    charts.write(results, folder)


def show(results, folder):
    print("\nserver CPU us per call, and in brackets how many times Dunlin's that is:\n")
    print(tables.text(*tables.ratios(results)))
    if results.get("clients"):
        print("the caller's CPU us per call, and how many times that of Dunlin's client it is:\n")
        print(tables.text(*tables.ratios(results["clients"])))
    if results["targets"]:
        print("targets (Dunlin's figure, where against somebody as a multiple of theirs):\n")
        print(tables.text(*tables.targets(results["targets"])))
    for line in [*results["left_out"].values(), *results["notes"]]:
        print(f"- {line}")
    print(f"\nresults.json, report.md, table.md and charts are in {folder}")


def list_all():
    print("servers:")
    for name, label in [("dunlin", "Dunlin"), ("limit", "the limit"),
                        *((one.name, one.label) for one in peers.load().values())]:
        print(f"  {name:20}{label}")
    print("loads (q: also in a quick run):")
    for load in loads.LOADS:
        quick = "q" if load in loads.pick([], True, 64) else " "
        print(f"  {load.name:20}{quick}  {load.title.replace('`', '')}")
    print(f"  {clients.NAME:20}q  what a call costs its caller: Dunlin's client and others")


def read_results(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path}: {error}") from None


def run(options):
    progress = schedule.Progress()
    try:
        servers_loads(options, 0)
    except KeyError as error:
        raise SystemExit(f"there is no load {error}: --list names them") from None
    signal.signal(signal.SIGTERM, on_terminate)
    machine.raise_limits()
    options.output = options.output.resolve()
    try:
        results = measure(options, progress)
    except KeyboardInterrupt:
        return INTERRUPTED
    note_ciphers(results)
    write(results, options.output)
    show(results, options.output)
    asked = results["loads"] or not results.get("clients")
    failed = asked and "dunlin" in results["servers"] and \
        not figures.was_measured(results, "dunlin")
    return INTERRUPTED if results["interrupted"] else int(failed)


def main():
    options = parse()
    if options.list:
        list_all()
    elif options.compare:
        print(compare.text(*map(read_results, options.compare)), end="")
    elif options.readme:
        try:
            readme.write(read_results(options.readme))
        except readme.NoMarkers as error:
            raise SystemExit(str(error)) from None
    else:
        return run(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Client rows: programs that call as a service would, and what a call costs them. They take turns,
and what they call are limit servers (bench_limit), so that it is never the server that is measured.
results["clients"] is as results is: "servers" are the callers, so that the same tables can be made.
"""
import json
import pathlib
import subprocess
import time

import contestants
import machine
import measuring
import tables
from peers import peers

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ROUNDS = {False: 5, True: 1}
SECONDS = {False: 1.0, True: 0.7}
LIMIT_SECONDS = {False: 5 * 60, True: 40}
FIGURES = ("cpu_us", "calls_per_second", "p99_us")
OF_CALLER = {"cpu_us": "cpu_us_per_call", "calls_per_second": "calls_per_second",
             "p50_us": "p50_us", "p99_us": "p99_us"}
AT_ONCE = 64
# The name that stands for all of the client rows where loads are named.
NAME = "clients"
QUICK = [("get", "mux", 1), ("get", "mux", 5), ("get", "framed", 5)]
ALL = [(call, protocol, count) for call in ("get", "ping") for protocol in ("mux", "framed")
       for count in (1, 5)]


class Caller:
    """A program with the callers' common command line."""

    def __init__(self, name, label, column, command, protocols, warm_up=0.3, rounds=0, version=""):
        self.name, self.label, self.column = name, label, column
        self.command, self.protocols = command, protocols
        self.warm_up, self.rounds, self.version = warm_up, rounds, version


def ours(binaries):
    return Caller("dunlin", "Dunlin's client", "dunlin", [pathlib.Path(binaries) / "bench_caller"],
                  ("mux", "framed"))


def find(options, say):
    """Returns: (callers, why others are left out by name)."""
    there, left_out = [], {}
    mine = ours(options.binaries)
    if mine.command[0].is_file():
        there.append(mine)
    else:
        left_out["client dunlin"] = "the client rows: bench_caller is not built"
    for name, make in OTHERS.items():
        if name == "finagle" and options.quick and not options.only:
            left_out["client finagle"] = "Finagle's client: cold, its figures would be wrong"
        elif is_wanted(name, options):
            add(name, make, there, left_out, say)
    return there, left_out


def is_wanted(name, options):
    """Finagle has two servers, finagle-..., and one client program."""
    return not options.only or any(one == name or one.startswith(f"{name}-")
                                   for one in options.only)


def c_glib(out):
    """Plain c_glib, as its library and the stock compiler have it."""
    return Caller("c_glib", "a plain c_glib client", "c_glib", [out / "caller"], ("framed",))


def finagle(out):
    """Finagle's clients. The virtual machine compiles what it runs in the warm-up."""
    return Caller("finagle", "Finagle's client", "finagle",
                  ["java", "-Xms512m", "-Xmx512m", "-XX:-UsePerfData",
                   "-Dkeystore.pkcs12.keyPbeIterationCount=1",
                   "-Dkeystore.pkcs12.certPbeIterationCount=1",
                   "-Dkeystore.pkcs12.macIterationCount=1",
                   "-cp", f"{out}/classes:{out}/lib/*", "bench.Caller"],
                  ("mux", "framed"), warm_up=10, rounds=2)


OTHERS = {"c_glib": c_glib, "finagle": finagle}
# Where a caller is built, when not beside the others.
FOLDERS = {"finagle": "peers"}


def add(name, make, there, left_out, say):
    """Builds a caller; one that cannot be built is left out with a line that says why."""
    folder = pathlib.Path(FOLDERS.get(name, "callers")) / name
    out = ROOT / "build" / "bench" / folder
    done = subprocess.run([HERE / folder / "build.sh", out], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        lines = (done.stdout.strip() or done.stderr.strip() or "it does not build").splitlines()
        left_out[f"client {name}"] = f"the client {name}: {lines[-1]}"
        say(left_out[f"client {name}"])
        return
    caller = make(out)
    caller.version = (out / "version").read_text().strip()
    there.append(caller)


class Backends:
    """Limit servers that know the record which get() brings."""

    def __init__(self, count, options, certs, log, cores):
        self.running = []
        limit = pathlib.Path(options.binaries) / "bench_limit"
        command = [limit, "--tls=1.3", f"--certificate={certs / 'server.pem'}",
                   f"--key={certs / 'server.key'}", f"--ca={certs / 'ca.pem'}", "--loops=1"]
        try:
            for _ in range(count):
                self.running.append(peers.Running(
                    [*contestants.LEASH, *machine.pinned(command, cores)], log))
                self.store(options, certs, self.running[-1].port)
        except BaseException:
            self.stop()
            raise

    def store(self, options, certs, port):
        """The load generator's first call stores the record."""
        subprocess.run([pathlib.Path(options.binaries) / "bench_load", f"--port={port}",
                        "--protocol=framed", "--call=get", "--connections=1", "--in-flight=1",
                        "--seconds=0.1", "--warm-up=0", "--tls=1.3", *identity(certs)],
                       check=True, timeout=20, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def addresses(self, count):
        return ",".join(f"127.0.0.1:{one.port}" for one in self.running[:count])

    def stop(self):
        for one in self.running:
            one.stop()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()


def identity(certs):
    return [f"--certificate={certs / 'client.pem'}", f"--key={certs / 'client.key'}",
            f"--ca={certs / 'ca.pem'}"]


def figures_of(raw):
    return {name: raw[said] for name, said in OF_CALLER.items() if raw.get(said) is not None}


def call(caller, row, addresses, certs, cores, seconds):
    """One measurement. Returns: its figures, with what it said under "raw"."""
    method, protocol, _ = row
    command = machine.pinned([*caller.command, f"--protocol={protocol}", f"--call={method}",
                              f"--addresses={addresses}", f"--at-once={AT_ONCE}",
                              f"--warm-up={caller.warm_up}", f"--seconds={seconds}",
                              *identity(certs)], cores)
    try:
        done = subprocess.run([*contestants.LEASH, *command], capture_output=True, text=True,
                              timeout=seconds + caller.warm_up + 20, check=False)
    except subprocess.TimeoutExpired:
        raise measuring.Failed("no result in time") from None
    try:
        raw = json.loads(done.stdout)
    except ValueError:
        raw = {}
    if done.returncode != 0 or not raw.get("calls") or raw.get("errors") or raw.get("wrong"):
        lines = done.stderr.strip().splitlines() or [""]
        said = raw.get("first_error") or lines[-1][:200]
        raise measuring.Failed(f"{raw.get('errors', 0)} errors and {raw.get('wrong', 0)} wrong "
                               f"replies in {raw.get('calls', 0)} calls: {said}")
    return {**figures_of(raw), "raw": raw}


def title(row):
    method, protocol, count = row
    return f"`{method}`, {protocol}, {count} server{'s' if count > 1 else ''}"


class Run:
    """All rows, the callers in turns."""

    def __init__(self, options, callers, certs, log, progress):
        self.options, self.callers, self.certs = options, callers, certs
        self.log, self.progress = log, progress
        self.rounds = options.rounds or ROUNDS[options.quick]
        self.seconds = SECONDS[options.quick]
        self.until = time.monotonic() + LIMIT_SECONDS[options.quick]
        # The caller has the last core for itself, and the servers all others.
        known = machine.cores()
        self.own, self.others = known[-1:], known[:-1] or known
        self.results = {"loads": {}, "notes": [], "servers": {
            one.name: {"label": one.label, "column": one.column, "version": one.version}
            for one in callers}}

    def all(self):
        with Backends(5, self.options, self.certs, self.log, self.others) as backends:
            for row in QUICK if self.options.quick else ALL:
                self.measure_row(row, backends)
        return self.results

    def measure_row(self, row, backends):
        taking = [one for one in self.callers if row[1] in one.protocols]
        kept = {one.name: {"runs": [], "failures": []} for one in taking}
        name = f"client-{row[0]}-{row[1]}-{row[2]}"
        self.results["loads"][name] = {"title": title(row), "figures": list(FIGURES),
                                       "rounds": self.rounds, "servers": kept}
        self.progress.line(f"{name}: {title(row).replace('`', '')}")
        for turn in range(self.rounds):
            if time.monotonic() > self.until:
                self.results["notes"].append(f"{name}: only {turn} of {self.rounds} rounds: the "
                                             "time was up")
                break
            at = turn % max(len(taking), 1)
            for caller in taking[at:] + taking[:at]:
                if not caller.rounds or turn < caller.rounds:
                    self.progress.at(f"{name}, round {turn + 1}: {caller.label}")
                    self.measure(caller, row, backends.addresses(row[2]), turn, kept[caller.name])

    def measure(self, caller, row, addresses, turn, kept):
        if len(kept["failures"]) > 1:
            return
        try:
            found = call(caller, row, addresses, self.certs, self.own, self.seconds)
        except (measuring.Failed, OSError) as error:
            kept["failures"].append(str(error))
            self.progress.line(f"    {caller.label} failed in {title(row)}: {error}")
        else:
            kept["runs"].append({"round": turn, **found})


def measure(options, certs, log, progress):
    """Returns: (results, why callers are left out by name); nothing where there is nobody."""
    callers, left_out = find(options, progress.line)
    if options.only:
        callers = [one for one in callers if is_wanted(one.column, options)]
    if not callers:
        return None, left_out
    try:
        return Run(options, callers, certs, log, progress).all(), left_out
    except (peers.Failed, OSError, subprocess.SubprocessError) as error:
        lines = str(error).splitlines()
        return None, {**left_out, "clients": f"the client rows: {lines[0] if lines else error}"}


INTRODUCTION = (
    "CPU microseconds per call of the *caller* (user and system, all of its process), and in "
    f"brackets how many times Dunlin's client's that is: {AT_ONCE} calls at once over mutual "
    "TLS 1.3 to limit servers, the caller on one core.")


def section(results):
    """The table as Markdown; "" when nothing was measured."""
    clients = results.get("clients")
    if not clients or not clients["loads"]:
        return ""
    lines = [f"{INTRODUCTION}\n", tables.markdown(*tables.ratios(clients))]
    lines += [f"- {one['label']}: {one['version']}" for one in clients["servers"].values()
              if one.get("version")]
    lines += [f"- {text}" for text in clients["notes"]]
    lines += [f"- {load}: {name}: {text}" for load, found in clients["loads"].items()
              for name, one in found["servers"].items() for text in one["failures"]]
    return "\n".join(lines)

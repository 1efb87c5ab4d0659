#!/usr/bin/env python3
"""Tests of `./run bench`, with a load generator and servers that are made up: what they say is known,
so what the driver makes of it can be."""
import contextlib
import io
import json
import os
import pathlib
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

import bench
import charts
import clients
import compare
import contestants
import figures
import loads
import machine
import readme
import schedule
import tables
import targets
from peers import peers

HERE = pathlib.Path(__file__).resolve().parent

# A server that does nothing but listen, and leaves its pid in a folder.
SERVER = """#!/usr/bin/env python3
import os, pathlib, signal, socket, sys
if "--version" in sys.argv:
    print("made up"); sys.exit()
pathlib.Path(FOLDER, f"server.{os.getpid()}").touch()
there = socket.create_server(("127.0.0.1", 0))
print(f"listening thrift 127.0.0.1:{there.getsockname()[1]}", flush=True)
signal.sigwait([signal.SIGTERM])
"""

# Says 10 us a call for the first server that it meets, 20 for the second, and so on. Its own options
# are remembered.
GENERATOR = """#!/usr/bin/env python3
import json, os, pathlib, sys, time
options = dict(word[2:].split("=", 1) for word in sys.argv[1:])
folder = pathlib.Path(FOLDER)
pids = sorted(int(one.name.split(".")[1]) for one in folder.glob("server.*"))
cost = 10.0 * (1 + pids.index(int(options["server-pid"])))
with open(folder / "generator.log", "a") as log:
    print(json.dumps({**options, "cores": sorted(os.sched_getaffinity(0))}), file=log)
if (folder / "slow").exists():
    time.sleep(30)
if (folder / "broken").exists():
    sys.exit("it fell over")
wrong = 3 if (folder / "wrong").exists() else 0
calls = int(1e6 * float(options["seconds"]) / cost)
print(json.dumps({"calls": calls, "errors": 0, "wrong": wrong, "seconds": float(options["seconds"]),
    "calls_per_second": 1e6 / cost, "p50_us": cost, "p99_us": 3 * cost, "p999_us": 9 * cost,
    "server_cpu_us_per_call": cost, "cipher": "TLS_AES_256_GCM_SHA384",
    "server_rss_kib": {"before": 1000, "standing": 1000 + 1064 * 24, "peak": 200000},
    "handshakes": 50, "handshakes_per_server_cpu_second": 1e6 / cost}))
"""

# A caller of 4 us a call.
CALLER = """#!/usr/bin/env python3
import json, pathlib, sys
options = dict(word[2:].split("=", 1) for word in sys.argv[1:])
with open(pathlib.Path(FOLDER, "caller.log"), "a") as log:
    print(json.dumps(options), file=log)
wrong = 2 if pathlib.Path(FOLDER, "wrong").exists() else 0
print(json.dumps({"calls": 100, "errors": 0, "wrong": wrong, "seconds": 1.0,
    "calls_per_second": 100.0, "cpu_us_per_call": 4.0, "p50_us": 1.0, "p99_us": 2.0}))
sys.exit(bool(wrong))
"""


def results_of(costs, load="ping-64", figure="cpu_us"):
    """Results of one load: {server: [its figure in each round]}."""
    about = {one.name: one for one in loads.LOADS}[load]
    return {
        "format": 1, "date": "2026-01-01T12:00+00:00", "quick": False, "notes": [], "left_out": {},
        "machine": {"cpu": "a processor", "cores": 2, "kernel": "Linux 1", "system": "Debian"},
        "versions": {"dunlin": "abc", "openssl": "OpenSSL 3", "compiler": "cc 12"},
        "servers": {name: {"label": name, "column": name, "version": "1", "tls_library": "OpenSSL"}
                    for name in costs},
        "loads": {load: {"title": about.title, "figures": [figure], "rounds": 3, "servers": {
            name: {"runs": [{"round": i, figure: value, "raw": {}} for i, value in enumerate(values)],
                   "failures": []} for name, values in costs.items()}}},
        "targets": [], "interrupted": False,
    }


class Figures(unittest.TestCase):
    """Statistics of what was measured."""

    def test_a_ratio_is_the_median_of_the_rounds_ratios(self):
        results = results_of({"dunlin": [1.0, 10.0, 3.0], "limit": [1.0, 5.0, 1.0]})
        found = figures.ratio(results, ("ping-64", "dunlin"), ("ping-64", "limit"), "cpu_us")
        self.assertEqual((found.median, found.low, found.high, found.n), (2.0, 1.0, 3.0, 3))

    def test_rounds_that_one_of_them_failed_in_do_not_count(self):
        results = results_of({"dunlin": [2.0, 4.0, 9.0], "limit": [1.0, 2.0]})
        found = figures.ratio(results, ("ping-64", "dunlin"), ("ping-64", "limit"), "cpu_us")
        self.assertEqual((found.median, found.n), (2.0, 2))

    def test_the_best_peer_is_neither_dunlin_nor_the_limit(self):
        results = results_of({"limit": [1.0], "dunlin": [2.0], "go": [9.0], "volo": [3.0]})
        self.assertEqual(figures.best_peer(results, "ping-64", "cpu_us"), "volo")

    def test_memory_is_counted_for_each_connection(self):
        raw = {"calls": 1, "server_cpu_us_per_call": 5.0,
               "server_rss_kib": {"before": 1000, "standing": 1000 + 1064 * 24}}
        load = loads.pick(["idle-1000"], False, 1)[0]
        self.assertEqual(figures.of_run(raw, load), {"cpu_us": 5.0, "idle_kib": 24.0})


class Targets(unittest.TestCase):
    """What is to be reached."""

    def rows(self, costs):
        return {row["against"]: row["verdict"] for row in targets.check(results_of(costs))}

    def test_loops_that_share_their_cores_with_the_load_are_not_judged(self):
        results = results_of({"dunlin": [100.0]}, "loops-2", "calls_per_second")
        results["loads"]["loops-1"] = json.loads(json.dumps(results["loads"]["loops-2"]))
        self.assertEqual(targets.check(results)[-1]["verdict"], "missed by 44 %")
        results["loads"]["loops-2"]["pinning"] = "servers and load generator share the cores 0,1"
        self.assertEqual(targets.check(results)[-1]["verdict"], "not judged: too few cores")

    def test_a_target_is_reached_up_to_its_bound(self):
        self.assertEqual(self.rows({"dunlin": [12.0], "limit": [10.0]})["limit"], "reached")

    def test_a_missed_target_says_by_how_much(self):
        rows = self.rows({"dunlin": [13.2], "limit": [10.0], "finagle": [5.0]})
        self.assertEqual(rows["limit"], "missed by 10 %")
        self.assertEqual(rows["Finagle"], "missed: 5.3 times that")

    def test_a_rival_that_is_not_there_is_not_measured(self):
        self.assertEqual(self.rows({"dunlin": [1.0]})["volo"], "not measured")


class Shown(unittest.TestCase):
    """Tables, charts, the README, comparisons."""

    RESULTS = {"dunlin": [8.0, 8.2, 8.1], "limit": [7.0, 7.1, 7.2], "volo": [9.0, 9.1, 9.2]}

    def test_the_table_shows_medians_and_how_many_times_dunlins_they_are(self):
        head, rows = tables.ratios(results_of(self.RESULTS))
        self.assertEqual(head, ["", "limit", "Dunlin", "volo", "spread"])
        self.assertEqual(rows[0][1:], ["7.10 (0.88)", "**8.10**", "9.10 (1.12)", "± 1 %"])

    def test_a_server_that_failed_is_in_the_table(self):
        results = results_of({**self.RESULTS, "volo": []})
        results["loads"]["ping-64"]["servers"]["volo"]["failures"] = ["it fell over"]
        self.assertEqual(tables.ratios(results)[1][0][3], "failed")
        self.assertIn("volo: it fell over", tables.report(results))

    def test_charts_are_svg_with_a_title_and_a_description(self):
        for theme in charts.THEMES:
            drawn = charts.cpu(results_of(self.RESULTS), theme)
            root = xml.etree.ElementTree.fromstring(drawn)
            space = "{http://www.w3.org/2000/svg}"
            self.assertEqual(root.find(f"{space}title").text, "What a call costs")
            self.assertIn("Dunlin 8.10", root.find(f"{space}desc").text)

    def test_colours_can_be_told_from_their_page(self):
        for theme in charts.THEMES.values():
            for name, least in (("text", 4.5), ("quiet", 4.5), ("dunlin", 4.5), ("peer", 3)):
                self.assertGreaterEqual(contrast(theme[name], theme["page"]), least, name)

    def test_the_readme_is_changed_between_its_markers_only(self):
        text = f"before\n{readme.BEGIN}\nold\n{readme.END}\nafter\n"
        self.assertEqual(readme.replaced(text, "new"),
                         f"before\n{readme.BEGIN}\n\nnew\n\n{readme.END}\nafter\n")
        with self.assertRaises(readme.NoMarkers):
            readme.replaced("no markers", "new")

    def test_the_projects_readme_has_a_place_for_the_table(self):
        readme.replaced(readme.README.read_text(), "")

    def test_a_comparison_tells_a_gain_from_noise(self):
        old = results_of({"dunlin": [10.0, 10.1], "limit": [5.0, 5.0]})
        new = results_of({"dunlin": [8.0, 8.1], "limit": [5.0, 5.0]})
        self.assertRegex(compare.text(old, new), r"ping-64 .* 10\.1 +8\.05 +-19\.9 % +-19\.9 %\n")
        self.assertIn("within the spread", compare.text(old, old))

    def test_a_comparison_of_other_machines_says_so(self):
        new = results_of(self.RESULTS)
        new["machine"]["cpu"] = "another"
        self.assertIn("careful: other cpu", compare.text(results_of(self.RESULTS), new))


def contrast(one, other):
    """By the formula of the WCAG."""
    def luminance(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def peer(**more):
    entry = {"name": "p", "label": "P", "folder": "p", "protocols": ["framed"], "tls": True,
             "tls_library": "X", "waits": "fiber", "warm_up_seconds": 1, "command": ["x"], **more}
    return contestants.Peer(peers.Peer(entry, "builds"))


class TakingPart(unittest.TestCase):
    """Which loads are for whom."""

    def refused(self, load, **more):
        return peer(**more).why_not(loads.pick([load], False, 8)[0])

    def test_a_peer_takes_part_in_what_it_can(self):
        self.assertEqual(self.refused("ping-64"), "")
        self.assertIn("mux", self.refused("ping-mux-8x16"))
        self.assertIn("one connection", self.refused("ping-64", one_connection=True))
        self.assertIn("no mutual TLS", self.refused("ping-64", tls=False))
        self.assertEqual(self.refused("ping-plain-1", tls=False, one_connection=True), "")
        self.assertIn("threads", self.refused("idle-10000", waits="thread"))
        self.assertIn("before the last", self.refused("ping-framed-8x16", pipelines=False))
        self.assertIn("resumes no", self.refused("handshake-resumed", resumes=False))

    def test_what_takes_long_to_warm_up_is_kept(self):
        self.assertTrue(peer(warm_up_seconds=20).lasting)
        self.assertFalse(peer().lasting)


class Someone:
    """A contestant, as far as the schedule looks."""

    def __init__(self, name):
        self.name = self.label = name
        self.warm_up_seconds = 0.0
        self.lasting = False


class Schedule(unittest.TestCase):
    """Who is measured when."""

    def test_everybody_is_first_at_some_time(self):
        step = schedule.Step(loads.LOADS[0], [Someone(name) for name in "abc"], True)
        self.assertEqual(["".join(one.name for one in step.order(turn)) for turn in range(4)],
                         ["abc", "bca", "cab", "abc"])

    def test_a_run_that_takes_too_long_does_fewer_rounds(self):
        steps = [schedule.Step(load, [Someone("a")], False) for load in loads.LOADS[:2]]
        full = sum(step.estimate_from(0) for step in steps)
        clock = schedule.Clock(steps, full / 2)
        self.assertTrue(clock.shorten(steps[0]))
        self.assertFalse(clock.shorten(steps[0]))
        self.assertLess(sum(step.estimate_from(0) for step in steps), full / 2)

    def test_a_load_is_broken_off_when_the_time_is_up(self):
        results = {"notes": [], "loads": {}}
        step = schedule.Step(loads.LOADS[0], [Someone("dunlin")], True)
        run = schedule.Run([step], None, None, results, -1, schedule.Progress(io.StringIO()))
        run.measure_load(step)
        self.assertIn("broken off in round 1", results["notes"][0])
        self.assertEqual(results["loads"]["ping-1"]["servers"]["dunlin"]["runs"], [])

    def test_servers_and_load_generator_have_cores_of_their_own(self):
        alone = machine.Pinning(1, [0, 1])
        self.assertEqual((alone.server, alone.generator), ([0], [1]))
        self.assertIn("share", str(machine.Pinning(2, [0, 1])))
        self.assertEqual(machine.Pinning(2, [0, 1, 2, 3]).generator, [2, 3])

    def test_a_quick_run_keeps_its_time(self):
        there = [Someone(str(i)) for i in range(9)]
        steps = [schedule.Step(load, there, True) for load in loads.pick([], True, 2)]
        self.assertLess(sum(step.estimate_from(0) for step in steps), 180)


class WholeRun(unittest.TestCase):
    """The command, with made up programs in the place of ours."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dunlin-bench-"))
        self.addCleanup(subprocess.run, ["rm", "-rf", self.folder], check=True)
        for name, text in (("conformance_server", SERVER), ("bench_limit", SERVER),
                           ("bench_load", GENERATOR), ("bench_caller", CALLER)):
            path = self.folder / name
            path.write_text(text.replace("FOLDER", repr(str(self.folder))))
            path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def arguments(self, *more):
        return ["--quick", "--only=dunlin,limit", f"--binaries={self.folder}",
                f"--output={self.folder / 'out'}", *more]

    def run_bench(self, *more):
        with contextlib.redirect_stdout(io.StringIO()) as out, \
                contextlib.redirect_stderr(io.StringIO()) as progress:
            code = bench.run(bench.parse(self.arguments(*more)))
        return code, out.getvalue() + progress.getvalue()

    def results(self):
        return json.loads((self.folder / "out" / "results.json").read_text())

    def still_running(self):
        return [pid for pid in self.pids() if pathlib.Path(f"/proc/{pid}").exists()]

    def pids(self):
        return [int(one.name.split(".")[1]) for one in self.folder.glob("server.*")]

    def test_a_run_writes_results_a_table_and_charts_and_ends_its_servers(self):
        code, said = self.run_bench("--loads=ping-64,idle-1000")
        self.assertEqual(code, 0, said)
        self.assertEqual(len(figures.by_round(self.results(), "ping-64", "limit", "cpu_us")), 2)
        self.assertEqual(
            figures.spread(self.results(), "idle-1000", "dunlin", "idle_kib").median, 24)
        made = {one.name for one in (self.folder / "out").iterdir()}
        self.assertLessEqual({"report.md", "table.md", "cpu-light.svg", "cpu-dark.svg"}, made)
        self.assertEqual(self.still_running(), [])

    def test_callers_call_servers_that_know_the_record(self):
        # The generator that is made up wants to know a server, so this one asks for nothing.
        (self.folder / "bench_load").write_text("#!/bin/sh\n")
        code, said = self.run_bench("--loads=clients")
        self.assertEqual(code, 0, said)
        told = [json.loads(line) for line in (self.folder / "caller.log").read_text().splitlines()]
        self.assertEqual([(one["call"], one["protocol"], one["addresses"].count(":"))
                          for one in told], clients.QUICK)
        rows = tables.ratios(self.results()["clients"])[1]
        self.assertEqual(rows[0][:2], ["`get`, mux, 1 server", "**4.00**"])
        self.assertIn("## Clients", (self.folder / "out" / "report.md").read_text())
        self.assertEqual(len(self.pids()), 5)
        self.assertEqual(self.still_running(), [])

    def test_a_callers_wrong_replies_are_no_figure(self):
        (self.folder / "bench_load").write_text("#!/bin/sh\n")
        (self.folder / "wrong").touch()
        _, said = self.run_bench("--loads=clients")
        self.assertIn("2 wrong replies in 100 calls", said)
        self.assertEqual(tables.ratios(self.results()["clients"])[1][0][1], "failed")

    def test_the_generator_is_told_the_load_and_runs_on_its_core(self):
        self.run_bench("--loads=echo64k-64")
        told = json.loads((self.folder / "generator.log").read_text().splitlines()[0])
        self.assertEqual({name: told[name] for name in ("call", "connections", "tls", "protocol")},
                         {"call": "echo:65536", "connections": "64", "tls": "1.3",
                          "protocol": "framed"})
        self.assertEqual(told["cores"], machine.Pinning().generator)

    def test_wrong_replies_are_no_figure(self):
        (self.folder / "wrong").touch()
        code, said = self.run_bench("--loads=ping-64")
        self.assertEqual(code, 1)
        self.assertIn("3 wrong in ", said)
        self.assertIn("failed", (self.folder / "out" / "table.md").read_text()
                      + (self.folder / "out" / "report.md").read_text())

    def test_a_failing_generator_does_not_end_the_run(self):
        (self.folder / "broken").touch()
        self.run_bench("--loads=ping-64,get-64")
        self.assertEqual(list(self.results()["loads"]), ["ping-64", "get-64"])
        kept = self.results()["loads"]["get-64"]["servers"]["dunlin"]
        self.assertIn("it fell over", kept["failures"][0])

    def test_an_interrupted_run_ends_its_servers_and_keeps_what_it_has(self):
        (self.folder / "slow").touch()
        with open(self.folder / "said", "w", encoding="utf-8") as said:
            process = subprocess.Popen([sys.executable, HERE / "bench.py",
                                        *self.arguments("--loads=ping-64")], stdout=said,
                                       stderr=said, env={**os.environ, "PYTHONUNBUFFERED": "1"})
            until = time.monotonic() + 60
            while not (self.folder / "generator.log").exists() and time.monotonic() < until:
                time.sleep(0.02)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(30), bench.INTERRUPTED)
        self.assertTrue(self.results()["interrupted"])
        self.assertNotEqual(self.pids(), [])
        self.assertEqual(self.still_running(), [])

    def test_names_that_do_not_exist_are_refused(self):
        for arguments, text in ((["--loads=nothing"], "no load 'nothing'"),
                                (["--only=nobody"], "no server nobody")):
            with self.assertRaisesRegex(SystemExit, re.escape(text)):
                self.run_bench(*arguments)


if __name__ == "__main__":
    unittest.main()

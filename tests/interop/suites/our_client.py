#!/usr/bin/python3
"""Our own client against a real Finagle server, and against ours: by address and as Finagle's own
announcer registers it, without TLS and with; then while servers stop.

usage: our_client.py cases|load|rolling
"""
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import tap
import world
from ensemble import Ensemble
from load import Load
from tap import check, equal, eventually

# A mux server of Finagle's answers plain Thrift and TTwitter as well.
PROTOCOLS = ("thriftmux", "ttwitter", "thrift")


def security(secure):
    return "mutual TLS" if secure else "plain"


def cases_by_address(points, folder, secure, finagle):
    name = f"{'finagle' if finagle else 'ours'}-{'tls' if secure else 'plain'}"
    with world.Server(folder, name, secure, finagle=finagle) as server:
        command = world.dunlin_command(["cases", f"inet!{server.address}", *PROTOCOLS], secure,
                                       finagle)
        world.forward(points, world.start(command), "dunlin")
        if not finagle:
            world.forward(points, world.start(command + ["--compact"]), "dunlin")
        world.ends_well(points, f"server | dunlin | any | {security(secure)}", server)


def cases_of_a_plain_server(points, folder):
    """Finagle's Thrift server, which speaks no mux: a client that finds out goes on without."""
    with world.Server(folder, "finagle-thrift", True, "--protocol=thrift", finagle=True) as server:
        command = world.dunlin_command(["cases", f"inet!{server.address}", "auto"], True, True)
        world.forward(points, world.start(command), "dunlin")


def cases_by_name(points, folder, ensemble):
    path = "/services/announced-by-finagle"
    with world.Server(folder, "finagle-by-name", True, f"--zookeeper.servers={ensemble.servers}",
                      f"--zookeeper.path={path}", finagle=True):
        eventually("Finagle's member", lambda: ensemble.members(path), 20)
        for scheme in ("zk2", "zk"):
            command = world.dunlin_command(
                ["cases", f"{scheme}!{ensemble.servers}!{path}", "thriftmux"], True, True)
            world.forward(points, world.start(command), f"dunlin over {scheme}!")


def run_cases(points, folder):
    for finagle in (True, False):
        for secure in (False, True):
            cases_by_address(points, folder, secure, finagle)
    cases_of_a_plain_server(points, folder)
    with Ensemble(folder) as ensemble:
        cases_by_name(points, folder, ensemble)


def stop_one(points, load, group, leaving, staying):
    points.point(group, "both replicas are called", lambda: check(
        load.is_called(leaving, 15) and load.is_called(staying, 15), f"{load.calls_by_port()}"))
    leaving.terminate()
    points.point(group, "the replica that drains ends by itself", lambda: equal(
        143 if leaving.is_finagle else 0, leaving.wait(30), leaving.log_text()[-1000:]))
    points.point(group, "the other one is called on", lambda: check(
        load.is_called(staying), f"{load.calls_by_port()}"))


def drain(points, folder, protocol, finagle):
    """A Finagle server and one of ours; one of the two stops while both are called."""
    group = f"server | under our load | {protocol} | mutual TLS"
    flags = [] if finagle else ["--server.drain-grace=0"]
    what = f"{'Finagle' if finagle else 'Dunlin'} stops: no call fails"
    with world.Server(folder, f"leaves-{protocol}-{finagle}", True, *flags, finagle=finagle) as leaving, \
            world.Server(folder, f"stays-{protocol}-{finagle}", True, finagle=not finagle) as staying:
        load = Load(world.dunlin_command(
            ["load", f"inet!{leaving.address},{staying.address}", protocol], True, finagle,
            f"--what={what}"), "dunlin")
        stop_one(points, load, group, leaving, staying)
        load.end(points)


def run_load(points, folder):
    for finagle in (True, False):
        for protocol in ("thriftmux", "ttwitter"):
            drain(points, folder, protocol, finagle)


RATE = 500
FROZEN_S = 12
ROLLING_S = 60


class Fleet:
    """Five members of one serverset, two of them Finagle's; places are taken again after a stop."""

    def __init__(self, folder, ensemble):
        self.folder = folder
        self.ensemble = ensemble
        self.path = "/services/rolling"
        self.servers = {}
        self.started = 0

    def start(self, place):
        finagle = place >= 3
        self.started += 1
        flags = [f"--zookeeper.servers={self.ensemble.servers}", f"--zookeeper.path={self.path}",
                 f"--zookeeper.shard={place}"]
        if not finagle:
            flags += ["--server.drain-grace=1s", "--zookeeper.session-timeout=4s"]
        self.servers[place] = world.Server(self.folder, f"member-{place}-{self.started}", True, *flags,
                                           finagle=finagle)
        self.wait_for(self.servers[place])

    def wait_for(self, server):
        eventually(f"the member of {server.name}",
                   lambda: self.ensemble.members_of(self.path, server.port), 30)

    def restart(self, place, kill=False):
        old = self.servers[place]
        (old.kill if kill else old.terminate)()
        equal(True, old.wait(30) is not None, f"{old.name} ends")
        self.start(place)

    def freeze(self, place):
        process = self.servers[place].process
        process.send_signal(signal.SIGSTOP)
        time.sleep(FROZEN_S)
        process.send_signal(signal.SIGCONT)

    def end(self):
        for server in self.servers.values():
            server.process.send_signal(signal.SIGCONT)
            server.__exit__()


def rolling(points, fleet, ensemble):
    group = "server | rolling restart | thriftmux | mutual TLS"
    for place in range(5):
        fleet.start(place)
    load = Load(world.dunlin_command(
        ["load", f"zk2!{ensemble.servers}!{fleet.path}", "thriftmux"], True, True, f"--rate={RATE}",
        "--workers=128", f"--what=a rolling restart under {RATE} calls/s: no call fails"), "dunlin")
    began = time.monotonic()
    for what, step in (
            ("a Dunlin member stops and comes back", lambda: fleet.restart(0)),
            ("a Finagle member stops and comes back", lambda: fleet.restart(3)),
            ("a Dunlin member is killed and comes back", lambda: fleet.restart(1, kill=True)),
            ("ZooKeeper is away and comes back", lambda: ensemble.restart(3)),
            ("a Finagle member is frozen for a while", lambda: fleet.freeze(4)),
            ("the other Finagle member stops and comes back", lambda: fleet.restart(3)),
            ("the last Dunlin member stops and comes back", lambda: fleet.restart(2))):
        points.point(group, what, step)
    time.sleep(max(0, began + ROLLING_S - time.monotonic()))
    points.point(group, "all five are called at the end", lambda: [
        check(load.is_called(server, 30), f"{server.name}: {load.calls_by_port()}")
        for server in fleet.servers.values()])
    points.note(f"{time.monotonic() - began:.0f} s")
    load.end(points)


def run_rolling(points, folder):
    with Ensemble(folder) as ensemble:
        fleet = Fleet(folder, ensemble)
        try:
            rolling(points, fleet, ensemble)
        finally:
            fleet.end()


def main(what):
    world.make_certificates()
    points = tap.RecordedTap(tap.results_folder() / f"our_client_{what}.tap")
    with world.Folder() as folder:
        {"cases": run_cases, "load": run_load, "rolling": run_rolling}[what](points, folder)
        folder.keep = points.failures > 0
    return points.end()


sys.exit(main(sys.argv[1]))

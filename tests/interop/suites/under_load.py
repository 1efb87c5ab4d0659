#!/usr/bin/python3
"""Things that happen to servers while Finagle calls them without a pause, and no call may fail: a
replica that stops, by address and by name, and a replica whose ZooKeeper session expires."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import tap
import world
from ensemble import Ensemble, Relay
from load import Load
from tap import check, equal, eventually

SESSION_S = 4
# Finagle's resolver keeps a member that has gone for up to 20 s.
GRACE_S = 21


def finagle_load(what, dest, secure, lanes):
    return Load(world.finagle_command(
        ["load", dest], secure, f"--what={what}", f"--lanes={','.join(lanes)}", "--workers=8"),
        "finagle", len(lanes))


class Suite:
    """The scenes; each has servers and callers of its own."""

    def __init__(self, points, folder, ensemble, secure):
        self.points = points
        self.folder = folder
        self.ensemble = ensemble
        self.secure = secure
        self.security = "mutual TLS" if secure else "plain"
        self.scene = 0

    def server(self, *flags, grace="500ms"):
        self.scene += 1
        if not world.is_finagle():
            flags += (f"--server.drain-grace={grace}", "--server.drain-timeout=20s",
                      f"--zookeeper.session-timeout={SESSION_S}s")
        name = f"load-{self.security[:2]}-{self.scene}"
        return world.Server(self.folder, name, self.secure, *flags)

    def registered(self, path, shard, servers=None, grace="500ms"):
        return self.server(f"--zookeeper.servers={servers or self.ensemble.servers}",
                           f"--zookeeper.path={path}", f"--zookeeper.shard={shard}", grace=grace)

    def wait_for_members(self, path, count):
        eventually(f"{count} members", lambda: len(self.ensemble.members(path)) == count, 20)

    def point(self, name, body, *args):
        self.points.point(f"server | under load | any | {self.security}", name, body, *args)

    def stop_one(self, load, leaving, staying, seconds):
        """One stops while both are called; then the other one gets all the calls."""
        self.point("both replicas are called", lambda: check(
            load.is_called(leaving) and load.is_called(staying), f"{load.calls_by_port()}"))
        leaving.terminate()
        self.point("a replica that drains ends by itself, exit code 0", lambda: equal(
            143 if world.is_finagle() else 0, leaving.wait(seconds), leaving.log_text()[-1000:]))
        self.point("the other replica is called on", lambda: check(
            load.is_called(staying), f"{load.calls_by_port()}"))

    def drain_by_address(self):
        with self.server() as leaving, self.server() as staying:
            dest = f"inet!{leaving.address},{staying.address}"
            load = finagle_load("a replica stops: no call fails", dest, self.secure, ["THRIFTMUX"])
            self.stop_one(load, leaving, staying, 15)
            load.end(self.points)

    def drain_by_name(self, lanes, grace_s):
        """Plain Thrift has no Tdrain: only a grace longer than the resolver's patience helps it."""
        path = f"/services/drain{self.scene}"
        grace = f"{grace_s}s"
        with self.registered(path, 0, grace=grace) as leaving, \
                self.registered(path, 1, grace=grace) as staying:
            self.wait_for_members(path, 2)
            load = finagle_load(f"a registered replica stops, grace {grace_s} s: no call fails",
                                f"zk2!{self.ensemble.servers}!{path}", self.secure, lanes)
            self.stop_one(load, leaving, staying, grace_s + 15)
            equal(1, len(self.ensemble.members(path)), "members afterwards")
            load.end(self.points)

    def expiry(self):
        path = f"/services/expiry{self.scene}"
        relay = Relay(self.ensemble.port)
        with self.registered(path, 0, relay.servers) as cut_off, \
                self.registered(path, 1) as other:
            self.wait_for_members(path, 2)
            load = finagle_load("a ZooKeeper session expires: no call fails",
                                f"zk2!{self.ensemble.servers}!{path}", self.secure,
                                ["THRIFTMUX", "TTWITTER"])
            [old] = self.ensemble.members_of(path, cut_off.port)
            relay.fall_silent()
            self.point("its member goes with the session", eventually, "no member",
                       lambda: not self.ensemble.members_of(path, cut_off.port), 3 * SESSION_S)
            self.point("it is called all the same", lambda: check(
                load.is_called(cut_off), f"{load.calls_by_port()}"))
            relay.speak_again()
            self.point("it registers again by itself", eventually, "a new member",
                       lambda: self.ensemble.members_of(path, cut_off.port), 3 * SESSION_S)
            self.point("under a new number, once", lambda: check(
                old not in self.ensemble.members(path)
                and len(self.ensemble.members(path)) == 2, str(self.ensemble.members(path))))
            self.point("both are called afterwards", lambda: check(
                load.is_called(cut_off, 15) and load.is_called(other), f"{load.calls_by_port()}"))
            load.end(self.points)
        relay.close()

    def run(self):
        self.drain_by_address()
        self.drain_by_name(["THRIFTMUX"], 1)
        if self.secure:
            self.drain_by_name(["THRIFTMUX", "TTWITTER"], GRACE_S)
        self.expiry()


def main():
    world.make_certificates()
    points = tap.RecordedTap(tap.results_folder() / "under_load.tap")
    with world.Folder() as folder, Ensemble(folder) as ensemble:
        for secure in (False, True):
            Suite(points, folder, ensemble, secure).run()
        folder.keep = points.failures > 0
    return points.end()


sys.exit(main())

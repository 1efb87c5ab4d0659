#!/usr/bin/python3
"""Finagle finds the server in ZooKeeper, with both of its resolvers, and calls it, without TLS and
with. The older resolver, zk!, is blind as soon as one member is not well-formed."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import tap
import world
from ensemble import MEMBER, Ensemble
from tap import check, equal


def path_of(secure):
    return f"/services/{'tls' if secure else 'plain'}"


class Suite:
    """One ZooKeeper, one server after the other."""

    def __init__(self, points, folder, ensemble):
        self.points = points
        self.folder = folder
        self.ensemble = ensemble

    def run(self, secure):
        path = path_of(secure)
        group = f"server | zookeeper | serverset | {'mutual TLS' if secure else 'plain'}"
        with world.Server(self.folder, path.rpartition("/")[2], secure,
                          f"--zookeeper.servers={self.ensemble.servers}",
                          f"--zookeeper.path={path}", "--zookeeper.shard=3",
                          *([] if world.is_finagle() else ["--server.drain-grace=0"])) as server:
            self.points.point(group, "it registers one member", self.registers, path)
            self.points.point(group, "the member is what Finagle itself writes", self.well_formed,
                              path, server)
            dest = f"{self.ensemble.servers}!{path}"
            words = ["full", f"zk2!{dest}", "brief", f"zk!{dest}"]
            world.forward(self.points, world.start(world.finagle_command(words, secure)), "finagle")
            self.blindness(path, dest, secure)
            world.ends_well(self.points, group, server)
            self.points.point(group, "its member goes with it", lambda: equal(
                {}, self.ensemble.members(path), "members"))

    def registers(self, path):
        tap.eventually("a member", lambda: self.ensemble.members(path), 15)
        equal(1, len(self.ensemble.members(path)), "how many members")

    def well_formed(self, path, server):
        [(name, text)] = self.ensemble.members(path).items()
        found = MEMBER.fullmatch(text)
        check(found, f"it is {text}")
        equal((server.host, server.port, "3"),
              (found["host"], int(found["port"]), found["shard"]), "host, port, shard")
        check(name.startswith("member_") and name[7:].isdigit(), f"its name is {name}")
        check(self.ensemble.is_ephemeral(path, name), "it would outlive its service")

    def blindness(self, path, dest, secure):
        """Proves that calls over zk! say something of our member's form."""
        bad = self.ensemble.client.create(f"{path}/member_", b"{}", ephemeral=True, sequence=True)
        world.forward(self.points, world.start(
            world.finagle_command(["blind", f"zk!{dest}", "sees", f"zk2!{dest}"], secure)), "finagle")
        self.ensemble.client.delete(bad)


def main():
    world.make_certificates()
    points = tap.RecordedTap(tap.results_folder() / "by_name.tap")
    with world.Folder() as folder, Ensemble(folder) as ensemble:
        suite = Suite(points, folder, ensemble)
        for secure in (False, True):
            suite.run(secure)
        folder.keep = points.failures > 0
    return points.end()


sys.exit(main())

#!/usr/bin/python3
"""One caller against the server by its address, without TLS and with.

usage: by_address.py finagle|java|python|cpp|go
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import tap
import world


def main(caller):
    world.make_certificates()
    points = tap.RecordedTap(tap.results_folder() / f"{caller}.tap")
    with world.Folder() as folder:
        for secure in (False, True):
            name = "tls" if secure else "plain"
            with world.Server(folder, name, secure) as server:
                command, environment = world.BY_ADDRESS[caller](server)
                process = world.start(command, environment)
                world.forward(points, process, caller)
                group = f"server | {caller} | any | {'mutual TLS' if secure else 'plain'}"
                world.ends_well(points, group, server)
        folder.keep = points.failures > 0
    return points.end()


sys.exit(main(sys.argv[1]))

#!/usr/bin/python3
"""The `dunlin` command against a real Finagle server, which cannot describe itself: by its IDL, by
address and as Finagle's own announcer registers it, without TLS and with.
"""
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import tap
import world
from ensemble import Ensemble
from tap import check, equal, eventually

IDL = world.SOURCE / "tests" / "idl" / "conformance.thrift"
PROTOCOLS = ("auto", "thriftmux", "ttwitter", "thrift")

# Whatever JSON can say of each type; sets and maps of one element come back in one order.
EVERYTHING = {
    "flag": True, "tiny": -128, "small": 32767, "medium": -2147483648,
    "large": 9223372036854775807, "real": -1.5e-300, "text": "a\"\\\u00e9\U0001f426",
    "blob": "AP8A", "color": "NEGATIVE", "leaf": {"number": 1, "text": "t"},
    "longs": [-9223372036854775808, 9007199254740993], "words": ["w", "x"],
    "counts": {"": -1, "y": 2}, "leaves": [{"number": 1, "text": "leaf"}],
    "groups": {"-7": [{"number": 2, "text": "x"}], "0": []},
    "matrix": [[], ["NaN", "Infinity", "-Infinity", 5e-324]], "choice": {"numbers": [1, 2]},
    "maybe_flag": False, "maybe_large": 0, "maybe_text": "", "blobs": ["", "AQ=="],
    "names": {"BLUE": "b"}, "numbers": [2147483647, 3], "with_default": -42,
    "flags": [True, False], "nested": {"a": {"b": 1e300}}, "far_away": "z",
}


def run(secure, *words):
    tls = [option.replace("--tls-", "--tls.") for option in world.tls_options(secure)]
    return subprocess.run([world.BIN / "dunlin", *words, *tls, "--output=compact"],
                          env=world.SERVER_ENVIRONMENT, capture_output=True, text=True, timeout=60)


def ends(result, code):
    equal(code, result.returncode, f"exit code ({result.stdout}{result.stderr})")
    return result


def sorted_sets(value):
    return {**value, "words": sorted(value["words"]), "numbers": sorted(value["numbers"])}


def everything(secure, dest, protocol):
    result = ends(run(secure, "call", dest, "everything", json.dumps({"value": EVERYTHING}),
                      f"--idl={IDL}", f"--protocol={protocol}"), 0)
    equal(sorted_sets(EVERYTHING), sorted_sets(json.loads(result.stdout)), "everything()")


def declared(secure, dest):
    result = ends(run(secure, "call", dest, "fail", '{"kind":"declared"}', f"--idl={IDL}"), 3)
    check("fail threw Refused" in result.stderr, result.stderr)
    check("code" in json.loads(result.stdout), result.stdout)


def undeclared(secure, dest):
    ends(run(secure, "call", dest, "fail", '{"kind":"undeclared"}', f"--idl={IDL}"), 1)


def without_idl(secure, dest):
    result = ends(run(secure, "call", dest, "ping"), 1)
    check("--idl=FILE.thrift" in result.stderr, result.stderr)


def checked(secure, dest, *parts):
    result = ends(run(secure, "check", dest), 0)
    for part in (*parts, "ThriftMux", "upgraded to TTwitter", "ping() answers"):
        check(part in result.stdout, result.stdout)


def resolved(dest, address):
    result = ends(run(True, "resolve", dest), 0)
    check(result.stdout.startswith(f"{address} member_"), result.stdout)


def pressed(secure, dest):
    result = ends(run(secure, "press", dest, "get", '{"id":1}', f"--idl={IDL}", "--requests=200"), 0)
    check(result.stdout.startswith("200 calls in "), result.stdout)


def by_address(points, folder, secure):
    group = f"dunlin command | Finagle | by address | {'mutual TLS' if secure else 'plain'}"
    with world.Server(folder, f"command-{secure}", secure, finagle=True) as server:
        dest = f"inet!{server.address}"
        for protocol in PROTOCOLS:
            points.point(group, f"every type comes back over {protocol}", everything, secure, dest,
                         protocol)
        points.point(group, "a declared exception: exit code 3", declared, secure, dest)
        points.point(group, "a failure: exit code 1", undeclared, secure, dest)
        points.point(group, "without an IDL it says what to do", without_idl, secure, dest)
        points.point(group, "check finds no fault", checked, secure, dest)
        points.point(group, "press: no call fails", pressed, secure, dest)


def by_name(points, folder):
    path = "/services/announced-by-finagle"
    group = "dunlin command | Finagle | by name | mutual TLS"
    with Ensemble(folder) as ensemble, \
            world.Server(folder, "command-by-name", True, f"--zookeeper.servers={ensemble.servers}",
                         f"--zookeeper.path={path}", finagle=True) as server:
        eventually("Finagle's member", lambda: ensemble.members(path), 20)
        dest = f"zk2!{ensemble.servers}!{path}"
        points.point(group, "resolve finds Finagle's member", resolved, dest, server.address)
        points.point(group, "every type comes back", everything, True, dest, "auto")
        points.point(group, "check shows the member and finds no fault", checked, True, dest,
                     '"status":"ALIVE"')


def main():
    world.make_certificates()
    points = tap.RecordedTap(tap.results_folder() / "command.tap")
    with world.Folder() as folder:
        for secure in (False, True):
            by_address(points, folder, secure)
        by_name(points, folder)
        folder.keep = points.failures > 0
    return points.end()


sys.exit(main())

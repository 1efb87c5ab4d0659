#!/usr/bin/python3
"""Builds the peers of the benchmark and calls each with Apache Thrift's Python client, over mutual
TLS 1.3 and plain: are they what they are taken for? Needs Debian's python3-thrift and
thrift-compiler. Prints TAP; a peer whose toolchain is missing is skipped.

usage: check.py [--builds=FOLDER] [--connections=N] [PEER...]
"""
import argparse
import concurrent.futures
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile
import warnings

from thrift.protocol.TBinaryProtocol import TBinaryProtocolAccelerated
from thrift.transport.TSSLSocket import TSSLSocket
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TFramedTransport, TMemoryBuffer, TTransportBase
from thrift.transport.TTransport import TTransportException

import peers

# Of how Thrift's library uses Python's.
warnings.filterwarnings("ignore", category=DeprecationWarning)
PATIENCE_MS = 30_000
SIZES = (0, 200, 64 << 10, 4 << 20)
PIPELINED = 16
SLEEP_MS = 50


class Wrong(Exception):
    """An answer is not what it must be."""


def equal(wanted, found, what):
    if wanted != found:
        raise Wrong(f"{what}: want {str(wanted)[:80]}, and it is {str(found)[:80]}")


class MuxTransport(TTransportBase):
    """One call at a time: a Tdispatch without contexts, and the answer out of its Rdispatch."""

    TDISPATCH = b"\x02\x00\x00\x02" + bytes(6)
    RDISPATCH = b"\xfe\x00\x00\x02" + bytes(1)

    def __init__(self, stream):
        self.frames = TFramedTransport(stream)
        self.is_new = True

    def write(self, data):
        if self.is_new:
            self.frames.write(self.TDISPATCH)
            self.is_new = False
        self.frames.write(data)

    def flush(self):
        self.frames.flush()
        self.is_new = True
        equal(self.RDISPATCH, self.frames.readAll(5), "Rdispatch, tag and status")
        for _ in range(int.from_bytes(self.frames.readAll(2), "big")):
            for _ in ("key", "value"):
                self.frames.readAll(int.from_bytes(self.frames.readAll(2), "big"))

    def read(self, size):
        return self.frames.read(size)


TRANSPORTS = {"framed": TFramedTransport, "mux": MuxTransport}


class Connection:
    """One connection and the generated client on it."""

    def __init__(self, port, certs, protocol, with_certificate=True):
        from conformance import Conformance

        if certs:
            own = {"certfile": certs / "client.pem", "keyfile": certs / "client.key"}
            self.socket = TSSLSocket("127.0.0.1", port, cert_reqs=ssl.CERT_REQUIRED,
                                     ca_certs=certs / "ca.pem", server_hostname="localhost",
                                     **(own if with_certificate else {}))
        else:
            self.socket = TSocket("127.0.0.1", port)
        self.socket.setTimeout(PATIENCE_MS)
        self.socket.open()
        if certs:
            equal("TLSv1.3", self.socket.handle.version(), "TLS version")
        transport = TRANSPORTS[protocol](self.socket)
        self.client = Conformance.Client(TBinaryProtocolAccelerated(transport, fallback=True))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.socket.close()


def call_everything(peer, protocol, connection, number):
    """What the benchmark calls, each answer looked at; `number` tells the connections apart."""
    from conformance.ttypes import Address

    client = connection.client
    equal("pong", client.ping(), "ping")
    first = client.get(1)
    equal((1, "Dunlin Calidris alpina", 2, 2, 1700000000000),
          (first.id, first.full_name, len(first.emails), len(first.labels), first.updated_at_ms),
          "the record that is always there")
    address = Address(full_name=f"caller {number}", emails=["a@b.example"], labels={"k": str(number)})
    stored = client.put(address)
    equal(True, stored.id >= 1000, "an id of the server's")
    address.id = stored.id
    equal(address, stored, "what put returns")
    equal(address, client.get(stored.id), "what was put")
    for size in SIZES:
        payload = os.urandom(size)
        if client.echo(payload) != payload:
            raise Wrong(f"echo of {size} bytes: other bytes came back")
    equal(f"slept {SLEEP_MS}", client.sleep(SLEEP_MS), "sleep")
    if protocol == "framed" and peer.pipelines:
        call_without_waiting(connection)
    equal("pong", client.ping(), "the last ping")


def call_without_waiting(connection):
    """Many calls leave in one piece, one TLS record, and then nothing until all are answered, in
    the calls' order."""
    payloads = [os.urandom(100 + i) for i in range(PIPELINED)]
    frames = TMemoryBuffer()
    sender = type(connection.client)(TBinaryProtocolAccelerated(TFramedTransport(frames)))
    for payload in payloads:
        sender.send_echo(payload)
    connection.socket.write(frames.getvalue())
    for i, payload in enumerate(payloads):
        equal(payload, connection.client.recv_echo(), f"answer {i} of those asked for at once")


def call_unknown_id(connection):
    from conformance.ttypes import NotFound

    with connection:
        try:
            connection.client.get(987654321)
        except NotFound as error:
            return equal("no address has id 987654321", error.message, "the message")
        raise Wrong("it found one")


def call_without_certificate(port, certs, protocol):
    """TLS 1.3 tells a caller of its refusal only when it reads."""
    try:
        with Connection(port, certs, protocol, with_certificate=False) as connection:
            connection.client.ping()
    except (OSError, EOFError, TTransportException):
        return
    raise Wrong("a caller without a certificate was served")


def check(peer, tls, certs, protocol, count, log):
    """All connections are open at once, unless the peer serves one after the other."""
    certs = certs if tls != "off" else None
    at_once = 1 if peer.one_connection else count
    with peer.start(log, tls=tls, certs=certs, connections=count) as server:
        def one(number):
            with Connection(server.port, certs, protocol) as connection:
                call_everything(peer, protocol, connection, number)

        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            for _ in pool.map(one, range(count)):
                pass
        call_unknown_id(Connection(server.port, certs, protocol))
        if certs:
            call_without_certificate(server.port, certs, protocol)


class Report:
    """TAP on standard output."""

    def __init__(self):
        self.points = self.failures = 0

    def point(self, name, why=None, remark=""):
        self.points += 1
        self.failures += why is not None
        print(f"{'ok' if why is None else 'not ok'} {self.points} - {name}{remark}", flush=True)
        for line in (why or "").splitlines()[-20:]:
            print(f"#   {line}", flush=True)


def check_peer(report, peer, certs, count, log):
    try:
        version = peer.build()
    except peers.LeftOut as reason:
        return report.point(peer.name, remark=f" # SKIP {reason}")
    except peers.Failed as error:
        return report.point(f"{peer.name}: builds", str(error))
    print(f"# {peer.name}: {peer.label}: {version}")
    for protocol in (one for one in peer.protocols if one in TRANSPORTS):
        for tls in ("off", "1.3") if peer.tls else ("off",):
            name = f"{peer.name} | {protocol} | {'mutual TLS ' + tls if tls != 'off' else 'plain'}"
            log.seek(0)
            log.truncate()
            try:
                check(peer, tls, certs, protocol, count, log)
            except Exception as error:  # whatever the client made of what it was sent
                log.seek(0)
                report.point(name, f"{log.read()}{type(error).__name__}: {error}")
            else:
                report.point(name)


def main():
    known = peers.load()
    parser = argparse.ArgumentParser(description="Are the peers what they are taken for?")
    parser.add_argument("--builds", help="folder of their builds (build/bench/peers)")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("peers", nargs="*", metavar="PEER", help=f"{' '.join(known)} (all)")
    options = parser.parse_args()
    known = peers.load(options.builds)
    report = Report()
    with tempfile.TemporaryDirectory() as folder, open(f"{folder}/log", "w+") as log:
        idl = peers.ROOT / "tests" / "idl" / "conformance.thrift"
        subprocess.run(["thrift", "-nowarn", "--gen", "py", "-out", folder, idl], check=True)
        sys.path.insert(0, folder)
        certs = pathlib.Path(folder, "certs")
        subprocess.run([peers.ROOT / "certs" / "make-dev-ca", certs], check=True,
                       stdout=subprocess.DEVNULL)
        for name in options.peers or known:
            check_peer(report, known[name], certs, options.connections, log)
    print(f"1..{report.points}")
    return report.failures > 0


if __name__ == "__main__":
    sys.exit(main())

"""Holds a conformance server against Apache Thrift's own Python library: framed and buffered, binary
(in Python and in the library's C) and compact, with mutual TLS or without.

usage: suite.py HOST PORT [--tls-ca= --tls-certificate= --tls-key=] [--only=TEXT]
PYTHONPATH holds the generated code and tests/interop/support.
"""
import argparse
import os
import ssl
import sys
import threading
import time

from thrift.Thrift import TApplicationException
from thrift.protocol.TBinaryProtocol import TBinaryProtocol, TBinaryProtocolAccelerated
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.transport.TSocket import TSocket
from thrift.transport.TSSLSocket import TSSLSocket
from thrift.transport.TTransport import TBufferedTransport, TFramedTransport, TTransportException

from conformance import Conformance
from conformance.ttypes import Address, NotFound, Refused

import tap
import values
from tap import check, equal

TRANSPORTS = {"framed": TFramedTransport, "buffered": TBufferedTransport}
PROTOCOLS = {"binary": TBinaryProtocol, "binary (C)": TBinaryProtocolAccelerated,
             "compact": TCompactProtocol}


class Connection:
    """One connection and the client on it."""

    def __init__(self, options, transport, protocol, timeout_ms=30_000):
        if options.tls_ca:
            socket = TSSLSocket(options.host, options.port, cert_reqs=ssl.CERT_REQUIRED,
                                ca_certs=options.tls_ca, certfile=options.tls_certificate,
                                keyfile=options.tls_key, server_hostname="localhost")
        else:
            socket = TSocket(options.host, options.port)
        socket.setTimeout(timeout_ms)
        self.transport = TRANSPORTS[transport](socket)
        self.protocol = PROTOCOLS[protocol](self.transport)
        self.client = Conformance.Client(self.protocol)
        self.transport.open()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.transport.close()


class Cases:
    """Every case over one transport and protocol, on one connection except where said."""

    def __init__(self, points, options, transport, protocol):
        self.points = points
        self.kind = (options, transport, protocol)
        security = "mutual TLS" if options.tls_ca else "plain"
        self.group = f"python | {transport} | {protocol} | {security}"
        self.secure = bool(options.tls_ca)

    def run(self):
        with Connection(*self.kind) as connection:
            self.client = connection.client
            for name, body, *args in self.cases():
                self.points.point(self.group, name, body, *args)

    def cases(self):
        yield "ping", self.ping
        yield "now_ms is about now", self.now
        yield "nothing", self.client.nothing
        yield "put, get, search", self.addresses
        yield "get of an unknown id", self.not_found
        for name, value in values.every_value():
            yield f"everything: {name}", self.everything, value
        for size in (0, 1, 1000, 1 << 20, 8 << 20):
            yield f"echo of {size} bytes", self.echo, size
        yield "oneway", self.oneway
        yield "fail: ok", lambda: check(self.client.fail("ok"), "no answer")
        yield "fail: a declared exception", self.declared
        yield "fail: an undeclared one says nothing of the inside", self.undeclared
        yield "fail: a nack is an exception here", self.nack
        yield "an unknown method", self.unknown_method
        yield "context", self.context
        yield "sleep, spin, block", self.waiting
        yield "20 connections at once", self.many
        yield "hanging up cancels the call", self.hang_up

    def ping(self):
        equal("pong", self.client.ping(), "ping")

    def now(self):
        apart = abs(self.client.now_ms() - time.time() * 1000)
        check(apart < 10_000, f"the clocks are {apart} ms apart")

    def addresses(self):
        prefix = f"{values.UNICODE}{os.urandom(4).hex()}"
        address = Address(full_name=f"{prefix}1", emails=["a@example.org"], labels={"": "v"})
        stored = self.client.put(address)
        check(stored.id >= 1000, f"id {stored.id}")
        address.id = stored.id
        got = self.client.get(stored.id)
        equal((address.full_name, address.emails, address.labels),
              (got.full_name, got.emails, got.labels), "what was stored")
        self.client.put(Address(full_name=f"{prefix}2"))
        equal([f"{prefix}1", f"{prefix}2"],
              [found.full_name for found in self.client.search(prefix, 10)], "search")
        equal([f"{prefix}1"], [one.full_name for one in self.client.search(prefix, 1)], "limit")
        equal([], self.client.search(f"{prefix}nobody", 10), "nobody")
        equal(1, self.client.get(1).id, "the one that is always there")

    def not_found(self):
        try:
            self.client.get(987654321)
        except NotFound as error:
            return check(error.message, "no message")
        raise tap.Wrong("it found one")

    def everything(self, value):
        difference = values.difference(value, self.client.everything(value))
        check(difference is None, difference)

    def echo(self, size):
        payload = os.urandom(size)
        check(self.client.echo(payload) == payload, "other bytes came back, or others many")

    def oneway(self):
        stored = self.client.put(Address(full_name="Touched"))
        before = time.time() * 1000 - 5_000
        self.client.touch(stored.id)
        self.ping()
        tap.eventually("updated_at_ms",
                       lambda: (self.client.get(stored.id).updated_at_ms or 0) >= before)

    def declared(self):
        try:
            self.client.fail("declared")
        except Refused as error:
            return check(error.reason, "no reason")
        raise tap.Wrong("it returned")

    def application_exception(self, call, *args):
        try:
            call(*args)
        except TApplicationException as error:
            message = str(error.message)
            check("/" not in message and "GError" not in message, f"the inside is told: {message}")
            return error
        raise tap.Wrong("it returned")

    def undeclared(self):
        error = self.application_exception(self.client.fail, "undeclared")
        equal(TApplicationException.INTERNAL_ERROR, error.type, "type")
        self.ping()

    def nack(self):
        self.application_exception(self.client.fail, "nack")
        self.ping()

    def unknown_method(self):
        protocol = self.client._oprot
        protocol.writeMessageBegin("no_such_method", 1, 5)
        protocol.writeStructBegin("args")
        protocol.writeFieldStop()
        protocol.writeStructEnd()
        protocol.writeMessageEnd()
        protocol.trans.flush()
        name, kind, seqid = protocol.readMessageBegin()
        equal(("no_such_method", 3, 5), (name, kind, seqid), "the reply's header")
        error = TApplicationException()
        error.read(protocol)
        protocol.readMessageEnd()
        equal(TApplicationException.UNKNOWN_METHOD, error.type, "type")
        self.ping()

    def context(self):
        facts = self.client.context()
        equal("context", facts.get("method"), "method")
        check(facts.get("protocol"), "no protocol")
        check("127.0.0.1" in facts.get("peer_address", ""), f"peer_address in {facts}")
        equal(self.secure, "peer_identity" in facts, "peer_identity there")
        equal(self.secure, "tls_version" in facts, "tls_version there")
        check("deadline_ms" not in facts, f"a deadline out of nowhere: {facts}")

    def waiting(self):
        equal("slept 30", self.client.sleep(30), "sleep")
        check(self.client.spin(10), "no answer")
        check(self.client.block(10), "no answer")

    def many(self):
        answers = []

        def one():
            with Connection(*self.kind) as connection:
                for i in range(3):
                    answers.append(connection.client.sleep(100 + i))

        threads = [threading.Thread(target=one) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        equal(sorted(["slept 100", "slept 101", "slept 102"] * 20), sorted(answers), "answers")

    def hang_up(self):
        before = self.client.cancelled()
        with Connection(*self.kind, timeout_ms=300) as connection:
            try:
                connection.client.sleep(20_000)
                raise tap.Wrong("it returned")
            except (TTransportException, OSError):
                pass
        tap.eventually("cancelled() rises", lambda: self.client.cancelled() > before)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    for name in ("--tls-ca", "--tls-certificate", "--tls-key", "--only"):
        parser.add_argument(name)
    options = parser.parse_args()

    points = tap.Tap(options.only)
    for transport in TRANSPORTS:
        for protocol in PROTOCOLS:
            Cases(points, options, transport, protocol).run()
    return points.end()


sys.exit(main())

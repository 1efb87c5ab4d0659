"""Connections on which any bytes can be sent, and what comes back is looked at byte by byte. Messages
are written by Apache Thrift's own Python library, wrong ones too: it writes what it is told."""
import random
import select
import socket
import ssl
import struct

from thrift.Thrift import TApplicationException, TMessageType, TType
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.transport.TTransport import TMemoryBuffer, TTransportBase

import world
from tap import Wrong, check, equal

PATIENCE_S = 10
PROTOCOLS = {"binary": TBinaryProtocol, "compact": TCompactProtocol}

TDISPATCH, RDISPATCH, TREQ, RREQ = 0x02, 0xFE, 0x01, 0xFF
TINIT, RINIT, TPING, RPING, RERR = 0x44, 0xBC, 0x41, 0xBF, 0x80
TDRAIN, RDRAIN, TDISCARDED, RDISCARDED, TLEASE = 0x40, 0xC0, 0xC2, 0xBE, 0x43


class Closed(Exception):
    """The server has closed the connection."""


def u32(number):
    return struct.pack("!I", number & 0xFFFFFFFF)


def u16_bytes(data):
    return struct.pack("!H", len(data)) + data


def framed(data):
    return u32(len(data)) + data


def mux(kind, tag, body=b""):
    return framed(bytes([kind]) + struct.pack("!I", tag)[1:] + body)


def dispatch(tag, message, contexts=(), dst=b"", dtab=()):
    body = struct.pack("!H", len(contexts))
    body += b"".join(u16_bytes(key) + u16_bytes(value) for key, value in contexts)
    body += u16_bytes(dst) + struct.pack("!H", len(dtab))
    body += b"".join(u16_bytes(src) + u16_bytes(to) for src, to in dtab)
    return mux(TDISPATCH, tag, body + message)


def message(protocol, method, arguments=None, kind=TMessageType.CALL, sequence=7):
    """A Thrift message; arguments writes the fields of its arguments."""
    memory = TMemoryBuffer()
    out = PROTOCOLS[protocol](memory)
    out.writeMessageBegin(method, kind, sequence)
    out.writeStructBegin("args")
    if arguments:
        arguments(out)
    out.writeFieldStop()
    out.writeStructEnd()
    out.writeMessageEnd()
    return memory.getvalue()


class Raw:
    """One connection, TLS if the server wants it."""

    def __init__(self, server, certificate="client", versions=None):
        self.server = server
        self.socket = socket.create_connection((server.host, server.port), PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.name = "{}:{}".format(*self.socket.getsockname()[:2])
        if server.secure and certificate is not None:
            self.encrypt(certificate, versions)

    def encrypt(self, certificate, versions=None):
        """certificate: a name, or "" for none."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(world.certificate("ca"))
        if versions:
            context.set_ciphers("DEFAULT@SECLEVEL=0")
            context.minimum_version, context.maximum_version = versions
        if certificate:
            context.load_cert_chain(world.certificate(certificate), world.key(certificate))
        self.socket = context.wrap_socket(self.socket, server_hostname="localhost")

    def send(self, data):
        try:
            self.socket.sendall(data)
        except TimeoutError as error:
            raise Wrong("the server takes no more bytes") from error
        except OSError as error:
            raise Closed from error

    def receive(self, size):
        data = b""
        while len(data) < size:
            try:
                more = self.socket.recv(size - len(data))
            except TimeoutError as error:
                raise Wrong(f"no answer in {PATIENCE_S} s, only {data!r}") from error
            except OSError as error:
                raise Closed from error
            if not more:
                raise Closed
            data += more
        return data

    def frame(self):
        return self.receive(struct.unpack("!I", self.receive(4))[0])

    def everything_that_comes(self, limit=1 << 20):
        """All bytes until the server closes, which it has to."""
        data = b""
        try:
            while len(data) < limit:
                data += self.receive(1)
        except Closed:
            pass
        return data

    def is_quiet(self, seconds):
        """Whether nothing comes for so long, not even the end."""
        if isinstance(self.socket, ssl.SSLSocket) and self.socket.pending():
            return False
        return not select.select([self.socket], [], [], seconds)[0]

    def finish_sending(self):
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()


class SocketTransport(TTransportBase):
    """What the library reads unframed replies from."""

    def __init__(self, raw):
        self.raw = raw

    def read(self, size):
        return self.raw.receive(size)


class Wire:
    """One way to send a Thrift message and to read what comes back."""

    def __init__(self, transport, protocol):
        self.transport = transport
        self.protocol = protocol

    def open(self, server):
        raw = Raw(server)
        if self.transport == "thriftmux":
            shake_hands(raw)
        return raw

    def wrap(self, data):
        if self.transport == "thriftmux":
            return dispatch(2, data)
        return framed(data) if self.transport == "framed" else data

    def message(self, method, arguments=None, **how):
        return self.wrap(message(self.protocol, method, arguments, **how))

    def reply(self, raw):
        """(name, kind, seqid, error type or None), or "empty"; the rest of a reply is not looked at."""
        if self.transport == "buffered":
            return read_reply(PROTOCOLS[self.protocol](SocketTransport(raw)), False)
        data = raw.frame()
        if self.transport == "thriftmux":
            data = mux_body(data, RDISPATCH, 2)
            if not data:
                return "empty"
        return read_reply(PROTOCOLS[self.protocol](TMemoryBuffer(data)), True)

    def call(self, raw, method, arguments=None, **how):
        raw.send(self.message(method, arguments, **how))
        return self.reply(raw)


def read_reply(protocol, framed_too):
    name, kind, sequence = protocol.readMessageBegin()
    error = None
    if kind == TMessageType.EXCEPTION:
        failure = TApplicationException()
        failure.read(protocol)
        error = failure.type
    elif not framed_too:
        protocol.skip(TType.STRUCT)
    return name, kind, sequence, error


def mux_body(frame, kind, tag):
    """What is behind status and contexts of a good Rdispatch."""
    equal((kind, tag), (frame[0], int.from_bytes(frame[1:4], "big")), "mux type and tag")
    equal(0, frame[4], f"mux status ({frame[5:200]!r})")
    count, at = int.from_bytes(frame[5:7], "big"), 7
    for _ in range(2 * count):
        at += 2 + int.from_bytes(frame[at:at + 2], "big")
    return frame[at:]


def shake_hands(raw, window=0x7FFFFFFF):
    raw.send(mux(0x7F, 1, b"tinit check"))
    equal(b"\x7f\0\0\1tinit check", raw.frame(), "the answer to Finagle's first bytes")
    raw.send(mux(TINIT, 1, b"\0\1" + u32(10) + b"mux-framer" + u32(4) + u32(window)))
    equal(RINIT, raw.frame()[0], "the answer to Tinit")


def ping(raw):
    """A mux ping: the session is alive, and nothing else was waiting to be read."""
    raw.send(mux(TPING, 1))
    equal(b"\xbf\0\0\1", raw.frame(), "the answer to a ping")


def refused(wire, raw, types=(7,)):
    """A Thrift exception of such a type; on a plain connection the end follows it."""
    reply = wire.reply(raw)
    check(reply != "empty" and reply[3] in types, f"the answer is {reply}")
    if wire.transport == "thriftmux":
        ping(raw)
    else:
        equal(b"", raw.everything_that_comes(), "after the exception")


def noise(seed, size):
    return random.Random(seed).randbytes(size)

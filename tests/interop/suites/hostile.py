#!/usr/bin/python3
"""Bytes that no caller should send, from callers that should not be let in, while a well-behaved caller
is answered all the time: each gets a clear answer or the end of its connection, and the log says why.

usage: hostile.py [--only=TEXT]
"""
import os
import pathlib
import random
import re
import ssl
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import tap
import world
import raw
from raw import Closed, Raw, TMessageType, TType, Wire, dispatch, framed, message, mux, ping, u32
from tap import Wrong, check, equal, eventually

WIRES = [Wire(transport, protocol) for transport in ("framed", "buffered", "thriftmux")
         for protocol in ("binary", "compact")]
BINARY = Wire("framed", "binary")
MUX = Wire("thriftmux", "binary")
FLAGS = ("--thrift.read-timeout=1500ms", "--thrift.write-timeout=2s", "--server.drain-grace=0",
         "--tls.handshake-timeout=1500ms")
HUGE = 0x7FFFFFFF


# --- what is wrong with a message: each writes the fields of some method's arguments


def text_field(out, number, data):
    out.writeFieldBegin("", TType.STRING, number)
    out.writeBinary(data)
    out.writeFieldEnd()


def id_field(out, number=1, value=1):
    out.writeFieldBegin("", TType.I64, number)
    out.writeI64(value)
    out.writeFieldEnd()


def size_alone(out, size):
    """A string's size, with nothing behind it that would make it true."""
    if type(out).__name__ == "TBinaryProtocol":
        out.writeI32(size)
    else:
        varint(out, size & 0xFFFFFFFF)


def varint(out, number):
    while number > 0x7F:
        out.trans.write(bytes([number & 0x7F | 0x80]))
        number >>= 7
    out.trans.write(bytes([number]))


def string_size(size):
    def write(out):
        out.writeFieldBegin("", TType.STRING, 1)
        size_alone(out, size)
        out.writeFieldEnd()
    return write


def in_value(fields):
    """Fields inside the struct that everything() and put() take."""
    def write(out):
        out.writeFieldBegin("", TType.STRUCT, 1)
        out.writeStructBegin("")
        fields(out)
        out.writeFieldStop()
        out.writeStructEnd()
        out.writeFieldEnd()
    return write


def list_of(number, element, size, write_elements=lambda out: None, kind=TType.LIST):
    def write(out):
        out.writeFieldBegin("", kind, number)
        begin, end = ((out.writeListBegin, out.writeListEnd) if kind == TType.LIST
                      else (out.writeSetBegin, out.writeSetEnd))
        begin(element, size)
        write_elements(out)
        end()
        out.writeFieldEnd()
    return in_value(write)


def map_of(number, key, value, size):
    def write(out):
        out.writeFieldBegin("", TType.MAP, number)
        if type(out).__name__ == "TBinaryProtocol":
            out.writeMapBegin(key, value, size)
        else:
            varint(out, size & 0xFFFFFFFF)
            out.trans.write(b"\x88")  # string to string: the library writes no other way
        out.writeFieldEnd()
    return in_value(write)


def strings(*texts):
    def write(out):
        for text in texts:
            out.writeString(text)
    return write


def nested_structs(depth):
    def write(out):
        for _ in range(depth):
            out.writeFieldBegin("", TType.STRUCT, 999)
            out.writeStructBegin("")
        for _ in range(depth):
            out.writeFieldStop()
            out.writeStructEnd()
            out.writeFieldEnd()
        id_field(out)
    return write


def nested_lists(depth):
    def write(out):
        out.writeFieldBegin("", TType.LIST, 999)
        for _ in range(depth):
            out.writeListBegin(TType.LIST, 1)
        out.writeListBegin(TType.I32, 0)
        for _ in range(depth + 1):
            out.writeListEnd()
        out.writeFieldEnd()
        id_field(out)
    return write


def strangers(out):
    """Fields of every type that nobody knows, around the one that counts."""
    text_field(out, 77, b"never heard of")
    id_field(out, 1, 1)
    for kind, write in ((TType.BOOL, lambda: out.writeBool(True)),
                        (TType.BYTE, lambda: out.writeByte(1)),
                        (TType.I16, lambda: out.writeI16(1)), (TType.I32, lambda: out.writeI32(1)),
                        (TType.DOUBLE, lambda: out.writeDouble(1.0))):
        out.writeFieldBegin("", kind, 200 + kind)
        write()
        out.writeFieldEnd()
    out.writeFieldBegin("", TType.MAP, 300)
    out.writeMapBegin(TType.I32, TType.STRING, 1)
    out.writeI32(1)
    out.writeString("one")
    out.writeMapEnd()
    out.writeFieldEnd()


def twice(write):
    def both(out):
        write(out)
        write(out)
    return both


# Name, method, what writes the arguments.
MALFORMED = [
    ("a negative string size", "echo", string_size(-1)),
    ("a huge string size", "echo", string_size(HUGE)),
    ("a string longer than the rest of its message", "echo", string_size(10)),
    ("a huge list", "everything", list_of(11, TType.I64, HUGE)),
    ("a huge list of booleans", "everything", list_of(25, TType.BOOL, HUGE)),
    ("a huge list of structs", "everything", list_of(14, TType.STRUCT, HUGE)),
    ("a huge set", "everything", list_of(12, TType.STRING, HUGE, kind=TType.SET)),
    ("a huge map", "everything", map_of(13, TType.STRING, TType.I32, HUGE)),
    ("a list of a negative size", "everything", list_of(11, TType.I64, -1)),
    ("strings in a list of numbers", "everything",
     list_of(11, TType.STRING, 2, strings("one", "two"))),
    ("more elements than are allowed", "everything",
     list_of(11, TType.I64, 300_000, lambda out: [out.writeI64(0) for _ in range(300_000)])),
    ("a field that comes twice", "put", in_value(twice(lambda out: text_field(out, 2, b"x")))),
    ("a binary field that comes twice", "everything",
     in_value(twice(lambda out: text_field(out, 8, b"x")))),
    ("an argument that comes twice", "get", twice(id_field)),
    ("a required field that is missing", "put", in_value(lambda out: id_field(out))),
    ("a zero byte in a string", "put", in_value(lambda out: text_field(out, 2, b"a\0b"))),
    ("a string that is not UTF-8", "put", in_value(lambda out: text_field(out, 2, b"a\xffb"))),
    ("10000 structs in each other", "get", nested_structs(10_000)),
    ("10000 lists in each other", "get", nested_lists(10_000)),
]

# What is no Thrift at all: name, bytes, what the log has to say.
STRANGERS = [
    ("an HTTP request", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP"),
    ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2"),
    ("an SSH client", b"SSH-2.0-OpenSSH_9.2\r\n", "SSH"),
    ("a PROXY header", b"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n", "PROXY"),
    ("a binary PROXY header", b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes(12), "PROXY"),
    ("a Redis client", b"*1\r\n$4\r\nPING\r\n", "Redis"),
    ("Thrift's JSON protocol", b'[1,"ping",1,0,{}]', "JSON"),
    ("a mail client", b"EHLO example.org\r\n", "SMTP"),
    ("a negative frame size", u32(-1) + b"\x80\x01\0\1", "neither|negative"),
]


class Suite:
    """All cases against one server."""

    def __init__(self, points, server):
        self.points = points
        self.server = server
        self.security = "mutual TLS" if server.secure else "plain"
        self.witness = BINARY.open(server)
        self.mark = 0

    def point(self, wire, name, body, *args):
        """A case, and then the well-behaved caller is answered as before."""
        def both():
            self.mark = len(self.server.log_text())
            body(*args)
            check(self.server.process.poll() is None, "the server has died:\n"
                  + self.server.log_text()[-3000:])
            equal(("ping", TMessageType.REPLY, 7, None), BINARY.call(self.witness, "ping"),
                  "the other caller's answer")
        way = f"{wire.transport} | {wire.protocol}" if wire else "any | any"
        self.points.point(f"raw bytes | {way} | {self.security}", name, both)

    def logged(self, peer, what):
        """A line of the log names the peer and the cause."""
        def found():
            return [line for line in self.server.log_text()[self.mark:].splitlines()
                    if peer in line and re.search(what, line)]
        eventually(f"a line of the log with {peer} and {what}, only:\n"
                   f"{self.server.log_text()[self.mark:][-500:]}", found)

    # --- Thrift messages

    def malformed(self, wire, method, arguments):
        data = wire.message(method, arguments)
        with wire.open(self.server) as caller:
            caller.send(data)
            raw.refused(wire, caller)

    def good(self, wire, method, arguments, error=None):
        with wire.open(self.server) as caller:
            reply = wire.call(caller, method, arguments)
            equal(error, reply[3], f"the exception's type in {reply}")
            equal((method, 7), (reply[0], reply[2]), "name and number")
            equal(None, wire.call(caller, "ping")[3], "a ping behind it")

    def wrong_kind(self, wire, kind):
        with wire.open(self.server) as caller:
            caller.send(wire.message("ping", kind=kind))
            try:
                reply = wire.reply(caller)
                check(reply == "empty" or reply[1] == TMessageType.EXCEPTION, f"it answers {reply}")
            except Closed:
                pass

    def oneway(self, wire, kind, method, arguments):
        with wire.open(self.server) as caller:
            caller.send(wire.message(method, arguments, kind=kind))
            if wire.transport == "thriftmux":
                equal("empty", wire.reply(caller), "the reply of a oneway call")
            equal("ping", wire.call(caller, "ping")[0], "whose reply comes first")

    def broken_oneway(self, wire):
        """What has failed draws no reply either; the connection may end."""
        with wire.open(self.server) as caller:
            caller.send(wire.message("touch", twice(id_field), kind=TMessageType.ONEWAY))
            if wire.transport == "thriftmux":
                equal("empty", wire.reply(caller), "the reply of a oneway call")
            else:
                equal(b"", caller.everything_that_comes(), "the reply of a oneway call")

    def truncations(self, wire):
        whole = message(wire.protocol, "put", in_value(lambda out: (
            id_field(out, 1, 5), text_field(out, 2, b"Ada"), list_of(3, TType.STRING, 1,
                                                                     strings("a@b")))))
        # A dispatch without a body says nothing of the protocol to answer in.
        for length in range(wire.transport == "thriftmux", len(whole)):
            with wire.open(self.server) as caller:
                caller.send(wire.wrap(whole[:length]))
                if wire.transport != "thriftmux":
                    caller.finish_sending()
                try:
                    reply = wire.reply(caller)
                    check(reply == "empty" or reply[1] == TMessageType.EXCEPTION,
                          f"{length} bytes of {len(whole)} are answered with {reply}")
                except Closed:
                    pass

    def mutations(self, wire, count):
        """Whatever comes of them, the server lives and ends the connection or answers."""
        def fields(out):
            text_field(out, 7, b"text")
            out.writeFieldBegin("", TType.LIST, 11)
            out.writeListBegin(TType.I64, 3)
            for number in (1, -1, 1 << 60):
                out.writeI64(number)
            out.writeListEnd()
            out.writeFieldEnd()
            text_field(out, 8, b"\0\1\2")
        good = message(wire.protocol, "everything", in_value(fields))
        chance = random.Random(wire.transport + wire.protocol)
        for _ in range(count):
            data = bytearray(good)
            for _ in range(chance.randint(1, 4)):
                data[chance.randrange(len(data))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF,
                                                                   chance.randrange(256)))
            with wire.open(self.server) as caller:
                caller.send(wire.wrap(bytes(data)))
                if wire.transport != "thriftmux":
                    caller.finish_sending()
                    caller.everything_that_comes()
                else:
                    caller.frame()

    def messages(self, wire, brief):
        for name, method, arguments in MALFORMED:
            # Compact has no negative sizes of lists; without frames the rest may still come.
            if not (wire.protocol == "compact" and name == "a list of a negative size"
                    or wire.transport == "buffered" and "longer than the rest" in name):
                self.point(wire, name, self.malformed, wire, method, arguments)
        self.point(wire, "fields that nobody knows", self.good, wire, "get", strangers)
        self.point(wire, "60 structs in each other", self.good, wire, "get", nested_structs(60))
        self.point(wire, "an argument of another type", self.good, wire, "echo", id_field)
        self.point(wire, "an unknown method", self.good, wire, "no_such_method", None, 1)
        self.point(wire, "a method's name with a line break", self.good, wire, "a\nb", None, 1)
        for kind in (TMessageType.REPLY, TMessageType.EXCEPTION):
            self.point(wire, f"a message of type {kind}", self.wrong_kind, wire, kind)
        for kind in (TMessageType.CALL, TMessageType.ONEWAY):
            self.point(wire, f"oneway as type {kind} draws no reply", self.oneway, wire, kind,
                       "touch", id_field)
        self.point(wire, "oneway to an unknown method draws no reply", self.oneway, wire,
                   TMessageType.ONEWAY, "no_such_method", None)
        self.point(wire, "a broken oneway call draws no reply", self.broken_oneway, wire)
        if not brief:
            self.point(wire, "every truncation of a message", self.truncations, wire)
            self.point(wire, "100 messages with broken bytes", self.mutations, wire, 100)

    # --- frames and connections

    def too_large(self, size):
        with BINARY.open(self.server) as caller:
            equal(None, BINARY.call(caller, "ping")[3], "a ping")
            caller.send(u32(size) + b"\x80\x01\0\1")
            caller.everything_that_comes()
            self.logged(caller.name, "frame|large|negative|size")

    def announced_only(self):
        """A size is no reason to reserve memory."""
        before = self.memory_kib()
        callers = []
        for _ in range(100):
            caller = BINARY.open(self.server)
            caller.send(u32(15 << 20) + b"\x80\x01\0\1" + bytes(1000))
            callers.append(caller)
        equal(None, BINARY.call(self.witness, "ping")[3], "a ping beside them")
        grown = self.memory_kib() - before
        for caller in callers:
            caller.close()
        check(grown < 64 * 1024, f"memory has grown by {grown} KiB")

    def memory_kib(self):
        status = pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def unfinished(self, data):
        """The rest never comes: the server does not wait for ever."""
        with Raw(self.server) as caller:
            caller.send(data)
            start = time.monotonic()
            caller.everything_that_comes()
            check(time.monotonic() - start < 8, "it waited too long")

    def silent_crowd(self):
        callers = [Raw(self.server, None) for _ in range(200)]
        equal(None, BINARY.call(self.witness, "ping")[3], "a ping beside 200 silent callers")
        for caller in callers:
            equal(b"", caller.everything_that_comes(), "what a silent caller gets")
            caller.close()

    def half_closed(self):
        with BINARY.open(self.server) as caller:
            caller.send(BINARY.message("ping"))
            caller.finish_sending()
            caller.everything_that_comes()

    def resets(self):
        for cut in range(0, 40, 2):
            caller = BINARY.open(self.server)
            caller.send(BINARY.message("sleep", lambda out: (
                out.writeFieldBegin("", TType.I32, 1), out.writeI32(5000),
                out.writeFieldEnd()))[:cut])
            caller.reset()

    def dribble(self):
        with BINARY.open(self.server) as caller:
            for byte in BINARY.message("ping"):
                caller.send(bytes([byte]))
                time.sleep(0.002)
            equal("ping", BINARY.reply(caller)[0], "whose reply")

    def pipelined(self):
        with BINARY.open(self.server) as caller:
            caller.send(b"".join(BINARY.message("ping", sequence=number) for number in range(100)))
            equal(list(range(100)), [BINARY.reply(caller)[2] for _ in range(100)],
                  "the replies' numbers")

    def deaf(self):
        """A caller that never reads what it asks for is cut off, and holds little meanwhile."""
        payload = BINARY.message("echo", lambda out: text_field(out, 1, bytes(1 << 20)))
        before = self.memory_kib()
        with BINARY.open(self.server) as caller:
            caller.socket.settimeout(0.5)
            try:
                for _ in range(200):
                    caller.send(payload)
                raise Wrong("it took 200 MiB from a caller that reads nothing")
            except (Wrong, Closed) as error:
                check("200 MiB" not in str(error), str(error))
            grown = self.memory_kib() - before
            self.logged(caller.name, "read|cut off")
        check(grown < 100 * 1024, f"memory has grown by {grown} KiB")

    def stranger(self, data, what):
        with Raw(self.server) as caller:
            caller.send(data)
            answer = caller.everything_that_comes()
            check(len(answer) < 1000, f"it answers with {len(answer)} bytes")
            self.logged(caller.name, what)

    def http_answer(self):
        with Raw(self.server) as caller:
            caller.send(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            answer = caller.everything_that_comes()
            check(re.match(rb"HTTP/1\.1 400 .*\r\n\r\n.*Thrift", answer, re.S),
                  f"it answers {answer!r}")

    def garbage(self):
        for seed in range(150):
            with Raw(self.server) as caller:
                try:
                    caller.send(raw.noise(seed, random.Random(seed).randint(1, 200)))
                    caller.finish_sending()
                except (Closed, OSError):
                    continue
                caller.everything_that_comes()

    def connections(self):
        for name, size in (("17 MiB", 17 << 20), ("2 GiB", HUGE), ("a negative size", -1)):
            self.point(BINARY, f"a frame of {name}", self.too_large, size)
        if not os.environ.get("DUNLIN_BUILD_DIR", "").endswith("asan"):
            self.point(BINARY, "100 large frames, announced only", self.announced_only)
        for name, data in (("half a frame", u32(100) + b"\x80\x01\0\1\0"), ("nothing at all", b""),
                           ("half a size", b"\0\0"), ("half an unframed message", b"\x80\x01\0\1")):
            self.point(None, f"{name}, then silence", self.unfinished, data)
        self.point(None, "200 silent connections", self.silent_crowd)
        self.point(None, "half-closed behind a request", self.half_closed)
        self.point(None, "connections that are reset", self.resets)
        self.point(BINARY, "one byte after the other", self.dribble)
        self.point(BINARY, "100 calls at once are answered in order", self.pipelined)
        self.point(BINARY, "a caller that never reads", self.deaf)
        for name, data, what in STRANGERS:
            self.point(None, name, self.stranger, data, what)
        self.point(None, "HTTP is told so in its own language", self.http_answer)
        self.point(None, "150 times garbage", self.garbage)

    # --- ThriftMux

    def mux_closed(self, data):
        """The session ends, with an Rerr or without."""
        with MUX.open(self.server) as caller:
            caller.send(data)
            answer = caller.everything_that_comes()
            check(answer == b"" or answer[4] in (0x80, 0x7F, 0xFE), f"it answers {answer!r}")
            self.logged(caller.name, ".")

    def mux_rerr(self, data):
        """The message is answered with an Rerr, and the session goes on."""
        with MUX.open(self.server) as caller:
            caller.send(data)
            frame = caller.frame()
            check(frame[0] in (0x80, 0x7F), f"it answers {frame!r}")
            ping(caller)

    def mux_ignored(self, data):
        with MUX.open(self.server) as caller:
            caller.send(data)
            ping(caller)

    def mux_answered(self, data, kind=raw.RDISPATCH):
        with MUX.open(self.server) as caller:
            caller.send(data)
            frame = caller.frame()
            equal((kind, 0), (frame[0], frame[4]), f"type and status of {frame!r}")
            ping(caller)

    def duplicate_tag(self):
        sleep = message("binary", "sleep", lambda out: (
            out.writeFieldBegin("", TType.I32, 1), out.writeI32(3000), out.writeFieldEnd()))
        self.mux_closed(dispatch(2, sleep) + dispatch(2, sleep))

    def fragments(self):
        """8 MiB in pieces, with pings between them."""
        whole = dispatch(2, message("binary", "echo", lambda out: text_field(
            out, 1, bytes(8 << 20))))[8:]
        with MUX.open(self.server) as caller:
            for at in range(0, len(whole), 100_000):
                last = at + 100_000 >= len(whole)
                caller.send(mux(raw.TDISPATCH, 2 if last else 2 | 0x800000, whole[at:at + 100_000]))
                if not last:
                    ping(caller)
            check(len(caller.frame()) > 8 << 20, "the reply is short")

    def endless_fragments(self):
        """A message that is too large is refused, and does not stay in memory meanwhile."""
        before = self.memory_kib()
        with MUX.open(self.server) as caller:
            for _ in range(64):
                caller.send(mux(raw.TDISPATCH, 2 | 0x800000, bytes(1 << 20)))
            caller.send(mux(raw.TDISPATCH, 2, b"the end"))
            frame = caller.frame()
            check(frame[0] == raw.RDISPATCH and frame[4] != 0, f"it answers {frame[:100]!r}")
            ping(caller)
            grown = self.memory_kib() - before
            check(grown < 80 * 1024, f"memory has grown by {grown} KiB")

    def many_fragmented(self):
        with MUX.open(self.server) as caller:
            try:
                for tag in range(2, 20_000):
                    caller.send(mux(raw.TDISPATCH, tag | 0x800000, b"\0"))
            except Closed:
                return
            caller.everything_that_comes()

    def mux_mutations(self):
        context = (b"com.twitter.finagle.tracing.TraceContext", bytes(32))
        good = dispatch(2, message("binary", "ping"), [context], b"/dst", [(b"/a", b"/b")])
        chance = random.Random(1)
        for _ in range(150):
            data = bytearray(good)
            for _ in range(chance.randint(1, 4)):
                data[chance.randrange(4, len(data))] = chance.randrange(256)
            with MUX.open(self.server) as caller:
                caller.send(bytes(data))
                caller.send(mux(raw.TPING, 1))
                try:
                    for _ in range(10):
                        if caller.frame()[0] == raw.RPING:
                            break
                except Closed:
                    pass

    def sessions(self):
        call = message("binary", "ping")
        prefix = b"com.twitter.finagle."
        odd = [(prefix + b"Deadline", b"\1\2\3"), (prefix + b"tracing.TraceContext", bytes(7)),
               (prefix + b"thrift.ClientIdContext", b"\xff\xfe"), (prefix + b"Retries", b""),
               (b"", b""), (b"mine", bytes(60_000))]
        for name, body, *args in (
                ("a frame of 3 bytes", self.mux_closed, u32(3) + b"\2\0\0"),
                ("an unknown type", self.mux_rerr, mux(0x05, 2)),
                ("replies to a server: Rdispatch", self.mux_rerr, mux(raw.RDISPATCH, 2, b"\0\0\0")),
                ("replies to a server: Rinit", self.mux_rerr, mux(raw.RINIT, 2, b"\0\1")),
                ("replies to a server: Rping, Rdiscarded", self.mux_ignored,
                 mux(raw.RPING, 1) + mux(raw.RDISCARDED, 9)),
                ("a lease", self.mux_ignored, mux(raw.TLEASE, 0, bytes(9))),
                ("discarding what is not there", self.mux_ignored,
                 mux(raw.TDISCARDED, 0, b"\0\0\x09gone")),
                ("a Tinit of version 9", self.mux_closed, mux(raw.TINIT, 1, b"\0\x09")),
                ("truncated contexts", self.mux_closed, mux(raw.TDISPATCH, 2, b"\0\5\0\3ab")),
                ("a dispatch without anything", self.mux_closed, mux(raw.TDISPATCH, 2)),
                ("tag 0", self.mux_closed, dispatch(0, call)),
                ("a tag that is in use", self.duplicate_tag),
                ("odd contexts", self.mux_answered, dispatch(2, call, odd)),
                ("destination and dtab", self.mux_answered,
                 dispatch(2, call, (), b"/s/a", [(b"/s", b"/t"), (b"/u", b"/v | /w")])),
                ("the old Treq", self.mux_answered, mux(raw.TREQ, 2, b"\0" + call), raw.RREQ),
                ("a fragmented call, pings between", self.fragments),
                ("64 MiB in fragments", self.endless_fragments),
                ("20000 fragmented messages at once", self.many_fragmented),
                ("150 dispatches with broken bytes", self.mux_mutations)):
            if not ("64 MiB" in name and "asan" in os.environ.get("DUNLIN_BUILD_DIR", "")):
                self.point(MUX, name, body, *args)

    # --- TTwitter

    def after_upgrade(self, header):
        with BINARY.open(self.server) as caller:
            caller.send(BINARY.message("__can__finagle__trace__v3__"))
            equal(TMessageType.REPLY, BINARY.reply(caller)[1], "the answer to the upgrade")
            caller.send(framed(header + message("binary", "ping")))
            try:
                return caller.frame()
            except Closed:
                return b""

    def upgraded(self):
        for name, header in (("random bytes", raw.noise(5, 80)), ("nothing", b"\x0a"),
                             ("a huge list", b"\x0f\0\x08\x0c" + u32(HUGE)),
                             ("10000 structs", b"\x0c\0\x63" * 10_000)):
            self.point(Wire("ttwitter", "binary"), f"a header of {name}",
                       lambda header=header: check(b"pong" not in self.after_upgrade(header),
                                                   "it was answered"))
        self.point(Wire("ttwitter", "binary"), "an empty header", lambda: check(
            b"pong" in self.after_upgrade(b"\0"), "it was not answered"))

    # --- who may come in

    def turned_away(self, certificate, what, versions=None):
        """With TLS 1.3 a client learns of it with its first read."""
        before = len(self.server.log_text())
        self.mark = before
        name = "?"
        try:
            with Raw(self.server, None) as caller:
                name = caller.name
                caller.encrypt(certificate, versions)
                caller.send(BINARY.message("ping"))
                answer = caller.everything_that_comes()
                equal(b"", answer, "what it gets")
        except (ssl.SSLError, Closed, OSError):
            pass
        self.logged(name, what)

    def identity(self, certificate, expected):
        with Raw(self.server, certificate) as caller:
            caller.send(BINARY.message("context"))
            check(expected in caller.frame(), f"no {expected!r} in it")

    def plaintext(self, data, answer=b""):
        with Raw(self.server, None) as caller:
            caller.send(data)
            caller.everything_that_comes()
            self.logged(caller.name, "(?i)plain|without TLS|not TLS|no TLS|HTTP")

    def old_version(self):
        old = (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_1)
        self.turned_away("client", "(?i)version|protocol", old)

    def version(self, number):
        with Raw(self.server, "client", (number, number)) as caller:
            equal("ping", BINARY.call(caller, "ping")[0], "whose reply")

    def doors(self):
        for name, certificate, what in (
                ("no certificate", "", "(?i)certificate"),
                ("a foreign CA's certificate", "foreign-client", "(?i)certificate|issuer"),
                ("an expired certificate", "expired", "(?i)expired"),
                ("a revoked certificate", "revoked", "(?i)revoked"),
                ("a certificate that is for servers only", "server-only", "(?i)purpose")):
            self.point(None, name, self.turned_away, certificate, what)
        self.point(None, "TLS 1.1", self.old_version)
        for number in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.point(None, f"{number.name} is let in", self.version, number)
        for certificate, expected in (("client", b"spiffe://dunlin.dev/client"),
                                      ("client-dns", b"client.dunlin.dev"),
                                      ("client-cn", b"client-cn.dunlin.dev")):
            self.point(None, f"the identity in {certificate}.pem", self.identity, certificate,
                       expected)
        self.point(None, "Thrift without TLS", self.plaintext, BINARY.message("ping"))
        self.point(None, "HTTP without TLS", self.plaintext, b"GET / HTTP/1.1\r\n\r\n")
        self.point(None, "a handshake that is never finished", self.unfinished_handshake)

    def unfinished_handshake(self):
        with Raw(self.server, None) as caller:
            caller.send(b"\x16\x03\x01\x02\0\x01")
            caller.everything_that_comes()
            self.logged(caller.name, "(?i)handshake")

    def tls_on_plain(self):
        with Raw(self.server) as caller:
            name = caller.name
            try:
                caller.encrypt("client")
                raise Wrong("a handshake on a plain port")
            except ssl.SSLError as error:
                check("HANDSHAKE_FAILURE" in str(error).upper(), f"the client sees {error}")
            except OSError:
                raise Wrong("the connection just ended: no alert") from None
            self.logged(name, "TLS")

    def run(self):
        for wire in WIRES:
            self.messages(wire, self.server.secure)
        if self.server.secure:
            self.doors()
        else:
            self.point(None, "TLS on a plain port", self.tls_on_plain)
        self.connections()
        self.sessions()
        self.upgraded()
        self.witness.close()


def main():
    world.make_certificates()
    points = tap.RecordedTap(tap.results_folder() / "hostile.tap")
    points.only = next((a.partition("=")[2] for a in sys.argv if a.startswith("--only=")), None)
    with world.Folder() as folder:
        for secure in (False, True):
            with world.Server(folder, "tls" if secure else "plain", secure, *FLAGS) as server:
                suite = Suite(points, server)
                suite.run()
                world.ends_well(points, f"raw bytes | any | any | {suite.security}", server)
        folder.keep = points.failures > 0
    return points.end()


sys.exit(main())

#!/usr/bin/env python3
"""A server that lies, and the load generator that must notice: each kind of wrong answer has to be
counted, named and end in exit code 1, and the truth in exit code 0.

usage: lies.py BENCH_LOAD
"""
import json
import pathlib
import socket
import struct
import subprocess
import sys
import threading

MUX_RDISPATCH = 0xFE


def message(kind, name, seqid, result):
    return (struct.pack(">II", 0x80010000 | kind, len(name)) + name + struct.pack(">I", seqid)
            + result)


def text(value):
    return b"\x0b\0\0" + struct.pack(">I", len(value)) + value + b"\0"


class Call:
    """One request, and the answers that can be given to it."""

    def __init__(self, frame):
        self.tag = struct.unpack(">I", frame[:4])[0] & 0xFFFFFF if frame[0] == 2 else None
        thrift = frame[10:] if self.tag is not None else frame
        length = struct.unpack(">I", thrift[4:8])[0]
        self.name = thrift[8:8 + length]
        self.seqid = struct.unpack(">I", thrift[8 + length:12 + length])[0]
        self.arguments = thrift[12 + length:]

    def framed(self, body, tag_shift=0):
        if self.tag is not None:
            body = struct.pack(">IBH", MUX_RDISPATCH << 24 | (self.tag + tag_shift), 0, 0) + body
        return struct.pack(">I", len(body)) + body

    def result(self):
        return b"\x0c\0\0" + self.arguments[3:] if self.name == b"put" else text(b"pong")

    def truth(self):
        return self.framed(message(2, self.name, self.seqid, self.result()))


def other_text(call):
    return call.framed(message(2, call.name, call.seqid, text(b"pung")))


def longer_text(call):
    return call.framed(message(2, call.name, call.seqid, text(b"pong pong")))


def other_number(call):
    if call.tag is not None:
        return call.framed(message(2, call.name, call.seqid, text(b"pong")), tag_shift=1)
    return call.framed(message(2, call.name, call.seqid + 1, text(b"pong")))


def exception(call):
    return call.framed(message(3, call.name, call.seqid, text(b"pong")))


def other_method(call):
    return call.framed(message(2, b"pang", call.seqid, text(b"pong")))


def twice(call):
    return call.truth() * 2


def cut_short(call):
    body = message(2, call.name, call.seqid, text(b"pong"))[:-1]
    return call.framed(body)


def hang_up(call):
    return None


# What is said from the third ping on, and what must be counted.
LIES = [(other_text, "wrong"), (longer_text, "wrong"), (other_number, "wrong"),
        (exception, "wrong"), (other_method, "wrong"), (twice, "wrong"), (cut_short, "wrong"),
        (hang_up, "errors")]


class Liar:
    """Serves until it is left."""

    def __init__(self, lie):
        self.lie = lie
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            try:
                self.answer(connection, stream)
            except OSError:
                pass  # who has noticed hangs up

    def answer(self, connection, stream):
        for count in range(1 << 30):
            head = stream.read(4)
            if len(head) < 4:
                return
            call = Call(stream.read(struct.unpack(">I", head)[0]))
            lies = self.lie is not None and call.name == b"ping" and count >= 3
            answer = self.lie(call) if lies else call.truth()
            if answer is None:
                return
            connection.sendall(answer)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.listener.close()


def run(program, protocol, lie):
    with Liar(lie) as liar:
        done = subprocess.run([program, f"--port={liar.port}", f"--protocol={protocol}",
                               "--warm-up=0", "--seconds=0.3"], stdout=subprocess.PIPE, text=True,
                              check=False, timeout=60)
    return done.returncode, json.loads(done.stdout)


def problem(program, protocol, lie, counted):
    """What the load generator did not notice; None when all is well."""
    code, report = run(program, protocol, lie)
    if lie is None:
        well = code == 0 and report["calls"] > 0 and report["wrong"] == report["errors"] == 0
        return None if well else f"the truth was not believed: exit code {code}, {report}"
    if code != 1 or report[counted] == 0 or not report["first_" + counted.removesuffix("s")]:
        return f"exit code {code}, {report}"
    return None


def main():
    program = pathlib.Path(sys.argv[1])
    number = failures = 0
    for protocol in ("framed", "mux"):
        for lie, counted in [(None, ""), *LIES]:
            number += 1
            why = problem(program, protocol, lie, counted)
            failures += why is not None
            name = "the truth" if lie is None else lie.__name__.replace("_", " ")
            print(f"{'not ok' if why else 'ok'} {number} - {protocol}: {name} is noticed")
            if why:
                print(f"#   {why}")
    print(f"1..{number}")
    return 1 if failures else 0


sys.exit(main())

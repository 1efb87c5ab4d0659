#!/usr/bin/env python3
"""A server that lies, and the load generator that must notice: each kind of wrong answer has to be
counted, named and end in exit code 1, and the truth in exit code 0.

usage: lies.py BENCH_LOAD
"""
import concurrent.futures
import json
import pathlib
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
MUX_TDISPATCH, MUX_RDISPATCH, MUX_TINIT = 0x02, 0xFE, 0x44
UPGRADE = b"__can__finagle__trace__v3__"
REPLY, EXCEPTION = 2, 3
PATIENCE = 0.3
# Runs beside each other; most of the time all of them wait.
AT_ONCE = 6


def message(kind, name, seqid, result):
    return (struct.pack(">II", 0x80010000 | kind, len(name)) + name + struct.pack(">I", seqid)
            + result)


def text(value):
    return b"\x0b\0\0" + struct.pack(">I", len(value)) + value + b"\0"


def framed(body):
    return struct.pack(">I", len(body)) + body


class Call:
    """One request, and the answers that can be given to it."""

    record = b""  # what was put last, and the end of the result behind it

    def __init__(self, frame):
        self.tag = None
        self.header = b""
        if frame[0] == MUX_TDISPATCH:
            self.tag = struct.unpack(">I", frame[:4])[0] & 0xFFFFFF
            frame = frame[10:]
        elif frame[0] == 0x0A:  # TTwitter's header, which is always the same here
            self.header = b"\0"
            frame = frame[3 * 11 + 1:]
        length = struct.unpack(">I", frame[4:8])[0]
        self.name = frame[8:8 + length]
        self.seqid = struct.unpack(">I", frame[8 + length:12 + length])[0]
        self.arguments = frame[12 + length:]

    def answer(self, result=None, kind=REPLY, name=None, seqid_shift=0, tag_shift=0, status=0):
        """The truth, but for what is given."""
        body = self.header + message(kind, name or self.name, self.seqid + seqid_shift,
                                     self.result() if result is None else result)
        if self.tag is None:
            return framed(body)
        kind_and_tag = MUX_RDISPATCH << 24 | (self.tag + tag_shift)
        return framed(struct.pack(">IBH", kind_and_tag, status, 0) + body)

    def result(self):
        if self.name == UPGRADE:
            return b"\0"
        if self.name == b"put":
            Call.record = self.arguments[3:]
        return text(b"pong") if self.name == b"ping" else b"\x0c\0\0" + Call.record


def other_text(call):
    return call.answer(text(b"pung"))


def longer_text(call):
    return call.answer(text(b"pong pong"))


def bytes_behind_the_result(call):
    return call.answer(text(b"pong") + b"\0")


def other_field(call):
    return call.answer(b"\x0b\0\1" + text(b"pong")[3:])


def other_number(call):
    return call.answer(seqid_shift=0 if call.tag else 1, tag_shift=1 if call.tag else 0)


def other_seqid(call):
    return call.answer(seqid_shift=1)


def exception(call):
    return call.answer(kind=EXCEPTION)


def other_method(call):
    return call.answer(name=b"pang")


def refused(call):
    """NACK, of mux."""
    return call.answer(status=2)


def twice(call):
    return call.answer() * 2


def never_asked(call):
    """An answer to a call that comes later, if ever."""
    return call.answer(seqid_shift=0 if call.tag else 7, tag_shift=7 if call.tag else 0) \
        + call.answer()


def cut_short(call):
    return framed(call.answer()[4:-1])


def half_a_frame(call):
    return call.answer()[:-3]


def endless_frame(call):
    return b"\x7f\xff\xff\xff" + call.answer()[4:]


def empty_frame(call):
    return framed(b"")


def nothing(call):
    return b""


def hang_up(call):
    return None


def fields_in_another_order(call, change=lambda fields: fields):
    """The last field of the record, which is an i64 as the first is, comes first."""
    fields, last = Call.record[:-13], Call.record[-13:-2]
    return call.answer(b"\x0c\0\0" + last + change(fields) + b"\0\0")


def other_fields_in_another_order(call):
    return fields_in_another_order(call, lambda fields: fields.replace(b"Ada", b"Eve"))


def one_field_twice(call):
    return fields_in_another_order(call, lambda fields: Call.record[-13:-2] + fields[11:])


# What is said from the third call on, and what must be counted.
LIES = {other_text: "wrong", longer_text: "wrong", bytes_behind_the_result: "wrong",
        other_field: "wrong", other_number: "wrong", other_seqid: "wrong", exception: "wrong",
        other_method: "wrong", twice: "wrong", never_asked: "wrong", cut_short: "wrong",
        endless_frame: "wrong", empty_frame: "wrong", half_a_frame: "errors", nothing: "errors",
        hang_up: "errors"}
# The next answer is taken for the other half.
PIPELINED_LIES = {**LIES, half_a_frame: "wrong"}
MUX_LIES = {**PIPELINED_LIES, refused: "wrong"}
# Of a record, and what must be counted. Serializers differ in the order of fields.
RECORDS = {fields_in_another_order: None, other_fields_in_another_order: "wrong",
           one_field_twice: "wrong"}
OVER_TLS = {other_text: "wrong", nothing: "errors"}


class Liar:
    """Serves until it is left."""

    def __init__(self, lie, context=None):
        self.lie = lie
        self.context = context
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
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context is not None:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as stream:
                self.answer(connection, stream)
        except OSError:
            pass  # who has noticed hangs up

    def answer(self, connection, stream):
        calls = 0
        while True:
            head = stream.read(4)
            if len(head) < 4:
                return
            frame = stream.read(struct.unpack(">I", head)[0])
            answer = self.opening(frame)
            if answer is None:
                call = Call(frame)
                calls += call.name in (b"ping", b"get")
                lies = self.lie is not None and calls >= 3
                answer = self.lie(call) if lies else call.answer()
                if answer is None:
                    return
            connection.sendall(answer)

    @staticmethod
    def opening(frame):
        """The answer to the question for Tinit and to Tinit."""
        if frame[0] == 0x7F:
            return framed(frame)
        if frame[0] == MUX_TINIT:
            return framed(b"\xbc" + frame[1:])
        return None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.listener.close()


def run(program, lie, options, context=None):
    with Liar(lie, context) as liar:
        done = subprocess.run([program, f"--port={liar.port}", "--warm-up=0", "--seconds=0.2",
                               f"--patience={PATIENCE}", *options],
                              capture_output=True, text=True, check=False, timeout=60)
    return done


class Claims:
    """What is claimed, as TAP."""

    def __init__(self):
        self.number = self.failures = 0

    def claim(self, name, why):
        self.number += 1
        self.failures += why is not None
        print(f"{'not ok' if why else 'ok'} {self.number} - {name}", flush=True)
        if why:
            print(f"#   {why}")

    def told(self, name, done, counted):
        """The load generator has told the truth about what was `counted`, None for nothing."""
        try:
            report = json.loads(done.stdout)
        except ValueError:
            self.claim(name, f"exit code {done.returncode}, no report: {done.stderr.strip()}")
            return
        if counted is None:
            well = (done.returncode == 0 and report["calls"] > 0
                    and report["wrong"] == report["errors"] == 0)
        else:
            well = (done.returncode == 1 and report[counted] > 0
                    and report["first_" + counted.removesuffix("s")]
                    and str(report[counted]) in done.stderr)
        self.claim(name, None if well else f"exit code {done.returncode}, {report}, {done.stderr}")


def check_protocol(claims, program, name, lies, options, context=None):
    claims.told(f"{name}: the truth is believed", run(program, None, options, context), None)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        runs = pool.map(lambda lie: run(program, lie, options, context), lies)
        for (lie, counted), done in zip(lies.items(), runs):
            what = lie.__name__.replace("_", " ")
            claims.told(f"{name}: {what} is noticed", done, counted)


def check_records(claims, program):
    for protocol in ("framed", "mux"):
        for lie, counted in RECORDS.items():
            done = run(program, lie, [f"--protocol={protocol}", "--call=get"])
            what = lie.__name__.replace("_", " ")
            claims.told(f"{protocol}: {what}", done, counted)


def check_latency(claims, program):
    """A stall of half a second, at 1,000 calls a second on one connection: what waited behind it
    has to be seen, though few calls were answered late."""
    stalls = []

    def stall_once(call):
        if not stalls:
            stalls.append(time.sleep(0.5))
        return call.answer()

    done = run(program, stall_once, ["--protocol=framed", "--rate=1000", "--seconds=1"])
    report = json.loads(done.stdout or "null")
    well = done.returncode == 0 and report["p90_us"] > 100e3 and report["max_us"] > 450e3
    claims.claim("a stall is seen by all calls that were due", None if well else report)


def server_context(folder, client_ca="ca.pem"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    context.load_verify_locations(folder / client_ca)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def tls_options(folder, version):
    return [f"--tls={version}", f"--certificate={folder / 'client.pem'}",
            f"--key={folder / 'client.key'}", f"--ca={folder / 'ca.pem'}"]


def check_tls(claims, program, folder):
    subprocess.run([ROOT / "certs" / "make-dev-ca", "--all", folder], check=True,
                   stdout=subprocess.DEVNULL)
    for version in ("1.2", "1.3"):
        check_protocol(claims, program, f"TLS {version}", OVER_TLS, tls_options(folder, version),
                       server_context(folder))
    for kind in ("full", "resumed"):
        options = [*tls_options(folder, "1.3"), f"--handshakes={kind}"]
        done = run(program, None, options, server_context(folder))
        well = done.returncode == 0 and json.loads(done.stdout)["handshakes"] > 0
        claims.claim(f"{kind} handshakes are counted", None if well else done)
    context = server_context(folder)
    context.options |= ssl.OP_NO_TICKET
    context.num_tickets = 0
    done = run(program, None, [*tls_options(folder, "1.3"), "--handshakes=resumed"], context)
    claims.claim("a server that resumes nothing is noticed",
                 None if done.returncode == 1 and "resumed" in done.stderr else done)
    done = run(program, None, tls_options(folder, "1.3"), server_context(folder, "foreign-ca.pem"))
    claims.claim("a server that refuses our certificate is noticed",
                 None if done.returncode == 1 and "alert" in done.stderr else done)
    options = tls_options(folder, "1.3")
    options[-1] = f"--ca={folder / 'foreign-ca.pem'}"
    done = run(program, None, options, server_context(folder))
    claims.claim("a server with a foreign certificate is noticed",
                 None if done.returncode == 1 and "verify failed" in done.stderr else done)


def main():
    program = pathlib.Path(sys.argv[1])
    claims = Claims()
    check_protocol(claims, program, "framed", LIES, ["--protocol=framed"])
    check_protocol(claims, program, "pipelined", PIPELINED_LIES, ["--in-flight=4"])
    check_protocol(claims, program, "ttwitter", LIES, ["--protocol=ttwitter"])
    check_protocol(claims, program, "mux", MUX_LIES, ["--protocol=mux", "--in-flight=4", "--tinit"])
    check_records(claims, program)
    check_latency(claims, program)
    with tempfile.TemporaryDirectory(prefix="dunlin-lies-") as folder:
        check_tls(claims, program, pathlib.Path(folder))
    print(f"1..{claims.number}")
    return 1 if claims.failures else 0


sys.exit(main())

"""The peers of the benchmark, as peers.json lists them: how each is built, started and ended.

What an entry says:
  name, label, language  for the command line, for the table
  folder                 build.sh and the sources are in tests/bench/peers/<folder>; peers may share
                         one. `build.sh OUT_DIR` exits 77, after a line that says why, when its
                         toolchain is missing; it leaves a line in OUT_DIR/version.
  command                with {out} {tls} {certificate} {key} {ca} {loops} {connections}
  protocols              of framed, ttwitter and mux
  tls, tls_library       can it do mutual TLS 1.3 at all, and whose
  loops                  does {loops} bound the threads that it computes with
  waits                  what a call that sleeps holds: fiber (nearly nothing), thread (one for each
                         connection) or loop (everybody else waits, too)
  one_connection         true: it serves one connection after the other
  pipelines              false: it must not be sent a call before the answer to the last one
  resumes                false: every TLS session of it begins with a full handshake
  warm_up_seconds        how long it wants to be called before it is measured
"""
import json
import os
import pathlib
import re
import selectors
import signal
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SKIPPED = 77
START_SECONDS = 60
STOP_SECONDS = 10
LISTENING = re.compile(rb"^listening thrift 127\.0\.0\.1:(\d+)$", re.MULTILINE)


class LeftOut(Exception):
    """The toolchain is not there: the text says which."""


class Failed(Exception):
    """It does not build, start or end as it should."""


class Peer:
    """One entry of peers.json, with its fields as attributes."""

    one_connection = False
    pipelines = True
    resumes = True

    def __init__(self, entry, builds):
        self.__dict__.update(entry)
        self.out = pathlib.Path(builds) / self.folder

    def build(self):
        """Builds it, or leaves it as it is when nothing has changed. Returns its version."""
        script = HERE / self.folder / "build.sh"
        result = subprocess.run([script, self.out], capture_output=True, text=True, check=False)
        if result.returncode == SKIPPED:
            raise LeftOut(result.stdout.strip())
        if result.returncode != 0:
            raise Failed(f"{script} failed:\n{result.stderr.strip()}")
        return self.version()

    def version(self):
        return (self.out / "version").read_text().strip()

    def command_line(self, tls="off", certs=None, loops=1, connections=64):
        """certs is a folder made by certs/make-dev-ca."""
        certs = pathlib.Path(certs or ".")
        words = {"out": self.out, "tls": tls, "loops": loops, "connections": connections,
                 "certificate": certs / "server.pem", "key": certs / "server.key",
                 "ca": certs / "ca.pem"}
        return [word.format(**words) for word in self.command]

    def start(self, log, **options):
        """Starts it; its own output goes to the open file `log`."""
        return Running(self.command_line(**options), log)


class Running:
    """A peer that listens: pid and port; a context that ends it."""

    def __init__(self, command, log):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=log, start_new_session=True)
        self.pid = self.process.pid
        try:
            self.port = self.await_port(time.monotonic() + START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def await_port(self, deadline):
        said = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while selector.select(max(0, deadline - time.monotonic())):
                more = os.read(self.process.stdout.fileno(), 4096)
                said += more
                found = LISTENING.search(said)
                if found:
                    return int(found[1])
                if not more:
                    break
        command = " ".join(map(str, self.process.args))
        raise Failed(f"it does not listen: {command}\n{said.decode('utf-8', 'replace')}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()


def load(builds=None):
    """All of them by name; they are built into folders of `builds`."""
    builds = builds or ROOT / "build" / "bench" / "peers"
    entries = json.loads((HERE / "peers.json").read_text())
    return {entry["name"]: Peer(entry, builds) for entry in entries}

"""One measurement: the load generator against a running server, and what it said."""
import json
import pathlib
import subprocess

import figures
import machine


class Failed(Exception):
    """The measurement is none; the text says why, in one line."""


class Generator:
    """bench_load, pinned beside the servers."""

    def __init__(self, binaries, certs):
        self.program = pathlib.Path(binaries) / "bench_load"
        self.certs = certs

    def command(self, load, running, seconds, warm_up):
        words = [self.program, f"--port={running.port}", f"--protocol={load.protocol}",
                 f"--call={load.call}", f"--connections={load.connections}",
                 f"--in-flight={load.in_flight}", f"--seconds={seconds}", f"--warm-up={warm_up}",
                 f"--tls={load.tls}", f"--server-pid={running.pid}"]
        if load.idle:
            words.append(f"--idle={load.idle}")
        if load.rate:
            words.append(f"--rate={load.rate}")
        if load.handshakes:
            words.append(f"--handshakes={load.handshakes}")
        if load.tls != "off":
            words += [f"--certificate={self.certs / 'client.pem'}",
                      f"--key={self.certs / 'client.key'}", f"--ca={self.certs / 'ca.pem'}"]
        return words

    def measure(self, load, running, pinning, seconds, warm_up):
        """Returns: its figures, with what it said under "raw"."""
        command = machine.pinned(self.command(load, running, seconds, warm_up), pinning.generator)
        patience = seconds + warm_up + 20 + load.all_connections * 0.01
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=patience,
                                  check=False)
        except subprocess.TimeoutExpired:
            raise Failed(f"no result after {patience:.0f} s") from None
        raw = _parse(done)
        if done.returncode != 0 or raw.get("errors") or raw.get("wrong"):
            raise Failed(_why(done, raw))
        return {**figures.of_run(raw, load), "raw": raw}


def _parse(done):
    try:
        raw = json.loads(done.stdout)
    except ValueError:
        return {}
    return raw if isinstance(raw, dict) else {}


def _why(done, raw):
    for name in ("wrong", "errors"):
        if raw.get(name):
            first = raw.get("first_wrong" if name == "wrong" else "first_error") or "unknown"
            return f"{raw[name]} {name} in {raw.get('calls')} calls, the first one: {first}"
    lines = done.stderr.strip().splitlines()
    said = f": {lines[-1][:200]}" if lines else ""
    return f"the load generator ended with {done.returncode}{said}"

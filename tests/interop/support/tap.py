"""Test points on standard output, as every client of the interop suites prints them: the name of a
point is "client | transport | protocol | security | case"."""
import os
import pathlib
import sys
import time
import traceback


class Wrong(Exception):
    """Something is not as it should be."""


class Tap:
    """Prints one line a point and, at the end, the plan and the sum."""

    def __init__(self, only=None, out=sys.stdout):
        self.only = only
        self.out = out
        self.points = 0
        self.failures = 0

    def point(self, group, name, body, *args):
        if self.only and self.only not in f"{group} | {name}":
            return
        start = time.monotonic()
        why = None
        try:
            body(*args)
        except Wrong as error:
            why = str(error)
        except Exception:  # a point fails, the others go on
            why = trace(sys.exc_info())
        self.take(why is None, f"{group} | {name}", int((time.monotonic() - start) * 1000))
        for line in (why or "").splitlines():
            self.note(f"  {line}")

    def take(self, holds, name, ms):
        """One point that was decided elsewhere; notes that follow say why."""
        self.points += 1
        self.failures += not holds
        self.print(f"{'ok' if holds else 'not ok'} {self.points} - {name} # {ms} ms")

    def note(self, text):
        self.print(f"# {text}")

    def print(self, line):
        print(line, file=self.out, flush=True)

    def end(self):
        self.print(f"1..{self.points}")
        self.print(f"# {self.points - self.failures} passed, {self.failures} failed")
        return 1 if self.failures else 0


class RecordedTap(Tap):
    """A suite's points, which also go into a file for the table of results."""

    def __init__(self, file):
        super().__init__()
        file = pathlib.Path(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        self.record = open(file, "w", encoding="utf-8")

    def print(self, line):
        super().print(line)
        print(line, file=self.record, flush=True)


def results_folder():
    build = os.environ.get("DUNLIN_BUILD_DIR")
    source = pathlib.Path(__file__).resolve().parents[3]
    return pathlib.Path(build or source / "build" / "release") / "tests" / "interop" / "results"


def trace(exc_info):
    """What happened, and the way there without what lies in libraries."""
    frames = [frame for frame in traceback.extract_tb(exc_info[2])
              if "interop" in frame.filename and not frame.filename.endswith("tap.py")]
    lines = traceback.format_exception_only(exc_info[0], exc_info[1])
    lines += [f"  at {frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.line}\n"
              for frame in reversed(frames)]
    return "".join(lines)


def brief(value):
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}... ({len(text)})"


def check(holds, otherwise):
    if not holds:
        raise Wrong(otherwise)


def equal(expected, got, what):
    if expected != got:
        raise Wrong(f"{what}: expected {brief(expected)}, got {brief(got)}")


def eventually(what, holds, seconds=3):
    """Waits until holds() does, for what happens a moment after an answer."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise Wrong(f"in {seconds} s not seen: {what}")
        time.sleep(0.03)

"""Test points on standard output, as every client of the interop suites prints them: the name of a
point is "client | transport | protocol | security | case"."""
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
        self.result(group, name, why, time.monotonic() - start)

    def result(self, group, name, why, seconds):
        """One point that was decided elsewhere: why is None when it held."""
        self.points += 1
        self.failures += why is not None
        word = "ok" if why is None else "not ok"
        print(f"{word} {self.points} - {group} | {name} # {int(seconds * 1000)} ms", file=self.out)
        for line in (why or "").splitlines():
            print(f"#   {line}", file=self.out)
        self.out.flush()

    def note(self, text):
        print(f"# {text}", file=self.out, flush=True)

    def end(self):
        print(f"1..{self.points}", file=self.out)
        print(f"# {self.points - self.failures} passed, {self.failures} failed", file=self.out,
              flush=True)
        return 1 if self.failures else 0


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

"""What is measured when, and how long all of it takes: contestants take turns round by round, a run
that would take too long does fewer rounds and says so, a server that fails leaves the others alone."""
import sys
import time

import figures
import measuring
import tables
from machine import Pinning
from peers import peers

ROUNDS = {False: 5, True: 2}  # of a full run, of a quick one
# The client rows have the rest of half an hour, and of three minutes.
LIMIT_SECONDS = {False: 24 * 60 + 20, True: 130}
FEWEST = 1
# A contestant that failed so often in a load is not tried again in it.
FAILURES = 2
# Seconds for a handshake with both ends on this machine, for a process to start and to end.
A_HANDSHAKE = 0.0015
A_PROCESS = 0.5
# A virtual machine that runs already compiles what the next load is new to, and what it has not
# been asked for a while.
AGAIN_SECONDS = 1.5
# A handshake of one that is cold takes so many times as long.
COLD = 4


class Step:
    """One load of the run: who takes part, and how often."""

    def __init__(self, load, contestants, quick):
        self.load = load
        self.seconds = load.seconds[quick] or load.seconds[0]
        self.rounds = ROUNDS[quick]
        self.contestants = contestants
        self.is_first = False  # of the run: the servers are new

    def takes_part(self, contestant, turn):
        ours = contestant.name in figures.OURS
        return ours or not self.load.rounds or turn < min(self.load.rounds, max(self.rounds - 1, 1))

    def order(self, turn):
        """Everybody is first at some time."""
        there = [one for one in self.contestants if self.takes_part(one, turn)]
        at = turn % max(len(there), 1)
        return there[at:] + there[:at]

    def warm_up(self, contestant, is_new):
        if self.load.fresh:
            return self.load.warm_up
        if is_new:
            return max(self.load.warm_up, contestant.warm_up_seconds)
        return AGAIN_SECONDS if contestant.lasting else self.load.warm_up

    def estimate(self, contestant, turn):
        connections = self.load.all_connections * (A_HANDSHAKE if self.load.tls != "off" else 0)
        if self.load.fresh and contestant.lasting:
            connections *= COLD
        is_new = turn == 0 and self.is_first
        return A_PROCESS + connections + self.seconds + self.warm_up(contestant, is_new)

    def estimate_from(self, turn):
        return sum(self.estimate(one, i) for i in range(turn, self.rounds) for one in self.order(i))


class Clock:
    """How long it has taken, and how long it will."""

    def __init__(self, steps, limit_seconds):
        self.steps = steps
        self.limit = limit_seconds
        self.begun = time.monotonic()
        self.expected = 0.0  # what everything so far was estimated to take

    def passed(self):
        return time.monotonic() - self.begun

    def pace(self):
        """How much slower than estimated; not judged by the first few seconds."""
        return self.passed() / self.expected if self.expected > 10 else 1.0

    def left(self, step, turn):
        later = self.steps[self.steps.index(step) + 1:]
        ahead = step.estimate_from(turn) + sum(other.estimate_from(0) for other in later)
        return ahead * self.pace()

    def only(self, step):
        return step.estimate_from(0) * self.pace()

    def shorten(self, step):
        """Takes rounds from what is to come until it fits. Returns: whether it took any."""
        later = self.steps[self.steps.index(step):]
        taken = False
        while self.passed() + self.left(step, 0) > self.limit:
            most = max(other.rounds for other in later)
            if most <= FEWEST:
                break
            for other in later:
                other.rounds = min(other.rounds, most - 1)
            taken = True
        return taken


def clock_text(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


class Progress:
    """A line that changes on a terminal; elsewhere one line a load."""

    def __init__(self, out=None):
        self.out = out or sys.stderr
        self.moving = self.out.isatty()

    def at(self, text):
        if self.moving:
            self.out.write(f"\r\033[K{text[:118]}")
            self.out.flush()

    def line(self, text):
        self.out.write(f"\r\033[K{text}\n" if self.moving else f"{text}\n")
        self.out.flush()


class Run:
    """Measures all steps into results["loads"]."""

    def __init__(self, steps, servers, generator, results, limit_seconds, progress):
        self.clock = Clock(steps, limit_seconds)
        self.steps = steps
        self.servers = servers
        self.generator = generator
        self.results = results
        self.progress = progress

    def all(self):
        for step in self.steps:
            if self.clock.shorten(step):
                self.note(f"from {step.load.name} on no more than {step.rounds} rounds: this "
                          "machine is slow today, and the time is limited")
            if self.clock.passed() + self.clock.only(step) > self.clock.limit:
                self.note(f"{step.load.name} is left out: the time was up")
            else:
                self.measure_load(step)

    def note(self, text):
        self.results["notes"].append(text)
        self.progress.line(f"    {text}")

    def measure_load(self, step):
        load = step.load
        pinning = Pinning(load.loops)
        kept = {one.name: {"runs": [], "failures": []} for one in step.contestants}
        self.results["loads"][load.name] = {
            "title": load.title, "figures": list(load.figures), "seconds": step.seconds,
            "rounds": step.rounds, "pinning": str(pinning), "servers": kept}
        self.progress.line(f"{self.times(step, 0)} {load.name}: {plain(load.title)}")
        for turn, contestant in [(turn, one) for turn in range(step.rounds)
                                 for one in step.order(turn)]:
            if self.clock.passed() > self.clock.limit:
                self.note(f"{load.name} was broken off in round {turn + 1}: the time was up")
                break
            if len(kept[contestant.name]["failures"]) < FAILURES:
                self.progress.at(f"{self.times(step, turn)} {load.name}, round {turn + 1} of "
                                 f"{step.rounds}: {contestant.label}")
                self.measure(step, contestant, turn, pinning, kept[contestant.name])
        if load.fresh:
            self.servers.end_all(step.contestants)
        self.progress.line(f"    {self.outcome(step)}")

    def outcome(self, step):
        """The load's first figure of everybody, the best first."""
        name, figure = step.load.name, step.load.figures[0]
        there = [f"{tables.short(server)} "
                 f"{tables.number(figures.spread(self.results, name, server, figure).median)}"
                 for server in figures.servers_of(self.results, name, figure)]
        return f"{figures.NAMES[figure][0]}: {', '.join(there) or 'nothing'}"

    def times(self, step, turn):
        return f"[{clock_text(self.clock.passed())}, " \
               f"{clock_text(self.clock.left(step, turn))} left]"

    def measure(self, step, contestant, turn, pinning, kept):
        self.clock.expected += step.estimate(contestant, turn)
        try:
            if step.load.fresh:
                self.servers.end(contestant)
            running, is_new = self.servers.get(contestant, step.load, pinning)
            found = self.generator.measure(step.load, running, pinning, step.seconds,
                                           step.warm_up(contestant, is_new))
        except (measuring.Failed, peers.Failed, OSError) as error:
            text = str(error).strip().splitlines()[0]
            kept["failures"].append(text)
            self.progress.line(f"    {contestant.label} failed in {step.load.name}: {text}")
            self.servers.end(contestant)
        else:
            if step.load.fresh and contestant.lasting:
                found = {name: value for name, value in found.items() if name not in figures.OF_TIME}
            kept["runs"].append({"round": turn, **found})


def plain(title):
    return title.replace("`", "")

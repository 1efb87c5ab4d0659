"""The machine: what it is, for the results, and which cores servers and load generator get."""
import os
import pathlib
import re
import resource
import subprocess
import time


def _first(path, pattern):
    try:
        found = re.search(pattern, pathlib.Path(path).read_text(), re.MULTILINE)
    except OSError:
        return "unknown"
    return found[1].strip() if found else "unknown"


def said_by(*command):
    """The first line that a command prints; "" when there is no such command."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (done.stdout.strip().splitlines() or [""])[0]


def describe():
    memory_kib = _first("/proc/meminfo", r"^MemTotal:\s*(\d+)")
    return {
        "cpu": _first("/proc/cpuinfo", r"^model name\s*: (.*)$"),
        "cores": len(cores()),
        "memory_gib": round(int(memory_kib) / 1024 ** 2, 1) if memory_kib.isdigit() else 0,
        "kernel": f"{os.uname().sysname} {os.uname().release.partition('-')[0]}",
        "machine": os.uname().machine,
        "system": _first("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)'),
        "busy_before": busy_cores(),
    }


def _ticks():
    """Of all cores since the machine began: (not idle, all)."""
    ticks = [int(word) for word in _first("/proc/stat", r"^cpu +(.*)$").split()[:8]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def busy_cores(seconds=1.0):
    """How many cores others keep busy right now; the load average still counts our own building."""
    busy, everything = _ticks()
    time.sleep(seconds)
    busy_then, everything_then = _ticks()
    share = (busy_then - busy) / max(everything_then - everything, 1)
    return round(share * os.cpu_count(), 2)


def versions(root):
    commit = said_by("git", "-C", str(root), "rev-parse", "--short=12", "HEAD")
    changed = said_by("git", "-C", str(root), "status", "--porcelain", "--untracked-files=no")
    return {
        "dunlin": f"{commit or 'unknown'}{' with changes' if changed else ''}",
        "compiler": said_by("cc", "--version"),
        "openssl": said_by("openssl", "version").partition(" (")[0],
        "glib": said_by("pkg-config", "--modversion", "glib-2.0"),
        "libevent": said_by("pkg-config", "--modversion", "libevent_core"),
        "thrift c_glib": said_by("pkg-config", "--modversion", "thrift_c_glib"),
    }


def cores():
    return sorted(os.sched_getaffinity(0))


class Pinning:
    """Who runs where. Servers get one core a loop from the first on, the load generator what is
    left; with nothing left over they share all, which its text says."""

    def __init__(self, loops=1, available=None):
        available = available or cores()
        self.shared = len(available) <= loops
        self.server = available if self.shared else available[:loops]
        self.generator = available if self.shared else available[loops:loops + 2]

    def __str__(self):
        if self.shared:
            return f"servers and load generator share the cores {_list(self.server)}"
        return f"servers on core {_list(self.server)}, load generator on {_list(self.generator)}"


def _list(numbers):
    return ",".join(map(str, numbers))


def pinned(command, numbers):
    return ["taskset", "-c", _list(numbers), *map(str, command)]


def raise_limits():
    """Ten thousand connections need as many descriptors; children inherit the limit.
    Returns: how many there are."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard

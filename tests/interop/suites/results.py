#!/usr/bin/python3
"""Prints the table of what all suites found, and writes it beside their records: one row a way to
call, one column a kind of security, points that held of points in all.

usage: results.py            fails when a point failed
"""
import collections
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import tap

SECURITIES = ("plain", "mutual TLS")


def read(folder):
    """(client, transport, protocol) -> security -> [held, failed]"""
    rows = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0]))
    for file in sorted(folder.glob("*.tap")):
        for line in file.read_text(encoding="utf-8").splitlines():
            found = re.match(r"(ok|not ok) \d+ - (.*?) \| (.*?) \| (.*?) \| (.*?) \| ", line)
            if found:
                word, *way, security = found.groups()
                rows[tuple(way)][security][word == "not ok"] += 1
    return rows


def cell(counts):
    held, failed = counts
    if held + failed == 0:
        return "-"
    return f"{held} ok" if failed == 0 else f"{failed} of {held + failed} FAILED"


def table(rows):
    lines = [("client", "transport", "protocol", *SECURITIES)]
    lines += [(*way, *(cell(rows[way][security]) for security in SECURITIES))
              for way in sorted(rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    texts = ["| " + " | ".join(word.ljust(width) for word, width in zip(line, widths)) + " |"
             for line in lines]
    texts.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(texts)


def main():
    folder = tap.results_folder()
    rows = read(folder)
    if not rows:
        print(f"no suite has left its points in {folder}")
        return 1
    failures = sum(counts[1] for row in rows.values() for counts in row.values())
    points = failures + sum(counts[0] for row in rows.values() for counts in row.values())
    text = f"{table(rows)}\n\n{points} points, {failures} failed\n"
    (folder / "table.md").write_text(text, encoding="utf-8")
    print(text, end="")
    return 1 if failures else 0


sys.exit(main())

#!/usr/bin/env python3
"""beside.py TRUTH.csv TIMELINE.csv: two timelines, block by block, line by line.

Columns are found by name. Times are shown in seconds since the first row of
the truth; rows shorter than a tenth of one are left out. Where the truth is
unknown (nobody lives there) nothing is compared.
"""
import csv
import datetime
import os
import sys

COLOURS = {"up": "32", "degraded": "33", "down": "31", "unknown": "90"}


def seconds(text):
    if not text:
        return None
    if text.replace(".", "", 1).isdigit():
        return float(text)
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def read(name):
    """{block: [(start, end, row), ...]}, in the order of the file."""
    blocks = {}
    with open(name, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            span = (seconds(row["start"]), seconds(row["end"]), row)
            if span[1] is not None and span[1] - span[0] < 0.1:
                continue
            blocks.setdefault(row["block"], []).append(span)
    return blocks


def painted(state, width, colour):
    text = state.ljust(width)
    return f"\033[{COLOURS.get(state, '0')}m{text}\033[0m" if colour else text


def cell(span, zero, colour):
    if span is None:
        return " " * 36
    start, _, row = span
    state = row["state"]
    why = row.get("cause") or (row.get("reason") if state != "up" else "") or ""
    return f"{start - zero:6.1f} {painted(state, 9, colour)}{why:<20.20}"


def agreement(truth, seen):
    """Seconds in which both say the same, and seconds compared."""
    same = total = 0.0
    for t_start, t_end, t_row in truth:
        if t_row["state"] == "unknown":
            continue
        for s_start, s_end, s_row in seen:
            start = max(t_start, s_start)
            end = min(e for e in (t_end, s_end, seen[-1][1] or s_start) if e is not None)
            if end > start:
                total += end - start
                same += (end - start) * (t_row["state"] == s_row["state"])
    return same, total


def main():
    truth, seen = read(sys.argv[1]), read(sys.argv[2])
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    zero = min(spans[0][0] for spans in truth.values())
    same = total = 0.0

    print(f"{'block':<17}{'what happened':<39}what lightsout saw   (seconds)")
    for block in sorted(truth, key=lambda b: [int(n) for n in b.split("/")[0].split(".")]):
        left, right = truth[block], seen.get(block, [])
        # Rows that begin at about the same time stand side by side.
        lines = []
        while left or right:
            if left and right and abs(left[0][0] - right[0][0]) < 4:
                lines.append((left.pop(0), right.pop(0)))
            elif not right or (left and left[0][0] <= right[0][0]):
                lines.append((left.pop(0), None))
            else:
                lines.append((None, right.pop(0)))
        for number, (a, b) in enumerate(lines):
            name = block if number == 0 else ""
            print(f"{name:<16} {cell(a, zero, colour)}   {cell(b, zero, colour)}".rstrip())
        s, t = agreement([a for a, _ in lines if a], [b for _, b in lines if b])
        same, total = same + s, total + t
    if total:
        print(f"\nthe same for {100 * same / total:.1f} % of the time")


if __name__ == "__main__":
    main()

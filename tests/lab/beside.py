#!/usr/bin/env python3
"""beside.py TRUTH SEEN: two directories with a timeline.csv each, block by
block, line by line; then their outages.csv, where there are two.

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


def timelines(truth, seen, colour):
    zero = min(spans[0][0] for spans in truth.values())
    same = total = 0.0

    print(f"{'block':<17}{'what happened':<39}what lightsout saw   (seconds)")
    for block in sorted(truth, key=lambda b: [int(n) for n in b.split("/")[0].split(".")]):
        left, right = list(truth[block]), list(seen.get(block, []))
        s, t = agreement(left, right)
        same, total = same + s, total + t
        # Rows that begin at about the same time stand side by side.
        name = block
        while left or right:
            a = b = None
            together = left and right and abs(left[0][0] - right[0][0]) < 4
            if left and (together or not right or left[0][0] <= right[0][0]):
                a = left.pop(0)
            if right and (together or a is None):
                b = right.pop(0)
            print(f"{name:<16} {cell(a, zero, colour)}   {cell(b, zero, colour)}".rstrip())
            name = ""
    if total:
        print(f"\nthe same for {100 * same / total:.1f} % of the time")
    return zero


def middle(row, edge):
    """Of an interval, or the instant, or None while it runs."""
    if edge in row:
        return seconds(row[edge])
    earliest, latest = seconds(row[edge + "_earliest"]), seconds(row[edge + "_latest"])
    return latest if earliest is None or latest is None else (earliest + latest) / 2


def outages(name, zero, whose):
    with open(name, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            start, end = middle(row, "start") - zero, middle(row, "end")
            until = f"{end - zero:6.1f}" if end is not None else "   ..."
            sure = [row[p] for p in (f"p_{row['cause']}",) if row.get(p)]
            print(f"{whose:<16} {start:6.1f} {until}  {row['extent']:<8} {row['cause']}"
                  + (f" ({float(sure[0]):.2f})" if sure else ""))
            if row.get("evidence"):
                print(f"{'':<32}{row['evidence']}")


def main():
    truth, seen = sys.argv[1:3]
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    zero = timelines(read(f"{truth}/timeline.csv"), read(f"{seen}/timeline.csv"), colour)
    if os.path.exists(f"{seen}/outages.csv"):
        print("\noutages           from     to  extent   cause")
        outages(f"{truth}/outages.csv", zero, "what happened")
        outages(f"{seen}/outages.csv", zero, "lightsout")


if __name__ == "__main__":
    main()

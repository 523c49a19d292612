#!/usr/bin/env python3
"""Stores that end now, for the browser to look at.

usage: worlds.py LIGHTSOUT HISTORIES DIRECTORY

normal, outage, blind: one history of the generator, a power loss after another, that ends hours
after one of them, in one, or with a vantage point whose anchors are silent; many: 400 blocks;
hostile: names that would be markup; live: an hour, and live-N: the sweeps to add to it.
"""

import csv
import pathlib
import subprocess
import sys
import time

NOW = int(time.time())
LIGHTSOUT, HISTORIES, DIRECTORY = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
HOUR = 3600


def rows_of(path):
    with open(path, encoding="ascii", newline="") as file:
        yield from csv.DictReader(file)


def write(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def run(*command):
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def later(text, by):
    """The same time, so many seconds later, to the last digit."""
    whole, _, part = text.partition(".")
    return f"{int(whole) + by}.{part}" if part else str(int(whole) + by)


def read(whole, since):
    """What a history has since then, as rows of each table."""
    sweeps = [row for row in rows_of(whole / "sweeps.csv") if float(row["start"]) > since]
    first = {row["sweep"] for row in sweeps}
    return {"sweeps": sweeps} | {
        what: [row for row in rows_of(whole / f"{what}.csv") if row["sweep"] in first]
        for what in ("observations", "paths")}


def cut(whole, tables, name, until, blind_s=0):
    """A history up to `until`, as if that were now."""
    out = DIRECTORY / f"{name}.set"
    out.mkdir()
    by = NOW - int(until)
    kept, blind = set(), set()
    sweeps = []
    for row in tables["sweeps"]:
        end = float(row["end"])
        if end > until:
            continue
        if end > until - blind_s:
            row = row | {"anchors_up": "0", "received": "0"}
            blind.add(row["sweep"])
        kept.add(row["sweep"])
        # So long an interval that nothing is late while the browser looks.
        sweeps.append(row | {"interval": "1800", "start": later(row["start"], by),
                             "end": later(row["end"], by)})
    write(out / "sweeps.csv", sweeps[0].keys(), sweeps)
    for what in ("observations", "paths"):
        rows = []
        for row in tables[what]:
            if row["sweep"] not in kept or (row["sweep"] in blind and what == "paths"):
                continue
            if row["sweep"] in blind:
                row = dict.fromkeys(row, "") | {"outcome": "silent"} | {
                    key: row[key] for key in ("sweep", "address", "probed_at", "method")}
            rows.append(row | {"probed_at": later(row["probed_at"], by)})
        if rows:
            write(out / f"{what}.csv", rows[0].keys(), rows)
    (out / "targets.csv").write_bytes((whole / "targets.csv").read_bytes())
    run(LIGHTSOUT, "import", out, "-s", DIRECTORY / f"{name}.db")


def synth(name, store, blocks, sweeps, dark, vantage="vp1", label="", begin=NOW - HOUR):
    """Full sweeps, one a minute, with those numbers; `dark` says which block is silent when."""
    out = DIRECTORY / f"{name}.set"
    out.mkdir()
    targets = [{"prefix": f"198.18.{b}.0/24" if b < 256 else f"198.19.{b - 256}.0/24",
                "role": "target", "label": label} for b in range(blocks)]
    targets.append({"prefix": "203.0.113.9/32", "role": "anchor", "label": ""})
    write(out / "targets.csv", ("prefix", "role", "label"), targets)
    seen, rows = [], []
    for n in sweeps:
        at = begin + 60 * n
        answered = 1
        rows.append({"sweep": n, "address": "203.0.113.9", "probed_at": at + 9, "method": "icmp",
                     "outcome": "echo_reply", "rtt_us": 1000})
        for b in range(blocks):
            for h in range(1, 6):
                if dark(b, n):
                    continue
                answered += 1
                address = targets[b]["prefix"].replace(".0/24", f".{h}")
                rows.append({"sweep": n, "address": address, "probed_at": at + h, "method": "icmp",
                             "outcome": "echo_reply", "rtt_us": 2000})
        seen.append({"sweep": n, "vantage": vantage, "tier": "full", "start": at, "end": at + 50,
                     "probed": 256 * blocks + 1, "sent": 256 * blocks + 1, "received": answered,
                     "interval": 1800, "methods": "icmp", "anchors_probed": 1, "anchors_up": 1})
    write(out / "sweeps.csv", seen[0].keys(), seen)
    write(out / "observations.csv", rows[0].keys(), rows)
    if store:
        run(LIGHTSOUT, "import", out, "-s", DIRECTORY / f"{store}.db")


def main():
    made = DIRECTORY / "history"
    run(HISTORIES, "-f", "F3", "-s", "7", "-d", "9", "-H", "31", "-b", "4", "-o", made)
    downs = [row for row in rows_of(made / "downs.csv")]
    start = max(float(row["start"]) for row in downs)
    end = max(float(row["end"]) for row in downs)
    whole = DIRECTORY / "whole.set"
    run(LIGHTSOUT, "export", "-s", made / "store.db", whole)
    tables = read(whole, start - 56 * HOUR)
    cut(whole, tables, "normal", end + 6 * HOUR)
    cut(whole, tables, "outage", start + HOUR / 2)
    cut(whole, tables, "blind", end + 6 * HOUR, blind_s=HOUR / 3)
    hostile = "<img src=x onerror=document.title='owned'>\"'&"
    synth("many", "many", 400, range(60), lambda b, n: (b % 40 == 7 and n > 50) or b % 50 == 3)
    synth("hostile", "hostile", 2, range(60), lambda b, n: n > 50, hostile, hostile)
    synth("live", "live", 2, range(45), lambda b, n: False)
    for n in range(45, 60):
        synth(f"live-{n}", None, 2, [n], lambda b, n: True)
    # One sweep in which nothing answers, ever: nothing is known yet.
    synth("empty", "empty", 1, range(58, 60), lambda b, n: True)


main()

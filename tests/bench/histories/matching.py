"""Read what one world was and what was made of it; match the two one to one."""

import bisect
import collections
import csv
import re

FOR_EVER = 4e9


def rows_of(path):
    try:
        with open(path, encoding="ascii", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        return []


def number(text, otherwise):
    return float(text) if text not in ("", None) else otherwise


def is_block_time(path):
    """block -> sorted list of (start, end)."""
    found = collections.defaultdict(list)
    for row in rows_of(path):
        found[row["block"]].append((float(row["start"]), float(row["end"])))
    for spans in found.values():
        spans.sort()
    return found


def merged(spans, gap):
    result = []
    for start, end in sorted(spans):
        if result and start - result[-1][1] < gap:
            result[-1][1] = max(end, result[-1][1])
        else:
            result.append([start, end])
    return [tuple(span) for span in result]


def touches(spans, start, end):
    """Do these (merged, sorted) spans overlap start..end?"""
    at = bisect.bisect_left(spans, (end, end))
    return any(span[1] > start for span in spans[max(0, at - 3):at])


def block_years(directory):
    """Of blocks of three machines or more, by world.csv."""
    return sum((float(row["end"]) - float(row["start"])) / 31557600
               for row in rows_of(directory / "world.csv") if int(row["machines"]) >= 3)


class Report:
    """One row of outages.csv."""

    def __init__(self, row):
        self.row = row
        self.start_from = number(row["start_earliest"], 0)
        self.start_to = number(row["start_latest"], self.start_from)
        self.end_from = number(row["end_earliest"], FOR_EVER)
        self.end_to = number(row["end_latest"], self.end_from)
        self.start = (self.start_from + self.start_to) / 2
        self.end = (self.end_from + self.end_to) / 2
        self.blocks = set(filter(None, row["blocks"].split(";")))
        self.cause = row["cause"]
        self.p = {cause: number(row[column], 0) for cause, column in (
            ("power_loss", "p_power_loss"), ("upstream_disconnect", "p_upstream_disconnect"),
            ("congestion", "p_congestion"), ("routing", "p_routing"))}
        prior = re.search(r"\bprior:([+-]?[0-9.]+)", row["evidence"])
        self.prior = float(prior.group(1)) if prior else 0.0


class Event:
    """One row of events.csv."""

    def __init__(self, row, index):
        self.row = row
        self.index = index
        self.start = float(row["start"])
        self.end = float(row["end"])
        self.blocks = set(filter(None, row["blocks"].split(";")))
        self.cause = row["cause"]
        self.graded = row["graded"] == "1"
        self.identifiable = row["identifiable"] == "1"
        self.lost = int(row["lost"])
        self.block_machines = int(row["block_machines"])
        self.at_onset = int(row["at_onset"])
        self.at_end = int(row["at_end"])
        self.twin = row["twin"] == "1"
        self.found = None
        self.provisional = None


def overlap(a_start, a_end, b_start, b_end):
    return min(a_end, b_end) - max(a_start, b_start)


def pair(events, reports):
    """Largest overlap first; each at most once. Returns the reports left over."""
    pairs = []
    for e, event in enumerate(events):
        for r, report in enumerate(reports):
            common = overlap(event.start, event.end, report.start_from, report.end_to)
            if common > 0 and (not report.blocks or event.blocks & report.blocks):
                pairs.append((event.graded, common, -e, -r))
    pairs.sort(reverse=True)
    taken = set()
    for _, _, e, r in pairs:
        if events[-e].found is None and -r not in taken:
            events[-e].found = reports[-r]
            taken.add(-r)
    return [report for r, report in enumerate(reports) if r not in taken]


def iou(a_start, a_end, b_start, b_end):
    union = max(a_end, b_end) - min(a_start, b_start)
    return max(0.0, overlap(a_start, a_end, b_start, b_end)) / union if union > 0 else 0.0


class World:
    def __init__(self, directory, only_outages=False):
        facts = rows_of(directory / "world.csv")
        self.directory = directory
        self.family = facts[0]["family"]
        self.machines = {row["block"]: int(row["machines"]) for row in facts}
        self.start, self.end = float(facts[0]["start"]), float(facts[0]["end"])
        self.vantages = int(facts[0]["vantages"])
        self.observations = int(facts[0]["observations"])
        self.seconds = number((directory / "seconds").read_text().strip()
                              if (directory / "seconds").exists() else "", 0)
        self.block_years = block_years(directory)
        self.excused = {block: merged(spans, 1.0) for block, spans in
                        is_block_time(directory / "excused.csv").items()}
        self.events = [Event(row, i) for i, row in enumerate(rows_of(directory / "events.csv"))]
        self.reports = [Report(row) for row in rows_of(directory / "outages.csv")]
        self.match_outages()
        if only_outages:
            return
        self.match_provisional()
        self.match_downs()
        self.match_reboots()

    def is_excused(self, block, start, end):
        return touches(self.excused.get(block, []), start, end)

    def match_outages(self):
        left = pair(self.events, self.reports)
        self.fragments, self.false = [], []
        for report in left:
            if any(event.graded and overlap(event.start, event.end, report.start, report.end) > 0
                   and event.blocks & report.blocks for event in self.events):
                self.fragments.append(report)
            elif not any(self.is_excused(block, report.start_from, report.end_to)
                         for block in report.blocks):
                self.false.append(report)

    def match_provisional(self):
        for event in self.events:
            path = self.directory / ("provisional-%d.csv" % event.index)
            if not path.exists():
                continue
            best = 0
            event.provisional = False
            for row in rows_of(path):
                report = Report(row)
                common = overlap(event.start, event.start + 600, report.start_from, report.end_to)
                if common > best and event.blocks & report.blocks:
                    best, event.provisional = common, report

    def match_downs(self):
        """Per detector: [true, found, missed, false, IoUs] over blocks of three machines or more."""
        reports = {"lightsout": collections.defaultdict(list)}
        for row in rows_of(self.directory / "timeline.csv"):
            if row["state"] == "down":
                reports["lightsout"][row["block"]].append(
                    (float(row["start"]), number(row["end"], self.end)))
        for row in rows_of(self.directory / "baselines.csv"):
            reports.setdefault(row["detector"], collections.defaultdict(list))[
                row["block"]].append((float(row["start"]), float(row["end"])))
        truth = is_block_time(self.directory / "downs.csv")
        self.downs = {name: [0, 0, 0, 0, []] for name in reports}
        for block, machines in self.machines.items():
            if 0 < machines < 3:
                continue
            downs = merged(truth.get(block, []), 180)
            for name, by_block in reports.items():
                self.count_downs(self.downs[name], downs, merged(by_block.get(block, []), 180),
                                 block)

    def count_downs(self, tally, downs, reports, block):
        taken = set()
        first = 0
        for start, end in downs:
            if end - start < 200:
                continue
            best, choice = 0, None
            while first < len(reports) and reports[first][1] < start:
                first += 1
            for r in range(first, len(reports)):
                if reports[r][0] >= end:
                    break
                common = overlap(start, end, *reports[r])
                if common > best and r not in taken:
                    best, choice = common, r
            tally[0] += 1
            if choice is None:
                tally[2] += 1
                continue
            taken.add(choice)
            tally[1] += 1
            tally[4].append(iou(start, end, *reports[choice]))
        for r, (start, end) in enumerate(reports):
            if r not in taken and not self.is_excused(block, start - 1, end):
                tally[3] += 1

    def match_reboots(self):
        truth = [(row, set(row["addresses"].split(";")), float(row["boot"]))
                 for row in rows_of(self.directory / "reboots.csv")]
        seen = [(set(row["addresses"].split(";")), float(row["earliest"]) - 120,
                 float(row["latest"]) + 120)
                for row in rows_of(self.directory / "seen_reboots.csv")]
        by_address = collections.defaultdict(list)
        for s, (addresses, _, _) in enumerate(seen):
            for address in addresses:
                by_address[address].append(s)
        taken = set()
        self.reboots_missed, self.reboots_found = [], 0
        for observable in ("1", "0"):
            for row, addresses, boot in truth:
                if row["observable"] != observable:
                    continue
                fits = [s for address in addresses for s in by_address[address]
                        if s not in taken and seen[s][1] <= boot <= seen[s][2]]
                if fits:
                    # All the vantage points' and addresses' reports of one reboot are one.
                    taken.update(fits)
                if observable == "1":
                    self.reboots_found += bool(fits)
                    if not fits:
                        self.reboots_missed.append(row)
        self.reboots_false = [seen[s] for s in range(len(seen)) if s not in taken]

    def instability(self):
        """minute -> (asked, answered, rtt_us), for the rules people use to name causes."""
        return [(int(row["minute"]), int(row["asked"]), int(row["answered"]),
                 float(row["rtt_us"])) for row in rows_of(self.directory / "minutes.csv")]

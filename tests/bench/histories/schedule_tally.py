"""What a build made of worlds at any schedule: blocks lost, false rows, edges."""

import collections

import figures
import matching

ASKED = 3
CUTS = ("power_loss", "upstream_disconnect")


class Tally:
    """What one build made of some worlds."""

    def __init__(self):
        self.worlds = self.years = self.seconds = self.observations = 0
        self.lost = [0, 0, 0, 0, []]    # blocks by rows of the timeline, as World.count_downs has it
        self.rowed = [0, 0, 0, 0, []]   # ... by rows of outages
        self.false = self.fragments = self.wrong_power = 0
        self.onset, self.end = [], []   # (held, width, least)
        self.failed = []

    def add(self, directory):
        world = matching.World(directory, True)
        every = float(matching.rows_of(directory / "world.csv")[0]["every_s"])
        self.worlds += 1
        self.years += sum((world.end - world.start) / 31557600 for machines in
                          world.machines.values() if machines)
        self.seconds += world.seconds
        self.observations += world.observations
        self.false += sum(max(1, len(report.blocks)) for report in world.false)
        self.fragments += len(world.fragments)
        self.add_blocks(world, every)
        for event in world.events:
            if event.graded and event.found and event.cause in CUTS:
                self.add_edges(event, every)
                self.wrong_power += (event.cause != "power_loss" and
                                     event.found.cause == "power_loss")

    def add_blocks(self, world, every):
        gap = max(180, 1.5 * every)
        truth = collections.defaultdict(list)
        for row in matching.rows_of(world.directory / "downs.csv"):
            truth[row["block"]].append((float(row["start"]), float(row["end"]), int(row["asked"])))
        rows, outages = collections.defaultdict(list), collections.defaultdict(list)
        for row in matching.rows_of(world.directory / "timeline.csv"):
            if row["state"] == "down":
                rows[row["block"]].append((float(row["start"]),
                                           matching.number(row["end"], world.end)))
        for report in world.reports:
            for block in report.blocks:
                outages[block].append((report.start_from, min(report.end_to, world.end)))
        for block, machines in world.machines.items():
            spans = truth[block]
            downs = [(start, end) for start, end in
                     matching.merged([span[:2] for span in spans], gap)
                     if sum(asked for a, b, asked in spans if start <= a and b <= end) > ASKED]
            world.count_downs(self.lost, downs, matching.merged(rows[block], gap), block)
            if machines >= 2:
                world.count_downs(self.rowed, downs, sorted(outages[block]), block)

    def add_edges(self, event, every):
        found = event.found
        least = matching.number(event.row["onset_least"], 0)
        # That a host which went alone, long before the others, went with them nobody can know.
        if least and float(event.row["second_s"]) <= every:
            self.onset.append((found.start_from - 0.05 <= event.start <= found.start_to + 0.05,
                               found.start_to - found.start_from, least))
        least = matching.number(event.row["end_least"], 0)
        if least and found.end < matching.FOR_EVER / 2:
            self.end.append((found.end_from - 0.05 <= event.end <= found.end_to + 0.05,
                             found.end_to - found.end_from, least))

    def merge(self, other):
        for name in ("worlds", "years", "seconds", "observations", "false", "fragments",
                     "wrong_power", "onset", "end", "failed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.lost = [a + b for a, b in zip(self.lost, other.lost)]
        self.rowed = [a + b for a, b in zip(self.rowed, other.rowed)]


def share(hits, count):
    return "%.3f (%d/%d)" % (hits / count, hits, count) if count else "-"


def wide(edges):
    least = figures.quantile([edge[2] for edge in edges], 0.5)
    return "%.2f" % (figures.quantile([edge[1] for edge in edges], 0.5) / least) if edges else "-"


COLUMNS = ("blocks lost, in timeline", "in outages", "false down a block-year", "false outage a block-year",
           "fragments", "onset held", "end held", "onset width", "end width", "power of a cut",
           "worlds", "million/s", "s")


def cells(tally):
    return (share(tally.lost[1], tally.lost[0]), share(tally.rowed[1], tally.rowed[0]),
            figures.rate(tally.lost[3], tally.years), figures.rate(tally.false, tally.years),
            tally.fragments, share(sum(edge[0] for edge in tally.onset), len(tally.onset)),
            share(sum(edge[0] for edge in tally.end), len(tally.end)), wide(tally.onset),
            wide(tally.end), tally.wrong_power, tally.worlds,
            "%.2f" % (tally.observations / 1e6 / tally.seconds) if tally.seconds else "-",
            "%.1f" % tally.seconds)

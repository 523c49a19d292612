"""The table: everything docs/BENCHMARKS.md says about the judgement."""

import bisect
import collections

import figures
from figures import share, spread
import matching

PAIR = ("power_loss", "upstream_disconnect")
CAUSES = ("power_loss", "upstream_disconnect", "congestion", "routing")
UNSEEN = ("N1", "N2", "N3", "N4", "N5", "N6")


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells):
    row(*cells)
    row(*["---"] * len(cells))


def family_order(family):
    return ("FTANK".index(family[0]), int(family[1:]) if family[1:].isdigit() else 99)


def by_family(worlds):
    groups = collections.defaultdict(list)
    for world in worlds:
        groups[world.family].append(world)
    return [(family, groups[family]) for family in sorted(groups, key=family_order)]


def graded(worlds):
    return [event for world in worlds for event in world.events
            if event.graded and event.block_machines >= 3]


def outages(worlds):
    print("\n### Outages (rows of outages.csv, blocks of three machines or more)\n")
    head("family", "events", "found", "missed", "fragments", "false a block-year", "F1", "IoU median")
    groups = by_family(worlds) + [("all", worlds)]
    for family, some in groups:
        events = graded(some)
        found = [event for event in events if event.found]
        fragments = sum(len(world.fragments) for world in some)
        false = sum(len(world.false) for world in some)
        by_block = sum(max(1, len(report.blocks)) for world in some for report in world.false)
        ious = [matching.iou(event.start, event.end, event.found.start, event.found.end)
                for event in found]
        row(family, len(events), len(found), len(events) - len(found), fragments,
            figures.rate(by_block, sum(world.block_years for world in some)),
            "%.3f" % figures.f1(len(found), len(events) - len(found), fragments + false),
            "%.3f" % figures.quantile(ious, 0.5) if ious else "-")
    print()
    for name, low, high in (("five machines or more", 5, 999), ("three or four", 3, 4)):
        events = [event for event in graded(worlds) if low <= event.block_machines <= high]
        found = sum(1 for event in events if event.found)
        print("- recall, biggest block with %s: %s" % (name, share(found, len(events))))


def false_outages(worlds):
    """A false row counts once for each block it names. Some say something true of the wrong
    block: something took two machines or more just then, elsewhere."""
    print("\n### False outages, family by family (blocks of three machines or more)\n")
    head("family", "worlds", "block-years", "false rows", "of them in a true event",
         "false a block-year", "0.3 or fewer", "fragments", "events", "missed")
    for family, some in by_family(worlds) + [("all", worlds)]:
        years = sum(world.block_years for world in some)
        false = [report for world in some for report in world.false]
        by_block = sum(max(1, len(report.blocks)) for report in false)
        events = graded(some)
        beside = sum(1 for world in some for report in world.false if any(
            matching.overlap(event.start, event.end, report.start_from, report.end_to) > 0
            for event in world.events))
        row(family, len(some), "%.1f" % years, len(false), beside, figures.rate(by_block, years),
            "yes" if by_block <= 0.3 * years else "**no**",
            sum(len(world.fragments) for world in some), len(events),
            sum(1 for event in events if not event.found))


def downs(worlds):
    print("\n### Down blocks (rows of timeline.csv), against others on the same input\n")
    head("detector", "downs", "found", "missed", "false a block-year", "F1", "IoU median")
    years = sum(world.block_years for world in worlds)
    names = list(dict.fromkeys(name for world in worlds for name in world.downs))
    for name in names:
        tallies = [world.downs[name] for world in worlds if name in world.downs]
        true, found, missed, false = (sum(tally[i] for tally in tallies) for i in range(4))
        ious = [value for tally in tallies for value in tally[4]]
        row(name, true, found, missed, figures.rate(false, years),
            "%.3f" % figures.f1(found, missed, false),
            "%.3f" % figures.quantile(ious, 0.5) if ious else "-")
    print()
    head("family", *["false: " + name for name in names], "missed: lightsout")
    for family, some in by_family(worlds):
        row(family, *[sum(world.downs[name][3] for world in some if name in world.downs)
                      for name in names], sum(world.downs["lightsout"][2] for world in some))


def edge_figures(events):
    """Errors, coverage and widths of onsets and ends."""
    result = {"onset": [], "end": [], "onset_in": 0, "end_in": 0, "onset_wide": [], "end_wide": []}
    for event in events:
        found = event.found
        result["onset"].append(abs(found.start - event.start))
        result["onset_in"] += found.start_from - 0.05 <= event.start <= found.start_to + 0.05
        result["onset_wide"].append((found.start_to - found.start_from) / (60 / (event.lost + 1)))
        if found.end < matching.FOR_EVER / 2:
            result["end"].append(abs(found.end - event.end))
            result["end_in"] += found.end_from - 0.05 <= event.end <= found.end_to + 0.05
            result["end_wide"].append((found.end_to - found.end_from) / (60 / (event.lost + 1)))
    return result


def edge_row(name, events):
    figure = edge_figures(events)
    row(name, len(events), spread(figure["onset"]), spread(figure["end"]),
        share(figure["onset_in"], len(figure["onset"])),
        share(figure["end_in"], len(figure["end"])),
        "%.2f" % figures.quantile(figure["onset_wide"], 0.5) if figure["onset_wide"] else "-",
        "%.2f" % figures.quantile(figure["end_wide"], 0.5) if figure["end_wide"] else "-")


def edges(worlds):
    print("\n### Edges: |midpoint - truth| median / p95 in s, coverage, "
          "median width in units of 60 s/(lost + 1)\n")
    head("events", "count", "onset s", "end s", "onset covered", "end covered", "onset width",
         "end width")
    found = [event for event in graded(worlds)
             if event.found and event.cause in PAIR]
    both = [event for event in found if event.at_onset == event.lost]
    edge_row("20 or more together", [event for event in both if event.lost >= 20 and
                                     event.at_end >= 0.9 * event.lost])
    edge_row("20 or more at onset", [event for event in both if event.lost >= 20])
    edge_row("5-19 together", [event for event in both if 5 <= event.lost < 20])
    edge_row("2-4 together", [event for event in both if event.lost < 5])
    for family, some in by_family(worlds):
        events = [event for event in graded(some) if event.found and event.cause in PAIR]
        if events:
            edge_row(family, events)


def causes(worlds):
    print("\n### Causes, final stage (matched events; undetermined is not right)\n")
    head("family", "identifiable", "right", "wrong", "undetermined", "twins", "twins undetermined")
    for family, some in by_family(worlds) + [("all", worlds)]:
        events = [event for event in graded(some) if event.found]
        known = [event for event in events if event.identifiable and event.cause in PAIR]
        twins = [event for event in events if event.twin]
        right = sum(1 for event in known if event.found.cause == event.cause)
        unsure = sum(1 for event in known if event.found.cause == "undetermined")
        if not known and not twins:
            continue
        row(family, len(known), share(right, len(known)), len(known) - right - unsure, unsure,
            len(twins), share(sum(1 for event in twins if event.found.cause == "undetermined"),
                              len(twins)))


def confusion(worlds):
    print("\n### Confusion, identifiable events, final stage\n")
    head("truth", *CAUSES, "undetermined")
    counts = collections.Counter()
    for event in graded(worlds):
        if event.found and event.identifiable:
            counts[event.cause, event.found.cause] += 1
    scores = []
    for truth in CAUSES:
        row(truth, *[counts[truth, stated] for stated in CAUSES + ("undetermined",)])
        there = sum(counts[truth, stated] for stated in CAUSES + ("undetermined",))
        stated = sum(counts[other, truth] for other in CAUSES)
        if there:
            scores.append(figures.f1(counts[truth, truth], there - counts[truth, truth],
                                     stated - counts[truth, truth]))
    if scores:
        print("\nmacro-F1 over %d causes: **%.3f**" % (len(scores), sum(scores) / len(scores)))


def cause_baselines(worlds):
    """The rules people use, given the true times: what they would say."""
    tallies = collections.defaultdict(lambda: [0, 0])
    known = [event for event in graded(worlds) if event.identifiable and event.cause in CAUSES]
    counts = collections.Counter(event.cause for event in known)
    if not known:
        return
    tallies["majority"] = [counts.most_common(1)[0][1], len(known)]
    for world in worlds:
        minutes = world.instability()
        if not minutes:
            continue
        times = [minute[0] for minute in minutes]
        flaps = [minutes[i][0] for i in range(1, len(minutes))
                 if minutes[i][2] * 2 < minutes[i][1] and minutes[i - 1][2] * 2 >= minutes[i - 1][1]]
        for event in world.events:
            if not event.graded or not event.identifiable or event.block_machines < 3:
                continue
            before = bisect.bisect_left(flaps, event.start - 90) - \
                bisect.bisect_left(flaps, event.start - 86400)
            hour = minutes[bisect.bisect_left(times, event.start - 3600):
                           bisect.bisect_left(times, event.start - 60)]
            day = minutes[bisect.bisect_left(times, event.start - 90000):
                          bisect.bisect_left(times, event.start - 3600)]

            def answered(some):
                return sum(m[2] for m in some) / max(1, sum(m[1] for m in some))
            tallies["instability before: power, else cut"][1] += 1
            tallies["instability before: power, else cut"][0] += event.cause == (
                "power_loss" if before >= 2 else "upstream_disconnect")
            tallies["loss ramp: congestion, else power"][1] += 1
            tallies["loss ramp: congestion, else power"][0] += event.cause == (
                "congestion" if hour and day and answered(hour) < answered(day) - 0.05
                else "power_loss")
    tallies["lightsout"] = [sum(1 for event in known if event.found and
                                event.found.cause == event.cause), len(known)]
    print("\n### Causes against the rules people use (identifiable events, true times given)\n")
    head("rule", "right")
    for name, (right, count) in tallies.items():
        row(name, share(right, count))


def calibration(worlds):
    print("\n### Calibration of power against upstream (decided events)\n")
    head("prior power:upstream", "decided", "ECE", "Brier")
    verdicts = [(event.cause == "power_loss", event.found) for event in graded(worlds)
                if event.found and event.cause in PAIR and event.found.cause in PAIR]
    for name, ratio in (("1:9", 1 / 9), ("1:1", 1.0), ("9:1", 9.0)):
        got = figures.calibration(verdicts, ratio)
        row(name, len(verdicts), *("%.3f" % value for value in got or (float("nan"),) * 2))


def provisional(worlds):
    asked = [event for event in graded(worlds)
             if event.provisional is not None and event.cause in PAIR]
    seen = [event for event in asked if event.provisional]
    decided = [event for event in seen if event.provisional.cause in PAIR]
    right = sum(1 for event in decided if event.provisional.cause == event.cause)
    if not asked:
        return
    print("\n### Provisional verdicts, ten minutes after onset (--as-of)\n")
    print("- seen by then: %s" % share(len(seen), len(asked)))
    print("- right of those decided for power or upstream: %s" % share(right, len(decided)))
    print("- abstained or other: %s" % share(len(seen) - len(decided), len(seen)))
    score = figures.log_score([(event.cause == "power_loss", event.provisional)
                               for event in seen], 1.0)
    if score is not None:
        print("- log score at even prior: %.3f nats (prior alone: -0.693)" % score)


def unseen(worlds):
    print("\n### Worlds never fitted: verdicts stated at 0.95 or more\n")
    head("family", "stated", "right")
    total = [0, 0]
    for family, some in by_family(worlds):
        if family not in UNSEEN:
            continue
        stated = [event for event in graded(some) if event.found and event.cause in CAUSES and
                  event.found.p.get(event.found.cause, 0) >= 0.95]
        right = sum(1 for event in stated if event.found.cause == event.cause)
        total = [total[0] + right, total[1] + len(stated)]
        row(family, len(stated), share(right, len(stated)))
    row("all", total[1], share(*total))


def reboots(worlds):
    print("\n### Reboots of machines with usable clocks\n")
    head("family", "true", "found", "false", "F1")
    for family, some in by_family(worlds) + [("all", worlds)]:
        found = sum(world.reboots_found for world in some)
        missed = sum(len(world.reboots_missed) for world in some)
        false = sum(len(world.reboots_false) for world in some)
        row(family, found + missed, share(found, found + missed), false,
            "%.4f" % figures.f1(found, missed, false))


DARK = 1419264900, 1419264900 + 571 * 60


def blackout(world):
    """Rows over it, and the longest of them."""
    rows = [report for report in world.reports
            if matching.overlap(report.start, report.end, *DARK) > 0]
    return rows, max(rows, key=lambda report: report.end - report.start, default=None)


def degraded_before(world):
    return sum(min(DARK[0], float(line["end"])) - float(line["start"])
               for line in matching.rows_of(world.directory / "timeline.csv")
               if line["state"] == "degraded" and
               DARK[0] - 90000 < float(line["start"]) < DARK[0]) / 3600


def seed_cases(worlds):
    """Of many worlds, family by family."""
    head("family", "worlds", "one row over it", "start error s", "end error s", *CAUSES,
         "undetermined", "upstream the least of three", "degraded h before")
    for family, some in by_family(worlds):
        found = [(rows, best) for rows, best in map(blackout, some) if best]
        causes = collections.Counter(best.cause for _, best in found)
        least = sum(1 for _, best in found if best.p["upstream_disconnect"] <=
                    min(best.p["power_loss"], best.p["congestion"]))
        row(family, len(some), share(sum(1 for rows, _ in found if len(rows) == 1), len(some)),
            spread([abs(best.start - DARK[0]) for _, best in found]),
            spread([abs(best.end - DARK[1]) for _, best in found]),
            *[causes[cause] for cause in CAUSES + ("undetermined",)], least,
            "%.2f" % figures.quantile([degraded_before(world) for world in some], 0.5))


def seed_case(worlds):
    some = [world for world in worlds if world.family[0] == "K"]
    if not some:
        return
    print("\n### December 2014 (reconstruction): the blackout of the 22nd\n")
    if len(some) > 24:
        seed_cases(some)
        return
    head("world", "rows over it", "start error s", "end error s", "cause", "p power", "p upstream",
         "p congestion", "flaps_24h", "degraded h before", "all rows")
    for world in some:
        rows, best = blackout(world)
        if best is None:
            row(world.family, 0, *["-"] * 8, len(world.reports))
            continue
        row(world.family, len(rows), "%.1f" % (best.start - DARK[0]), "%.1f" % (best.end - DARK[1]),
            best.cause, *("%.3f" % best.p[cause] for cause in CAUSES[:3]), best.row["flaps_24h"],
            "%.2f" % degraded_before(world), len(world.reports))


def gate(worlds):
    """What a change of the judgement must never break, on the few worlds of --quick."""
    events = graded(worlds)
    big = [event for event in events if event.block_machines >= 5]
    missed = sum(1 for event in events if not event.found)
    false = sum(len(world.false) + len(world.fragments) for world in worlds)
    known = [event for event in events if event.found and event.identifiable and
             event.cause in PAIR]
    wrong = sum(1 for event in known if event.found.cause not in (event.cause, "undetermined"))
    rules = (
        ("something to find", len(big) >= 20),
        ("no outage missed in blocks of five machines or more", all(e.found for e in big)),
        ("F1 of outages 0.95 or more", figures.f1(len(events) - missed, missed, false) >= 0.95),
        ("wrong causes one in twenty or fewer", wrong * 20 <= len(known)),
        ("reboots missed 2 % or fewer", sum(len(world.reboots_missed) for world in worlds) * 50 <=
         sum(world.reboots_found for world in worlds)),
    )
    print("\n### Gate\n")
    for name, good in rules:
        print("- %s: %s" % (name, "yes" if good else "**no**"))
    return all(good for _, good in rules)


def print_report(work, title, gated=False, speed="outages"):
    """Print all tables. False: nothing was judged, or the gate is shut."""
    worlds = [matching.World(path) for path in sorted(work.iterdir())
              if (path / "outages.csv").exists() and (path / "world.csv").exists()]
    if not worlds:
        print("no world was judged")
        return False
    judged = sum(world.observations for world in worlds)
    seconds = sum(world.seconds for world in worlds)
    print("## Judgement: %s\n" % title)
    print("%d worlds, %.1f block-years, %.0f million observations; %s at %.2f million "
          "observations a second (as run, two at once)" % (
              len(worlds), sum(world.block_years for world in worlds), judged / 1e6, speed,
              judged / 1e6 / seconds if seconds else 0))
    for part in (outages, false_outages, downs, edges, causes, confusion, cause_baselines, calibration,
                 provisional, unseen, reboots, seed_case):
        part(worlds)
    return gate(worlds) if gated else True

"""What went wrong, one line each, with where to look."""

import matching
from report import PAIR, graded


def seen(report):
    return "%s %.1f..%.1f - %.1f..%.1f %s p=%s/%s/%s" % (
        report.row["outage"], report.start_from, report.start_to, report.end_from, report.end_to,
        report.cause, report.row["p_power_loss"], report.row["p_upstream_disconnect"],
        report.row["p_congestion"])


def true(event):
    return "event %s %s %.1f-%.1f lost %d of %s" % (
        event.row["event"], event.row["note"].replace(",", ""), event.start, event.end, event.lost,
        event.row["machines"])


def of_world(world):
    """(kind, line) of everything that costs a point."""
    for report in world.false:
        yield "false outage", "%s blocks %d machines %s %s" % (
            seen(report), len(report.blocks), report.row["machines_affected"],
            report.row["evidence"])
    for report in world.fragments:
        yield "fragment", seen(report)
    for event in graded([world]):
        found = event.found
        if found is None:
            yield "missed", true(event)
            continue
        if event.cause in PAIR:
            if not found.start_from - 0.05 <= event.start <= found.start_to + 0.05:
                yield "onset outside", true(event) + " -> " + seen(found)
            if not found.end_from - 0.05 <= event.end <= found.end_to + 0.05:
                yield "end outside", true(event) + " -> " + seen(found)
        if event.twin and found.cause != "undetermined":
            yield "twin decided", true(event) + " -> %s %s" % (seen(found), found.row["evidence"])
        if event.identifiable and found.cause != event.cause:
            yield "cause", "%s (%s, rebooted %s, ran through %s, steps %s) -> %s %s" % (
                true(event), event.cause, event.row["rebooted"], event.row["ran_through"],
                event.row["steps"], seen(found), found.row["evidence"])
    for row in world.reboots_missed:
        yield "reboot missed", "%s at %s" % (row["addresses"], row["boot"])
    for addresses, start, end in world.reboots_false:
        yield "reboot false", "%s %.0f-%.0f" % (";".join(sorted(addresses)), start, end)


def print_failures(work, each):
    """At most `each` of a kind in a world."""
    for path in sorted(work.iterdir()):
        if not (path / "outages.csv").exists():
            continue
        counts = {}
        for kind, line in of_world(matching.World(path)):
            counts[kind] = counts.get(kind, 0) + 1
            if counts[kind] <= each:
                print("%s: %s: %s" % (path.name, kind, line))
        for kind, count in counts.items():
            if count > each:
                print("%s: %s: %d in all" % (path.name, kind, count))


def outside(low, high, truth):
    """By how many seconds the truth lies outside: before (negative) or after (positive)."""
    return truth - low if truth < low - 0.05 else truth - high if truth > high + 0.05 else 0.0


def print_edges(work, families):
    """Each edge of power and upstream outages that its interval does not hold, worst last."""
    lines = []
    counts = {}
    for path in sorted(work.iterdir()):
        if not (path / "outages.csv").exists() or (
                families and path.name.split("-")[0] not in families):
            continue
        for event in graded([matching.World(path)]):
            found = event.found
            if found is None or event.cause not in PAIR:
                continue
            for kind, low, high, truth in (("onset", found.start_from, found.start_to, event.start),
                                           ("end", found.end_from, found.end_to, event.end)):
                off = outside(low, high, truth)
                counts[path.name.split("-")[0], kind, (off > 0) - (off < 0)] = counts.get(
                    (path.name.split("-")[0], kind, (off > 0) - (off < 0)), 0) + 1
                if off:
                    lines.append((kind, path.name.split("-")[0], off, "%s: %s %+.1f s: %s -> %s" % (
                        path.name, kind, off, true(event), seen(found))))
    for _, _, _, line in sorted(lines):
        print(line)
    for family, kind in sorted({key[:2] for key in counts}):
        before, inside, after = (counts.get((family, kind, side), 0) for side in (-1, 0, 1))
        print("%s %s: %d held, %d earlier, %d later: %.3f" % (
            family, kind, inside, before, after, inside / (before + inside + after)))

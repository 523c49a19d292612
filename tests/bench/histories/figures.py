"""Figures with their uncertainty."""

import math


def wilson(hits, count, z=1.96):
    """95 % interval of a share (Wilson, 1927)."""
    if count == 0:
        return 0.0, 1.0
    p = hits / count
    middle = p + z * z / (2 * count)
    spread = z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def share(hits, count):
    if count == 0:
        return "-"
    low, high = wilson(hits, count)
    return "%.3f (%d/%d, %.3f-%.3f)" % (hits / count, hits, count, low, high)


def poisson_at_most(count, mean):
    """P(X <= count)."""
    term = total = math.exp(-mean)
    for k in range(1, count + 1):
        term *= mean / k
        total += term
    return total


def solve(wanted, function, low, high):
    """Where a falling function takes that value."""
    for _ in range(60):
        middle = (low + high) / 2
        if function(middle) > wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def garwood(count):
    """95 % interval of the mean of a Poisson count (Garwood, 1936); wide counts by their root."""
    if count > 400:
        root = math.sqrt(count + 0.375)
        return (root - 0.98) ** 2 - 0.375, (root + 0.98) ** 2 - 0.375
    high = 2 * count + 20
    low = solve(0.975, lambda mean: poisson_at_most(count - 1, mean), 0, high) if count else 0.0
    return low, solve(0.025, lambda mean: poisson_at_most(count, mean), 0, high)


def rate(count, years):
    """A count a year, with its interval."""
    if years <= 0:
        return "-"
    low, high = garwood(count)
    return "%.2f (%d in %.1f, %.2f-%.2f)" % (count / years, count, years, low / years, high / years)


def quantile(values, q):
    if not values:
        return float("nan")
    values = sorted(values)
    at = q * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)


def spread(values):
    """median / p95 (count)."""
    if not values:
        return "-"
    return "%.1f / %.1f (%d)" % (quantile(values, 0.5), quantile(values, 0.95), len(values))


def f1(found, missed, false):
    below = 2 * found + missed + false
    return 2 * found / below if below else float("nan")


def re_based(report, power_to_upstream):
    """p(power) against upstream alone, with another prior than the report's."""
    up, down = report.p["power_loss"], report.p["upstream_disconnect"]
    up, down = max(up, 1e-6), max(down, 1e-6)
    logit = math.log(up / down) - report.prior + math.log(power_to_upstream)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def calibration(verdicts, power_to_upstream):
    """ECE (ten bins) and Brier score, events weighted to that prior."""
    powers = sum(1 for truth, _ in verdicts if truth)
    ups = len(verdicts) - powers
    if not powers or not ups:
        return None
    weight = {True: power_to_upstream / (1 + power_to_upstream) / powers,
              False: 1 / (1 + power_to_upstream) / ups}
    bins = [[0.0, 0.0, 0.0] for _ in range(10)]
    brier = 0.0
    for truth, report in verdicts:
        p = re_based(report, power_to_upstream)
        w = weight[truth]
        brier += w * (p - truth) ** 2
        cell = bins[min(9, int(p * 10))]
        cell[0] += w
        cell[1] += w * p
        cell[2] += w * truth
    return sum(abs(cell[1] - cell[2]) for cell in bins), brier


def log_score(verdicts, power_to_upstream):
    """Mean log score in nats, and that of the prior alone (0.5 when balanced)."""
    if not verdicts:
        return None
    return sum(math.log(max(1e-6, p if truth else 1 - p)) for truth, p in (
        (truth, re_based(report, power_to_upstream)) for truth, report in verdicts)) / len(verdicts)

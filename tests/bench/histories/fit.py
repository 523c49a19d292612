"""Refit the weights of the evidence with one family of causes left out, and try them on it.

What is refitted is one multiplier per term of the column `evidence`, for power over upstream:
penalised logistic regression towards 1, the weight as shipped. Each family counts alike
however many events it has, and so do the two causes, so that no prior is learned.
"""

import collections
import math

import figures
from figures import share
import matching

PAIR = ("power_loss", "upstream_disconnect")
# A family counts as so many events; a multiplier is taken to be 1 give or take this.
FAMILY_EVENTS = 100.0
SPREAD = 0.5
# As sure as a cause must be to be stated (METHOD.md, section 7).
STATE_P = 0.75


class Case:
    """An event of the pair and what was said of it."""

    def __init__(self, event, family):
        self.event, self.family = event, family
        self.power = event.cause == PAIR[0]
        self.report = event.found
        self.terms = {}
        for term in filter(None, self.report.row["evidence"].split(";")):
            name, nats = term.split(":")
            if name != "prior":
                self.terms[name] = float(nats)
        self.key = tuple(sorted(self.terms.items()))

    def logit(self, weights):
        """At even odds of the two."""
        return sum(weights.get(name, 1.0) * nats for name, nats in self.terms.items())

    def judged(self, weights):
        """The report as it would be with these weights: the other causes stand to upstream
        as they stood."""
        columns = {"other": "p_other", **{name: "p_" + name for name in (
            *PAIR, "congestion", "routing")}}
        score = {name: math.log(max(1e-6, float(self.report.row[column] or 0)))
                 for name, column in columns.items()}
        score[PAIR[0]] += self.logit(weights) - self.logit({})
        whole = sum(math.exp(value) for value in score.values())
        p = {name: math.exp(value) / whole for name, value in score.items()}
        first = max(p, key=p.get)
        return Judged(p, first if p[first] >= STATE_P and first != "other" else "undetermined",
                      self.report.prior)


class Judged:
    def __init__(self, p, cause, prior):
        self.p, self.cause, self.prior = p, cause, prior


def cases_of(work, seeds=None):
    """All of a kept directory that the regression may learn from or be tried on; twins too."""
    found = []
    for path in sorted(work.iterdir()):
        seed = int(path.name.rpartition("-")[2] or 0) if "-" in path.name else 0
        if not (path / "done").exists() or (seeds and not seeds[0] <= seed <= seeds[1]):
            continue
        world = matching.World(path, only_outages=True)
        found += [Case(event, world.family) for event in world.events
                  if event.graded and event.block_machines >= 3 and event.found and
                  event.cause in PAIR]
    return found


def solve(matrix, right):
    """Gauss, with the largest pivot."""
    count = len(right)
    rows = [list(matrix[i]) + [right[i]] for i in range(count)]
    for i in range(count):
        pivot = max(range(i, count), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(count):
            if k != i and rows[k][i]:
                factor = rows[k][i] / rows[i][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i])]
    return [rows[i][count] / rows[i][i] for i in range(count)]


def grouped(cases):
    """(terms, weight if power, weight if not): a family counts as FAMILY_EVENTS, then either
    cause as half of all."""
    count = collections.Counter(case.family for case in cases)
    weights = collections.defaultdict(lambda: [0.0, 0.0])
    for case in cases:
        weights[case.key][0 if case.power else 1] += FAMILY_EVENTS / count[case.family]
    whole = [sum(pair[i] for pair in weights.values()) for i in (0, 1)]
    half = sum(whole) / 2
    return [(dict(key), pair[0] * half / max(whole[0], 1e-9), pair[1] * half / max(whole[1], 1e-9))
            for key, pair in sorted(weights.items())]


def fit(cases):
    """Multiplier by term, never below 0 (Newton's method; what falls below is held there)."""
    groups = grouped([case for case in cases if not case.event.twin])
    names = sorted({name for terms, _, _ in groups for name in terms})
    weights = dict.fromkeys(names, 1.0)
    held = set()
    for _ in range(30):
        free = [name for name in names if name not in held]
        slope = {a: (1 - weights[a]) / SPREAD ** 2 for a in free}
        bend = {a: {b: float(a == b) / SPREAD ** 2 for b in free} for a in free}
        for terms, power, upstream in groups:
            at = sum(weights[name] * nats for name, nats in terms.items())
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, at))))
            here = [name for name in terms if name not in held]
            for a in here:
                slope[a] += terms[a] * (power * (1 - p) - upstream * p)
                for b in here:
                    bend[a][b] += terms[a] * terms[b] * (power + upstream) * p * (1 - p)
        step = solve([[bend[a][b] for b in free] for a in free], [slope[a] for a in free])
        for name, by in zip(free, step):
            weights[name] += by
            if weights[name] <= 0:
                weights[name] = 0.0
                held.add(name)
        if max(map(abs, step), default=0) < 1e-6:
            break
    return weights


def tally(judged):
    """Of (case, judged): right, wrong, undetermined (any other cause is wrong)."""
    right = sum(1 for case, verdict in judged if verdict.cause == case.event.cause)
    unsure = sum(1 for _, verdict in judged if verdict.cause == "undetermined")
    return right, len(judged) - right - unsure, unsure


def score(judged):
    return figures.log_score([(case.power, verdict) for case, verdict in judged], 1.0)


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells):
    row(*cells)
    row(*["---"] * len(cells))


def print_family(name, cases, shipped, refitted):
    """One line: identifiable events, twins, and the log score of both and of partial ones."""
    known = [i for i, case in enumerate(cases) if case.event.identifiable]
    twins = [i for i, case in enumerate(cases) if case.event.twin]
    cells = [name, len(known)]
    for judged in (shipped, refitted):
        cells.append("%d / %d / %d" % tally([judged[i] for i in known]))
    cells.append(len(twins))
    for judged in (shipped, refitted):
        cells.append(tally([judged[i] for i in twins])[2])
    for judged in (shipped, refitted):
        some = score([pair for pair in judged if not pair[0].event.twin])
        cells.append("-" if some is None else "%.3f" % some)
    row(*cells)


def print_leave_one_out(learned, tried, title):
    """The tables: each family judged by weights fitted without it, beside those shipped."""
    families = sorted({case.family for case in learned}, key=lambda name: (
        "FTNK".index(name[0]), int(name[1:]) if name[1:].isdigit() else 99))
    everything = fit(learned)
    without = {family: fit([case for case in learned if case.family != family])
               for family in families}
    print("## One family of causes left out: %s\n" % title)
    print("Fitted on %d events (%d of them twins, of which nothing is learned), tried on %d.\n" % (
        len(learned), sum(case.event.twin for case in learned), len(tried)))
    print("### Power against upstream: right / wrong / undetermined, weights as shipped and "
          "refitted without the family\n")
    head("family", "identifiable", "shipped", "refitted", "twins", "undetermined, shipped",
         "refitted", "log score, shipped", "refitted")
    everyone, shipped_all, refitted_all = [], [], []
    order = families + sorted({case.family for case in tried} - set(families))
    for family in order:
        cases = [case for case in tried if case.family == family]
        if not cases:
            continue
        weights = without.get(family, everything)
        shipped = [(case, case.judged({})) for case in cases]
        refitted = [(case, case.judged(weights)) for case in cases]
        print_family(family, cases, shipped, refitted)
        everyone += cases
        shipped_all += shipped
        refitted_all += refitted
    print_family("all", everyone, shipped_all, refitted_all)
    print("\nLog scores are means in nats at even odds, twins not counted (the prior alone: "
          "-0.693). Families of which nothing was learned are judged by the weights fitted on all.")
    print_calibration(shipped_all, refitted_all)
    print("\n### Multipliers of the terms\n")
    head("term", "all families", "least, one left out", "most, one left out")
    for name in sorted(everything):
        each = [weights.get(name, 1.0) for weights in without.values()]
        row(name, "%.2f" % everything[name], "%.2f" % min(each), "%.2f" % max(each))


def print_calibration(shipped, refitted):
    print("\n### Calibration, decided events\n")
    head("prior power:upstream", "decided, shipped", "refitted", "ECE, shipped", "refitted",
         "Brier, shipped", "refitted")
    pairs = [[(case.power, verdict) for case, verdict in judged if verdict.cause in PAIR]
             for judged in (shipped, refitted)]
    for name, ratio in (("1:9", 1 / 9), ("1:1", 1.0), ("9:1", 9.0)):
        got = [figures.calibration(pair, ratio) or (float("nan"),) * 2 for pair in pairs]
        row(name, *(len(pair) for pair in pairs), *("%.3f" % one[0] for one in got),
            *("%.3f" % one[1] for one in got))
    known = [[pair for pair in judged if pair[0].event.identifiable] for judged in (shipped, refitted)]
    for name, judged in zip(("shipped", "refitted"), known):
        if judged:
            print("%s- identifiable, %s: right %s" % (
                "\n" if name == "shipped" else "", name, share(tally(judged)[0], len(judged))))

"""What stands out by more than chance: a place to look, never a judgement, and no order of anybody.

Of the groups of a `Report` and of counts; nothing here asks the tables but `uneven_desks`. How often each speaks up in a
world in which nothing is amiss is stated with it, and kept by tests on simulated worlds.
"""

from dataclasses import dataclass

from empower.statistics import ALARM, WARNING, Funnel, control_limits, funnel, wilson

from .families.strata import FEWEST_ACTS, number, strata
from .hiding import out_of_sight
from .marks import gathered, quantile

#: A limit is asked about where surely more than this share of the sums reaches it.
REACHED_BY_SO_MANY = 0.10

#: Three standard errors: a point of a control chart lies outside by chance in 27 of 10,000.
_SIGMAS = 3


@dataclass(frozen=True)
class Point:
    """A group on a chart: its share, the lines at its size, and which it lies outside: ``""``, ``warning``, ``alarm``.

    A funnel has both lines; a control chart has ``outer`` alone, at three standard errors. Lines are (low, high).
    """

    key: tuple
    successes: int
    n: int
    inner: tuple | None
    outer: tuple
    stands_out: str = ""

    @property
    def share(self):
        return self.successes / self.n


@dataclass(frozen=True)
class Chart:
    """``target`` is the share of all together; ``widening`` is 1, or what the variance of a funnel is multiplied by."""

    target: float
    widening: float
    points: tuple


def funnel_chart(report, name):
    """The `Chart` of the share of this ``name`` in each group of a `Report`, hidden groups left out; None without groups.

    By chance alone at most one in twenty groups is a ``warning`` and one in a thousand an ``alarm``.
    """
    return funnel_of(dict(_shares(report, name)))


def control_chart(report, name):
    """The `Chart` of the share of this ``name`` in each week, day or month of a `Report` told apart by it, in their order.

    By chance alone at most 27 of 10,000 are an ``alarm``. None where there is nothing.
    """
    told = sorted(_shares(report, name))
    found = control_limits([counted for _key, counted in told])
    if found is None:
        return None
    mean, limits = found
    line = Funnel(mean, 1.0, len(told))
    return Chart(
        mean,
        1.0,
        tuple(
            Point(key, *counted, None, outer, "alarm" if line.is_beyond(*counted, _SIGMAS) else "")
            for (key, counted), outer in zip(told, limits, strict=True)
        ),
    )


def funnel_of(shares):
    """As `funnel_chart`, of {key: (successes, n)}."""
    told = sorted((key, counted) for key, counted in shares.items() if counted[1])
    line = funnel([counted for _key, counted in told])
    if line is None:
        return None
    points = tuple(
        Point(key, *counted, line.limits(counted[1], WARNING), line.limits(counted[1], ALARM), _outside(line, *counted))
        for key, counted in told
    )
    return Chart(line.target, line.widening, points)


def is_limit_low(reached, sums):
    """Whether the limit is to be asked about: of so many ``sums`` so many ``reached`` it (95 % or more).

    Where a tenth reach it in truth, or fewer, this is so at most once in forty (the lower end of Wilson's interval).
    """
    interval = wilson(reached, sums)
    return bool(interval) and interval[0] > REACHED_BY_SO_MANY


def uneven_desks(selection):
    """The `Chart` of teams by how many of their gifts lie outside the middle half of what like cases got in the house.

    A team far above the others gives very different amounts for what looks alike: a question, not a fault. Groups of
    fewer than five people are left out. Two queries.
    """
    by = ("property", "department")
    with selection.as_of.tables():
        found = strata(selection, by)
        of_few = out_of_sight(selection, by)
    return unevenness(
        {
            key: {stratum.which: stratum.amounts for stratum in of}
            for key, of in found.items()
            if all(key) and key not in of_few
        }
    )


def unevenness(teams):
    """As `uneven_desks`, of {team: {stratum: [(amount, how many)]}}. Strata of fewer than eight gifts are left out."""
    together = {}
    for of in teams.values():
        for which, amounts in of.items():
            together.setdefault(which, []).extend(amounts)
    middle = {}
    for which, amounts in together.items():
        amounts = gathered(amounts)
        if number(amounts) >= FEWEST_ACTS:
            middle[which] = quantile(amounts, 0.25), quantile(amounts, 0.75)
    shares = {}
    for team, of in teams.items():
        outside = n = 0
        for which, amounts in of.items():
            if which in middle:
                low, high = middle[which]
                outside += sum(many for amount, many in amounts if not low <= amount <= high)
                n += number(amounts)
        shares[team] = outside, n
    return funnel_of(shares)


def _outside(line, successes, n):
    if line.is_beyond(successes, n, ALARM):
        return "alarm"
    return "warning" if line.is_beyond(successes, n, WARNING) else ""


def _shares(report, name):
    for group in report.groups:
        for one in group.figures:
            if one.name == name and one.unit == "share" and not one.hidden and one.denominator:
                yield group.key, (one.numerator, one.denominator)

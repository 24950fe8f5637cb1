"""Like with like: what was given within one cause and one severity. Each currency for itself."""

from dataclasses import dataclass
from math import exp, fsum, log, pi, sqrt

from django.db.models import Count, F

from empower.spending.models import Judged
from empower.statistics import Z_95

from .. import counts
from ..facts import GIVEN
from ..figures import Figure
from ..marks import marked, quantile
from ..selection import counted_once, keys
from .family import Family

#: Fewer acts in a stratum say nothing of their scatter.
FEWEST_ACTS = 8

#: A question about more acts than these has them by their marks (`marks`), which are within 1 per cent.
MOST_EXACT = 20_000


@dataclass
class Stratum:
    """The acts of one currency, category and severity (``which``), as [(what stands of it, how many acts)], ascending.

    ``own`` and ``approved`` are costs above zero, ``amounts`` what guests saw of both, above zero.
    """

    which: tuple = ()
    own: tuple = ()
    approved: tuple = ()
    amounts: tuple = ()


@counted_once
def strata(selection, by=()):
    """{key: [Stratum]} of the own and approved acts of the period on incidents with a category.

    One query, and those that say how many acts there are.
    """
    acts = (
        selection.told_apart(selection.spends(all_of_them=True), by)
        .filter(GIVEN, judged_as__in=[Judged.OWN, Judged.APPROVED], incident__category__isnull=False)
        .annotate(standing=F("amount") - F("reversed_amount"), standing_cost=F("cost") - F("reversed_cost"))
    )
    given = sum(one.acts for one in counts.count_acts(selection).get((), {}).values())
    amount, cost = (F(name) if given <= MOST_EXACT else marked(name) for name in ("standing", "standing_cost"))
    rows = (
        acts.annotate(read_amount=amount, read_cost=cost)
        .values_list(
            "currency", "incident__category", "incident__severity", "judged_as", "read_amount", "read_cost", *keys(by)
        )
        .annotate(acts=Count("pk"))
    )
    found = {}
    for currency, category, severity, judged, amount, cost, *key, acts in rows.iterator(chunk_size=5000):
        cells = found.setdefault(tuple(key), {}).get((currency, category, severity))
        if cells is None:
            cells = found[tuple(key)][currency, category, severity] = {"own": {}, "approved": {}, "amounts": {}}
        for name, value in ((judged, cost), ("amounts", amount)):
            if value > 0:
                cells[name][value] = cells[name].get(value, 0) + acts
    return {
        key: [
            Stratum(which, **{name: tuple(sorted(sizes.items())) for name, sizes in cells.items()})
            for which, cells in sorted(of.items())
        ]
        for key, of in found.items()
    }


def escalation(of):
    """The `Figure` of [Stratum]: Σ n·(median cost approved / median cost own) / Σ n, n the acts of a stratum with both.

    ``numerator`` is how many approved acts it rests on, ``denominator`` how many own ones. The interval takes costs as
    log-normal with one scatter within all strata: var(log median) = π/2·s²/n (the median's efficiency, Kendall & Stuart),
    put together by the delta method; None where a single act a stratum tells no scatter.
    """
    both = [(one.approved, one.own) for one in of if one.approved and one.own]
    approved, own = (sum(number(one[place]) for one in both) for place in (0, 1))
    if not both:
        return Figure("escalation_ratio", "ratio", None, 0, 0, 0)
    total, terms, squares, free = approved + own, [], 0.0, 0
    for asked, given in both:
        ratio = quantile(asked, 0.5) / quantile(given, 0.5)
        terms.append(((number(asked) + number(given)) / total, ratio, 1 / number(asked) + 1 / number(given)))
        for sizes in (asked, given):
            squares += _squares_of_logs(sizes)
            free += number(sizes) - 1
    value = fsum(weight * ratio for weight, ratio, _error in terms)
    interval = None
    if free:
        variance = pi / 2 * squares / free * fsum((weight * ratio) ** 2 * error for weight, ratio, error in terms)
        reach = Z_95 * sqrt(variance) / value
        interval = (value * exp(-reach), value * exp(reach))
    return Figure("escalation_ratio", "ratio", value, total, approved, own, interval)


def consistency(of):
    """The `Figure` of [Stratum]: IQR / median of the amounts, of strata of eight acts or more, weighted by their acts.

    ``numerator`` is how many strata are large enough, ``denominator`` how many there are, ``n`` the acts in the former.
    High is a question, not a fault. It has no interval.
    """
    large = [one.amounts for one in of if number(one.amounts) >= FEWEST_ACTS]
    n = sum(map(number, large))
    spread = [number(one) * _spread(one) for one in large]
    there = sum(1 for one in of if one.amounts)
    return Figure("consistency", "ratio", fsum(spread) / n if n else None, n, len(large), there)


def number(sizes):
    """How many there are of [(value, how many)]."""
    return sum(acts for _value, acts in sizes)


def _spread(sizes):
    low, middle, high = (quantile(sizes, p) for p in (0.25, 0.5, 0.75))
    return (high - low) / middle


def _squares_of_logs(sizes):
    mean = fsum(acts * log(value) for value, acts in sizes) / number(sizes)
    return fsum(acts * (log(value) - mean) ** 2 for value, acts in sizes)


def _escalation(selection, by):
    found = strata(selection, by)
    return set(found), lambda key: (escalation(found.get(key, ())), consistency(found.get(key, ())))


STRATA = Family(_escalation)

"""A figure is never a number alone: what it is out of, how many there are, and how sure one can be."""

from dataclasses import dataclass, replace

from empower.money import round_half_up
from empower.statistics import mean_interval, wilson

from .marks import interval_by_ranks, quantile


@dataclass(frozen=True)
class Figure:
    """One figure. ``value`` is None where the denominator is zero: n/a, which is not 0.

    ``unit``: ``share`` (0 to 1), ``count``, ``money`` (minor units of ``currency``), ``seconds``, ``points``.
    ``interval`` is 95 % and of the same unit, or None. A ``hidden`` figure tells nothing: fewer than five people.
    """

    name: str
    unit: str
    value: float | int | None
    n: int | None
    numerator: int | None = None
    denominator: int | None = None
    interval: tuple | None = None
    currency: str | None = None
    hidden: bool = False


def hide(figure):
    """The same figure with nothing in it."""
    return replace(figure, value=None, n=None, numerator=None, denominator=None, interval=None, hidden=True)


def share(name, numerator, denominator):
    """``numerator`` of ``denominator``, with its Wilson interval."""
    value = numerator / denominator if denominator else None
    return Figure(name, "share", value, denominator, numerator, denominator, wilson(numerator, denominator))


def count(name, number):
    """How many there are: out of nothing, and exact."""
    return Figure(name, "count", number, number, number)


def money(name, minor, currency, *, n):
    """A sum of ``n`` acts, minor units: exact."""
    return Figure(name, "money", minor, n, minor, None, None, currency)


def money_per(name, minor, number, currency):
    """A sum over a number, rounded to the minor unit, a half away from zero."""
    value = round_half_up(minor, 1, number) if number else None
    return Figure(name, "money", value, number, minor, number, None, currency)


def money_quantile(name, sizes, p, currency):
    """The ``p`` quantile of [(cost, acts)], to the minor unit."""
    value = quantile(sizes, p)
    n = sum(acts for _cost, acts in sizes)
    return Figure(name, "money", None if value is None else round(value), n, currency=currency)


def mean_of_changes(name, changes):
    """The mean of {change: pairs} with its interval by Student's t; ``numerator`` is the sum of the changes."""
    n = sum(changes.values())
    values = (change for change, pairs in sorted(changes.items()) for _pair in range(pairs))
    told = mean_interval(values)
    mean, low, high = told or (None, None, None)
    total = sum(change * pairs for change, pairs in changes.items())
    return Figure(name, "points", mean, n, total, n, None if low is None else (low, high))


def wait_quantile(name, waits, p):
    """The ``p`` quantile of `Waits`; ``numerator`` says how many of the ``n`` have ended."""
    value = waits.quantile(p)
    return Figure(
        name, "seconds", None if value is None else round(value), waits.n, waits.yeses, waits.n, waits.interval(p)
    )


def share_quantile(name, shares, p):
    """The ``p`` quantile of (share, how many) in ascending order; its interval by ranks."""
    n = sum(many for _share, many in shares)
    return Figure(name, "share", quantile(shares, p), n, None, None, interval_by_ranks(shares, p))

"""A figure is never a number alone: what it is out of, how many there are, and how sure one can be."""

from dataclasses import dataclass, replace

from empower.money import round_half_up
from empower.statistics import mean_interval_of, wilson

from .marks import interval_by_ranks, quantile


@dataclass(frozen=True)
class Figure:
    """One figure. ``value`` is None where the denominator is zero: n/a, which is not 0.

    ``unit``: ``share`` (0 to 1), ``change`` (a share less another, −1 to 1), ``count``, ``money`` (minor units of
    ``currency``), ``seconds``, ``days``, ``points``, ``ratio``, ``rate``. ``interval`` is 95 % and of the same unit, its
    upper end None where it is not known, or None. A ``hidden`` figure tells nothing: fewer than five people.
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
    told = mean_interval_of(changes.items())
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


def rate(name, events, exposure, interval, *, per=1):
    """``events`` for each of ``exposure``, or each ``per`` of it; that need not be whole: two decimals of it are told."""
    value = per * events / exposure if exposure else None
    return Figure(name, "rate", value, events, events, round(exposure, 2), interval)


def change(name, found, *, n, numerator, denominator):
    """A `Change` of shares, or None; ``numerator`` and ``denominator`` say on what it rests."""
    value, interval = (found.value, (found.low, found.high)) if found else (None, None)
    return Figure(name, "change", value, n, numerator, denominator, interval)


def waiting_quantile(name, curve, p):
    """The ``p`` quantile of a `Survival` in days; ``numerator`` says to how many of the ``n`` it has happened."""
    return Figure(name, "days", curve.quantile(p), curve.n, curve.happened, curve.n, curve.quantile_interval(p))


def of_waiting(name, happened, waiting, curve, days):
    """The share to whom it happens within so many ``days``; ``numerator`` says to how many it has, of all.

    Plainly counted with Wilson's interval where of everybody it is known; else by the `Survival` ``curve``, who still
    waits counting for as long as is known.
    """
    soon = sum(one <= days for one in happened)
    if all(one >= days for one in waiting):
        return share(name, soon, curve.n)
    step = curve.left_at(days)
    value = interval = None
    if step is not None:
        value = 1 - step.share
        interval = None if step.low is None else (1 - step.high, 1 - step.low)
    return Figure(name, "share", value, curve.n, soon, curve.n, interval)

"""By how much two things differ, and by how much the one has changed more than the other."""

from dataclasses import dataclass
from math import sqrt

from .means import Z_95
from .rates import wilson


@dataclass(frozen=True)
class Change:
    """A difference, its standard error, and its 95 % interval from ``low`` to ``high``."""

    value: float
    standard_error: float
    low: float
    high: float


def difference(first, second):
    """The `Change` from the share ``second`` to ``first``, each (successes, n); None where one is out of nothing.

    The interval is Newcombe's hybrid score (1998, Statistics in Medicine 17:873-890, method 10); the standard error the
    usual one, √(Σ p(1−p)/n).
    """
    return _sum_of_shares([(1, first), (-1, second)])


def difference_in_differences(after, before, others_after, others_before):
    """The `Change` (after − before) − (others_after − others_before) of four shares, each (successes, n).

    None where one is out of nothing. The interval is put together of the four Wilson intervals as Newcombe's is of two:
    MOVER, Zou & Donner (2008), Statistics in Medicine 27:1693-1702. ``successes`` and ``n`` need not be whole: of
    weighted counts ``n`` is the effective number, (Σw)²/Σw² (Kish 1965).
    """
    return _sum_of_shares([(1, after), (-1, before), (-1, others_after), (1, others_before)])


def difference_of_changes(change, others):
    """The `Change` between two changes of means, each (mean, standard error), measured apart from each other."""
    value, error = change[0] - others[0], sqrt(change[1] ** 2 + others[1] ** 2)
    return Change(value, error, value - Z_95 * error, value + Z_95 * error)


def _sum_of_shares(terms):
    if not all(n for _sign, (_successes, n) in terms):
        return None
    value = variance = below = above = 0.0
    for sign, (successes, n) in terms:
        share, (low, high) = successes / n, wilson(successes, n)
        value += sign * share
        variance += share * (1 - share) / n
        # What is taken away lowers the sum by its upper end.
        down, up = (share - low, high - share) if sign > 0 else (high - share, share - low)
        below, above = below + down * down, above + up * up
    return Change(value, sqrt(variance), value - sqrt(below), value + sqrt(above))

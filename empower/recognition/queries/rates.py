"""How often a cause occurs, before the work on it and after."""

from dataclasses import dataclass
from math import sqrt

from empower import clock
from empower.statistics import Z_95

from ..models import ImprovementStatus

_DAY_SECONDS = 86_400
#: A rate is told per so many days, and of no shorter time than one.
A_MONTH = 30
_SHORTEST = 1


@dataclass(frozen=True)
class Rate:
    """Incidents per 30 days: ``numerator`` incidents in ``denominator`` days; ``n`` is how many incidents it rests on.

    ``value`` and ``interval`` are None where not one whole day was observed.
    """

    value: float | None
    numerator: int
    denominator: float
    n: int
    interval: tuple | None


def rate_before(improvement):
    """In the 90 days before it began, or as many of them as the property has records of. No query: `with_counts`."""
    since = max(improvement.compared_from, improvement.records_begin_at)
    return _rate(improvement.incidents_before, since, improvement.began_at)


def rate_after(improvement):
    """Since it was done, until now; None while it is not. No query: `with_counts`."""
    if improvement.status != ImprovementStatus.DONE:
        return None
    return _rate(improvement.incidents_after, improvement.ended_at, clock.now())


def _rate(count, since, until):
    days = max(0.0, (until - since).total_seconds() / _DAY_SECONDS)
    if days < _SHORTEST:
        return Rate(None, count, round(days, 2), count, None)
    scale = A_MONTH / days
    low, high = _poisson_interval(count)
    return Rate(count * scale, count, round(days, 2), count, (low * scale, high * scale))


def _poisson_interval(count, z=Z_95):
    """The 95 % interval of a Poisson count by Byar's approximation (Breslow & Day 1987, vol. II, 2.3)."""
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    above = count + 1
    return max(0.0, low), above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3

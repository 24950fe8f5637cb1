"""The pieces that a period is made of: years, months, thirds of months, days; some to be taken away from a larger one."""

from datetime import date, timedelta

from ...models import RollUp
from ..period import EARLIEST, LATEST

_DAY, _THIRD, _MONTH, _YEAR = RollUp.Grain.DAY, RollUp.Grain.THIRD, RollUp.Grain.MONTH, RollUp.Grain.YEAR

#: The largest first: each is cut into the next.
_GRAINS = _YEAR, _MONTH, _THIRD, _DAY

#: Each lies whole in one of the next.
FINEST_FIRST = tuple(reversed(_GRAINS))


def pieces(period, by=None, *, by_difference=True):
    """{(grain, its first day): 1, or -1 for what is to be taken away} of a period, as few as there can be.

    By ``month`` no piece is larger than one. ``by_difference`` False: nothing is taken away.
    """
    found = {}
    _cut(*bounds(period), _MONTH if by == "month" else _YEAR, 1, found, by_difference)
    return found


def bounds(period):
    """(first, last) day of a period, which may be open."""
    return period.begins or EARLIEST, period.ends or LATEST


def begin_of(grain, day):
    """The first day of the piece in which ``day`` lies. The thirds of a month begin on its 1st, 11th and 21st."""
    if grain == _YEAR:
        return date(day.year, 1, 1)
    if grain == _MONTH:
        return day.replace(day=1)
    if grain == _THIRD:
        return day.replace(day=min(21, (day.day - 1) // 10 * 10 + 1))
    return day


def end_of(grain, begins):
    """The last day of the piece that begins on this one."""
    if grain == _YEAR:
        return date(begins.year, 12, 31)
    if grain == _MONTH or (grain == _THIRD and begins.day == 21):
        return (begins.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return begins + timedelta(days=9) if grain == _THIRD else begins


def _cut(first, last, grain, sign, found, by_difference):
    """Adds to ``found`` what makes up the days from ``first`` to ``last``, in pieces of this grain and smaller ones."""
    begins = begin_of(grain, first)
    while begins <= last:
        ends = end_of(grain, begins)
        inside = max(first, begins), min(last, ends)
        if inside == (begins, ends):
            found[grain, begins] = sign
        else:
            found |= _part(begins, ends, inside, grain, sign, by_difference)
        begins = ends + timedelta(days=1)


def _part(begins, ends, inside, grain, sign, by_difference):
    finer = _GRAINS[_GRAINS.index(grain) + 1]
    added = {}
    _cut(*inside, finer, sign, added, by_difference)
    if not by_difference:
        return added
    taken = {(grain, begins): sign}
    for first, last in ((begins, inside[0] - timedelta(days=1)), (inside[1] + timedelta(days=1), ends)):
        if first <= last:
            _cut(first, last, finer, -sign, taken, by_difference)
    return taken if len(taken) < len(added) else added

"""What is kept for a period, in as few pieces as tell it; and the tail counted anew on top of it."""

from datetime import timedelta
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from django.db.models import F, Q
from django.db.models.functions import Substr

from ...models import RollUp
from ..moment import once
from .counting import tallies_of
from .pieces import FINEST_FIRST, begin_of, bounds, end_of, pieces
from .tail import tail
from .tallies import add, from_text

ALL = 0
"""The house that is every property together."""

_DAY, _NEWS = RollUp.Grain.DAY, RollUp.Grain.NEWS
_MANY = 100

#: What a report of a whole asks for, one after the other: read at once. (Facet, part).
_TOGETHER = frozenset(("", part) for part in ("incidents", "use", "acts", "requests", "values"))


class Kept:
    """The roll-ups as they stand at one moment, the tail included: ask it inside one snapshot, and no longer."""

    @cached_property
    def _tail(self):
        return once("tail", tail)

    @cached_property
    def serves(self):
        """Whether they were ever made, and are near enough to the end of the log to be read. A query or three, once."""
        return self._tail is not None

    @cached_property
    def corrections(self):
        """{(property id, day): {(facet, part): what is to be added to what is kept}}. Nothing, and no query, without a tail."""
        blocks = self._tail.blocks() if self._tail.events else ()
        return corrections(blocks) if blocks else {}

    def sums(self, house, facet, part, period, *, by=None):
        """{"": tally} of the period, or by ``day``, ``week``, ``month``: {"2026-11-01": tally}. One query at most."""
        found = {}
        for begins, sign, text in self._read(house, facet, part, period, by):
            add(found.setdefault(_named(begins, by), {}), from_text(text), sign)
        for (pk, day), told in self.corrections.items():
            if _lies_in(day, period) and house in (ALL, pk):
                more = _as_house(told, house, pk, facet, part)
                add(found.setdefault(_named(day, by), {}), more)
        return {name: tally for name, tally in found.items() if tally}

    def rows(self, house, facet, part, period, *, by=None, length=None):
        """(as `sums` names it, text) of the rows that make up the period, none to be taken away.

        Without what is new since they were read. ``length``: no more of each text.
        """
        rows = _rows(house, [(facet, part)], period, by, by_difference=False, length=length)
        return [(_named(begins, by), text) for _of, begins, _sign, text in rows]

    def _read(self, house, facet, part, period, by):
        """(begins on, 1 or -1, text) of what makes up the period, read with what will be asked for next."""
        if by or (facet, part) not in self._together:
            return [row[1:] for row in _rows(house, [(facet, part)], period, by)]
        found = self._whole.setdefault((house, period), {})
        if (facet, part) not in found:
            missing = sorted(self._together - {*found})
            found |= {one: [] for one in missing}
            for one, *row in _rows(house, missing, period, by):
                found[one].append(row)
        return found[facet, part]

    def read_together(self, more):
        """Has these (facet, part) of a whole read at once with all else that is asked for of the same house and period."""
        self._together |= {*more}

    @cached_property
    def _together(self):
        return {*_TOGETHER}

    @cached_property
    def _whole(self):
        return {}


def corrections(blocks):
    """What is to be added to what is kept of these blocks, so that it is what the facts say. A dozen queries, and one."""
    new, old = tallies_of(blocks), _kept(blocks)
    found = {}
    for block in blocks:
        was, told = old.get(block, {}), {}
        for at in {*new[block], *was}:
            if more := add(new[block].get(at, {}), was.get(at, {}), -1):
                told[at] = more
        if told:
            found[block] = told
    return found


def in_all(pk, facet, part, tally):
    """The same in the words of all properties together: [(facet, tally)], by property and by team as well."""
    yield facet, tally
    if facet == "":
        yield "property", {f"{pk}{group}": numbers for group, numbers in tally.items()}
    if facet == "department":
        yield "team", {f"{pk}/{group}": numbers for group, numbers in tally.items()}


def _rows(house, asked, period, by, *, by_difference=True, length=None):
    """((facet, part), begins on, 1 or -1, text) of what makes up the period, for each (facet, part) that is ``asked``.

    News of a day count as often as the pieces in which it lies.
    """
    of = Q(pk__in=[])
    for facet, parts in groupby(sorted(asked), itemgetter(0)):
        of |= Q(facet=facet, part__in=[part for _facet, part in parts])
    kept = RollUp.objects.order_by().filter(of, house=house)
    told = Substr("tally", 1, length) if length else F("tally")
    if by in ("day", "week"):
        days = kept.filter(grain__in=(_DAY, _NEWS), begins_on__range=bounds(period))
        for facet, part, begins, text in days.values_list("facet", "part", "begins_on", told):
            yield (facet, part), begins, 1, text
        return
    wanted, here = pieces(period, by, by_difference=by_difference), Q(pk__in=[])
    for grain in {grain for grain, _begins in wanted}:
        days = [begins for of, begins in wanted if of == grain]
        # Years of years, for a period that is open: what of them there is.
        is_in = {"begins_on__in": days} if len(days) < _MANY else {"begins_on__range": (min(days), max(days))}
        here |= Q(grain=grain, **is_in)
    if wanted:
        whole = min(begins for _grain, begins in wanted), max(end_of(*one) for one in wanted)
        here |= Q(grain=_NEWS, begins_on__range=whole)
    for facet, part, grain, begins, text in kept.filter(here).values_list("facet", "part", "grain", "begins_on", told):
        if grain == _NEWS:
            sign = sum(wanted.get((larger, begin_of(larger, begins)), 0) for larger in FINEST_FIRST)
        else:
            sign = wanted.get((grain, begins))
        if sign:
            yield (facet, part), begins, sign, text


def _as_house(told, house, pk, facet, part):
    if house != ALL:
        return told.get((facet, part), {})
    source = {"property": "", "team": "department"}.get(facet, facet)
    return dict(in_all(pk, source, part, told.get((source, part), {})))[facet]


def _kept(blocks):
    """{(property id, day): {(facet, part): tally}} as it stands."""
    houses, found = {}, {}
    for house, day in blocks:
        houses.setdefault(house, set()).add(day)
    for house, days in houses.items():
        rows = RollUp.objects.order_by().filter(
            house=house, grain__in=(_DAY, _NEWS), begins_on__gte=min(days), begins_on__lte=max(days)
        )
        for day, facet, part, text in rows.values_list("begins_on", "facet", "part", "tally"):
            if day in days:
                add(found.setdefault((house, day), {}).setdefault((facet, part), {}), from_text(text))
    return found


def _lies_in(day, period):
    return (period.begins is None or day >= period.begins) and (period.ends is None or day <= period.ends)


def _named(begins, by):
    if by is None:
        return ""
    if by == "month":
        begins = begins.replace(day=1)
    if by == "week":
        begins -= timedelta(days=begins.weekday())
    return begins.isoformat()

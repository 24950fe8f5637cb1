"""What is kept for a period: whole months from the months, the rest from days; and the tail counted anew on top of it."""

from datetime import timedelta
from functools import cached_property

from django.db.models import Q

from ...models import RollUp
from ..period import EARLIEST, LATEST
from .counting import tallies_of
from .tail import tail
from .tallies import add, difference, from_text

ALL = 0
"""The house that is every property together."""

_DAY, _MONTH = RollUp.Grain.DAY, RollUp.Grain.MONTH


class Kept:
    """The roll-ups as they stand at one moment, the tail included: ask it inside one snapshot, and no longer."""

    @cached_property
    def _tail(self):
        return tail()

    @cached_property
    def serves(self):
        """Whether they were ever made, and are near enough to the end of the log to be read. Three queries, once."""
        return self._tail is not None

    @cached_property
    def corrections(self):
        """{(property id, day): {(facet, part): what is to be added to what is kept}}. Nothing, and no query, without a tail."""
        blocks = self._tail.blocks() if self._tail.events else ()
        return corrections(blocks) if blocks else {}

    def sums(self, house, facet, part, period, *, by=None):
        """{"": tally} of the period, or by ``day``, ``week``, ``month``: {"2026-11-01": tally}. One query."""
        found = {}
        for grain, begins, text in self._rows(house, facet, part, period, by):
            is_outside = grain == _DAY and not _lies_in(begins, period)
            add(found.setdefault(_named(begins, by, grain), {}), from_text(text), -1 if is_outside else 1)
        for (pk, day), told in self.corrections.items():
            if _lies_in(day, period) and house in (ALL, pk):
                more = _as_house(told, house, pk, facet, part)
                add(found.setdefault(_named(day, by, _DAY), {}), more)
        return {name: tally for name, tally in found.items() if tally}

    def rows(self, house, facet, part, period):
        """The tallies that make up the period, one at a time, the largest first, for who may stop early."""
        rows = self._rows(house, facet, part, period, None, by_difference=False)
        for _grain, _begins, text in sorted(rows, key=lambda row: -len(row[2])):
            yield from_text(text)
        for (pk, day), told in self.corrections.items():
            if _lies_in(day, period) and house in (ALL, pk):
                yield _as_house(told, house, pk, facet, part)

    def _rows(self, house, facet, part, period, by, *, by_difference=True):
        kept = RollUp.objects.filter(house=house, facet=facet, part=part)
        return (
            kept.filter(_spans(period, by, by_difference=by_difference))
            .order_by()
            .values_list("grain", "begins_on", "tally")
        )


def corrections(blocks):
    """What is to be added to what is kept of these blocks, so that it is what the facts say. A dozen queries, and one."""
    new, old = tallies_of(blocks), _kept(blocks)
    found = {}
    for block in blocks:
        was, told = old.get(block, {}), {}
        for at in {*new[block], *was}:
            if more := difference(new[block].get(at, {}), was.get(at, {})):
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
            house=house, grain=_DAY, begins_on__gte=min(days), begins_on__lte=max(days)
        )
        for day, facet, part, text in rows.values_list("begins_on", "facet", "part", "tally"):
            if day in days:
                found.setdefault((house, day), {})[facet, part] = from_text(text)
    return found


def _spans(period, by, *, by_difference):
    """Which rows make up a period: months that lie in it whole, and the days that are left. By week or day: days alone.

    ``by_difference``: of a month that lies in it for the most part the whole, and the days outside, to be taken away.
    """
    first, last = period.begins or EARLIEST, period.ends or LATEST
    if by in ("week", "day"):
        return _days(first, last)
    begin, end = first.replace(day=1), last.replace(day=1)
    whole, wanted = [], Q(pk__in=[])
    for month in sorted({begin, end}):
        ends = _next_month(month) - timedelta(days=1)
        inside = max(first, month), min(last, ends)
        outside = [(month, inside[0] - timedelta(days=1)), (inside[1] + timedelta(days=1), ends)]
        outside = [(a, b) for a, b in outside if a <= b]
        number = (inside[1] - inside[0]).days + 1
        if not outside or (by_difference and 2 * number > (ends - month).days + 1):
            whole.append(month)
            for edges in outside:
                wanted |= _days(*edges)
        else:
            wanted |= _days(*inside)
    if whole:
        wanted |= Q(grain=_MONTH, begins_on__in=whole)
    return wanted | Q(grain=_MONTH, begins_on__gt=begin, begins_on__lt=end)


def _days(first, last):
    return Q(grain=_DAY, begins_on__gte=first, begins_on__lte=last)


def _next_month(day):
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _lies_in(day, period):
    return (period.begins is None or day >= period.begins) and (period.ends is None or day <= period.ends)


def _named(begins, by, grain):
    if by is None:
        return ""
    if by == "month":
        begins = begins.replace(day=1)
    if by == "week":
        begins -= timedelta(days=begins.weekday())
    return begins.isoformat()

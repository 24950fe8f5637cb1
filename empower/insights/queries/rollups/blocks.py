"""Blocks: one property on one of its local days. Which moments they are, and in which block a moment lies."""

from collections import defaultdict
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from empower import clock
from empower.staff.models import Property


class Blocks:
    """A set of (property id, local day); its rows are asked for by ranges of moments, so that an index serves."""

    def __init__(self, blocks):
        self.wanted = frozenset(blocks)
        self.zones = zones({house for house, _day in self.wanted})
        self.ranges = [
            (house, clock.day_bounds(first, self.zones[house])[0], clock.day_bounds(last, self.zones[house])[1])
            for house, first, last in _runs(self.wanted)
        ]

    def covers(self, moment, *, house="property"):
        """A Q: the column ``moment`` lies in one of these blocks."""
        found = Q(pk__in=[])
        for pk, begins, ends in self.ranges:
            found |= Q(**{house: pk, f"{moment}__gte": begins, f"{moment}__lt": ends})
        if not self.ranges:
            return found
        # Said of all of them together too, for an index on the moment alone.
        first, last = min(begins for _pk, begins, _ends in self.ranges), max(ends for _pk, _begins, ends in self.ranges)
        return Q(**{f"{moment}__gte": first, f"{moment}__lt": last}) & found

    def of(self, house, moment):
        """The block in which a moment lies, or None where it is none of these."""
        block = (house, day_of(moment, self.zones[house]))
        return block if block in self.wanted else None


def day_of(moment, zone):
    return moment.astimezone(ZoneInfo(zone)).date()


def zones(houses=None):
    """{property id: name of its zone}, of these or of all. One query."""
    found = Property.objects.order_by()
    if houses is not None:
        found = found.filter(pk__in=houses)
    return dict(found.values_list("pk", "timezone"))


def _runs(blocks):
    """(property id, first, last) of days that follow each other."""
    days = defaultdict(list)
    for house, day in blocks:
        days[house].append(day)
    for house in sorted(days):
        first = last = None
        for day in sorted(days[house]):
            if last is not None and day == last + timedelta(days=1):
                last = day
                continue
            if first is not None:
                yield house, first, last
            first = last = day
        yield house, first, last

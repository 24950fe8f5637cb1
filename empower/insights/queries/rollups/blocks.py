"""Blocks: one property on one of its local days. Which moments they are, and in which block a moment lies.

A moment is told in microseconds since 1970 where millions are read: to make a datetime of each takes longer than to count it.
"""

from bisect import bisect_right
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from django.db.models import BigIntegerField, Func, Q, TextField

from empower import clock
from empower.staff.models import Property

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Micros(Func):
    """The moment of a column in microseconds since 1970, UTC: a whole number."""

    output_field = BigIntegerField()

    def get_db_converters(self, connection):
        return []  # whole numbers as they come: a converter for each of millions takes its time

    def as_postgresql(self, compiler, connection, **context):
        # By way of a double, which has the nearest microsecond until 2242 and takes half as long as a numeric.
        template = "(date_part('epoch', %(expressions)s) * 1000000)::bigint"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler, connection, **context):
        # "2026-11-21 22:51:10", or with six digits more behind a point: as Django writes it there. Those are cut off first:
        # SQLite rounds to the millisecond, and so the last of them would be the next second.
        template = (
            "(CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER) * 1000000"
            " + CAST(substr(%(expressions)s, 21) AS INTEGER))"
        )
        sql, params = self.as_sql(compiler, connection, template=template, **context)
        return sql, (*params, *params)  # it stands there twice


class HalfDay(Func):
    """In which half of which day of UTC a moment lies: to group by. No local day is as short."""

    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        template = "date_bin('12 hours', %(expressions)s, 'epoch')"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler, connection, **context):
        template = "substr(%(expressions)s, 1, 11) || (substr(%(expressions)s, 12, 2) >= '12')"
        sql, params = self.as_sql(compiler, connection, template=template, **context)
        return sql, (*params, *params)


class Blocks:
    """A set of (property id, local day); its rows are asked for by ranges of moments, so that an index serves."""

    def __init__(self, blocks):
        self.wanted = frozenset(blocks)
        self.zones = zones({house for house, _day in self.wanted})
        self.ranges, self._begins, self._days = [], defaultdict(list), defaultdict(list)
        for house, first, last in _runs(self.wanted):
            zone = self.zones[house]
            self.ranges.append((house, clock.day_bounds(first, zone)[0], clock.day_bounds(last, zone)[1]))
            for number in range((last - first).days + 2):
                day = first + timedelta(days=number)
                self._begins[house].append(micros(clock.day_bounds(day, zone)[0]))
                self._days[house].append(day if day <= last else None)

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
        """The block in which a moment (microseconds) lies, or None where it is none of these."""
        place = bisect_right(self._begins.get(house, ()), moment) - 1
        day = self._days[house][place] if place >= 0 else None
        return None if day is None else (house, day)


def blocks_of(moments):
    """The blocks in which these (property id, microseconds since 1970) lie. One query."""
    zone_of, by_zone = zones(), defaultdict(lambda: defaultdict(set))
    for house, moment in moments:
        by_zone[zone_of[house]][house].add(moment)
    found = set()
    for zone, houses in by_zone.items():
        day, last = (
            clock.local_day(moment_of(one), zone)
            for one in (min(map(min, houses.values())), max(map(max, houses.values())))
        )
        days = [day + timedelta(days=number) for number in range((last - day).days + 1)]
        begins = [micros(clock.day_bounds(one, zone)[0]) for one in days]
        for house, told in houses.items():
            found.update((house, days[bisect_right(begins, moment) - 1]) for moment in told)
    return found


def micros(moment):
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_of(micros):
    """The moment so many microseconds after 1970 began."""
    return _EPOCH + timedelta(microseconds=micros)


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

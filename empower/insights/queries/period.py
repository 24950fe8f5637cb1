"""Days as a property counts them: a period is from one local day to another, both included, wherever the property is."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, DateField, Q, Value, When
from django.db.models.functions import Cast, TruncDate, TruncMonth, TruncWeek
from django.utils.translation import gettext_lazy as _

from empower import clock

#: Days outside are no period: a zone can't be applied to the first and the last that Python knows.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

#: What is counted where nobody says otherwise: this many days, today included.
DEFAULT_DAYS = 30

_TRUNCATIONS = {"day": TruncDate, "week": TruncWeek, "month": TruncMonth}


@dataclass(frozen=True)
class Period:
    """From the local day ``begins`` to the local day ``ends``, both included; None is open on that side."""

    begins: date | None
    ends: date | None

    @property
    def days(self):
        """How many days it has, or None where it is open."""
        return None if None in (self.begins, self.ends) else (self.ends - self.begins).days + 1

    @property
    def is_open(self):
        """Whether it has neither a beginning nor an end: all there is."""
        return self.begins is None and self.ends is None

    def part(self, begins, ends):
        """{"begins": day, "ends": day}: the part of these days that lies in the period."""
        return {
            "begins": max(begins, self.begins) if self.begins else begins,
            "ends": min(ends, self.ends) if self.ends else ends,
        }

    def bounds(self, timezone):
        """The UTC moments [from, to) that it covers in the IANA zone named ``timezone``; None is open."""
        return (
            self.begins and clock.day_bounds(self.begins, timezone)[0],
            self.ends and clock.day_bounds(self.ends, timezone)[1],
        )

    def covers(self, houses, *, field, house="property", also=None):
        """A Q: ``field`` lies in this period by the zone of the row's property, whose id is in the column ``house``.

        ``houses``: {zone: the ids of the properties there}. The rows of each are compared with that zone's two moments, so
        an index on property and moment serves, and no function runs for each row. ``also``: a Q that the rows fulfil too,
        said with each of the zones: beside other ranges SQLite sees an index only in one "or" of them all.
        """
        if self.is_open:
            return also or Q()
        covered = []
        for name, ids in sorted(houses.items()):
            begins, ends = self.bounds(name)
            there = Q(**{f"{house}__in": ids}) if also is None else also & Q(**{f"{house}__in": ids})
            if begins:
                there &= Q(**{f"{field}__gte": begins})
            if ends:
                there &= Q(**{f"{field}__lt": ends})
            covered.append(there)
        # Nothing is covered where there is no zone, since there is no property either.
        return reduce(or_, covered) if covered else Q(pk__in=[])


def by_zone(zones):
    """{zone: the ids of the properties there}, of (property id, zone)."""
    found = {}
    for pk, zone in zones:
        found.setdefault(zone, []).append(pk)
    return found


def last_days(count, *, today):
    """The period of ``count`` days that ends today."""
    return Period(today - timedelta(days=count - 1), today)


def presets(today):
    """[(name, words, Period)] that a person may choose with one tap; ``today`` is a local day."""
    month = today.replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    last_month_ends = month - timedelta(days=1)
    return [
        ("7", _("Last 7 days"), last_days(7, today=today)),
        ("30", _("Last 30 days"), last_days(30, today=today)),
        ("90", _("Last 90 days"), last_days(90, today=today)),
        ("month", _("This month"), Period(month, today)),
        ("last_month", _("Last month"), Period(last_month_ends.replace(day=1), last_month_ends)),
        ("quarter", _("This quarter"), Period(quarter, today)),
        ("year", _("This year"), Period(today.replace(month=1, day=1), today)),
        ("all", _("All there is"), Period(None, None)),
    ]


def today_in(timezones, at=None):
    """The latest local day (of ``at``, or now) in any of these zones; by UTC in none.

    What is asked of several properties goes up to the last of them: else the morning of the one that is ahead would be in no
    "last 30 days" until the others wake. At the others that day has not begun, and nothing happened on it.
    """
    return max(clock.local_day(at or clock.now(), zone) for zone in {*timezones} or {"UTC"})


def local(unit, *, moment, zone, timezones):
    """An expression: the ``day``, ``week`` (its Monday) or ``month`` (its first) of ``moment``, as ``2026-11-21``.

    Each row by its own property's zone, named in the column ``zone``.
    """
    truncate = _TRUNCATIONS[unit]
    whens = []
    for name in sorted(timezones):
        # PostgreSQL truncates to a timestamp, whatever the field says: a date first, then its ten characters.
        day = Cast(truncate(moment, tzinfo=ZoneInfo(name), output_field=DateField()), DateField())
        whens.append(When(**{zone: name}, then=Cast(day, CharField())))
    return Case(*whens, default=Value(""), output_field=CharField())

"""How often somebody does more than make it right: delights per 1,000 occupied room nights, or per employee and month.

A house that reported its rooms for every night of the question is told by them, every other one by its people: two figures,
of other houses each, so that nothing is divided by half of what it needs. Rooms are no department's.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Max, Min, Q, Sum

from empower import clock
from empower.incidents.querysets import of_ones_property
from empower.staff.models import Employee, RoomNights
from empower.statistics import rate_interval

from ..counts import count_incidents
from ..facts import IncidentCounts
from ..figures import rate
from ..period import Period
from ..selection import counted_once, keys
from .family import Family

#: Days of a month: a year's twelfth.
MONTH = 365.25 / 12

#: For so many occupied rooms delights are told.
ROOM_NIGHTS = 1000


@dataclass(frozen=True)
class Reported:
    """So many room nights up to the night of the day ``last``, none left out."""

    rooms: int
    last: date


@counted_once
def count_months(selection, by=()):
    """{key: months} that the active employees have worked there in the period, all together. One query.

    From the day somebody joined, if that is known, and the property opened, to the last day or today.
    """
    found = {}
    people = of_ones_property(Employee.objects.visible_to(selection.user), selection.user).active().order_by()
    people = people.filter(property__in=selection.properties, is_service=False)
    if selection.department:
        people = people.filter(department__code=selection.department)
    rows = selection.told_apart(people, by).values_list(
        "joined_on", "property__opened_at", "property__timezone", *keys(by)
    )
    for joined_on, opened_at, zone, *key in rows.iterator(chunk_size=5000):
        begins = max(
            day for day in (joined_on, clock.local_day(opened_at, zone), selection.period.begins) if day is not None
        )
        found[tuple(key)] = found.get(tuple(key), 0) + max(0, (selection.last_day_in(zone) - begins).days + 1) / MONTH
    return found


@counted_once
def reported_nights(selection, by=()):
    """{property code: Reported} of the properties counted that reported every night of the period. Three queries at most.

    From its first day; where the property opened later and nothing was written of it before, from then. To its last day
    or yesterday, by the property's zone; the night of today counts once it is reported.
    """
    begins, ends = selection.period.begins, selection.period.ends
    today = {zone: clock.local_day(selection.now, zone) for zone in selection.timezones}
    within = Q(pk__in=[])
    for zone, ids in selection.houses.items():
        within |= Q(property__in=ids, day__lte=min(ends or today[zone], today[zone]))
    if begins:
        within &= Q(day__gte=begins)
    rows = list(
        of_ones_property(RoomNights.objects.visible_to(selection.user), selection.user)
        .filter(within)
        .order_by()
        .values("property", "property__code", "property__timezone", "property__opened_at")
        .annotate(first=Min("day"), last=Max("day"), nights=Count("pk"), rooms=Sum("occupied"))
    )
    if not rows:
        return {}
    # Whichever of them are asked about: a house does not report for one cause and not for another.
    every = replace(selection, category=None, gesture=None, kind=None).incidents().filter(kind="delight")
    first_delight = dict(every.values_list("property").annotate(first=Min("occurred_at")).order_by())
    found = {}
    for row in rows:
        zone, delight = row["property__timezone"], first_delight.get(row["property"])
        opened = clock.local_day(row["property__opened_at"], zone)
        there = min(day for day in (opened, row["first"], delight and clock.local_day(delight, zone)) if day)
        first = max(begins, there) if begins else there
        is_over = min(ends or today[zone], today[zone] - timedelta(days=1))
        if row["last"] >= is_over and row["nights"] == (row["last"] - first).days + 1:
            found[row["property__code"]] = Reported(row["rooms"], row["last"])
    return found


def _delights_in(reported, selection):
    """{property code: delights} up to the last night that each of these reported."""
    houses, found = defaultdict(list), {}
    for code, one in reported.items():
        houses[one.last].append(code)
    for last, codes in houses.items():
        counted = count_incidents(replace(selection, period=Period(selection.period.begins, last)), ("property",))
        found |= {code: counted.get((code,), IncidentCounts()).delights for code in codes}
    return found


def _per_month(delights, months):
    return rate("delights_per_employee_and_month", delights, months, rate_interval(delights, months))


def _per_room_nights(delights, rooms):
    interval = rate_interval(delights, rooms / ROOM_NIGHTS)
    return rate("delights_per_1000_room_nights", delights, rooms, interval, per=ROOM_NIGHTS)


def _delights(selection, by):
    is_of_houses = not (selection.department or "department" in by)
    reported = reported_nights(selection) if is_of_houses else {}
    if not reported:
        incidents, months = count_incidents(selection, by), count_months(selection, by)

        def by_months(key):
            return (_per_month(incidents.get(key, IncidentCounts()).delights, months.get(key, 0)),)

        return {*months}, by_months
    incidents, months = count_incidents(selection, ("property",)), count_months(selection, ("property",))
    delights, houses = _delights_in(reported, selection), {code for (code,) in {*months, *incidents}} | {*reported}

    def figures_of(key):
        asked = {*key} or houses
        by_rooms, by_people = asked & {*reported}, sorted(asked - {*reported})
        if by_rooms:
            yield _per_room_nights(
                sum(delights[code] for code in by_rooms), sum(reported[code].rooms for code in by_rooms)
            )
        if by_people:
            yield _per_month(
                sum(incidents.get((code,), IncidentCounts()).delights for code in by_people),
                sum(months.get((code,), 0) for code in by_people),
            )

    return {(code,) for code in houses} if by else {()}, figures_of


DELIGHTS = Family(_delights, frozenset({"property", "department"}))

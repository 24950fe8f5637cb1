"""How often somebody does more than make it right: delights per 1,000 occupied room nights, or per employee and month."""

from empower import clock
from empower.incidents.querysets import of_ones_property
from empower.staff.models import Employee
from empower.statistics import rate_interval

from ..counts import count_incidents
from ..facts import IncidentCounts
from ..figures import rate
from ..selection import counted_once, keys
from .family import Family, last_day

#: Days of a month: a year's twelfth.
MONTH = 365.25 / 12


@counted_once
def count_months(selection, by=()):
    """{key: months} that the active employees have worked there in the period, all together. One query.

    From the day somebody joined, if that is known, and the property opened, to the last day or today.
    """
    last, found = last_day(selection), {}
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
        found[tuple(key)] = found.get(tuple(key), 0) + max(0, (last - begins).days + 1) / MONTH
    return found


def _delights(selection, by):
    incidents, months = count_incidents(selection, by), count_months(selection, by)

    def figures_of(key):
        delights = incidents.get(key, IncidentCounts()).delights
        of = months.get(key, 0)
        return (rate("delights_per_employee_and_month", delights, of, rate_interval(delights, of)),)

    return {*months}, figures_of


DELIGHTS = Family(_delights, frozenset({"property", "department"}))

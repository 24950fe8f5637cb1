"""Who uses it: how many of those who may act have acted, and how soon new staff do for the first time.

People are those of today: who works there now, in their department and role of now, service accounts left out.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from empower import clock
from empower.incidents.querysets import of_ones_property
from empower.spending.models import Judged
from empower.staff.models import Employee
from empower.statistics import kaplan_meier

from ..facts import GIVEN, key_of
from ..figures import of_waiting, share, waiting_quantile
from ..period import Period
from ..selection import counted_once, keys
from .family import Family, days_up_to_its_end, last_day

REACH_DAYS = 90

#: New is who joined in the period, or in so many days to its end where that is longer.
NEW_FOR_DAYS = 365

BY_DAYS = (30, 60, 90)


@dataclass(frozen=True)
class Reach:
    """Of so many people so many acted."""

    people: int = 0
    reached: int = 0


@counted_once
def count_reach(selection, by=()):
    """{key: Reach}: of the active employees, who acted of their own accord in the 90 days to the end of the period.

    The department, role and tenure are the person's own; a cause, gesture or kind narrows the acts. One query, with a
    look into each person's acts by index.
    """
    acts = _own_acts(selection, days_up_to_its_end(selection, REACH_DAYS))
    found = selection.told_apart(_employees(selection), by).annotate(has_acted=Exists(acts))
    counts = {"people": Count("pk"), "reached": Count("pk", filter=Q(has_acted=True))}
    rows = found.values(*keys(by)).annotate(**counts) if by else [found.aggregate(**counts)]
    return {key_of(row, by): Reach(row["people"], row["reached"]) for row in rows}


@counted_once
def first_decisions(selection, by=()):
    """{key: (days to the first own act of those who have one, days since they joined of those who have none)}. One query.

    Of the active employees who are new and joined since their property opened here: of others the first act may not be
    known. Local days; an act from before somebody joined is of day 0.
    """
    ends, last = selection.period.ends, last_day(selection)
    first = _own_acts(selection, Period(None, ends)).order_by("occurred_at").values("occurred_at")[:1]
    found = _employees(selection).filter(joined_on__isnull=False)
    if selection.period.begins:
        found = found.filter(joined_on__gte=min(selection.period.begins, last - timedelta(days=NEW_FOR_DAYS - 1)))
    rows = selection.told_apart(found, by).annotate(first=Subquery(first))
    told = {}
    columns = ("joined_on", "property__opened_at", "property__timezone", "first", *keys(by))
    for joined_on, opened_at, zone, first, *key in rows.values_list(*columns):
        if joined_on < clock.local_day(opened_at, zone):
            continue
        acted, waiting = told.setdefault(tuple(key), ([], []))
        if first is not None:
            acted.append(max(0, (clock.local_day(first, zone) - joined_on).days))
        else:
            waiting.append(max(0, (selection.last_day_in(zone) - joined_on).days))
    return told


def _employees(selection):
    """Who may act, at the properties counted, and had joined by the last day there."""
    found = of_ones_property(Employee.objects.visible_to(selection.user), selection.user).active().order_by()
    found = found.filter(property__in=selection.properties, is_service=False)
    if selection.department:
        found = found.filter(department__code=selection.department)
    is_there = Q(joined_on=None)
    for zone, houses in selection.houses.items():
        is_there |= Q(property__in=houses, joined_on__lte=selection.last_day_in(zone))
    return found.filter(is_there)


def _own_acts(selection, period):
    """The own acts of the employee of an outer query in a period, wherever in the house."""
    acts = replace(selection, department=None, period=period).spends()
    return acts.filter(GIVEN, judged_as=Judged.OWN, employee=OuterRef("pk"))


def _reach(selection, by):
    found = count_reach(selection, by)

    def figures_of(key):
        one = found.get(key, Reach())
        return (share("reach", one.reached, one.people),)

    return set(found), figures_of


def _first_decisions(selection, by):
    found = first_decisions(selection, by)

    def figures_of(key):
        acted, waiting = found.get(key, ((), ()))
        curve = kaplan_meier(acted, waiting)
        yield waiting_quantile("first_decision_p50", curve, 0.5)
        for days in BY_DAYS:
            yield of_waiting(f"first_decision_within_{days}_days", acted, waiting, curve, days)

    return set(found), figures_of


def _people_reached(selection, by):
    return {key: one.people for key, one in count_reach(selection, by).items()}


def _new_people(selection, by):
    return {key: len(acted) + len(waiting) for key, (acted, waiting) in first_decisions(selection, by).items()}


REACH = Family(_reach, frozenset({"property", "department", "role", "tenure"}), people=_people_reached)
FIRST_DECISIONS = Family(_first_decisions, frozenset({"property", "department", "role"}), people=_new_people)

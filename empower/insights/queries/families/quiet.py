"""Teams in which things happen and nobody acts of their own accord: do they know that they may? Of no person."""

from dataclasses import dataclass

from django.db.models import Count

from empower.staff.models import Employee

from ..counts import count_use
from ..figures import share
from ..hiding import FEWEST
from ..selection import counted_once
from .family import Family

#: A team is asked about from so many incidents on.
FEW_INCIDENTS = 5


@dataclass(frozen=True)
class Team:
    """A team of so many ``people``; in so many of its recovery ``incidents`` somebody ``used`` their authority."""

    people: int
    incidents: int
    used: int

    @property
    def is_quiet(self):
        return not self.used


@counted_once
def teams(selection, by=()):
    """{(property, department): Team} of the teams of five people or more with five recovery incidents or more.

    Whatever the gesture and the kind. Two queries, the one from the roll-ups.
    """
    of_all = selection.but(kind=None, gesture=None) if selection.kind or selection.gesture else selection
    use = count_use(of_all, ("property", "department"))
    asked = {key: of for key, of in use.items() if of.recoveries >= FEW_INCIDENTS and all(key)}
    rows = (
        Employee.objects.visible_to(selection.user)
        .active()
        .filter(department__isnull=False, is_service=False)
        .order_by()
        .values_list("property__code", "department__code")
        .annotate(people=Count("pk"))
    )
    people = selection.settled("people of teams", lambda: {tuple(team): number for *team, number in rows})
    return {
        key: Team(people[key], of.recoveries, of.used)
        for key, of in sorted(asked.items())
        if people.get(key, 0) >= FEWEST
    }


def _quiet(selection, by):
    found = {}
    for (house, department), team in teams(selection).items():
        at = {"property": house, "department": department}
        key = tuple(at[name] for name in by)
        quiet, of = found.get(key, (0, 0))
        found[key] = quiet + team.is_quiet, of + 1
    return set(found), lambda key: (share("quiet_teams", *found.get(key, (0, 0))),)


QUIET = Family(_quiet, frozenset({"property", "department"}))

"""What the dashboard shows of a question: the reports, what waits now for whom, and where a look is worth while.

Some thirty queries, whatever the number of rows and properties.
"""

from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Min

from empower.shipped import in_readers_words
from empower.spending.models import Approval, ApprovalStatus
from empower.staff.models import Department

from . import costs, counts, timing
from .catalogues import causes
from .families.quiet import teams
from .hiding import is_hidden
from .reports import report, sums_of

#: Minutes by which the chart of the time to yes asks how many had their answer.
BY_MINUTES = (1, 2, 5, 10, 20, 30, 60)

#: How many causes the chart names; the rest is one bar.
CAUSES_SHOWN = 5


@dataclass(frozen=True)
class Waiting:
    """What waits for an answer now, whenever it was asked: how many, since when, how many verbal yeses to confirm."""

    requests: int
    verbal: int
    oldest_at: object

    @property
    def number(self):
        return self.requests + self.verbal


@dataclass(frozen=True)
class QuietTeam:
    """A team in which things happened and nobody acted of their own accord: do they know that they may?"""

    property: str
    department: str
    name: str
    people: int
    incidents: int


@dataclass(frozen=True)
class Dashboard:
    """All of it; ``hidden`` where the figures are of fewer than five people and not this person's to see."""

    usage: object
    outcomes: object
    authority: object
    timing: object
    causes: object
    health: object
    budget: object
    limit_use: costs.LimitUse
    waits: dict
    by_time: object
    unit: str
    quiet_teams: tuple
    hidden: bool

    @property
    def is_empty(self):
        """Nothing happened and nothing was given in the period."""
        figures = (self.usage.figure(name) for name in ("recovery_incidents", "delight_incidents"))
        money = any(one.value for one in self.usage.figures if one.unit == "money")
        return not any(one.value for one in figures) and not self.hidden and not money


def dashboard(selection):
    """The `Dashboard` of a selection."""
    # What the page does not show is not counted for it: the families are read from the facts.
    told = partial(report, with_families=False)
    counts.read_together(selection, [(("category",), "use"), (("property", "department"), "use")])
    hidden = is_hidden(selection)
    unit = "month" if (selection.period.days or 366) > 62 else "week"
    return Dashboard(
        usage=told("usage", selection, hidden=hidden),
        outcomes=told("outcomes", selection, hidden=hidden),
        authority=told("authority", selection, hidden=hidden),
        timing=told("timing", selection, hidden=hidden),
        causes=told("causes", selection, ("category",)),
        health=told("health", selection, hidden=hidden),
        budget=told("budget", selection),
        limit_use=costs.LimitUse() if hidden else counts.limit_use(selection).get((), costs.LimitUse()),
        waits={} if hidden else _waits(selection),
        by_time=sums_of(selection, (unit,), hidden=hidden),
        unit=unit,
        quiet_teams=() if hidden else quiet_teams(selection),
        hidden=hidden,
    )


def waiting(selection):
    """`Waiting`: of what this person may see in the queue, in the part of the house asked for. One query."""
    seen = Approval.objects.visible_to(selection.user).awaiting_an_answer().order_by().values("pk")
    rows = (
        selection.requests_ever()
        .filter(pk__in=seen)
        .values("status")
        .annotate(n=Count("pk"), oldest=Min("requested_at"))
    )
    found = {row["status"]: row for row in rows}
    return Waiting(
        requests=found.get(ApprovalStatus.OPEN, {}).get("n", 0),
        verbal=found.get(ApprovalStatus.TO_CONFIRM, {}).get("n", 0),
        oldest_at=min((row["oldest"] for row in found.values()), default=None),
    )


def quiet_teams(selection, most=3):
    """Up to ``most`` `QuietTeam`s in the order of their names: how many there are is a figure (`families.quiet`). Three
    queries.

    Teams are not compared: each is one in which nobody acted at all.
    """
    quiet = {key: team for key, team in teams(selection).items() if team.is_quiet}
    if not quiet:
        return ()
    names = {
        (row.property.code, row.code): str(row)
        for row in Department.objects.visible_to(selection.user).select_related("property")
    }
    found = [QuietTeam(*key, names.get(key, key[1]), team.people, team.incidents) for key, team in quiet.items()]
    return tuple(sorted(found, key=lambda one: (one.name, one.property))[:most])


def category_names():
    """{code: name}, in the reader's language where it ships. One query at most."""
    return {code: in_readers_words(name) for _pk, _parent, code, name in causes()}


def _waits(selection):
    own, asked = counts.own_waits(selection), counts.asked_waits(selection)
    return {"own": own.get((), timing.Waits()), "asked": asked.get((), timing.Waits())}

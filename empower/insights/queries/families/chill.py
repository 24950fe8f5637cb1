"""Whether a team uses it less after a no: its change against that of teams that got none in the same days.

A no is a request declined, cut or denied, or an act that somebody else took back on review, by the department of the spend.
A team is a department of a property. Never of a person.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import F

from empower import clock
from empower.spending.models import Reversal
from empower.statistics import difference_in_differences

from .. import counts as counted
from ..figures import change
from ..period import EARLIEST, LATEST, Period
from ..selection import counted_once
from .declines import CUT, DECLINED, DENIED
from .family import Family

DAYS = 30

_TEAM_AND_DAY = ("property", "department", "day")


@dataclass(frozen=True)
class Chill:
    """After how many noes the teams are compared, with how many others, on how many incidents; the change, or None."""

    noes: int = 0
    others: int = 0
    incidents: int = 0
    change: object = None


def chill(noes, days, *, counts=lambda team, day: True):
    """The `Chill` of {team: local days of a no} and {team: {local day: (incidents, of them with an own act)}}.

    For each no before which the team had none for 30 days: the share with an own act on days 1 to 30 after it less that on
    days 30 to 1 before it, less the same of all teams without a no from 30 days before to 30 after. Those of several noes
    are weighted by n·m / (n + m), n and m the team's incidents before and after. ``counts(team, day)``: which noes are
    asked about; one with no incident on one of the four sides is left out.
    """
    # From here on a day is its number: a year's noes of many teams look up a million spans.
    sums = {team: _Days(of) for team, of in sorted(days.items())}
    noes, compared = {team: sorted({day.toordinal() for day in of}) for team, of in noes.items()}, []
    for team, ordered in sorted(noes.items()):
        fresh = [one for place, one in enumerate(ordered) if not place or one - ordered[place - 1] > DAYS]
        mine = sums.get(team)
        asked = [day for day in fresh if mine and counts(team, date.fromordinal(day))]
        compared += [one for day in asked if (one := _beside(day, mine, noes, sums))]
    if not compared:
        return Chill()
    total = sum(one.weight for one in compared)
    shares = []
    for side in range(4):
        # Each share is a weighted sum of incidents: as good as one of (Σw)²/Σw² of them.
        weights = _Weights()
        for one in compared:
            weights.add(one.teams[side], *one.spans[side], one.weight / total)
        shares.append(weights.share())
    return Chill(
        noes=len(compared),
        others=len({id(team) for one in compared for team in one.teams[2]}),
        incidents=sum(one.incidents for one in compared),
        change=difference_in_differences(*shares),
    )


def _is_any(days, first, last):
    """Whether one of these days, in their order, is from the one to the other."""
    return bisect_left(days, first) < bisect_right(days, last)


@dataclass(frozen=True)
class _Compared:
    weight: float
    incidents: int
    teams: tuple
    spans: tuple


def _beside(day, mine, noes, sums):
    """What to compare for a no on ``day``: after and before of the team, after and before of the others; None for nothing."""
    after, before = (day + 1, day + DAYS), (day - DAYS, day - 1)
    others = tuple(of for team, of in sums.items() if not _is_any(noes.get(team, ()), before[0], after[1]))
    n, m = mine.within(*before)[0], mine.within(*after)[0]
    if not n or not m or not all(sum(one.within(*span)[0] for one in others) for span in (after, before)):
        return None
    return _Compared(n * m / (n + m), n + m, ((mine,), (mine,), others, others), (after, before, after, before))


class _Days:
    """A team's incidents day by day (by its number), summed from the first on, so that any span is two look-ups."""

    def __init__(self, days):
        ordered = sorted(days)
        self.days = [day.toordinal() for day in ordered]
        self.incidents, self.used = [0], [0]
        for day in ordered:
            incidents, used = days[day]
            self.incidents.append(self.incidents[-1] + incidents)
            self.used.append(self.used[-1] + used)

    def within(self, first, last):
        """(incidents, with an own act) from one day to another."""
        low, high = bisect_left(self.days, first), bisect_right(self.days, last)
        return self.incidents[high] - self.incidents[low], self.used[high] - self.used[low]

    def each(self):
        for place, day in enumerate(self.days):
            yield day, self.incidents[place + 1] - self.incidents[place], self.used[place + 1] - self.used[place]


class _Weights:
    """The weight of each team's incidents by day: several noes may look at the same ones, which are then no more of them."""

    def __init__(self):
        self.steps = defaultdict(lambda: defaultdict(float))
        self.teams = {}

    def add(self, teams, first, last, weight):
        incidents = sum(team.within(first, last)[0] for team in teams)
        for team in teams:
            self.teams[id(team)] = team
            self.steps[id(team)][first] += weight / incidents
            self.steps[id(team)][last + 1] -= weight / incidents

    def share(self):
        """(successes, n), the effective ones."""
        of_used = squares = 0.0
        for which, steps in self.steps.items():
            ends, weight, place = sorted(steps), 0.0, 0
            for day, incidents, used in self.teams[which].each():
                while place < len(ends) and ends[place] <= day:
                    weight += steps[ends[place]]
                    place += 1
                of_used += weight * used
                squares += weight * weight * incidents
        n = 1 / squares
        return min(1.0, max(0.0, of_used)) * n, n


@counted_once
def count_use(selection, by=()):
    """{(property, department): {local day: (recovery incidents, of them with an own act)}} of every team that the person
    sees, from 30 days before the period to 30 days after it. One query.
    """
    told, found = counted.count_use(_everywhere(selection, DAYS), _TEAM_AND_DAY), {}
    for (house, team, day), of in told.items():
        if team:
            found.setdefault((house, team), {})[date.fromisoformat(day)] = of.recoveries, of.used
    return found


@counted_once
def count_noes(selection, by=()):
    """{(property, department): [local days]} of the noes of every team that the person sees, 60 days either side of the
    period too: a team that got one then is no measure for the others. Two queries.
    """
    everywhere = _everywhere(selection, 2 * DAYS + 1)
    period, houses = everywhere.period, everywhere.houses
    noes = everywhere.requests_ever().filter(DECLINED | CUT | DENIED, period.covers(houses, field="decided_at"))
    reviewed = (
        Reversal.objects.order_by()
        .filter(spend__in=everywhere.spends_ever().values("pk"), reversed_by__isnull=False)
        .filter(period.covers(houses, field="reversed_at", house="spend__property"))
        .exclude(reversed_by=F("spend__employee"))
    )
    found = {}
    for rows in (
        noes.values_list("decided_at", "property__timezone", "property__code", "spend__department__code"),
        reviewed.values_list(
            "reversed_at", "spend__property__timezone", "spend__property__code", "spend__department__code"
        ),
    ):
        for moment, zone, house, team in rows.iterator(chunk_size=5000):
            if team:
                found.setdefault((house, team), []).append(clock.local_day(moment, zone))
    return found


def _everywhere(selection, days):
    """The same question of every team that the person sees, so many days longer on both sides."""
    begins, ends = selection.period.begins, selection.period.ends
    wide = Period(
        begins and max(EARLIEST, begins - timedelta(days=days)), ends and min(LATEST, ends + timedelta(days=days))
    )
    return replace(selection, property=None, department=None, period=wide)


def _chill(selection, by):
    noes, days, period = count_noes(selection), count_use(selection), selection.period

    def key(team):
        return tuple(dict(zip(("property", "department"), team, strict=True))[name] for name in by)

    def is_asked_about(team, day):
        here = not selection.property or team[0] == selection.property
        mine = not selection.department or team[1] == selection.department
        return here and mine and (not period.begins or day >= period.begins) and (not period.ends or day <= period.ends)

    def figures_of(wanted):
        found = chill(noes, days, counts=lambda team, day: key(team) == wanted and is_asked_about(team, day))
        return (change("chill", found.change, n=found.incidents, numerator=found.noes, denominator=found.others),)

    return {key(team) for team, of in noes.items() if any(is_asked_about(team, day) for day in of)}, figures_of


CHILL = Family(_chill, frozenset({"property", "department"}))

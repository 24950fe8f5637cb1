"""How the budgets stand, for who may read them: managers their property's, leaders and auditors all.

What is set aside is asked of the journal; what is spent and held is counted with all the rest (`counts.count_books`).
"""

import builtins
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt

from empower import clock
from empower.journal.models import Allotment
from empower.journal.queries import pot_on, set_aside
from empower.statistics import forecast_sum

from . import counts
from .facts import BookCounts
from .figures import Figure, money
from .period import Period

#: From fewer days nothing is foretold: a week has quiet days and busy ones.
FEWEST_DAYS = 7


@dataclass(frozen=True)
class Forecast:
    """What will be spent by the end, and by what that may be off to either side (95 %), from so many days that are over.

    Never less than the ``spent`` so far, today's included.
    """

    value: float
    off: float
    days: int
    spent: int

    def __add__(self, other):
        # Two properties are off independently of each other.
        off = sqrt(self.off**2 + other.off**2)
        return Forecast(self.value + other.value, off, self.days + other.days, self.spent + other.spent)

    def range(self):
        """(value, low, high)."""
        return tuple(max(self.spent, one) for one in (self.value, self.value - self.off, self.value + self.off))


@dataclass(frozen=True)
class Budget:
    """The budget of one property, or of several in one currency; minor units. ``elapsed`` of its days have passed."""

    property: str
    currency: str
    allotted: int
    held: int
    spent: int
    days: int
    elapsed: int
    properties: int = 1

    def __add__(self, other):
        return replace(
            self,
            property="",
            allotted=self.allotted + other.allotted,
            held=self.held + other.held,
            spent=self.spent + other.spent,
            days=self.days + other.days,
            elapsed=self.elapsed + other.elapsed,
            properties=self.properties + other.properties,
        )

    @builtins.property
    def available(self):
        return self.allotted - self.held - self.spent

    def figures(self):
        """Its sums, and how much of it and of its days has gone: shares that may pass 1, so without an interval."""
        used = self.held + self.spent
        yield money("allotted", self.allotted, self.currency, n=self.properties)
        yield money("held", self.held, self.currency, n=self.properties)
        yield money("spent", self.spent, self.currency, n=self.properties)
        yield money("available", self.available, self.currency, n=self.properties)
        yield _part("budget_used", used, self.allotted, self.properties, self.currency)
        yield _part("days_passed", self.elapsed, self.days, self.properties, self.currency)


@dataclass(frozen=True)
class Standing:
    """The budget of a ``house`` that is in force: its ``pot``, the last ``day`` that is counted, ``today`` there."""

    house: object
    pot: object
    day: date
    today: date

    @builtins.property
    def days(self):
        """How many days it has."""
        return (self.pot.ends_on - self.pot.begins_on).days + 1

    @builtins.property
    def counted(self):
        """The `Period` of what is counted day by day."""
        return Period(self.pot.begins_on, min(self.day, self.pot.ends_on))


def budgets(selection):
    """[`Budget`] of the properties that have one in force on the last day of the period (today). By property code.

    Of the department, where the question names one. Four queries, and one for each further span of days that a budget has.
    """
    found, sums = [], {}
    for one in standing(selection):
        span = one.pot.begins_on, one.pot.ends_on
        if span not in sums:
            sums[span] = _books(selection, Period(*span))
        booked = sums[span].get((one.house.code,), {}).get(one.house.currency, BookCounts())
        found.append(
            Budget(
                property=one.house.code,
                currency=one.house.currency,
                allotted=one.pot.allotted,
                held=booked.held,
                spent=booked.spent,
                days=one.days,
                elapsed=one.counted.days,
            )
        )
    return found


def forecasts(selection):
    """[(`Standing`, spent on each of its days up to the last that is counted, `Forecast` or None)]. By property code.

    There is none before seven days are over. Four queries.
    """
    them = standing(selection)
    if not them:
        return []
    first, last = min(one.counted.begins for one in them), max(one.counted.ends for one in them)
    booked = _books(selection, Period(first, last), "day")
    found = []
    for one in them:
        each = []
        for number in range(one.counted.days):
            day = one.counted.begins + timedelta(days=number)
            told = booked.get((one.house.code, day.isoformat()), {})
            each.append(told.get(one.house.currency, BookCounts()).spent)
        found.append((one, tuple(each), _forecast(one, each)))
    return found


@dataclass(frozen=True)
class Burn:
    """How budgets of one currency and the same days burn: ``spent`` on each day from the first on; minor units.

    ``forecast`` is (value, low, high) at the last day, or None.
    """

    currency: str
    begins_on: object
    ends_on: object
    allotted: int
    spent: tuple
    forecast: tuple | None


def burns(selection):
    """[`Burn`] of the budgets that `budgets` counts, those of the same currency and days together. As `forecasts`."""
    together = {}
    for one, each, forecast in forecasts(selection):
        at = one.house.currency, one.pot.begins_on, one.pot.ends_on
        together.setdefault(at, []).append((one.pot.allotted, each, forecast))
    return [_burn(at, told) for at, told in sorted(together.items())]


def together(forecasts):
    """The `Forecast` of several budgets; None where one of them has none."""
    return sum(forecasts[1:], forecasts[0]) if all(forecasts) else None


def _burn(at, told):
    days = max(len(each) for _allotted, each, _forecast in told)
    spent = tuple(sum(each[day] for _allotted, each, _forecast in told if day < len(each)) for day in range(days))
    forecast = together([one for _allotted, _each, one in told])
    allotted = sum(allotted for allotted, _each, _forecast in told)
    return Burn(*at, allotted, spent, forecast and forecast.range())


def standing(selection):
    """[`Standing`] of each budget that the person may read and that is in force then. By property code. Two queries."""
    allotments = Allotment.objects.visible_to(selection.user).order_by()
    if selection.department:
        allotments = allotments.filter(department__code=selection.department)
    with_one = selection.properties.filter(allotments__in=allotments).distinct().order_by("code")
    houses = selection.settled(("with a budget", selection.department), lambda: list(with_one))
    todays = {one.pk: clock.local_day(selection.now, one.timezone) for one in houses}
    days = {one.pk: selection.last_day_in(one.timezone) for one in houses}
    asked = "set aside", selection.department
    allotted = selection.settled(asked, lambda: set_aside(properties=[*days], department=selection.department))
    pots = {pk: pot_on(day, allotted[pk]) for pk, day in days.items() if pk in allotted}
    return [Standing(one, pots[one.pk], days[one.pk], todays[one.pk]) for one in houses if pots.get(one.pk)]


def _books(selection, period, *more):
    """{(property code, more): {currency: BookCounts}} of the days of a budget, whatever else the question is narrowed to."""
    every = selection.but(period=period, department=None, category=None, gesture=None, kind=None)
    if not selection.department:
        return counts.count_books(every, ("property", *more))
    # Of all departments at once, which the roll-ups tell, and this one taken.
    told = counts.count_books(every, ("property", "department", *more))
    return {(house, *rest): of for (house, team, *rest), of in told.items() if team == selection.department}


def _forecast(one, each):
    """The `Forecast` of a `Standing` from what was spent ``each`` day up to its last, today at the latest."""
    over = min(one.counted.ends, one.today - timedelta(days=1))
    days = (over - one.pot.begins_on).days + 1
    if days < FEWEST_DAYS:
        return None
    more, _low, high = forecast_sum(each[:days], (one.pot.ends_on - over).days)
    return Forecast(sum(each[:days]) + more, high - more, days, sum(each))


def _part(name, part, whole, n, currency):
    return Figure(name, "share", part / whole if whole else None, n, part, whole, None, currency)

"""How the budgets stand, for who may read them: managers their property's, leaders and auditors all."""

import builtins
from dataclasses import dataclass, replace
from datetime import timedelta
from math import sqrt

from empower import clock
from empower.journal.models import Allotment
from empower.journal.queries import budget_position, spent_by_day
from empower.statistics import forecast_sum

from .figures import Figure, money

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
    """The budget of one property, or of several in one currency; minor units. ``elapsed`` of its days have passed.

    ``forecast`` is None before seven days are over.
    """

    property: str
    currency: str
    allotted: int
    held: int
    spent: int
    days: int
    elapsed: int
    properties: int = 1
    forecast: Forecast | None = None

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
            forecast=self.forecast and other.forecast and self.forecast + other.forecast,
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
        yield self._foretold()

    def _foretold(self):
        """What will have been spent by its end if the days go on as they went: mean and scatter of those that are over."""
        if self.forecast is None:
            return Figure("forecast", "money", None, 0, self.spent, self.days, None, self.currency)
        value, low, high = self.forecast.range()
        interval = round(low), round(high)
        days = self.forecast.days
        return Figure("forecast", "money", round(value), days, self.spent, self.days, interval, self.currency)


def budgets(selection):
    """[Budget] of the properties that have one in force on the last day of the period (today). By property code.

    Of the department, where the question names one. One query, and four for each property with an allotment.
    """
    found = []
    for property, department, position, day, today in standing(selection):
        found.append(
            Budget(
                property=property.code,
                currency=position.currency,
                allotted=position.allotted,
                held=position.held,
                spent=position.spent,
                days=(position.ends_on - position.begins_on).days + 1,
                elapsed=(min(day, position.ends_on) - position.begins_on).days + 1,
                forecast=_forecast(property, department, position, day, today),
            )
        )
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
    """[`Burn`] of the budgets that `budgets` counts, those of the same currency and days together. Queries: one more each."""
    together = {}
    for property, department, position, day, today in standing(selection):
        last = min(day, position.ends_on)
        spent = spent_by_day(property=property, begins_on=position.begins_on, ends_on=last, department=department)
        each = [
            spent.get(position.begins_on + timedelta(days=number), 0)
            for number in range((last - position.begins_on).days + 1)
        ]
        told = position.allotted, each, _forecast(property, department, position, day, today)
        together.setdefault((position.currency, position.begins_on, position.ends_on), []).append(told)
    return [_burn(at, told) for at, told in sorted(together.items())]


def _burn(at, told):
    days = max(len(each) for _allotted, each, _forecast in told)
    spent = tuple(sum(each[day] for _allotted, each, _forecast in told if day < len(each)) for day in range(days))
    forecasts = [one for _allotted, _each, one in told]
    forecast = sum(forecasts[1:], forecasts[0]).range() if all(forecasts) else None
    return Burn(*at, sum(allotted for allotted, _each, _forecast in told), spent, forecast)


def standing(selection):
    """(property, department or None, position, the last day counted, today there) of each budget then in force."""
    allotments = Allotment.objects.visible_to(selection.user).order_by()
    if selection.department:
        allotments = allotments.filter(department__code=selection.department)
    properties = selection.properties.filter(allotments__in=allotments).distinct().order_by("code")
    for property in properties:
        today = clock.local_day(selection.now, property.timezone)
        day = min(selection.period.ends or today, today)
        department = property.departments.get(code=selection.department) if selection.department else None
        position = budget_position(property=property, on_day=day, department=department)
        if position.allotted:
            yield property, department, position, day, today


def _forecast(property, department, position, day, today):
    """The `Forecast` as it stands on a ``day``, today at the latest. One query."""
    last = min(day, today - timedelta(days=1), position.ends_on)
    days = (last - position.begins_on).days + 1
    if days < FEWEST_DAYS:
        return None
    spent = spent_by_day(
        property=property, begins_on=position.begins_on, ends_on=min(day, position.ends_on), department=department
    )
    each = [spent.get(position.begins_on + timedelta(days=number), 0) for number in range(days)]
    more, _low, high = forecast_sum(each, (position.ends_on - last).days)
    return Forecast(sum(each) + more, high - more, days, sum(spent.values()))


def _part(name, part, whole, n, currency):
    return Figure(name, "share", part / whole if whole else None, n, part, whole, None, currency)

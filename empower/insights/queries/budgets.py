"""How the budgets stand, for who may read them: managers their property's, leaders and auditors all."""

import builtins
from dataclasses import dataclass, replace

from empower import clock
from empower.journal.models import Allotment
from empower.journal.queries import budget_position

from .figures import Figure, money


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


def budgets(selection):
    """[Budget] of the properties that have one in force on the last day of the period (today). By property code.

    Of the department, where the question names one. One query, and three for each property with an allotment.
    """
    allotments = Allotment.objects.visible_to(selection.user).order_by()
    if selection.department:
        allotments = allotments.filter(department__code=selection.department)
    properties = selection.properties.filter(allotments__in=allotments).distinct().order_by("code")
    found = []
    for property in properties:
        today = clock.local_day(selection.now, property.timezone)
        day = min(selection.period.ends or today, today)
        department = None
        if selection.department:
            department = property.departments.get(code=selection.department)
        position = budget_position(property=property, on_day=day, department=department)
        if position.allotted:
            found.append(
                Budget(
                    property=property.code,
                    currency=position.currency,
                    allotted=position.allotted,
                    held=position.held,
                    spent=position.spent,
                    days=(position.ends_on - position.begins_on).days + 1,
                    elapsed=(min(day, position.ends_on) - position.begins_on).days + 1,
                )
            )
    return found


def _part(name, part, whole, n, currency):
    return Figure(name, "share", part / whole if whole else None, n, part, whole, None, currency)

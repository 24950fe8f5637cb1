"""What the tests of the journal book: properties of several currencies, and acts with everything but the cost said."""

from datetime import UTC, date, datetime
from itertools import count

from django.db import connection, transaction

from empower.journal import services
from empower.journal.models import Posting
from tests import factories as make

NOON = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # at noon in Los Angeles
NOVEMBER = {"begins_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30)}

_spends = count(1)


def open_property(code, currency, timezone):
    """A property with one department and one employee: (property, department, employee)."""
    property = make.PropertyFactory(code=code, currency=currency, timezone=timezone)
    department = make.DepartmentFactory(property=property, code="dining")
    employee = make.EmployeeFactory(property=property, code=f"E-{code}", name="Maria Ortiz")
    return property, department, employee


class Book:
    """Books acts of one employee, at noon unless told otherwise. Each act is a spend of its own unless told."""

    def __init__(self, property, department, employee):
        self.property, self.department, self.employee = property, department, employee
        self.currency = property.currency

    def new_spend(self):
        return next(_spends)

    def _about(self, cost, occurred_at, department):
        return {
            "cost": cost,
            "currency": self.currency,
            "property": self.property,
            "department": department or self.department,
            "employee": self.employee,
            "incident_id": 7,
            "occurred_at": occurred_at,
        }

    def allot(self, amount, *, actor=None, **which):
        return services.allot_budget(actor=actor, property=self.property, amount=amount, **(NOVEMBER | which))

    def hold(self, cost, *, spend_id=None, at=NOON, department=None):
        return services.hold_budget(**self._about(cost, at, department), spend_id=spend_id or self.new_spend())

    def release(self, cost, *, spend_id, at=NOON, department=None):
        return services.release_budget(**self._about(cost, at, department), spend_id=spend_id)

    def spend(
        self, cost, *, spend_id=None, at=NOON, held=False, account="meal", paid_from="folio_credit",
        purpose="recovery", department=None,
    ):  # fmt: skip
        return services.book_spend(
            **self._about(cost, at, department), spend_id=spend_id or self.new_spend(), purpose=purpose,
            account=account, paid_from=paid_from, held=held,
        )  # fmt: skip

    def reverse(self, cost, *, spend_id, at=NOON):
        return services.book_reversal(spend_id=spend_id, cost=cost, occurred_at=at)

    def credit(self, cost, *, at=NOON, account="meal", paid_from="folio_credit"):
        return services.book_credit(
            **self._about(cost, at, None), purpose="recovery", account=account, paid_from=paid_from
        )


def balances(currency=None):
    """{account code: minor units}, of one currency; the accounts at zero are left out."""
    rows = Posting.objects.balances()
    return {
        row["account__code"]: row["balance"]
        for row in rows
        if row["balance"] and currency in (None, row["account__currency"])
    }


def legs(entry):
    """{account code: minor units} of one entry, asked of the database."""
    return dict(Posting.objects.filter(entry=entry).values_list("account__code", "amount"))


def run(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)


def see_to_constraints():
    """What waits for the commit, now: a test's own transaction never comes to one."""
    with transaction.atomic():
        connection.check_constraints()

"""What the books say of a budget. Allotment − held − spent = available; days are the property's local ones."""

import builtins
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from empower import clock

from .models import Allotment, EntryKind, JournalEntry, Posting

AUTHORISED = "budget:authorised"
AVAILABLE = "budget:available"
HELD = "budget:held"
SPENT = "budget:spent"


@dataclass(frozen=True)
class Pot:
    """What is set aside for the days from ``begins_on`` to ``ends_on``, minor units."""

    begins_on: date
    ends_on: date
    allotted: int


@dataclass(frozen=True)
class BudgetPosition:
    """How a budget stands, minor units of ``currency``. Without an allotment all are 0 and the days are None."""

    currency: str
    begins_on: date | None
    ends_on: date | None
    allotted: int
    held: int
    spent: int

    @builtins.property
    def available(self):
        """What is left; below zero where more was given than set aside, for a budget informs and does not block."""
        return self.allotted - self.held - self.spent


def budget_position(*, property, on_day=None, department=None):
    """The `BudgetPosition` of a property as a whole, or of a department's own allotments, on a local day (today).

    The period is that of the allotments which cover the day, and of those that overlap them: a year's allotment and
    the month's that tops it up are one pot, so nothing spent is counted against two. What waits belongs to the day it
    was asked for, what was spent to the day it was given, and a reversal to the day of the act that it reverses,
    whenever it is booked. A property's position has its departments' allotments in it, and all that was given there.

    Four queries; two where no allotment covers the day. Anybody may call: what a person may see is the door's affair.
    """
    day = on_day or clock.local_day(clock.now(), property.timezone)
    pot = pot_on(day, _days_and_sums(standing_allotments(property=property, department=department)))
    if pot is None:
        return BudgetPosition(property.currency, None, None, 0, 0, 0)
    begins_at = clock.day_bounds(pot.begins_on, property.timezone)[0]
    ends_at = clock.day_bounds(pot.ends_on, property.timezone)[1]
    moved = Posting.objects.filter(property=property, account__currency=property.currency)
    if department is not None:
        moved = moved.filter(department=department)
    spent = _spent(moved)
    asked = JournalEntry.objects.sealed().filter(
        kind=EntryKind.HOLD, property=property, occurred_at__gte=begins_at, occurred_at__lt=ends_at
    )
    return BudgetPosition(
        currency=property.currency,
        begins_on=pot.begins_on,
        ends_on=pot.ends_on,
        allotted=pot.allotted,
        held=moved.filter(account__code=HELD, entry__spend_id__in=asked.values("spend_id")).balance(),
        spent=spent.filter(acted_at__gte=begins_at, acted_at__lt=ends_at).balance(),
    )


def set_aside(*, properties, department=None):
    """{property id: [(begins on, ends on, minor units)]}: what the books still set aside there, for `pot_on`.

    ``department``: a code, for the allotments of the departments of that code alone. Two queries. Anybody may call.
    """
    allotments = Allotment.objects.filter(property__in=properties)
    if department is not None:
        allotments = allotments.filter(department__code=department)
    found = {}
    for row in _sums(_set_aside(allotments), "entry__allotment__property"):
        if row["sum"] > 0:
            found.setdefault(row["entry__allotment__property"], []).append(row)
    return {pk: _days_and_sums(rows) for pk, rows in found.items()}


def standing_allotments(*, property, department=None):
    """Rows of allotment, its days and ``sum``: what the books still set aside by each, the withdrawn ones left out."""
    allotments = Allotment.objects.filter(property=property)
    if department is not None:
        allotments = allotments.filter(department=department)
    return _sums(_set_aside(allotments)).filter(sum__gt=0)


_OF_AN_ALLOTMENT = "entry__allotment", "entry__allotment__begins_on", "entry__allotment__ends_on"


def _sums(postings, *more):
    return postings.values(*more, *_OF_AN_ALLOTMENT).annotate(sum=Sum("amount"))


def _set_aside(allotments):
    """The postings by which these were set aside, and taken back, in the property's currency."""
    # Their ids: among a million entries the few that are of an allotment are found by index, and only if named.
    ids = list(allotments.order_by().values_list("pk", flat=True))
    rows = Posting.objects.sealed().order_by().filter(entry__allotment__in=ids, account__code=AVAILABLE)
    return rows.filter(account__currency=F("entry__allotment__property__currency"))


def _days_and_sums(allotted):
    return [(row["entry__allotment__begins_on"], row["entry__allotment__ends_on"], row["sum"]) for row in allotted]


def _spent(postings):
    """Those that say what was spent, with ``acted_at``: a reversal is of the moment of the act that it reverses."""
    return postings.filter(account__code=SPENT).alias(
        acted_at=Coalesce("entry__reverses__occurred_at", "entry__occurred_at")
    )


def pot_on(day, allotments):
    """The `Pot` of those of the (begins, ends, amount) that cover ``day``, and whatever overlaps one of them, directly or not.

    None where none covers it.
    """
    begins = ends = day
    pot, rest = [], allotments
    while reached := [one for one in rest if one[0] <= ends and begins <= one[1]]:
        pot += reached
        rest = [one for one in rest if one not in reached]
        begins, ends = min(one[0] for one in pot), max(one[1] for one in pot)
    return Pot(begins, ends, sum(amount for _begins, _ends, amount in pot)) if pot else None

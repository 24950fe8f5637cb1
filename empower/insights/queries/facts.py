"""The counts behind the figures: one SQL statement each, whatever the number of rows, told apart by up to two dimensions.

Each answers ``{key: counts}``; ``key`` is a tuple of the codes of the dimensions asked for, ``()`` for the whole. The
counts add up over the keys, except people and, where the dimension is one of the spends (gesture, role, tenure),
incidents: one with two gestures is counted under both. A later roll-up answers the same.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum

from empower.incidents.models import Incident, Outcome
from empower.incidents.querysets import of_ones_property
from empower.journal.models import EntryKind, JournalEntry, Posting
from empower.journal.queries import HELD
from empower.spending.models import Judged, Spend, SpendStatus

from .selection import OF_SPENDS, counted_once, keys

GIVEN = Q(status=SpendStatus.POSTED)


@dataclass(frozen=True)
class IncidentCounts:
    """Recovery incidents (I) and what became of them; ``delights`` apart. ``made_right``: recovered, or better.

    ``unknown`` are resolved ones whose outcome is unknown or was never said.
    """

    recoveries: int = 0
    delights: int = 0
    used: int = 0
    used_at_a_cost: int = 0
    resolved: int = 0
    autonomous: int = 0
    recovered: int = 0
    delighted: int = 0
    lost: int = 0
    unknown: int = 0
    recurrent: int = 0

    @property
    def made_right(self):
        return self.recovered + self.delighted


@dataclass
class ActCounts:
    """Acts in one currency, minor units, less what was taken back.

    ``credits`` is the sum of the ``credit_entries``, unmatched ones: negative, and no acts.
    """

    acts: int = 0
    amount: int = 0
    cost: int = 0
    credits: int = 0
    credit_entries: int = 0
    judged: dict = field(default_factory=dict)


@dataclass(frozen=True)
class UseCounts:
    """Of `IncidentCounts` what tables of many groups ask for."""

    recoveries: int = 0
    delights: int = 0
    used: int = 0
    recurrent: int = 0


@dataclass(frozen=True)
class BookCounts:
    """What budgets ``spent`` on acts, and hold (``held``) for what waits, minor units."""

    spent: int = 0
    held: int = 0


@dataclass(frozen=True)
class RequestCounts:
    """Requests by what became of them."""

    requests: int = 0
    answered: int = 0
    approved: int = 0
    declined: int = 0
    open: int = 0
    verbal: int = 0
    denied: int = 0


@counted_once
def count_incidents(selection, by=(), *, with_recurrence=False):
    """{key: IncidentCounts} of the incidents that occurred in the period. One query.

    An own act is one within the person's own authority, money or not, that was not wholly taken back. Resolved with own
    acts alone: at least one, and none of another kind. ``with_recurrence`` also asks of each whether the same category
    and department had another in the 30 days before.
    """
    found = selection.told_apart(joined_to_acts(selection, selection.incidents(all_of_them=True), by), by)
    given = Spend.objects.filter(incident=OuterRef("pk"), status=SpendStatus.POSTED).order_by()
    if selection.gesture:
        given = given.filter(gesture__code=selection.gesture)
    own = given.filter(judged_as=Judged.OWN)
    is_recovery, is_resolved = Q(kind="recovery"), Q(kind="recovery", status="resolved")
    known = {f"{outcome}": Q(outcome=outcome) for outcome in Outcome.values}
    counts = {
        "recoveries": is_recovery,
        "delights": Q(kind="delight"),
        "used": is_recovery & Exists(own),
        "used_at_a_cost": is_recovery & Exists(own.filter(cost__gt=F("reversed_cost"))),
        "resolved": is_resolved,
        "autonomous": is_resolved & Exists(own) & ~Exists(given.exclude(judged_as=Judged.OWN)),
        "recovered": is_resolved & known["recovered"],
        "delighted": is_resolved & known["delighted"],
        "lost": is_resolved & known["lost"],
        "unknown": is_resolved & Q(outcome__in=["", Outcome.UNKNOWN]),
    }
    if with_recurrence:
        counts["recurrent"] = is_recovery & Exists(same_cause_before())
    rows = _grouped(
        found, by, **{name: Count("pk", filter=condition, distinct=True) for name, condition in counts.items()}
    )
    return {
        key_of(row, by): IncidentCounts(**{name: row[name] for name in counts})
        for row in rows
        if row["recoveries"] or row["delights"]
    }


@counted_once
def count_acts(selection, by=()):
    """{key: {currency: ActCounts}} of the acts that occurred in the period. Two queries: the spends, and the journal.

    ``amount`` is the sum of the spends' amounts less what was taken back of them. An unmatched credit has no amount of
    its own: it counts with what was booked, in the amount as in the cost. ``cost`` is the balance of the expense
    accounts, credits included, so it equals the journal's to the cent; a reversal is in the period of its act.
    """
    found = {}
    standing = F("amount") - F("reversed_amount")
    rows = (
        selection.told_apart(selection.spends(), by)
        .filter(GIVEN)
        .values("currency", "judged_as", *keys(by))
        .annotate(acts=Count("pk"), amount=Sum(standing))
    )
    for row in rows:
        counts = found.setdefault(key_of(row, by), {}).setdefault(row["currency"], ActCounts())
        counts.acts += row["acts"]
        counts.amount += row["amount"]
        counts.judged[row["judged_as"]] = row["acts"]
    is_credit = Q(entry__kind=EntryKind.CREDIT)
    booked = (
        selection.told_apart(selection.expenses(), by)
        .values("account__currency", *keys(by))
        .annotate(
            cost=Sum("amount"),
            credits=Sum("amount", filter=is_credit, default=0),
            credit_entries=Count("entry", filter=is_credit, distinct=True),
        )
    )
    for row in booked:
        if row["cost"] or row["credit_entries"]:
            counts = found.setdefault(key_of(row, by), {}).setdefault(row["account__currency"], ActCounts())
            counts.cost += row["cost"]
            counts.amount += row["credits"]
            counts.credits += row["credits"]
            counts.credit_entries += row["credit_entries"]
    return found


@counted_once
def count_books(selection, by=()):
    """{key: {currency: BookCounts}}: what was spent on the acts of the period, and is held for what was asked for in it.

    What is spent is what the expense accounts have: the same entries book both. Two queries.
    """
    found = {}
    asked = JournalEntry.objects.filter(kind=EntryKind.HOLD, spend_id=OuterRef("entry__spend_id")).order_by()
    held = of_ones_property(Posting.objects.sealed().order_by(), selection.user).filter(account__code=HELD)
    held = held.annotate(act_at=Subquery(asked.values("occurred_at")[:1]))
    held = held.filter(selection.period.covers(selection.houses, field="act_at"))
    if selection.property:
        held = held.filter(property__in=selection.properties)
    if selection.department:
        held = held.filter(department__code=selection.department)
    for name, booked in (("spent", selection.expenses()), ("held", held)):
        rows = selection.told_apart(booked, by).values("account__currency", *keys(by)).annotate(sum=Sum("amount"))
        for row in rows:
            if row["sum"]:
                counts = found.setdefault(key_of(row, by), {}).get(row["account__currency"], BookCounts())
                found[key_of(row, by)][row["account__currency"]] = replace(counts, **{name: row["sum"]})
    return found


@counted_once
def count_people(selection, by=()):
    """{key: how many people gave or asked in the period}: whom a figure could be about. One query."""
    rows = _grouped(selection.told_apart(selection.spends(), by), by, people=Count("employee", distinct=True))
    return {key_of(row, by): row["people"] for row in rows if row["people"]}


@counted_once
def count_requests(selection, by=()):
    """{key: RequestCounts} of the requests made in the period. One query."""
    counts = {
        "requests": Q(),
        "answered": Q(status="answered"),
        "approved": Q(status="approved"),
        "declined": Q(status="declined"),
        "open": Q(status="open"),
        "verbal": Q(status__in=["to_confirm", "confirmed", "denied"]),
        "denied": Q(status="denied"),
    }
    found = selection.told_apart(selection.requests(), by)
    rows = _grouped(found, by, **{name: Count("pk", filter=condition) for name, condition in counts.items()})
    return {key_of(row, by): RequestCounts(**{name: row[name] for name in counts}) for row in rows if row["requests"]}


@counted_once
def count_feelings(selection, by=()):
    """{key: {change: pairs}} of feeling after − before, of guests with both, on recovery incidents. One query."""
    incidents = selection.told_apart(joined_to_acts(selection, selection.recoveries(all_of_them=True), by), by)
    names = keys(by)
    pairs = (
        incidents.filter(incident_guests__feeling_before__isnull=False, incident_guests__feeling_after__isnull=False)
        .annotate(change=F("incident_guests__feeling_after") - F("incident_guests__feeling_before"))
        .values("change", *names)
        .annotate(pairs=Count("incident_guests__pk", distinct=True))
    )
    found = {}
    for row in pairs:
        found.setdefault(key_of(row, by), {})[row["change"]] = row["pairs"]
    return found


def same_cause_before():
    """Recoveries of the same category and department in the 30 days before: for an `Exists` beside an incident."""
    return (
        Incident.objects.not_void()
        .order_by()
        .filter(
            kind="recovery",
            category=OuterRef("category"),
            department=OuterRef("department"),
            occurred_at__lt=OuterRef("occurred_at"),
            occurred_at__gte=OuterRef("occurred_at") - timedelta(days=30),
        )
    )


def joined_to_acts(selection, incidents, by):
    """Incidents that are to be told apart by something of their acts: a declined wish makes no group.

    Before `told_apart`, which then takes the same join.
    """
    if not OF_SPENDS & set(by):
        return incidents
    acts = {"spends__status": SpendStatus.POSTED}
    if selection.gesture:
        acts["spends__gesture__code"] = selection.gesture
    return incidents.filter(**acts)


def _grouped(found, by, **aggregates):
    """A row for each group; of the whole where nothing is told apart, since to group by nothing is by every row."""
    return found.values(*keys(by)).annotate(**aggregates) if by else [found.aggregate(**aggregates)]


def key_of(row, by):
    """The key of a row: the codes of its dimensions."""
    return tuple(row[name] for name in keys(by))

"""The tallies of blocks, made from the facts: what `facts`, `costs` and `timing` would count there.

A facet has up to seven parts: ``incidents`` (what they were, what they cost, what was felt), ``use`` (the same in few words:
how many, in how many somebody acted, which had happened before), ``acts`` and ``requests`` (how many, and minor units),
``values`` (waits, costs and shares by their marks, with how often each occurred), ``people`` (who gave or asked, with how
often) and ``books`` (what budgets spent and hold).
"""

from collections import defaultdict
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from django.db.models import F, Sum

from empower.incidents.models import Incident, IncidentGuest, Resolution
from empower.journal.models import AccountKind, EntryKind, JournalEntry, Posting
from empower.journal.queries import HELD
from empower.spending.models import Approval, ApprovalStatus, Judged, Spend, SpendStatus
from empower.staff.models import Property

from ..columns import Written
from ..costs import measured
from ..marks import mark
from ..timing import seconds_between
from .blocks import Blocks, Micros
from .cells import INCIDENTS, Cells, mask_of
from .ids import Ids
from .recurrence import recurrent

_DELIGHT = str(mask_of(["delights"]))


def tallies_of(blocks):
    """{(property id, day): {(facet, part): tally}} of these blocks, an empty dict where nothing happened.

    A dozen and a half queries, whatever their number; memory grows with what happened in them, so ask for a month at a time.
    """
    cells = Cells(Blocks(blocks))
    causes, gestures = _incidents(cells)
    _books(cells, causes, gestures)
    for count in (_acts, _requests, _held, _scopes):
        count(cells)
    return cells.tallies()


# --- incidents, by the day on which they occurred --------------------------------------------------------------------


def _incidents(cells):
    """Answers what it has read on the way: {incident: (category, kind)} and {spend: (gesture,)}."""
    mine = Incident.objects.not_void().order_by().filter(cells.blocks.covers("occurred_at"))
    rows = list(
        mine.values_list(
            "pk", "property", "property__currency", Micros("occurred_at"), Micros("reported_at"), "department",
            "category", "kind", "status", "outcome",
        )
    )  # fmt: skip
    again = recurrent([(row[0], row[3], row[6], row[5]) for row in rows if row[7] == "recovery"])
    ids = Ids(row[0] for row in rows)
    spends, feelings, ends, costs = (defaultdict(list) for _each in range(4))
    given, gestures = Spend.objects.order_by().filter(incident__in=ids), {}
    for pk, incident, gesture, *told in given.values_list(
        "pk", "incident", "gesture", "status", "judged_as", "cost", "reversed_cost", "external_id", Micros("posted_at")
    ):  # fmt: skip
        gestures[pk] = (gesture,)
        spends[incident].append((gesture, *told))
    paired = IncidentGuest.objects.order_by().filter(incident__in=ids)
    paired = paired.filter(feeling_before__isnull=False, feeling_after__isnull=False)
    for incident, before, after in paired.values_list("incident", "feeling_before", "feeling_after"):
        feelings[incident].append(after - before)
    resolved = Resolution.objects.order_by().filter(incident__in=ids)
    for incident, at in resolved.values_list("incident", Micros("resolved_at")):
        ends[incident].append(at)
    booked = Posting.objects.sealed().order_by().filter(account__kind=AccountKind.EXPENSE, incident_id__in=ids)
    booked = list(booked.values_list("incident_id", "account__currency", "entry__spend_id", "amount"))
    gestures |= _about(Spend, {row[2] for row in booked} - gestures.keys(), "gesture")
    for incident, currency, spend, amount in booked:
        costs[incident].append((currency, gestures.get(spend, (None,)), amount))
    for pk, *told in rows:
        _incident(
            cells, told, pk in again, spends.get(pk, ()), feelings.get(pk, ()), ends.get(pk, ()), costs.get(pk, ())
        )
    return {row[0]: row[6:8] for row in rows}, gestures


def _incident(cells, told, is_again, spends, feelings, ends, costs):
    house, currency, at, told_at, department, category, kind, status, outcome = told
    block = cells.blocks.of(house, at)
    own = used_at_a_cost = others = False
    gestures, yes_at = set(), []
    for gesture, spend_status, judged, cost, reversed_cost, external, posted_at in spends:
        if spend_status == SpendStatus.POSTED:
            gestures.add(gesture)
            own, others = own or judged == Judged.OWN, others or judged != Judged.OWN
            used_at_a_cost = used_at_a_cost or (judged == Judged.OWN and cost > reversed_cost)
        if judged == Judged.OWN and not external:
            yes_at.append(posted_at)
    places = cells.places(block, department, category, kind, gestures)
    if kind != "recovery":
        cells.add(places, "incidents", INCIDENTS + currency, _DELIGHT)
        return
    mask = _recovery(own, used_at_a_cost, others, status == "resolved", outcome, is_again)
    cells.add(places, "incidents", INCIDENTS + currency, mask)
    for paid_in, gesture, cost in costs:
        cells.add(cells.places(block, department, category, kind, gesture), "incidents", "recovery", paid_in, cost)
    for change in feelings:
        cells.add(places, "incidents", "feelings", str(change))
    for at in ends:
        cells.add(places, "values", "resolved", str(mark(seconds_between(told_at, at))))
    if yes_at:
        cells.add(places, "values", "own", str(mark(seconds_between(told_at, min(yes_at)))))


@lru_cache(maxsize=1000)
def _recovery(own, used_at_a_cost, others, is_resolved, outcome, is_again):
    """What a recovery incident was, as a mask and a name."""
    flags = {
        "recoveries": True,
        "used": own,
        "used_at_a_cost": used_at_a_cost,
        "resolved": is_resolved,
        "autonomous": is_resolved and own and not others,
        "recovered": is_resolved and outcome == "recovered",
        "delighted": is_resolved and outcome == "delighted",
        "lost": is_resolved and outcome == "lost",
        "unknown": is_resolved and outcome in ("", "unknown"),
        "recurrent": is_again,
    }
    return str(mask_of(name for name, holds in flags.items() if holds))


# --- spends, by the day on which they were given; asked for, where nothing was ------------------------------------------

_ABOUT_A_SPEND = "department", "incident__category", "incident__kind", "gesture"


def _acts(cells):
    blocks, spends = cells.blocks, Spend.objects.order_by()
    by_yes = spends.filter(
        blocks.covers("posted_at"), judged_as=Written(Judged.APPROVED), approval__status=ApprovalStatus.APPROVED
    )
    other = spends.filter(blocks.covers("occurred_at")).exclude(approval__status=ApprovalStatus.APPROVED)
    for rows, moment in ((by_yes, "posted_at"), (other, "occurred_at")):
        for (
            house, at, department, category, kind, gesture, status, judged, employee, currency, amount, cost, amount_back,
            cost_back,
        ) in rows.values_list(
            "property", Micros(moment), *_ABOUT_A_SPEND, "status", "judged_as", "employee", "currency", "amount", "cost",
            "reversed_amount", "reversed_cost",
        ):  # fmt: skip
            places = cells.places(blocks.of(house, at), department, category, kind, (gesture,))
            cells.add(places, "people", "", str(employee))
            if status != SpendStatus.POSTED:
                continue
            cells.add(places, "acts", currency, "amount", amount - amount_back)
            cells.add(places, "acts", f"{currency}|judged", judged)
            if cost > cost_back:
                cells.add(places, "values", f"costs|{currency}", str(mark(cost - cost_back)))


def _requests(cells):
    blocks = cells.blocks
    rows = (
        Approval.objects.order_by()
        .filter(blocks.covers("requested_at"))
        .values_list(
            *(f"spend__{name}" for name in _ABOUT_A_SPEND), "property", "status", "spend__external_id",
            Micros("requested_at"), Micros("decided_at"), Micros("expires_at"),
        )
    )  # fmt: skip
    for department, category, kind, gesture, house, status, external, at, decided_at, expires_at in rows:
        places = cells.places(blocks.of(house, at), department, category, kind, (gesture,))
        cells.add(places, "requests", "", status)
        if external:
            continue
        if status in (ApprovalStatus.APPROVED, ApprovalStatus.DECLINED):
            cells.add(places, "values", "asked", str(mark(seconds_between(at, decided_at))))
        elif status == ApprovalStatus.EXPIRED and expires_at is not None:
            cells.add(places, "values", "never_answered", str(mark(seconds_between(at, expires_at))))


# --- the books, by the day of the act ----------------------------------------------------------------------------------


def _books(cells, causes, gestures):
    """``causes`` and ``gestures``: what `_incidents` knows already; the rest is asked for."""
    blocks = cells.blocks
    booked = JournalEntry.objects.order_by().filter(blocks.covers("occurred_at"), reverses__isnull=True)
    postings = Posting.objects.sealed().order_by().filter(account__kind=AccountKind.EXPENSE)
    first = postings.filter(entry__in=booked.values("pk"))
    back = postings.filter(entry__reverses__in=booked.filter(reversed_by__isnull=False).values("pk"))
    currencies = dict(Property.objects.order_by().values_list("pk", "currency"))
    for rows, moment in ((first, "entry__occurred_at"), (back, "entry__reverses__occurred_at")):
        rows = list(
            rows.values_list(
                "property", Micros(moment), "department", "incident_id", "entry__spend_id", "entry__kind", "amount"
            )
        )  # fmt: skip
        causes |= _about(Incident, {row[3] for row in rows} - causes.keys(), "category", "kind")
        gestures |= _about(Spend, {row[4] for row in rows} - gestures.keys(), "gesture")
        for house, at, department, incident, spend, kind, amount in rows:
            about = causes.get(incident, (None, ""))
            places = cells.places(blocks.of(house, at), department, *about, gestures.get(spend, (None,)))
            currency = currencies[house]
            cells.add(places, "acts", currency, "cost", amount)
            cells.add(places, "books", currency, "spent", amount)
            if kind == EntryKind.CREDIT:
                cells.add(places, "acts", currency, "credits", amount)
                cells.add(places, "acts", currency, "amount", amount)
                cells.add(places, "acts", currency, "credit_entries")


def _held(cells):
    """What is held of what was asked for, by the day on which it was."""
    blocks = cells.blocks
    asked = JournalEntry.objects.order_by().filter(blocks.covers("occurred_at"), kind=EntryKind.HOLD)
    asked_at = dict(asked.values_list("spend_id", Micros("occurred_at")))
    held = Posting.objects.sealed().order_by().filter(account__code=HELD, entry__spend_id__in=asked.values("spend_id"))
    rows = held.values_list("property", "department", "account__currency", "entry__spend_id")
    for house, department, currency, spend, amount in rows.annotate(sum=Sum("amount")):
        places = cells.places(blocks.of(house, asked_at[spend]), department, None, None, ())
        cells.add(places, "books", currency, "held", amount)


def _about(model, ids, *columns):
    """{id: its columns}. A query, or none where there is no id."""
    ids = ids - {None}
    rows = model.objects.order_by().filter(pk__in=Ids(ids)).values_list("pk", *columns) if ids else ()
    return {pk: tuple(values) for pk, *values in rows}


# --- limits, by the day of a scope's first own act -------------------------------------------------------------------


def _scopes(cells):
    blocks = cells.blocks
    own = Spend.objects.order_by().filter(status=SpendStatus.POSTED, judged_as=Judged.OWN, authority__isnull=False)
    touched = own.filter(blocks.covers("occurred_at")).values("authority")
    acts = (
        own.filter(authority__in=touched)
        .order_by("authority", "occurred_at", "pk")
        .values_list(
            "authority", F("amount") - F("reversed_amount"), "limit_in_force", "property", Micros("occurred_at"),
            *_ABOUT_A_SPEND,
        )
    )  # fmt: skip
    for _authority, rows in groupby(acts, itemgetter(0)):
        rows = list(rows)
        _scope, _standing, _limit, house, at, *about, gesture = rows[0]
        block, limit = blocks.of(house, at), max(row[2] for row in rows)
        if block is None or not limit:
            continue
        share, in_parts = measured(sum(row[1] for row in rows), limit, len(rows))
        places = cells.places(block, *about, (gesture,))
        cells.add(places, "values", "limits", str(share))
        cells.add(places, "values", "", "close_in_parts", int(in_parts))

"""The tallies of blocks, made from the facts: what `facts`, `costs` and `timing` would count there.

A facet has up to seven parts: ``incidents`` (what they were, what they cost, what was felt), ``use`` (the same in few words:
how many, in how many somebody acted, which had happened before), ``acts`` and ``requests`` (how many, and minor units),
``values`` (waits, costs and shares by their marks, with how often each occurred), ``people`` (who gave or asked, with how
often) and ``books`` (what budgets spent and hold).
"""

from collections import defaultdict
from functools import lru_cache

from django.db.models import Sum

from empower.incidents.models import IncidentGuest, Resolution
from empower.journal.models import EntryKind, JournalEntry, Posting
from empower.journal.queries import HELD
from empower.spending.models import Approval, ApprovalStatus, Judged, SpendStatus
from empower.staff.models import Property

from ..costs import measured
from ..marks import mark
from ..timing import seconds_between
from .blocks import Blocks, Micros
from .cells import INCIDENTS, Cells, mask_of
from .reading import Facts

_DELIGHT = str(mask_of(["delights"]))


def tallies_of(blocks):
    """{(property id, day): {(facet, part): tally}} of these blocks, an empty dict where nothing happened.

    A dozen and a half queries, whatever their number; memory grows with what happened in them, so ask for a month at a time.
    """
    facts = Facts(Blocks(blocks))
    cells = Cells(facts.blocks)
    for count in (_incidents, _acts, _books, _scopes):
        count(cells, facts)
    _requests(cells)
    _held(cells)
    return cells.tallies()


# --- incidents, by the day on which they occurred --------------------------------------------------------------------


def _incidents(cells, facts):
    spends, feelings, ends, costs = (defaultdict(list) for _each in range(4))
    for spend in facts.spends.values():
        spends[spend.incident].append(spend)
    for booked in facts.postings:
        costs[booked.incident].append(booked)
    paired = IncidentGuest.objects.order_by().filter(incident__in=facts.of_these)
    paired = paired.filter(feeling_before__isnull=False, feeling_after__isnull=False)
    for incident, before, after in paired.values_list("incident", "feeling_before", "feeling_after"):
        feelings[incident].append(after - before)
    resolved = Resolution.objects.order_by().filter(incident__in=facts.of_these)
    for incident, at in resolved.values_list("incident", Micros("resolved_at")):
        ends[incident].append(at)
    for one in facts.incidents:
        told = _Told(spends.get(one.pk, ()))
        about = cells.blocks.of(one.house, one.occurred_at), one.department, one.category, one.kind
        places = cells.places(*about, told.gestures)
        if one.kind != "recovery":
            cells.count(places, "incidents", INCIDENTS + one.currency, _DELIGHT)
            continue
        mask = _recovery(
            told.own, told.used_at_a_cost, told.others, one.status == "resolved", one.outcome, one.pk in facts.recurrent
        )
        cells.count(places, "incidents", INCIDENTS + one.currency, mask)
        for booked in costs.get(one.pk, ()):
            paid_for = cells.places(*about, facts.gestures.get(booked.spend, (None,)))
            cells.add(paid_for, "incidents", "recovery", booked.currency, booked.amount)
        for change in feelings.get(one.pk, ()):
            cells.count(places, "incidents", "feelings", str(change))
        for at in ends.get(one.pk, ()):
            cells.count(places, "values", "resolved", str(mark(seconds_between(one.reported_at, at))))
        if told.yes_at:
            cells.count(places, "values", "own", str(mark(seconds_between(one.reported_at, min(told.yes_at)))))


class _Told:
    """What the spends of an incident say of it."""

    def __init__(self, spends):
        self.own = self.used_at_a_cost = self.others = False
        self.gestures, self.yes_at = set(), []
        for one in spends:
            is_own = one.judged == Judged.OWN
            if one.status == SpendStatus.POSTED:
                self.gestures.add(one.gesture)
                self.own, self.others = self.own or is_own, self.others or not is_own
                self.used_at_a_cost = self.used_at_a_cost or (is_own and one.cost > one.cost_back)
            if is_own and not one.external:
                self.yes_at.append(one.posted_at)


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


def _acts(cells, facts):
    for one in facts.spends.values():
        at = one.act_at
        block = None if at is None else cells.blocks.of(one.house, at)
        if block is None:
            continue
        places = cells.places(block, one.department, *facts.causes[one.incident], (one.gesture,))
        cells.count(places, "people", "", str(one.employee))
        if one.status != SpendStatus.POSTED:
            continue
        cells.add(places, "acts", one.currency, "amount", one.amount - one.amount_back)
        cells.count(places, "acts", f"{one.currency}|judged", one.judged)
        if one.cost > one.cost_back:
            cells.count(places, "values", f"costs|{one.currency}", str(mark(one.cost - one.cost_back)))


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
        cells.count(places, "requests", "", status)
        if external:
            continue
        if status in (ApprovalStatus.APPROVED, ApprovalStatus.DECLINED):
            cells.count(places, "values", "asked", str(mark(seconds_between(at, decided_at))))
        elif status == ApprovalStatus.EXPIRED and expires_at is not None:
            cells.count(places, "values", "never_answered", str(mark(seconds_between(at, expires_at))))


# --- the books, by the day of the act ----------------------------------------------------------------------------------


def _books(cells, facts):
    currencies = dict(Property.objects.order_by().values_list("pk", "currency"))
    for one in facts.postings:
        block = cells.blocks.of(one.house, one.occurred_at if one.mirrored_at is None else one.mirrored_at)
        if block is None:
            continue
        about = facts.causes.get(one.incident, (None, ""))
        places = cells.places(block, one.department, *about, facts.gestures.get(one.spend, (None,)))
        currency = currencies[one.house]
        cells.add(places, "acts", currency, "cost", one.amount)
        cells.add(places, "books", currency, "spent", one.amount)
        if one.kind == EntryKind.CREDIT:
            cells.add(places, "acts", currency, "credits", one.amount)
            cells.add(places, "acts", currency, "amount", one.amount)
            cells.add(places, "acts", currency, "credit_entries", 1)


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


# --- limits, by the day of a scope's first own act -------------------------------------------------------------------


def _scopes(cells, facts):
    for acts in facts.scopes:
        first, limit = acts[0], max(one.limit for one in acts)
        block = cells.blocks.of(first.house, first.occurred_at)
        if block is None or not limit:
            continue
        share, in_parts = measured(sum(one.amount - one.amount_back for one in acts), limit, len(acts))
        places = cells.places(block, first.department, *facts.causes[first.incident], (first.gesture,))
        cells.count(places, "values", "limits", str(share))
        if in_parts:
            cells.count(places, "values", "", "close_in_parts")

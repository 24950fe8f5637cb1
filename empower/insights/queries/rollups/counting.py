"""The tallies of blocks, made from the facts: what `facts`, `costs` and `timing` would count there.

A tally has three parts for each facet: ``counts`` (how many, and minor units), ``values`` (waits, costs and shares by their
marks, with how often each occurred) and ``people`` (who gave or asked, with how often).
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Subquery, Sum

from empower.incidents.models import Incident, IncidentGuest, Resolution
from empower.journal.models import AccountKind, EntryKind, JournalEntry, Posting
from empower.spending.models import Approval, ApprovalStatus, Judged, Spend, SpendStatus
from empower.staff.models import Property

from ..costs import measured
from ..facts import same_cause_before
from ..marks import mark
from .blocks import Blocks, Micros
from .tallies import coded, pruned

#: By what a block is told apart, nothing and one thing at a time, and which parts are kept of it.
FACETS = {
    "counts": ("", "department", "category", "kind", "gesture"),
    "values": ("", "department", "category", "kind"),
    "people": ("", "department", "category", "kind"),
}

#: What an incident may be, each a bit: incidents are counted by all that they are at once, as one number.
FLAGS = (
    "recoveries", "delights", "used", "used_at_a_cost", "resolved", "autonomous", "recovered", "delighted", "lost",
    "unknown", "recurrent",
)  # fmt: skip
_BITS = {name: 1 << place for place, name in enumerate(FLAGS)}


def tallies_of(blocks):
    """{(property id, day): {(facet, part): tally}} of these blocks, an empty dict where nothing happened.

    A dozen queries, whatever their number; memory grows with what happened in them, so ask for a month at a time.
    """
    counting = _Counting(Blocks(blocks))
    for count in (_incidents, _acts, _requests, _books, _scopes):
        count(counting)
    return {
        block: {at: tally for at, told in sorted(counting.found[block].items()) if (tally := pruned(told))}
        for block in counting.blocks.wanted
    }


def _seconds(begins, ends):
    """As `timing.seconds`, of microseconds."""
    return max(0, round((ends - begins) / 1_000_000))


def mask_of(names):
    return sum(_BITS[name] for name in names)


def flags_of(mask):
    """The names that a mask stands for."""
    return [name for name in FLAGS if mask & _BITS[name]]


@dataclass
class _Counting:
    blocks: Blocks
    found: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(dict)))

    def add(self, block, keys, part, *path, by=1):
        """``keys``: {facet: the codes under which it counts}."""
        if not by:
            return
        told, name = self.found[block], "|".join(path)
        for facet in FACETS[part]:
            for code in keys[facet]:
                tally = told[facet, part]
                named = f"{code}|{name}"
                tally[named] = tally.get(named, 0) + by


def _keys(*, department, category, kind, gestures):
    return {
        "": ("",),
        "department": (coded(department),),
        "category": (coded(category),),
        "gesture": [coded(one) for one in gestures],
        "kind": (kind,),
    }


# --- incidents, by the day on which they occurred --------------------------------------------------------------------


def _incidents(counting):
    blocks = counting.blocks
    mine = Incident.objects.not_void().order_by().filter(blocks.covers("occurred_at"))
    ids = mine.values("pk")
    spends, feelings, ends, costs = (defaultdict(list) for _each in range(4))
    for row in Spend.objects.order_by().filter(incident__in=ids).values(*_OF_SPEND, yes_at=Micros("posted_at")):
        spends[row["incident"]].append(row)
    paired = IncidentGuest.objects.order_by().filter(incident__in=ids)
    paired = paired.filter(feeling_before__isnull=False, feeling_after__isnull=False)
    for incident, before, after in paired.values_list("incident", "feeling_before", "feeling_after"):
        feelings[incident].append(after - before)
    for incident, at in (
        Resolution.objects.order_by().filter(incident__in=ids).values_list("incident", Micros("resolved_at"))
    ):
        ends[incident].append(at)
    booked = Posting.objects.sealed().order_by().filter(account__kind=AccountKind.EXPENSE, incident_id__in=ids)
    gesture = Spend.objects.order_by().filter(pk=OuterRef("entry__spend_id")).values("gesture__code")
    booked = booked.annotate(by_gesture=Subquery(gesture)).values_list("incident_id", "account__currency", "by_gesture")
    for incident, *told in booked.annotate(cost=Sum("amount")):
        costs[incident].append(told)
    rows = mine.annotate(
        again=Exists(same_cause_before()), at=Micros("occurred_at"), told_at=Micros("reported_at")
    ).values(
        "pk", "property", "property__currency", "at", "told_at", "kind", "status", "outcome", "again",
        "department__code", "category__code",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=5000):
        block, pk = blocks.of(row["property"], row["at"]), row["pk"]
        _incident(counting, block, row, spends[pk], feelings[pk], ends[pk], costs[pk])


_OF_SPEND = (
    "incident", "status", "judged_as", "cost", "reversed_cost", "external_id", "gesture__code",
)  # fmt: skip


def _incident(counting, block, row, spends, feelings, ends, costs):
    given = [one for one in spends if one["status"] == SpendStatus.POSTED]
    own = [one for one in given if one["judged_as"] == Judged.OWN]
    keys = _keys(
        department=row["department__code"],
        category=row["category__code"],
        kind=row["kind"],
        gestures=sorted({one["gesture__code"] for one in given}),
    )

    def tell(part, *path, by=1):
        counting.add(block, keys, part, *path, by=by)

    currency = row["property__currency"]
    if row["kind"] != "recovery":
        tell("counts", "incidents", currency, str(mask_of(["delights"])))
        return
    is_resolved, outcome = row["status"] == "resolved", row["outcome"]
    told = {
        "recoveries": True,
        "used": own,
        "used_at_a_cost": any(one["cost"] > one["reversed_cost"] for one in own),
        "resolved": is_resolved,
        "autonomous": is_resolved and own and len(own) == len(given),
        "recovered": is_resolved and outcome == "recovered",
        "delighted": is_resolved and outcome == "delighted",
        "lost": is_resolved and outcome == "lost",
        "unknown": is_resolved and outcome in ("", "unknown"),
        "recurrent": row["again"],
    }
    tell("counts", "incidents", currency, str(mask_of([name for name, holds in told.items() if holds])))
    for currency, gesture, cost in costs:
        paid = keys | {"gesture": (coded(gesture),)}
        counting.add(block, paid, "counts", "recovery", currency, by=cost)
    for change in feelings:
        tell("counts", "feelings", str(change))
    for at in ends:
        tell("values", "resolved", str(mark(_seconds(row["told_at"], at))))
    if yes := [one["yes_at"] for one in spends if one["judged_as"] == Judged.OWN and not one["external_id"]]:
        tell("values", "own", str(mark(_seconds(row["told_at"], min(yes)))))


# --- spends, by the day on which they were given; asked for, where nothing was ------------------------------------------

_ABOUT_A_SPEND = (
    "property", "department__code", "incident__category__code", "incident__kind", "gesture__code",
)  # fmt: skip


def _keys_of_spend(row, path=""):
    return _keys(
        department=row[f"{path}department__code"],
        category=row[f"{path}incident__category__code"],
        kind=row[f"{path}incident__kind"],
        gestures=(row[f"{path}gesture__code"],),
    )


def _acts(counting):
    blocks, spends = counting.blocks, Spend.objects.order_by()
    by_yes = spends.filter(
        blocks.covers("posted_at"), judged_as=Judged.APPROVED, approval__status=ApprovalStatus.APPROVED
    )
    other = spends.filter(blocks.covers("occurred_at")).exclude(approval__status=ApprovalStatus.APPROVED)
    for rows, moment in ((by_yes, "posted_at"), (other, "occurred_at")):
        rows = rows.values(
            *_ABOUT_A_SPEND, "status", "judged_as", "employee", "currency", "amount", "cost", "reversed_amount",
            "reversed_cost", at=Micros(moment),
        )  # fmt: skip
        for row in rows.iterator(chunk_size=5000):
            _act(counting, blocks.of(row["property"], row["at"]), row)


def _act(counting, block, row):
    keys, currency = _keys_of_spend(row), row["currency"]
    counting.add(block, keys, "people", str(row["employee"]))
    if row["status"] != SpendStatus.POSTED:
        return
    counting.add(block, keys, "counts", "acts", currency, "amount", by=row["amount"] - row["reversed_amount"])
    counting.add(block, keys, "counts", "acts", currency, "judged", row["judged_as"])
    if (cost := row["cost"] - row["reversed_cost"]) > 0:
        counting.add(block, keys, "values", "costs", currency, str(mark(cost)))


def _requests(counting):
    blocks = counting.blocks
    about = [f"spend__{name}" for name in _ABOUT_A_SPEND if name != "property"]
    rows = (
        Approval.objects.order_by()
        .filter(blocks.covers("requested_at"))
        .values(
            "property",
            "status",
            "spend__external_id",
            *about,
            at=Micros("requested_at"),
            yes_at=Micros("decided_at"),
            over_at=Micros("expires_at"),
        )
    )
    for row in rows.iterator(chunk_size=5000):
        block, keys, status = (
            blocks.of(row["property"], row["at"]),
            _keys_of_spend(row, "spend__"),
            row["status"],
        )
        counting.add(block, keys, "counts", "requests", status)
        if row["spend__external_id"]:
            continue
        if status in (ApprovalStatus.APPROVED, ApprovalStatus.DECLINED):
            wait = mark(_seconds(row["at"], row["yes_at"]))
            counting.add(block, keys, "values", "asked", str(wait))
        elif status == ApprovalStatus.EXPIRED and row["over_at"] is not None:
            wait = mark(_seconds(row["at"], row["over_at"]))
            counting.add(block, keys, "values", "never_answered", str(wait))


# --- the books, by the day of the act ----------------------------------------------------------------------------------


def _books(counting):
    blocks = counting.blocks
    booked = JournalEntry.objects.order_by().filter(blocks.covers("occurred_at"), reverses__isnull=True)
    postings = Posting.objects.sealed().order_by().filter(account__kind=AccountKind.EXPENSE)
    first = postings.filter(entry__in=booked.values("pk"))
    back = postings.filter(entry__reverses__in=booked.filter(reversed_by__isnull=False).values("pk"))
    currencies = dict(Property.objects.order_by().values_list("pk", "currency"))
    for rows, moment in ((first, "entry__occurred_at"), (back, "entry__reverses__occurred_at")):
        rows = list(
            rows.values_list(
                "property",
                Micros(moment),
                "department__code",
                "incident_id",
                "entry__spend_id",
                "entry__kind",
                "amount",
            )
        )
        incidents = _about(Incident, {row[3] for row in rows}, "category__code", "kind")
        gestures = _about(Spend, {row[4] for row in rows}, "gesture__code")
        for house, at, department, incident, spend, kind, amount in rows:
            category, incident_kind = incidents.get(incident, ("", ""))
            keys = _keys(
                department=department,
                category=category,
                kind=incident_kind,
                gestures=gestures.get(spend, ("",)),
            )
            block, currency = blocks.of(house, at), currencies[house]
            counting.add(block, keys, "counts", "acts", currency, "cost", by=amount)
            if kind == EntryKind.CREDIT:
                counting.add(block, keys, "counts", "acts", currency, "credits", by=amount)
                counting.add(block, keys, "counts", "acts", currency, "amount", by=amount)
                counting.add(block, keys, "counts", "acts", currency, "credit_entries")


def _about(model, ids, *columns):
    """{id: its columns}, two thousand at a time: SQLite takes only so many parameters."""
    ids, found = sorted(one for one in ids if one is not None), {}
    for place in range(0, len(ids), 2000):
        rows = model.objects.order_by().filter(pk__in=ids[place : place + 2000]).values_list("pk", *columns)
        found |= {pk: tuple(value or "" for value in values) for pk, *values in rows}
    return found


# --- limits, by the day of a scope's first own act -------------------------------------------------------------------


def _scopes(counting):
    blocks = counting.blocks
    own = Spend.objects.order_by().filter(status=SpendStatus.POSTED, judged_as=Judged.OWN, authority__isnull=False)
    touched = own.filter(blocks.covers("occurred_at")).values("authority")
    acts = (
        own.filter(authority__in=touched)
        .annotate(standing=F("amount") - F("reversed_amount"))
        .values(*_ABOUT_A_SPEND, "authority", "standing", "limit_in_force", at=Micros("occurred_at"))
        .order_by("authority", "occurred_at", "pk")
    )
    scopes = {}
    for row in acts.iterator(chunk_size=5000):
        scopes.setdefault(row["authority"], []).append(row)
    for rows in scopes.values():
        first, limit = rows[0], max(row["limit_in_force"] for row in rows)
        block = blocks.of(first["property"], first["at"])
        if block is None or not limit:
            continue
        share, in_parts = measured(sum(row["standing"] for row in rows), limit, len(rows))
        keys = _keys_of_spend(first)
        counting.add(block, keys, "values", "limits", str(share))
        counting.add(block, keys, "values", "close_in_parts", by=int(in_parts))

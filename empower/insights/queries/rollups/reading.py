"""The facts of blocks: each row is read once, whatever is counted of it."""

from bisect import bisect_left
from collections import defaultdict
from datetime import timedelta
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Exists

from empower.incidents.models import Incident
from empower.journal.models import AccountKind, JournalEntry, Posting
from empower.spending.models import ApprovalStatus, Judged, Spend, SpendStatus

from ..columns import Written
from ..facts import same_cause_before
from .blocks import Micros
from .ids import Ids

_WHEN = attrgetter("occurred_at", "pk")
_THIRTY_DAYS = timedelta(days=30) // timedelta(microseconds=1)


class Happened(NamedTuple):
    """An incident. Moments are in microseconds, things told by their ids."""

    pk: int
    house: int
    currency: str
    occurred_at: int
    reported_at: int
    department: int | None
    category: int | None
    kind: str
    status: str
    outcome: str


class Spent(NamedTuple):
    """A spend, or a wish that became none; minor units."""

    pk: int
    incident: int
    house: int
    department: int | None
    employee: int
    gesture: int
    status: str
    judged: str
    currency: str
    amount: int
    cost: int
    amount_back: int
    cost_back: int
    limit: int | None
    authority: int | None
    external: str
    occurred_at: int
    posted_at: int | None
    approval: str | None

    @property
    def act_at(self):
        """When it counts as given or asked for: with the yes that it waited for. None where the two don't agree."""
        if self.approval != ApprovalStatus.APPROVED:
            return self.occurred_at
        return self.posted_at if self.judged == Judged.APPROVED else None

    @property
    def is_own(self):
        """Whether it stands, was given of somebody's own accord and is counted against a limit."""
        return self.status == SpendStatus.POSTED and self.judged == Judged.OWN and self.authority is not None


class Booked(NamedTuple):
    """What an entry booked on an account of expenses; ``mirrored_at`` is the moment of the entry that it takes back."""

    entry: int
    house: int
    department: int | None
    incident: int | None
    spend: int | None
    kind: str
    currency: str
    amount: int
    occurred_at: int
    mirrored_at: int | None


_HAPPENED = (
    "pk", "property", "property__currency", Micros("occurred_at"), Micros("reported_at"), "department", "category", "kind",
    "status", "outcome",
)  # fmt: skip
_SPENT = (
    "pk", "incident", "property", "department", "employee", "gesture", "status", "judged_as", "currency", "amount", "cost",
    "reversed_amount", "reversed_cost", "limit_in_force", "authority", "external_id", Micros("occurred_at"),
    Micros("posted_at"), "approval__status",
)  # fmt: skip
_BOOKED = (
    "entry", "property", "department", "incident_id", "entry__spend_id", "entry__kind", "account__currency", "amount",
    Micros("entry__occurred_at"), Micros("entry__reverses__occurred_at"),
)  # fmt: skip


class Facts:
    """What happened in `Blocks`, and what became of it whenever. A query for each, where it is first asked for."""

    def __init__(self, blocks):
        self.blocks = blocks

    @cached_property
    def incidents(self):
        """`Happened`, but void ones, by the day on which they occurred."""
        rows = Incident.objects.not_void().order_by().filter(self.blocks.covers("occurred_at"))
        return [Happened._make(row) for row in rows.values_list(*_HAPPENED)]

    @cached_property
    def of_these(self):
        """The ids of the incidents, to ask with."""
        return Ids(one.pk for one in self.incidents)

    @cached_property
    def recurrent(self):
        """The ids of the incidents before which there was a recovery of the same cause within thirty days.

        Nearly all have it among themselves; the others are asked for.
        """
        causes = defaultdict(list)
        for one in self.incidents:
            if one.kind == "recovery":
                causes[one.category, one.department].append(one.occurred_at)
        for moments in causes.values():
            moments.sort()
        found, unknown = set(), []
        for one in self.incidents:
            if one.kind == "recovery" and one.category and one.department:
                moments = causes[one.category, one.department]
                place = bisect_left(moments, one.occurred_at)
                is_again = place and one.occurred_at - moments[place - 1] <= _THIRTY_DAYS
                (found.add if is_again else unknown.append)(one.pk)
        asked = Incident.objects.order_by().filter(Exists(same_cause_before()), pk__in=Ids(unknown))
        return found | set(asked.values_list("pk", flat=True))

    @cached_property
    def spends(self):
        """{id: `Spent`} of the incidents, and what was given, or asked for, in the blocks on others."""
        every, blocks = Spend.objects.order_by(), self.blocks
        elsewhere = every.exclude(incident__in=self.of_these)
        by_yes = {"judged_as": Written(Judged.APPROVED), "approval__status": ApprovalStatus.APPROVED}
        rows = [
            *every.filter(incident__in=self.of_these).values_list(*_SPENT),
            *elsewhere.filter(blocks.covers("occurred_at")).values_list(*_SPENT),
            *elsewhere.filter(blocks.covers("posted_at"), **by_yes).values_list(*_SPENT),
        ]
        return {row[0]: Spent._make(row) for row in rows}

    @cached_property
    def postings(self):
        """[`Booked`] on the incidents, and by entries of the blocks, or that take one of these back, on others."""
        every = Posting.objects.sealed().order_by().filter(account__kind=AccountKind.EXPENSE)
        found = [Booked._make(row) for row in every.filter(incident_id__in=self.of_these).values_list(*_BOOKED)]
        entries = JournalEntry.objects.order_by().filter(self.blocks.covers("occurred_at"), reverses__isnull=True)
        unread = entries.exclude(pk__in=Ids({one.entry for one in found})).values("pk")
        others = every.exclude(incident_id__in=self.of_these)
        for rows in (others.filter(entry__in=unread), others.filter(entry__reverses__in=unread)):
            found += map(Booked._make, rows.values_list(*_BOOKED))
        return found

    @cached_property
    def causes(self):
        """{incident: (category, kind)} of all that is spent or booked."""
        found = {one.pk: (one.category, one.kind) for one in self.incidents}
        asked = {one.incident for one in (*self.spends.values(), *self.postings)}
        return found | _about(Incident, asked - found.keys(), "category", "kind")

    @cached_property
    def gestures(self):
        """{spend: (gesture,)} of all that is booked."""
        found = {pk: (one.gesture,) for pk, one in self.spends.items()}
        return found | _about(Spend, {one.spend for one in self.postings} - found.keys(), "gesture")

    @cached_property
    def scopes(self):
        """[[`Spent`]]: the own acts of each scope that has one in the blocks, the first first; these were read, or are now."""
        of = defaultdict(list)
        for one in self.spends.values():
            if one.is_own:
                of[one.authority].append(one)
        here = self.blocks.of
        of = {key: acts for key, acts in of.items() if any(here(one.house, one.occurred_at) for one in acts)}
        own = Spend.objects.order_by().filter(status=SpendStatus.POSTED, judged_as=Judged.OWN, authority__in=Ids(of))
        for row in own.exclude(pk__in=Ids(self.spends)).values_list(*_SPENT):
            one = Spent._make(row)
            of[one.authority].append(one)
        return [sorted(acts, key=_WHEN) for acts in of.values()]


def _about(model, ids, *columns):
    """{id: its columns}. A query, or none where there is no id."""
    ids = ids - {None}
    rows = model.objects.order_by().filter(pk__in=Ids(ids)).values_list("pk", *columns) if ids else ()
    return {pk: tuple(values) for pk, *values in rows}

"""What a recovery cost, and how much of a limit is used. Minor units, each currency for itself."""

from dataclasses import dataclass, field

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum

from empower.incidents.models import Incident
from empower.incidents.querysets import of_ones_property
from empower.journal.models import AccountKind, Posting
from empower.spending.models import Judged, Spend, SpendStatus

from .facts import GIVEN, joined_to_acts, key_of
from .selection import counted_once, keys

BINS = 20


@dataclass
class RecoveryCosts:
    """Σ cost of the recovery incidents of the period, whenever it was spent on them, and how many were made right."""

    cost: int = 0
    made_right: int = 0


@dataclass
class LimitUse:
    """How much of the limit the own acts of a scope came to: how many scopes in each twentieth, and the shares."""

    bins: list = field(default_factory=lambda: [0] * BINS)
    shares: list = field(default_factory=list)
    close_in_parts: int = 0

    @property
    def close(self):
        """How many used 95 % or more; ``close_in_parts`` of them by more than one act."""
        return sum(share >= 0.95 for share in self.shares)


@counted_once
def recovery_costs(selection, by=()):
    """{key: {currency: RecoveryCosts}} of the recovery incidents that occurred in the period. Two queries.

    The money is that of the incidents, lost and open ones too, whenever it was given, less what was taken back;
    unmatched credits on them included. By the incidents' dimensions, so the sum and the number speak of the same ones.
    """
    found = {}
    incidents = joined_to_acts(selection, selection.recoveries(), by)
    right = Q(status="resolved", outcome__in=["recovered", "delighted"])
    rows = (
        selection.told_apart(incidents, by)
        .values("property__currency", *keys(by))
        .annotate(made_right=Count("pk", filter=right, distinct=True))
    )
    for row in rows:
        if row["made_right"]:
            counts = found.setdefault(key_of(row, by), {}).setdefault(row["property__currency"], RecoveryCosts())
            counts.made_right += row["made_right"]
    booked = of_ones_property(Posting.objects.sealed().order_by(), selection.user).filter(
        account__kind=AccountKind.EXPENSE, incident_id__in=selection.recoveries().values("pk")
    )
    if selection.gesture:
        booked = booked.filter(
            entry__spend_id__in=Spend.objects.order_by().filter(gesture__code=selection.gesture).values("pk")
        )
    moment = Incident.objects.filter(pk=OuterRef("incident_id")).order_by().values("occurred_at")[:1]
    booked = booked.annotate(act_at=Subquery(moment))
    rows = selection.told_apart(booked, by).values("account__currency", *keys(by)).annotate(cost=Sum("amount"))
    for row in rows:
        if row["cost"]:
            counts = found.setdefault(key_of(row, by), {}).setdefault(row["account__currency"], RecoveryCosts())
            counts.cost += row["cost"]
    return found


@counted_once
def cost_sizes(selection, by=()):
    """{key: {currency: [(cost, acts)]}}, ascending, of the acts of the period that cost something. One query."""
    rows = (
        selection.told_apart(selection.spends(), by)
        .filter(GIVEN)
        .annotate(standing=F("cost") - F("reversed_cost"))
        .filter(standing__gt=0)
        .values("currency", "standing", *keys(by))
        .annotate(acts=Count("pk"))
        .order_by("standing")
    )
    found = {}
    for row in rows.iterator(chunk_size=5000):
        sizes = found.setdefault(key_of(row, by), {}).setdefault(row["currency"], [])
        sizes.append((row["standing"], row["acts"]))
    return found


@counted_once
def limit_use(selection, by=()):
    """{key: LimitUse}: of each scope with an own act in the period, what its own acts of the period sum to / the limit.

    The limit is the highest that was in force for one of them. One query; a share in memory for each scope.
    """
    rows = (
        selection.told_apart(selection.spends(), by)
        .filter(status=SpendStatus.POSTED, judged_as=Judged.OWN, authority__isnull=False, limit_in_force__gt=0)
        .values("authority", *keys(by))
        .annotate(sum=Sum(F("amount") - F("reversed_amount")), limit=Max("limit_in_force"), acts=Count("pk"))
    )
    found = {}
    for row in rows.iterator(chunk_size=5000):
        use = found.setdefault(key_of(row, by), LimitUse())
        share = row["sum"] / row["limit"]
        use.shares.append(share)
        use.close_in_parts += share >= 0.95 and row["acts"] > 1
        use.bins[min(BINS - 1, row["sum"] * BINS // row["limit"])] += 1
    for use in found.values():
        use.shares.sort()
    return found


def quantile_of_sizes(sizes, p):
    """The ``p`` quantile, type 7, of values told as [(value, how many)] in ascending order; None for none."""
    n = sum(count for _value, count in sizes)
    if not n:
        return None
    place = (n - 1) * p
    below = int(place)
    low, high = _at(sizes, below), _at(sizes, min(below + 1, n - 1))
    return low + (high - low) * (place - below)


def _at(sizes, index):
    for value, count in sizes:
        if index < count:
            return value
        index -= count
    raise IndexError

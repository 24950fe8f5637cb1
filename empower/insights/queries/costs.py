"""What a recovery cost, and how much of a limit is used. Minor units, each currency for itself."""

from dataclasses import dataclass, field

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum

from empower.incidents.models import Incident
from empower.incidents.querysets import of_ones_property
from empower.journal.models import AccountKind, Posting
from empower.spending.models import Judged, Spend, SpendStatus

from .facts import GIVEN, joined_to_acts, key_of
from .marks import EXACT, exact_or_marked, gathered
from .selection import counted_once, keys

BINS = 20


@dataclass
class RecoveryCosts:
    """Σ cost of the recovery incidents of the period, whenever it was spent on them, and how many were made right."""

    cost: int = 0
    made_right: int = 0


@dataclass
class LimitUse:
    """How much of the limit the own acts of a scope came to: how many scopes in each twentieth, and the shares.

    ``shares``: (share, how many), ascending; above a thousand scopes read down to the thousandth. ``close``: scopes that
    used 95 % or more; ``close_in_parts`` of them by more than one act.
    """

    bins: list = field(default_factory=lambda: [0] * BINS)
    shares: tuple = ()
    close: int = 0
    close_in_parts: int = 0

    @property
    def n(self):
        return sum(self.bins)

    @classmethod
    def of(cls, scopes):
        """Of (sum, limit, acts) of each scope, minor units; the limit is above 0."""
        told = [measured(*scope) for scope in scopes]
        use = cls.of_thousandths(
            gathered((share, 1) for share, _in_parts in told), sum(parts for _share, parts in told)
        )
        if len(scopes) <= EXACT:
            use.shares = gathered((sum_ / limit, 1) for sum_, limit, _acts in scopes)
        return use

    @classmethod
    def of_thousandths(cls, shares, close_in_parts):
        """Of (thousandths of the limit, how many), which tell the twentieths and the 95 % exactly."""
        use = cls(shares=tuple((share / 1000, many) for share, many in shares), close_in_parts=close_in_parts)
        for share, many in shares:
            use.bins[min(BINS - 1, share * BINS // 1000)] += many
            use.close += many if share >= 950 else 0
        return use


def measured(sum, limit, acts):
    """(whole thousandths of the limit, whether that is 95 % or more by several acts)."""
    return 1000 * sum // limit, acts > 1 and 100 * sum >= 95 * limit


@counted_once
def recovery_costs(selection, by=()):
    """{key: {currency: RecoveryCosts}} of the recovery incidents that occurred in the period. Two queries.

    The money is that of the incidents, lost and open ones too, whenever it was given, less what was taken back;
    unmatched credits on them included. By the incidents' dimensions, so the sum and the number speak of the same ones.
    """
    found = {}
    incidents = joined_to_acts(selection, selection.recoveries(all_of_them=True), by)
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
def cost_sizes(selection, by=(), *, currencies=None):
    """{key: {currency: ((cost, acts), ...)}}, ascending, of the acts of the period that cost something. One query.

    Above a thousand acts each cost is read up to its mark (`marks`). ``currencies``: these alone.
    """
    spends = selection.spends() if currencies is None else selection.spends().filter(currency__in=currencies)
    rows = (
        selection.told_apart(spends, by)
        .filter(GIVEN)
        .annotate(standing=F("cost") - F("reversed_cost"))
        .filter(standing__gt=0)
        .values("currency", "standing", *keys(by))
        .annotate(acts=Count("pk"))
        .order_by()
    )
    found = {}
    for row in rows:
        sizes = found.setdefault(key_of(row, by), {}).setdefault(row["currency"], [])
        sizes.append((row["standing"], row["acts"]))
    return {
        key: {currency: exact_or_marked(sizes) for currency, sizes in currencies.items()}
        for key, currencies in found.items()
    }


@counted_once
def limit_use(selection, by=()):
    """{key: LimitUse}: of each scope whose first own act is of the period, what all its own acts sum to / the limit.

    So a scope counts once, on one day, in one department, for one cause, whatever the question; a stay that runs over the
    end of a period is not cut in two. The limit is the highest that was in force for one of them. One query.
    """
    found = {}
    for sum_, limit, acts, *key in first_acts(selection, by).values_list("sum", "limit", "acts", *keys(by)):
        if limit:
            found.setdefault(tuple(key), []).append((sum_, limit, acts))
    return {key: LimitUse.of(scopes) for key, scopes in found.items()}


def first_acts(selection, by=()):
    """Values: the ``pk`` of the first own act of each scope with it in the period, the ``sum`` of all its own ``acts``, and
    its ``limit``.
    """
    its_own = {"authority__spends__status": SpendStatus.POSTED, "authority__spends__judged_as": Judged.OWN}
    is_earlier = Q(authority__spends__occurred_at__lt=F("occurred_at")) | Q(
        authority__spends__occurred_at=F("occurred_at"), authority__spends__pk__lt=F("pk")
    )
    return (
        # Each beside all of its scope, itself too.
        selection.told_apart(selection.own_acts().filter(GIVEN), by)
        .filter(**its_own)
        .values("pk", *keys(by))
        .annotate(
            sum=Sum(F("authority__spends__amount") - F("authority__spends__reversed_amount")),
            limit=Max("authority__spends__limit_in_force"),
            acts=Count("authority__spends"),
        )
        .alias(earlier=Count("authority__spends", filter=is_earlier))
        .filter(earlier=0)
    )

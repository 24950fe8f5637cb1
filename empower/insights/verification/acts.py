"""Spends beside the journal: what a spend cost is what its entries booked, what waits is what is held."""

from django.db.models import CharField, Exists, F, OuterRef, Sum, Value
from django.db.models.functions import Cast, Concat

from empower.incidents.models import IncidentStatus
from empower.journal.models import AccountKind, EntryKind, Posting
from empower.journal.queries import HELD
from empower.spending.models import Approval, ApprovalStatus, Authority, Judged, Reversal, Spend, SpendStatus

from .faults import CHUNK, Fault, side_by_side

COUNTS = (SpendStatus.POSTED, SpendStatus.REVERSED)


def costs_are_booked():
    """Each spend's expense postings sum to its cost less what was reversed; to nothing where it never posted."""
    spends = (
        Spend.objects.order_by("pk")
        .values_list("pk", "status", "cost", "reversed_cost", "currency")
        .iterator(chunk_size=CHUNK)
    )
    expected = ((pk, (cost - back if status in COUNTS else 0, currency)) for pk, status, cost, back, currency in spends)
    for pk, mine, booked in side_by_side(expected, _booked(account__kind=AccountKind.EXPENSE)):
        fault = _compared(pk, mine, booked, "cost_not_booked", "cost it {expected}, booked as expense {found}")
        if fault:
            return fault
    return None


def what_waits_is_held():
    """The budget held for each spend is its cost while it waits, and nothing afterwards."""
    spends = Spend.objects.order_by("pk").values_list("pk", "status", "cost", "currency").iterator(chunk_size=CHUNK)
    expected = ((pk, (cost if status == SpendStatus.PENDING else 0, currency)) for pk, status, cost, currency in spends)
    for pk, mine, held in side_by_side(expected, _booked(account__code=HELD)):
        fault = _compared(pk, mine, held, "hold_not_booked", "waits with {expected}, held of the budget {found}")
        if fault:
            return fault
    return None


def _booked(**account):
    rows = (
        Posting.objects.filter(entry__spend_id__isnull=False, **account)
        .order_by()
        .values("entry__spend_id", "account__currency")
        .annotate(sum=Sum("amount"))
        .order_by("entry__spend_id", "account__currency")
        .values_list("entry__spend_id", "sum", "account__currency")
    )
    for spend, total, currency in rows.iterator(chunk_size=CHUNK):
        yield spend, (total, currency)


def _compared(pk, mine, booked, name, words):
    if mine is None:
        return Fault("entry_of_no_spend", f"The journal has entries of a spend {pk}, which there is not.")
    expected, currency = mine
    found, booked_in = booked or (0, currency)
    if found != expected or (found and booked_in != currency):
        told = words.format(expected=f"{expected} {currency}", found=f"{found} {booked_in}")
        return Fault(name, f"Spend {pk}, in minor units: {told}.")
    return None


def reversals_sum_to_what_was_taken_back():
    """What a spend says was taken back of it is what its reversals took, and each refers to an entry of its own."""
    spends = (
        (pk, tuple(taken))
        for pk, *taken in Spend.objects.order_by("pk")
        .values_list("pk", "reversed_amount", "reversed_cost")
        .iterator(chunk_size=CHUNK)
    )
    reversals = (
        (pk, tuple(taken))
        for pk, *taken in Reversal.objects.order_by()
        .values("spend")
        .annotate(taken=Sum("amount"), taken_cost=Sum("cost"))
        .order_by("spend")
        .values_list("spend", "taken", "taken_cost")
        .iterator(chunk_size=CHUNK)
    )
    for pk, mine, taken in side_by_side(spends, reversals):
        if mine != (taken or (0, 0)):
            return Fault(
                "reversals_not_the_spends",
                f"Spend {pk} has {mine} taken back (amount and cost, minor units); its reversals took {taken or (0, 0)}.",
            )
    strange = (
        Reversal.objects.filter(entry__isnull=False)
        .exclude(entry__spend_id=F("spend_id"), entry__kind=EntryKind.REVERSAL)
        .order_by("pk")
        .values("pk", "spend_id")
        .first()
    )
    return strange and Fault(
        "reversal_of_another", f"Reversal {strange['pk']} of spend {strange['spend_id']} refers to an entry of another."
    )


def entries_belong_to_their_spends_property():
    spend = Spend.objects.filter(pk=OuterRef("entry__spend_id")).order_by()
    strange = (
        Posting.objects.filter(entry__spend_id__isnull=False)
        .filter(
            Exists(spend.exclude(property=OuterRef("property")))
            | Exists(spend.exclude(incident=OuterRef("incident_id")))
        )
        .order_by("pk")
        .values("pk", "entry__spend_id")
        .first()
    )
    return strange and Fault(
        "posting_of_another_incident",
        f"Posting {strange['pk']} carries another property or incident than its spend {strange['entry__spend_id']}.",
    )


def spends_are_in_their_propertys_currency():
    spend = Spend.objects.exclude(currency=F("property__currency")).order_by("pk").values("pk", "currency").first()
    return spend and Fault(
        "spend_in_another_currency",
        f"Spend {spend['pk']} is in {spend['currency']}, which its property does not spend.",
    )


def void_incidents_bear_nothing():
    spend = (
        Spend.objects.filter(incident__status=IncidentStatus.VOID, status__in=[SpendStatus.POSTED, SpendStatus.PENDING])
        .order_by("pk")
        .values("pk", "incident_id")
        .first()
    )
    return spend and Fault(
        "spend_on_a_void_incident", f"Spend {spend['pk']} stands on incident {spend['incident_id']}, which is void."
    )


def requests_and_spends_agree():
    """A request and its spend tell one story."""
    stories = {
        ApprovalStatus.OPEN: [(SpendStatus.PENDING, "")],
        ApprovalStatus.DECLINED: [(SpendStatus.DECLINED, "")],
        ApprovalStatus.WITHDRAWN: [(SpendStatus.WITHDRAWN, "")],
        ApprovalStatus.EXPIRED: [(SpendStatus.EXPIRED, "")],
        ApprovalStatus.ANSWERED: [(status, Judged.OWN) for status in COUNTS],
        **{
            answer: [(status, Judged.APPROVED) for status in COUNTS]
            for answer in (
                ApprovalStatus.APPROVED, ApprovalStatus.TO_CONFIRM, ApprovalStatus.CONFIRMED, ApprovalStatus.DENIED,
            )
        },
    }  # fmt: skip
    told = Approval.objects.order_by().values_list("status", "spend__status", "spend__judged_as").distinct()
    for status, spend_status, judged in sorted(told):
        if (spend_status, judged) not in stories.get(status, []):
            first = (
                Approval.objects.filter(status=status, spend__status=spend_status, spend__judged_as=judged)
                .order_by("pk")
                .values("pk", "spend_id")
                .first()
            )
            return Fault(
                "request_and_spend_disagree",
                f"Request {first['pk']} is {status}, but its spend {first['spend_id']} is {spend_status}"
                f"{f' and judged as {judged}' if judged else ''}.",
            )
    ended = [SpendStatus.PENDING, SpendStatus.DECLINED, SpendStatus.WITHDRAWN, SpendStatus.EXPIRED]
    alone = Spend.objects.filter(status__in=ended, approval__isnull=True).order_by("pk").values("pk", "status").first()
    return alone and Fault(
        "request_missing", f"Spend {alone['pk']} is {alone['status']}, and there is no request for it."
    )


def scopes_are_their_spends():
    """The counter that a spend raised is that of its own employee, guest and incident or day."""
    parts = {
        Authority.Kind.INCIDENT: Concat(
            Cast("employee_id", CharField()), Value(":"), Cast("guest_id", CharField()), Value(":"),
            Cast("incident_id", CharField()),
        ),
        Authority.Kind.GUEST_DAY: Concat(
            Cast("employee_id", CharField()), Value(":"), Cast("guest_id", CharField()), Value(":"),
            Cast("scope_day", CharField()),
        ),
    }  # fmt: skip
    for kind, key in parts.items():
        strange = (
            Spend.objects.filter(authority__scope=kind)
            .annotate(right_key=key)
            .exclude(authority__key=F("right_key"), authority__currency=F("currency"))
            .order_by("pk")
            .values("pk", "authority__key", "right_key")
            .first()
        )
        if strange:
            return Fault(
                "spend_in_another_scope",
                f"Spend {strange['pk']} is counted in the scope {strange['authority__key']}, it belongs to "
                f"{strange['right_key']}.",
            )
    return None

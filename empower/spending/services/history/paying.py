"""What a row of a history file moves: a gift, judged by the policy of its time, or a credit."""

from django.db.models import F

from empower import clock
from empower.journal.services import book_credit, describe_entry
from empower.money import round_half_up

from ...models import Approval, ApprovalStatus, Judged, Spend, SpendStatus
from ...queries import scope_of, tier_at
from .. import states
from ..authority import put_back, raise_beside, raise_own, take_authority, take_cap
from ..booking import book
from ..correcting import take_back
from ..locking import lock_guest, lock_spend
from ..routing import retier


def give(arrival):
    """Post the gift as it happened: approved where an approver is named, own, excused, or unlimited before any policy."""
    row, occurred_at = arrival.row, arrival.place.occurred_at
    gesture, approver = arrival.gesture(), arrival.person(row.approved_by)
    judged, left, total = _judge(arrival, approver)
    spend = Spend.objects.create(
        incident=arrival.incident,
        guest=arrival.guest,
        employee=arrival.employee,
        property=arrival.property,
        department=arrival.department or arrival.incident.department,
        gesture=gesture,
        status=SpendStatus.POSTED,
        amount=row.amount,
        cost=round_half_up(row.amount, gesture.cost_ratio, 10_000) if row.cost is None else row.cost,
        currency=row.currency,
        scope_day=row.occurred.day(arrival.property.timezone),
        note=row.note,
        given_at=occurred_at,
        given_by=arrival.employee,
        occurred_at=occurred_at,
        recorded_at=clock.now(),
        posted_at=occurred_at,
        external_id=row.external_id,
        **judged,
    )
    approval = approver and _approve(spend, approver, left, total)
    entry = book(spend, cost=spend.cost)
    retiered = retier(spend) if spend.authority_id and spend.amount else []
    arrival.told.excused += spend.judged_as == Judged.EXCUSED
    after = states.whole(spend, approval=approval, entries=[entry], retiered=retiered)
    arrival.record("spend.imported", arrival.keep(spend=spend), subject=spend, after=after)


def _judge(arrival, approver):
    """Raise the counters: as approved, as an own act where every limit left room for it, else as excused.

    The fields of the spend that say so; what was left of the limit before, and the total in the scope with this act.
    """
    amount, incident, guest = arrival.row.amount, arrival.incident, arrival.guest
    at = arrival.place.occurred_at
    scope = None
    # Asked before it is read: most history is from before any policy, and which one applies is the dearest question.
    if arrival.known.had_policy(arrival.property, at):
        # Held as the incident is: what is read here stays so, whatever somebody gives this guest on another incident.
        lock_guest(guest)
        scope = scope_of(employee=arrival.employee, incident=incident, guest=guest, at=at)
    if scope is None or scope.policy is None:
        return {"judged_as": Judged.APPROVED if approver else Judged.UNLIMITED}, 0, amount
    ids = {"guest_id": guest.pk, "incident_id": incident.pk}
    authority = take_authority(scope, employee_id=arrival.employee.pk, **ids)
    cap, judged_as = None, Judged.APPROVED
    if approver is None:
        cap = take_cap(scope, **ids)
        judged_as = Judged.EXCUSED
        if raise_own(authority, amount, limit=scope.limit, beside=scope.own - authority.own):
            if cap is None or raise_own(cap, amount, limit=scope.policy.cap, beside=scope.capped - cap.own):
                judged_as = Judged.OWN
            else:
                put_back(authority, amount)
    if judged_as != Judged.OWN:
        raise_beside(authority, amount, judged_as)
    judged = {
        "judged_as": judged_as,
        "policy": scope.policy,
        "limit_in_force": scope.limit,
        "authority": authority,
        "cap": cap if judged_as == Judged.OWN else None,
    }
    return judged, max(0, scope.limit - scope.own), scope.own + scope.approved + amount


def _approve(spend, approver, left, total):
    """The answered request: asked and decided when it was given, by whom the file names, whatever they are today."""
    tier = tier_at(spend.policy, total)
    return Approval.objects.create(
        spend=spend,
        employee=spend.employee,
        property=spend.property,
        status=ApprovalStatus.APPROVED,
        tier=tier,
        asked_role=tier,
        total=total,
        left_when_asked=left,
        requested_at=spend.occurred_at,
        decided_by=approver,
        decided_at=spend.occurred_at,
        decided_amount=spend.amount,
    )


def take_credit(arrival):
    """Reverse what was given on the incident, oldest first, in part if need be; book what is left over by itself."""
    left = -arrival.row.amount
    after = {"reversed": []}
    given = Spend.objects.acts().filter(incident=arrival.incident, amount__gt=F("reversed_amount"))
    for spend in given.select_related("incident").order_by("occurred_at", "pk"):
        if left == 0:
            break
        spend, approval = lock_spend(spend)
        taken = min(left, spend.standing_amount)
        entry, _kept = take_back(spend, taken, occurred_at=arrival.place.occurred_at)
        after["reversed"].append(states.whole(spend, approval=approval, entries=[entry], retiered=retier(spend)))
        left -= taken
    arrival.told.unmatched_credits += left > 0
    entry = _book_rest(arrival, left)
    after |= {"unmatched": left, "entries": [describe_entry(entry)] if entry else []}
    arrival.record("credit.imported", arrival.keep(entry=entry), after=after)


def _book_rest(arrival, amount):
    """The entry of a credit, or of ``amount`` of it, that nothing given answers to; None where it costs nothing."""
    row, gesture = arrival.row, arrival.gesture()
    if row.cost is None:
        cost = round_half_up(amount, gesture.cost_ratio, 10_000)
    else:
        cost = round_half_up(-row.cost, amount, -row.amount)
    return book_credit(
        cost=cost,
        currency=row.currency,
        property=arrival.property,
        department=arrival.department or arrival.incident.department,
        employee=arrival.employee,
        incident_id=arrival.incident.pk,
        occurred_at=arrival.place.occurred_at,
        purpose=arrival.incident.kind,
        account=gesture.account,
        paid_from=gesture.paid_from,
    )

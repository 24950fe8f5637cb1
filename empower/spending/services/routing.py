"""Whom a request goes to: by the total in its scope, to the lowest role at or above the tier, then up as the clock runs."""

from datetime import timedelta

from django.db.models import F, Sum

from empower import clock
from empower.policies.queries import deputies_in_force
from empower.staff.models import Role, rank

from ..models import Approval, ApprovalStatus, Spend
from ..queries import asked_role, deciders, tier_at

#: Where no policy is in force the clock still runs: these are the defaults of a new policy, in minutes.
ANSWER_WITHIN, EXPIRES_AFTER = 15, 24 * 60


def total_in(spend):
    """Own, approved and waiting in the scope of this spend, itself included where it waits; minor units. Two queries."""
    counters = spend.authority
    counters.refresh_from_db(fields=["own", "approved"])
    waiting = Spend.objects.waiting().filter(authority=counters).aggregate(sum=Sum("amount"))["sum"] or 0
    return counters.own + counters.approved + waiting


def open_request(spend, *, left, named=None):
    """The request for a spend that waits, or for a verbal yes of ``named`` on one that posted. Four queries."""
    policy, now = spend.policy, clock.now()
    total = total_in(spend)
    tier = tier_at(policy, total)
    return Approval.objects.create(
        spend=spend,
        employee=spend.employee,
        property=spend.property,
        status=ApprovalStatus.OPEN if named is None else ApprovalStatus.TO_CONFIRM,
        tier=tier,
        asked_role=asked_role(property_id=spend.property_id, tier=tier, asker_id=spend.employee_id) or tier,
        named=named,
        total=total,
        left_when_asked=left,
        requested_at=now,
        due_at=now + answer_within(policy),
        expires_at=None if named else now + expires_after(policy),
    )


def answer_within(policy):
    return timedelta(minutes=policy.answer_within_minutes if policy else ANSWER_WITHIN)


def expires_after(policy):
    return timedelta(minutes=policy.expires_after_minutes if policy else EXPIRES_AFTER)


def retier(spend):
    """Work out anew the total and tier of the other requests in this spend's scope, after its counters moved.

    Splitting a gift into parts changes nothing: each part is decided at the tier of their sum. A changed total is a
    changed version, so a decision made on the old one is a 409. One query where nothing else waits.
    """
    if spend.authority_id is None:
        return
    others = Approval.objects.filter(status=ApprovalStatus.OPEN, spend__authority=spend.authority_id)
    for approval in others.exclude(spend=spend).select_related("spend__policy", "spend__authority"):
        total = total_in(approval.spend)
        if total == approval.total:
            continue
        tier = tier_at(approval.spend.policy, total)
        changes = {"total": total, "tier": tier, "version": F("version") + 1}
        if rank(tier) > rank(approval.asked_role):
            changes["asked_role"] = (
                asked_role(property_id=approval.property_id, tier=tier, asker_id=approval.employee_id) or tier
            )
            changes["with_deputy"] = False
        Approval.objects.filter(pk=approval.pk, status=ApprovalStatus.OPEN).update(**changes)


def next_step(approval):
    """(role, with_deputy) that a request goes to when its time is up, or None when nobody stands higher. Two queries."""
    if not approval.with_deputy:
        absent = [
            person.pk
            for person in deciders(property_id=approval.property_id, tier=approval.tier, asker_id=approval.employee_id)
            if person.role == approval.asked_role
        ]
        stand_ins = [one for people in deputies_in_force(absent_ids=absent).values() for one in people]
        if any(one.pk != approval.employee_id for one in stand_ins):
            return approval.asked_role, True
    higher = asked_role(
        property_id=approval.property_id,
        tier=approval.tier,
        asker_id=approval.employee_id,
        above=approval.asked_role or Role.MANAGER,
    )
    return (higher, False) if higher else None

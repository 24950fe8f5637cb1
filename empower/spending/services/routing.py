"""Whom a request goes to: by the total in its scope, to the lowest role at or above the tier, then up as the clock runs."""

from datetime import timedelta

from django.db.models import Q

from empower import clock
from empower.policies.models import Scope
from empower.policies.queries import deputies_in_force
from empower.staff.models import Role, rank
from empower.staff.permissions import acts_at

from ..models import Approval, ApprovalStatus
from ..queries import asked_role, deciders, records_of, sums_in, tier_at

#: Where no policy is in force the clock still runs: these are the defaults of a new policy, in minutes.
ANSWER_WITHIN, EXPIRES_AFTER = 15, 24 * 60


def total_in(spend):
    """Own, approved and waiting in the scope of this spend, itself included where it counts; minor units. Two queries.

    Over every record merged into the guest, so that two records of one guest reach the tier of their sum.
    """
    return sum(
        sums_in(
            kind=spend.authority.scope if spend.authority_id else Scope.INCIDENT,
            employee_id=spend.employee_id,
            guest_ids=records_of(spend.guest),
            incident_id=spend.incident_id,
            day=spend.scope_day,
            at=clock.now(),
        )
    )


def excluded(spend):
    """Who may not answer whatever their role: the asker, and whoever receives it."""
    return [spend.employee_id, spend.guest.colleague_id]


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
        asked_role=asked_role(property_id=spend.property_id, tier=tier, not_ids=excluded(spend)) or tier,
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
    """Work out anew the total and tier of the guest's other requests to this employee's name, after one of them moved.

    Splitting a gift into parts changes nothing: each part is decided at the tier of their sum. A changed total is a
    changed version, so a decision made on the old one is a 409. Returns what changed, for the event of the command. One
    query where nothing else waits.
    """
    others = Approval.objects.filter(status=ApprovalStatus.OPEN, employee=spend.employee_id).exclude(spend=spend)
    others = others.filter(Q(spend__guest=spend.guest_id) | Q(spend__guest__merged_into=spend.guest_id))
    return [
        changed
        for approval in others.select_related("spend__policy", "spend__authority", "spend__guest").order_by("pk")
        if (changed := _retiered(approval))
    ]


def _retiered(approval):
    total = total_in(approval.spend)
    if total == approval.total:
        return None
    tier = tier_at(approval.spend.policy, total)
    if rank(tier) > rank(approval.asked_role):
        asked = asked_role(property_id=approval.property_id, tier=tier, not_ids=excluded(approval.spend))
        approval.asked_role, approval.with_deputy = asked or tier, False
    approval.total, approval.tier, approval.version = total, tier, approval.version + 1
    approval.save(update_fields=["total", "tier", "version", "asked_role", "with_deputy", "updated_at"])
    return {
        "id": approval.pk,
        "total": total,
        "tier": str(tier),
        "asked_role": str(approval.asked_role),
        "with_deputy": approval.with_deputy,
        "version": approval.version,
    }


def next_step(approval):
    """(role, with_deputy) that a request goes to when its time is up, or None when nobody stands higher. Two queries."""
    where = {"property_id": approval.property_id, "tier": approval.tier, "not_ids": excluded(approval.spend)}
    if not approval.with_deputy:
        absent = [person.pk for person in deciders(**where) if person.role == approval.asked_role]
        stand_ins = [one for people in deputies_in_force(absent_ids=absent).values() for one in people]
        if any(one.pk not in where["not_ids"] and acts_at(one, approval.property_id) for one in stand_ins):
            return approval.asked_role, True
    higher = asked_role(**where, above=approval.asked_role or Role.MANAGER)
    return (higher, False) if higher else None

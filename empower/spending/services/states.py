"""What the audit log keeps of a spend and what hangs on it: ids, codes and integers, enough to replay the books from."""

from empower.canonical import moment
from empower.journal.services import describe_entry


def of_spend(spend):
    """The whole state of a spend; its note and reason stay out."""
    return {
        "id": spend.pk,
        "incident": spend.incident_id,
        "guest": spend.guest_id,
        "employee": spend.employee_id,
        "property": spend.property_id,
        "department": spend.department_id,
        "gesture": spend.gesture_id,
        "status": str(spend.status),
        "amount": spend.amount,
        "cost": spend.cost,
        "currency": spend.currency,
        "asked_amount": spend.asked_amount,
        "reversed_amount": spend.reversed_amount,
        "reversed_cost": spend.reversed_cost,
        "judged_as": str(spend.judged_as),
        "policy": spend.policy_id,
        "limit_in_force": spend.limit_in_force,
        "scope_day": spend.scope_day and spend.scope_day.isoformat(),
        "split_from": spend.split_from_id,
        "promised_for": spend.promised_for and moment(spend.promised_for),
        "given_at": spend.given_at and moment(spend.given_at),
        "given_by": spend.given_by_id,
        "occurred_at": moment(spend.occurred_at),
        "recorded_at": moment(spend.recorded_at),
        "posted_at": spend.posted_at and moment(spend.posted_at),
        "version": spend.version,
    }


def of_approval(approval):
    """The whole state of a request; question, reply and reason stay out."""
    if approval is None:
        return None
    return {
        "id": approval.pk,
        "employee": approval.employee_id,
        "property": approval.property_id,
        "status": str(approval.status),
        "tier": str(approval.tier),
        "asked_role": str(approval.asked_role),
        "with_deputy": approval.with_deputy,
        "total": approval.total,
        "left_when_asked": approval.left_when_asked,
        "requested_at": moment(approval.requested_at),
        "question_asked_at": approval.question_asked_at and moment(approval.question_asked_at),
        "question_by": approval.question_by_id,
        "replied_at": approval.replied_at and moment(approval.replied_at),
        "due_at": approval.due_at and moment(approval.due_at),
        "expires_at": approval.expires_at and moment(approval.expires_at),
        "named": approval.named_id,
        "decided_by": approval.decided_by_id,
        "decided_for": approval.decided_for_id,
        "decided_at": approval.decided_at and moment(approval.decided_at),
        "decided_amount": approval.decided_amount,
        "version": approval.version,
    }


def of_authority(authority):
    """The counters as they stand in this transaction. One query."""
    if authority is None:
        return None
    authority.refresh_from_db()
    return {
        "scope": str(authority.scope),
        "key": authority.key,
        "currency": authority.currency,
        "own_limit": authority.own_limit,
        "own": authority.own,
        "approved": authority.approved,
        "excused": authority.excused,
    }


def whole(spend, *, approval=None, entries=(), retiered=()):
    """What an event says after a command on a spend: the spend, its request, its counters and the entries it made.

    ``retiered`` are the other requests of the same scope whose total it changed.
    """
    return {
        "spend": of_spend(spend),
        "approval": of_approval(approval),
        "authority": of_authority(spend.authority),
        "cap": of_authority(spend.cap),
        "entries": [describe_entry(entry) for entry in entries if entry is not None],
        "retiered": list(retiered),
    }

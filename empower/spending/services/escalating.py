"""When nobody answers: to the deputy, then up, and in the end it expires."""

from django.db import transaction

from empower import clock
from empower.audit.services import record_event

from ..models import Approval, ApprovalStatus, Spend, SpendStatus
from . import states
from .approving import end_waiting
from .locking import lock_spend
from .routing import answer_within, next_step, retier


def escalate_overdue_approvals(*, at=None, incident=None):
    """Move every open request whose time is up to whom it goes next, or expire it. Returns how many were moved.

    Every reader of the queue calls it first, so no scheduler needs to live for the clock to be right; safe to run any
    number of times at once; ``incident`` narrows it to one.

    One query when nothing is due. The system acts; event ``approval.escalated`` or
    ``approval.expired``, each request in a transaction of its own.
    """
    at = at or clock.now()
    overdue = Approval.objects.overdue(at).order_by("requested_at")
    if incident is not None:
        overdue = overdue.filter(spend__incident=incident)
    # Mostly there is none: the ids alone, since to name the columns of three tables takes longer than to look.
    ids = list(overdue.values_list("spend", flat=True))
    spends = Spend.objects.select_related("incident", "guest").in_bulk(ids) if ids else {}
    return sum(_move(spends[pk], at) for pk in ids)


@transaction.atomic
def _move(spend, at):
    spend, approval = lock_spend(spend)
    still_due = (approval.due_at is not None and approval.due_at <= at) or approval.expires_at <= at
    if approval.status != ApprovalStatus.OPEN or approval.question_asked_at is not None or not still_due:
        return False
    before, entries = states.whole(spend, approval=approval), []
    if approval.expires_at <= at:
        entries = [end_waiting(spend, SpendStatus.EXPIRED)]
        approval.status, approval.due_at, verb = ApprovalStatus.EXPIRED, None, "approval.expired"
    else:
        verb = "approval.escalated"
        while approval.due_at is not None and approval.due_at <= at:
            step = next_step(approval)
            if step is None:
                approval.due_at = None
            else:
                approval.asked_role, approval.with_deputy = step
                approval.due_at += answer_within(spend.policy)
    approval.version += 1
    approval.save()
    record_event(
        actor=None,
        verb=verb,
        subject=spend,
        property_id=spend.property_id,
        about_id=spend.employee_id,
        before={"spend": before["spend"], "approval": before["approval"]},
        after=states.whole(spend, approval=approval, entries=entries, retiered=retier(spend)),
    )
    return True

"""Whose answer a request waits for."""

from dataclasses import dataclass, field

from django.db.models import Q

from empower.policies.queries import stands_in_for
from empower.staff.models import Role
from empower.staff.permissions import acts_at

from ..models import Approval
from ..permissions import confirms_for, reaches

#: A queue longer than this is not read to its end by anybody.
MOST = 100


@dataclass(frozen=True)
class Queue:
    """``yours``: the clock points to you. ``others``: it points to somebody else, and you may answer too."""

    yours: list = field(default_factory=list)
    others: list = field(default_factory=list)


def queue_of(employee, *, requests=None):
    """The open requests and unconfirmed yeses that ``employee`` may answer, oldest first. Two queries; none of it grows."""
    if not employee.is_active or employee.is_superuser or employee.signed_with_pin:
        return Queue()
    absent = stands_in_for(employee=employee)
    requests = Approval.objects.with_details() if requests is None else requests
    awaiting = requests.visible_to(employee).awaiting_an_answer().exclude(employee=employee)
    queue = Queue()
    for approval in awaiting.oldest_first()[:MOST]:
        place = _place(employee, absent, approval)
        if place is not None:
            (queue.yours if place else queue.others).append(approval)
    return queue


def count_for(employee):
    """How many wait for this person: what the queue's badge says. Two queries, none for who can't decide anything."""
    waiting = Approval.objects.awaiting_an_answer().exclude(employee=employee)
    if employee.is_superuser or employee.role == Role.AUDITOR or employee.signed_with_pin:
        return 0
    if employee.role == Role.FRONTLINE and not waiting.filter(_named_or_stood_in(employee)).exists():
        return 0
    light = Approval.objects.select_related("spend__guest", "property").only(
        "status",
        "tier",
        "asked_role",
        "with_deputy",
        "requested_at",
        "employee",
        "property__id",
        "named",
        "spend__guest__colleague",
    )
    return len(queue_of(employee, requests=light).yours)


def _named_or_stood_in(employee):
    return Q(named=employee) | Q(property__employees__deputies__stands_in=employee)


def _place(employee, absent, approval):
    """True: it waits for this person. False: they may answer it too. None: they may not.

    The rules of `decides_for` and `confirms_for`, asked of a whole queue without a query for each row.
    """
    if approval.status == "to_confirm":
        return True if confirms_for(employee, approval, absent=absent) else None
    not_ids = (approval.employee_id, approval.spend.guest.colleague_id)
    if employee.pk in not_ids:
        return None
    answering = [employee, *(absent if acts_at(employee, approval.property_id) else [])]
    able = [
        person
        for person in answering
        if person.pk not in not_ids and reaches(person, tier=approval.tier, property_id=approval.property_id)
    ]
    if not able:
        return None
    asked = approval.asked_role or approval.tier
    return any(person.role == asked for person in able)

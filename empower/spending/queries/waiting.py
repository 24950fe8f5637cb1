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


@dataclass(frozen=True)
class _Asked:
    """What of a request says whose answer it waits for."""

    status: str
    tier: str
    asked_role: str | None
    property_id: int
    asker_id: int
    named_id: int | None
    colleague_id: int | None


#: The same columns of the table.
_ASKED = "status", "tier", "asked_role", "property", "employee", "named", "spend__guest__colleague"


def queue_of(employee):
    """The open requests and unconfirmed yeses that ``employee`` may answer, oldest first. Two queries; none of it grows."""
    queue, absent = Queue(), None
    for approval in _awaiting(employee).with_details():
        absent = stands_in_for(employee=employee) if absent is None else absent
        place = _place(employee, absent, _asked_of(approval))
        if place is not None:
            (queue.yours if place else queue.others).append(approval)
    return queue


def count_for(employee):
    """How many wait for this person: what the queue's badge says. Two queries, none for who can't decide anything."""
    if employee.is_superuser or employee.role == Role.AUDITOR or employee.signed_with_pin:
        return 0
    if employee.role == Role.FRONTLINE:
        waiting = Approval.objects.awaiting_an_answer().exclude(employee=employee)
        if not waiting.filter(_named_or_stood_in(employee)).exists():
            return 0
    asked = [_Asked(*row) for row in _awaiting(employee).values_list(*_ASKED)]
    absent = stands_in_for(employee=employee) if asked else []
    return sum(_place(employee, absent, one) is True for one in asked)


def _awaiting(employee):
    """The first of those that wait, in what this person may see; theirs or not."""
    if not employee.is_active or employee.is_superuser or employee.signed_with_pin:
        return Approval.objects.none()
    awaiting = Approval.objects.visible_to(employee).awaiting_an_answer().exclude(employee=employee)
    return awaiting.oldest_first()[:MOST]


def _asked_of(approval):
    return _Asked(
        status=approval.status,
        tier=approval.tier,
        asked_role=approval.asked_role,
        property_id=approval.property_id,
        asker_id=approval.employee_id,
        named_id=approval.named_id,
        colleague_id=approval.spend.guest.colleague_id,
    )


def _named_or_stood_in(employee):
    return Q(named=employee) | Q(property__employees__deputies__stands_in=employee)


def _place(employee, absent, asked):
    """True: it waits for this person. False: they may answer it too. None: they may not.

    The rules of `decides_for` and `confirms_for`, asked of a whole queue without a query for each row.
    """
    not_ids = (asked.asker_id, asked.colleague_id)
    if asked.status == "to_confirm":
        named = confirms_for(
            employee,
            named_id=asked.named_id,
            property_id=asked.property_id,
            asker_id=asked.asker_id,
            guest_colleague_id=asked.colleague_id,
            absent=absent,
        )
        return True if named else None
    if employee.pk in not_ids:
        return None
    answering = [employee, *(absent if acts_at(employee, asked.property_id) else [])]
    able = [
        person
        for person in answering
        if person.pk not in not_ids and reaches(person, tier=asked.tier, property_id=asked.property_id)
    ]
    if not able:
        return None
    role = asked.asked_role or asked.tier
    return any(person.role == role for person in able)

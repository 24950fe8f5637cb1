"""Which rule applies, and who stands in for whom."""

from django.db.models import Q

from empower import clock
from empower.staff.models import Employee

from ..models import Deputy, OnCall, Policy


def policy_in_force(*, employee, property, at=None):
    """The most specific policy in force at ``at`` (now) for this employee's acts at this property, or None.

    Specificity: the employee's department (8), the property (4), the employee's role (2); the currency must be the
    property's. A temporary raise (with an end) wins a tie, then the newest beginning, then the newest row. One query.
    """
    applying = Policy.objects.in_force(at).filter(
        Q(property=None) | Q(property=property.pk),
        Q(department=None) | Q(department=employee.department_id),
        Q(role="") | Q(role=employee.role),
        currency=property.currency,
    )
    # Weighed here: they are a handful, and this is on the path of every spend, where SQL's CASE costs more time.
    return max(applying.order_by(), key=specificity, default=None)


def deputies_in_force(*, absent_ids, at=None):
    """{absent employee id: [deputy Employee, ...]} for those who have an active deputy at ``at``. One query."""
    found = {}
    deputies = (
        Deputy.objects.in_force(at)
        .filter(absent__in=list(absent_ids), stands_in__is_active=True)
        .select_related("stands_in")
        .order_by("pk")
    )
    for deputy in deputies:
        people = found.setdefault(deputy.absent_id, [])
        if deputy.stands_in not in people:
            people.append(deputy.stands_in)
    return found


def stands_in_for(*, employee, at=None):
    """The employees in whose place this one answers at ``at``: direct only, never a chain. One query.

    None for who is inactive, and nobody inactive is stood in for: they decide nothing that could be taken over.
    """
    if not employee.is_active:
        return []
    at = at or clock.now()
    return list(
        Employee.objects.active()
        .filter(
            deputies__stands_in=employee,
            deputies__begins_at__lte=at,
            deputies__ends_at__gt=at,
            deputies__revoked_at=None,
        )
        .distinct()
        .order_by("pk")
    )


def on_call_at(*, property_id, at=None):
    """The ids of the employees whose turn it is at the property at ``at`` (now). One query."""
    return set(OnCall.objects.in_force(at).filter(property=property_id).values_list("employee", flat=True))


def specificity(policy):
    """What the rules that apply are weighed by: see `policy_in_force`."""
    weight = 8 * (policy.department_id is not None) + 4 * (policy.property_id is not None) + 2 * bool(policy.role)
    return weight + (policy.effective_until is not None), policy.effective_from, policy.pk

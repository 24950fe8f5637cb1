"""Who may set money aside. Booking has no permission of its own: it is a part of the command that moves the money."""

from empower.staff.models import Role
from empower.staff.permissions import sets_up


def can_allot(employee, property):
    """The general manager of the property, a leader, and the superuser, who sets things up."""
    if sets_up(employee):
        return True
    if not employee.is_active or employee.signed_with_pin:
        return False
    at_home = employee.role == Role.GENERAL_MANAGER and employee.property_id == property.pk
    return at_home or employee.role == Role.LEADER

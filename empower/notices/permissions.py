"""Who may have the house's events sent somewhere. Pure predicates."""

from empower.staff.models import Role
from empower.staff.permissions import sets_up


def can_manage_webhooks(employee, property_id):
    """Leaders and the superuser everywhere; a general manager at their own property. ``None`` is every property."""
    if sets_up(employee) or (employee.is_active and employee.role == Role.LEADER):
        return True
    if employee.signed_with_pin or not employee.is_active:
        return False
    if employee.role != Role.GENERAL_MANAGER or property_id is None:
        return False
    return employee.property_id == property_id


def may_open_webhooks(employee):
    """Who has webhooks to look at, some or all."""
    return can_manage_webhooks(employee, employee.property_id)

"""Who may write a rule or name a deputy. Pure predicates: no query beyond what the arguments hold."""

from empower.staff.models import Role
from empower.staff.permissions import manages, sets_up


def can_write_policy(employee, property_id):
    """Leaders and the superuser for any property and for the group (None); a general manager for their own."""
    if not employee.is_active:
        return False
    if sets_up(employee) or employee.role == Role.LEADER:
        return True
    return employee.role == Role.GENERAL_MANAGER and property_id is not None and employee.property_id == property_id


def can_name_deputy(employee, absent):
    """The absent person, whoever of the property ranks above them, and the superuser."""
    if not employee.is_active:
        return False
    if sets_up(employee) or employee.pk == absent.pk:
        return True
    return manages(employee, absent.property_id) and employee.rank > absent.rank


def can_revoke_deputy(employee, deputy):
    """Who may name one, and the deputy, who may decline."""
    return can_name_deputy(employee, deputy.absent) or (employee.is_active and employee.pk == deputy.stands_in_id)

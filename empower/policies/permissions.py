"""Who may write a rule or name a deputy. Pure predicates: no query beyond what the arguments hold."""

from empower.staff.models import Role
from empower.staff.permissions import manages, sets_up


def can_write_policy(employee):
    """Leaders and the superuser. Who decides within the limits of a house does not write them."""
    return sets_up(employee) or (employee.is_active and employee.role == Role.LEADER)


def can_name_deputy(employee, absent):
    """The absent person, whoever of the property ranks above them, and the superuser. Not by a PIN: a deputy decides."""
    if not employee.is_active or employee.signed_with_pin:
        return False
    if sets_up(employee) or employee.pk == absent.pk:
        return True
    return manages(employee, absent.property_id) and employee.rank > absent.rank


def can_revoke_deputy(employee, deputy):
    """Who may name one, and the deputy, who may decline."""
    return can_name_deputy(employee, deputy.absent) or (employee.is_active and employee.pk == deputy.stands_in_id)


def can_put_on_call(employee, property_id):
    """Whoever manages the property, themself included: a turn adds nothing to what anybody may decide."""
    return manages(employee, property_id)


def can_end_turn(employee, turn):
    """As `can_put_on_call`, and the one whose turn it is."""
    return can_put_on_call(employee, turn.property_id) or (
        employee.is_active and not employee.signed_with_pin and employee.pk == turn.employee_id
    )

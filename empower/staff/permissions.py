"""Who may what, where it depends on the person alone. Pure predicates: no query beyond what the arguments hold."""

from .models import Role, rank
from .querysets import SYSTEM


def acts_as_system(actor):
    """Is this the system itself (an import, the demo, a command), which is nobody, or the row that stands for it?"""
    if actor is None:
        return True
    # Its name alone proves nothing: nobody can sign in as that row.
    return getattr(actor, "username", None) == SYSTEM and not actor.is_active and not actor.has_usable_password()


def acts_at(employee, property_id):
    """May this person do frontline work (log, give, resolve) at the property? Its own people and leaders; no auditor."""
    if not employee.is_active or employee.is_superuser:
        return False
    if employee.role == Role.LEADER:
        return True
    return rank(employee.role) >= 0 and employee.property_id == property_id


def manages(employee, property_id):
    """Is this person a manager, a general manager or a leader of the property?"""
    return acts_at(employee, property_id) and employee.rank >= rank(Role.MANAGER)


def sets_up(employee):
    """May this person change reference data (properties, people, catalogue)? The superuser alone."""
    return employee.is_active and employee.is_superuser and not employee.signed_with_pin


def can_report_room_nights(employee, property_id):
    """Its general manager, the superuser, and another system that acts for the property: a service account there whose
    role may write about reports, so a manager's or a general manager's. Nobody who came in by a PIN.
    """
    if sets_up(employee):
        return True
    if not employee.is_active or employee.signed_with_pin or property_id is None or employee.property_id != property_id:
        return False
    return employee.role == Role.GENERAL_MANAGER or (employee.is_service and employee.role == Role.MANAGER)


def may_open_admin(employee):
    """As `has_a_desk`, for who came in with a password."""
    return has_a_desk(employee) and not employee.signed_with_pin


def has_a_desk(employee):
    """Managers and above, auditors (read-only) and the superuser; no service account, whatever its role."""
    if not employee.is_active or employee.is_service:
        return False
    return employee.is_superuser or employee.role in (*Role.ladder(), Role.AUDITOR)


def makes_tokens_for(actor, employee):
    """Who makes a token: the person who signs with it; for a service account, which is nobody, the superuser.

    An administrator with another person's token would see guests and decide. Whoever came in by a PIN makes none: it
    would outlive the shared phone.
    """
    if actor.signed_with_pin:
        return False
    if employee.is_service:
        return sets_up(actor)
    return actor == employee


def sees_guests(employee):
    """Everybody who works or audits; never the superuser."""
    return employee.is_active and not employee.is_superuser and employee.role != ""

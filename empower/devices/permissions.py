"""Who enrols phones and hands out codes. Pure predicates: no query beyond what the arguments hold."""

from empower.staff.permissions import manages, sets_up


def can_enrol(employee):
    """A manager or general manager, for the property where they are; signed in with their password."""
    return employee.property_id is not None and manages(employee, employee.property_id)


def can_revoke(employee, device):
    """Whoever manages the property; the superuser, who may have to from afar."""
    return sets_up(employee) or manages(employee, device.property_id)


def can_unlock(employee, person):
    """Whoever manages the property where the person works, but not the person themself."""
    return employee.pk != person.pk and person.property_id is not None and manages(employee, person.property_id)


def can_issue_code(employee, person):
    """As `can_unlock`, and from above: nobody chooses a PIN for their equals, who decide what they decide."""
    return can_unlock(employee, person) and employee.rank > person.rank and not person.is_service


def may_have_pin(person):
    """Whoever works at a property. Leaders, auditors and the superuser sign in with what they alone hold."""
    return person.is_active and person.property_id is not None and not person.is_superuser and not person.is_service


def can_set_pin(employee):
    """Oneself, who came in with a password."""
    return may_have_pin(employee) and not employee.signed_with_pin and employee.has_usable_password()

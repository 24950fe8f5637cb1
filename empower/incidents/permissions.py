"""Who may do what to an incident or a guest. Pure predicates: no query beyond what the arguments hold.

What stands in the way besides (a status, a spend that waits) is the service's to say.
"""

from empower.staff.models import Role
from empower.staff.permissions import acts_at, manages


def can_log(employee, property_id):
    """Everybody who works at the property, and leaders."""
    return acts_at(employee, property_id)


def can_change(employee, incident):
    """Everybody who works there: the guest is everybody's guest."""
    return acts_at(employee, incident.property_id)


def can_close(employee, incident):
    return acts_at(employee, incident.property_id)


def can_reopen(employee, incident):
    return acts_at(employee, incident.property_id)


def can_follow_up(employee, incident):
    return acts_at(employee, incident.property_id)


def can_annul(employee, incident):
    """Who recorded it or owns it takes back a mistake; else a manager of the property."""
    if manages(employee, incident.property_id):
        return True
    return acts_at(employee, incident.property_id) and employee.pk in (incident.recorded_by_id, incident.owner_id)


def can_create_guest(employee, property_id):
    return acts_at(employee, property_id)


def can_change_guest(employee, guest):
    return acts_at(employee, guest.property_id)


def can_merge(employee, guest):
    """Managers of the property: what is merged is not taken apart again."""
    return manages(employee, guest.property_id)


def can_erase(employee, guest):
    """The property's general manager, and leaders: what is erased is gone. No service account: a person decides."""
    return manages(employee, guest.property_id) and employee.role in (Role.GENERAL_MANAGER, Role.LEADER)


def can_add_photo(employee, incident):
    """Everybody who works there."""
    return acts_at(employee, incident.property_id)


def can_remove_photo(employee, photo):
    """Who took it, and the property's managers."""
    if manages(employee, photo.incident.property_id):
        return True
    return acts_at(employee, photo.incident.property_id) and employee.pk == photo.taken_by_id

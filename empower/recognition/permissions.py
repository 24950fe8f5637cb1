"""Who may read the line-up, nominate, choose, thank and improve. Pure predicates: no query beyond what the arguments hold."""

from empower.staff.models import Role
from empower.staff.permissions import acts_at, manages


def can_read_line_up(employee, property_id):
    """Whoever manages the property, leaders and auditors; no service account, and nobody else.

    It puts side by side what colleagues asked for and wrote to each other, which are for those to see who answer
    for the house, with every guest's name on one sheet of paper. Frontline hear it at the line-up.
    """
    if not employee.is_active or employee.is_superuser or employee.is_service:
        return False
    return employee.role == Role.AUDITOR or manages(employee, property_id)


def can_nominate(employee, incident):
    """A colleague who works there: not whoever the incident belongs to, and no service account.

    Who gave on it may not either: that takes a query, and is the service's to ask.
    """
    is_colleague = acts_at(employee, incident.property_id) and not employee.is_service
    return is_colleague and employee.pk != incident.owner_id


def can_change_story(employee, story):
    """Whoever nominated it, and whoever manages the property."""
    here = acts_at(employee, story.property_id)
    return here and (employee.pk == story.nominated_by_id or manages(employee, story.property_id))


def can_choose_at(employee, property_id):
    """Whoever manages the property."""
    return manages(employee, property_id)


def can_choose(employee, story):
    """Whoever manages the property."""
    return can_choose_at(employee, story.property_id)


def can_thank(employee, incident):
    """A colleague who works there, and no service account: a person thanks."""
    return acts_at(employee, incident.property_id) and not employee.is_service


def can_withdraw_thanks(employee, thanks):
    """Whoever wrote it, and whoever manages the property."""
    here = acts_at(employee, thanks.property_id)
    return here and (employee.pk == thanks.given_by_id or manages(employee, thanks.property_id))


def can_open_improvement(employee, property_id):
    """Whoever manages the property."""
    return manages(employee, property_id)


def can_work_on(employee, improvement):
    """Its owner, and whoever manages the property."""
    here = acts_at(employee, improvement.property_id)
    return here and (employee.pk == improvement.owner_id or manages(employee, improvement.property_id))

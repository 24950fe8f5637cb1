"""Who may read figures, and who may try another rule on history. What they then see is what `visible_to` says, and never
a group of fewer than five people.
"""

from empower.staff.models import Role
from empower.staff.permissions import manages


def can_read_figures(employee):
    """Everybody who works or audits: frontline and managers of their property, leaders and auditors of all."""
    return employee.is_active and not employee.is_superuser and employee.role != ""


def can_read_rows(employee):
    """Who may read the acts and requests that figures are counted from: managers of their property, leaders, auditors.

    Nobody who came in by a PIN. The others see their own acts and the incidents of their house, each on its own page.
    """
    return can_read_figures(employee) and (employee.sees_every_property or employee.sees_whole_property)


def can_run_trial(employee, property_id):
    """The property's managers; leaders and auditors of any, and of all together (None): it changes nothing but its record."""
    if employee.is_active and not employee.is_superuser and employee.role in (Role.LEADER, Role.AUDITOR):
        return True
    return property_id is not None and manages(employee, property_id)


def can_share_trial(employee, trial):
    """Its author, as long as they may run it."""
    return employee.pk == trial.author_id and can_run_trial(employee, trial.property_id)

"""Who may read figures. What they then see is what `visible_to` says, and never a group of fewer than five people."""


def can_read_figures(employee):
    """Everybody who works or audits: frontline and managers of their property, leaders and auditors of all."""
    return employee.is_active and not employee.is_superuser and employee.role != ""

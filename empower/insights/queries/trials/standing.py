"""The rule that stands today where a trial is about to be run: what the first rule that is tried begins with."""

from empower.policies.models import Policy
from empower.policies.queries.changes import Rules
from empower.staff.models import Role


def rule_that_stands(user, *, currency, property=None, department=None, role=""):
    """The `Policy` in force for these people now, or None. Of several roles with rules of their own: the frontline's. One
    query.
    """
    there = Rules(Policy.objects.visible_to(user).in_force().filter(currency=currency))
    where = property and property.pk, department and department.pk
    return there.for_whom(*where, role) or there.for_whom(*where, Role.FRONTLINE.value)


def rules_named(user, named):
    """{(code, version): Policy} of the ``rules_in_force`` of a trial's answer. One query, or none."""
    if not named:
        return {}
    rows = Policy.objects.visible_to(user).filter(code__in={one["code"] for one in named})
    asked = {(one["code"], one["version"]) for one in named}
    return {(row.code, row.version): row for row in rows if (row.code, row.version) in asked}

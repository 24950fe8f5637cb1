"""The rule that stands today where a trial is about to be run: what the first rule that is tried begins with."""

from empower.policies.models import Policy
from empower.policies.queries.changes import Rules
from empower.staff.models import Role

#: What a rule says, apart from whom it is for.
_TERMS = ("limit", "scope", "cap", "manager_up_to", "general_manager_up_to", "answer_within_minutes")


def rule_that_stands(user, *, currency, properties, department=None, role=""):
    """The `Policy` in force for these people now at these properties; None for none, and where each has another.

    Of several roles with rules of their own: the frontline's. One query.
    """
    there = Rules(Policy.objects.visible_to(user).in_force().filter(currency=currency))

    def at(property):
        where = property.pk, department and department.pk
        return there.for_whom(*where, role) or there.for_whom(*where, Role.FRONTLINE.value)

    rules = [at(property) for property in properties]
    told = {rule and tuple(getattr(rule, name) for name in _TERMS) for rule in rules}
    return rules[0] if len(told) == 1 else None


def rules_named(user, named):
    """{(code, version): Policy} of the ``rules_in_force`` of a trial's answer. One query, or none."""
    if not named:
        return {}
    rows = Policy.objects.visible_to(user).filter(code__in={one["code"] for one in named})
    asked = {(one["code"], one["version"]) for one in named}
    return {(row.code, row.version): row for row in rows if (row.code, row.version) in asked}

"""What a version that is not written yet would change, and for whom: rules are weighed once without it and once with it."""

from dataclasses import dataclass, field

from django.db.models import Count, Q

from empower import clock
from empower.staff.models import Department, Employee, Property, Role

from ..models import Policy
from .applying import specificity

#: The roles that give.
_GIVE = [Role.FRONTLINE, Role.MANAGER, Role.GENERAL_MANAGER, Role.LEADER]


@dataclass
class Change:
    """People of one property for whom one rule takes the place of another (None: no rule). ``people`` who are active."""

    property: object
    before: object
    after: object
    people: int = 0
    departments: list = field(default_factory=list)
    roles: list = field(default_factory=list)


@dataclass(frozen=True)
class Preview:
    """``at``: from when, by the rules of that moment. ``overtaken``: versions to come that would never be in force."""

    draft: object
    at: object
    changes: list
    overtaken: list
    before: object
    after: object

    def limits_of(self, property_id, department_id, role):
        """(limit before, limit after) of whoever is of this property, department and role; None where there is no rule."""
        rules = (
            self.before.for_whom(property_id, department_id, role),
            self.after.for_whom(property_id, department_id, role),
        )
        return tuple(rule and rule.limit for rule in rules)

    @property
    def property_ids(self):
        """Where a limit changes."""
        return sorted({one.property.pk for one in self.changes if _limit(one.before) != _limit(one.after)})


class Rules:
    """The rules of one currency that are in force at a moment, each found by whom it is for."""

    def __init__(self, policies):
        self._best = {}
        for policy in policies:
            key = (policy.property_id, policy.department_id, policy.role)
            if key not in self._best or specificity(self._best[key]) < specificity(policy):
                self._best[key] = policy

    def for_whom(self, property_id, department_id, role):
        """As `policy_in_force`, of what is in here. No query."""
        keys = {(p, d, r) for p in (property_id, None) for d in (department_id, None) for r in (role, "")}
        return max((self._best[key] for key in keys if key in self._best), key=specificity, default=None)


def preview_of(draft):
    """The `Preview` of an unsaved version, or of one that withdraws its rule. Six queries, however many people there are."""
    at = max(draft.effective_from, clock.now())
    there = list(Policy.objects.in_force(at).filter(currency=draft.currency).select_related("property"))
    others = [policy for policy in there if policy.code != draft.code]
    before, after = Rules(there), Rules([*others, draft] if not draft.is_withdrawn else others)
    changes = {}
    for property, department, role, people in _groups(draft):
        where = (property.pk, department and department.pk, role)
        rules = before.for_whom(*where), after.for_whom(*where)
        if rules[0] is rules[1]:
            continue
        change = changes.setdefault((property.pk, *map(id, rules)), Change(property, *rules))
        change.people += people
        change.departments += [department] if department and department not in change.departments else []
        change.roles = sorted({*change.roles, role}, key=_GIVE.index)
    ends = Q() if draft.effective_until is None else Q(effective_from__lt=draft.effective_until)
    overtaken = Policy.objects.filter(ends, code=draft.code, effective_from__gt=at, version__lt=draft.version)
    return Preview(draft, at, list(changes.values()), list(overtaken.order_by("version")), before, after)


def _groups(draft):
    """(property, department or None, role, how many) of the active people whom a rule of this scope may be for.

    Leaders have no property: they are told at each that the rule is for.
    """
    houses = Property.objects.filter(currency=draft.currency).order_by("name", "pk")
    if draft.property_id:
        houses = houses.filter(pk=draft.property_id)
    houses = {house.pk: house for house in houses}
    roles = [draft.role] if draft.role else _GIVE
    people = Employee.objects.active().filter(role__in=roles, is_superuser=False, is_service=False)
    people = people.filter(Q(property__in=houses) | Q(role=Role.LEADER))
    if draft.department_id:
        people = people.filter(department=draft.department_id)
    counted = list(people.order_by().values_list("property", "department", "role").annotate(Count("pk")))
    departments = Department.objects.in_bulk({department for _house, department, _role, _n in counted if department})
    counted.sort(key=lambda row: ((row[1] and departments[row[1]].name) or "", _GIVE.index(row[2])))
    for pk, house in houses.items():
        for of, department, role, number in counted:
            if of == pk or of is None:
                yield house, departments.get(department), role, number


def _limit(policy):
    return policy and policy.limit

"""What was asked for in a period, read from the spends: all of it, whatever became of it."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Count, F, Q

from empower import clock
from empower.money import round_half_up
from empower.policies.models import Policy
from empower.spending.models import ApprovalStatus, Judged, Reversal, Spend, SpendStatus
from empower.staff.models import Property

from ..period import Period, by_zone
from .replay import Act
from .rules import Terms

CHUNK = 5_000
_NO_RULE = Terms(limit=None)
_COLUMNS = (
    "pk", "occurred_at", "employee_id", "guest_id", "guest__merged_into_id", "incident_id", "property_id", "scope_day",
    "amount", "asked_amount", "status", "judged_as", "limit_in_force", "policy_id", "updated_at", "employee__role",
    "employee__department_id", "incident__status", "incident__outcome", "approval__status", "approval__decided_at",
    "approval__decided_amount", "approval__expires_at", "approval__question_asked_at", "approval__requested_at",
    "external_id",
)  # fmt: skip


@dataclass(frozen=True)
class Past:
    """The part of history that a trial is about: whose eyes, which days, which properties (of one currency), whose acts.

    ``department`` and ``role`` mean what they mean in a policy: the employee's own, as they are today.
    """

    user: object
    period: Period
    currency: str
    property: object = None
    department: object = None
    role: str = ""

    @cached_property
    def zones(self):
        """{property id: its zone's name}. One query, once."""
        houses = Property.objects.visible_to(self.user).filter(currency=self.currency)
        if self.property is not None:
            houses = houses.filter(pk=self.property.pk)
        return dict(houses.order_by().values_list("pk", "timezone"))

    @cached_property
    def houses(self):
        """{zone: the ids of the properties there}."""
        return by_zone(self.zones.items())

    def spends(self):
        """Everything that was asked for in the period, by anybody."""
        here = self.period.covers(self.houses, field="occurred_at")
        return Spend.objects.order_by().filter(here, property__in=list(self.zones))

    def spends_behind(self):
        """The same, and what was asked for on their incidents before: it has used up what is tried.

        A guest's day lies whole in a period of days.
        """
        return Spend.objects.order_by().filter(
            self._until_the_end(),
            property__in=list(self.zones),
            incident__in=self.spends().values("incident"),
        )

    def _until_the_end(self):
        whole = Period(None, self.period.ends)
        return whole.covers(self.houses, field="occurred_at")

    def acts(self):
        """``(Act, row)`` of `spends_behind` in the order in which they were asked for. Three queries."""
        taken_back, terms = self._taken_back(), {}
        begins = {pk: self.period.bounds(zone)[0] for pk, zone in self.zones.items()}
        rows = self.spends_behind().order_by("occurred_at", "pk").values_list(*_COLUMNS, named=True)
        for row in rows.iterator(chunk_size=CHUNK):
            asked = row.amount if row.asked_amount is None else row.asked_amount
            returns = taken_back.get(row.pk, ())
            really_at_once = row.judged_as in (Judged.OWN, Judged.UNLIMITED)
            act = Act(
                moment=row.occurred_at,
                employee=row.employee_id,
                guest=row.guest__merged_into_id or row.guest_id,
                incident=row.incident_id,
                day=row.scope_day or clock.local_day(row.occurred_at, self.zones[row.property_id]),
                amount=asked,
                really_at_once=really_at_once,
                terms=self._terms(row, terms),
                in_question=self._is_asked_about(row),
                before=row.occurred_at < begins[row.property_id],
                returns=_in_proportion(returns, row.amount, asked),
                endings=_endings(row, asked, returns),
            )
            yield act, row

    def _terms(self, row, known):
        """The rule that the spend kept: its policy's, with the limit of that moment (lifted at a second failure)."""
        if row.limit_in_force is None:
            return _NO_RULE
        found = known.get((row.policy_id, row.limit_in_force))
        if found is None:
            # No policy was in force: nothing could be given without asking, and a leader decided.
            policy = self.policies.get(row.policy_id, _NO_RULE)
            found = known[row.policy_id, row.limit_in_force] = replace(policy, limit=row.limit_in_force)
        return found

    def _is_asked_about(self, row):
        if self.role and row.employee__role != self.role:
            return False
        return self.department is None or row.employee__department_id == self.department.pk

    def _taken_back(self):
        """{spend id: [(moment, minor units)]}"""
        found = {}
        rows = Reversal.objects.filter(amount__gt=0, spend__in=self.spends_behind().values("pk"))
        for spend, *what in rows.order_by("reversed_at", "pk").values_list("spend_id", "reversed_at", "amount"):
            found.setdefault(spend, []).append(tuple(what))
        return found

    @cached_property
    def policies(self):
        """{policy id: its `Terms`} of every rule that ever applied there. One query, once."""
        columns = ("pk", "limit", "scope", "cap", "manager_up_to", "general_manager_up_to")
        rows = Policy.objects.filter(Q(property=None) | Q(property__in=list(self.zones)), currency=self.currency)
        return {pk: Terms(*terms) for pk, *terms in rows.order_by().values_list(*columns)}

    def people(self):
        """{(department, role): how many people asked for something in the period}. One query."""
        rows = self.spends().values(team=F("employee__department_id"), rank=F("employee__role"))
        counted = rows.annotate(people=Count("employee", distinct=True))
        return {(row["team"], row["rank"]): row["people"] for row in counted}


def _in_proportion(returns, given, asked):
    """What was taken back of what was given, as parts of what was asked for; all of it where all was."""
    if given == asked or not returns:
        return list(returns)
    found, back, told = [], 0, 0
    for moment, part in returns:
        back += part
        share = round_half_up(asked, back, given)
        found.append((moment, share - told))
        told = share
    return found


def _endings(row, asked, returns):
    """When what waited ceased to count beside: once it was decided, taken back, or had run out by its clock.

    What in fact posted at once, or on a verbal yes, is taken to be approved whole.
    """
    if row.status in (SpendStatus.POSTED, SpendStatus.REVERSED):
        less = []
        if row.approval__status == ApprovalStatus.APPROVED and asked > row.amount:
            less = [(row.approval__decided_at, asked - row.amount)]
        return less + list(returns)
    if row.status == SpendStatus.DECLINED:
        return [(row.approval__decided_at, asked)]
    if row.status == SpendStatus.WITHDRAWN:
        # Nobody wrote down when: it was changed last then, unless something of it was emptied since.
        return [(min(filter(None, [row.updated_at, row.approval__expires_at])), asked)]
    if row.approval__expires_at is None or (row.status == SpendStatus.PENDING and row.approval__question_asked_at):
        return []
    return [(row.approval__expires_at, asked)]

"""What one may still give: the limit in force less what was given of one's own accord in the scope."""

from dataclasses import dataclass, field

from django.db.models import Q, Sum

from empower import clock
from empower.incidents.models import Guest, IncidentGuest
from empower.incidents.queries import failures_within
from empower.policies.models import Scope
from empower.policies.queries import policy_in_force
from empower.staff.models import Role

from ..models import Authority, Spend
from .routing import tier_at

#: A second failure is another recovery incident of the same guest within this many days (product.md, rule 2).
SECOND_FAILURE_DAYS = 30


@dataclass(frozen=True)
class Standing:
    """What an employee may still give to a guest on an incident, in minor units of ``currency``.

    ``remaining`` is what the limit (and the cap over all employees, where there is one) leaves of their own accord;
    ``approved`` stands beside it and ``waiting`` uses none of it.
    """

    limit: int
    own: int
    approved: int
    waiting: int
    remaining: int
    currency: str
    scope: str
    policy: object
    tiers: list = field(default_factory=list)
    cap: int | None = None
    cap_left: int | None = None

    @property
    def total(self):
        """What counts for the tier: own, approved and waiting together."""
        return self.own + self.approved + self.waiting

    def tier_for(self, amount):
        """The role that decides if ``amount`` more is asked for."""
        return tier_at(self.policy, self.total + amount)


def limit_for(*, policy, incident, guest):
    """The limit in force for this guest's incident, minor units: lifted at a second failure where the policy says so.

    No policy, no limit to act within: 0. No query, but one where the policy lifts.
    """
    if policy is None:
        return 0
    lifted = policy.second_failure_limit
    if lifted is not None and incident.kind == "recovery":
        if failures_within(guest=guest, days=SECOND_FAILURE_DAYS, before=incident.occurred_at, excluding=incident):
            return lifted
    return policy.limit


def merged_records(guest, incident):
    """The ids of the records of this guest that were merged into it and may hold acts of their own. One query.

    On an incident only those that are on it matter; the caller passes None where every one does (guest and day).
    """
    merged = Guest.objects.filter(merged_into=guest.standing_id)
    if incident is not None:
        merged = merged.filter(Q(incident_guests__incident=incident) | Q(spends__incident=incident))
    return list(merged.values_list("pk", flat=True).distinct())


@dataclass(frozen=True)
class ScopeRead:
    """What stands in the scope of an act to come: the rule, the limit, the counters (this guest's records merged in)."""

    policy: object
    limit: int
    kind: str
    day: object
    currency: str
    rows: list
    cap_row: object

    @property
    def own(self):
        return sum(row.own for row in self.rows)

    @property
    def approved(self):
        return sum(row.approved for row in self.rows)


def scope_of(*, employee, incident, guest, at=None):
    """The `ScopeRead` for this employee, guest and incident at ``at`` (now). Three queries; four for a lifted limit."""
    at = at or clock.now()
    property = incident.property
    policy = policy_in_force(employee=employee, property=property, at=at)
    kind = policy.scope if policy else Scope.INCIDENT
    day = clock.local_day(at, property.timezone)
    root = guest.standing_id
    ids = [root, *merged_records(guest, incident if kind == Scope.INCIDENT else None)]
    mine = [Authority.key_of(kind, employee_id=employee.pk, guest_id=i, incident_id=incident.pk, day=day) for i in ids]
    shared = [Authority.key_of(Authority.Kind.CAP, guest_id=root, incident_id=incident.pk)]
    found = Authority.objects.filter(
        Q(scope=kind, key__in=mine) | Q(scope=Authority.Kind.CAP, key__in=shared), currency=property.currency
    )
    found = list(found)
    return ScopeRead(
        policy=policy,
        limit=limit_for(policy=policy, incident=incident, guest=guest),
        kind=kind,
        day=day,
        currency=property.currency,
        rows=[row for row in found if row.scope == kind],
        cap_row=next((row for row in found if row.scope == Authority.Kind.CAP), None),
    )


def standing(*, employee, incident, guest, at=None):
    """A `Standing`: what this employee may still give this guest on this incident, at ``at`` (now). Four queries."""
    return standing_in(
        scope_of(employee=employee, incident=incident, guest=guest, at=at), incident=incident, guest=guest
    )


def standing_in(scope, *, incident, guest):
    """The `Standing` that a `ScopeRead` amounts to. One query; two under a cap that nobody has used."""
    policy = scope.policy
    waiting = Spend.objects.waiting().filter(authority__in=scope.rows).aggregate(sum=Sum("amount"))["sum"] or 0
    remaining = max(0, scope.limit - scope.own)
    cap_left = None
    if policy and policy.cap is not None:
        cap_left = max(0, policy.cap - given_under_cap(incident, guest, scope.cap_row))
        remaining = min(remaining, cap_left)
    return Standing(
        limit=scope.limit,
        own=scope.own,
        approved=scope.approved,
        waiting=waiting,
        remaining=remaining,
        currency=scope.currency,
        scope=str(scope.kind),
        policy=policy,
        tiers=policy.tiers if policy else [(Role.GENERAL_MANAGER, None)],
        cap=policy.cap if policy else None,
        cap_left=cap_left,
    )


def given_under_cap(incident, guest, cap_row):
    """What all employees gave of their own accord to this guest on this incident, minor units."""
    if cap_row is not None:
        return cap_row.own
    return Spend.objects.own().filter(incident=incident, guest=guest.standing_id).given_amount()


def guest_on(incident, guest):
    """The record that stands for this guest, if the guest (under any merged record) is on the incident; else None."""
    root = guest.standing_id
    there = IncidentGuest.objects.filter(incident=incident).filter(Q(guest=root) | Q(guest__merged_into=root))
    row = there.select_related("guest__merged_into").first()
    return row and (row.guest.merged_into or row.guest)

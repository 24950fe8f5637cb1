"""What one may still give: the limit in force less what was given of one's own accord in the scope."""

from dataclasses import dataclass, field

from django.db.models import F, Q, Sum

from empower import clock
from empower.incidents.models import Guest, IncidentGuest
from empower.incidents.queries import failures_within
from empower.policies.models import Scope
from empower.policies.queries import policy_in_force
from empower.staff.models import Role

from ..models import Spend
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


@dataclass(frozen=True)
class ScopeRead:
    """What stands in the scope of an act to come: the rule, the limit and the sums, in minor units.

    The sums are of the spends themselves, under every record that was merged into this guest and whatever the scope of
    the rule was when they were made: a rule of another scope starts no new count. ``capped`` is what all employees gave
    of their own accord to this guest on this incident, None where no cap applies.
    """

    policy: object
    limit: int
    kind: str
    day: object
    currency: str
    guest_ids: list
    own: int
    approved: int
    waiting: int
    capped: int | None = None


def records_of(guest):
    """The ids of the record that stands for this guest and of those merged into it. One query."""
    root = guest.standing_id
    return [root, *Guest.objects.filter(merged_into=root).order_by("pk").values_list("pk", flat=True)]


def sums_in(*, kind, employee_id, guest_ids, incident_id, day, at):
    """(own, approved, waiting) of one employee and guest in a scope, minor units. One query.

    A request that has run out by its clock no longer waits, whether or not anybody has swept it away.
    """
    here = Q(incident=incident_id) if kind == Scope.INCIDENT else Q(scope_day=day)
    standing = F("amount") - F("reversed_amount")
    run_out = Q(approval__expires_at__lte=at, approval__question_asked_at=None)
    sums = Spend.objects.filter(here, employee=employee_id, guest__in=guest_ids).aggregate(
        own=Sum(standing, filter=Q(status="posted", judged_as="own")),
        approved=Sum(standing, filter=Q(status="posted", judged_as="approved")),
        waiting=Sum("amount", filter=Q(status="pending") & ~run_out),
    )
    return sums["own"] or 0, sums["approved"] or 0, sums["waiting"] or 0


def scope_of(*, employee, incident, guest, at=None):
    """The `ScopeRead` for this employee, guest and incident at ``at`` (now). Three queries; one more for a lifted limit
    and one for a cap."""
    at = at or clock.now()
    property = incident.property
    policy = policy_in_force(employee=employee, property=property, at=at)
    kind = policy.scope if policy else Scope.INCIDENT
    day = clock.local_day(at, property.timezone)
    guest_ids = records_of(guest)
    own, approved, waiting = sums_in(
        kind=kind, employee_id=employee.pk, guest_ids=guest_ids, incident_id=incident.pk, day=day, at=at
    )
    capped = None
    if policy and policy.cap is not None:
        capped = Spend.objects.own().filter(incident=incident, guest__in=guest_ids).given_amount()
    return ScopeRead(
        policy=policy,
        limit=limit_for(policy=policy, incident=incident, guest=guest),
        kind=kind,
        day=day,
        currency=property.currency,
        guest_ids=guest_ids,
        own=own,
        approved=approved,
        waiting=waiting,
        capped=capped,
    )


def standing(*, employee, incident, guest, at=None):
    """A `Standing`: what this employee may still give this guest on this incident, at ``at`` (now). Three queries."""
    return standing_in(scope_of(employee=employee, incident=incident, guest=guest, at=at))


def standing_in(scope):
    """The `Standing` that a `ScopeRead` amounts to. No query."""
    policy = scope.policy
    remaining = max(0, scope.limit - scope.own)
    cap_left = None
    if scope.capped is not None:
        cap_left = max(0, policy.cap - scope.capped)
        remaining = min(remaining, cap_left)
    return Standing(
        limit=scope.limit,
        own=scope.own,
        approved=scope.approved,
        waiting=scope.waiting,
        remaining=remaining,
        currency=scope.currency,
        scope=str(scope.kind),
        policy=policy,
        tiers=policy.tiers if policy else [(Role.LEADER, None)],
        cap=policy.cap if policy else None,
        cap_left=cap_left,
    )


def guest_on(incident, guest):
    """The record that stands for this guest, if the guest (under any merged record) is on the incident; else None."""
    if guest is None or guest.pk is None:
        return None
    root = guest.standing_id
    there = IncidentGuest.objects.filter(incident=incident).filter(Q(guest=root) | Q(guest__merged_into=root))
    row = there.select_related("guest__merged_into").first()
    return row and (row.guest.merged_into or row.guest)

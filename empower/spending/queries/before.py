"""What one may give on an incident that is not written down yet: asked before a promise is made."""

from empower import clock
from empower.incidents.models import Guest, Incident, IncidentKind
from empower.policies.models import Scope
from empower.policies.queries import policy_in_force
from empower.staff.models import Role

from ..models import Authority
from .standing import Standing, limit_for


def standing_before(*, employee, property, guests=(), kind=IncidentKind.RECOVERY, at=None):
    """``{guest id: Standing}`` for an incident to come, and under None that of a guest who is new here.

    One query where the limit is per incident, which is the rule; three where it is per guest and day, whatever the
    number of guests; one more for each guest where the policy lifts the limit at a second failure.
    """
    at = at or clock.now()
    policy = policy_in_force(employee=employee, property=property, at=at)
    given = {}
    if policy and policy.scope == Scope.GUEST_DAY and guests:
        given = _given_today(employee, property, guests, clock.local_day(at, property.timezone))
    to_come = Incident(property=property, kind=kind, occurred_at=at)
    found = {}
    for guest in (None, *guests):
        limit = policy.limit if policy else 0
        if guest is not None:
            limit = limit_for(policy=policy, incident=to_come, guest=guest)
        own, approved = given.get(guest and guest.pk, (0, 0))
        left = max(0, limit - own)
        cap = policy.cap if policy else None
        found[guest and guest.pk] = Standing(
            limit=limit,
            own=own,
            approved=approved,
            waiting=0,
            remaining=left if cap is None else min(left, cap),
            currency=property.currency,
            scope=str(policy.scope if policy else Scope.INCIDENT),
            policy=policy,
            tiers=policy.tiers if policy else [(Role.LEADER, None)],
            cap=cap,
            cap_left=cap,
        )
    return found


def _given_today(employee, property, guests, day):
    """``{guest id: (own, approved)}`` of this local day, merged records counted in. Two queries."""
    stands_for = {guest.pk: guest.pk for guest in guests}
    stands_for |= dict(Guest.objects.filter(merged_into__in=guests).values_list("pk", "merged_into"))
    keys = {
        Authority.key_of(Scope.GUEST_DAY, employee_id=employee.pk, guest_id=pk, day=day): standing
        for pk, standing in stands_for.items()
    }
    given = {}
    rows = Authority.objects.filter(scope=Scope.GUEST_DAY, key__in=keys, currency=property.currency)
    for key, own, approved in rows.values_list("key", "own", "approved"):
        before = given.get(keys[key], (0, 0))
        given[keys[key]] = (before[0] + own, before[1] + approved)
    return given

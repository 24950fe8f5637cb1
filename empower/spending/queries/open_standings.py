"""What one may still give on several open incidents at once: what one's own page shows beside each."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from empower import clock
from empower.incidents.models import IncidentGuest
from empower.policies.models import Scope
from empower.policies.queries import policy_in_force

from ..models import Spend
from .standing import SECOND_FAILURE_DAYS


@dataclass(frozen=True)
class Left:
    """What is left for the guests of one incident, from ``least`` to ``most``; minor units of ``currency``."""

    least: int
    most: int
    guests: int
    currency: str


def left_on(incidents, *, employee):
    """``{incident id: Left}`` of incidents with their guests prefetched, as `standing` would say of each guest.

    Of those at the employee's own property; of all of them for a leader. At most five queries, however many incidents,
    and one more for each further property.
    """
    at = clock.now()
    incidents = [one for one in incidents if employee.property_id in (None, one.property_id)]
    rules = {}
    for one in incidents:
        if one.property_id not in rules:
            rules[one.property_id] = policy_in_force(employee=employee, property=one.property, at=at)
    guests = {row.guest.standing_id for one in incidents for row in one.incident_guests.all()}
    own = _own(employee, incidents, guests, rules, at)
    capped = _capped(incidents, rules)
    failed = _failures(guests, rules)
    found = {}
    for one in incidents:
        rule = rules[one.property_id]
        left = [
            _left(rule, one, guest, own, capped, failed)
            for guest in {row.guest.standing_id for row in one.incident_guests.all()}
        ]
        if left:
            found[one.pk] = Left(min(left), max(left), len(left), one.property.currency)
    return found


def _left(rule, incident, guest, own, capped, failed):
    if rule is None:
        return 0
    limit = rule.limit
    if rule.second_failure_limit is not None and incident.kind == "recovery":
        if any(_came_before(other, incident) for other in failed.get(guest, ())):
            limit = max(limit, rule.second_failure_limit)
    given = own.get((guest, None if rule.scope == Scope.GUEST_DAY else incident.pk, incident.property_id), 0)
    left = max(0, limit - given)
    if rule.cap is not None:
        left = min(left, max(0, rule.cap - capped.get((guest, incident.pk), 0)))
    return left


def _own(employee, incidents, guests, rules, at):
    """``{(guest, incident or None for the day, property): given of one's own accord}``, merged records counted in."""
    spends = Spend.objects.acts().own().filter(employee=employee)
    spends = spends.annotate(root=Coalesce("guest__merged_into", "guest")).filter(root__in=guests).order_by()
    sums = {}
    per_incident = spends.filter(incident__in=[one.pk for one in incidents])
    for guest, incident, house, given in _summed(per_incident, "root", "incident", "property"):
        sums[guest, incident, house] = given
    days = {
        one.property_id: clock.local_day(at, one.property.timezone)
        for one in incidents
        if rules[one.property_id] and rules[one.property_id].scope == Scope.GUEST_DAY
    }
    if days:
        today = Q(pk__in=[])
        for house, day in days.items():
            today |= Q(property=house, scope_day=day)
        for guest, house, given in _summed(spends.filter(today), "root", "property"):
            sums[guest, None, house] = given
    return sums


def _capped(incidents, rules):
    """``{(guest, incident): what everybody gave of their own accord}`` where the rule has a cap."""
    ids = [one.pk for one in incidents if rules[one.property_id] and rules[one.property_id].cap is not None]
    if not ids:
        return {}
    spends = Spend.objects.acts().own().filter(incident__in=ids).annotate(root=Coalesce("guest__merged_into", "guest"))
    return {(guest, incident): given for guest, incident, given in _summed(spends.order_by(), "root", "incident")}


def _failures(guests, rules):
    """``{guest: [their recovery incidents]}`` where a rule lifts the limit at a second one."""
    if not any(rule and rule.second_failure_limit is not None for rule in rules.values()):
        return {}
    rows = IncidentGuest.objects.filter(
        incident__kind="recovery",
        incident__status__in=["open", "resolved"],
        incident__occurred_at__gte=clock.now() - timedelta(days=2 * SECOND_FAILURE_DAYS),
    )
    rows = (
        rows.annotate(root=Coalesce("guest__merged_into", "guest")).filter(root__in=guests).select_related("incident")
    )
    found = {}
    for row in rows:
        found.setdefault(row.root, []).append(row.incident)
    return found


def _came_before(other, incident):
    """As `failures_within` counts."""
    since = incident.occurred_at - timedelta(days=SECOND_FAILURE_DAYS)
    in_time = since <= other.occurred_at <= incident.occurred_at
    return other.pk != incident.pk and in_time and other.recorded_at <= incident.recorded_at


def _summed(spends, *by):
    return spends.values_list(*by).annotate(given=Sum(F("amount") - F("reversed_amount")))

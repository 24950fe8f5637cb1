"""What another version of a rule would do to what is under way: counts alone, of incidents and requests, of no person."""

from dataclasses import dataclass

from django.db.models import F, Sum

from empower.incidents.models import Incident

from ..models import Approval, Spend
from .routing import tier_at


@dataclass(frozen=True)
class UnderWay:
    """``open``: open incidents where what may still be given changes; on ``used_up`` of them somebody who gave already
    could give nothing more, on ``free_again`` somebody could again. ``waiting`` requests stay under the rule they were asked
    under; ``elsewhere`` of them would go to another role, were they asked anew.
    """

    open: int
    used_up: int
    free_again: int
    waiting: int
    elsewhere: int


def under_way(preview):
    """The `UnderWay` of a `policies.queries.changes.Preview`. Three queries; their rows are what is open today."""
    houses = preview.property_ids
    given = (
        Spend.objects.filter(incident__status="open", property__in=houses, status="posted", judged_as="own")
        .values("incident", "guest", "property", "employee__department", "employee__role", "employee")
        .order_by()
        .annotate(own=Sum(F("amount") - F("reversed_amount")))
    )
    used_up, free_again = set(), set()
    for row in given:
        limits = preview.limits_of(row["property"], row["employee__department"], row["employee__role"])
        left = [max(0, (limit or 0) - row["own"]) for limit in limits]
        if left[0] and not left[1]:
            used_up.add(row["incident"])
        elif left[1] and not left[0]:
            free_again.add(row["incident"])
    waiting, elsewhere = 0, 0
    requests = Approval.objects.filter(status="open", property__in={one.property.pk for one in preview.changes})
    for approval in requests.select_related("employee").only(
        "total", "tier", "property", "employee__department", "employee__role"
    ):
        where = (approval.property_id, approval.employee.department_id, approval.employee.role)
        before, after = preview.before.for_whom(*where), preview.after.for_whom(*where)
        waiting += before is not after
        elsewhere += before is not after and tier_at(after, approval.total) != approval.tier
    return UnderWay(
        open=Incident.objects.filter(status="open", property__in=houses).count(),
        used_up=len(used_up),
        free_again=len(free_again),
        waiting=waiting,
        elsewhere=elsewhere,
    )

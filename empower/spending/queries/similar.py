"""What similar cases got and how they ended: by facets (same kind, same cause), the nearest in severity first."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F, Func, IntegerField, Prefetch, Value

from empower.incidents.models import Category, Incident
from empower.statistics import quantile7

from ..models import Spend

#: Fewer cases than this say nothing about a gesture (metrics.md, gesture effect).
FEWEST = 8


@dataclass(frozen=True)
class SimilarIncident:
    """One past case: what was given (minor units of ``currency``, standing after reversals), and how it ended."""

    incident: Incident
    amount: int
    cost: int
    currency: str
    gestures: list = field(default_factory=list)

    @property
    def outcome(self):
        return self.incident.outcome


def similar_incidents(*, incident, user, most=20):
    """Resolved incidents of the same kind and cause that ``user`` may see, most alike first. Names nobody. Three queries.

    The same category counts, or its siblings where the incident's own has none; then the nearest severity, the same
    department, the latest.
    """
    past = (
        Incident.objects.visible_to(user)
        .filter(kind=incident.kind, status="resolved", property=incident.property)
        .exclude(pk=incident.pk)
    )
    if incident.category_id is None:
        past = past.filter(category=None)
    elif past.filter(category=incident.category_id).exists():
        past = past.filter(category=incident.category_id)
    elif incident.category.parent_id is not None:
        past = past.filter(category__parent=incident.category.parent_id)
    else:
        past = past.filter(category__parent=incident.category_id)
    apart = Func(F("severity") - Value(incident.severity), function="ABS", output_field=IntegerField())
    given = Prefetch("spends", Spend.objects.acts().select_related("gesture"), to_attr="acts")
    nearest = past.order_by(apart, "-occurred_at", "-pk").select_related("category", "department")
    return [_seen(one, incident.property.currency) for one in nearest.prefetch_related(given)[:most]]


def _seen(incident, currency):
    return SimilarIncident(
        incident=incident,
        amount=sum(act.standing_amount for act in incident.acts),
        cost=sum(act.standing_cost for act in incident.acts),
        currency=currency,
        gestures=[act.gesture for act in incident.acts],
    )


def gestures_that_worked(*, property, user, since=None):
    """What each gesture achieved for each cause: ``{category id: {gesture id: {n, known, good, usual}}}``. Two queries.

    Under None whatever the cause; a cause's acts count for those above it too. ``good`` of ``known`` incidents ended
    recovered or delighted, both None where fewer than eight ends are known; ``usual`` is the median amount in minor units
    (type 7). Of fewer than eight acts nothing is said.
    """
    acts = Spend.objects.acts().filter(property=property, incident__in=Incident.objects.visible_to(user))
    if since is not None:
        acts = acts.filter(occurred_at__gte=since)
    above = dict(Category.objects.values_list("pk", "parent"))
    cells = defaultdict(list)
    for cause, gesture, amount, outcome in acts.values_list(
        "incident__category", "gesture", "amount", "incident__outcome"
    ):
        cells[None, gesture].append((amount, outcome))
        while cause is not None:
            cells[cause, gesture].append((amount, outcome))
            cause = above[cause]
    worked = defaultdict(dict)
    for (cause, gesture), rows in cells.items():
        if len(rows) >= FEWEST:
            worked[cause][gesture] = _worked(rows)
    return dict(worked)


def _worked(rows):
    known = [outcome for _, outcome in rows if outcome not in ("", "unknown")]
    is_told = len(known) >= FEWEST
    return {
        "n": len(rows),
        "known": len(known) if is_told else None,
        "good": sum(outcome != "lost" for outcome in known) if is_told else None,
        "usual": round(quantile7(sorted(amount for amount, _ in rows), 0.5)),
    }

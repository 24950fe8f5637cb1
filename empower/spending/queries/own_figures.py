"""A person's own figures, for their own eyes: compared with nobody, out of what they are, in their own currency."""

from dataclasses import dataclass
from datetime import timedelta

from empower import clock
from empower.incidents.models import IncidentGuest
from empower.statistics import quantile7

from ..models import Spend

DAYS = 90


@dataclass(frozen=True)
class OwnFigures:
    """``own`` of ``acts`` were of one's own accord; ``good`` of ``known`` ends; ``usual`` is the median of the ``gifts``
    that cost something, in minor units of ``currency`` (None: there is none, or they are of several currencies).
    """

    acts: int
    own: int
    known: int
    good: int
    gifts: int
    usual: int | None
    currency: str

    @property
    def decided(self):
        return self.acts - self.own


def own_figures(employee):
    """The `OwnFigures` of the last 90 days. Two queries; nobody else's acts are read."""
    since = clock.now() - timedelta(days=DAYS)
    acts = Spend.objects.visible_to(employee).acts().filter(employee=employee, occurred_at__gte=since)
    rows = list(acts.values_list("judged_as", "amount", "reversed_amount", "currency", "incident", "guest"))
    met = {(incident, guest) for *_spend, incident, guest in rows}
    ends = IncidentGuest.objects.visible_to(employee).filter(
        incident__status="resolved", incident__in=acts.values("incident").distinct()
    )
    ends = ends.exclude(outcome__in=["", "unknown"]).values_list("incident", "guest", "outcome")
    known = [outcome for incident, guest, outcome in ends if (incident, guest) in met]
    currencies = {currency for _judged, _amount, _back, currency, _incident, _guest in rows}
    gifts = sorted(amount - back for _judged, amount, back, *_rest in rows if amount - back)
    return OwnFigures(
        acts=len(rows),
        own=sum(judged == "own" for judged, *_rest in rows),
        known=len(known),
        good=sum(outcome != "lost" for outcome in known),
        gifts=len(gifts),
        usual=round(quantile7(gifts, 0.5)) if gifts and len(currencies) == 1 else None,
        currency=next(iter(currencies)) if len(currencies) == 1 else "",
    )

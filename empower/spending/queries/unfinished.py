"""What one has left to finish: promises that nobody has handed over, and one's own incidents that are still open."""

from dataclasses import dataclass
from datetime import timedelta

from empower import clock
from empower.incidents.models import Incident
from empower.staff.permissions import acts_at

from ..models import Spend
from .open_standings import left_on

#: What is longer ago is kept apart: it stands in nobody's way today, and would stand before what does.
RECENT = timedelta(days=14)
#: Of each kind on a page where other things stand too.
SHOWN = 10


@dataclass(frozen=True)
class Unfinished:
    """``promises`` (spends), what is nearest to now first; ``incidents``, the latest first, each with the ``left`` that
    one may still give on it; ``older``, how many of both were left out.
    """

    promises: list
    incidents: list
    older: int

    def __bool__(self):
        return bool(self.promises or self.incidents or self.older)


def unfinished(employee):
    """What is recent of it, `SHOWN` of each kind, and how much more there is. At most eight queries, however much."""
    now = clock.now()
    promises, incidents = _promises(employee), _incidents(employee)
    near = list(promises.filter(promised_for__gte=now - RECENT).order_by("promised_for")[: 10 * SHOWN])
    near = sorted(near, key=lambda spend: abs(spend.promised_for - now))[:SHOWN]
    latest = list(incidents.filter(recorded_at__gte=now - RECENT).order_by("-recorded_at", "-pk")[:SHOWN])
    ids = promises.order_by().values_list("pk").union(incidents.order_by().values_list("pk"), all=True)
    all_of_it = ids.count()
    return Unfinished(near, _with_what_is_left(latest, employee), all_of_it - len(near) - len(latest))


def unfinished_ids(employee):
    """All of it, the latest first: [(``"promise"`` or ``"incident"``, id)]. Two queries."""
    promises = _promises(employee).order_by().values_list("promised_for", "pk")
    incidents = _incidents(employee).order_by().values_list("recorded_at", "pk")
    found = [(at, "promise", pk) for at, pk in promises] + [(at, "incident", pk) for at, pk in incidents]
    return [(kind, pk) for _at, kind, pk in sorted(found, reverse=True)]


def unfinished_named(employee, ids):
    """The rows behind some of `unfinished_ids`, as `Unfinished`, in their order. Seven queries at most."""
    wanted = {kind: [pk for one, pk in ids if one == kind] for kind in ("promise", "incident")}
    promises = _promises(employee).in_bulk(wanted["promise"])
    incidents = _incidents(employee).in_bulk(wanted["incident"])
    # What was finished since the ids were read is not there any more.
    told = [incidents[pk] for pk in wanted["incident"] if pk in incidents]
    return Unfinished(
        [promises[pk] for pk in wanted["promise"] if pk in promises], _with_what_is_left(told, employee), 0
    )


def _promises(employee):
    waiting = Spend.objects.visible_to(employee).filter(employee=employee, status="posted", given_at=None)
    waiting = waiting.exclude(promised_for=None).with_details()
    return waiting.select_related("incident__property", "incident__category")


def _incidents(employee):
    return Incident.objects.visible_to(employee).filter(owner=employee, status="open").with_details()


def _with_what_is_left(incidents, employee):
    left = left_on(incidents, employee=employee)
    for incident in incidents:
        incident.left = left.get(incident.pk) if acts_at(employee, incident.property_id) else None
    return incidents

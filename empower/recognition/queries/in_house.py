"""Who is in the house on a day, and what happened to them there."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from empower import clock
from empower.incidents.models import GuestKind, IncidentGuest, Outcome
from empower.spending.models import Spend
from empower.spending.queries.standing import SECOND_FAILURE_DAYS

#: What lies further back than this is no news to anybody at a line-up, and a second failure lies no further back.
DAYS_TOLD = timedelta(days=SECOND_FAILURE_DAYS)
#: A guest of whom nobody wrote down until when they stay counts as here while an incident is open, or is of the day
#: before or later.
RECENT = timedelta(days=1)


@dataclass
class Party:
    """One line: a guest, or those of one room who share what happened. Sums in minor units of the property's currency.

    ``leaves`` is the day of the earliest departure, None where it is not known. ``failures`` counts the recovery
    incidents of the one who had most in the last 30 days.
    """

    room: str
    guests: list
    incidents: list
    leaves: object = None
    failures: int = 0
    ends: list = field(default_factory=list)
    spends: list = field(default_factory=list)

    @property
    def is_second_failure(self):
        return self.failures > 1

    @property
    def is_open(self):
        return any(incident.status == "open" for incident in self.incidents)

    @property
    def outcome(self):
        """The worst end of those that are known; "" where none is."""
        return Outcome.worst(self.ends)

    @property
    def outcome_said(self):
        return Outcome(self.outcome).label if self.outcome else ""

    @property
    def latest(self):
        return self.incidents[-1]

    @property
    def given(self):
        """What was really given, each gesture once, in order."""
        return _once(spend.gesture for spend in self.spends if spend.status == "posted")

    @property
    def asked(self):
        """What still waits for a yes, each gesture once."""
        return _once(spend.gesture for spend in self.spends if spend.status == "pending")

    @property
    def seen(self):
        return sum(spend.standing_amount for spend in self.spends if spend.status == "posted")

    @property
    def cost(self):
        return sum(spend.standing_cost for spend in self.spends if spend.status == "posted")


def parties_in_house(*, property, day, user):
    """[`Party`] of the guests in house on the local ``day`` who had an incident in the last 30 days, as ``user`` sees
    them: second failures first, then what is open, then who leaves first, then by room. Three queries.

    Whoever arrives or leaves that day is in the house. A guest whose departure nobody wrote down counts as here while an
    incident of the last 30 days is open, or happened since the day before began. Neither a colleague (who is no house
    guest) nor one who was erased (of whom nothing is left to say).
    """
    begins, ends = clock.day_bounds(day, property.timezone)
    rows = (
        IncidentGuest.objects.visible_to(user)
        .filter(
            incident__property=property,
            incident__status__in=["open", "resolved"],
            incident__occurred_at__gte=ends - DAYS_TOLD,
            incident__occurred_at__lt=ends,
        )
        .annotate(root=Coalesce("guest__merged_into", "guest"))
    )
    here = _here("guest__", day, begins) & Q(guest__merged_into=None) | _here("guest__merged_into__", day, begins)
    roots = list(rows.filter(here).order_by().values_list("root", flat=True).distinct())
    rows = rows.filter(root__in=roots).select_related(
        "guest__merged_into", "incident__category", "incident__department", "incident__property"
    )
    found = _by_guest(rows.order_by("incident__occurred_at", "pk"))
    _add_spends(found, property, user)
    return sorted(_together(found.values()), key=lambda party: _order(party, day))


def _here(path, day, begins):
    """A Q on an incident's guest (at ``path``): in house on the day, as far as is known."""
    has_come = Q(**{f"{path}arrival": None}) | Q(**{f"{path}arrival__lte": day})
    stays = Q(**{f"{path}departure__gte": day})
    lately = Q(incident__status="open") | Q(incident__occurred_at__gte=begins - RECENT)
    nobody_said = Q(**{f"{path}departure": None}) & lately
    is_guest = Q(**{f"{path}kind": GuestKind.GUEST, f"{path}erased_at": None})
    return is_guest & has_come & (stays | nobody_said)


def _by_guest(rows):
    found = {}
    for row in rows:
        guest = row.guest.merged_into or row.guest
        party = found.setdefault(guest.pk, Party(room=guest.room, guests=[guest], incidents=[], leaves=guest.departure))
        # Two records that were merged may both be on one incident.
        if row.incident not in party.incidents:
            party.incidents.append(row.incident)
            party.failures += row.incident.kind == "recovery"
        party.ends.append(row.outcome)
    return found


def _add_spends(found, property, user):
    incidents = {incident.pk for party in found.values() for incident in party.incidents}
    spends = (
        Spend.objects.visible_to(user)
        .filter(property=property, incident__in=incidents, status__in=["posted", "pending"])
        .annotate(root=Coalesce("guest__merged_into", F("guest")))
        .select_related("gesture")
    )
    for spend in spends.order_by("occurred_at", "pk"):
        if spend.root in found:
            found[spend.root].spends.append(spend)


def _together(alone):
    """Those of one room to whom the same happened, as one party."""
    parties = {}
    for party in alone:
        key = (party.room, *(incident.pk for incident in party.incidents)) if party.room else party.guests[0].pk
        known = parties.setdefault(key, party)
        if known is not party:
            known.guests += party.guests
            known.ends += party.ends
            known.spends += party.spends
            known.failures = max(known.failures, party.failures)
            known.leaves = min(filter(None, (known.leaves, party.leaves)), default=None)
    return parties.values()


def _order(party, day):
    leaves = (party.leaves - day).days if party.leaves else 1000
    return not party.is_second_failure, not party.is_open, leaves, party.room.zfill(20), party.guests[0].pk


def _once(gestures):
    return list({gesture.pk: gesture for gesture in gestures}.values())

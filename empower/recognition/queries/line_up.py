"""What a line-up tells: of one property and one of its local days."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from empower import clock
from empower.incidents.models import FollowUp, Incident, IncidentGuest
from empower.spending.models import Approval, Spend
from empower.statistics import quantile7

from ..models import Thanks
from .in_house import parties_in_house
from .stories import story_of_the_day

#: Within so long after it was resolved somebody looks in on the guest, or before they leave if that comes first.
FOLLOW_UP_WITHIN = timedelta(hours=24)
#: Nobody looks further back for a follow-up: who stayed on since has been met.
FOLLOW_UPS_TOLD = timedelta(days=7)
#: A promise older than this is counted, and told in the whole list alone.
PROMISES_TOLD = timedelta(days=7)
#: Cards of the day and of the day before are told, and after a quiet day those of one more.
THANKS_TOLD = timedelta(days=2)
#: Nobody reads further, on paper or on a screen.
MOST = 200


@dataclass(frozen=True)
class DueFollowUp:
    """Somebody should look in on these guests of one room, by ``due_at``. ``stays``: they are in the house that day."""

    incident: object
    guests: list
    room: str
    due_at: object
    stays: bool
    leaves: object


@dataclass(frozen=True)
class DayBefore:
    """The day before in three figures, each with what it is out of.

    ``acted`` of ``incidents`` had an act of somebody's own accord; ``answered`` of ``asked`` requests, the middle one
    after ``minutes`` (None: none); ``good`` of ``known`` ends, and ``resolved`` in all.
    """

    day: object
    incidents: int
    acted: int
    asked: int
    answered: int
    minutes: int | None
    resolved: int
    known: int
    good: int


@dataclass(frozen=True)
class LineUp:
    """All of it. ``older_promises``: how many lie further back than is listed."""

    property: object
    day: object
    is_today: bool
    promises: list
    older_promises: int
    requests: list
    parties: list
    follow_ups: list
    story: object
    thanks: list
    before: DayBefore

    @property
    def seen(self):
        return sum(party.seen for party in self.parties)

    @property
    def cost(self):
        return sum(party.cost for party in self.parties)

    @property
    def second_failures(self):
        return sum(party.is_second_failure for party in self.parties)


def line_up(*, property, day, user, whole=False):
    """The `LineUp` of a property that ``user`` sees, for its local ``day``. Twelve queries, however full the house.

    Promises older than a week are counted, and listed where the ``whole`` is asked for.

    What waits and what is open is so now, whatever the day; on a day that has passed nothing is told to wait. The
    caller has let what is overdue go on (`escalate_overdue_approvals`).
    """
    today = clock.local_day(clock.now(), property.timezone)
    begins, ends = clock.day_bounds(day, property.timezone)
    since = begins - PROMISES_TOLD
    promises = _promises(property, user, ends)
    told = list((promises if whole else promises.filter(promised_for__gte=since))[:MOST])
    older = 0 if whole else promises.filter(promised_for__lt=since).count()
    return LineUp(
        property=property,
        day=day,
        is_today=day == today,
        promises=told,
        older_promises=older,
        requests=_requests(property, user) if day >= today else [],
        parties=parties_in_house(property=property, day=day, user=user),
        follow_ups=_follow_ups(property, day, user),
        story=story_of_the_day(property, day),
        thanks=_thanks(property, user, begins, ends),
        before=_day_before(property, day - timedelta(days=1), user),
    )


def _promises(property, user, ends):
    """Given for a moment before ``ends``, and nobody has handed it over: the longest overdue first."""
    given = Spend.objects.visible_to(user).filter(property=property, status="posted", given_at=None)
    given = (
        given.filter(promised_for__lt=ends).with_details().select_related("guest__merged_into", "incident__category")
    )
    return given.order_by("promised_for", "pk")


def _requests(property, user):
    waiting = Approval.objects.visible_to(user).filter(property=property).awaiting_an_answer().with_details()
    return list(waiting.oldest_first()[:MOST])


def _follow_ups(property, day, user):
    """Recoveries that were resolved and of whose guests nobody has asked since how they are. One query.

    Due 24 hours later, or at the end of the day of departure if that comes first; told on the day when it falls due and
    the day after, and as long as the guest is in the house. One contact is for all of a room.
    """
    begins, ends = clock.day_bounds(day, property.timezone)
    contacts = FollowUp.objects.filter(
        incident=OuterRef("incident"), contacted_at__gte=OuterRef("incident__resolved_at")
    )
    same = (
        Q(guest=OuterRef("guest")) | Q(guest=OuterRef("guest__merged_into")) | Q(guest__merged_into=OuterRef("guest"))
    )
    beside = Q(guest__room=OuterRef("guest__room")) & ~Q(guest__room="")
    rows = (
        IncidentGuest.objects.visible_to(user)
        .filter(
            incident__property=property,
            incident__status="resolved",
            incident__kind="recovery",
            incident__resolved_at__gte=begins - FOLLOW_UPS_TOLD,
            incident__resolved_at__lt=ends,
            guest__kind="guest",
            guest__erased_at=None,
        )
        .exclude(Exists(contacts.filter(same | beside)))
        .select_related("guest__merged_into", "incident__category", "incident__property")
        .order_by("incident__resolved_at", "pk")
    )
    found = {}
    for row in rows:
        guest = row.guest.merged_into or row.guest
        due_at, stays = _due(row.incident, guest, property, day)
        if due_at >= ends or not (stays or due_at >= begins - FOLLOW_UP_WITHIN):
            continue
        key = (row.incident_id, guest.room or guest.pk)
        if key in found:
            if guest not in found[key].guests:
                found[key].guests.append(guest)
            continue
        found[key] = DueFollowUp(row.incident, [guest], guest.room, due_at, stays, guest.departure)
    # Who leaves today can be met today alone.
    return sorted(found.values(), key=lambda due: (not (due.stays and due.leaves == day), due.due_at))


def _due(incident, guest, property, day):
    due_at = incident.resolved_at + FOLLOW_UP_WITHIN
    if guest.departure is None:
        return due_at, False
    leaves_at = clock.day_bounds(guest.departure, property.timezone)[1]
    if incident.resolved_at < leaves_at:
        # A minute before midnight: the day itself, not the next.
        due_at = min(due_at, leaves_at - timedelta(minutes=1))
    return due_at, guest.departure >= day and (guest.arrival is None or guest.arrival <= day)


def _thanks(property, user, begins, ends):
    cards = Thanks.objects.visible_to(user).standing().filter(property=property).exclude(text="").with_details()
    return list(cards.filter(given_at__gte=begins - THANKS_TOLD, given_at__lt=ends)[:MOST])


def _day_before(property, day, user):
    """Three queries."""
    begins, ends = clock.day_bounds(day, property.timezone)
    incidents = Incident.objects.visible_to(user).not_void().filter(property=property)
    own = Spend.objects.acts().own().filter(incident=OuterRef("pk"))
    happened = incidents.filter(occurred_at__gte=begins, occurred_at__lt=ends).annotate(has_own=Exists(own))
    told = happened.aggregate(all=Count("pk"), acted=Count("pk", filter=Q(has_own=True)))
    ended = incidents.filter(status="resolved", resolved_at__gte=begins, resolved_at__lt=ends).aggregate(
        all=Count("pk"),
        known=Count("pk", filter=~Q(outcome__in=["", "unknown"])),
        good=Count("pk", filter=Q(outcome__in=["recovered", "delighted"])),
    )
    asked = Approval.objects.visible_to(user).filter(
        property=property, requested_at__gte=begins, requested_at__lt=ends, status__in=_ASKED
    )
    spans = asked.annotate(span=F("decided_at") - F("requested_at")).values_list("span", flat=True)
    spans = [span and span.total_seconds() / 60 for span in spans]
    answered = sorted(span for span in spans if span is not None)
    return DayBefore(
        day=day,
        incidents=told["all"],
        acted=told["acted"],
        asked=len(spans),
        answered=len(answered),
        minutes=round(quantile7(answered, 0.5)) if answered else None,
        resolved=ended["all"],
        known=ended["known"],
        good=ended["good"],
    )


#: Requests that somebody had to answer; not those that were needless, nor a yes by phone.
_ASKED = ["open", "approved", "declined", "expired"]

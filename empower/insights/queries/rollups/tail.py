"""Which blocks the log has touched since it was read: what is stored of them is to be counted anew.

An event names what it is about; whatever became of it, the incident behind it is looked at as a whole: the day on which it
occurred (and those on which it was said to have, before), the days of its acts, requests, entries and scopes. Where its
cause may have changed, also the days of the same cause in the thirty after it, which may have become, or ceased to be, a
recurrence. Counting a block too many changes nothing.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, Min, Q, Subquery

from empower import clock
from empower.audit.models import AuditEvent, Position, Unsealed
from empower.incidents.models import Incident
from empower.journal.models import AccountKind, Posting
from empower.journal.queries import HELD
from empower.notices.models import Reading
from empower.spending.models import Approval, HistoryRow, Judged, Spend

from .blocks import HalfDay, blocks_of, micros, zones
from .ids import Ids

READER = "roll_ups"

#: More than this is not read while somebody waits: the facts answer, and the worker reads on.
MOST_EVENTS = 20_000

_CAUSES_MAY_CHANGE = ("incident.logged", "incident.imported", "incident.changed", "incident.voided")
_SUBJECTS = ("incident", "spend", "approval", "historyrow")


@dataclass(frozen=True)
class Tail:
    """What the log says beyond what was read: ``events`` about incidents, and the position to read ``next``.

    ``known``: the one that was to be read next before.
    """

    events: tuple
    next: int
    known: int

    def blocks(self):
        """The blocks that these events touch: {(property id, day)}. Some ten queries, whatever their number."""
        return touched_by(self.events)


def tail():
    """The `Tail`, or None where nothing was read yet or too much is new to be read in passing. One query, or three.

    Events that wait for their position are in it: nothing that was committed is missing.
    """
    last = Position.objects.order_by("-position").values("position")[:1]
    readings = Reading.objects.order_by().filter(name=READER).annotate(last=Subquery(last))
    state = readings.values_list("next_position", "last", Exists(Unsealed.objects.all())).first()
    if state is None:
        return None
    known, last, are_waiting = state
    new = 0 if last is None else max(0, last + 1 - known)
    if new > MOST_EVENTS:
        return None
    if not new and not are_waiting:
        return Tail((), known, known)
    events = AuditEvent.objects.order_by().filter(outcome=AuditEvent.Outcome.ACCEPTED, subject_type__in=_SUBJECTS)
    about = ("verb", "subject_type", "subject_id", "pk")
    found = list(events.filter(position__position__gte=known).values_list(*about)) if new else []
    found += events.filter(unsealed__isnull=False).values_list(*about)
    return Tail(tuple(found), known + new, known) if len(found) <= MOST_EVENTS else None


def log_ends_at():
    """The position that the next event will be given. One query."""
    last = Position.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def touched_by(events):
    """{(property id, day)} that these (verb, subject type, subject id, event id) touch."""
    ids, causes, said_before = set(), set(), []
    by_type = {name: {} for name in _SUBJECTS}
    for verb, kind, pk, event in events:
        by_type[kind].setdefault(pk, []).append((verb, event))
    for kind, model, incident in (
        ("spend", Spend, "incident"),
        ("approval", Approval, "spend__incident"),
        ("historyrow", HistoryRow, "incident"),
    ):
        if by_type[kind]:
            rows = model.objects.order_by().filter(pk__in=Ids(by_type[kind]))
            ids.update(rows.values_list(incident, flat=True))
    for pk, told in by_type["incident"].items():
        ids.add(pk)
        if any(verb in _CAUSES_MAY_CHANGE for verb, _event in told):
            causes.add(pk)
        said_before += [event for verb, event in told if verb == "incident.changed"]
    return _blocks_of(ids, causes, said_before)


def _blocks_of(ids, causes, said_before):
    moments, these = set(), Ids(ids)
    earlier = _said_before(said_before)
    moments.update((house, micros(moment)) for house, moment, *_cause in earlier)
    spends = Spend.objects.order_by().filter(incident__in=these)
    moments |= _extremes(Incident.objects.filter(pk__in=these), "occurred_at")
    moments |= _extremes(spends, "occurred_at", "posted_at")
    moments |= _extremes(Approval.objects.filter(spend__incident__in=these), "requested_at")
    of_acts_and_holds = Q(account__kind=AccountKind.EXPENSE) | Q(account__code=HELD)
    booked = Posting.objects.filter(of_acts_and_holds, incident_id__in=these)
    moments |= _extremes(booked, "entry__occurred_at", "entry__reverses__occurred_at")
    scopes = spends.filter(authority__isnull=False).values("authority")
    moments |= _extremes(Spend.objects.filter(authority__in=scopes, judged_as=Judged.OWN), "occurred_at")
    now = Incident.objects.order_by().filter(pk__in=Ids(causes), category__isnull=False, department__isnull=False)
    told = [*now.values_list("property", "occurred_at", "category", "department"), *earlier]
    for chunk in _chunks(told, 200):
        after = Q(pk__in=[])
        for _house, moment, category, department in chunk:
            until = moment + timedelta(days=30)
            after |= Q(category=category, department=department, occurred_at__gt=moment, occurred_at__lte=until)
        moments |= _extremes(Incident.objects.filter(after), "occurred_at")
    return blocks_of(moments)


def _extremes(rows, *columns):
    """{(property id, microseconds)}: the first and the last moment of each half day: in the block of the one or
    the other lies all between them, since no block is as short.
    """
    halves = {f"half_{column}": HalfDay(column) for column in columns}
    rows = rows.order_by().annotate(**halves).values("property", *halves)
    ends = {f"{end.name}_{column}": end(column) for column in columns for end in (Min, Max)}
    found = rows.annotate(**ends).values_list("property", *ends)
    return {(house, micros(at)) for house, *told in found for at in told if at is not None}


def _said_before(events):
    """(property id, occurred at, category id, department id) of what changed incidents were before."""
    found = []
    for text in AuditEvent.objects.order_by().filter(pk__in=Ids(events)).values_list("body", flat=True):
        before = json.loads(text)["before"]
        moment = datetime.fromisoformat(before["occurred_at"])
        found.append((before["property_id"], moment, before["category_id"], before["department_id"]))
    return found


def spans():
    """{property id: (first, last)} local day on which anything happened there. Five queries that read everything."""
    zone_of, found = zones(), {}
    for model, moment in (
        (Incident, "occurred_at"),
        (Spend, "occurred_at"),
        (Spend, "posted_at"),
        (Approval, "requested_at"),
        (Posting, "entry__occurred_at"),
    ):
        for house, *moments in (
            model.objects.order_by()
            .filter(**{f"{moment}__isnull": False})
            .values_list("property")
            .annotate(first=Min(moment), last=Max(moment))
        ):
            days = [clock.local_day(at, zone_of[house]) for at in moments]
            first, last = found.get(house, days)
            found[house] = min(first, days[0]), max(last, days[1])
    return found


def _chunks(of, size):
    return (of[place : place + size] for place in range(0, len(of), size))

"""Reading the log by its positions: each event once, with what is made of it, or not at all."""

from django.db import transaction
from django.db.models import Max

from empower.audit.models import AuditEvent, Position
from empower.audit.services import sequence_waiting_events

from ..models import Reading


def read_log(*, reader, verbs, take, batch=500):
    """Calls ``take(events)`` with the accepted events of ``verbs`` that ``reader`` has not read, in order, and moves it on.

    ``batch`` positions are one transaction with what ``take`` writes. Whoever reads for the first time begins with what
    comes from now on. Two queries when there is nothing new.
    """
    sequence_waiting_events()
    while True:
        last = Position.objects.aggregate(last=Max("position"))["last"]
        known = Reading.objects.filter(name=reader).first()
        if last is None or (known is not None and known.next_position > last):
            return
        with transaction.atomic():
            if known is None:
                # Insert first: a lock on a missing row locks nothing.
                Reading.objects.bulk_create([Reading(name=reader, next_position=last + 1)], ignore_conflicts=True)
                return
            _read_on(reader, verbs, take, batch, last)


def skip_log(*, reader):
    """What was said up to now is over for this reader."""
    read_log(reader=reader, verbs=[], take=lambda events: None, batch=2**62)


def _read_on(reader, verbs, take, batch, last):
    reading = Reading.objects.select_for_update(no_key=True).get(name=reader)
    if reading.next_position > last:
        return  # somebody else was here meanwhile
    up_to = min(reading.next_position + batch, last + 1)
    if verbs:
        events = AuditEvent.objects.since(reading.next_position).filter(
            position__position__lt=up_to, verb__in=verbs, outcome=AuditEvent.Outcome.ACCEPTED
        )
        take(list(events))
    reading.next_position = up_to
    reading.save(update_fields=["next_position"])

"""From the log to the deliveries: each event is read once, by its position."""

import logging
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from empower import clock
from empower.audit.models import AuditEvent, Position
from empower.audit.services import sequence_waiting_events
from empower.staff.models import Property

from ..event_types import BY_VERB, wants
from ..models import Delivery, Reading, Webhook
from .payloads import payload_of

log = logging.getLogger(__name__)

READER = "webhooks"


def dispatch_events(*, batch=500):
    """Writes a delivery for each webhook that wants an event, from where the reading stands. Returns how many.

    ``batch`` positions are one transaction, with the reading that moves over them: nothing is passed over, nothing comes
    twice, whoever dispatches beside us. What waits for its position is given it first. A webhook is told of what happens
    from its making on. Two queries when there is nothing new, nine a batch.
    """
    sequence_waiting_events()
    written = 0
    while True:
        last = Position.objects.aggregate(last=Max("position"))["last"]
        reading = Reading.objects.filter(name=READER).first()
        if last is None or (reading is not None and reading.next_position > last):
            return written
        with transaction.atomic():
            written += _dispatch(batch, last)


def _dispatch(batch, last):
    # Insert first: a lock on a missing row locks nothing.
    if not Reading.objects.filter(name=READER).exists():
        Reading.objects.bulk_create([Reading(name=READER)], ignore_conflicts=True)
    reading = Reading.objects.select_for_update(no_key=True).get(name=READER)
    if reading.next_position > last:
        return 0  # somebody else was here meanwhile
    webhooks = list(Webhook.objects.active().order_by("pk"))
    # Nobody listens: what was said is over, however much it was.
    up_to = min(reading.next_position + batch, last + 1) if webhooks else last + 1
    made = Delivery.objects.bulk_create(_deliveries(webhooks, reading.next_position, up_to)) if webhooks else []
    reading.next_position = up_to
    reading.save(update_fields=["next_position"])
    return len(made)


def _deliveries(webhooks, first, up_to):
    events = AuditEvent.objects.since(first).filter(
        position__position__lt=up_to, verb__in=list(BY_VERB), outcome=AuditEvent.Outcome.ACCEPTED
    )
    now, codes, made = clock.now(), None, []
    for event in events:
        to = [
            webhook
            for webhook in webhooks
            if webhook.property_id in (None, event.property_id) and webhook.created_at <= event.at
        ]
        if not to:
            continue
        codes = dict(Property.objects.values_list("pk", "code")) if codes is None else codes
        made += _told_to(to, event, codes, now)
    return made


def _told_to(webhooks, event, codes, now):
    made = []
    for event_type in BY_VERB[event.verb]:
        to = [webhook for webhook in webhooks if wants(webhook.event_types, event_type.name)]
        if not to or not event_type.applies_to(event):
            continue
        try:
            payload = payload_of(event_type, event, position=event.position.position, codes=codes)
        except (LookupError, TypeError, AttributeError, ValidationError):
            # One that can't be told must not keep all that come after it from being told.
            log.exception("Event %s can't be told as %s: it is passed over.", event.pk, event_type.name)
            continue
        made += [new_delivery(webhook, event_type.name, payload, now, event=event) for webhook in to]
    return made


def new_delivery(webhook, name, payload, now, *, event=None):
    """A row that is not saved here, due at once."""
    return Delivery(
        webhook=webhook,
        event=event,
        event_type=name,
        # Of no use to guess, and never the number of another message: not even after a backup was put back.
        message_id=f"msg_{uuid.uuid4().hex}",
        payload=payload,
        due_at=now,
        created_at=now,
    )

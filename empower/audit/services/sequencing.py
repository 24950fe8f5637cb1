"""The queue is given its positions."""

from django.db import connection, transaction
from django.db.models import Max

from ..models import Position, Unsealed

# Any number, as long as nothing else takes this lock: "empower" read as a number, in base 36.
SEQUENCER_LOCK = int("empower", 36)


def sequence_events(*, batch=500):
    """Gives every waiting event its position, 0, 1, 2 ... with no gap, ``batch`` to a transaction. Returns how many.

    Any number may run at once: one works, the rest wait for it (PostgreSQL by an advisory lock that ends with the
    transaction, SQLite by BEGIN IMMEDIATE). It takes what is in the queue, in the order of the ids; an event that
    commits late with a smaller id is in the queue then and comes later. Five statements a batch. An event that is
    committed after the last batch was read waits for the next run.
    """
    given = 0
    while True:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
            # Read after the lock, as a statement of its own: READ COMMITTED then sees what the one before us committed.
            events = list(Unsealed.objects.order_by("event_id").values_list("event_id", flat=True)[:batch])
            if events:
                last = Position.objects.aggregate(last=Max("position"))["last"]
                first = 0 if last is None else last + 1
                Position.objects.bulk_create(
                    Position(position=position, event_id=event) for position, event in enumerate(events, first)
                )
                Unsealed.objects.filter(event_id__in=events).delete()
        given += len(events)
        if len(events) < batch:
            return given


def sequence_waiting_events():
    """As `sequence_events`, without its lock where nothing waits: for who asks often. One query then."""
    return sequence_events() if Unsealed.objects.exists() else 0

"""The queue is given its positions."""

from django.db import connection, transaction
from django.db.models import Max

from ..models import Position, Unsealed

# Any number, as long as nothing else takes this lock: "empower" read as a number, in base 36.
SEQUENCER_LOCK = int("empower", 36)

# In the database, and not an object for each: thousands may wait. What is taken from the queue is what was given a position
# here: an event that is committed in between, with a smaller id, stays.
_GIVE = f"""
    INSERT INTO {Position._meta.db_table} (position, event_id)
    SELECT %s + row_number() OVER (ORDER BY event_id) - 1, event_id FROM {Unsealed._meta.db_table}
    ORDER BY event_id LIMIT %s
"""
_TAKE = f"""
    DELETE FROM {Unsealed._meta.db_table}
    WHERE event_id IN (SELECT event_id FROM {Position._meta.db_table} WHERE position >= %s)
"""


def sequence_events(*, batch=2000):
    """Gives every waiting event its position, 0, 1, 2 ... with no gap, ``batch`` to a transaction. Returns how many.

    Any number may run at once: one works, the rest wait for it (PostgreSQL by an advisory lock that ends with the
    transaction, SQLite by BEGIN IMMEDIATE). It takes what is in the queue, in the order of the ids; an event that
    commits late with a smaller id is in the queue then and comes later. Four statements a batch. An event that is
    committed after the last batch was read waits for the next run.
    """
    given = 0
    while True:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
            # Read after the lock, as a statement of its own: READ COMMITTED then sees what the one before us committed.
            last = Position.objects.aggregate(last=Max("position"))["last"]
            first = 0 if last is None else last + 1
            with connection.cursor() as cursor:
                cursor.execute(_GIVE, [first, batch])
                now_given = cursor.rowcount
                if now_given:
                    cursor.execute(_TAKE, [first])
        given += now_given
        if now_given < batch:
            return given


def sequence_waiting_events():
    """As `sequence_events`, without its lock where nothing waits: for who asks often. One query then."""
    return sequence_events() if Unsealed.objects.exists() else 0

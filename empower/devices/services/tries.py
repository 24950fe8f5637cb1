"""Wrong tries are counted before the secret is looked at: a thousand at once are no more than the few that are allowed."""

from datetime import timedelta

from empower import clock

#: The first rest; each further one in a row is twice as long.
FIRST_REST = timedelta(minutes=15)
LONGEST_REST = timedelta(hours=24)
# With others at the same row all the time one gives up, and the try counts as a wrong one.
_PATIENCE = 50


def take_a_try(row, *, most):
    """Counts one try at a `Tried` row, by a conditional UPDATE: None when it rests, else whether this was the last one.

    After ``most`` in a row without a success it rests: 15 minutes, then 30, up to a day. Call `was_right` after a success.
    """
    rows = type(row)._default_manager
    for _ in range(_PATIENCE):
        now = clock.now()
        if row.rests_until is not None and row.rests_until > now:
            return None
        was = {"failures": row.failures, "rests": row.rests, "rests_until": row.rests_until}
        is_last = row.failures + 1 >= most
        becomes = {
            "failures": 0 if is_last else row.failures + 1,
            "rests": min(row.rests + 1, 30) if is_last else row.rests,
            "rests_until": now + min(FIRST_REST * 2 ** min(row.rests, 10), LONGEST_REST) if is_last else None,
        }
        if rows.filter(pk=row.pk, **was).update(**becomes):
            for name, value in becomes.items():
                setattr(row, name, value)
            return is_last
        row.refresh_from_db(fields=list(was))
    return None


def was_right(row):
    """A success ends the counting."""
    if row.failures or row.rests or row.rests_until:
        type(row)._default_manager.filter(pk=row.pk).update(failures=0, rests=0, rests_until=None)

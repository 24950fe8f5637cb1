"""Many questions, one moment; and what changes with the log alone, asked once for each end of it."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from .log_end import log_end

#: The moment at which all queries stand, a `_Moment`, or None where each sees what is there by then.
_here = ContextVar("one_moment", default=None)

#: What was asked at the end of the log that was seen last: (end, {what: answer}). Replaced as a whole.
_told = ("", {})

#: More than this is not kept: each question of another day may ask for something else.
_MOST = 1000


class _Moment:
    """One snapshot of the database."""

    def __init__(self):
        self._end = None

    @property
    def end(self):
        if self._end is None:
            self._end = log_end()
        return self._end


@contextmanager
def one_moment():
    """Inside, every query sees the database as it is now, whatever others commit; on both engines nobody waits for us.

    Inside a transaction (a test's) that is the caller's affair.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            # All rows of each answer are read: a plan that finds the first ones soon is the slower one.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL cursor_tuple_fraction = 1")
            with _standing():
                yield
    else:
        # Not `atomic`, which begins as a writer here and would keep others from writing.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                with _standing():
                    yield
            finally:
                cursor.execute("ROLLBACK")


@contextmanager
def _standing():
    token = _here.set(_Moment())
    try:
        yield
    finally:
        _here.reset(token)


def end_of_log():
    """`log_end`, asked once in each moment."""
    moment = _here.get()
    return log_end() if moment is None else moment.end


def forget():
    """Nothing is remembered any more: for a process that goes on with another database."""
    global _told
    _told = ("", {})


def settled(what, ask):
    """``ask()``, remembered under ``what`` until something is commanded: for what no command leaves the same is never stale.

    Houses, teams, catalogues, allotments: what changes only with an event in the log. ``what`` is a hashable that holds
    all on which the answer rests, whose eyes too; the answer is shared, so nobody changes it. Asked anew outside of
    `one_moment`, where the log may go on between the two.
    """
    global _told
    moment = _here.get()
    if moment is None:
        return ask()
    end, told = _told
    if end != moment.end or len(told) > _MOST:
        told = {}
        _told = (moment.end, told)
    if what not in told:
        told[what] = ask()
    return told[what]

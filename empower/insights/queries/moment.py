"""Many questions, one moment; and what changes with the log alone, asked once for each end of it."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from .log_end import log_end

#: The moment at which all queries stand, as {what: what was answered to it}; None where each sees what is there by then.
_here = ContextVar("one_moment", default=None)

#: What was asked at the end of the log that was seen last: (end, {what: answer}). Replaced as a whole.
_told = ("", {})

#: More than this is not kept: each question of another day may ask for something else.
_MOST = 1000


@contextmanager
def one_moment():
    """Inside, every query sees the database as it is now, whatever others commit; on both engines nobody waits for us.

    Inside another it is that one. Inside a transaction (a test's) that is the caller's affair.
    """
    if connection.in_atomic_block or _here.get() is not None:
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
    token = _here.set({})
    try:
        yield
    finally:
        _here.reset(token)


def once(what, ask):
    """``ask()``, asked once in each moment; each time outside of one."""
    answers = _here.get()
    if answers is None:
        return ask()
    if what not in answers:
        answers[what] = ask()
    return answers[what]


def end_of_log():
    """`log_end`, asked once in each moment."""
    return once("end of the log", log_end)


def eyes_of(user):
    """What it rests on which houses, teams and figures somebody sees: who has the same may be told what was kept for them."""
    # Who is of no property sees themself alone.
    alone = None if user.property_id or user.sees_every_property else user.pk
    return user.is_active, user.is_superuser, user.role, user.signed_with_pin, user.property_id, alone


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
    if _here.get() is None:
        return ask()
    end, told = _told
    if end != end_of_log() or len(told) > _MOST:
        told = {}
        _told = (end_of_log(), told)
    if what not in told:
        told[what] = ask()
    return told[what]

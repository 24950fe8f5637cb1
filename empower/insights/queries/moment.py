"""Many questions, one moment."""

from contextlib import contextmanager

from django.db import connection, transaction


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
            yield
    else:
        # Not `atomic`, which begins as a writer here and would keep others from writing.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")

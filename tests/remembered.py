"""What many tests begin with is made by the services once in a run; after that its rows, their events included, are put
back as they were: for a short test the making is most of its time.

``remembered("the house", make)`` calls ``make()`` the first time, in the database of the moment, and answers what it
answered, copied, each time. It may build on what was remembered before, and must begin from the same rows each time.
Which of a run's processes makes it is left to chance: nothing of a process (a folder, a moment of its own) may be in it.
"""

import fcntl
import hashlib
import os
import pickle
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from tests import engine

_kept = {}  # by name: what was made; of `remembered`, with the rows added to each table and those changed


def remembered(name, make):
    """What ``make()`` made, its rows in the database."""
    is_here = []

    def make_it():
        before = _rows()
        made = make()
        is_here.append(True)
        return _added(before, _rows()), pickle.dumps(made)

    rows, made = once_in_a_run(name, make_it)
    if not is_here:
        _put_back(rows)
    return pickle.loads(made)


def once_in_a_run(name, make):
    """What ``make()`` answers in the process of this run that asks first; it has nothing to do with a database."""
    if name not in _kept:
        note = Path(os.environ[engine.WORKSHOP]) / f"remembered-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
        with open(f"{note}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not note.exists():
                _kept[name] = make()
                note.write_bytes(pickle.dumps(_kept[name]))
        if name not in _kept:
            _kept[name] = pickle.loads(note.read_bytes())
    return _kept[name]


def _rows():
    """Every row of every table, by the model's name for it."""
    with connection.cursor() as cursor:
        found = {}
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
                columns = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
                found[model._meta.db_table] = columns, cursor.fetchall()
        return found


def _added(before, after):
    """``{table: (columns, new rows, {id: {column: value}} of those that were changed)}``."""
    added = {}
    for table, (columns, rows) in after.items():
        known = set(before[table][1])
        new = [row for row in rows if row not in known]
        changed = {}
        if gone := known - set(rows):
            place = columns.index("id")
            later = {row[place]: row for row in new}
            if not all(row[place] in later for row in gone):
                raise AssertionError(f"What stood in {table} is taken away: that can't be put back by adding rows.")
            for row in gone:
                pairs = zip(columns, row, later.pop(row[place]), strict=True)
                changed[row[place]] = {name: value for name, was, value in pairs if value != was}
            new = list(later.values())
        if new or changed:
            added[table] = columns, new, changed
    return added


def batched(rows, size):
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _put_back(tables):
    quote = connection.ops.quote_name
    # In one transaction: foreign keys are asked at its end, whichever table comes first.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows, changed) in tables.items():
            marks = f"({', '.join(['%s'] * len(columns))})"
            names = ", ".join(map(quote, columns))
            for some in batched(rows, 20_000 // len(columns)):
                cursor.execute(
                    f"INSERT INTO {quote(table)} ({names}) VALUES {', '.join([marks] * len(some))}",
                    [value for row in some for value in row],
                )
            for key, values in changed.items():
                told = ", ".join(f"{quote(name)} = %s" for name in values)
                cursor.execute(f"UPDATE {quote(table)} SET {told} WHERE id = %s", [*values.values(), key])
        # These numbers were given out in another database, perhaps; the next ones come after them in this one too.
        models = [model for model in apps.get_models() if model._meta.db_table in tables]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)

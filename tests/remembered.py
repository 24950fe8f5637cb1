"""What many tests begin with is made by the services once in each process of the tests; after that its rows, their events
included, are put back as they were: for a short test the making is most of its time.

``remembered("the house", make)`` calls ``make()`` the first time, in the database of the moment, and answers what it
answered, copied, each time. It may build on what was remembered before, and must begin from the same rows each time.
"""

import pickle

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

_kept = {}  # by name: (the rows of each table, what was made as bytes)


def remembered(name, make):
    """What ``make()`` made, its rows in the database."""
    if name not in _kept:
        before = _rows()
        made = make()
        _kept[name] = _added(before, _rows()), pickle.dumps(made)
    else:
        _put_back(_kept[name][0])
    return pickle.loads(_kept[name][1])


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
    added = {}
    for table, (columns, rows) in after.items():
        known = set(before[table][1])
        if not known <= set(rows):
            raise AssertionError(f"The cast changes what stood in {table}: that can't be put back by adding rows.")
        if new := [row for row in rows if row not in known]:
            added[table] = columns, new
    return added


def _put_back(tables):
    quote = connection.ops.quote_name
    # In one transaction: foreign keys are asked at its end, whichever table comes first.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in tables.items():
            marks = ", ".join(f"({', '.join(['%s'] * len(columns))})" for _ in rows)
            names = ", ".join(map(quote, columns))
            cursor.execute(
                f"INSERT INTO {quote(table)} ({names}) VALUES {marks}", [value for row in rows for value in row]
            )
        # These numbers were given out in another database, perhaps; the next ones come after them in this one too.
        models = [model for model in apps.get_models() if model._meta.db_table in tables]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)

"""Writing millions of rows: COPY on PostgreSQL, one prepared INSERT on SQLite; no trigger and no key is asked meanwhile."""

from contextlib import contextmanager

from django.db import connection, models

from empower import append_only


class Rows:
    """Rows of one model, gathered and written by the ten thousand. ``add`` takes values by attribute (``spend_id``)."""

    def __init__(self, model):
        self.table = model._meta.db_table
        fields = model._meta.concrete_fields
        self.columns = [one.column for one in fields]
        self.places = {one.attname: place for place, one in enumerate(fields)}
        self.blank = [_blank(one) for one in fields]
        self.waiting = []

    def add(self, **values):
        row = self.blank.copy()
        for name, value in values.items():
            row[self.places[name]] = value
        self.waiting.append(row)
        if len(self.waiting) >= 10_000:
            self.write()

    def write(self):
        rows, self.waiting = self.waiting, []
        names = ", ".join(f'"{name}"' for name in self.columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{self.table}" ({names}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                told = [[_on_sqlite(value) for value in row] for row in rows]
                marks = ", ".join("?" * len(self.columns))
                cursor.connection.executemany(f'INSERT INTO "{self.table}" ({names}) VALUES ({marks})', told)


def _blank(field):
    if isinstance(field, models.AutoField | models.BigAutoField) or field.null:
        return None
    default = field.get_default()
    return default() if callable(default) else default


def _on_sqlite(value):
    # As Django writes a moment there: UTC, without a zone.
    return value.replace(tzinfo=None).isoformat(" ") if hasattr(value, "tzinfo") else value


@contextmanager
def nothing_asked(tables):
    """Inside, triggers and foreign keys are off; afterwards they are back, and ids go on after the last."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL')
            yield
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER ALL')
                cursor.execute(
                    f"SELECT pg_get_serial_sequence('\"{table}\"', 'id') FROM information_schema.columns "
                    "WHERE table_name = %s AND column_name = 'id'",
                    [table],
                )
                for (sequence,) in cursor.fetchall():
                    cursor.execute(f'SELECT setval(%s, (SELECT max(id) FROM "{table}"))', [sequence])
            append_only.install(connection)
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
            cursor.execute("BEGIN IMMEDIATE")
            yield
            cursor.execute("COMMIT")
            append_only.install(connection)
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("ANALYZE")

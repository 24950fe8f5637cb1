"""Tables that are written once, kept so by the database: triggers that only refuse, from any client, on either engine.

A model says so itself::

    class AuditEvent(models.Model):
        append_only = True

and that is all: after every migrate, on every database, its table gets

* PostgreSQL: ``<table>_is_written_once`` (BEFORE UPDATE OR DELETE, row) and ``<table>_is_not_emptied`` (BEFORE
  TRUNCATE, statement), both ENABLE ALWAYS, so that a replica's role doesn't slip by;
* SQLite: ``<table>_refuses_update``, ``<table>_refuses_delete`` and ``<table>_refuses_replace``: BEFORE INSERT, where a
  row with the same key (primary or of any unique index) is there; REPLACE goes round the first two, silently.

After *every* migrate, since Django remakes a SQLite table to alter it, and the triggers go with the old one.

A refusal is an IntegrityError: ``audit_auditevent is written once: correct it with a new row``. On SQLite a second row
with a known key is refused so too, before the unique index can, and so ``ignore_conflicts`` ignores nothing there.

What else an app wants the database to refuse, it registers in its ``ready``, in the words of each engine::

    append_only.register(
        "journal_seal",
        "journal_seal",
        sqlite_sql=["CREATE TRIGGER journal_seal_balances BEFORE INSERT ON journal_seal ..."],
        postgresql_sql=["CREATE OR REPLACE FUNCTION ...", "CREATE CONSTRAINT TRIGGER journal_seal_balances ..."],
    )

One statement an item; the names of triggers, tables and functions are read from them. They are checked and put back
with the rest. On PostgreSQL each function is told where to look for its tables: whoever may make a temporary table of
the same name would have it read instead. A trigger stops mistakes, other programs and a careless hand; who owns the
database can drop it, which is what the signed checkpoints are for.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from django.apps import apps
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.db.models.signals import post_migrate, pre_migrate

MESSAGE = "%s is written once: correct it with a new row"

# ERRCODE restrict_violation: Django raises it as an IntegrityError, as it does for SQLite's RAISE(ABORT).
_REFUSING = "refuse_to_rewrite"
_REFUSING_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {_REFUSING}() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN
    RAISE EXCEPTION '{MESSAGE.replace("%s", "%")}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$refuse$
"""

_TRIGGER = re.compile(
    r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER\s+(?:IF\s+NOT\s+EXISTS\s+)?\"?(\w+)\"?\s"
    r".*?\sON\s+\"?(\w+)\"?\s",
    re.IGNORECASE | re.DOTALL,
)
_FUNCTION = re.compile(
    r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+\"?(\w+)\"?\s*\(.*?(\$\w*\$)(.*?)\2", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Trigger:
    """One trigger as it should be: its name, its table, the statement that makes it."""

    name: str
    table: str
    sql: str
    is_extra: bool = False


#: What the apps registered: name -> (table, SQLite statements, PostgreSQL statements).
EXTRA = {}


def register(name, table, sqlite_sql=(), postgresql_sql=()):
    """Adds triggers of an app's own, under a ``name`` (a second time it takes the place of the first).

    They are made where ``table`` is. Each item is one CREATE TRIGGER, or on PostgreSQL a CREATE OR REPLACE FUNCTION
    that returns a trigger and quotes its body with dollars. No ``DROP``: that is done here.
    """
    for statement in sqlite_sql:
        if not _TRIGGER.match(statement):
            raise ImproperlyConfigured(f"{name}: not a CREATE TRIGGER: {statement[:60]}")
    for statement in postgresql_sql:
        if not (_TRIGGER.match(statement) or _FUNCTION.match(statement)):
            raise ImproperlyConfigured(f"{name}: neither CREATE TRIGGER nor CREATE FUNCTION: {statement[:60]}")
    EXTRA[name] = (table, tuple(sqlite_sql), tuple(postgresql_sql))


def append_only_tables():
    """The tables of the models that carry ``append_only = True``, by name."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "append_only", False) and not model._meta.proxy
    )


def missing(connection):
    """A sentence for each trigger that is gone, altered or switched off; [] when all is well.

    Tables that are not there yet lack nothing.
    """
    with connection.cursor() as cursor:
        engine = _engine(connection)
        return [f"{trigger.table}: {fault}" for trigger, fault in engine.faults(cursor, *_expected(connection, cursor))]


def install(connection):
    """Puts right what ``missing`` finds, in one transaction; when nothing is, it changes nothing and takes no lock."""
    engine = _engine(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        triggers, functions = _expected(connection, cursor)
        if list(engine.faults(cursor, triggers, functions)):
            engine.make(cursor, triggers, functions)


def connect(app_config):
    """Called once, by the ground floor's ``ready``: installs after every migrate, and checks when asked to."""
    # Django sends the signal once for each app, after all migrations have run; with a sender it is heard once.
    post_migrate.connect(_after_migrate, sender=app_config, dispatch_uid="append_only.install")
    pre_migrate.connect(_before_migrate, sender=app_config, dispatch_uid="append_only.step_aside")
    checks.register(check_triggers, checks.Tags.database)


def check_triggers(app_configs=None, databases=None, **kwargs):
    """For ``check --database default``. A warning: as an error it would stop the migrate that mends it."""
    return [
        checks.Warning(
            fault, hint="Run `manage.py migrate`, which puts the triggers back.", obj=alias, id="append_only.W001"
        )
        for alias in databases or []
        if connections[alias].vendor in _ENGINES
        for fault in missing(connections[alias])
    ]


def _after_migrate(using, **kwargs):
    install(connections[using])


def _before_migrate(using, plan=(), **kwargs):
    """On SQLite a table can't be remade while another table's trigger speaks of it: those stand aside meanwhile."""
    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for trigger in _expected(connection, cursor)[0]:
                if trigger.is_extra:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {_quote(trigger.name)}")


def _engine(connection):
    try:
        return _ENGINES[connection.vendor]
    except KeyError:
        raise ImproperlyConfigured(f"No triggers are known for {connection.vendor}: PostgreSQL or SQLite.") from None


def _expected(connection, cursor):
    """(triggers, functions): what ought to stand in this database, for the tables that are there."""
    engine, here = (_engine(connection), set(connection.introspection.table_names(cursor)))
    triggers = [
        trigger for table in append_only_tables() if table in here for trigger in engine.refusals(cursor, table)
    ]
    functions = dict(engine.functions)
    for table, *statements in EXTRA.values():
        if table not in here:
            continue
        for statement in statements[engine.place]:
            if match := _TRIGGER.match(statement):
                if match[2] in here:
                    triggers.append(Trigger(match[1], match[2], statement.strip().rstrip(";"), is_extra=True))
            else:
                functions[_FUNCTION.match(statement)[1]] = statement
    return triggers, functions


def _quote(name):
    return '"' + name.replace('"', '""') + '"'


class _SQLite:
    place = 0
    functions = {}

    @staticmethod
    def refusals(cursor, table):
        message = (MESSAGE % table).replace("'", "''")
        for verb in ("update", "delete"):
            name = f"{table}_refuses_{verb}"
            yield Trigger(
                name,
                table,
                f"CREATE TRIGGER {_quote(name)} BEFORE {verb.upper()} ON {_quote(table)} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
            )
        name = f"{table}_refuses_replace"
        yield Trigger(
            name,
            table,
            f"CREATE TRIGGER {_quote(name)} BEFORE INSERT ON {_quote(table)} "
            f"WHEN {' OR '.join(_SQLite._clashes(cursor, table))} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        )

    @staticmethod
    def _clashes(cursor, table):
        """SQL conditions, one for each unique key: a row with the values of NEW is there. A NULL clashes with nothing.

        Read from the database, not from the models: a unique index made by hand opens the same door.
        """
        columns = cursor.execute("SELECT name, pk FROM pragma_table_info(%s) ORDER BY cid", [table]).fetchall()
        # The rowid too: where the primary key is a text, a REPLACE may name the hidden one. Left out, it reads -1.
        keys = [(["rowid"], None), ([name for name, pk in columns if pk], None)]
        indexes = cursor.execute(
            "SELECT name, partial FROM pragma_index_list(%s) WHERE \"unique\" AND origin <> 'pk' ORDER BY name", [table]
        ).fetchall()
        for index, partial in indexes:
            indexed = cursor.execute("SELECT name FROM pragma_index_info(%s) ORDER BY seqno", [index]).fetchall()
            names = [name for (name,) in indexed]
            if None in names:
                raise ImproperlyConfigured(f"{table}: {index} is unique by an expression; say it in columns.")
            condition = None
            if partial:
                cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [index])
                condition = re.search(r"\)\s*WHERE\s+(.*)$", cursor.fetchone()[0], re.IGNORECASE | re.DOTALL)[1]
            keys.append((names, condition))
        # Partial indexes: the condition must hold for NEW as well, here a table of one row with the same column names.
        new_row = ", ".join(f"NEW.{_quote(name)} AS {_quote(name)}" for name, _ in columns)
        for names, condition in keys:
            same = " AND ".join(f"{_quote(name)} = NEW.{_quote(name)}" for name in names)
            if condition is None:
                yield f"EXISTS (SELECT 1 FROM {_quote(table)} WHERE {same})"
            else:
                yield (
                    f"(EXISTS (SELECT 1 FROM {_quote(table)} WHERE {same} AND ({condition})) "
                    f"AND EXISTS (SELECT 1 FROM (SELECT {new_row}) WHERE {condition}))"
                )

    @staticmethod
    def faults(cursor, triggers, functions):
        stored = dict(cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
        # A space for any run of them: SQLite keeps the text as it was typed.
        for trigger in triggers:
            if trigger.name not in stored:
                yield trigger, f"the trigger {trigger.name} is missing"
            elif stored[trigger.name].split() != trigger.sql.split():
                yield trigger, f"the trigger {trigger.name} is not as it was made"

    @staticmethod
    def make(cursor, triggers, functions):
        for trigger in triggers:
            cursor.execute(f"DROP TRIGGER IF EXISTS {_quote(trigger.name)}")
            cursor.execute(trigger.sql)


class _PostgreSQL:
    place = 1
    functions = {_REFUSING: _REFUSING_FUNCTION}

    @staticmethod
    def refusals(cursor, table):
        for suffix, what in (
            ("is_written_once", "BEFORE UPDATE OR DELETE ON {} FOR EACH ROW"),
            ("is_not_emptied", "BEFORE TRUNCATE ON {} FOR EACH STATEMENT"),
        ):
            name = f"{table}_{suffix}"[:63]  # PostgreSQL cuts it there
            yield Trigger(
                name,
                table,
                f"CREATE TRIGGER {_quote(name)} {what.format(_quote(table))} EXECUTE FUNCTION {_REFUSING}()",
            )

    @staticmethod
    def faults(cursor, triggers, functions):
        cursor.execute(
            """
            SELECT tgname, relname, tgenabled::text, obj_description(pg_trigger.oid, 'pg_trigger')
            FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
            WHERE NOT tgisinternal AND pg_table_is_visible(tgrelid)
            """
        )
        stored = {(name, table): (enabled, mark) for name, table, enabled, mark in cursor.fetchall()}
        cursor.execute(
            "SELECT proname, prosrc, proconfig FROM pg_proc WHERE proname = ANY(%s) AND pg_function_is_visible(oid)",
            [list(functions)],
        )
        made = {name: (body, settings) for name, body, settings in cursor.fetchall()}
        looking = [f"search_path={_PostgreSQL._search_path(cursor, triggers)}"]
        for trigger in triggers:
            enabled, mark = stored.get((trigger.name, trigger.table), (None, None))
            if enabled is None:
                yield trigger, f"the trigger {trigger.name} is missing"
            elif enabled != "A":
                yield trigger, f"the trigger {trigger.name} is switched off"
            elif mark != _mark(trigger.sql):
                yield trigger, f"the trigger {trigger.name} is not as it was made"
        for name, statement in functions.items():
            if triggers and made.get(name) != (_FUNCTION.match(statement)[3], looking):
                yield (Trigger(name, "functions", statement), f"the function {name} is not as it was made")

    @staticmethod
    def _search_path(cursor, triggers):
        """What a function may see: the schema that the tables are in. ``pg_temp`` is named, since unnamed it is first."""
        cursor.execute(
            "SELECT quote_ident(nspname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
            "WHERE relname = ANY(%s) AND relkind IN ('r', 'p') AND relpersistence <> 't' AND pg_table_is_visible(pg_class.oid)",
            [[trigger.table for trigger in triggers]],
        )
        return ", ".join(["pg_catalog", *sorted({schema for (schema,) in cursor.fetchall()}), "pg_temp"])

    @staticmethod
    def make(cursor, triggers, functions):
        search_path = _PostgreSQL._search_path(cursor, triggers)
        for name, statement in functions.items():
            cursor.execute(statement)
            cursor.execute(f"ALTER FUNCTION {_quote(name)}() SET search_path = {search_path}")
        for trigger in triggers:
            name, table = _quote(trigger.name), _quote(trigger.table)
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            cursor.execute(trigger.sql)
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
            cursor.execute(f"COMMENT ON TRIGGER {name} ON {table} IS '{_mark(trigger.sql)}'")


def _mark(sql):
    """Kept as the trigger's comment, since PostgreSQL does not keep the statement: a new release makes it anew."""
    return sha256(" ".join(sql.split()).encode()).hexdigest()[:16]


_ENGINES = {"sqlite": _SQLite, "postgresql": _PostgreSQL}

"""The database refuses to rewrite what is written once: from any client, after any migrate."""

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from empower import append_only
from empower.audit.models import AuditEvent, Position
from empower.audit.services import record_event, sequence_events
from tests.audit.people import MARIA

on_sqlite = pytest.mark.sqlite
on_postgresql = pytest.mark.postgres


@pytest.fixture
def event(db):
    event = record_event(actor=MARIA, verb="spend.posted")
    sequence_events()
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE and DROP TRIGGER stumble over the checks that wait
    return event


def run(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)


def refused(statement, *parameters, table="audit_auditevent"):
    message = f"{table} is written once: correct it with a new row"
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        run(statement, *parameters)
    return True


def test_update_and_delete_are_refused_from_raw_sql_and_from_the_orm(event):
    assert refused("UPDATE audit_auditevent SET verb = 'spend.denied'")
    assert refused("UPDATE audit_auditevent SET verb = verb WHERE id = %s", event.pk)
    assert refused("DELETE FROM audit_auditevent")
    assert refused("UPDATE audit_position SET position = 5", table="audit_position")
    assert refused("DELETE FROM audit_position", table="audit_position")
    for rewrite in (
        lambda: AuditEvent.objects.update(verb="spend.denied"),
        lambda: Position.objects.all().delete(),
        lambda: AuditEvent.objects.bulk_update([event], ["verb"]),
        event.save,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rewrite()
    assert AuditEvent.objects.get() == event
    assert Position.objects.get().event == event


COLUMNS = "id, at, verb, outcome, subject_type, body, digest"


@on_sqlite
@pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE", "INSERT", "UPDATE OR REPLACE"])
def test_no_kind_of_replace_goes_round_it(event, verb):
    if verb.startswith("UPDATE"):
        assert refused("UPDATE OR REPLACE audit_position SET position = position", table="audit_position")
        return
    values = "'2026-01-01', 'spend.denied', 'accepted', '', '{}', ''"
    for same in (f"{event.pk}", f"'{event.pk}'", f"{event.pk}.0"):
        assert refused(f"{verb} INTO audit_auditevent ({COLUMNS}) VALUES ({same}, {values})")
    assert AuditEvent.objects.get().verb == "spend.posted"


@on_sqlite
def test_a_replace_by_another_unique_column_is_refused_too(event):
    assert refused(f"REPLACE INTO audit_position (position, event_id) VALUES (9, {event.pk})", table="audit_position")
    assert refused(
        f"INSERT INTO audit_position (position, event_id) VALUES (9, {event.pk}) "
        "ON CONFLICT (event_id) DO UPDATE SET position = 9",
        table="audit_position",
    )
    assert Position.objects.get().position == 0


@on_sqlite
def test_a_new_row_passes_the_guard(event):
    for _ in range(3):
        record_event(actor=MARIA, verb="spend.posted")
    assert sequence_events() == 3


@on_postgresql
def test_truncate_is_refused(event):
    assert refused("TRUNCATE audit_auditevent CASCADE")
    assert refused("TRUNCATE audit_position", table="audit_position")


@on_postgresql
def test_an_upsert_is_refused(event):
    assert refused(
        f"INSERT INTO audit_position (position, event_id) VALUES (9, {event.pk}) "
        "ON CONFLICT (event_id) DO UPDATE SET position = 9",
        table="audit_position",
    )


@on_postgresql
def test_the_role_of_a_replica_is_refused_as_well(event):
    with transaction.atomic():
        run("SET LOCAL session_replication_role = replica")
        assert refused("DELETE FROM audit_position", table="audit_position")


# --- there, always --------------------------------------------------------------------------------------------------


def triggers_of(table):
    with connection.cursor() as cursor:
        return [t.name for t in append_only._expected(connection, cursor)[0] if t.table == table]


def drop(name, table):
    run(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))


@pytest.mark.django_db
def test_every_model_that_says_so_is_guarded():
    assert {"audit_auditevent", "audit_position"} <= set(append_only.append_only_tables())
    assert "audit_unsealed" not in append_only.append_only_tables()
    assert append_only.missing(connection) == []


@pytest.mark.django_db
def test_a_trigger_that_is_gone_is_named_by_missing_and_by_the_check_and_put_back_by_install():
    for name in triggers_of("audit_auditevent"):
        drop(name, "audit_auditevent")
        assert append_only.missing(connection) == [f"audit_auditevent: the trigger {name} is missing"]
        warnings = run_checks(tags=["database"], databases=["default"])
        assert [w.msg for w in warnings if w.id == "append_only.W001"] == append_only.missing(connection)
        append_only.install(connection)
        assert append_only.missing(connection) == []


@pytest.mark.django_db
def test_a_trigger_that_was_made_harmless_is_named():
    if connection.vendor == "sqlite":
        drop("audit_position_refuses_delete", "audit_position")
        run("CREATE TRIGGER audit_position_refuses_delete BEFORE DELETE ON audit_position BEGIN SELECT 1; END")
        expected = "audit_position: the trigger audit_position_refuses_delete is not as it was made"
    else:
        run("ALTER TABLE audit_position ENABLE TRIGGER audit_position_is_written_once")
        expected = "audit_position: the trigger audit_position_is_written_once is switched off"
    assert append_only.missing(connection) == [expected]
    append_only.install(connection)
    assert append_only.missing(connection) == []


@on_postgresql
@pytest.mark.django_db
def test_a_function_that_was_made_harmless_is_named():
    run("CREATE OR REPLACE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'")
    assert append_only.missing(connection) == ["functions: the function refuse_to_rewrite is not as it was made"]
    append_only.install(connection)
    assert append_only.missing(connection) == []


@on_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(
    "looking", ["RESET search_path", "SET search_path = pg_temp, public", "SET search_path = pg_catalog, public"]
)
def test_a_function_that_looks_for_its_tables_elsewhere_is_named_and_mended(looking):
    run(f"ALTER FUNCTION journal_refuse_posting_into_sealed() {looking}")
    assert append_only.missing(connection) == [
        "functions: the function journal_refuse_posting_into_sealed is not as it was made"
    ]
    append_only.install(connection)
    assert append_only.missing(connection) == []


@on_postgresql
@pytest.mark.django_db
def test_every_function_of_ours_looks_among_the_temporary_tables_last():
    with connection.cursor() as cursor:
        functions = append_only._expected(connection, cursor)[1]
        cursor.execute("SELECT proname, proconfig FROM pg_proc WHERE proname = ANY(%s)", [list(functions)])
        told = dict(cursor.fetchall())
    assert set(told) == set(functions)
    assert len(told) >= 5
    assert set(map(tuple, told.values())) == {("search_path=pg_catalog, public, pg_temp",)}


@pytest.mark.django_db
def test_when_all_is_there_install_changes_nothing(django_assert_max_num_queries, django_capture_on_commit_callbacks):
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        append_only.install(connection)
    assert not [q["sql"] for q in queries if q["sql"].split()[0] in {"CREATE", "DROP", "ALTER", "COMMENT"}]


def test_a_migrate_puts_back_what_is_gone(own_database):
    name = triggers_of("audit_auditevent")[0]
    drop(name, "audit_auditevent")
    call_command("migrate", verbosity=0)
    assert append_only.missing(connection) == []


def test_one_migrate_installs_once(own_database, monkeypatch):
    installed = []
    monkeypatch.setattr(append_only, "install", lambda connection: installed.append(connection.alias))
    call_command("migrate", verbosity=0)
    assert installed == ["default"]


@on_sqlite
def test_a_remade_table_loses_its_triggers_and_a_migrate_brings_them_back(own_database):
    with transaction.atomic():
        record_event(actor=MARIA, verb="spend.posted")
    with connection.schema_editor() as editor:
        editor._remake_table(Position)
    assert len(append_only.missing(connection)) == 4
    call_command("migrate", verbosity=0)
    assert append_only.missing(connection) == []
    assert AuditEvent.objects.count() == 1


# --- what an app adds -----------------------------------------------------------------------------------------------

# The worked example: an event can't join the queue before... no verb of the log is "forbidden", on either engine.
SQLITE = [
    """CREATE TRIGGER audit_position_knows_its_event BEFORE INSERT ON audit_position
       WHEN (SELECT verb FROM audit_auditevent WHERE id = NEW.event_id) = 'forbidden'
       BEGIN SELECT RAISE(ABORT, 'no position for a forbidden verb'); END;"""
]
POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION audit_refuse_forbidden() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
           IF (SELECT verb FROM audit_auditevent WHERE id = NEW.event_id) = 'forbidden' THEN
               RAISE EXCEPTION 'no position for a forbidden verb' USING ERRCODE = 'check_violation';
           END IF;
           RETURN NEW;
       END $$""",
    """CREATE CONSTRAINT TRIGGER audit_position_knows_its_event AFTER INSERT ON audit_position
       DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION audit_refuse_forbidden()""",
]


@pytest.fixture
def extra(monkeypatch):
    monkeypatch.setattr(append_only, "EXTRA", dict(append_only.EXTRA))
    append_only.register("audit_forbidden", "audit_position", sqlite_sql=SQLITE, postgresql_sql=POSTGRESQL)


@pytest.mark.django_db
def test_an_app_s_own_trigger_is_missed_installed_and_refuses(extra):
    missed = append_only.missing(connection)
    assert "audit_position: the trigger audit_position_knows_its_event is missing" in missed
    append_only.install(connection)
    append_only.install(connection)
    assert append_only.missing(connection) == []
    record_event(actor=MARIA, verb="forbidden")
    with pytest.raises(IntegrityError, match="no position for a forbidden verb"), transaction.atomic():
        sequence_events()


@pytest.mark.django_db
def test_a_new_release_of_a_trigger_takes_the_place_of_the_old(extra):
    append_only.install(connection)
    append_only.register(
        "audit_forbidden",
        "audit_position",
        sqlite_sql=[sql.replace("'forbidden'", "'banned'") for sql in SQLITE],
        postgresql_sql=[sql.replace("'forbidden'", "'banned'") for sql in POSTGRESQL],
    )
    assert len(append_only.missing(connection)) == 1
    append_only.install(connection)
    assert append_only.missing(connection) == []
    record_event(actor=MARIA, verb="forbidden")
    assert sequence_events() == 1


@on_sqlite
def test_a_table_of_which_another_s_trigger_speaks_can_still_be_remade(own_database, extra):
    append_only.install(connection)
    append_only._before_migrate(using="default", plan=[("some", False)])
    with connection.schema_editor() as editor:
        editor._remake_table(AuditEvent)
    append_only._after_migrate(using="default")
    assert append_only.missing(connection) == []


@pytest.mark.parametrize("statement", ["DROP TRIGGER x", "SELECT 1", ""])
def test_what_makes_no_trigger_is_not_registered(extra, statement):
    with pytest.raises(ImproperlyConfigured):
        append_only.register("x", "audit_position", sqlite_sql=[statement])
    with pytest.raises(ImproperlyConfigured):
        append_only.register("x", "audit_position", postgresql_sql=[statement])


# --- unique keys of every kind --------------------------------------------------------------------------------------


@on_sqlite
@isolate_apps("empower.audit")
@pytest.mark.django_db(transaction=False)
def test_replace_is_refused_by_each_unique_key_and_by_partial_ones_only_where_they_hold(monkeypatch):
    class Page(models.Model):
        append_only = True
        code = models.CharField(max_length=9, primary_key=True)
        number = models.IntegerField(unique=True, null=True)
        book = models.IntegerField(default=0)
        leaf = models.IntegerField(null=True)
        is_last = models.BooleanField(default=False)

        class Meta:
            app_label = "audit"
            constraints = [
                models.UniqueConstraint(name="page_one_leaf", fields=["book", "leaf"]),
                models.UniqueConstraint(name="page_one_last", fields=["book"], condition=models.Q(is_last=True)),
            ]

    monkeypatch.setattr(append_only, "append_only_tables", lambda: ["audit_page"])
    monkeypatch.setattr(append_only, "EXTRA", {})
    with connection.cursor() as cursor:
        for statement in statements_that_create(Page):
            cursor.execute(statement)
    append_only.install(connection)

    def put(code, number=None, book=0, leaf=None, is_last=False, verb="REPLACE"):
        run(
            f"{verb} INTO audit_page (code, number, book, leaf, is_last) VALUES (%s, %s, %s, %s, %s)",
            *(code, number, book, leaf, is_last),
        )

    put("a", 1, 7, 1, True)
    put("b", 2, 7, 2)
    put("c", None, 7, None)
    put("d", None, 7, None)  # two NULLs are not the same
    for same in (("a",), ("e", 1), ("e", 9, 7, 1), ("e", 9, 7, 9, True)):
        with pytest.raises(IntegrityError, match="audit_page is written once"), transaction.atomic():
            put(*same)
    with pytest.raises(IntegrityError, match="audit_page is written once"), transaction.atomic():
        run("REPLACE INTO audit_page (rowid, code, book, is_last) VALUES (1, 'z', 1, 0)")
    put("f", 10, 8, 1, True)
    assert Page.objects.count() == 5


def statements_that_create(model):
    """schema_editor can't be used in a transaction on SQLite; it can write down what it would do."""
    editor = connection.SchemaEditorClass(connection, collect_sql=True, atomic=False)
    editor.deferred_sql = []
    editor.create_model(model)
    return [sql for sql in (*editor.collected_sql, *map(str, editor.deferred_sql)) if not sql.startswith("--")]


def test_the_marker_is_read_from_the_apps():
    marked = {model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)}
    assert set(append_only.append_only_tables()) == marked

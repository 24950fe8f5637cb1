"""A small cast with fixed relations, the same in every test: a name says the role and the house.

::

    LAX (USD, Los Angeles)   maria, tomas frontline    omar manager    grace general manager    front_desk, dining
    NYC (USD, New York)      paul frontline                            gina general manager     front_desk
    PAR (EUR, Paris)         amelie frontline          louis manager                            front_desk
    KYO (JPY, Tokyo)         haruka frontline          kenji manager                            front_desk
    no property              chen leader    ada auditor    admin superuser
    guests                   jones, and a second of LAX, rivera; smith of NYC; dupont of PAR; sato of KYO

All with the password ``demo``. The houses opened long ago, so that a test may stand (`clock.standing_at`) at any moment
since, and meet the default policy. ``scene`` is the fixture for a test in a transaction (it takes the ``db`` fixture);
for own_database, call ``set_the_scene()``.

The services make the cast once in each process of the tests. After that its rows, their events included, are put back as
they were: most tests want it, and it is a third of the time of a short one.
"""

import pickle
from datetime import UTC, datetime
from types import SimpleNamespace

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from empower import clock
from tests import factories as make

OPENED = datetime(2025, 1, 1, tzinfo=UTC)


_kept = None  # what the services made the first time: (the rows of each table, the cast as bytes)


def set_the_scene():
    """Makes the cast in the database of the moment, which holds nobody yet; answers it by name."""
    global _kept
    if _kept is None:
        before = _rows()
        with clock.standing_at(OPENED):
            cast = _cast()
        _kept = _added(before, _rows()), pickle.dumps(cast)
    else:
        _put_back(_kept[0])
    return pickle.loads(_kept[1])


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


def _cast():
    scene = SimpleNamespace()
    for code, currency, timezone in (
        ("LAX", "USD", "America/Los_Angeles"),
        ("NYC", "USD", "America/New_York"),
        ("PAR", "EUR", "Europe/Paris"),
        ("KYO", "JPY", "Asia/Tokyo"),
    ):
        property = make.PropertyFactory(code=code, currency=currency, timezone=timezone)
        desk = make.DepartmentFactory(property=property, code="front_desk")
        setattr(scene, code.lower(), property)
        setattr(scene, f"{code.lower()}_desk", desk)
    scene.lax_dining = make.DepartmentFactory(property=scene.lax, code="dining")
    for name, factory, house in (
        ("maria", make.EmployeeFactory, "lax"),
        ("tomas", make.EmployeeFactory, "lax"),
        ("omar", make.ManagerFactory, "lax"),
        ("grace", make.GeneralManagerFactory, "lax"),
        ("paul", make.EmployeeFactory, "nyc"),
        ("gina", make.GeneralManagerFactory, "nyc"),
        ("amelie", make.EmployeeFactory, "par"),
        ("louis", make.ManagerFactory, "par"),
        ("haruka", make.EmployeeFactory, "kyo"),
        ("kenji", make.ManagerFactory, "kyo"),
    ):
        place = {"property": getattr(scene, house), "department": getattr(scene, f"{house}_desk")}
        setattr(scene, name, factory(username=name, **place))
    scene.chen = make.LeaderFactory(username="chen")
    scene.ada = make.AuditorFactory(username="ada")
    scene.admin = make.SuperuserFactory(username="admin")
    for name, house in (("jones", "lax"), ("rivera", "lax"), ("smith", "nyc"), ("dupont", "par"), ("sato", "kyo")):
        setattr(scene, name, make.GuestFactory(property=getattr(scene, house), name=name.capitalize()))
    return scene

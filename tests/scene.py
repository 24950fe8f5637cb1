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
"""

from datetime import UTC, datetime
from types import SimpleNamespace

from empower import clock
from tests import factories as make
from tests.remembered import remembered

OPENED = datetime(2025, 1, 1, tzinfo=UTC)


def set_the_scene():
    """Makes the cast in the database of the moment, which holds nobody yet; answers it by name."""
    return remembered("the cast", _stand_at_the_opening)


def _stand_at_the_opening():
    with clock.standing_at(OPENED):
        return _cast()


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

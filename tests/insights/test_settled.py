"""What only a command changes is asked once for each end of the log, and is never stale."""

import threading
from datetime import date

from django.db import connections

from empower.insights.queries.budgets import budgets
from empower.insights.queries.moment import one_moment, settled
from empower.insights.queries.period import Period
from empower.insights.queries.selection import Selection
from empower.journal.services import allot_budget
from empower.staff.models import Department
from empower.staff.services import create_department
from tests.scene import set_the_scene


def teams(asked):
    """The codes of the departments; a line in ``asked`` where the database was asked for them."""

    def ask():
        asked.append("teams")
        return sorted(Department.objects.values_list("code", flat=True))

    with one_moment():
        return settled("teams", ask)


def open_a_spa(scene):
    create_department(actor=scene.admin, property=scene.lax, code="spa", name="Spa")


def test_it_is_asked_again_when_a_command_has_changed_something_and_not_before(own_database):
    scene, asked = set_the_scene(), []
    before = teams(asked)
    assert teams(asked) == before
    assert asked == ["teams"]
    open_a_spa(scene)
    assert teams(asked) == sorted([*before, "spa"])
    assert asked == ["teams"] * 2


def test_a_moment_goes_on_as_it_began_whatever_is_commanded_meanwhile(own_database):
    scene, asked = set_the_scene(), []

    def elsewhere():
        open_a_spa(scene)
        connections.close_all()

    with one_moment():
        settled("first", lambda: None)  # the moment is seen
        writer = threading.Thread(target=elsewhere)
        writer.start()
        writer.join()
        assert "spa" not in settled("teams", lambda: sorted(Department.objects.values_list("code", flat=True)))
    assert "spa" in teams(asked)


def test_outside_of_a_moment_it_is_asked_each_time(scene):
    assert settled("one", lambda: 1) == 1
    assert settled("one", lambda: 2) == 2


def test_each_has_what_they_see_of_the_houses_whoever_asked_before(own_database):
    scene = set_the_scene()
    for property in (scene.lax, scene.nyc):
        allot_budget(
            actor=scene.chen, property=property, amount=100_000, begins_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
        )

    def told(person):
        with one_moment():
            return [one.property for one in budgets(Selection(person, Period(None, date(2026, 11, 21))))]

    assert told(scene.chen) == ["LAX", "NYC"]
    assert told(scene.grace) == ["LAX"]
    assert told(scene.gina) == ["NYC"]
    assert told(scene.maria) == []
    assert told(scene.chen) == ["LAX", "NYC"]
    scene.grace.signed_with_pin = True
    assert told(scene.grace) == [], "six digits open no books, whoever read them with a password before"

"""What only a command changes is asked once for each end of the log, and is never stale."""

import threading
from datetime import date

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from empower.insights.forms import QuestionForm
from empower.insights.queries.budgets import budgets
from empower.insights.queries.moment import once, one_moment, settled
from empower.insights.queries.period import Period
from empower.insights.queries.rollups.tail import tail
from empower.insights.queries.selection import Selection
from empower.insights.services import rebuild_roll_ups, up_to_date
from empower.journal.services import allot_budget
from empower.staff.models import Department
from empower.staff.services import create_department
from tests.insights.test_dashboard import give
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


def test_what_there_is_to_choose_from_is_asked_again_when_a_command_has_changed_it_and_not_before(own_database):
    scene = set_the_scene()

    def choices(person):
        with one_moment(), CaptureQueriesContext(connection) as asked:
            codes = [code for code, _name in QuestionForm({}, user=person).fields["department"].choices]
        return codes, len(asked)

    before, cost = choices(scene.grace)
    assert choices(scene.grace) == (before, cost - 4)  # houses, teams, causes, gestures; not the end of the log
    assert choices(scene.gina)[1] == cost - 2  # who sees another house has its name and its teams
    open_a_spa(scene)
    assert set(choices(scene.grace)[0]) == {*before, "spa"}


def test_a_moment_inside_another_is_that_one(own_database):
    asked = []

    def ask():
        asked.append("asked")

    with one_moment():
        once("something", ask)
        with one_moment():
            once("something", ask)
        once("something", ask)
    assert asked == ["asked"]
    once("something", ask)
    once("something", ask)
    assert asked == ["asked"] * 3


def test_before_figures_are_asked_for_the_roll_ups_are_brought_to_the_end_of_the_log_and_only_then(own_database):
    scene = set_the_scene()
    rebuild_roll_ups()
    give(scene.maria, 5_000)
    with up_to_date():
        assert not once("tail", tail).events
    with CaptureQueriesContext(connection) as asked, up_to_date():
        pass
    said = [query["sql"] for query in asked]
    assert [sql for sql in said if sql.startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert len([sql for sql in said if sql.startswith("SELECT")]) == 2  # what is overdue, what is new

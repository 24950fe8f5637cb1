"""No group of fewer than five people, and not the one that the totals would give away."""

import pytest

from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.insights.queries.hiding import hidden_groups, is_hidden
from empower.insights.queries.period import Period
from empower.insights.queries.reports import report
from empower.insights.queries.selection import Selection
from empower.spending.models import Gesture
from empower.spending.services import give_spend
from tests import factories as make

pytestmark = pytest.mark.long(
    "postgresql"
)  # what is said of the figures; tests/insights/test_figures.py asks both engines for them

EVER = Period(None, None)


def hidden(**people):
    return {key for (key,) in hidden_groups({(name,): number for name, number in people.items()})}


def test_five_people_are_shown_and_four_are_not():
    assert hidden(a=5, b=5) == set()
    assert hidden(a=4, b=4) == {"a", "b"}


def test_one_small_group_takes_the_next_smallest_with_it():
    assert hidden(a=4, b=9, c=6) == {"a", "c"}


def test_two_hidden_groups_of_few_people_together_take_a_third():
    assert hidden(a=1, b=2, c=7, d=30) == {"a", "b", "c"}
    assert hidden(a=2, b=3, c=7, d=30) == {"a", "b"}


def test_a_group_in_which_nobody_acted_is_shown_and_hides_nothing_behind_it():
    assert hidden(a=0, b=8) == set()
    assert hidden(a=4, b=0, c=8) == {"a", "c"}


def test_with_two_dimensions_each_row_and_each_column_keeps_its_secret():
    people = {
        ("lax", "jan"): 2,
        ("lax", "feb"): 9,
        ("lax", "mar"): 12,
        ("nyc", "jan"): 8,
        ("nyc", "feb"): 10,
        ("nyc", "mar"): 7,
    }
    out_of_sight = hidden_groups(people)
    for place in (0, 1):
        for value in {key[place] for key in people}:
            line = [key for key in people if key[place] == value]
            assert len(out_of_sight & set(line)) != 1
    assert ("lax", "jan") in out_of_sight
    assert ("nyc", "jan") in out_of_sight


@pytest.fixture
def house(scene):
    """Acts at LAX: six people in dining, two at the front desk, seven in the spa."""
    spa = make.DepartmentFactory(property=scene.lax, code="spa")
    for department, people in ((scene.lax_dining, 6), (scene.lax_desk, 2), (spa, 7)):
        for _one in range(people):
            give(make.EmployeeFactory(property=scene.lax, department=department), department)
    return scene


def give(who, department):
    incident = log_incident(actor=who, property=who.property, department=department, guests=[{"name": "Somebody"}])
    return give_spend(
        actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="refund"), amount=500,
        currency=who.property.currency,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_table_hides_the_small_department_and_the_next_smallest(house):
    told = report("usage", Selection(house.grace, EVER), ("department",))
    acts = {group.key[0]: [one.value for one in group.figures if one.name == "acts"] for group in told.groups}
    assert acts == {"front_desk": [None], "dining": [None], "spa": [7]}
    assert told.figure("acts").value == 15
    front_desk = next(group for group in told.groups if group.key == ("front_desk",))
    assert all(one.value is None and one.n is None for one in front_desk.figures if one.hidden)
    assert [one.name for one in front_desk.figures if not one.hidden] == ["recovery_incidents", "delight_incidents"]


@pytest.mark.django_db
def test_what_a_table_hides_stays_hidden_when_it_is_asked_for_alone(house):
    for department, is_seen in (("front_desk", False), ("dining", False), ("spa", True)):
        told = report("usage", Selection(house.grace, EVER, department=department))
        assert (told.figure("acts").value is not None) is is_seen
    assert (
        report("causes", Selection(house.grace, EVER, department="front_desk")).figure("recovery_incidents").value == 2
    )


@pytest.mark.django_db
def test_a_small_house_is_shown_as_a_whole_to_who_answers_for_it_and_to_nobody_else(scene):
    give(scene.maria, scene.lax_desk)
    for person, is_seen in (
        (scene.grace, True), (scene.omar, True), (scene.chen, True), (scene.ada, True), (scene.tomas, False),
        (scene.maria, False),
    ):  # fmt: skip
        assert is_hidden(Selection(person, EVER)) is not is_seen, person
    assert report("usage", Selection(scene.tomas, EVER)).figure("cost") is None
    assert [one.value for one in report("usage", Selection(scene.tomas, EVER)).in_each_currency("cost")] == [None]


@pytest.mark.django_db
def test_frontline_sees_the_figures_of_their_house_and_of_no_other(house):
    give(house.paul, None)
    mine = report("usage", Selection(house.maria, EVER))
    assert mine.figure("acts").value == 15
    assert report("usage", Selection(house.maria, EVER, property="NYC")).figure("acts").value == 0
    assert report("usage", Selection(house.admin, EVER)).figure("acts").value == 0


@pytest.mark.django_db
def test_a_gesture_that_few_gave_is_told_to_who_answers_for_the_house_and_to_nobody_else(house):
    asked = {"gesture": "meal"}
    who = house.maria
    incident = log_incident(actor=who, property=who.property, guests=[{"name": "Somebody"}])
    give_spend(
        actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="meal"), amount=500,
        currency="USD",
    )  # fmt: skip
    assert not is_hidden(Selection(house.grace, EVER, **asked))
    assert is_hidden(Selection(house.tomas, EVER, **asked))
    told = report("usage", Selection(house.grace, EVER), ("gesture",))
    assert {group.key: group.hidden for group in told.groups} == {("meal",): True, ("refund",): True}


def act(who, *, gesture="meal", department=None, cause=None, kind="recovery"):
    incident = log_incident(
        actor=who, property=who.property, department=department or who.department, guests=[{"name": "Somebody"}],
        category=cause and Category.objects.get(code=cause), kind=kind,
    )  # fmt: skip
    give_spend(
        actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code=gesture), amount=500,
        currency=who.property.currency,
    )  # fmt: skip


@pytest.fixture
def team(scene):
    return [make.EmployeeFactory(property=scene.lax, department=scene.lax_dining) for _one in range(12)]


def acts(person, by=(), **asked):
    found = report("usage", Selection(person, EVER, **asked), by)
    whole = found.figure("acts").value
    return (
        {group.key: next(one.value for one in group.figures if one.name == "acts") for group in found.groups}
        if by
        else whole
    )


@pytest.mark.django_db
def test_the_total_less_what_each_filter_tells_leaves_nothing_of_one_person(scene, team):
    """One gave a drink, six a gift, twelve a meal: the drink is the total less the others, each asked for by itself."""
    for who in team:
        act(who, gesture="meal")
    for who in team[:6]:
        act(who, gesture="gift")
    act(team[0], gesture="drink")
    assert acts(scene.maria) == 19
    assert {name: acts(scene.maria, gesture=name) for name in ("meal", "gift", "drink")} == {
        "meal": 12, "gift": None, "drink": None,
    }  # fmt: skip
    # Who answers for the house reads every act by name.
    assert acts(scene.grace, gesture="drink") == 1


@pytest.mark.django_db
def test_a_cause_is_not_what_the_one_above_it_less_those_beside_it_tells(scene, team):
    for who in team:
        act(who, cause="billing_wrong")
        act(who, cause="room_noise")
    for who in team[:6]:
        act(who, cause="room_not_ready")
    act(team[0], cause="room_not_clean")
    told = {
        name: acts(scene.maria, category=name)
        for name in ("room", "room_noise", "room_not_ready", "room_not_clean", "billing_wrong")
    }
    assert told == {"room": 19, "room_noise": 12, "room_not_ready": None, "room_not_clean": None, "billing_wrong": 12}


@pytest.mark.django_db
def test_a_kind_that_few_gave_in_takes_the_other_with_it(scene, team):
    for who in team:
        act(who)
    act(team[0], kind="delight")
    assert acts(scene.maria) == 13
    assert (acts(scene.maria, kind="recovery"), acts(scene.maria, kind="delight")) == (None, None)


@pytest.mark.django_db
def test_a_hidden_department_is_hidden_of_each_cause_so_that_they_do_not_add_up_to_it(scene):
    """At the desk two act, in dining six on either cause, in the spa nine: dining is hidden for the desk's sake."""
    spa = make.DepartmentFactory(property=scene.lax, code="spa")
    for department, people in ((scene.lax_dining, 6), (scene.lax_desk, 2), (spa, 9)):
        for _one in range(people):
            who = make.EmployeeFactory(property=scene.lax, department=department)
            act(who, cause="room_noise")
            if department != scene.lax_desk:
                act(who, cause="billing_wrong")
    hidden_of_all = {key for key, value in acts(scene.grace, ("department",)).items() if value is None}
    assert hidden_of_all == {("front_desk",), ("dining",)}
    # Nobody at the desk had this cause: of it alone no group is small.
    assert acts(scene.grace, ("department",), category="billing_wrong") == {
        ("front_desk",): 0, ("dining",): None, ("spa",): 9,
    }  # fmt: skip
    assert acts(scene.grace, department="dining", category="billing_wrong") is None
    by_both = acts(scene.grace, ("department", "category"))
    assert {value for key, value in by_both.items() if key[0] in ("dining", "front_desk")} <= {None, 0}

"""What the families tell of few people is told to nobody; and what they tell where there is nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from empower import clock
from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.insights.queries.families import FAMILIES, effects
from empower.insights.queries.period import Period
from empower.insights.queries.reports import report
from empower.insights.queries.selection import Selection
from empower.insights.queries.signals import control_chart, funnel_chart, uneven_desks
from empower.spending.models import Gesture
from empower.spending.services import decline_spend, give_spend, resolve_incident
from tests import factories as make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # what is said of the figures; tests/insights/test_figures.py asks both engines for them

EVER = Period(None, None)


def log(who, **more):
    return log_incident(
        actor=who, property=who.property, department=who.department, guests=[{"name": "Somebody"}], **more
    )


def give(who, amount=500, gesture="refund", incident=None, **more):
    incident = incident or log(who)
    return give_spend(
        actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code=gesture),
        amount=amount, currency=who.property.currency, **more,
    )  # fmt: skip


@pytest.fixture
def house(scene):
    """At LAX six in dining, of whom two gave something; eight in the spa, of whom nobody did."""
    spa = make.DepartmentFactory(property=scene.lax, code="spa")
    scene.dining = [make.EmployeeFactory(property=scene.lax, department=scene.lax_dining) for _one in range(6)]
    scene.spa = [make.EmployeeFactory(property=scene.lax, department=spa) for _one in range(8)]
    for who in scene.dining[:2]:
        give(who)
    return scene


def test_reach_is_of_all_who_may_act_and_a_team_of_few_is_hidden_from_everybody(house):
    told = report("usage", Selection(house.grace, EVER), ("department",))
    # With maria, tomas, omar and grace at the front desk: four, which the next smallest hides with it.
    reach = {group.key[0]: next(one for one in group.figures if one.name == "reach") for group in told.groups}
    assert {key: (one.numerator, one.denominator) for key, one in reach.items()} == {
        "front_desk": (None, None),
        "dining": (None, None),
        "spa": (0, 8),
    }
    whole = told.figure("reach")
    assert (whole.numerator, whole.denominator) == (2, 18)
    alone = report("usage", Selection(house.chen, EVER, department="front_desk", property="LAX")).figure("reach")
    assert alone.hidden


def test_a_small_house_has_no_reach_not_even_for_who_answers_for_it(scene):
    give(scene.paul)
    assert report("usage", Selection(scene.gina, EVER)).figure("acts").value == 1
    assert report("usage", Selection(scene.gina, EVER)).figure("reach").hidden


def test_what_one_person_did_after_a_no_is_told_to_nobody(house):
    request = give(house.dining[3], amount=300_000).approval
    decline_spend(actor=house.grace, approval=request, reason="Not this time.")
    for who in (house.grace, house.chen):
        told = report("health", Selection(who, EVER))
        assert told.figure("use_after_decline").hidden
        # How the incident ended is the guest's, and of the house.
        assert not told.figure("decline_regret").hidden


def test_where_there_is_nothing_the_figures_are_not_zero_but_none(scene):
    for name in FAMILIES:
        for one in report(name, Selection(scene.grace, Period(None, datetime(2025, 2, 1).date()))).figures:
            if one.unit in ("ratio", "change", "days") or one.name in ("promises_kept", "decline_regret"):
                assert one.value is None, one


def test_the_superuser_sees_nobody(scene):
    told = report("usage", Selection(scene.admin, EVER))
    assert (told.figure("reach").denominator, told.figure("delights_per_employee_and_month").value) == (0, None)


def test_new_staff_decide_for_the_first_time_after_so_many_days(scene):
    now = datetime(2026, 6, 30, 20, tzinfo=UTC)
    with clock.standing_at(now - timedelta(days=50)):
        people = [
            make.EmployeeFactory(
                property=scene.lax, department=scene.lax_desk, joined_on=(now - timedelta(days=days)).date()
            )
            for days in (50, 50, 45, 45, 40, 400)
        ]
    for who, days in zip(people, (45, 40, 10, None, None, 5), strict=True):
        if days is not None:
            with clock.standing_at(now - timedelta(days=days)):
                give(who)
    with clock.standing_at(now):
        told = report("health", Selection(scene.grace, Period(now.date() - timedelta(days=29), now.date())))
        # After 5, 10 and 35 days; two have waited 45 and 40; who came 400 days ago is not new.
        median = told.figure("first_decision_p50")
        assert (median.value, median.numerator, median.n) == (35, 3, 5)
        soon = told.figure("first_decision_within_30_days")
        assert (soon.value, soon.numerator, soon.denominator) == (0.4, 2, 5)
        later = told.figure("first_decision_within_60_days")
        assert (later.value, later.numerator) == (None, 3)


def test_the_effect_of_a_gesture_is_told_from_eight_incidents_on_and_the_cheapest_that_works_comes_first(scene):
    people = [make.EmployeeFactory(property=scene.lax, department=scene.lax_desk) for _one in range(5)]
    cause = Category.objects.get(code="room_noise")

    def live(gesture, amount, outcomes):
        for place, outcome in enumerate(outcomes):
            who = people[place % 5]
            incident = log(who, category=cause)
            give(who, amount, gesture, incident)
            resolve_incident(actor=who, incident=incident, outcome=outcome)

    live("refund", 9_000, ["recovered"] * 9)
    live("meal", 3_000, ["recovered"] * 7 + ["lost"])
    live("drink", 900, ["lost"] * 9)
    live("gift", 500, ["recovered"] * 7)
    rows = effects.table(Selection(scene.grace, EVER))
    assert [(row.gesture, row.works) for row in rows] == [("meal", True), ("refund", True), ("drink", False)]
    assert (rows[0].incidents.value, rows[0].recovered.numerator) == (8, 7)
    told = {
        group.key[0]: next(one for one in group.figures if one.name == "effect_recovered")
        for group in report("outcomes", Selection(scene.grace, EVER), ("gesture",)).groups
    }
    assert (told["gift"].hidden, told["meal"].hidden) == (True, False)


def test_charts_are_made_of_what_is_shown(house):
    for who in house.spa:
        log(who)
    told = report("usage", Selection(house.grace, EVER), ("department",))
    chart = funnel_chart(told, "use")
    assert [point.key for point in chart.points] == [("spa",)]
    assert chart.points[0].n == 8
    assert control_chart(report("usage", Selection(house.grace, EVER), ("week",)), "use") is None
    assert uneven_desks(Selection(house.grace, EVER)) is None

"""Which day it is for who oversees several houses: the latest that has begun in one of them; none is counted before it has."""

from datetime import UTC, date, datetime, timedelta

import pytest

from empower import clock
from empower.incidents.services import log_incident
from empower.insights.forms import QuestionForm, TrialForm
from empower.insights.queries.budgets import budgets
from empower.insights.queries.families.delights import MONTH
from empower.insights.queries.families.reach import count_reach
from empower.insights.queries.period import Period, last_days
from empower.insights.queries.reports import report
from empower.insights.queries.selection import Selection
from empower.journal.services import allot_budget
from empower.spending.models import Gesture
from empower.spending.services import give_spend
from tests.api.conftest import Caller

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # what is said of the figures; tests/insights/test_figures.py asks both engines for them

#: In Tokyo the 23rd has begun an hour ago; in Los Angeles it is eight in the morning of the 22nd.
TOKYO_IS_AHEAD = datetime(2026, 11, 22, 16, tzinfo=UTC)
#: By UTC the 23rd has begun, in New York and Los Angeles the 22nd is not over.
LA_IS_BEHIND = datetime(2026, 11, 23, 4, tzinfo=UTC)


def asked_by(user, **data):
    form = QuestionForm(data, user=user)
    assert form.is_valid()
    return form.selection


def recover(who):
    incident = log_incident(
        actor=who, property=who.property, department=who.department, guests=[{"name": "Somebody"}], kind="recovery"
    )
    return give_spend(
        actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="refund"),
        amount=100, currency=who.property.currency,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        (TOKYO_IS_AHEAD, {"chen": 23, "ada": 23, "kenji": 23, "grace": 22, "gina": 22, "louis": 22}),
        (LA_IS_BEHIND, {"chen": 23, "ada": 23, "kenji": 23, "grace": 22, "gina": 22, "louis": 23}),
    ],
)
def test_today_is_the_latest_day_that_has_begun_where_one_looks(scene, moment, days):
    with clock.standing_at(moment):
        for name, day in days.items():
            assert asked_by(getattr(scene, name)).period == last_days(30, today=date(2026, 11, day)), name


def test_who_asks_about_one_house_is_told_its_own_last_days(scene):
    with clock.standing_at(TOKYO_IS_AHEAD):
        for code, day in (("LAX", 22), ("KYO", 23)):
            assert asked_by(scene.chen, property=code, period="7").period.ends == date(2026, 11, day)
        # Trials begin with the days that are over in the houses of one currency, that of the most: Los Angeles, New York.
        assert TrialForm.usual(scene.chen)["to"] == date(2026, 11, 21)
    with clock.standing_at(LA_IS_BEHIND):
        assert TrialForm.usual(scene.chen)["to"] == date(2026, 11, 21)
        assert TrialForm.usual(scene.grace)["to"] == date(2026, 11, 21)


def test_a_leader_is_told_of_this_morning_in_tokyo(scene):
    """What nobody who asks for the last 30 days was told until midnight by UTC."""
    with clock.standing_at(TOKYO_IS_AHEAD):
        recover(scene.haruka)
        recover(scene.maria)
        numbers = {
            code: _value(Caller(scene.chen).get("reports/usage/", **({"property": code} if code else {})).json())
            for code in ("", "LAX", "KYO", "NYC")
        }
    assert numbers == {
        "": (2, "2026-11-23"),
        "LAX": (1, "2026-11-22"),
        "KYO": (1, "2026-11-23"),
        "NYC": (0, "2026-11-22"),
    }


def _value(told):
    return told["figures"]["recovery_incidents"]["value"], told["to"]


@pytest.mark.parametrize("moment", [TOKYO_IS_AHEAD, LA_IS_BEHIND])
def test_no_day_is_counted_at_a_house_where_it_has_not_begun(scene, moment):
    """Months worked, who is new and since when, and how much of a budget's days is over: as each house says of itself."""
    first = date(2026, 11, 20)
    for one in (scene.haruka, scene.maria, scene.paul, scene.amelie):
        one.joined_on = first
        one.save()
    whose = {"LAX": scene.grace, "NYC": scene.gina, "PAR": scene.louis, "KYO": scene.kenji}
    with clock.standing_at(moment):
        for person in whose.values():
            allot_budget(
                actor=None, property=person.property, amount=10_000, begins_on=date(2026, 11, 1),
                ends_on=date(2026, 11, 30),
            )  # fmt: skip
        asked = Selection(scene.chen, Period(first, date(2026, 11, 30)))
        by_house = {one.key[0]: one for one in report("usage", asked, ("property",)).groups}
        stand = {one.property: one.elapsed for one in budgets(asked)}
        for code, person in whose.items():
            today = clock.local_day(moment, person.property.timezone)
            assert asked.last_day_in(person.property.timezone) == today
            alone = Selection(person, Period(first, today))
            theirs = report("usage", alone).figure("delights_per_employee_and_month")
            assert by_house[code].figures  # the house is told apart
            found = next(one for one in by_house[code].figures if one.name == theirs.name)
            assert found.denominator == pytest.approx(theirs.denominator)
            people = 4 if code == "LAX" else 2
            assert found.denominator == pytest.approx(people * ((today - first).days + 1) / MONTH, abs=0.005)
            assert stand[code] == today.day
            (mine,) = budgets(alone)
            assert mine.elapsed == stand[code]
        whole = report("usage", asked).figure("delights_per_employee_and_month").denominator
        assert whole == pytest.approx(sum(_months(one) for one in by_house.values()), abs=0.02)
        assert asked.today == max(clock.local_day(moment, one.property.timezone) for one in whose.values())


def _months(group):
    return next(one.denominator for one in group.figures if one.name == "delights_per_employee_and_month")


def test_who_joins_tomorrow_is_not_yet_one_who_may_act(scene):
    """The 23rd is a day of Tokyo's already: whoever joins on it has begun there, and in Los Angeles not yet."""
    for one in (scene.haruka, scene.maria):
        one.joined_on = date(2026, 11, 23)
        one.save()
    with clock.standing_at(TOKYO_IS_AHEAD):
        counted = {}
        for house, person in (("LAX", scene.grace), ("KYO", scene.kenji)):
            asked = Selection(scene.chen, last_days(30, today=date(2026, 11, 23)), property=house)
            counted[house] = _people(asked), _people(Selection(person, asked.period))
    assert counted == {"LAX": (3, 3), "KYO": (2, 2)}


def _people(selection):
    return count_reach(selection)[()].people


def test_the_morning_in_tokyo_costs_no_query(scene, django_assert_num_queries):
    with clock.standing_at(TOKYO_IS_AHEAD + timedelta(hours=1)):
        with django_assert_num_queries(4):
            # The properties, departments, causes and gestures that one may choose from; the zones come with the first.
            form = QuestionForm({}, user=scene.chen)
            assert form.today == date(2026, 11, 23)

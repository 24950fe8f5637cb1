"""Roll-ups say what the facts say: after a past lived at random, however they came about, whatever is asked."""

import os
import random
from datetime import date

import pytest
from django.core.management import call_command
from django.db.models import BigIntegerField, Value
from hypothesis import given
from hypothesis import strategies as st

from empower import clock
from empower.insights.queries import counts
from empower.insights.queries.marks import mark, marked
from empower.insights.queries.period import Period
from empower.insights.queries.rollups.stored import Kept
from empower.insights.queries.rollups.tail import READER, tail
from empower.insights.queries.selection import Selection
from empower.insights.queries.timing import Waits
from empower.insights.services import keep_roll_ups, rebuild_roll_ups
from empower.money import LARGEST
from empower.notices.models import Reading
from empower.spending.models import Gesture
from empower.spending.queries.as_of import Moments
from empower.statistics import quantile7
from tests.insights.history import A_PAST
from tests.insights.kept import state
from tests.insights.test_dashboard import give as give_something

pytestmark = pytest.mark.django_db

EVER = Period(None, None)
PERIODS = [
    EVER,
    Period(date(2026, 9, 24), date(2026, 11, 3)),
    Period(date(2026, 10, 1), date(2026, 10, 31)),
    Period(date(2026, 10, 3), date(2026, 11, 21)),  # two months for the most part: less a few days
]
APART = [
    (), ("property",), ("department",), ("category",), ("gesture",), ("outcome",), ("month",), ("week",), ("day",),
    ("property", "department"), ("property", "month"), ("month", "gesture"), ("property", "department", "day"),
]  # fmt: skip
NARROWED = [{}, {"property": "LAX"}, {"department": "front_desk"}, {"category": "room"}, {"kind": "delight"}]
COUNTED = [
    counts.count_incidents, counts.count_use, counts.count_acts, counts.count_requests, counts.count_feelings,
    counts.count_people, counts.recovery_costs, counts.cost_sizes, counts.limit_use, counts.own_waits, counts.asked_waits,
    counts.resolve_waits, counts.count_books,
]  # fmt: skip


def differences(user, chance=None):
    """What roll-ups and facts say differently of what can be asked; and how many questions they were asked.

    With ``chance`` one question of twenty-five, at random: all of them take minutes.
    """
    found, asked, kept_now = [], 0, Kept()
    for period in PERIODS:
        for narrowed in NARROWED:
            for by in APART:
                if chance is not None and chance.random() > 0.04:
                    continue
                selection = Selection(user, period, **narrowed)
                selection.__dict__["_kept"] = kept_now
                plain = Selection(user, period, facts_alone=True, **narrowed)
                for count in COUNTED:
                    how = {"with_recurrence": True} if count is counts.count_incidents else {}
                    if counts.is_kept(selection, by):
                        asked += 1
                        kept, told = count(selection, by, **how), count(plain, by, **how)
                        if kept != told:
                            found.append((count.__name__, period, narrowed, by, kept, told))
    return found, asked


def shown(found):
    """How many, and the first of each kind of count."""
    first = {one[0]: one for one in reversed(found)}
    return f"{len(found)}: " + "\n".join(map(str, first.values()))


@pytest.mark.parametrize("seed", [3, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 12))])
def test_what_is_made_anew_what_is_read_on_and_what_is_only_looked_at_say_what_the_facts_say(cast, live, seed):
    chance = None if os.environ.get("TEST_LONG") else random.Random(seed)
    past = live(**A_PAST | {"seed": seed})
    Reading.objects.create(name=READER, next_position=0)  # as if made before anything had happened
    with clock.standing_at(past.now):
        assert tail().events
        found, asked = differences(cast.chen, chance)
        assert asked > 15
        assert not found, shown(found)
        keep_roll_ups()
        assert not tail().events
        read_on = state()
        assert not (found := differences(cast.grace, chance)[0]), shown(found)
        rebuild_roll_ups()
        assert state() == read_on
        assert not (found := differences(cast.chen, chance)[0]), shown(found)


def test_the_command_makes_them_and_then_finds_nothing_to_do(scene, capsys):
    give_something(scene.maria, 7_000)
    call_command("roll_ups")
    assert capsys.readouterr().out == "1 days of properties have changed.\n"
    call_command("roll_ups")
    assert capsys.readouterr().out == "0 days of properties have changed.\n"
    call_command("roll_ups", "--anew")
    assert capsys.readouterr().out == "1 days of properties made.\n"


def test_until_they_are_made_and_where_too_much_is_new_the_facts_answer(scene, monkeypatch):
    give_something(scene.maria, 7_000)
    assert keep_roll_ups() == 0
    assert not counts.is_kept(Selection(scene.chen, EVER))
    rebuild_roll_ups()
    give_something(scene.maria, 8_000)
    monkeypatch.setattr("empower.insights.queries.rollups.tail.MOST_EVENTS", 1)
    assert not counts.is_kept(Selection(scene.chen, EVER))
    assert keep_roll_ups() == 0
    assert counts.count_acts(Selection(scene.chen, EVER))[()]["USD"].amount == 15_000


def test_a_question_that_no_facet_tells_goes_to_the_facts(scene):
    rebuild_roll_ups()
    for narrowed, by in (
        ({"department": "front_desk", "category": "room"}, ()),
        ({"gesture": "refund"}, ()),
        ({}, ("role",)),
        ({}, ("category", "department")),
        ({"as_of": Moments(recorded=clock.now())}, ()),
    ):
        assert not counts.is_kept(Selection(scene.chen, EVER, **narrowed), by)
    assert counts.is_kept(Selection(scene.chen, EVER, department="front_desk"), ("month",))
    assert not counts.is_kept(Selection(scene.admin, EVER))


@pytest.mark.parametrize("size", [1000, 1001])
def test_a_quantile_is_exact_up_to_a_thousand_values_and_within_a_hundredth_above(size):
    values = [7 * value * value + 213 for value in range(size)]
    waits = Waits.of([(value, 1) for value in values])
    for p in (0.1, 0.5, 0.9):
        exact = quantile7(values, p)
        assert waits.quantile(p) == exact if size == 1000 else exact < waits.quantile(p) <= 1.01 * exact
    assert waits.within(300) == (sum(value <= 300 for value in values), size)


def test_the_database_marks_as_we_do():
    values = [
        0,
        1,
        7,
        200,
        201,
        202,
        499,
        500,
        501,
        999,
        1000,
        1001,
        123_456,
        200_001,
        999_999_999,
        LARGEST - 1,
        LARGEST,
    ]
    for value in values:
        one = Gesture.objects.annotate(value=Value(value, BigIntegerField())).annotate(mark=marked("value")).first()
        assert one.mark == mark(value), value


@given(st.integers(0, 10**14))
def test_a_mark_is_never_below_its_value_nor_a_hundredth_above_and_marks_itself(value):
    assert value <= mark(value) <= value + value // 100
    assert mark(mark(value)) == mark(value)

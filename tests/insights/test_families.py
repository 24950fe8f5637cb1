"""The figures of the families, each beside its formula worked out slowly and plainly, on pasts lived at random."""

from datetime import date
from math import isclose

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from empower import clock
from empower.insights.queries.families import FAMILIES
from empower.insights.queries.period import Period
from empower.insights.queries.reports import report
from empower.insights.queries.selection import DIMENSIONS, Selection
from empower.journal.services import allot_budget
from empower.statistics import kaplan_meier, quantile7, rate_interval, wilson
from tests.insights.history import A_PAST
from tests.insights.plainly_closer import Closer

pytestmark = pytest.mark.django_db

EVER = Period(None, None)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
NARROWED = [
    {"property": "LAX"},
    {"property": "LAX", "department": "front_desk"},
    {"category": "room"},
    {"gesture": "refund"},
    {"kind": "delight"},
]


@pytest.fixture(autouse=True)
def nothing_hidden(monkeypatch):
    """Small pasts have few people in each corner; what is hidden has its own tests."""
    monkeypatch.setattr("empower.insights.queries.reports.is_hidden", lambda selection: False)
    monkeypatch.setattr("empower.insights.queries.families.family.FEWEST", 0)
    monkeypatch.setattr("empower.insights.queries.families.family.hidden_groups", lambda people: set())
    monkeypatch.setattr("empower.insights.queries.families.effects.FEWEST_INCIDENTS", 1)


def every_figure(selection):
    return {
        (one.name, one.currency): one for name in FAMILIES for one in report(name, selection).figures
    }  # fmt: skip


@pytest.mark.parametrize("seed", [3, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 10))])
def test_every_figure_of_a_family_is_what_its_formula_says(cast, live, seed):
    past = live(**A_PAST | {"seed": seed})
    told = 0
    with clock.standing_at(past.now):
        for narrowed in NARROWED[:: 2 if seed == 3 else 1]:
            told += compare(Selection(cast.chen, EVER, **narrowed), past.now)
        for user in (cast.chen, cast.grace):
            told += compare(Selection(user, OCTOBER), past.now)
        effects_are_those_of_their_cell(Selection(cast.chen, EVER), past.now)
    assert told > 40


def compare(selection, now):
    plainly, told = Closer(selection, now), every_figure(selection)
    for name, (numerator, denominator) in plainly.more_shares().items():
        one = told[name, None]
        assert (one.numerator, one.denominator, one.n) == (numerator, denominator, denominator), (name, selection)
        assert one.interval == wilson(numerator, denominator), name
    acted, waiting = plainly.first_decisions()
    one, curve = told["first_decision_p50", None], kaplan_meier(acted, waiting)
    assert (one.numerator, one.n, one.value) == (len(acted), len(acted) + len(waiting), curve.quantile())
    soon = told["first_decision_within_30_days", None]
    assert (soon.numerator, soon.n) == (sum(days <= 30 for days in acted), one.n)
    delights, months = plainly.delights()
    one = told["delights_per_employee_and_month", None]
    assert (one.numerator, one.denominator) == (delights, pytest.approx(months, abs=0.006))
    assert one.interval == pytest.approx(rate_interval(delights, months))
    expected, one = plainly.escalation(), told["escalation_ratio", None]
    assert (one.value is None) == (expected is None)
    if expected:
        assert one.value == pytest.approx(expected[0])
        assert (one.interval is None) == (expected[1] is None)
        assert not one.interval or one.interval == pytest.approx(expected[1:])
    value, n = plainly.consistency()
    one = told["consistency", None]
    assert (one.n, one.value) == (n, value and pytest.approx(value))
    if not (selection.category or selection.gesture or selection.kind):
        change, noes = plainly.chill()
        one = told["chill", None]
        assert (one.numerator, one.value is None) == (noes, change is None)
        assert change is None or isclose(one.value, change, abs_tol=1e-9)
    return sum(one.value is not None for one in told.values())


def effects_are_those_of_their_cell(selection, now):
    plainly = Closer(selection, now).effects()
    groups = {one.key: one for one in report("outcomes", selection, ("category", "gesture")).groups}
    assert plainly
    for key, (resolved, right, lost, costs) in plainly.items():
        told = {(one.name, one.currency): one for one in groups[key].figures}
        if groups[key].hidden:
            continue
        assert told["effect_incidents", None].value == resolved
        recovered = told["effect_recovered", None]
        assert (recovered.numerator, recovered.denominator) == (right, right + lost)
        for currency, of in costs.items():
            assert told["effect_cost_p50", currency].value == round(quantile7(of, 0.5))
            assert told["effect_cost_p50", currency].n == len(of)


@pytest.mark.long("postgresql")
def test_groups_add_up_to_the_whole_or_say_what_a_narrowed_question_says(cast, live):
    past = live(**A_PAST)
    with clock.standing_at(past.now):
        selection = Selection(cast.chen, EVER)
        for name, families in FAMILIES.items():
            for family in families:
                if family.needs:
                    continue
                for by in [(one,) for one in DIMENSIONS if one in family.dimensions]:
                    groups_match(selection, name, family, by)


def groups_match(selection, name, family, by):
    keys, figures_of = family.counted(selection, by)
    for key in keys:
        for one in figures_of(key):
            assert one.name
    if by[0] not in ("property", "department"):
        return
    for key in keys:
        if not key[0]:
            continue
        _keys, alone = family.counted(Selection(selection.user, EVER, **{by[0]: key[0]}), ())
        for one, other in zip(figures_of(key), alone(()), strict=True):
            assert (one.name, one.numerator, one.n, one.value) == (
                other.name, other.numerator, other.n, pytest.approx(other.value) if other.value else other.value,
            ), (by, key)  # fmt: skip


def test_where_a_family_cannot_be_told_apart_its_figures_are_in_the_whole_alone(cast, live):
    past = live(**A_PAST)
    with clock.standing_at(past.now):
        told = report("usage", Selection(cast.chen, EVER), ("month",))
    assert told.figure("reach").value is not None
    assert told.groups
    assert not any(one.name == "reach" for group in told.groups for one in group.figures)


@pytest.mark.long("postgresql")  # as many on either engine
def test_the_number_of_queries_is_the_same_however_much_there_is(cast, live):
    def asked():
        found = {}
        for name in FAMILIES:
            for by in [(), ("department",), ("category", "gesture")]:
                with CaptureQueriesContext(connection) as queries:
                    report(name, Selection(cast.chen, EVER), by)
                found[name, by] = len(queries)
        return found

    with transaction.atomic():
        few = live(seed=1, incidents=3)
        with clock.standing_at(few.now):
            before = asked()
        transaction.set_rollback(True)
    many = live(**A_PAST)
    with clock.standing_at(many.now):
        assert asked() == before


def test_the_forecast_goes_on_as_the_days_went(cast):
    """Ten a day at LAX for ten days of a month of thirty, and on the eleventh, which is not over, fifty."""
    from datetime import UTC, datetime, timedelta

    from empower.incidents.services import log_incident
    from empower.spending.models import Gesture
    from empower.spending.services import give_spend

    begins = date(2026, 11, 1)
    noon = datetime(2026, 11, 1, 20, tzinfo=UTC)
    with clock.standing_at(noon):
        allot_budget(actor=cast.chen, property=cast.lax, amount=100_000, begins_on=begins, ends_on=date(2026, 11, 30))
    for number, amount in enumerate([1_000] * 10 + [5_000]):
        with clock.standing_at(noon + timedelta(days=number)):
            incident = log_incident(actor=cast.maria, property=cast.lax, guests=[{"name": "Somebody"}])
            give_spend(
                actor=cast.maria, incident=incident, guest=incident.guests.get(), amount=amount, currency="USD",
                gesture=Gesture.objects.get(code="refund"),
            )  # fmt: skip
            told = report("budget", Selection(cast.grace, EVER)).figure("forecast", "USD")
            if number < 7:
                assert (told.value, told.interval) == (None, None)
            elif number < 10:
                assert (told.value, told.interval, told.n) == (30_000, (30_000, 30_000), number)
            else:
                assert (told.value, told.interval) == (30_000, (30_000, 30_000))
    with clock.standing_at(noon + timedelta(days=11)):
        told = report("budget", Selection(cast.grace, EVER)).figure("forecast", "USD")
    mean = 15_000 / 11
    assert told.value == round(15_000 + 19 * mean)
    assert told.interval[0] < told.value < told.interval[1]

"""Each figure beside its formula worked out slowly and plainly, on small pasts lived at random."""

from datetime import date, timedelta
from math import isclose

import pytest

from empower import clock
from empower.insights.queries.costs import limit_use
from empower.insights.queries.period import Period
from empower.insights.queries.reports import report
from empower.insights.queries.selection import Selection
from empower.statistics import mean_interval, quantile7, wilson
from tests.insights.history import A_PAST
from tests.insights.plainly import Plainly
from tests.insights.test_dashboard import give, log

pytestmark = pytest.mark.django_db

EVER = Period(None, None)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
NARROWED = [
    {},
    {"property": "LAX"},
    {"property": "LAX", "department": "front_desk"},
    {"kind": "recovery"},
    {"kind": "delight"},
    {"category": "room"},
    {"gesture": "refund"},
    {"property": "KYO", "category": "room_noise", "gesture": "meal"},
]


def every_figure(selection):
    found = {}
    for name in ("usage", "outcomes", "authority", "timing", "causes", "health"):
        for one in report(name, selection, with_families=False).figures:
            found.setdefault((one.name, one.currency), one)
    return found


@pytest.fixture
def nothing_hidden(monkeypatch):
    """Small pasts have few people in each corner; what is hidden has its own tests."""
    monkeypatch.setattr("empower.insights.queries.reports.is_hidden", lambda selection: False)


@pytest.mark.parametrize("seed", [3, *(pytest.param(seed, marks=pytest.mark.long) for seed in (0, 1, 2, 4, 5))])
def test_every_figure_is_what_its_formula_says(cast, live, nothing_hidden, seed):
    past = live(**A_PAST | {"seed": seed})
    compared = 0
    with clock.standing_at(past.now):
        for narrowed in NARROWED:
            compared += compare(Selection(cast.chen, EVER, **narrowed), past.now)
        for user in (cast.chen, cast.grace, cast.maria):
            compared += compare(Selection(user, OCTOBER), past.now)
    assert compared > 100


def compare(selection, now):
    plainly, told = Plainly(selection), every_figure(selection)
    for name, (numerator, denominator) in plainly.shares().items():
        one = told[name, None]
        assert (one.numerator, one.denominator, one.n) == (numerator, denominator, denominator), name
        assert one.value == (numerator / denominator if denominator else None), name
        assert one.interval == wilson(numerator, denominator), name
    for name, number in plainly.counts().items():
        assert told[name, None].value == number, name
    sums = plainly.sums()
    assert {
        key: one.value for key, one in told.items() if key[0] in ("amount", "cost", "unmatched_credits") and one.value
    } == sums
    total, pairs, average = plainly.feeling_change()
    feeling = told["feeling_change", None]
    assert (feeling.numerator, feeling.denominator) == (total, pairs)
    assert feeling.value == average or isclose(feeling.value, average)
    assert (feeling.interval is None) == (pairs < 2)
    compare_waits(told, plainly, now)
    for currency, (cost, right) in plainly.recovery_costs().items():
        one = told["cost_per_recovery", currency]
        assert (one.numerator, one.denominator) == (cost, right)
        assert one.value is None if not right else abs(one.value - cost / right) <= 0.5
    for currency, costs in plainly.cost_sizes().items():
        for percent in (50, 90):
            one = told[f"cost_p{percent}", currency]
            assert (one.n, one.value) == (len(costs), round(quantile7(costs, percent / 100)))
    return sum(one.value is not None for one in told.values())


def compare_waits(told, plainly, now):
    (own, without), resolved = plainly.own_waits(now), plainly.resolve_waits()
    assert told["still_waiting_own", None].value == len(without)
    for percent in (50, 90):
        one = told[f"time_to_yes_own_p{percent}", None]
        assert (one.numerator, one.n) == (len(own), len(own) + len(without))
        assert one.value == of_waits(own, without, percent / 100)
        assert told[f"time_to_resolve_p{percent}", None].numerator == len(resolved)
    ended, still_open = plainly.asked_waits(now)
    one = told["time_to_yes_asked_p50", None]
    assert (one.numerator, one.n) == (len(ended), len(ended) + len(still_open))
    if not still_open and ended:
        assert one.value == round(quantile7(ended, 0.5))
    soon = told["yes_within_5_min_asked", None]
    assert soon.numerator == sum(wait <= 300 for wait in ended)
    assert soon.denominator == len(ended) + sum(wait >= 300 for wait in still_open)


def of_waits(ended, still, p):
    """The first wait by which a share of ``p`` had ended, who still waits counting for as long as is known."""
    if not still:
        return round(quantile7(ended, p)) if ended else None
    share = 1.0
    for wait in sorted(set(ended)):
        share *= 1 - ended.count(wait) / sum(one >= wait for one in (*ended, *still))
        if share <= 1 - p + 1e-12:
            return wait
    return None


TOLD_APART = [
    ("property",), ("department",), ("category",), ("gesture",), ("month",), ("week",), ("outcome",), ("role",),
    ("property", "month"), ("gesture", "category"), ("day", "department"), ("tenure",),
]  # fmt: skip


@pytest.mark.long("postgresql")
def test_groups_add_up_to_the_whole_and_each_is_what_a_narrowed_question_says(cast, live, nothing_hidden):
    past = live(**A_PAST)
    with clock.standing_at(past.now):
        for by in TOLD_APART:
            selection = Selection(cast.chen, EVER)
            usage, groups = report("usage", selection, by, with_families=False), raw_groups("usage", selection, by)
            for whole in usage.figures:
                if whole.name in ("acts", "amount", "cost"):
                    assert sum_of(groups.values(), whole.name, whole.currency) == whole.value, (by, whole)
            if not {"gesture", "role", "tenure"} & set(by):
                assert sum_of(groups.values(), "recovery_incidents") == usage.figure("recovery_incidents").value, by
            if by[0] in ("property", "department", "gesture") and len(by) == 1:
                for (code,), figures in groups.items():
                    if code:
                        alone = report("usage", Selection(cast.chen, EVER, **{by[0]: code}))
                        for name in ("acts", "acts_own"):
                            assert sum_of([figures], name) == alone.figure(name).value, (by, code, name)


def sum_of(groups, name, currency=None):
    return sum(one.value or 0 for group in groups for one in group if (one.name, one.currency) == (name, currency))


def raw_groups(name, selection, by):
    """The figures of every group, hidden ones too."""
    from empower.insights.queries.reports import REPORTS

    keys, figures_of = REPORTS[name][0](selection, by)
    return {key: figures_of(key) for key in keys}


def test_an_act_is_of_the_day_that_it_is_where_the_house_stands(cast):
    """23:30 in Los Angeles is the next morning by UTC, and that afternoon in Kyoto."""
    from datetime import UTC, datetime

    from empower.incidents.services import log_incident
    from empower.spending.models import Gesture
    from empower.spending.services import give_spend

    moment = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    with clock.standing_at(moment):
        for who in (cast.maria, cast.haruka):
            incident = log_incident(actor=who, property=who.property, guests=[{"name": "Late"}])
            give_spend(
                actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="refund"),
                amount=100, currency=who.property.currency,
            )  # fmt: skip
        october = report("usage", Selection(cast.chen, OCTOBER))
        november = report("usage", Selection(cast.chen, Period(date(2026, 11, 1), date(2026, 11, 1))))
        by_month = report("usage", Selection(cast.chen, EVER), ("month", "property"))
    assert [one.currency for one in october.in_each_currency("amount") if one.value] == ["USD"]
    assert [one.currency for one in november.in_each_currency("amount") if one.value] == ["JPY"]
    assert {group.key for group in by_month.groups} == {("2026-10-01", "LAX"), ("2026-11-01", "KYO")}


def test_a_mean_of_one_pair_has_no_interval_and_of_none_no_value():
    from empower.insights.queries.figures import mean_of_changes

    assert mean_of_changes("feeling_change", {}).value is None
    assert mean_of_changes("feeling_change", {3: 1}).interval is None
    told = mean_of_changes("feeling_change", {3: 2, -1: 1})
    assert (told.value, *told.interval) == pytest.approx(mean_interval([3, 3, -1]))


def test_a_scope_counts_once_on_the_day_of_its_first_act_with_all_that_followed(scene):
    here = scene.maria.property
    with clock.standing_at(clock.now() - timedelta(days=1)):
        first = clock.local_day(clock.now(), here.timezone)
        stay = log(scene.maria)
        give(scene.maria, 1_000, incident=stay)
        give(scene.maria, 2_000, incident=stay)  # at the same moment
    give(scene.maria, 4_000, incident=stay)
    used = [limit_use(Selection(scene.chen, Period(day, day))) for day in (first, first + timedelta(days=1))]
    assert used[1] == {}
    (((share, scopes),), use) = used[0][()].shares, used[0][()]
    assert (scopes, use.n, use.close) == (1, 1, 0)
    assert share == 7_000 / give(scene.maria, 1_000).limit_in_force

"""The replay against what really happened, and against small histories worked out by hand, one cent apart."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from empower import clock
from empower.incidents.models import Guest
from empower.insights.queries.period import Period
from empower.insights.queries.trials.acts import Past as TrialPast
from empower.insights.queries.trials.replay import Act, Replay
from empower.insights.queries.trials.rules import InForce, Terms, Variant
from empower.policies.models import Policy
from empower.spending.models import Approval
from tests.insights.history import A_PAST, Past

pytestmark = pytest.mark.long(
    "postgresql"
)  # what is said of the figures; tests/insights/test_figures.py asks both engines for them

T0 = datetime(2026, 10, 5, 12, tzinfo=UTC)
EVER = Period(date(2026, 1, 1), date(2026, 12, 31))


# --- by hand ------------------------------------------------------------------------------------------------------


def act(minute, amount, *, guest=1, incident=1, employee=1, day=date(2026, 10, 5), returns=(), **more):
    moment = T0 + timedelta(minutes=minute)
    back = [(T0 + timedelta(minutes=at), part) for at, part in returns]
    return Act(
        moment, employee, guest, incident, day, amount, really_at_once=True, terms=Terms(limit=None), returns=back, **more
    )  # fmt: skip


def rule(limit, **more):
    return Variant(limit, manager_up_to=limit * 5 // 2, general_manager_up_to=limit * 25 // 2, **more)


def judged(variant, *acts):
    """What became of each: "" at once, else whose yes was needed."""
    replay = Replay(variant)
    return [replay.judge(one).tier for one in acts]


def test_exactly_the_limit_posts_and_one_cent_more_waits():
    assert judged(rule(50_000), act(0, 50_000)) == [""]
    assert judged(rule(50_000), act(0, 50_001)) == ["manager"]
    assert judged(rule(50_000), act(0, 49_999), act(1, 1)) == ["", ""]
    assert judged(rule(50_000), act(0, 49_999), act(1, 2)) == ["", "manager"]


def test_what_waits_uses_up_nothing_and_a_free_gesture_never_waits():
    assert judged(rule(10_000), act(0, 10_001), act(1, 10_000), act(2, 0), act(3, 1)) == ["manager", "", "", "manager"]
    assert judged(rule(0), act(0, 0), act(1, 1)) == ["", "leader"]


def test_the_tier_is_of_the_cumulative_total():
    up_to = rule(10_000)  # a manager up to 250.00, a general manager up to 1,250.00
    assert judged(up_to, act(0, 10_000), act(1, 15_000)) == ["", "manager"]
    assert judged(up_to, act(0, 10_000), act(1, 15_001)) == ["", "general_manager"]
    assert judged(up_to, act(0, 15_000), act(1, 10_000), act(2, 100_000)) == ["manager", "", "general_manager"]
    assert judged(up_to, act(0, 15_000), act(1, 10_000), act(2, 100_001)) == ["manager", "", "leader"]


def test_employees_guests_and_incidents_are_counted_apart():
    full = act(0, 10_000)
    for other in (act(1, 10_000, employee=2), act(1, 10_000, guest=2), act(1, 10_000, incident=2)):
        assert judged(rule(10_000), full, other) == ["", ""]


def test_a_guests_day_counts_over_incidents_and_ends_with_the_day():
    by_day = rule(10_000, scope="guest_day")
    tomorrow = date(2026, 10, 6)
    assert judged(by_day, act(0, 9_999), act(1, 2, incident=2), act(2, 2, day=tomorrow)) == ["", "manager", ""]


def test_a_cap_is_over_all_employees_of_a_guest_and_an_incident():
    capped = rule(10_000, cap=15_000)
    acts = [act(0, 10_000), act(1, 5_000, employee=2), act(2, 1, employee=3), act(3, 1, incident=2)]
    assert judged(capped, *acts) == ["", "", "manager", ""]
    acts[1] = act(1, 5_001, employee=2)
    assert judged(capped, *acts) == ["", "manager", "", ""]


def test_a_reversal_gives_back_at_its_moment_and_not_before():
    back_at_5 = act(0, 10_000, returns=[(5, 4_000)])
    assert judged(rule(10_000), back_at_5, act(4, 1)) == ["", "manager"]
    assert judged(rule(10_000), back_at_5, act(5, 4_000), act(6, 1)) == ["", "", "manager"]
    assert judged(rule(10_000), back_at_5, act(5, 4_001)) == ["", "manager"]


def test_other_peoples_acts_stand_as_they_were_and_still_use_up_the_cap():
    theirs = act(0, 10_000, employee=2, in_question=False)
    assert judged(rule(5_000, cap=12_000), theirs, act(1, 2_000)) == ["", ""]
    assert judged(rule(5_000, cap=12_000), theirs, act(1, 2_001)) == ["", "manager"]


def test_a_higher_limit_may_make_more_acts_wait():
    """The claim that it can't would be false: a big act that now posts uses up what two smaller ones had."""
    acts = [act(0, 15_000), act(1, 6_000), act(2, 4_000)]
    assert judged(rule(10_000), *acts) == ["manager", "", ""]
    assert judged(rule(15_000), *acts) == ["", "manager", "manager"]


AMOUNTS = st.lists(st.integers(0, 400), max_size=12)


@given(AMOUNTS, st.integers(0, 500), st.integers(0, 500))
def test_where_nothing_is_taken_back_a_higher_limit_lets_no_smaller_sum_post(amounts, low, more):
    def posted(limit):
        replay = Replay(rule(limit))
        return sum(one.amount for one in (act(n, a) for n, a in enumerate(amounts)) if replay.judge(one).at_once)

    assert posted(low) <= posted(low + more)
    assert posted(low) <= low


@given(AMOUNTS)
def test_a_limit_of_all_that_was_asked_lets_nothing_wait_and_none_at_all_lets_only_free_ones_post(amounts):
    acts = [act(n, amount) for n, amount in enumerate(amounts)]
    assert judged(rule(sum(amounts)), *acts) == [""] * len(acts)
    assert judged(rule(0), *acts) == ["leader" if amount else "" for amount in amounts]


# --- what really happened -----------------------------------------------------------------------------------------


def differences(past, replayed):
    """The acts that the replay (under the rules in force, for None) judges otherwise than the product did; and of how many."""
    replay, found, seen = Replay(replayed or InForce(past.policies.values())), [], 0
    for one, row in past.acts():
        judgement = replay.judge(one)
        if one.in_question and not one.before:
            seen += 1
            if judgement.at_once != one.really_at_once:
                found.append((row.pk, one, judgement))
    return found, seen


CURRENCIES = ("USD", "EUR", "JPY")


SEEDS = [3, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(30) if seed != 3)]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_each_act_under_the_rule_it_was_judged_by_is_what_really_happened(cast, live, seed):
    """Limits that change half-way, a temporary raise, a cap, a second failure, a guest's day, splits, verbal yeses.

    But for guests whose records were merged later: to the replay they were one all along.
    """
    live(**A_PAST | {"seed": seed})
    merged = set(Guest.objects.exclude(merged_into=None).values_list("merged_into", flat=True))
    total = 0
    for currency in CURRENCIES:
        for period in (EVER, Period(date(2026, 10, 1), date(2026, 10, 20))):
            found, seen = differences(TrialPast(cast.chen, period, currency), None)
            assert [one for one in found if one[1].guest not in merged] == []
            total += seen
    assert total > 20


class Unchanged(Past):
    """A past in which no rule changes."""

    def change_the_rules(self):
        pass


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_a_variant_equal_to_the_rule_in_force_reproduces_what_really_happened(cast, live, seed):
    live(past=Unchanged, seed=seed, incidents=25)
    waited = 0
    for house in (cast.lax, cast.nyc, cast.kyo):
        policy = Policy.objects.in_force(clock.now()).get(property=house)
        same = Variant(policy.limit, policy.scope, policy.cap, policy.manager_up_to, policy.general_manager_up_to)
        for period in (EVER, Period(date(2026, 10, 1), date(2026, 10, 20))):
            past = TrialPast(cast.chen, period, house.currency, property=house)
            found, _seen = differences(past, same)
            assert found == []
            waited += sum(not one.really_at_once for one, _row in past.acts())
    assert waited
    the_tier_at_the_request_is_the_one_that_was_asked(cast)


def the_tier_at_the_request_is_the_one_that_was_asked(cast):
    """Of requests that nothing moved since they were made, but their answer: the product keeps the last tier alone."""
    asked = {one.spend_id: one for one in Approval.objects.exclude(status="answered").filter(version__lte=2)}
    compared = 0
    for currency in CURRENCIES:
        past = TrialPast(cast.chen, EVER, currency)
        replay = Replay(InForce(past.policies.values()))
        for one, row in past.acts():
            tier = replay.judge(one).tier
            if row.pk in asked:
                assert tier == asked[row.pk].tier, row
                compared += 1
    assert compared

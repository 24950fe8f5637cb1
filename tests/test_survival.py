"""Kaplan & Meier's curve against the worked example that every textbook of survival has, and at its edges."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from empower.statistics import kaplan_meier, quantile7, survival_quantile

pytestmark = pytest.mark.long("postgresql")

# Freireich et al. 1963, Blood 21:699-716: weeks of remission of acute leukaemia, 6-mercaptopurine and placebo.
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], []


def test_the_curve_of_freireich_s_data_is_the_published_one():
    # Kleinbaum & Klein (2012), Survival Analysis, chapter 2; the intervals (log −log) as Stata's `sts list` has them.
    curve = kaplan_meier(*TREATED)
    told = [(one.time, one.share, one.standard_error, one.low, one.high) for one in curve.steps]
    assert told == [
        (6, *(pytest.approx(x, abs=6e-5) for x in (0.8571, 0.0764, 0.6197, 0.9516))),
        (7, *(pytest.approx(x, abs=6e-5) for x in (0.8067, 0.0869, 0.5631, 0.9228))),
        (10, *(pytest.approx(x, abs=6e-5) for x in (0.7529, 0.0963, 0.5032, 0.8894))),
        (13, *(pytest.approx(x, abs=6e-5) for x in (0.6902, 0.1068, 0.4316, 0.8491))),
        (16, *(pytest.approx(x, abs=6e-5) for x in (0.6275, 0.1141, 0.3675, 0.8049))),
        (22, *(pytest.approx(x, abs=6e-5) for x in (0.5378, 0.1282, 0.2678, 0.7468))),
        (23, *(pytest.approx(x, abs=6e-5) for x in (0.4482, 0.1346, 0.1881, 0.6801))),
    ]
    assert (curve.n, curve.happened, curve.until) == (21, 9, 35)


def test_the_medians_of_freireich_s_data_are_the_published_ones():
    # Stata: `stci` of the same data; the upper end under treatment is not reached.
    treated, placebo = kaplan_meier(*TREATED), kaplan_meier(*PLACEBO)
    assert (treated.quantile(), treated.quantile_interval()) == (23, (13, None))
    assert (placebo.quantile(), placebo.quantile_interval()) == (8, (4, 11))


def test_what_is_left_at_a_time_holds_until_the_next_step_and_not_beyond_what_is_known():
    curve = kaplan_meier(*TREATED)
    assert [round(curve.left_at(time).share, 4) for time in (0, 5.9, 6, 9, 22.5, 35)] == [
        1, 1, 0.8571, 0.8067, 0.5378, 0.4482,
    ]  # fmt: skip
    assert curve.left_at(36) is None
    assert kaplan_meier(*PLACEBO).left_at(1_000).share == 0


def test_of_nobody_nothing_is_known_and_of_nobody_yet_only_that():
    nobody = kaplan_meier([], [])
    assert (nobody.n, nobody.quantile(), nobody.quantile_interval(), nobody.left_at(0)) == (0, None, None, None)
    none_yet = kaplan_meier([], [3, 9])
    assert (none_yet.quantile(), none_yet.left_at(9).share, none_yet.left_at(10)) == (None, 1, None)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_where_all_has_happened_the_curve_is_the_share_that_is_left(times):
    curve = kaplan_meier(times, [])
    for step in curve.steps:
        assert step.share == pytest.approx(sum(one > step.time for one in times) / len(times))
    # The usual median lies between the two in the middle, the curve's is the first of them.
    assert curve.quantile() <= quantile7(sorted(times), 0.5)


@given(st.lists(st.integers(0, 30), max_size=30), st.lists(st.integers(0, 30), max_size=30))
def test_the_interval_holds_the_curve_and_stays_within_zero_and_one(happened, waiting):
    for step in kaplan_meier(happened, waiting).steps:
        assert step.low is None or 0 <= step.low <= step.share <= step.high <= 1


@given(
    st.lists(st.integers(0, 30), max_size=30),
    st.lists(st.integers(0, 30), max_size=30),
    st.sampled_from([0.1, 0.5, 0.9]),
)
def test_a_quantile_of_times_with_how_many_is_the_curve_s(happened, waiting, p):
    curve = kaplan_meier(happened, waiting)
    pairs = (sorted(Counter(times).items()) for times in (happened, waiting))
    assert survival_quantile(*pairs, p) == (curve.quantile(p), curve.quantile_interval(p))


@pytest.mark.parametrize("size", [30, 1_000, 20_000])
def test_steps_that_are_passed_over_tell_nothing_of_a_quantile(size):
    chance = random.Random(size)
    happened, waiting = ([int(chance.lognormvariate(5, 1)) for _one in range(number)] for number in (size, size // 20))
    curve = kaplan_meier(happened, waiting)
    pairs = [sorted(Counter(times).items()) for times in (happened, waiting)]
    for p in (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99):
        assert survival_quantile(*pairs, p) == (curve.quantile(p), curve.quantile_interval(p))

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from empower.statistics import forecast_sum, mean_interval, quantile7, quantile_interval, rate_interval, t_95, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0000),
    ],
)
def test_wilson_gives_the_published_intervals(successes, n, low, high):
    assert wilson(successes, n) == pytest.approx((low, high), abs=0.00005)


def test_wilson_says_nothing_of_nothing():
    assert wilson(0, 0) is None


def test_wilson_at_the_ends_is_exactly_zero_and_one():
    assert all(wilson(0, n)[0] == 0 and wilson(n, n)[1] == 1 for n in range(1, 200))


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (0, -1)])
def test_wilson_refuses_what_is_no_share(successes, n):
    with pytest.raises(ValueError, match="no share"):
        wilson(successes, n)


@given(n=st.integers(1, 10_000), part=st.floats(0, 1))
def test_wilson_holds_the_share_within_zero_and_one(n, part):
    successes = round(n * part)
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n <= high <= 1


@pytest.mark.parametrize(
    ("values", "p", "quantile"),
    [
        # R: quantile(c(1, 2, 3, 4), type = 7), and of 1:10
        ([1, 2, 3, 4], 0.25, 1.75),
        ([1, 2, 3, 4], 0.50, 2.50),
        ([1, 2, 3, 4], 0.75, 3.25),
        (list(range(1, 11)), 0.90, 9.1),
        (list(range(1, 11)), 0.95, 9.55),
        ([15, 20, 35, 40, 50], 0.40, 29.0),
        ([7], 0.3, 7),
        ([1, 9], 0, 1),
        ([1, 9], 1, 9),
    ],
)
def test_quantile_is_that_of_type_seven(values, p, quantile):
    assert quantile7(values, p) == pytest.approx(quantile)


def test_a_quantile_of_nothing_is_none_and_of_an_impossible_share_an_error():
    assert quantile7([], 0.5) is None
    with pytest.raises(ValueError, match="0 to 1"):
        quantile7([1], 1.1)


def test_the_mean_has_the_interval_of_student_s_t():
    # Student's own sleep data (1908), drug 2 minus drug 1; R: t.test(extra ~ group, paired = TRUE)
    values = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    assert mean_interval(values) == pytest.approx((1.58, 0.7001142, 2.4598858), abs=0.0002)


def test_the_mean_of_one_has_no_interval_and_of_none_is_none():
    assert mean_interval([5]) == (5, None, None)
    assert mean_interval([]) is None


def test_between_two_rows_of_the_table_the_interval_is_the_wider_one():
    of_35 = [0.0, 1.0] * 17 + [0.5]
    mean, low, high = mean_interval(of_35)
    # t(34) is 2.0322; t(30), which is taken, 2.042. The standard error is sqrt(8.5 / 34 / 35).
    assert (high - mean) == pytest.approx(2.042 * (8.5 / 34 / 35) ** 0.5)
    assert mean == 0.5
    assert low < high


def test_nineteen_intervals_of_twenty_hold_the_truth():
    chance = random.Random(1908)
    held = 0
    for _ in range(2_000):
        _mean, low, high = mean_interval([chance.gauss(10, 3) for _ in range(8)])
        held += low <= 10 <= high
    assert 0.935 <= held / 2_000 <= 0.965


@pytest.mark.parametrize(
    ("n", "ranks"),
    [
        # Conover 1999, Practical Nonparametric Statistics, table A3; Dixon & Massey 1969, table A-25: of a median.
        (5, None), (6, (1, 6)), (8, (1, 8)), (10, (2, 9)), (15, (4, 12)), (20, (6, 15)), (25, (8, 18)), (100, (40, 61)),
    ],
)  # fmt: skip
def test_the_interval_of_a_median_is_that_of_the_published_ranks(n, ranks):
    assert quantile_interval(list(range(1, n + 1)), 0.5) == ranks


def test_the_interval_of_a_quantile_holds_the_truth_as_often_as_it_says():
    chance, inside = random.Random(8), 0
    for _draw in range(1_500):
        low, high = quantile_interval(sorted(chance.random() for _ in range(60)), 0.9)
        inside += low <= 0.9 <= high
    assert inside >= 1_399


def test_counted_out_or_by_the_normal_law_the_ranks_are_the_same_but_for_one():
    from empower.statistics import quantiles

    values = list(range(1, 1_001))
    exact = quantile_interval(values, 0.9)
    quantiles._COUNTED_OUT, before = 10, quantiles._COUNTED_OUT
    try:
        by_law = quantile_interval(values, 0.9)
    finally:
        quantiles._COUNTED_OUT = before
    assert all(abs(a - b) <= 1 for a, b in zip(exact, by_law, strict=True))


@pytest.mark.parametrize(
    ("events", "low", "high"),
    # Pearson & Hartley 1966, Biometrika Tables, table 40: the exact ones.
    [(2, 0.242, 7.225), (5, 1.623, 11.668), (10, 4.795, 18.390), (20, 12.217, 30.888), (50, 37.111, 65.919)],
)
def test_a_rate_has_the_published_interval(events, low, high):
    told = rate_interval(events, 1)
    assert told == pytest.approx((low, high), abs=0.03)
    assert rate_interval(events, 4) == pytest.approx([end / 4 for end in told])


def test_the_rate_of_nothing_yet_may_be_as_high_as_chance_allows():
    low, high = rate_interval(0, 100)
    assert low == 0
    # The exact one is 3.689.
    assert high * 100 == pytest.approx(3.689, abs=0.03)
    assert rate_interval(3, 0) is None


def test_a_forecast_has_the_published_prediction_interval():
    # Hahn & Meeker 1991, Statistical Intervals, 2.2 and 4.8: five circuit packs' output, n = 5, mean 50.10, s = 1.31.
    values = [51.4, 49.5, 48.7, 49.3, 51.6]
    one = forecast_sum(values, 1)
    assert one == pytest.approx((50.10, 46.1, 54.1), abs=0.06)
    half = t_95(4) * 1.31 * (1 / 10 + 1 / 5) ** 0.5
    of_ten = [part / 10 for part in forecast_sum(values, 10)]
    assert of_ten == pytest.approx((50.10, 50.10 - half, 50.10 + half), abs=0.01)


def test_a_forecast_of_nothing_more_is_nothing_and_from_one_has_no_interval():
    assert forecast_sum([3, 5, 4], 0) == (0, 0, 0)
    assert forecast_sum([3], 2) == (6, None, None)
    assert forecast_sum([], 2) is None


def test_a_forecast_holds_the_truth_as_often_as_it_says():
    chance, inside = random.Random(15), 0
    for _draw in range(1_500):
        days = [chance.expovariate(1) for _ in range(90)]
        _sum, low, high = forecast_sum(days[:60], 30)
        inside += low <= sum(days[60:]) <= high
    # An exponential day is far from normal; the sum of thirty is not.
    assert inside >= 1_380

"""Differences, and differences of differences, against published examples."""

import random

import pytest

from empower.statistics import difference, difference_in_differences, difference_of_changes

pytestmark = pytest.mark.long("postgresql")


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_a_difference_has_the_published_interval(first, second, low, high):
    found = difference(first, second)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)
    assert found.value == pytest.approx(first[0] / first[1] - second[0] / second[1])


def test_the_minimum_wage_of_new_jersey_changed_employment_as_published():
    # Card & Krueger 1994, American Economic Review 84:772-793, table 3, row 3: +0.59 (0.54) against −2.16 (1.25).
    found = difference_of_changes((0.59, 0.54), (-2.16, 1.25))
    # They have 2.76 (1.36), from means before rounding.
    assert found.value == pytest.approx(2.76, abs=0.011)
    assert found.standard_error == pytest.approx(1.36, abs=0.005)


def test_a_change_that_all_went_through_is_none():
    found = difference_in_differences((40, 100), (60, 100), (30, 200), (70, 200))
    assert found.value == pytest.approx(0)
    assert found.low < 0 < found.high


def test_of_nothing_no_difference_is_told():
    assert difference((0, 0), (1, 2)) is None
    assert difference_in_differences((1, 2), (1, 2), (0, 0), (1, 2)) is None


def test_the_interval_of_two_differences_holds_the_truth_as_often_as_it_says():
    chance, inside, draws = random.Random(4), 0, 1_500
    truths = ((80, 0.35), (90, 0.6), (400, 0.55), (380, 0.62))
    truth = (0.35 - 0.6) - (0.55 - 0.62)
    for _one in range(draws):
        found = difference_in_differences(*((sum(chance.random() < p for _ in range(n)), n) for n, p in truths))
        inside += found.low <= truth <= found.high
    # 95 % of 1,500 is 1,425; 1,399 is three standard errors below.
    assert inside >= 1_399

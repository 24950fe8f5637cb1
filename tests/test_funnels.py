"""Funnels and control charts against published examples, and how often they speak up where there is nothing to say."""

import random
from math import log, sqrt

import pytest

from empower.statistics import control_limits, funnel
from empower.statistics.funnels import ALARM, WARNING, dispersion, variance_between

pytestmark = pytest.mark.long("postgresql")

# NIST/SEMATECH e-Handbook, 6.3.3.2: defective chips on 30 wafers of 50.
WAFERS = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
]  # fmt: skip

# Colditz et al. 1994, JAMA 271:698-702: tuberculosis (yes, no) with BCG vaccine and without, 13 trials.
BCG = [
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
    (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
]  # fmt: skip


def test_the_control_limits_of_nist_s_wafers_are_the_published_ones():
    counts = [(defects, 50) for defects in WAFERS]
    mean, limits = control_limits(counts)
    assert mean == pytest.approx(0.2313, abs=5e-5)
    assert limits[0] == pytest.approx((0.0524, 0.4102), abs=6e-5)
    out = [place for place, (defects, (low, high)) in enumerate(zip(WAFERS, limits, strict=True), 1)
           if not low <= defects / 50 <= high]  # fmt: skip
    assert out == [15, 23]


def test_the_scatter_between_the_bcg_trials_is_the_published_one():
    # Q = 152.233 on 12 degrees, τ² = 0.3088 (DerSimonian & Laird): Viechtbauer 2010, J. Statistical Software 36(3).
    effects = [(log(a / (a + b) * (c + d) / c), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)) for a, b, c, d in BCG]
    weights = [1 / variance for _effect, variance in effects]
    pooled = sum(w * effect for w, (effect, _v) in zip(weights, effects, strict=True)) / sum(weights)
    phi = dispersion([(effect - pooled) / sqrt(variance) for effect, variance in effects], winsorised=0)
    assert 13 * phi == pytest.approx(152.233, abs=0.001)
    assert variance_between([sqrt(variance) for _effect, variance in effects], phi) == pytest.approx(0.3088, abs=5e-5)


def test_the_lines_of_a_funnel_are_the_formula_s():
    found = funnel([(30, 100), (70, 100)])
    assert (found.target, found.widening, found.n) == (0.5, 1.0, 2)
    assert found.limits(100, WARNING) == pytest.approx((0.402, 0.598))
    assert found.limits(4, ALARM) == (0.0, 1.0)
    assert found.limits(0, WARNING) is None
    assert found.distance(70, 100) == pytest.approx(4.0)


def test_winsorising_draws_in_a_tenth_at_both_ends():
    scores = [-9, -2, -1, -1, 0, 0, 0, 1, 1, 2, 9]
    # The tenth and the ninetieth of eleven are the second and the tenth: −2 and 2.
    assert dispersion(scores) == pytest.approx((4 + 4 + 1 + 1 + 1 + 1 + 4 + 4) / 11)


def test_a_funnel_is_widened_where_all_scatter_and_not_for_one_that_stands_out():
    scattered = funnel(
        [(n * part // 10, n) for n, part in zip(range(100, 340, 20), [2, 8, 3, 7, 5, 4] * 2, strict=True)]
    )
    assert scattered.widening > 5
    one_out = funnel([(50, 100), (52, 100), (47, 100)] * 6 + [(5, 100)])
    assert one_out.widening == 1
    assert one_out.distance(5, 100) < -ALARM


def test_where_nobody_ever_or_everybody_always_does_nothing_stands_out():
    for share in (0, 1):
        found = funnel([(100 * share, 100)] * 12)
        assert found.distance(100 * share, 100) == 0
        assert found.limits(50, ALARM) == (share, share)
    assert funnel([]) is None
    assert control_limits([(0, 0)]) is None


@pytest.mark.parametrize(
    "units", [5, pytest.param(20, marks=pytest.mark.long), pytest.param(60, marks=pytest.mark.long)]
)
def test_by_chance_alone_no_more_lie_outside_than_stated(units):
    """Stated: one in twenty outside the first line, one in a thousand outside the second, of each that is drawn."""
    chance, warned, alarmed, drawn = random.Random(units), 0, 0, 0
    for _world in range(6_000 // units):
        counts = [(sum(chance.random() < 0.6 for _ in range(n)), n) for n in (60, 90, 140, 200, 90) * (units // 5)]
        found = funnel(counts)
        scores = [abs(found.distance(*one)) for one in counts]
        warned += sum(score > WARNING for score in scores)
        alarmed += sum(score > ALARM for score in scores)
        drawn += units
    # Three standard errors of the count above what is stated.
    assert warned <= drawn * 0.05 + 3 * sqrt(drawn * 0.05)
    assert alarmed <= drawn * 0.001 + 3 * sqrt(drawn * 0.001)

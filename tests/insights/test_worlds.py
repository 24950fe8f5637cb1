"""Worlds whose truth is known: in a fair one nothing speaks up more often than it says, in the others it is found."""

import os
import random
from math import sqrt

import pytest

from empower.insights.queries.families.chill import chill
from empower.insights.queries.figures import share
from empower.insights.queries.reports import Group, Report
from empower.insights.queries.signals import control_chart, funnel_of, is_limit_low, unevenness
from empower.statistics import Change
from tests.insights.worlds import TEAMS, fair

DRAWS = 2_000 if os.environ.get("TEST_LONG") else 150

pytestmark = pytest.mark.long("postgresql")


def at_most(seen, drawn, stated):
    """``seen`` of ``drawn`` is no more than the stated share, but for three standard errors of the drawing."""
    return seen <= drawn * stated + 3 * sqrt(drawn * stated * (1 - stated))


def outside(chart, level="alarm"):
    return {point.key for point in chart.points if point.stands_out == level or point.stands_out == "alarm"}


def by_week(world):
    groups = [Group((f"2026-W{place:02}",), (share("use", *one),)) for place, one in enumerate(world.weeks)]
    return control_chart(Report("usage", None, ("week",), (), tuple(groups)), "use")


def is_chilled(found: Change):
    return found.high < 0


@pytest.fixture(scope="module")
def fair_worlds():
    chance = random.Random(20_261_122)
    return [fair(chance, level=chance.choice([0.03, 0.3, 0.7, 0.97])) for _world in range(DRAWS)]


def test_in_a_fair_world_no_more_teams_stand_out_than_stated(fair_worlds):
    charts = [funnel_of(world.use) for world in fair_worlds]
    drawn = DRAWS * len(TEAMS)
    assert at_most(sum(len(outside(chart)) for chart in charts), drawn, 0.001)
    assert at_most(sum(len(outside(chart, "warning")) for chart in charts), drawn, 0.05)


def test_in_a_fair_world_no_more_weeks_stand_out_than_stated(fair_worlds):
    seen = sum(len(outside(by_week(world))) for world in fair_worlds)
    assert at_most(seen, DRAWS * 26, 0.0027)


def test_in_a_fair_world_no_more_desks_are_uneven_than_stated(fair_worlds):
    seen = sum(len(outside(unevenness(world.gifts))) for world in fair_worlds)
    assert at_most(seen, DRAWS * len(TEAMS), 0.001)


def test_in_a_fair_world_no_limit_is_asked_about_more_often_than_stated(fair_worlds):
    assert at_most(sum(is_limit_low(*world.reached) for world in fair_worlds), DRAWS, 0.025)


def test_in_a_fair_world_a_no_chills_no_more_often_than_stated(fair_worlds):
    found = [chill(world.noes, world.days) for world in fair_worlds]
    assert all(one.noes == 3 and one.others == 9 for one in found)
    # 95 % intervals: one in forty lies wholly below zero, one in forty above.
    assert at_most(sum(is_chilled(one.change) for one in found), DRAWS, 0.025)
    assert at_most(sum(one.change.low > 0 for one in found), DRAWS, 0.025)


def found_in(worlds, is_found):
    return sum(map(is_found, worlds)) / len(worlds)


def drawn(seed, **otherwise):
    chance = random.Random(seed)
    return [fair(chance, **otherwise) for _world in range(max(40, DRAWS // 10))]


def test_a_fearful_team_is_found_and_it_alone():
    worlds = drawn(1, fearful=(TEAMS[4], 0.3))
    assert found_in(worlds, lambda world: TEAMS[4] in outside(funnel_of(world.use))) >= 0.95
    others = sum(len(outside(funnel_of(world.use)) - {TEAMS[4]}) for world in worlds)
    assert at_most(others, len(worlds) * 11, 0.005)


def test_a_limit_too_low_is_found():
    # A quarter of what guests ought to have lies at the limit or above it.
    assert found_in(drawn(2, limit=1.4 / 0.95), lambda world: is_limit_low(*world.reached)) >= 0.95


def test_an_uneven_desk_is_found():
    worlds = drawn(3, uneven=(TEAMS[7], 2.0))
    assert found_in(worlds, lambda world: TEAMS[7] in outside(unevenness(world.gifts), "warning")) >= 0.9


def test_teams_that_a_no_chills_are_found():
    worlds = drawn(4, chilled=0.35)
    changes = [chill(world.noes, world.days).change for world in worlds]
    assert sum(map(is_chilled, changes)) / len(changes) >= 0.9
    assert sum(one.value for one in changes) / len(changes) == pytest.approx(-0.35, abs=0.03)


def test_a_week_in_which_everybody_stops_is_found():
    chance, found = random.Random(5), 0
    for _world in range(40):
        world = fair(chance)
        world.weeks[13] = (world.weeks[13][1] // 3, world.weeks[13][1])
        found += ("2026-W13",) in outside(by_week(world))
    assert found >= 38

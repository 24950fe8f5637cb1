"""A period is the sum of its pieces, some taken away, whatever the period; and they are few."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from empower.insights.queries.period import Period
from empower.insights.queries.rollups.pieces import FINEST_FIRST, begin_of, pieces

DAYS = st.dates(date(2019, 12, 1), date(2024, 3, 5))


def days_of(found):
    """{day: how often it is counted}, without those that came and went."""
    counted = {}
    for (grain, begins), sign in found.items():
        day = begins
        while begin_of(grain, day) == begins:
            counted[day] = counted.get(day, 0) + sign
            day += timedelta(days=1)
    return {day: number for day, number in counted.items() if number}


@given(DAYS, DAYS, st.booleans(), st.sampled_from([None, "month"]))
def test_each_day_of_the_period_counts_once_and_no_other(one, other, by_difference, by):
    first, last = sorted((one, other))
    found = pieces(Period(first, last), by, by_difference=by_difference)
    inside = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    assert days_of(found) == dict.fromkeys(inside, 1)
    assert by_difference or set(found.values()) == {1}


@given(DAYS, DAYS)
def test_they_are_few(one, other):
    assert len(pieces(Period(*sorted((one, other))))) <= 5 + 2 * (3 + 2 + 6)


def test_by_month_none_is_larger():
    period = Period(date(2022, 1, 1), date(2024, 12, 31))
    assert {grain for grain, _begins in pieces(period)} == {"year"}
    assert {grain for grain, _begins in pieces(period, "month")} == {"month"}


def test_what_is_open_begins_and_ends_with_all_days_there_are():
    found = pieces(Period(None, None))
    assert {grain for grain, _begins in found} == {"year"}
    assert len(found) == 300


@pytest.mark.parametrize(
    ("day", "third"),
    [(date(2026, 2, 10), 1), (date(2026, 2, 11), 11), (date(2026, 2, 28), 21), (date(2026, 1, 31), 21)],
)
def test_a_day_lies_in_one_piece_of_each_size(day, third):
    assert [(grain, begin_of(grain, day)) for grain in FINEST_FIRST] == [
        ("day", day), ("third", day.replace(day=third)), ("month", day.replace(day=1)), ("year", date(2026, 1, 1)),
    ]  # fmt: skip

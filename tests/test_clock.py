"""The house's local days, where the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from empower import clock

ZONES = ["America/Los_Angeles", "Europe/Paris", "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 7, 1), 24)])
def test_a_day_in_los_angeles_has_23_hours_in_spring_and_25_in_autumn(day, hours):
    begins, ends = clock.day_bounds(day, "America/Los_Angeles")
    assert ends - begins == timedelta(hours=hours)


def test_the_hour_that_comes_twice_belongs_to_one_day():
    first = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)  # 01:30, still daylight time
    again = first + timedelta(hours=1)  # 01:30 once more
    assert {clock.local_day(at, "America/Los_Angeles") for at in (first, again)} == {date(2026, 11, 1)}


def test_a_microsecond_before_local_midnight_is_the_day_before():
    begins, _ = clock.day_bounds(date(2026, 3, 9), "America/Los_Angeles")
    assert begins == datetime(2026, 3, 9, 7, tzinfo=UTC)
    assert clock.local_day(begins - timedelta(microseconds=1), "America/Los_Angeles") == date(2026, 3, 8)
    assert clock.local_day(begins, "America/Los_Angeles") == date(2026, 3, 9)


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)), zone=st.sampled_from(ZONES)
)
def test_a_moment_lies_within_the_bounds_of_its_local_day(moment, zone):
    begins, ends = clock.day_bounds(clock.local_day(moment, zone), zone)
    assert begins <= moment < ends


def test_who_stands_elsewhere_stands_there_alone():
    there = datetime(2026, 1, 1, tzinfo=UTC)
    with clock.standing_at(there):
        assert clock.now() == there
    assert clock.now() > there

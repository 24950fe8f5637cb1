"""The house's local days, where the clocks change."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError
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


# --- what somebody tells us -----------------------------------------------------------------------------------------


def test_a_moment_is_taken_to_utc_and_is_the_same_one():
    told = datetime(2026, 11, 21, 7, 30, tzinfo=timezone(timedelta(hours=-8)))
    kept = clock.as_utc(told, "at")
    assert (kept, kept.tzinfo) == (told, UTC)
    for year in (1900, 2200):
        assert clock.as_utc(datetime(year, 1, 1, tzinfo=UTC), "at").year == year
        assert clock.as_day(date(year, 12, 31), "on").year == year


@pytest.mark.parametrize(
    "told",
    [
        None, "", "2026-11-21T07:30:00Z", 5, True, date(2026, 11, 21), datetime(2026, 11, 21),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=12))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12))),
        datetime(1899, 12, 31, tzinfo=UTC), datetime(2201, 1, 1, tzinfo=UTC),
    ],
)  # fmt: skip
def test_what_is_no_moment_of_these_centuries_is_refused_by_the_name_of_its_field(told):
    with pytest.raises(ValidationError) as refused:
        clock.as_utc(told, "contacted_at")
    assert list(refused.value.message_dict) == ["contacted_at"]


@pytest.mark.parametrize("told", [None, "2026-11-21", 5, datetime(2026, 11, 21, tzinfo=UTC), date.min, date.max])
def test_what_is_no_day_of_these_centuries_is_refused_by_the_name_of_its_field(told):
    with pytest.raises(ValidationError) as refused:
        clock.as_day(told, "begins_on")
    assert list(refused.value.message_dict) == ["begins_on"]

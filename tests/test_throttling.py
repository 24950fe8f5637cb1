"""How many requests a minute holds, and whose they are."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from empower import clock, throttling
from empower.throttling import address_of, count

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


def test_the_thousand_that_is_promised_lies_below_the_limit():
    assert throttling.A_TOKENS_REQUESTS >= 1_000


def test_the_last_one_passes_and_the_next_waits_for_the_end_of_the_minute():
    with clock.standing_at(NOON):
        assert [count("k", 3) for _ in range(3)] == [(2, 60), (1, 60), (0, 60)]
    with clock.standing_at(NOON + timedelta(seconds=20.5)):
        assert count("k", 3) == (None, 40)
    with clock.standing_at(NOON + timedelta(seconds=59.999)):
        assert count("k", 3) == (None, 1)
    with clock.standing_at(NOON + timedelta(seconds=60)):
        assert count("k", 3) == (2, 60)


def test_what_is_refused_does_not_lengthen_the_wait():
    with clock.standing_at(NOON):
        count("k", 1)
        for _ in range(10):
            assert count("k", 1) == (None, 60)
    with clock.standing_at(NOON + timedelta(seconds=60)):
        assert count("k", 1) == (0, 60)


def test_a_clock_that_was_put_back_shuts_nobody_out():
    with clock.standing_at(NOON):
        count("k", 1)
    with clock.standing_at(NOON - timedelta(hours=1)):
        assert count("k", 1) == (0, 60)


def request_from(address, forwarded=None):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


@pytest.mark.parametrize(
    ("proxies", "counted"), [(0, "10.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7"), (9, "192.0.2.1")]
)
def test_the_forwarded_address_is_believed_as_far_as_there_are_proxies(monkeypatch, proxies, counted):
    monkeypatch.setattr("rest_framework.throttling.api_settings.NUM_PROXIES", proxies, raising=False)
    assert address_of(request_from("10.0.0.1", "192.0.2.1, 198.51.100.7, 203.0.113.9")) == counted


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "nowhere"),
        ("not an address", "not an address"),
    ],
)
def test_one_line_is_one_address(address, counted):
    assert address_of(request_from(address)) == counted

"""Guests to whom it happened again, and gifts in parts: their edges, one microsecond and one record apart."""

from datetime import UTC, date, datetime, timedelta

import pytest

from empower import clock
from empower.incidents.models import Category, IncidentGuest
from empower.incidents.services import log_incident, merge_guests
from empower.insights.queries.families.second_failures import count_second_failures
from empower.insights.queries.families.splits import Parts, count_parts, first_parts
from empower.insights.queries.period import Period
from empower.insights.queries.selection import Selection
from empower.spending.models import Gesture
from empower.spending.services import give_spend, void_incident

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 10, 20, tzinfo=UTC)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
MONTH = timedelta(days=30)
MICROSECOND = timedelta(microseconds=1)


def happen(who, at, guest=None, **more):
    """(the incident, its guest) at this moment."""
    with clock.standing_at(at):
        incident = log_incident(
            actor=who, property=who.property, guests=[guest or {"name": "Somebody"}], occurred_at=at, **more
        )
    return incident, guest or incident.guests.get()


def give(who, incident, guest, amount=500, gesture="refund", at=NOON):
    with clock.standing_at(at):
        return give_spend(
            actor=who, incident=incident, guest=guest, gesture=Gesture.objects.get(code=gesture), amount=amount,
            currency=who.property.currency,
        )  # fmt: skip


def again(user, by=(), period=NOVEMBER, **asked):
    return count_second_failures(Selection(user, period, **asked), by)


@pytest.mark.parametrize(
    ("apart", "number"), [(MONTH, 1), (MONTH + MICROSECOND, 0), (MICROSECOND, 1), (timedelta(0), 1)]
)
def test_again_is_within_thirty_days_to_the_microsecond_whether_or_not_the_first_is_of_the_period(scene, apart, number):
    _first, guest = happen(scene.maria, NOON - apart)
    happen(scene.maria, NOON, guest)
    assert again(scene.grace) == {(): (number, 1)}


def test_what_came_after_makes_nothing_a_second_failure(scene):
    _first, guest = happen(scene.maria, NOON)
    happen(scene.maria, NOON + timedelta(days=25), guest)
    assert again(scene.grace, period=Period(date(2026, 11, 1), date(2026, 11, 20))) == {(): (0, 1)}


def test_void_ones_and_delights_never_count(scene):
    first, guest = happen(scene.maria, NOON - timedelta(days=3))
    void_incident(actor=scene.chen, incident=first, reason="Logged twice.")
    happen(scene.maria, NOON - timedelta(days=2), guest, kind="delight")
    happen(scene.maria, NOON, guest)
    assert again(scene.grace) == {(): (0, 1)}


@pytest.mark.parametrize("kept", ["of the first", "of the second", "of a third"])
def test_merged_records_are_one_guest_whichever_stands(scene, kept):
    _first, one = happen(scene.maria, NOON - timedelta(days=3))
    _second, other = happen(scene.maria, NOON)
    _delight, third = happen(scene.maria, NOON, kind="delight")
    assert again(scene.grace) == {(): (0, 2)}
    standing = {"of the first": one, "of the second": other, "of a third": third}[kept]
    for record in (one, other):
        if record != standing:
            merge_guests(actor=scene.grace, kept=standing, merged=record)
    assert again(scene.grace) == {(): (1, 1)}


def test_two_records_of_one_guest_on_one_incident_are_no_second_failure(scene):
    with clock.standing_at(NOON):
        incident = log_incident(
            actor=scene.maria, property=scene.lax, guests=[{"name": "Ada"}, {"name": "Ada L."}], occurred_at=NOON
        )
        kept, merged = incident.guests.order_by("pk")
        merge_guests(actor=scene.grace, kept=kept, merged=merged)
    assert again(scene.grace) == {(): (0, 1)}
    happen(scene.maria, NOON - timedelta(days=1), kept)
    assert again(scene.grace) == {(): (1, 1)}


def test_the_first_one_counts_wherever_it_was_whoever_asks_and_whatever_is_asked(scene):
    """No service brings a guest to another house; the figure asks for none."""
    first, _other = happen(scene.paul, NOON - timedelta(days=3))
    second, guest = happen(scene.maria, NOON, department=scene.lax_desk, category=Category.objects.get(code="room"))
    IncidentGuest.objects.create(incident=first, guest=guest)
    give(scene.maria, second, guest, gesture="meal")
    for asked in ({}, {"property": "LAX"}, {"department": "front_desk"}, {"category": "room"}, {"gesture": "meal"}):
        assert again(scene.grace, **asked) == {(): (1, 1)}, asked
    assert again(scene.grace, gesture="refund") == {}


def test_each_group_has_the_guests_of_its_own_incidents(scene):
    first, guest = happen(scene.maria, NOON - timedelta(days=3), department=scene.lax_dining)
    second, _guest = happen(
        scene.maria, NOON, guest, department=scene.lax_desk, category=Category.objects.get(code="room")
    )
    for gesture in ("meal", "refund"):
        give(scene.maria, second, guest, gesture=gesture)
    give(scene.maria, first, guest, gesture="meal")
    assert again(scene.grace, ("property",)) == {("LAX",): (1, 1)}
    assert again(scene.grace, ("department",)) == {("dining",): (0, 1), ("front_desk",): (1, 1)}
    assert again(scene.grace, ("category",)) == {("",): (0, 1), ("room",): (1, 1)}
    assert again(scene.grace, ("gesture",)) == {("meal",): (1, 1), ("refund",): (1, 1)}
    assert again(scene.grace, ("day",)) == {("2026-11-07",): (0, 1), ("2026-11-10",): (1, 1)}
    assert again(scene.grace, ("role", "outcome")) == {("frontline", ""): (1, 1)}


def in_parts(user, by=()):
    return count_parts(Selection(user, NOVEMBER), by)


def test_parts_are_summed_over_a_guests_records_by_incident_and_by_the_houses_own_day(scene):
    """At Los Angeles it is eight hours earlier: 07:59 is the evening before, 08:00 the day."""
    midnight = datetime(2026, 11, 11, 8, tzinfo=UTC)
    first, one = happen(scene.maria, midnight - timedelta(hours=5))
    second, other = happen(scene.maria, midnight - timedelta(hours=5))
    spends = [
        give(scene.maria, first, one, 150_000, at=midnight - MICROSECOND),
        give(scene.maria, second, other, 150_000, at=midnight),
        give(scene.tomas, second, other, 60_000, at=midnight + MICROSECOND),
    ]
    assert in_parts(scene.grace) == {"incident": {(): Parts(2, 1)}, "guest_day": {(): Parts(2, 1)}}
    selection = Selection(scene.grace, NOVEMBER)
    assert [first_parts(selection, over) for over in ("incident", "guest_day")] == [[spends[1].pk]] * 2
    merge_guests(actor=scene.grace, kept=one, merged=other)
    third, _one = happen(scene.maria, midnight - timedelta(hours=5), one)
    fourth = give(scene.maria, third, one, 60_000, at=midnight - MICROSECOND)
    assert in_parts(scene.grace) == {"incident": {(): Parts(3, 1)}, "guest_day": {(): Parts(2, 2)}}
    assert first_parts(Selection(scene.grace, NOVEMBER), "guest_day") == [spends[0].pk, spends[1].pk]
    assert fourth.pk > spends[0].pk


def test_one_gift_above_nothing_and_several_up_to_the_limit_do_not_pass_it(scene):
    incident, guest = happen(scene.maria, NOON)
    give(scene.maria, incident, guest, 120_000)
    give(scene.tomas, incident, guest, 80_000)
    assert in_parts(scene.grace)["incident"] == {(): Parts(1, 0)}
    give(scene.tomas, incident, guest, 1)
    assert in_parts(scene.grace)["incident"] == {(): Parts(1, 1)}
    assert in_parts(scene.grace, ("property",))["guest_day"] == {("LAX",): Parts(1, 1)}

"""What the line-up of a day tells, to whom, and where its day begins and ends."""

from datetime import UTC, datetime, timedelta

import pytest

from empower import clock
from empower.incidents.services import create_guest, erase_guest, merge_guests, record_follow_up
from empower.recognition.queries.line_up import line_up
from empower.recognition.services import choose_story, give_thanks, nominate_story, withdraw_thanks
from empower.spending.services import hand_over_spend, resolve_incident, reverse_spend
from tests.scene import OPENED

from .line_ups import MORNING, TODAY, at, gave, happened, stays

pytestmark = pytest.mark.django_db


def of(scene, *, day=TODAY, user=None, now=MORNING, **asked):
    with clock.standing_at(now):
        return line_up(property=scene.lax, day=day, user=user or scene.grace, **asked)


def names(found):
    return [", ".join(guest.name for guest in party.guests) for party in found.parties]


# --- in house -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "is_here"),
    [(-3, -1, False), (-3, 0, True), (0, 3, True), (1, 3, False), (0, 0, True)],
)
def test_who_arrives_or_leaves_today_is_in_the_house(scene, since, until, is_here):
    with at(hours=20):
        happened(scene, stays("Ms Reyes", "1120", since=since, until=until))
    assert names(of(scene)) == (["Ms Reyes"] if is_here else [])


def test_a_guest_of_whom_nobody_wrote_down_a_stay_is_here_while_it_is_open_or_fresh(scene):
    with at(days=9):
        happened(scene, {"name": "Open"})
        resolve_incident(actor=scene.maria, incident=happened(scene, {"name": "Long over"}), outcome="recovered")
    with at(days=31):
        happened(scene, {"name": "Forgotten"})
    with at(hours=20):
        resolve_incident(actor=scene.maria, incident=happened(scene, {"name": "Fresh"}), outcome="recovered")
    assert names(of(scene)) == ["Open", "Fresh"]


def test_who_shares_a_room_and_what_happened_is_one_line(scene):
    with at(hours=20):
        incident = happened(scene, stays("Rania Haddad", "1412"), stays("Sami Haddad", "1412"), stays("Reyes", "1120"))
        for guest in incident.guests.all():
            gave(scene, incident, 1_000, guest=guest)
    found = of(scene)
    assert names(found) == ["Reyes", "Rania Haddad, Sami Haddad"]
    assert [party.seen for party in found.parties] == [1_000, 2_000]
    assert found.seen == 3_000


def test_a_second_failure_comes_first_and_a_delight_is_none(scene):
    with at(days=3):
        guest = happened(scene, stays("Lindqvist", "0907", since=-4)).guests.get()
        happy = happened(scene, stays("Tanaka", "1405", since=-4)).guests.get()
    with at(hours=9):
        happened(scene, guest, category="room_temperature")
        happened(scene, happy, category="occasion_celebration", kind="delight")
        happened(scene, stays("Reyes", "1120", until=0))
    found = of(scene)
    assert names(found) == ["Lindqvist", "Reyes", "Tanaka"]
    assert [party.failures for party in found.parties] == [2, 1, 1]
    assert found.second_failures == 1


def test_a_failure_of_more_than_30_days_ago_is_not_the_first_of_two(scene):
    with at(days=31):
        guest = happened(scene, stays("Lindqvist", "0907", since=-40)).guests.get()
    with at(hours=9):
        happened(scene, guest)
    assert of(scene).second_failures == 0


def test_two_records_of_one_guest_are_one_line_with_both_failures(scene):
    with at(days=2):
        old = happened(scene, stays("Katarzyna W", "0511")).guests.get()
    with at(hours=9):
        new = happened(scene, stays("Katarzyna Wrześniewska", "0511")).guests.get()
        merge_guests(actor=scene.omar, kept=new, merged=old)
    found = of(scene)
    assert names(found) == ["Katarzyna Wrześniewska"]
    assert found.parties[0].is_second_failure


def test_what_was_taken_back_is_not_told_as_given(scene):
    with at(hours=9):
        incident = happened(scene, stays("Reyes", "1120"))
        whole, part = gave(scene, incident, 9_000), gave(scene, incident, 4_000, gesture="refund")
        reverse_spend(actor=scene.omar, spend=whole, reason="Typed wrong.")
        reverse_spend(actor=scene.omar, spend=part, amount=1_000, reason="Not all of it was used.")
        gave(scene, incident, 300_000, gesture="upgrade", reason="The suite is free.")
    (party,) = of(scene).parties
    assert ([one.code for one in party.given], [one.code for one in party.asked]) == (["refund"], ["upgrade"])
    assert (party.seen, party.is_open) == (3_000, True)


def test_a_colleague_an_erased_guest_and_a_void_incident_are_not_in_house(scene):
    from empower.spending.services import void_incident

    with at(hours=9):
        happened(scene, {"kind": "colleague", "colleague": scene.tomas}, kind="delight")
        guest = happened(scene, stays("Erased", "0102")).guests.get()
        void_incident(actor=scene.maria, incident=happened(scene, stays("Void", "0103")), reason="Twice.")
        erase_guest(actor=scene.grace, guest=guest)
    assert names(of(scene)) == []


# --- the day ------------------------------------------------------------------------------------------------------


def test_the_day_is_that_of_the_property(scene):
    """07:59 UTC is one minute before midnight in Los Angeles."""
    midnight = datetime(2026, 11, 21, 8, tzinfo=UTC)
    with clock.standing_at(midnight - timedelta(hours=2)):
        incident = happened(scene, stays("Late", "0301", since=-2, until=-1), stays("Early", "0302", since=0))
        gave(scene, incident, promised_for=midnight - timedelta(minutes=1))
        gave(scene, incident, promised_for=midnight + timedelta(hours=23, minutes=59))
        gave(scene, incident, promised_for=midnight + timedelta(hours=24))
    before = of(scene, day=TODAY - timedelta(days=1), now=midnight - timedelta(seconds=1))
    after = of(scene, now=midnight)
    assert (names(before), names(after)) == (["Late"], ["Early"])
    assert (len(before.promises), len(after.promises)) == (1, 2)
    assert (before.is_today, after.is_today) == (True, True)
    assert after.before.incidents == 1


def test_the_day_on_which_the_clocks_go_back_has_25_hours(scene):
    first = datetime(2026, 11, 1).date()
    with clock.standing_at(datetime(2026, 11, 1, 6, tzinfo=UTC)):  # 23:00 the evening before
        incident = happened(scene, {"name": "Somebody"})
        gave(scene, incident, promised_for=datetime(2026, 11, 2, 7, 59, tzinfo=UTC))  # 23:59
    found = of(scene, day=first, now=datetime(2026, 11, 1, 15, 30, tzinfo=UTC))
    assert len(found.promises) == 1


# --- what is open -------------------------------------------------------------------------------------------------


def test_a_promise_is_told_until_it_is_handed_over_the_longest_overdue_first(scene):
    with at(hours=30):
        incident = happened(scene, stays("Reyes", "1120"))
        for hours in (35, 20, 48):
            gave(scene, incident, hours, promised_for=clock.now() + timedelta(hours=hours))
        kept = gave(scene, incident, 77, promised_for=clock.now() + timedelta(hours=21))
        hand_over_spend(actor=scene.tomas, spend=kept)
    assert [spend.amount for spend in of(scene).promises] == [20, 35]


def test_a_promise_that_was_taken_back_is_no_promise(scene):
    with at(hours=9):
        spend = gave(scene, happened(scene, stays("Reyes", "1120")), promised_for=MORNING)
        reverse_spend(actor=scene.maria, spend=spend, reason="They went out.")
    assert of(scene).promises == []


def test_a_promise_of_more_than_a_week_ago_is_counted_and_listed_in_the_whole(scene):
    with at(days=9):
        gave(scene, happened(scene, stays("Reyes", "1120")), promised_for=clock.now() + timedelta(hours=1))
    found = of(scene)
    assert (found.promises, found.older_promises) == ([], 1)
    whole = of(scene, whole=True)
    assert (len(whole.promises), whole.older_promises) == (1, 0)


def test_what_waits_is_told_of_today_and_not_of_a_day_that_has_passed(scene):
    with at(minutes=10):
        gave(scene, happened(scene, stays("Reyes", "1120")), 300_000, reason="Two nights.")
    assert [approval.spend.amount for approval in of(scene).requests] == [300_000]
    assert of(scene, day=TODAY - timedelta(days=1)).requests == []


@pytest.mark.parametrize(
    ("resolved_hours_ago", "until", "is_due"),
    [
        (30, 2, True),  # overdue, and still here
        (20, 2, True),  # due today
        (1, 2, False),  # due tomorrow
        (1, 0, True),  # leaves today
        (30, -1, True),  # fell due yesterday: left, and can be rung
        (65, -1, False),
    ],
)
def test_somebody_looks_in_within_a_day_or_before_they_leave(scene, resolved_hours_ago, until, is_due):
    with at(hours=resolved_hours_ago):
        incident = happened(scene, stays("Reyes", "1120", since=-5, until=until))
        resolve_incident(actor=scene.maria, incident=incident, outcome="recovered")
    assert [due.room for due in of(scene).follow_ups] == (["1120"] if is_due else [])


def test_one_contact_is_for_all_of_a_room(scene):
    with at(hours=20):
        incident = happened(scene, stays("Rania", "1412"), stays("Sami", "1412"), stays("Reyes", "1120"))
        resolve_incident(actor=scene.maria, incident=incident, outcome="recovered")
    assert sorted(due.room for due in of(scene).follow_ups) == ["1120", "1412"]
    with at(hours=2):
        record_follow_up(
            actor=scene.tomas,
            incident=incident,
            guest=incident.guests.get(name="Sami"),
            channel="in_person",
            contacted_at=clock.now(),
            note="",
        )
    assert [due.room for due in of(scene).follow_ups] == ["1120"]


# --- story, thanks, the day before --------------------------------------------------------------------------------


def test_the_story_of_that_day_and_the_thanks_of_these_days(scene):
    with at(days=1):
        incident = happened(scene, stays("Reyes", "1120"))
        resolve_incident(actor=scene.maria, incident=incident, outcome="recovered")
        card = give_thanks(actor=scene.tomas, incident=incident, receiver=scene.maria, text="You ran for it.")
        back = give_thanks(actor=scene.omar, incident=incident, receiver=scene.maria, text="Taken back.")
        withdraw_thanks(actor=scene.omar, thanks=back)
    with at(hours=1):
        story = nominate_story(actor=scene.tomas, incident=incident, text="She ran for the shoes.")
        choose_story(actor=scene.grace, story=story)
    found = of(scene)
    assert (found.story, found.thanks) == (story, [card])
    assert of(scene, day=TODAY + timedelta(days=1)).story is None


def test_the_day_before_in_figures_that_say_what_they_are_out_of(scene):
    with at(days=1):
        own, asked, _nothing = (happened(scene, stays(name, "1")) for name in ("A", "B", "C"))
        gave(scene, own)
        gave(scene, asked, 300_000, reason="Two nights.")
    with at(hours=20):
        resolve_incident(actor=scene.maria, incident=own, outcome="lost")
    before = of(scene).before
    assert (before.acted, before.incidents) == (1, 3)
    assert (before.answered, before.asked, before.minutes) == (0, 1, None)
    assert (before.good, before.known, before.resolved) == (0, 1, 1)


# --- whose ---------------------------------------------------------------------------------------------------------


def test_nothing_of_another_house_is_told(scene):
    with at(hours=9):
        incident = happened(scene, stays("Reyes", "1120"))
        gave(scene, incident, promised_for=MORNING)
        gave(scene, incident, 300_000, reason="Two nights.")
    with clock.standing_at(MORNING):
        stranger = line_up(property=scene.lax, day=TODAY, user=scene.gina)
    assert (stranger.promises, stranger.requests, stranger.parties, stranger.follow_ups) == ([], [], [], [])
    assert stranger.before.incidents == 0


def test_a_full_house_asks_no_more_queries(scene, django_assert_num_queries):
    with clock.standing_at(OPENED):
        create_guest(actor=None, property=scene.lax, name="Nobody", room="1")
    for number in range(4):
        with at(hours=9 + number):
            incident = happened(
                scene, stays(f"Guest {number}", f"11{number}"), stays(f"Family {number}", f"11{number}")
            )
            gave(scene, incident, promised_for=MORNING)
            gave(scene, incident, 300_000, reason="Two nights.")
            other = happened(scene, stays(f"Other {number}", f"12{number}"))
            resolve_incident(actor=scene.maria, incident=other, outcome="recovered")
            give_thanks(actor=scene.tomas, incident=other, receiver=scene.maria, text="You ran.")
    with clock.standing_at(MORNING), django_assert_num_queries(12):
        found = line_up(property=scene.lax, day=TODAY, user=scene.grace)
    assert len(found.parties) == 8

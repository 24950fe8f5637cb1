"""Within what one may: taken back, promised, failed twice, capped; colleagues as guests; one guest in two records."""

from empower.incidents.services import create_guest, erase_guest, merge_guests, record_follow_up
from empower.spending.services import approve_spend, hand_over_spend, reverse_spend

from .. import words
from ..answers import request_of
from ..scenes.delight import COLLEAGUES
from .stage import in_minutes


def taken_back_whole(stage):
    incident, [guest] = stage.log(
        "theo",
        "food_slow",
        "dining",
        [stage.guest()],
        severity=2,
        narrative="Fifty minutes for two coffees and a croissant.",
    )
    yield in_minutes(2)
    spend = stage.give("theo", incident, guest, "meal", 380)
    yield in_minutes(3)
    reverse_spend(actor=stage.people["theo"], spend=spend, reason=words.TYPED_WRONG)
    stage.give("theo", incident, guest, "meal", 38)
    yield in_minutes(30)
    stage.end("theo", incident, "recovered", 7)


def taken_back_in_part(stage):
    incident, [guest] = stage.log(
        "margaux", "billing_wrong", "dining", [stage.guest()], severity=3, touchpoint="dining",
        narrative="The neighbours' champagne was on their bill, at breakfast, before the train.",
    )  # fmt: skip
    yield in_minutes(4)
    spend = stage.give("margaux", incident, guest, "refund", 320)
    yield in_minutes(50)
    stage.end("margaux", incident, "recovered", 8)
    yield in_minutes(1_900)
    reverse_spend(actor=stage.people["olivier"], spend=spend, amount=spend.amount // 2, reason=words.PART_BACK)


def promise(stage, *, kept):
    incident, [guest] = stage.log(
        "tomas", "room_amenity_missing", "dining", [stage.guest()], severity=3, touchpoint="room_service",
        narrative="The cot and the bottle warmer were confirmed, and neither was there. The baby is four months old.",
    )  # fmt: skip
    yield in_minutes(3)
    spend = stage.give("tomas", incident, guest, "meal", 110, promised_for=in_minutes(120))
    yield in_minutes(112 if kept else 185)
    hand_over_spend(actor=stage.people["bianca"], spend=spend)
    yield in_minutes(30)
    stage.end("tomas", incident, "recovered" if kept else "lost", 9 if kept else 2)
    if kept:
        yield in_minutes(700)
        record_follow_up(
            actor=stage.people["maria"],
            incident=incident,
            guest=guest,
            channel="in_person",
            note="All three of them slept.",
        )


def second_failure(stage):
    """A guest whom we failed twice: the rule lifts the limit, and nobody has to be asked."""
    incident, [guest] = stage.log(
        "ren", "room_noise", "front_desk", [stage.guest(nights=9)], severity=3,
        narrative="The gong of the temple, and our own boiler, from five.",
    )  # fmt: skip
    yield in_minutes(6)
    stage.give("ren", incident, guest, "meal", 140)
    yield in_minutes(60)
    stage.end("ren", incident, "recovered", 7)
    yield in_minutes(3 * 24 * 60)
    again, _ = stage.log(
        "yuna", "room_temperature", "engineering", [guest], severity=5,
        narrative="Now the heating. The same guest, the same room.",
    )  # fmt: skip
    yield in_minutes(5)
    stage.give("yuna", again, guest, "refund", 2_800, reason="Second time in one stay. The rule lets me do it at once.")
    yield in_minutes(45)
    stage.end("yuna", again, "recovered", 8)


def capped(stage):
    """Two colleagues gave what they may; what all of them may give one guest for one matter is reached."""
    incident, [guest] = stage.log(
        "sora", "food_allergy", "dining", [stage.guest(nights=5)], severity=5,
        narrative="Buckwheat in the tea sweets, which he cannot have. Hospital overnight, home again in the morning.",
    )  # fmt: skip
    yield in_minutes(20)
    stage.give("sora", incident, guest, "refund", 1_900)
    yield in_minutes(30)
    stage.give("fumiko", incident, guest, "gift", 1_700)
    yield in_minutes(60)
    asked = stage.give("takumi", incident, guest, "transport", 900, reason="Both tickets home, in comfort.")
    yield in_minutes(12)
    approve_spend(actor=stage.people["midori"], approval=request_of(asked), reason="Of course.")
    yield in_minutes(600)
    stage.end("takumi", incident, "recovered", 7)


def colleague_as_guest(stage, *, giver, receiver, number):
    gesture, least, most, narrative = COLLEAGUES[number]
    incident, [guest] = stage.log(
        giver, "occasion_hardship", stage.hotel.house.departments[0][0],
        [{"kind": "colleague", "colleague": stage.people[receiver]}], severity=1, kind="delight", narrative=narrative,
    )  # fmt: skip
    stage.give(giver, incident, guest, gesture, (least + most) / 2)
    yield in_minutes(200)
    stage.end(giver, incident, "delighted", 10)


def two_records_of_one_guest(stage):
    """Checked in twice under two spellings: one guest from now on. And one who asked to be forgotten, later."""
    first = stage.guest(name="Katarzyna Wrzesniewska")
    incident, [guest] = stage.log(
        "takumi", "arrival_booking_missing", "front_desk", [first], severity=3,
        narrative="Nobody found the booking: it was under the other spelling.",
    )  # fmt: skip
    other = create_guest(
        actor=stage.people["midori"], property=stage.hotel.property, **(first | {"name": "Katarzyna Wrześniewska"})
    )
    yield in_minutes(9)
    merge_guests(actor=stage.people["midori"], kept=other, merged=guest)
    guest.refresh_from_db()
    stage.give("takumi", incident, guest, "drink", 45)
    yield in_minutes(30)
    stage.end("takumi", incident, "recovered", 8)
    yield in_minutes(20 * 24 * 60)
    erase_guest(actor=stage.people["kenji"], guest=other)

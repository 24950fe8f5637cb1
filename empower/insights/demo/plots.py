"""The turns that are always there, whatever the scale: one of each kind, told in full. `plots_large` has the big night."""

from datetime import timedelta

from empower import clock
from empower.incidents.services import create_guest, erase_guest, log_incident, merge_guests, record_follow_up
from empower.policies.services import name_deputy
from empower.refusals import NotPermitted
from empower.spending.services import (
    approve_spend,
    ask_about_spend,
    decline_spend,
    escalate_overdue_approvals,
    give_spend,
    hand_over_spend,
    reply_about_spend,
    resolve_incident,
    reverse_spend,
    withdraw_spend,
)

from . import words
from .answers import request_of, word_kept
from .scenes.delight import COLLEAGUES


class Stage:
    """One plot's house, dice and shorthand. Amounts are in what feels like dollars (`Hotel`)."""

    def __init__(self, world, code, name):
        self.world, self.hotel, self.rng = world, world.hotels[code], world.dice("plot", name)
        self.people = world.people

    def guest(self, *, nights=4, **facts):
        day = clock.local_day(clock.now(), self.hotel.house.timezone)
        return self.hotel.guests.arrive(self.rng, day, nights=nights) | facts

    def log(self, actor, category, department, guests, narrative, *, severity=3, kind="recovery", touchpoint=None, ago=6):
        """(incident, its guests): written down now, told ``ago`` minutes ago."""
        reported = clock.now() - timedelta(minutes=ago / 2)
        incident = log_incident(
            actor=self.people[actor],
            property=self.hotel.property,
            department=self.hotel.departments[department],
            category=self.world.categories[category],
            touchpoint=self.world.touchpoints[touchpoint or department],
            severity=severity,
            kind=kind,
            narrative=narrative,
            guests=guests,
            reported_at=reported,
            occurred_at=reported - timedelta(minutes=ago),
            feeling_before=None if kind == "delight" else max(0, 5 - severity),
        )
        return incident, [row.guest for row in incident.incident_guests.select_related("guest")]

    def money(self, dollars):
        return round(dollars * self.hotel.house.unit / self.hotel.house.step) * self.hotel.house.step

    def give(self, actor, incident, guest, gesture, dollars, **more):
        return give_spend(
            actor=self.people[actor],
            incident=incident,
            guest=guest,
            gesture=self.world.gestures[gesture],
            amount=self.money(dollars),
            currency=self.hotel.house.currency,
            **more,
        )

    def end(self, actor, incident, outcome, feeling):
        resolve_incident(actor=self.people[actor], incident=incident, outcome=outcome, feeling_after=feeling)


def in_minutes(minutes):
    return clock.now() + timedelta(minutes=minutes)


def split(stage):
    incident, [guest] = stage.log(
        "nadia", "arrival_overbooked", "front_desk", [stage.guest()], severity=5,
        narrative="Oversold, and they had come for their daughter's wedding. The only thing free was the corner suite.",
    )  # fmt: skip
    yield in_minutes(3)
    given = stage.give("nadia", incident, guest, "refund", 2_640, split=True, reason="Two nights of the suite, all of it ours to pay.")
    yield in_minutes(9)
    approve_spend(actor=stage.people["martin"], approval=request_of(given.rest), reason="All of it. Tell them it is ours.")
    yield in_minutes(40)
    stage.end("nadia", incident, "recovered", 9)


def approved_with_less(stage):
    incident, [guest] = stage.log(
        "leila", "room_not_ready", "front_desk", [stage.guest()], severity=4,
        narrative="Promised for 15:00, still being cleaned at 17:10. The child fell asleep on the luggage.",
    )  # fmt: skip
    stage.give("leila", incident, guest, "meal", 180, promised_for=in_minutes(90))
    yield in_minutes(7)
    asked = stage.give("leila", incident, guest, "upgrade", 2_400, reason="The corner suite is free for both nights.")
    yield in_minutes(6)
    approve_spend(
        actor=stage.people["omar"], approval=request_of(asked), amount=stage.money(1_600),
        reason="Both nights, at the house rate. Please walk them up yourself.",
    )  # fmt: skip
    yield in_minutes(100)
    stage.end("leila", incident, "delighted", 9)


def declined_and_lost(stage):
    incident, [guest] = stage.log(
        "hector", "room_noise", "front_desk", [stage.guest()], severity=4,
        narrative="Second night of building work at seven in the morning. They asked for their money back, not for a fruit basket.",
    )  # fmt: skip
    yield in_minutes(12)
    asked = stage.give("hector", incident, guest, "refund", 2_450, reason="Both nights. They have not slept.")
    yield in_minutes(190)
    escalate_overdue_approvals()
    decline_spend(
        actor=stage.people["gina"], approval=request_of(asked),
        reason="The contractor pays for this. Please offer them dinner meanwhile.",
    )  # fmt: skip
    yield in_minutes(25)
    stage.end("hector", incident, "lost", 1)


def verbal_yes_confirmed(stage):
    incident, [guest] = stage.log(
        "devon", "service_promise_missed", "dining", [stage.guest()], severity=5,
        narrative="The private room for the engagement was given to somebody else. Forty minutes until the families arrived.",
    )  # fmt: skip
    yield in_minutes(4)
    spend = stage.give("devon", incident, guest, "meal", 3_300, reason="Omar said yes by phone.", verbal_approval_by=stage.people["omar"])
    yield in_minutes(170)
    stage.end("devon", incident, "delighted", 10)
    yield in_minutes(500)
    yield from word_kept(stage.rng, stage.people["omar"], spend, kept=True)


def verbal_yes_denied(stage):
    incident, [guest] = stage.log(
        "andre", "food_quality", "dining", [stage.guest()], severity=3,
        narrative="A table of twelve, and the fish not right at any of the places. Took the whole dinner off.",
    )  # fmt: skip
    yield in_minutes(5)
    spend = stage.give("andre", incident, guest, "meal", 2_280, reason="Yvonne said yes at the pass.", verbal_approval_by=stage.people["yvonne"])
    yield in_minutes(60)
    stage.end("andre", incident, "recovered", 7)
    yield in_minutes(640)
    yield from word_kept(stage.rng, stage.people["yvonne"], spend, kept=False)


def question_and_reply(stage):
    incident, [guest] = stage.log(
        "noor", "room_plumbing", "engineering", [stage.guest()], severity=4,
        narrative="Water through the ceiling onto the bed and an open suitcase. A wedding dress was in it.",
    )  # fmt: skip
    yield in_minutes(8)
    asked = stage.give("noor", incident, guest, "gift", 3_900, reason="The dress has to be cleaned by hand, in a day.")
    yield in_minutes(11)
    ask_about_spend(actor=stage.people["samira"], approval=request_of(asked), question="Is that the atelier's price, or ours?")
    yield in_minutes(16)
    reply_about_spend(actor=stage.people["noor"], approval=request_of(asked), reply="Theirs, in writing. I have the quote here.")
    yield in_minutes(4)
    approve_spend(actor=stage.people["samira"], approval=request_of(asked), reason="Yes. Send a car for it.")
    yield in_minutes(300)
    stage.end("noor", incident, "recovered", 8)


def withdrawn(stage):
    incident, [guest] = stage.log(
        "clement", "arrival_luggage", "concierge", [stage.guest()], severity=4,
        narrative="Two cases on the wrong train. They have a reception tonight and the clothes they stand in.",
    )  # fmt: skip
    yield in_minutes(6)
    asked = stage.give("clement", incident, guest, "gift", 2_600, reason="To dress them both for tonight.")
    yield in_minutes(14)
    withdraw_spend(actor=stage.people["clement"], spend=asked)
    stage.give("clement", incident, guest, "transport", 95, note="The cases turned up at the next station: a courier is on it.")
    yield in_minutes(80)
    stage.end("clement", incident, "recovered", 8)


def expired(stage):
    incident, [guest] = stage.log(
        "darnell", "room_temperature", "engineering", [stage.guest()], severity=4,
        narrative="No heating for the second night; the part comes on Monday.",
    )  # fmt: skip
    yield in_minutes(30)
    stage.give("darnell", incident, guest, "refund", 2_300, reason="Both nights back, if somebody agrees.")
    # Up it went, step by step, on a holiday; a day later there was nobody left to ask.
    for minutes in (20, 40, 200, 1_300):
        yield in_minutes(minutes)
        escalate_overdue_approvals()
    yield in_minutes(30)
    stage.end("darnell", incident, "lost", 0)


def deputy_answers(stage):
    """The manager is away, the other is asleep, and a colleague at the desk stands in."""
    people = stage.people
    for absent in ("martin", "yvonne"):
        name_deputy(
            actor=people["gina"], absent=people[absent], stands_in=people["nadia"],
            begins_at=clock.now(), ends_at=in_minutes(6 * 24 * 60),
        )  # fmt: skip
    yield in_minutes(600)
    incident, [guest] = stage.log(
        "sofia", "food_allergy", "dining", [stage.guest()], severity=5,
        narrative="Shellfish in a broth that was sold as vegetable. She is well again; the evening was not.",
    )  # fmt: skip
    yield in_minutes(5)
    asked = stage.give("sofia", incident, guest, "refund", 2_150, reason="The stay so far. It could have ended badly.")
    yield in_minutes(21)
    escalate_overdue_approvals()
    approve_spend(actor=people["nadia"], approval=request_of(asked), reason="Yes. The chef will come up as well.")
    yield in_minutes(90)
    stage.end("sofia", incident, "recovered", 7)


def for_a_leader(stage):
    """Beyond what a general manager decides; and one who may not decide tries to, which the log remembers."""
    incident, [guest] = stage.log(
        "elodie", "service_promise_missed", "concierge", [stage.guest(nights=7)], severity=5, touchpoint="events",
        narrative="The garden for a wedding of ninety was dug up by the city that morning. We moved all of it to the hills.",
    )  # fmt: skip
    yield in_minutes(15)
    asked = stage.give("elodie", incident, guest, "refund", 26_500, reason="The whole event, and coaches for ninety.")
    yield in_minutes(5)
    try:
        approve_spend(actor=stage.people["grace"], approval=request_of(asked), reason="Yes, do it.")
    except NotPermitted:
        yield in_minutes(4)
    approve_spend(actor=stage.people["chen"], approval=request_of(asked), reason="Yes, all of it. Thank you for moving so fast.")
    yield in_minutes(700)
    stage.end("elodie", incident, "delighted", 10)


def taken_back_whole(stage):
    incident, [guest] = stage.log(
        "theo", "food_slow", "dining", [stage.guest()], severity=2, narrative="Fifty minutes for two coffees and a croissant."
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
            actor=stage.people["maria"], incident=incident, guest=guest, channel="in_person", note="The baby slept, and so did they."
        )


def second_failure(stage):
    """A guest whom we failed twice: the rule lifts the limit, and nobody has to be asked."""
    incident, [guest] = stage.log(
        "ren", "room_noise", "front_desk", [stage.guest(nights=9)], severity=3, narrative="The gong of the temple, and our own boiler, from five."
    )
    yield in_minutes(6)
    stage.give("ren", incident, guest, "meal", 140)
    yield in_minutes(60)
    stage.end("ren", incident, "recovered", 7)
    yield in_minutes(3 * 24 * 60)
    again, _ = stage.log("yuna", "room_temperature", "engineering", [guest], severity=5, narrative="Now the heating. The same guest, the same room.")
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
        "takumi", "arrival_booking_missing", "front_desk", [first], severity=3, narrative="Nobody found the booking: it was under the other spelling."
    )
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

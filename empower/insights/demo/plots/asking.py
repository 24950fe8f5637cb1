"""More than one may give: a split, a yes, a no, less, a word by phone, a question, a deputy, nobody at all."""

from empower import clock
from empower.policies.services import name_deputy
from empower.refusals import NotPermitted
from empower.spending.services import (
    approve_spend,
    ask_about_spend,
    decline_spend,
    escalate_overdue_approvals,
    reply_about_spend,
    withdraw_spend,
)

from ..answers import request_of, word_kept
from .stage import in_minutes


def split(stage):
    incident, [guest] = stage.log(
        "nadia", "arrival_overbooked", "front_desk", [stage.guest()], severity=5,
        narrative="Oversold, and they had come for their daughter's wedding. The only thing free was the corner suite.",
    )  # fmt: skip
    yield in_minutes(3)
    given = stage.give(
        "nadia", incident, guest, "refund", 3_640, split=True, reason="Two nights of the suite, all of it ours to pay."
    )
    yield in_minutes(9)
    approve_spend(
        actor=stage.people["martin"], approval=request_of(given.rest), reason="All of it. Tell them it is ours."
    )
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
        narrative="Second night of building work at seven in the morning. They want their money back, not a fruit basket.",
    )  # fmt: skip
    yield in_minutes(12)
    asked = stage.give("hector", incident, guest, "refund", 3_450, reason="Both nights. They have not slept.")
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
    spend = stage.give(
        "devon",
        incident,
        guest,
        "meal",
        3_300,
        reason="Omar said yes by phone.",
        verbal_approval_by=stage.people["omar"],
    )
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
    spend = stage.give(
        "andre",
        incident,
        guest,
        "meal",
        3_280,
        reason="Yvonne said yes at the pass.",
        verbal_approval_by=stage.people["yvonne"],
    )
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
    ask_about_spend(
        actor=stage.people["samira"], approval=request_of(asked), question="Is that the atelier's price, or ours?"
    )
    yield in_minutes(16)
    reply_about_spend(
        actor=stage.people["noor"], approval=request_of(asked), reply="Theirs, in writing. I have the quote here."
    )
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
    stage.give(
        "clement", incident, guest, "transport", 95, note="The cases turned up at the next station: a courier is on it."
    )
    yield in_minutes(80)
    stage.end("clement", incident, "recovered", 8)


def expired(stage):
    incident, [guest] = stage.log(
        "darnell", "room_temperature", "engineering", [stage.guest()], severity=4,
        narrative="No heating for the second night; the part comes on Monday.",
    )  # fmt: skip
    yield in_minutes(30)
    stage.give("darnell", incident, guest, "refund", 3_300, reason="Both nights back, if somebody agrees.")
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
    asked = stage.give("sofia", incident, guest, "refund", 3_150, reason="The stay so far. It could have ended badly.")
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
    approve_spend(
        actor=stage.people["chen"], approval=request_of(asked), reason="Yes, all of it. Thank you for moving so fast."
    )
    yield in_minutes(700)
    stage.end("elodie", incident, "delighted", 10)

"""What whoever signs in now finds: the queue of a duty manager, the open incidents of a colleague at the desk."""

from datetime import timedelta

from empower.recognition.services import give_thanks
from empower.spending.services import ask_about_spend

from .answers import request_of
from .course import ordinary
from .plots import Stage, in_minutes
from .plots.morning import enter_morning
from .scenes import DELIGHTS, RECOVERIES

#: Hours ago at which something ordinary happened in the past day, by house.
_LATELY = {"LAX": (22, 19, 15, 12, 9, 7), "NYC": (21, 16, 10, 6), "PAR": (20, 13, 7), "KYO": (18, 11, 6)}


def enter_today(world):
    """Enters what happens up to the full hour: what stands here is told by it, the rest of the history by the day."""
    until = world.hour
    for code, hours in _LATELY.items():
        for number, ago in enumerate(hours):
            rng = world.dice("lately", code, number)
            kind = "delight" if number % 3 == 1 else "recovery"
            scene = rng.choice(DELIGHTS if kind == "delight" else RECOVERIES)
            moment = until - timedelta(hours=ago, minutes=rng.randrange(50))
            world.enter(moment, ordinary(world, world.hotels[code], rng, scene, kind=kind, until=until), until=until)
    for number, (code, minutes, plot) in enumerate(_NOW):
        stage = Stage(world, code, f"now:{number}")
        world.enter(until - timedelta(minutes=minutes), plot(stage), until=until)
    enter_morning(world, until)


def no_cooling(stage):
    """All that one may give is given, and the rest is asked for."""
    incident, [guest] = stage.log(
        "maria", "room_temperature", "engineering", [stage.guest(name="Tunde Adeyemi", room="1008")], severity=4,
        narrative="Air conditioning out since last night. He slept in the armchair by the window and has a hearing tomorrow.",
    )  # fmt: skip
    yield in_minutes(4)
    stage.give(
        "maria", incident, guest, "refund", 2_300, split=True,
        reason="I gave the 2,000 that I may. The rest of the second night would put it right.",
    )  # fmt: skip


def room_not_ready(stage):
    """Something was given at once; the suite waits for a yes."""
    incident, people = stage.log(
        "maria", "room_not_ready", "front_desk",
        [stage.guest(name="Rania Haddad", room="1412"), stage.guest(name="Sami Haddad", room="1412")], severity=4,
        narrative="The room was promised for 15:00 and was still being cleaned. Sami, six, had fallen asleep on the luggage.",
    )  # fmt: skip
    yield in_minutes(2)
    stage.give(
        "maria", incident, people[0], "meal", 180, note="Dinner for two, on the terrace.", promised_for=in_minutes(200)
    )
    yield in_minutes(9)
    stage.give("maria", incident, people[0], "upgrade", 2_400, reason="The corner suite is free for both nights.")


def asked_back(stage):
    """A question stands in the queue, so its clock stands still."""
    incident, [guest] = stage.log(
        "maria", "billing_corrected_again", "front_desk", [stage.guest(name="Graciela Reyes", room="1120")], severity=3,
        narrative="Third invoice, third mistake, and the auditors of her firm are waiting for it.",
    )  # fmt: skip
    yield in_minutes(6)
    asked = stage.give(
        "maria", incident, guest, "refund", 2_310, reason="Two nights. It is the third time we get it wrong."
    )
    yield in_minutes(8)
    ask_about_spend(
        actor=stage.people["omar"],
        approval=request_of(asked),
        question="Did we take anything off the first two already?",
    )


def yes_by_phone(stage):
    incident, people = stage.log(
        "leila", "service_promise_missed", "dining", [stage.guest(name="Judith Bellamy", room="611")], severity=4,
        narrative="The anniversary dinner was in the book for tomorrow. They stood there in their best clothes.",
    )  # fmt: skip
    yield in_minutes(5)
    stage.give(
        "leila",
        incident,
        people[0],
        "meal",
        2_200,
        reason="Omar said yes by phone.",
        verbal_approval_by=stage.people["omar"],
    )


def from_dining(stage):
    incident, [guest] = stage.log(
        "tomas", "food_allergy", "dining", [stage.guest(name="Ingmar Lindqvist", room="907")], severity=5,
        narrative="Walnut in the dressing, though it was on the booking. The doctor has been; he is resting now.",
    )  # fmt: skip
    stage.give("tomas", incident, guest, "amenity", 60)
    yield in_minutes(7)
    stage.give("tomas", incident, guest, "refund", 2_150, reason="His three nights with us. It could have ended badly.")


def long_clock(stage):
    """The concierges' rule has the long clock: this one is here next week as well."""
    incident, [guest] = stage.log(
        "kofi", "arrival_luggage", "concierge", [stage.guest(nights=7, name="Obinna Okoro", room="803")], severity=4,
        narrative="His case with the samples for Thursday's fair went off with the airport shuttle and is not back.",
    )  # fmt: skip
    yield in_minutes(5)
    stage.give("kofi", incident, guest, "transport", 64, note="Taxi to the fair's office.")
    yield in_minutes(20)
    stage.give("kofi", incident, guest, "gift", 2_150, reason="New samples can be made by Wednesday. I have the quote.")


def for_the_director(stage):
    incident, [guest] = stage.log(
        "devon", "arrival_overbooked", "front_desk", [stage.guest(nights=5, name="Heloísa Drummond", room="1804")], severity=5,
        narrative="Four rooms of the family could not be kept. They are in three hotels now, with the grandmother in ours.",
    )  # fmt: skip
    yield in_minutes(10)
    stage.give(
        "devon", incident, guest, "refund", 5_400, reason="The whole stay of all four rooms, and the cars between them."
    )


def just_logged(stage):
    stage.log(
        "maria", "room_noise", "front_desk", [stage.guest(name="Meiling Shen", room="1517")], severity=3, touchpoint="phone",
        narrative="The ice machine outside her door has not stopped since six. She asked very kindly whether it ever does.",
    )  # fmt: skip
    yield from ()


def small_things(stage):
    incident, [guest] = stage.log(
        "maria", "occasion_celebration", "front_desk", [stage.guest(name="Yuto Tanaka", room="1405")],
        severity=1, kind="delight",
        narrative="The girl turned seven today and was told that birthdays do not count on journeys. This one will.",
    )  # fmt: skip
    stage.give("maria", incident, guest, "handwritten_note", 0, note="With a paper crane, from Aiko.")
    yield in_minutes(5)
    stage.give("maria", incident, guest, "amenity", 35, promised_for=in_minutes(240))
    yield in_minutes(30)
    give_thanks(
        actor=stage.people["aiko"], incident=incident, receiver=stage.people["maria"],
        text="The paper crane is on their window sill. She sleeps beside it.",
    )  # fmt: skip


def in_new_york(stage):
    incident, [guest] = stage.log(
        "paul", "room_plumbing", "engineering", [stage.guest(name="Sabine Reinhardt", room="2214")], severity=4,
        narrative="Hot water gone for the third morning. She is here for a week of rehearsals and can't do without a bath.",
    )  # fmt: skip
    yield in_minutes(15)
    stage.give("paul", incident, guest, "refund", 3_550, reason="Three nights, and she stays for four more.")


def in_paris(stage):
    incident, [guest] = stage.log(
        "lucien", "food_slow", "dining", [stage.guest(name="Amélie Vasseur", room="304")], severity=4,
        narrative="An hour and a quarter for the birthday table, and the candles were out when it came.",
    )  # fmt: skip
    yield in_minutes(4)
    stage.give("lucien", incident, guest, "meal", 1_900, reason="The whole table. They were twelve.")


def in_kyoto(stage):
    incident, [guest] = stage.log(
        "yuna", "house_closed", "front_desk", [stage.guest(name="Kwame Boateng", room="412")], severity=3, touchpoint="spa",
        narrative="The bath house is closed for repairs, and it was the reason for the journey.",
    )  # fmt: skip
    yield in_minutes(6)
    stage.give("yuna", incident, guest, "meal", 160, promised_for=in_minutes(150))


#: (house, minutes before the full hour, what). In the order in which the queue shows them.
_NOW = (
    ("LAX", 170, long_clock),
    ("LAX", 115, asked_back),
    ("LAX", 95, yes_by_phone),
    ("LAX", 80, small_things),
    ("LAX", 62, for_the_director),
    ("LAX", 34, room_not_ready),
    ("LAX", 26, from_dining),
    ("LAX", 13, no_cooling),
    ("LAX", 9, just_logged),
    ("NYC", 48, in_new_york),
    ("PAR", 37, in_paris),
    ("KYO", 55, in_kyoto),
)

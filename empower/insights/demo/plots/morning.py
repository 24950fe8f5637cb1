"""What a general manager finds at the line-up: a story and who may be thanked, a promise nobody kept yet, a guest whom we
failed twice, and those in whose room somebody should look in before they leave.
"""

from datetime import timedelta

from empower import clock
from empower.recognition.services import choose_story, give_thanks, nominate_story

from .stage import Stage, in_minutes

#: (house, who gave, who saw it, who chooses; department, category, gesture, dollars; what happened; the story; the card).
_STORIES = (
    (
        "LAX", "elodie", "aiko", "grace", "concierge", "arrival_luggage", "transport", 210,
        "The case with the wedding dress had been loaded for San Diego. The wedding was at eleven.",
        "A wedding dress had gone on to another city, and the wedding was at eleven. Our colleague did not wait for the "
        "courier: she drove down in the night and was back before breakfast, with the dress on the back seat under her own "
        "coat. “Now it has a story,” said the bride.",
        "You drove all night, and nobody had asked you to.",
    ),
    (
        "NYC", "julian", "paul", "gina", "concierge", "service_promise_missed", "gift", 340,
        "The theatre tickets were promised in the letter and never booked. It is their fiftieth anniversary.",
        "Two tickets had been promised and never booked. A colleague stood in the queue for returns, in the rain, for two "
        "hours, and came back with the third row. He had put a programme from their wedding year between the pages.",
        "I would not have thought of the old programme.",
    ),
    (
        "PAR", "margaux", "ines", "beatrice", "dining", "food_slow", "meal", 140,
        "An hour for the soup, with a grandmother at the table who had come for that soup.",
        "The soup was late, and for one guest it was the taste of being a child here. A colleague brought her into the "
        "kitchen and let her finish it herself. It is on the card now, under her first recipe.",
        "She held your hand all through it.",
    ),
    (
        "KYO", "haruka", "fumiko", "kenji", "dining", "food_allergy", "meal", 90,
        "Nothing at breakfast was without soy, though the letter had said so in two languages.",
        "A boy could eat nothing that stood on the table. Our colleague asked what he has at home, and walked to the market "
        "before it opened. The next morning he ordered for the whole family.",
        "You went to the market in the snow.",
    ),
)  # fmt: skip

#: (house, who looked after it, department, category): resolved some hours ago, and the guest leaves today.
_LEAVING = (
    ("LAX", "hana", "front_desk", "billing_wrong"),
    ("NYC", "nadia", "front_desk", "room_noise"),
    ("PAR", "clement", "front_desk", "room_not_ready"),
    ("KYO", "ren", "front_desk", "room_temperature"),
)


def enter_morning(world, until):
    """Enters it all, up to the full hour ``until``."""
    for told in _STORIES:
        stage = Stage(world, told[0], "morning:story")
        world.enter(until - timedelta(hours=27), _worth_telling(stage, until, *told[1:]), until=until)
    for code, *told in _LEAVING:
        stage = Stage(world, code, "morning:leaving")
        world.enter(until - timedelta(hours=7), _leaves_today(stage, until, *told), until=until)
    world.enter(until - timedelta(hours=80), _failed_twice(Stage(world, "LAX", "morning:twice"), until), until=until)
    world.enter(until - timedelta(hours=5), _not_kept_yet(Stage(world, "LAX", "morning:promise"), until), until=until)


def _worth_telling(
    stage, until, giver, witness, chooser, department, category, gesture, dollars, narrative, story, card
):
    incident, [guest] = stage.log(
        giver, category, department, [_staying(stage, until, days=2)], narrative, severity=4
    )  # fmt: skip
    yield in_minutes(3)
    stage.give(giver, incident, guest, gesture, dollars)
    yield in_minutes(200)
    stage.end(giver, incident, "delighted", 10)
    yield in_minutes(40)
    nominated = nominate_story(actor=stage.people[witness], incident=incident, text=story)
    give_thanks(actor=stage.people[witness], incident=incident, receiver=stage.people[giver], text=card)
    yield until - timedelta(minutes=70)
    nominated.refresh_from_db()
    choose_story(actor=stage.people[chooser], story=nominated, told_on=_today(stage, until))


def _leaves_today(stage, until, actor, department, category):
    incident, [guest] = stage.log(
        actor, category, department, [_staying(stage, until, days=0)], severity=3,
        narrative="They told us on the way to breakfast, and not before: they did not want to make a fuss.",
    )  # fmt: skip
    yield in_minutes(6)
    stage.give(actor, incident, guest, "meal", 70)
    yield in_minutes(90)
    stage.end(actor, incident, "recovered", 8)


def _failed_twice(stage, until):
    incident, [guest] = stage.log(
        "theo", "room_temperature", "engineering", [_staying(stage, until, days=1)], severity=3,
        narrative="Warm water, and not much of it.",
    )  # fmt: skip
    yield in_minutes(8)
    stage.give("theo", incident, guest, "drink", 30)
    yield in_minutes(100)
    stage.end("theo", incident, "recovered", 7)
    yield until - timedelta(hours=6)
    again, _ = stage.log(
        "theo", "room_noise", "front_desk", [guest], severity=4, narrative="Now the lift, all night, beside the bed."
    )
    yield in_minutes(4)
    stage.give("theo", again, guest, "refund", 260)
    yield in_minutes(45)
    stage.end("theo", again, "unknown", None)


def _not_kept_yet(stage, until):
    incident, [guest] = stage.log(
        "bianca", "room_amenity_missing", "dining", [_staying(stage, until, days=1)], severity=3, touchpoint="room_service",
        narrative="Two cots were confirmed and one was there. The twins share everything but sleep.",
    )  # fmt: skip
    yield in_minutes(5)
    stage.give("bianca", incident, guest, "amenity", 40, promised_for=until - timedelta(minutes=50))
    stage.give("bianca", incident, guest, "meal", 95, promised_for=until + timedelta(minutes=75))
    yield in_minutes(20)
    stage.end("bianca", incident, "recovered", 7)


def _today(stage, until):
    return clock.local_day(until, stage.hotel.house.timezone)


def _staying(stage, until, *, days):
    """A guest who leaves so many days after the day of the line-up."""
    day = _today(stage, until)
    return stage.guest() | {"arrival": day - timedelta(days=4), "departure": day + timedelta(days=days)}

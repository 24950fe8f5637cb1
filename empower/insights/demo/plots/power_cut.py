"""The night the power went: forty guests, one incident, and a team that did not wait for anybody."""

from empower.incidents.services import record_follow_up
from empower.recognition.services import give_thanks
from empower.spending.services import resolve_incident

from .stage import in_minutes

_GIVERS = ("maria", "leila", "devon", "tomas", "bianca", "elodie", "kofi", "omar")


def power_cut(stage):
    """Every guest is given something by one of eight colleagues; what each felt and how it ended is each one's own."""
    rng = stage.rng
    guests, rooms = [], set()
    while len(guests) < 40:
        guest = stage.guest(nights=rng.choice((2, 3, 4)))
        if guest["room"] not in rooms:
            rooms.add(guest["room"])
            guests.append(guest | {"feeling_before": rng.choice((1, 2, 2, 3, 4))})
    incident, people = stage.log(
        "omar", "house_safety", "engineering", guests, severity=5, touchpoint="other",
        narrative="Power out on floors 7 to 12 at ten to seven: lifts, kitchen, air. Torches and water first, then "
        "whatever each guest needed. Back at twenty past nine.",
    )  # fmt: skip
    for number, guest in enumerate(people):
        if number % 5 == 0:
            yield in_minutes(rng.randint(2, 6))
        giver = _GIVERS[number % len(_GIVERS)]
        gesture, least, most = rng.choice(
            (("meal", 60, 180), ("meal", 60, 180), ("amenity", 30, 90), ("refund", 240, 620))
        )
        stage.give(giver, incident, guest, gesture, rng.uniform(least, most))
    yield in_minutes(150)
    ends = [rng.choices(("recovered", "delighted", "unknown", "lost"), weights=(30, 6, 3, 2))[0] for _ in people]
    feels = {"recovered": 7, "delighted": 9, "unknown": None, "lost": 2}
    resolve_incident(
        actor=stage.people["omar"],
        incident=incident,
        guests=[
            {"id": guest.pk, "outcome": outcome, "feeling_after": feels[outcome]}
            for guest, outcome in zip(people, ends, strict=True)
        ],
    )
    yield in_minutes(720)
    for guest in people[:6]:
        record_follow_up(
            actor=stage.people["grace"], incident=incident, guest=guest, channel="in_person",
            note="At breakfast. They told the others how it had been.",
        )  # fmt: skip
    for name in _GIVERS[:4]:
        give_thanks(
            actor=stage.people["grace"], incident=incident, receiver=stage.people[name],
            text="Nobody waited for anybody, and no guest waited for us. Thank you.",
        )  # fmt: skip

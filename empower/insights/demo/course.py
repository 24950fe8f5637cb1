"""The usual course of an incident: it is told, somebody gives or asks or does neither, it ends, somebody looks in again."""

from datetime import timedelta

from empower import clock
from empower.incidents.services import log_incident, record_follow_up, reopen_incident
from empower.spending.services import give_spend, hand_over_spend, resolve_incident, reverse_spend, void_incident

from . import words
from .answers import settled, verbal_yes
from .diary import after, once
from .endings import ending, feeling_before
from .scenes import told

#: An amount beyond any limit, in what feels like dollars; the last is for a general manager.
_LARGE = ((2_050, 3_400), (2_050, 3_400), (2_100, 4_700), (5_100, 8_900))


def ordinary(world, hotel, rng, scene, *, kind="recovery", until=None):
    """One incident from its report on; stands at the moment when it is written down. ``until`` as `World.enter`."""
    person, actor = whoever(rng, hotel, scene.department)
    now = clock.now()
    severity = rng.randint(*scene.severity)
    guests = hotel.guests.party(rng, clock.local_day(now, hotel.house.timezone))
    reported = now - timedelta(seconds=rng.randrange(20, 420))
    incident = log(
        world, hotel, actor, scene, guests,
        narrative=told(rng, scene),
        kind=kind,
        severity=severity,
        reported_at=reported,
        occurred_at=reported - timedelta(minutes=rng.choice((0, 0, 0, 5, 15, 40, 120))),
        feeling_before=feeling_before(rng, severity) if kind == "recovery" else None,
    )  # fmt: skip
    people = met(hotel, incident)
    if kind == "recovery" and rng.random() < 0.012:
        yield after(rng, 5, 60)
        void_incident(actor=actor, incident=incident, reason="Written down twice: the other one stands.")
        return
    did = "nothing"
    willing = person.temper.acts
    # Nobody is afraid of a kindness as they are of a mistake; and what is grave moves almost everybody.
    if kind == "delight" or (severity >= 4 and willing > 0.5):
        willing += 0.3
    if rng.random() < willing:
        yield after(rng, *person.temper.waits)
        did = yield from _act(world, hotel, rng, scene, person, actor, incident, people[0], until=until)
    elif rng.random() < person.temper.asks:
        yield after(rng, *person.temper.waits)
        give(
            world, hotel, rng, scene, actor, incident, people[0],
            temper=person.temper, ask=True, reason=rng.choice(words.WHY_ASKED_NEEDLESSLY),
        )  # fmt: skip
        did = "small"
    waited = (clock.now() - reported).total_seconds() / 60
    if kind == "recovery" and rng.random() < 0.09:
        yield after(rng, 3, 50)
        usual = {code for code, _, _ in scene.gestures}
        free = next(code for code in ("handwritten_note", "apology", "late_checkout") if code not in usual)
        offer(hotel, whoever(rng, hotel, scene.department)[1], incident, people[-1], world.gestures[free], 0)
    yield after(rng, min(540, rng.lognormvariate(4.3, 0.8)))
    _resolve(world, hotel, rng, actor, incident, people, did, waited=waited, until=until)


def whoever(rng, hotel, department):
    """(Person, Employee) to whom it falls: mostly of the department, now and then a manager, seldom the director."""
    weights = [
        (9 if person.department == department else 1) if person.role == "frontline" else 1 if person.role == "manager" else 0.2
        for person, _ in hotel.people
    ]  # fmt: skip
    return rng.choices(hotel.people, weights=weights)[0]


def log(world, hotel, actor, scene, guests, **facts):
    """`log_incident` with what the scene says."""
    return log_incident(
        actor=actor,
        property=hotel.property,
        department=hotel.departments[scene.department],
        category=world.categories[scene.category],
        touchpoint=world.touchpoints[scene.touchpoint],
        guests=guests,
        **facts,
    )


def met(hotel, incident):
    """The guests of an incident, whom the house knows from now on."""
    guests = [row.guest for row in incident.incident_guests.select_related("guest")]
    hotel.guests.met(guests)
    return guests


def rounded(hotel, dollars):
    """What feels like ``dollars``, in minor units of the house, as people round it; never nothing."""
    step = hotel.house.step
    return max(step, round(dollars * hotel.house.unit / step) * step)


def offer(hotel, actor, incident, guest, gesture, amount, **more):
    return give_spend(
        actor=actor,
        incident=incident,
        guest=guest,
        gesture=gesture,
        amount=amount,
        currency=hotel.house.currency,
        **more,
    )


def give(world, hotel, rng, scene, actor, incident, guest, *, temper, **more):
    """One of the scene's gestures, of the size that is usual for it."""
    weights = (8, 5, 3, 2, 1, 1)[: len(scene.gestures)]
    code, least, most = rng.choices(scene.gestures, weights=weights)[0]
    amount = 0
    if most:
        worse = 0.75 + 0.12 * incident.severity
        amount = rounded(hotel, rng.triangular(least, most, least + (most - least) * 0.25) * worse * temper.gives)
        amount = min(amount, rounded(hotel, 1_950))
    if amount and rng.random() < 0.14:
        more["promised_for"] = after(rng, 45, 330)
    return offer(
        hotel, actor, incident, guest, world.gestures[code], amount, note=rng.choice(words.NOTES), **more
    )  # fmt: skip


def _act(world, hotel, rng, scene, person, actor, incident, guest, *, until):
    """Gives, within the authority or beyond. Returns what was done, as `ending` counts it."""
    is_large = incident.kind == "recovery" and incident.severity >= 4 and rng.random() < 0.2
    if is_large:
        amount = rounded(hotel, rng.uniform(*rng.choice(_LARGE)))
        gesture = world.gestures[rng.choice(("refund", "refund", "upgrade"))]
        why = rng.choice(words.WHY_ASKED)
        if rng.random() < 0.12:
            spend = yield from verbal_yes(world, hotel, rng, actor, incident, guest, gesture, amount, until=until)
            if spend is not None:
                return "asked"
        split = rng.random() < 0.3
        spend = offer(hotel, actor, incident, guest, gesture, amount, reason=why, split=split)
        spend = getattr(spend, "rest", spend) if split else spend
    else:
        spend = give(
            world, hotel, rng, scene, actor, incident, guest,
            temper=person.temper, ask=rng.random() < person.temper.asks / 2,
        )  # fmt: skip
    if spend.status == "pending":
        return (yield from settled(world, hotel, rng, spend))
    _later(world, hotel, rng, spend, until=until)
    return "own"


def _later(world, hotel, rng, spend, *, until):
    """What may happen to a gift afterwards: handed over, or taken back."""
    if spend.promised_for and rng.random() < 0.94:
        late = rng.uniform(5, 90) if rng.random() < 0.08 else -rng.uniform(1, 35)
        carrier = whoever(rng, hotel, "dining")[1]
        moment = spend.promised_for + timedelta(minutes=late)
        world.enter(moment, once(hand_over_spend, actor=carrier, spend=spend), until=until)
    elif spend.amount and rng.random() < 0.012:
        # The giver mistyped it and takes all of it back; or a manager a part, as not all of it was used.
        if rng.random() < 0.6:
            by, amount, reason = spend.employee, None, words.TYPED_WRONG
        else:
            by, amount, reason = (
                rng.choice(world.of_role(hotel.house.code, "manager")),
                spend.amount // 2,
                words.PART_BACK,
            )
        back = once(reverse_spend, actor=by, spend=spend, amount=amount, reason=reason)
        world.enter(after(rng, 4, 400), back, until=until)


def _resolve(world, hotel, rng, actor, incident, people, did, *, waited, until):
    ends = [
        ending(rng, did, waited=waited, severity=incident.severity, kind=incident.kind) for _ in people
    ]  # fmt: skip
    told_of = [
        {"id": guest.pk, "outcome": outcome, "feeling_after": feeling}
        for guest, (outcome, feeling) in zip(people, ends, strict=True)
    ]
    resolve_incident(actor=actor, incident=incident, guests=told_of)
    worst = ends[0][0]
    if rng.random() < {"recovered": 0.5, "delighted": 0.4, "lost": 0.3, "unknown": 0.15}[worst]:
        followed_up = once(
            record_follow_up,
            actor=whoever(rng, hotel, "front_desk")[1],
            incident=incident,
            guest=people[0],
            channel=rng.choices(("in_person", "phone", "note", "email", "message"), weights=(5, 3, 2, 2, 1))[0],
            note=rng.choice(words.FOLLOWED_UP),
        )
        world.enter(after(rng, 100, 1_500), followed_up, until=until)
    elif rng.random() < 0.02 and incident.kind == "recovery":
        world.enter(after(rng, 200, 2_000), reopened(rng, actor, incident), until=until)


def reopened(rng, actor, incident):
    reopen_incident(actor=actor, incident=incident, reason="It happened again this morning.")
    yield after(rng, 60, 400)
    resolve_incident(actor=actor, incident=incident, outcome="recovered", feeling_after=7)

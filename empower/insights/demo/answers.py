"""What becomes of a request: somebody looks at it, asks back, says yes, yes with less or no; or nobody does."""

from datetime import timedelta

from empower import clock
from empower.refusals import NotPermitted
from empower.spending.models import Approval
from empower.spending.services import (
    approve_spend,
    ask_about_spend,
    confirm_spend,
    decline_spend,
    deny_spend,
    escalate_overdue_approvals,
    give_spend,
    reply_about_spend,
    withdraw_spend,
)

from . import words
from .diary import after

#: By house: (yes, less, no) in a hundred of those that are answered.
_ANSWERS = {"LAX": (78, 15, 7), "NYC": (60, 17, 23), "PAR": (66, 22, 12), "KYO": (74, 18, 8)}


def settled(world, hotel, rng, spend):
    """Waits for the answer. Returns what `ending` counts it as: asked, less or refused."""
    if rng.random() < 0.035:
        yield after(rng, 8, 45)
        if request_of(spend).status == "open":
            withdraw_spend(actor=spend.employee, spend=spend)
        return "refused"
    yield after(rng, looked_at(rng, hotel))
    escalate_overdue_approvals()
    approval = request_of(spend)
    deciders = world.deciders(approval)
    if not deciders:
        return "refused"
    decider = deciders[0]
    if rng.random() < 0.09:
        number = rng.randrange(len(words.QUESTIONS))
        ask_about_spend(actor=decider, approval=approval, question=words.QUESTIONS[number])
        yield after(rng, 2, 25)
        reply_about_spend(actor=spend.employee, approval=approval, reply=words.REPLIES[number])
        yield after(rng, 2, 12)
        escalate_overdue_approvals()
    answer = rng.choices(("asked", "less", "refused"), weights=_ANSWERS[hotel.house.code])[0]
    decide(rng, decider, request_of(spend), answer, step=hotel.house.step)
    return answer


def looked_at(rng, hotel):
    """Minutes until somebody opens the queue: quick in some houses, slow at night in all."""
    first, middle, last = hotel.house.answers
    minutes = rng.choice(
        (rng.uniform(1, first), rng.uniform(first, middle), rng.uniform(middle, last), last * rng.uniform(1, 2))
    )
    hour = clock.now().astimezone(hotel.zone).hour
    return minutes * (2.5 if hour < 6 else 1)


def request_of(spend):
    """The request for a spend as it stands now, with what its services read."""
    return Approval.objects.with_details().get(spend=spend.pk)


def decide(rng, decider, approval, answer, *, step):
    if answer == "refused":
        return decline_spend(actor=decider, approval=approval, reason=rng.choice(words.WHY_NO))
    if answer == "asked":
        return approve_spend(actor=decider, approval=approval, reason=rng.choice(words.WHY_YES))
    less = max(step, round(approval.spend.amount * rng.uniform(0.5, 0.8) / step) * step)
    return approve_spend(actor=decider, approval=approval, reason=rng.choice(words.WHY_LESS), amount=less)


def verbal_yes(world, hotel, rng, actor, incident, guest, gesture, amount, *, until):
    """Gives on somebody's word, who confirms it later. None where the one who was on the phone may not say yes to it."""
    named = rng.choice([one for one in world.of_role(hotel.house.code, "general_manager") if one != actor] or [None])
    if named is None:
        return None
    try:
        spend = give_spend(
            actor=actor, incident=incident, guest=guest, gesture=gesture, amount=amount, currency=hotel.house.currency,
            reason=rng.choice(words.VERBAL), verbal_approval_by=named,
        )  # fmt: skip
    except NotPermitted:
        return None
    world.enter(clock.now() + timedelta(hours=rng.uniform(2, 14)), word_kept(rng, named, spend), until=until)
    yield after(rng, 1, 3)
    return spend


def word_kept(rng, named, spend, *, kept=None):
    """The named person says whether the yes was theirs. A spend within the authority needs no word."""
    approval = request_of(spend)
    if approval.status != "to_confirm":
        return
    if kept or (kept is None and rng.random() < 0.93):
        confirm_spend(actor=named, approval=approval, reason=rng.choice(words.CONFIRMED))
    else:
        deny_spend(actor=named, approval=approval, reason="I was not on duty and gave no such answer.")
    yield from ()

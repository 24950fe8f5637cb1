"""What happens in the house before a page is looked at: a story, a gift, a busy day."""

from datetime import timedelta

from empower import clock
from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.insights.services import run_policy_trial
from empower.recognition.services import choose_story, give_thanks, nominate_story
from empower.spending.models import Gesture
from empower.spending.services import ask_about_spend, give_spend, resolve_incident


def happened(scene, *, guest="Mr Lindqvist", room="0907", category="room_temperature", **facts):
    return log_incident(
        actor=scene.maria,
        property=scene.lax,
        guests=[{"name": guest, "room": room}],
        category=Category.objects.get(code=category),
        department=scene.lax_desk,
        **facts,
    )


def gave(scene, incident, amount, *, gesture="refund", actor=None, **words):
    return give_spend(
        actor=actor or scene.maria,
        incident=incident,
        guest=incident.guests.get(),
        gesture=Gesture.objects.get(code=gesture),
        amount=amount,
        currency="USD",
        **words,
    )


def a_busy_day(scene):
    """Past cases, an open ``story`` with a question in it, a request that is ``asked``, a yes by phone."""
    for days in range(1, 9):
        with clock.standing_at(clock.now() - timedelta(days=days)):
            past = happened(scene, guest=f"Guest {days}", room=f"40{days}")
            gave(scene, past, 5000 * days, gesture="meal")
            resolve_incident(actor=scene.maria, incident=past, outcome="recovered", feeling_after=8)
    story = happened(scene, guest="Dr Haddad", room="1412", narrative="The room was promised for 15:00.")
    gave(
        scene,
        story,
        18_000,
        gesture="meal",
        note="Dinner on the terrace",
        promised_for=clock.now() + timedelta(hours=2),
    )
    asked = gave(scene, story, 260_000, reason="He has not slept.")
    ask_about_spend(actor=scene.omar, approval=asked.approval, question="Is he still in house?")
    other = happened(scene, guest="Mr Adeyemi", room="1008")
    gave(scene, other, 230_000, actor=scene.tomas, split=True, reason="The rest of the night.")
    gave(scene, happened(scene, guest="Mrs Bellamy"), 220_000, actor=scene.tomas, verbal_approval_by=scene.omar)
    worth_telling = nominate_story(actor=scene.tomas, incident=past, text="She found the quietest sofa, and a blanket.")
    choose_story(actor=scene.grace, story=worth_telling)
    give_thanks(
        actor=scene.tomas, incident=past, receiver=scene.maria, text="You carried him up. I saw it from the bar."
    )
    today = clock.local_day(clock.now(), scene.lax.timezone)
    trial = run_policy_trial(
        actor=scene.grace,
        name="Half, or twice as much",
        begins_on=today - timedelta(days=9),
        ends_on=today,
        variants=[{"limit": 20_000}, {"limit": 400_000, "scope": "guest_day"}],
        shared=True,
    )
    return {
        "trial": str(trial.pk),
        "story": str(story.pk),
        "asked": str(asked.approval.pk),
        "past": str(past.pk),
        "told": str(worth_telling.pk),
    }

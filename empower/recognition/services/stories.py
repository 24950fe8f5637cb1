"""Stories: nominated by a colleague, chosen for a day, withdrawn."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.incidents.models import Incident
from empower.incidents.services.checking import require, require_version, row
from empower.refusals import NotPermitted, NotPossible
from empower.staff.permissions import acts_as_system
from empower.staff.services import system_employee
from empower.texts import as_sent, malformed

from ..models import Story, StoryStatus
from ..permissions import can_change_story, can_choose, can_nominate
from ..queries import gave_on
from .namelessness import require_nameless

LONGEST_TEXT = 5_000
_CHANGEABLE = {"text", "guest_agreed"}


@command("story.nominated", subject="incident")
def nominate_story(*, actor, incident, text, guest_agreed=False):
    """A resolved incident is worth telling. Event ``story.nominated``. Returns the Story.

    By a colleague who works there, and the system; not by the incident's owner nor by who gave on it: NotPermitted
    ``own_story``. ValidationError ``text``: empty, too long, or ``names_a_guest`` unless ``guest_agreed``. NotPossible
    ``not_resolved``, ``told_already``.
    """
    row(incident, Incident, "incident")
    _require_colleague(actor, incident)
    _check_text(text)
    _check_agreed(guest_agreed)
    incident.refresh_from_db(from_queryset=Incident.objects.select_for_update(no_key=True))
    _require_resolved(incident)
    if not guest_agreed:
        require_nameless(text, incident)
    story = Story(
        incident=incident,
        property_id=incident.property_id,
        text=text,
        guest_agreed=guest_agreed,
        nominated_by=actor or system_employee(),
        nominated_at=clock.now(),
    )
    # The incident is held: nobody nominates it beside us.
    if Story.objects.filter(incident=incident).exclude(status=StoryStatus.WITHDRAWN).exists():
        raise NotPossible("told_already", _("This incident is a story already."))
    story.save(force_insert=True)
    return _recorded(story, actor, "story.nominated")


@command("story.changed", subject="story")
def change_story(*, actor, story, version=None, **changes):
    """Change ``text`` or ``guest_agreed``. Event ``story.changed`` (names of fields). Returns ``story``, read anew.

    By whoever nominated it, the property's managers, leaders and the system. NotPossible ``withdrawn``, ``stale``;
    ValidationError as for `nominate_story`: a guest who no longer agrees takes their name out of the text.
    """
    require(can_change_story, actor, story, "not_yours", _("A story is changed by who nominated it, or by a manager."))
    if unknown := sorted(set(changes) - _CHANGEABLE):
        raise ValidationError({field: _("This can't be changed.") for field in unknown})
    _lock(story)
    require_version(story, version)
    _require_standing(story)
    if not changes:
        return story
    before = _state(story)
    if "text" in changes:
        story.text = _check_text(changes["text"])
    if "guest_agreed" in changes:
        story.guest_agreed = _check_agreed(changes["guest_agreed"])
    if not story.guest_agreed:
        require_nameless(story.text, story.incident)
    return _save_next(story, actor, "story.changed", before, {"fields": sorted(changes)})


@command("story.chosen", subject="story")
def choose_story(*, actor, story, told_on=None, version=None):
    """For the line-up of a day at its property, today's if none is told. Event ``story.chosen``. Returns ``story``.

    One that was chosen may move to another day. By the property's managers, leaders and the system. ValidationError
    ``told_on``: a day that has passed. NotPossible ``withdrawn``, ``not_resolved`` (it was opened again), ``erased``,
    ``day_taken`` (its state names the other story), ``stale``. The names are looked for again: a guest's may have been
    put right since.
    """
    require(can_choose, actor, story, "choose", _("The property's managers choose what the line-up tells."))
    _lock(story)
    require_version(story, version)
    _require_standing(story)
    _require_resolved(story.incident)
    if not story.text:
        raise NotPossible("erased", _("Its words were erased with the guest's."))
    today = clock.local_day(clock.now(), story.property.timezone)
    told_on = today if told_on is None else clock.as_day(told_on, "told_on")
    if told_on < today:
        raise malformed("told_on", _("Today, %(today)s, or a day to come."), today=today.isoformat())
    if not story.guest_agreed:
        require_nameless(story.text, story.incident)
    _require_free_day(story, told_on)
    before = _state(story)
    story.status, story.told_on = StoryStatus.CHOSEN, told_on
    story.chosen_by, story.chosen_at = actor or system_employee(), clock.now()
    try:
        with transaction.atomic():
            return _save_next(story, actor, "story.chosen", before)
    except IntegrityError:
        # Somebody chose another one for that day at the same moment.
        _require_free_day(story, told_on)
        raise


@command("story.withdrawn", subject="story")
def withdraw_story(*, actor, story, version=None):
    """It is told no more. Event ``story.withdrawn``. Returns ``story``, read anew.

    By whoever nominated it, the property's managers, leaders and the system. NotPossible ``withdrawn``, ``stale``.
    """
    require(
        can_change_story, actor, story, "not_yours", _("A story is withdrawn by who nominated it, or by a manager.")
    )
    _lock(story)
    require_version(story, version)
    _require_standing(story)
    before = _state(story)
    story.status = StoryStatus.WITHDRAWN
    story.withdrawn_by, story.withdrawn_at = actor or system_employee(), clock.now()
    return _save_next(story, actor, "story.withdrawn", before)


def _require_colleague(actor, incident):
    if acts_as_system(actor):
        return
    if can_nominate(actor, incident):
        # Asked only of who may otherwise: one query.
        if not gave_on(actor, incident):
            return
    elif actor.pk != incident.owner_id:
        raise NotPermitted("elsewhere", _("You nominate what colleagues did at your own property."))
    raise NotPermitted("own_story", _("A colleague nominates it: this one is your own."))


def _require_resolved(incident):
    if incident.status != "resolved":
        raise NotPossible("not_resolved", _("A story is told once its incident is resolved."))


def _require_standing(story):
    if story.status == StoryStatus.WITHDRAWN:
        raise NotPossible("withdrawn", _("This story was withdrawn."), state={"version": story.version})


def _require_free_day(story, told_on):
    other = Story.objects.chosen().filter(property=story.property_id, told_on=told_on).exclude(pk=story.pk).first()
    if other is not None:
        raise NotPossible(
            "day_taken",
            _("The line-up of that day tells another story: withdraw it first, or choose another day."),
            field="told_on",
            state={"story_id": other.pk},
        )


def _check_text(text):
    return as_sent(text, "text", longest=LONGEST_TEXT, required=True)


def _check_agreed(value):
    if type(value) is not bool:
        raise malformed("guest_agreed", _("Say true or false."))
    return value


def _lock(story):
    story.refresh_from_db(from_queryset=Story.objects.select_for_update(no_key=True))


def _save_next(story, actor, verb, before, facts=None):
    story.version += 1
    story.save()
    return _recorded(story, actor, verb, before, facts)


def _recorded(story, actor, verb, before=None, facts=None):
    record_event(
        actor=actor,
        verb=verb,
        subject=story,
        property_id=story.property_id,
        before=before,
        after=_state(story),
        facts=facts,
    )
    return story


def _state(story):
    return {
        "incident_id": story.incident_id,
        "property_id": story.property_id,
        "status": str(story.status),
        "guest_agreed": story.guest_agreed,
        "told_on": story.told_on and story.told_on.isoformat(),
        "nominated_by_id": story.nominated_by_id,
        "chosen_by_id": story.chosen_by_id,
        "withdrawn_by_id": story.withdrawn_by_id,
        "version": story.version,
    }

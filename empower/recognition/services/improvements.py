"""Improvements: begun, changed, done or dropped."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.canonical import moment
from empower.incidents.models import Category
from empower.incidents.services.checking import active, department, require, require_version, row
from empower.refusals import NotPossible
from empower.staff.models import Employee, Property
from empower.staff.permissions import acts_at
from empower.texts import as_sent, malformed

from ..models import Improvement, ImprovementStatus
from ..permissions import can_open_improvement, can_work_on

LONGEST_TEXT = 5_000
#: What came before is the 90 days before it began: a season's length, and enough of a rare cause.
BEFORE = timedelta(days=90)
#: How long ago it may have begun when it is written down.
LONGEST_AGO = timedelta(days=366)
_CHANGEABLE = {"aim", "owner", "due_on"}


@command("improvement.opened", subject="property")
def open_improvement(*, actor, property, category, aim, owner, due_on, department=None, began_at=None):
    """Work on a cause begins, now if no moment is told. Event ``improvement.opened``. Returns the Improvement.

    By the property's managers, leaders and the system. ValidationError names ``category``, ``department``, ``aim``,
    ``owner`` (an active colleague who works there), ``due_on`` (not before it begins) or ``began_at`` (within the past
    year).
    """
    row(property, Property, "property")
    require(can_open_improvement, actor, property.pk, "elsewhere", _("The property's managers begin work on a cause."))
    now = clock.now()
    began_at = now if began_at is None else clock.as_utc(began_at, "began_at")
    if not now - LONGEST_AGO <= began_at <= now:
        raise malformed("began_at", _("Within the past year, and not later than now."))
    improvement = Improvement(
        property=property,
        department=_department(department, property),
        category=active(row(category, Category, "category"), "category"),
        aim=as_sent(aim, "aim", longest=LONGEST_TEXT, required=True),
        owner=_owner(owner, property.pk),
        due_on=_due_on(due_on, began_at, property.timezone),
        compared_from=began_at - BEFORE,
        began_at=began_at,
        recorded_at=now,
        recorded_by=actor,
    )
    improvement.save(force_insert=True)
    return _recorded(improvement, actor, "improvement.opened")


@command("improvement.changed", subject="improvement")
def change_improvement(*, actor, improvement, version=None, **changes):
    """Change ``aim``, ``owner``, ``due_on``. Event ``improvement.changed``. Returns ``improvement``, read anew.

    By its owner, the property's managers, leaders and the system. NotPossible ``ended``, ``stale``. ValidationError
    names the field: cause and place are what is measured, and stay.
    """
    require(can_work_on, actor, improvement, "not_yours", _("Its owner, or a manager of the property, changes it."))
    if unknown := sorted(set(changes) - _CHANGEABLE):
        raise ValidationError({field: _("This can't be changed.") for field in unknown})
    before = _begin(improvement, version)
    if not changes:
        return improvement
    if "aim" in changes:
        improvement.aim = as_sent(changes["aim"], "aim", longest=LONGEST_TEXT, required=True)
    if "owner" in changes:
        improvement.owner = _owner(changes["owner"], improvement.property_id)
    if "due_on" in changes:
        improvement.due_on = _due_on(changes["due_on"], improvement.began_at, improvement.property.timezone)
    return _save_next(improvement, actor, "improvement.changed", before, {"fields": sorted(changes)})


@command("improvement.done", subject="improvement")
def finish_improvement(*, actor, improvement, what_was_done, done_at=None, version=None):
    """It is done, and from then on its effect is counted. Event ``improvement.done``. Returns ``improvement``.

    By its owner, the property's managers, leaders and the system. ``done_at``: since it began, not later than now, which
    it is if not told. ValidationError names the field. NotPossible ``ended``, ``stale``.
    """
    return _end(actor, improvement, ImprovementStatus.DONE, what_was_done, "what_was_done", done_at, version)


@command("improvement.dropped", subject="improvement")
def drop_improvement(*, actor, improvement, reason, version=None):
    """It is given up, and says why. Event ``improvement.dropped``. Who may, and refusals, as `finish_improvement`."""
    return _end(actor, improvement, ImprovementStatus.DROPPED, reason, "reason", None, version)


def _end(actor, improvement, status, words, field, at, version):
    require(can_work_on, actor, improvement, "not_yours", _("Its owner, or a manager of the property, ends it."))
    as_sent(words, field, longest=LONGEST_TEXT, required=True)
    before = _begin(improvement, version)
    now = clock.now()
    at = now if at is None else clock.as_utc(at, "done_at")
    if not improvement.began_at <= at <= now:
        raise malformed("done_at", _("Since it began, and not later than now."))
    improvement.status, improvement.ended_at, improvement.what_was_done = status, at, words
    return _save_next(improvement, actor, f"improvement.{status.value}", before)


def _begin(improvement, version):
    improvement.refresh_from_db(from_queryset=Improvement.objects.select_for_update(no_key=True))
    require_version(improvement, version)
    if improvement.status != ImprovementStatus.OPEN:
        raise NotPossible(
            "ended",
            _("This has ended: it is %(status)s.") % {"status": improvement.get_status_display()},
            state={"version": improvement.version},
        )
    return _state(improvement)


def _department(value, property):
    return department(value, property.pk)


def _owner(value, property_id):
    if row(value, Employee, "owner").is_service or not acts_at(value, property_id):
        raise malformed("owner", _("The owner is an active colleague of the property."))
    return value


def _due_on(value, began_at, timezone):
    began_on = clock.local_day(began_at, timezone)
    if clock.as_day(value, "due_on") < began_on:
        raise malformed("due_on", _("Not before it begins, %(day)s."), day=began_on.isoformat())
    return value


def _save_next(improvement, actor, verb, before, facts=None):
    improvement.version += 1
    improvement.save()
    return _recorded(improvement, actor, verb, before, facts)


def _recorded(improvement, actor, verb, before=None, facts=None):
    record_event(
        actor=actor,
        verb=verb,
        subject=improvement,
        property_id=improvement.property_id,
        about_id=improvement.owner_id,
        before=before,
        after=_state(improvement),
        facts=facts,
    )
    return improvement


def _state(improvement):
    return {
        "property_id": improvement.property_id,
        "department_id": improvement.department_id,
        "category_id": improvement.category_id,
        "owner_id": improvement.owner_id,
        "status": str(improvement.status),
        "due_on": improvement.due_on.isoformat(),
        "began_at": moment(improvement.began_at),
        "ended_at": improvement.ended_at and moment(improvement.ended_at),
        "version": improvement.version,
    }

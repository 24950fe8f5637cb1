"""Whose turn it is: entered for a while, and ended."""

from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.canonical import moment
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Employee, Property
from empower.staff.permissions import acts_as_system
from empower.texts import malformed

from ..models import OnCall
from ..permissions import can_end_turn, can_put_on_call


@command("on_call.entered", subject="employee")
def put_on_call(*, actor, property, employee, begins_at, ends_at):
    """``employee`` is told first of what is asked at ``property`` for a while. Event ``on_call.entered``.

    By whoever manages the property: NotPermitted ``put_on_call``. A beginning that has passed becomes now.
    ValidationError names ``property``, ``employee`` (who answers nothing there), ``begins_at`` or ``ends_at``.
    """
    if not isinstance(property, Property):
        raise malformed("property", _("Name the property."), code="required")
    if not isinstance(employee, Employee):
        raise malformed("employee", _("Name an employee."), code="required")
    if not acts_as_system(actor) and not can_put_on_call(actor, property.pk):
        raise NotPermitted("put_on_call", _("Who is on call is entered by whoever manages the property."))
    if not Employee.objects.deciding_for(property.pk).filter(pk=employee.pk).exists():
        raise malformed("employee", _("On call is somebody who answers requests at this property."))
    begins_at, ends_at = clock.as_utc(begins_at, "begins_at"), clock.as_utc(ends_at, "ends_at")
    now = clock.now()
    begins_at = max(begins_at, now)
    if ends_at <= begins_at:
        raise malformed("ends_at", _("It ends after it begins, and later than now."))
    turn = OnCall(
        property=property, employee=employee, begins_at=begins_at, ends_at=ends_at, recorded_at=now, recorded_by=actor
    )
    turn.save(force_insert=True)
    record_event(
        actor=actor,
        verb="on_call.entered",
        subject=turn,
        property_id=property.pk,
        about_id=employee.pk,
        after={"employee_id": employee.pk, "begins_at": moment(begins_at), "ends_at": moment(ends_at)},
    )
    return turn


@command("on_call.ended", subject="turn")
def end_turn(*, actor, turn):
    """It is over now, or never begins. Event ``on_call.ended``. By whoever may enter one, and by the person.

    NotPossible ``over``.
    """
    if not acts_as_system(actor) and not can_end_turn(actor, turn):
        raise NotPermitted("end_turn", _("A turn is ended by the person, or by whoever manages the property."))
    turn.refresh_from_db(from_queryset=OnCall.objects.select_for_update(no_key=True))
    now = clock.now()
    if turn.revoked_at is not None or turn.ends_at <= now:
        raise NotPossible("over", _("It has ended already."))
    turn.revoked_at = now
    turn.save(update_fields=["revoked_at"])
    record_event(
        actor=actor,
        verb="on_call.ended",
        subject=turn,
        property_id=turn.property_id,
        about_id=turn.employee_id,
        after={"employee_id": turn.employee_id, "revoked_at": moment(now)},
    )
    return turn

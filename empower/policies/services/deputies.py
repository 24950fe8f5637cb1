"""Deputies: who answers in another's place, and for how long."""

from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.canonical import moment
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Employee, Role
from empower.staff.permissions import acts_as_system
from empower.texts import malformed

from ..models import Deputy
from ..permissions import can_name_deputy, can_revoke_deputy


@command("deputy.named", subject="absent")
def name_deputy(*, actor, absent, stands_in, begins_at, ends_at):
    """``stands_in`` answers in the place of ``absent`` for a while. Event ``deputy.named``.

    By the absent person, whoever ranks above them at the property, the superuser. A beginning that has passed becomes
    now: nothing is deputised after the fact. ValidationError names ``absent``, ``stands_in``, ``begins_at`` or
    ``ends_at``.
    """
    for field, person in (("absent", absent), ("stands_in", stands_in)):
        if not isinstance(person, Employee):
            raise malformed(field, _("Name an employee."), code="required")
    if not acts_as_system(actor) and not can_name_deputy(actor, absent):
        raise NotPermitted(
            "name_deputy", _("A deputy is named by the person who will be away, or by somebody above them.")
        )
    if absent.is_superuser or absent.role not in Role.ladder():
        raise malformed("absent", _("Only managers, general managers and leaders decide, and so need a deputy."))
    if stands_in == absent:
        raise malformed("stands_in", _("Nobody is their own deputy."))
    if not stands_in.is_active or stands_in.rank < 0 or stands_in.is_service:
        raise malformed("stands_in", _("A deputy is an active colleague who gives and decides."))
    if stands_in.role != Role.LEADER and (absent.property_id is None or stands_in.property_id != absent.property_id):
        raise malformed("stands_in", _("A deputy works at the same property, or is a leader."))
    begins_at, ends_at = clock.as_utc(begins_at, "begins_at"), clock.as_utc(ends_at, "ends_at")
    now = clock.now()
    begins_at = max(begins_at, now)
    if ends_at <= begins_at:
        raise malformed("ends_at", _("It ends after it begins, and later than now."))
    deputy = Deputy(
        absent=absent,
        stands_in=stands_in,
        begins_at=begins_at,
        ends_at=ends_at,
        recorded_at=now,
        recorded_by=actor,
    )
    deputy.save(force_insert=True)
    record_event(
        actor=actor,
        verb="deputy.named",
        subject=deputy,
        property_id=absent.property_id,
        about_id=stands_in.pk,
        after={
            "absent_id": absent.pk,
            "stands_in_id": stands_in.pk,
            "begins_at": moment(begins_at),
            "ends_at": moment(ends_at),
        },
    )
    return deputy


@command("deputy.revoked", subject="deputy")
def revoke_deputy(*, actor, deputy):
    """End it now. Event ``deputy.revoked``. By whoever may name one, and by the deputy. NotPossible ``over``."""
    if not acts_as_system(actor) and not can_revoke_deputy(actor, deputy):
        raise NotPermitted("revoke_deputy", _("Only the two people, or somebody above them, end it."))
    deputy.refresh_from_db(from_queryset=Deputy.objects.select_for_update(no_key=True))
    now = clock.now()
    if deputy.revoked_at is not None or deputy.ends_at <= now:
        raise NotPossible("over", _("It has ended already."))
    deputy.revoked_at = now
    deputy.save(update_fields=["revoked_at"])
    record_event(
        actor=actor,
        verb="deputy.revoked",
        subject=deputy,
        property_id=deputy.absent.property_id,
        about_id=deputy.stands_in_id,
        after={"absent_id": deputy.absent_id, "stands_in_id": deputy.stands_in_id, "revoked_at": moment(now)},
    )
    return deputy

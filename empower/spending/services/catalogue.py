"""The catalogue of gestures."""

from django.utils.translation import gettext as _

from empower.audit.services import command, record_event
from empower.refusals import NotPermitted
from empower.texts import as_sent

from ..models import Gesture
from ..permissions import can_extend_catalogue


@command("gesture.created")
def create_gesture(
    *, actor, code, name, account=None, paid_from="folio_credit", cost_ratio=10_000, is_free=False, icon=""
):
    """A new gesture; ``cost_ratio`` in basis points, 0 where it is free. Leaders, the superuser, the system (None).

    ValidationError by field; NotPermitted ``not_yours``.
    """
    if actor is not None and not can_extend_catalogue(actor):
        raise NotPermitted("not_yours", _("A leader adds to the catalogue."))
    gesture = Gesture(
        code=code,
        name=name,
        account=account or code,
        paid_from=paid_from,
        cost_ratio=0 if is_free else cost_ratio,
        is_free=is_free,
        icon=icon,
    )
    for field in ("code", "name", "account", "icon"):
        as_sent(getattr(gesture, field), field)
    gesture.full_clean()
    gesture.save()
    record_event(
        actor=actor,
        verb="gesture.created",
        subject=gesture,
        after={"id": gesture.pk, "code": gesture.code, "cost_ratio": gesture.cost_ratio, "is_free": gesture.is_free},
    )
    return gesture

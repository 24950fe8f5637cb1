"""Thanks: a card from one colleague to another, and its taking back."""

from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.incidents.erasure import answers_about
from empower.incidents.models import Incident
from empower.incidents.services.checking import require, row
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Employee
from empower.staff.permissions import acts_at
from empower.staff.services import system_employee
from empower.texts import as_sent, malformed

from ..models import Thanks
from ..permissions import can_thank, can_withdraw_thanks

LONGEST_TEXT = 2_000


@command("thanks.given", subject="incident")
def give_thanks(*, actor, incident, receiver, text):
    """A card to ``receiver`` for what they did there. Event ``thanks.given``, about them. Returns the Thanks.

    By who works at the property, leaders and the system. NotPermitted ``elsewhere``, ``yourself``. ValidationError
    ``receiver`` (an active colleague who works there) or ``text``. NotPossible ``thanked_before``, ``void``.
    """
    row(incident, Incident, "incident")
    row(receiver, Employee, "receiver")
    require(can_thank, actor, incident, "elsewhere", _("You thank for what happened at your own property."))
    if actor == receiver:
        raise NotPermitted("yourself", _("Nobody thanks themself."), field="receiver")
    if receiver.is_service or not acts_at(receiver, incident.property_id):
        raise malformed("receiver", _("An active colleague who works at the property."))
    as_sent(text, "text", longest=LONGEST_TEXT, required=True)
    # Held: the same card sent twice at once meets itself here.
    incident.refresh_from_db(from_queryset=Incident.objects.select_for_update(no_key=True))
    if incident.status == "void":
        raise NotPossible("void", _("This incident is void: it did not happen."))
    giver = actor or system_employee()
    if Thanks.objects.standing().filter(incident=incident, given_by=giver, receiver=receiver).exists():
        raise NotPossible("thanked_before", _("You have thanked them for this already."), field="receiver")
    thanks = Thanks(
        incident=incident,
        property_id=incident.property_id,
        given_by=giver,
        receiver=receiver,
        text=text,
        given_at=clock.now(),
    )
    thanks.save(force_insert=True)
    return _recorded(thanks, actor, "thanks.given")


@command("thanks.withdrawn", subject="thanks")
def withdraw_thanks(*, actor, thanks):
    """Take a card back; its words are emptied. Event ``thanks.withdrawn``. Returns ``thanks``, read anew.

    By whoever wrote it, the property's managers, leaders and the system. NotPossible ``withdrawn``.
    """
    require(
        can_withdraw_thanks, actor, thanks, "not_yours", _("A card is taken back by who wrote it, or by a manager.")
    )
    thanks.refresh_from_db(from_queryset=Thanks.objects.select_for_update(no_key=True))
    if thanks.withdrawn_at is not None:
        raise NotPossible("withdrawn", _("This card was taken back before."))
    thanks.text, thanks.withdrawn_by, thanks.withdrawn_at = "", actor or system_employee(), clock.now()
    thanks.save()
    # Where they were kept for a retry as well.
    answers_about(["thanks"], [thanks.pk]).update(answer=None)
    return _recorded(thanks, actor, "thanks.withdrawn")


def _recorded(thanks, actor, verb):
    record_event(
        actor=actor,
        verb=verb,
        subject=thanks,
        property_id=thanks.property_id,
        about_id=thanks.receiver_id,
        after={
            "incident_id": thanks.incident_id,
            "given_by_id": thanks.given_by_id,
            "receiver_id": thanks.receiver_id,
            "is_withdrawn": thanks.withdrawn_at is not None,
        },
    )
    return thanks

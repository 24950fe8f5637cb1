"""Which mail a person wants: all that is about their work until they say no, what can be asked for once they say yes."""

from django.utils.translation import gettext_lazy as _

from empower.audit.services import command, record_event
from empower.refusals import NotPermitted
from empower.texts import malformed

from ..models import MailRefusal, MailWish
from .mail_kinds import MAIL_KINDS


@command("mail.chosen", subject="employee")
def choose_mail(*, actor, employee, kind, wanted):
    """From now on a kind of mail comes, or does not. Event ``mail.chosen``. By oneself; ValidationError names ``kind``.

    What has to be asked for is refused to whom it is not for: NotPermitted ``not_for_you``.
    """
    if actor.pk != employee.pk or not actor.is_active:
        raise NotPermitted("not_yours", _("Each chooses for themself which mail they get."))
    if kind not in MAIL_KINDS:
        raise malformed("kind", _("There is no such mail."), code="invalid_choice")
    asked_for = MAIL_KINDS[kind].is_asked_for
    if asked_for and wanted and not MAIL_KINDS[kind].is_for(employee):
        raise NotPermitted("not_for_you", _("This mail is not for you."))
    model = MailWish if asked_for else MailRefusal
    if bool(wanted) != asked_for:
        model.objects.filter(employee=employee, kind=kind).delete()
    elif not model.objects.filter(employee=employee, kind=kind).exists():
        model.objects.bulk_create([model(employee=employee, kind=kind)], ignore_conflicts=True)
    record_event(
        actor=actor,
        verb="mail.chosen",
        subject=employee,
        property_id=employee.property_id,
        about_id=employee.pk,
        after={"kind": kind, "wanted": bool(wanted)},
    )
    return employee


def wants_mail(employee, kind):
    """Whether this person gets it: they have an address and did not say no, or where it must be asked for, did say yes.
    One query where they have one.
    """
    if not employee.email:
        return False
    if kind in MAIL_KINDS and MAIL_KINDS[kind].is_asked_for:
        return MailWish.objects.filter(employee=employee.pk, kind=kind).exists()
    return not MailRefusal.objects.filter(employee=employee.pk, kind=kind).exists()

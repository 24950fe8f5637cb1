"""Which mail a person wants: all of it, until they say no."""

from django.utils.translation import gettext_lazy as _

from empower.audit.services import command, record_event
from empower.refusals import NotPermitted
from empower.texts import malformed

from ..models import MailRefusal
from .mail_kinds import MAIL_KINDS


@command("mail.chosen", subject="employee")
def choose_mail(*, actor, employee, kind, wanted):
    """From now on a kind of mail comes, or does not. Event ``mail.chosen``. By oneself; ValidationError names ``kind``."""
    if actor.pk != employee.pk or not actor.is_active:
        raise NotPermitted("not_yours", _("Each chooses for themself which mail they get."))
    if kind not in MAIL_KINDS:
        raise malformed("kind", _("There is no such mail."), code="invalid_choice")
    if wanted:
        MailRefusal.objects.filter(employee=employee, kind=kind).delete()
    elif not MailRefusal.objects.filter(employee=employee, kind=kind).exists():
        MailRefusal.objects.bulk_create([MailRefusal(employee=employee, kind=kind)], ignore_conflicts=True)
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
    """Whether this person gets it: they have an address, and did not say no. One query where they have one."""
    return bool(employee.email) and not MailRefusal.objects.filter(employee=employee.pk, kind=kind).exists()

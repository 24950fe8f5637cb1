"""The link with which a mail that was asked for is ended: without signing in, and good for nothing else.

It needs no row: it is signed, and names a person and a kind by what a stranger can't make up.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from empower.staff.models import Employee

from .mail_kinds import MAIL_KINDS
from .refusing import choose_mail, wants_mail

_SIGNER = signing.Signer(salt="empower mail stop")


def stop_url(*, employee, kind):
    """The whole address that ends this kind of mail for this person, whenever it is opened."""
    return settings.SITE_URL + reverse("notices:stop_mail", args=[_SIGNER.sign_object([employee.pk, kind])])


def find_stop(*, secret):
    """(Employee, `MailKind`) of a link's secret, or None: forged, or of a kind that is no more. One query."""
    try:
        employee_id, kind = _SIGNER.unsign_object(secret)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    employee = Employee.objects.filter(pk=employee_id).first()
    return (employee, MAIL_KINDS[kind]) if employee and kind in MAIL_KINDS else None


def stop_mail(*, employee, kind):
    """This person gets it no more; who gets it no more already is not told of twice. As `choose_mail`."""
    if employee.is_active and wants_mail(employee, kind):
        choose_mail(actor=employee, employee=employee, kind=kind, wanted=False)

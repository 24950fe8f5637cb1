"""PINs: set by oneself, or chosen with a code that a manager wrote on paper."""

import re
import secrets
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.canonical import moment
from empower.refusals import NotPermitted, NotPossible

from ..models import Pin
from ..permissions import can_issue_code, can_set_pin, can_unlock, may_have_pin
from .hashing import is_right, stored
from .rules import checked_pin
from .tries import was_right
from .trying import count_try, person_of

#: What a code is made of: nothing that two people read in two ways.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
CODE_LIVES = timedelta(days=3)


@command("pin.set", subject="employee")
def set_pin(*, actor, employee, pin):
    """One's own PIN, from now on. Whoever is signed in with the old one is out. Event ``pin.set``. Returns the `Pin`.

    By oneself, signed in with a password, which the door has asked for again: NotPermitted ``not_yours``.
    ValidationError names ``pin``.
    """
    if actor.pk != employee.pk or not can_set_pin(actor):
        raise NotPermitted("not_yours", _("You set your own PIN, signed in with your password."))
    row = _held(employee)
    _keep(row, checked_pin(pin, staff_number=employee.code), actor=actor, how="password")
    return row


@command("pin.code_issued", subject="employee")
def issue_pin_code(*, actor, employee):
    """(Pin, code): a code on paper for who has no password; the PIN they had is gone. Event ``pin.code_issued``.

    It lives three days and is good once, on a phone of the property. By whoever manages it and ranks above the person
    (NotPermitted ``code``), who reads of it. NotPossible ``has_password``: they set a PIN by themselves, and a code would
    let somebody else in under their name.
    """
    if not can_issue_code(actor, employee):
        raise NotPermitted("code", _("A code is made by somebody above the person, at the same property."))
    if not may_have_pin(employee):
        raise NotPossible("not_active", _("This account is closed: it can't have a PIN."))
    if employee.has_usable_password():
        raise NotPossible("has_password", _("They have a password, and set a PIN on their own page."))
    row = _held(employee)
    code = "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))
    row.secret, row.set_at = "", None
    row.code, row.code_by, row.code_until = stored(code, employee.pk), actor, clock.now() + CODE_LIVES
    row.failures, row.rests, row.rests_until = 0, 0, None
    row.version += 1
    row.save()
    record_event(
        actor=actor,
        verb="pin.code_issued",
        subject=employee,
        property_id=employee.property_id,
        about_id=employee.pk,
        after={"until": moment(row.code_until), "version": row.version},
    )
    return row, f"{code[:4]}-{code[4:]}"


def choose_pin(*, device, staff_number, code, pin):
    """The Employee whose code it is, with this PIN from now on; None where anything but the PIN is wrong.

    On a shared phone alone. ValidationError names ``pin``, and is raised only once the code was right: the code stays good
    then. A wrong code counts as a wrong PIN does. Event ``pin.set``, by the person.
    """
    row = person_of(device, staff_number)
    may = count_try(device, row)
    said = re.sub(r"[\s-]", "", code).upper() if isinstance(code, str) else ""
    right = is_right(said, row.employee_id if row else 0, row.code if row is not None and row.has_code else "")
    if not may.allowed or not right:
        may.note_wrong()
        return None
    was_right(row)
    was_right(device)
    return _chosen(actor=row.employee, pin_id=row.pk, kept=row.code, pin=pin)


@command("pin.set", subject="actor")
def _chosen(*, actor, pin_id, kept, pin):
    digits = checked_pin(pin, staff_number=actor.code)
    row = Pin.objects.select_for_update(no_key=True).get(pk=pin_id)
    if row.code != kept:
        return None  # somebody was here with the same code meanwhile
    _keep(row, digits, actor=actor, how="code")
    return actor


@command("pin.unlocked", subject="employee")
def unlock_pin(*, actor, employee):
    """They may try again at once. Event ``pin.unlocked``. By whoever manages their property; NotPossible ``not_resting``."""
    if not can_unlock(actor, employee):
        raise NotPermitted("unlock", _("A colleague is unlocked by whoever manages the property."))
    row = Pin.objects.select_for_update(no_key=True).filter(employee=employee).first()
    if row is None or not row.is_resting:
        raise NotPossible("not_resting", _("It is not locked."))
    row.failures, row.rests, row.rests_until = 0, 0, None
    row.save(update_fields=["failures", "rests", "rests_until"])
    record_event(
        actor=actor,
        verb="pin.unlocked",
        subject=employee,
        property_id=employee.property_id,
        about_id=employee.pk,
    )
    return row


def _held(employee):
    """The person's row, held until we are done; made where there is none yet."""
    if not Pin.objects.filter(employee=employee).exists():
        # Two at once: the second finds the first one's.
        Pin.objects.bulk_create([Pin(employee_id=employee.pk)], ignore_conflicts=True)
    return Pin.objects.select_for_update(no_key=True).get(employee=employee)


def _keep(row, digits, *, actor, how):
    row.secret, row.set_at = stored(digits, row.employee_id), clock.now()
    row.code, row.code_until = "", None
    if how == "password":
        row.code_by = None
    row.failures, row.rests, row.rests_until = 0, 0, None
    row.version += 1
    row.save()
    record_event(
        actor=actor,
        verb="pin.set",
        subject=row.employee,
        property_id=row.employee.property_id,
        about_id=row.employee_id,
        after={"version": row.version},
        facts={"how": how},
    )

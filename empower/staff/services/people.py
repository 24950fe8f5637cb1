"""Hiring, changing, letting go; passwords; the person that the system acts as."""

from unicodedata import normalize

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from empower.audit.services import command, record_event
from empower.refusals import NotPermitted, NotPossible
from empower.texts import as_sent, malformed

from ..models import Employee, Role
from ..permissions import acts_as_system, has_a_desk, sets_up
from ..querysets import SYSTEM
from .places import require_set_up

# Files and the log say `system` for what no person did, and `admin` is who sets the house up.
_ADMIN = "admin"

_CHANGEABLE = {"name", "email", "role", "property", "department", "joined_on", "is_active", "language"}


@command("employee.hired")
def hire_employee(
    *, actor, username, code, name, role, property=None, department=None, password=None, email="", joined_on=None,
    is_superuser=False, is_service=False, language="",
):  # fmt: skip
    """A person who may act. Without a password they can't sign in (imported people). Event ``employee.hired``.

    ``is_service``: another system's account; it has a role and a place as a person has, and no ``password``.

    ``username`` and ``code`` are kept in their plain form (Unicode's NFKC: wide letters become usual ones).

    By the superuser and the system. ValidationError names the field: a taken or reserved ``username`` or ``code``,
    a ``role`` that needs a ``property`` or may have none, a ``department`` elsewhere, a weak ``password``. The system
    sets a password unchecked (the demo's).
    """
    require_set_up(actor)
    username, code = _plain(username, "username", longest=150), _plain(code, "code", longest=64)
    _refuse_reserved(username, code, is_superuser)
    as_sent(email, "email", longest=254)
    if type(is_service) is not bool:
        raise malformed("is_service", _("Say true or false."))
    if is_service and password is not None:
        raise malformed("password", _("A service account signs with tokens: leave the password out."))
    employee = Employee(
        username=username,
        code=code,
        name=name,
        role=role,
        property=property,
        department=department,
        email=email,
        joined_on=joined_on,
        is_superuser=is_superuser,
        is_service=is_service,
        language=language,
    )
    if password is None:
        employee.set_unusable_password()
    else:
        _set_password(employee, password, checked=not acts_as_system(actor))
    _save(employee)
    record_event(
        actor=actor,
        verb="employee.hired",
        subject=employee,
        property_id=employee.property_id,
        about_id=employee.pk,
        after=_state(employee),
    )
    return employee


@command("employee.changed", subject="employee")
def change_employee(*, actor, employee, **changes):
    """Change name, email, role, property, department, joined_on, is_active, language. Event ``employee.changed``.

    By the superuser and the system; one's own ``language`` by oneself. ``is_staff`` follows the role; who is made
    inactive can't sign in, and their tokens stop. NotPossible ``yourself``: nobody closes their own account.
    """
    if set(changes) - {"language"} or actor != employee:
        require_set_up(actor)
    if unknown := sorted(set(changes) - _CHANGEABLE):
        raise ValidationError({field: _("This can't be changed.") for field in unknown})
    employee.refresh_from_db(from_queryset=Employee.objects.select_for_update(no_key=True))
    if employee.username == SYSTEM:
        raise NotPossible("reserved", _("The system is nobody: it can't be changed."))
    if actor == employee and changes.get("is_active") is False:
        raise NotPossible("yourself", _("You can't close your own account; ask another administrator."))
    before = _state(employee)
    for field, value in changes.items():
        setattr(employee, field, value)
    _save(employee)
    record_event(
        actor=actor,
        verb="employee.changed",
        subject=employee,
        property_id=employee.property_id,
        about_id=employee.pk,
        before=before,
        after=_state(employee),
        facts={"fields": sorted(changes)},
    )
    return employee


@command("employee.password_set", subject="employee")
def set_password(*, actor, employee, password):
    """A new password, checked by the validators. By oneself, the superuser or the system. None: no sign-in at all.

    Event ``employee.password_set``. ValidationError names ``password``. NotPossible ``service_account``: it has none.
    """
    if not acts_as_system(actor) and actor != employee and not sets_up(actor):
        raise NotPermitted("not_yours", _("Only the person, or the administrator, sets a password."))
    if not acts_as_system(actor) and actor.signed_with_pin:
        raise NotPermitted("needs_password", _("A PIN is not enough to set a password."))
    if employee.username == SYSTEM:
        raise NotPossible("reserved", _("The system can't sign in."))
    if employee.is_service:
        raise NotPossible("service_account", _("A service account signs with tokens; it has no password."))
    if password is None:
        employee.set_unusable_password()
    else:
        _set_password(employee, password, checked=not acts_as_system(actor))
    employee.save(update_fields=["password", "updated_at"])
    record_event(
        actor=actor,
        verb="employee.password_set",
        subject=employee,
        property_id=employee.property_id,
        about_id=employee.pk,
    )
    return employee


def system_employee():
    """The person that `system` acts as where a row needs one: inactive, no role, can't sign in. Made when missing."""
    with transaction.atomic():
        employee, is_new = Employee.objects.get_or_create(
            username=SYSTEM, defaults={"code": SYSTEM, "name": "System", "is_active": False, "password": "!"}
        )
        if is_new:
            record_event(
                actor=None, verb="employee.hired", subject=employee, about_id=employee.pk, after=_state(employee)
            )
    return employee


def _plain(value, field, *, longest):
    """Compatible letters as one: else “ｓｙｓｔｅｍ” would be another word here, and the same one when it is stored."""
    return as_sent(normalize("NFKC", as_sent(value, field)), field, longest=longest, required=True)


def _refuse_reserved(username, code, is_superuser):
    for field, value in (("username", username), ("code", code)):
        word = value.strip().casefold()
        if word == SYSTEM or (word == _ADMIN and not is_superuser):
            raise malformed(field, _("“%(word)s” is kept for the house itself."), code="reserved", word=value)


def _set_password(employee, password, *, checked):
    as_sent(password, "password", longest=4096, required=True)
    if checked:
        try:
            validate_password(password, employee)
        except ValidationError as error:
            raise ValidationError({"password": error}) from None
    employee.set_password(password)


def _save(employee):
    """Checks the person as a whole, lets ``is_staff`` follow the role, and saves."""
    as_sent(employee.name, "name", longest=200, required=True)
    as_sent(employee.email, "email", longest=254)
    as_sent(employee.language, "language", longest=8)
    _check_role(employee)
    if type(employee.is_active) is not bool:
        raise malformed("is_active", _("Say true or false."))
    employee.is_staff = has_a_desk(employee)
    # The role and the place were looked at above, with the field named, which a constraint of the whole row can't.
    employee.full_clean(validate_constraints=False)
    employee.save()


def _check_role(employee):
    if employee.is_superuser:
        if employee.is_service:
            raise malformed("is_service", _("The administrator is a person."))
        if employee.role or employee.property_id or employee.department_id:
            raise malformed("role", _("The administrator decides nothing: no role, no property, no department."))
        return
    if employee.role not in Role.values:
        raise malformed("role", _("One of: %(roles)s."), code="invalid_choice", roles=", ".join(Role.values))
    if employee.sees_every_property:
        if employee.property_id or employee.department_id:
            raise malformed("property", _("A leader or auditor belongs to no property: leave it out."))
        return
    if not employee.property_id:
        raise malformed("property", _("Name the property where this person works."), code="required")
    if employee.department_id and employee.department.property_id != employee.property_id:
        raise malformed("department", _("This department belongs to another property."))


def _state(employee):
    return {
        "role": str(employee.role),
        "property_id": employee.property_id,
        "department_id": employee.department_id,
        "is_active": employee.is_active,
        "is_staff": employee.is_staff,
        "is_superuser": employee.is_superuser,
        "is_service": employee.is_service,
    }

"""Opening properties and departments."""

from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.money import decimals
from empower.refusals import NotPermitted
from empower.texts import as_sent, malformed

from ..models import Department, Property
from ..permissions import acts_as_system, sets_up


def require_set_up(actor):
    """NotPermitted ``set_up`` unless ``actor`` is the superuser or the system."""
    if not acts_as_system(actor) and not sets_up(actor):
        raise NotPermitted("set_up", _("Only the administrator sets up properties, departments and people."))


@command("property.created")
def create_property(*, actor, code, name, currency, timezone="UTC"):
    """A property alone. Doors call `policies.services.open_property`, which also makes its default policy.

    By the superuser and the system. ValidationError names ``code`` (taken), ``name``, ``currency`` or ``timezone``.
    """
    require_set_up(actor)
    as_sent(code, "code", longest=64, required=True)
    as_sent(name, "name", longest=200, required=True)
    try:
        decimals(currency)
    except ValidationError as error:
        raise ValidationError({"currency": error}) from None
    _require_zone(timezone)
    property = Property(code=code, name=name, currency=currency, timezone=timezone, opened_at=clock.now())
    property.full_clean()
    property.save(force_insert=True)
    record_event(
        actor=actor,
        verb="property.created",
        subject=property,
        property_id=property.pk,
        after={"code": code, "currency": currency, "timezone": timezone},
    )
    return property


@command("department.created", subject="property")
def create_department(*, actor, property, code, name):
    """Event ``department.created``. By the superuser and the system. ValidationError names ``code`` or ``name``."""
    require_set_up(actor)
    as_sent(code, "code", longest=64, required=True)
    as_sent(name, "name", longest=200, required=True)
    if Department.objects.filter(property=property, code=code).exists():
        raise malformed("code", _("The property has a department “%(taken)s” already."), code="unique", taken=code)
    department = Department(property=property, code=code, name=name)
    department.clean_fields()
    department.save(force_insert=True)
    record_event(
        actor=actor,
        verb="department.created",
        subject=department,
        property_id=property.pk,
        after={"code": code, "property_id": property.pk},
    )
    return department


def _require_zone(timezone):
    as_sent(timezone, "timezone", longest=64, required=True)
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        # ZoneInfo says ValueError of "../x", and IsADirectoryError of "America".
        raise malformed(
            "timezone", _("“%(zone)s” is not a time zone of IANA, such as America/Los_Angeles."), zone=timezone
        ) from None

"""Money set aside, and taken back where it was a mistake: the commands of the journal."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from empower import clock
from empower.audit.services import command, record_event
from empower.money import LARGEST
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Property

from ..models import Allotment, EntryKind
from ..permissions import can_allot
from ..queries import AUTHORISED, AVAILABLE, standing_allotments
from .entries import describe_entry, dimensions, mirror_entry, write_entry


@command("budget.allotted", subject="property")
def allot_budget(*, actor, property, amount, begins_on, ends_on, department=None, occurred_at=None):
    """Set ``amount`` (minor units of the property's currency) aside. Returns the `Allotment`; event ``budget.allotted``.

    Debit budget available, credit budget authorised. The days are the property's, both inclusive. Who `can_allot`,
    or None, the system. NotPermitted ``not_your_budget``; ValidationError: ``amount``, ``begins_on``, ``ends_on``,
    ``department``, ``occurred_at``.
    """
    _refuse_strangers(actor, property)
    if type(amount) is not int or not 0 < amount <= LARGEST:
        raise ValidationError({"amount": _("Set aside more than nothing, and no more than a ledger can add up.")})
    if clock.as_day(ends_on, "ends_on") < clock.as_day(begins_on, "begins_on"):
        raise ValidationError({"ends_on": _("The last day comes before the first.")})
    if department is not None and getattr(department, "property_id", None) != property.pk:
        raise ValidationError({"department": _("This department belongs to another property.")})
    occurred_at = clock.now() if occurred_at is None else clock.as_utc(occurred_at, "occurred_at")
    allotment = Allotment.objects.create(
        property=property,
        department=department,
        begins_on=begins_on,
        ends_on=ends_on,
        currency=property.currency,
        amount=amount,
        recorded_at=clock.now(),
        recorded_by=actor,
    )
    entry = write_entry(
        EntryKind.ALLOTMENT,
        {AVAILABLE: amount, AUTHORISED: -amount},
        currency=property.currency,
        about=dimensions(property, department),
        occurred_at=occurred_at,
        allotment=allotment,
    )
    _record(actor, "budget.allotted", allotment, entry)
    return allotment


@command("budget.withdrawn", subject="allotment")
def withdraw_budget(*, actor, allotment):
    """Take a mistaken allotment back, whole: the mirror of its entry. Returns the entry; event ``budget.withdrawn``.

    What was held and spent stays, and counts against the allotments that remain. Who `can_allot`, or None.
    NotPermitted ``not_your_budget``; NotPossible ``already_withdrawn``.
    """
    _refuse_strangers(actor, allotment.property)
    # One at a time in a house. Its row, and not the allotment's: that one is written once, and a role that may only
    # insert there can't hold it.
    list(Property.objects.select_for_update(no_key=True).filter(pk=allotment.property_id).values_list("pk"))
    if not standing_allotments(property=allotment.property).filter(entry__allotment=allotment).exists():
        raise NotPossible("already_withdrawn", _("This allotment was withdrawn before."))
    entry = mirror_entry(allotment.amount, occurred_at=clock.now(), allotment=allotment, kind=EntryKind.ALLOTMENT)
    _record(actor, "budget.withdrawn", allotment, entry)
    return entry


def _refuse_strangers(actor, property):
    if actor is not None and not can_allot(actor, property):
        raise NotPermitted(
            "not_your_budget", _("The general manager of the property sets its budget, or a leader."), field="property"
        )


def _record(actor, verb, allotment, entry):
    record_event(
        actor=actor,
        verb=verb,
        subject=allotment,
        property_id=allotment.property_id,
        after={
            "allotment": {
                "id": allotment.pk,
                "property": allotment.property_id,
                "department": allotment.department_id,
                "begins_on": allotment.begins_on.isoformat(),
                "ends_on": allotment.ends_on.isoformat(),
                "currency": allotment.currency,
                "amount": allotment.amount,
            },
            "entries": [describe_entry(entry)],
        },
    )

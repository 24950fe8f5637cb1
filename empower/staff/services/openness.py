"""Nobody is looked up behind their back: opening a person's record is an event that they can read."""

from django.db import transaction

from empower.audit.services import record_event


@transaction.atomic
def note_record_opened(*, actor, employee, how):
    """Event ``employee.viewed``, about the person: once for each request that opens or filters by them, by any door.

    ``how`` is a code: ``opened``, or ``filtered:spends``. Looking at oneself is no event. Returns it, or None.
    """
    if actor.pk == employee.pk:
        return None
    return record_event(
        actor=actor,
        verb="employee.viewed",
        subject=employee,
        property_id=employee.property_id,
        about_id=employee.pk,
        facts={"how": how},
    )

"""Who is looked up in the log is told, as by every other door: the lines about a person are their record."""

from django.db import transaction

from ..models import AuditEvent
from ..querysets import reads_the_whole_log
from .recording import record_event


@transaction.atomic
def note_looked_up(*, actor, employee_ids, how):
    """Event ``employee.viewed`` for each of these that is a person and another than ``actor``: one a request.

    Only of who reads the whole log: in their own lines nobody finds more than what they did, and what was told to them.
    ``how`` is a code: ``filtered:events``. As `staff.services.note_record_opened`, which stands above. One query.
    """
    if not employee_ids or not reads_the_whole_log(actor):
        return
    people = AuditEvent.objects.filter(subject_type="employee", subject_id__in=employee_ids).exclude(
        subject_id=actor.pk
    )
    for employee_id in sorted(set(people.order_by().values_list("subject_id", flat=True))):
        record_event(
            actor=actor,
            verb="employee.viewed",
            subject_type="employee",
            subject_id=employee_id,
            about_id=employee_id,
            facts={"how": how},
        )

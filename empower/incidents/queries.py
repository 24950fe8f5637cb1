"""What is counted of incidents."""

from datetime import timedelta

from empower import clock

from .models import Incident, IncidentKind, IncidentStatus


def failures_within(guest, *, days=30, before=None, excluding=None):
    """How many recovery incidents this guest had in the ``days`` up to and including ``before`` (now). One query.

    Under any of the records merged into one; void ones don't count, nor does ``excluding``, the one at hand,
    or what was written down after it: nobody lifts a limit by remembering an older trouble.
    """
    before = before or clock.now()
    failures = Incident.objects.of_guest(guest).filter(
        kind=IncidentKind.RECOVERY,
        status__in=[IncidentStatus.OPEN, IncidentStatus.RESOLVED],
        occurred_at__gte=before - timedelta(days=days),
        occurred_at__lte=before,
    )
    if excluding is not None:
        failures = failures.exclude(pk=excluding.pk).filter(recorded_at__lte=excluding.recorded_at)
    return failures.count()

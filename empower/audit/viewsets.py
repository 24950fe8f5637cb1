"""The audit log, read only: all of it for auditors and leaders, for everybody else what they did and what is about them."""

from empower.api_views import ReadingDoor

from .filters import AuditEventFilterSet
from .models import AuditEvent
from .serializers import AuditEventSerializer


class AuditEventDoor(ReadingDoor):
    area = "audit"
    model = AuditEvent
    serializer_class = AuditEventSerializer
    filterset_class = AuditEventFilterSet

    def detailed(self, rows):
        return rows.select_related("position")

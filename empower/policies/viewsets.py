"""The rules, to read: every version that was ever written."""

from empower.api_views import ReadingDoor

from .filters import PolicyFilterSet
from .models import Policy
from .serializers import PolicySerializer


class PolicyDoor(ReadingDoor):
    area = "reference"
    model = Policy
    serializer_class = PolicySerializer
    filterset_class = PolicyFilterSet

    def detailed(self, rows):
        return rows.select_related("property", "department")

"""Properties, departments and people, to read; and who oneself is."""

from rest_framework.response import Response

from empower import scoping
from empower.api_views import Door, ReadingDoor

from .api_openness import TellsWhoWasLookedUp
from .filters import DepartmentFilterSet, EmployeeFilterSet, PropertyFilterSet
from .models import Department, Employee, Property
from .scopes import may_have
from .serializers import DepartmentSerializer, EmployeeSerializer, MeSerializer, PropertySerializer
from .services import note_record_opened


class PropertyDoor(ReadingDoor):
    area = "reference"
    model = Property
    serializer_class = PropertySerializer
    filterset_class = PropertyFilterSet


class DepartmentDoor(ReadingDoor):
    area = "reference"
    model = Department
    serializer_class = DepartmentSerializer
    filterset_class = DepartmentFilterSet

    def detailed(self, rows):
        return rows.select_related("property")


class EmployeeDoor(TellsWhoWasLookedUp, ReadingDoor):
    area = "reference"
    model = Employee
    serializer_class = EmployeeSerializer
    filterset_class = EmployeeFilterSet

    def detailed(self, rows):
        return rows.select_related("property", "department")

    def retrieve(self, request, pk):
        employee = self.get_object()
        note_record_opened(actor=request.user, employee=employee, how="opened")
        return Response(self.tell(employee))


class MeDoor(Door):
    """Who am I, my role, my property, what I may do."""

    area = scoping.ANY
    model = Employee
    serializer_class = MeSerializer

    def get_serializer_context(self):
        token = self.request.auth
        scopes = may_have(self.request.user) if token is None else list(token.scopes)
        return super().get_serializer_context() | {"scopes": scopes}

    def show(self, request):
        return Response(self.tell(request.user))

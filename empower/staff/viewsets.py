"""Properties, departments and people, to read; who oneself is; and one's tokens."""

from rest_framework.decorators import action
from rest_framework.response import Response

from empower import scoping
from empower.api_views import Door, ReadingDoor

from .api_bulk import BulkAnswer, BulkWrites, rows_of
from .api_openness import TellsWhoWasLookedUp
from .api_retries import RetriableWrites
from .filters import DepartmentFilterSet, EmployeeFilterSet, PropertyFilterSet, RoomNightsFilterSet, TokenFilterSet
from .models import ApiToken, Department, Employee, Property, RoomNights
from .scopes import may_have
from .serializers import (
    DepartmentSerializer,
    EmployeeSerializer,
    MadeRoomNights,
    MadeTokenSerializer,
    MeSerializer,
    NewRoomNights,
    NewToken,
    NothingToSay,
    PropertySerializer,
    RoomNightsSerializer,
    TokenSerializer,
)
from .services import issue_token, note_record_opened, report_room_nights, revoke_token


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
        return self.tell_row(employee)


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


class RoomNightsDoor(BulkWrites, TellsWhoWasLookedUp, ReadingDoor):
    """Occupied rooms, night by night: what delight is told by."""

    area = "reports"
    model = RoomNights
    serializer_class = RoomNightsSerializer
    filterset_class = RoomNightsFilterSet
    takes = {"create": NewRoomNights, "bulk": rows_of(NewRoomNights, "ManyRoomNights")}
    tells = {"bulk": BulkAnswer}
    told_in_bulk = MadeRoomNights

    def create(self, request):
        """Report a night; the same night again corrects it."""
        return self.once(lambda: self.make_row(self.body()), status=201)

    def make_row(self, said):
        return report_room_nights(actor=self.request.user, **said)


class TokenDoor(RetriableWrites, TellsWhoWasLookedUp, ReadingDoor):
    """One's own tokens; the administrator's list has everybody's, and makes those of service accounts."""

    area = "tokens"
    model = ApiToken
    serializer_class = TokenSerializer
    tells = {"create": MadeTokenSerializer}
    filterset_class = TokenFilterSet
    takes = {"create": NewToken, "revoke": NothingToSay}

    def detailed(self, rows):
        return rows.select_related("employee")

    def create(self, request):
        """Make a token. Its secret is in this answer alone: a retry with the same key tells the token without it.

        Signed by a token, the new one may do no more than that one, ends no later, and is taken back with it.
        """
        made = []

        def make():
            token, secret = issue_token(actor=request.user, made_with=request.auth, **self.body())
            made.append(secret)
            return token

        answer = self.once(make, status=201)
        # After the answer was kept for retries: the secret must lie in no table.
        answer.data["secret"] = made[0] if made else None
        answer["Location"] = self.reverse_action("detail", kwargs={"pk": answer.data["id"]})
        return answer

    @action(detail=True, methods=["post"])
    def revoke(self, request, pk):
        """Take a token back: it opens nothing from now on, nor does what was made with it."""

        def take_back():
            token = self.get_object()
            self.body()
            return revoke_token(actor=request.user, token=token)

        return self.once(take_back)

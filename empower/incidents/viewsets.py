"""Incidents, guests, follow-ups, and the lists they refer to."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action

from empower.api_views import ReadingDoor, refuse_unless_matching, told_as_stale
from empower.audit.services import whole_command
from empower.problems import Problem
from empower.staff.api_bulk import BulkAnswer, BulkWrites, rows_of
from empower.staff.api_openness import TellsWhoWasLookedUp
from empower.staff.api_retries import RetriableWrites
from empower.wire import moment_text

from . import services
from .filters import CategoryFilterSet, FollowUpFilterSet, GuestFilterSet, IncidentFilterSet, TouchpointFilterSet
from .models import Category, FollowUp, Guest, Incident, Touchpoint
from .serializers import (
    AnotherGuest,
    CategorySerializer,
    FollowUpSerializer,
    GuestFacts,
    GuestSerializer,
    IncidentChange,
    IncidentSerializer,
    MadeIncident,
    NewFollowUp,
    NewGuest,
    NewIncident,
    Nothing,
    OtherRecord,
    TouchpointSerializer,
    WhyReopened,
    guest_named,
)


class CategoryDoor(ReadingDoor):
    area = "reference"
    model = Category
    serializer_class = CategorySerializer
    filterset_class = CategoryFilterSet

    def detailed(self, rows):
        return rows.select_related("parent")


class TouchpointDoor(ReadingDoor):
    area = "reference"
    model = Touchpoint
    serializer_class = TouchpointSerializer
    filterset_class = TouchpointFilterSet


class GuestDoor(RetriableWrites, TellsWhoWasLookedUp, ReadingDoor):
    area = "incidents"
    model = Guest
    serializer_class = GuestSerializer
    filterset_class = GuestFilterSet
    takes = {"create": NewGuest, "partial_update": GuestFacts, "merge": OtherRecord, "erase": Nothing}

    def detailed(self, rows):
        return rows.select_related("property", "colleague")

    def create(self, request):
        return self.once(lambda: services.create_guest(actor=request.user, **self.body()), status=201)

    def partial_update(self, request, pk):
        def change():
            # A guest has no version of its own: the row is held from the comparison to the change.
            with whole_command(), transaction.atomic():
                guest = self.get_object()
                guest = Guest.objects.select_for_update(of=("self",)).select_related("property").get(pk=guest.pk)
                refuse_unless_matching(request, moment_text(guest.updated_at))
                changes = self.body(partial=True)
                return services.change_guest(actor=request.user, guest=guest, **changes)

        return self.once(change)

    @action(detail=True, methods=["post"])
    def merge(self, request, pk):
        """Another record of the same guest into this one."""

        def act():
            kept = self.get_object()
            merged = self.body()["merged"]
            return services.merge_guests(actor=request.user, kept=kept, merged=merged)

        return self.once(act)

    @action(detail=True, methods=["post"])
    def erase(self, request, pk):
        """All that is personal of this guest, for good."""

        def act():
            guest = self.get_object()
            self.body()
            return services.erase_guest(actor=request.user, guest=guest)

        return self.once(act)


class IncidentDoor(BulkWrites, TellsWhoWasLookedUp, ReadingDoor):
    area = "incidents"
    model = Incident
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilterSet
    takes = {
        "create": NewIncident,
        "bulk": rows_of(NewIncident, "ManyIncidents"),
        "partial_update": IncidentChange,
        "guests": AnotherGuest,
        "reopen": WhyReopened,
        "record_follow_up": NewFollowUp,
    }
    told_in_bulk = MadeIncident
    tells = {"bulk": BulkAnswer, "follow_ups": FollowUpSerializer, "record_follow_up": FollowUpSerializer}
    lists = frozenset({"follow_ups"})
    filtersets = {"follow_ups": FollowUpFilterSet}

    def create(self, request):
        return self.once(lambda: services.log_incident(actor=request.user, **self.body()), status=201)

    def make_row(self, said):
        return services.log_incident(actor=self.request.user, **said)

    def partial_update(self, request, pk):
        def change():
            incident = self.get_object()
            refuse_unless_matching(request, incident.version)
            changes = self.body(partial=True, context={"incident": incident})
            with told_as_stale():
                return services.change_incident(
                    actor=request.user, incident=incident, version=incident.version, **changes
                )

        return self.once(change)

    @action(detail=True, methods=["post"])
    def guests(self, request, pk):
        """Another guest on the incident: by ``id``, or the facts of one to make."""

        def add():
            incident = self.get_object()
            guest = self.body()["guest"]
            services.add_guest(actor=request.user, incident=incident, guest=guest)
            return incident

        return self.once(add)

    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        return self.once(
            lambda: services.reopen_incident(actor=request.user, incident=self.get_object(), **self.body())
        )

    @action(detail=True, methods=["get"], url_path="follow-ups")
    def follow_ups(self, request, pk):
        incident = self.get_object()
        contacts = FollowUp.objects.visible_to(request.user).filter(incident=incident).select_related("employee")
        self.filterset_class = self.filtersets["follow_ups"]
        return self.tell_list(self.filter_queryset(contacts))

    @follow_ups.mapping.post
    def record_follow_up(self, request, pk):
        def record():
            incident = self.get_object()
            facts = self.body()
            guest = guest_named(facts.pop("guest", None), incident)
            if guest is None:
                raise Problem(400, "not_on_incident", _("Say which of the incident's guests."), field="guest")
            return services.record_follow_up(actor=request.user, incident=incident, guest=guest, **facts)

        return self.once(record, status=201)

"""Incidents, guests, follow-ups, photos, and the lists they refer to."""

from hashlib import sha256

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer

from empower.api_views import ReadingDoor, refuse_unless_matching, told_as_stale
from empower.audit.services import whole_command
from empower.problems import Problem
from empower.staff.api_bulk import BulkAnswer, BulkWrites, rows_of
from empower.staff.api_openness import TellsWhoWasLookedUp
from empower.staff.api_retries import RetriableWrites
from empower.staff.services import fingerprint
from empower.wire import moment_text

from . import services
from .filters import CategoryFilterSet, FollowUpFilterSet, GuestFilterSet, IncidentFilterSet, TouchpointFilterSet
from .models import Category, FollowUp, Guest, Incident, Photo, Touchpoint
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
    NewPhoto,
    Nothing,
    OtherRecord,
    PhotoSerializer,
    TouchpointSerializer,
    WhyReopened,
    guest_named,
)
from .services.pictures import LARGEST, too_large


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


class Jpeg(JSONRenderer):
    """For who asks for a picture by ``Accept``; writes the problem document where there is one."""

    media_type, format, charset = "image/jpeg", "jpeg", None


class PhotoDoor(RetriableWrites, ReadingDoor):
    """Under ``incidents/{incident}/``: what it looked like."""

    area = "incidents"
    model = Photo
    serializer_class = PhotoSerializer
    parser_classes = [MultiPartParser]
    takes = {"create": NewPhoto}
    asks = {"retrieve": {"size": ({"type": "string", "enum": ["small"]}, False, "`small`: 240 pixels at most.")}}

    def initial(self, request, *args, **kwargs):
        length = request.META.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and int(length) > LARGEST + 64 * 1024:
            # The form around a photo is small: so much is turned down before any of it is read.
            raise Problem(413, "too_large", too_large(), field="photo")
        super().initial(request, *args, **kwargs)

    def get_queryset(self):
        return super().get_queryset().filter(incident=self.kwargs["incident"])

    def detailed(self, rows):
        rows = rows.without_pictures().select_related("taken_by", "incident__property")
        # What was taken down or erased is read no more; who takes it down once more hears that it is gone.
        return rows.standing() if self.action in ("list", "retrieve") else rows

    def list(self, request, incident):
        self._incident()
        return super().list(request)

    def create(self, request, incident):
        shown = self._incident()
        self.refuse_chunks()
        picture = self.body()["photo"]  # before any transaction: to read it takes a while
        return self.once(lambda: services.add_photo(actor=request.user, incident=shown, picture=picture), status=201)

    def retrieve(self, request, incident, pk):
        """The picture, as a JPEG of ours that carries no place and no time; as JSON what is known of it.

        Nobody in between keeps it: it may be taken down, or erased with its guest, at any moment.
        """
        photo = self.get_object()
        if request.accepted_renderer.format == "json":
            return self.tell_row(photo)
        small = self.query_of(size=_small)["size"]
        content = Photo.objects.values_list("thumbnail" if small else "picture", flat=True).get(pk=photo.pk)
        if content is None:
            raise NotFound(_("There is no such row, or it is not yours to see."))
        headers = {
            "Content-Disposition": f'inline; filename="photo-{pk}.jpg"',
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(bytes(content), content_type=Jpeg.media_type, headers=headers)

    def destroy(self, request, incident, pk):
        return self.once(lambda: services.remove_photo(actor=request.user, photo=self.get_object()))

    def get_renderers(self):
        # The picture for who takes anything.
        return [Jpeg(), JSONRenderer()] if self.action == "retrieve" else super().get_renderers()

    def marks(self):
        sent = self.request.data.get("photo")
        digest = b""
        if isinstance(sent, UploadedFile):
            sent.seek(0)
            digest = sha256(sent.read()).digest()
        return fingerprint(self.request.method, self.request.get_full_path(), digest)

    def _incident(self):
        incident = Incident.objects.visible_to(self.request.user).filter(pk=self.kwargs["incident"]).first()
        if incident is None:
            raise NotFound(_("There is no such row, or it is not yours to see."))
        return incident


def _small(text):
    if text != "small":
        raise ValueError(_("There is: %(known)s.") % {"known": "small"})
    return text

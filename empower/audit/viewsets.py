"""The audit log, read only: all of it for auditors and leaders, for everybody else what they did and what is about them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from empower.api_views import Door, ReadingDoor
from empower.wire import LARGEST_ID

from .filters import AuditEventFilterSet, CheckpointFilterSet
from .models import AuditEvent, Checkpoint
from .queries.proving import prove_consistency, prove_inclusion
from .serializers import (
    AuditEventSerializer,
    CheckpointSerializer,
    ConsistencyProofSerializer,
    InclusionProofSerializer,
)
from .services import note_looked_up


class AuditEventDoor(ReadingDoor):
    area = "audit"
    model = AuditEvent
    serializer_class = AuditEventSerializer
    filterset_class = AuditEventFilterSet

    def detailed(self, rows):
        return rows.select_related("position")

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        note_looked_up(
            actor=self.request.user, employee_ids=self.asked.people_asked_for(), how="filtered:audit-event-list"
        )
        return queryset


_ID = {"type": "string", "pattern": "^[0-9]{1,19}$"}
_SIZE = {"type": "integer", "minimum": 1}


class CheckpointDoor(ReadingDoor):
    """The signed statements of the log's size and root, for auditors and leaders."""

    area = "audit"
    model = Checkpoint
    serializer_class = CheckpointSerializer
    filterset_class = CheckpointFilterSet


class ProofDoor(Door):
    """The proofs of RFC 9162 over the log. 409 ``not_sealed`` until what is asked for is under a checkpoint."""

    area = "audit"
    model = AuditEvent
    tells = {"inclusion": InclusionProofSerializer, "consistency": ConsistencyProofSerializer}
    #: The parameters, for the schema: what they are, whether they are required, what they say.
    asks = {
        "inclusion": {
            "event": (_ID, True, "The event's id."),
            "size": (_SIZE, False, "How many events a checkpoint covers; by default the last checkpoint's."),
        },
        "consistency": {
            "from": (_SIZE, True, "How many events the earlier log has."),
            "to": (_SIZE, False, "How many events the later log has; by default the last checkpoint's."),
        },
    }

    @action(detail=False)
    def inclusion(self, request):
        """Proves that an event which you may see is in the log under a checkpoint.

        ``event`` is its id; ``size`` that of a checkpoint, by default the last. Its cost hardly grows with
        the log: 60 hashes are read of a billion events'.
        """
        asked = self._asked(needed="event", event=_whole_number, size=_whole_number)
        event = AuditEvent.objects.visible_to(request.user).select_related("position").filter(pk=asked["event"]).first()
        if event is None:
            raise NotFound(_("There is no such row, or it is not yours to see."))
        return Response(self.tell(prove_inclusion(event, size=asked["size"])))

    @action(detail=False)
    def consistency(self, request):
        """Proves that the log of ``from`` events is the beginning of the log of ``to`` events.

        Any sizes that are under a checkpoint; ``to`` is by default the last checkpoint's. It tells hashes alone, so
        whoever may read a line of the log may ask for it.
        """
        asked = self._asked(needed="from", **{"from": _whole_number, "to": _whole_number})
        return Response(self.tell(prove_consistency(asked["from"], asked["to"])))

    def _asked(self, needed, **readers):
        asked = self.query_of(**readers)
        faults = {
            name: [ValidationError(_("Given twice."), "twice")]
            for name in readers
            if len(self.request.query_params.getlist(name)) > 1
        }
        if asked[needed] is None:
            faults[needed] = [ValidationError(_("This is required."), "required")]
        if faults:
            raise ValidationError(faults)
        return asked


def _whole_number(text):
    if not re.fullmatch("[0-9]{1,19}", text) or int(text) > LARGEST_ID:
        raise ValueError(_("A whole number, in digits."))
    return int(text)

"""Spends, approvals, the catalogue; and of an incident what depends on what was given: authority, similar, its ends."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.response import Response

from empower.api_views import Door, ReadingDoor
from empower.incidents.models import Guest, Incident
from empower.incidents.serializers import HowItEnded, IncidentSerializer, Nothing, WhyVoided
from empower.refusals import NotPermitted, Refused
from empower.staff.api_bulk import BulkAnswer, BulkWrites, rows_of
from empower.staff.api_openness import TellsWhoWasLookedUp
from empower.staff.api_retries import RetriableWrites

from . import services
from .filters import ApprovalFilterSet, GestureFilterSet, SpendFilterSet
from .models import Approval, Gesture, Spend
from .permissions import can_give
from .queries import guest_on, standing
from .queries.similar import similar_incidents
from .serializers import (
    ApprovalSerializer,
    Confirmation,
    Decision,
    GestureSerializer,
    HandedOver,
    MadeSpend,
    NewSpend,
    Question,
    Reply,
    Reversal,
    SimilarSerializer,
    SpendSerializer,
    SpendWithAuthoritySerializer,
    StandingSerializer,
    Yes,
)


class GestureDoor(ReadingDoor):
    area = "reference"
    model = Gesture
    serializer_class = GestureSerializer
    filterset_class = GestureFilterSet


class SpendDoor(BulkWrites, TellsWhoWasLookedUp, ReadingDoor):
    area = "spends"
    key_required = True
    model = Spend
    serializer_class = SpendWithAuthoritySerializer
    tells = {"list": SpendSerializer, "bulk": BulkAnswer}
    told_in_bulk = MadeSpend
    filterset_class = SpendFilterSet
    takes = {
        "create": NewSpend,
        "bulk": rows_of(NewSpend, "ManySpends"),
        "withdraw": Nothing,
        "reverse": Reversal,
        "given": HandedOver,
    }

    def detailed(self, rows):
        return rows.with_details().select_related("incident__property", "rest", "rest__approval")

    def fresh(self, row):
        if self.action != "create":
            return super().fresh(row)
        # The busiest answer there is, and the service has just made all of it: what it did not make is not there.
        for name in ("approval", "rest"):
            row._state.fields_cache.setdefault(name, None)
        return row

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method == "GET":
            services.escalate_overdue_approvals()  # a dead scheduler shows no expired request as waiting

    def create(self, request):
        return self.once(lambda: services.give_spend(actor=request.user, **self.body()), status=201)

    def hold_rows(self, rows):
        services.lock_several(
            incidents=[said["incident"] for said in rows],
            guests=[said["guest"] for said in rows],
        )

    def make_row(self, said):
        return services.give_spend(actor=self.request.user, **said)

    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk):
        def act():
            spend = self.get_object()
            return services.withdraw_spend(actor=request.user, spend=spend, **self.body())

        return self.once(act)

    @action(detail=True, methods=["post"])
    def reverse(self, request, pk):
        def act():
            spend = self.get_object()
            said = self.body(context={"spend": spend})
            return services.reverse_spend(actor=request.user, spend=spend, **said)

        return self.once(act)

    @action(detail=True, methods=["post"])
    def given(self, request, pk):
        def act():
            spend = self.get_object()
            return services.hand_over_spend(actor=request.user, spend=spend, **self.body())

        return self.once(act)

    def get_queryset(self):
        if self.action == "given":
            # The one who carries the tray is not always the one who promised it: whoever sees the incident may.
            on = Incident.objects.visible_to(self.request.user)
            return self.detailed(Spend.objects.filter(incident__in=on))
        return super().get_queryset()


class ApprovalDoor(RetriableWrites, TellsWhoWasLookedUp, ReadingDoor):
    area = "approvals"
    key_required = True
    model = Approval
    serializer_class = ApprovalSerializer
    filterset_class = ApprovalFilterSet
    takes = {
        "approve": Yes,
        "decline": Decision,
        "ask": Question,
        "reply": Reply,
        "confirm": Confirmation,
        "deny": Confirmation,
    }

    def detailed(self, rows):
        return rows.with_details().select_related("question_by", "decided_for")

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        services.escalate_overdue_approvals()

    def _decide(self, service):
        def act():
            approval = self.get_object()
            said = self.body(context={"spend": approval.spend})
            try:
                return service(actor=self.request.user, approval=approval, **said)
            except Refused as refused:
                refused.state.setdefault("currency", approval.spend.currency)  # its sums are then told as amounts
                raise

        return self.once(act)

    @action(detail=True, methods=["post"])
    def approve(self, request, pk):
        return self._decide(services.approve_spend)

    @action(detail=True, methods=["post"])
    def decline(self, request, pk):
        return self._decide(services.decline_spend)

    @action(detail=True, methods=["post"])
    def ask(self, request, pk):
        return self._decide(services.ask_about_spend)

    @action(detail=True, methods=["post"])
    def reply(self, request, pk):
        return self._decide(services.reply_about_spend)

    @action(detail=True, methods=["post"])
    def confirm(self, request, pk):
        return self._decide(services.confirm_spend)

    @action(detail=True, methods=["post"])
    def deny(self, request, pk):
        return self._decide(services.deny_spend)


class IncidentEndsDoor(RetriableWrites, Door):
    """Under ``incidents/{id}/``: what an incident can't answer by itself, since it does not know its spends."""

    area = "incidents"
    model = Incident
    serializer_class = IncidentSerializer
    takes = {"resolve": HowItEnded, "void": WhyVoided}
    tells = {"authority": StandingSerializer, "similar": SimilarSerializer}
    lists = frozenset({"similar"})
    asks = {
        "authority": {
            "guest": (
                {"type": "string", "pattern": "^[0-9]{1,18}$"}, False,
                "For which of its guests; where it has one alone, it is that one.",
            )
        }
    }  # fmt: skip

    @action(detail=True, methods=["get"])
    def authority(self, request, pk):
        incident = self.get_object()
        guest = self._guest_asked_for(incident)
        if not can_give(request.user, incident):
            raise NotPermitted("not_here", _("You can give on incidents of your own property."))
        return Response(self.tell(standing(employee=request.user, incident=incident, guest=guest)))

    @action(detail=True, methods=["get"])
    def similar(self, request, pk):
        incident = self.get_object()
        self.query_of()
        cases = similar_incidents(incident=incident, user=request.user)
        return Response({"next": None, "previous": None, "results": self.get_serializer(cases, many=True).data})

    @action(detail=True, methods=["post"])
    def resolve(self, request, pk):
        def act():
            incident = self.get_object()
            return services.resolve_incident(actor=request.user, incident=incident, **self.body())

        return self.once(act)

    @action(detail=True, methods=["post"])
    def void(self, request, pk):
        def act():
            incident = self.get_object()
            return services.void_incident(actor=request.user, incident=incident, **self.body())

        return self.once(act)

    def _guest_asked_for(self, incident):
        guest_id = self.query_of(guest=_read_id)["guest"]
        places = list(incident.incident_guests.all())
        if guest_id is None and len(places) == 1:
            return places[0].guest
        guest = Guest.objects.visible_to(self.request.user).filter(pk=guest_id).first() if guest_id else None
        there = guest and guest_on(incident, guest)
        if there is None:
            message = _("This guest is not on the incident.") if guest_id else _("Say for which of its guests.")
            raise ValidationError({"guest": ValidationError(message, "not_on_incident" if guest_id else "required")})
        return there


def _read_id(sent):
    if not (sent.isascii() and sent.isdigit() and len(sent) < 19):
        raise ValueError(_("An id is a string of digits."))
    return int(sent)

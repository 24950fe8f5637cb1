"""The API's addresses under ``/api/``: each app's doors, and a plain word for every address that is none."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from empower.audit.viewsets import AuditEventDoor, CheckpointDoor, ProofDoor
from empower.incidents.viewsets import CategoryDoor, GuestDoor, IncidentDoor, PhotoDoor, TouchpointDoor
from empower.insights.viewsets import PolicyTrialDoor, ReportDoor
from empower.journal.viewsets import AllotmentDoor, BalanceDoor, JournalEntryDoor
from empower.notices.viewsets import DeliveryDoor, WebhookDoor
from empower.policies.viewsets import PolicyDoor
from empower.recognition.viewsets import ImprovementDoor, StoryDoor, ThanksDoor
from empower.spending.viewsets import ApprovalDoor, GestureDoor, IncidentEndsDoor, SpendDoor
from empower.staff.viewsets import DepartmentDoor, EmployeeDoor, MeDoor, PropertyDoor, RoomNightsDoor, TokenDoor
from ledger.problems import problem_response, unknown_address
from ledger.schema.views import Docs, Schema

__all__ = ["problem_response", "urlpatterns"]

router = SimpleRouter()
router.register("properties", PropertyDoor, basename="property")
router.register("departments", DepartmentDoor, basename="department")
router.register("employees", EmployeeDoor, basename="employee")
router.register("room-nights", RoomNightsDoor, basename="room-nights")
router.register("guests", GuestDoor, basename="guest")
router.register("categories", CategoryDoor, basename="category")
router.register("touchpoints", TouchpointDoor, basename="touchpoint")
router.register("gestures", GestureDoor, basename="gesture")
router.register("policies", PolicyDoor, basename="policy")
router.register("allotments", AllotmentDoor, basename="allotment")
router.register("incidents", IncidentDoor, basename="incident")
router.register("incidents", IncidentEndsDoor, basename="incident-end")
router.register("incidents/(?P<incident>[0-9]{1,18})/photos", PhotoDoor, basename="incident-photo")
router.register("spends", SpendDoor, basename="spend")
router.register("approvals", ApprovalDoor, basename="approval")
router.register("journal/entries", JournalEntryDoor, basename="journal-entry")
router.register("journal/balances", BalanceDoor, basename="journal-balance")
router.register("audit/events", AuditEventDoor, basename="audit-event")
router.register("audit/checkpoints", CheckpointDoor, basename="audit-checkpoint")
router.register("audit/proofs", ProofDoor, basename="audit-proof")
router.register("reports", ReportDoor, basename="report")
router.register("policy-trials", PolicyTrialDoor, basename="policy-trial")
router.register("stories", StoryDoor, basename="story")
router.register("thanks", ThanksDoor, basename="thanks")
router.register("improvements", ImprovementDoor, basename="improvement")
router.register("webhooks", WebhookDoor, basename="webhook")
router.register("webhooks/(?P<webhook>[0-9]{1,18})/deliveries", DeliveryDoor, basename="webhook-delivery")
router.register("tokens", TokenDoor, basename="token")

v1 = [
    path("me/", MeDoor.as_view({"get": "show"}), name="me"),
    *router.urls,
]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", Schema, name="schema"),
    path("docs/", Docs, name="docs"),
    # Last: what nothing above answers to is a problem document, with DEBUG on as well.
    re_path("", unknown_address),
]

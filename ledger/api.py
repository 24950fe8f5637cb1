"""The API's addresses under ``/api/``: each app's doors, and a plain word for every address that is none."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from empower.audit.viewsets import AuditEventDoor
from empower.staff.viewsets import DepartmentDoor, EmployeeDoor, MeDoor, PropertyDoor
from ledger.problems import problem_response, unknown_address

__all__ = ["problem_response", "urlpatterns"]

router = SimpleRouter()
router.register("properties", PropertyDoor, basename="property")
router.register("departments", DepartmentDoor, basename="department")
router.register("employees", EmployeeDoor, basename="employee")
router.register("audit/events", AuditEventDoor, basename="audit-event")

v1 = [
    path("me/", MeDoor.as_view({"get": "show"}), name="me"),
    *router.urls,
]

urlpatterns = [
    path("v1/", include(v1)),
    # Last: what nothing above answers to is a problem document, with DEBUG on as well.
    re_path("", unknown_address),
]

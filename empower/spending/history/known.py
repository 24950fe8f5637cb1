"""What is there already of all that a batch of rows names: nine queries, however many rows."""

from django.db.models import Min, Q

from empower.incidents.models import Category, Guest, GuestKind, Incident, IncidentGuest
from empower.policies.models import Policy
from empower.staff.models import Department, Employee, Property

from ..models import Gesture, HistoryRow


class Known:
    """Each by what the file calls it. Who creates something adds it here, and no one asks for it again.

    The incidents are held (in the order of their ids) until the transaction ends: nothing is given on them or closed
    meanwhile.
    """

    def __init__(self, rows):
        said = {
            name: {value for row in rows if (value := getattr(row, name))}
            for name in ("property", "external_id", "department", "guest", "category", "gesture", "incident")
        }
        codes = {code for row in rows for code in (row.employee, row.approved_by) if code}
        self.properties = {one.code: one for one in Property.objects.filter(code__in=said["property"])}
        here = {one.pk: one for one in self.properties.values()}
        self.rows = {
            (one.property_id, one.external_id): one
            for one in HistoryRow.objects.filter(property__in=here, external_id__in=said["external_id"])
        }
        self.departments = {
            (one.property_id, one.code): one
            for one in Department.objects.filter(property__in=here, code__in=said["department"])
        }
        self.employees = {one.code: one for one in Employee.objects.filter(code__in=codes)}
        self.categories = {one.code: one for one in Category.objects.filter(code__in=said["category"])}
        self.gestures = {one.code: one for one in Gesture.objects.filter(code__in={*said["gesture"], "other"})}
        # Of several records of one name the oldest; where it was merged, the one that stands for it.
        namesakes = Guest.objects.filter(property__in=here, kind=GuestKind.GUEST, name__in=said["guest"])
        self.guests = {
            (one.property_id, one.name): one.merged_into or one
            for one in namesakes.select_related("merged_into").order_by("-pk")
        }
        held = Incident.objects.select_for_update(no_key=True, of=("self",)).select_related("department", "category")
        self.incidents = {
            (one.property_id, one.external_id): one
            for one in held.filter(property__in=here, external_id__in=said["incident"]).order_by("pk")
        }
        #: {incident id: {guest id: IncidentGuest}}
        self.guests_on = {one.pk: {} for one in self.incidents.values()}
        for one in IncidentGuest.objects.filter(incident__in=list(self.guests_on)).order_by("pk"):
            self.guests_on[one.incident_id][one.guest_id] = one
        for one in self.incidents.values():
            one.property = here[one.property_id]
        self._policies_since = {}

    def had_policy(self, property, at):
        """Whether any policy that could apply at the property had begun by then. One query a property."""
        if property.pk not in self._policies_since:
            rules = Policy.objects.filter(Q(property=property) | Q(property=None), currency=property.currency)
            self._policies_since[property.pk] = rules.aggregate(first=Min("effective_from"))["first"]
        first = self._policies_since[property.pk]
        return first is not None and first <= at

"""What may be asked of incidents and guests: the page, the API and the export ask it in the same words."""

from django.db.models import Q
from django_filters import CharFilter

from empower.filtering import ChoicesFilter, CodeFilter, IdFilter, MomentFilter, StrictFilterSet, YesNoFilter
from empower.staff.filters import EmployeeFilter, departments_of, properties_of

from .models import Category, CauseKind, GuestKind, IncidentKind, IncidentStatus, Outcome, Touchpoint

SEVERITIES = [(str(number), str(number)) for number in range(1, 6)]


def categories_of(_user):
    return Category.objects.all()


def touchpoints_of(_user):
    return Touchpoint.objects.all()


def below_category(code, path="category"):
    """The condition for a cause and everything below it: the tree has few levels, and a filter on a branch means all of it."""
    condition = Q(**{f"{path}__code": code})
    for _level in range(4):
        path = f"{path}__parent"
        condition |= Q(**{f"{path}__code": code})
    return condition


class CategoryFilterSet(StrictFilterSet):
    code = CodeFilter("code", among=categories_of)
    parent = CodeFilter("parent__code", among=categories_of)
    kind = ChoicesFilter(field_name="kind", choices=CauseKind)
    is_active = YesNoFilter(field_name="is_active")


class TouchpointFilterSet(StrictFilterSet):
    code = CodeFilter("code", among=touchpoints_of)
    is_active = YesNoFilter(field_name="is_active")


class GuestFilterSet(StrictFilterSet):
    property = CodeFilter("property__code", among=properties_of)
    kind = ChoicesFilter(field_name="kind", choices=GuestKind)
    name = CharFilter(field_name="name", lookup_expr="icontains")
    room = CharFilter(field_name="room")
    merged_into = IdFilter(field_name="merged_into_id")
    is_merged = YesNoFilter(field_name="merged_into", lookup_expr="isnull", exclude=True)
    is_erased = YesNoFilter(field_name="erased_at", lookup_expr="isnull", exclude=True)


class IncidentFilterSet(StrictFilterSet):
    """``category`` takes the branch below it along; ``guest`` every record merged into one."""

    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("department__code", among=departments_of)
    category = CodeFilter("category", among=categories_of, method="in_branch")
    touchpoint = CodeFilter("touchpoint__code", among=touchpoints_of)
    kind = ChoicesFilter(field_name="kind", choices=IncidentKind)
    status = ChoicesFilter(field_name="status", choices=IncidentStatus)
    outcome = ChoicesFilter(field_name="outcome", choices=Outcome)
    severity = ChoicesFilter(field_name="severity", choices=SEVERITIES)
    owner = EmployeeFilter(field_name="owner")
    recorded_by = EmployeeFilter(field_name="recorded_by")
    guest = IdFilter(method="of_guest")
    external_id = CharFilter(field_name="external_id")
    occurred_from = MomentFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_to = MomentFilter(field_name="occurred_at", lookup_expr="lt")
    reported_from = MomentFilter(field_name="reported_at", lookup_expr="gte")
    reported_to = MomentFilter(field_name="reported_at", lookup_expr="lt")
    recorded_from = MomentFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_to = MomentFilter(field_name="recorded_at", lookup_expr="lt")
    resolved_from = MomentFilter(field_name="resolved_at", lookup_expr="gte")
    resolved_to = MomentFilter(field_name="resolved_at", lookup_expr="lt")

    def in_branch(self, queryset, name, code):
        return queryset.filter(below_category(code))

    def of_guest(self, queryset, name, guest_id):
        there = Q(incident_guests__guest=guest_id) | Q(incident_guests__guest__merged_into=guest_id)
        there |= Q(incident_guests__guest__merged__pk=guest_id)
        return queryset.filter(pk__in=queryset.model.objects.filter(there).values("pk"))

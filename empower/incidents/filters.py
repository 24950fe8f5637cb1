"""What may be asked of incidents and guests: the page, the API and the export ask it in the same words."""

from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.filtering import (
    ChoicesFilter,
    CodeFilter,
    DayFilter,
    HasFilter,
    IdFilter,
    MomentFilter,
    RowFilterSet,
    SearchFilter,
    TextFilter,
    WholeNumberFilter,
    YesNoFilter,
    in_any,
)
from empower.staff.filters import EmployeeFilter, departments_of, properties_of
from empower.staff.models import Property

from .models import (
    Category,
    CauseKind,
    FollowUp,
    Guest,
    GuestKind,
    IncidentGuest,
    IncidentKind,
    IncidentStatus,
    Outcome,
    Touchpoint,
)

SEVERITIES = [(str(number), str(number)) for number in range(1, 6)]


def categories_of(_user):
    return Category.objects.all()


def touchpoints_of(_user):
    return Touchpoint.objects.all()


def below_categories(codes, path="category"):
    """The condition for these causes and all below them: the tree has few levels, and a filter on a branch means all of it."""
    condition = Q(**{f"{path}__code__in": codes})
    for _level in range(4):
        path = f"{path}__parent"
        condition |= Q(**{f"{path}__code__in": codes})
    return condition


def guests_found(user, text):
    """The guests whom this person may see and of whom ``text`` is part of the name, or the room."""
    return Guest.objects.visible_to(user).filter(in_any(("name",), text) | Q(room__iexact=text))


class CategoryFilterSet(RowFilterSet):
    searched = ("code", "name")
    orderings = {"code": "code", "name": "name", "updated_at": "updated_at"}

    code = CodeFilter("code", among=categories_of)
    name = TextFilter(field_name="name")
    parent = CodeFilter("parent__code", among=categories_of)
    has_parent = HasFilter("parent")
    kind = ChoicesFilter(field_name="kind", choices=CauseKind)
    is_active = YesNoFilter(field_name="is_active")


class TouchpointFilterSet(RowFilterSet):
    searched = ("code", "name")
    orderings = {"code": "code", "name": "name", "updated_at": "updated_at"}

    code = CodeFilter("code", among=touchpoints_of)
    name = TextFilter(field_name="name")
    is_active = YesNoFilter(field_name="is_active")


class GuestFilterSet(RowFilterSet):
    """``search`` looks through names and rooms. Never ordered by name: a cursor goes into addresses, a name may not."""

    searched = ("name", "room")
    orderings = {
        "arrival": "arrival",
        "departure": "departure",
        "recorded_at": "recorded_at",
        "updated_at": "updated_at",
    }

    property = CodeFilter("property__code", among=properties_of)
    kind = ChoicesFilter(field_name="kind", choices=GuestKind)
    colleague = EmployeeFilter(field_name="colleague")
    name = SearchFilter(field_name="name", lookup_expr="icontains")
    room = TextFilter(field_name="room")
    has_room = HasFilter("room", is_text=True)
    arrival_from = DayFilter(field_name="arrival", lookup_expr="gte")
    arrival_to = DayFilter(field_name="arrival", lookup_expr="lte")
    has_arrival = HasFilter("arrival")
    departure_from = DayFilter(field_name="departure", lookup_expr="gte")
    departure_to = DayFilter(field_name="departure", lookup_expr="lte")
    has_departure = HasFilter("departure")
    in_house_on = DayFilter(method="staying")
    merged_into = IdFilter(field_name="merged_into_id")
    is_merged = HasFilter("merged_into")
    is_erased = HasFilter("erased_at")
    erased_from = MomentFilter(field_name="erased_at", lookup_expr="gte")
    erased_to = MomentFilter(field_name="erased_at", lookup_expr="lt")
    recorded_from = MomentFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_to = MomentFilter(field_name="recorded_at", lookup_expr="lt")

    def staying(self, queryset, name, day):
        return queryset.filter(arrival__lte=day, departure__gte=day)


class IncidentFilterSet(RowFilterSet):
    """``category`` takes the branch below it along; ``guest`` every record merged into one. ``search`` looks through the
    narrative, what it was called in a history file, and the names and rooms of its guests. A range of feelings is that of
    any of its guests. What was changed in a guest's record, erased above all, counts as a change of the incident. A day
    of ``occurred_on_from`` and ``occurred_on_to`` is that of each incident's own property. An end that was never written
    down is found as ``unknown``.
    """

    searched = ("narrative", "void_reason", "external_id")
    orderings = {
        "occurred_at": "occurred_at",
        "reported_at": "reported_at",
        "recorded_at": "recorded_at",
        "resolved_at": "resolved_at",
        "updated_at": "updated_at",
        "severity": "severity",
    }

    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("department__code", among=departments_of)
    has_department = HasFilter("department")
    category = CodeFilter("category", among=categories_of, method="in_branch")
    has_category = HasFilter("category")
    touchpoint = CodeFilter("touchpoint__code", among=touchpoints_of)
    has_touchpoint = HasFilter("touchpoint")
    kind = ChoicesFilter(field_name="kind", choices=IncidentKind)
    status = ChoicesFilter(field_name="status", choices=IncidentStatus)
    outcome = ChoicesFilter(choices=Outcome, method="ended")
    has_outcome = HasFilter("outcome", is_text=True)
    severity = ChoicesFilter(field_name="severity", choices=SEVERITIES)
    severity_min = WholeNumberFilter(field_name="severity", lookup_expr="gte")
    severity_max = WholeNumberFilter(field_name="severity", lookup_expr="lte")
    owner = EmployeeFilter(field_name="owner")
    has_owner = HasFilter("owner")
    recorded_by = EmployeeFilter(field_name="recorded_by")
    has_recorded_by = HasFilter("recorded_by")
    guest = IdFilter(method="of_guests")
    feeling_before_min = WholeNumberFilter(field_name="feeling_before__gte", method="of_any_guest")
    feeling_before_max = WholeNumberFilter(field_name="feeling_before__lte", method="of_any_guest")
    feeling_after_min = WholeNumberFilter(field_name="feeling_after__gte", method="of_any_guest")
    feeling_after_max = WholeNumberFilter(field_name="feeling_after__lte", method="of_any_guest")
    has_narrative = HasFilter("narrative", is_text=True)
    has_void_reason = HasFilter("void_reason", is_text=True)
    external_id = TextFilter(field_name="external_id")
    has_external_id = HasFilter("external_id", is_text=True)
    version = WholeNumberFilter(field_name="version")
    occurred_from = MomentFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_to = MomentFilter(field_name="occurred_at", lookup_expr="lt")
    occurred_on_from = DayFilter(method="from_day")
    occurred_on_to = DayFilter(method="to_day")
    reported_from = MomentFilter(field_name="reported_at", lookup_expr="gte")
    reported_to = MomentFilter(field_name="reported_at", lookup_expr="lt")
    recorded_from = MomentFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_to = MomentFilter(field_name="recorded_at", lookup_expr="lt")
    resolved_from = MomentFilter(field_name="resolved_at", lookup_expr="gte")
    resolved_to = MomentFilter(field_name="resolved_at", lookup_expr="lt")

    def faults(self):
        found = super().faults()
        days = [self.form.cleaned_data.get(f"occurred_on_{end}") for end in ("from", "to")]
        if all(days) and days[1] < days[0]:
            fault = ValidationError(_("This day lies before the first one."), "before_the_first")
            found.setdefault("occurred_on_to", []).append(fault)
        return found

    def from_day(self, queryset, name, day):
        return queryset.filter(self._in_each_zone(lambda zone: Q(occurred_at__gte=clock.day_bounds(day, zone)[0])))

    def to_day(self, queryset, name, day):
        return queryset.filter(self._in_each_zone(lambda zone: Q(occurred_at__lt=clock.day_bounds(day, zone)[1])))

    def _in_each_zone(self, condition):
        houses = Property.objects.visible_to(self.request.user)
        zones = houses.order_by().values_list("timezone", flat=True).distinct()
        return reduce(or_, (Q(property__timezone=zone) & condition(zone) for zone in zones), Q(pk__in=[]))

    def ended(self, queryset, name, outcomes):
        condition = Q(outcome__in=outcomes)
        if Outcome.UNKNOWN in outcomes:
            condition |= Q(outcome="", status=IncidentStatus.RESOLVED)
        return queryset.filter(condition)

    def in_branch(self, queryset, name, codes):
        return queryset.filter(below_categories(codes))

    def of_guests(self, queryset, name, ids):
        there = Q(incident_guests__guest__in=ids) | Q(incident_guests__guest__merged_into__in=ids)
        there |= Q(incident_guests__guest__merged__in=ids)
        return queryset.filter(pk__in=queryset.model.objects.filter(there).values("pk"))

    def of_any_guest(self, queryset, name, value):
        return queryset.filter(_has_guest(Q(**{name: value})))

    def found_by(self, text):
        return super().found_by(text) | _has_guest(Q(guest__in=guests_found(self.request.user, text)))

    def changed_since(self, moment):
        return super().changed_since(moment) | _has_guest(Q(guest__updated_at__gte=moment))


def _has_guest(condition):
    return Q(Exists(IncidentGuest.objects.filter(condition, incident=OuterRef("pk")).order_by()))


class FollowUpFilterSet(RowFilterSet):
    """``search`` looks through the notes. Written once, but for the erasure of its guest, which counts as a change."""

    searched = ("note",)
    changed_at = "recorded_at"
    orderings = {"contacted_at": "contacted_at", "recorded_at": "recorded_at"}

    guest = IdFilter(field_name="guest_id")
    employee = EmployeeFilter(field_name="employee")
    channel = ChoicesFilter(field_name="channel", choices=FollowUp.Channel)
    has_note = HasFilter("note", is_text=True)
    contacted_from = MomentFilter(field_name="contacted_at", lookup_expr="gte")
    contacted_to = MomentFilter(field_name="contacted_at", lookup_expr="lt")
    recorded_from = MomentFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_to = MomentFilter(field_name="recorded_at", lookup_expr="lt")

    def changed_since(self, moment):
        guests = IncidentGuest.objects.filter(guest__erased_at__gte=moment, incident=OuterRef("incident"))
        return super().changed_since(moment) | Q(Exists(guests.order_by()))

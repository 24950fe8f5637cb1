"""What may be asked of properties, departments, employees and tokens; and how any list is asked about an employee."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters import Filter

from empower.filtering import (
    ChoicesFilter,
    CodeFilter,
    CurrencyFilter,
    DayFilter,
    HasFilter,
    IdFilter,
    MomentFilter,
    RowFilterSet,
    SearchFilter,
    StrictFilterSet,
    TextFilter,
    WholeNumberFilter,
    YesNoFilter,
)

from .models import Department, Employee, Property, Role


def properties_of(user):
    return Property.objects.visible_to(user)


def departments_of(user):
    return Department.objects.visible_to(user)


class EmployeeFilter(Filter):
    """By a person: their code, or their id. One who is not there for this user is an error. One query.

    Who is asked for is told of it: see `staff.api_openness`; its cleaned value is the `Employee`.
    """

    names_a_person = True

    def __init__(self, *args, by="code", **options):
        super().__init__(*args, **options)
        self.by = by

    @property
    def field(self):
        filter_ = self

        class PersonField(forms.CharField):
            def clean(self, value):
                value = super().clean(value)
                return filter_.found(value) if value else None

        if not hasattr(self, "_field"):
            self._field = PersonField(label=self.label, required=False, strip=False)
        return self._field

    def found(self, value):
        people = Employee.objects.visible_to(self.parent.request.user)
        if self.by == "pk" and not (value.isascii() and value.isdigit() and len(value) < 19):
            raise ValidationError(_("An id is a string of digits."), "invalid")
        person = people.filter(**{self.by: value}).first()
        if person is None and self.by == "code" and value.isascii() and value.isdigit() and len(value) < 19:
            person = people.filter(pk=int(value)).first()
        if person is None:
            raise ValidationError(_("There is no such person here."), "invalid_choice")
        return person


class PropertyFilterSet(RowFilterSet):
    searched = ("code", "name")
    orderings = {"code": "code", "name": "name", "opened_at": "opened_at", "updated_at": "updated_at"}

    code = CodeFilter("code", among=properties_of)
    name = TextFilter(field_name="name")
    currency = CurrencyFilter(field_name="currency")
    timezone = TextFilter(field_name="timezone")
    opened_from = MomentFilter(field_name="opened_at", lookup_expr="gte")
    opened_to = MomentFilter(field_name="opened_at", lookup_expr="lt")


class DepartmentFilterSet(RowFilterSet):
    searched = ("code", "name")
    orderings = {"code": "code", "name": "name", "updated_at": "updated_at"}

    property = CodeFilter("property__code", among=properties_of)
    code = CodeFilter("code", among=departments_of)
    name = TextFilter(field_name="name")


class EmployeeFilterSet(RowFilterSet):
    """By code, username or id finds one person, and they are told; by property, department and role a list, which is no
    event. ``search`` goes through names and codes: where only one person is left, by it alone or with all else that was
    asked, it was a question about them; so with the days on which one joined, and what has changed.
    """

    searched = ("name", "code")
    orderings = {"code": "code", "joined_on": "joined_on", "updated_at": "updated_at"}

    id = EmployeeFilter(field_name="pk", method="only", by="pk")
    code = EmployeeFilter(field_name="pk", method="only")
    username = EmployeeFilter(field_name="pk", method="only", by="username")
    property = CodeFilter("property__code", among=properties_of)
    has_property = HasFilter("property")
    department = CodeFilter("department__code", among=departments_of)
    has_department = HasFilter("department")
    role = ChoicesFilter(field_name="role", choices=Role)
    has_role = HasFilter("role", is_text=True)
    is_active = YesNoFilter(field_name="is_active")
    is_service = YesNoFilter(field_name="is_service")
    joined_from = DayFilter(field_name="joined_on", lookup_expr="gte")
    joined_to = DayFilter(field_name="joined_on", lookup_expr="lte")
    has_joined_on = HasFilter("joined_on")

    def only(self, queryset, name, employee):
        return queryset.filter(pk=employee.pk)

    def people_searched_for(self):
        """The one person who is left of those whom one may see; nobody where there are more. Up to two queries."""
        asked = self.form.cleaned_data
        if not any(asked.get(name) for name in ("search", "joined_from", "joined_to", "updated_since")):
            return []
        ways = [self.qs]
        if asked.get("search"):
            ways.append(Employee.objects.visible_to(self.request.user).filter(self.found_by(asked["search"])))
        found = [list(people.order_by()[:2]) for people in ways]
        return {people[0].pk: people[0] for people in found if len(people) == 1}.values()


class RoomNightsFilterSet(RowFilterSet):
    """``search`` looks through the code and the name of the property."""

    searched = ("property__code", "property__name")
    changed_at = "reported_at"
    orderings = {"day": "day", "occupied": "occupied", "reported_at": "reported_at"}

    property = CodeFilter("property__code", among=properties_of)
    day_from = DayFilter(field_name="day", lookup_expr="gte")
    day_to = DayFilter(field_name="day", lookup_expr="lte")
    occupied_min = WholeNumberFilter(field_name="occupied", lookup_expr="gte")
    occupied_max = WholeNumberFilter(field_name="occupied", lookup_expr="lte")
    reported_by = EmployeeFilter(field_name="reported_by")
    has_reported_by = HasFilter("reported_by")
    reported_from = MomentFilter(field_name="reported_at", lookup_expr="gte")
    reported_to = MomentFilter(field_name="reported_at", lookup_expr="lt")


class TokenFilterSet(StrictFilterSet):
    orderings = {"created_at": "created_at", "expires_at": "expires_at", "last_used_at": "last_used_at"}

    id = IdFilter(field_name="pk")
    search = SearchFilter(field_name="name", lookup_expr="icontains")
    is_living = YesNoFilter(method="living_or_ended")
    employee = EmployeeFilter(field_name="employee")
    made_with = IdFilter(field_name="made_with_id")
    has_made_with = HasFilter("made_with")
    created_from = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_to = MomentFilter(field_name="created_at", lookup_expr="lt")
    expires_from = MomentFilter(field_name="expires_at", lookup_expr="gte")
    expires_to = MomentFilter(field_name="expires_at", lookup_expr="lt")
    has_expires_at = HasFilter("expires_at")
    last_used_from = MomentFilter(field_name="last_used_at", lookup_expr="gte")
    last_used_to = MomentFilter(field_name="last_used_at", lookup_expr="lt")
    has_last_used_at = HasFilter("last_used_at")
    revoked_from = MomentFilter(field_name="revoked_at", lookup_expr="gte")
    revoked_to = MomentFilter(field_name="revoked_at", lookup_expr="lt")
    is_revoked = HasFilter("revoked_at")

    def living_or_ended(self, queryset, name, is_living):
        return queryset.alive() if is_living else queryset.ended()

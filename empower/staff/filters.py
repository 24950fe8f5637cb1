"""What may be asked of properties, departments, employees and tokens; and how any list is asked about an employee."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters import Filter

from empower.filtering import ChoicesFilter, CodeFilter, CurrencyFilter, MomentFilter, StrictFilterSet, YesNoFilter

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
        person = people.filter(**{self.by: value}).first()
        if person is None and self.by == "code" and value.isascii() and value.isdigit() and len(value) < 19:
            person = people.filter(pk=int(value)).first()
        if person is None:
            raise ValidationError(_("There is no such person here."), "invalid_choice")
        return person


class PropertyFilterSet(StrictFilterSet):
    code = CodeFilter("code", among=properties_of)
    currency = CurrencyFilter("currency")


class DepartmentFilterSet(StrictFilterSet):
    property = CodeFilter("property__code", among=properties_of)
    code = CodeFilter("code", among=departments_of)


class EmployeeFilterSet(StrictFilterSet):
    """By code or username finds one person, and they are told; by property, department and role a list, which is no event."""

    code = EmployeeFilter(field_name="pk", method="only")
    username = EmployeeFilter(field_name="pk", method="only", by="username")
    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("department__code", among=departments_of)
    role = ChoicesFilter(field_name="role", choices=Role)
    is_active = YesNoFilter(field_name="is_active")
    is_service = YesNoFilter(field_name="is_service")

    def only(self, queryset, name, employee):
        return queryset.filter(pk=employee.pk)


class TokenFilterSet(StrictFilterSet):
    is_living = YesNoFilter(method="living_or_ended")
    employee = EmployeeFilter(field_name="employee")
    expires_from = MomentFilter(field_name="expires_at", lookup_expr="gte")
    expires_to = MomentFilter(field_name="expires_at", lookup_expr="lt")
    last_used_from = MomentFilter(field_name="last_used_at", lookup_expr="gte")
    last_used_to = MomentFilter(field_name="last_used_at", lookup_expr="lt")

    def living_or_ended(self, queryset, name, is_living):
        return queryset.alive() if is_living else queryset.ended()

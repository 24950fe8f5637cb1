"""Properties and departments: read by who opens the desk, opened by the superuser."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from empower.desk import DeskAdmin, DeskInline, VisibleFilter, moment

from ..models import Department
from ..permissions import may_open_admin, sets_up
from ..services import create_department
from .writing import CommandForm, Writing


class DepartmentsHere(DeskInline):
    model = Department
    fields = ["code", "name"]
    readonly_fields = fields
    verbose_name_plural = _("departments")


class PropertyDesk(DeskAdmin):
    """Registered by `policies.admin`: opening a property also makes its policy."""

    api_list = "property-list"
    list_display = ["name", "code", "currency", "timezone"]
    search_fields = ["name", "code"]
    inlines = [DepartmentsHere]

    def opens_to(self, user):
        return may_open_admin(user)

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_fieldsets(self, request, obj=None):
        return [
            (
                None,
                {
                    "fields": [
                        "name",
                        "code",
                        "currency",
                        "timezone",
                        moment("opened_at", _("opened"), timezone=_own_zone),
                    ]
                },
            )
        ]


def _own_zone(property):
    return property.timezone


class DepartmentForm(CommandForm):
    class Meta:
        model = Department
        fields = ["property", "code", "name"]

    def carry_out(self, actor, data):
        return create_department(actor=actor, **data)


@admin.register(Department)
class DepartmentDesk(Writing, DeskAdmin):
    api_list = "department-list"
    form = DepartmentForm
    fields = ["property", "code", "name"]
    list_display = ["name", "code", "property"]
    list_filter = [("property", VisibleFilter)]
    list_select_related = ["property"]
    search_fields = ["name", "code"]

    def opens_to(self, user):
        return may_open_admin(user)

    def may_add(self, user):
        return sets_up(user)

"""Properties and departments: read by who opens the desk, opened by the superuser. Occupied rooms: told by the house."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from empower.desk import DeskAdmin, DeskInline, VisibleFilter, moment

from ..models import Department, Property, RoomNights
from ..permissions import can_report_room_nights, may_open_admin, sets_up
from ..services import create_department, report_room_nights
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


_REPORTED = moment("reported_at", _("written"))


class RoomNightsForm(CommandForm):
    class Meta:
        model = RoomNights
        fields = ["property", "day", "occupied"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        if "property" in self.fields and user.property_id:
            self.fields["property"].queryset = Property.objects.filter(pk=user.property_id)
            self.fields["property"].initial = user.property_id

    def carry_out(self, actor, data):
        # A night that is there keeps its property and its day: only the number is corrected.
        night = {"property": self.instance.property, "day": self.instance.day} if self.instance.pk else {}
        return report_room_nights(actor=actor, **data | night)


@admin.register(RoomNights)
class RoomNightsDesk(Writing, DeskAdmin):
    api_list = "room-nights-list"
    date_hierarchy = "day"
    form = RoomNightsForm
    list_display = ["day", "property", "occupied"]
    list_filter = [("property", VisibleFilter)]
    list_select_related = ["property"]
    search_fields = ["property__code", "property__name"]

    def opens_to(self, user):
        return may_open_admin(user)

    def may_add(self, user):
        return user.is_superuser or can_report_room_nights(user, user.property_id)

    def may_change(self, user, row):
        return can_report_room_nights(user, row.property_id)

    def get_fieldsets(self, request, obj=None):
        said = ["property", "day", "occupied"]
        return [(None, {"fields": [*said, _REPORTED, "reported_by"] if obj else said})]

    def get_readonly_fields(self, request, obj=None):
        return ["property", "day", _REPORTED, "reported_by"] if obj else []

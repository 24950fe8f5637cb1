"""The catalogue of gestures: read by everybody on the desk, added to by leaders and the superuser."""

from django.contrib import admin

from empower.desk import DeskAdmin
from empower.staff.admin.writing import CommandForm, Writing
from empower.staff.permissions import may_open_admin

from ..models import Gesture
from ..permissions import can_extend_catalogue
from ..services import create_gesture


class GestureForm(CommandForm):
    class Meta:
        model = Gesture
        fields = ["name", "code", "account", "paid_from", "cost_ratio", "is_free", "icon"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "account" in self.fields:
            self.fields["account"].required = False

    def carry_out(self, actor, data):
        return create_gesture(actor=actor, **data | {"account": data["account"] or None})


@admin.register(Gesture)
class GestureDesk(Writing, DeskAdmin):
    api_list = "gesture-list"
    form = GestureForm
    list_display = ["name", "code", "account", "paid_from", "cost_ratio", "is_free", "is_active"]
    list_filter = ["is_free", "is_active", "paid_from"]
    search_fields = ["name", "code"]

    def opens_to(self, user):
        return may_open_admin(user)

    def may_add(self, user):
        return can_extend_catalogue(user)

    def get_fieldsets(self, request, obj=None):
        fields = ["name", "code", "account", "paid_from", "cost_ratio", "is_free", "icon"]
        return [(None, {"fields": [*fields, "is_active"] if obj else fields})]

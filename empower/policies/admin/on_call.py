"""Turns on call: entered for a while, and ended."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower import clock
from empower.desk import DeskAdmin, moment
from empower.staff.admin.verbs import Verb, Verbs
from empower.staff.admin.writing import CommandForm, Writing, zone_hint
from empower.staff.permissions import may_open_admin

from ..models import OnCall
from ..permissions import can_end_turn, can_put_on_call
from ..services import end_turn, put_on_call

BEGINS, ENDS = moment("begins_at", gettext_lazy("begins")), moment("ends_at", gettext_lazy("ends"))


class OnCallForm(CommandForm):
    class Meta:
        model = OnCall
        fields = ["property", "employee", "begins_at", "ends_at"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("begins_at", "ends_at"):
            if name in self.fields:
                self.fields[name].help_text = zone_hint(self.request.user)

    def carry_out(self, actor, data):
        return put_on_call(actor=actor, **data)


def _runs(turn):
    return turn.revoked_at is None and turn.ends_at > clock.now()


END = Verb(
    name="end",
    label=gettext_lazy("End now"),
    question=gettext_lazy("End turns on call now"),
    act=lambda actor, turn: end_turn(actor=actor, turn=turn),
    may=lambda user, turn: _runs(turn) and can_end_turn(user, turn),
    done=lambda turn: _("ended."),
    tells=lambda turn: [(_("On call"), turn.employee), (_("Ends"), ENDS(turn))],
)


@admin.register(OnCall)
class OnCallDesk(Writing, Verbs, DeskAdmin):
    autocomplete_fields = ["property", "employee"]
    date_hierarchy = "begins_at"
    form = OnCallForm
    list_display = ["employee", "property", BEGINS, ENDS, "state"]
    list_select_related = ["property", "employee"]
    search_fields = ["employee__name"]
    verbs = [END]

    def opens_to(self, user):
        return may_open_admin(user)

    def may_add(self, user):
        return user.role == "leader" or can_put_on_call(user, user.property_id)

    def rows_for_verb(self, request, queryset):
        return queryset.select_related("property", "employee")

    def get_fieldsets(self, request, obj=None):
        said = ["employee", "property", BEGINS, ENDS, "state", "recorded_by"]
        return [(None, {"fields": said if obj else ["property", "employee", "begins_at", "ends_at"]})]

    def get_readonly_fields(self, request, obj=None):
        return ["state"] if obj else []

    @admin.display(description=gettext_lazy("state"))
    def state(self, turn):
        if turn.revoked_at:
            return _("ended early")
        if turn.begins_at > clock.now():
            return _("to come")
        return _("on call now") if _runs(turn) else _("over")

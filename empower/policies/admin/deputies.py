"""Deputies: named for a while, and ended."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower import clock
from empower.desk import DeskAdmin, moment
from empower.staff.admin.verbs import Verb, Verbs
from empower.staff.admin.writing import CommandForm, Writing, zone_hint
from empower.staff.permissions import acts_at, may_open_admin, sets_up

from ..models import Deputy
from ..permissions import can_revoke_deputy
from ..services import name_deputy, revoke_deputy


def _zone(deputy):
    return deputy.absent.property.timezone if deputy.absent.property_id else "UTC"


BEGINS, ENDS = (
    moment("begins_at", gettext_lazy("begins"), timezone=_zone),
    moment("ends_at", gettext_lazy("ends"), timezone=_zone),
)


class DeputyForm(CommandForm):
    class Meta:
        model = Deputy
        fields = ["absent", "stands_in", "begins_at", "ends_at"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("begins_at", "ends_at"):
            if name in self.fields:
                self.fields[name].help_text = zone_hint(self.request.user)

    def carry_out(self, actor, data):
        return name_deputy(actor=actor, **data)


def _runs(deputy):
    return deputy.revoked_at is None and deputy.ends_at > clock.now()


REVOKE = Verb(
    name="revoke",
    label=gettext_lazy("End now"),
    question=gettext_lazy("End deputies now"),
    act=lambda actor, deputy: revoke_deputy(actor=actor, deputy=deputy),
    may=lambda user, deputy: _runs(deputy) and can_revoke_deputy(user, deputy),
    done=lambda deputy: _("ended."),
    tells=lambda deputy: [
        (_("Away"), deputy.absent),
        (_("Answers instead"), deputy.stands_in),
        (_("Ends"), ENDS(deputy)),
    ],
)


@admin.register(Deputy)
class DeputyDesk(Writing, Verbs, DeskAdmin):
    autocomplete_fields = ["absent", "stands_in"]
    date_hierarchy = "begins_at"
    form = DeputyForm
    list_display = ["absent", "stands_in", BEGINS, ENDS, "state"]
    list_select_related = ["absent__property", "stands_in"]
    search_fields = ["absent__name", "stands_in__name"]
    verbs = [REVOKE]

    def opens_to(self, user):
        return may_open_admin(user)

    def may_add(self, user):
        return sets_up(user) or acts_at(user, user.property_id)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("absent__property", "stands_in")

    def rows_for_verb(self, request, queryset):
        return queryset.select_related("absent__property", "stands_in")

    def get_fieldsets(self, request, obj=None):
        said = ["absent", "stands_in", BEGINS, ENDS, "state", "recorded_by"]
        return [(None, {"fields": said if obj else ["absent", "stands_in", "begins_at", "ends_at"]})]

    def get_readonly_fields(self, request, obj=None):
        return ["state"] if obj else []

    @admin.display(description=gettext_lazy("state"))
    def state(self, deputy):
        if deputy.revoked_at:
            return _("ended early")
        if deputy.begins_at > clock.now():
            return _("to come")
        return _("answers now") if _runs(deputy) else _("over")

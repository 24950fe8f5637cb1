"""Shared phones on the desk: where they lie, who enrolled them, and out of use with them. They are enrolled in the hand."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower.desk import DeskAdmin, moment
from empower.staff.admin.verbs import Verb, Verbs
from empower.staff.permissions import may_open_admin

from .models import SharedDevice
from .permissions import can_revoke
from .services import revoke_device, unlock_device

ENROLLED, USED, REVOKED = (
    moment("enrolled_at", gettext_lazy("enrolled")),
    moment("last_used_at", gettext_lazy("last used")),
    moment("revoked_at", gettext_lazy("revoked")),
)

REVOKE = Verb(
    name="revoke",
    label=gettext_lazy("Revoke"),
    question=gettext_lazy("Revoke shared phones"),
    act=lambda actor, device: revoke_device(actor=actor, device=device),
    may=lambda user, device: device.revoked_at is None and can_revoke(user, device),
    done=lambda device: _("revoked; who was signed in there is out."),
    tells=lambda device: [(_("Phone"), device.name), (_("Last used"), USED(device))],
)
UNLOCK = Verb(
    name="unlock",
    label=gettext_lazy("Unlock"),
    question=gettext_lazy("Unlock shared phones"),
    act=lambda actor, device: unlock_device(actor=actor, device=device),
    may=lambda user, device: device.is_resting and can_revoke(user, device),
    done=lambda device: _("unlocked."),
    tells=lambda device: [(_("Phone"), device.name)],
)


@admin.register(SharedDevice)
class SharedDeviceDesk(Verbs, DeskAdmin):
    list_display = ["name", "property", "enrolled_by", ENROLLED, USED, "state"]
    list_select_related = ["property", "enrolled_by"]
    search_fields = ["name"]
    verbs = [REVOKE, UNLOCK]

    def opens_to(self, user):
        return may_open_admin(user)

    def rows_for_verb(self, request, queryset):
        return queryset.select_related("property")

    def get_fieldsets(self, request, obj=None):
        said = ["name", "property", "enrolled_by", ENROLLED, USED, "state", "revoked_by", REVOKED]
        return [(None, {"fields": said})]

    def get_readonly_fields(self, request, obj=None):
        return ["state"]

    @admin.display(description=gettext_lazy("state"))
    def state(self, device):
        if device.revoked_at:
            return _("revoked")
        return _("locked") if device.is_resting else _("in use")

"""Policy trials on the review desk, to read: they are run by the API, and an answer is never changed."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower.desk import DeskAdmin, VisibleFilter, moment, number, spoken_money
from empower.staff.models import Role
from empower.staff.permissions import may_open_admin, sees_guests

from .models import PolicyTrial

COMPUTED = moment(
    "computed_at", gettext_lazy("computed"), timezone=lambda trial: trial.property.timezone if trial.property else "UTC"
)


@admin.register(PolicyTrial)
class PolicyTrialDesk(DeskAdmin):
    api_list = "policy-trial-list"
    list_display = [number, "name", "property", "begins_on", "ends_on", "author", "is_shared", COMPUTED]
    list_display_links = [number, "name"]
    list_filter = ["is_shared", ("property", VisibleFilter)]
    search_fields = ["name"]
    readonly_fields = fields = [
        number, "name", "author", "is_shared", "property", "department", "whose", "currency", "begins_on", "ends_on",
        "really", "tried", COMPUTED, "position",
    ]  # fmt: skip

    def opens_to(self, user):
        return may_open_admin(user) and sees_guests(user)

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    @admin.display(description=gettext_lazy("role"))
    def whose(self, trial):
        return Role(trial.role).label if trial.role else "-"

    @admin.display(description=gettext_lazy("under the rule in force"))
    def really(self, trial):
        return _HIDDEN if trial.is_hidden else _waited(trial.answer["baseline"])

    @admin.display(description=gettext_lazy("under the rules that were tried"))
    def tried(self, trial):
        if trial.is_hidden:
            return _HIDDEN
        lines = (
            (spoken_money(rule["limit"], trial.currency), _waited(result))
            for rule, result in zip(trial.variants, trial.answer["variants"], strict=True)
        )
        return format_html_join("", "<p>{}: {}</p>", lines)


_HIDDEN = gettext_lazy("Hidden: fewer than five people.")


def _waited(result):
    """``4 of 5 wait``: the figure with what it is out of."""
    waiting = result["waiting"]
    return _("%(waiting)d of %(acts)d wait") % {"waiting": waiting["numerator"], "acts": waiting["denominator"]}

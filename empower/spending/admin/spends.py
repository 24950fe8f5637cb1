"""What was given and what waits: to be read, and to be taken back with a reason."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower.desk import (
    DeskAdmin,
    LocalDepartmentFilter,
    VisibleFilter,
    amount,
    moment,
    number,
    spoken_money,
    visible,
)
from empower.incidents.admin import reviews_incidents
from empower.staff.admin.verbs import ReasonForm, Verb, Verbs
from empower.staff.models import Employee
from empower.staff.services import note_record_opened
from empower.texts import together

from ..models import Spend
from ..permissions import can_reverse
from ..services import escalate_overdue_approvals, reverse_spend

AMOUNT, COST = amount("amount", gettext_lazy("amount")), amount("cost", gettext_lazy("cost"))
REVERSED = amount("reversed_amount", gettext_lazy("taken back"))
OCCURRED = moment("occurred_at", gettext_lazy("given or asked for"))


class OnePersonFilter(admin.SimpleListFilter):
    """By one person, come to from their page: never a list of people to choose from, and told to the person."""

    title = gettext_lazy("person")
    parameter_name = "employee"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.person = None
        if (self.value() or "").isdecimal() and len(self.value()) < 19:
            self.person = visible(Employee, request.user).filter(pk=self.value()).first()
        if self.person is not None:
            note_record_opened(actor=request.user, employee=self.person, how=f"filtered:{model_admin.opts.model_name}s")

    def lookups(self, request, model_admin):
        return [(self.value(), _("one person"))] if self.value() else []

    def has_output(self):
        return self.value() is not None

    def choices(self, changelist):
        yield {"selected": False, "query_string": changelist.get_query_string(remove=["employee"]), "display": _("All")}
        if self.person is not None:
            yield {"selected": True, "query_string": changelist.get_query_string({}), "display": str(self.person)}

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(employee=self.person) if self.person else queryset.none()


REVERSE = Verb(
    name="reverse",
    label=gettext_lazy("Take back with a reason"),
    question=gettext_lazy("Take back what was given"),
    act=lambda actor, spend, reason: reverse_spend(actor=actor, spend=spend, reason=reason) and None,
    may=can_reverse,
    offered_to=lambda user: user.role in ("manager", "general_manager", "leader"),
    done=lambda spend: _("taken back, %(amount)s.") % {"amount": spoken_money(spend.standing_amount, spend.currency)},
    tells=lambda spend: [
        (_("What"), spend.gesture),
        (_("Guest"), spend.guest),
        (_("Given by"), spend.employee),
        (_("Amount"), spoken_money(spend.amount, spend.currency)),
        (_("What stands of it"), spoken_money(spend.standing_amount, spend.currency)),
        (_("When"), OCCURRED(spend)),
    ],
    form=ReasonForm,
    note=gettext_lazy("A new entry in the journal refers to the old one; both stay. The authority is raised again."),
)


@admin.register(Spend)
class SpendDesk(Verbs, DeskAdmin):
    api_list = "spend-list"
    date_hierarchy = "occurred_at"
    list_display = [number, "gesture", AMOUNT, COST, "status", "guest", "employee", "property", OCCURRED]
    list_display_links = [number, "gesture"]
    list_filter = [
        "status",
        "judged_as",
        ("property", VisibleFilter),
        ("department", LocalDepartmentFilter),
        ("gesture", VisibleFilter),
        OnePersonFilter,
    ]
    search_fields = ["guest__name", "note", "external_id__exact"]
    search_help_text = gettext_lazy("a number of a spend or an incident, a guest, a sum, or words of the note")
    search_amounts = ("amount", "cost")
    search_ids = ("pk", "incident_id")
    verbs = [REVERSE]
    fieldsets = [
        (None, {"fields": ["gesture", "status", AMOUNT, COST, REVERSED, "note", "reason"]}),
        (gettext_lazy("For whom"), {"fields": ["incident_link", "guest", "employee", "property", "department"]}),
        (gettext_lazy("How it was judged"), {
            "fields": ["judged_as", "policy", amount("limit_in_force", gettext_lazy("limit in force")), "request_link"]
        }),
        (gettext_lazy("When"), {
            "fields": [
                OCCURRED,
                moment("recorded_at", gettext_lazy("written down")),
                moment("posted_at", gettext_lazy("posted")),
                moment("promised_for", gettext_lazy("promised for")),
                moment("given_at", gettext_lazy("handed over")),
            ]
        }),
    ]  # fmt: skip
    readonly_fields = ["incident_link", "request_link"]

    def opens_to(self, user):
        return reviews_incidents(user)

    def get_queryset(self, request):
        # As the list of requests: what has run out by its clock is not shown, or given out, as waiting.
        escalate_overdue_approvals()
        return super().get_queryset(request).with_details()

    def rows_for_verb(self, request, queryset):
        return queryset.with_details()

    @admin.display(description=gettext_lazy("incident"))
    def incident_link(self, spend):
        link = reverse("admin:incidents_incident_change", args=[spend.incident_id])
        return format_html('<a href="{}">{}</a>', link, spend.incident)

    @admin.display(description=gettext_lazy("request"))
    def request_link(self, spend):
        approval = getattr(spend, "approval", None)
        if approval is None:
            return "-"
        link = reverse("admin:spending_approval_change", args=[approval.pk])
        return format_html('<a href="{}">{}</a>', link, together((approval.pk, approval.get_status_display())))

"""Requests: the queue and its answers. Each answer is one command, with a reason that the employee reads."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from empower import money
from empower.desk import DeskAdmin, VisibleFilter, amount, moment, number, spoken_money
from empower.incidents.admin import reviews_incidents
from empower.shipped import answer_in_readers_words
from empower.staff.admin.verbs import ReasonForm, Verb, Verbs
from empower.staff.permissions import acts_at

from ..models import Approval
from ..permissions import can_confirm, can_decide
from ..services import (
    approve_spend,
    ask_about_spend,
    confirm_spend,
    decline_spend,
    deny_spend,
    escalate_overdue_approvals,
)

REQUESTED = moment("requested_at", gettext_lazy("asked"))
DUE = moment("due_at", gettext_lazy("an answer is due"))
EXPIRES = moment("expires_at", gettext_lazy("expires"))


def _currency(approval):
    return approval.spend.currency


LEFT = amount("left_when_asked", gettext_lazy("could still give by themself"), currency=_currency)
TOTAL = amount("total", gettext_lazy("total with what was given and waits"), currency=_currency)


class ApproveForm(ReasonForm):
    """For one request the amount may be made smaller; several are approved as they were asked for."""

    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=gettext_lazy("Empty: all that was asked for. Or less."),
    )
    field_order = ["amount", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if len(self.rows) != 1:
            del self.fields["amount"]

    def clean_amount(self):
        written = self.cleaned_data["amount"]
        return money.to_minor(written, _currency(self.rows[0])) if written else None


class QuestionForm(ReasonForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"question": self.fields["reason"]}
        self.fields["question"].label = _("Question")


def _tells(approval):
    spend = approval.spend
    return [
        (_("What"), spend.gesture),
        (_("Amount"), spoken_money(spend.amount, spend.currency)),
        (_("Cost"), spoken_money(spend.cost, spend.currency)),
        (_("Guest"), spend.guest),
        (_("Asked by"), approval.employee),
        (_("Could still give by themself"), LEFT(approval)),
        (_("Total with what was given and waits"), TOTAL(approval)),
        (_("Decides"), approval.get_tier_display()),
        (_("Why"), spend.reason),
        (_("Asked"), REQUESTED(approval)),
    ]


def _decides(user):
    return not user.is_superuser and acts_at(user, user.property_id)


def _answer(name, label, question, service, done, **options):
    def act(actor, approval, **answers):
        service(actor=actor, approval=approval, **answers)

    return Verb(
        **{
            "name": name,
            "label": label,
            "question": question,
            "act": act,
            "may": can_decide,
            "offered_to": _decides,
            "done": done,
            "tells": _tells,
            "form": ReasonForm,
            "keeps_version": True,
        }
        | options
    )


VERBS = [
    _answer(
        "approve",
        gettext_lazy("Approve"),
        gettext_lazy("Approve what is asked for"),
        approve_spend,
        lambda approval: _("approved."),
        form=ApproveForm,
        is_main=True,
        note=gettext_lazy("Each is posted at once, and the one who asked reads your reason."),
    ),
    _answer(
        "decline",
        gettext_lazy("Decline"),
        gettext_lazy("Decline what is asked for"),
        decline_spend,
        lambda approval: _("declined."),
        note=gettext_lazy("No money moves, and the one who asked reads your reason."),
    ),
    _answer(
        "ask",
        gettext_lazy("Send back with a question"),
        gettext_lazy("Ask before you decide"),
        ask_about_spend,
        lambda approval: _("the question is put, and the clock stands still until the reply."),
        form=QuestionForm,
    ),
    _answer(
        "confirm",
        gettext_lazy("Confirm the verbal yes"),
        gettext_lazy("Did you say yes?"),
        confirm_spend,
        lambda approval: _("confirmed."),
        may=can_confirm,
    ),
    _answer(
        "deny",
        gettext_lazy("Deny the verbal yes"),
        gettext_lazy("Did you not say yes?"),
        deny_spend,
        lambda approval: _("denied; the entry stands, and an auditor looks into it."),
        may=can_confirm,
    ),
]


class WaitingFilter(admin.SimpleListFilter):
    title = gettext_lazy("waits for an answer")
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [("yes", _("yes")), ("no", _("no"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.awaiting_an_answer()
        return queryset.exclude(status__in=["open", "to_confirm"]) if self.value() == "no" else queryset


@admin.display(description=gettext_lazy("amount"), ordering="spend__amount")
def asked_for(approval):
    return spoken_money(approval.spend.amount, approval.spend.currency)


@admin.register(Approval)
class ApprovalDesk(Verbs, DeskAdmin):
    api_list = "approval-list"
    date_hierarchy = "requested_at"
    list_display = [number, "gesture", asked_for, "status", "tier", "employee", "property", REQUESTED, DUE]
    list_display_links = [number, "gesture"]
    list_filter = [WaitingFilter, "status", "tier", ("property", VisibleFilter)]
    ordering = ["-requested_at", "-pk"]
    search_fields = ["spend__guest__name", "reason"]
    search_help_text = gettext_lazy("a number of a request or a spend, a guest, a sum, or words of the reason")
    search_amounts = ("spend__amount",)
    search_currency = "spend__currency"
    search_ids = ("pk", "spend_id")
    verbs = VERBS
    fieldsets = [
        (None, {"fields": ["status", "spend_link", asked_for, LEFT, TOTAL, "tier", "asked_role", "with_deputy"]}),
        (gettext_lazy("Asked"), {"fields": ["employee", "property", "why", REQUESTED, DUE, EXPIRES]}),
        (gettext_lazy("Question and reply"), {"fields": ["question_said", "question_by", "reply"]}),
        (gettext_lazy("Answer"), {
            "fields": [
                "decided_by",
                "decided_for",
                moment("decided_at", gettext_lazy("answered")),
                amount("decided_amount", gettext_lazy("decided amount"), currency=_currency),
                "reason_said",
                "named",
            ]
        }),
    ]  # fmt: skip
    readonly_fields = ["spend_link", "why", "question_said", "reason_said"]

    def opens_to(self, user):
        return reviews_incidents(user)

    def get_queryset(self, request):
        # Whoever reads the queue moves its clock on first; one query when nothing is due.
        escalate_overdue_approvals()
        return super().get_queryset(request).with_details()

    def rows_for_verb(self, request, queryset):
        return queryset.with_details().order_by("requested_at", "pk")

    @admin.display(description=gettext_lazy("gesture"), ordering="spend__gesture__name")
    def gesture(self, approval):
        return approval.spend.gesture

    @admin.display(description=gettext_lazy("spend"))
    def spend_link(self, approval):
        link = reverse("admin:spending_spend_change", args=[approval.spend_id])
        return format_html('<a href="{}">{}</a>', link, approval.spend)

    @admin.display(description=gettext_lazy("why"))
    def why(self, approval):
        return approval.spend.reason

    @admin.display(description=pgettext_lazy("column", "question"))
    def question_said(self, approval):
        return answer_in_readers_words(approval.question)

    @admin.display(description=pgettext_lazy("column", "reason"))
    def reason_said(self, approval):
        return answer_in_readers_words(approval.reason)

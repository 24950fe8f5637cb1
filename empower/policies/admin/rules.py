"""Rules: every version is there to be read; to change one is to write the next."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower import clock, money
from empower.desk import DeskAdmin, VisibleFilter, amount, moment, spoken_money, visible
from empower.staff.admin.verbs import Verb, Verbs
from empower.staff.admin.writing import AmountField, CommandForm, Writing, read_amounts, zone_hint
from empower.staff.permissions import may_open_admin
from empower.texts import together

from ..models import Policy
from ..permissions import can_write_policy
from ..services import draft_policy, withdraw_policy, write_policy
from .looking_first import CONFIRMED, EDIT, LookFirst, tries_on_history

AMOUNTS = ["limit", "manager_up_to", "general_manager_up_to", "cap", "second_failure_limit"]
_WRITTEN = [
    "code", "property", "department", "role", "currency", "scope", *AMOUNTS, "answer_within_minutes",
    "expires_after_minutes", "budget_asks", "effective_from", "effective_until",
]  # fmt: skip
LIMIT = amount("limit", gettext_lazy("limit"))


def _zone(policy):
    return policy.property.timezone if policy.property_id else "UTC"


FROM = moment("effective_from", gettext_lazy("in force from"), timezone=_zone)
UNTIL = moment("effective_until", gettext_lazy("until"), timezone=_zone)


class PolicyForm(CommandForm):
    limit = AmountField(label=gettext_lazy("Limit"), help_text=gettext_lazy("of one's own accord, such as 2000.00"))
    manager_up_to = AmountField(
        label=gettext_lazy("A manager decides up to"),
        required=False,
        help_text=gettext_lazy("empty: 2.5 times the limit"),
    )
    general_manager_up_to = AmountField(
        label=gettext_lazy("A general manager decides up to"),
        required=False,
        help_text=gettext_lazy("empty: 12.5 times the limit; above it a leader decides"),
    )
    cap = AmountField(
        label=gettext_lazy("Cap"),
        required=False,
        help_text=gettext_lazy("for a guest and incident over all employees; empty: none"),
    )
    second_failure_limit = AmountField(
        label=gettext_lazy("Limit at a second failure"),
        required=False,
        help_text=gettext_lazy("for a guest within 30 days; empty: the same limit"),
    )

    class Meta:
        model = Policy
        fields = _WRITTEN

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        if "effective_from" in self.fields:
            self.fields["effective_from"].required = False
            self.fields["effective_from"].initial = None
            self.initial.setdefault("effective_from", None)
            self.fields["effective_from"].help_text = _("Empty: now.") + " " + zone_hint(user)
            self.fields["effective_until"].help_text = _("Empty: until another is written.") + " " + zone_hint(user)

    def clean(self):
        read_amounts(self, AMOUNTS, self.cleaned_data.get("currency"))
        return self.cleaned_data

    def _do_once(self, data):
        # Until somebody has looked at what changes, and said yes, nothing is written.
        if CONFIRMED not in self.data:
            return draft_policy(actor=self.request.user, **data)
        return super()._do_once(data)

    def carry_out(self, actor, data):
        return write_policy(actor=actor, **data)


class InForceFilter(admin.SimpleListFilter):
    title = gettext_lazy("in force")
    parameter_name = "in_force"

    def lookups(self, request, model_admin):
        return [("now", _("now")), ("later", _("to come"))]

    def queryset(self, request, queryset):
        if self.value() == "now":
            return queryset.in_force()
        return queryset.filter(effective_from__gt=clock.now()) if self.value() == "later" else queryset


@admin.display(description=gettext_lazy("for whom"))
def for_whom(policy):
    where = [policy.property or _("the whole group"), policy.department, policy.role and policy.get_role_display()]
    return together(part for part in where if part)


@admin.display(description=gettext_lazy("state"))
def state(policy):
    if policy.is_withdrawn:
        return _("withdrawn")
    now = clock.now()
    if policy.effective_from > now:
        return _("to come")
    if policy.effective_until and policy.effective_until <= now:
        return _("ended")
    # Put there by the list, for all rows at once.
    is_in_force = getattr(policy, "is_in_force", None)
    return _("in force") if is_in_force else _("followed by another")


def _can_withdraw(user, policy):
    return not policy.is_withdrawn and can_write_policy(user)


WITHDRAW = Verb(
    name="withdraw",
    label=gettext_lazy("Withdraw"),
    question=gettext_lazy("Withdraw rules"),
    act=lambda actor, policy: withdraw_policy(actor=actor, policy=policy),
    may=_can_withdraw,
    offered_to=can_write_policy,
    done=lambda policy: _("withdrawn from now on; what is more general applies."),
    tells=lambda policy: [
        (_("Rule"), policy.code),
        (_("For"), for_whom(policy)),
        (_("Limit"), spoken_money(policy.limit, policy.currency)),
    ],
    note=gettext_lazy("A rule ends by a withdrawn version of it. What was done under it stays judged by it."),
)


class PolicyDesk(LookFirst, Writing, Verbs, DeskAdmin):
    """Registered by `spending.admin`, which adds what is under way: a rule does not know what was given under it."""

    api_list = "policy-list"
    date_hierarchy = "effective_from"
    form = PolicyForm
    list_display = ["__str__", for_whom, LIMIT, "scope", FROM, UNTIL, state]
    list_filter = [InForceFilter, ("property", VisibleFilter), "role"]
    list_select_related = ["property", "department"]
    ordering = ["code", "-version"]
    search_amounts = ("limit",)
    search_fields = ["code", "property__code", "property__name"]
    search_help_text = gettext_lazy("a code, a property or a limit")
    verbs = [WITHDRAW]

    def opens_to(self, user):
        return may_open_admin(user)

    def may_add(self, user):
        return can_write_policy(user)

    def get_queryset(self, request):
        standing = Policy.objects.in_force().filter(pk=OuterRef("pk"))
        rows = super().get_queryset(request).select_related("property", "department", "recorded_by")
        return rows.annotate(is_in_force=Exists(standing))

    def rows_for_verb(self, request, queryset):
        return queryset.select_related("property", "department")

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [
                (None, {"fields": _WRITTEN[:6]}),
                (gettext_lazy("How much"), {"fields": AMOUNTS}),
                (gettext_lazy("How long"), {"fields": _WRITTEN[11:]}),
            ]
        money_said = [amount(name, Policy._meta.get_field(name).verbose_name) for name in AMOUNTS]
        said = ["code", "version", state, for_whom, "currency", "scope", *money_said]
        waits = ["answer_within_minutes", "expires_after_minutes", "budget_asks", FROM, UNTIL]
        return [(None, {"fields": [*said, *waits, moment("recorded_at", _("written"), timezone=_zone), "recorded_by"]}),
                (_("Every version"), {"fields": ["versions"]})]  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        return ["versions"] if obj else []

    @admin.display(description=gettext_lazy("versions"))
    def versions(self, policy):
        rows = Policy.objects.filter(code=policy.code).select_related("property").order_by("-version")
        return format_html(
            "<ol class=desk-list>{}</ol>",
            format_html_join("", "<li>{}</li>", ((_version(row, policy),) for row in rows)),
        )

    def get_changeform_initial_data(self, request):
        if EDIT in request.POST:
            return self.as_it_was_sent(request)
        initial = super().get_changeform_initial_data(request)
        before = request.GET.get("from", "")
        if before.isdecimal() and len(before) < 19:
            policy = visible(Policy, request.user).filter(pk=before).first()
            if policy is not None:
                kept = {name: getattr(policy, name) for name in _WRITTEN[:6] + _WRITTEN[11:14]}
                kept |= {
                    name: money.to_text(value, policy.currency)
                    for name in AMOUNTS
                    if (value := getattr(policy, name)) is not None
                }
                initial |= kept
        return initial

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            link = f"{reverse('admin:policies_policy_add')}?from={obj.pk}"
            writes = [(_("Write the next version"), link)] if can_write_policy(request.user) else []
            context["desk_links"] = [*writes, *tries_on_history(request.user, obj)]
        if add:
            context["desk_saves_as"] = _("See what changes")
        return super().render_change_form(request, context, add, change, form_url, obj)


def _version(row, shown):
    link = reverse("admin:policies_policy_change", args=[row.pk])
    what = _("withdrawn") if row.is_withdrawn else spoken_money(row.limit, row.currency)
    return format_html(
        '<a href="{}"{}>{}</a> {}, {}',
        link,
        mark_safe(' aria-current="page"') if row == shown else "",
        f"v{row.version}",
        what,
        FROM(row),
    )

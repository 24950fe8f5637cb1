"""The books on the review desk: read only, all of them; budgets are set aside and taken back by their services."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower.desk import DeskAdmin, DeskInline, VisibleFilter, amount, moment, number, spoken_day, spoken_money
from empower.staff.admin.verbs import Verb, Verbs
from empower.staff.admin.writing import AmountField, CommandForm, Writing, read_amounts
from empower.staff.models import Property
from empower.staff.permissions import may_open_admin

from .models import Account, Allotment, JournalEntry, Posting
from .permissions import can_allot
from .services import allot_budget, withdraw_budget

RECORDED, OCCURRED = moment("recorded_at", gettext_lazy("written")), moment("occurred_at", gettext_lazy("happened"))


def reads_books(user):
    """Managers of a property their own, leaders and auditors all; not the superuser."""
    return may_open_admin(user) and not user.is_superuser


@admin.register(Account)
class AccountDesk(DeskAdmin):
    list_display = ["code", "name", "kind", "currency"]
    list_filter = ["kind"]
    search_fields = ["code", "name"]
    fields = readonly_fields = list_display

    def opens_to(self, user):
        return reads_books(user)


_POSTED = amount("amount", gettext_lazy("amount"), currency=lambda posting: posting.account.currency)


class PostingsHere(DeskInline):
    model = Posting
    fields = readonly_fields = ["account", _POSTED, "department", "incident_id"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("account", "department")


@admin.display(description=gettext_lazy("amount"))
def moved(entry):
    """What an entry moves: the sum of its debits."""
    return spoken_money(sum(posting.amount for posting in entry.postings.all() if posting.amount > 0), entry.currency)


@admin.display(description=gettext_lazy("from and to"))
def accounts(entry):
    return " → ".join(
        posting.account.code for posting in sorted(entry.postings.all(), key=lambda posting: posting.amount)
    )


@admin.display(description=gettext_lazy("sealed"))
def sealed(entry):
    return moment("sealed_at", "", timezone=lambda seal: entry.property.timezone)(entry.seal)


@admin.register(JournalEntry)
class JournalEntryDesk(DeskAdmin):
    api_list = "journal-entry-list"
    date_hierarchy = "recorded_at"
    inlines = [PostingsHere]
    list_display = [number, "kind", moved, accounts, "property", "spend_id", RECORDED]
    list_filter = ["kind", ("property", VisibleFilter)]
    lookups = frozenset({"spend_id"})
    ordering = ["-pk"]
    search_amounts = ("postings",)
    search_fields = ["=currency", "=kind", "postings__account__code"]
    search_help_text = gettext_lazy("the number of an entry or of a spend, a sum (1,500.00), an account, or a currency")
    search_ids = ("pk", "spend_id", "reverses_id", "allotment_id")
    fields = readonly_fields = [
        number, "kind", "property", moved, "currency", OCCURRED, RECORDED, sealed, "reverses", "spend_id", "allotment",
    ]  # fmt: skip

    def opens_to(self, user):
        return reads_books(user)

    def get_queryset(self, request):
        return super().get_queryset(request).sealed().with_details().select_related("seal", "property", "reverses")

    def of_this_sum(self, minor):
        return Q(pk__in=Posting.objects.filter(amount__in=[minor, -minor]).order_by().values("entry"))


class AllotmentForm(CommandForm):
    amount = AmountField(
        label=gettext_lazy("Amount"), help_text=gettext_lazy("In the property's currency, such as 5000.00.")
    )

    class Meta:
        model = Allotment
        fields = ["property", "department", "amount", "begins_on", "ends_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        if "property" in self.fields and not (user.is_superuser or user.sees_every_property):
            self.fields["property"].queryset = Property.objects.filter(pk=user.property_id)
            self.fields["property"].initial = user.property_id

    def clean(self):
        if self.cleaned_data.get("property"):
            read_amounts(self, ["amount"], self.cleaned_data["property"].currency)
        return self.cleaned_data

    def carry_out(self, actor, data):
        return allot_budget(actor=actor, **data)


def _withdrawn(allotment):
    """Was it taken back? Its entry and the mirror of it: two queries where the entries were not read with it."""
    return any(entry.reverses_id for entry in allotment.entries.all())


WITHDRAW = Verb(
    name="withdraw",
    label=gettext_lazy("Take back"),
    question=gettext_lazy("Take budgets back"),
    act=lambda actor, allotment: withdraw_budget(actor=actor, allotment=allotment),
    may=lambda user, allotment: can_allot(user, allotment.property),
    offered_to=lambda user: user.is_superuser or user.role in ("general_manager", "leader"),
    done=lambda allotment: _("taken back, whole; what was held and spent stays."),
    tells=lambda allotment: [
        (_("Property"), allotment.property),
        (_("Department"), allotment.department),
        (_("Period"), f"{spoken_day(allotment.begins_on)} – {spoken_day(allotment.ends_on)}"),
        (_("Amount"), spoken_money(allotment.amount, allotment.currency)),
    ],
    note=gettext_lazy(
        "A budget is taken back whole, by the mirror of its entry. To change one, take it back and set another aside."
    ),
)


@admin.register(Allotment)
class AllotmentDesk(Writing, Verbs, DeskAdmin):
    api_list = "allotment-list"
    date_hierarchy = "begins_on"
    form = AllotmentForm
    list_display = [
        "property",
        "department",
        "begins_on",
        "ends_on",
        amount("amount", gettext_lazy("amount")),
        "standing",
    ]
    list_filter = [("property", VisibleFilter)]
    list_select_related = ["property", "department"]
    search_amounts = ("amount",)
    search_fields = ["property__code", "property__name", "department__name"]
    search_help_text = gettext_lazy("a number, a sum, a property or a department")
    verbs = [WITHDRAW]

    def opens_to(self, user):
        return may_open_admin(user)

    def may_add(self, user):
        return user.is_superuser or user.role in ("general_manager", "leader")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("property").prefetch_related("entries")

    def rows_for_verb(self, request, queryset):
        return queryset.select_related("property", "department")

    def get_fieldsets(self, request, obj=None):
        said = [
            "property", "department", "begins_on", "ends_on", amount("amount", gettext_lazy("amount")), "standing",
            moment("recorded_at", gettext_lazy("written")), "recorded_by",
        ]  # fmt: skip
        return [(None, {"fields": said if obj else ["property", "department", "amount", "begins_on", "ends_on"]})]

    def get_readonly_fields(self, request, obj=None):
        return ["standing"] if obj else []

    @admin.display(description=gettext_lazy("state"))
    def standing(self, allotment):
        return _("taken back") if _withdrawn(allotment) else _("stands")

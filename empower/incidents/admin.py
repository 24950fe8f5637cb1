"""Incidents, guests and their catalogues on the review desk: to be read. What closes an incident stands above."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower.desk import DeskAdmin, DeskInline, LocalDepartmentFilter, VisibleFilter, moment, number
from empower.staff.admin.verbs import AskForm, Verb, Verbs
from empower.staff.permissions import may_open_admin, sees_guests
from empower.texts import together

from .models import Category, Guest, IncidentGuest, Touchpoint
from .permissions import can_erase, can_merge
from .services import erase_guest, merge_guests

OCCURRED = moment("occurred_at", gettext_lazy("happened"))
REPORTED = moment("reported_at", gettext_lazy("we were told"))
RECORDED = moment("recorded_at", gettext_lazy("written down"))
RESOLVED = moment("resolved_at", gettext_lazy("resolved"))


def reviews_incidents(user):
    """Who opens the desk and sees guests: managers, leaders and auditors; not the superuser."""
    return may_open_admin(user) and sees_guests(user)


class _Catalogue(DeskAdmin):
    search_fields = ["code", "name"]

    def opens_to(self, user):
        return may_open_admin(user)


@admin.register(Category)
class CategoryDesk(_Catalogue):
    api_list = "category-list"
    list_display = ["name", "code", "parent", "kind", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["parent"]
    fields = list_display


@admin.register(Touchpoint)
class TouchpointDesk(_Catalogue):
    api_list = "touchpoint-list"
    list_display = ["name", "code", "is_active"]
    fields = list_display


# --- guests --------------------------------------------------------------------------------------------------------


class KeepForm(AskForm):
    kept = forms.ModelChoiceField(label=gettext_lazy("The record that stands"), queryset=Guest.objects.none())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kept"].queryset = Guest.objects.filter(pk__in=[row.pk for row in self.rows])
        self.fields["kept"].label_from_instance = lambda guest: f"{guest.pk}: {guest}"

    def clean(self):
        if len(self.rows) < 2:
            raise forms.ValidationError(_("Tick two records of one guest, or more."))
        return self.cleaned_data


def _merge(actor, guest, kept):
    if guest == kept:
        return _("stands for them all.")
    return merge_guests(actor=actor, kept=kept, merged=guest) and _("merged.")


def _tells(guest):
    return [
        (_("Name"), str(guest)),
        (_("Room"), guest.room),
        (_("Arrival"), guest.arrival),
        (_("Property"), guest.property),
    ]


MERGE = Verb(
    name="merge",
    label=gettext_lazy("Merge"),
    question=gettext_lazy("Records of one guest become one"),
    act=_merge,
    may=lambda user, guest: can_merge(user, guest) and not guest.merged_into_id and not guest.erased_at,
    offered_to=lambda user: user.role in ("manager", "general_manager", "leader"),
    done=lambda guest: _("merged."),
    tells=_tells,
    form=KeepForm,
    most=10,
    note=gettext_lazy("What was given under any of them counts together. This can't be taken apart again."),
)
ERASE = Verb(
    name="erase",
    label=gettext_lazy("Erase for good"),
    question=gettext_lazy("Erase guests"),
    act=lambda actor, guest: erase_guest(actor=actor, guest=guest) and None,
    may=can_erase,
    offered_to=lambda user: user.role in ("general_manager", "leader"),
    done=lambda guest: _("erased; sums and proofs stand."),
    tells=_tells,
    note=gettext_lazy("Names, rooms, narratives and notes about these guests are emptied. Nobody can bring them back."),
)


@admin.register(Guest)
class GuestDesk(Verbs, DeskAdmin):
    api_list = "guest-list"
    list_display = ["__str__", "room", "arrival", "departure", "kind", "property", "state"]
    list_filter = ["kind", ("property", VisibleFilter)]
    list_select_related = ["property"]
    search_fields = ["name", "room__exact"]
    verbs = [MERGE, ERASE]
    readonly_fields = fields = [
        number, "name", "kind", "room", "arrival", "departure", "property", "state", "merged_into", RECORDED,
    ]  # fmt: skip

    def opens_to(self, user):
        return reviews_incidents(user)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("property", "merged_into")

    def rows_for_verb(self, request, queryset):
        return queryset.select_related("property")

    @admin.display(description=gettext_lazy("state"))
    def state(self, guest):
        if guest.erased_at:
            return _("erased")
        return _("merged into %(id)s") % {"id": guest.merged_into_id} if guest.merged_into_id else _("stands")


# --- incidents -----------------------------------------------------------------------------------------------------


class GuestsHere(DeskInline):
    model = IncidentGuest
    fields = readonly_fields = ["guest", "feeling_before", "feeling_after", "outcome"]
    verbose_name_plural = gettext_lazy("guests")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("guest")


@admin.display(description=gettext_lazy("what"), ordering="category__name")
def what(incident):
    return incident.category or incident.get_kind_display()


@admin.display(description=gettext_lazy("guests"))
def guests(incident):
    return together(row.guest for row in incident.incident_guests.all())


class IncidentDesk(Verbs, DeskAdmin):
    """Registered by `spending.admin`, which adds what was given: an incident does not know its spends."""

    api_list = "incident-list"
    date_hierarchy = "occurred_at"
    inlines = [GuestsHere]
    list_display = [number, what, guests, "property", "department", "severity", "status", "outcome", OCCURRED]
    list_display_links = [number, what]
    list_filter = [
        "status",
        "kind",
        "outcome",
        "severity",
        ("property", VisibleFilter),
        ("department", LocalDepartmentFilter),
        ("category", VisibleFilter),
        ("touchpoint", VisibleFilter),
    ]
    search_fields = ["narrative", "incident_guests__guest__name", "external_id__exact"]
    search_help_text = gettext_lazy("a number, a guest, or words of the narrative")
    fieldsets = [
        (None, {"fields": ["kind", "status", "outcome", "void_reason", "category", "severity", "narrative"]}),
        (gettext_lazy("Where"), {"fields": ["property", "department", "touchpoint", "owner"]}),
        (gettext_lazy("When"), {"fields": [OCCURRED, REPORTED, RECORDED, "recorded_by", RESOLVED]}),
    ]
    readonly_fields = [OCCURRED, REPORTED, RECORDED, RESOLVED]

    def opens_to(self, user):
        return reviews_incidents(user)

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

"""What a list of incidents is narrowed by."""

import builtins

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.staff.forms import HouseForm
from empower.staff.models import Department, Property

from ..models import Category, IncidentGuest, IncidentKind, IncidentStatus, Outcome

#: What a list may ask for beside the states and outcomes themselves: all but void; how it ended was written down.
STANDING, KNOWN = "standing", "known"


class FilterForm(HouseForm):
    """What a list of incidents is narrowed by. In the address, so that a view can be sent to a colleague."""

    text = forms.CharField(
        label=_("Find"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("A guest, a room, a word")}),
    )
    status = forms.ChoiceField(
        label=_("State"), choices=[("", _("any")), *IncidentStatus.choices, (STANDING, _("not void"))], required=False
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("any")), *Outcome.choices, (KNOWN, _("any but unknown"))], required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("any")), *IncidentKind.choices], required=False)
    # What happened of a cause that is no longer chosen is still found.
    category = forms.ModelChoiceField(
        Category.objects.all(),
        to_field_name="code",
        label=_("Cause"),
        empty_label=_("any"),
        required=False,
    )
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("Department"), empty_label=_("any"), required=False
    )
    property = forms.ModelChoiceField(
        Property.objects.none(), to_field_name="code", label=_("Property"), empty_label=_("any"), required=False
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["department"].queryset = Department.objects.visible_to(user).select_related("property")
        self.fields["property"].queryset = Property.objects.visible_to(user)
        if not user.sees_every_property:
            del self.fields["property"]

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one."))
        return data

    def narrow(self, incidents):
        """``incidents`` that fit. A day is that of each incident's own property, as on the dashboard."""
        data = self.cleaned_data
        for name in ("kind", "department", "property"):
            if data.get(name):
                incidents = incidents.filter(**{name: data[name]})
        if data.get("status") == STANDING:
            incidents = incidents.not_void()
        elif data.get("status"):
            incidents = incidents.filter(status=data["status"])
        if data.get("outcome"):
            incidents = incidents.filter(_ended(data["outcome"]))
        if data.get("category"):
            incidents = incidents.filter(category__in=_family_of(data["category"]))
        if data.get("since") or data.get("until"):
            incidents = incidents.filter(self._on_these_days())
        if text := (data.get("text") or "").strip():
            guests = IncidentGuest.objects.filter(incident=OuterRef("pk"))
            named = guests.filter(Q(guest__name__icontains=text) | Q(guest__room__iexact=text))
            incidents = incidents.filter(Q(narrative__icontains=text) | Exists(named))
        return incidents

    def _on_these_days(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        zones = Property.objects.visible_to(self.user).order_by().values_list("timezone", flat=True).distinct()
        found = Q(pk__in=[])
        for zone in zones:
            there = Q(property__timezone=zone)
            if since:
                there &= Q(occurred_at__gte=clock.day_bounds(since, zone)[0])
            if until:
                there &= Q(occurred_at__lt=clock.day_bounds(until, zone)[1])
            found |= there
        return found

    @builtins.property
    def is_narrowed(self):
        return any(self.cleaned_data.get(name) for name in self.fields)


def _ended(outcome):
    """An end that was never said is as unknown as one that is called so."""
    if outcome == KNOWN:
        return Q(outcome__in=[Outcome.DELIGHTED, Outcome.RECOVERED, Outcome.LOST])
    if outcome == Outcome.UNKNOWN:
        return Q(outcome=Outcome.UNKNOWN) | Q(outcome="", status=IncidentStatus.RESOLVED)
    return Q(outcome=outcome)


def _family_of(category):
    """The ids of a cause and of all below it: the tree is small, and read whole."""
    parents = dict(Category.objects.values_list("pk", "parent"))
    family = {category.pk}
    while grown := {pk for pk, parent in parents.items() if parent in family} - family:
        family |= grown
    return family

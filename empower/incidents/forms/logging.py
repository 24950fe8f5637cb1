"""What a person types about an incident."""

from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from empower.staff.forms import OnceForm
from empower.staff.models import Department, Property

from ..models import Category, Guest, IncidentKind, Touchpoint
from .photos import PhotoField

NEW_GUEST = "new"
FEELINGS = [(str(number), str(number)) for number in range(11)]


class LocalMomentField(forms.DateTimeField):
    """A moment without a zone, as a browser's input gives it: the form puts it on the property's clock."""

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget",
            forms.DateTimeInput(attrs={"type": "datetime-local", "class": "input"}, format="%Y-%m-%dT%H:%M"),
        )
        super().__init__(required=False, **kwargs)

    def to_python(self, value):
        moment = super().to_python(value)
        return moment.replace(tzinfo=None) if moment else None


def on_the_clock_of(property, moment):
    """An aware moment for a naive one of the property's zone; None for None."""
    return moment and moment.replace(tzinfo=ZoneInfo(property.timezone))


class LogForm(OnceForm):
    """Who and what. Nothing but the guest is asked first; the rest may come later."""

    guest = forms.CharField(required=False)
    new_name = forms.CharField(label=_("Name"), required=False, max_length=200)
    new_room = forms.CharField(label=_("Room"), required=False, max_length=20)
    property = forms.ModelChoiceField(Property.objects.none(), label=_("Property"), required=False)
    kind = forms.ChoiceField(choices=IncidentKind, required=False, initial=IncidentKind.RECOVERY)
    category = forms.CharField(required=False)
    exactly = forms.CharField(required=False)
    severity = forms.TypedChoiceField(
        choices=[(str(number), str(number)) for number in range(1, 6)],
        coerce=int,
        empty_value=2,
        required=False,
        initial="2",
    )
    narrative = forms.CharField(
        label=_("In your words"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
    )
    department = forms.ModelChoiceField(Department.objects.none(), label=_("Department"), required=False)
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.filter(is_active=True), to_field_name="code", label=_("Where"), required=False
    )
    occurred_at = LocalMomentField(label=_("When it happened"))
    reported_at = LocalMomentField(label=_("When the guest told us"))
    feeling_before = forms.TypedChoiceField(choices=FEELINGS, coerce=int, empty_value=None, required=False)
    photo = PhotoField(required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["property"].queryset = Property.objects.visible_to(user)
        here = Department.objects.visible_to(user).select_related("property")
        self.fields["department"].queryset = here
        if user.department_id:
            self.fields["department"].initial = user.department_id
        if user.sees_every_property:
            self.fields["department"].label_from_instance = Department.with_its_property
        else:
            del self.fields["property"]

    def clean_guest(self):
        chosen = self.cleaned_data["guest"]
        if chosen in ("", NEW_GUEST):
            return chosen
        guest = None
        if chosen.isdecimal() and len(chosen) < 19:
            guests = Guest.objects.visible_to(self.user).standing().filter(erased_at=None).select_related("property")
            guest = guests.filter(pk=chosen).first()
        if guest is None:
            raise forms.ValidationError(_("This guest is not at your property. Choose another, or write a new name."))
        return guest

    def _clean_code(self, name):
        code = self.cleaned_data[name]
        if not code:
            return None
        category = Category.objects.filter(code=code, is_active=True).first()
        if category is None:
            raise forms.ValidationError(_("Choose one of these."))
        return category

    def clean_category(self):
        return self._clean_code("category")

    def clean_exactly(self):
        return self._clean_code("exactly")

    def clean(self):
        data = super().clean()
        guest = data.get("guest")
        name = (data.get("new_name") or "").strip()
        if guest in ("", NEW_GUEST) and "guest" not in self.errors:
            # A name was typed and no tile was touched: that is whom they mean.
            if name:
                data["guest"] = guest = NEW_GUEST
            elif guest == NEW_GUEST:
                self.add_error("new_name", _("Write the guest's name. What you know of it is enough."))
            else:
                self.add_error("guest", _("Choose a guest, or write a new name."))
        place = self.place()
        if place is None and guest == NEW_GUEST and "property" in self.fields:
            self.add_error("property", _("Say at which property."))
        if place is not None:
            for field in ("occurred_at", "reported_at"):
                data[field] = on_the_clock_of(place, data.get(field))
            department = data.get("department")
            if department and department.property_id != place.pk:
                self.add_error("department", _("This department belongs to another property."))
        return data

    def place(self):
        """The property that all of it happens at: the guest's, or for a new one the person's own or the chosen one."""
        guest = self.cleaned_data.get("guest")
        if isinstance(guest, Guest):
            return guest.property
        return self.cleaned_data.get("property") or self.user.property

    def facts(self):
        """What `log_incident` takes."""
        data = self.cleaned_data
        guest = data["guest"]
        if guest == NEW_GUEST:
            guest = {"name": data["new_name"].strip(), "room": (data.get("new_room") or "").strip()}
        return {
            "property": self.place(),
            "guests": [guest],
            "kind": data.get("kind") or IncidentKind.RECOVERY,
            "category": data.get("exactly") or data.get("category"),
            "severity": data.get("severity") or 2,
            "narrative": data.get("narrative") or "",
            "department": data.get("department"),
            "touchpoint": data.get("touchpoint"),
            "occurred_at": data.get("occurred_at"),
            "reported_at": data.get("reported_at"),
            "feeling_before": data.get("feeling_before"),
        }


class ChangeForm(OnceForm):
    """What is known better by now. Only what was changed is sent on."""

    category = forms.ModelChoiceField(
        Category.objects.filter(is_active=True), to_field_name="code", label=_("What happened"), required=False
    )
    narrative = forms.CharField(
        label=_("In your words"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    severity = forms.TypedChoiceField(
        label=_("How bad was it? 1 small, 5 grave"),
        choices=[(str(number), str(number)) for number in range(1, 6)],
        coerce=int,
    )
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.filter(is_active=True), to_field_name="code", label=_("Where"), required=False
    )
    department = forms.ModelChoiceField(Department.objects.none(), label=_("Department"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    FACTS = ("category", "narrative", "severity", "touchpoint", "department")

    def __init__(self, *args, incident, **kwargs):
        present = {
            "category": incident.category and incident.category.code,
            "narrative": incident.narrative,
            "severity": str(incident.severity),
            "touchpoint": incident.touchpoint and incident.touchpoint.code,
            "department": incident.department_id,
            "version": incident.version,
        }
        super().__init__(*args, initial=present, **kwargs)
        self.fields["department"].queryset = Department.objects.filter(property=incident.property_id)

    def changes(self):
        """What `change_incident` takes."""
        return {name: self.cleaned_data[name] for name in self.FACTS if name in self.changed_data}


class AddGuestForm(OnceForm):
    """Somebody else whom it touched."""

    name = forms.CharField(label=_("Name"), max_length=200, error_messages={"required": _("Write the guest's name.")})
    room = forms.CharField(label=_("Room"), max_length=20, required=False)
    feeling_before = forms.TypedChoiceField(choices=FEELINGS, coerce=int, empty_value=None, required=False)

    def guest(self):
        """What `add_guest` makes a guest of."""
        return {"name": self.cleaned_data["name"], "room": self.cleaned_data["room"]}

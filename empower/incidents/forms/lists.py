"""The controls above a list of incidents."""

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from empower.staff.forms import HouseForm
from empower.staff.models import Department, Property

from ..models import Category, IncidentKind, IncidentStatus, Outcome

#: What a list is asked for beside single states and outcomes: all but void; how it ended was written down.
STANDING = f"{IncidentStatus.OPEN},{IncidentStatus.RESOLVED}"
KNOWN = f"{Outcome.RECOVERED},{Outcome.DELIGHTED},{Outcome.LOST}"


class FilterForm(HouseForm):
    """The controls above a list of incidents: an address of `IncidentFilterSet`, which does the narrowing, and the telling
    of what is wrong. In the address, so that a view can be sent to a colleague.
    """

    search = forms.CharField(
        label=_("Find"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "maxlength": 200, "placeholder": _("A guest, a room, a word")}),
    )
    status = forms.ChoiceField(
        label=_("State"), choices=[("", _("any")), *IncidentStatus.choices, (STANDING, _("not void"))], required=False
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("any")), *Outcome.choices, (KNOWN, _("any but unknown"))], required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("any")), *IncidentKind.choices], required=False)
    category = forms.ChoiceField(label=_("Cause"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    property = forms.ChoiceField(label=_("Property"), required=False)
    occurred_on_from = forms.CharField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    occurred_on_to = forms.CharField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        # What happened of a cause that is no longer chosen is still found.
        self._offer("category", ((cause.code, str(cause)) for cause in Category.objects.all()))
        self._offer("department", {row.code: str(row) for row in Department.objects.visible_to(user)}.items())
        self._offer("property", Property.objects.visible_to(user).values_list("code", "name"))
        if not user.sees_every_property:
            del self.fields["property"]

    def _offer(self, name, choices):
        self.fields[name].choices = [("", _("any")), *choices]

    def show_faults(self, faults):
        """What the FilterSet found wrong, beside its control, or above all where no control asks that."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        for name, errors in faults.items():
            if name in self.fields:
                self.add_error(name, errors)
            else:
                self.add_error(None, [f"{name}: {message}" for error in errors for message in error.messages])

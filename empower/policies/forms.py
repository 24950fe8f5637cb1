"""Who answers in one's place, and whose turn it is: moments in the time of the property."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.staff.forms import OnceForm
from empower.staff.models import Employee

_WHEN = {"type": "datetime-local", "class": "input"}


class SpanForm(OnceForm):
    """From one moment to another, as the clock on the wall says."""

    begins_at = forms.DateTimeField(
        label=_("From"),
        widget=forms.DateTimeInput(attrs=_WHEN, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _("Say from when."), "invalid": _("A date and a time.")},
    )
    ends_at = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(attrs=_WHEN, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _("Say until when."), "invalid": _("A date and a time.")},
    )

    def __init__(self, *args, zone, **kwargs):
        self.zone = ZoneInfo(zone)
        super().__init__(*args, **kwargs)
        # From now until tomorrow morning: what is wanted most often, and an example of how it is written.
        now = clock.now().astimezone(self.zone)
        morning = (now + timedelta(days=1)).replace(hour=8, minute=0)
        for name, moment in (("begins_at", now), ("ends_at", morning)):
            self.fields[name].initial = moment.replace(second=0, microsecond=0, tzinfo=None)

    def full_clean(self):
        # A moment on a form is the property's, whatever zone the server stands in.
        with timezone.override(self.zone):
            super().full_clean()

    def span(self, answers):
        return {name: answers[name].astimezone(UTC) for name in ("begins_at", "ends_at")}


class DeputyForm(SpanForm):
    stands_in = forms.ModelChoiceField(
        label=_("Who answers in your place?"),
        queryset=Employee.objects.none(),
        empty_label=_("choose a colleague"),
        error_messages={"required": _("Choose somebody."), "invalid_choice": _("Choose somebody of the list.")},
    )
    field_order = ["stands_in", "begins_at", "ends_at"]

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stands_in"].queryset = people


class OnCallForm(SpanForm):
    employee = forms.ModelChoiceField(
        label=_("Who is on call?"),
        queryset=Employee.objects.none(),
        empty_label=_("choose a colleague"),
        error_messages={"required": _("Choose somebody."), "invalid_choice": _("Choose somebody of the list.")},
    )
    field_order = ["employee", "begins_at", "ends_at"]

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["employee"].queryset = people

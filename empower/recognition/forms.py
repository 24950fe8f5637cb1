"""What a person types on a card of thanks, and of a story."""

from django import forms
from django.utils.translation import gettext_lazy as _

from empower.staff.forms import OnceForm
from empower.staff.models import Employee


class ThanksForm(OnceForm):
    receiver = forms.ModelChoiceField(
        label=_("Whom do you thank?"),
        queryset=Employee.objects.none(),
        empty_label=_("choose a colleague"),
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("An active colleague who works at the property."),
        },
    )
    text = forms.CharField(
        label=_("What for?"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what for, in a few words.")},
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset = colleagues


class StoryForm(OnceForm):
    """A story's words. ``version`` is there where it is changed."""

    text = forms.CharField(
        label=_("The story, as you would tell it"),
        help_text=_("Without names and room numbers. What somebody saw, what they did, what it meant to the guest."),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Tell it, in a few sentences.")},
    )
    guest_agreed = forms.BooleanField(label=_("The guest agreed to be named."), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class TellForm(OnceForm):
    """On which day's line-up a story is told."""

    told_on = forms.DateField(
        label=_("Day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Say the day."),
            "invalid": _("Write the day as in 2026-11-21."),
        },
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

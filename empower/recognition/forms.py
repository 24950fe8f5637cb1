"""What a person types on a card of thanks."""

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

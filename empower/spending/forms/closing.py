"""How an incident ended, guest by guest, and what came after."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower.incidents.forms import FEELINGS, LocalMomentField, on_the_clock_of
from empower.incidents.models import FollowUp, Outcome
from empower.staff.forms import OnceForm

#: As a page offers them: the good ends first, "not known" last, since it is an answer too.
OUTCOMES = [
    (Outcome.RECOVERED, gettext_lazy("Recovered"), "check"),
    (Outcome.DELIGHTED, gettext_lazy("Delighted"), "heart"),
    (Outcome.LOST, gettext_lazy("Lost"), "cross"),
    (Outcome.UNKNOWN, gettext_lazy("Not known"), "question"),
]


class ResolveForm(OnceForm):
    """An outcome for each guest, and how they feel now if somebody asked them."""

    def __init__(self, *args, incident_guests, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = list(incident_guests)
        for row in self.rows:
            self.fields[f"outcome_{row.guest_id}"] = forms.ChoiceField(
                choices=Outcome,
                initial=row.outcome or None,
                error_messages={
                    "required": _("Choose how it ended for %(guest)s. “Not known” is an answer too.")
                    % {"guest": row.guest}
                },
            )
            self.fields[f"feeling_{row.guest_id}"] = forms.TypedChoiceField(
                choices=FEELINGS,
                coerce=int,
                empty_value=None,
                required=False,
                initial=None if row.feeling_after is None else str(row.feeling_after),
            )

    def by_guest(self):
        """For the template: each guest with the two questions."""
        return [
            {"row": row, "outcome": self[f"outcome_{row.guest_id}"], "feeling": self[f"feeling_{row.guest_id}"]}
            for row in self.rows
        ]

    def answers(self):
        """What `resolve_incident` takes as ``guests``."""
        return [
            {
                "id": row.guest_id,
                "outcome": self.cleaned_data[f"outcome_{row.guest_id}"],
                "feeling_after": self.cleaned_data[f"feeling_{row.guest_id}"],
            }
            for row in self.rows
        ]


class FollowUpForm(OnceForm):
    """A contact with a guest after it was resolved."""

    guest = forms.ChoiceField(label=gettext_lazy("With whom"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("How"), choices=FollowUp.Channel)
    contacted_at = LocalMomentField(label=gettext_lazy("When"))
    note = forms.CharField(
        label=gettext_lazy("What they said"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, incident, incident_guests, **kwargs):
        super().__init__(*args, **kwargs)
        self.incident = incident
        self.guests = {str(row.guest_id): row.guest for row in incident_guests}
        self.fields["guest"].choices = [(pk, str(guest)) for pk, guest in self.guests.items()]
        self.fields["guest"].initial = next(iter(self.guests), None)

    def clean(self):
        data = super().clean()
        chosen = data.get("guest") or next(iter(self.guests), None)
        data["guest"] = self.guests.get(chosen)
        data["contacted_at"] = on_the_clock_of(self.incident.property, data.get("contacted_at"))
        return data

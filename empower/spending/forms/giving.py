"""What one gives, and what becomes of it above what one may still give."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from empower.incidents.forms import LocalMomentField, LogForm, on_the_clock_of
from empower.staff.forms import OnceForm
from empower.staff.models import Employee

from ..models import Gesture
from .amounts import AmountField

#: What the button says: give it; give what I may and ask for the rest; only what I may; ask for all; only write it down.
GIVE, SPLIT, LESS, ALL, LOG = "give", "split", "less", "all", "log"


class GivePart(forms.Form):
    """A gesture, an amount, and the words that go with them. A part of a form, never one by itself."""

    gesture = forms.CharField(required=False)
    amount = AmountField(required=False)
    note = forms.CharField(
        label=_("A note on it"), required=False, strip=False, widget=forms.TextInput(attrs={"class": "input"})
    )
    reason = forms.CharField(
        label=_("Why so much?"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 2, "class": "input"})
    )
    promised_for = LocalMomentField(label=_("Promised for"))
    verbal_approval_by = forms.ModelChoiceField(
        Employee.objects.none(), label=_("Somebody said yes by phone"), empty_label=_("nobody yet"), required=False
    )
    ask = forms.BooleanField(label=_("I would rather ask first"), required=False)
    do = forms.CharField(required=False)
    shown = forms.IntegerField(required=False)

    #: What may still be given to the guest, as the form found it; and whether somebody must say how to go on above it.
    standing = None
    is_above = False

    def prepare_giving(self, *, property, deciders):
        self.fields["amount"].currency = property.currency if property else "USD"
        self.fields["verbal_approval_by"].queryset = deciders

    def clean_gesture(self):
        code = self.cleaned_data["gesture"]
        if not code:
            return None
        gesture = Gesture.objects.filter(code=code, is_active=True).first()
        if gesture is None:
            raise ValidationError(_("Choose one of these."))
        return gesture

    def weigh(self, *, property, standing):
        """After the fields are clean: is there enough to act on, and does it fit what may still be given?"""
        data = self.cleaned_data
        self.standing = standing
        data["promised_for"] = on_the_clock_of(property, data.get("promised_for"))
        gesture, amount = data.get("gesture"), data.get("amount")
        if "gesture" in self.errors or "amount" in self.errors:
            return
        if gesture is None:
            # Without the page's script the one button says "give", whatever was chosen.
            if amount or data.get("do") in (SPLIT, LESS, ALL):
                self.add_error("gesture", _("Say what you give."))
            return
        if amount is None:
            if not gesture.is_free:
                self.add_error("amount", _("Say how much it is worth to the guest."))
                return
            amount = data["amount"] = 0
        do = data.get("do") or GIVE
        above = amount > standing.remaining and not data.get("verbal_approval_by")
        # What the button said must still be so: "Give $200 only" gives 200 or asks again.
        moved_on = do in (SPLIT, LESS) and data.get("shown") not in (None, standing.remaining)
        self.is_above = above and (do not in (SPLIT, LESS, ALL) or moved_on or (do != ALL and standing.remaining == 0))

    def wish(self):
        """What `give_spend` takes, beside the incident and the guest; None to write it down only."""
        data = self.cleaned_data
        if data.get("gesture") is None:
            return None
        amount = data["amount"]
        if data.get("do") == LESS:
            shown = data.get("shown")
            amount = min(amount, self.standing.remaining, self.standing.remaining if shown is None else shown)
        return {
            "gesture": data["gesture"],
            "amount": amount,
            "note": data.get("note") or "",
            "reason": data.get("reason") or "",
            "promised_for": data.get("promised_for"),
            "verbal_approval_by": data.get("verbal_approval_by"),
            "ask": bool(data.get("ask")),
            "split": data.get("do") == SPLIT
            and not data.get("verbal_approval_by")
            and amount > self.standing.remaining,
        }


class LogAndGiveForm(GivePart, LogForm):
    """Who, what, gave: one sending writes the incident down and gives, or neither."""

    def __init__(self, *args, deciders, standing_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.standing_of = standing_of
        self.prepare_giving(property=self.user.property, deciders=deciders)

    def clean_gesture(self):
        # The amount comes after this one: it is read in the currency of the guest's property.
        if place := self.place():
            self.fields["amount"].currency = place.currency
        return super().clean_gesture()

    def clean(self):
        data = super().clean()
        place = self.place()
        if place is not None:
            guest = data.get("guest") if not isinstance(data.get("guest"), str) else None
            self.weigh(property=place, standing=self.standing_of(place, guest, data.get("kind")))
        return data


class GiveForm(GivePart, OnceForm):
    """To one of an incident's guests."""

    guest = forms.CharField(required=False)

    def __init__(self, *args, incident, guests, deciders, standing_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.incident, self.guests, self.standing_of = incident, {str(guest.pk): guest for guest in guests}, standing_of
        self.prepare_giving(property=incident.property, deciders=deciders)

    def clean_guest(self):
        chosen = self.cleaned_data["guest"]
        if not chosen and len(self.guests) == 1:
            return next(iter(self.guests.values()))
        if chosen not in self.guests:
            raise ValidationError(_("Choose the guest you give it to."))
        return self.guests[chosen]

    def clean(self):
        data = super().clean()
        if data.get("guest") is not None:
            self.weigh(property=self.incident.property, standing=self.standing_of(data["guest"]))
            if data.get("gesture") is None and "gesture" not in self.errors:
                self.add_error("gesture", _("Say what you give."))
        return data


class PlainForm(OnceForm):
    """A verb that needs nothing said: take back, hand over."""

"""Enrolling a phone, signing in on it, choosing a PIN. None of them keeps an answer: a PIN is stored nowhere but hashed."""

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from empower.staff.forms import HouseForm, OnceForm

_DIGITS = {"inputmode": "numeric", "maxlength": "12", "class": "input", "dir": "ltr"}


def _pin_input(autocomplete):
    return forms.PasswordInput(attrs=_DIGITS | {"autocomplete": autocomplete})


class EnrolForm(OnceForm):
    name = forms.CharField(
        label=_("What is it called?"),
        help_text=_("Where it lies: “Front desk 2”, “Housekeeping, third floor”."),
        max_length=60,
        error_messages={"required": _("Give it a name.")},
    )


class PinForm(HouseForm):
    """Staff number and PIN. ``off``: what a browser remembers on a shared phone, it would offer to the next one."""

    staff_number = forms.CharField(
        label=_("Staff number"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Your staff number.")},
    )
    secret_pin = forms.CharField(
        label=_("PIN"), max_length=50, widget=_pin_input("off"), error_messages={"required": _("Your PIN.")}
    )


class NewPinForm(HouseForm):
    pin = forms.CharField(
        label=_("New PIN"),
        help_text=_("Six digits that nobody guesses: no birthday, no row such as 123456."),
        max_length=50,
        widget=_pin_input("new-password"),
        error_messages={"required": _("Six digits.")},
    )
    again = forms.CharField(
        label=_("The same once more"),
        max_length=50,
        widget=_pin_input("new-password"),
        error_messages={"required": _("Type it a second time.")},
    )

    def clean(self):
        typed = super().clean()
        if typed.get("pin") and typed.get("again") and typed["pin"] != typed["again"]:
            raise ValidationError({"again": _("These two are not the same.")})
        return typed


class OwnPinForm(NewPinForm):
    """One's own PIN, after the password."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "input"}),
        error_messages={"required": _("Your password, once more.")},
    )
    field_order = ["password", "pin", "again"]

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self):
        person = authenticate(self.request, username=self.request.user.username, password=self.cleaned_data["password"])
        if person is None or person.pk != self.request.user.pk:
            raise ValidationError(_("That is not your password."))
        return ""


class FirstPinForm(NewPinForm):
    """The PIN of who has a code on paper."""

    staff_number = PinForm.base_fields["staff_number"]
    code = forms.CharField(
        label=_("Code"),
        help_text=_("From your manager, on paper: eight letters and digits. It is good once."),
        max_length=50,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
        ),
        error_messages={"required": _("The code that your manager gave you.")},
    )
    field_order = ["staff_number", "code", "pin", "again"]

"""Add and change on the desk: a form that ends in a service, and shows what the service answers beside its fields."""

from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from empower import money
from empower.desk import TextWidget
from empower.refusals import Refused

from ..services import fingerprint, run_once


class CommandForm(forms.ModelForm):
    """A ModelForm that saves nothing: the last step of its validation is the command.

    So a refusal is said on the form like any other error, and Django's page does the rest. ``carry_out(actor, data)``
    calls the service and returns the row; it has one effect however often the form is sent. ``request`` is put there
    by `Writing`.
    """

    request = None

    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = lambda: str(uuid4())

    def carry_out(self, actor, data):
        raise NotImplementedError

    def _post_clean(self):
        # Not Django's: the row is the service's to fill in and to check.
        if self.errors:
            return
        data = {name: value for name, value in self.cleaned_data.items() if name != "once"}
        try:
            self.instance = self._do_once(data)
        except (Refused, ValidationError) as error:
            self.turn_down(error)

    def _do_once(self, data):
        made = []

        def do():
            row = self.carry_out(self.request.user, data)
            made.append(row)
            return 200, {"id": str(row.pk)}, self._meta.model._meta.model_name, row.pk

        key = self.cleaned_data["once"]
        if not key:
            do()
            return made[0]
        apart = {"csrfmiddlewaretoken", "once"}
        sent = sorted((name, values) for name, values in self.data.lists() if name not in apart)
        _status, answer, _again = run_once(
            employee=self.request.user,
            key=f"desk:{key}",
            fingerprint=fingerprint("POST", self.request.path, repr(sent).encode()),
            do=do,
        )
        return made[0] if made else self._meta.model._default_manager.get(pk=answer["id"])

    def turn_down(self, error):
        """Beside the field it speaks of, or above them all."""
        if isinstance(error, Refused):
            self.add_error(error.field if error.field in self.fields else None, str(error))
            return
        by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
        for name, errors in by_field.items():
            self.add_error(name if name in self.fields else None, errors)

    def changes(self, data):
        """What was changed on the form, by field."""
        return {name: value for name, value in data.items() if name in self.changed_data}

    def save(self, commit=True):
        return self.instance

    def _save_m2m(self):
        pass

    save_m2m = _save_m2m


class Writing:
    """For a page of the desk that adds or changes: ``form`` is a `CommandForm`."""

    def get_form(self, request, obj=None, change=False, **options):
        form = super().get_form(request, obj, change=change, **options)
        return type(form.__name__, (form,), {"request": request})

    def save_model(self, request, obj, form, change):
        """Done: by the service, while the form was checked."""

    def save_related(self, request, form, formsets, change):
        """Nothing hangs on a row that its service did not write."""

    def render_change_form(self, request, context, *where, **options):
        # One command, one page: "save and add another" would be a second form with the first one's key.
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *where, **options)


class AmountField(forms.CharField):
    """An amount in major units (``2000.00``), as text: read into minor units once the currency is known."""

    def __init__(self, **options):
        super().__init__(**{"max_length": 30, "widget": TextWidget(attrs={"inputmode": "decimal"})} | options)


def read_amounts(form, names, currency):
    """Puts the minor units of ``names`` into the form's cleaned data; what can't be read stands beside its field."""
    for name in names:
        written = form.cleaned_data.get(name)
        if not written:
            form.cleaned_data[name] = None
            continue
        try:
            form.cleaned_data[name] = money.to_minor(written, currency)
        except ValidationError as error:
            form.add_error("currency" if error.code == "currency" and "currency" in form.fields else name, error)


def zone_hint(user):
    """In whose time a moment on a form is: that of the person's property."""
    return _("The time is that of %(zone)s.") % {"zone": user.property.timezone if user.property_id else "UTC"}

"""What may be asked of a list: one FilterSet for the page, the API and the export, and nothing ignored.

A filter that is not known, is given twice, or has a value it can't take is an error that names it.
"""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters import BaseInFilter, CharFilter, ChoiceFilter, Filter, FilterSet, NumberFilter

from empower import clock, money
from empower.wire import LARGEST_ID, read_moment


class StrictFilterSet(FilterSet):
    """Says which of the names it was given it does not know, and which came twice. Forms of pages may ignore that."""

    #: Names that belong to the door (the pager's), not to the list.
    beside = frozenset()

    def faults(self):
        """``{name: [ValidationError, ...]}`` of everything wrong with what was asked; empty where all is well."""
        found = {}
        for name in self.data:
            fault = self._fault_of(name)
            if fault:
                found[name] = [fault]
        if not self.form.is_valid():
            for name, errors in self.form.errors.as_data().items():
                found.setdefault(name, errors)
        return found

    def _fault_of(self, name):
        if name in self.beside:
            return None
        if name not in self.filters:
            known = ", ".join(sorted(self.filters))
            return ValidationError(
                _("There is no such filter. There are: %(known)s."), "unknown_filter", {"known": known}
            )
        if hasattr(self.data, "getlist") and len(self.data.getlist(name)) > 1:
            return ValidationError(_("Given twice."), "twice")
        if "\0" in (self.data.get(name) or ""):
            return ValidationError(_("Null characters are not allowed."), "null_characters_not_allowed")
        return None


class _IdField(forms.CharField):
    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 20 and int(value) <= LARGEST_ID):
            raise ValidationError(_("An id is a string of digits."), code="invalid")
        return int(value)


class IdFilter(Filter):
    """Rows whose foreign key (or id) is this one."""

    field_class = _IdField


class ChoicesFilter(BaseInFilter, ChoiceFilter):
    """One choice or several, by commas: ``status=open,resolved``."""


class CodeFilter(CharFilter):
    """By a code that exists where this person can see it: an unknown one is an error, not an empty list.

    ``among`` takes the request's user and answers the queryset of what has such codes. One query.
    """

    def __init__(self, field_name, *, among, code="code", **options):
        super().__init__(field_name=field_name, **options)
        self.among, self.code = among, code

    @property
    def field(self):
        filter_ = self

        class CodeField(forms.CharField):
            def clean(self, value):
                value = super().clean(value)
                if value and not filter_.visible().filter(**{filter_.code: value}).exists():
                    raise ValidationError(_("“%(value)s” is no code here."), "invalid_choice", {"value": value[:64]})
                return value

        if not hasattr(self, "_field"):
            self._field = CodeField(label=self.label, required=self.extra["required"], strip=False)
        return self._field

    def visible(self):
        return self.among(self.parent.request.user)


class _MomentField(forms.CharField):
    ends = False
    timezone = "UTC"

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        try:
            day = date.fromisoformat(value) if len(value) == 10 else None
            if day is None:
                return read_moment(value)
            return clock.day_bounds(day, self.timezone)[self.ends]
        except (ValueError, OverflowError) as fault:
            if str(fault) == "no_zone":
                raise ValidationError(
                    _("The time has no zone: write it as in 2026-11-21T22:51:10Z."), "no_zone"
                ) from None
            raise ValidationError(
                _("Write the time as in 2026-11-21T22:51:10Z, or the day as in 2026-11-21."), "invalid"
            ) from None


class MomentFilter(Filter):
    """From a moment on (``gte``), or before one (``lt``). A day alone is the local day of one's property, ends included;
    UTC's for who has no property.
    """

    field_class = _MomentField

    @property
    def field(self):
        field = super().field
        field.ends = self.lookup_expr in ("lt", "lte")
        user = getattr(self.parent.request, "user", None)
        here = getattr(user, "property", None) if getattr(user, "property_id", None) else None
        field.timezone = here.timezone if here else "UTC"
        return field


class _CurrencyField(forms.CharField):
    def clean(self, value):
        value = super().clean(value)
        if value:
            money.decimals(value)
        return value


class CurrencyFilter(Filter):
    """By an ISO 4217 code, in capitals."""

    field_class = _CurrencyField


class _YesNoField(forms.CharField):
    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        if value not in ("true", "false"):
            raise ValidationError(_("Write true or false."), "invalid")
        return value == "true"


class YesNoFilter(Filter):
    """``true`` or ``false``; Django's own reads every other word as "not asked"."""

    field_class = _YesNoField


class WholeNumberFilter(NumberFilter):
    """A whole number, small enough for the database."""

    field_class = forms.IntegerField

    def __init__(self, *args, **options):
        super().__init__(*args, **{"min_value": 0, "max_value": LARGEST_ID} | options)

    def get_max_validator(self):
        return None

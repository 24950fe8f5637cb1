"""The kinds of filters: each says what it can't take instead of ignoring it."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters import BaseInFilter, CharFilter, ChoiceFilter, Filter, NumberFilter

from empower import clock, money
from empower.wire import LARGEST_ID, read_moment

#: How many values one filter takes. A database has a bound of its own, and says it later and less kindly.
MOST_VALUES = 1000


def refuse_too_many(value):
    """ValidationError ``too_many`` for a text of more than `MOST_VALUES` values."""
    if value.count(",") >= MOST_VALUES:
        raise ValidationError(_("%(most)s values at most."), "too_many", {"most": MOST_VALUES})


class _IdsField(forms.CharField):
    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return []
        ids = value.split(",")
        if not all(one.isascii() and one.isdigit() and len(one) < 20 and int(one) <= LARGEST_ID for one in ids):
            raise ValidationError(_("An id is a string of digits."), code="invalid")
        return [int(one) for one in ids]


class IdFilter(Filter):
    """Rows whose foreign key (or id) is this one, or one of these, by commas."""

    several = True
    field_class = _IdsField

    def __init__(self, *args, **options):
        super().__init__(*args, **{"lookup_expr": "in"} | options)


class ChoicesFilter(BaseInFilter, ChoiceFilter):
    """One choice or several, by commas: ``status=open,resolved``."""

    several = True


class TextFilter(CharFilter):
    """A text exactly as it is written there."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{"strip": False} | options)


class CodeFilter(CharFilter):
    """By a code, or several by commas, that exist where this person can see them: an unknown one is an error, not an
    empty list. A code that has a comma in it is found too.

    ``among`` takes the request's user and answers the queryset of what has such codes. One query.
    """

    several = True

    def __init__(self, field_name, *, among, code="code", **options):
        super().__init__(field_name=field_name, **{"lookup_expr": "in"} | options)
        self.among, self.code = among, code

    @property
    def field(self):
        filter_ = self

        class CodesField(forms.CharField):
            def clean(self, value):
                value = super().clean(value)
                return filter_.known(value) if value else []

        if not hasattr(self, "_field"):
            self._field = CodesField(
                label=self.label,
                required=self.extra["required"],
                strip=False,
                help_text=self.extra.get("help_text", ""),
            )
        return self._field

    def known(self, value):
        refuse_too_many(value)
        codes = list(dict.fromkeys(value.split(",")))
        rows = self.visible().filter(**{f"{self.code}__in": {value, *codes}})
        there = set(rows.order_by().values_list(self.code, flat=True))
        if value in there:
            return [value]
        for code in codes:
            if code not in there:
                raise ValidationError(_("“%(value)s” is no code here."), "invalid_choice", {"value": code[:64]})
        return codes

    def visible(self):
        return self.among(self.parent.request.user)


class MomentField(forms.CharField):
    """RFC 3339, or a day, which begins or ``ends`` at midnight in ``timezone``. An aware datetime, or None."""

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

    field_class = MomentField

    @property
    def field(self):
        field = super().field
        field.ends = self.lookup_expr in ("lt", "lte")
        user = getattr(self.parent.request, "user", None)
        here = getattr(user, "property", None) if getattr(user, "property_id", None) else None
        field.timezone = here.timezone if here else "UTC"
        return field


class _DayField(forms.CharField):
    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        try:
            if len(value) != 10:
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError(_("Write the day as in 2026-11-21."), "invalid") from None


class DayFilter(Filter):
    """From a day on (``gte``), or up to one (``lte``), itself included."""

    field_class = _DayField


class _CurrenciesField(forms.CharField):
    def clean(self, value):
        codes = super().clean(value).split(",") if value else []
        for code in codes:
            money.decimals(code)
        return codes


class CurrencyFilter(Filter):
    """By an ISO 4217 code, in capitals; several by commas."""

    several = True
    field_class = _CurrenciesField

    def __init__(self, *args, **options):
        super().__init__(*args, **{"lookup_expr": "in"} | options)


class AmountFilter(CharFilter):
    """From an amount on (``gte``), or up to one (``lte``), itself included: of the one currency that ``currency`` names
    beside it, without which it means nothing.
    """

    def __init__(self, field_name, lookup_expr, *, signed=False, **options):
        super().__init__(field_name=field_name, lookup_expr=lookup_expr, **options)
        self.signed = signed

    def minor_units(self, sent):
        """None where nothing was sent; ValidationError for no amount, or one without its currency."""
        if not sent:
            return None
        currencies = self.parent.form.cleaned_data.get("currency") or []
        if len(currencies) != 1:
            message = _("An amount needs its currency beside it, and one alone: currency=USD.")
            raise ValidationError(message, "currency_required")
        return money.to_minor(sent, currencies[0], signed=self.signed)

    def filter(self, queryset, sent):
        return super().filter(queryset, self.minor_units(sent))


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


class HasFilter(YesNoFilter):
    """``true``: there is one; ``false``: there is none, where a text is none when it is empty."""

    def __init__(self, field_name, *, is_text=False, **options):
        super().__init__(field_name=field_name, **options)
        self.is_text = is_text

    def filter(self, queryset, there):
        if there is None:
            return queryset
        none = Q(**{self.field_name: ""}) if self.is_text else Q(**{f"{self.field_name}__isnull": True})
        return queryset.filter(~none if there else none)


class WholeNumberFilter(NumberFilter):
    """A whole number, small enough for the database."""

    field_class = forms.IntegerField

    def __init__(self, *args, **options):
        super().__init__(*args, **{"min_value": 0, "max_value": LARGEST_ID} | options)

    def get_max_validator(self):
        return None


class _SearchField(forms.CharField):
    def __init__(self, **options):
        super().__init__(**options | {"max_length": 200})


class SearchFilter(CharFilter):
    """Rows in which this text is found: see `RowFilterSet.searched`."""

    field_class = _SearchField

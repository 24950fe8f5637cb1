"""An amount as a person types it: kinder than the API, and never a guess."""

import re
import unicodedata

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from empower.money import decimals, for_people, to_minor, to_text

# Grouped by three: 1,850 or 12,345,678, with one kind of mark throughout.
_GROUPED = r"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+"
_ARABIC_MARKS = str.maketrans({"٬": ",", "٫": "."})
_BLANKS = re.compile(r"[\s\u00a0\u202f\u200e\u200f\u061c\u2066-\u2069]+")
_APOSTROPHES = re.compile(r"['’]")


class AmountField(forms.CharField):
    """Minor units of ``currency``, which the form sets before it is cleaned.

    Takes ``150``, ``150.00``, ``$1,850``, ``1 850,00`` and digits of any script, as long as there is one way only to
    read it: in the language of the page, or plainly. ``1,850`` of a currency with three decimals is two amounts, and is
    refused with both of them.
    """

    currency = "USD"

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        kwargs.setdefault("label", _("Amount"))
        super().__init__(**kwargs)

    def clean(self, value):
        text = super().clean(value)
        return None if text in self.empty_values else read_amount(text, self.currency)


def read_amount(text, currency):
    """The minor units of what was typed. ValidationError, with what would be right, for what can't be read one way only."""
    plain = _without_symbols(text, currency)
    readings = {}
    for written in _ways_to_read(plain, currency):
        try:
            readings[to_minor(written, currency)] = written
        except ValidationError as error:
            readings.setdefault(None, error)
    fault = readings.pop(None, None)
    if len(readings) > 1:
        small, large = sorted(readings)
        raise ValidationError(
            _("This can be read in two ways. Write %(small)s or %(large)s."),
            code="ambiguous",
            params={"small": to_text(small, currency), "large": to_text(large, currency)},
        )
    if readings:
        return next(iter(readings))
    if fault is not None and fault.code != "invalid":
        raise fault
    places = decimals(currency)
    raise ValidationError(
        _("Write the amount with digits, as in %(example)s."),
        code="invalid",
        params={"example": to_text(185_00 if places == 2 else 185 * 10**places, currency)},
    )


def _without_symbols(text, currency):
    """The digits and marks alone: no currency, no blanks, digits of ASCII."""
    text = "".join(str(unicodedata.decimal(one, one)) for one in text)
    text = _BLANKS.sub("", text).translate(_ARABIC_MARKS)
    symbols = {currency, currency.lower()}
    for locale in ("en", _language()):
        symbols |= {Locale.parse(locale).currency_symbols.get(currency, currency), _symbol(currency, locale)}
    for symbol in sorted((one for one in symbols if one), key=len, reverse=True):
        text = text.removeprefix(symbol).removesuffix(symbol)
    return _APOSTROPHES.sub("", text)


def _ways_to_read(text, currency):
    """``text`` as plain numbers with a point: as it stands, and with the marks of the page's language and of English."""
    ways = {text}
    number = Locale.parse(_language()).number_symbols
    symbols = number.get("latn", number)
    marks = {(",", "."), (symbols.get("group", ","), symbols.get("decimal", "."))}
    if decimals(currency) == 3:
        marks.add((".", ","))  # 1,850 dinars: a thousand and more, or not two
    for group, point in marks:
        group = _BLANKS.sub("", group)
        grouped = _GROUPED.format(group=re.escape(group)) + "|" if group else ""
        if match := re.fullmatch(rf"(?P<whole>{grouped}[0-9]+)(?:{re.escape(point)}(?P<part>[0-9]+))?", text):
            whole = match["whole"].replace(group, "") if group else match["whole"]
            ways.add(f"{whole}.{match['part']}" if match["part"] else whole)
    return ways


def _symbol(currency, locale):
    return _BLANKS.sub("", re.sub(r"[0-9.,٠-٩]", "", for_people(0, currency, locale)))


def _language():
    return (get_language() or "en").replace("-", "_")

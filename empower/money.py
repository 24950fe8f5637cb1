"""Money is an integer of minor units and a currency, never a float; here it is read, written and scaled.

How many minor units a currency has is ISO 4217's word, not CLDR's: Babel says what people usually print (no decimals
for an Iraqi dinar, which has three), and a ledger needs what banks settle in.
"""

import re
from copy import copy
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: The largest amount, in minor units, that is taken from outside: 100 billion dollars. A bigint holds the sum of
#: 900,000 of these, and PostgreSQL and SQLite add them up without an overflow.
LARGEST = 10**13

# ISO 4217 list one as of 2026, active codes of states and unions. Metals, bonds, the test code and the units that
# nobody pays a dinner in (XDR, XSU, XUA) are no currency here.
_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_WITH_TWO = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
    COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
    MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
_WITH_FOUR = "CLF UYW"
# Withdrawn since 2023, kept because history is imported: all had two.
_WITHDRAWN_WITH_TWO = "ANG BGN CUC HRK SLL ZWL"

_DECIMALS = {
    code: count
    for count, codes in (
        (0, _WITHOUT_DECIMALS),
        (2, _WITH_TWO),
        (2, _WITHDRAWN_WITH_TWO),
        (3, _WITH_THREE),
        (4, _WITH_FOUR),
    )
    for code in codes.split()
}

# [0-9], not \d: that one takes Arabic and Devanagari digits too.
_RIGHT_TO_LEFT_MARK = "\u200f"
_PLAIN_NUMBER = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]+))?")


def is_currency(code):
    """Whether ``code`` is an ISO 4217 code that money can be in: exactly as written there, in capitals."""
    return isinstance(code, str) and code in _DECIMALS


def decimals(currency):
    """How many decimals ISO 4217 gives ``currency``: 0, 2, 3 or 4. An unknown one: ValidationError ``currency``."""
    if not is_currency(currency):
        raise ValidationError(
            _("“%(currency)s” is not a currency of ISO 4217."), code="currency", params={"currency": currency}
        )
    return _DECIMALS[currency]


def readings(text):
    """{minor units: [currencies]} of a sum that somebody searches for without its currency: ``1500``, ``$1,500.00``.

    {} where it is no sum. Without its sign; a comma divides thousands, as amounts are written here for English readers,
    and whoever writes them otherwise leaves it out.
    """
    match = re.fullmatch(
        r"[^\w\s.,-]?-?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,14})(?:\.(?P<part>[0-9]{1,4}))?", text
    )
    if not match:
        return {}
    whole, part, found = match["whole"].replace(",", ""), match["part"] or "", {}
    for code, places in _DECIMALS.items():
        if len(part) <= places and (units := int(whole + part.ljust(places, "0"))) <= LARGEST:
            found.setdefault(units, []).append(code)
    return found


def to_minor(text, currency, *, signed=False):
    """The minor units of an amount in major units: ``"12.34"``, ``12`` or ``Decimal("12.34")`` of USD are 1234 or 1200.

    Strict, since a misread amount is somebody's money: ASCII digits, at most one point with digits on both sides, a
    minus when ``signed``. ValidationError with ``invalid``, ``too_many_decimals``, ``negative``, ``too_large``
    (above ``LARGEST``) or ``currency``.
    """
    places = decimals(currency)
    match = _PLAIN_NUMBER.fullmatch(_as_text(text))
    if not match:
        raise ValidationError(
            _("Write the amount with digits and a point, as in %(example)s."),
            code="invalid",
            params={"example": _example(currency)},
        )
    if match["sign"] and not signed:
        raise ValidationError(_("The amount can't be negative."), code="negative")
    part = match["part"] or ""
    if len(part) > places:
        raise ValidationError(
            _("%(currency)s has %(places)s decimals: %(example)s.")
            if places
            else _("%(currency)s has no decimals: %(example)s."),
            code="too_many_decimals",
            params={"currency": currency, "places": places, "example": _example(currency)},
        )
    digits = (match["whole"] + part.ljust(places, "0")).lstrip("0") or "0"
    # The length first: int() of a million digits is slow, and Python refuses it with an error of another kind.
    if len(digits) > len(str(LARGEST)) or int(digits) > LARGEST:
        raise ValidationError(
            _("The amount is too large: %(largest)s at most."),
            code="too_large",
            params={"largest": to_text(LARGEST, currency)},
        )
    return -int(digits) if match["sign"] else int(digits)


def to_text(minor, currency):
    """``200000`` of USD as ``"2000.00"``: all of the currency's decimals, and nothing but digits and a point."""
    places = decimals(currency)
    if type(minor) is not int:
        raise TypeError(f"Minor units are an int, not a {type(minor).__name__}.")
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def for_people(minor, currency, locale="en", *, drop_zero_cents=False):
    """``185000`` of USD as ``"$1,850.00"``, as ``locale`` (``fr``, ``pt-br``, ``pt_BR``) writes it, with ISO's decimals.

    ``drop_zero_cents`` gives ``"$1,850"`` for a round amount, and leaves ``"$1,850.50"`` as it is. Where people write from
    right to left it comes in an isolate (Unicode TR 9, LRI and PDI), or the text around it would turn it round.
    """
    return _for_people(minor, currency, str(locale).replace("-", "_"), drop_zero_cents)


# A page of figures says the same sums several times. By type too: what is no whole number is refused each time.
@lru_cache(maxsize=10_000, typed=True)
def _for_people(minor, currency, locale, drop_zero_cents):
    places = decimals(currency)
    value = Decimal(to_text(minor, currency))
    if drop_zero_cents and value == value.to_integral_value():
        places = 0
    locale = Locale.parse(locale)
    pattern = copy(locale.currency_formats["standard"])
    pattern.frac_prec = (places, places)
    said = pattern.apply(value, locale, currency=currency, currency_digits=False)
    if locale.text_direction == "rtl":
        return f"\u2066{said.replace(_RIGHT_TO_LEFT_MARK, '')}\u2069"
    return said


def round_half_up(minor, numerator, denominator):
    """``minor`` × ``numerator`` / ``denominator`` in integers; a half goes away from zero.

    Not the bankers' rounding: this scales one amount by a cost ratio (basis points: denominator 10,000), where people
    expect 0.5 to become 1; and as it treats both signs alike, a reversal mirrors its original to the cent.
    """
    for number in (minor, numerator, denominator):
        if type(number) is not int:
            raise TypeError(f"Whole numbers only, not a {type(number).__name__}.")
    if denominator <= 0:
        raise ValueError("The denominator is above zero.")
    product = minor * numerator
    rounded = (2 * abs(product) + denominator) // (2 * denominator)
    return -rounded if product < 0 else rounded


def _as_text(text):
    """What was given, as the text to be judged; "" for what can't be an amount (a float, a bool, NaN)."""
    if isinstance(text, str):
        return text.strip()
    if type(text) is int:
        # More digits than str() writes are refused as what they are: too large.
        return str(text) if abs(text) < 10**40 else ("-" if text < 0 else "") + "9" * 40
    if isinstance(text, Decimal) and text.is_finite() and text.as_tuple().exponent > -40 and text.adjusted() < 40:
        return format(text, "f")
    return ""


def _example(currency):
    places = decimals(currency)
    return f"12.{'3456'[:places]}" if places else "12"

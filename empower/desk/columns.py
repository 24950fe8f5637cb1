"""How a cell is said: money with its currency, moments and days in one form, by the clock of the property."""

from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_decimal
from django.contrib import admin
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from empower import money
from empower.dates import written


def spoken_money(minor, currency):
    """``$1,850.00``: with all decimals and its currency, as the reader's language writes it; ``-`` for none."""
    return "-" if minor is None else money.for_people(minor, currency, get_language() or "en")


def spoken_count(number):
    """``4,910``, as the reader's language writes it."""
    return format_decimal(number, locale=Locale.parse(get_language() or "en", sep="-"))


def spoken_time(moment, timezone):
    """``21 Nov 2026, 15:42 PST``, by the clock of the property; ``-`` for none."""
    if moment is None:
        return "-"
    there = moment.astimezone(ZoneInfo(timezone or "UTC"))
    return gettext("%(day)s, %(time)s") % {"day": written(there, "18 Nov 2026"), "time": f"{there:%H:%M %Z}"}


def spoken_day(day):
    """``21 Nov 2026``; ``-`` for none."""
    return "-" if day is None else written(day, "18 Nov 2026")


def amount(name, said, *, currency=lambda row: row.currency):
    """A column, or a read-only field, for the minor units in ``name``."""

    @admin.display(description=said, ordering=name)
    def column(row):
        return spoken_money(getattr(row, name), currency(row))

    column.__name__ = f"{name}_said"
    return column


def moment(name, said, *, timezone=lambda row: row.property.timezone):
    """A column, or a read-only field, for a moment, in the time zone of the row's property."""

    @admin.display(description=said, ordering=name)
    def column(row):
        return spoken_time(getattr(row, name), timezone(row))

    column.__name__ = f"{name}_said"
    return column


@admin.display(description=_("no."), ordering="pk")
def number(row):
    """The id, by which a row is spoken of and searched for."""
    return row.pk

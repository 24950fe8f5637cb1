"""Figures as people read them: never alone, and n/a where there is nothing to be out of."""

from babel import Locale
from babel.numbers import format_decimal, format_percent
from django import template
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from empower.dates import written
from empower.money import for_people

register = template.Library()

#: What each figure is called, and what it is out of.
WORDS = {
    "use": (gettext_lazy("Use"), gettext_lazy("%(numerator)s of %(denominator)s incidents")),
    "use_at_a_cost": (gettext_lazy("Use that cost money"), gettext_lazy("%(numerator)s of %(denominator)s incidents")),
    "acts": (gettext_lazy("Acts"), gettext_lazy("of every kind, free ones too")),
    "recovery_incidents": (gettext_lazy("Recovery incidents"), gettext_lazy("in the period, void ones out")),
    "delight_incidents": (gettext_lazy("Delights"), gettext_lazy("to make memorable")),
    "recurrence": (gettext_lazy("Recurrence"), gettext_lazy("%(numerator)s of %(denominator)s incidents")),
    "autonomy": (gettext_lazy("By own acts alone"), gettext_lazy("%(numerator)s of %(denominator)s resolved")),
    "needless_asks": (gettext_lazy("Asks not needed"), gettext_lazy("%(numerator)s of %(denominator)s requests")),
    "time_to_yes_own_p50": (gettext_lazy("Time to yes, own act"), gettext_lazy("median of %(n)s")),
    "time_to_yes_asked_p50": (gettext_lazy("Time to yes, asked"), gettext_lazy("median of %(n)s")),
    "recovery_rate": (gettext_lazy("Recovery rate"), gettext_lazy("%(numerator)s of %(denominator)s known")),
    "unknown": (gettext_lazy("End not known"), gettext_lazy("%(numerator)s of %(denominator)s resolved")),
    "feeling_change": (gettext_lazy("Feeling"), gettext_lazy("%(n)s pairs, after − before")),
    "cost_per_recovery": (gettext_lazy("Cost per recovery"), gettext_lazy("%(numerator)s over %(denominator)s")),
    "amount": (gettext_lazy("What guests saw"), gettext_lazy("%(n)s acts")),
    "cost": (gettext_lazy("Cost to the house"), gettext_lazy("%(n)s acts")),
    "days_passed": (gettext_lazy("Days passed"), gettext_lazy("%(numerator)s of %(denominator)s")),
    "budget_used": (gettext_lazy("Budget spent and held"), gettext_lazy("%(numerator)s of %(denominator)s")),
    "limit_use_p50": (gettext_lazy("Limit use, median"), gettext_lazy("of %(n)s sums")),
}


@register.inclusion_tag("insights/_figure.html")
def figure(one, href="", note=""):
    """One figure in its frame: name, value (a link to its rows), what it is out of, its interval."""
    label, of = WORDS[one.name]
    if one.hidden:
        of = _("fewer than five people")
    elif one.value is None and one.denominator is None:
        of = _("none yet")
    else:
        is_part_of_money = one.unit == "share" and one.currency
        of = of % {
            "numerator": _sum_or_number(one, one.numerator, is_money=one.unit == "money" or is_part_of_money),
            "denominator": _sum_or_number(one, one.denominator, is_money=is_part_of_money),
            "n": number(one.n),
        }
    whisk = None
    if one.unit == "share" and one.interval and one.value is not None:
        low, high = one.interval
        whisk = {"at": percent_of(one.value), "low": percent_of(low), "high": percent_of(high)}
    return {
        "one": one,
        "label": label,
        "of": of,
        "note": note,
        "value": said(one),
        "between": between(one),
        "href": href if one.value is not None else "",
        "whisk": whisk,
    }


@register.filter
def said(one):
    """The value in words: ``71 %``, ``$56``, ``11 min``, ``+4.1``, ``1,046``; n/a, or hidden."""
    if one is None:
        return _("n/a")
    if one.hidden:
        return _("hidden")
    return _("n/a") if one.value is None else _in_its_unit(one, one.value)


@register.filter
def between(one):
    """Its 95 % interval in words, or nothing."""
    if one is None or not one.interval:
        return ""
    low, high = one.interval
    if high is None:
        return _("from %(low)s on") % {"low": _in_its_unit(one, low)}
    return _("%(low)s to %(high)s") % {"low": _in_its_unit(one, low), "high": _in_its_unit(one, high)}


@register.filter
def number(value):
    """A whole number in the way of the language."""
    return "" if value is None else format_decimal(value, locale=_locale())


@register.filter
def duration(seconds):
    """``40 s``, ``11 min``, ``3 h 20 min``, ``2 days``."""
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": round(seconds)}
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return (
            _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
            if minutes
            else (_("%(hours)s h") % {"hours": hours})
        )
    days = round(hours / 24)
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


@register.filter
def period_said(period):
    """``1 October 2026 to 21 November 2026``, or what it is open to."""
    begins, ends = (day and written(day, "18 November 2026") for day in (period.begins, period.ends))
    if begins and ends:
        return begins if begins == ends else _("%(begins)s to %(ends)s") % {"begins": begins, "ends": ends}
    if begins:
        return _("Since %(begins)s") % {"begins": begins}
    return _("Until %(ends)s") % {"ends": ends} if ends else _("All there is")


def _sum_or_number(one, value, *, is_money):
    if value is None or not is_money:
        return number(value)
    return for_people(value, one.currency, _locale(), drop_zero_cents=True)


def percent_of(value):
    """``71.2%``: an SVG attribute, with a point in every language."""
    return f"{100 * min(1, max(0, value)):.4g}%"


def _in_its_unit(one, value):
    if one.unit == "share":
        return format_percent(value, locale=_locale())
    if one.unit == "money":
        return for_people(value, one.currency, _locale(), drop_zero_cents=True)
    if one.unit == "seconds":
        return duration(value)
    if one.unit == "days":
        return ngettext("%(days)s day", "%(days)s days", value) % {"days": value}
    if one.unit == "change":
        return f"{'+' if value > 0 else '−' if value < 0 else ''}{format_percent(abs(value), locale=_locale())}"
    if one.unit in ("ratio", "rate"):
        return format_decimal(round(value, 2), locale=_locale())
    if one.unit == "points":
        return (
            f"{'+' if value > 0 else '−' if value < 0 else ''}{format_decimal(abs(round(value, 1)), locale=_locale())}"
        )
    return number(value)


def _locale():
    return Locale.parse((get_language() or "en").replace("-", "_"))

"""Figures as people read them: never alone, and n/a where there is nothing to be out of."""

from functools import lru_cache
from math import ceil

from babel.numbers import format_decimal, format_percent
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from empower.dates import written
from empower.money import for_people

from .figure_words import WORDS

register = template.Library()

#: How a budget stood a period ago is no measure of how it stands now: it may have been another.
NOT_COMPARED = frozenset({"budget_used"})


@register.inclusion_tag("insights/_figure.html", takes_context=True)
def figure(context, one, href="", note=""):
    """One figure in its frame: name, value (a link to its rows), what it is out of, its interval, the period before.

    ``before`` of the context says what it was then ({(name, currency): figure}); ``compares``, that this comes later.
    """
    label, of = WORDS[one.name]
    if one.hidden:
        of = _("fewer than five people")
    elif one.value is None and one.denominator is None:
        of = _("none yet")
    else:
        is_part_of_money = one.unit == "share" and one.currency and one.name != "days_passed"
        of = of % {
            "numerator": _sum_or_number(one, one.numerator, is_money=one.unit == "money" or is_part_of_money),
            "denominator": _sum_or_number(one, one.denominator, is_money=is_part_of_money),
            "n": number(one.n),
            "out_of": _how_many(one.denominator),
            "counted": _how_many(one.n),
        }
    was = (context.get("before") or {}).get((one.name, one.currency))
    return {
        "one": one,
        "label": label,
        "of": of,
        "note": note,
        "value": said(one),
        "between": between(one),
        "href": href if one.value is not None else "",
        "whisk": _whisk(one, was),
        "was": compared(one, was),
        "was_id": was_id(one) if context.get("compares") and one.name not in NOT_COMPARED else "",
    }


def _how_many(value):
    """The whole number whose form a word takes: of 1.5 months there are two."""
    return ceil(value or 0)


@register.filter
def was_id(one):
    """The id of the place beside a figure in which it is said what it was before."""
    return f"was-{one.name}-{one.currency}" if one.currency else f"was-{one.name}"


@register.filter
def compared(one, was):
    """How it stands to what it was, in words and without a verdict: by whether the two intervals overlap."""
    if was is None or was.value is None or one.value is None:
        return ""
    then = {"then": said(was)}
    if not one.interval or not was.interval:
        return _("before: %(then)s") % then
    (low, high), (low_then, high_then) = one.interval, was.interval
    if low_then is not None and high is not None and high < low_then:
        return _("less than before: %(then)s") % then
    if high_then is not None and low is not None and low > high_then:
        return _("more than before: %(then)s") % then
    return _("about the same as before: %(then)s") % then


@register.filter
def table_rows(rows):
    """The rows of the table behind a drawing, each of (address or "", words), the first of which names it.

    In Python: a page has two hundred such cells, and in the template each of them took as long as ten here.
    """
    return format_html_join("", "<tr>{}{}</tr>", ((_named(*name), _cells(cells)) for name, *cells in rows))


def _named(href, words):
    return format_html('<th scope="row">{}</th>', _linked(href, format_html("<bdi>{}</bdi>", words)))


def _cells(cells):
    return format_html_join("", '<td class="n">{}</td>', ((_linked(href, words),) for href, words in cells))


def _linked(href, words):
    return format_html('<a href="{}">{}</a>', href, words) if href else words


def _whisk(one, was):
    if one.unit != "share" or not one.interval or one.value is None or None in one.interval:
        return None
    low, high = one.interval
    then = percent_of(was.value) if was is not None and was.value is not None else ""
    return {"at": percent_of(one.value), "low": percent_of(low), "high": percent_of(high), "then": then}


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
    return "" if value is None else _decimal(value, _locale())


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


def share_said(value):
    """``71%``."""
    return _percent(value, _locale())


def sum_said(minor, currency):
    """``$1,046``."""
    return for_people(minor, currency, _locale(), drop_zero_cents=True)


def _sum_or_number(one, value, *, is_money):
    if value is None or not is_money:
        return number(value)
    return for_people(value, one.currency, _locale(), drop_zero_cents=True)


def percent_of(value):
    """``71.2%``: an SVG attribute, with a point in every language."""
    return f"{100 * min(1, max(0, value)):.4g}%"


def _in_its_unit(one, value):
    if one.unit == "share":
        return _percent(value, _locale())
    if one.unit == "money":
        return for_people(value, one.currency, _locale(), drop_zero_cents=True)
    if one.unit == "seconds":
        return duration(value)
    if one.unit == "days":
        return ngettext("%(days)s day", "%(days)s days", value) % {"days": value}
    if one.unit == "change":
        return f"{'+' if value > 0 else '−' if value < 0 else ''}{_percent(abs(value), _locale())}"
    if one.unit in ("ratio", "rate"):
        return _decimal(round(value, 2), _locale())
    if one.unit == "points":
        return f"{'+' if value > 0 else '−' if value < 0 else ''}{_decimal(abs(round(value, 1)), _locale())}"
    return number(value)


# A page says many numbers, and many of them often; Babel takes a fifth of a millisecond for each.
@lru_cache(maxsize=20_000, typed=True)
def _decimal(value, locale):
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=20_000, typed=True)
def _percent(value, locale):
    return format_percent(value, locale=locale)


def _locale():
    return (get_language() or "en").replace("-", "_")

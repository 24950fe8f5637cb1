"""Money as people read it, and the ruler that shows how far a limit goes."""

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from empower.money import decimals, for_people

register = template.Library()


@register.filter
def money(minor, currency):
    """``$1,850`` for a round amount, ``$1,850.50`` for another: for sentences and buttons."""
    return "" if minor is None else for_people(minor, currency, get_language() or "en", drop_zero_cents=True)


@register.filter
def money_exact(minor, currency):
    """``$1,850.00``, with all decimals: for columns that are added up."""
    return "" if minor is None else for_people(minor, currency, get_language() or "en")


@register.filter
def above(amount, other):
    """How much of ``amount`` goes above ``other``; 0 when none does."""
    return max(0, amount - other)


@register.filter
def currency_decimals(currency):
    """How many decimals the currency has: what the page's script must know."""
    return decimals(currency)


@register.inclusion_tag("spending/_meter.html")
def meter(currency, limit, own=0, now=0, waiting=0, says="", live=False):
    """The ruler: what was given, what this gift gives now, what it would ask for, and the line of the limit.

    Sums in minor units. ``says`` is its sentence for who can't see it; without one it is made from the sums. ``live``
    tells the page's script to keep it up with what is typed.
    """
    whole = max(limit, own + now + waiting) or 1
    parts, begin = [], 0
    for name, part in (("own", own), ("now", now), ("wait", waiting)):
        # An empty part stays in a live ruler: the script gives it its width.
        if part or live:
            parts.append({"name": name, "x": _percent(begin, whole), "width": _percent(part, whole)})
        begin += part
    ticks = [
        {"x": _percent(limit * tenth, whole * 10), "top": 0 if tenth % 5 == 0 else 3} for tenth in range(11) if limit
    ]
    if not says:
        says = _("Limit %(limit)s, of which %(own)s is given.")
        if now or waiting:
            says = _("Limit %(limit)s. Given %(own)s, now %(now)s, to ask for %(waiting)s.")
        says %= {
            "limit": money(limit, currency),
            "own": money(own, currency),
            "now": money(now, currency),
            "waiting": money(waiting, currency),
        }
    return {"parts": parts, "ticks": ticks, "limit_at": _percent(limit, whole), "says": says, "live": live}


@register.inclusion_tag("spending/_range.html")
def similar_range(currency, low, median, high, asked):
    """Where an asked amount lies beside the middle half of what similar cases got. Sums in minor units."""
    whole = max(high, asked) * 10 // 9 or 1
    return {
        "low": _percent(low, whole),
        "width": _percent(high - low, whole),
        "median": _percent(median, whole),
        "asked": _percent(asked, whole),
        "says": _("Similar gifts: the middle half from %(low)s to %(high)s, median %(median)s; this request %(asked)s.")
        % {
            "low": money(low, currency),
            "high": money(high, currency),
            "median": money(median, currency),
            "asked": money(asked, currency),
        },
    }


def _percent(part, whole):
    """``39.13%``: an SVG attribute, with a point in every language."""
    return f"{100 * part / whole:.4g}%"

"""The drawings of the first answer, each with its title, its words and the table behind it.

A drawing is a dict for `_chart.html`: ``drawing`` is its SVG; ``rows`` are those of the table, of (address or "", words).
"""

from datetime import timedelta

from django import template
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from empower.dates import written

from ..drawing import bars, curves
from ..drawing.bars import Bar
from ..queries.dashboard import BY_MINUTES, CAUSES_SHOWN, category_names
from .figures import number, said, share_said

register = template.Library()

_OUTCOMES = (
    ("recovered", gettext_lazy("recovered")),
    ("delighted", gettext_lazy("delighted")),
    ("lost", gettext_lazy("lost")),
    ("unknown", gettext_lazy("not known")),
)
#: How many weeks or months the drawing shows; the table has them all.
_LAST = 6

#: Whose waits are drawn how: the curve, and its points.
_WAITS = {"own": ("line", "dot"), "asked": ("line-2", "dot-out")}


def _limit_use(context, found):
    """How many sums used how much of their limit, by twentieths."""
    use = found.limit_use
    told = []
    for place, value in enumerate(use.bins):
        label = f"{5 * place}–{5 * (place + 1)} %"
        href = context["rows"].get(("limit_use", place), "") if value else ""
        told.append(Bar(label, value, number(value), f"{label}: {number(value)}", href))
    n = use.n
    yield {
        "title": _("How much of the limit is used"),
        "beside": ngettext("%(n)s sum", "%(n)s sums", n) % {"n": number(n)},
        "says": _(
            "Of %(n)s sums, %(first)s used less than 5 per cent of the limit and %(last)s used 95 per cent or more."
        )
        % {"n": number(n), "first": number(use.bins[0]), "last": number(use.close)},
        "drawing": bars.standing(told, number=number, shares=share_said) if n else "",
        "heads": (_("Share of the limit"), _("Sums")),
        "rows": [((bar.href, bar.label), ("", bar.said)) for bar in told] if n else [],
    }


def _causes(context, found):
    """What goes wrong most often, and how much of it had happened there in the 30 days before."""
    names = category_names()
    told = []
    for group in found.causes.groups:
        by_name = {one.name: one for one in group.figures}
        happened, again = by_name["recovery_incidents"].value, by_name["recurrence"].numerator
        if happened:
            code = group.key[0]
            href = context["asked"](category=code) if code else context["rows"]["no_cause"]
            told.append((names.get(code) or _("no cause written"), happened, again, href))
    told.sort(key=lambda one: (-one[1], one[0]))
    total, so_far, drawn, rows = sum(one[1] for one in told), 0, [], []
    for name, happened, again, href in told:
        so_far += happened
        share = share_said(so_far / total)
        says = f"{name}: {number(happened)} ({share_said(happened / total)})"
        drawn.append(Bar(name, happened, number(happened), says, href, part=again, share=so_far / total))
        rows.append(((href, name), ("", number(happened)), ("", number(again)), ("", share)))
    rest = told[CAUSES_SHOWN:]
    others = ngettext("%(n)s other", "%(n)s others", len(rest)) % {"n": len(rest)}
    drawn = drawn[:CAUSES_SHOWN]
    beyond = f"{others}: {number(sum(one[1] for one in rest))}" if rest else ""
    yield {
        "title": _("What goes wrong"),
        "beside": _("stronger part: again in 30 days; line: share of all, down to here"),
        "says": "; ".join([*(f"{bar.label}: {bar.said}" for bar in drawn), *([beyond] if rest else [])]),
        "drawing": bars.pareto("causes", drawn, shares=share_said) if drawn else "",
        "key": beyond,
        "heads": (_("Cause"), _("Incidents"), _("Again within 30 days"), _("Share of all, down to here")),
        "rows": rows,
    }


def _outcomes(context, found):
    """How the resolved recovery incidents ended."""
    told = []
    for name, words in _OUTCOMES:
        one = found.outcomes.figure(name)
        value = one.numerator if name == "unknown" else one.value
        href = context["rows"][name] if value else ""
        told.append(Bar(str(words), value or 0, number(value), f"{words}: {number(value)}", href))
    is_known = any(bar.value for bar in told)
    yield {
        "title": _("How it ended"),
        "beside": _("resolved recovery incidents"),
        "says": "; ".join(bar.says for bar in told),
        "drawing": bars.lying("outcomes", told, left=92) if is_known else "",
        "heads": (_("Outcome"), _("Incidents")),
        "rows": [((bar.href, bar.label), ("", bar.said)) for bar in told] if is_known else [],
    }


def _waits(context, found):
    """Which share had its yes by when: own acts, and where somebody was asked."""
    fine = [minutes / 4 for minutes in range(1, 41)] + list(range(11, 61))
    steps, points, cells = {}, {}, {}
    for name, (line, dot) in _WAITS.items():
        waits = found.waits.get(name)
        if waits and waits.n:
            steps[line] = [(0, 0), *((minutes, _by(waits, minutes)) for minutes in fine)]
        for minutes in BY_MINUTES:
            ended, of = waits.within(60 * minutes) if waits else (0, 0)
            words = f"{share_said(ended / of)} ({number(ended)}/{number(of)})" if of else _("n/a")
            href = context["rows"].get((f"yes_{name}", minutes), "") if ended else ""
            cells[minutes, name] = href, words
            if href:
                points.setdefault(dot, []).append((minutes, ended / of, words, href))
    rows = [(("", number(minutes)), *(cells[minutes, name] for name in _WAITS)) for minutes in BY_MINUTES]
    yield {
        "title": _("Time to yes"),
        "beside": _("share answered by then"),
        "says": _("By minutes, own act and asked: %(rows)s")
        % {"rows": "; ".join(f"{when[1]}: {own[1]}, {asked[1]}" for when, own, asked in rows)},
        "drawing": curves.waits(steps, points, number=number, percent=share_said, last=_("60 min")) if steps else "",
        "key": _("Solid: of their own accord. Broken: somebody was asked."),
        "heads": (_("Minutes"), _("Own act"), _("Asked")),
        "rows": rows if steps else [],
    }


@register.inclusion_tag("insights/_money.html", takes_context=True)
def money_figures(context, found):
    """What it cost, one currency after the other: the sums, a recovery, the budget and how much of its days has passed."""
    told = []
    for cost in found.usage.in_each_currency("cost"):
        currency = cost.currency
        saw, per_recovery = found.usage.figure("amount", currency), found.outcomes.figure("cost_per_recovery", currency)
        used, days = found.budget.figure("budget_used", currency), found.budget.figure("days_passed", currency)
        acts = context["rows"].get(("acts", currency), "")
        told.append((cost, "" if saw.value is None else _("guests saw %(sum)s") % {"sum": said(saw)}, acts))
        if per_recovery is not None:
            median = found.outcomes.figure("cost_p50", currency)
            told.append((per_recovery, _("an act, median %(sum)s") % {"sum": said(median)} if median else "", ""))
        if used is not None:
            told.append((used, _("at %(share)s of the days") % {"share": said(days)}, ""))
    return {"told": told, "before": context.get("before"), "compares": context.get("compares")}


def _costs(context, found):
    """What it cost the house by week or month: a drawing and a table for each currency."""
    title = _("Cost by month") if found.unit == "month" else _("Cost by week")
    for currency in (one.currency for one in found.usage.in_each_currency("cost")):
        told, rows = [], []
        for group in found.by_time.groups:
            one = next((one for one in group.figures if _is_cost(one, currency)), None)
            if one is None:
                continue
            label = _label(group.key[0], found.unit)
            href = context["asked"](**_days_of(group.key[0], found.unit, context["selection"].period))
            told.append(Bar(label, one.value or 0, said(one), f"{label}: {said(one)}", href))
            rows.append(((href, label), ("", said(one)), ("", number(one.n))))
        shown = told[-_LAST:]
        if rows:
            yield {
                "title": title,
                "title_of_table": f"{title}, {currency}",
                "beside": _("in %(currency)s, by the day of the act") % {"currency": currency},
                "says": "; ".join(bar.says for bar in shown),
                "drawing": bars.lying("costs", shown, left=74, right=66),
                "heads": (_("From"), _("Cost"), _("Acts")),
                "rows": rows,
            }


#: What is drawn in each panel at first.
_FIRST = {"used": _limit_use, "needed": _causes, "allowed": _waits, "resolved": _outcomes, "cost": _costs}


def first_drawings(context, name, found):
    """[what `_chart.html` shows] of the panel of this ``name`` in the first answer."""
    return list(_FIRST[name](context, found)) if name in _FIRST else []


@register.inclusion_tag("insights/_charts.html", takes_context=True)
def drawings_of(context, name, found):
    """The drawings of a panel, one below the other."""
    return {"charts": first_drawings(context, name, found)}


def _days_of(code, unit, period):
    """The days of a week or a month that lie in the period."""
    begins = parse_date(code)
    if unit == "month":
        ends = (begins + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    else:
        ends = begins + timedelta(days=6)
    return period.part(begins, ends)


def _is_cost(one, currency):
    return one.name == "cost" and one.currency == currency


def _by(waits, minutes):
    ended, of = waits.within(60 * minutes)
    return ended / of if of else 0


def _label(code, unit):
    day = parse_date(code)
    return written(day, "Nov 2026" if unit == "month" else "18 Nov") if day else code

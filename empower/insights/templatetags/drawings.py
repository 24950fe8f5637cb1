"""The dashboard's drawings: SVG with plain attributes, each with its title, its words and the table behind it."""

from datetime import timedelta

from django import template
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from empower.dates import written

from ..queries import charts
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


@register.inclusion_tag("insights/_standing.html", takes_context=True)
def limit_use_chart(context, found):
    """How many sums used how much of their limit, by twentieths."""
    use = found.limit_use
    labels = [f"{5 * place}–{5 * (place + 1)} %" for place in range(len(use.bins))]
    hrefs = [context["rows"].get(("limit_use", place), "") for place in range(len(use.bins))]
    bars, lines = charts.standing(list(zip(labels, use.bins, strict=True)), hrefs=hrefs)
    n = use.n
    return {
        "title": _("How much of the limit is used"),
        "beside": ngettext("%(n)s sum", "%(n)s sums", n) % {"n": number(n)},
        "says": _(
            "Of %(n)s sums, %(first)s used less than 5 per cent of the limit and %(last)s used 95 per cent or more."
        )
        % {"n": number(n), "first": number(use.bins[0]), "last": number(use.close)},
        "bars": bars,
        "lines": lines,
        "marks": [(28, "0%", ""), (145, "50%", "mid"), (262, "100%", "end")],
        "heads": (_("Share of the limit"), _("Sums")),
        "n": n,
    }


@register.inclusion_tag("insights/_lying.html", takes_context=True)
def causes_chart(context, found):
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
    drawn, rest = told[:CAUSES_SHOWN], told[CAUSES_SHOWN:]
    if rest:
        others = ngettext("%(n)s other", "%(n)s others", len(rest)) % {"n": len(rest)}
        drawn = [*drawn, (others, sum(one[1] for one in rest), sum(one[2] for one in rest), "")]
    total, so_far, so_far_drawn = sum(one[1] for one in told), 0, []
    for _name, happened, _again, _href in drawn:
        so_far += happened
        so_far_drawn.append(so_far / total)
    return {
        "title": _("What goes wrong"),
        "beside": _("stronger part: again in 30 days; line: share of all, down to here"),
        "line": charts.cumulative(so_far_drawn),
        "says": "; ".join(f"{name}: {number(happened)}" for name, happened, _again, _href in drawn),
        "bars": charts.lying(
            [(_short(name), happened, again) for name, happened, again, _href in drawn],
            hrefs=[href for *_told, href in drawn],
        ),
        "heads": (_("Cause"), _("Incidents"), _("Again within 30 days"), _("Share of all, down to here")),
        "rows": [
            (
                href,
                (name, number(happened), number(again), share_said(sum(one[1] for one in told[: place + 1]) / total)),
            )
            for place, (name, happened, again, href) in enumerate(told)
        ],
        "n": len(told),
    }


@register.inclusion_tag("insights/_lying.html", takes_context=True)
def outcomes_chart(context, found):
    """How the resolved recovery incidents ended."""
    told, hrefs = [], []
    for name, words in _OUTCOMES:
        one = found.outcomes.figure(name)
        value = one.numerator if name == "unknown" else one.value
        told.append((str(words), value, None))
        hrefs.append(context["rows"][name] if value else "")
    is_known = any(value for _name, value, _part in told)
    return {
        "title": _("How it ended"),
        "beside": _("resolved recovery incidents"),
        "says": "; ".join(f"{name}: {number(value)}" for name, value, _part in told),
        "bars": charts.lying(told, hrefs=hrefs) if is_known else [],
        "heads": (_("Outcome"), _("Incidents")),
        "rows": [(href, (name, number(value))) for href, (name, value, _part) in zip(hrefs, told, strict=True)],
        "n": is_known,
    }


@register.inclusion_tag("insights/_steps.html", takes_context=True)
def waits_chart(context, found):
    """Which share had its yes by when: own acts, and where somebody was asked."""
    lines, rows, dots = [], [], []
    fine = [minutes / 4 for minutes in range(1, 41)] + list(range(11, 61))
    for name, kind in (("own", "c-line"), ("asked", "c-line-2")):
        waits = found.waits.get(name)
        if waits and waits.n:
            lines.append({"kind": kind, "path": charts.steps([(minutes, _by(waits, minutes)) for minutes in fine])})
    for minutes in BY_MINUTES:
        cells = []
        for name, kind in (("own", "c-dot"), ("asked", "c-dot-out")):
            waits = found.waits.get(name)
            ended, of = waits.within(60 * minutes) if waits else (0, 0)
            said_ = f"{round(100 * ended / of)} % ({number(ended)}/{number(of)})" if of else _("n/a")
            href = context["rows"].get((f"yes_{name}", minutes), "") if ended else ""
            cells.append((href, said_))
            if href:
                dots.append((*charts.dot(minutes, ended / of), kind, href, said_))
        rows.append((number(minutes), cells))
    return {
        "title": _("Time to yes"),
        "beside": _("share answered by then"),
        "says": _("By minutes, own act and asked: %(rows)s")
        % {"rows": "; ".join(f"{minutes}: {own[1]}, {asked[1]}" for minutes, (own, asked) in rows)},
        "lines": lines,
        "dots": dots,
        "marks": [(f"{charts.on_scale(minutes):.1f}", number(minutes)) for minutes in (1, 2, 5, 10, 20)],
        "five": f"{charts.on_scale(5):.1f}",
        "heads": (_("Minutes"), _("Own act"), _("Asked")),
        "rows": rows,
        "n": len(lines),
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


@register.inclusion_tag("insights/_costs.html", takes_context=True)
def costs_chart(context, found):
    """What it cost the house by week or month: a drawing and a table for each currency."""
    currencies = [one.currency for one in found.usage.in_each_currency("cost")]
    drawn = []
    for currency in currencies:
        told = [
            (
                _label(group.key[0], found.unit),
                next((one for one in group.figures if _is_cost(one, currency)), None),
                context["asked"](**_days_of(group.key[0], found.unit, context["selection"].period)),
            )
            for group in found.by_time.groups
        ]
        told = [one for one in told if one[1] is not None]
        shown = told[-_LAST:]
        bars = charts.lying(
            [(label, one.value, None) for label, one, _href in shown],
            left=58,
            room=130,
            hrefs=[href for *_told, href in shown],
        )
        drawn.append(
            {
                "currency": currency,
                "bars": [(bar, said(one)) for bar, (_label_, one, _href) in zip(bars, shown, strict=True)],
                "says": "; ".join(f"{label}: {said(one)}" for label, one, _href in shown),
                "rows": [(href, label, said(one), number(one.n)) for label, one, href in told],
                "title": _("Cost by month") if found.unit == "month" else _("Cost by week"),
            }
        )
    return {"drawn": [one for one in drawn if one["rows"]]}


def _days_of(code, unit, period):
    """The days of a week or a month that lie in the period."""
    begins = parse_date(code)
    if unit == "month":
        ends = (begins + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    else:
        ends = begins + timedelta(days=6)
    return {
        "begins": max(begins, period.begins) if period.begins else begins,
        "ends": min(ends, period.ends) if period.ends else ends,
    }


def _is_cost(one, currency):
    return one.name == "cost" and one.currency == currency


def _by(waits, minutes):
    ended, of = waits.within(60 * minutes)
    return ended / of if of else 0


def _label(code, unit):
    day = parse_date(code)
    return written(day, "Nov 2026" if unit == "month" else "18 Nov") if day else code


def _short(name):
    """A name that fits beside its bar; the table has it whole."""
    return name if len(name) <= 18 else f"{name[:17]}…"

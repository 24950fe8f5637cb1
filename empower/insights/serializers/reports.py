"""How figures travel: shares and means as numbers, money as decimal text with its currency, times in seconds."""

from empower.money import to_text
from empower.spreadsheets import Number
from empower.wire import moment_text

from ..queries.selection import FILTERS

#: The columns of a report as a table; those of ``group_by`` stand after the fourth.
TABLE_COLUMNS = (
    "report", "from", "to", "part", "figure", "unit", "currency", "value", "numerator", "denominator", "n",
    "interval_from", "interval_to", "hidden",
)  # fmt: skip


def report_as_told(report):
    """The JSON of a `Report`. ``figures`` of the whole; ``groups``, where asked for, each with its dimensions' codes."""
    asked = report.selection
    told = {
        "report": report.name,
        "from": _day(asked.period.begins),
        "to": _day(asked.period.ends),
        "filters": {name: getattr(asked, name) for name in FILTERS if getattr(asked, name)},
        "as_of_recorded": moment_text(asked.as_of.recorded),
        "as_of_occurred": moment_text(asked.as_of.occurred),
        "group_by": list(report.by),
        "hidden": report.hidden,
        "figures": _figures(report.figures),
    }
    if report.by:
        told["groups"] = [
            {**dict(zip(report.by, group.key, strict=True)), "hidden": group.hidden, "figures": _figures(group.figures)}
            for group in report.groups
        ]
    return told


def report_as_table(report):
    """The `Report` as rows, a dict each: every figure of the whole (``part`` is that), then those of each group."""
    asked = report.selection
    said = {"report": report.name, "from": _day(asked.period.begins), "to": _day(asked.period.ends)}
    for figure in report.figures:
        yield said | {"part": "whole"} | dict.fromkeys(report.by) | figure_as_line(figure)
    for group in report.groups:
        of = {"part": "group"} | dict(zip(report.by, group.key, strict=True))
        for figure in group.figures:
            yield said | of | figure_as_line(figure)


def figure_as_line(figure):
    """A figure as a line of a table: its columns from ``figure`` on."""
    told = figure_as_told(figure)
    low, high = told.pop("interval") or (None, None)
    return {
        "figure": figure.name,
        "unit": told["unit"],
        "currency": told.get("currency"),
        # Money is decimal text here too, but a number to a spreadsheet.
        **{name: _number(told[name]) for name in ("value", "numerator", "denominator")},
        "n": told["n"],
        "interval_from": _number(low),
        "interval_to": _number(high),
        "hidden": figure.hidden,
    }


def _number(value):
    return Number(value) if isinstance(value, str) else value


def figure_as_told(figure):
    """``{value, numerator, denominator, n, interval, unit}``, with its ``currency`` where it has one.

    ``value`` is null where there is nothing to be out of (n/a), and everything is where ``hidden`` is true.
    """
    told = {
        "value": _amount(figure, figure.value),
        "numerator": _amount(figure, figure.numerator),
        # Of money over money the denominator is money too; of money over a number, a number.
        "denominator": figure.denominator,
        "n": figure.n,
        "interval": [_amount(figure, end) for end in figure.interval] if figure.interval else None,
        "unit": figure.unit,
    }
    if figure.currency:
        told["currency"] = figure.currency
        # Days are days, in whatever currency the budget is.
        if figure.unit == "share" and figure.name != "days_passed":
            told["numerator"] = _money(figure.numerator, figure.currency)
            told["denominator"] = _money(figure.denominator, figure.currency)
    if figure.hidden:
        told["hidden"] = True
    return told


def _figures(figures):
    """By name; one in several currencies is a list, in the order of the currencies, and never added up."""
    found = {}
    for one in figures:
        if one.currency:
            found.setdefault(one.name, []).append(figure_as_told(one))
        else:
            found[one.name] = figure_as_told(one)
    return found


def _amount(figure, value):
    return _money(value, figure.currency) if figure.unit == "money" else value


def _money(minor, currency):
    return None if minor is None else to_text(minor, currency)


def _day(day):
    return day and day.isoformat()

"""What a report takes and answers: one shape for all seven, built by hand, as its figures are told by hand."""

from empower import exporting
from empower.insights.queries.reports import DIMENSIONS_OF
from empower.insights.queries.selection import DIMENSIONS

_NUMBER_OR_AMOUNT = {"type": ["number", "string", "null"]}
_FIGURE = {"anyOf": [{"$ref": "#/components/schemas/Figure"},
                     {"type": "array", "items": {"$ref": "#/components/schemas/Figure"}}]}  # fmt: skip
_FIGURES = {
    "type": "object",
    "additionalProperties": _FIGURE,
    "description": "The figures by their names. One of money is a list, a figure for each currency: sums of different "
    "currencies are never added.",
}
_HIDDEN = {"type": "boolean", "description": "Whether it was left out: it would tell of fewer than five people."}

_ONE = {"value": 0.91, "numerator": 182, "denominator": 200, "n": 200, "interval": [0.862, 0.942], "unit": "share"}
_SUM = {"value": "5400.00", "numerator": "5400.00", "denominator": None, "n": 120, "interval": None, "unit": "money",
        "currency": "USD"}  # fmt: skip

COMPONENTS = {
    "Figure": {
        "type": "object",
        "description": "A figure with what it is made of.",
        "properties": {
            "value": _NUMBER_OR_AMOUNT | {"description": "The figure; null where there is nothing to be out of."},
            "numerator": _NUMBER_OR_AMOUNT | {"description": "Of what."},
            "denominator": _NUMBER_OR_AMOUNT | {"description": "Out of what."},
            "n": {"type": ["integer", "null"], "description": "From how many rows."},
            "interval": {
                "type": ["array", "null"], "items": _NUMBER_OR_AMOUNT, "minItems": 2, "maxItems": 2,
                "description": "Where the true value lies with a confidence of 95 %: from, to; an end that is not known "
                "is null.",
            },
            "unit": {
                "type": "string",
                "description": "`share`, `change` (of shares), `count`, `money`, `seconds`, `days`, `points`, `ratio`, "
                "`rate`.",
            },
            "currency": {"type": "string", "description": "ISO 4217, of a figure of money."},
            "hidden": _HIDDEN,
        },
        "required": ["value", "numerator", "denominator", "n", "interval", "unit"],
        "examples": [_ONE],
    },
    "Report": {
        "type": "object",
        "description": "A report: the figures of all that was asked for, and of each group.",
        "properties": {
            "report": {"type": "string", "description": "Its name."},
            "from": {"type": ["string", "null"], "format": "date", "description": "The first local day."},
            "to": {"type": ["string", "null"], "format": "date", "description": "The last local day, included."},
            "filters": {
                "type": "object", "additionalProperties": {"type": "string"},
                "description": "What it was narrowed to, by codes.",
            },
            "as_of_recorded": {
                "type": ["string", "null"], "format": "date-time",
                "description": "As of which moment of the books it is told; null where it is of now.",
            },
            "as_of_occurred": {
                "type": ["string", "null"], "format": "date-time",
                "description": "As of which moment of the world it is told; null where it is of now.",
            },
            "group_by": {"type": "array", "items": {"type": "string"}, "description": "By what it is grouped."},
            "hidden": _HIDDEN,
            "figures": _FIGURES,
            "groups": {
                "type": "array",
                "description": "One for each group, with the codes of its dimensions beside `figures`.",
                "items": {
                    "type": "object", "properties": {"hidden": _HIDDEN, "figures": _FIGURES},
                    "additionalProperties": {"type": ["string", "null"]},
                    "required": ["hidden", "figures"],
                },
            },
        },
        "required": ["report", "from", "to", "filters", "as_of_recorded", "as_of_occurred", "group_by",
                     "hidden", "figures"],
        "examples": [
            {"report": "outcomes", "from": "2026-10-23", "to": "2026-11-21", "filters": {"property": "LAX"},
             "as_of_recorded": None, "as_of_occurred": None, "group_by": [], "hidden": False,
             "figures": {"recovery_rate": _ONE, "cost": [_SUM]}},
        ],
    },
}  # fmt: skip

ANSWER = {"$ref": "#/components/schemas/Report"}


def parameters(name):
    """The query's parameters of the report of this name, as JSON Schema."""
    word = {"type": "string", "minLength": 1}
    day = {"type": "string", "format": "date"}
    moment = {"anyOf": [{"type": "string", "format": "date-time"}, day]}
    by = list(DIMENSIONS_OF.get(name, DIMENSIONS))
    return {
        "from": day,
        "to": day,
        "property": word,
        "department": word,
        "category": word,
        "gesture": word,
        "kind": {"type": "string", "enum": ["recovery", "delight"]},
        "as_of_recorded": moment | {
            "description": "The figures as they would have been told at that moment, by what was written down by then; "
            "a day is included. Of people (`role`, `tenure`) only today's facts are known: to group by them as of a "
            "moment is a 400 that names this parameter.",
        },
        "as_of_occurred": moment | {
            "description": "The figures of what had happened by that moment, as it is known today; a day is included.",
        },
        "group_by": {
            "type": "array", "items": {"type": "string", "enum": by}, "minItems": 1, "maxItems": 2, "uniqueItems": True,
            "description": "One or two dimensions, by commas or given again.",
        },
        "format": {"type": "string", "enum": list(exporting.MEDIA_TYPES)},
    }  # fmt: skip

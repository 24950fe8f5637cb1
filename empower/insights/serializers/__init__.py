"""How figures, reports and policy trials travel."""

from .reports import TABLE_COLUMNS, figure_as_line, figure_as_told, report_as_table, report_as_told
from .trials import NewPolicyTrial, PolicyTrialSerializer, SharedWith

__all__ = [
    "TABLE_COLUMNS",
    "NewPolicyTrial",
    "PolicyTrialSerializer",
    "SharedWith",
    "figure_as_line",
    "figure_as_told",
    "report_as_table",
    "report_as_told",
]

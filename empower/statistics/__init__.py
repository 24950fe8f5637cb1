"""How sure we are of a figure: intervals, quantiles, waits, charts, each with the source of its formula. No rounding here.

Floats are at home here and nowhere else: these are estimates, not money. Nothing here asks the database.
"""

from .changes import Change, difference, difference_in_differences, difference_of_changes
from .funnels import ALARM, WARNING, Funnel, control_limits, funnel
from .means import Z_95, forecast_sum, mean_interval, mean_interval_of, t_95
from .quantiles import quantile7, quantile_interval
from .rates import rate_interval, wilson
from .survival import Survival, kaplan_meier, survival_quantile

__all__ = [
    "ALARM",
    "WARNING",
    "Z_95",
    "Change",
    "Funnel",
    "Survival",
    "control_limits",
    "difference",
    "difference_in_differences",
    "difference_of_changes",
    "forecast_sum",
    "funnel",
    "kaplan_meier",
    "mean_interval",
    "mean_interval_of",
    "quantile7",
    "quantile_interval",
    "rate_interval",
    "survival_quantile",
    "t_95",
    "wilson",
]

"""The turns that are always there, whatever the scale: one of each kind, told in full."""

from .programme import enter_plots
from .stage import Stage, in_minutes

__all__ = ["Stage", "enter_plots", "in_minutes"]

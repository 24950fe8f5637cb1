"""What is written here: policy trials, and the roll-ups that reports read."""

from .rolling import keep_roll_ups, make_roll_ups, rebuild_roll_ups
from .trials import LONGEST_NAME, MOST_SPENDS, MOST_VARIANTS, run_policy_trial, share_policy_trial

__all__ = [
    "LONGEST_NAME",
    "MOST_SPENDS",
    "MOST_VARIANTS",
    "keep_roll_ups",
    "make_roll_ups",
    "rebuild_roll_ups",
    "run_policy_trial",
    "share_policy_trial",
]

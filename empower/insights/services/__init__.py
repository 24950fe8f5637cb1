"""What is written here: policy trials, the roll-ups that reports read, and the week by mail."""

from .asking import up_to_date
from .rolling import keep_roll_ups, make_roll_ups, rebuild_roll_ups
from .trials import LONGEST_NAME, MOST_SPENDS, MOST_VARIANTS, run_policy_trial, share_policy_trial
from .weekly import queue_weekly_mails

__all__ = [
    "LONGEST_NAME",
    "MOST_SPENDS",
    "MOST_VARIANTS",
    "keep_roll_ups",
    "make_roll_ups",
    "queue_weekly_mails",
    "rebuild_roll_ups",
    "run_policy_trial",
    "share_policy_trial",
    "up_to_date",
]

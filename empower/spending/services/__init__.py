"""What is done: give, decide, correct, close. Each is one command: may, can, do, record, in one transaction."""

from .approving import (
    approve_spend,
    ask_about_spend,
    confirm_spend,
    decline_spend,
    deny_spend,
    reply_about_spend,
)
from .catalogue import create_gesture
from .closing import resolve_incident, void_incident
from .correcting import hand_over_spend, reverse_spend, withdraw_spend
from .escalating import escalate_overdue_approvals
from .giving import give_spend
from .links import find_link, open_link
from .locking import lock_several
from .request_mails import queue_request_mails

__all__ = [
    "approve_spend",
    "ask_about_spend",
    "confirm_spend",
    "create_gesture",
    "decline_spend",
    "deny_spend",
    "escalate_overdue_approvals",
    "find_link",
    "give_spend",
    "hand_over_spend",
    "lock_several",
    "open_link",
    "queue_request_mails",
    "reply_about_spend",
    "resolve_incident",
    "reverse_spend",
    "void_incident",
    "withdraw_spend",
]

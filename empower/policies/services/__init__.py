"""Opening a property, writing the next version of a rule, naming a deputy, putting somebody on call."""

from .deputies import name_deputy, revoke_deputy
from .on_call import end_turn, put_on_call
from .rules import draft_policy, open_property, withdraw_policy, write_policy

__all__ = [
    "draft_policy",
    "end_turn",
    "name_deputy",
    "open_property",
    "put_on_call",
    "revoke_deputy",
    "withdraw_policy",
    "write_policy",
]

"""Opening a property, writing the next version of a rule, naming a deputy."""

from .deputies import name_deputy, revoke_deputy
from .rules import draft_policy, open_property, withdraw_policy, write_policy

__all__ = ["draft_policy", "name_deputy", "open_property", "revoke_deputy", "withdraw_policy", "write_policy"]

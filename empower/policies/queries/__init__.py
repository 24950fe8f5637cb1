"""What is asked of the rules: which applies, who stands in for whom, and what another version would change."""

from .applying import deputies_in_force, on_call_at, policy_in_force, stands_in_for

__all__ = ["deputies_in_force", "on_call_at", "policy_in_force", "stands_in_for"]

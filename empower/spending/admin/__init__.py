"""The review itself: what was given, what is asked for, and each incident with all of it; rules; imports of history."""

from . import approvals, catalogue, history, incidents, rules, spends

__all__ = ["approvals", "catalogue", "history", "incidents", "rules", "spends"]

"""The review itself: what was given, what is asked for, and each incident with all of it."""

from . import approvals, catalogue, incidents, spends

__all__ = ["approvals", "catalogue", "incidents", "spends"]

"""Rules, deputies and the opening of a property on the review desk."""

from . import deputies, on_call, opening, rules

__all__ = ["deputies", "on_call", "opening", "rules"]

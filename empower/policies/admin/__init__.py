"""Rules, deputies and the opening of a property on the review desk."""

from . import deputies, opening, rules

__all__ = ["deputies", "opening", "rules"]

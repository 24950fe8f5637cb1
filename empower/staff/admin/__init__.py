"""Properties, departments, people and tokens on the review desk; and how the desk of every app writes."""

from . import people, places, tokens

__all__ = ["people", "places", "tokens"]

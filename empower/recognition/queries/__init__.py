"""What is asked of stories and improvements, and what a day's line-up tells of a house."""

from .rates import A_MONTH, Rate, rate_after, rate_before
from .stories import candidates, gave_on, nomination_of, story_of_the_day

__all__ = [
    "A_MONTH",
    "Rate",
    "candidates",
    "gave_on",
    "nomination_of",
    "rate_after",
    "rate_before",
    "story_of_the_day",
]

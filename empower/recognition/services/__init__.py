"""Stories nominated, chosen and withdrawn; thanks; improvements from their beginning to their end."""

from .improvements import change_improvement, drop_improvement, finish_improvement, open_improvement
from .stories import change_story, choose_story, nominate_story, withdraw_story
from .thanks import give_thanks, withdraw_thanks

__all__ = [
    "change_improvement",
    "change_story",
    "choose_story",
    "drop_improvement",
    "finish_improvement",
    "give_thanks",
    "nominate_story",
    "open_improvement",
    "withdraw_story",
    "withdraw_thanks",
]

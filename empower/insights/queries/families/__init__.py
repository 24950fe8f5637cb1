"""Figures that are counted together, each family in a module of its own; which report tells them.

`family` says what a family is. Each module counts the facts of the tables with a fixed number of statements, and makes
figures of the counts. What they mean is in docs/figures.md.
"""

from .chill import CHILL
from .declines import AFTER_NO, REGRETS
from .delights import DELIGHTS
from .effects import EFFECTS
from .family import Family
from .forecasts import FORECASTS
from .promises import FOLLOWED_UP, PROMISES
from .quiet import QUIET
from .reach import FIRST_DECISIONS, REACH
from .second_failures import SECOND_FAILURES
from .splits import SPLITS
from .strata import STRATA

__all__ = ["FAMILIES", "Family"]

#: What a report tells beside its own figures.
FAMILIES = {
    "usage": (REACH, DELIGHTS),
    "outcomes": (PROMISES, FOLLOWED_UP, EFFECTS),
    "authority": (STRATA,),
    "causes": (SECOND_FAILURES,),
    "health": (FIRST_DECISIONS, CHILL, AFTER_NO, REGRETS, SPLITS, QUIET),
    "budget": (FORECASTS,),
}

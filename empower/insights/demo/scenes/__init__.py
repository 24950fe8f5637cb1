"""What happens in hotels: the matter, whom it falls to, what one gives for it, and how it is told."""

from .delight import DELIGHTS
from .recovery import RECOVERIES
from .words import Scene, told

__all__ = ["DELIGHTS", "RECOVERIES", "Scene", "told"]

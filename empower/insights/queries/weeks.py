"""A week's main figures, each beside that of the week before."""

from dataclasses import dataclass
from functools import partial

from .hiding import is_hidden
from .reports import report
from .selection import Selection

#: Which figures of which report, in the order in which they are read.
MAIN = (
    ("usage", "recovery_incidents"), ("usage", "use"), ("authority", "autonomy"), ("authority", "needless_asks"),
    ("timing", "time_to_yes_own_p50"), ("timing", "time_to_yes_asked_p50"), ("outcomes", "recovery_rate"),
    ("outcomes", "feeling_change"), ("outcomes", "unknown"),
)  # fmt: skip
MONEY = (("usage", "cost"),)


@dataclass(frozen=True)
class Week:
    """``pairs``: [(`Figure`, that of the week before, or None)]; ``hidden``: fewer than five people, and not this person's."""

    pairs: tuple
    hidden: bool

    @property
    def is_empty(self):
        """Nothing happened in the week, and nothing was given."""
        return not self.hidden and not any(one.value for one, _before in self.pairs if one.unit in ("count", "money"))


def week_of(user, last, before):
    """The `Week` of the period ``last``, compared with the period ``before``, as this person sees it. Some fifty queries."""
    told, earlier = _reports(user, last), _reports(user, before)
    pairs = [(told[name].figure(figure), earlier[name].figure(figure)) for name, figure in MAIN]
    for name, figure in MONEY:
        for one in told[name].in_each_currency(figure):
            pairs.append((one, earlier[name].figure(figure, one.currency)))
    return Week(tuple(pair for pair in pairs if pair[0] is not None), told["usage"].hidden)


def _reports(user, period):
    selection = Selection(user, period)
    read = partial(report, hidden=is_hidden(selection), with_families=False)
    return {name: read(name, selection) for name in ("usage", "authority", "timing", "outcomes")}

"""What a block is told apart by, and how it adds up: everything is added at once wherever it counts."""

from collections import defaultdict
from functools import lru_cache, partial

from empower.incidents.models import Category
from empower.spending.models import Gesture
from empower.staff.models import Department

from .tallies import coded, pruned

_FEW = ("", "department", "category", "kind")
_ALL = (*_FEW, "gesture")

#: By what a block is told apart, nothing and one thing at a time, and which parts are kept of it: each of the first so many.
FACETS = {
    "incidents": _ALL, "use": ("", "department", "category"), "acts": _ALL, "requests": _ALL, "values": _FEW,
    "people": _FEW, "books": ("", "department"),
}  # fmt: skip

#: How many of the places of something (`Cells.places`) a part is kept of; what has several gestures has a place for each.
_REACH = {part: None if facets == _ALL else len(facets) for part, facets in FACETS.items()}

#: How the group of incidents by what they were begins; the currency follows.
INCIDENTS = "incidents|"

#: What an incident may be, each a bit: incidents are counted by all that they are at once, as one number.
FLAGS = (
    "recoveries", "delights", "used", "used_at_a_cost", "resolved", "autonomous", "recovered", "delighted", "lost",
    "unknown", "recurrent",
)  # fmt: skip
_USE = frozenset({"recoveries", "delights", "used", "recurrent"})
_BITS = {name: 1 << place for place, name in enumerate(FLAGS)}


def mask_of(names):
    return sum(_BITS[name] for name in names)


@lru_cache
def flags_of(mask):
    """The names that a mask stands for."""
    return tuple(name for name in FLAGS if mask & _BITS[name])


_numbers = partial(defaultdict, int)
_place = partial(defaultdict, _numbers)


class Cells:
    """Whole numbers by block, by each facet's codes, and by part and group. Hundreds of thousands are added in a second."""

    def __init__(self, blocks):
        self.blocks = blocks
        self._told = {block: defaultdict(_place) for block in blocks.wanted}
        # To join them to every row takes the database as long as the rest of it.
        self._departments, self._categories, self._gestures = (
            {None: "", **dict(model.objects.order_by().values_list("pk", "code"))}
            for model in (Department, Category, Gesture)
        )

    def places(self, block, department, category, kind, gestures):
        """Where something of a block counts, in the order of the facets. Of ids, which may be None."""
        told = self._told[block]
        found = [
            told["", ""],
            told["department", self._departments[department]],
            told["category", self._categories[category]],
            told["kind", kind or ""],
        ]
        found += [told["gesture", self._gestures[gesture]] for gesture in gestures]
        return found

    def add(self, places, part, group, name, by=1):
        """``group`` and ``name`` as tallies have them behind the code: ``USD`` and ``cost``."""
        if by:
            at = part, group
            for place in places[: _REACH[part]]:
                place[at][name] += by

    def tallies(self):
        """{block: {(facet, part): tally}}, an empty dict for a block in which nothing happened."""
        return {block: _tallies(told) for block, told in self._told.items()}


def _in_few_words(place):
    """How many incidents of a place were what the ``use`` of it tells."""
    found = defaultdict(int)
    for (part, group), masks in place.items():
        if part == "incidents" and group.startswith(INCIDENTS):
            for mask, number in masks.items():
                for name in _USE.intersection(flags_of(int(mask))):
                    found[name] += number
    return found


def _tallies(told):
    found = {}
    for (facet, code), place in told.items():
        prefix = f"{coded(code)}|"
        for (part, group), numbers in place.items():
            found.setdefault((facet, part), {})[prefix + group] = numbers
        if facet in FACETS["use"]:
            found.setdefault((facet, "use"), {})[prefix] = _in_few_words(place)
    return {at: tally for at, of in sorted(found.items()) if (tally := pruned(of))}

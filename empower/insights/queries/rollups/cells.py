"""What a block is told apart by, and how it adds up: gathered where all is the same, then told under each facet."""

from functools import lru_cache

from .tallies import coded, pruned

_FEW = ("", "department", "category", "kind")
_ALL = (*_FEW, "gesture")

#: By what a block is told apart, nothing and one thing at a time, and which parts are kept of it.
FACETS = {
    "incidents": _ALL, "use": ("", "department", "category"), "acts": _ALL, "requests": _ALL, "values": _FEW,
    "people": _FEW, "books": ("", "department"),
}  # fmt: skip

#: What an incident may be, each a bit: incidents are counted by all that they are at once, as one number.
FLAGS = (
    "recoveries", "delights", "used", "used_at_a_cost", "resolved", "autonomous", "recovered", "delighted", "lost",
    "unknown", "recurrent",
)  # fmt: skip
_BITS = {name: 1 << place for place, name in enumerate(FLAGS)}


def mask_of(names):
    return sum(_BITS[name] for name in names)


@lru_cache
def flags_of(mask):
    """The names that a mask stands for."""
    return tuple(name for name in FLAGS if mask & _BITS[name])


class Cells:
    """Whole numbers by block and by (department, category, kind, gestures): codes, or None."""

    def __init__(self, blocks):
        self.blocks = blocks
        self._cells = {}

    def add(self, block, keys, part, group, name, by=1):
        """``group`` and ``name`` as tallies have them behind the code: ``USD`` and ``cost``."""
        if by:
            numbers = self._cells.setdefault((block, keys), {}).setdefault((part, group), {})
            numbers[name] = numbers.get(name, 0) + by

    def tallies(self):
        """{block: {(facet, part): tally}}, an empty dict for a block in which nothing happened."""
        found = {block: {} for block in self.blocks.wanted}
        for (block, keys), cell in self._cells.items():
            told, places = found[block], _places(keys)
            for (part, group), numbers in cell.items():
                for at, prefix in places[part]:
                    into = told.setdefault(at, {}).setdefault(prefix + group, {})
                    for name, number in numbers.items():
                        into[name] = into.get(name, 0) + number
        return {
            block: {at: tally for at, of in sorted(told.items()) if (tally := pruned(of))}
            for block, told in found.items()
        }


@lru_cache(maxsize=10_000)
def _places(keys):
    """{part: [((facet, part), how its groups begin)]}: under which codes of which facets something counts."""
    department, category, kind, gestures = keys
    codes = {
        "": ("",),
        "department": (coded(department),),
        "category": (coded(category),),
        "kind": (coded(kind),),
        "gesture": tuple(coded(one) for one in gestures),
    }
    return {
        part: [((facet, part), f"{code}|") for facet in facets for code in codes[facet]]
        for part, facets in FACETS.items()
    }

"""Sums of what happened: nested dicts of whole numbers that can be added, taken away and written in one way only.

``{"room_noise": {"incidents": {"used": 3}, "acts": {"USD": {"cost": 5600}}}}``: whatever the nesting, a leaf is a whole
number that is not 0, and no dict in it is empty. Two tallies of the same are the same text.
"""

import json


def add(into, more, times=1):
    """Adds ``more`` (``times`` -1: takes it away) to ``into``, in place; what comes to 0 goes. Returns ``into``."""
    for name, value in more.items():
        if isinstance(value, dict):
            inner = into.get(name)
            if inner is None:
                inner = {}
            add(inner, value, times)
            if inner:
                into[name] = inner
            else:
                into.pop(name, None)
        else:
            total = into.get(name, 0) + times * value
            if total:
                into[name] = total
            else:
                into.pop(name, None)
    return into


def difference(new, old):
    """What is to be added to ``old`` to have ``new``."""
    return add(add({}, new), old, -1)


def count_one(into, *path, by=1):
    """Adds ``by`` at the leaf that ``path`` leads to. For making a tally: a 0 adds nothing."""
    if by:
        *way, leaf = path
        for name in way:
            into = into.setdefault(name, {})
        into[leaf] = into.get(leaf, 0) + by


def pruned(tally):
    """The same without leaves of 0 and empty branches: sums that came and went while it was made."""
    return add({}, tally)


def to_text(tally):
    return json.dumps(tally, sort_keys=True, separators=(",", ":"))


def from_text(text):
    return json.loads(text)

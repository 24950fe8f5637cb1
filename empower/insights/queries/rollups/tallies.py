"""Sums of what happened: whole numbers by name, that can be added, taken away and written in one way only.

``{"room_noise|incidents|used": 3, "room_noise|acts|USD|cost": 5600}``: a name begins with the code of what it is told apart
by, and no number is 0. Two tallies of the same are the same text. Flat, since millions are added up.
"""

import json


def add(into, more, times=1):
    """Adds ``more`` (``times`` -1: takes it away) to ``into``, in place; what comes to 0 goes. Returns ``into``."""
    if not into and times == 1:
        into.update(more)
        return into
    known = into.get
    for name, value in more.items():
        if total := known(name, 0) + times * value:
            into[name] = total
        else:
            into.pop(name, None)
    return into


def difference(new, old):
    """What is to be added to ``old`` to have ``new``."""
    return add(dict(new), old, -1) if old else new


def pruned(tally):
    """The same without what came and went while it was made."""
    return {name: value for name, value in tally.items() if value}


def coded(code):
    """A code as names begin with it: whatever is in it, not the mark that ends it."""
    return (code or "").replace("%", "%25").replace("|", "%7C")


def code_of(name):
    """(code, what is counted) of a name."""
    code, _bar, rest = name.partition("|")
    return (code.replace("%7C", "|").replace("%25", "%") if "%" in code else code), rest


def nested(tally):
    """``{"acts|USD|cost": 5600}`` as ``{"acts": {"USD": {"cost": 5600}}}``."""
    found = {}
    for name, value in tally.items():
        *way, leaf = name.split("|")
        into = found
        for step in way:
            into = into.setdefault(step, {})
        into[leaf] = value
    return found


def to_text(tally):
    return json.dumps(tally, sort_keys=True, separators=(",", ":"))


def from_text(text):
    return json.loads(text)

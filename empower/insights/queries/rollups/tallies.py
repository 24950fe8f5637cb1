"""Sums of what happened: whole numbers by name, that can be added, taken away and written in one way only.

``{"room_noise|incidents|USD": {"3": 2}, "room_noise|recovery": {"USD": 5600}}``: each group begins with the code of what it
is told apart by, none is empty, and no number is 0. Two tallies of the same are the same text. Two levels and no more, since
millions are added up.
"""

import re
from functools import reduce

import orjson

_NAMES = re.compile(r'"(\d+)":')


def add(into, more, times=1):
    """Adds ``more`` (``times`` -1: takes it away) to ``into``, in place; what comes to 0 goes. Returns ``into``."""
    for group, numbers in more.items():
        if times != 1:
            numbers = {name: times * value for name, value in numbers.items()}
        known = into.get(group)
        if known is None:
            into[group] = dict(numbers)
            continue
        so_far = known.get
        for name, value in numbers.items():
            if total := so_far(name, 0) + value:
                known[name] = total
            else:
                known.pop(name, None)
        if not known:
            del into[group]
    return into


def summed(pairs):
    """{of what: the sum of its tallies} of (of what, tally). The only one of something is itself, and not a copy."""
    found = {}
    for at, more in pairs:
        found.setdefault(at, []).append(more)
    return {at: told[0] if len(told) == 1 else reduce(add, told, {}) for at, told in found.items()}


def pruned(tally):
    """The same without what came and went while it was made."""
    kept = {
        group: {name: value for name, value in numbers.items() if value} if 0 in numbers.values() else numbers
        for group, numbers in tally.items()
    }
    return {group: numbers for group, numbers in kept.items() if numbers}


def coded(code):
    """A code as groups begin with it: whatever is in it, not the mark that ends it."""
    return (code or "").replace("%", "%25").replace("|", "%7C")


def code_of(group):
    """(code, the rest) of a group's name."""
    code, _bar, rest = group.partition("|")
    return (code.replace("%7C", "|").replace("%25", "%") if "%" in code else code), rest


def nested(tally):
    """``{"acts|USD": {"cost": 5600}, "": {"open": 1}}`` as ``{"acts": {"USD": {"cost": 5600}}, "open": 1}``."""
    found = {}
    for group, numbers in tally.items():
        into = found
        for step in group.split("|") if group else ():
            into = into.setdefault(step, {})
        into.update(numbers)
    return found


def len_of_first(number):
    """How much of the text of a tally of one group has so many whole numbers of it, with their names."""
    return 10 + 44 * number


def first_of(text, number):
    """The first so many names of a tally of one group, of its text or the beginning of it: whole numbers all."""
    return _NAMES.findall(text)[:number]


def to_text(tally):
    return orjson.dumps(tally, option=orjson.OPT_SORT_KEYS).decode()


def from_text(text):
    return orjson.loads(text)

"""No figure about a group of fewer than five people, nor about the one group that the totals would give away.

A group's people are those who gave or asked in it in the period; a group in which nobody did says nothing about
anybody, and is shown. What a property spent is its managers' to know, as the journal is theirs to read, so the whole of
a property is shown to them and to leaders and auditors however small it is; everybody else sees it from five people on.
"""

from dataclasses import replace

from empower.staff.models import Role

from .facts import count_people
from .selection import DIMENSIONS

FEWEST = 5

#: What a question may be narrowed by that a table could tell apart as well.
_NARROWED_BY = ("department", "category", "gesture")


def hidden_groups(people):
    """Of ``people`` ({key: how many}, keys all of one length), the keys to hide.

    Every group of one to four. Then, along each line whose sum somebody can know (all groups; or those that share one
    of two dimensions), the next smallest, until what is hidden there is two groups at least and five people together.
    """
    hidden = {key for key, number in people.items() if 0 < number < FEWEST}
    lines = _lines(people)
    changed = True
    while changed:
        changed = False
        for line in lines:
            behind = [key for key in line if key in hidden]
            shown = sorted(
                (key for key in line if key not in hidden and people[key]), key=lambda key: (people[key], key)
            )
            while behind and shown and (len(behind) < 2 or sum(people[key] for key in behind) < FEWEST):
                behind.append(shown.pop(0))
                hidden.add(behind[-1])
                changed = True
    return hidden


def is_hidden(selection):
    """Whether the figures of this selection as a whole are to be hidden from its person. At most two queries for each
    of department, category and gesture that it is narrowed by: what a table hides stays hidden when asked for alone."""
    number = count_people(selection).get((), 0)
    narrowed = [name for name in _NARROWED_BY if getattr(selection, name)]
    if 0 < number < FEWEST:
        return bool(narrowed) or not _answers_for_all_of_it(selection.user)
    for name in narrowed:
        if name == "category":
            continue  # a node and all below it is no row of a table
        people = count_people(replace(selection, **{name: None}), (name,))
        if (getattr(selection, name),) in hidden_groups(people):
            return True
    return False


def _answers_for_all_of_it(user):
    return user.sees_every_property or user.role in (Role.MANAGER, Role.GENERAL_MANAGER)


def _lines(people):
    """The sets of groups whose sum can be known: all of them, and with two dimensions each row and each column."""
    keys = list(people)
    lines = [keys]
    if keys and len(keys[0]) == 2:
        for place in (0, 1):
            for value in {key[place] for key in keys}:
                lines.append([key for key in keys if key[place] == value])
    return lines


assert set(_NARROWED_BY) <= set(DIMENSIONS)

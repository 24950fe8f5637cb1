"""No figure about a group of fewer than five people, nor about the one group that the totals would give away.

A group's people are those who gave or asked in it in the period; a group in which nobody did says nothing about
anybody, and is shown. In a table every group of one to four is hidden, whatever it is told apart by.

A question as a whole is another thing. Who answers for a property reads its journal and every act in it by name; its
sums, and those of a cause or a gesture, are theirs to know however few gave. Not so those of a team: what the table of
departments hides stays hidden when that department is asked for alone. Everybody else sees nothing below five people.
"""

from dataclasses import replace

from .counts import count_people, few_people

FEWEST = 5


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


def out_of_sight(selection, by):
    """The keys of the groups of this question that are to be hidden (`hidden_groups`). A query or two."""
    few = few_people(selection, by, most=FEWEST)
    if not any(0 < number < FEWEST for number in few.values()):
        return set()
    return hidden_groups(count_people(selection, by))


def is_hidden(selection):
    """Whether the figures of this selection as a whole are to be hidden from its person. Three queries at most."""
    number = few_people(selection, most=FEWEST).get((), 0)
    if 0 < number < FEWEST and (selection.department or not _answers_for_all_of_it(selection.user)):
        return True
    if not selection.department:
        return False
    return (selection.department,) in out_of_sight(replace(selection, department=None), ("department",))


def _answers_for_all_of_it(user):
    return user.sees_every_property or user.sees_whole_property


def _lines(people):
    """The sets of groups whose sum can be known: all of them, and with two dimensions each row and each column."""
    keys = list(people)
    lines = [keys]
    if keys and len(keys[0]) == 2:
        for place in (0, 1):
            for value in {key[place] for key in keys}:
                lines.append([key for key in keys if key[place] == value])
    return lines

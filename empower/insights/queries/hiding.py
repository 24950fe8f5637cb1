"""No figure about a group of fewer than five people, nor about the one group that the totals would give away.

A group's people are those who gave or asked in it in the period; a group in which nobody did says nothing about
anybody, and is shown. In a table every group of one to four is hidden, whatever it is told apart by.

A question as a whole is another thing. Who answers for a property reads its journal and every act in it by name; its
sums, and those of a cause or a gesture, are theirs to know however few gave. Not so those of a team: what the table of
departments hides stays hidden when that department is asked for alone, of whatever cause or gesture. Everybody else sees
nothing below five people, nor what is left of a total when all that stands beside it is taken away.

It does not guard against who asks about two periods that differ by a day, or again after a single act: figures are exact
to the last commit, and what was given on each incident is read by everybody in its house anyway.
"""

from dataclasses import replace

from empower.incidents.models import Category, IncidentKind

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
    """The keys of the groups of this question that are to be hidden: those of `hidden_groups`, and every part of what a
    table of one of the dimensions alone hides, since its parts would add up to it. A query or two for each table.
    """
    hidden = _of_few(selection, by)
    for place, name in enumerate(by):
        alone = _of_few(selection, (name,)) if len(by) > 1 else set()
        if _is_narrowed(selection):
            alone |= _of_few(_wide(selection), (name,))
        if alone:
            hidden |= {key for key in few_people(selection, by, most=FEWEST) if (key[place],) in alone}
    return hidden


def _of_few(selection, by):
    few = few_people(selection, by, most=FEWEST)
    if not any(0 < number < FEWEST for number in few.values()):
        return set()
    return hidden_groups(count_people(selection, by))


def is_hidden(selection):
    """Whether the figures of this selection as a whole are to be hidden from its person.

    Three queries at most where no more than a department is asked for; for who does not answer for the house two more for
    each further filter, and for a cause one for each that stands beside it or beside one above it.
    """
    number = few_people(selection, most=FEWEST).get((), 0)
    answers = _answers_for_all_of_it(selection.user)
    if 0 < number < FEWEST and (selection.department or not answers):
        return True
    return _is_told_by_the_rest(selection, answers) or (
        # What is hidden of all causes and gestures is hidden of each: they would add up to it.
        bool(selection.department) and _is_narrowed(selection) and _is_told_by_the_rest(_wide(selection), answers)
    )


def _is_told_by_the_rest(selection, answers):
    """Whether a filter names what the total less all others would tell."""
    asked = ["department"] if answers else ["department", "gesture", "kind", "category"]
    return any(getattr(selection, name) and _BESIDE[name](selection) for name in asked)


def _in_its_table(name):
    def is_hidden_there(selection):
        return (getattr(selection, name),) in _of_few(replace(selection, **{name: None}), (name,))

    return is_hidden_there


def _of_kinds(selection):
    people = {(kind,): count_people(replace(selection, kind=kind)).get((), 0) for kind in IncidentKind.values}
    return (selection.kind,) in hidden_groups(people)


def _of_causes(selection):
    """By the causes beside it below the same one, and what that one has of its own; so on upwards."""
    rows = {row.code: row for row in Category.objects.select_related("parent").order_by("code")}
    cause = rows.get(selection.category)
    while cause is not None:
        above = cause.parent and cause.parent.code
        people = {
            (one.code,): count_people(replace(selection, category=one.code)).get((), 0)
            for one in rows.values()
            if one.parent_id == cause.parent_id
        }
        its_own = count_people(replace(selection, category=above), ("category",))
        people["",] = its_own.get((above or "",), 0)
        if (cause.code,) in hidden_groups(people):
            return True
        cause = rows.get(above)
    return False


_BESIDE = {
    "department": _in_its_table("department"),
    "gesture": _in_its_table("gesture"),
    "kind": _of_kinds,
    "category": _of_causes,
}


def _is_narrowed(selection):
    return bool(selection.category or selection.gesture or selection.kind)


def _wide(selection):
    """The same of every cause, gesture and kind."""
    return replace(selection, category=None, gesture=None, kind=None)


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

"""What a family of figures is: counted together, told apart in the same ways, hidden for the same people."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from ..figures import hide
from ..hiding import FEWEST, hidden_groups
from ..period import Period
from ..selection import DIMENSIONS

EVERY_DIMENSION = frozenset(DIMENSIONS)


@dataclass(frozen=True)
class Groups:
    """The figures of a family by group: ``groups(key)``, hidden where they are of few, of nothing where there is nothing."""

    keys: frozenset
    figures_of: Callable
    of_few: frozenset

    def __call__(self, key):
        found = self.figures_of(key)
        return map(hide, found) if key in self.of_few else found


@dataclass(frozen=True)
class Family:
    """``counted(selection, by)`` answers (the keys there are, a function that makes a key's figures).

    ``dimensions``: asked to tell apart by another one, the family is left out of the groups; the whole is told all the
    same. ``needs``: without one of these in ``by`` it is left out, of the whole too. ``people(selection, by)``: {key: whom
    these figures are about}, where that is not who gave or asked in the period; fewer than five are hidden from
    everybody: no journal tells what these do.
    """

    counted: Callable
    dimensions: frozenset = EVERY_DIMENSION
    needs: frozenset = frozenset()
    people: Callable | None = None

    def whole(self, selection):
        """The figures of the question as a whole, hidden where they are of few."""
        if self.needs:
            return ()
        _keys, figures_of = self.counted(selection, ())
        found = tuple(figures_of(()))
        return tuple(map(hide, found)) if self.people and self._is_of_few(selection) else found

    def groups(self, selection, by):
        """The `Groups` of this family; None by a dimension that it can't be told apart by."""
        if not set(by) <= self.dimensions or not self.needs <= set(by):
            return None
        keys, figures_of = self.counted(selection, by)
        of_few = hidden_groups(self.people(selection, by)) if self.people else frozenset()
        return Groups(frozenset(keys), figures_of, frozenset(of_few))

    def _is_of_few(self, selection):
        if 0 < self.people(selection, ()).get((), 0) < FEWEST:
            return True
        if not selection.department:
            return False
        beside = self.people(replace(selection, department=None), ("department",))
        return (selection.department,) in hidden_groups(beside)


def days_up_to_its_end(selection, days):
    """The `Period` of so many days that ends where the selection's does, today at the latest; open if that is open."""
    return Period(last_day(selection) - timedelta(days=days - 1), selection.period.ends)


def last_day(selection):
    """The last day counted at any of the properties; at one that is behind it may not have begun (`last_day_in`)."""
    return min(selection.period.ends or selection.today, selection.today)

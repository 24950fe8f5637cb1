"""What happens when: courses of events, each resumed at its moment, all in one order of time."""

from datetime import timedelta
from heapq import heappop, heappush
from itertools import count

from empower import clock


class Diary:
    """Runs courses: generators that act, then yield the moment at which they go on.

    A course never goes beyond its ``until``: what it must still do is done at that moment, and one that would only
    begin later does not. So the same day tells the same, whatever the hour at which it is told.
    """

    def __init__(self):
        self._waiting, self._number = [], count()

    def enter(self, moment, course, *, until):
        if moment < until:
            heappush(self._waiting, (moment, next(self._number), until, course))

    def live(self, turned=None):
        """Live everything entered, earliest first; ``turned(month)`` is told each (year, month) that begins, in UTC."""
        month = None
        while self._waiting:
            moment, number, until, course = heappop(self._waiting)
            if turned is not None and (moment.year, moment.month) != month:
                month = (moment.year, moment.month)
                turned(month)
            with clock.standing_at(moment):
                then = next(course, None)
            if then is not None:
                # A second later at least: nobody does two things at once.
                then = max(min(then, until), moment + timedelta(seconds=1))
                heappush(self._waiting, (then, number, until, course))


def once(act, **given):
    """A course of a single act."""
    act(**given)
    yield from ()


def after(rng, minutes, most=None):
    """The moment that is ``minutes`` from now, or between ``minutes`` and ``most``, with seconds as clocks have them."""
    length = minutes if most is None else rng.uniform(minutes, most)
    return clock.now() + timedelta(seconds=round(length * 60) + rng.randrange(20))

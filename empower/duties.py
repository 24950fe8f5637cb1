"""What is done again and again in the background: each app registers its duties in its ``ready``, `worker` keeps them.

A duty is a function without arguments that does what is due and returns. It is safe to do at any time, any number of
times, by any number of workers at once, and it is nobody's only chance: what a person must not wait for is done when
they ask as well. One that takes long looks at ``stopping()`` between its steps.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections

log = logging.getLogger(__name__)

#: The longest that a duty rests which fails each time, in seconds.
LONGEST_REST = 60

_stop = threading.Event()


@dataclass(frozen=True)
class Duty:
    """``act`` is done, and done again ``seconds`` after it has ended."""

    name: str
    act: Callable[[], object]
    seconds: float


#: By name, in the order in which they were registered: the highest app's first.
DUTIES = {}


def register(name, act, *, seconds):
    """A second time the same name takes the place of the first."""
    DUTIES[name] = Duty(name, act, seconds)


def stopping():
    """Whether the worker was asked to stop: end after the step in hand."""
    return _stop.is_set()


def do_each_once(duties=None):
    """Does each duty one time, in order, in this thread. Returns the names of those that failed."""
    return [duty.name for duty in (DUTIES.values() if duties is None else duties) if not _done(duty)]


def keep(duties=None, *, still_wanted, patience=30):
    """Keeps the duties, each in a thread of its own, while ``still_wanted()``: one that hangs or fails holds up no other.

    It is asked four times a second. Returns when all have ended, or each had ``patience`` seconds to end.
    """
    global _stop
    stop = _stop = threading.Event()
    threads = [
        threading.Thread(target=_repeat, args=[duty, stop], name=duty.name, daemon=True)
        for duty in (DUTIES.values() if duties is None else duties)
    ]
    for thread in threads:
        thread.start()
    # Asked, not told: a signal's handler that set the event could meet this thread inside the event's own lock.
    while still_wanted():
        time.sleep(0.25)
    stop.set()
    for thread in threads:
        thread.join(patience)
    _stop = threading.Event()


def _repeat(duty, stop):
    failures = 0
    try:
        while not stop.is_set():
            failures = 0 if _done(duty) else failures + 1
            stop.wait(min(duty.seconds * 2**failures, max(duty.seconds, LONGEST_REST)) if failures else duty.seconds)
    finally:
        connections.close_all()


def _done(duty):
    _give_up_old_connections()
    try:
        duty.act()
    except Exception:
        log.exception("The duty “%s” failed; it is tried again.", duty.name)
        return False
    finally:
        _give_up_old_connections()
    return True


def _give_up_old_connections():
    """What an error has broken, or what is older than it may grow, is made anew by who asks next."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:  # of a caller's own, who did each duty once
            connection.close_if_unusable_or_obsolete()

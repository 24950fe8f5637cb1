"""What was counted and drawn once is shown again for as long as nobody did anything: the dashboard's cache.

What is kept is told by the question, by whose eyes (their property, or all; their role: nothing on these pages is one
person's), the language and the end of the log at which it was counted. After a commit the end is another, and so nothing
stale is found; what only time changes (who still waits, what has come due) may be ten minutes behind.
"""

import hashlib
import json

from django.core.cache import caches
from django.utils.translation import get_language

from empower import clock

from ..drawing.rendering import SECONDS_UNTIL_AGAIN, noting_what_is_left_out
from ..queries.moment import end_of_log, one_moment
from ..services import keep_roll_ups

SECONDS = 600


def kept(question, what, make):
    """What ``make()`` answers, which must hold nothing of one person. Two queries where it is known already.

    ``make`` is called where all its queries see the same moment.
    """
    cache = caches["pictures"]
    with one_moment():
        found = cache.get(_key(question, what))
    if found is None:
        keep_roll_ups()
        with one_moment():
            key = _key(question, what)
            with noting_what_is_left_out() as left_out:
                found = make()
        cache.set(key, found, SECONDS_UNTIL_AGAIN if left_out else SECONDS)
    return found


def _key(question, what):
    selection = question.selection
    user = selection.user
    asked = [
        what,
        question.address("insights:dashboard"),
        str(selection.period),
        user.property_id if user.property_id else "all",
        user.role,
        user.signed_with_pin,
        get_language(),
        end_of_log(),
        int(clock.now().timestamp()) // SECONDS,
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()

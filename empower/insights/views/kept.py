"""What was counted and drawn once is shown again for as long as nobody did anything: the dashboard's cache.

What is kept is told by the question, by whose eyes (nothing on these pages is one person's), the language and the end of the
log at which it was counted. After a commit the end is another, and so nothing stale is found; what only time changes (who
still waits, what has come due) may be ten minutes behind.
"""

import hashlib
import json

from django.core.cache import caches
from django.utils.translation import get_language

from empower import clock

from ..drawing.rendering import SECONDS_UNTIL_AGAIN, noting_what_is_left_out
from ..queries.moment import end_of_log, eyes_of

SECONDS = 600


def kept(question, what, make):
    """What ``make()`` answers, which must hold nothing of one person. No query but that for the end of the log where it is
    known already. Inside one moment, so that what is kept is of that end.
    """
    cache, key = caches["pictures"], _key(question, what)
    found = cache.get(key)
    if found is None:
        with noting_what_is_left_out() as left_out:
            found = make()
        cache.set(key, found, SECONDS_UNTIL_AGAIN if left_out else SECONDS)
    return found


def _key(question, what):
    selection = question.selection
    asked = [
        what,
        question.address("insights:dashboard"),
        str(selection.period),
        eyes_of(selection.user),
        get_language(),
        end_of_log(),
        int(clock.now().timestamp()) // SECONDS,
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()

"""Which incidents had their like before them, told mostly by themselves."""

from bisect import bisect_left
from collections import defaultdict
from datetime import timedelta

from django.db.models import Exists

from empower.incidents.models import Incident

from ..facts import same_cause_before
from .ids import Ids

_DAYS = timedelta(days=30) // timedelta(microseconds=1)


def recurrent(told):
    """The ids of those that had a recovery of the same cause in the thirty days before, as `same_cause_before` tells one
    by one.

    Of (id, microseconds, category, department) of recoveries that are not void. Nearly all are seen among themselves; the
    others are asked for, in one query.
    """
    causes = defaultdict(list)
    for _pk, at, *cause in told:
        causes[(*cause,)].append(at)
    for moments in causes.values():
        moments.sort()
    found, unknown = set(), []
    for pk, at, category, department in told:
        if category is None or department is None:
            continue
        moments = causes[category, department]
        place = bisect_left(moments, at)
        is_again = place and at - moments[place - 1] <= _DAYS
        (found.add if is_again else unknown.append)(pk)
    if unknown:
        asked = Incident.objects.order_by().filter(Exists(same_cause_before()), pk__in=Ids(unknown))
        found.update(asked.values_list("pk", flat=True))
    return found

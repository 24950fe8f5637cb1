"""Before figures are asked for: what time alone has brought about is done, and what was commanded is in the roll-ups."""

from contextlib import ExitStack, contextmanager

from empower.spending.services import escalate_overdue_approvals

from ..queries.moment import once, one_moment
from ..queries.rollups.tail import tail
from .rolling import keep_roll_ups


@contextmanager
def up_to_date():
    """Inside, all is asked of one moment (`queries.moment`), of which the roll-ups tell everything. Nothing is written there.

    A dead scheduler shows no expired request as waiting: those whose time is up go where they go next first. Four queries
    where there is nothing to do.
    """
    escalate_overdue_approvals()
    with ExitStack() as moment:
        moment.enter_context(one_moment())
        if _something_is_new():
            moment.close()
            keep_roll_ups()
            moment.enter_context(one_moment())
        yield


def _something_is_new():
    found = once("tail", tail)
    return found is not None and bool(found.events or found.next > found.known)

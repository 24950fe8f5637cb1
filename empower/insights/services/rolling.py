"""Keeping the roll-ups: what the log says since it was read is counted anew and added, or all of it from nothing.

No command and no event: nothing is said here that the facts do not say. Whoever asks a report first does it, or the worker;
any number at once, one after the other.
"""

import secrets
from contextlib import contextmanager
from datetime import timedelta
from functools import reduce
from itertools import groupby

from django.db import OperationalError, connection, transaction

from empower.audit.services import sequence_waiting_events
from empower.notices.models import Reading

from ..models import RollUp
from ..queries.rollups.counting import tallies_of
from ..queries.rollups.pieces import FINEST_FIRST, begin_of, end_of
from ..queries.rollups.stored import ALL, corrections, in_all
from ..queries.rollups.tail import READER, log_ends_at, spans, tail
from ..queries.rollups.tallies import add, from_text, summed, to_text
from .adding import add_to_kept, write

Grain = RollUp.Grain

#: While they are made anew: a number of whoever began last.
_MAKING = "roll_ups_making"


def keep_roll_ups():
    """Brings the roll-ups up to the end of the log, where there are any. Returns how many blocks have changed.

    0 also where somebody is at it, where too much is new to be read in passing, or where there are none yet: then reports
    ask the facts, and `make_roll_ups` is for the worker. One query when there is nothing to do, else some fifty, of ten
    thousand commands as of one; for each two thousand that wait for their position five more, and one for each two hundred
    incidents whose cause may have changed.
    """
    found = tail()
    if found is None:
        return 0
    if not found.events:
        return _skip_to(found.next) if found.next > found.known else 0
    sequence_waiting_events()
    try:
        with _alone():
            found = tail()
            if found is None:
                return 0
            changed = _apply(corrections(found.blocks())) if found.events else 0
            Reading.objects.filter(name=READER).update(next_position=found.next)
            return changed
    except OperationalError:  # somebody keeps them already: on PostgreSQL the lock is not waited for long
        if connection.vendor != "postgresql":
            raise
        return 0


def make_roll_ups():
    """As `keep_roll_ups`, and makes them all where there are none or too much is new: the worker's duty."""
    return rebuild_roll_ups() if tail() is None else keep_roll_ups()


def rebuild_roll_ups():
    """Makes them all from the facts, a third of a month at a time; reports ask the facts meanwhile. Returns the blocks.

    Writers wait for no more than eleven days' counting on SQLite, and not at all on PostgreSQL. What is said meanwhile is
    read afterwards. Whoever begins later goes on alone. Stopped half-way there are none, and the next begins again.
    """
    sequence_waiting_events()
    mine = secrets.randbelow(2**62)
    with _alone():
        Reading.objects.filter(name=READER).delete()
        Reading.objects.update_or_create(name=_MAKING, defaults={"next_position": mine})
        RollUp.objects.all().delete()
        begins_at = log_ends_at()
    changed = 0
    for blocks in _thirds_of_months(spans()):
        with _alone():
            if not _is_still(mine):
                return changed
            changed += _make_days_and_their_third(blocks)
    kinds = RollUp.objects.order_by().values_list("house", "facet", "part").distinct()
    for house, facet, part in sorted(kinds):
        with _alone():
            if not _is_still(mine):
                return changed
            _make_months_and_years(house, facet, part)
    with _alone():
        if _is_still(mine):
            Reading.objects.filter(name=_MAKING).delete()
            Reading.objects.create(name=READER, next_position=begins_at)
    return changed


def _is_still(mine):
    return Reading.objects.filter(name=_MAKING, next_position=mine).exists()


def _skip_to(position):
    """Nothing about incidents was said up to here; to say so needs nobody's lock."""
    Reading.objects.filter(name=READER, next_position__lt=position).update(next_position=position)
    return 0


@contextmanager
def _alone():
    """One transaction that sees one moment of the database, and is the only one to keep the roll-ups."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        # Before the first SELECT, which fixes what is seen: after the lock, what the one before us has written is there.
        cursor.execute(f"LOCK TABLE {RollUp._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        yield


def _apply(found):
    """Adds the corrections of days to the days, the larger spans they lie in, and all of it of all properties together."""
    spans, sums = _by_day(found), {}
    for grain in FINEST_FIRST:
        spans = _in_larger(spans, grain)
        sums |= {(*kind, grain, begins): more for (*kind, begins), more in spans.items() if more}
    add_to_kept(sums)
    return len(found)


def _make_days_and_their_third(blocks):
    """Writes days of which there is nothing yet, all those of a third of a month. Returns of how many there is something."""
    found = {block: told for block, told in tallies_of(blocks).items() if told}
    days = _by_day(found)
    for grain, told in ((Grain.DAY, days), (Grain.THIRD, _in_larger(days, Grain.THIRD))):
        write((*kind, grain, begins, False, to_text(tally)) for (*kind, begins), tally in told.items() if tally)
    return len(found)


def _make_months_and_years(house, facet, part):
    """Writes what the thirds of months that there are come to. No more than a year of it is held at once."""
    thirds = RollUp.objects.filter(house=house, facet=facet, part=part, grain=Grain.THIRD).order_by("begins_on")
    told = _months_and_years(list(thirds.values_list("begins_on", "tally")))
    write((house, facet, part, grain, begins, False, to_text(tally)) for grain, begins, tally in told if tally)


def _months_and_years(thirds):
    """(grain, begins on, tally) of (begins on, text) in order."""
    for year, of_year in groupby(thirds, lambda third: begin_of(Grain.YEAR, third[0])):
        whole = {}
        for month, of_month in groupby(of_year, lambda third: begin_of(Grain.MONTH, third[0])):
            tally = reduce(add, (from_text(text) for _begins, text in of_month), {})
            add(whole, tally)
            yield Grain.MONTH, month, tally
        yield Grain.YEAR, year, whole


def _by_day(found):
    """{(house, facet, part, day): what is to be added}, of each house and of all together."""
    of_houses = {
        (house, facet, part, day): more for (house, day), told in found.items() for (facet, part), more in told.items()
    }
    of_all = summed(
        ((ALL, wider, part, day), tally)
        for (house, facet, part, day), more in of_houses.items()
        for wider, tally in in_all(house, facet, part, more)
    )
    return of_houses | of_all


def _in_larger(spans, grain):
    """The same by the spans of this ``grain`` in which they lie: days first, then each from the one before."""
    return summed(((*kind, begin_of(grain, begins)), more) for (*kind, begins), more in spans.items())


def _thirds_of_months(spans):
    """The blocks of all properties, those of a third of a month at a time: each span is then written once."""
    if not spans:
        return
    begins = begin_of(Grain.THIRD, min(first for first, _last in spans.values()))
    last = max(last for _first, last in spans.values())
    while begins <= last:
        ends = end_of(Grain.THIRD, begins)
        days = [begins + timedelta(days=number) for number in range((ends - begins).days + 1)]
        yield {(house, day) for house, (first, last_here) in spans.items() for day in days if first <= day <= last_here}
        begins = ends + timedelta(days=1)

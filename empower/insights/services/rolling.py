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
from ..queries.rollups.pieces import begin_of, end_of
from ..queries.rollups.stored import corrections
from ..queries.rollups.tail import READER, log_ends_at, spans, tail
from ..queries.rollups.tallies import add, from_text, to_text
from .news import by_day, facets_with_news, fold, in_larger, note, write

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
    changed = 0
    with _left_to_who_is_at_it(), _alone():
        found = tail()
        if found is not None:
            changed = note(corrections(found.blocks())) if found.events else 0
            Reading.objects.filter(name=READER).update(next_position=found.next)
    return changed


def make_roll_ups():
    """As `keep_roll_ups`, and makes them all where there are none or too much is new: the worker's duty.

    What is new of more than a week's days of a property is added to what it is new to (`news`).
    """
    changed = rebuild_roll_ups() if tail() is None else keep_roll_ups()
    fold_news()
    return changed


def fold_news(*, more_than=7):
    """Adds the news of each property and of all, by each facet of which there are news of ``more_than`` so many days.

    Nothing that a report says changes; it is read faster. Two queries, and some twenty for each of them: on SQLite others wait
    no longer than for one.
    """
    for house, facet in facets_with_news(more_than=more_than):
        with _left_to_who_is_at_it(), _alone():
            fold(house, facet)


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
def _left_to_who_is_at_it():
    """On PostgreSQL the lock is not waited for long: nothing is done where somebody else has it."""
    try:
        yield
    except OperationalError:
        if connection.vendor != "postgresql":
            raise


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


def _make_days_and_their_third(blocks):
    """Writes days of which there is nothing yet, all those of a third of a month. Returns of how many there is something."""
    found = {block: told for block, told in tallies_of(blocks).items() if told}
    days = by_day(found)
    for grain, told in ((Grain.DAY, days), (Grain.THIRD, in_larger(days, Grain.THIRD))):
        write((*kind, grain, begins, to_text(tally)) for (*kind, begins), tally in told.items() if tally)
    return len(found)


def _make_months_and_years(house, facet, part):
    """Writes what the thirds of months that there are come to. No more than a year of it is held at once."""
    thirds = RollUp.objects.filter(house=house, facet=facet, part=part, grain=Grain.THIRD).order_by("begins_on")
    told = _months_and_years(list(thirds.values_list("begins_on", "tally")))
    write((house, facet, part, grain, begins, to_text(tally)) for grain, begins, tally in told if tally)


def _months_and_years(thirds):
    """(grain, begins on, tally) of (begins on, text) in order."""
    for year, of_year in groupby(thirds, lambda third: begin_of(Grain.YEAR, third[0])):
        whole = {}
        for month, of_month in groupby(of_year, lambda third: begin_of(Grain.MONTH, third[0])):
            tally = reduce(add, (from_text(text) for _begins, text in of_month), {})
            add(whole, tally)
            yield Grain.MONTH, month, tally
        yield Grain.YEAR, year, whole


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

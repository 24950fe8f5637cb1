"""Keeping the roll-ups: what the log says since it was read is counted anew and added, or all of it from nothing.

No command and no event: nothing is said here that the facts do not say. Whoever asks a report first does it, or the worker;
any number at once, one after the other.
"""

import secrets
from contextlib import contextmanager
from datetime import timedelta

from django.db import OperationalError, connection, transaction

from empower.audit.services import sequence_waiting_events
from empower.notices.models import Reading

from ..models import RollUp
from ..queries.rollups.pieces import FINEST_FIRST, begin_of
from ..queries.rollups.stored import ALL, corrections, in_all
from ..queries.rollups.tail import READER, log_ends_at, spans, tail
from ..queries.rollups.tallies import add, from_text, to_text

#: While they are made anew: a number of whoever began last.
_MAKING = "roll_ups_making"


def keep_roll_ups():
    """Brings the roll-ups up to the end of the log, where there are any. Returns how many blocks have changed.

    0 also where somebody is at it, where too much is new to be read in passing, or where there are none yet: then reports
    ask the facts, and `make_roll_ups` is for the worker. One query when there is nothing to do; some fifty for what one
    command touched, and more by the tens for each two thousand commands.
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
    """Makes them all from the facts, ten days at a time; reports ask the facts meanwhile. Returns the blocks.

    Writers wait for no more than ten days' counting on SQLite, and not at all on PostgreSQL. What is said meanwhile is
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
    for blocks in _some_days_at_a_time(spans()):
        with _alone():
            if not _is_still(mine):
                return changed
            changed += _apply(corrections(blocks))
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
        for (house, facet, part, begins), more in spans.items():
            if more:
                sums[house, facet, part, grain, begins] = more
    _add_to_kept(sums)
    return len(found)


def _by_day(found):
    """{(house, facet, part, day): what is to be added}, of each house and of all together."""
    days = {}
    for (house, day), told in found.items():
        for (facet, part), more in told.items():
            days[house, facet, part, day] = more
            for wider, tally in in_all(house, facet, part, more):
                add(days.setdefault((ALL, wider, part, day), {}), tally)
    return days


def _in_larger(spans, grain):
    """The same by the spans of this ``grain`` in which they lie: days first, then each from the one before."""
    found = {}
    for (house, facet, part, begins), more in spans.items():
        add(found.setdefault((house, facet, part, begin_of(grain, begins)), {}), more)
    return found


def _add_to_kept(sums):
    kept, rows = _kept(sums), []
    for at, more in sums.items():
        tally = add(from_text(kept[at][1]) if at in kept else {}, more)
        if tally:
            rows.append((*at, to_text(tally)))
    replaced = [kept[at][0] for at in sums if at in kept]
    for place in range(0, len(replaced), 1000):
        RollUp.objects.filter(pk__in=replaced[place : place + 1000]).delete()
    _write(rows)


_COLUMNS = "house", "facet", "part", "grain", "begins_on", "tally"


def _write(rows):
    """On PostgreSQL as a COPY: to quote such texts for an INSERT takes longer than all the counting."""
    if connection.vendor != "postgresql":
        RollUp.objects.bulk_create(
            [RollUp(**dict(zip(_COLUMNS, row, strict=True))) for row in rows],
            batch_size=500,
        )
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {RollUp._meta.db_table} ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _kept(sums):
    """{(house, facet, part, grain, begins on): (id, text)} of those that are there, asked for by house and grain."""
    wanted, found = {}, {}
    for house, _facet, _part, grain, begins in sums:
        wanted.setdefault((house, grain), set()).add(begins)
    for (house, grain), days in wanted.items():
        rows = RollUp.objects.filter(house=house, grain=grain, begins_on__in=sorted(days))
        for pk, facet, part, begins, text in rows.values_list("pk", "facet", "part", "begins_on", "tally"):
            found[house, facet, part, grain, begins] = pk, text
    return found


def _some_days_at_a_time(spans, at_once=10):
    """The blocks of all properties, some days at a time: what is said of all together is then written once for them."""
    if not spans:
        return
    day, last = min(first for first, _last in spans.values()), max(last for _first, last in spans.values())
    while day <= last:
        days = [day + timedelta(days=number) for number in range(at_once)]
        yield {(house, one) for house, (begins, ends) in spans.items() for one in days if begins <= one <= ends}
        day += timedelta(days=at_once)

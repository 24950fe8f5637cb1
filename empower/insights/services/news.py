"""News of roll-ups: what is to be added to a day, and with it to all that it lies in, stands beside them for a while.

To write the third of a month, the month and the year of each house again takes longer than to count what is new in them.
Whoever reads adds both; the worker makes them one when the news are of many days.
"""

from django.db import connection
from django.db.models import Count

from empower.staff.models import Property

from ..models import RollUp
from ..queries.rollups.cells import FACETS
from ..queries.rollups.ids import Ids
from ..queries.rollups.pieces import FINEST_FIRST, begin_of
from ..queries.rollups.stored import ALL, in_all
from ..queries.rollups.tallies import add, from_text, summed, to_text

_NEWS = RollUp.Grain.NEWS
_COLUMNS = "house", "facet", "part", "grain", "begins_on", "tally"


def note(found):
    """Writes {(property id, day): {(facet, part): what is to be added}}. Returns of how many days. Some ten queries."""
    news = {(*kind, _NEWS, day): more for (*kind, day), more in by_day(found).items()}
    known = _kept(news)
    _delete(known)
    told = {at: add(from_text(known[at][1]), more) if at in known else more for at, more in news.items()}
    at_once = {at: more for at, more in told.items() if _takes_somebody_away(at, more)}
    write((*at, to_text(more)) for at, more in told.items() if more and at not in at_once)
    _add_to_kept(at_once)
    return len(found)


def fold(house, facet):
    """Adds the news of a property by this facet to its days and all that they lie in. Some ten queries."""
    rows = RollUp.objects.order_by().filter(house=house, facet=facet, part__in=FACETS, grain=_NEWS)
    news = {(*at,): from_text(text) for *at, text in rows.values_list(*_COLUMNS)}
    rows.delete()
    _add_to_kept(news)


def facets_with_news(*, more_than):
    """[(property id or `ALL`, facet)] whose news are of ``more_than`` so many days. Two queries."""
    houses = [ALL, *Property.objects.order_by().values_list("pk", flat=True)]
    facets = {*FACETS["acts"], "property", "team"}
    # All that the index is of.
    rows = RollUp.objects.filter(house__in=houses, facet__in=facets, part__in=FACETS, grain=_NEWS)
    days = (
        rows.order_by("house", "facet").values_list("house", "facet").annotate(days=Count("begins_on", distinct=True))
    )
    return [(house, facet) for house, facet, number in days if number > more_than]


def by_day(found):
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


def in_larger(spans, grain):
    """The same by the spans of this ``grain`` in which they lie: days first, then each from the one before."""
    return summed(((*kind, begin_of(grain, begins)), more) for (*kind, begins), more in spans.items())


def write(rows):
    """Writes (house, facet, part, grain, begins on, text) of which there is nothing yet.

    On PostgreSQL as a COPY: to quote such texts for an INSERT takes longer than all the counting.
    """
    if connection.vendor != "postgresql":
        RollUp.objects.bulk_create((RollUp(**dict(zip(_COLUMNS, row, strict=True))) for row in rows), batch_size=500)
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {RollUp._meta.db_table} ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _takes_somebody_away(at, more):
    """Who acted is read by name alone, and of the first so many: no row may take away what another says."""
    return at[2] == "people" and any(times < 0 for numbers in more.values() for times in numbers.values())


def _add_to_kept(news):
    """Adds {(house, facet, part, NEWS, day): tally} to the day, the third of a month, the month and the year."""
    spans, sums = {(*kind, day): more for (*kind, _news, day), more in news.items()}, {}
    for grain in FINEST_FIRST:
        spans = in_larger(spans, grain)
        sums |= {(*kind, grain, begins): more for (*kind, begins), more in spans.items() if more}
    kept = _kept(sums)
    _delete(kept)
    # Each text is made while the database still stores the one before it.
    told = ((at, add(from_text(kept[at][1]), more) if at in kept else more) for at, more in sums.items())
    write((*at, to_text(tally)) for at, tally in told if tally)


def _delete(kept):
    if kept:
        RollUp.objects.filter(pk__in=Ids(pk for pk, _text in kept.values())).delete()


def _kept(sums):
    """{(house, facet, part, grain, begins on): (id, text)} of those that are there. A query for each grain."""
    wanted, found = {}, {}
    for house, facet, part, grain, begins in sums:
        for known, one in zip(
            wanted.setdefault(grain, (set(), set(), set(), set())), (house, facet, part, begins), strict=True
        ):
            known.add(one)
    for grain, (houses, facets, parts, days) in wanted.items():
        # All that the index is of: it then reads these, and not every row of a house.
        rows = RollUp.objects.order_by().filter(
            grain=grain, house__in=houses, facet__in=facets, part__in=parts, begins_on__in=days
        )
        for pk, *at, text in rows.values_list("pk", *_COLUMNS):
            if (*at,) in sums:
                found[(*at,)] = pk, text
    return found

"""Writing roll-ups: rows of which there is nothing yet, and what is to be added to those that there are."""

from django.db import connection
from django.db.models import Func, IntegerField

from ..models import RollUp
from ..queries.rollups.ids import Ids
from ..queries.rollups.tallies import add, from_text, to_text

_COLUMNS = "house", "facet", "part", "grain", "begins_on", "is_delta", "tally"
_LARGE = frozenset({RollUp.Grain.MONTH, RollUp.Grain.YEAR})

_NOTHING = to_text({})

#: A delta is no more than this part of the row that it is to be added to: who reads it reads little more.
_AT_MOST = 0.5


def write(rows):
    """Writes (house, facet, part, grain, begins on, whether it is a delta, text).

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


def add_to_kept(sums):
    """Adds {(house, facet, part, grain, begins on): tally} to what is kept of each. Some ten queries, whatever their number.

    What is new in a month or a year goes into a row beside it, and both become one when that has grown to half of the
    other: so a year's text is written again after months' worth of news, and not with each spend.
    """
    kept = _kept(sums)
    deltas = {at: pk for (at, is_delta), (pk, _size) in kept.items() if is_delta}
    texts = _texts(deltas.values())
    news = {at: add(from_text(texts[deltas[at]]), more) if at in deltas else more for at, more in sums.items()}
    beside = {at: text for at, more in news.items() if (text := _text_beside(at, more, kept)) is not None}
    wholes = {at: kept[at, False][0] for at in news.keys() - beside.keys() if (at, False) in kept}
    texts = _texts(wholes.values())
    RollUp.objects.filter(pk__in=Ids([*deltas.values(), *wholes.values()])).delete()
    write((*at, True, text) for at, text in beside.items() if text != _NOTHING)
    write(_as_one(wholes, texts, {at: more for at, more in news.items() if at not in beside}))


def _as_one(wholes, texts, news):
    """What is written whole; each text is made while the database still stores the one before it."""
    for at, more in news.items():
        tally = add(from_text(texts[wholes[at]]), more) if at in wholes else more
        if tally:
            yield *at, False, to_text(tally)


def _text_beside(at, more, kept):
    """The text of what is to stand beside the row of a month or a year; None where it is to become one with it."""
    _house, _facet, part, grain, _begins = at
    if grain not in _LARGE or (at, False) not in kept:
        return None
    # Who acted is read by name alone, and of the first so many: no row may take away what another says.
    if part == "people" and any(times < 0 for numbers in more.values() for times in numbers.values()):
        return None
    text = to_text(more)
    return text if len(text) <= _AT_MOST * kept[at, False][1] else None


class _Size(Func):
    """How long a text is, about: PostgreSQL tells the bytes without fetching it."""

    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="LENGTH", **context)


def _kept(sums):
    """{((house, facet, part, grain, begins on), is it a delta): (id, size)} of those there are. A query for each grain."""
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
        for house, facet, part, begins, is_delta, *told in rows.values_list(
            "house", "facet", "part", "begins_on", "is_delta", "pk", _Size("tally")
        ):
            at = house, facet, part, grain, begins
            if at in sums:
                found[at, is_delta] = told
    return found


def _texts(pks):
    """{id: text}. A query, or none where there is no id."""
    pks = list(pks)
    return dict(RollUp.objects.order_by().filter(pk__in=Ids(pks)).values_list("pk", "tally")) if pks else {}

"""A whole list in one answer: NDJSON, CSV or XLSX, streamed in constant memory, of the same rows that its pages show.

NDJSON has the row as the API tells it, one a line. In CSV and XLSX the members of a thing inside a row have their names
joined by points (``approval.status``), a list of things is compact JSON in one cell, and the columns are the serializer's,
whatever the rows. Amounts and counts are numbers; ids, codes and moments are text: see `spreadsheets`.

Who reads NDJSON or CSV while something breaks is cut off in mid-transfer, with no end of the last chunk: a file that came
to its end is whole. XLSX is sent when it is whole.
"""

import json
import logging
from itertools import chain, islice

from django.http import FileResponse, StreamingHttpResponse
from rest_framework.renderers import JSONRenderer

from empower import clock
from empower.members import columns_of
from empower.spreadsheets import Number, csv_line, write_xlsx
from empower.wire import Amount

log = logging.getLogger(__name__)

#: Rows that are read from the database, and told, at a time.
ROWS_AT_ONCE = 500

MEDIA_TYPES = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class _Chosen(JSONRenderer):
    """Never renders rows: it stands for a choice of ``Accept``, and writes the problem document where there is one."""


class NDJSON(_Chosen):
    media_type, format = MEDIA_TYPES["ndjson"], "ndjson"


class CSV(_Chosen):
    media_type, format = MEDIA_TYPES["csv"], "csv"


class XLSX(_Chosen):
    media_type, format = MEDIA_TYPES["xlsx"], "xlsx"


#: What a list and a report can be asked for by ``Accept``; the first for who takes anything.
RENDERERS = (JSONRenderer, NDJSON, CSV, XLSX)


def form_asked_for(request):
    """``json`` or another of `MEDIA_TYPES`: the parameter ``format``, else what Accept chose. KeyError for no form."""
    asked = request.query_params.get("format")
    if asked is None:
        return getattr(request.accepted_renderer, "format", None) or "json"
    if asked not in MEDIA_TYPES:
        raise KeyError(asked)
    if asked == "json":  # whatever Accept chose
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), MEDIA_TYPES["json"]
    return asked


def name_of(address):
    """What the file is called, from the list's address and the day in UTC: nothing of what was asked, nobody's name."""
    parts = address.strip("/").split("/")[2:]
    return "-".join([*parts, clock.now().date().isoformat()])


def whole_list(request, form, rows, serializer, *, address=None):
    """The answer with all of ``rows`` (an ordered queryset) as ``serializer`` tells them.

    ``address`` is that of the API's list, where another door gives it out: it names the file.
    Queries: one, and one for each prefetch and each 500 rows. On PostgreSQL the rows come from a cursor of the server.
    """
    read = rows.iterator(chunk_size=ROWS_AT_ONCE)
    return answer(
        request,
        form,
        (serializer.to_representation(row) for row in read),
        list(columns_of(serializer)),
        address=address,
    )


def answer(request, form, told, columns, *, address=None):
    """The answer with the dicts of ``told`` in this form. ``columns``: [(path, field)], a field of amounts an `Amount`."""
    name = name_of(address or request.path_info)
    if form == "xlsx":
        title = name.rsplit("-", 3)[0]
        file = write_xlsx(title, [".".join(path) for path, _field in columns], (_cells(row, columns) for row in told))
        size = file.seek(0, 2)
        file.seek(0)
        response = FileResponse(file, content_type=MEDIA_TYPES[form])
        response["Content-Length"] = str(size)
    else:
        pieces = _joined(_ndjson(told) if form == "ndjson" else _csv(told, columns))
        # The first rows are read before anything is said, so that what fails at once is a problem document.
        first = next(pieces, b"")
        charset = "; charset=utf-8" if form == "csv" else ""
        response = StreamingHttpResponse(
            _to_the_end(chain([first], pieces), name), content_type=f"{MEDIA_TYPES[form]}{charset}"
        )
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Cache-Control"] = "no-store"
    return response


def _to_the_end(pieces, name):
    try:
        yield from pieces
    except Exception:
        # Raised on: the server cuts the connection, and half a list does not look like a whole one.
        log.exception("the export %s broke off", name)
        raise


def _joined(lines):
    """Bytes of some rows at a time: a line alone is too small for the way through the server."""
    lines = iter(lines)
    while piece := "".join(islice(lines, 100)):
        yield piece.encode()


def _ndjson(told):
    for row in told:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def _csv(told, columns):
    yield csv_line([".".join(path) for path, _field in columns])
    for row in told:
        yield csv_line(_cells(row, columns))


def _cells(row, columns):
    return [_cell(_inside(row, path), field) for path, field in columns]


def _inside(row, path):
    for name in path:
        if row is None:
            return None
        row = row[name]
    return row


def _cell(value, field):
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, str) and isinstance(field, Amount):
        return Number(value)
    return value

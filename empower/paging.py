"""Cursor paging: ``next``, ``previous``, ``results``. Imports no viewsets: REST framework loads it before they exist.

By id, newest first, or ``ordering=id``: ids are unique and only grow, so that a list can be walked to its end while
rows are added, with nothing skipped and nothing told twice. One query a page, however deep.
"""

from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import CursorPagination

from empower.problems import Problem

LARGEST_PAGE = 200
#: The query parameters that are the pager's and not a filter.
PARAMETERS = frozenset({"cursor", "page_size", "ordering"})


class CursorPaging(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    key = "id"
    first = "-id"

    def get_ordering(self, request, queryset, view):
        asked = request.query_params.get("ordering", self.first)
        if asked.removeprefix("-") != self.key:
            raise Problem(
                400,
                "invalid_choice",
                _("A list is ordered by -%(key)s (newest first) or %(key)s.") % {"key": self.key},
                field="ordering",
            )
        # The primary key is the tie-breaker and the order in one.
        return (asked,)

    def get_page_size(self, request):
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked)):
            raise Problem(
                400, "invalid", _("A page has 1 to %(most)s rows.") % {"most": LARGEST_PAGE}, field="page_size"
            )
        return min(int(asked), LARGEST_PAGE)

    def decode_cursor(self, request):
        try:
            cursor = super().decode_cursor(request)
        except Exception:  # whatever a made-up cursor runs into: wrong alphabet, wrong padding, not ASCII
            raise _bad_cursor() from None
        if cursor is not None and cursor.position is not None:
            position = cursor.position
            if not (position.isascii() and position.isdigit() and len(position) < 19):
                raise _bad_cursor()
        return cursor


def _bad_cursor():
    return Problem(
        400, "invalid_cursor", _("This cursor is none of ours: take it from next or previous."), field="cursor"
    )

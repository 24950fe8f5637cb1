"""Cursor paging: ``next``, ``previous``, ``results``. Imports no viewsets: REST framework loads it before they exist.

By id, newest first, or by an ``ordering`` that the list knows: a cursor carries where one stands in that order (see
`ordering`), so that a list can be walked to its end while rows are added, with nothing skipped and nothing told twice.
One query a page, however deep.
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import CursorPagination
from rest_framework.utils.urls import remove_query_param, replace_query_param

from empower.ordering import Order

LARGEST_PAGE = 200
#: The query parameters that are the pager's and not a filter.
PARAMETERS = frozenset({"cursor", "page_size", "ordering"})
_NEXT, _PREVIOUS = "n", "p"


class CursorPaging(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    #: What is unique and only grows: the tie-breaker of every order, and the first order of all.
    key = "id"
    first = "-id"

    def words(self, orderings):
        """What ``ordering`` takes, each also with a minus."""
        return [self.key, *(word for word in orderings if word != self.key)]

    def read(self, sent, *, model, orderings):
        """(`Order`, {parameter: [ValidationError]}) of the query's parameters; the order is None where it is wrong."""
        faults, order = {}, None
        try:
            order = Order.of(sent.get("ordering", self.first), model=model, orderings=orderings, key=self.key)
        except KeyError:
            known = ", ".join(self.words(orderings))
            message = _("It is ordered by one of these, the other way round with a minus: %(known)s.")
            faults["ordering"] = [ValidationError(message, "invalid_choice", {"known": known})]
        try:
            self.page_size = self._size(sent.get(self.page_size_query_param))
        except ValidationError as fault:
            faults["page_size"] = [fault]
        self.standing = None
        if order is not None and sent.get(self.cursor_query_param) is not None:
            try:
                self.standing = _decoded(sent[self.cursor_query_param], order)
            except ValidationError as fault:
                faults["cursor"] = [fault]
        return order, faults

    def _size(self, asked):
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked)):
            raise ValidationError(_("A page has 1 to %(most)s rows."), "invalid", {"most": LARGEST_PAGE})
        return min(int(asked), LARGEST_PAGE)

    def paginate_queryset(self, queryset, request, view=None):
        """The rows of the page; the view's ``listing`` has read what was asked. One query."""
        self.order, self.address = view.listing.order, request.build_absolute_uri()
        direction, values = self.standing or (None, None)
        backwards = direction == _PREVIOUS
        rows = self.order.applied(queryset) if values is None else None
        if rows is None:
            rows = self.order.from_position(queryset, values, backwards=backwards)
        found = list(rows[: self.page_size + 1])
        more, self.page = len(found) > self.page_size, found[: self.page_size]
        if backwards:
            self.page.reverse()
        self.has_next, self.has_previous = (True, more) if backwards else (more, direction is not None)
        return self.page

    def get_next_link(self):
        if self.has_next and self.page:
            return self._link(_NEXT, self.page[-1])
        # Nothing before where one stood: from the beginning.
        return remove_query_param(self.address, self.cursor_query_param) if self.has_next else None

    def get_previous_link(self):
        return self._link(_PREVIOUS, self.page[0]) if self.has_previous and self.page else None

    def _link(self, direction, row):
        said = json.dumps([direction, self.order.word, self.order.position_of(row)], separators=(",", ":"))
        cursor = urlsafe_b64encode(said.encode()).decode().rstrip("=")
        return replace_query_param(self.address, self.cursor_query_param, cursor)


def _decoded(cursor, order):
    """(direction, values) of a cursor of ours that was given for this order."""
    try:
        text = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode()
        direction, word, sent = json.loads(text)
        if direction not in (_NEXT, _PREVIOUS) or word != order.word:
            raise ValueError("another order")
        return direction, order.read_position(sent)
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError):
        message = _("This cursor is none of ours: take it from next or previous, with the same ordering.")
        raise ValidationError(message, "invalid_cursor") from None

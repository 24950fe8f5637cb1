"""The rows behind a figure: each leads to its incident. Nobody's name, and no order but that of time."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..permissions import can_read_rows
from ..queries.hiding import is_hidden
from ..queries.rows import OF_INCIDENTS, OF_REQUESTS, OF_SPENDS, OF_SUMS, PARTS, rows_of
from ..templatetags.figure_words import WORDS
from .asking import answering

A_PAGE = 50
#: By more minutes than a week has nobody asks.
_MOST_MINUTES = 7 * 24 * 60


@login_required
@require_safe
def rows(request, name):
    """What a figure was counted from, or with ``those=others`` what else it is out of. 404 for a figure with no rows here."""
    with answering(request) as question:
        return _page_of(request, question, name)


def _page_of(request, question, name):
    if not can_read_rows(request.user):
        raise PermissionDenied
    if not question.fits or name not in (*OF_INCIDENTS, *OF_SPENDS, *OF_REQUESTS):
        raise Http404
    part, others = _part(request, name), request.GET.get("those") == "others"
    selection = question.selection
    currency = request.GET.get("currency")
    if currency and currency not in selection.currencies:
        raise Http404
    if is_hidden(selection):
        raise PermissionDenied
    found = rows_of(selection, name, part, currency)
    shown = found.rest if others else found.counted
    if shown is None:
        raise Http404
    page = Paginator(_detailed(shown, name), A_PAGE).get_page(request.GET.get("page"))
    lines = [_line(row, name) for row in page]
    beside = found.counted if others else found.rest
    number_beside = None if beside is None else beside.count()
    kept = {name: value for name, value in (("part", part), ("currency", currency)) if value}
    address = question.address("insights:rows", name)
    beside_url = _with(address, kept | ({} if others else {"those": "others"}))
    return render(
        request,
        "insights/rows.html",
        {
            "selection": selection,
            "asked": question.narrowed,
            "title": f"{_title(name, part)}, {currency}" if currency else _title(name, part),
            "others": others,
            "of_sums": name in OF_SUMS,
            "page": page,
            "lines": lines,
            "number_beside": number_beside,
            "beside_url": beside_url,
            "dashboard_url": question.address("insights:dashboard"),
            "kept": _with(address, kept | ({"those": "others"} if others else {})).partition("?")[2],
        },
    )


def _part(request, name):
    text = request.GET.get("part", "0")
    most = PARTS.get(name, _MOST_MINUTES + 1)
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < most):
        raise Http404
    return int(text)


def _with(address, more):
    return f"{address}{'&' if '?' in address else '?'}{urlencode(more)}" if more else address


def _title(name, part):
    if name == "limit_use":
        return _("%(low)s to %(high)s per cent of the limit") % {"low": 5 * part, "high": 5 * (part + 1)}
    if name in ("yes_own", "yes_asked"):
        label = _("Yes, own act") if name == "yes_own" else _("Answered, where somebody was asked")
        return _("%(what)s: within %(minutes)s min") % {"what": label, "minutes": part} if part else label
    return WORDS[name][0]


def _detailed(found, name):
    if name in OF_INCIDENTS:
        return found.select_related("property", "department", "category").order_by("-occurred_at", "-pk")
    if name in OF_SPENDS:
        spends = found.select_related("property", "department", "gesture", "incident__category")
        return spends.order_by("-occurred_at", "-pk")
    requests = found.select_related("property", "spend__department", "spend__gesture", "spend__incident__category")
    return requests.order_by("-requested_at", "-pk")


def _line(row, name):
    """{moment, property, department, incident, gesture, amount, currency, mark} of a row."""
    if name in OF_INCIDENTS:
        return {
            "at": row.occurred_at, "property": row.property, "department": row.department, "incident": row,
            "url": reverse("spending:incident_page", args=[row.pk]),
        }  # fmt: skip
    spend = row if name in OF_SPENDS else row.spend
    return {
        "at": row.occurred_at if name in OF_SPENDS else row.requested_at,
        "property": row.property,
        "department": spend.department,
        "incident": spend.incident,
        "gesture": spend.gesture,
        "amount": spend.amount,
        "currency": spend.currency,
        "mark": None if name in OF_SPENDS else row.get_status_display(),
        "url": reverse("spending:incident_page", args=[spend.incident_id]),
    }

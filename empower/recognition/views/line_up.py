"""The line-up of a property and a day: a page that prints on one sheet, and the same as PDF."""

import logging
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from empower import clock
from empower.spending.services import escalate_overdue_approvals
from empower.staff.models import Property, Role

from ..permissions import can_choose_at, can_read_line_up
from ..queries.line_up import line_up as line_up_of
from . import paper
from .sheet import fit

log = logging.getLogger(__name__)

# Guests' names and rooms: neither a proxy nor this device keeps them.
not_kept = cache_control(private=True, no_store=True)


@login_required
@require_safe
@not_kept
def line_up(request):
    """Nothing asked: one's own property and its local today. Who oversees all chooses a property first."""
    property = asked_property(request)
    if property is None:
        return render(request, "recognition/choose_property.html", {"properties": _properties(request.user)})
    day, fits = asked_day(request, property)
    return render(request, "recognition/line_up.html", told(request, property, day, fits), status=200 if fits else 400)


@login_required
@require_safe
@not_kept
def line_up_pdf(request):
    """The same sheet. 404 where nobody installed the extra, or where the day is none."""
    property = asked_property(request)
    day, fits = asked_day(request, property) if property else (None, False)
    if not fits or not paper.is_possible():
        raise Http404
    html = render_to_string("recognition/line_up_paper.html", told(request, property, day, fits), request)
    try:
        body = paper.as_pdf(html, stylesheet="line-up.css")
    except paper.CannotPrint as lacking:
        log.error("No PDF: %s", lacking)
        messages.error(
            request, _("This server can't make a PDF yet. Print the page from your browser: it is the same.")
        )
        return redirect(address("recognition:line_up", property, day))
    name = f"line-up-{property.code}-{day.isoformat()}.pdf"
    return HttpResponse(
        body, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def asked_property(request):
    """The property in the address, or one's own; None where one oversees all and has named none. 404, 403."""
    user, code = request.user, request.GET.get("property")
    if user.role not in (*Role.ladder(), Role.AUDITOR) or user.is_superuser:
        raise PermissionDenied
    property = get_object_or_404(Property.objects.visible_to(user), code=code) if code else user.property
    if property is not None and not can_read_line_up(user, property.pk):
        raise PermissionDenied
    return property


def asked_day(request, property):
    """(the local day in the address, True); today's and False where what stands there is no day."""
    today = clock.local_day(clock.now(), property.timezone)
    text = request.GET.get("day")
    if not text:
        return today, True
    try:
        return clock.as_day(parse_date(text), "day"), True
    except (ValueError, ValidationError):
        return today, False


def address(name, property, day, **more):
    """Where a page is about this property and day."""
    return f"{reverse(name)}?{urlencode({'property': property.code, 'day': day.isoformat()} | more)}"


#: Where a sheet of paper is a Letter: there the PDF is one, elsewhere A4. A browser asks its printer.
_LETTER = {"USD", "CAD", "MXN", "COP", "CLP", "PHP", "CRC", "GTQ", "DOP"}


def _properties(user):
    return Property.objects.visible_to(user).order_by("name")


def told(request, property, day, fits):
    """What the page and the paper are made of."""
    user = request.user
    escalate_overdue_approvals()
    whole = request.GET.get("whole") == "1"
    found = line_up_of(property=property, day=day, user=user, whole=whole)
    sheet = fit(found, whole=whole)
    here = "recognition:line_up"
    return {
        "line_up": found,
        "sheet": sheet,
        "fits": fits,
        "property": property,
        "day": day,
        "properties": _properties(user) if user.sees_every_property else (),
        "previous": (day - timedelta(days=1), address(here, property, day - timedelta(days=1))),
        "next": (day + timedelta(days=1), address(here, property, day + timedelta(days=1))),
        "whole_url": request.build_absolute_uri(address(here, property, day, whole=1)),
        "sheet_url": address(here, property, day),
        "pdf_url": address("recognition:line_up_pdf", property, day, **({"whole": 1} if whole else {}))
        if paper.is_possible()
        else "",
        "stories_url": address("recognition:story_list", property, day),
        "may_choose": can_choose_at(user, property.pk) and day >= clock.local_day(clock.now(), property.timezone),
        "is_letter": property.currency in _LETTER,
        "now": clock.now(),
    }

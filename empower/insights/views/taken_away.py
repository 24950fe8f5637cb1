"""What is taken away from the dashboard: all of it on one page, for paper; and its figures as a table."""

import logging
import re
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from empower import clock, exporting
from empower.recognition.views import paper

from ..drawing.on_paper import on_paper
from ..drawing.rendering import tables_alone
from ..queries.dashboard import dashboard as dashboard_of
from ..queries.panels import PANELS, filled
from ..queries.selection import FILTERS
from ..serializers import TABLE_COLUMNS, figure_as_line
from ..templatetags.drawings import first_drawings
from ..templatetags.figure_words import WORDS
from ..templatetags.figures import said
from ..templatetags.pictures import pictures_of
from .asking import answering, asked_of, rows_behind
from .drawn import page_told, panel_told, panels_drawn
from .kept import kept

log = logging.getLogger(__name__)

#: Paper can't open it.
_TABLE_BEHIND = re.compile(r"<details(?: open)?><summary>.*?</details>", re.DOTALL)

#: A line of the table: the panel and the question, the figure, and beside it what it was in the period before.
#: ``says`` is what the page calls it, in the language of who asks, and ``told`` what it writes there. A cell of a table
#: behind a drawing is a line too: ``says`` is the drawing's title, and it has no figure's name.
_COLUMNS = (
    "panel", "from", "to", *FILTERS, "says", *TABLE_COLUMNS[4:], "before", "before_from", "before_to", "row", "column",
    "told",
)  # fmt: skip

_EMPTY = dict.fromkeys(_COLUMNS)


@login_required
@require_safe
def whole(request):
    """The dashboard with every panel whole, for paper and for who has no script. Slower than the page: it counts it all."""
    with answering(request) as question:
        return render(request, "insights/whole.html", whole_told(question), status=200 if question.fits else 400)


def whole_told(question):
    """What the whole page and the PDF are made of."""

    def make():
        panels = {name: panel_told(question.selection, name) for name in PANELS}
        before = {at: one for panel in panels.values() for at, one in panel["before"].items()}
        return panels_drawn(question, told=panels, before=before, is_whole=True)

    told = page_told(question, kept(question, "whole", make))
    return told | {
        "asked": question.narrowed,
        "dashboard_url": question.address("insights:dashboard"),
        "pdf_url": question.address("insights:pdf") if paper.is_possible() else "",
    }


@login_required
@require_safe
def pdf(request):
    """The whole page as PDF. 404 where nobody installed the extra, or where the question is none."""
    with answering(request) as question:
        if not question.fits or not paper.is_possible():
            raise Http404
        html = render_to_string("insights/dashboard_paper.html", whole_told(question), request)
    try:
        body = paper.as_pdf(on_paper(_TABLE_BEHIND.sub("", html)), stylesheet="dashboard-paper.css")
    except paper.CannotPrint as lacking:
        log.error("No PDF: %s", lacking)
        messages.error(
            request, _("This server can't make a PDF yet. Print the page from your browser: it is the same.")
        )
        return redirect(question.address("insights:whole"))
    name = f"dashboard-{clock.now().date().isoformat()}.pdf"
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )


@login_required
@require_safe
def figures(request, form):
    """What the page says as CSV or XLSX, figures and the tables behind its drawings, with the same question. 404 for
    another form.
    """
    if form not in ("csv", "xlsx"):
        raise Http404
    with answering(request) as question:
        if not question.fits:
            raise Http404

        def make():
            with tables_alone():
                return [_EMPTY | line for line in _lines(question.selection)]

        told = kept(question, "figures", make)
    columns = [((name,), None) for name in _COLUMNS]
    return exporting.answer(request, form, told, columns, address="/api/v1/dashboard/")


def _lines(selection):
    asked = {name: getattr(selection, name) for name in FILTERS}
    days = selection.period.begins, selection.period.ends
    asked |= {name: day and day.isoformat() for name, day in zip(("from", "to"), days, strict=True)}
    first, rows = dashboard_of(selection), rows_behind(selection)
    context = {"selection": selection, "rows": rows, "asked": partial(asked_of, selection)}
    for name in PANELS:
        found = filled(selection, name)
        for one in (*found.main, *found.more):
            was = found.before.get((one.name, one.currency))
            then = figure_as_line(was) if was else {}
            yield {
                "panel": name,
                **asked,
                "says": str(WORDS[one.name][0]),
                **figure_as_line(one),
                "before": then.get("value"),
                "before_from": then.get("interval_from"),
                "before_to": then.get("interval_to"),
                "told": said(one),
            }
        for chart in (*first_drawings(context, name, first), *pictures_of(name, selection, context["asked"])):
            yield from ({"panel": name, **asked, **cell} for cell in _cells(chart))


def _cells(chart):
    """Each cell of the table behind a drawing but those that name its rows."""
    title = str(chart.get("title_of_table") or chart["title"])
    for (_href, row), *cells in chart["rows"]:
        for column, (_href, told) in zip(chart["heads"][1:], cells, strict=True):
            yield {"says": title, "row": str(row), "column": str(column), "told": str(told)}

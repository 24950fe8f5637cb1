"""The dashboard: six questions, the figures that answer them, and the rows behind each.

The first answer is counted from the roll-ups. Each panel then fetches what is counted from the facts, and what it was in
the period before; without script a link leads to all of it on one page.
"""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from ..queries.panels import PANELS, period_before
from .asking import answering
from .drawn import page_told, panel_told, panels_drawn
from .kept import kept


@login_required
@require_safe
def dashboard(request):
    """What was asked is in the address; a wrong question is shown with its faults, and the usual one answered."""
    with answering(request) as question:

        def make():
            return panels_drawn(
                question,
                compares=period_before(question.selection.period) is not None,
                later={name: question.address("insights:panel", name) for name in PANELS},
            )

        told = page_told(question, kept(question, "first", make))
        # Whoever reads it needs what fetches the panels, whether or not they answer requests.
        return render(request, "insights/dashboard.html", told | {"later": True}, status=200 if question.fits else 400)


@login_required
@require_safe
def panel(request, name):
    """What comes to a panel after the first paint; a page of its own is all of them together."""
    if name not in PANELS:
        raise Http404
    with answering(request) as question:
        if not request.htmx:
            return redirect(f"{question.address('insights:whole')}#{name}")

        def make():
            return render_to_string("insights/_later.html", panel_told(question.selection, name))

        return HttpResponse(kept(question, name, make))

"""What is counted and drawn once for everybody with the same eyes, and what is said beside it to one person."""

from functools import partial

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from ..queries.dashboard import dashboard as dashboard_of
from ..queries.dashboard import waiting as waiting_of
from ..queries.panels import filled
from ..templatetags.figures import NOT_COMPARED, compared
from ..templatetags.looks import looks_of
from ..templatetags.pictures import pictures_of
from .asking import asked_of, leads_to, rows_behind, rows_of_teams

#: Where in the panels it is said what waits for this person: it is nobody else's, and is put in last.
_WAITING_HERE = "<li hidden data-waiting></li>"


def panels_drawn(question, **more):
    """The six panels, and what the page says of them as a whole: nothing of one person is in it."""
    selection = question.selection
    found = dashboard_of(selection)
    told = {
        "user": selection.user,
        "selection": selection,
        "found": found,
        "asked": partial(asked_of, selection),
        "rows": rows_behind(selection) | {"teams": rows_of_teams(selection, found.quiet_teams)},
        "whole_url": question.address("insights:whole"),
    }
    html = render_to_string("insights/_panels.html", told | more)
    return {"html": html, "hidden": found.hidden, "is_empty": found.is_empty}


def page_told(question, drawn):
    """What the page and the paper are made of: the panels, and in them what waits for this person. One query."""
    user, waiting = question.selection.user, waiting_of(question.selection)
    may_see_queue = user.rank > 0 or user.sees_every_property
    here = render_to_string("insights/_waiting.html", {"waiting": waiting, "may_see_queue": may_see_queue})
    return {
        "form": question.form,
        "fits": question.fits,
        "selection": question.selection,
        "chosen": question.chosen,
        "hidden": drawn["hidden"],
        "is_empty": drawn["is_empty"],
        "waiting": waiting,
        "may_see_queue": may_see_queue,
        # Ours, and escaped where it was made.
        "panels": mark_safe(drawn["html"].replace(_WAITING_HERE, here)),  # noqa: S308
        "whole_url": question.address("insights:whole"),
        "csv_url": question.address("insights:figures", "csv"),
        "xlsx_url": question.address("insights:figures", "xlsx"),
    }


def panel_told(selection, name):
    """What `_told.html` says of the panel of this ``name``, and what its main figures were before."""
    found, rows = filled(selection, name), rows_behind(selection)
    asked = partial(asked_of, selection)
    return {
        "name": name,
        "figures": [(one, leads_to(one, rows)) for one in found.more],
        "looks": looks_of(selection, found.more, asked) if name == "look" else [],
        "charts": pictures_of(name, selection, asked),
        "before": found.before,
        "then": [
            (one, compared(one, found.before.get((one.name, one.currency))))
            for one in found.main
            if found.before and one.name not in NOT_COMPARED
        ],
    }

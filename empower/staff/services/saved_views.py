"""Views of the desk's lists that somebody keeps under a name."""

import re
from urllib.parse import parse_qsl

from django.utils.translation import gettext_lazy as _

from empower.audit.services import command, record_event
from empower.refusals import NotPermitted, NotPossible
from empower.texts import as_sent, malformed

from ..models import SavedView
from ..permissions import may_open_admin

#: Of one person and list: more than these no row of links shows.
MOST = 20
_SEARCH = "q"
#: What filters take: codes, ids, days, the numbers of columns. No blank, hence no words.
_NAME, _VALUE = re.compile(r"[a-z][a-z0-9_]{0,79}"), re.compile(r"[A-Za-z0-9_.,:+-]{0,64}")


@command("saved_view.created")
def save_view(*, actor, page, name, query, is_shared=False):
    """Keep how a list (``page``) is narrowed, by its ``query``, under a ``name``; to be seen by one's property where it
    ``is_shared``. Event ``saved_view.created``, without name and query.

    By who opens the desk. ValidationError names ``name`` (taken, too long) or ``query``: a search is refused, since what
    is searched for may be a guest's name, and nothing that is kept here would be erased with the guest. NotPossible
    ``too_many`` above 20 for a list.
    """
    if not may_open_admin(actor):
        raise NotPermitted("no_desk", _("Views are kept by those who open the desk."))
    as_sent(name, "name", longest=60, required=True)
    _check(as_sent(query, "query", longest=500))
    mine = SavedView.objects.filter(owner=actor, page=page)
    if mine.filter(name=name).exists():
        raise malformed("name", _("You have a view of this name: choose another."), code="unique")
    if mine.count() >= MOST:
        raise NotPossible(
            "too_many", _("You keep as many views of this list as fit: delete one first."), state={"most": MOST}
        )
    view = SavedView(
        owner=actor, property_id=actor.property_id, page=page, name=name, query=query, is_shared=bool(is_shared)
    )
    view.full_clean()
    view.save(force_insert=True)
    record_event(
        actor=actor,
        verb="saved_view.created",
        subject=view,
        property_id=view.property_id,
        after={"page": page, "is_shared": view.is_shared},
    )
    return view


@command("saved_view.deleted", subject="view")
def delete_view(*, actor, view):
    """By its owner alone. Event ``saved_view.deleted``."""
    if view.owner_id != actor.pk:
        raise NotPermitted("not_yours", _("A view is deleted by whoever keeps it."))
    record_event(actor=actor, verb="saved_view.deleted", subject=view, property_id=view.property_id)
    view.delete()


def _check(query):
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name == _SEARCH:
            raise malformed(
                "query",
                _("A search is not kept: it may be a guest's name. Clear it, and save what the filters say."),
                code="search",
            )
        if not (_NAME.fullmatch(name) and _VALUE.fullmatch(value)):
            raise malformed("query", _("This can't be kept as a view: choose among the filters."))

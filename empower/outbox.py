"""What a phone's outbox is told: a page's own door, asked for JSON, so that a draft goes the way its form would have gone.

The outbox (static/outbox.js) sends what a form holds, under the form's key, with the header ``Draft-Of``: whose draft it
is. It is carried out in that person's own session and in no other. ``now`` in ``Draft-Sent`` says that the person
watches; what was sent later tells them by itself.

An answer names the draft's key (``once``), so that a portal's welcome page is not taken for one. ``status`` is

* ``done``: ``url`` to see it at, ``says`` what came of it; the draft may go;
* ``choose``: not done, ``answers`` would be right now, each with the fields to send again;
* ``mend``: not done, the person has to look;
* ``wait``: not done, and the same draft can be sent again later.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _

OF, SENT = "Draft-Of", "Draft-Sent"


def asks(request):
    """Whether it is the outbox that asks."""
    return OF in request.headers


def is_watched(request):
    """Whether somebody waits for this answer in front of the page: then the next page tells them."""
    return not asks(request) or request.headers.get(SENT) == "now"


def door_for_drafts(view):
    """Lets the outbox in at a page's door: 401 and 403 in JSON, never a page to sign in at. Goes above `login_required`."""

    @wraps(view)
    def door(request, *args, **kwargs):
        if not asks(request):
            return view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return _told(request, 401, "wait", "sign_in", _("Sign in again, and it goes out by itself."))
        if request.headers[OF] != str(request.user.pk):
            return _told(request, 403, "wait", "somebody_else", _("It goes out when its writer signs in here."))
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied:
            return _told(request, 403, "wait", "not_permitted", _("You may not do this here at present."))
        except Http404:
            return _told(request, 404, "mend", "not_there", _("This is no longer there for you to see."))

    return door


def done(request, *, url, says="", photos_url=""):
    """It is done, by this sending or by an earlier one of the same."""
    return _told(request, 200, "done", "done", says, url=url, photos_url=photos_url)


def to_mend(request, form, *, url=""):
    """It was turned down, with what the form has to say; ``url`` is where the person may look."""
    code = form.refusal.code if form.refusal is not None else "invalid"
    words = [str(error) for errors in form.errors.values() for error in errors]
    status = "wait" if code == "in_progress" else "mend"
    return _told(request, form.status, status, code, " ".join(words), url=url)


def refused(request, code, says, *, url=""):
    """It can't be done as things stand."""
    return _told(request, 409, "mend", code, says, url=url)


def to_choose(request, says, answers):
    """Nothing was done: ``answers`` is a list of ``{"label": ..., "fields": {name: value}}``, the best first."""
    return _told(request, 409, "choose", "above", says, answers=answers)


def _told(request, status_code, status, code, says, **more):
    once = request.POST.get("once", "") if request.method == "POST" else ""
    told = {"status": status, "code": code, "says": str(says), "once": once} | more
    return JsonResponse(told, status=status_code, headers={"Cache-Control": "no-store"})

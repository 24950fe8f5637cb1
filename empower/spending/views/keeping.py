"""What a phone may keep of a page, for whom and until when."""

from functools import wraps

from empower import clock
from empower.devices.middleware import IDLE

#: Seconds that a page with guests' names stays on a phone without the server having been asked: a shift.
LONGEST = 12 * 3600
FOR, UNTIL, KEEPING = "Keep-For", "Keep-Until", "Keeping"


def kept_until(request):
    """Until when, in seconds since 1970: no longer than the person stays signed in here, on a shared phone minutes."""
    is_shared = getattr(request, "shared_device", None) is not None
    longest = int(IDLE.total_seconds()) if is_shared else LONGEST
    return int(clock.now().timestamp()) + min(longest, request.session.get_expiry_age())


def keepable(view):
    """Marks a page for the service worker: whose it is, and until when it may be shown without a network.

    Only what the worker itself asked for, with the header ``Keeping``, is marked: a page that was asked for by a person
    may carry what was said to them just then. `_toasts.html` says nothing on a page that is kept.
    """

    @wraps(view)
    def page(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.method == "GET" and KEEPING in request.headers and response.status_code == 200:
            if request.user.is_authenticated:
                response[FOR], response[UNTIL] = str(request.user.pk), str(kept_until(request))
            response["Cache-Control"] = "no-store"
        return response

    return page

"""Which shared phone a request comes from, and whether whoever is signed in there still may be."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from empower import clock

from .models import Pin
from .services import find_device, note_device_used

COOKIE, SALT = "device", "empower shared device"
#: Browsers keep a cookie no longer; it is written anew at each sign-in.
COOKIE_LIVES = 400 * 24 * 3600
#: How long a session on a shared phone rests before it is over.
IDLE = timedelta(minutes=10)
# Noted no oftener than this: a read stays a read.
_BETWEEN_NOTES = timedelta(seconds=30)
#: What only a password opens. That its services refuse as well is the rule; this says so before a form is filled in.
BEHIND_THE_PASSWORD = (
    "/admin/",
    "/accounts/password/",
    "/accounts/reauthenticate/",
    "/me/tokens/",
    "/me/deputies/",
    "/me/on-call/",
    "/devices/",
)
OPEN_TO_ALL = ("/devices/sign-in/", "/devices/first-time/", "/devices/hand-over/", "/devices/stay/")


def device_of(request):
    """The enrolled `SharedDevice` that this request comes from, or None. One query where there is a cookie, once."""
    if not hasattr(request, "shared_device"):
        secret = request.get_signed_cookie(COOKIE, default=None, salt=SALT) if COOKIE in request.COOKIES else None
        request.shared_device = find_device(secret=secret)
    return request.shared_device


def remember_device(response, secret):
    """Has the browser keep the phone's secret: for the server alone, never for a script."""
    response.set_signed_cookie(
        COOKIE, secret, salt=SALT, max_age=COOKIE_LIVES, secure=settings.SECURE_COOKIES, httponly=True, samesite="Lax"
    )


def forget_device(response):
    response.delete_cookie(COOKIE, samesite="Lax")


def begin_session(request, device):
    """After a sign-in by PIN: the session is this phone's and this PIN's, and ends with the browser."""
    request.session["pin"] = {"device": device.pk, "version": request.user.pin.version}
    _note_seen(request)
    note_device_used(device=device)


def shared_phones(get_response):
    """Middleware, to be placed after Django's authentication and messages.

    On an enrolled phone every session is short and no page is kept by the browser; one that began with a PIN is ended when
    the phone is revoked, the PIN is another, or the person works elsewhere. Nothing is asked where there is neither cookie
    nor such a session.
    """

    def middleware(request):
        device = device_of(request)
        by_pin = request.session.get("pin") if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if device is None and not by_pin:
            return get_response(request)
        was_in = request.user.is_authenticated
        if was_in and (said := _why_over(request, device, by_pin)):
            logout(request)
            messages.info(request, said)
        elif was_in:
            _note_seen(request)
            path = request.path_info
            if by_pin and path.startswith(BEHIND_THE_PASSWORD) and not path.startswith(OPEN_TO_ALL):
                raise PermissionDenied
        response = get_response(request)
        if was_in:
            # The back button, after the phone went on, shows nobody else's page.
            add_never_cache_headers(response)
            if not request.user.is_authenticated:
                # Not "storage": what was written down without a signal still waits there to be sent.
                response["Clear-Site-Data"] = '"cache"'
        return response

    return middleware


def _why_over(request, device, by_pin):
    """What to say to whoever was signed in, where the session is over; else nothing. One query for a session by PIN."""
    seen = request.session.get("seen")
    if seen is not None and clock.now().timestamp() - seen > IDLE.total_seconds():
        return _("You were signed out: nothing was touched here for ten minutes.")
    if not by_pin:
        return ""
    person = request.user
    holds = (
        device is not None
        and device.pk == by_pin.get("device")
        and person.property_id == device.property_id
        and Pin.objects.filter(employee=person.pk, version=by_pin.get("version")).exclude(secret="").exists()
    )
    return "" if holds else _("You were signed out: this phone or this PIN is no longer in use.")


def _note_seen(request):
    # What a page asks for by itself is nobody's touch.
    by_itself = "HX-Request" in request.headers or "Keeping" in request.headers
    if by_itself or request.headers.get("Draft-Sent") == "later":
        return
    now = clock.now().timestamp()
    seen = request.session.get("seen")
    if seen is None or now - seen >= _BETWEEN_NOTES.total_seconds():
        request.session["seen"] = int(now)
        request.session.set_expiry(0)  # ends with the browser, whatever the sign-in said

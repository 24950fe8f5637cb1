"""The product as an app on a phone: its manifest, its service worker, the page of what waits there, and its outbox."""

import json
from hashlib import sha256
from hmac import new as hmac

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .keeping import keepable, kept_until

#: What every page is drawn and driven with; the worker keeps these files, and new ones when one of them has changed.
SHELL = ["look.css", "icons.svg", "mark.svg", "empower.js", "outbox.js", "phone.js", "shared-phone.js"]
SHELL += ["icons/app-192.png"]
WORKER = ["outbox.js", "worker.js"]
PAPER, INK = "#eff3ed", "#12543d"


@require_safe
def manifest(request):
    """How a device installs it. Public, the same for all."""
    icons = [
        {"src": static("mark.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("icons/app-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("icons/app-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": static("icons/app-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    shortcuts = [
        {"name": _("Log and give"), "url": reverse("spending:log_and_give")},
        {"name": _("On this phone"), "url": reverse("spending:on_this_phone")},
    ]
    told = {
        "id": "/",
        "name": "Empower",
        "short_name": "Empower",
        "description": _("What happened, what I gave, done."),
        "start_url": reverse("spending:log_and_give"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": INK,
        "icons": icons,
        "shortcuts": shortcuts,
    }
    response = HttpResponse(json.dumps(told), content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def worker(request):
    """The service worker. At the root, since it may serve no page above its own place. Public.

    Its few lines name the files of the shell by their version, so that a browser sees a new worker when one changed.
    """
    told = {
        "version": _version(),
        "files": [static(name) for name in SHELL],
        "nobodys": reverse("spending:on_this_phone"),
        "log": reverse("spending:log_and_give"),
        "signIn": reverse("account_login"),
        "signOut": [reverse("account_logout"), reverse("devices:hand_over")],
    }
    imported = ", ".join(json.dumps(static(name)) for name in WORKER)
    response = HttpResponse(
        f"self.shell = {json.dumps(told)};\nimportScripts({imported});\n", content_type="text/javascript"
    )
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/"
    return response


def _version():
    """A short name for the shell as it is now. With hashed names the names say it; else the files themselves."""
    digest = sha256()
    for name in [*SHELL, *WORKER]:
        digest.update(static(name).encode())
        if not hasattr(staticfiles_storage, "stored_name") and (path := finders.find(name)):
            with open(path, "rb") as file:
                digest.update(file.read())
    return digest.hexdigest()[:16]


@require_safe
@keepable
def on_this_phone(request):
    """What waits on this phone. The page holds nothing of it: its script shows the drafts of who is signed in here.

    Open to nobody in particular too: that one the worker shows where it has no other page.
    """
    return render(request, "spending/on_this_phone.html")


@require_safe
def outbox(request):
    """For the outbox: who is signed in, a fresh CSRF token, and the keys to that person's drafts on their phone.

    A draft is sealed with the first key, and opened with any: those of the SECRET_KEY_FALLBACKS follow. A key opens
    nothing but drafts, and only on the phone that has them. Nobody is an answer too, and no error: ``person`` is "".
    """
    if not request.user.is_authenticated:
        return JsonResponse({"person": ""}, headers={"Cache-Control": "no-store"})
    told = {
        "person": str(request.user.pk),
        "token": get_token(request),
        "until": kept_until(request),
        "keys": [_key_of(request.user, secret) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]],
    }
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


def _key_of(employee, secret):
    """256 bits in hex, derived: nothing to keep, the same on each of the person's phones."""
    key = sha256(b"empower drafts on a phone" + secret.encode()).digest()
    return hmac(key, str(employee.pk).encode(), sha256).hexdigest()

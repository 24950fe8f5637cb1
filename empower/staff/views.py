"""The first page by role, and the choices a person makes for a device."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import activate, check_for_language
from django.views.decorators.http import require_POST

from .models import Role
from .services import change_employee

FIRST_PAGES = {
    Role.FRONTLINE: ["spending:today"],
    Role.MANAGER: ["spending:queue"],
    Role.GENERAL_MANAGER: ["insights:dashboard", "spending:queue"],
    Role.LEADER: ["insights:dashboard", "incidents:incident_list"],
    Role.AUDITOR: ["insights:dashboard", "incidents:incident_list"],
}
A_YEAR = 365 * 24 * 3600


@login_required
def home(request):
    """Where this role's day begins."""
    response = redirect(_first_page(request.user))
    if request.user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        _remember_language(response, request.user.language)
    return response


def _first_page(user):
    for name in [] if user.is_superuser else FIRST_PAGES.get(user.role, []):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return reverse("admin:index")


@login_required
@require_POST
def choose_theme(request):
    """Light, dark, or what the device says, on this device."""
    response = redirect(_back(request))
    chosen = request.POST.get("theme")
    if chosen in ("light", "dark"):
        response.set_cookie(
            "theme", chosen, max_age=A_YEAR, secure=settings.SECURE_COOKIES, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@login_required
@require_POST
def choose_language(request):
    """The language of the pages, kept with the person and on this device."""
    chosen = request.POST.get("language", "")
    response = redirect(_back(request))
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        change_employee(actor=request.user, employee=request.user, language=chosen)
        activate(chosen)
        _remember_language(response, chosen)
    return response


def _remember_language(response, language):
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def _back(request):
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return to if safe else "/"

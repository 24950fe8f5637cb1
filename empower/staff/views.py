"""The first page by role, the choices a person makes for a device, and the tokens they let other systems use."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import activate, check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from .forms import OnceForm, TokenForm
from .models import ApiToken, Role
from .scopes import may_have
from .services import change_employee, issue_token, revoke_token

FIRST_PAGES = {
    Role.FRONTLINE: ["spending:today"],
    Role.MANAGER: ["spending:queue"],
    Role.GENERAL_MANAGER: ["recognition:line_up", "insights:dashboard"],
    Role.LEADER: ["insights:dashboard", "incidents:incident_list"],
    Role.AUDITOR: ["insights:dashboard", "incidents:incident_list"],
}
A_YEAR = 365 * 24 * 3600
#: Tokens that ended, still shown: to know again what was taken back.
ENDED_SHOWN = 10


@login_required
def home(request):
    """Where this role's day begins."""
    response = redirect(_first_page(request.user))
    if request.user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        _remember_language(response, request.user.language)
    return response


def _first_page(user):
    role = Role.FRONTLINE if user.signed_with_pin else user.role
    for name in [] if user.is_superuser else FIRST_PAGES.get(role, []):
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


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def token_list(request):
    """One's own tokens, and a form for another.

    The answer to the form is the page itself, with the secret in it: a redirect would have to keep the secret somewhere.
    """
    form = TokenForm(request.POST or None, employee=request.user)
    secrets = []
    if request.method == "POST":

        def make(answers):
            token, secret = issue_token(actor=request.user, employee=request.user, **form.wish(answers))
            secrets.append(secret)
            return token

        made = form.carry_out(request, make, object_type="apitoken")
        if made is not None:
            token = ApiToken.objects.get(pk=made)
            return _show_tokens(
                request,
                TokenForm(employee=request.user),
                made=token,
                secret=secrets[0] if secrets else None,
            )
    return _show_tokens(request, form, status=form.status if form.errors else 200)


def _show_tokens(request, form, *, status=200, **context):
    own = ApiToken.objects.filter(employee=request.user).select_related("made_with")
    context |= {
        "form": form,
        "may_make": bool(may_have(request.user)),
        "living": own.alive(),
        "ended": own.ended().order_by("-pk")[:ENDED_SHOWN],
    }
    return render(request, "staff/token_list.html", context, status=status)


@login_required
@require_POST
def revoke(request, pk):
    """One tap: what signs with this token is turned away from now on."""
    token = get_object_or_404(ApiToken.objects.filter(employee=request.user), pk=pk)
    form = OnceForm(request.POST)
    made = form.carry_out(
        request, lambda _answers: revoke_token(actor=request.user, token=token), object_type="apitoken"
    )
    if made is None:
        return _show_tokens(request, TokenForm(employee=request.user), status=form.status, refused=form)
    messages.success(request, _("Taken back. It opens nothing any more."))
    return redirect("staff:token_list")

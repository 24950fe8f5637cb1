"""Which mail one wants: a choice on the own page, and the link in a mail that ends it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from empower.refusals import NotPermitted

from .services import choose_mail, find_stop, stop_mail


@login_required
@require_POST
def choose(request):
    """One kind of mail, from now on or no more."""
    wanted = request.POST.get("wanted") == "yes"
    try:
        choose_mail(actor=request.user, employee=request.user, kind=request.POST.get("kind", ""), wanted=wanted)
    except ValidationError:
        messages.error(request, _("There is no such mail."))
    except NotPermitted as refused:
        raise PermissionDenied from refused
    else:
        messages.success(request, _("You get this mail.") if wanted else _("You get this mail no more."))
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(to if safe else "spending:own_page")


# Whoever has the link may end this one mail, a mailbox in their place too: it sends no cookie and no token.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, secret):
    """A GET shows a button, so that a scanner that follows links ends nothing; a POST ends it, of the button or of the
    mailbox (RFC 8058).
    """
    found = find_stop(secret=secret)
    if found is None:
        raise Http404
    employee, kind = found
    if request.method == "POST":
        stop_mail(employee=employee, kind=kind.name)
    return render(request, "notices/stop.html", {"kind": kind, "is_done": request.method == "POST"})

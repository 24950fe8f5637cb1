"""A one-time link from a mail: it shows a request, without the guest, once. To answer one signs in."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from empower import clock

from ..models import Approval
from ..services import escalate_overdue_approvals, find_link, open_link

#: How long the browser that opened it may look.
SHOWN_FOR = 15 * 60
_SALT = "empower request link"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_link(request, secret):
    """A GET shows a button, so that a scanner that follows links in mail opens nothing; its POST opens, the first time.

    Whoever is signed in and may see the request goes straight to it. Afterwards, and when it is over: 410, and the way in.
    """
    link = find_link(secret=secret)
    if link is None:
        raise Http404
    here = reverse("spending:request_page", args=[link.approval_id])
    if request.user.is_authenticated and Approval.objects.visible_to(request.user).filter(pk=link.approval_id).exists():
        return redirect(here)
    if request.method == "POST" and open_link(link=link):
        response = redirect("spending:request_link", secret)
        response.set_signed_cookie(
            _name(link), link.pk, salt=_SALT, max_age=SHOWN_FOR, path=request.path, secure=settings.SECURE_COOKIES,
            httponly=True, samesite="Lax",
        )  # fmt: skip
        return response
    way_in = f"{settings.LOGIN_URL}?next={here}"
    if _opened_here(request, link):
        escalate_overdue_approvals()
        link.approval.refresh_from_db(fields=["status", "asked_role", "due_at", "question_asked_at", "decided_amount"])
        spend = link.approval.spend
        context = {"approval": link.approval, "spend": spend, "way_in": way_in, "limit": spend.limit_in_force or 0}
        return render(request, "spending/link_shown.html", context)
    is_over = link.opened_at is not None or link.expires_at <= clock.now() or request.method == "POST"
    return render(request, "spending/link.html", {"is_over": is_over, "way_in": way_in}, status=410 if is_over else 200)


def _name(link):
    return f"link-{link.pk}"


def _opened_here(request, link):
    """Whether this browser opened it, a short while ago."""
    said = request.get_signed_cookie(_name(link), default=None, salt=_SALT, max_age=SHOWN_FOR)
    return said == str(link.pk) and link.expires_at > clock.now()

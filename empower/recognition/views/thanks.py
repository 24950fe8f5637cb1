"""Thanks on pages: the cards one was written, those one wrote, and writing one from an incident."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from empower.incidents.models import Incident
from empower.staff.forms import OnceForm
from empower.staff.models import Employee
from empower.staff.permissions import sees_guests

from ..forms import ThanksForm
from ..models import Thanks
from ..permissions import can_thank
from ..services import give_thanks, withdraw_thanks

A_PAGE = 20
#: The last ones that one wrote: enough to find one that was sent by mistake.
WRITTEN_SHOWN = 10


@login_required
def thanks_list(request):
    """What colleagues wrote to this person, the latest first, and what they wrote themself. No count, no comparison."""
    return _show(request)


def _show(request, *, status=200, refused=None):
    user = request.user
    if not sees_guests(user):
        raise PermissionDenied
    cards = Thanks.objects.visible_to(user).standing().with_details()
    page = Paginator(cards.filter(receiver=user), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "written": cards.filter(given_by=user)[:WRITTEN_SHOWN], "refused": refused}
    return render(request, "recognition/thanks_list.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def thank(request, pk):
    """A card to a colleague for what they did on this incident."""
    incidents = Incident.objects.visible_to(request.user).with_details()
    incident = get_object_or_404(incidents, pk=pk)
    if not can_thank(request.user, incident):
        raise PermissionDenied
    form = ThanksForm(request.POST or None, colleagues=_colleagues(request.user, incident))
    if request.method == "POST":
        made = form.carry_out(
            request,
            lambda data: give_thanks(
                actor=request.user, incident=incident, receiver=data["receiver"], text=data["text"]
            ),
            object_type="thanks",
        )
        if made is not None:
            messages.success(request, _("Your thanks are with them."))
            return redirect("spending:incident_page", pk=pk)
    context = {"form": form, "incident": incident}
    return render(request, "recognition/thank.html", context, status=form.status if form.errors else 200)


def _colleagues(user, incident):
    """Everybody who works there and leaders, but oneself; by name alone, so that nobody stands above another."""
    here = Q(property=incident.property_id) | Q(role="leader")
    return Employee.objects.active().filter(here, is_service=False).exclude(pk=user.pk).order_by("name", "pk")


@login_required
@require_POST
def withdraw(request, pk):
    thanks = get_object_or_404(Thanks.objects.visible_to(request.user).filter(given_by=request.user), pk=pk)
    form = OnceForm(request.POST)
    made = form.carry_out(
        request, lambda _data: withdraw_thanks(actor=request.user, thanks=thanks), object_type="thanks"
    )
    if made is None:
        return _show(request, status=form.status, refused=form)
    messages.success(request, _("Your card is taken back."))
    return redirect("recognition:thanks_list")

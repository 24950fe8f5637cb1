"""While one is away: the deputy. While one sleeps: who is on call."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from empower.staff.forms import OnceForm
from empower.staff.models import Employee
from empower.texts import apart

from .forms import DeputyForm, OnCallForm
from .models import Deputy, OnCall
from .permissions import can_end_turn, can_put_on_call, can_revoke_deputy
from .services import end_turn, name_deputy, put_on_call, revoke_deputy


@login_required
def away(request):
    """Who answers in one's place, for whom one answers, and whose turn it is at the property."""
    _deciders_and_their_deputies(request)
    return _show(request)


@login_required
@require_POST
def name(request):
    _deciders_alone(request)
    form = _deputy_form(request, request.POST)

    def do(answers):
        return name_deputy(
            actor=request.user, absent=request.user, stands_in=answers["stands_in"], **form.span(answers)
        )

    if form.carry_out(request, do, object_type="deputy") is None:
        return _show(request, deputy_form=form, status=form.status)
    messages.success(
        request, _("%(name)s answers in your place then.") % {"name": apart(form.cleaned_data["stands_in"].name)}
    )
    return redirect("policies:away")


@login_required
@require_POST
def end_deputy(request, pk):
    deputy = get_object_or_404(Deputy.objects.visible_to(request.user), pk=pk)
    return _ended(request, lambda: revoke_deputy(actor=request.user, deputy=deputy), "deputy")


@login_required
@require_POST
def enter(request):
    _deciders_alone(request)
    if not can_put_on_call(request.user, request.user.property_id):
        raise PermissionDenied
    form = _on_call_form(request, request.POST)

    def do(answers):
        return put_on_call(
            actor=request.user, property=request.user.property, employee=answers["employee"], **form.span(answers)
        )

    if form.carry_out(request, do, object_type="oncall") is None:
        return _show(request, on_call_form=form, status=form.status)
    messages.success(request, _("%(name)s is on call then.") % {"name": apart(form.cleaned_data["employee"].name)})
    return redirect("policies:away")


@login_required
@require_POST
def end_call(request, pk):
    turn = get_object_or_404(OnCall.objects.visible_to(request.user), pk=pk)
    return _ended(request, lambda: end_turn(actor=request.user, turn=turn), "oncall")


def _ended(request, act, object_type):
    form = OnceForm(request.POST)
    if form.carry_out(request, lambda _answers: act(), object_type=object_type) is None:
        return _show(request, refused=form, status=form.status)
    messages.success(request, _("Ended."))
    return redirect("policies:away")


def _deciders_alone(request):
    if request.user.rank <= 0:
        raise PermissionDenied


def _deciders_and_their_deputies(request):
    user = request.user
    if user.rank <= 0 and not Deputy.objects.not_over().filter(stands_in=user).exists():
        raise PermissionDenied


def _zone(user):
    return user.property.timezone if user.property_id else "UTC"


def _deputy_form(request, data=None):
    user = request.user
    here = Q(property=user.property_id) if user.property_id else Q()
    people = Employee.objects.visible_to(user).active().filter(here, is_superuser=False, is_service=False)
    people = people.exclude(pk=user.pk).exclude(role__in=["auditor", ""])
    if user.property_id is None:
        people = people.filter(role="leader")  # who belongs to no property is stood in for by their like
    return DeputyForm(data, zone=_zone(user), people=people.order_by("name"), prefix="deputy")


def _on_call_form(request, data=None):
    people = Employee.objects.deciding_for(request.user.property_id).order_by("name")
    return OnCallForm(data, zone=_zone(request.user), people=people, prefix="call")


def _show(request, *, deputy_form=None, on_call_form=None, refused=None, status=200):
    user = request.user
    deputies = Deputy.objects.not_over().select_related("absent__property", "stands_in").order_by("begins_at", "pk")
    context = {
        "refused": refused,
        "decides": user.rank > 0,
        "mine": deputies.filter(absent=user),
        "others": [(one, can_revoke_deputy(user, one)) for one in deputies.filter(stands_in=user)],
        "deputy_form": deputy_form or _deputy_form(request),
        "zone": _zone(user),
    }
    if user.property_id:
        turns = OnCall.objects.not_over().filter(property=user.property_id).select_related("employee")
        context |= {
            "turns": [(one, can_end_turn(user, one)) for one in turns],
            "on_call_form": (on_call_form or _on_call_form(request))
            if can_put_on_call(user, user.property_id)
            else None,
        }
    return render(request, "policies/away.html", context, status=status)

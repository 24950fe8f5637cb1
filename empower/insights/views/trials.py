"""Policy trials on pages: a rule is tried on history, what it says stands beside the rule in force, and is kept."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from empower.staff.forms import OnceForm

from ..forms import TrialForm
from ..models import PolicyTrial
from ..permissions import can_run_trial, can_share_trial
from ..queries.period import Period
from ..serializers.trials import ASSUMES
from ..services import run_policy_trial, share_policy_trial
from .comparison import compared

A_PAGE = 20


@login_required
@require_safe
def trial_list(request):
    """One's own, and what others share of where one may run them; the latest first."""
    _who_tries(request)
    trials = PolicyTrial.objects.visible_to(request.user).with_details().defer("answer")
    page = Paginator(trials, A_PAGE).get_page(request.GET.get("page"))
    for trial in page:
        trial.period = Period(trial.begins_on, trial.ends_on)
    return render(request, "insights/trial_list.html", {"page": page})


@login_required
@require_http_methods(["GET", "POST"])
def new_trial(request):
    """A rule to try. The address may say what stands in it: another trial (``trial``), or the fields themselves; what it
    does not say of the rule is the one in force.
    """
    user = _who_tries(request)
    if request.method == "POST" and "fill" not in request.POST:
        form = TrialForm(request.POST, user=user)
        done = form.carry_out(
            request, lambda _data: run_policy_trial(actor=user, **form.wish), object_type="policytrial"
        )
        if done is not None:
            return redirect("insights:trial", pk=done)
        return _show(request, form, status=form.status)
    return _show(request, TrialForm(initial=_begun(request), user=user))


def _show(request, form, status=200):
    return render(request, "insights/new_trial.html", {"form": form}, status=status)


def _begun(request):
    """{field: value} of what stands in the form before anything is typed."""
    user, empty = request.user, TrialForm(user=request.user)
    if request.method == "POST":
        sent = {name: request.POST.get(name) for name in empty.fields if name in request.POST}
        return empty.with_what_stands(sent | {"once": empty["once"].value()})
    asked = request.GET
    if asked.get("trial", "").isdecimal() and len(asked["trial"]) < 19:
        trial = get_object_or_404(PolicyTrial.objects.visible_to(user).select_related("property"), pk=asked["trial"])
        return TrialForm.of_trial(trial)
    named = {name: asked[name] for name in empty.fields if asked.get(name)}
    begun = TrialForm.usual(user) | named
    return begun if "limit_1" in named else empty.with_what_stands(begun)


@login_required
@require_safe
def trial(request, pk):
    """What it says, as it was said that day: the rule in force, and beside it those that were tried."""
    _who_tries(request)
    found = _trial(request, pk)
    return render(
        request,
        "insights/trial.html",
        {
            "trial": found,
            "period": Period(found.begins_on, found.ends_on),
            "compared": None if found.is_hidden else compared(request.user, found),
            "assumes": ASSUMES.values(),
            "may_share": can_share_trial(request.user, found),
            "again_url": f"{reverse('insights:new_trial')}?trial={found.pk}",
        },
    )


@login_required
@require_POST
def share_trial(request, pk):
    """With everyone who may run one there, or with nobody any more."""
    found = _trial(request, pk)
    if not can_share_trial(request.user, found):
        raise PermissionDenied
    shared = request.POST.get("shared") == "yes"
    form = OnceForm(request.POST)
    done = form.carry_out(
        request,
        lambda _data: share_policy_trial(actor=request.user, trial=found, shared=shared),
        object_type="policytrial",
    )
    if done is None:
        for errors in form.errors.values():
            messages.error(request, " ".join(errors))
    else:
        messages.success(
            request, _("It is shared with everyone who may run one there.") if shared else _("It is yours alone again.")
        )
    return redirect("insights:trial", pk=pk)


def _who_tries(request):
    if not can_run_trial(request.user, request.user.property_id):
        raise PermissionDenied
    return request.user


def _trial(request, pk):
    return get_object_or_404(PolicyTrial.objects.visible_to(request.user).with_details(), pk=pk)

"""An incident's page, and what is done on it: resolve, reopen, void, follow up; take back, hand over, reply."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from empower.incidents.models import Incident
from empower.incidents.permissions import can_add_photo, can_change, can_follow_up, can_remove_photo, can_reopen
from empower.incidents.services import record_follow_up, reopen_incident
from empower.staff.forms import ReasonForm

from ..forms import FollowUpForm, PlainForm, ReplyForm, ResolveForm
from ..forms.closing import OUTCOMES
from ..models import Approval, Spend
from ..permissions import can_give, can_hand_over, can_reply, can_resolve, can_reverse, can_void, can_withdraw
from ..queries import standing
from ..queries.news import marker_of
from ..queries.summary import similar_cases
from ..queries.timeline import story_of
from ..services import (
    escalate_overdue_approvals,
    hand_over_spend,
    reply_about_spend,
    resolve_incident,
    reverse_spend,
    void_incident,
    withdraw_spend,
)


@login_required
def incident_page(request, pk):
    """What may still be given, what happened in order of time, how it ended, and what similar cases got."""
    escalate_overdue_approvals()
    return _show(request, _incident(request, pk))


def _incident(request, pk):
    return get_object_or_404(Incident.objects.visible_to(request.user).with_details(), pk=pk)


def _show(request, incident, *, status=200, refused=None, resolve_form=None, reply_form=None):
    """``refused`` is the form of a verb that was turned down: what it says stands at the top of the page."""
    user = request.user
    rows = list(incident.incident_guests.all())
    story = story_of(incident, user=user)
    chosen = next((row for row in rows if str(row.guest_id) == request.GET.get("guest")), rows[0] if rows else None)
    may_give = can_give(user, incident) and chosen is not None
    context = {
        "incident": incident,
        "rows": rows,
        "chosen": chosen,
        "story": story,
        "marker": marker_of(
            approval
            for spend in story.spends
            if (approval := getattr(spend, "approval", None)) and approval.employee_id == user.pk
        ),
        "lines": [_with_verbs(line, user) for line in story.lines],
        "standing": standing(employee=user, incident=incident, guest=chosen.guest) if may_give else None,
        "similar": similar_cases(incident=incident, user=user),
        "refused": refused,
        "reply_form": reply_form or ReplyForm(),
        "can_change": incident.status != "void" and can_change(user, incident),
        "can_add_photo": incident.status != "void" and can_add_photo(user, incident),
        "can_void": can_void(user, incident),
        "can_reopen": incident.status == "resolved" and can_reopen(user, incident),
        "can_follow_up": incident.status == "resolved" and can_follow_up(user, incident),
        "can_resolve": can_resolve(user, incident),
        "outcomes": OUTCOMES,
        "resolve_form": resolve_form or ResolveForm(incident_guests=rows),
        "promises": [spend for spend in story.spends if spend.promised_for and can_hand_over(user, spend)],
    }
    return render(request, "spending/incident_page.html", context, status=status)


def _with_verbs(line, user):
    """A line, and what this person may do from it: the same predicates as the services."""
    spend, approval = line.spend, line.approval
    verbs = set()
    if spend is not None and line.what in ("gave", "asked", "approved"):
        if line.what != "asked":
            verbs |= {
                verb for verb, may in (("reverse", can_reverse), ("hand_over", can_hand_over)) if may(user, spend)
            }
        elif can_withdraw(user, spend):
            verbs.add("withdraw")
    if line.what == "photo" and can_remove_photo(user, line.note):
        verbs.add("take_down")
    if line.what == "question" and approval is not None and can_reply(user, approval):
        verbs.add("reply")
    return {"line": line, "verbs": verbs}


@login_required
@require_POST
def resolve(request, pk):
    incident = _incident(request, pk)
    form = ResolveForm(request.POST, incident_guests=incident.incident_guests.all())
    done = form.carry_out(
        request,
        lambda _data: resolve_incident(actor=request.user, incident=incident, guests=form.answers()),
        object_type="incident",
    )
    if done is None:
        return _show(request, _incident(request, pk), status=form.status, resolve_form=form)
    messages.success(request, _("Resolved. Thank you for seeing it through."))
    return redirect("spending:incident_page", pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def reopen(request, pk):
    incident = _incident(request, pk)
    return _with_a_reason(
        request,
        incident,
        act=lambda reason: reopen_incident(actor=request.user, incident=incident, reason=reason),
        title=_("Open it again"),
        label=_("What came up"),
        verb=_("Open again"),
        done=_("It is open again."),
        object_type="incident",
    )


@login_required
@require_http_methods(["GET", "POST"])
def void(request, pk):
    incident = _incident(request, pk)
    return _with_a_reason(
        request,
        incident,
        act=lambda reason: void_incident(actor=request.user, incident=incident, reason=reason),
        title=_("Void this incident"),
        hint=_("For what was written down by mistake. It stays readable, and counts in no figure."),
        verb=_("Void it"),
        done=_("It is void."),
        object_type="incident",
    )


@login_required
@require_http_methods(["GET", "POST"])
def reverse_gift(request, pk):
    spend = _spend(request, pk)
    return _with_a_reason(
        request,
        spend.incident,
        act=lambda reason: reverse_spend(actor=request.user, spend=spend, reason=reason),
        title=_("Take back: %(gesture)s") % {"gesture": str(spend.gesture)},
        hint=_("By a new entry that refers to the old one. What you may still give rises again."),
        verb=_("Take it back"),
        done=_("It is taken back."),
        object_type="spend",
        spend=spend,
    )


def _with_a_reason(request, incident, *, act, title, verb, done, object_type, label="", hint="", spend=None):
    """A verb on a page of its own, which the script shows as a sheet above the incident."""
    form = ReasonForm(request.POST or None)
    if label:
        form.fields["reason"].label = label
    if request.method == "POST":
        made = form.carry_out(request, lambda data: act(data["reason"]), object_type=object_type)
        if made is not None:
            messages.success(request, done)
            return redirect("spending:incident_page", pk=incident.pk)
    context = {"form": form, "incident": incident, "title": title, "hint": hint, "verb": verb, "spend": spend}
    return render(request, "spending/reason.html", context, status=form.status if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def follow_up(request, pk):
    incident = _incident(request, pk)
    rows = list(incident.incident_guests.all())
    form = FollowUpForm(request.POST or None, incident=incident, incident_guests=rows)
    if request.method == "POST":
        done = form.carry_out(
            request,
            lambda data: record_follow_up(
                actor=request.user,
                incident=incident,
                guest=data["guest"],
                channel=data["channel"],
                contacted_at=data["contacted_at"],
                note=data["note"],
            ),
            object_type="followup",
        )
        if done is not None:
            messages.success(request, _("It is written down."))
            return redirect("spending:incident_page", pk=pk)
    context = {"form": form, "incident": incident, "rows": rows}
    return render(request, "spending/follow_up.html", context, status=form.status if form.errors else 200)


@login_required
@require_POST
def withdraw(request, pk):
    return _plainly(request, _spend(request, pk), withdraw_spend, _("Your request is taken back."))


@login_required
@require_POST
def hand_over(request, pk):
    return _plainly(request, _spend(request, pk), hand_over_spend, _("Handed over. The promise is kept."))


def _plainly(request, spend, service, done):
    form = PlainForm(request.POST)
    made = form.carry_out(request, lambda _data: service(actor=request.user, spend=spend), object_type="spend")
    if made is None:
        return _show(request, _incident(request, spend.incident_id), status=form.status, refused=form)
    messages.success(request, done)
    return redirect("spending:incident_page", pk=spend.incident_id)


@login_required
@require_POST
def reply(request, pk):
    """The employee's answer to a question about their request."""
    approval = get_object_or_404(
        Approval.objects.visible_to(request.user).select_related("spend__incident", "property"), pk=pk
    )
    form = ReplyForm(request.POST)
    done = form.carry_out(
        request,
        lambda data: reply_about_spend(
            actor=request.user, approval=approval, reply=data["reply"], version=data["version"]
        ),
        object_type="approval",
    )
    if done is None:
        incident = _incident(request, approval.spend.incident_id)
        return _show(request, incident, status=form.status, refused=form, reply_form=form)
    messages.success(request, _("Your answer is sent. The clock goes on."))
    return redirect("spending:incident_page", pk=approval.spend.incident_id)


def _spend(request, pk):
    """A spend of an incident that this person may see: who carries the tray need not be who promised it."""
    spend = Spend.objects.select_related("incident__property", "gesture", "guest", "property").filter(pk=pk).first()
    if spend is None or not Spend.objects.told_on(spend.incident, request.user).filter(pk=pk).exists():
        raise Http404
    return spend

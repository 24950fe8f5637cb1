"""Who waits for an answer, beside what similar cases got; and the answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from empower.texts import apart

from ..forms import AnswerForm
from ..forms.answering import ASK, CONFIRM, DENY, LESS, NO, QUICK_WORDS, YES
from ..models import Approval
from ..permissions import can_confirm, can_decide
from ..queries.summary import similar_cases
from ..queries.waiting import queue_of
from ..services import (
    approve_spend,
    ask_about_spend,
    confirm_spend,
    decline_spend,
    deny_spend,
    escalate_overdue_approvals,
)
from .words import sum_of

#: So many cards come with their similar cases; the script asks for the others, so the page costs the same however long.
WITH_SIMILAR = 4


@login_required
def queue(request):
    """Oldest first: those whose clock points to you, then those that you may answer too."""
    escalate_overdue_approvals()
    found = queue_of(request.user)
    cards = [_card(request, approval, with_similar=at < WITH_SIMILAR) for at, approval in enumerate(found.yours)]
    others = [_card(request, approval) for approval in found.others]
    people = len({approval.employee_id for approval in found.yours})
    shown = {"cards": cards, "others": others, "first": found.yours[:1], "people": people}
    return render(request, "spending/queue.html", shown | {"answers": request.user.rank >= 0})


@login_required
def request_page(request, pk):
    """One request: its state, and the answers for who may give them. The queue's buttons without a script."""
    escalate_overdue_approvals()
    approval = _approval(request, pk)
    answer = request.GET.get("answer")
    form = AnswerForm(
        currency=approval.spend.currency,
        initial={"answer": answer if answer in QUICK_WORDS else None, "version": approval.version},
    )
    return _show(request, approval, form)


@login_required
@require_POST
def answer(request, pk):
    """Yes, with less, no, a question; or whether a yes by phone was given."""
    approval = _approval(request, pk)
    form = AnswerForm(request.POST, currency=approval.spend.currency)
    done = form.carry_out(request, lambda data: _answer(request.user, approval, data), object_type="approval")
    if done is None:
        return _show(request, _approval(request, pk), form, status=form.status)
    messages.success(request, _what_was_said(form.cleaned_data["answer"], _approval(request, pk)))
    return redirect("spending:queue")


@login_required
def similar(request, pk):
    """What similar cases got, as a piece of a page: for the queue's script."""
    approval = _approval(request, pk)
    return render(request, "spending/_similar.html", {"similar": _similar_to(request, approval), "approval": approval})


def _approval(request, pk):
    return get_object_or_404(
        Approval.objects.visible_to(request.user).with_details().select_related(
            "spend__incident__property", "spend__incident__category", "spend__incident__department", "decided_for",
            "question_by", "spend__guest", "spend__gesture", "spend__authority", "spend__policy", "employee",
            "property", "decided_by", "named",
        ),
        pk=pk,
    )  # fmt: skip


def _answer(actor, approval, data):
    given = {"actor": actor, "approval": approval, "version": data["version"]}
    reason = data["reason"]
    match data["answer"]:
        case "yes":
            return approve_spend(reason=reason, **given)
        case "less":
            return approve_spend(reason=reason, amount=data["amount"], **given)
        case "no":
            return decline_spend(reason=reason, **given)
        case "ask":
            return ask_about_spend(question=reason, **given)
        case "confirm":
            return confirm_spend(reason=reason, **given)
        case _:
            return deny_spend(reason=reason, **given)


def _what_was_said(answer, approval):
    words = {
        "name": apart(approval.employee.get_short_name()),
        "sum": sum_of(approval.spend.amount, approval.spend.currency),
    }
    return {
        YES: _("Yes to %(sum)s. %(name)s sees it at once."),
        LESS: _("Yes to %(sum)s. %(name)s sees it at once."),
        NO: _("You said no, and why. %(name)s sees it at once."),
        ASK: _("Your question is with %(name)s. The clock stands still until the answer."),
        CONFIRM: _("Confirmed: that yes was yours."),
        DENY: _("Written down: that yes was not yours. What was given stands."),
    }[answer] % words


def _show(request, approval, form, *, status=200):
    card = _card(request, approval, with_similar=True)
    return render(
        request,
        "spending/request_page.html",
        {
            "card": card,
            "form": form,
            "chosen": form["answer"].value(),
            "quick_words": QUICK_WORDS,
            "can_decide": can_decide(request.user, approval),
            "can_confirm": can_confirm(request.user, approval),
        },
        status=status,
    )


def _card(request, approval, *, with_similar=False):
    """A request as it is shown: what the person had left, what goes above it, and what similar cases got."""
    spend = approval.spend
    return {
        "approval": approval,
        "spend": spend,
        "limit": spend.limit_in_force or 0,
        "own": max(0, (spend.limit_in_force or 0) - approval.left_when_asked),
        "above": max(0, spend.amount - approval.left_when_asked),
        "similar": _similar_to(request, approval) if with_similar else None,
        "form": AnswerForm(currency=spend.currency, initial={"version": approval.version}),
    }


def _similar_to(request, approval):
    return similar_cases(incident=approval.spend.incident, user=request.user, asked=approval.spend.amount)

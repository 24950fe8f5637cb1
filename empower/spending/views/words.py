"""What a page says after something was done: the effect, what it leaves, where it goes."""

from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from empower.money import for_people
from empower.staff.models import Role
from empower.texts import apart

from ..permissions import can_reverse
from ..queries import standing


def sum_of(minor, currency):
    """``$1,850``, in the language of the page."""
    return for_people(minor, currency, get_language() or "en", drop_zero_cents=True)


def tell_what_was_given(request, spends):
    """The toast after giving, for the spends of one sending: a gift, a request, or both."""
    told = what_became_of(request.user, spends)
    if not told:
        return
    given = _given_of(spends)
    if given is not None and can_reverse(request.user, given):
        undo = reverse("spending:reverse", args=[given.pk])
        told = format_html('{} <a href="{}" data-sheet>{}</a>', told, undo, _("Undo"))
    messages.success(request, told)


def what_became_of(employee, spends):
    """The same in plain words, or "" where there is nothing to say."""
    given = _given_of(spends)
    asked = next((spend for spend in spends if spend.status == "pending"), None)
    said = []
    if given is not None:
        said.append(_what_was_given(given))
    if asked is not None:
        said.append(_what_was_asked(asked))
    if given is not None and (left := _what_is_left(employee, given)):
        said.append(left)
    return " ".join(said)


def _given_of(spends):
    return next((spend for spend in spends if spend.status in ("posted", "reversed")), None)


def _what_was_given(spend):
    approval = getattr(spend, "approval", None)
    words = {"gesture": apart(spend.gesture), "sum": sum_of(spend.amount, spend.currency)}
    if approval is not None and approval.status == "answered":
        return _("You already may: %(gesture)s, %(sum)s, is given.") % words
    if approval is not None and approval.status == "to_confirm":
        words["name"] = apart(approval.named.get_short_name())
        return _("%(gesture)s, %(sum)s, is given on %(name)s's word, who is asked to confirm it.") % words
    if spend.amount == 0:
        return _("%(gesture)s is given.") % words
    return _("%(gesture)s, %(sum)s, is given.") % words


def _what_was_asked(spend):
    return _("%(sum)s is asked for: it goes to a %(role)s.") % {
        "sum": sum_of(spend.amount, spend.currency),
        "role": Role(spend.approval.asked_role or spend.approval.tier).label,
    }


def _what_is_left(employee, spend):
    left = standing(employee=employee, incident=spend.incident, guest=spend.guest)
    if not left.remaining:
        return ""
    return _("You may still give %(sum)s.") % {"sum": sum_of(left.remaining, left.currency)}

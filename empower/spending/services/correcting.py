"""Taking back: a request while it waits, an act by its reversal. And marking what was promised as handed over."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from empower import clock
from empower.audit.services import command, record_event
from empower.journal.services import book_reversal
from empower.money import for_people, round_half_up
from empower.refusals import NotPermitted, NotPossible
from empower.staff.permissions import acts_at
from empower.texts import as_sent

from ..models import ApprovalStatus, Reversal, SpendStatus
from ..permissions import may_reverse
from . import states
from .approving import end_waiting
from .authority import lower
from .locking import lock_spend
from .routing import retier
from .wishing import LONGEST_TEXT


@command("spend.withdrawn", subject="spend")
def withdraw_spend(*, actor, spend):
    """Take back a request that waits. The employee who asked (``not_yours``), while it waits (``not_waiting``)."""
    spend, approval = lock_spend(spend)
    if spend.employee_id != actor.pk or not actor.is_active:
        raise NotPermitted("not_yours", _("A request is taken back by the one who made it."))
    if spend.status != SpendStatus.PENDING:
        raise _wrong_state(spend, "not_waiting", _("This is %(status)s: there is nothing waiting to take back."))
    before = states.of_spend(spend)
    released = end_waiting(spend, SpendStatus.WITHDRAWN)
    approval.status, approval.due_at = ApprovalStatus.WITHDRAWN, None
    approval.version += 1
    approval.save()
    _record(actor, "spend.withdrawn", spend, before, approval=approval, entries=[released])
    return spend


@command("spend.reversed", subject="spend")
def reverse_spend(*, actor, spend, reason, amount=None):
    """Take back an act, whole or ``amount`` (minor units) of it, by a new entry that refers to the old one.

    The authority is raised again by what it had used. Whoever manages the property, or the employee who gave it within
    24 hours and before it was handed over (``not_yours``). NotPossible ``not_posted``. ValidationError: ``reason``,
    ``amount`` (above what stands).
    """
    if not isinstance(reason, str) or not reason.strip():
        message = _("Say in a few words why it is taken back.")
        raise ValidationError({"reason": ValidationError(message, code="required")})
    as_sent(reason, "reason", longest=LONGEST_TEXT)
    spend, approval = lock_spend(spend)
    if not may_reverse(actor, spend):
        raise NotPermitted("not_yours", _("A manager reverses it, or the one who gave it within 24 hours."))
    if spend.status != SpendStatus.POSTED:
        raise _wrong_state(spend, "not_posted", _("This is %(status)s: only what was given can be reversed."))
    taken = spend.standing_amount if amount is None else amount
    if type(taken) is not int or not 0 <= taken <= spend.standing_amount or (taken == 0 and spend.amount != 0):
        raise ValidationError(
            {
                "amount": ValidationError(
                    _("Reverse more than nothing and at most what stands, %(stands)s.")
                    % {"stands": for_people(spend.standing_amount, spend.currency)},
                    code="out_of_range",
                )
            }
        )
    before = states.of_spend(spend)
    entry, reversal = take_back(spend, taken, occurred_at=clock.now(), actor=actor, reason=reason)
    _record(actor, "spend.reversed", spend, before, approval=approval, entries=[entry], reversal=reversal)
    return spend


def take_back(spend, amount, *, occurred_at, actor=None, reason=""):
    """Reverse ``amount`` of a posted spend that is held: counters, entry, row. The cost follows in proportion, exactly.

    For `reverse_spend` and for an imported credit (no actor). Returns the entry (None where it had cost nothing) and the
    `Reversal`.
    """
    reversed_amount = spend.reversed_amount + amount
    whole = reversed_amount == spend.amount
    reversed_cost = spend.cost if whole else round_half_up(spend.cost, reversed_amount, spend.amount)
    entry = book_reversal(spend_id=spend.pk, cost=reversed_cost - spend.reversed_cost, occurred_at=occurred_at)
    lower(spend, amount)
    reversal = Reversal.objects.create(
        spend=spend,
        amount=amount,
        cost=reversed_cost - spend.reversed_cost,
        entry=entry,
        reason=reason,
        reversed_by=actor,
        reversed_at=occurred_at,
        recorded_at=clock.now(),
    )
    spend.reversed_amount, spend.reversed_cost = reversed_amount, reversed_cost
    if whole:
        spend.status = SpendStatus.REVERSED
    spend.version += 1
    spend.save()
    return entry, reversal


@command("spend.handed_over", subject="spend")
def hand_over_spend(*, actor, spend, given_at=None):
    """Mark as handed over what was promised, at ``given_at`` (now). Whoever works at the property. Once."""
    spend, approval = lock_spend(spend)
    if not acts_at(actor, spend.property_id):
        raise NotPermitted("not_here", _("Whoever works at the property marks it as handed over."))
    if spend.status != SpendStatus.POSTED:
        raise _wrong_state(spend, "not_posted", _("This is %(status)s: only what was given can be handed over."))
    if spend.given_at is not None:
        raise _wrong_state(spend, "already_given", _("It was handed over already."))
    now = clock.now()
    if given_at is not None and not _is_between(given_at, spend.incident.occurred_at, now):
        message = _("Give a time, with its zone, between the incident and now.")
        raise ValidationError({"given_at": ValidationError(message, code="out_of_range")})
    before = states.of_spend(spend)
    spend.given_at, spend.given_by = given_at or now, actor
    spend.version += 1
    spend.save()
    _record(actor, "spend.handed_over", spend, before, approval=approval)
    return spend


def _is_between(moment, first, last):
    return isinstance(moment, datetime) and moment.tzinfo is not None and first <= moment <= last


def _wrong_state(spend, code, message):
    return NotPossible(
        code,
        message % {"status": spend.get_status_display()} if "%(" in message else message,
        state={"spend": spend.pk, "version": spend.version},
    )


def _record(actor, verb, spend, before, *, approval, entries=(), reversal=None):
    record_event(
        actor=actor,
        verb=verb,
        subject=spend,
        property_id=spend.property_id,
        about_id=spend.employee_id,
        before={"spend": before},
        after=states.whole(spend, approval=approval, entries=entries, retiered=retier(spend)),
        facts=reversal and {"reversal": reversal.pk, "amount": reversal.amount, "cost": reversal.cost},
    )

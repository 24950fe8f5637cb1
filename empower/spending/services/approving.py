"""Deciding: yes, yes with less, no, a question; a verbal yes confirmed or denied. One answer for each request."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from empower import clock
from empower.audit.services import command, record_event
from empower.journal.services import release_budget
from empower.money import for_people, round_half_up, to_text
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Role, rank
from empower.texts import as_sent

from ..models import ApprovalStatus, Judged, SpendStatus
from ..permissions import decides_for, who_confirms
from ..queries import tier_at
from . import states
from .authority import raise_beside
from .booking import book, booking_of
from .locking import lock_spend
from .routing import retier, total_in
from .wishing import LONGEST_TEXT


@command("spend.approved", subject="approval")
def approve_spend(*, actor, approval, reason, amount=None, version=None):
    """Say yes, or yes to less: ``amount`` in minor units, up to what was asked. The spend posts. Returns the `Approval`.

    ``version`` is the one that was shown: NotPossible ``stale`` when the request or its total has changed since.
    NotPermitted: ``own_spend``, ``own_gift``, ``below_tier``, ``not_here``. NotPossible: ``already_decided`` (its state
    names who was first), ``expired``, ``stale``. ValidationError: ``reason``, ``amount``. About twenty queries.
    """
    reason = _said_why(reason)
    spend, approval = lock_spend(approval.spend)
    asked = spend.amount
    given = asked if amount is None else amount
    if type(given) is not int or not 0 < given <= asked:
        raise ValidationError(
            {
                "amount": ValidationError(
                    _("Approve more than nothing and at most what was asked for, %(asked)s.")
                    % {"asked": for_people(asked, spend.currency)},
                    code="out_of_range",
                )
            }
        )
    _must_be_open(approval, version)
    absent = _must_decide(actor, approval, total=total_in(spend) - asked + given)
    cost = spend.cost if given == asked else round_half_up(spend.cost, given, asked)
    released = None
    if cost < spend.cost:
        released = release_budget(cost=spend.cost - cost, occurred_at=clock.now(), **booking_of(spend))
    before = states.whole(spend, approval=approval)
    spend.asked_amount, spend.amount, spend.cost = asked, given, cost
    spend.status, spend.judged_as, spend.posted_at = SpendStatus.POSTED, Judged.APPROVED, clock.now()
    _save(spend)
    raise_beside(spend.authority, given, Judged.APPROVED)
    entry = book(spend, cost=cost, held=True, occurred_at=spend.posted_at)
    _answer(approval, ApprovalStatus.APPROVED, actor=actor, absent=absent, reason=reason, amount=given)
    _record(actor, "spend.approved", spend, approval, before=before, entries=[released, entry])
    return approval


@command("spend.declined", subject="approval")
def decline_spend(*, actor, approval, reason, version=None):
    """Say no, with a reason that the employee reads. No money moves; what was set aside is free again. As `approve_spend`."""
    reason = _said_why(reason)
    spend, approval = lock_spend(approval.spend)
    _must_be_open(approval, version)
    absent = _must_decide(actor, approval, total=total_in(spend))
    before = states.whole(spend, approval=approval)
    released = end_waiting(spend, SpendStatus.DECLINED)
    _answer(approval, ApprovalStatus.DECLINED, actor=actor, absent=absent, reason=reason)
    _record(actor, "spend.declined", spend, approval, before=before, entries=[released])
    return approval


@command("spend.asked_about", subject="approval")
def ask_about_spend(*, actor, approval, question, version=None):
    """Put a question to the employee and stop the clock until they reply. One question at a time (``already_asked``)."""
    question = _said_why(question, field="question")
    spend, approval = lock_spend(approval.spend)
    _must_be_open(approval, version)
    _must_decide(actor, approval, total=total_in(spend))
    if approval.question_asked_at is not None:
        raise NotPossible(
            "already_asked", _("A question already waits for an answer."), state={"version": approval.version}
        )
    before = states.whole(spend, approval=approval)
    approval.question, approval.question_by = question, actor
    approval.question_asked_at, approval.reply, approval.replied_at = clock.now(), "", None
    _save(approval)
    _record(actor, "spend.asked_about", spend, approval, before=before)
    return approval


@command("spend.replied_about", subject="approval")
def reply_about_spend(*, actor, approval, reply, version=None):
    """Answer the question: the clock goes on from where it stopped. The employee who asked (``not_yours``)."""
    reply = _said_why(reply, field="reply")
    spend, approval = lock_spend(approval.spend)
    if approval.employee_id != actor.pk or not actor.is_active:
        raise NotPermitted("not_yours", _("The question is put to the one who asked."))
    _must_be_open(approval, version)
    if approval.question_asked_at is None:
        raise NotPossible("no_question", _("No question waits for an answer."), state={"version": approval.version})
    before = states.whole(spend, approval=approval)
    stood_still = clock.now() - approval.question_asked_at
    approval.reply, approval.replied_at, approval.question_asked_at = reply, clock.now(), None
    approval.due_at = approval.due_at and approval.due_at + stood_still
    approval.expires_at = approval.expires_at and approval.expires_at + stood_still
    _save(approval)
    _record(actor, "spend.replied_about", spend, approval, before=before)
    return approval


@command("spend.confirmed", subject="approval")
def confirm_spend(*, actor, approval, reason, version=None):
    """The named person (or who stands in for them) says that the verbal yes was theirs. NotPermitted ``not_named``."""
    return _settle_verbal_yes(actor, approval, reason, version, ApprovalStatus.CONFIRMED, "spend.confirmed")


@command("spend.denied", subject="approval")
def deny_spend(*, actor, approval, reason, version=None):
    """The named person says that they gave no yes. The entry stands, and it is a finding for the auditor."""
    return _settle_verbal_yes(actor, approval, reason, version, ApprovalStatus.DENIED, "spend.denied")


def _settle_verbal_yes(actor, approval, reason, version, status, verb):
    reason = _said_why(reason)
    spend, approval = lock_spend(approval.spend)
    if actor.signed_with_pin:
        raise NotPermitted("needs_password", _("A PIN is not enough to answer a request: sign in with your password."))
    named = who_confirms(actor, approval)
    if named is None:
        raise NotPermitted("not_named", _("The person who is named in it confirms or denies it."))
    if approval.status != ApprovalStatus.TO_CONFIRM:
        raise _already_decided(approval)
    _must_be_current(approval, version)
    before = states.whole(spend, approval=approval)
    _answer(approval, status, actor=actor, absent=named, reason=reason)
    _record(actor, verb, spend, approval, before=before)
    return approval


def end_waiting(spend, status):
    """A spend that waited ends without being given: its cost is free again. Returns the entry, or None."""
    released = release_budget(cost=spend.cost, occurred_at=clock.now(), **booking_of(spend))
    spend.status = status
    _save(spend)
    return released


def _said_why(text, *, field="reason"):
    if not isinstance(text, str) or not text.strip():
        message = _("Say it in a few words: the other person reads it.")
        raise ValidationError({field: ValidationError(message, code="required")})
    return as_sent(text, field, longest=LONGEST_TEXT)


def _must_be_open(approval, version):
    """Still open, by its clock as well, and as it was shown. A dead scheduler lets no expired request pass."""
    if approval.status != ApprovalStatus.OPEN:
        raise _already_decided(approval)
    running = approval.question_asked_at is None
    if running and approval.expires_at is not None and approval.expires_at <= clock.now():
        raise NotPossible("expired", _("Nobody answered in time: this request has expired."), state=_shown(approval))
    _must_be_current(approval, version)


def _must_be_current(approval, version):
    if version is not None and version != approval.version:
        raise NotPossible(
            "stale",
            _("This request has changed since it was shown to you: look again, then decide."),
            field="version",
            state=_shown(approval),
        )


def _already_decided(approval):
    who = approval.decided_by.get_short_name() if approval.decided_by_id else None
    message = (_("%(who)s was first: this request is %(status)s.") if who else _("This request is %(status)s.")) % {
        "who": who,
        "status": approval.get_status_display(),
    }
    return NotPossible("already_decided", message, state=_shown(approval))


def _shown(approval):
    return {
        "approval": approval.pk,
        "status": str(approval.status),
        "version": approval.version,
        "total": approval.total,
        "decided_by": approval.decided_by_id,
    }


def _must_decide(actor, approval, *, total):
    """The person in whose place ``actor`` decides at this total; NotPermitted says which rule stands against it."""
    if actor.pk == approval.employee_id:
        raise NotPermitted("own_spend", _("Nobody decides on their own request: it goes to a colleague."))
    if actor.pk == approval.spend.guest.colleague_id:
        raise NotPermitted("own_gift", _("Nobody decides on what is given to themself."))
    tier = tier_at(approval.spend.policy, total)
    if actor.signed_with_pin:
        raise NotPermitted("needs_password", _("A PIN is not enough to answer a request: sign in with your password."))
    absent = decides_for(
        actor,
        tier=tier,
        property_id=approval.property_id,
        asker_id=approval.employee_id,
        guest_colleague_id=approval.spend.guest.colleague_id,
    )
    if absent is not None:
        return absent
    if actor.property_id != approval.property_id and actor.role != Role.LEADER:
        raise NotPermitted("not_here", _("This request belongs to another property."))
    raise NotPermitted(
        "below_tier",
        _("Together with what was given and waits this comes to %(total)s %(currency)s: a %(role)s decides.")
        % {
            "total": to_text(total, approval.spend.currency),
            "currency": approval.spend.currency,
            "role": Role(tier).label,
        },
        state={"total": total, "tier_rank": rank(tier)},
    )


def _answer(approval, status, *, actor, absent, reason, amount=None):
    approval.status, approval.reason = status, reason
    approval.decided_by, approval.decided_at = actor, clock.now()
    approval.decided_for = absent if absent.pk != actor.pk else None
    approval.decided_amount = amount
    approval.question_asked_at = None
    _save(approval)


def _save(row):
    """Constraints stand in for full_clean; each change is a new version."""
    row.version += 1
    row.save()


def _record(actor, verb, spend, approval, *, before, entries=()):
    record_event(
        actor=actor,
        verb=verb,
        subject=spend,
        property_id=spend.property_id,
        about_id=spend.employee_id,
        before={"spend": before["spend"], "approval": before["approval"]},
        after=states.whole(spend, approval=approval, entries=entries, retiered=retier(spend)),
    )

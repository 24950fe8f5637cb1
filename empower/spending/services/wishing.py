"""What somebody wants to give, checked before anything is held or counted: every wrong field is named at once."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from empower import clock
from empower.incidents.models import Guest, Incident
from empower.money import LARGEST, round_half_up, to_text
from empower.refusals import NotPermitted
from empower.staff.models import Employee
from empower.texts import as_sent

from ..models import Gesture
from ..queries import guest_on

LONGEST_TEXT = 5000
LONGEST_PROMISE = timedelta(days=3660)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to give, checked: everything but how much of it may be given now. Minor units."""

    actor: object
    incident: object
    guest: object
    gesture: object
    amount: int
    cost: int
    note: str
    reason: str
    promised_for: object


def must_be_rows(*, incident, guest, gesture, verbal_approval_by):
    """ValidationError for what is no saved row: a door's slip, told by its field rather than by a crash further in."""
    wrong = {}
    for field, given, model in (
        ("incident", incident, Incident),
        ("guest", guest, Guest),
        ("gesture", gesture, Gesture),
        ("verbal_approval_by", verbal_approval_by, Employee),
    ):
        if given is None and field == "verbal_approval_by":
            continue
        if not isinstance(given, model) or given.pk is None:
            wrong[field] = _said(_("Name one that exists."), "unknown")
    if wrong:
        raise ValidationError(wrong)


def checked(
    *, actor, incident, guest, gesture, amount, currency, cost, note, reason, promised_for, split, verbal,
):  # fmt: skip
    """The `Wish` behind the input; ValidationError with every field that is wrong, NotPermitted for a gift to oneself."""
    wrong = {}
    there = guest_on(incident, guest)
    if there is None:
        wrong["guest"] = _said(_("This guest is not on the incident: add them first."), "not_on_incident")
    if not gesture.is_active:
        wrong["gesture"] = _said(_("“%(name)s” is no longer given.") % {"name": gesture}, "inactive")
    if currency != incident.property.currency:
        wrong["currency"] = _said(
            _("%(property)s spends in %(right)s, not %(given)s.")
            % {"property": incident.property.code, "right": incident.property.currency, "given": currency},
            "other_currency",
        )
    else:
        problem = _amount_problem(amount, gesture, currency)
        if problem:
            wrong["amount"] = problem
        elif cost is not None and (type(cost) is not int or not 0 <= cost <= amount):
            wrong["cost"] = _said(
                _("The cost is between 0 and the amount, %(amount)s.") % {"amount": to_text(amount, currency)},
                "cost_above_amount",
            )
        elif cost and gesture.is_free:
            wrong["cost"] = _said(_("“%(name)s” costs nothing: leave the cost out.") % {"name": gesture}, "free")
    if split and verbal:
        wrong["split"] = _said(_("A verbal yes covers all of it: leave out the split."), "with_verbal")
    for field, text in {"note": note, "reason": reason}.items():
        try:
            as_sent(text, field, longest=LONGEST_TEXT)
        except ValidationError as problem:
            wrong.update(problem.error_dict)
    if promised_for is not None:
        problem = _promise_problem(promised_for, incident)
        if problem:
            wrong["promised_for"] = problem
    if wrong:
        raise ValidationError(wrong)
    if there.colleague_id is not None and there.colleague_id == actor.pk:
        raise NotPermitted("own_gift", _("Nobody gives to themself: ask a colleague to."), field="guest")
    return Wish(
        actor=actor,
        incident=incident,
        guest=there,
        gesture=gesture,
        amount=amount,
        cost=round_half_up(amount, gesture.cost_ratio, 10_000) if cost is None else cost,
        note=note,
        reason=reason,
        promised_for=promised_for,
    )


def _said(message, code):
    return ValidationError(message, code=code)


def _amount_problem(amount, gesture, currency):
    if type(amount) is not int:
        return _said(_("Give the amount in whole minor units."), "invalid")
    if amount < 0:
        return _said(_("The amount can't be negative: to take something back, reverse it."), "negative")
    if amount == 0 and not gesture.is_free:
        return _said(_("“%(name)s” costs money: give an amount above zero.") % {"name": gesture}, "zero")
    if amount > LARGEST:
        return _said(
            _("The amount is too large: %(most)s at most.") % {"most": to_text(LARGEST, currency)}, "too_large"
        )
    return None


def _promise_problem(promised_for, incident):
    try:
        if promised_for.tzinfo is None:
            return _said(_("Give the time with its zone, as in 2026-11-21T18:00:00Z."), "no_zone")
        promised_for = promised_for.astimezone(UTC)
    except (AttributeError, OverflowError):
        return _said(_("Give a time, as in 2026-11-21T18:00:00Z."), "invalid")
    if promised_for < incident.occurred_at:
        return _said(_("A promise is for a time after the incident."), "before_incident")
    if promised_for > clock.now() + LONGEST_PROMISE:
        return _said(_("A promise is for a time within ten years."), "too_far")
    return None

"""Giving: at once within the authority, waiting above it, or split in two."""

from dataclasses import replace

from django.utils.translation import gettext as _

from empower import clock
from empower.audit.services import command, record_event
from empower.journal.queries import budget_position
from empower.journal.services import hold_budget
from empower.money import round_half_up
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Role

from ..models import Approval, ApprovalStatus, Judged, Spend, SpendStatus
from ..permissions import can_give, decides_for
from ..queries import scope_of, standing_in, tier_at
from . import states
from .authority import put_back, raise_beside, raise_own, take_authority, take_cap
from .booking import book, booking_of
from .locking import lock_guest, lock_incident
from .routing import open_request, retier
from .wishing import checked, must_be_rows


@command("spend.posted", subject="incident")
def give_spend(
    *, actor, incident, guest, gesture, amount, currency, cost=None, note="", reason="", promised_for=None,
    verbal_approval_by=None, ask=False, split=False,
):  # fmt: skip
    """Give ``amount`` (minor units of ``currency``) to a guest on an incident. Returns the `Spend`.

    Within the authority it is ``posted``; above it the whole of it is ``pending``, with an open `Approval`. With
    ``split`` what one may give now is posted and the rest waits (``spend.rest``). ``ask`` within the authority posts
    all the same and the request reads ``answered``. ``verbal_approval_by`` posts at once, to be confirmed.
    ``cost`` defaults to the gesture's ratio of the amount and is never above it: the authority is used at the amount.

    ValidationError by field: ``amount`` (negative, zero, too_large), ``cost``, ``currency``, ``guest``, ``gesture``,
    ``promised_for``, ``note``, ``reason``, ``split``. NotPermitted: ``not_here``, ``own_gift``, ``below_tier``, ``no_person``.
    NotPossible: ``not_open``. Who works at the property. About twenty queries, none of which grows with history.
    """
    must_be_rows(incident=incident, guest=guest, gesture=gesture, verbal_approval_by=verbal_approval_by)
    if not can_give(actor, incident):
        raise NotPermitted("not_here", _("You can give on incidents of your own property."), field="incident")
    incident, guest = lock_incident(incident), lock_guest(guest)
    wish = checked(
        actor=actor, incident=incident, guest=guest, gesture=gesture, amount=amount, currency=currency, cost=cost,
        note=note, reason=reason, promised_for=promised_for, split=split, verbal=verbal_approval_by is not None,
    )  # fmt: skip
    if incident.status != "open":
        raise NotPossible(
            "not_open",
            _("This incident is %(status)s: reopen it to give more.") % {"status": incident.get_status_display()},
            field="incident",
            state={"incident": incident.pk},
        )
    counters = _Counters(wish)
    if verbal_approval_by is not None:
        return _give_on_a_verbal_yes(wish, counters, verbal_approval_by)
    if counters.take(wish.amount, wish.cost):
        return _post(wish, counters, asked=ask)
    if split:
        return _split(wish, counters, asked=ask)
    return _request(wish, counters)


class _Counters:
    """The counters of an act's scope, held and made where missing, and the rule that they are held to.

    What is read here is read behind the locks of the incident and the guest: nobody gives to this guest meanwhile, so
    the sums, the tier and the split are of one moment. The statement in `raise_own` keeps the limit all the same.
    """

    def __init__(self, wish):
        self.wish = wish
        ids = {"guest_id": wish.guest.pk, "incident_id": wish.incident.pk}
        self.read = scope_of(employee=wish.actor, incident=wish.incident, guest=wish.guest)
        self.before = standing_in(self.read)
        self.policy, self.limit = self.read.policy, self.read.limit
        self.authority = take_authority(self.read, employee_id=wish.actor.pk, **ids)
        self.cap_row = take_cap(self.read, **ids)

    def take(self, amount, cost):
        """Raise the counters by an own act if every limit allows it; leave them alone if one does not. Whether it did."""
        if cost and not self._budget_allows(cost):
            return False
        beside = self.read.own - self.authority.own
        if not raise_own(self.authority, amount, limit=self.limit, beside=beside):
            return False
        if self.cap_row is None:
            return True
        if raise_own(self.cap_row, amount, limit=self.policy.cap, beside=self.read.capped - self.cap_row.own):
            return True
        put_back(self.authority, amount)
        return False

    def _budget_allows(self, cost):
        """Budgets inform; only where the policy says so does an exhausted one ask."""
        if not (self.policy and self.policy.budget_asks):
            return True
        position = budget_position(property=self.wish.incident.property, on_day=self.read.day)
        return position.allotted == 0 or position.available >= cost


def _written(wish, counters, *, status, judged_as="", split_from=None, cap_row=None):
    """The row of a spend. Constraints stand in for full_clean, which would ask again by query."""
    incident = wish.incident
    return Spend.objects.create(
        incident=incident,
        guest=wish.guest,
        employee=wish.actor,
        property=incident.property,
        department_id=incident.department_id,
        gesture=wish.gesture,
        status=status,
        amount=wish.amount,
        cost=wish.cost,
        currency=counters.read.currency,
        judged_as=judged_as,
        policy=counters.policy,
        limit_in_force=counters.limit,
        authority=counters.authority,
        cap=cap_row,
        scope_day=counters.read.day,
        note=wish.note,
        reason=wish.reason,
        promised_for=wish.promised_for,
        occurred_at=clock.now(),
        recorded_at=clock.now(),
        posted_at=clock.now() if status == SpendStatus.POSTED else None,
        split_from=split_from,
    )


def _post(wish, counters, *, asked=False):
    """Of one's own accord: the counters are raised already."""
    spend = _written(wish, counters, status=SpendStatus.POSTED, judged_as=Judged.OWN, cap_row=counters.cap_row)
    approval = None
    if asked:
        approval = Approval.objects.create(
            spend=spend,
            employee=wish.actor,
            property=spend.property,
            status=ApprovalStatus.ANSWERED,
            total=counters.before.own + counters.before.approved + wish.amount,
            left_when_asked=counters.before.remaining,
            requested_at=clock.now(),
        )
    entry = book(spend, cost=spend.cost)
    _record(spend, "spend.posted", approval=approval, entries=[entry])
    return spend


def _request(wish, counters, *, split_from=None):
    """Above the authority: all of it waits, its cost is set aside, and whoever may decide is asked."""
    spend = _written(wish, counters, status=SpendStatus.PENDING, split_from=split_from)
    approval = open_request(spend, left=counters.before.remaining if split_from is None else 0)
    entry = hold_budget(cost=spend.cost, occurred_at=spend.occurred_at, **booking_of(spend))
    _record(spend, "spend.requested", approval=approval, entries=[entry])
    return spend


def _split(wish, counters, *, asked):
    """Give what may be given now and ask for the rest; where nothing may be, all of it waits."""
    now = min(counters.before.remaining, wish.amount)
    cost_now = round_half_up(wish.cost, now, wish.amount) if wish.amount else 0
    if now <= 0 or not counters.take(now, cost_now):
        return _request(wish, counters)
    given = _post(replace(wish, amount=now, cost=cost_now, reason=""), counters)
    _request(replace(wish, amount=wish.amount - now, cost=wish.cost - cost_now), counters, split_from=given)
    return given


def _give_on_a_verbal_yes(wish, counters, named):
    """Somebody said yes by phone: it posts at once, beside the authority, and the named person is asked to confirm it."""
    if wish.actor.is_service:
        raise NotPermitted(
            "no_person",
            _("A verbal yes is given to a person: what another system asks for waits for an answer."),
            field="verbal_approval_by",
        )
    tier = tier_at(counters.policy, counters.before.total + wish.amount)
    if decides_for(
        named,
        tier=tier,
        property_id=wish.incident.property_id,
        asker_id=wish.actor.pk,
        guest_colleague_id=wish.guest.colleague_id,
    ) is None:  # fmt: skip
        raise NotPermitted(
            "below_tier",
            _("This needs a yes from a %(role)s of the property or above, and not from yourself.")
            % {"role": Role(tier).label},
            field="verbal_approval_by",
        )
    if counters.take(wish.amount, wish.cost):
        return _post(wish, counters, asked=True)
    spend = _written(wish, counters, status=SpendStatus.POSTED, judged_as=Judged.APPROVED)
    raise_beside(counters.authority, wish.amount, Judged.APPROVED)
    approval = open_request(spend, left=counters.before.remaining, named=named)
    entry = book(spend, cost=spend.cost)
    _record(spend, "spend.posted", approval=approval, entries=[entry])
    return spend


def _record(spend, verb, *, approval, entries):
    record_event(
        actor=spend.employee,
        verb=verb,
        subject=spend,
        property_id=spend.property_id,
        about_id=spend.employee_id,
        after=states.whole(spend, approval=approval, entries=entries, retiered=retier(spend)),
    )

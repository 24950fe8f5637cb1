"""Booking: the only hand that writes entries. Called inside the command that moves the money; amounts in minor units.

An entry is written with its postings and closed by its seal at once: three inserts beside what has to be read. All
postings of an entry have the same property, department, employee and incident.
"""

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from empower import clock
from empower.audit.services import command, record_event
from empower.canonical import moment
from empower.money import LARGEST
from empower.refusals import NotPermitted, NotPossible

from .models import Account, AccountKind, Allotment, EntryKind, EntrySeal, JournalEntry, Posting
from .permissions import can_allot
from .queries import AUTHORISED, AVAILABLE, HELD, SPENT, standing_allotments

#: What pays for a gesture, by the catalogue's word for it.
PAYING_ACCOUNTS = {
    "folio_credit": "liabilities:folio_credit",
    "petty_cash": "assets:petty_cash",
    "payable": "liabilities:payable",
    "stock": "assets:stock",
}
_KINDS = {
    "assets": AccountKind.ASSET,
    "liabilities": AccountKind.LIABILITY,
    "expenses": AccountKind.EXPENSE,
    "budget": AccountKind.BUDGET,
}


@command("budget.allotted", subject="property")
def allot_budget(*, actor, property, amount, begins_on, ends_on, department=None, occurred_at=None):
    """Set ``amount`` (minor units of the property's currency) aside. Returns the `Allotment`; event ``budget.allotted``.

    Debit budget available, credit budget authorised. The days are the property's, both inclusive. Who `can_allot`,
    or None, the system. NotPermitted ``not_your_budget``; ValidationError: ``amount``, ``ends_on``, ``department``.
    """
    _refuse_strangers(actor, property)
    if type(amount) is not int or not 0 < amount <= LARGEST:
        raise ValidationError({"amount": _("Set aside more than nothing, and no more than a ledger can add up.")})
    if ends_on < begins_on:
        raise ValidationError({"ends_on": _("The last day comes before the first.")})
    if department is not None and department.property_id != property.pk:
        raise ValidationError({"department": _("This department belongs to another property.")})
    allotment = Allotment.objects.create(
        property=property,
        department=department,
        begins_on=begins_on,
        ends_on=ends_on,
        currency=property.currency,
        amount=amount,
        recorded_at=clock.now(),
        recorded_by=actor,
    )
    entry = _book(
        EntryKind.ALLOTMENT,
        {AVAILABLE: amount, AUTHORISED: -amount},
        currency=property.currency,
        about=_about(property, department),
        occurred_at=occurred_at or clock.now(),
        allotment=allotment,
    )
    _record(actor, "budget.allotted", allotment, entry)
    return allotment


@command("budget.withdrawn", subject="allotment")
def withdraw_budget(*, actor, allotment):
    """Take a mistaken allotment back, whole: the mirror of its entry. Returns the entry; event ``budget.withdrawn``.

    What was held and spent stays, and counts against the allotments that remain. Who `can_allot`, or None.
    NotPermitted ``not_your_budget``; NotPossible ``already_withdrawn``.
    """
    _refuse_strangers(actor, allotment.property)
    if not standing_allotments(property=allotment.property).filter(entry__allotment=allotment).exists():
        raise NotPossible("already_withdrawn", _("This allotment was withdrawn before."))
    entry = _reverse(allotment.amount, occurred_at=clock.now(), allotment=allotment, kind=EntryKind.ALLOTMENT)
    _record(actor, "budget.withdrawn", allotment, entry)
    return entry


def hold_budget(*, cost, currency, property, department, employee, incident_id, spend_id, occurred_at):
    """A spend waits: debit budget held, credit budget available. Returns the entry, or None where cost is 0.

    Four queries.
    """
    return _book(
        EntryKind.HOLD,
        {HELD: cost, AVAILABLE: -cost},
        currency=currency,
        about=_about(property, department, employee, incident_id),
        spend_id=spend_id,
        occurred_at=occurred_at,
    )


def release_budget(*, cost, currency, property, department, employee, incident_id, spend_id, occurred_at):
    """What waited ended without being given, or ``cost`` of it: the mirror of the hold, referring to it.

    Returns the entry, or None where cost is 0. `JournalEntry.DoesNotExist` where nothing was held. Five queries.
    """
    if cost == 0:
        return None
    hold = JournalEntry.objects.sealed().only("pk").get(spend_id=spend_id, kind=EntryKind.HOLD)
    return _book(
        EntryKind.RELEASE,
        {HELD: -cost, AVAILABLE: cost},
        currency=currency,
        about=_about(property, department, employee, incident_id),
        spend_id=spend_id,
        occurred_at=occurred_at,
        reverses=hold,
    )


def book_spend(
    *, cost, currency, property, department, employee, incident_id, spend_id, occurred_at, purpose, account, paid_from,
    held=False,
):  # fmt: skip
    """It posts: debit expense, credit what pays; debit budget spent, credit budget held or available.

    ``purpose`` is the incident's kind (recovery or delight), ``account`` and ``paid_from`` are the gesture's. Returns
    the entry, or None where cost is 0. Four queries.
    """
    return _book(
        EntryKind.SPEND,
        {
            f"expenses:{purpose}:{account}": cost,
            PAYING_ACCOUNTS[paid_from]: -cost,
            SPENT: cost,
            HELD if held else AVAILABLE: -cost,
        },
        currency=currency,
        about=_about(property, department, employee, incident_id),
        spend_id=spend_id,
        occurred_at=occurred_at,
    )


def book_reversal(*, spend_id, cost, occurred_at):
    """Mirror ``cost`` of the spend's entry, referring to it. Returns the entry, or None where cost is 0.

    What was paid out of the budget held goes back to available: nothing waits for it any more. The database refuses to
    reverse more than was booked (IntegrityError). `JournalEntry.DoesNotExist` where nothing was booked. Five queries.
    """
    if cost == 0:
        return None
    return _reverse(cost, occurred_at=occurred_at, spend_id=spend_id, kind=EntryKind.SPEND)


def book_credit(
    *, cost, currency, property, department, employee, incident_id, occurred_at, purpose, account, paid_from
):
    """An imported credit with nothing left to reverse: its own entry on the same accounts, the other way round.

    ``cost`` is above zero. Returns the entry, or None where cost is 0. Four queries.
    """
    return _book(
        EntryKind.CREDIT,
        {
            f"expenses:{purpose}:{account}": -cost,
            PAYING_ACCOUNTS[paid_from]: cost,
            SPENT: -cost,
            AVAILABLE: cost,
        },
        currency=currency,
        about=_about(property, department, employee, incident_id),
        occurred_at=occurred_at,
    )


def describe_entry(entry):
    """What an event keeps of an entry: ids, codes and integers, its postings included, enough to write it again.

    No query for an entry that was booked in this transaction, two for another.
    """
    legs = list(entry.postings.all())
    first = legs[0]
    return {
        "id": entry.pk,
        "kind": str(entry.kind),
        "property": entry.property_id,
        "department": first.department_id,
        "employee": first.employee_id,
        "incident": first.incident_id,
        "spend": entry.spend_id,
        "allotment": entry.allotment_id,
        "reverses": entry.reverses_id,
        "currency": entry.currency,
        "occurred_at": moment(entry.occurred_at),
        "recorded_at": moment(entry.recorded_at),
        "postings": [{"id": leg.pk, "account": leg.account.code, "amount": leg.amount} for leg in legs],
    }


def _book(kind, amounts, *, currency, occurred_at, about, **fields):
    """Write an entry of ``amounts`` (minor units by account code, debits positive), its postings and its seal.

    ``about`` are the dimensions of its postings. None where nothing moves.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An entry is booked in the transaction of what it books.")
    if not any(amounts.values()):
        return None
    accounts = _accounts(amounts, currency)
    entry = JournalEntry.objects.create(
        kind=kind,
        property_id=about["property_id"],
        currency=currency,
        occurred_at=occurred_at,
        recorded_at=clock.now(),
        **fields,
    )
    legs = Posting.objects.bulk_create(
        Posting(entry=entry, account=accounts[code], amount=amount, **about) for code, amount in amounts.items()
    )
    EntrySeal.objects.create(entry=entry, sealed_at=entry.recorded_at)
    # As prefetch_related would have it: who describes the entry in its event asks for nothing again.
    entry._prefetched_objects_cache = {"postings": legs}
    return entry


def _reverse(amount, *, occurred_at, **which):
    """The mirror of ``amount`` of an entry that was booked: same accounts, same dimensions, the other sign."""
    found = Posting.objects.sealed().filter(**{f"entry__{name}": value for name, value in which.items()})
    legs = list(found.select_related("entry", "account"))
    if not legs:
        raise JournalEntry.DoesNotExist(f"No sealed entry of {which}.")
    original, leg = legs[0].entry, legs[0]
    mirrored = {leg.account.code: -amount if leg.amount > 0 else amount for leg in legs}
    if HELD in mirrored:
        mirrored[AVAILABLE] = mirrored.pop(HELD)
    return _book(
        EntryKind.REVERSAL,
        mirrored,
        currency=original.currency,
        about={name: getattr(leg, name) for name in ("property_id", "department_id", "employee_id", "incident_id")},
        occurred_at=occurred_at,
        spend_id=original.spend_id,
        allotment_id=original.allotment_id,
        reverses=original,
    )


def _about(property, department=None, employee=None, incident_id=None):
    return {
        "property_id": property.pk,
        "department_id": department and department.pk,
        "employee_id": employee and employee.pk,
        "incident_id": incident_id,
    }


def _accounts(codes, currency):
    """The accounts of these codes, by code; made when first needed. One query when they are there, three when not."""
    wanted = Account.objects.filter(code__in=list(codes), currency=currency)
    found = {account.code: account for account in wanted}
    # In one order, and waiting for who makes the same ones just now: the second finds what the first made.
    missing = sorted(set(codes) - set(found))
    if missing:
        Account.objects.bulk_create(
            [
                Account(code=code, currency=currency, name=_name_of(code), kind=_KINDS[code.partition(":")[0]])
                for code in missing
            ],
            ignore_conflicts=True,
        )
        found = {account.code: account for account in wanted.all()}
    return found


def _name_of(code):
    """``Recovery: meal`` for ``expenses:recovery:meal``; a word for finance, the code is what counts."""
    first, *rest = code.split(":")
    words = [first, *rest] if first == "budget" else rest
    return ": ".join(words).replace("_", " ").capitalize()[:200]


def _refuse_strangers(actor, property):
    if actor is not None and not can_allot(actor, property):
        raise NotPermitted(
            "not_your_budget", _("The general manager of the property sets its budget, or a leader."), field="property"
        )


def _record(actor, verb, allotment, entry):
    record_event(
        actor=actor,
        verb=verb,
        subject=allotment,
        property_id=allotment.property_id,
        after={
            "allotment": {
                "id": allotment.pk,
                "property": allotment.property_id,
                "department": allotment.department_id,
                "begins_on": allotment.begins_on.isoformat(),
                "ends_on": allotment.ends_on.isoformat(),
                "currency": allotment.currency,
                "amount": allotment.amount,
            },
            "entries": [describe_entry(entry)],
        },
    )

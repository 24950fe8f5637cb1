"""The hand that writes: an entry, its postings and its seal, three inserts beside what has to be read."""

from django.db import connection
from django.db.models import prefetch_related_objects

from empower import clock
from empower.canonical import moment

from ..models import Account, AccountKind, EntryKind, EntrySeal, JournalEntry, Posting
from ..queries import AVAILABLE, HELD

_KINDS = {
    "assets": AccountKind.ASSET,
    "liabilities": AccountKind.LIABILITY,
    "expenses": AccountKind.EXPENSE,
    "budget": AccountKind.BUDGET,
}


def describe_entry(entry):
    """What an event keeps of an entry: ids, codes and integers, its postings included, enough to write it again.

    No query for an entry that was booked in this transaction, two for another.
    """
    prefetch_related_objects([entry], "postings__account")
    legs = entry.postings.all()
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


def write_entry(kind, amounts, *, currency, occurred_at, about, **fields):
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


def mirror_entry(amount, *, occurred_at, **which):
    """The mirror of ``amount`` of an entry that was booked: same accounts, same dimensions, the other sign.

    ``which`` are fields of the one entry; `JournalEntry.DoesNotExist` where there is none.
    """
    # By the entry's own index, then the postings': one join of both is read from end to end by a database that has not
    # counted its rows yet.
    original = JournalEntry.objects.sealed().get(**which)
    legs = list(Posting.objects.filter(entry=original).select_related("account"))
    leg = legs[0]
    mirrored = {leg.account.code: -amount if leg.amount > 0 else amount for leg in legs}
    if HELD in mirrored:
        mirrored[AVAILABLE] = mirrored.pop(HELD)
    return write_entry(
        EntryKind.REVERSAL,
        mirrored,
        currency=original.currency,
        about={name: getattr(leg, name) for name in ("property_id", "department_id", "employee_id", "incident_id")},
        occurred_at=occurred_at,
        spend_id=original.spend_id,
        allotment_id=original.allotment_id,
        reverses=original,
    )


def dimensions(property, department=None, employee=None, incident_id=None):
    """What a posting says beside its account and its amount."""
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
    words = [first, *rest] if first == "budget" else rest  # nobody says "liabilities: folio credit"
    return ": ".join(words).replace("_", " ").capitalize()[:200]

"""What a spend books, as it waits, posts and is taken back; called inside the command that does so.

Amounts are minor units; a ``cost`` below zero is a ValueError: it would turn the entry round.
"""

from ..models import EntryKind, JournalEntry
from ..queries import AVAILABLE, HELD, SPENT
from .entries import dimensions, mirror_entry, write_entry

#: What pays for a gesture, by the catalogue's word for it.
PAYING_ACCOUNTS = {
    "folio_credit": "liabilities:folio_credit",
    "petty_cash": "assets:petty_cash",
    "payable": "liabilities:payable",
    "stock": "assets:stock",
}


def hold_budget(*, cost, currency, property, department, employee, incident_id, spend_id, occurred_at):
    """A spend waits: debit budget held, credit budget available. Returns the entry, or None where cost is 0.

    Four queries.
    """
    _refuse_negative(cost)
    return write_entry(
        EntryKind.HOLD,
        {HELD: cost, AVAILABLE: -cost},
        currency=currency,
        about=dimensions(property, department, employee, incident_id),
        spend_id=spend_id,
        occurred_at=occurred_at,
    )


def release_budget(*, cost, currency, property, department, employee, incident_id, spend_id, occurred_at):
    """What waited ended without being given, or ``cost`` of it: the mirror of the hold, referring to it.

    Returns the entry, or None where cost is 0. `JournalEntry.DoesNotExist` where nothing was held. Five queries.
    """
    _refuse_negative(cost)
    if cost == 0:
        return None
    hold = JournalEntry.objects.sealed().only("pk").get(spend_id=spend_id, kind=EntryKind.HOLD)
    return write_entry(
        EntryKind.RELEASE,
        {HELD: -cost, AVAILABLE: cost},
        currency=currency,
        about=dimensions(property, department, employee, incident_id),
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
    _refuse_negative(cost)
    return write_entry(
        EntryKind.SPEND,
        {
            f"expenses:{purpose}:{account}": cost,
            PAYING_ACCOUNTS[paid_from]: -cost,
            SPENT: cost,
            HELD if held else AVAILABLE: -cost,
        },
        currency=currency,
        about=dimensions(property, department, employee, incident_id),
        spend_id=spend_id,
        occurred_at=occurred_at,
    )


def book_reversal(*, spend_id, cost, occurred_at):
    """Mirror ``cost`` of the spend's entry, referring to it. Returns the entry, or None where cost is 0.

    What was paid out of the budget held goes back to available: nothing waits for it any more. The database refuses to
    reverse more than was booked (IntegrityError). `JournalEntry.DoesNotExist` where nothing was booked. Six queries.
    """
    _refuse_negative(cost)
    if cost == 0:
        return None
    return mirror_entry(cost, occurred_at=occurred_at, spend_id=spend_id, kind=EntryKind.SPEND)


def book_credit(
    *, cost, currency, property, department, employee, incident_id, occurred_at, purpose, account, paid_from
):
    """An imported credit with nothing left to reverse: its own entry on the same accounts, the other way round.

    Returns the entry, or None where cost is 0. Four queries.
    """
    _refuse_negative(cost)
    return write_entry(
        EntryKind.CREDIT,
        {
            f"expenses:{purpose}:{account}": -cost,
            PAYING_ACCOUNTS[paid_from]: cost,
            SPENT: -cost,
            AVAILABLE: cost,
        },
        currency=currency,
        about=dimensions(property, department, employee, incident_id),
        occurred_at=occurred_at,
    )


def _refuse_negative(cost):
    if cost < 0:
        raise ValueError(f"A cost is not negative: {cost}.")

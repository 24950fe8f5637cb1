"""Booking: the only hand that writes entries. Called inside the command that moves the money; amounts in minor units."""


def allot_budget(*, actor, property, amount, begins_on, ends_on, department=None, occurred_at=None):
    """Set money aside (a command of its own). Debit budget available, credit budget authorised. Event ``budget.allotted``."""
    raise NotImplementedError


def hold_budget(*, cost, currency, property, department, employee, incident_id, spend_id, occurred_at):
    """A spend waits: debit budget held, credit budget available. Returns the entry, or None where cost is 0."""
    raise NotImplementedError


def release_budget(*, cost, currency, property, department, employee, incident_id, spend_id, occurred_at):
    """What waited ended without being given (or part of it): the mirror of the hold. Refers to the hold entry."""
    raise NotImplementedError


def book_spend(
    *, cost, currency, property, department, employee, incident_id, spend_id, occurred_at, purpose, account, paid_from,
    held=False,
):  # fmt: skip
    """It posts: debit expense, credit what pays; debit budget spent, credit budget held or available.

    ``purpose`` is the incident's kind (recovery or delight). Returns the entry, or None where cost is 0.
    """
    raise NotImplementedError


def book_reversal(*, spend_id, cost, occurred_at):
    """Mirror ``cost`` of the spend's entry, referring to it. Returns the entry, or None where cost is 0."""
    raise NotImplementedError


def book_credit(
    *, cost, currency, property, department, employee, incident_id, occurred_at, purpose, account, paid_from
):
    """An imported credit with nothing left to reverse: its own entry on the same accounts, the other way round."""
    raise NotImplementedError

"""Booking: the only hand that writes entries. Called inside the command that moves the money; amounts in minor units.

All postings of an entry have the same property, department, employee and incident.
"""

from .booking import book_credit, book_reversal, book_spend, hold_budget, release_budget
from .budgets import allot_budget, withdraw_budget
from .entries import describe_entry

__all__ = [
    "allot_budget",
    "book_credit",
    "book_reversal",
    "book_spend",
    "describe_entry",
    "hold_budget",
    "release_budget",
    "withdraw_budget",
]

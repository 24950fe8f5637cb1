"""Logging, changing, resolving, reopening an incident; guests; follow-ups."""

from .changing import add_guest, change_incident
from .closing import annul_incident, close_incident, record_follow_up, reopen_incident
from .guests import change_guest, create_guest, erase_guest, merge_guests
from .logging import log_incident

__all__ = [
    "add_guest",
    "annul_incident",
    "change_guest",
    "change_incident",
    "close_incident",
    "create_guest",
    "erase_guest",
    "log_incident",
    "merge_guests",
    "record_follow_up",
    "reopen_incident",
]

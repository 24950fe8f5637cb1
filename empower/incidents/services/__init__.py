"""Logging, changing, resolving, reopening an incident; guests; follow-ups; photos."""

from .changing import add_guest, change_incident
from .closing import annul_incident, close_incident, record_follow_up, reopen_incident
from .guests import change_guest, create_guest, erase_guest, merge_guests
from .logging import log_incident
from .photos import add_photo, remove_photo
from .pictures import Picture, read_picture

__all__ = [
    "Picture",
    "add_guest",
    "add_photo",
    "annul_incident",
    "change_guest",
    "change_incident",
    "close_incident",
    "create_guest",
    "erase_guest",
    "log_incident",
    "merge_guests",
    "read_picture",
    "record_follow_up",
    "remove_photo",
    "reopen_incident",
]

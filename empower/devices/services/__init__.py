"""Phones: enrolled and revoked. PINs: set, chosen with a code, tried, unlocked."""

from .enrolling import enrol_device, find_device, note_device_used, revoke_device, unlock_device
from .pins import choose_pin, issue_pin_code, set_pin, unlock_pin
from .signing_in import sign_in_with_pin

__all__ = [
    "choose_pin",
    "enrol_device",
    "find_device",
    "issue_pin_code",
    "note_device_used",
    "revoke_device",
    "set_pin",
    "sign_in_with_pin",
    "unlock_device",
    "unlock_pin",
]
